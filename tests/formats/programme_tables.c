/* Goal: the readers keep every figure and every conflict that a table holds, leave out only what
 * cannot be meant, and say so with its row.
 * Method: the carried tables against sums known from their sources; the developers' copies of the
 * originals; small tables with one fault each. */
#include "support/programme_tables.h"

#include <stdio.h>

static struct programme_tables carried;

/* What one test reads into. */
struct bench {
    struct sg_arena arena;
    struct sg_programme_notes notes;
    struct sg_err err;
    struct sg_incidents incidents;
    struct sg_totals totals;
    struct sg_launches launches;
    struct sg_facts facts;
    struct sg_assumptions assumptions;
    struct sg_traced traced;
};

static int setup(void **state)
{
    (void)state;
    programme_tables_load(&carried);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    programme_tables_clear(&carried);
    return 0;
}

#define READ(b, table, text)                                                                       \
    sg_##table##_read(&(b)->table, &(b)->notes, &(b)->arena, (text), strlen(text), &(b)->err)

/* The whole file, in the arena. */
static struct sg_text slurp(struct bench *b, const char *path)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    const size_t max = (size_t)4 << 20;
    char *bytes = sg_arena_alloc(&b->arena, max, 1);
    CHECK(bytes != NULL);
    const size_t size = fread(bytes, 1, max, file);
    fclose(file);
    CHECK(size > 0 && size < max);
    return (struct sg_text){bytes, size};
}

static const struct sg_programme_note *note_at(const struct sg_programme_notes *notes, uint64_t row)
{
    const struct sg_programme_note *note = notes->first;
    while (note && note->row != row)
        note = note->next;
    if (!note)
        fail_msg("no note for row %u", (unsigned)row);
    return note;
}

static void check_left_out(const struct bench *b, uint64_t row, const char *why)
{
    const struct sg_programme_note *note = note_at(&b->notes, row);
    CHECK(note->left_out);
    if (!strstr(note->text, why))
        fail_msg("'%s' does not say '%s'", note->text, why);
}

static const struct sg_incident *find(const struct sg_incidents *incidents, const char *id)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (strcmp(incidents->items[i].id, id) == 0)
            return &incidents->items[i];
    fail_msg("no incident %s", id);
    return NULL;
}

static bool has_date(const struct sg_incident *incident, const char *text)
{
    char buf[SG_PROGRAMME_DATE_MAX];
    for (size_t i = 0; i < incident->n_dates; i++)
        if (strcmp(sg_programme_date_format(buf, incident->dates[i].date), text) == 0)
            return true;
    return false;
}

static bool has_amount(const struct sg_incident *incident, uint64_t usd)
{
    for (size_t i = 0; i < incident->n_amounts; i++)
        if (incident->amounts[i].low_usd == usd)
            return true;
    return false;
}

static void check_conflicts(const struct sg_incidents *incidents)
{
    const struct sg_incident *upbit = find(incidents, "un95-23");
    CHECK(has_date(upbit, "2019-05-28") && has_date(upbit, "2019-11-27"));
    CHECK(has_amount(upbit, 41500000) && has_amount(upbit, 50700000));
    CHECK(has_amount(upbit, 48500000) && has_amount(upbit, 50000000));
    const struct sg_incident *alphapo = find(incidents, "un95-45");
    CHECK(has_date(alphapo, "2023-07-22") && has_date(alphapo, "2023-06-22"));
    CHECK(has_amount(alphapo, 60000000) && has_amount(alphapo, 113500000));
    const struct sg_incident *kucoin = find(incidents, "un95-28");
    CHECK(has_amount(kucoin, 275000000) && has_amount(kucoin, 285000000));
    const struct sg_incident *youbit = find(incidents, "un95-02");
    CHECK(has_amount(youbit, 5300000));
    assert_int_equal(find(incidents, "con-01")->tier, SG_TIER_D);
}

static void test_carried_tables_are_whole_and_without_notes(void **state)
{
    (void)state;
    assert_int_equal(carried.incidents.count, 123);
    assert_int_equal(carried.launches.count, 339);
    assert_int_equal(carried.notes.count, 0);
    check_conflicts(&carried.incidents);
    CHECK(find(&carried.incidents, "un95-28")->has_recovered);
    assert_int_equal(find(&carried.incidents, "un95-28")->recovered.low_usd, 239450000);
    assert_int_equal(find(&carried.incidents, "non-01")->aim, SG_AIM_DISRUPTION);
    assert_int_equal(find(&carried.incidents, "non-02")->aim, SG_AIM_RANSOM);
}

static void check_source(const char *keys)
{
    while (*keys) {
        const size_t size = strcspn(keys, ";");
        bool found = false;
        for (size_t i = 0; i < carried.sources.count; i++)
            found = found || (strlen(carried.sources.items[i].key) == size &&
                              strncmp(carried.sources.items[i].key, keys, size) == 0);
        if (!found)
            fail_msg("no source stands for '%.*s'", (int)size, keys);
        keys += size + strspn(keys + size, "; ");
    }
}

static void test_every_carried_row_names_a_source_that_is_listed(void **state)
{
    (void)state;
    for (size_t i = 0; i < carried.incidents.count; i++)
        check_source(carried.incidents.items[i].seen_in);
    for (size_t i = 0; i < carried.totals.count; i++)
        check_source(carried.totals.items[i].seen_in);
    for (size_t i = 0; i < carried.facts.count; i++)
        check_source(carried.facts.items[i].seen_in);
}

static void test_original_incidents_keep_what_is_only_free_text(void **state)
{
    (void)state;
    const char *path = sg_test_shared("data/programme/incidents.csv");
    struct bench b = {0};
    const struct sg_text text = slurp(&b, path);
    CHECK_OK(sg_incidents_read(&b.incidents, &b.notes, &b.arena, text.data, text.size, &b.err),
             &b.err);
    assert_int_equal(b.incidents.count, 123);
    check_conflicts(&b.incidents);
    const struct sg_incident *nomad = find(&b.incidents, "un95-40");
    assert_int_equal(nomad->n_amounts, 1);
    CHECK(strstr(nomad->remark, "multi-actor") != NULL);
    const struct sg_incident *kucoin = find(&b.incidents, "un95-28");
    assert_int_equal(kucoin->n_amounts, 4);
    CHECK(strstr(kucoin->remark, "78% recovered") != NULL);
    const struct sg_incident *upbit = find(&b.incidents, "un95-23");
    assert_int_equal(upbit->n_dates, 2);
    CHECK(strstr(upbit->remark, "DATE CONFLICT") != NULL);
    sg_arena_clear(&b.arena);
}

static void test_un_annex_has_57_rows_and_its_sum(void **state)
{
    (void)state;
    const char *path = sg_test_shared("data/programme/un95.csv");
    struct bench b = {0};
    const struct sg_text text = slurp(&b, path);
    uint64_t usd = 0;
    CHECK_OK(sg_incidents_read(&b.incidents, &b.notes, &b.arena, text.data, text.size, &b.err),
             &b.err);
    assert_int_equal(b.incidents.count, 57);
    for (size_t i = 0; i < b.incidents.count; i++)
        usd += b.incidents.items[i].amounts[0].low_usd;
    assert_int_equal(usd, 2966031000);
    /* It names no source in any row, and says so in each. */
    assert_int_equal(b.notes.count, 57);
    CHECK(!b.notes.first->left_out);
    sg_arena_clear(&b.arena);
}

static void count_outcomes(size_t counts[3], const struct sg_launches *launches, int16_t year)
{
    memset(counts, 0, 3 * sizeof(*counts));
    for (size_t i = 0; i < launches->count; i++)
        if (launches->items[i].date.year == year)
            counts[launches->items[i].outcome]++;
}

static void check_2022(const struct sg_launches *launches)
{
    size_t counts[3];
    count_outcomes(counts, launches, 2022);
    assert_int_equal(counts[SG_LAUNCH_SUCCESS], 42);
    assert_int_equal(counts[SG_LAUNCH_FAILURE], 5);
    assert_int_equal(counts[SG_LAUNCH_UNKNOWN], 22);
}

static void test_three_forms_of_launches_agree_on_2022(void **state)
{
    (void)state;
    check_2022(&carried.launches);
    const char *forms[] = {"data/programme/cns_2023.csv", "data/programme/test.en.json"};
    const size_t rows[] = {245, 339};
    for (size_t i = 0; i < 2; i++) {
        struct bench b = {0};
        const struct sg_text text = slurp(&b, sg_test_shared(forms[i]));
        CHECK_OK(sg_launches_read(&b.launches, &b.notes, &b.arena, text.data, text.size, &b.err),
                 &b.err);
        assert_int_equal(b.launches.count, rows[i]);
        assert_int_equal(b.notes.count, 0);
        check_2022(&b.launches);
        sg_arena_clear(&b.arena);
    }
}

static void test_cns_dates_without_a_day_and_bytes_that_are_not_utf8_are_read(void **state)
{
    (void)state;
    struct bench b = {0};
    const char *text = "Date,Missile Name,Test Outcome\n"
                       "Sep-84,Scud\xe9-B,Success\n"
                       "9-Apr-84,,Failure\n"
                       "12-Apr-23,X,Unknown\n";
    CHECK_OK(READ(&b, launches, text), &b.err);
    assert_int_equal(b.launches.count, 3);
    const struct sg_launch *first = &b.launches.items[0];
    CHECK(first->date.year == 1984 && first->date.month == 9 && first->date.day == 0);
    assert_string_equal(first->missile, "Scud\xe9-B");
    CHECK(b.launches.items[1].date.day == 9);
    assert_int_equal(b.launches.items[2].date.year, 2023);
    sg_arena_clear(&b.arena);
}

static void test_impossible_rows_are_left_out_with_their_reason(void **state)
{
    (void)state;
    struct bench b = {0};
    const char *text = "id,date,victim,usd_m,tier,attribution\n"
                       "a-1,2020-01-01,V,5,A,x\n"
                       "a-2,2020-01-01,V,-5,A,x\n"
                       "a-3,2020-01-01,V,5 EUR,A,x\n"
                       "a-4,1900-01-01,V,5,A,x\n"
                       "a-5,2021-02-29,V,5,A,x\n"
                       "a-1,2020-01-02,W,6,A,x\n"
                       "a-7,2020-01-01,V,5,Z,x\n"
                       "a-8,2020-01-01,V,5\n"
                       ",2020-01-01,V,5,A,x\n"
                       "a-10,2020-01-01,V,,A,x\n"
                       "a-11,2020-01-01,V,99999999999,A,x\n";
    CHECK_OK(READ(&b, incidents, text), &b.err);
    assert_int_equal(b.incidents.count, 1);
    assert_int_equal(b.notes.count, 10);
    check_left_out(&b, 3, "negative");
    check_left_out(&b, 4, "another currency");
    check_left_out(&b, 5, "out of range");
    check_left_out(&b, 6, "calendar");
    check_left_out(&b, 7, "earlier row");
    check_left_out(&b, 8, "tier");
    check_left_out(&b, 9, "4 fields where the header has 6");
    check_left_out(&b, 10, "no id");
    check_left_out(&b, 11, "no amount");
    check_left_out(&b, 12, "wealth");
    sg_arena_clear(&b.arena);
}

static void test_odd_rows_are_kept_with_a_note(void **state)
{
    (void)state;
    struct bench b = {0};
    const char *text = "id,date,victim,usd_m,mood,recovered_m,date_alt\n"
                       "a-1,2020-01-01,V,5,sad,9,yesterday\n";
    CHECK_OK(READ(&b, incidents, text), &b.err);
    assert_int_equal(b.incidents.count, 1);
    CHECK(!b.incidents.items[0].has_recovered);
    assert_int_equal(b.incidents.items[0].tier, SG_TIER_UNSTATED);
    assert_int_equal(b.notes.count, 4);
    CHECK(strstr(b.notes.first->text, "column 'mood' is unknown"));
    for (const struct sg_programme_note *n = b.notes.first; n; n = n->next)
        CHECK(!n->left_out);
    sg_arena_clear(&b.arena);
}

static void test_a_table_without_a_needed_column_is_refused_by_name(void **state)
{
    (void)state;
    struct bench b = {0};
    assert_int_equal(READ(&b, incidents, "id,date,victim\na,2020,V\n"), SG_EPARSE);
    assert_string_equal(b.err.text, "incidents: the header has no column 'usd_m'");
    assert_int_equal(b.err.line, 1);
    assert_int_equal(READ(&b, totals, "source,vintage,year,usd_m\n"), SG_EPARSE);
    assert_string_equal(b.err.text, "totals: no row that can be used");
    assert_int_equal(READ(&b, launches, "date,outcome,date\n"), SG_EPARSE);
    assert_string_equal(b.err.text, "launches: column 'date' occurs twice");
    assert_int_equal(READ(&b, launches, ""), SG_EPARSE);
    sg_arena_clear(&b.arena);
}

static void test_json_launches_of_another_shape_are_refused_where_they_differ(void **state)
{
    (void)state;
    struct bench b = {0};
    assert_int_equal(READ(&b, launches, "{\"bins\": []}"), SG_EPARSE);
    CHECK(strstr(b.err.text, "timeBins"));
    assert_int_equal(READ(&b, launches, "{\"timeBins\": [{\"year\": 1}]}"), SG_EPARSE);
    CHECK(b.err.line == 1 && b.err.column == 15);
    assert_int_equal(READ(&b, launches, "{\"timeBins\": [{\"data\": [3]}]}"), SG_EPARSE);
    CHECK(strstr(b.err.text, "a launch is an object"));
    const char *one_bad =
        "{\"timeBins\":[{\"data\":[{\"date\":\"2020-13\",\"outcome\":\"success\"},"
        "{\"date\":\"2020-12-01\",\"outcome\":\"unknown\"}]}]}";
    CHECK_OK(READ(&b, launches, one_bad), &b.err);
    assert_int_equal(b.launches.count, 1);
    check_left_out(&b, 1, "calendar");
    sg_arena_clear(&b.arena);
}

static void test_totals_need_a_source_and_a_sane_year(void **state)
{
    (void)state;
    struct bench b = {0};
    const char *text = "source,vintage,year,usd_m,year_to\n"
                       "S,2023-01,2022,1.5,\n"
                       ",2023-01,2022,1.5,\n"
                       "S,2023-01,1822,1.5,\n"
                       "S,2023-01,2022,1.5,2020\n"
                       "S,2023-01,2022,1.5000001,\n";
    CHECK_OK(READ(&b, totals, text), &b.err);
    assert_int_equal(b.totals.count, 1);
    assert_int_equal(b.totals.items[0].usd, 1500000);
    check_left_out(&b, 3, "no source");
    check_left_out(&b, 4, "year out of range");
    check_left_out(&b, 5, "last year");
    check_left_out(&b, 6, "not a plain number");
    sg_arena_clear(&b.arena);
}

/* The carried assumptions with one piece of text replaced; at the line and column of the fault. */
static void check_refused(const char *from, const char *to, const char *why, uint32_t line)
{
    struct bench b = {0};
    const struct sg_text yaml = sg_programme_builtin(SG_BUILTIN_ASSUMPTIONS_YAML);
    char *text = sg_arena_alloc(&b.arena, yaml.size + strlen(to) + 1, 1);
    const char *at = memmem(yaml.data, yaml.size, from, strlen(from));
    CHECK(text && at);
    const size_t before = (size_t)(at - yaml.data), behind = yaml.size - before - strlen(from);
    memcpy(text, yaml.data, before);
    memcpy(text + before, to, strlen(to));
    memcpy(text + before + strlen(to), at + strlen(from), behind);
    const enum sg_status st =
        sg_assumptions_read(&b.assumptions, &b.arena, text, before + strlen(to) + behind, &b.err);
    assert_int_equal(st, SG_EPARSE);
    if (!strstr(b.err.text, why))
        fail_msg("'%s' does not say '%s'", b.err.text, why);
    assert_int_equal(b.err.line, line);
    sg_arena_clear(&b.arena);
}

static void test_priors_that_make_no_sense_are_refused_where_they_stand(void **state)
{
    (void)state;
    check_refused("    source: JUDGEMENT\n  not_laundered", "    source: \"\"\n  not_laundered",
                  "needs a source", 17);
    check_refused("recovered:", "recoverd:", "did you mean 'recovered'", 13);
    check_refused("low: 0.03", "low: 0.3", "low is above high", 14);
    check_refused("high: 0.12", "high: 1.2", "cannot exceed 1", 14);
    check_refused("low: 0.03", "low: -0.03", "negative", 14);
    check_refused("mode: 0.8", "mode: 0.1", "mode lies outside", 24);
    check_refused("form: loguniform", "form: normal", "form is one of", 9);
    check_refused("low: 0.03", "low: some", "not a number", 15);
    check_refused("low: 0.03", "lows: 0.03", "did you mean 'low'", 15);
    check_refused("period: [2018, 2022]", "period: [2022, 2018]", "before the first", 4);
    check_refused("year: 2022\n", "year: 22\n", "not a year", 3);
    check_refused("sd: 0.35", "sd: 4", "above 3", 30);
}

static void test_priors_that_cannot_sum_are_refused(void **state)
{
    (void)state;
    check_refused("low: 0.5\n    high: 0.8", "low: 0.85\n    high: 0.9", "cannot sum to one", 8);
    check_refused("high: 239.45", "high: 300", "more is recovered", 8);
}

static void test_judgement_is_read_off_the_source(void **state)
{
    (void)state;
    const struct sg_prior *priors = carried.assumptions.priors;
    CHECK(priors[SG_PRIOR_RECOVERED].is_judgement);
    CHECK(priors[SG_PRIOR_IMPORTED].is_judgement);
    CHECK(!priors[SG_PRIOR_GROSS].is_judgement);
    CHECK(!priors[SG_PRIOR_MATERIALS].is_judgement);
}

static enum sg_status read_trace(struct bench *b, const char *text)
{
    return sg_traced_read(&b->traced, &b->arena, text, strlen(text), &b->err);
}

static void test_a_trace_gives_the_range_over_policies_without_poison(void **state)
{
    (void)state;
    struct bench b = {0};
#define ASSET(stolen, unobserved, amount)                                                          \
    "{\"stolen\":\"" stolen                                                                        \
    "\",\"converted_in\":\"0\",\"converted_out\":\"0\",\"unobserved\":\"" unobserved               \
    "\",\"destinations\":[{\"amount\":\"" amount "\"},{\"amount\":\"1.000\"}]}"
    CHECK_OK(read_trace(&b, "{\"assets\":[" ASSET("100.0", "4", "90") "]}"), &b.err);
    CHECK_NEAR(b.traced.low, 0.91, 1e-12);
    CHECK_NEAR(b.traced.high, 0.95, 1e-12);
    CHECK_OK(read_trace(
                 &b, "{\"policies\":{\"fifo\":{\"assets\":[" ASSET(
                         "100", "4",
                         "90") "]},\"lifo\":{\"assets\":[" ASSET("100", "4",
                                                                 "50") "]},\"poison\":{\"assets\":"
                                                                       "[" ASSET("100", "0",
                                                                                 "900") "]}}}"),
             &b.err);
    CHECK_NEAR(b.traced.low, 0.51, 1e-12);
    CHECK_NEAR(b.traced.high, 0.95, 1e-12);
    assert_int_equal(read_trace(&b, "{\"assets\":[]}"), SG_EPARSE);
    assert_int_equal(read_trace(&b, "{}"), SG_EPARSE);
    assert_int_equal(read_trace(&b, "{\"assets\":[" ASSET("1e5", "4", "90") "]}"), SG_EPARSE);
    CHECK(strstr(b.err.text, "'stolen' is not an amount"));
    sg_arena_clear(&b.arena);
}

static enum sg_status read_all(struct sg_err *err)
{
    struct bench b = {0};
    const struct sg_text text[] = {sg_programme_builtin(SG_BUILTIN_ASSUMPTIONS_YAML)};
    const char *incidents = "id,date,victim,usd_m,usd_alt_m,date_alt,mood,recovered_m\n"
                            "a-1,2020,V,5,4 (X); then,2021-01-01 (Y),,1\nb,2020,V,-1,,,,\n";
    enum sg_status st =
        sg_incidents_read(&b.incidents, &b.notes, &b.arena, incidents, strlen(incidents), err);
    const char *launches = "{\"timeBins\":[{\"data\":[{\"date\":\"2020-12-01\"}]}]}";
    if (st == SG_OK)
        st = sg_launches_read(&b.launches, &b.notes, &b.arena, launches, strlen(launches), err);
    const char *totals = "source,vintage,year,usd_m\nS,2023,2022,1\n";
    if (st == SG_OK)
        st = sg_totals_read(&b.totals, &b.notes, &b.arena, totals, strlen(totals), err);
    if (st == SG_OK)
        st = sg_assumptions_read(&b.assumptions, &b.arena, text[0].data, text[0].size, err);
    sg_arena_clear(&b.arena);
    return st;
}

static void test_refused_memory_leaves_nothing(void **state)
{
    (void)state;
    struct sg_err err;
    CHECK_OOM_SWEEP(read_all(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried_tables_are_whole_and_without_notes),
        cmocka_unit_test(test_every_carried_row_names_a_source_that_is_listed),
        cmocka_unit_test(test_original_incidents_keep_what_is_only_free_text),
        cmocka_unit_test(test_un_annex_has_57_rows_and_its_sum),
        cmocka_unit_test(test_three_forms_of_launches_agree_on_2022),
        cmocka_unit_test(test_cns_dates_without_a_day_and_bytes_that_are_not_utf8_are_read),
        cmocka_unit_test(test_impossible_rows_are_left_out_with_their_reason),
        cmocka_unit_test(test_odd_rows_are_kept_with_a_note),
        cmocka_unit_test(test_a_table_without_a_needed_column_is_refused_by_name),
        cmocka_unit_test(test_json_launches_of_another_shape_are_refused_where_they_differ),
        cmocka_unit_test(test_totals_need_a_source_and_a_sane_year),
        cmocka_unit_test(test_priors_that_make_no_sense_are_refused_where_they_stand),
        cmocka_unit_test(test_priors_that_cannot_sum_are_refused),
        cmocka_unit_test(test_judgement_is_read_off_the_source),
        cmocka_unit_test(test_a_trace_gives_the_range_over_policies_without_poison),
        cmocka_unit_test(test_refused_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
