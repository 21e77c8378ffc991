/* Goal: arrays grow without losing an item, and a refusal changes nothing. Method: growth by random
 * steps against the numbers that must stand there, and the ends of the number range. */
#include "support/check.h"

#include "base/rng.h"
#include "base/vec.h"

static void test_items_stay_while_the_array_grows(void **state)
{
    (void)state;
    uint64_t *items = NULL;
    size_t count = 0;
    size_t capacity = 0;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    while (count < 100000) {
        const size_t more = 1 + (size_t)sg_rng_below(&rng, 5000);
        assert_true(SG_VEC_RESERVE(items, count, capacity, more));
        assert_true(capacity >= count + more);
        for (size_t i = 0; i < more; i++)
            items[count + i] = count + i;
        count += more;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(items[i], i);
    sg_mem_free(items);
}

static void test_one_at_a_time_grows_in_doubles(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    size_t n_growths = 0;
    for (size_t count = 0; count < 1 << 16; count++) {
        const size_t before = capacity;
        assert_true(SG_VEC_RESERVE(items, count, capacity, 1));
        n_growths += capacity != before;
    }
    assert_int_equal(n_growths, 14); /* 8 to 65,536 */
    sg_mem_free(items);
}

static void test_room_that_is_there_costs_nothing(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    assert_true(SG_VEC_RESERVE(items, 0, capacity, 0));
    assert_null(items);
    assert_true(SG_VEC_RESERVE(items, 0, capacity, 8));
    int *const first = items;
    sg_mem_fault(0, LONG_MAX);
    const bool ok = SG_VEC_RESERVE(items, 5, capacity, 3);
    sg_mem_fault(-1, 0);
    assert_true(ok);
    assert_ptr_equal(items, first);
    sg_mem_free(items);
}

static void test_a_refusal_leaves_the_array(void **state)
{
    (void)state;
    uint32_t *items = NULL;
    size_t capacity = 0;
    assert_true(SG_VEC_RESERVE(items, 0, capacity, 8));
    items[7] = 77;
    uint32_t *const before = items;
    sg_mem_fault(0, 1);
    const bool ok = SG_VEC_RESERVE(items, 8, capacity, 1);
    sg_mem_fault(-1, 0);
    assert_false(ok);
    assert_false(SG_VEC_RESERVE(items, 8, capacity, SIZE_MAX));
    assert_false(SG_VEC_RESERVE(items, 8, capacity, SIZE_MAX - 8));
    assert_false(SG_VEC_RESERVE(items, 8, capacity, SIZE_MAX / 8));
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, 8);
    assert_int_equal(items[7], 77);
    sg_mem_free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_stay_while_the_array_grows),
        cmocka_unit_test(test_one_at_a_time_grows_in_doubles),
        cmocka_unit_test(test_room_that_is_there_costs_nothing),
        cmocka_unit_test(test_a_refusal_leaves_the_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
