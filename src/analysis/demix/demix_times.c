/* When events happened that do not say so: from a table of block times where the block is in it,
 * else linear between the nearest blocks whose time is known, and marked. */
#include "analysis/demix/demix_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

enum sg_status sg_pool_add_time(struct sg_pool_builder *builder, uint64_t block,
                                int64_t time_unix_s, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(builder->times, builder->n_times, builder->cap_times, 1))
        return sg_err_nomem(err);
    builder->times[builder->n_times++] = (struct sg_pool_time){block, time_unix_s};
    return SG_OK;
}

static int by_block(const void *a, const void *b)
{
    const struct sg_pool_time *x = a;
    const struct sg_pool_time *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    return (x->time_unix_s > y->time_unix_s) - (x->time_unix_s < y->time_unix_s);
}

/* Blocks and times must rise together; a block that is told twice must say the same. */
static enum sg_status check_table(const struct sg_pool_time *times, size_t n, struct sg_err *err)
{
    for (size_t i = 1; i < n; i++) {
        if (times[i].block == times[i - 1].block &&
            times[i].time_unix_s != times[i - 1].time_unix_s)
            return sg_err_set(err, SG_EPARSE, "the table of blocks has two times for block %llu",
                              (unsigned long long)times[i].block);
        if (times[i].time_unix_s < times[i - 1].time_unix_s)
            return sg_err_set(err, SG_EPARSE,
                              "the table of blocks has block %llu earlier than one before",
                              (unsigned long long)times[i].block);
    }
    return SG_OK;
}

/* Last anchor at or before the block; SIZE_MAX if there is none. */
static size_t anchor_before(const struct sg_pool_time *times, size_t n, uint64_t block)
{
    size_t low = 0;
    while (n) {
        const size_t half = n / 2;
        if (times[low + half].block <= block) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low ? low - 1 : SIZE_MAX;
}

static enum sg_status check_deposit(const struct sg_pool_deposit *d,
                                    const struct sg_pool_time *known, struct sg_err *err)
{
    if (d->time_unix_s == SG_TIME_UNKNOWN)
        return sg_err_set(err, SG_EPARSE,
                          "the deposit in block %llu has no time, and no table of blocks has it",
                          (unsigned long long)d->block);
    if (known && known->time_unix_s != d->time_unix_s)
        return sg_err_set(err, SG_EPARSE,
                          "the deposit in block %llu says another time than the table of blocks: "
                          "another chain",
                          (unsigned long long)d->block);
    return SG_OK;
}

static enum sg_status fill_deposits(struct sg_pool *pool, const struct sg_pool_time *times,
                                    size_t n, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < pool->n_deposits; i++) {
        struct sg_pool_deposit *d = &pool->deposits[i];
        const size_t at = anchor_before(times, n, d->block);
        const struct sg_pool_time *known =
            at != SIZE_MAX && times[at].block == d->block ? &times[at] : NULL;
        if (known && d->time_unix_s == SG_TIME_UNKNOWN)
            d->time_unix_s = known->time_unix_s;
        st = check_deposit(d, known, err);
    }
    return st;
}

/* Past the ends there is nothing between: 12 s a block is Ethereum's slot. */
static int64_t between(const struct sg_pool_time *anchors, size_t n, size_t at, uint64_t block)
{
    const struct sg_pool_time *a = &anchors[at != SIZE_MAX ? at : 0];
    const struct sg_pool_time *b = at != SIZE_MAX && at + 1 < n ? a + 1 : a;
    double seconds = 12.0 * ((double)block - (double)a->block);
    if (b->block > a->block)
        seconds = (double)(b->time_unix_s - a->time_unix_s) * (double)(block - a->block) /
                  (double)(b->block - a->block);
    return a->time_unix_s + (int64_t)llround(seconds);
}

/* A block whose time is known gives it; between two it is a guess. */
static void fill_withdrawals(struct sg_pool *pool, const struct sg_pool_time *anchors, size_t n)
{
    for (size_t i = 0; i < pool->n_withdrawals; i++) {
        struct sg_pool_withdrawal *w = &pool->withdrawals[i];
        if (w->time_unix_s != SG_TIME_UNKNOWN)
            continue;
        const size_t at = anchor_before(anchors, n, w->block);
        w->time_unix_s = between(anchors, n, at, w->block);
        w->time_estimated = at == SIZE_MAX || anchors[at].block != w->block;
    }
}

enum sg_status sg_demix_fill_times(struct sg_pool *pool, struct sg_pool_time *times, size_t n,
                                   struct sg_err *err)
{
    struct sg_pool_time *anchors = sg_mem_alloc(n + pool->n_deposits + 1, sizeof(*anchors));
    if (!anchors)
        return sg_err_nomem(err);
    if (n)
        qsort(times, n, sizeof(*times), by_block);
    enum sg_status st = check_table(times, n, err);
    if (st == SG_OK)
        st = fill_deposits(pool, times, n, err);
    if (st == SG_OK) {
        for (size_t i = 0; i < n; i++)
            anchors[i] = times[i];
        for (size_t i = 0; i < pool->n_deposits; i++)
            anchors[n + i] =
                (struct sg_pool_time){pool->deposits[i].block, pool->deposits[i].time_unix_s};
        qsort(anchors, n + pool->n_deposits, sizeof(*anchors), by_block);
        fill_withdrawals(pool, anchors, n + pool->n_deposits);
    }
    sg_mem_free(anchors);
    return st;
}
