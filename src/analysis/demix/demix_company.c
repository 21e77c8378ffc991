/* The second look: what the first one thinks of the addresses that behave like this one, of the
 * withdrawals around its own, and how many deposits of the theft would be left for it. A thief has
 * manners; those of its addresses that are plain speak for those that are not.
 * Floating point here: probabilities and measurements. */
#include "analysis/demix/demix_internal.h"

#include "base/arena.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEIGHBOURS 200              /* candidates on each side that are compared */
#define REACH_S    ((int64_t)10800) /* withdrawals around one */

struct company {
    struct sg_demix_window *window;
    const struct sg_pool *pool;
    const double *first; /* probability at first sight, by candidate */
    double mean;         /* of them, by withdrawal */
    uint32_t *candidate; /* by place in time order */
    size_t first_place;  /* pool index of place 0 */
    int64_t *theft;      /* times of the theft's deposits */
    size_t n_theft;
    double *given; /* by place: expected withdrawals before it */
};

static double log_odds(double p)
{
    return log((p + 1e-3) / (1 - p + 1e-3));
}

/* Manners, each in units in which one is a clear difference. */
static const struct {
    enum sg_demix_feature feature;
    double unit;
} manners[] = {
    {SG_DEMIX_COUNT, 0.6},      {SG_DEMIX_UNRELAYED, 0.3},  {SG_DEMIX_GAP_MEDIAN, 0.8},
    {SG_DEMIX_GAP_SPREAD, 0.5}, {SG_DEMIX_FEE_MEAN, 0.002}, {SG_DEMIX_FEE_RANGE, 2},
    {SG_DEMIX_INTER_RATE, 0.8}, {SG_DEMIX_ELSEWHERE, 0.7},
};

static double likeness(const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < SG_COUNT_OF(manners); i++) {
        const double d = (x[manners[i].feature] - y[manners[i].feature]) / manners[i].unit;
        sum += d * d;
    }
    return 1 / ((1 + sum) * (1 + sum));
}

/* Mean of what is thought of others, each weighted by its likeness; drawn to the window's mean. */
static double alike(const struct company *k, size_t self)
{
    const struct sg_demix_candidate *all = k->window->candidates;
    const size_t n = k->window->n_candidates;
    const size_t from = self > NEIGHBOURS ? self - NEIGHBOURS : 0;
    double weight = 0.3;
    double sum = weight * k->mean;
    for (size_t i = from; i < n && i <= self + NEIGHBOURS; i++) {
        if (i == self)
            continue;
        const double w = likeness(all[self].x, all[i].x);
        weight += w;
        sum += w * k->first[i];
    }
    return log_odds(sum / weight) - log_odds(k->mean);
}

static void look_around(const struct company *k, size_t self, size_t place, double *weight,
                        double *sum)
{
    const struct sg_pool_withdrawal *w = k->pool->withdrawals + k->first_place;
    for (int step = -1; step <= 1; step += 2)
        for (int64_t j = (int64_t)place + step; j >= 0 && j < (int64_t)k->window->n_order;
             j += step) {
            const int64_t gap = llabs((long long)(w[j].time_unix_s - w[place].time_unix_s));
            if (gap > REACH_S)
                break;
            if (k->candidate[j] == self)
                continue;
            *weight += exp(-(double)gap / 3600);
            *sum += exp(-(double)gap / 3600) * k->first[k->candidate[j]];
        }
}

/* The same of the withdrawals within three hours of its own, nearer ones more. */
static double around(const struct company *k, size_t self)
{
    const struct sg_demix_candidate *c = &k->window->candidates[self];
    double weight = 1;
    double sum = k->mean;
    for (size_t i = 0; i < c->n; i++)
        look_around(k, self, k->window->order[c->first + i] - k->first_place, &weight, &sum);
    return log_odds(sum / weight) - log_odds(k->mean);
}

/* The theft's deposits before its last withdrawal, less what others are thought to have had. */
static double room(const struct company *k, size_t self)
{
    const struct sg_demix_candidate *c = &k->window->candidates[self];
    const size_t last = k->window->order[c->first + c->n - 1];
    const size_t place = last - k->first_place;
    const double made = (double)sg_demix_lower_bound(k->theft, k->n_theft,
                                                     k->pool->withdrawals[last].time_unix_s + 1);
    const double own = k->first[self] * ((double)c->n - 1);
    const double left = made - (k->given[place] - own);
    return left > 0 ? log1p(left / (double)c->n) : -log1p(-left / (double)c->n);
}

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool prepare(struct company *k, struct sg_arena *arena)
{
    const struct sg_demix_window *w = k->window;
    double sum = 0;
    k->candidate = sg_arena_alloc(arena, w->n_order + 1, sizeof(*k->candidate));
    k->given = sg_arena_alloc(arena, w->n_order + 1, sizeof(*k->given));
    k->theft = sg_arena_alloc(arena, w->n_theft_deposits, sizeof(*k->theft));
    if (!k->candidate || !k->given || !k->theft)
        return false;
    k->first_place = w->n_candidates ? w->order[w->candidates[0].first] : 0;
    for (size_t c = 0; c < w->n_candidates; c++)
        for (size_t i = 0; i < w->candidates[c].n; i++)
            k->candidate[w->order[w->candidates[c].first + i] - k->first_place] = (uint32_t)c;
    for (size_t i = 0; i < w->n_order; i++) {
        k->given[i] = sum;
        sum += k->first[k->candidate[i]];
    }
    k->mean = w->n_order ? sum / (double)w->n_order : 0;
    for (size_t i = 0; i < k->pool->n_deposits; i++)
        if (k->pool->deposits[i].batch)
            k->theft[k->n_theft++] = k->pool->deposits[i].time_unix_s;
    qsort(k->theft, k->n_theft, sizeof(*k->theft), by_number);
    return true;
}

enum sg_status sg_demix_company(struct sg_demix_window *window, const struct sg_pool *pool,
                                const double *first, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct company k = {.window = window, .pool = pool, .first = first};
    const bool ready = prepare(&k, &arena);
    for (size_t c = 0; ready && c < window->n_candidates; c++) {
        double *x = window->candidates[c].x;
        x[SG_DEMIX_ALIKE] = alike(&k, c);
        x[SG_DEMIX_AROUND] = around(&k, c);
        x[SG_DEMIX_ROOM] = room(&k, c);
    }
    sg_arena_clear(&arena);
    return ready ? SG_OK : sg_err_nomem(err);
}
