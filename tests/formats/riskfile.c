/* Goal: a risk file says what it says or is refused at its place. Method: whole files by hand, one
 * fault at a time, the sweep over refused memory. */
#include "formats/riskfile/riskfile.h"
#include "support/check.h"

#include <string.h>

static enum sg_status parse(struct sg_riskfile *file, struct sg_arena *arena, const char *text,
                            struct sg_err *err)
{
    return sg_riskfile_parse(file, arena, text, strlen(text), err);
}

static const char whole[] = "sillage_risk: 1\n"
                            "weights: {sanctioned: 100, mixer: 0}\n"
                            "distance: [100, 50, 0]\n"
                            "levels: {block: 60, review: 10}\n";

static void test_a_whole_file_is_read_and_levels_ascend(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_riskfile file;
    struct sg_err err;
    (void)state;
    CHECK_OK(parse(&file, &arena, whole, &err), &err);
    CHECK(file.has_weight[SG_CATEGORY_SANCTIONED] && file.weight[SG_CATEGORY_SANCTIONED] == 100);
    CHECK(file.has_weight[SG_CATEGORY_MIXER] && file.weight[SG_CATEGORY_MIXER] == 0);
    CHECK(!file.has_weight[SG_CATEGORY_THEFT]);
    assert_int_equal(file.n_distance, 3);
    assert_int_equal(file.distance[1], 50);
    assert_int_equal(file.n_levels, 2);
    assert_string_equal(file.levels[0].name, "review");
    assert_int_equal(file.levels[1].from, 60);
    sg_arena_clear(&arena);
}

static void test_without_distance_all_count_in_full(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_riskfile file;
    struct sg_err err;
    (void)state;
    CHECK_OK(parse(&file, &arena, "sillage_risk: 1\nweights: {theft: 7}\n", &err), &err);
    assert_int_equal(file.n_distance, 1);
    assert_int_equal(file.distance[0], 100);
    assert_int_equal(file.n_levels, 0);
    sg_arena_clear(&arena);
}

static void test_faults_are_refused_at_their_place(void **state)
{
    static const struct {
        const char *text, *says;
        uint32_t line, column;
    } faults[] = {
        {"weights: {mixer: 1}\n", "no 'sillage_risk'", 1, 1},
        {"sillage_risk: 2\nweights: {}\n", "only version 1", 1, 15},
        {"sillage_risk: 1\nweights: {mixr: 1}\n", "did you mean 'mixer'", 2, 11},
        {"sillage_risk: 1\nweights: {mixer: 1001}\n", "from 0 to 1000", 2, 18},
        {"sillage_risk: 1\nweights: {mixer: 1.5}\n", "from 0 to 1000", 2, 18},
        {"sillage_risk: 1\nweights: {mixer: -1}\n", "from 0 to 1000", 2, 18},
        {"sillage_risk: 1\nweights: [mixer]\n", "a mapping of categories", 2, 10},
        {"sillage_risk: 1\nweights: {}\ndistance: []\n", "1 to 64 percentages", 3, 11},
        {"sillage_risk: 1\nweights: {}\ndistance: [101]\n", "from 0 to 100", 3, 12},
        {"sillage_risk: 1\nweights: {}\nlevels: 3\n", "at most 16 names", 3, 9},
        {"sillage_risk: 1\nweights: {}\nlevel: {}\n", "did you mean 'levels'", 3, 1},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(faults); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_riskfile file;
        struct sg_err err;
        assert_int_equal(parse(&file, &arena, faults[i].text, &err), SG_EPARSE);
        if (!strstr(err.text, faults[i].says))
            fail_msg("'%s' does not say '%s'", err.text, faults[i].says);
        assert_int_equal(err.line, faults[i].line);
        assert_int_equal(err.column, faults[i].column);
        sg_arena_clear(&arena);
    }
}

static enum sg_status parse_swept(struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_riskfile file;
    const enum sg_status st = parse(&file, &arena, whole, err);
    sg_arena_clear(&arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(parse_swept(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_file_is_read_and_levels_ascend),
        cmocka_unit_test(test_without_distance_all_count_in_full),
        cmocka_unit_test(test_faults_are_refused_at_their_place),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
