/* The window of a theft: which withdrawals could be its, grouped by receiving address. */
#include "analysis/demix/demix_internal.h"

#include "base/arena.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S ((int64_t)86400)

size_t sg_demix_lower_bound(const int64_t *times, size_t n, int64_t t)
{
    size_t low = 0;
    while (n) {
        const size_t half = n / 2;
        if (times[low + half] < t) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_start(const void *a, const void *b)
{
    const struct sg_demix_start *x = a;
    const struct sg_demix_start *y = b;
    if (x->time_unix_s != y->time_unix_s)
        return x->time_unix_s < y->time_unix_s ? -1 : 1;
    return (x->batch > y->batch) - (x->batch < y->batch);
}

/* Times of the theft's and of all deposits, and the hours of the day that the theft kept. */
static bool scene_deposits(struct sg_demix_scene *s, struct sg_arena *arena)
{
    const struct sg_pool *pool = s->pool;
    double hours[24] = {0};
    s->theft = sg_arena_alloc(arena, pool->n_deposits + 1, sizeof(*s->theft));
    s->all = sg_arena_alloc(arena, pool->n_deposits + 1, sizeof(*s->all));
    if (!s->theft || !s->all)
        return false;
    for (size_t i = 0; i < pool->n_deposits; i++) {
        s->all[s->n_all++] = pool->deposits[i].time_unix_s;
        if (pool->deposits[i].batch)
            s->theft[s->n_theft++] = pool->deposits[i].time_unix_s;
    }
    qsort(s->all, s->n_all, sizeof(*s->all), by_time);
    qsort(s->theft, s->n_theft, sizeof(*s->theft), by_time);
    for (size_t i = 0; i < s->n_theft; i++)
        hours[s->theft[i] / 3600 % 24]++;
    const double ground = (double)s->n_theft / 48 + 1;
    const double total = (double)s->n_theft + 24 * ground;
    for (size_t h = 0; h < 24; h++)
        s->hour[h] = log((hours[h] + ground) / total * 24);
    return true;
}

/* First withdrawal at or after t, pool order. */
static size_t withdrawal_at(const struct sg_pool *pool, int64_t t)
{
    size_t low = 0;
    size_t n = pool->n_withdrawals;
    while (n) {
        const size_t half = n / 2;
        if (pool->withdrawals[low + half].time_unix_s < t) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static bool scene_alloc(struct sg_demix_scene *s, struct sg_arena *arena)
{
    s->total = sg_arena_alloc(arena, s->pool->n_addresses + 1, sizeof(*s->total));
    s->count = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->count));
    s->only_here = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->only_here));
    s->medians = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->medians));
    s->by_median = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->by_median));
    s->rank = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->rank));
    s->place = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->place));
    s->seen = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->seen));
    s->times = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->times));
    s->at = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->at));
    s->fees = sg_arena_alloc(arena, s->n_places + 1, sizeof(*s->fees));
    s->scratch = sg_arena_alloc(arena, 2 * s->n_places + 2, sizeof(*s->scratch));
    return s->total && s->count && s->only_here && s->medians && s->by_median && s->rank &&
           s->place && s->seen && s->times && s->at && s->fees && s->scratch;
}

/* Group the window's withdrawals by receiver; candidates come in order of first withdrawal. */
static bool group(struct sg_demix_window *window, struct sg_demix_scene *s, struct sg_arena *arena)
{
    const struct sg_pool *pool = s->pool;
    uint32_t *candidate_of = sg_arena_alloc(arena, pool->n_addresses + 1, sizeof(uint32_t));
    uint32_t *next = sg_arena_alloc(arena, s->n_places + 1, sizeof(uint32_t));
    window->candidates = sg_mem_zalloc(s->n_places + 1, sizeof(*window->candidates));
    window->order = sg_mem_alloc(s->n_places + 1, sizeof(*window->order));
    if (!candidate_of || !next || !window->candidates || !window->order)
        return false;
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        s->total[pool->withdrawals[i].to]++;
    for (size_t i = 0; i < s->n_places; i++) {
        const uint32_t to = pool->withdrawals[s->first_withdrawal + i].to;
        if (!candidate_of[to]) {
            window->candidates[s->n].address = to;
            candidate_of[to] = (uint32_t)++s->n;
        }
        s->place[i] = candidate_of[to] - 1;
        s->count[s->place[i]]++;
    }
    uint32_t first = 0;
    for (size_t c = 0; c < s->n; c++) {
        window->candidates[c].n = s->count[c];
        window->candidates[c].first = next[c] = first;
        s->only_here[c] = s->total[window->candidates[c].address] == s->count[c];
        first += s->count[c];
    }
    for (size_t i = 0; i < s->n_places; i++)
        window->order[next[s->place[i]]++] = (uint32_t)(s->first_withdrawal + i);
    window->n_candidates = s->n;
    window->n_order = s->n_places;
    return true;
}

struct keyed {
    int64_t time;
    uint32_t candidate;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a;
    const struct keyed *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static int64_t median_time(const struct sg_pool *pool, const uint32_t *order, size_t n)
{
    const int64_t high = pool->withdrawals[order[n / 2]].time_unix_s;
    const int64_t low = pool->withdrawals[order[(n - 1) / 2]].time_unix_s;
    return low + (high - low) / 2;
}

static bool rank_by_median(const struct sg_demix_window *window, struct sg_demix_scene *s,
                           struct sg_arena *arena)
{
    struct keyed *keys = sg_arena_alloc(arena, s->n + 1, sizeof(*keys));
    if (!keys)
        return false;
    for (size_t c = 0; c < s->n; c++) {
        const struct sg_demix_candidate *candidate = &window->candidates[c];
        keys[c] = (struct keyed){
            median_time(s->pool, window->order + candidate->first, candidate->n), (uint32_t)c};
    }
    qsort(keys, s->n, sizeof(*keys), by_key);
    for (size_t i = 0; i < s->n; i++) {
        s->medians[i] = keys[i].time;
        s->by_median[i] = keys[i].candidate;
        s->rank[keys[i].candidate] = (uint32_t)i;
    }
    return true;
}

/* First deposit of each batch, ascending; n_starts of them. */
static bool scene_batches(struct sg_demix_scene *s, struct sg_arena *arena)
{
    uint32_t n_batches = 0;
    for (size_t i = 0; i < s->pool->n_deposits; i++)
        if (s->pool->deposits[i].batch > n_batches)
            n_batches = s->pool->deposits[i].batch;
    uint8_t *known = sg_arena_alloc(arena, (size_t)n_batches + 1, sizeof(*known));
    s->starts = sg_arena_alloc(arena, (size_t)n_batches + 1, sizeof(*s->starts));
    if (!known || !s->starts)
        return false;
    for (size_t i = 0; i < s->pool->n_deposits; i++) {
        const struct sg_pool_deposit *d = &s->pool->deposits[i];
        if (!d->batch || known[d->batch])
            continue;
        known[d->batch] = 1;
        s->starts[s->n_starts++] = (struct sg_demix_start){d->time_unix_s, d->batch};
    }
    qsort(s->starts, s->n_starts, sizeof(*s->starts), by_start);
    return true;
}

/* The latest batch that had begun three hours before the address's median withdrawal; the first one
 * where none had. */
static void assign_batches(struct sg_demix_window *window, const struct sg_demix_scene *s)
{
    size_t next = 0;
    for (size_t i = 0; i < s->n; i++) {
        while (next < s->n_starts && s->starts[next].time_unix_s <= s->medians[i] - 3 * 3600)
            next++;
        window->candidates[s->by_median[i]].batch = s->starts[next ? next - 1 : 0].batch;
    }
}

static bool build(struct sg_demix_window *window, struct sg_demix_scene *s, struct sg_arena *arena)
{
    if (!scene_alloc(s, arena) || !group(window, s, arena) || !rank_by_median(window, s, arena))
        return false;
    assign_batches(window, s);
    for (size_t c = 0; c < s->n; c++)
        sg_demix_measure(&window->candidates[c], s, c, window->order + window->candidates[c].first);
    return true;
}

/* The days before the window that say what is usual: as many as it has, a week at the least; no
 * further back than the pool's first deposit. */
static struct sg_demix_flow flow_of(const struct sg_demix_window *window,
                                    const struct sg_demix_scene *s)
{
    const int64_t length = window->end_unix_s - window->begin_unix_s;
    const int64_t wanted = length > 7 * DAY_S ? length : 7 * DAY_S;
    const int64_t life = window->begin_unix_s - s->all[0];
    const int64_t before = life < wanted ? life : wanted;
    return (struct sg_demix_flow){.n_theft = s->n_theft,
                                  .n_others = window->n_deposits - s->n_theft,
                                  .n_withdrawals = s->n_places,
                                  .n_before = s->first_withdrawal -
                                              withdrawal_at(s->pool, window->begin_unix_s - before),
                                  .days = (double)length / (double)DAY_S,
                                  .days_before = (double)before / (double)DAY_S};
}

/* Never certain, so that evidence can speak. */
static void set_prior(struct sg_demix_window *window, const struct sg_demix_scene *s)
{
    const struct sg_demix_flow flow = flow_of(window, s);
    window->crowd = sg_demix_crowd(&flow);
    window->balance = sg_demix_balance(&flow);
    const double share = window->balance / ((double)s->n_places + 1);
    window->prior = fmin(fmax(share, 0.005), 0.95);
}

enum sg_status sg_demix_window_find(struct sg_demix_window *window, const struct sg_pool *pool,
                                    int64_t after_s, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_demix_scene s = {.pool = pool};
    struct sg_demix_window found = {0};
    if (!scene_deposits(&s, &arena)) {
        st = sg_err_nomem(err);
        goto out;
    }
    if (!s.n_theft) {
        st = sg_err_set(err, SG_ENOTFOUND, "none of the depositors' deposits is in this pool");
        goto out;
    }
    found.begin_unix_s = s.theft[0];
    found.end_unix_s = s.theft[s.n_theft - 1] + after_s;
    found.n_theft_deposits = s.n_theft;
    found.n_deposits = sg_demix_lower_bound(s.all, s.n_all, found.end_unix_s + 1) -
                       sg_demix_lower_bound(s.all, s.n_all, found.begin_unix_s);
    s.first_withdrawal = withdrawal_at(pool, found.begin_unix_s);
    s.n_places = withdrawal_at(pool, found.end_unix_s + 1) - s.first_withdrawal;
    set_prior(&found, &s);
    if (!scene_batches(&s, &arena) || !build(&found, &s, &arena)) {
        sg_demix_window_clear(&found);
        st = sg_err_nomem(err);
        goto out;
    }
    *window = found;
out:
    sg_arena_clear(&arena);
    return st;
}

void sg_demix_window_clear(struct sg_demix_window *window)
{
    sg_mem_free(window->candidates);
    sg_mem_free(window->order);
    memset(window, 0, sizeof(*window));
}
