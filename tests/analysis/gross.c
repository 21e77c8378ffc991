/* Goal: sums are exact and kept apart by source and vintage; what cannot be summed, or may be
 * counted twice, is said. Method: small tables whose sums are known; random tables against a plain
 * sum. */
#include "support/programme_tables.h"

#include "analysis/draw/draw.h"
#include "analysis/gross/gross.h"

#include <stdio.h>

static struct sg_arena arena;
static struct sg_programme_notes notes;
static struct sg_incidents incidents;
static struct sg_totals totals;
static struct sg_err err;

static int setup(void **state)
{
    (void)state;
    notes = (struct sg_programme_notes){0};
    incidents = (struct sg_incidents){0};
    totals = (struct sg_totals){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

static struct sg_gross compute(const char *incidents_csv, const char *totals_csv)
{
    struct sg_gross gross;
    const struct sg_gross_request request = {&incidents, &totals, 2018, 2019, 2019, false};
    if (incidents_csv)
        CHECK_OK(sg_incidents_read(&incidents, &notes, &arena, incidents_csv, strlen(incidents_csv),
                                   &err),
                 &err);
    if (totals_csv)
        CHECK_OK(sg_totals_read(&totals, &notes, &arena, totals_csv, strlen(totals_csv), &err),
                 &err);
    CHECK_OK(sg_gross_compute(&gross, &notes, &arena, &request, &err), &err);
    return gross;
}

static void test_vintages_of_one_source_stay_apart(void **state)
{
    (void)state;
    const struct sg_gross gross = compute(NULL, "source,vintage,year,usd_m,year_to\n"
                                                "S,2020,2018,1,\n"
                                                "S,2020,2019,2,\n"
                                                "S,2021,2018,10,\n"
                                                "S,2021,2019,20.000001,\n"
                                                "S,2021,2018,99,\n"
                                                "T,2021,2019,7,\n"
                                                "T,2021,2018,50,2019\n");
    assert_int_equal(gross.n_series, 3);
    assert_int_equal(gross.n_spans, 1);
    assert_int_equal(sg_gross_find(&gross, "S", "2020")->period_usd, 3000000);
    assert_int_equal(sg_gross_find(&gross, "S", "2021")->period_usd, 30000001);
    CHECK(!sg_gross_find(&gross, "T", "2021")->covers_period);
    CHECK(!sg_gross_find(&gross, "T", "2020"));
    assert_int_equal(gross.low_usd, 3000000);
    assert_int_equal(gross.high_usd, 30000001);
    assert_int_equal(gross.year_low_usd, 2000000);
    /* The second figure for 2018 of S, 2021. */
    assert_int_equal(notes.count, 1);
    CHECK(notes.first->left_out && notes.first->row == 6);
    CHECK(strstr(notes.first->text, "two figures for 2018"));
}

static void test_a_theft_in_two_lists_is_noted_and_not_merged(void **state)
{
    (void)state;
    const struct sg_gross gross = compute("id,date,victim,usd_m,tier,attribution\n"
                                          "un-1,2018-05-01,Bank,5,A,x\n"
                                          "ms-1,2018-06-10,BANK,6,B,x\n"
                                          "ms-2,2018-09-10,bank,7,B,x\n"
                                          "un-2,2018-05-02,Bank,8,A,x\n",
                                          NULL);
    assert_int_equal(gross.tiers[SG_TIER_A].usd, 13000000);
    assert_int_equal(gross.tiers[SG_TIER_B].usd, 13000000);
    /* ms-1 with either of the two of the other list; ms-2 is too late. */
    assert_int_equal(notes.count, 2);
    CHECK(strstr(notes.first->text, "'un-1' and 'ms-1' may be one theft in two lists"));
    CHECK(!notes.first->left_out);
}

static void test_only_thefts_count_and_contested_ones_only_if_asked(void **state)
{
    (void)state;
    const struct sg_gross gross = compute("id,date,victim,usd_m,tier,aim,usd_alt_m,attribution\n"
                                          "a-1,2018,V,5,A,ransom,,x\n"
                                          "a-2,2018,W,6,D,theft,,x\n"
                                          "a-3,2018,X,7,A,theft,4; 9-11,x\n"
                                          "a-4,2017,Y,8,A,theft,,x\n",
                                          NULL);
    assert_int_equal(gross.tiers[SG_TIER_A].n_incidents, 1);
    assert_int_equal(gross.tiers[SG_TIER_A].usd, 7000000);
    assert_int_equal(gross.tiers[SG_TIER_A].low_usd, 4000000);
    assert_int_equal(gross.tiers[SG_TIER_A].high_usd, 11000000);
    assert_int_equal(gross.tiers[SG_TIER_D].n_incidents, 0);
    assert_int_equal(gross.n_series, 0);
}

static void test_a_list_sums_to_its_rows(void **state)
{
    (void)state;
    struct sg_draw draw;
    static char csv[16384];
    size_t at = (size_t)snprintf(csv, sizeof(csv), "id,date,victim,usd_m,attribution\n");
    uint64_t period = 0;
    sg_draw_init(&draw, sg_test_seed(), 0);
    for (size_t i = 0; i < 200; i++) {
        const size_t year = 2016 + sg_draw_below(&draw, 5),
                     thousands = sg_draw_below(&draw, 1000000);
        at += (size_t)snprintf(csv + at, sizeof(csv) - at, "l-%zu,%zu,V%zu,%zu.%03zu,x\n", i, year,
                               i, thousands / 1000, thousands % 1000);
        period += year == 2018 || year == 2019 ? thousands * 1000 : 0;
    }
    const struct sg_gross gross = compute(csv, NULL);
    assert_int_equal(gross.n_series, 1);
    assert_int_equal(gross.series[0].period_usd, period);
    assert_int_equal(gross.series[0].n_rows, 200);
    assert_int_equal(gross.tiers[SG_TIER_UNSTATED].usd, period);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_vintages_of_one_source_stay_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_theft_in_two_lists_is_noted_and_not_merged, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_only_thefts_count_and_contested_ones_only_if_asked,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_list_sums_to_its_rows, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
