#include "base/dict.h"

#include "support/check.h"

#include <stdio.h>
#include <string.h>

static struct sg_text text(const char *string)
{
    return (struct sg_text){string, strlen(string)};
}

static void test_texts_keep_the_number_of_their_first_sight(void **state)
{
    struct sg_dict dict = {0};
    struct sg_err err;
    uint32_t number = 99;
    (void)state;
    assert_int_equal(sg_dict_find(&dict, text("a")), 0);
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            char name[16];
            snprintf(name, sizeof(name), "t%u", i);
            CHECK_OK(sg_dict_number(&number, &dict, text(name), &err), &err);
            assert_int_equal(number, i + 1);
        }
    assert_int_equal(dict.count, 5000);
    assert_string_equal(dict.texts[41].data, "t41");
    assert_int_equal(sg_dict_find(&dict, text("t4999")), 5000);
    assert_int_equal(sg_dict_find(&dict, text("t5000")), 0);
    assert_string_equal(sg_dict_text(&dict, 77), "t76");
    assert_string_equal(sg_dict_text(&dict, 0), "");
    CHECK_OK(sg_dict_number(&number, &dict, (struct sg_text){"a\0b", 3}, &err), &err);
    assert_int_equal(sg_dict_find(&dict, (struct sg_text){"a\0b", 3}), 5001);
    assert_int_equal(sg_dict_find(&dict, (struct sg_text){"a\0c", 3}), 0);
    assert_int_equal(sg_dict_find(&dict, text("t99")), 100);
    sg_dict_clear(&dict);
}

static enum sg_status fill(void)
{
    struct sg_dict dict = {0};
    struct sg_err err;
    uint32_t number;
    enum sg_status st = SG_OK;
    for (unsigned i = 0; st == SG_OK && i < 600; i++) {
        char name[16];
        snprintf(name, sizeof(name), "t%u", i);
        st = sg_dict_number(&number, &dict, text(name), &err);
    }
    sg_dict_clear(&dict);
    return st;
}

static void test_every_refused_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fill());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_keep_the_number_of_their_first_sight),
        cmocka_unit_test(test_every_refused_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
