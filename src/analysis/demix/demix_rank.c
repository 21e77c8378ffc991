/* Candidates in order of probability; the same for thefts that never were; and who else it could
 * have been. */
#include "analysis/demix/demix.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WEEK_S ((int64_t)7 * 86400)

static int by_falling_probability(const void *a, const void *b)
{
    const struct sg_demix_entry *x = a;
    const struct sg_demix_entry *y = b;
    if (x->probability < y->probability || x->probability > y->probability)
        return x->probability < y->probability ? 1 : -1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static void score_entry(struct sg_demix_entry *entry, double prior,
                        const struct sg_demix_candidate *candidate)
{
    double parts[SG_DEMIX_N_FEATURES];
    entry->probability = sg_demix_score(parts, sg_demix_model(), prior, candidate->x);
    for (unsigned f = 0; f < SG_DEMIX_N_FEATURES; f++)
        entry->weights[sg_demix_feature_rule((enum sg_demix_feature)f)] += parts[f];
}

static enum sg_status look_twice(struct sg_demix_window *window, const struct sg_pool *pool,
                                 struct sg_err *err)
{
    double *first = sg_mem_alloc(window->n_candidates + 1, sizeof(*first));
    if (!first)
        return sg_err_nomem(err);
    for (size_t c = 0; c < window->n_candidates; c++)
        first[c] = 1 / (1 + exp(-sg_demix_first_look(sg_demix_model(), window->prior,
                                                     window->candidates[c].x)));
    const enum sg_status st = sg_demix_company(window, pool, first, err);
    sg_mem_free(first);
    return st;
}

enum sg_status sg_demix_rank(struct sg_demix_ranking *ranking, const struct sg_pool *pool,
                             int64_t after_s, struct sg_err *err)
{
    struct sg_demix_ranking made = {0};
    enum sg_status st = sg_demix_window_find(&made.window, pool, after_s, err);
    if (st != SG_OK)
        return st;
    made.entries = sg_mem_zalloc(made.window.n_candidates + 1, sizeof(*made.entries));
    st = made.entries ? look_twice(&made.window, pool, err) : sg_err_nomem(err);
    if (st != SG_OK) {
        sg_demix_ranking_clear(&made);
        return st;
    }
    for (size_t i = 0; i < made.window.n_candidates; i++) {
        made.entries[i].candidate = (uint32_t)i;
        score_entry(&made.entries[i], made.window.prior, &made.window.candidates[i]);
    }
    sg_demix_bound(&made);
    qsort(made.entries, made.window.n_candidates, sizeof(*made.entries), by_falling_probability);
    st = sg_demix_allot(&made, pool, err);
    if (st == SG_OK)
        *ranking = made;
    else
        sg_demix_ranking_clear(&made);
    return st;
}

void sg_demix_ranking_clear(struct sg_demix_ranking *ranking)
{
    sg_demix_window_clear(&ranking->window);
    sg_mem_free(ranking->entries);
    sg_mem_free(ranking->by_batch);
    memset(ranking, 0, sizeof(*ranking));
}

/* First and last deposit of the theft; false if there is none. */
static bool theft_span(int64_t *first, int64_t *last, const struct sg_pool *pool)
{
    bool found = false;
    for (size_t i = 0; i < pool->n_deposits; i++) {
        if (!pool->deposits[i].batch)
            continue;
        if (!found)
            *first = pool->deposits[i].time_unix_s;
        *last = pool->deposits[i].time_unix_s;
        found = true;
    }
    return found;
}

/* One world at work: the deposits are moved in place. */
struct shifting {
    struct sg_demix_null *null;
    const struct sg_pool *pool;
    struct sg_pool moved;
    int64_t after_s;
};

static enum sg_status add_chance(struct shifting *s, int64_t offset_s, struct sg_err *err)
{
    struct sg_demix_ranking ranking;
    const enum sg_status st = sg_demix_rank(&ranking, &s->moved, s->after_s, err);
    if (st != SG_OK)
        return st;
    struct sg_demix_chance *chance = &s->null->worlds[s->null->n_worlds++];
    *chance = (struct sg_demix_chance){.offset_s = offset_s,
                                       .addresses = ranking.window.n_candidates,
                                       .withdrawals = ranking.window.n_order,
                                       .expected = ranking.expected};
    while (chance->addresses_half < ranking.window.n_candidates &&
           ranking.entries[chance->addresses_half].probability >= 0.5)
        chance->addresses_half++;
    sg_demix_ranking_clear(&ranking);
    return SG_OK;
}

static void move_theft(const struct shifting *s, int64_t offset_s)
{
    const struct sg_pool *pool = s->pool;
    for (size_t i = 0; i < pool->n_deposits; i++)
        s->moved.deposits[i].time_unix_s =
            pool->deposits[i].time_unix_s + (pool->deposits[i].batch ? offset_s : 0);
}

/* Of world k, in whole weeks. Behind the theft two more are left out, for what its thief withdrew
 * late. */
static int64_t offset_of(int k, int64_t length)
{
    return k * (length / WEEK_S + 1) * WEEK_S + (k > 0 ? 2 * WEEK_S : 0);
}

enum sg_status sg_demix_null_run(struct sg_demix_null *null, const struct sg_pool *pool,
                                 int64_t after_s, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct sg_demix_null made = {.n_worlds = 0};
    struct shifting s = {.null = &made, .pool = pool, .moved = *pool, .after_s = after_s};
    int64_t first = 0;
    int64_t last = 0;
    if (!theft_span(&first, &last, pool))
        return sg_err_set(err, SG_ENOTFOUND, "none of the depositors' deposits is in this pool");
    const int64_t length = last - first + after_s;
    const int64_t begin = pool->deposits[0].time_unix_s;
    const int64_t end = pool->n_withdrawals ? pool->withdrawals[pool->n_withdrawals - 1].time_unix_s
                                            : pool->deposits[pool->n_deposits - 1].time_unix_s;
    s.moved.deposits = sg_mem_alloc(pool->n_deposits, sizeof(*s.moved.deposits));
    if (!s.moved.deposits)
        return sg_err_nomem(err);
    memcpy(s.moved.deposits, pool->deposits, pool->n_deposits * sizeof(*s.moved.deposits));
    for (int k = -SG_DEMIX_NULL_MAX / 2; st == SG_OK && k <= SG_DEMIX_NULL_MAX / 2; k++) {
        const int64_t offset = offset_of(k, length);
        if (k == 0 || first + offset < begin || first + offset + length > end)
            continue;
        move_theft(&s, offset);
        st = add_chance(&s, offset, err);
    }
    sg_mem_free(s.moved.deposits);
    if (st == SG_OK)
        *null = made;
    return st;
}

struct sg_demix_anonymity sg_demix_anonymity_of(const struct sg_pool *pool, size_t withdrawal)
{
    size_t low = 0;
    size_t n = pool->n_deposits;
    while (n) {
        const size_t half = n / 2;
        if (pool->deposits[low + half].block <= pool->withdrawals[withdrawal].block) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return (struct sg_demix_anonymity){low, low > withdrawal ? low - withdrawal : 0};
}
