/* Goal: net cash and shares under the carried priors give the reference figures of
 * docs/methods/programme.md, to the tolerances stated there, with a fixed seed; the same bytes for
 * any number of threads; indices agree with cases that have a closed form.
 * Method: the carried tables; priors cut down to worlds whose answer is known by hand. */
#include "support/programme_tables.h"

#include "analysis/money/money.h"

#include <math.h>
#include <stdlib.h>

static const struct sg_money_options options = {100000, 2, 1};

static struct programme_tables tables;

static int setup(void **state)
{
    (void)state;
    programme_tables_load(&tables);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    programme_tables_clear(&tables);
    return 0;
}

static struct sg_quantiles net_of(double gross_musd, bool has_detail)
{
    struct sg_quantiles net;
    struct sg_err err;
    const struct sg_net_request request = {
        .assumptions = &tables.assumptions, .gross_musd = gross_musd, .has_detail = has_detail};
    CHECK_OK(sg_net_cash(&net, &request, &options, &err), &err);
    return net;
}

static void check_net(double gross_musd, bool has_detail, double p05, double p50, double p95)
{
    const struct sg_quantiles net = net_of(gross_musd, has_detail);
    CHECK_NEAR(net.p05, p05, 0.02 * p05);
    CHECK_NEAR(net.p50, p50, 0.02 * p50);
    CHECK_NEAR(net.p95, p95, 0.02 * p95);
}

static void test_net_cash_of_every_vintage_is_within_two_percent_of_the_reference(void **state)
{
    (void)state;
    check_net(3171.8, true, 1003, 1791, 2967);
    check_net(2700.3, true, 845, 1506, 2496);
    check_net(2124.372, true, 649, 1155, 1908);
    check_net(1990, true, 599, 1069, 1775);
    check_net(2339.2, true, 719, 1287, 2128);
    check_net(1200, false, 395, 708, 1170);
}

static struct sg_share share_of(const struct sg_assumptions *assumptions, size_t n_threads)
{
    struct sg_share share;
    struct sg_err err;
    const struct sg_money_options with = {options.n_draws, n_threads, options.seed};
    CHECK_OK(sg_share_compute(&share, assumptions, 0.5, &with, &err), &err);
    return share;
}

static void test_share_of_2022_has_the_reference_corners_and_points(void **state)
{
    (void)state;
    const struct sg_share share = share_of(&tables.assumptions, 2);
    CHECK_NEAR(share.corners.low, 0.062, 0.0005);
    CHECK_NEAR(share.corners.high, 0.816, 0.0005);
    CHECK_NEAR(share.share.p05, 0.17, 0.01);
    CHECK_NEAR(share.share.p50, 0.34, 0.01);
    CHECK_NEAR(share.share.p95, 0.56, 0.01);
}

static void test_component_share_can_be_anything_and_needs_little(void **state)
{
    (void)state;
    const struct sg_share share = share_of(&tables.assumptions, 2);
    CHECK(share.whole_set >= 0.99);
    CHECK_NEAR(share.needed.p05, 0.019, 0.002);
    CHECK_NEAR(share.needed.p50, 0.092, 0.003);
    CHECK_NEAR(share.needed.p95, 0.311, 0.008);
    CHECK_NEAR(share.components.p05, 23, 1);
    CHECK_NEAR(share.components.p50, 98, 1);
    CHECK_NEAR(share.components.p95, 208, 2);
}

static void test_sobol_indices_name_price_then_gross_then_retention(void **state)
{
    (void)state;
    const struct sg_share share = share_of(&tables.assumptions, 2);
    const enum sg_prior_name order[] = {SG_PRIOR_PRICE, SG_PRIOR_GROSS, SG_PRIOR_RETENTION,
                                        SG_PRIOR_NOT_LAUNDERED, SG_PRIOR_COAL};
    const double totals[] = {0.42, 0.27, 0.14, 0.06, 0.05};
    double first = 0;
    CHECK(share.n_sobol == 10);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(share.sobol[i].prior, order[i]);
        CHECK_NEAR(share.sobol[i].total, totals[i], 0.015);
    }
    for (size_t i = 0; i < share.n_sobol; i++) {
        CHECK(share.sobol[i].total_error < 0.01);
        CHECK(share.sobol[i].first <= share.sobol[i].total + 0.01);
        first += share.sobol[i].first;
    }
    CHECK(first < 1.02);
}

static void test_bytes_do_not_depend_on_threads(void **state)
{
    (void)state;
    const struct sg_share one = share_of(&tables.assumptions, 1);
    for (size_t threads = 2; threads <= 8; threads *= 2) {
        const struct sg_share more = share_of(&tables.assumptions, threads);
        assert_memory_equal(&one, &more, sizeof(one));
    }
}

static void test_seed_changes_draws_but_not_the_answer(void **state)
{
    (void)state;
    struct sg_share a, b;
    struct sg_err err;
    struct sg_money_options with = options;
    CHECK_OK(sg_share_compute(&a, &tables.assumptions, 0.5, &with, &err), &err);
    with.seed = 2;
    CHECK_OK(sg_share_compute(&b, &tables.assumptions, 0.5, &with, &err), &err);
    CHECK(memcmp(&a.share, &b.share, sizeof(a.share)) != 0);
    CHECK_NEAR(a.share.p50, b.share.p50, 0.005);
    CHECK_NEAR(a.share.p95, b.share.p95, 0.008);
}

/* Gross uniform on [0, 1] against other income of k, everything else fixed. */
static struct sg_assumptions one_factor_world(void)
{
    struct sg_assumptions a = tables.assumptions;
    for (int i = 0; i < SG_PRIOR_COUNT; i++)
        a.priors[i] = (struct sg_prior){.form = SG_FORM_FIXED, .source = ""};
    a.priors[SG_PRIOR_RETENTION].low = a.priors[SG_PRIOR_RETENTION].high = 1;
    a.priors[SG_PRIOR_PRICE] = (struct sg_prior){SG_FORM_LOGNORMAL, 1, 0, 1, 0, "", false};
    a.priors[SG_PRIOR_GROSS] = (struct sg_prior){SG_FORM_UNIFORM, 100, 0, 300, 0, "", false};
    a.priors[SG_PRIOR_TRADE].low = a.priors[SG_PRIOR_TRADE].high = 100;
    return a;
}

static void test_one_factor_world_has_index_one_and_exact_quantiles(void **state)
{
    (void)state;
    const struct sg_assumptions a = one_factor_world();
    const struct sg_share share = share_of(&a, 2);
    CHECK(share.n_sobol == 1);
    CHECK_NEAR(share.sobol[0].total, 1, 0.02);
    CHECK_NEAR(share.sobol[0].first, 1, 0.02);
    CHECK_NEAR(share.corners.low, 0.5, 1e-12);
    CHECK_NEAR(share.corners.high, 0.75, 1e-12);
    CHECK_NEAR(share.share.p50, 200.0 / 300.0, 0.003);
    CHECK_NEAR(share.net.p05, 110, 1);
    CHECK_NEAR(share.at_medians, 200.0 / 300.0, 1e-12);
    CHECK_NEAR(share.sobol[0].at_p05, 110.0 / 210.0, 1e-12);
    CHECK_NEAR(share.sobol[0].at_p95, 290.0 / 390.0, 1e-12);
}

/* Two equal factors in a sum: other income coal + arms, no theft, so the share is constant 0; with
 * a theft far below them it is nearly linear in both, so each explains half. */
static void test_two_equal_factors_share_the_variance(void **state)
{
    (void)state;
    struct sg_assumptions a = one_factor_world();
    a.priors[SG_PRIOR_GROSS] = (struct sg_prior){SG_FORM_FIXED, 1, 0, 1, 0, "", false};
    a.priors[SG_PRIOR_TRADE].low = a.priors[SG_PRIOR_TRADE].high = 10000;
    a.priors[SG_PRIOR_COAL] = (struct sg_prior){SG_FORM_UNIFORM, 0, 0, 100, 0, "", false};
    a.priors[SG_PRIOR_ARMS] = (struct sg_prior){SG_FORM_UNIFORM, 0, 0, 100, 0, "", false};
    const struct sg_share share = share_of(&a, 2);
    CHECK(share.n_sobol == 2);
    CHECK_NEAR(share.sobol[0].total, 0.5, 0.01);
    CHECK_NEAR(share.sobol[1].total, 0.5, 0.01);
    CHECK_NEAR(share.sobol[0].first + share.sobol[1].first, 1, 0.03);
}

static void test_a_world_without_variance_has_no_indices(void **state)
{
    (void)state;
    struct sg_assumptions a = one_factor_world();
    a.priors[SG_PRIOR_GROSS] = (struct sg_prior){SG_FORM_FIXED, 50, 0, 50, 0, "", false};
    const struct sg_share share = share_of(&a, 2);
    CHECK(share.n_sobol == 0);
    CHECK_NEAR(share.share.p05, share.share.p95, 1e-12);
}

static void test_prior_quantiles_invert_their_distributions(void **state)
{
    (void)state;
    const struct sg_prior triangular = {SG_FORM_TRIANGULAR, 1, 2, 5, 0, "", false};
    const struct sg_prior log_uniform = {SG_FORM_LOGUNIFORM, 1, 0, 100, 0, "", false};
    const struct sg_prior log_normal = {SG_FORM_LOGNORMAL, 1, 0, 1, 0.5, "", false};
    /* The triangle's area left of its mode is (2 - 1) / (5 - 1). */
    CHECK_NEAR(sg_prior_quantile(&triangular, 0.25), 2, 1e-12);
    CHECK_NEAR(sg_prior_quantile(&triangular, 0.0625), 1.5, 1e-12);
    CHECK_NEAR(sg_prior_quantile(&triangular, 1 - 0.1875), 3.5, 1e-12);
    CHECK_NEAR(sg_prior_quantile(&log_uniform, 0.5), 10, 1e-9);
    CHECK_NEAR(sg_prior_quantile(&log_normal, 0.5), 1, 1e-12);
    CHECK_NEAR(log(sg_prior_quantile(&log_normal, 0.8413447460685429)), 0.5, 1e-9);
}

static void test_measured_amount_errors_are_a_spike_with_a_heavy_tail(void **state)
{
    (void)state;
    struct sg_amount_errors errors;
    struct sg_err err;
    double squares = 0;
    CHECK_OK(
        sg_amount_errors_collect(&errors, &tables.arena, &tables.incidents, "msmt", "TAY", &err),
        &err);
    assert_int_equal(errors.n, 30);
    CHECK_NEAR((double)errors.n_within_10pct / 30, 0.70, 0.04);
    CHECK_NEAR(sg_stat_quantile(errors.abs_log, errors.n, 0.5), 0.017, 0.001);
    for (size_t i = 0; i < errors.n; i++)
        squares += errors.abs_log[i] * errors.abs_log[i];
    /* 0.67 about their mean of -0.13; as both signs are drawn, the root mean square counts. */
    CHECK_NEAR(sqrt(squares / (double)errors.n), 0.68, 0.005);
}

static void test_amount_errors_widen_the_upper_tail(void **state)
{
    (void)state;
    const double abs_log[] = {0, 2};
    const struct sg_amount_errors errors = {abs_log, 2, 1};
    const double weights[] = {0.5, 0.25, 0.25};
    struct sg_quantiles net;
    struct sg_err err;
    const struct sg_net_request request = {.assumptions = &tables.assumptions,
                                           .gross_musd = 3171.8,
                                           .has_detail = true,
                                           .errors = &errors,
                                           .weights = weights,
                                           .n_weights = 3};
    CHECK_OK(sg_net_cash(&net, &request, &options, &err), &err);
    const struct sg_quantiles without = net_of(3171.8, true);
    CHECK(net.p95 > 2 * without.p95);
    CHECK(net.p05 < without.p05);
}

static void test_a_traced_theft_replaces_the_prior(void **state)
{
    (void)state;
    const struct sg_traced nothing = {0, 0}, everything = {1, 1};
    const double all = 3171.8;
    struct sg_quantiles net;
    struct sg_err err;
    struct sg_net_request request = {.assumptions = &tables.assumptions,
                                     .gross_musd = all,
                                     .has_detail = true,
                                     .traced = &nothing,
                                     .traced_musd = &all,
                                     .n_traced = 1};
    CHECK_OK(sg_net_cash(&net, &request, &options, &err), &err);
    CHECK_NEAR(net.p95, 0, 1e-9);
    request.traced = &everything;
    CHECK_OK(sg_net_cash(&net, &request, &options, &err), &err);
    CHECK(net.p50 > net_of(all, true).p50 * 1.05);
}

static enum sg_status compute_small(struct sg_err *err)
{
    struct sg_share share;
    struct sg_quantiles net;
    const struct sg_money_options few = {10, 1, 1};
    const double weight = 1, abs_log = 1;
    const struct sg_amount_errors errors = {&abs_log, 1, 0};
    const struct sg_net_request request = {.assumptions = &tables.assumptions,
                                           .gross_musd = 3000,
                                           .has_detail = true,
                                           .errors = &errors,
                                           .weights = &weight,
                                           .n_weights = 1};
    const enum sg_status st = sg_share_compute(&share, &tables.assumptions, 0.5, &few, err);
    return st == SG_OK ? sg_net_cash(&net, &request, &few, err) : st;
}

static void test_refused_memory_leaves_nothing(void **state)
{
    (void)state;
    struct sg_err err;
    CHECK_OOM_SWEEP(compute_small(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_net_cash_of_every_vintage_is_within_two_percent_of_the_reference),
        cmocka_unit_test(test_share_of_2022_has_the_reference_corners_and_points),
        cmocka_unit_test(test_component_share_can_be_anything_and_needs_little),
        cmocka_unit_test(test_sobol_indices_name_price_then_gross_then_retention),
        cmocka_unit_test(test_bytes_do_not_depend_on_threads),
        cmocka_unit_test(test_seed_changes_draws_but_not_the_answer),
        cmocka_unit_test(test_one_factor_world_has_index_one_and_exact_quantiles),
        cmocka_unit_test(test_two_equal_factors_share_the_variance),
        cmocka_unit_test(test_a_world_without_variance_has_no_indices),
        cmocka_unit_test(test_prior_quantiles_invert_their_distributions),
        cmocka_unit_test(test_measured_amount_errors_are_a_spike_with_a_heavy_tail),
        cmocka_unit_test(test_amount_errors_widen_the_upper_tail),
        cmocka_unit_test(test_a_traced_theft_replaces_the_prior),
        cmocka_unit_test(test_refused_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
