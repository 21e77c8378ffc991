/* The JSON of docs/api/programme.json. */
#include "app/programme_report/programme_report_internal.h"

#include "analysis/methods/methods.h"
#include "base/jsonw.h"

static void kv_double(struct sg_jsonw *w, const char *key, double value)
{
    sg_jsonw_key(w, key);
    sg_jsonw_double(w, value);
}

static void kv_pair(struct sg_jsonw *w, const char *key, double low, double high)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_array(w);
    sg_jsonw_double(w, low);
    sg_jsonw_double(w, high);
    sg_jsonw_end_array(w);
}

static void kv_quantiles(struct sg_jsonw *w, const char *key, const struct sg_quantiles *q)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_object(w);
    kv_double(w, "p05", q->p05);
    kv_double(w, "p50", q->p50);
    kv_double(w, "p95", q->p95);
    sg_jsonw_end_object(w);
}

static void kv_year(struct sg_jsonw *w, const char *key, int16_t year)
{
    sg_jsonw_kv_uint(w, key, (uint64_t)year);
}

static void kv_date(struct sg_jsonw *w, const char *key, struct sg_programme_date date)
{
    char text[SG_PROGRAMME_DATE_MAX];
    sg_jsonw_kv_string(w, key, sg_programme_date_format(text, date));
}

static void write_ratio(struct sg_jsonw *w, const struct sg_programme_view *view)
{
    const enum sg_ratio ratio = view->options->ratio;
    const struct sg_claim *claim = programme_asked(view);
    sg_jsonw_key(w, "ratio");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "name", sg_ratio_name(ratio));
    sg_jsonw_kv_string(w, "whole", sg_ratio_whole(ratio));
    sg_jsonw_kv_string(w, "missing", sg_ratio_missing(ratio));
    sg_jsonw_kv_string(w, "verdict", claim ? sg_verdict_name(claim->verdict) : NULL);
    sg_jsonw_kv_string(w, "sentence", claim ? claim->sentence : NULL);
    sg_jsonw_end_object(w);
}

static void write_years(struct sg_jsonw *w, const struct sg_gross_series *series)
{
    sg_jsonw_key(w, "years");
    sg_jsonw_begin_array(w);
    for (int16_t i = 0; i < SG_GROSS_YEARS; i++) {
        if (!series->has[i])
            continue;
        sg_jsonw_begin_object(w);
        kv_year(w, "year", (int16_t)(SG_PROGRAMME_YEAR_MIN + i));
        sg_jsonw_kv_uint(w, "usd", series->usd[i]);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_gross(struct sg_jsonw *w, const struct sg_gross *gross)
{
    sg_jsonw_key(w, "gross");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < gross->n_series; i++) {
        const struct sg_gross_series *s = &gross->series[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "source", s->source);
        sg_jsonw_kv_string(w, "vintage", s->vintage);
        sg_jsonw_kv_string(w, "how", s->how);
        sg_jsonw_kv_bool(w, "is_list", s->is_list);
        sg_jsonw_kv_uint(w, "rows", s->n_rows);
        sg_jsonw_kv_bool(w, "covers_period", s->covers_period);
        sg_jsonw_kv_uint(w, "period_usd", s->period_usd);
        write_years(w, s);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_spans(struct sg_jsonw *w, const struct sg_gross *gross)
{
    sg_jsonw_key(w, "spans");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < gross->n_spans; i++) {
        const struct sg_total *t = gross->spans[i].total;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "source", t->source);
        sg_jsonw_kv_string(w, "vintage", t->vintage);
        kv_year(w, "from", t->year);
        kv_year(w, "to", t->year_to);
        sg_jsonw_kv_uint(w, "usd", t->usd);
        sg_jsonw_kv_string(w, "how", t->how);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_tiers(struct sg_jsonw *w, const struct sg_gross *gross)
{
    sg_jsonw_key(w, "tiers");
    sg_jsonw_begin_array(w);
    for (int t = 0; t < SG_TIER_COUNT; t++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "tier", sg_tier_name((enum sg_tier)t));
        sg_jsonw_kv_uint(w, "incidents", gross->tiers[t].n_incidents);
        sg_jsonw_kv_uint(w, "usd", gross->tiers[t].usd);
        sg_jsonw_kv_uint(w, "low_usd", gross->tiers[t].low_usd);
        sg_jsonw_kv_uint(w, "high_usd", gross->tiers[t].high_usd);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_net(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "net_cash_musd");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_net; i++) {
        const struct sg_net_finding *net = &found->net[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "source", net->source);
        sg_jsonw_kv_string(w, "vintage", net->vintage);
        kv_year(w, "from", net->from);
        kv_year(w, "to", net->to);
        kv_double(w, "gross", net->gross_musd);
        sg_jsonw_kv_bool(w, "traced", net->has_traced);
        kv_pair(w, "corners", net->corners.low, net->corners.high);
        kv_quantiles(w, "net", &net->net);
        kv_quantiles(w, "net_with_amount_errors", &net->net_with_errors);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "amount_errors");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "pairs", found->errors.n);
    sg_jsonw_kv_uint(w, "within_10pct", found->errors.n_within_10pct);
    sg_jsonw_end_object(w);
}

static void write_recoveries(struct sg_jsonw *w, const struct sg_incidents *incidents)
{
    sg_jsonw_key(w, "after_recovery");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < incidents->count; i++) {
        const struct sg_incident *incident = &incidents->items[i];
        for (size_t a = 0; incident->has_recovered && a < incident->n_amounts; a++) {
            sg_jsonw_begin_object(w);
            sg_jsonw_kv_string(w, "id", incident->id);
            sg_jsonw_kv_uint(w, "base_usd", incident->amounts[a].low_usd);
            sg_jsonw_kv_string(w, "base_source", incident->amounts[a].source);
            sg_jsonw_kv_uint(w, "left_usd", sg_after_recovery(incident, a));
            sg_jsonw_end_object(w);
        }
    }
    sg_jsonw_end_array(w);
}

static void write_sobol(struct sg_jsonw *w, const struct sg_share *share)
{
    sg_jsonw_key(w, "sobol");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < share->n_sobol; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "prior", sg_prior_name(share->sobol[i].prior));
        kv_double(w, "first", share->sobol[i].first);
        kv_double(w, "total", share->sobol[i].total);
        kv_double(w, "total_error", share->sobol[i].total_error);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_share(struct sg_jsonw *w, const struct sg_share *share)
{
    sg_jsonw_key(w, "share");
    sg_jsonw_begin_object(w);
    kv_quantiles(w, "net_musd", &share->net);
    kv_quantiles(w, "other_musd", &share->other);
    kv_pair(w, "corners", share->corners.low, share->corners.high);
    kv_quantiles(w, "share", &share->share);
    kv_double(w, "above_half", share->above_half);
    kv_quantiles(w, "components_musd", &share->components);
    kv_double(w, "component_share_unbounded", share->whole_set);
    kv_quantiles(w, "needed_for_claim", &share->needed);
    write_sobol(w, share);
    sg_jsonw_end_object(w);
}

static void write_launches(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "launches");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_launch_years; i++) {
        const struct sg_launch_year *year = &found->launch_years[i];
        sg_jsonw_begin_object(w);
        kv_year(w, "year", year->year);
        sg_jsonw_kv_uint(w, "all", year->all);
        sg_jsonw_kv_uint(w, "success", year->n[SG_LAUNCH_SUCCESS]);
        sg_jsonw_kv_uint(w, "failure", year->n[SG_LAUNCH_FAILURE]);
        sg_jsonw_kv_uint(w, "unknown", year->n[SG_LAUNCH_UNKNOWN]);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_deletion(struct sg_jsonw *w, const struct sg_findings *found,
                           const struct sg_deletion *deletion)
{
    const int year = found->gross.from + (int)(deletion->index / 12);
    char text[32];
    sg_jsonw_begin_object(w);
    switch (deletion->kind) {
    case SG_DELETED_THEFT:
        sg_jsonw_kv_string(w, "without", found->thefts[deletion->index].id);
        break;
    case SG_DELETED_MONTH:
        sg_jsonw_kv_string(w, "without",
                           sg_programme_date_format(
                               text, (struct sg_programme_date){
                                         (int16_t)year, (uint8_t)(deletion->index % 12 + 1), 0}));
        break;
    case SG_DELETED_YEAR:
        sg_jsonw_kv_string(
            w, "without",
            sg_programme_date_format(
                text, (struct sg_programme_date){
                          (int16_t)(found->gross.from + (int)deletion->index), 0, 0}));
        break;
    }
    kv_double(w, "r", deletion->r);
    sg_jsonw_end_object(w);
}

static void write_power(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "power");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < SG_POWER_COUNT; i++) {
        sg_jsonw_begin_object(w);
        kv_double(w, "rate_ratio", sg_power_ratios[i]);
        kv_double(w, "known_lag", found->power[i].known_lag);
        kv_double(w, "any_lag", found->power[i].any_lag);
        kv_double(w, "full_rule", found->power[i].full_rule);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_association(struct sg_jsonw *w, const struct sg_findings *found)
{
    const struct sg_association *a = &found->association;
    sg_jsonw_key(w, "association");
    if (!found->has_association) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "thefts_of", found->association_list);
    sg_jsonw_key(w, "r_by_lag");
    sg_jsonw_begin_array(w);
    for (size_t lag = 0; lag < SG_LAG_COUNT; lag++)
        sg_jsonw_double(w, a->r[lag]);
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "best_lag", a->best_lag);
    kv_double(w, "p_blocks_of_6_months", a->p_block);
    kv_double(w, "p_circular_shifts", a->p_shift);
    kv_double(w, "launches_mean", a->launches_mean);
    kv_double(w, "launches_dispersion", a->dispersion);
    sg_jsonw_kv_uint(w, "months_without_launch", a->n_zero_months);
    sg_jsonw_kv_bool(w, "sign_is_stable", a->is_stable);
    sg_jsonw_key(w, "deletions");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < a->n_deletions; i++)
        write_deletion(w, found, &a->deletions[i]);
    sg_jsonw_end_array(w);
    write_power(w, found);
    sg_jsonw_end_object(w);
}

static void write_annual(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "annual");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_annual; i++) {
        const struct sg_annual_finding *a = &found->annual[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "source", a->source);
        sg_jsonw_kv_string(w, "vintage", a->vintage);
        kv_double(w, "r", a->annual.r);
        kv_double(w, "p", a->annual.p);
        sg_jsonw_key(w, "without");
        sg_jsonw_begin_array(w);
        for (size_t y = 0; y < a->n_years; y++) {
            sg_jsonw_begin_object(w);
            kv_year(w, "year", (int16_t)(found->gross.from + (int)y));
            kv_double(w, "r", a->annual.without[y]);
            sg_jsonw_end_object(w);
        }
        sg_jsonw_end_array(w);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_incident(struct sg_jsonw *w, const struct sg_incident *incident)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "id", incident->id);
    sg_jsonw_kv_string(w, "victim", incident->victim);
    sg_jsonw_kv_string(w, "aim", sg_aim_name(incident->aim));
    sg_jsonw_kv_string(w, "tier", sg_tier_name(incident->tier));
    sg_jsonw_key(w, "dates");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < incident->n_dates; i++) {
        sg_jsonw_begin_object(w);
        kv_date(w, "date", incident->dates[i].date);
        sg_jsonw_kv_string(w, "source", incident->dates[i].source);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "amounts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < incident->n_amounts; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_uint(w, "low_usd", incident->amounts[i].low_usd);
        sg_jsonw_kv_uint(w, "high_usd", incident->amounts[i].high_usd);
        sg_jsonw_kv_string(w, "source", incident->amounts[i].source);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_kv_string(w, "attribution", incident->attribution);
    sg_jsonw_kv_string(w, "remark", incident->remark);
    sg_jsonw_end_object(w);
}

static void write_incidents(struct sg_jsonw *w, const struct sg_incidents *incidents)
{
    sg_jsonw_key(w, "incidents");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < incidents->count; i++)
        write_incident(w, &incidents->items[i]);
    sg_jsonw_end_array(w);
}

static void write_facts(struct sg_jsonw *w, const struct sg_facts *facts)
{
    sg_jsonw_key(w, "facts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < facts->count; i++) {
        const struct sg_fact *fact = &facts->items[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "id", fact->id);
        sg_jsonw_kv_string(w, "topic", fact->topic);
        kv_year(w, "year", fact->year);
        kv_pair(w, "range", fact->low, fact->high);
        sg_jsonw_kv_string(w, "unit", fact->unit);
        sg_jsonw_kv_string(w, "what", fact->what);
        sg_jsonw_kv_string(w, "source", fact->source);
        sg_jsonw_kv_bool(w, "verified", fact->verified);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_claims(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "claims");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_claims; i++) {
        const struct sg_claim *claim = &found->claims[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "id", claim->id);
        sg_jsonw_kv_string(w, "claim", claim->claim);
        sg_jsonw_kv_string(w, "verdict", sg_verdict_name(claim->verdict));
        sg_jsonw_kv_string(w, "sentence", claim->sentence);
        sg_jsonw_kv_string(w, "why", claim->why);
        sg_jsonw_key(w, "rests_on_judgement");
        sg_jsonw_begin_array(w);
        for (int p = 0; p < SG_PRIOR_COUNT; p++)
            if (claim->rests_on[p])
                sg_jsonw_string(w, sg_prior_name((enum sg_prior_name)p));
        sg_jsonw_end_array(w);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_flags(struct sg_jsonw *w, const struct sg_findings *found)
{
    sg_jsonw_key(w, "flags");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_flags; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "id", found->flags[i].id);
        sg_jsonw_kv_string(w, "text", found->flags[i].text);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_priors(struct sg_jsonw *w, const struct sg_assumptions *assumptions)
{
    sg_jsonw_key(w, "priors");
    sg_jsonw_begin_array(w);
    for (int i = 0; i < SG_PRIOR_COUNT; i++) {
        const struct sg_prior *prior = &assumptions->priors[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "name", sg_prior_name((enum sg_prior_name)i));
        kv_pair(w, "range", prior->low, prior->high);
        kv_double(w, "sd", prior->sd);
        sg_jsonw_kv_string(w, "source", prior->source);
        sg_jsonw_kv_bool(w, "judgement", prior->is_judgement);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_notes(struct sg_jsonw *w, const struct sg_programme_notes *notes)
{
    sg_jsonw_key(w, "notes");
    sg_jsonw_begin_array(w);
    for (const struct sg_programme_note *note = notes->first; note; note = note->next) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "table", note->table);
        sg_jsonw_kv_uint(w, "row", note->row);
        sg_jsonw_kv_bool(w, "left_out", note->left_out);
        sg_jsonw_kv_string(w, "text", note->text);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_files(struct sg_jsonw *w, const struct sg_programme_view *view)
{
    sg_jsonw_key(w, "files");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < view->n_files; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "table", view->files[i].table);
        sg_jsonw_kv_string(w, "name", view->files[i].name);
        sg_jsonw_key(w, "sha256");
        sg_jsonw_hex(w, view->files[i].digest32, SG_SHA256_SIZE);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void write_manifest(struct sg_jsonw *w, const struct sg_programme_view *view)
{
    sg_jsonw_key(w, "manifest");
    sg_jsonw_begin_object(w);
    write_files(w, view);
    sg_jsonw_kv_uint(w, "method_programme", sg_method_version("programme"));
    sg_jsonw_kv_uint(w, "method_programme_association", sg_method_version("programme-association"));
    sg_jsonw_kv_uint(w, "seed", view->options->money.seed);
    sg_jsonw_kv_uint(w, "draws", view->options->money.n_draws);
    sg_jsonw_kv_uint(w, "permutations", view->options->n_permutations);
    sg_jsonw_kv_uint(w, "power_runs", view->options->n_power_runs);
    sg_jsonw_kv_bool(w, "contested", view->options->with_contested);
    sg_jsonw_end_object(w);
}

void sg_programme_json(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_findings *found = view->findings;
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    kv_year(&w, "year", view->input->assumptions->year);
    kv_year(&w, "period_from", found->gross.from);
    kv_year(&w, "period_to", found->gross.to);
    write_ratio(&w, view);
    write_claims(&w, found);
    write_flags(&w, found);
    write_gross(&w, &found->gross);
    write_spans(&w, &found->gross);
    write_tiers(&w, &found->gross);
    write_recoveries(&w, view->input->incidents);
    write_net(&w, found);
    write_share(&w, &found->share);
    write_launches(&w, found);
    write_association(&w, found);
    write_annual(&w, found);
    sg_jsonw_key(&w, "costs_musd");
    sg_jsonw_begin_object(&w);
    kv_pair(&w, "launches_of_year", found->launches_cost.low, found->launches_cost.high);
    kv_pair(&w, "stated_counts", found->stated_cost.low, found->stated_cost.high);
    kv_pair(&w, "wages", found->wages.low, found->wages.high);
    sg_jsonw_end_object(&w);
    write_incidents(&w, view->input->incidents);
    write_facts(&w, view->input->facts);
    write_priors(&w, view->input->assumptions);
    write_notes(&w, view->notes);
    write_manifest(&w, view);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}
