#include "base/intern.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

static void test_equal_texts_have_one_number_and_keep_it(void **state)
{
    struct sg_intern pool = {.n = 0};
    struct sg_err err;
    uint32_t id;
    char text[16];
    (void)state;
    assert_int_equal(sg_intern_find(&pool, "x", 1), 0);
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 1; i <= 5000; i++) {
            const int n = snprintf(text, sizeof(text), "t%u", i);
            CHECK_OK(sg_intern_add(&id, &pool, text, (size_t)n, &err), &err);
            assert_int_equal(id, i);
        }
    assert_string_equal(sg_intern_text(&pool, 77), "t77");
    assert_string_equal(sg_intern_text(&pool, 0), "");
    assert_int_equal(sg_intern_find(&pool, "t5000", 5), 5000);
    assert_int_equal(sg_intern_find(&pool, "t500", 4), 500);
    assert_int_equal(sg_intern_find(&pool, "t5001", 5), 0);
    CHECK_OK(sg_intern_add(&id, &pool, "", 0, &err), &err);
    assert_int_equal(id, 0);
    CHECK_OK(sg_intern_add(&id, &pool, "a\0b", 3, &err), &err);
    assert_int_equal(sg_intern_find(&pool, "a\0c", 3), 0);
    sg_intern_clear(&pool);
}

static enum sg_status fill(void)
{
    struct sg_intern pool = {.n = 0};
    struct sg_err err;
    enum sg_status st = SG_OK;
    char text[16];
    uint32_t id;
    for (unsigned i = 0; st == SG_OK && i < 600; i++) {
        const int n = snprintf(text, sizeof(text), "%u", i);
        st = sg_intern_add(&id, &pool, text, (size_t)n, &err);
    }
    sg_intern_clear(&pool);
    return st;
}

static void test_without_memory_nothing_is_lost(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fill());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_texts_have_one_number_and_keep_it),
        cmocka_unit_test(test_without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
