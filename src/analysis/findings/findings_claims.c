/* The claims that circulate, each with its verdict and the sentence that may be written. Fixed
 * sentences with numbers put in: nobody words a result by hand. */
#include "analysis/findings/findings_internal.h"

#include <stdio.h>
#include <string.h>

static void add(struct work *w, const struct sg_claim *claim)
{
    if (w->out->n_claims < SG_CLAIMS_MAX)
        w->out->claims[w->out->n_claims++] = *claim;
}

/* Mark the priors first..last that are judgement; whether there is one. */
static bool mark_judgement(struct sg_claim *claim, const struct work *w, enum sg_prior_name first,
                           enum sg_prior_name last)
{
    bool any = false;
    for (int i = (int)first; i <= (int)last; i++) {
        claim->rests_on[i] = w->input->assumptions->priors[i].is_judgement;
        any = any || claim->rests_on[i];
    }
    return any;
}

/* "A 3,171.8; B 2,700.3": totals of the period on the wanted side of a threshold. */
static const char *list_totals(struct work *w, double threshold, bool above, size_t *n)
{
    char text[SAY_MAX];
    size_t at = 0;
    *n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < w->out->gross.n_series; i++) {
        const struct sg_gross_series *s = &w->out->gross.series[i];
        struct numbers numbers = {0};
        if (!s->covers_period || (musd(s->period_usd) > threshold) != above ||
            at + 200 > sizeof(text))
            continue;
        at += (size_t)snprintf(text + at, 200, "%s%.100s: %s", *n ? "; " : "",
                               sg_series_label(w, s->source, s->vintage, s->is_list),
                               sg_number(&numbers, musd(s->period_usd), 1));
        ++*n;
    }
    return sg_say(w, "%s", text);
}

/* Smallest and largest total of the period over vintages, and over tiers as they add up. */
static struct sg_bounds spread_of_totals(const struct work *w)
{
    const struct sg_gross *g = &w->out->gross;
    struct sg_bounds bounds = {musd(g->low_usd), musd(g->high_usd)};
    double sum = 0;
    for (int t = 0; t < SG_TIER_COUNT; t++) {
        if (g->tiers[t].n_incidents == 0)
            continue;
        sum += musd(g->tiers[t].usd);
        bounds.low = sum < bounds.low ? sum : bounds.low;
        bounds.high = sum > bounds.high ? sum : bounds.high;
    }
    return bounds;
}

static void claim_total(struct work *w)
{
    const struct sg_fact *fact = sg_fact_find(w->input->facts, "claim-3bn");
    struct numbers n = {0};
    size_t n_above, n_below;
    if (!fact || w->out->gross.high_usd == 0)
        return;
    const char *above = list_totals(w, fact->low, true, &n_above);
    const char *below = list_totals(w, fact->low, false, &n_below);
    const struct sg_bounds spread = spread_of_totals(w);
    const struct sg_amount_evidence evidence = {spread.low, spread.high, false, true, 0, true};
    const char *truth = n_above == 0   ? "false"
                        : n_below == 0 ? "true"
                        : n_above == 1 ? "true for this vintage only"
                                       : "true for some vintages only";
    add(w,
        &(struct sg_claim){
            .id = "total",
            .claim = sg_say(w, "More than %s million dollars were stolen in %d to %d.",
                            sg_number(&n, fact->low, 0), w->out->gross.from, w->out->gross.to),
            .verdict = sg_verdict_amount(&evidence),
            .sentence = sg_say(w,
                               "The claim is %s (%s). Others put the same years lower (%s). All in "
                               "million dollars.",
                               truth, n_above ? above : "none", n_below ? below : "none"),
            .why = sg_say(w,
                          "Between %s and %s million by vintage and tier: %.0f %% apart, where "
                          "10 %% would count as agreement.",
                          sg_number(&n, spread.low, 1), sg_number(&n, spread.high, 1),
                          100 * (spread.high - spread.low) / spread.high)});
}

static void claim_net(struct work *w)
{
    struct numbers n = {0};
    struct sg_bounds corners = {0, 0}, middle = {0, 0};
    for (size_t i = 0; i < w->out->n_net; i++) {
        const struct sg_net_finding *net = &w->out->net[i];
        if (i == 0 || net->corners.low < corners.low)
            corners.low = net->corners.low;
        if (i == 0 || net->corners.high > corners.high)
            corners.high = net->corners.high;
        if (i == 0 || net->net.p50 < middle.low)
            middle.low = net->net.p50;
        if (i == 0 || net->net.p50 > middle.high)
            middle.high = net->net.p50;
    }
    struct sg_claim claim = {.id = "net-cash", .claim = "What was stolen is what was gained."};
    const bool judged =
        mark_judgement(&claim, w, SG_PRIOR_PERIOD_KNOWN_BASE, SG_PRIOR_PERIOD_PRICE) ||
        w->input->assumptions->priors[SG_PRIOR_RETENTION].is_judgement;
    claim.rests_on[SG_PRIOR_RETENTION] =
        w->input->assumptions->priors[SG_PRIOR_RETENTION].is_judgement;
    if (w->out->n_net == 0)
        return;
    claim.verdict = sg_verdict_amount(
        &(struct sg_amount_evidence){corners.low, corners.high, judged, true, 0, true});
    claim.sentence = sg_say(w,
                            "Of what was stolen, something like %s to %s million dollars may have "
                            "become cash, depending on whose total one takes; the bounds of the "
                            "assumptions allow %s to %s.",
                            sg_number(&n, middle.low, 0), sg_number(&n, middle.high, 0),
                            sg_number(&n, corners.low, 0), sg_number(&n, corners.high, 0));
    claim.why = "Medians over vintages; bounds at the corners of the priors with prices as they "
                "were at the theft. Recoveries, money that was never laundered, fees and price "
                "changes are assumptions.";
    add(w, &claim);
}

static void claim_launches(struct work *w)
{
    const struct sg_fact *press = sg_fact_find(w->input->facts, "cns-press");
    const struct sg_launch_year *year = sg_find_launch_year(w->out, w->input->assumptions->year);
    if (!press || !year || year->all == 0)
        return;
    const size_t known = year->n[SG_LAUNCH_SUCCESS], lost = year->n[SG_LAUNCH_FAILURE];
    const size_t open = year->n[SG_LAUNCH_UNKNOWN];
    const bool counts_successes = (size_t)press->low == known && known != year->all;
    add(w, &(struct sg_claim){
               .id = "launch-count",
               .claim = sg_say(w, "There were more than %.0f launch attempts in %d.", press->low,
                               year->year),
               .verdict = sg_verdict_amount(&(struct sg_amount_evidence){
                   (double)year->all, (double)year->all, false, true, 0, true}),
               .sentence = sg_say(w,
                                  "The table has %zu missiles for %d: %zu successes, %zu failures "
                                  "and %zu whose outcome is unknown.%s",
                                  year->all, year->year, known, lost, open,
                                  counts_successes ? " The figure of 42 counts successes, not "
                                                     "attempts."
                                                   : ""),
               .why = "Rows of one table that tells what it counts; other counters count other "
                      "things (with cruise missiles, by launch day)."});
    const double low = (double)known / (double)year->all;
    const double high = (double)(known + open) / (double)year->all;
    add(w, &(struct sg_claim){
               .id = "success-rate",
               .claim = sg_say(w, "Most launches of %d succeeded.", year->year),
               .verdict = sg_verdict_amount(
                   &(struct sg_amount_evidence){low, high, false, low > 0 || high < 1, 0, true}),
               .sentence = sg_say(w, "Between %.1f %% and %.1f %% of the launches of %d succeeded.",
                                  100 * low, 100 * high, year->year),
               .why = sg_say(w, "All %zu unknown outcomes taken as failures, then as successes.",
                             open)});
}

static const char *ratio_claim(struct work *w, enum sg_ratio ratio, const char *fact_id)
{
    const struct sg_fact *fact = sg_fact_find(w->input->facts, fact_id);
    return fact ? sg_say(w, "%s: %.0f %% of %s come from theft (%s).", sg_ratio_name(ratio),
                         fact->high, sg_ratio_whole(ratio), fact->source)
                : NULL;
}

static void claim_components(struct work *w)
{
    const struct sg_share *s = &w->out->share;
    struct sg_claim claim = {.id = "R1", .claim = ratio_claim(w, SG_RATIO_R1, "ratio-r1")};
    if (!claim.claim)
        return;
    const bool judged = mark_judgement(&claim, w, SG_PRIOR_GROSS, SG_PRIOR_IMPORTED);
    claim.verdict =
        sg_verdict_amount(&(struct sg_amount_evidence){0, 1, judged, false, s->whole_set, true});
    claim.sentence =
        sg_say(w,
               "The figures do not contradict the claim and cannot test it: for it to "
               "hold, %.1f %% to %.1f %% of the year's net theft income (median %.1f %%) "
               "would have to go into components.",
               100 * s->needed.p05, 100 * s->needed.p95, 100 * s->needed.p50);
    claim.why =
        sg_say(w,
               "In %.1f %% of draws the share can be anything from 0 to 1: both theft and the "
               "other income could pay all components. What part of material is imported "
               "has no source.",
               100 * s->whole_set);
    add(w, &claim);
}

static void claim_income(struct work *w)
{
    const struct sg_share *s = &w->out->share;
    struct sg_claim claim = {.id = "R3", .claim = ratio_claim(w, SG_RATIO_R3, "ratio-r3")};
    if (!claim.claim)
        return;
    const bool judged = mark_judgement(&claim, w, SG_PRIOR_GROSS, SG_PRIOR_ARMS);
    const bool exclude = s->corners.low > 0 || s->corners.high < 1;
    claim.verdict = sg_verdict_amount(
        &(struct sg_amount_evidence){s->corners.low, s->corners.high, judged, exclude, 0, true});
    claim.sentence = sg_say(
        w,
        "Theft can have been between %.1f %% and %.1f %% of foreign currency income in %d; "
        "under the stated assumptions nine draws of ten lie between %.0f %% and %.0f %% (median "
        "%.0f %%), and above a half in %.0f %% of draws.",
        100 * s->corners.low, 100 * s->corners.high, w->input->assumptions->year,
        100 * s->share.p05, 100 * s->share.p95, 100 * s->share.p50, 100 * s->above_half);
    claim.why = sg_say(w,
                       "Corners of all priors with prices as they were at the theft; then %zu "
                       "draws, seed %llu.",
                       w->options->money.n_draws, (unsigned long long)w->options->money.seed);
    add(w, &claim);
}

static void claim_without_denominator(struct work *w, enum sg_ratio ratio, const char *fact_id)
{
    const char *text = ratio_claim(w, ratio, fact_id);
    if (!text)
        return;
    add(w,
        &(struct sg_claim){
            .id = sg_ratio_name(ratio),
            .claim = text,
            .verdict = sg_verdict_amount(&(struct sg_amount_evidence){0, 1, true, false, 0, false}),
            .sentence =
                sg_say(w, "Officials said so; it cannot be computed from what is published."),
            .why = sg_say(w, "The denominator is missing: %s.", sg_ratio_missing(ratio))});
}

static void claim_refused(struct work *w, const char *id, const char *fact_id,
                          enum sg_denominator denominator)
{
    const struct sg_fact *fact = sg_fact_find(w->input->facts, fact_id);
    if (!fact)
        return;
    add(w, &(struct sg_claim){
               .id = id,
               .claim = sg_say(w, "%s.", fact->what),
               .verdict = SG_VERDICT_REFUSED,
               .sentence = "Do not write it: no source says so.",
               .why = sg_say(w, "Refused: %s.", sg_ratio_refusal(SG_RATIO_R1, denominator))});
}

static const char *theft_name(struct work *w, const char *id)
{
    for (size_t i = 0; i < w->input->incidents->count; i++)
        if (strcmp(w->input->incidents->items[i].id, id) == 0)
            return sg_say(w, "the theft of %.64s (%.64s)", w->input->incidents->items[i].victim,
                          id);
    return id;
}

static const char *deletion_name(struct work *w, const struct sg_deletion *deletion)
{
    switch (deletion->kind) {
    case SG_DELETED_THEFT:
        return theft_name(w, w->out->thefts[deletion->index].id);
    case SG_DELETED_MONTH:
        return sg_say(w, "the month %d-%02zu", w->out->gross.from + (int)(deletion->index / 12),
                      deletion->index % 12 + 1);
    case SG_DELETED_YEAR:
        return sg_say(w, "the year %d", w->out->gross.from + (int)deletion->index);
    }
    return "";
}

static void claim_association(struct work *w)
{
    const struct sg_association *a = &w->out->association;
    const double power = w->out->power[SG_POWER_COUNT - 1].full_rule;
    struct sg_claim claim = {.id = "association",
                             .claim = "Launches rose because of, or along with, the thefts."};
    if (!w->out->has_association) {
        claim.verdict = SG_VERDICT_NOT_IDENTIFIED;
        claim.sentence = "The tables do not allow to compare launches with thefts.";
        claim.why = "No list of incidents covers every year of the period.";
        add(w, &claim);
        return;
    }
    const struct sg_deletion *weakest = &a->deletions[a->weakest];
    claim.verdict =
        sg_verdict_association(&(struct sg_association_evidence){a->p_block, a->is_stable, power});
    claim.sentence =
        claim.verdict == SG_VERDICT_ASSOCIATION
            ? sg_say(w,
                     "Launches and thefts %u months earlier go together; that is an association, "
                     "never a cause.",
                     a->best_lag)
            : sg_say(w,
                     "Whether launches go with thefts cannot be told from these years: the "
                     "strongest correlation (%+.3f, thefts %u months earlier) becomes %+.3f "
                     "without %s.",
                     a->r[a->best_lag], a->best_lag, weakest->r, deletion_name(w, weakest));
    claim.why = sg_say(w,
                       "Largest of %d lags, p %.2f by permutation of %d-month blocks (%.2f by "
                       "circular shifts); sign %s under deletions; the whole rule would find a "
                       "doubling of the rate in %.0f %% of cases%s.",
                       SG_LAG_COUNT, a->p_block, SG_BLOCK_MONTHS, a->p_shift,
                       a->is_stable ? "stable" : "not stable", 100 * power,
                       power < SG_VERDICT_POWER ? ": power too low: NOT IDENTIFIED" : "");
    add(w, &claim);
}

static void claim_workforce(struct work *w)
{
    const struct sg_fact *heads = sg_fact_find(w->input->facts, "it-heads-brief");
    const struct sg_fact *pay = sg_fact_find(w->input->facts, "it-pay-high");
    const struct sg_fact *least = sg_fact_find(w->input->facts, "it-pay-low");
    const struct sg_fact *un = sg_fact_find(w->input->facts, "it-total-un");
    struct numbers n = {0};
    if (!heads || !pay || !least || !un)
        return;
    const struct sg_product *wages = &w->out->wages;
    add(w, &(struct sg_claim){
               .id = "workforce",
               .claim = sg_say(w, "%s to %s IT workers earn up to %s dollars a year each.",
                               sg_number(&n, heads->low, 0), sg_number(&n, heads->high, 0),
                               sg_number(&n, pay->high, 0)),
               .verdict = sg_verdict_amount(&(struct sg_amount_evidence){
                   wages->low, wages->high, true, wages->low > 0, 0, true}),
               .sentence = sg_say(w,
                                  "Heads times pay spans %s to %s million dollars a year, which "
                                  "says little; the UN puts the revenue at %s to %s million.",
                                  sg_number(&n, wages->low, 0), sg_number(&n, wages->high, 0),
                                  sg_number(&n, un->low, 0), sg_number(&n, un->high, 0)),
               .why = sg_say(w, "Heads: %s. Lowest pay: %s. Highest pay: %s. Revenue: %s.",
                             heads->source, least->source, pay->source, un->source)});
}

void sg_find_claims(struct work *w)
{
    claim_total(w);
    claim_net(w);
    claim_components(w);
    claim_without_denominator(w, SG_RATIO_R2, "ratio-r2-2023-05");
    claim_income(w);
    claim_without_denominator(w, SG_RATIO_R4, "ratio-r4");
    claim_refused(w, "defence-budget", "claim-defence", SG_WHOLE_DEFENCE_BUDGET);
    claim_refused(w, "inverted", "claim-inverted", SG_WHOLE_STOLEN);
    claim_launches(w);
    claim_association(w);
    claim_workforce(w);
}
