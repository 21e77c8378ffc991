/* How many withdrawals a theft and each of its depositors are given: never more than were
 * deposited. Floating point here: expected counts are sums of probabilities. */
#include "analysis/demix/demix.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double shifted(double p, double shift)
{
    return p / (p + (1 - p) * exp(shift));
}

static double expected(const struct sg_demix_ranking *r, double shift)
{
    double sum = 0;
    for (size_t i = 0; i < r->window.n_candidates; i++)
        sum += shifted(r->entries[i].probability, shift) *
               r->window.candidates[r->entries[i].candidate].n;
    return sum;
}

/* Sixty halvings leave less than a double can tell. */
static double find_shift(const struct sg_demix_ranking *r, double most)
{
    double low = 0;
    double high = 1;
    while (expected(r, high) > most)
        high *= 2;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (expected(r, middle) > most)
            low = middle;
        else
            high = middle;
    }
    return high;
}

void sg_demix_bound(struct sg_demix_ranking *r)
{
    const double most = (double)r->window.n_theft_deposits;
    r->shift = expected(r, 0) > most ? find_shift(r, most) : 0;
    for (size_t i = 0; i < r->window.n_candidates; i++)
        r->entries[i].probability = shifted(r->entries[i].probability, r->shift);
    r->expected = fmin(expected(r, 0), most);
}

/* A batch: when it began, and how many of its deposits no withdrawal was ascribed to yet. */
struct batch {
    int64_t begin_unix_s;
    uint32_t number;
    double deposits, room;
};

static int by_begin(const void *a, const void *b)
{
    const struct batch *x = a;
    const struct batch *y = b;
    if (x->begin_unix_s != y->begin_unix_s)
        return x->begin_unix_s < y->begin_unix_s ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* In order of their beginning; place[number - 1] says where each went. */
static void find_batches(struct batch *batches, uint32_t *place, uint32_t n,
                         const struct sg_pool *pool)
{
    for (uint32_t b = 0; b < n; b++)
        batches[b] = (struct batch){INT64_MAX, b + 1, 0, 0};
    for (size_t i = 0; i < pool->n_deposits; i++) {
        const struct sg_pool_deposit *d = &pool->deposits[i];
        if (!d->batch)
            continue;
        struct batch *batch = &batches[d->batch - 1];
        batch->room = ++batch->deposits;
        if (d->time_unix_s < batch->begin_unix_s)
            batch->begin_unix_s = d->time_unix_s;
    }
    qsort(batches, n, sizeof(*batches), by_begin);
    for (uint32_t b = 0; b < n; b++)
        place[batches[b].number - 1] = b;
}

static double take(struct batch *batch, double mass)
{
    const double taken = fmin(mass, batch->room);
    batch->room -= taken;
    return mass - taken;
}

/* To the batch at `place`, then to those before it, nearest first, then to those behind. */
static void allot(struct batch *batches, uint32_t n, uint32_t place, double mass)
{
    for (uint32_t b = place + 1; b-- > 0 && mass > 0;)
        mass = take(&batches[b], mass);
    for (uint32_t b = place + 1; b < n && mass > 0; b++)
        mass = take(&batches[b], mass);
}

enum sg_status sg_demix_allot(struct sg_demix_ranking *r, const struct sg_pool *pool,
                              struct sg_err *err)
{
    r->n_batches = 0;
    for (size_t i = 0; i < pool->n_deposits; i++)
        if (pool->deposits[i].batch > r->n_batches)
            r->n_batches = pool->deposits[i].batch;
    const uint32_t n = r->n_batches;
    struct batch *batches = sg_mem_alloc(n, sizeof(*batches));
    uint32_t *place = sg_mem_alloc(n, sizeof(*place));
    double *mass = sg_mem_zalloc(r->window.n_candidates + 1, sizeof(*mass));
    r->by_batch = sg_mem_zalloc(n, sizeof(*r->by_batch));
    if (batches && place && mass && r->by_batch) {
        find_batches(batches, place, n, pool);
        for (size_t i = 0; i < r->window.n_candidates; i++)
            mass[r->entries[i].candidate] = r->entries[i].probability;
        for (size_t c = 0; c < r->window.n_candidates; c++)
            allot(batches, n, place[r->window.candidates[c].batch - 1],
                  mass[c] * r->window.candidates[c].n);
        for (uint32_t b = 0; b < n; b++)
            r->by_batch[batches[b].number - 1] = batches[b].deposits - batches[b].room;
    }
    const bool failed = !batches || !place || !mass || !r->by_batch;
    sg_mem_free(mass);
    sg_mem_free(place);
    sg_mem_free(batches);
    return failed ? sg_err_nomem(err) : SG_OK;
}
