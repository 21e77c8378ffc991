#include "support/check.h"

#include "formats/scenario/scenario.h"

#include <string.h>

static enum sg_status parse(struct sg_scenario *s, const char *text, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const enum sg_status st = sg_scenario_parse(s, &arena, text, strlen(text), err);
    sg_arena_clear(&arena);
    return st;
}

static void test_a_file_says_only_what_differs(void **state)
{
    struct sg_scenario s, otherwise;
    struct sg_err err;
    (void)state;
    memset(&s, 0x5a, sizeof(s));
    sg_scenario_defaults(&otherwise);
    CHECK_OK(parse(&s, "sillage_scenario: 1\nthefts: {count: 3}\n", &err), &err);
    assert_int_equal(s.thefts, 3);
    s.thefts = otherwise.thefts;
    assert_memory_equal(&s, &otherwise, sizeof(s));
}

static void test_every_key_lands_in_its_place(void **state)
{
    struct sg_scenario s;
    struct sg_err err;
    (void)state;
    CHECK_OK(parse(&s,
                   "sillage_scenario: 1\ndays: 2\nbrokers: 3\nbackground: {mix: 4}\n"
                   "thefts: {otc: 5}\npayrolls: {hops_max: 2, agents_percent: 7}\n",
                   &err),
             &err);
    assert_int_equal(s.days, 2);
    assert_int_equal(s.brokers, 3);
    assert_int_equal(s.act[SG_ACT_MIX], 4);
    assert_int_equal(s.move[SG_LAUNDER_OTC], 5);
    assert_int_equal(s.hops_max, 2);
    assert_int_equal(s.agents, 7);
}

static void test_what_is_wrong_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *sentence;
        uint32_t line;
    } cases[] = {
        {"days: 3\n", "'sillage_scenario: 1' must say which version this is", 1},
        {"sillage_scenario: 2\n", "'sillage_scenario: 1' must say which version this is", 1},
        {"sillage_scenario: 1\ndays: 0\n", "days is a whole number from 1 to 3650", 2},
        {"sillage_scenario: 1\ndays: -4\n", "days is a whole number from 1 to 3650", 2},
        {"sillage_scenario: 1\ndays: [4]\n", "days is a whole number from 1 to 3650", 2},
        {"sillage_scenario: 1\ndays: 99999999999999999999\n",
         "days is a whole number from 1 to 3650", 2},
        {"sillage_scenario: 1\nthefts:\n  coutn: 1\n", "unknown key 'coutn'; did you mean 'count'?",
         3},
        {"sillage_scenario: 1\npayrolls: {ring_min: 9, ring_max: 8}\n",
         "payrolls: ring_min is above ring_max", 1},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_scenario s;
        struct sg_err err;
        memset(&s, 0x5a, sizeof(s));
        assert_int_equal(parse(&s, cases[i].text, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].sentence);
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(s.days, 0x5a5a5a5a);
    }
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct sg_scenario s;
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(parse(&s, "sillage_scenario: 1\nthefts: {count: 3}\n", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_says_only_what_differs),
        cmocka_unit_test(test_every_key_lands_in_its_place),
        cmocka_unit_test(test_what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
