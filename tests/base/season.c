#include "base/season.h"
#include "base/civil.h"
#include "support/check.h"

/* Dates of 2024 by the calendar. */
static void test_clocks_change_on_the_known_days(void **state)
{
    static const struct {
        enum sg_season season;
        unsigned begin_month, begin_day, end_month, end_day;
    } cases[] = {
        {SG_SEASON_EU, 3, 31, 10, 27}, {SG_SEASON_US, 3, 10, 11, 3}, {SG_SEASON_AU, 4, 7, 10, 6}};
    int64_t begin = 7, end = 7;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        sg_season_days(&begin, &end, cases[i].season, 2024);
        assert_int_equal(begin, sg_days_from_civil(2024, cases[i].begin_month, cases[i].begin_day));
        assert_int_equal(end, sg_days_from_civil(2024, cases[i].end_month, cases[i].end_day));
    }
    sg_season_days(&begin, &end, SG_SEASON_NONE, 2024);
    assert_int_equal(begin, 0);
    assert_int_equal(end, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clocks_change_on_the_known_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
