/* Goal: a map that gives back what was last put, and nothing else. Method: a plain array beside it,
 * over dense and spread keys; and a sweep of lost allocations. */
#include "support/check.h"

#include "base/ids.h"
#include "base/mem.h"
#include "base/rng.h"

#define KEYS 3000u

/* Keys that a ledger has: dense ones, and those at the ends of 32 and 64 bits. */
static uint64_t key_of(size_t i)
{
    static const uint64_t bases[] = {0, UINT32_MAX - 500, UINT64_MAX - 1 - KEYS};
    return bases[i % 3] + i;
}

static void test_the_map_gives_back_what_was_put_last(void **state)
{
    (void)state;
    static uint32_t wanted[KEYS];
    struct sg_ids ids = {0};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (size_t i = 0; i < KEYS; i++)
        wanted[i] = SG_IDS_NONE;
    assert_int_equal(sg_ids_get(&ids, 7), SG_IDS_NONE);
    for (size_t step = 0; step < 4 * (size_t)KEYS; step++) {
        const size_t i = (size_t)sg_rng_below(&rng, KEYS);
        wanted[i] = (uint32_t)sg_rng_below(&rng, 1000);
        assert_true(sg_ids_put(&ids, key_of(i), wanted[i]));
    }
    size_t count = 0;
    for (size_t i = 0; i < KEYS; i++) {
        assert_int_equal(sg_ids_get(&ids, key_of(i)), wanted[i]);
        count += wanted[i] != SG_IDS_NONE;
    }
    assert_int_equal(ids.count, count);
    sg_ids_clear(&ids);
}

static void test_a_key_that_is_there_needs_no_memory(void **state)
{
    (void)state;
    struct sg_ids ids = {0};
    for (uint32_t i = 0; i < 32; i++) /* As many as fit before the map grows. */
        assert_true(sg_ids_put(&ids, i, i));
    const size_t capacity = ids.capacity;
    for (uint32_t i = 0; i < 32; i++)
        assert_true(sg_ids_put(&ids, i, 100 + i));
    assert_int_equal(ids.capacity, capacity);
    assert_int_equal(ids.count, 32);
    assert_int_equal(sg_ids_get(&ids, 31), 131);
    sg_ids_clear(&ids);
}

static enum sg_status fill(void)
{
    struct sg_ids ids = {0};
    enum sg_status st = SG_OK;
    for (uint32_t i = 0; i < 200 && st == SG_OK; i++)
        if (!sg_ids_put(&ids, i, i)) {
            assert_int_equal(sg_ids_get(&ids, i), SG_IDS_NONE);
            assert_int_equal(ids.count, i);
            st = SG_ENOMEM;
        }
    sg_ids_clear(&ids);
    return st;
}

static void test_a_lost_allocation_leaves_the_map_as_it_was(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fill());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_map_gives_back_what_was_put_last),
        cmocka_unit_test(test_a_key_that_is_there_needs_no_memory),
        cmocka_unit_test(test_a_lost_allocation_leaves_the_map_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
