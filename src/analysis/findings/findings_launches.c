/* Launches by year, and stage 4. */
#include "analysis/findings/findings_internal.h"

#include <string.h>

/* Years from the first launch to the last, one entry each. */
static enum sg_status count_years(struct work *w, struct sg_err *err)
{
    const struct sg_launches *launches = w->input->launches;
    int16_t first = SG_PROGRAMME_YEAR_MAX, last = SG_PROGRAMME_YEAR_MIN;
    for (size_t i = 0; i < launches->count; i++) {
        const int16_t year = launches->items[i].date.year;
        first = year < first ? year : first;
        last = year > last ? year : last;
    }
    w->out->n_launch_years = (size_t)(last - first + 1);
    w->out->launch_years =
        sg_arena_alloc(w->arena, w->out->n_launch_years, sizeof(*w->out->launch_years));
    if (!w->out->launch_years)
        return sg_err_nomem(err);
    for (size_t i = 0; i < w->out->n_launch_years; i++)
        w->out->launch_years[i].year = (int16_t)(first + (int16_t)i);
    for (size_t i = 0; i < launches->count; i++) {
        const struct sg_launch *launch = &launches->items[i];
        struct sg_launch_year *year = &w->out->launch_years[launch->date.year - first];
        year->n[launch->outcome]++;
        year->all++;
    }
    return SG_OK;
}

static bool belongs(const struct work *w, const struct sg_incident *incident, const char *list)
{
    return sg_incident_is_of(incident, list) && incident->dates[0].date.month != 0 &&
           sg_gross_counts(incident, w->options->with_contested);
}

static enum sg_status gather(struct sg_association_input *in, struct work *w, const char *list,
                             struct sg_err *err)
{
    const struct sg_gross *gross = &w->out->gross;
    const struct sg_incidents *incidents = w->input->incidents;
    struct sg_theft *thefts = sg_arena_alloc(w->arena, incidents->count, sizeof(*thefts));
    double *launches = sg_arena_alloc(w->arena, SG_WINDOW_MONTHS_MAX, sizeof(*launches));
    if (!thefts || !launches)
        return sg_err_nomem(err);
    *in = (struct sg_association_input){
        12 * gross->from, 12 * (size_t)(gross->to - gross->from + 1), launches, thefts, 0};
    for (size_t i = 0; i < incidents->count; i++)
        if (belongs(w, &incidents->items[i], list))
            thefts[in->n_thefts++] = (struct sg_theft){
                sg_programme_month(incidents->items[i].dates[0].date),
                musd(incidents->items[i].amounts[0].low_usd), incidents->items[i].id};
    for (size_t i = 0; i < w->input->launches->count; i++) {
        const int32_t at = sg_programme_month(w->input->launches->items[i].date) - in->first_month;
        if (at >= 0 && (size_t)at < in->n_months)
            launches[at]++;
    }
    return SG_OK;
}

static enum sg_status run_power(struct work *w, const struct sg_association_input *in,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_POWER_COUNT; i++) {
        const struct sg_power_request request = {in,
                                                 w->out->association.best_lag,
                                                 sg_power_ratios[i],
                                                 w->options->n_power_runs,
                                                 w->options->money.seed,
                                                 w->options->money.n_threads};
        st = sg_association_power(&w->out->power[i], &request, err);
    }
    return st;
}

static enum sg_status associate(struct work *w, const char *list, struct sg_err *err)
{
    struct sg_association_input in;
    const struct sg_association_options options = {w->options->money.seed,
                                                   w->options->n_permutations};
    enum sg_status st = gather(&in, w, list, err);
    if (st == SG_OK)
        st = sg_association_compute(&w->out->association, &in, &options, err);
    if (st != SG_OK)
        return st;
    w->out->has_association = true;
    w->out->association_list = list;
    w->out->thefts = in.thefts;
    return run_power(w, &in, err);
}

static void fill_years(double *thefts, double *launches, const struct work *w,
                       const struct sg_gross_series *series)
{
    for (int16_t year = w->out->gross.from; year <= w->out->gross.to; year++) {
        const struct sg_launch_year *of = sg_find_launch_year(w->out, year);
        thefts[year - w->out->gross.from] = musd(series->usd[year - SG_PROGRAMME_YEAR_MIN]);
        launches[year - w->out->gross.from] = of ? (double)of->all : 0;
    }
}

static enum sg_status find_annual(struct work *w, struct sg_err *err)
{
    const struct sg_gross *gross = &w->out->gross;
    const size_t n_years = (size_t)(gross->to - gross->from + 1);
    double thefts[SG_ANNUAL_YEARS_MAX], launches[SG_ANNUAL_YEARS_MAX];
    w->out->annual = sg_arena_alloc(w->arena, gross->n_series + 1, sizeof(*w->out->annual));
    if (!w->out->annual)
        return sg_err_nomem(err);
    if (n_years < 3 || n_years > SG_ANNUAL_YEARS_MAX)
        return SG_OK;
    for (size_t i = 0; i < gross->n_series; i++) {
        const struct sg_gross_series *series = &gross->series[i];
        if (!series->covers_period)
            continue;
        fill_years(thefts, launches, w, series);
        w->out->annual[w->out->n_annual++] =
            (struct sg_annual_finding){series->source, series->vintage,
                                       sg_association_annual(thefts, launches, n_years), n_years};
    }
    return SG_OK;
}

enum sg_status sg_find_launches(struct work *w, struct sg_err *err)
{
    const struct sg_gross *gross = &w->out->gross;
    const size_t n_years = (size_t)(gross->to - gross->from + 1);
    const struct sg_gross_series *list = sg_find_main_list(gross);
    enum sg_status st = count_years(w, err);
    if (st == SG_OK)
        st = find_annual(w, err);
    if (st == SG_OK && list && n_years >= 2 && n_years <= SG_WINDOW_YEARS_MAX)
        st = associate(w, list->source, err);
    return st;
}
