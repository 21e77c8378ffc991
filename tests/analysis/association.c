/* Goal: the association of launches with thefts gives the reference figures of
 * docs/methods/programme-association.md; its tests have the size and power stated there; the fast
 * permutation agrees with a plain one.
 * Method: the carried tables; tests/oracle/association.c; simulation with a fixed seed. */
#include "support/programme_tables.h"

#include "analysis/association/association.h"
#include "analysis/association/association_internal.h"
#include "oracle/association.h"

#include <math.h>

#define FIRST_YEAR 2018
#define N_MONTHS   60

static struct programme_tables tables;
static double launches[N_MONTHS];
static struct sg_theft thefts[256];
static struct sg_association_input input;

static bool is_un(const struct sg_incident *incident)
{
    return strncmp(incident->id, "un95-", 5) == 0;
}

static int setup(void **state)
{
    (void)state;
    programme_tables_load(&tables);
    for (size_t i = 0; i < tables.launches.count; i++) {
        const int32_t at = sg_programme_month(tables.launches.items[i].date) - FIRST_YEAR * 12;
        if (at >= 0 && at < N_MONTHS)
            launches[at]++;
    }
    input = (struct sg_association_input){FIRST_YEAR * 12, N_MONTHS, launches, thefts, 0};
    for (size_t i = 0; i < tables.incidents.count; i++) {
        const struct sg_incident *incident = &tables.incidents.items[i];
        if (is_un(incident))
            thefts[input.n_thefts++] =
                (struct sg_theft){sg_programme_month(incident->dates[0].date),
                                  (double)incident->amounts[0].low_usd / 1e6, incident->id};
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    programme_tables_clear(&tables);
    return 0;
}

static struct sg_association associate(size_t n_permutations)
{
    struct sg_association a;
    struct sg_err err;
    const struct sg_association_options options = {1, n_permutations};
    CHECK_OK(sg_association_compute(&a, &input, &options, &err), &err);
    return a;
}

static const struct sg_deletion *find_deletion(const struct sg_association *a,
                                               enum sg_deletion_kind kind, size_t index)
{
    for (size_t i = 0; i < a->n_deletions; i++)
        if (a->deletions[i].kind == kind && a->deletions[i].index == index)
            return &a->deletions[i];
    fail_msg("no deletion %d %zu", (int)kind, index);
    return NULL;
}

static size_t theft_index(const char *id)
{
    for (size_t i = 0; i < input.n_thefts; i++)
        if (strcmp(thefts[i].id, id) == 0)
            return i;
    fail_msg("no theft %s", id);
    return 0;
}

static void test_lag_8_is_the_peak_and_rests_on_ronin(void **state)
{
    (void)state;
    struct sg_association a = associate(999);
    assert_int_equal(input.n_thefts, 57);
    assert_int_equal(a.best_lag, 8);
    CHECK_NEAR(a.r[8], 0.421, 0.0005);
    CHECK_NEAR(find_deletion(&a, SG_DELETED_THEFT, theft_index("un95-38"))->r, -0.079, 0.0005);
    CHECK_NEAR(find_deletion(&a, SG_DELETED_MONTH, 4 * 12 + 10)->r, -0.063, 0.0005);
    CHECK_NEAR(find_deletion(&a, SG_DELETED_YEAR, 4)->r, -0.051, 0.0005);
    CHECK(!a.is_stable);
    CHECK(a.deletions[a.weakest].kind == SG_DELETED_THEFT);
    assert_int_equal(a.deletions[a.weakest].index, theft_index("un95-38"));
    sg_association_clear(&a);
}

static void test_corrected_p_depends_on_the_method(void **state)
{
    (void)state;
    struct sg_association a = associate(9999);
    CHECK_NEAR(a.p_shift, 0.05, 1e-9);
    assert_int_equal(a.n_shifts, 60);
    CHECK_NEAR(a.p_block, 0.12, 0.01);
    sg_association_clear(&a);
}

static void test_launches_are_few_clustered_and_overdispersed(void **state)
{
    (void)state;
    struct sg_association a = associate(99);
    CHECK_NEAR(a.launches_mean, 1.85, 1e-9);
    CHECK_NEAR(a.dispersion, 6.3, 0.05);
    assert_int_equal(a.n_zero_months, 39);
    sg_association_clear(&a);
}

static void check_annual(const double *yearly, double r, double without_2022)
{
    const double rows[] = {0, 27, 9, 6, 69};
    const struct sg_annual annual = sg_association_annual(yearly, rows, 5);
    CHECK_NEAR(annual.r, r, 0.006);
    CHECK_NEAR(annual.without[4], without_2022, 0.006);
    CHECK(annual.p >= 0.16 && annual.p <= 0.31);
}

static void test_annual_correlation_turns_its_sign_without_2022(void **state)
{
    (void)state;
    check_annual((const double[]){522, 271, 300, 428.8, 1650}, 0.87, -0.83);
    check_annual((const double[]){522.3, 271.1, 300.9, 506, 1100}, 0.78, -0.81);
    check_annual((const double[]){447.6, 209.27, 300.2, 175.6, 991.7}, 0.82, -0.59);
    check_annual((const double[]){456.27, 207.81, 313.71, 551.14, 810.22}, 0.60, -0.82);
    check_annual((const double[]){400, 200, 290, 250, 850}, 0.81, -0.83);
}

static struct sg_power simulate(double rate_ratio, size_t n_threads)
{
    struct sg_power power;
    struct sg_err err;
    const struct sg_power_request request = {&input, 8, rate_ratio, 2000, 1, n_threads};
    CHECK_OK(sg_association_power(&power, &request, &err), &err);
    return power;
}

static void test_known_lag_has_size_five_and_power_77(void **state)
{
    (void)state;
    CHECK_NEAR(simulate(1, 2).known_lag, 0.05, 0.02);
    CHECK_NEAR(simulate(2, 2).known_lag, 0.77, 0.04);
    CHECK_NEAR(simulate(1.5, 2).known_lag, 0.52, 0.06);
    CHECK_NEAR(simulate(1.25, 2).known_lag, 0.29, 0.06);
}

static void test_full_rule_is_honest_and_too_weak_for_this_data(void **state)
{
    (void)state;
    CHECK(simulate(1, 2).full_rule <= 0.06);
    CHECK_NEAR(simulate(2, 2).full_rule, 0.30, 0.06);
}

static void test_simulation_does_not_depend_on_threads(void **state)
{
    (void)state;
    const struct sg_power one = simulate(2, 1), four = simulate(2, 4);
    assert_memory_equal(&one, &four, sizeof(one));
}

/* Random small windows: the block table must give what laying out and correlating gives. */
static void test_block_permutation_agrees_with_the_plain_one(void **state)
{
    (void)state;
    struct lagged lagged;
    static struct tester tester;
    struct sg_draw draw, fast, slow;
    double counts[24];
    struct sg_theft few[10];
    struct sg_association_input small = {2000 * 12, 24, counts, few, 10};
    sg_draw_init(&draw, sg_test_seed(), 0);
    for (uint64_t round = 0; round < 200; round++) {
        for (size_t i = 0; i < 24; i++)
            counts[i] = (double)sg_draw_below(&draw, 5);
        for (size_t i = 0; i < 10; i++)
            few[i] = (struct sg_theft){2000 * 12 - 12 + (int32_t)sg_draw_below(&draw, 40),
                                       (double)sg_draw_below(&draw, 1000), "x-1"};
        sg_lagged_fill(&lagged, &small);
        sg_tester_load(&tester, &lagged, counts);
        double r[SG_LAG_COUNT];
        sg_tester_lags(r, &tester, &lagged);
        for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
            CHECK_NEAR(r[lag], oracle_lag_r(&small, lag, NULL, 0), 1e-9);
        sg_draw_init(&fast, 7, round);
        sg_draw_init(&slow, 7, round);
        CHECK_NEAR(sg_block_p(&tester, &fast, 24, fabs(sg_peak(r).r), 50, 1),
                   oracle_block_p(&small, &slow, 50), 1e-12);
    }
}

static enum sg_status associate_small(struct sg_err *err)
{
    struct sg_association a;
    struct sg_power power;
    const struct sg_association_options options = {1, 9};
    const struct sg_power_request request = {&input, 8, 2, 2, 1, 1};
    enum sg_status st = sg_association_compute(&a, &input, &options, err);
    if (st == SG_OK)
        sg_association_clear(&a);
    return st == SG_OK ? sg_association_power(&power, &request, err) : st;
}

static void test_refused_memory_leaves_nothing(void **state)
{
    (void)state;
    struct sg_err err;
    CHECK_OOM_SWEEP(associate_small(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lag_8_is_the_peak_and_rests_on_ronin),
        cmocka_unit_test(test_corrected_p_depends_on_the_method),
        cmocka_unit_test(test_launches_are_few_clustered_and_overdispersed),
        cmocka_unit_test(test_annual_correlation_turns_its_sign_without_2022),
        cmocka_unit_test(test_known_lag_has_size_five_and_power_77),
        cmocka_unit_test(test_full_rule_is_honest_and_too_weak_for_this_data),
        cmocka_unit_test(test_simulation_does_not_depend_on_threads),
        cmocka_unit_test(test_block_permutation_agrees_with_the_plain_one),
        cmocka_unit_test(test_refused_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
