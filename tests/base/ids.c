/* Goal: the map gives back what was put last, for any ids, and a refusal changes nothing. Method: a
 * plain array as the reference, over random and over dense ids; the sweep over refused memory. */
#include "support/check.h"

#include "base/ids.h"
#include "base/rng.h"

static void test_the_last_value_of_every_key_is_found(void **state)
{
    (void)state;
    enum { N = 5000 };
    uint32_t expected[N];
    struct sg_ids ids = {0};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (uint32_t i = 0; i < N; i++)
        expected[i] = SG_IDS_NONE;
    for (uint32_t i = 0; i < 20000; i++) {
        const uint64_t key = sg_rng_below(&rng, N);
        expected[key] = i;
        assert_true(sg_ids_put(&ids, key << 40 | key, i));
    }
    for (uint64_t key = 0; key < N; key++)
        assert_int_equal(sg_ids_get(&ids, key << 40 | key), expected[key]);
    sg_ids_clear(&ids);
    assert_int_equal(sg_ids_get(&ids, 0), SG_IDS_NONE);
}

static void test_the_largest_key_and_zero_are_keys(void **state)
{
    (void)state;
    struct sg_ids ids = {0};
    assert_int_equal(sg_ids_get(&ids, 0), SG_IDS_NONE);
    assert_true(sg_ids_put(&ids, 0, 7));
    assert_true(sg_ids_put(&ids, UINT64_MAX - 1, 8));
    assert_int_equal(sg_ids_get(&ids, 0), 7);
    assert_int_equal(sg_ids_get(&ids, UINT64_MAX - 1), 8);
    assert_int_equal(sg_ids_get(&ids, 1), SG_IDS_NONE);
    assert_int_equal(ids.count, 2);
    sg_ids_clear(&ids);
}

static enum sg_status fill(void)
{
    struct sg_ids ids = {0};
    enum sg_status st = SG_OK;
    for (uint32_t i = 0; i < 200; i++)
        if (!sg_ids_put(&ids, i, i)) {
            st = SG_ENOMEM;
            assert_int_equal(ids.count, i);
            for (uint32_t j = 0; j < i; j++)
                assert_int_equal(sg_ids_get(&ids, j), j);
            break;
        }
    sg_ids_clear(&ids);
    return st;
}

static void test_a_refusal_leaves_the_map_as_it_was(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fill());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_value_of_every_key_is_found),
        cmocka_unit_test(test_the_largest_key_and_zero_are_keys),
        cmocka_unit_test(test_a_refusal_leaves_the_map_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
