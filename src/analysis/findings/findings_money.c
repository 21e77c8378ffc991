/* Stages 2 and 3 over every vintage, and the products of counts with costs and wages. */
#include "analysis/findings/findings_internal.h"

#include <math.h>
#include <string.h>

/* Traced thefts of the period, and the weights of amount errors. */
struct net_inputs {
    struct sg_traced *traced;
    double *traced_musd;
    size_t n_traced;
    double traced_sum;
    double *weights;
    size_t n_weights;
};

static const struct sg_incident *find_incident(const struct sg_incidents *incidents, const char *id)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (strcmp(incidents->items[i].id, id) == 0)
            return &incidents->items[i];
    return NULL;
}

static bool is_in_period(const struct work *w, const struct sg_incident *incident)
{
    const int16_t year = incident->dates[0].date.year;
    return year >= w->out->gross.from && year <= w->out->gross.to;
}

static bool is_traced_before(const struct work *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(w->input->traced[i].incident, w->input->traced[n].incident) == 0)
            return true;
    return false;
}

static enum sg_status take_traced(struct net_inputs *in, struct work *w, struct sg_err *err)
{
    const size_t n = w->input->n_traced + 1;
    in->traced = sg_arena_alloc(w->arena, n, sizeof(*in->traced));
    in->traced_musd = sg_arena_alloc(w->arena, n, sizeof(*in->traced_musd));
    if (!in->traced || !in->traced_musd)
        return sg_err_nomem(err);
    for (size_t i = 0; i < w->input->n_traced; i++) {
        const struct sg_traced_theft *theft = &w->input->traced[i];
        const struct sg_incident *incident = find_incident(w->input->incidents, theft->incident);
        if (!incident)
            return sg_err_set(err, SG_EUSAGE, "no incident '%.64s' that a trace could belong to",
                              theft->incident);
        if (is_traced_before(w, i))
            return sg_err_set(err, SG_EUSAGE, "two traces for incident '%.64s'", theft->incident);
        if (!is_in_period(w, incident))
            return sg_err_set(err, SG_EUSAGE, "incident '%.64s' lies outside the period %d to %d",
                              theft->incident, w->out->gross.from, w->out->gross.to);
        in->traced[in->n_traced] = theft->traced;
        in->traced_musd[in->n_traced] = musd(incident->amounts[0].low_usd);
        in->traced_sum += in->traced_musd[in->n_traced++];
    }
    return SG_OK;
}

static enum sg_status take_weights(struct net_inputs *in, struct work *w, struct sg_err *err)
{
    const struct sg_incidents *incidents = w->input->incidents;
    const struct sg_gross_series *list = sg_find_main_list(&w->out->gross);
    in->weights = sg_arena_alloc(w->arena, incidents->count + 1, sizeof(*in->weights));
    if (!in->weights)
        return sg_err_nomem(err);
    for (size_t i = 0; list && list->period_usd && i < incidents->count; i++)
        if (sg_incident_is_of(&incidents->items[i], list->source) &&
            is_in_period(w, &incidents->items[i]) &&
            sg_gross_counts(&incidents->items[i], w->options->with_contested))
            in->weights[in->n_weights++] =
                musd(incidents->items[i].amounts[0].low_usd) / musd(list->period_usd);
    return sg_amount_errors_collect(&w->out->errors, w->arena, incidents, "msmt", "TAY", err);
}

static struct sg_bounds net_corners(const struct sg_prior *p, double gross, bool has_detail)
{
    const double base = p[SG_PRIOR_PERIOD_KNOWN_BASE].low;
    const struct sg_prior *known = &p[SG_PRIOR_PERIOD_KNOWN_RECOVERED];
    const struct sg_prior *part = &p[SG_PRIOR_PERIOD_RECOVERED];
    const struct sg_prior *all = &p[SG_PRIOR_PERIOD_RECOVERED_ALL];
    const struct sg_prior *held = &p[SG_PRIOR_PERIOD_NOT_LAUNDERED];
    const double least = has_detail ? known->low + (gross - base) * part->low : gross * all->low;
    const double most = has_detail ? known->high + (gross - base) * part->high : gross * all->high;
    return (struct sg_bounds){(gross - most) * (1 - held->high) * p[SG_PRIOR_RETENTION].low,
                              (gross - least) * (1 - held->low) * p[SG_PRIOR_RETENTION].high};
}

static enum sg_status compute_net(struct sg_net_finding *net, const struct work *w,
                                  const struct net_inputs *in, struct sg_err *err)
{
    struct sg_net_request request = {.assumptions = w->input->assumptions,
                                     .gross_musd = net->gross_musd,
                                     .has_detail = net->has_detail};
    net->has_traced = in->n_traced > 0 && in->traced_sum <= net->gross_musd;
    net->corners = net_corners(w->input->assumptions->priors, net->gross_musd, net->has_detail);
    if (net->has_traced) {
        request.traced = in->traced;
        request.traced_musd = in->traced_musd;
        request.n_traced = in->n_traced;
    }
    enum sg_status st = sg_net_cash(&net->net, &request, &w->options->money, err);
    net->net_with_errors = net->net;
    if (st != SG_OK || in->n_weights == 0 || w->out->errors.n == 0)
        return st;
    request.errors = &w->out->errors;
    request.weights = in->weights;
    request.n_weights = in->n_weights;
    return sg_net_cash(&net->net_with_errors, &request, &w->options->money, err);
}

/* Whether a span can stand beside the period: it ends with it and begins at most a year before. */
static bool is_comparable(const struct sg_total *total, const struct sg_gross *gross)
{
    return total->year_to == gross->to && total->year <= gross->from &&
           total->year >= gross->from - 1;
}

static enum sg_status add_net(struct work *w, const struct sg_net_finding *net,
                              const struct net_inputs *in, struct sg_err *err)
{
    struct sg_net_finding *slot = &w->out->net[w->out->n_net];
    *slot = *net;
    if (slot->gross_musd <= 0)
        return SG_OK;
    w->out->n_net++;
    return compute_net(slot, w, in, err);
}

static enum sg_status find_net(struct work *w, const struct net_inputs *in, struct sg_err *err)
{
    const struct sg_gross *gross = &w->out->gross;
    const double base = w->input->assumptions->priors[SG_PRIOR_PERIOD_KNOWN_BASE].high;
    enum sg_status st = SG_OK;
    w->out->net =
        sg_arena_alloc(w->arena, gross->n_series + gross->n_spans + 1, sizeof(*w->out->net));
    if (!w->out->net)
        return sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < gross->n_series; i++) {
        const struct sg_gross_series *s = &gross->series[i];
        const double all = musd(s->period_usd);
        const struct sg_net_finding net = {.source = s->source,
                                           .vintage = s->vintage,
                                           .from = gross->from,
                                           .to = gross->to,
                                           .has_detail = all >= base,
                                           .gross_musd = all};
        if (s->covers_period)
            st = add_net(w, &net, in, err);
    }
    for (size_t i = 0; st == SG_OK && i < gross->n_spans; i++) {
        const struct sg_total *t = gross->spans[i].total;
        const struct sg_net_finding net = {.source = t->source,
                                           .vintage = t->vintage,
                                           .from = t->year,
                                           .to = t->year_to,
                                           .has_detail = false,
                                           .gross_musd = musd(t->usd)};
        if (is_comparable(t, gross))
            st = add_net(w, &net, in, err);
    }
    return st;
}

/* Costs of a missile by type, from the facts; types without a figure of their own lie between the
 * neighbours named in docs/methods/programme.md. */
static bool unit_cost(struct sg_product *cost, const struct sg_facts *facts, const char *type)
{
    const struct sg_fact *small = sg_fact_find(facts, "unit-srbm");
    const struct sg_fact *middle = sg_fact_find(facts, "unit-irbm");
    const struct sg_fact *large = sg_fact_find(facts, "unit-icbm");
    if (!small || !middle || !large)
        return false;
    if (strcmp(type, "SRBM") == 0)
        *cost = (struct sg_product){small->low, small->high};
    else if (strcmp(type, "IRBM") == 0 || strcmp(type, "MRBM") == 0 || strcmp(type, "HGV") == 0)
        *cost = (struct sg_product){middle->low, middle->high};
    else if (strcmp(type, "ICBM") == 0 || strcmp(type, "SLV") == 0)
        *cost = (struct sg_product){large->low, large->high};
    else if (strcmp(type, "SLBM") == 0)
        *cost = (struct sg_product){small->low, middle->high};
    else
        *cost = (struct sg_product){small->low, large->high};
    return true;
}

static void find_launches_cost(struct work *w)
{
    struct sg_product *sum = &w->out->launches_cost;
    for (size_t i = 0; i < w->input->launches->count; i++) {
        const struct sg_launch *launch = &w->input->launches->items[i];
        struct sg_product cost;
        if (launch->date.year != w->input->assumptions->year ||
            !unit_cost(&cost, w->input->facts, launch->type))
            continue;
        sum->low += cost.low;
        sum->high += cost.high;
    }
}

static void find_stated_cost(struct work *w)
{
    static const char *const counts[] = {"kida-count-icbm", "kida-count-irbm", "kida-count-srbm"};
    static const char *const types[] = {"ICBM", "IRBM", "SRBM"};
    struct sg_product *sum = &w->out->stated_cost;
    for (size_t i = 0; i < 3; i++) {
        const struct sg_fact *count = sg_fact_find(w->input->facts, counts[i]);
        struct sg_product cost;
        if (!count || !unit_cost(&cost, w->input->facts, types[i]))
            continue;
        sum->low += count->low * cost.low;
        sum->high += count->high * cost.high;
    }
}

static void find_wages(struct work *w)
{
    const struct sg_facts *facts = w->input->facts;
    const struct sg_fact *heads = sg_fact_find(facts, "it-heads-brief");
    const struct sg_fact *low = sg_fact_find(facts, "it-pay-low");
    const struct sg_fact *high = sg_fact_find(facts, "it-pay-high");
    if (heads && low && high)
        w->out->wages =
            (struct sg_product){heads->low * low->low / 1e6, heads->high * high->high / 1e6};
}

enum sg_status sg_find_money(struct work *w, struct sg_err *err)
{
    struct net_inputs in = {0};
    const struct sg_fact *claimed = sg_fact_find(w->input->facts, "ratio-r1");
    enum sg_status st = take_traced(&in, w, err);
    if (st == SG_OK)
        st = take_weights(&in, w, err);
    if (st == SG_OK)
        st = find_net(w, &in, err);
    if (st == SG_OK)
        st = sg_share_compute(&w->out->share, w->input->assumptions,
                              claimed ? claimed->high / 100 : 0.5, &w->options->money, err);
    find_launches_cost(w);
    find_stated_cost(w);
    find_wages(w);
    return st;
}
