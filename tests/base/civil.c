/* Goal: dates and times are exact and refuse what is not one. Method: every day of 1900 to 2100,
 * and of years around zero, against a calendar that counts; random instants there and back;
 * refusals with the offset that they name. */
#include "support/check.h"

#include "oracle/civil.h"

#include "base/civil.h"
#include "base/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400

static void check_days(struct oracle_date date, int64_t first, int64_t n_days)
{
    for (int64_t days = first; days < first + n_days; days++) {
        int64_t year = 0;
        unsigned month = 0;
        unsigned day = 0;
        assert_int_equal(sg_days_from_civil(date.year, date.month, date.day), days);
        sg_civil_from_days(&year, &month, &day, days);
        assert_int_equal(year, date.year);
        assert_int_equal(month, date.month);
        assert_int_equal(day, date.day);
        date = oracle_civil_next(date);
    }
}

static void test_every_day_of_1900_to_2100_is_the_counted_one(void **state)
{
    (void)state;
    /* 70 years of 365 days and the 17 leap days of 1904 to 1968. */
    check_days((struct oracle_date){1900, 1, 1}, -(70 * 365 + 17), 201 * 365 + 49);
}

static void test_the_calendar_runs_backwards_over_year_zero(void **state)
{
    (void)state;
    const int64_t first = sg_days_from_civil(-801, 1, 1);
    assert_int_equal(sg_days_from_civil(0, 3, 1), -719468);
    check_days((struct oracle_date){-801, 1, 1}, first, 1600 * 365);
}

static void test_instants_survive_text(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    const int64_t last = sg_days_from_civil(9999, 12, 31) * DAY_S + DAY_S - 1;
    const int64_t first = sg_days_from_civil(0, 1, 1) * DAY_S;
    for (int i = 0; i < 100000; i++) {
        char text[SG_TIME_TEXT_MAX];
        struct sg_err err;
        int64_t back = 0;
        const int64_t t = first + (int64_t)sg_rng_below(&rng, (uint64_t)(last - first) + 1);
        sg_time_format(text, t);
        assert_int_equal(strlen(text), 20);
        CHECK_OK(sg_time_parse(&back, text, strlen(text), &err), &err);
        assert_int_equal(back, t);
    }
}

static void test_hostile_instants_stay_within_their_text(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MAX, INT64_MIN + 1, -1, INT64_MAX / DAY_S, -DAY_S};
    for (size_t i = 0; i < SG_COUNT_OF(times); i++) {
        char text[SG_TIME_TEXT_MAX];
        memset(text, 'x', sizeof(text));
        sg_time_format(text, times[i]);
        assert_true(strnlen(text, sizeof(text)) < sizeof(text));
        assert_int_equal(text[strlen(text) - 1], 'Z');
    }
    char text[SG_TIME_TEXT_MAX];
    assert_string_equal(sg_time_format(text, -1), "1969-12-31T23:59:59Z");
    assert_string_equal(sg_time_format(text, SG_TIME_UNKNOWN), "unknown");
}

static void test_all_spellings_of_one_instant_agree(void **state)
{
    (void)state;
    static const char *const same[] = {"2022-03-23T13:29:09Z",        "2022-03-23 13:29:09",
                                       "2022-03-23 13:29:09 UTC",     "2022-03-23T13:29:09",
                                       "2022-03-23T13:29:09.000000Z", "2022-03-23 13:29:09+00:00",
                                       "2022-03-23 13:29:09.999 UTC", "1648042149"};
    for (size_t i = 0; i < SG_COUNT_OF(same); i++) {
        int64_t t = 0;
        struct sg_err err;
        CHECK_OK(sg_time_parse(&t, same[i], strlen(same[i]), &err), &err);
        assert_int_equal(t, 1648042149);
    }
    int64_t t = 0;
    struct sg_err err;
    CHECK_OK(sg_time_parse(&t, "2022-03-23", 10, &err), &err);
    assert_int_equal(t, 1647993600);
}

static void test_what_is_not_a_time_is_refused_where_it_goes_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t offset;
    } cases[] = {
        {"", 0},
        {"2022", 4},
        {"2022-13-01", 10},
        {"2022-00-01", 10},
        {"2022-02-29", 10},
        {"1900-02-29", 10},
        {"2022-3-23", 5},
        {"2022-03-23T", 11},
        {"2022-03-23x12:00:00", 10},
        {"2022-03-23T24:00:00Z", 19},
        {"2022-03-23T23:60:00Z", 19},
        {"2022-03-23T23:59:60Z", 19},
        {"2022-03-23T13:29:09+01:00", 19},
        {"2022-03-23T13:29:09Zjunk", 20},
        {"1234", 4},
        {"-1648042149", 0},
        {"1648042149123", 4},
        {" 2022-03-23", 0},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        int64_t t = 7;
        struct sg_err err = {0};
        const enum sg_status st = sg_time_parse(&t, cases[i].text, strlen(cases[i].text), &err);
        if (st != SG_EPARSE || err.offset != cases[i].offset)
            fail_msg("'%s': status %s, offset %" PRIu64, cases[i].text, sg_status_name(st),
                     err.offset);
        assert_true(err.has_offset);
        assert_int_equal(t, 7);
    }
}

static void test_leap_days_exist_only_in_leap_years(void **state)
{
    (void)state;
    for (int year = 0; year <= 9999; year++) {
        char text[32];
        int64_t t = 0;
        snprintf(text, sizeof(text), "%04d-02-29", year);
        const struct oracle_date after = oracle_civil_next((struct oracle_date){year, 2, 28});
        assert_int_equal(sg_time_parse(&t, text, 10, NULL), after.month == 2 ? SG_OK : SG_EPARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_1900_to_2100_is_the_counted_one),
        cmocka_unit_test(test_the_calendar_runs_backwards_over_year_zero),
        cmocka_unit_test(test_instants_survive_text),
        cmocka_unit_test(test_hostile_instants_stay_within_their_text),
        cmocka_unit_test(test_all_spellings_of_one_instant_agree),
        cmocka_unit_test(test_what_is_not_a_time_is_refused_where_it_goes_wrong),
        cmocka_unit_test(test_leap_days_exist_only_in_leap_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
