/* Goal: a score is the sum of the parts it shows, each weight x share x distance. Method: parts by
 * hand with a made-up exposure; the sweep over refused memory. */
#include "support/check.h"

#include "analysis/score/score.h"

static const struct sg_exposure_category in[] = {
    {SG_CATEGORY_THEFT, 1, {10}, {25}, "T"},
    {SG_CATEGORY_MIXER, 3, {1}, {0}, "M"},
    {SG_CATEGORY_EXCHANGE, 1, {64}, {0}, "X"},
};
static const struct sg_exposure_category out[] = {{SG_CATEGORY_SANCTIONED, 9, {3}, {0}, "S"}};

static struct sg_exposure exposure(void)
{
    struct sg_exposure made = {
        .in = {.total = sg_amount_from(100), .categories = in, .n_categories = SG_COUNT_OF(in)},
        .out = {.total = sg_amount_from(5),
                .by_swap = sg_amount_from(4),
                .categories = out,
                .n_categories = SG_COUNT_OF(out)}};
    return made;
}

static struct sg_riskfile weights(void)
{
    struct sg_riskfile file = {.distance = {100, 50, 20}, .n_distance = 3};
    file.has_weight[SG_CATEGORY_THEFT] = file.has_weight[SG_CATEGORY_MIXER] = true;
    file.has_weight[SG_CATEGORY_SANCTIONED] = true;
    file.weight[SG_CATEGORY_THEFT] = 80;
    file.weight[SG_CATEGORY_MIXER] = 7;
    file.weight[SG_CATEGORY_SANCTIONED] = 100;
    file.levels[0] = (struct sg_risk_level){"review", 10};
    file.levels[1] = (struct sg_risk_level){"block", 27};
    file.n_levels = 2;
    return file;
}

static void test_parts_are_weight_times_share_times_distance(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_riskfile file = weights();
    const struct sg_exposure e = exposure();
    struct sg_score score;
    struct sg_err err;
    (void)state;
    CHECK_OK(sg_score_make(&score, &arena, &file, &e, 0, &err), &err);
    assert_int_equal(score.n_parts, 3);
    /* what passed, 25 of 100, is more than what ended: 80 x 0.25 */
    assert_int_equal(score.parts[0].category, SG_CATEGORY_THEFT);
    assert_int_equal(score.parts[0].points_parts, 2000);
    /* 3 of 5 + 4 by swap; behind the list the last percentage holds: 100 x 0.3333 x 0.2 */
    assert_int_equal(score.parts[1].direction, SG_SCORE_OUT);
    assert_int_equal(score.parts[1].share_parts, 3333);
    assert_int_equal(score.parts[1].points_parts, 666);
    /* 7 x 0.01 x 0.2 = 0.014 */
    assert_int_equal(score.parts[2].points_parts, 1);
    assert_int_equal(score.points_parts, 2667);
    assert_string_equal(score.level->name, "review");
    sg_arena_clear(&arena);
}

static void test_the_addresss_own_labels_count_in_full(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_riskfile file = weights();
    struct sg_score score;
    struct sg_err err;
    (void)state;
    const uint32_t self = 1u << SG_CATEGORY_SANCTIONED | 1u << SG_CATEGORY_EXCHANGE;
    CHECK_OK(sg_score_make(&score, &arena, &file, NULL, self, &err), &err);
    assert_int_equal(score.n_parts, 1);
    assert_int_equal(score.parts[0].direction, SG_SCORE_SELF);
    assert_int_equal(score.points_parts, 10000);
    assert_string_equal(score.level->name, "block");
    CHECK_OK(sg_score_make(&score, &arena, &file, NULL, 0, &err), &err);
    assert_int_equal(score.points_parts, 0);
    assert_null(score.level);
    sg_arena_clear(&arena);
}

static enum sg_status make_swept(struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_riskfile file = weights();
    const struct sg_exposure e = exposure();
    struct sg_score score;
    const enum sg_status st = sg_score_make(&score, &arena, &file, &e, 1, err);
    sg_arena_clear(&arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(make_swept(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_weight_times_share_times_distance),
        cmocka_unit_test(test_the_addresss_own_labels_count_in_full),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
