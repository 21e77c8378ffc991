/* The measurements of a candidate. Times are Unix seconds in sorted arrays; "in the hours before"
 * is a difference of two binary searches. */
#include "analysis/demix/demix_internal.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define HOUR_S 3600.0

/* Entries of times[0..n) in [from, to). */
static size_t count_between(const int64_t *times, size_t n, int64_t from, int64_t to)
{
    const size_t a = sg_demix_lower_bound(times, n, from);
    const size_t b = sg_demix_lower_bound(times, n, to);
    return b > a ? b - a : 0;
}

static double mean(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return n ? sum / (double)n : 0;
}

static double deviation(const double *v, size_t n)
{
    const double m = mean(v, n);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (v[i] - m) * (v[i] - m);
    return n ? sqrt(sum / (double)n) : 0;
}

static int by_double(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of_sorted(const double *v, size_t n)
{
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* Rhythm: the gaps between an address's withdrawals. scratch holds 2 * n doubles. */
static void rhythm(double *x, const int64_t *t, size_t n, double *scratch)
{
    double *gaps = scratch;
    double *logs = scratch + n;
    size_t n_burst = 0;
    x[SG_DEMIX_SPAN] = log1p((double)(t[n - 1] - t[0]) / HOUR_S);
    x[SG_DEMIX_GAP_MEDIAN] = x[SG_DEMIX_GAP_SPREAD] = x[SG_DEMIX_GAP_MIN] = -1;
    x[SG_DEMIX_GAP_MAX] = -6;
    x[SG_DEMIX_BURST] = 0;
    if (n < 2)
        return;
    for (size_t i = 0; i + 1 < n; i++) {
        gaps[i] = (double)(t[i + 1] - t[i]) / HOUR_S;
        logs[i] = log(gaps[i] + 0.005);
        n_burst += gaps[i] < 0.05;
    }
    qsort(gaps, n - 1, sizeof(*gaps), by_double);
    x[SG_DEMIX_GAP_MEDIAN] = log1p(60 * median_of_sorted(gaps, n - 1));
    if (n > 2)
        x[SG_DEMIX_GAP_SPREAD] = deviation(logs, n - 1);
    x[SG_DEMIX_GAP_MAX] = log(gaps[n - 2] + 0.005);
    x[SG_DEMIX_GAP_MIN] = log1p(60 * gaps[0]);
    x[SG_DEMIX_BURST] = (double)n_burst / (double)(n - 1);
}

/* Timing: how much of the pool's inflow was the theft's before each withdrawal. */
static void timing(double *x, const struct sg_demix_scene *s, const int64_t *t, size_t n)
{
    static const int hours[] = {2, 6, 12, 24, 72};
    double fed = 0;
    double since_sum = 0;
    double since_min = INFINITY;
    double hour_sum = 0;
    for (size_t h = 0; h < SG_COUNT_OF(hours); h++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            const int64_t from = t[i] - hours[h] * (int64_t)HOUR_S;
            const double own = (double)count_between(s->theft, s->n_theft, from, t[i]);
            const double all = (double)count_between(s->all, s->n_all, from, t[i]);
            sum += (own + 0.1) / (all + 0.4);
        }
        x[SG_DEMIX_SHARE_2H + h] = sum / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t before = sg_demix_lower_bound(s->theft, s->n_theft, t[i] + 1);
        const int64_t last = s->theft[before ? before - 1 : 0];
        const double since = (double)(t[i] - last) / HOUR_S;
        fed += (double)count_between(s->theft, s->n_theft, t[i] - 24 * (int64_t)HOUR_S, t[i]) + 1;
        since_sum += since;
        since_min = since < since_min ? since : since_min;
        hour_sum += s->hour[t[i] / (int64_t)HOUR_S % 24];
    }
    x[SG_DEMIX_FED] = log(fed / (double)n);
    x[SG_DEMIX_SINCE_MEAN] = log1p(since_sum / (double)n);
    x[SG_DEMIX_SINCE_MIN] = log1p(since_min > 0 ? since_min : 0);
    x[SG_DEMIX_HOUR] = hour_sum / (double)n;
}

/* Relayer: distance of its fees from the pool's usual one of the time; n_fees of them, in time
 * order; an address that used none has n_fees 0. */
static void relayer(double *x, const double *fees, size_t n_fees, size_t n, double *scratch)
{
    double low = INFINITY;
    double high = -INFINITY;
    size_t n_same = 0;
    x[SG_DEMIX_UNRELAYED] = 1 - (double)n_fees / (double)n;
    for (size_t i = 0; i < n_fees; i++) {
        scratch[i] = fabs(fees[i]);
        low = fees[i] < low ? fees[i] : low;
        high = fees[i] > high ? fees[i] : high;
        n_same += i && fabs(fees[i] - fees[i - 1]) < 1e-4;
    }
    x[SG_DEMIX_FEE_OFF] = mean(scratch, n_fees);
    x[SG_DEMIX_FEE_MEAN] = mean(fees, n_fees);
    x[SG_DEMIX_FEE_LOW] = n_fees ? low : 0;
    x[SG_DEMIX_FEE_SPREAD] = deviation(fees, n_fees);
    x[SG_DEMIX_FEE_RANGE] = log((n_fees ? high - low : 0) + 2e-5);
    x[SG_DEMIX_FEE_SAME] = n_fees > 1 ? (double)n_same / (double)(n_fees - 1) : 0.5;
}

/* Crowd: addresses whose median withdrawal lies within 12 hours. */
static void crowd(double *x, const struct sg_demix_scene *s, size_t self)
{
    const int64_t reach = 12 * (int64_t)HOUR_S;
    const int64_t at = s->medians[s->rank[self]];
    const size_t a = sg_demix_lower_bound(s->medians, s->n, at - reach);
    const size_t b = sg_demix_lower_bound(s->medians, s->n, at + reach + 1);
    double same = 0;
    double multi = 0;
    for (size_t i = a; i < b; i++) {
        const size_t other = s->by_median[i];
        if (other == self || !s->only_here[other])
            continue;
        same += s->count[other] == s->count[self];
        multi += s->count[other] >= 3;
    }
    const double near = (double)(b - a - 1);
    x[SG_DEMIX_SAME_COUNT] = same;
    x[SG_DEMIX_MULTI_NEAR] = multi / (near + 1);
    x[SG_DEMIX_NEAR] = near;
}

/* Interleaving: who else withdrew between its first and last. at[i] are its places in the window.
 */
static void interleaving(double *x, struct sg_demix_scene *s, size_t self, const uint32_t *at,
                         size_t n)
{
    double others = 0;
    double rate = 0;
    double alternate = 0;
    double addresses = 0;
    s->epoch++;
    for (size_t i = 0; i + 1 < n; i++)
        alternate += at[i + 1] - at[i] > 1;
    for (uint32_t i = at[0]; i <= at[n - 1]; i++) {
        const size_t other = s->place[i];
        if (other == self)
            continue;
        others++;
        if (s->count[other] < 2 || !s->only_here[other])
            continue;
        rate++;
        addresses += s->seen[other] != s->epoch;
        s->seen[other] = s->epoch;
    }
    const double gaps = n > 1 ? (double)(n - 1) : 1;
    x[SG_DEMIX_BETWEEN] = log1p(others);
    x[SG_DEMIX_ALTERNATE] = alternate / gaps;
    x[SG_DEMIX_INTER_ADDRS] = log1p(addresses);
    x[SG_DEMIX_INTER_RATE] = log1p(rate / gaps);
}

/* Minutes from place i to the nearest withdrawal of another candidate, of two or more if `mates`;
 * 600 at the most. */
static double nearest(const struct sg_demix_scene *s, size_t self, uint32_t i, bool mates)
{
    const struct sg_pool_withdrawal *w = s->pool->withdrawals + s->first_withdrawal;
    double best = 600;
    for (int step = -1; step <= 1; step += 2)
        for (int64_t j = (int64_t)i + step; j >= 0 && j < (int64_t)s->n_places; j += step) {
            const double gap = fabs((double)(w[j].time_unix_s - w[i].time_unix_s)) / 60;
            if (gap >= best)
                break;
            const size_t other = s->place[j];
            if (other != self && (!mates || (s->count[other] >= 2 && s->only_here[other] &&
                                             !sg_amount_is_zero(w[j].fee))))
                best = gap;
        }
    return best;
}

static void neighbours(double *x, const struct sg_demix_scene *s, size_t self, const uint32_t *at,
                       size_t n, double *scratch)
{
    double crossed = 0;
    double around = 0;
    const struct sg_pool_withdrawal *w = s->pool->withdrawals + s->first_withdrawal;
    for (size_t i = 0; i < n; i++) {
        scratch[i] = log1p(nearest(s, self, at[i], false));
        scratch[n + i] = log1p(nearest(s, self, at[i], true));
        crossed += scratch[i] < 1.0986;
        for (int step = -1; step <= 1; step += 2)
            for (int64_t j = (int64_t)at[i] + step; j >= 0 && j < (int64_t)s->n_places; j += step) {
                if (llabs((long long)(w[j].time_unix_s - w[at[i]].time_unix_s)) > 3 * 3600)
                    break;
                const size_t other = s->place[j];
                around += other != self && s->count[other] >= 2 && s->only_here[other] &&
                          !sg_amount_is_zero(w[j].fee);
            }
    }
    qsort(scratch, n, sizeof(*scratch), by_double);
    qsort(scratch + n, n, sizeof(*scratch), by_double);
    x[SG_DEMIX_NEXT_GAP] = median_of_sorted(scratch, n);
    x[SG_DEMIX_MATE_GAP] = median_of_sorted(scratch + n, n);
    x[SG_DEMIX_CROSSED] = crossed / (double)n;
    x[SG_DEMIX_MATES_NEAR] = log1p(around / (double)n);
}

void sg_demix_measure(struct sg_demix_candidate *c, struct sg_demix_scene *s, size_t self,
                      const uint32_t *order)
{
    double *x = c->x;
    size_t n_fees = 0;
    const size_t n = c->n;
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = order[i];
        s->times[i] = s->pool->withdrawals[w].time_unix_s;
        s->at[i] = w - (uint32_t)s->first_withdrawal;
        if (!sg_amount_is_zero(s->pool->withdrawals[w].fee))
            s->fees[n_fees++] = s->pool->withdrawals[w].fee_off;
    }
    x[SG_DEMIX_COUNT] = log((double)n);
    x[SG_DEMIX_ELSEWHERE] = log1p((double)(s->total[c->address] - n));
    rhythm(x, s->times, n, s->scratch);
    timing(x, s, s->times, n);
    relayer(x, s->fees, n_fees, n, s->scratch);
    crowd(x, s, self);
    interleaving(x, s, self, s->at, n);
    neighbours(x, s, self, s->at, n, s->scratch);
}
