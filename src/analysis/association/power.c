/* How often the tests find an effect that is there, and one that is not. */
#include "analysis/association/association_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <assert.h>
#include <math.h>

/* Runs that one stream of random numbers serves. */
#define POWER_CHUNK 50
#define LEVEL       0.05

struct power_counts {
    size_t known_lag, any_lag, full_rule;
};

struct power_run {
    const struct sg_power_request *request;
    const struct lagged *lagged;
    double means[SG_WINDOW_MONTHS_MAX];
    double size; /* of the negative binomial */
    struct tester *testers;
    struct power_counts *counts; /* per chunk */
};

/* Expected launches of each month: rate_ratio to the power of the standardised thefts, brought back
 * to the mean of the real launches, so that only their distribution over months changes. */
static void fill_means(struct power_run *run, double mean)
{
    const struct sg_power_request *request = run->request;
    const size_t n = request->input->n_months;
    const double *scaled = run->lagged->scaled[request->lag];
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        run->means[i] = pow(request->rate_ratio, scaled[i] * sqrt((double)n));
        sum += run->means[i];
    }
    for (size_t i = 0; i < n; i++)
        run->means[i] *= mean * (double)n / sum;
}

static void test_launches(struct power_counts *counts, struct tester *tester, struct sg_draw *draw,
                          const struct power_run *run, const double *launches)
{
    const struct sg_association_input *input = run->request->input;
    double r[SG_LAG_COUNT];
    bool is_stable;
    sg_tester_load(tester, run->lagged, launches);
    counts->known_lag += sg_shift_p_at(tester, run->lagged, run->request->lag) <= LEVEL;
    sg_tester_lags(r, tester, run->lagged);
    const struct peak peak = sg_peak(r);
    if (sg_block_p(tester, draw, input->n_months, fabs(peak.r), SG_POWER_PERMUTATIONS, LEVEL) >
        LEVEL)
        return;
    counts->any_lag++;
    sg_delete_each(NULL, &is_stable, tester, run->lagged, input, launches, peak, true);
    counts->full_rule += is_stable;
}

static void power_chunk(void *ctx, size_t chunk)
{
    const struct power_run *run = ctx;
    const size_t n_months = run->request->input->n_months;
    const size_t left = run->request->n_runs - chunk * POWER_CHUNK;
    double launches[SG_WINDOW_MONTHS_MAX];
    struct sg_draw draw;
    sg_draw_init(&draw, run->request->seed, chunk);
    for (size_t i = 0; i < (left < POWER_CHUNK ? left : POWER_CHUNK); i++) {
        for (size_t m = 0; m < n_months; m++)
            launches[m] = sg_draw_negative_binomial(&draw, run->means[m], run->size);
        test_launches(&run->counts[chunk], &run->testers[chunk], &draw, run, launches);
    }
}

/* The size at which the variance of the real launches is met at their mean; a very large one, hence
 * nearly Poisson, where they vary no more than that. */
static double size_of(const struct sg_association_input *input, double mean)
{
    const double variance = sg_stat_variance(input->launches, input->n_months);
    return variance > mean ? mean * mean / (variance - mean) : 1e6;
}

static void sum_up(struct sg_power *power, const struct power_run *run, size_t n_chunks)
{
    struct power_counts all = {0, 0, 0};
    const double n = (double)run->request->n_runs;
    for (size_t c = 0; c < n_chunks; c++) {
        all.known_lag += run->counts[c].known_lag;
        all.any_lag += run->counts[c].any_lag;
        all.full_rule += run->counts[c].full_rule;
    }
    *power = (struct sg_power){(double)all.known_lag / n, (double)all.any_lag / n,
                               (double)all.full_rule / n};
}

enum sg_status sg_association_power(struct sg_power *power, const struct sg_power_request *request,
                                    struct sg_err *err)
{
    const size_t n_chunks = (request->n_runs + POWER_CHUNK - 1) / POWER_CHUNK;
    const double mean = sg_stat_mean(request->input->launches, request->input->n_months);
    struct power_run *run = NULL;
    struct lagged *lagged = NULL;
    enum sg_status st = SG_OK;
    assert(request->lag < SG_LAG_COUNT && request->n_runs >= 1 && request->rate_ratio > 0);
    run = sg_mem_zalloc(1, sizeof(*run));
    lagged = sg_mem_alloc(1, sizeof(*lagged));
    if (run) {
        run->testers = sg_mem_alloc(n_chunks, sizeof(*run->testers));
        run->counts = sg_mem_zalloc(n_chunks, sizeof(*run->counts));
    }
    if (!lagged || !run || !run->testers || !run->counts) {
        st = sg_err_nomem(err);
        goto out;
    }
    sg_lagged_fill(lagged, request->input);
    run->request = request;
    run->lagged = lagged;
    run->size = size_of(request->input, mean);
    fill_means(run, mean);
    sg_parallel_for(request->n_threads, n_chunks, power_chunk, run);
    sum_up(power, run, n_chunks);
out:
    if (run) {
        sg_mem_free(run->counts);
        sg_mem_free(run->testers);
    }
    sg_mem_free(run);
    sg_mem_free(lagged);
    return st;
}
