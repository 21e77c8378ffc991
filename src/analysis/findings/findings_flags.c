/* Published figures that contradict each other, or a text that miscounts its own table. */
#include "analysis/findings/findings_internal.h"

#include <string.h>

static void add(struct work *w, const char *id, const char *text)
{
    if (w->out->n_flags < SG_FLAGS_MAX)
        w->out->flags[w->out->n_flags++] = (struct sg_flag){id, text};
}

static void flag_un_count(struct work *w)
{
    const struct sg_fact *text = sg_fact_find(w->input->facts, "un-text-cases");
    const struct sg_gross_series *annex = sg_gross_find(&w->out->gross, "un95", "");
    struct numbers n = {0};
    uint64_t usd = 0;
    if (!text || !annex || (double)annex->n_rows == text->low)
        return;
    for (size_t i = 0; i < SG_GROSS_YEARS; i++)
        usd += annex->usd[i];
    add(w, "un-count",
        sg_say(w,
               "The UN report's text says %.0f cases; its annex lists %zu, which sum to %s "
               "million dollars.",
               text->low, annex->n_rows, sg_number(&n, musd(usd), 3)));
}

static void flag_costs(struct work *w)
{
    const struct sg_fact *stated = sg_fact_find(w->input->facts, "kida-total");
    const struct sg_product *product = &w->out->stated_cost;
    if (!stated || product->high <= 0 ||
        (product->high >= stated->low && product->low <= stated->high))
        return;
    add(w, "unit-costs",
        sg_say(w,
               "Unit costs times the %s come to %.0f to %.0f million dollars, against %.0f to "
               "%.0f million stated for the same launches.",
               stated->what, product->low, product->high, stated->low, stated->high));
}

static const char *date_list(struct work *w, const struct sg_incident *incident)
{
    const char *list = "";
    char text[SG_PROGRAMME_DATE_MAX];
    for (size_t i = 0; i < incident->n_dates; i++)
        list = sg_say(w, "%s%s%s", list, i ? " and " : "",
                      sg_programme_date_format(text, incident->dates[i].date));
    return list;
}

static void flag_dates(struct work *w)
{
    for (size_t i = 0; i < w->input->incidents->count; i++) {
        const struct sg_incident *incident = &w->input->incidents->items[i];
        if (incident->n_dates > 1)
            add(w, "date-conflict",
                sg_say(w, "%.64s is dated %s; the list's own date is used.", incident->victim,
                       date_list(w, incident)));
    }
}

/* Vintages of one source that moved a year by more than a tenth, or two sources in opposite
 * directions: the largest change of each source is shown. */
static void flag_revisions(struct work *w)
{
    const struct sg_totals *totals = w->input->totals;
    const int16_t year = w->input->assumptions->year;
    struct numbers n;
    for (size_t i = 0; i < totals->count; i++)
        for (size_t j = i + 1; j < totals->count; j++) {
            const struct sg_total *a = &totals->items[i], *b = &totals->items[j];
            n.n = 0;
            if (a->year != year || b->year != year || a->year_to != year || b->year_to != year ||
                strcmp(a->source, b->source) != 0 || strcmp(a->vintage, b->vintage) >= 0)
                continue;
            const double change = musd(b->usd) - musd(a->usd);
            if (change > 0.1 * musd(a->usd) || change < -0.1 * musd(a->usd))
                add(w, "revision",
                    sg_say(w, "%s put %d at %s million dollars in %s and at %s in %s.", a->source,
                           year, sg_number(&n, musd(a->usd), 1), a->vintage,
                           sg_number(&n, musd(b->usd), 1), b->vintage));
        }
}

void sg_find_flags(struct work *w)
{
    flag_un_count(w);
    flag_costs(w);
    flag_dates(w);
    flag_revisions(w);
}
