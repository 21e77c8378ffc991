#include "analysis/findings/findings_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const double sg_power_ratios[SG_POWER_COUNT] = {1, 1.25, 1.5, 2};

const struct sg_fact *sg_fact_find(const struct sg_facts *facts, const char *id)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].id, id) == 0)
            return &facts->items[i];
    return NULL;
}

const struct sg_claim *sg_claim_find(const struct sg_findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->n_claims; i++)
        if (strcmp(findings->claims[i].id, id) == 0)
            return &findings->claims[i];
    return NULL;
}

char *sg_number_format(char text[SG_NUMBER_TEXT_MAX], double value, unsigned decimals)
{
    char plain[SG_NUMBER_TEXT_MAX];
    size_t at = 0;
    snprintf(plain, sizeof(plain), "%.*f", (int)decimals, fmin(fmax(value, -1e15), 1e15));
    const size_t whole = strcspn(plain, ".");
    for (size_t i = 0; plain[i] && at + 2 < SG_NUMBER_TEXT_MAX; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
    return text;
}

const char *sg_number(struct numbers *numbers, double value, unsigned decimals)
{
    char *text = numbers->text[numbers->n++ % 8];
    return sg_number_format(text, value, decimals);
}

const char *sg_say(struct work *w, const char *fmt, ...)
{
    char text[SAY_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    const char *kept = sg_arena_strndup(w->arena, text, strlen(text));
    w->refused_memory = w->refused_memory || !kept;
    return kept ? kept : "";
}

const char *sg_series_label(struct work *w, const char *source, const char *vintage, bool is_list)
{
    if (is_list)
        return sg_say(w, strcmp(source, "un95") == 0 ? "UN annex 95" : "list %s", source);
    return sg_say(w, "%s, %s", source, vintage);
}

const struct sg_gross_series *sg_find_main_list(const struct sg_gross *gross)
{
    const struct sg_gross_series *best = NULL;
    for (size_t i = 0; i < gross->n_series; i++)
        if (gross->series[i].is_list && gross->series[i].covers_period &&
            (!best || gross->series[i].n_rows > best->n_rows))
            best = &gross->series[i];
    return best;
}

const struct sg_launch_year *sg_find_launch_year(const struct sg_findings *findings, int16_t year)
{
    for (size_t i = 0; i < findings->n_launch_years; i++)
        if (findings->launch_years[i].year == year)
            return &findings->launch_years[i];
    return NULL;
}

enum sg_status sg_findings_compute(struct sg_findings *findings, struct sg_programme_notes *notes,
                                   struct sg_arena *arena, const struct sg_findings_input *input,
                                   const struct sg_findings_options *options, struct sg_err *err)
{
    struct sg_findings out = {0};
    struct work work = {&out, notes, arena, input, options, false};
    const struct sg_gross_request request = {.incidents = input->incidents,
                                             .totals = input->totals,
                                             .from = input->assumptions->period_from,
                                             .to = input->assumptions->period_to,
                                             .year = input->assumptions->year,
                                             .with_contested = options->with_contested};
    enum sg_status st = sg_gross_compute(&out.gross, notes, arena, &request, err);
    if (st == SG_OK)
        st = sg_find_money(&work, err);
    if (st == SG_OK)
        st = sg_find_launches(&work, err);
    if (st == SG_OK) {
        sg_find_claims(&work);
        sg_find_flags(&work);
        if (work.refused_memory)
            st = sg_err_nomem(err);
    }
    if (st == SG_OK)
        *findings = out;
    else
        sg_findings_clear(&out);
    return st;
}

void sg_findings_clear(struct sg_findings *findings)
{
    sg_association_clear(&findings->association);
}
