#include "analysis/gross/gross.h"

#include <string.h>
#include <strings.h>

bool sg_gross_counts(const struct sg_incident *incident, bool with_contested)
{
    return incident->aim == SG_AIM_THEFT && (with_contested || incident->tier != SG_TIER_D);
}

uint64_t sg_after_recovery(const struct sg_incident *incident, size_t i)
{
    const uint64_t stolen = incident->amounts[i].low_usd;
    const uint64_t back = incident->has_recovered ? incident->recovered.low_usd : 0;
    return stolen > back ? stolen - back : 0;
}

const struct sg_gross_series *sg_gross_find(const struct sg_gross *gross, const char *source,
                                            const char *vintage)
{
    for (size_t i = 0; i < gross->n_series; i++)
        if (strcmp(gross->series[i].source, source) == 0 &&
            strcmp(gross->series[i].vintage, vintage) == 0)
            return &gross->series[i];
    return NULL;
}

static bool is_in_period(int16_t year, const struct sg_gross_request *request)
{
    return year >= request->from && year <= request->to;
}

static enum sg_status add(uint64_t *sum, uint64_t usd, struct sg_err *err)
{
    if (__builtin_add_overflow(*sum, usd, sum))
        return sg_err_set(err, SG_ELIMIT, "totals: a sum exceeds 2^64 dollars");
    return SG_OK;
}

static enum sg_status add_year(struct sg_gross_series *series, int16_t year, uint64_t usd,
                               struct sg_err *err)
{
    const size_t at = (size_t)(year - SG_PROGRAMME_YEAR_MIN);
    series->has[at] = true;
    series->n_rows++;
    return add(&series->usd[at], usd, err);
}

/* The sum over the period, and whether it is whole. A list of incidents covers every year between
 * its first and its last. */
static enum sg_status close_series(struct sg_gross_series *series,
                                   const struct sg_gross_request *request, struct sg_err *err)
{
    series->covers_period = true;
    for (int16_t year = request->from; year <= request->to; year++) {
        const size_t at = (size_t)(year - SG_PROGRAMME_YEAR_MIN);
        series->covers_period = series->covers_period && series->has[at];
        const enum sg_status st = add(&series->period_usd, series->usd[at], err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Series being gathered; both kinds of input go into one array. */
struct gather {
    struct sg_gross_series *series;
    size_t n, capacity;
};

static struct sg_gross_series *find_or_add(struct gather *g, const char *source,
                                           const char *vintage)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->series[i].source, source) == 0 && strcmp(g->series[i].vintage, vintage) == 0)
            return &g->series[i];
    struct sg_gross_series *series = &g->series[g->n++];
    series->source = source;
    series->vintage = vintage;
    return series;
}

static enum sg_status gather_totals(struct gather *g, struct sg_programme_notes *notes,
                                    struct sg_arena *arena, const struct sg_totals *totals,
                                    struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < totals->count; i++) {
        const struct sg_total *total = &totals->items[i];
        if (total->year != total->year_to)
            continue;
        struct sg_gross_series *series = find_or_add(g, total->source, total->vintage);
        series->how = total->how;
        if (series->has[total->year - SG_PROGRAMME_YEAR_MIN])
            st = sg_programme_note(
                notes, arena, &(struct sg_programme_note){NULL, "totals", total->row, true, NULL},
                err, "%s %s has two figures for %d; the first is used", total->source,
                total->vintage, total->year);
        else
            st = add_year(series, total->year, total->usd, err);
    }
    return st;
}

/* Terminated name of the list an incident belongs to. */
static const char *list_name(struct sg_arena *arena, const struct sg_incident *incident)
{
    return sg_arena_strndup(arena, incident->id, incident->list_size);
}

static enum sg_status gather_lists(struct gather *g, struct sg_arena *arena,
                                   const struct sg_gross_request *request, struct sg_err *err)
{
    for (size_t i = 0; i < request->incidents->count; i++) {
        const struct sg_incident *incident = &request->incidents->items[i];
        if (!sg_gross_counts(incident, request->with_contested))
            continue;
        const char *name = list_name(arena, incident);
        if (!name)
            return sg_err_nomem(err);
        struct sg_gross_series *series = find_or_add(g, name, "");
        series->is_list = true;
        series->how = "sum of a list of incidents";
        const enum sg_status st =
            add_year(series, incident->dates[0].date.year, incident->amounts[0].low_usd, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* A list too short to be anyone's account of the years is dropped. */
static void drop_short_lists(struct gather *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n; i++)
        if (!g->series[i].is_list || g->series[i].n_rows >= SG_GROSS_LIST_MIN)
            g->series[kept++] = g->series[i];
    g->n = kept;
}

static enum sg_status gather_spans(struct sg_gross *gross, struct sg_arena *arena,
                                   const struct sg_totals *totals, struct sg_err *err)
{
    struct sg_gross_span *spans = sg_arena_alloc(arena, totals->count + 1, sizeof(*spans));
    if (!spans)
        return sg_err_nomem(err);
    gross->spans = spans;
    for (size_t i = 0; i < totals->count; i++)
        if (totals->items[i].year != totals->items[i].year_to)
            spans[gross->n_spans++].total = &totals->items[i];
    return SG_OK;
}

static enum sg_status add_tier(struct sg_gross_tier *tier, const struct sg_incident *incident,
                               struct sg_err *err)
{
    uint64_t low = incident->amounts[0].low_usd, high = incident->amounts[0].high_usd;
    for (size_t i = 1; i < incident->n_amounts; i++) {
        low = incident->amounts[i].low_usd < low ? incident->amounts[i].low_usd : low;
        high = incident->amounts[i].high_usd > high ? incident->amounts[i].high_usd : high;
    }
    tier->n_incidents++;
    enum sg_status st = add(&tier->usd, incident->amounts[0].low_usd, err);
    if (st == SG_OK)
        st = add(&tier->low_usd, low, err);
    if (st == SG_OK)
        st = add(&tier->high_usd, high, err);
    return st;
}

static enum sg_status sum_tiers(struct sg_gross *gross, const struct sg_gross_request *request,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < request->incidents->count; i++) {
        const struct sg_incident *incident = &request->incidents->items[i];
        if (sg_gross_counts(incident, request->with_contested) &&
            is_in_period(incident->dates[0].date.year, request))
            st = add_tier(&gross->tiers[incident->tier], incident, err);
    }
    return st;
}

static void note_extremes(struct sg_gross *gross, int16_t year)
{
    const size_t at = (size_t)(year - SG_PROGRAMME_YEAR_MIN);
    bool is_first = true;
    for (size_t i = 0; i < gross->n_series; i++) {
        const struct sg_gross_series *series = &gross->series[i];
        if (series->covers_period) {
            if (is_first || series->period_usd < gross->low_usd)
                gross->low_usd = series->period_usd;
            if (is_first || series->period_usd > gross->high_usd)
                gross->high_usd = series->period_usd;
            is_first = false;
        }
        if (!series->has[at] || (series->is_list && !series->covers_period))
            continue;
        if (gross->n_year == 0 || series->usd[at] < gross->year_low_usd)
            gross->year_low_usd = series->usd[at];
        if (gross->n_year == 0 || series->usd[at] > gross->year_high_usd)
            gross->year_high_usd = series->usd[at];
        gross->n_year++;
    }
}

static int64_t day_number(struct sg_programme_date date)
{
    return (int64_t)sg_programme_month(date) * 30 + (date.day ? date.day : 15);
}

static bool may_be_same(const struct sg_incident *a, const struct sg_incident *b)
{
    if (strcasecmp(a->victim, b->victim) != 0 || a->dates[0].date.month == 0 ||
        b->dates[0].date.month == 0)
        return false;
    if (a->list_size == b->list_size && strncmp(a->id, b->id, a->list_size) == 0)
        return false;
    const int64_t apart = day_number(a->dates[0].date) - day_number(b->dates[0].date);
    return apart <= 45 && apart >= -45;
}

static enum sg_status note_shared(struct sg_programme_notes *notes, struct sg_arena *arena,
                                  const struct sg_incidents *incidents, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < incidents->count; i++)
        for (size_t j = 0; st == SG_OK && j < i; j++)
            if (may_be_same(&incidents->items[i], &incidents->items[j]))
                st = sg_programme_note(notes, arena,
                                       &(struct sg_programme_note){
                                           NULL, "incidents", incidents->items[i].row, false, NULL},
                                       err, "'%.64s' and '%.64s' may be one theft in two lists",
                                       incidents->items[j].id, incidents->items[i].id);
    return st;
}

enum sg_status sg_gross_compute(struct sg_gross *gross, struct sg_programme_notes *notes,
                                struct sg_arena *arena, const struct sg_gross_request *request,
                                struct sg_err *err)
{
    struct sg_gross out = {.from = request->from, .to = request->to};
    struct gather g = {NULL, 0, request->totals->count + request->incidents->count};
    /* At most one series per row, 1.1 KB each: 45 MB for two tables at their limit. */
    g.series = sg_arena_alloc(arena, g.capacity, sizeof(*g.series));
    if (!g.series)
        return sg_err_nomem(err);
    enum sg_status st = gather_totals(&g, notes, arena, request->totals, err);
    if (st == SG_OK)
        st = gather_lists(&g, arena, request, err);
    drop_short_lists(&g);
    for (size_t i = 0; st == SG_OK && i < g.n; i++)
        st = close_series(&g.series[i], request, err);
    out.series = g.series;
    out.n_series = g.n;
    if (st == SG_OK)
        st = gather_spans(&out, arena, request->totals, err);
    if (st == SG_OK)
        st = sum_tiers(&out, request, err);
    note_extremes(&out, request->year);
    if (st == SG_OK)
        st = note_shared(notes, arena, request->incidents, err);
    if (st == SG_OK)
        *gross = out;
    return st;
}
