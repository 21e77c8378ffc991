/* Things come out by time, those of one time in the order in which they were made. */
#include "support/check.h"

#include "base/agenda.h"
#include "base/rng.h"

#define THINGS 3000

struct thing {
    struct sg_due due;
    uint32_t name;
};

static void test_things_come_by_time_and_then_in_order(void **state)
{
    (void)state;
    struct sg_agenda agenda = {.width = sizeof(struct thing)};
    struct sg_rng rng;
    struct thing out, before = {{-1, 0}, 0};
    size_t n = 0;
    sg_rng_init(&rng, sg_test_seed());
    for (uint32_t i = 0; i < THINGS; i++) {
        const struct thing thing = {{(int64_t)sg_rng_below(&rng, 100), 99}, i};
        assert_true(sg_agenda_add(&agenda, &thing));
    }
    assert_false(sg_agenda_take(&out, &agenda, -1));
    for (; sg_agenda_take(&out, &agenda, 49); n++) {
        assert_true(out.due.time_unix_s <= 49);
        assert_true(out.due.time_unix_s > before.due.time_unix_s ||
                    (out.due.time_unix_s == before.due.time_unix_s && out.name > before.name));
        before = out;
    }
    assert_true(n > THINGS / 3 && n < THINGS * 2 / 3);
    for (; sg_agenda_take(&out, &agenda, 100); n++)
        assert_true(out.due.time_unix_s >= 50);
    assert_int_equal(n, THINGS);
    sg_mem_free(agenda.items);
}

static void test_without_memory_nothing_is_added(void **state)
{
    (void)state;
    struct sg_agenda agenda = {.width = sizeof(struct thing)};
    const struct thing thing = {{1, 0}, 7};
    sg_mem_fault(0, 1);
    assert_false(sg_agenda_add(&agenda, &thing));
    sg_mem_fault(-1, 0);
    assert_int_equal(agenda.n, 0);
    sg_mem_free(agenda.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_things_come_by_time_and_then_in_order),
        cmocka_unit_test(test_without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
