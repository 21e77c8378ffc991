/* Scales and ticks: within bounds, ascending, round, and never more than the array holds. */
#include "support/check.h"

#include "app/plot/plot.h"
#include "base/civil.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>

static void test_scale_ends_are_exact_and_outside_is_clamped(void **state)
{
    (void)state;
    const struct sg_plot_scale s = {-10, 10, SG_PX(200), SG_PX(100)};
    assert_int_equal(sg_plot_at(&s, -10), SG_PX(200));
    assert_int_equal(sg_plot_at(&s, 0), SG_PX(150));
    assert_int_equal(sg_plot_at(&s, 10), SG_PX(100));
    assert_int_equal(sg_plot_at(&s, INT64_MAX), SG_PX(100));
    assert_int_equal(sg_plot_at(&s, INT64_MIN), SG_PX(200));
}

static void check_ticks(const int64_t *ticks, size_t n, int64_t lo, int64_t hi)
{
    CHECK(n <= SG_PLOT_TICKS_MAX);
    for (size_t i = 0; i < n; i++) {
        CHECK(ticks[i] >= lo && ticks[i] <= hi);
        CHECK(i == 0 || ticks[i - 1] < ticks[i]);
    }
}

static void test_ticks_are_round_and_within_bounds(void **state)
{
    (void)state;
    int64_t ticks[SG_PLOT_TICKS_MAX];
    assert_int_equal(sg_plot_ticks(ticks, 0, 175100, 5), 4);
    assert_int_equal(ticks[1], 50000);
    assert_int_equal(ticks[3], 150000);
    check_ticks(ticks, sg_plot_ticks(ticks, INT64_MIN, INT64_MAX, 5), INT64_MIN, INT64_MAX);
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 2000; i++) {
        const int64_t lo = (int64_t)(sg_rng_next(&rng) >> sg_rng_below(&rng, 63) >> 1);
        const int64_t hi = lo + 1 + (int64_t)sg_rng_below(&rng, 1u << sg_rng_below(&rng, 31));
        const size_t n = sg_plot_ticks(ticks, lo, hi < lo ? INT64_MAX : hi, 6);
        check_ticks(ticks, n, lo, hi < lo ? INT64_MAX : hi);
    }
}

static void test_round_up_is_the_next_1_2_5(void **state)
{
    (void)state;
    static const int64_t cases[][2] = {{0, 1},
                                       {1, 1},
                                       {2, 2},
                                       {3, 5},
                                       {5, 5},
                                       {6, 10},
                                       {10, 10},
                                       {11, 20},
                                       {51, 100},
                                       {100, 100},
                                       {-4, 1},
                                       {9999, 10000},
                                       {INT64_MAX, INT64_MAX}};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_int_equal(sg_plot_round_up(cases[i][0]), cases[i][1]);
}

static int64_t day(int64_t y, unsigned m, unsigned d)
{
    return sg_days_from_civil(y, m, d) * 86400;
}

static void test_month_ticks_are_first_days(void **state)
{
    (void)state;
    int64_t ticks[SG_PLOT_TICKS_MAX];
    assert_int_equal(sg_plot_month_ticks(ticks, day(2022, 3, 23), day(2022, 6, 2)), 3);
    assert_int_equal(ticks[0], day(2022, 4, 1));
    assert_int_equal(ticks[2], day(2022, 6, 1));
    const size_t n = sg_plot_month_ticks(ticks, day(2009, 1, 3), day(2026, 8, 1));
    CHECK(n > 2);
    check_ticks(ticks, n, day(2009, 1, 3), day(2026, 8, 1));
}

static void label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%lld<", (long long)value);
}

static void test_axis_escapes_its_labels(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    struct sg_err err;
    const struct sg_plot_scale s = {0, 10, 0, SG_PX(100)};
    const int64_t ticks[] = {5};
    sg_plot_axis_x(&out, &s, SG_PX(50), 0, ticks, 1, label, NULL);
    sg_plot_axis_y(&out, &s, SG_PX(50), SG_PX(90), ticks, 1, label, NULL);
    CHECK_OK(sg_buf_check(&out, &err), &err);
    CHECK(strstr(out.data, "5&lt;</text>") != NULL);
    sg_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scale_ends_are_exact_and_outside_is_clamped),
        cmocka_unit_test(test_ticks_are_round_and_within_bounds),
        cmocka_unit_test(test_round_up_is_the_next_1_2_5),
        cmocka_unit_test(test_month_ticks_are_first_days),
        cmocka_unit_test(test_axis_escapes_its_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
