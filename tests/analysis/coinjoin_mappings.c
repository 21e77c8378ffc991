/* Goal: the count of mappings is right. Method: Boltzmann's published values, a plain enumeration
 * over random amounts, faults at each allocation. */
#include "oracle/coinjoin_mappings.h"
#include "support/check.h"

#include "analysis/coinjoin/coinjoin.h"
#include "base/rng.h"

static void test_equal_amounts_give_the_published_values(void **state)
{
    (void)state;
    static const uint64_t want[] = {1, 3, 16, 131, 1496, 22482, 426833, 9934563, 277006192};
    uint64_t sat[SG_COUNT_OF(want)], count = 0;
    struct sg_err err;
    for (size_t n = 1; n <= SG_COUNT_OF(want); n++) {
        sat[n - 1] = 5;
        CHECK_OK(sg_coinjoin_mappings(&count, sat, n, sat, n, 0, &err), &err);
        assert_true(count == want[n - 1]);
    }
}

static void test_a_payment_with_change_has_one(void **state)
{
    (void)state;
    const uint64_t in[] = {7, 5}, out[] = {11};
    uint64_t count = 0;
    struct sg_err err;
    CHECK_OK(sg_coinjoin_mappings(&count, in, 2, out, 1, 0, &err), &err);
    assert_true(count == 1);
}

static void test_it_agrees_with_plain_enumeration(void **state)
{
    (void)state;
    struct sg_rng rng;
    uint64_t in[5], out[5], total;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 400; round++) {
        const size_t n_in = 1 + sg_rng_below(&rng, 5), n_out = 1 + sg_rng_below(&rng, 5);
        const uint64_t allowance = sg_rng_below(&rng, 3);
        uint64_t count = 0;
        total = 0;
        for (size_t i = 0; i < n_in; i++)
            total += in[i] = 1 + sg_rng_below(&rng, 12);
        for (size_t i = 0; i < n_out; i++) {
            out[i] = sg_rng_below(&rng, total / (n_out - i) + 1);
            total -= out[i];
        }
        CHECK_OK(sg_coinjoin_mappings(&count, in, n_in, out, n_out, allowance, NULL),
                 &(struct sg_err){0});
        assert_true(count == sg_oracle_mappings(in, n_in, out, n_out, allowance));
    }
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    const uint64_t sat[] = {3, 2};
    uint64_t count;
    CHECK_OOM_SWEEP(sg_coinjoin_mappings(&count, sat, 2, sat, 2, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_amounts_give_the_published_values),
        cmocka_unit_test(test_a_payment_with_change_has_one),
        cmocka_unit_test(test_it_agrees_with_plain_enumeration),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
