/* Net cash of a period, per vintage of its total. */
#include "analysis/money/money_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* What the chunks share; each writes its own stretch of `net`. */
struct net_run {
    const struct sg_net_request *request;
    const struct sg_money_options *options;
    double *net;           /* n_draws */
    const double *factors; /* exp(+-abs_log): 2 * errors->n, or NULL */
    double traced_musd;    /* of all traced thefts */
};

static double draw_prior(struct sg_draw *draw, const struct sg_assumptions *a,
                         enum sg_prior_name name)
{
    return sg_prior_quantile(&a->priors[name], sg_draw_uniform(draw));
}

/* The published total, each incident's part of it off by a measured error. */
static double draw_gross(struct sg_draw *draw, const struct net_run *run)
{
    const struct sg_net_request *request = run->request;
    double factor = 0;
    if (!run->factors)
        return request->gross_musd;
    for (size_t i = 0; i < request->n_weights; i++)
        factor += request->weights[i] * run->factors[sg_draw_below(draw, 2 * request->errors->n)];
    return request->gross_musd * factor;
}

static double draw_recovered(struct sg_draw *draw, const struct sg_net_request *request,
                             double gross)
{
    const struct sg_assumptions *a = request->assumptions;
    if (!request->has_detail)
        return gross * draw_prior(draw, a, SG_PRIOR_PERIOD_RECOVERED_ALL);
    const double known = draw_prior(draw, a, SG_PRIOR_PERIOD_KNOWN_RECOVERED);
    const double part = draw_prior(draw, a, SG_PRIOR_PERIOD_RECOVERED);
    const double rest = gross - a->priors[SG_PRIOR_PERIOD_KNOWN_BASE].low;
    /* With amount errors on, a draw of the total may fall below what one incident lost. */
    return fmin(gross, known + fmax(rest, 0) * part);
}

/* The part that reached a service: the prior, and for traced thefts what the ledger shows. */
static double draw_laundered(struct sg_draw *draw, const struct net_run *run)
{
    const struct sg_net_request *request = run->request;
    const double prior = 1 - draw_prior(draw, request->assumptions, SG_PRIOR_PERIOD_NOT_LAUNDERED);
    double laundered = prior * (request->gross_musd - run->traced_musd);
    for (size_t i = 0; i < request->n_traced; i++) {
        const struct sg_traced *t = &request->traced[i];
        laundered +=
            request->traced_musd[i] * (t->low + sg_draw_uniform(draw) * (t->high - t->low));
    }
    return laundered / request->gross_musd;
}

static void net_chunk(void *ctx, size_t chunk)
{
    const struct net_run *run = ctx;
    const struct sg_assumptions *a = run->request->assumptions;
    const size_t n = sg_money_chunk_size(run->options->n_draws, chunk);
    struct sg_draw draw;
    sg_draw_init(&draw, run->options->seed, chunk);
    for (size_t i = 0; i < n; i++) {
        const double gross = draw_gross(&draw, run);
        const double kept = gross - draw_recovered(&draw, run->request, gross);
        const double laundered = draw_laundered(&draw, run);
        const double retention = draw_prior(&draw, a, SG_PRIOR_RETENTION);
        const double price = draw_prior(&draw, a, SG_PRIOR_PERIOD_PRICE);
        run->net[chunk * CHUNK + i] = kept * laundered * retention * price;
    }
}

static double *make_factors(const struct sg_amount_errors *errors)
{
    double *factors = sg_mem_alloc(2 * errors->n, sizeof(*factors));
    for (size_t i = 0; factors && i < errors->n; i++) {
        factors[2 * i] = exp(errors->abs_log[i]);
        factors[2 * i + 1] = exp(-errors->abs_log[i]);
    }
    return factors;
}

enum sg_status sg_net_cash(struct sg_quantiles *net, const struct sg_net_request *request,
                           const struct sg_money_options *options, struct sg_err *err)
{
    struct net_run run = {request, options, NULL, NULL, 0};
    double *factors = NULL;
    enum sg_status st = SG_OK;
    assert(options->n_draws >= 1 && options->n_draws <= SG_MONEY_DRAWS_MAX);
    for (size_t i = 0; i < request->n_traced; i++)
        run.traced_musd += request->traced_musd[i];
    assert(run.traced_musd <= request->gross_musd);
    run.net = sg_mem_alloc(options->n_draws, sizeof(*run.net));
    if (request->errors && request->errors->n)
        run.factors = factors = make_factors(request->errors);
    if (!run.net || (request->errors && request->errors->n && !factors)) {
        st = sg_err_nomem(err);
        goto out;
    }
    sg_parallel_for(options->n_threads, sg_money_chunks(options->n_draws), net_chunk, &run);
    *net = sg_stat_quantiles(run.net, options->n_draws);
out:
    sg_mem_free(factors);
    sg_mem_free(run.net);
    return st;
}

static const struct sg_published *amount_by(const struct sg_incident *incident, const char *source)
{
    for (size_t i = 1; i < incident->n_amounts; i++)
        if (strcmp(incident->amounts[i].source, source) == 0)
            return &incident->amounts[i];
    return NULL;
}

enum sg_status sg_amount_errors_collect(struct sg_amount_errors *errors, struct sg_arena *arena,
                                        const struct sg_incidents *incidents, const char *list,
                                        const char *source, struct sg_err *err)
{
    double *abs_log = sg_arena_alloc(arena, incidents->count + 1, sizeof(*abs_log));
    struct sg_amount_errors out = {abs_log, 0, 0};
    if (!abs_log)
        return sg_err_nomem(err);
    for (size_t i = 0; i < incidents->count; i++) {
        const struct sg_incident *incident = &incidents->items[i];
        const struct sg_published *other = amount_by(incident, source);
        if (!sg_incident_is_of(incident, list) || !other || other->low_usd == 0 ||
            incident->amounts[0].low_usd == 0)
            continue;
        abs_log[out.n] = fabs(log((double)incident->amounts[0].low_usd / (double)other->low_usd));
        out.n_within_10pct += abs_log[out.n++] <= log(1.1);
    }
    sg_stat_sort(abs_log, out.n);
    *errors = out;
    return SG_OK;
}
