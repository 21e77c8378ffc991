/* Goal: over the carried tables, every figure that docs/methods/programme.md promises comes out,
 * with its verdict word, by the fixed rules.
 * Method: one run with a fixed seed, checked against the reference of each stage. */
#include "support/programme_tables.h"

#include "analysis/findings/findings.h"

#include <math.h>

static struct programme_tables tables;
static struct sg_findings found;

static struct sg_findings_options options(void)
{
    return (struct sg_findings_options){.money = {100000, 2, 1},
                                        .ratio = SG_RATIO_R3,
                                        .n_permutations = 9999,
                                        .n_power_runs = 1000};
}

static struct sg_findings_input input(void)
{
    return (struct sg_findings_input){.incidents = &tables.incidents,
                                      .totals = &tables.totals,
                                      .launches = &tables.launches,
                                      .facts = &tables.facts,
                                      .assumptions = &tables.assumptions};
}

static int setup(void **state)
{
    struct sg_err err;
    const struct sg_findings_options with = options();
    const struct sg_findings_input all = input();
    (void)state;
    programme_tables_load(&tables);
    CHECK_OK(sg_findings_compute(&found, &tables.notes, &tables.arena, &all, &with, &err), &err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sg_findings_clear(&found);
    programme_tables_clear(&tables);
    return 0;
}

static const struct sg_claim *claim(const char *id)
{
    const struct sg_claim *found_claim = sg_claim_find(&found, id);
    if (!found_claim)
        fail_msg("no claim %s", id);
    return found_claim;
}

static void check_verdict(const char *id, enum sg_verdict verdict, const char *says)
{
    const struct sg_claim *c = claim(id);
    assert_string_equal(sg_verdict_name(c->verdict), sg_verdict_name(verdict));
    if (!strstr(c->sentence, says) && !strstr(c->why, says))
        fail_msg("%s: neither '%s' nor '%s' says '%s'", id, c->sentence, c->why, says);
}

static uint64_t period_usd(const char *source, const char *vintage)
{
    const struct sg_gross_series *s = sg_gross_find(&found.gross, source, vintage);
    CHECK(s && s->covers_period);
    return s->period_usd;
}

static void test_totals_of_2018_to_2022_by_vintage(void **state)
{
    (void)state;
    assert_int_equal(period_usd("Chainalysis", "2023-02"), 3171800000);
    assert_int_equal(period_usd("Chainalysis", "2025-12"), 2700300000);
    assert_int_equal(period_usd("un95", ""), 2124372000);
    assert_int_equal(period_usd("TRM", "2025"), 1990000000);
    assert_int_equal(period_usd("TAY", "2025"), 2339150000);
    check_verdict("total", SG_VERDICT_BOUNDED, "true for this vintage only (Chainalysis, 2023-02");
}

static void test_un_annex_has_57_rows_where_its_text_says_58(void **state)
{
    (void)state;
    const struct sg_gross_series *annex = sg_gross_find(&found.gross, "un95", "");
    CHECK(annex);
    assert_int_equal(annex->n_rows, 57);
    assert_string_equal(found.flags[0].id, "un-count");
    assert_string_equal(found.flags[0].text, "The UN report's text says 58 cases; its annex lists "
                                             "57, which sum to 2,966.031 million dollars.");
}

static void test_tiers_of_the_period_and_coincheck_off_by_default(void **state)
{
    (void)state;
    const struct sg_gross_tier *tiers = found.gross.tiers;
    CHECK_NEAR((double)tiers[SG_TIER_A].usd / 1e6, 1108.7, 0.1);
    CHECK_NEAR((double)tiers[SG_TIER_B].usd / 1e6, 773.7, 0.1);
    CHECK_NEAR((double)tiers[SG_TIER_B_DISPUTED].usd / 1e6, 270.0, 0.1);
    CHECK_NEAR((double)tiers[SG_TIER_C].usd / 1e6, 409.1, 0.1);
    assert_int_equal(tiers[SG_TIER_D].usd, 0);
}

static void test_coincheck_switched_on_adds_534(void **state)
{
    (void)state;
    struct sg_gross off, on;
    struct sg_err err;
    struct sg_programme_notes notes = {0};
    struct sg_gross_request request = {&tables.incidents, &tables.totals, 2018, 2022, 2022, false};
    CHECK_OK(sg_gross_compute(&off, &notes, &tables.arena, &request, &err), &err);
    request.with_contested = true;
    CHECK_OK(sg_gross_compute(&on, &notes, &tables.arena, &request, &err), &err);
    uint64_t all_off = 0, all_on = 0;
    for (int t = 0; t < SG_TIER_COUNT; t++) {
        all_off += off.tiers[t].usd;
        all_on += on.tiers[t].usd;
    }
    assert_int_equal(all_on - all_off, 534000000);
}

static void test_net_cash_with_amount_errors_stands_beside(void **state)
{
    (void)state;
    const struct sg_net_finding *net = &found.net[0];
    assert_string_equal(net->vintage, "2023-02");
    CHECK_NEAR(net->net.p05, 1003, 20);
    CHECK_NEAR(net->net.p50, 1791, 36);
    CHECK_NEAR(net->net.p95, 2967, 59);
    CHECK(net->net_with_errors.p95 > net->net.p95);
    check_verdict("net-cash", SG_VERDICT_BOUNDED, "may have become cash");
    CHECK(claim("net-cash")->rests_on[SG_PRIOR_RETENTION]);
}

static void test_ratios_have_their_words(void **state)
{
    (void)state;
    check_verdict("R1", SG_VERDICT_COMPATIBLE, "cannot test it");
    check_verdict("R2", SG_VERDICT_NOT_IDENTIFIED, "what the missile programme costs");
    check_verdict("R3", SG_VERDICT_BOUNDED, "between 6.2 % and 81.6 %");
    check_verdict("R4", SG_VERDICT_NOT_IDENTIFIED, "denominator is missing");
    check_verdict("defence-budget", SG_VERDICT_REFUSED, "defence budget pays soldiers");
    check_verdict("inverted", SG_VERDICT_REFUSED, "turned round");
}

static void test_launches_of_2022(void **state)
{
    (void)state;
    check_verdict("launch-count", SG_VERDICT_IDENTIFIED,
                  "69 missiles for 2022: 42 successes, 5 failures and 22 whose outcome is unknown. "
                  "The figure of 42 counts successes, not attempts.");
    check_verdict("success-rate", SG_VERDICT_BOUNDED, "Between 60.9 % and 92.8 %");
}

static void test_association_is_not_identified(void **state)
{
    (void)state;
    CHECK(found.has_association);
    assert_string_equal(found.association_list, "un95");
    check_verdict("association", SG_VERDICT_NOT_IDENTIFIED,
                  "(+0.421, thefts 8 months earlier) becomes -0.079 without the theft of Sky "
                  "Mavis/Ronin (un95-38)");
    check_verdict("association", SG_VERDICT_NOT_IDENTIFIED, "power too low: NOT IDENTIFIED");
    check_verdict("association", SG_VERDICT_NOT_IDENTIFIED, "0.05 by circular shifts");
    CHECK_NEAR(found.power[3].known_lag, 0.77, 0.04);
    CHECK_NEAR(found.power[3].full_rule, 0.30, 0.06);
    CHECK_NEAR(found.power[0].known_lag, 0.05, 0.02);
    CHECK(found.power[0].full_rule <= 0.06);
}

static void test_costs_and_wages(void **state)
{
    (void)state;
    CHECK_NEAR(found.stated_cost.low, 208, 1e-9);
    CHECK_NEAR(found.stated_cost.high, 325, 1e-9);
    CHECK_NEAR(found.launches_cost.low, 334, 1e-9);
    CHECK_NEAR(found.launches_cost.high, 650, 1e-9);
    bool flagged = false;
    for (size_t i = 0; i < found.n_flags; i++)
        flagged = flagged || strstr(found.flags[i].text, "208 to 325 million dollars, against 400 "
                                                         "to 650");
    CHECK(flagged);
    CHECK_NEAR(found.wages.low, 9, 1e-9);
    CHECK_NEAR(found.wages.high, 1200, 1e-9);
    check_verdict("workforce", SG_VERDICT_BOUNDED, "250 to 600 million");
}

static const struct sg_incident *incident(const char *id)
{
    for (size_t i = 0; i < tables.incidents.count; i++)
        if (strcmp(tables.incidents.items[i].id, id) == 0)
            return &tables.incidents.items[i];
    fail_msg("no incident %s", id);
    return NULL;
}

static void test_kucoin_after_recovery_on_either_base(void **state)
{
    (void)state;
    const struct sg_incident *kucoin = incident("un95-28");
    const uint64_t bases[] = {275000000, 285000000};
    const double left[] = {35.55, 45.55};
    for (size_t b = 0; b < 2; b++) {
        bool shown = false;
        for (size_t i = 0; i < kucoin->n_amounts; i++)
            if (kucoin->amounts[i].low_usd == bases[b]) {
                CHECK_NEAR((double)sg_after_recovery(kucoin, i) / 1e6, left[b], 0.05);
                shown = true;
            }
        CHECK(shown);
    }
}

static void test_a_traced_theft_moves_net_cash_and_a_foreign_one_is_refused(void **state)
{
    (void)state;
    struct sg_findings traced;
    struct sg_err err;
    struct sg_findings_options with = options();
    struct sg_findings_input all = input();
    struct sg_traced_theft theft = {"un95-38", {0.9612, 0.9617}};
    const struct sg_traced_theft twice[] = {theft, theft};
    with.n_power_runs = 1;
    with.n_permutations = 1;
    all.traced = &theft;
    all.n_traced = 1;
    CHECK_OK(sg_findings_compute(&traced, &tables.notes, &tables.arena, &all, &with, &err), &err);
    CHECK(traced.net[0].has_traced);
    CHECK(traced.net[0].net.p50 > found.net[0].net.p50);
    sg_findings_clear(&traced);
    all.traced = twice;
    all.n_traced = 2;
    assert_int_equal(sg_findings_compute(&traced, &tables.notes, &tables.arena, &all, &with, &err),
                     SG_EUSAGE);
    CHECK(strstr(err.text, "two traces"));
    all.traced = &theft;
    all.n_traced = 1;
    theft.incident = "un95-99";
    assert_int_equal(sg_findings_compute(&traced, &tables.notes, &tables.arena, &all, &with, &err),
                     SG_EUSAGE);
    theft.incident = "un95-45";
    assert_int_equal(sg_findings_compute(&traced, &tables.notes, &tables.arena, &all, &with, &err),
                     SG_EUSAGE);
    CHECK(strstr(err.text, "outside the period"));
}

static void test_numbers_are_grouped(void **state)
{
    (void)state;
    char text[SG_NUMBER_TEXT_MAX];
    assert_string_equal(sg_number_format(text, 3171.8, 1), "3,171.8");
    assert_string_equal(sg_number_format(text, 999.96, 1), "1,000.0");
    assert_string_equal(sg_number_format(text, 0, 0), "0");
    assert_string_equal(sg_number_format(text, -1234567.5, 2), "-1,234,567.50");
    assert_string_equal(sg_number_format(text, 100, 0), "100");
}

static enum sg_status compute_again(struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_programme_notes notes = {0};
    struct sg_findings again;
    struct sg_findings_options with = options();
    const struct sg_findings_input all = input();
    with.money.n_draws = 2;
    with.money.n_threads = 1;
    with.n_permutations = with.n_power_runs = 1;
    const enum sg_status st = sg_findings_compute(&again, &notes, &arena, &all, &with, err);
    if (st == SG_OK)
        sg_findings_clear(&again);
    sg_arena_clear(&arena);
    return st;
}

static void test_refused_memory_leaves_nothing(void **state)
{
    (void)state;
    struct sg_err err;
    CHECK_OOM_SWEEP(compute_again(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals_of_2018_to_2022_by_vintage),
        cmocka_unit_test(test_un_annex_has_57_rows_where_its_text_says_58),
        cmocka_unit_test(test_tiers_of_the_period_and_coincheck_off_by_default),
        cmocka_unit_test(test_coincheck_switched_on_adds_534),
        cmocka_unit_test(test_net_cash_with_amount_errors_stands_beside),
        cmocka_unit_test(test_ratios_have_their_words),
        cmocka_unit_test(test_launches_of_2022),
        cmocka_unit_test(test_association_is_not_identified),
        cmocka_unit_test(test_costs_and_wages),
        cmocka_unit_test(test_kucoin_after_recovery_on_either_base),
        cmocka_unit_test(test_a_traced_theft_moves_net_cash_and_a_foreign_one_is_refused),
        cmocka_unit_test(test_numbers_are_grouped),
        cmocka_unit_test(test_refused_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
