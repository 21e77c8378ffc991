/* The year's shares: Monte Carlo and Sobol indices over the same draws. */
#include "analysis/money/money_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Sums over one chunk; combined in the order of chunks, so that threads cannot change a bit. */
struct sobol_sums {
    size_t n;
    double sum, sum_squares;                         /* of R3 over both halves of the pairs */
    double first[SG_SOBOL_MAX], total[SG_SOBOL_MAX]; /* by place in `factors` */
    size_t n_above_half, n_whole_set;
};

struct share_run {
    const struct sg_prior *priors;
    const struct sg_money_options *options;
    double claimed_part;
    double centre; /* R3 with every prior at its median: taken off where a mean near zero helps */
    enum sg_prior_name factors[SG_SOBOL_MAX]; /* priors of R3 that vary */
    size_t n_factors;
    struct sobol_sums *sums;                           /* per chunk */
    double *net, *other, *share, *components, *needed; /* per draw */
};

static void draw_values(double *v, struct sg_draw *draw, const struct sg_prior *priors)
{
    for (int i = 0; i < N_YEAR; i++)
        v[i] = sg_prior_quantile(&priors[i], sg_draw_uniform(draw));
}

/* a and b are two independent draws; a with factor i taken from b gives the indices of i. */
static void add_pair(struct sobol_sums *sums, const struct share_run *run, double *a,
                     const double *b)
{
    const double of_a = sg_money_share(a), of_b = sg_money_share(b);
    sums->n++;
    sums->sum += of_a + of_b;
    sums->sum_squares += of_a * of_a + of_b * of_b;
    for (size_t i = 0; i < run->n_factors; i++) {
        const enum sg_prior_name at = run->factors[i];
        const double kept = a[at];
        a[at] = b[at];
        const double mixed = sg_money_share(a);
        a[at] = kept;
        sums->first[i] += (of_b - run->centre) * (mixed - of_a);
        sums->total[i] += (of_a - mixed) * (of_a - mixed) / 2;
    }
}

static void keep_draw(struct share_run *run, struct sobol_sums *sums, size_t at, const double *v)
{
    const double net = sg_money_net(v), other = sg_money_other(v);
    const double components = sg_money_components(v);
    run->net[at] = net;
    run->other[at] = other;
    run->share[at] = sg_money_share(v);
    run->components[at] = components;
    run->needed[at] = net > 0 ? run->claimed_part * components / net : INFINITY;
    sums->n_above_half += run->share[at] > 0.5;
    sums->n_whole_set += components <= other && net >= components;
}

static void share_chunk(void *ctx, size_t chunk)
{
    struct share_run *run = ctx;
    struct sobol_sums *sums = &run->sums[chunk];
    const size_t n = sg_money_chunk_size(run->options->n_draws, chunk);
    struct sg_draw draw;
    double a[N_YEAR], b[N_YEAR];
    sg_draw_init(&draw, run->options->seed, chunk);
    for (size_t i = 0; i < n; i++) {
        draw_values(a, &draw, run->priors);
        draw_values(b, &draw, run->priors);
        keep_draw(run, sums, chunk * CHUNK + i, a);
        add_pair(sums, run, a, b);
    }
}

static double variance_of(const struct sobol_sums *sums)
{
    const double n = 2 * (double)sums->n, mean = sums->sum / n;
    return sums->sum_squares / n - mean * mean;
}

static void combine(struct sobol_sums *all, const struct share_run *run, size_t n_chunks)
{
    *all = (struct sobol_sums){0};
    for (size_t c = 0; c < n_chunks; c++) {
        const struct sobol_sums *s = &run->sums[c];
        all->n += s->n;
        all->sum += s->sum;
        all->sum_squares += s->sum_squares;
        all->n_above_half += s->n_above_half;
        all->n_whole_set += s->n_whole_set;
        for (size_t i = 0; i < run->n_factors; i++) {
            all->first[i] += s->first[i];
            all->total[i] += s->total[i];
        }
    }
}

/* Standard error of a total index from the whole chunks, each an estimate of its own; 0 where there
 * are not two. */
static double chunk_error(const struct share_run *run, size_t n_chunks, size_t factor,
                          double variance)
{
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t c = 0; c < n_chunks; c++) {
        if (run->sums[c].n < CHUNK)
            continue;
        const double total = run->sums[c].total[factor] / CHUNK / variance;
        sum += total;
        squares += total * total;
        n++;
    }
    if (n < 2)
        return 0;
    const double mean = sum / (double)n;
    return sqrt(fmax(0, squares / (double)n - mean * mean) / (double)(n - 1));
}

static int by_total(const void *pa, const void *pb)
{
    const struct sg_sobol *a = pa, *b = pb;
    if (a->total < b->total || a->total > b->total)
        return a->total < b->total ? 1 : -1;
    return (int)a->prior - (int)b->prior;
}

/* R3 with one prior at a point of its distribution, the others at their medians. */
static double share_at(const struct share_run *run, enum sg_prior_name prior, double u)
{
    double v[N_SHARE];
    for (int i = 0; i < N_SHARE; i++)
        v[i] = sg_prior_quantile(&run->priors[i], i == (int)prior ? u : 0.5);
    return sg_money_share(v);
}

static void fill_sobol(struct sg_share *share, const struct share_run *run, size_t n_chunks)
{
    struct sobol_sums all;
    combine(&all, run, n_chunks);
    const double n = (double)all.n, variance = variance_of(&all);
    share->share_variance = variance;
    share->above_half = (double)all.n_above_half / n;
    share->whole_set = (double)all.n_whole_set / n;
    share->n_sobol = variance > 0 ? run->n_factors : 0;
    for (size_t i = 0; i < share->n_sobol; i++)
        share->sobol[i] = (struct sg_sobol){run->factors[i],
                                            all.first[i] / n / variance,
                                            all.total[i] / n / variance,
                                            chunk_error(run, n_chunks, i, variance),
                                            share_at(run, run->factors[i], 0.05),
                                            share_at(run, run->factors[i], 0.95)};
    qsort(share->sobol, share->n_sobol, sizeof(share->sobol[0]), by_total);
}

static void list_factors(struct share_run *run)
{
    run->centre = share_at(run, SG_PRIOR_GROSS, 0.5);
    for (int i = 0; i < N_SHARE; i++) {
        const struct sg_prior *p = &run->priors[i];
        if (p->sd > 0 || p->high > p->low)
            run->factors[run->n_factors++] = (enum sg_prior_name)i;
    }
}

enum sg_status sg_share_compute(struct sg_share *share, const struct sg_assumptions *assumptions,
                                double claimed_part, const struct sg_money_options *options,
                                struct sg_err *err)
{
    const size_t n = options->n_draws, n_chunks = sg_money_chunks(n);
    struct share_run run = {
        .priors = assumptions->priors, .options = options, .claimed_part = claimed_part};
    struct sg_share out = {0};
    double *draws = NULL;
    enum sg_status st = SG_OK;
    assert(n >= 1 && n <= SG_MONEY_DRAWS_MAX);
    list_factors(&run);
    draws = sg_mem_alloc(5 * n, sizeof(*draws));
    run.sums = sg_mem_zalloc(n_chunks, sizeof(*run.sums));
    if (!draws || !run.sums) {
        st = sg_err_nomem(err);
        goto out;
    }
    run.net = draws;
    run.other = draws + n;
    run.share = draws + 2 * n;
    run.components = draws + 3 * n;
    run.needed = draws + 4 * n;
    sg_parallel_for(options->n_threads, n_chunks, share_chunk, &run);
    fill_sobol(&out, &run, n_chunks);
    out.at_medians = run.centre;
    out.corners = sg_money_corners(run.priors);
    out.net = sg_stat_quantiles(run.net, n);
    out.other = sg_stat_quantiles(run.other, n);
    out.share = sg_stat_quantiles(run.share, n);
    out.components = sg_stat_quantiles(run.components, n);
    out.needed = sg_stat_quantiles(run.needed, n);
    *share = out;
out:
    sg_mem_free(run.sums);
    sg_mem_free(draws);
    return st;
}
