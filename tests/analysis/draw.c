/* Goal: streams of random numbers are repeatable and unlike each other, draws have the moments that
 * the power simulation relies on, statistics agree with values worked out by hand.
 * Method: fixed seeds; large samples against the formula; small samples by hand. */
#include "support/programme_tables.h"

#include "analysis/draw/draw.h"

#include <math.h>

static void test_the_same_stream_gives_the_same_numbers(void **state)
{
    (void)state;
    struct sg_draw a, b, other_stream, other_seed;
    size_t n_same_stream = 0, n_same_seed = 0;
    sg_draw_init(&a, 7, 3);
    sg_draw_init(&b, 7, 3);
    sg_draw_init(&other_stream, 7, 4);
    sg_draw_init(&other_seed, 8, 3);
    for (int i = 0; i < 1000; i++) {
        const size_t value = sg_draw_below(&a, 1000000);
        assert_int_equal(value, sg_draw_below(&b, 1000000));
        n_same_stream += value == sg_draw_below(&other_stream, 1000000);
        n_same_seed += value == sg_draw_below(&other_seed, 1000000);
    }
    CHECK(n_same_stream < 5 && n_same_seed < 5);
}

static void test_uniform_draws_stay_inside_and_fill_the_interval(void **state)
{
    (void)state;
    struct sg_draw draw;
    size_t counts[10] = {0};
    sg_draw_init(&draw, 1, 0);
    for (int i = 0; i < 100000; i++) {
        const double u = sg_draw_uniform(&draw);
        CHECK(u > 0 && u < 1);
        counts[(size_t)(u * 10)]++;
    }
    for (int i = 0; i < 10; i++)
        CHECK_NEAR((double)counts[i], 10000, 400);
}

static void check_counts(double mean, double size)
{
    struct sg_draw draw;
    static double values[200000];
    const double variance = mean + mean * mean / size;
    sg_draw_init(&draw, 2, 0);
    for (size_t i = 0; i < 200000; i++)
        values[i] = sg_draw_negative_binomial(&draw, mean, size);
    CHECK_NEAR(sg_stat_mean(values, 200000), mean, 0.03 * mean);
    CHECK_NEAR(sg_stat_variance(values, 200000), variance, 0.06 * variance);
}

static void test_negative_binomial_has_its_mean_and_variance(void **state)
{
    (void)state;
    check_counts(1.85, 0.35);
    check_counts(60, 0.35);
    check_counts(5, 1000);
    struct sg_draw draw;
    sg_draw_init(&draw, 2, 0);
    assert_int_equal(sg_draw_negative_binomial(&draw, 0, 0.35), 0);
}

static void test_shuffle_gives_every_order_alike(void **state)
{
    (void)state;
    struct sg_draw draw;
    size_t counts[6] = {0};
    sg_draw_init(&draw, 3, 0);
    for (int i = 0; i < 60000; i++) {
        size_t items[3] = {0, 1, 2};
        sg_draw_shuffle(&draw, items, 3);
        CHECK(items[0] + items[1] + items[2] == 3);
        counts[items[0] * 2 + (items[1] > items[2])]++;
    }
    for (int i = 0; i < 6; i++)
        CHECK_NEAR((double)counts[i], 10000, 400);
}

static void test_statistics_by_hand(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4}, y[] = {2, 4, 6, 8}, down[] = {4, 3, 2, 1},
                 flat[] = {5, 5, 5, 5};
    CHECK_NEAR(sg_stat_mean(x, 4), 2.5, 1e-12);
    CHECK_NEAR(sg_stat_variance(x, 4), 5.0 / 3, 1e-12);
    CHECK_NEAR(sg_stat_correlation(x, y, 4), 1, 1e-12);
    CHECK_NEAR(sg_stat_correlation(x, down, 4), -1, 1e-12);
    CHECK_NEAR(sg_stat_correlation(x, flat, 4), 0, 1e-12);
    CHECK_NEAR(sg_stat_quantile(x, 4, 0.5), 2.5, 1e-12);
    CHECK_NEAR(sg_stat_quantile(x, 4, 0), 1, 1e-12);
    CHECK_NEAR(sg_stat_quantile(x, 4, 1), 4, 1e-12);
    double values[] = {3, 1, 2};
    const struct sg_quantiles q = sg_stat_quantiles(values, 3);
    CHECK_NEAR(q.p05, 1.1, 1e-12);
    CHECK_NEAR(q.p50, 2, 1e-12);
    CHECK_NEAR(q.p95, 2.9, 1e-12);
    CHECK_NEAR(sg_normal_quantile(0.975), 1.959964, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_stream_gives_the_same_numbers),
        cmocka_unit_test(test_uniform_draws_stay_inside_and_fill_the_interval),
        cmocka_unit_test(test_negative_binomial_has_its_mean_and_variance),
        cmocka_unit_test(test_shuffle_gives_every_order_alike),
        cmocka_unit_test(test_statistics_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
