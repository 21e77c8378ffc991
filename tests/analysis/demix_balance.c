/* What the balance of a pool lets expect: against a sum over every count that the theft may have
 * withdrawn, one by one, and by two worlds that are plain to the eye. */
#include "analysis/demix/demix_internal.h"
#include "support/check.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>

/* As docs/methods/demix.md has it, by whole withdrawals. */
static double oracle(const struct sg_demix_flow *f)
{
    double weights = 0;
    double sum = 0;
    double crowd = log1p((double)f->n_others);
    if (f->days_before >= 1)
        crowd = 0.6 * crowd + 0.4 * log1p((double)f->n_before * f->days / f->days_before);
    const double deviation = 0.6 * pow(f->days > 1 ? f->days : 1, -0.2);
    for (size_t own = 0; own <= f->n_theft && own <= f->n_withdrawals; own++) {
        const double rest = (double)(f->n_withdrawals - own);
        const double z = (log1p(rest) - crowd) / deviation;
        const bool much = (double)own >= 0.75 * (double)f->n_theft;
        const double w = (much ? 2.95 : 0.35) * exp(-z * z / 2) / (1 + rest);
        weights += w;
        sum += w * (double)own;
    }
    return sum / weights;
}

static void test_the_balance_is_the_mean_over_all_counts(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, 5);
    for (int i = 0; i < 2000; i++) {
        const struct sg_demix_flow f = {.n_theft = 20 + sg_rng_below(&rng, 1500),
                                        .n_others = 20 + sg_rng_below(&rng, 800),
                                        .n_withdrawals = 100 + sg_rng_below(&rng, 3000),
                                        .n_before = 20 + sg_rng_below(&rng, 800),
                                        .days = 1 + (double)sg_rng_below(&rng, 60),
                                        .days_before = (double)sg_rng_below(&rng, 30)};
        const double want = oracle(&f);
        const double got = sg_demix_balance(&f);
        if (fabs(got - want) > 0.02 * (double)f.n_theft + 1)
            fail_msg("theft %zu others %zu withdrawals %zu before %zu: %g, not %g", f.n_theft,
                     f.n_others, f.n_withdrawals, f.n_before, got, want);
        assert_true(got >= 0 && got <= (double)f.n_theft && got <= (double)f.n_withdrawals);
    }
}

static void test_a_theft_that_withdrew_is_seen_and_one_that_did_not_is_not(void **state)
{
    (void)state;
    struct sg_demix_flow f = {.n_theft = 900,
                              .n_others = 100,
                              .n_withdrawals = 1000,
                              .n_before = 100,
                              .days = 7,
                              .days_before = 7};
    assert_true(sg_demix_balance(&f) > 800);
    f.n_withdrawals = 100;
    assert_true(sg_demix_balance(&f) < 60);
    f.n_withdrawals = 0;
    assert_true(sg_demix_balance(&f) <= 0);
    /* Worlds that no crowd explains have an answer too. */
    f = (struct sg_demix_flow){.n_theft = 1, .n_others = 100000000, .days = 1e6};
    assert_true(sg_demix_balance(&f) >= 0);
    f = (struct sg_demix_flow){.n_theft = 1, .n_withdrawals = 100000000, .days = 1e6};
    assert_true(sg_demix_balance(&f) <= 1);
}

static void test_the_crowd_of_a_young_pool_is_its_deposits(void **state)
{
    (void)state;
    const struct sg_demix_flow young = {.n_others = 40, .n_before = 900, .days = 2};
    assert_true(fabs(sg_demix_crowd(&young) - 40) < 1e-9);
    const struct sg_demix_flow even = {
        .n_others = 40, .n_before = 140, .days = 2, .days_before = 7};
    assert_true(fabs(sg_demix_crowd(&even) - 40) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_balance_is_the_mean_over_all_counts),
        cmocka_unit_test(test_a_theft_that_withdrew_is_seen_and_one_that_did_not_is_not),
        cmocka_unit_test(test_the_crowd_of_a_young_pool_is_its_deposits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
