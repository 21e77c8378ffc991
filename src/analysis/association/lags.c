/* Correlations at all lags, and their permutation tests. */
#include "analysis/association/association_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Two sums of the same numbers in another order differ by rounding; they count as equal. */
#define SAME 1e-9

void sg_scale(double *scaled, const double *values, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    const double scale = squares > SAME ? 1 / sqrt(squares) : 0;
    for (size_t i = 0; i < n; i++)
        scaled[i] = (values[i] - mean) * scale;
}

void sg_lagged_fill(struct lagged *lagged, const struct sg_association_input *input)
{
    memset(lagged, 0, sizeof(*lagged));
    lagged->n_months = input->n_months;
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++) {
        for (size_t i = 0; i < input->n_thefts; i++) {
            const int64_t at = (int64_t)input->thefts[i].month + lag - (int64_t)input->first_month;
            if (at >= 0 && at < (int64_t)input->n_months)
                lagged->raw[lag][at] += input->thefts[i].musd;
        }
        sg_scale(lagged->scaled[lag], lagged->raw[lag], input->n_months);
    }
}

static double dot(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

void sg_tester_load(struct tester *tester, const struct lagged *lagged, const double *launches)
{
    const size_t n_blocks = lagged->n_months / SG_BLOCK_MONTHS;
    sg_scale(tester->scaled, launches, lagged->n_months);
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
        for (size_t from = 0; from < n_blocks; from++)
            for (size_t to = 0; to < n_blocks; to++)
                tester->block[lag][from][to] =
                    dot(tester->scaled + from * SG_BLOCK_MONTHS,
                        lagged->scaled[lag] + to * SG_BLOCK_MONTHS, SG_BLOCK_MONTHS);
}

void sg_tester_lags(double r[SG_LAG_COUNT], const struct tester *tester,
                    const struct lagged *lagged)
{
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
        r[lag] = dot(tester->scaled, lagged->scaled[lag], lagged->n_months);
}

struct peak sg_peak(const double r[SG_LAG_COUNT])
{
    struct peak peak = {r[0], 0};
    for (unsigned lag = 1; lag < SG_LAG_COUNT; lag++)
        if (fabs(r[lag]) > fabs(peak.r))
            peak = (struct peak){r[lag], lag};
    return peak;
}

/* The peak when block order[j] of the launches stands at place j. */
static double permuted_peak(const struct tester *tester, const size_t *order, size_t n_blocks)
{
    double largest = 0;
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++) {
        double r = 0;
        for (size_t place = 0; place < n_blocks; place++)
            r += tester->block[lag][order[place]][place];
        largest = fmax(largest, fabs(r));
    }
    return largest;
}

double sg_block_p(struct tester *tester, struct sg_draw *draw, size_t n_months, double observed,
                  size_t n_permutations, double enough)
{
    const size_t n_blocks = n_months / SG_BLOCK_MONTHS;
    const double all = (double)n_permutations + 1;
    size_t order[BLOCKS_MAX], n_reached = 1;
    for (size_t i = 0; i < n_blocks; i++)
        order[i] = i;
    for (size_t p = 0; p < n_permutations && (double)n_reached <= enough * all; p++) {
        sg_draw_shuffle(draw, order, n_blocks);
        n_reached += permuted_peak(tester, order, n_blocks) >= observed - SAME;
    }
    return (double)n_reached / all;
}

static double shifted_r(const struct tester *tester, const struct lagged *lagged, unsigned lag,
                        size_t shift)
{
    const size_t n = lagged->n_months;
    const double *x = lagged->scaled[lag];
    return dot(tester->scaled + shift, x, n - shift) + dot(tester->scaled, x + n - shift, shift);
}

double sg_shift_p_at(const struct tester *tester, const struct lagged *lagged, unsigned lag)
{
    const double observed = fabs(shifted_r(tester, lagged, lag, 0));
    size_t n_reached = 0;
    for (size_t shift = 0; shift < lagged->n_months; shift++)
        n_reached += fabs(shifted_r(tester, lagged, lag, shift)) >= observed - SAME;
    return (double)n_reached / (double)lagged->n_months;
}

/* Part of the circular shifts whose peak over the lags is at least that of the identity. */
static double shift_p(const struct tester *tester, const struct lagged *lagged)
{
    double observed = 0;
    size_t n_reached = 0;
    for (size_t shift = 0; shift < lagged->n_months; shift++) {
        double largest = 0;
        for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
            largest = fmax(largest, fabs(shifted_r(tester, lagged, lag, shift)));
        if (shift == 0)
            observed = largest;
        n_reached += largest >= observed - SAME;
    }
    return (double)n_reached / (double)lagged->n_months;
}

static void describe(struct sg_association *out, const struct sg_association_input *input)
{
    out->launches_mean = sg_stat_mean(input->launches, input->n_months);
    const double variance = sg_stat_variance(input->launches, input->n_months);
    out->dispersion = out->launches_mean > 0 ? variance / out->launches_mean : 0;
    for (size_t i = 0; i < input->n_months; i++)
        out->n_zero_months += input->launches[i] < 0.5;
}

static void find_weakest(struct sg_association *out, double sign)
{
    for (size_t i = 1; i < out->n_deletions; i++)
        if (sign * out->deletions[i].r < sign * out->deletions[out->weakest].r)
            out->weakest = i;
}

static void correlate(struct sg_association *out, struct tester *tester,
                      const struct lagged *lagged, const struct sg_association_input *input,
                      const struct sg_association_options *options)
{
    struct sg_draw draw;
    sg_draw_init(&draw, options->seed, 0);
    sg_tester_load(tester, lagged, input->launches);
    sg_tester_lags(out->r, tester, lagged);
    const struct peak peak = sg_peak(out->r);
    out->best_lag = peak.lag;
    out->p_shift = shift_p(tester, lagged);
    out->p_block =
        sg_block_p(tester, &draw, input->n_months, fabs(peak.r), options->n_permutations, 1);
    out->n_shifts = input->n_months;
    out->n_permutations = options->n_permutations;
    out->n_deletions = sg_delete_each(out->deletions, &out->is_stable, tester, lagged, input,
                                      input->launches, peak, false);
    find_weakest(out, peak.r < 0 ? -1 : 1);
}

enum sg_status sg_association_compute(struct sg_association *association,
                                      const struct sg_association_input *input,
                                      const struct sg_association_options *options,
                                      struct sg_err *err)
{
    struct sg_association out = {0};
    struct lagged *lagged = NULL;
    struct tester *tester = NULL;
    enum sg_status st = SG_OK;
    assert(input->n_months % 12 == 0 && input->n_months >= 24 &&
           input->n_months <= SG_WINDOW_MONTHS_MAX);
    lagged = sg_mem_alloc(1, sizeof(*lagged));
    tester = sg_mem_alloc(1, sizeof(*tester));
    out.deletions = sg_mem_alloc(input->n_thefts + input->n_months + SG_WINDOW_YEARS_MAX,
                                 sizeof(*out.deletions));
    if (!lagged || !tester || !out.deletions) {
        sg_mem_free(out.deletions);
        st = sg_err_nomem(err);
        goto out;
    }
    sg_lagged_fill(lagged, input);
    describe(&out, input);
    correlate(&out, tester, lagged, input, options);
    *association = out;
out:
    sg_mem_free(tester);
    sg_mem_free(lagged);
    return st;
}

void sg_association_clear(struct sg_association *association)
{
    sg_mem_free(association->deletions);
    *association = (struct sg_association){0};
}
