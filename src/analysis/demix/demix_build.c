/* From events in any order to a pool: sorted, without duplicates, receivers numbered. */
#include "analysis/demix/demix_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum sg_status sg_pool_add(struct sg_pool_builder *builder, const struct sg_pool_event *event,
                           struct sg_err *err)
{
    if (!SG_VEC_RESERVE(builder->events, builder->n_events, builder->capacity, 1))
        return sg_err_nomem(err);
    builder->events[builder->n_events++] = *event;
    return SG_OK;
}

void sg_pool_builder_clear(struct sg_pool_builder *builder)
{
    sg_mem_free(builder->events);
    sg_mem_free(builder->times);
    memset(builder, 0, sizeof(*builder));
}

void sg_pool_clear(struct sg_pool *pool)
{
    sg_mem_free(pool->deposits);
    sg_mem_free(pool->withdrawals);
    sg_mem_free(pool->addresses);
    memset(pool, 0, sizeof(*pool));
}

/* Same event, same id: the order puts duplicates side by side. */
static int by_id(const void *a, const void *b)
{
    const struct sg_pool_event *x = *(const struct sg_pool_event *const *)a;
    const struct sg_pool_event *y = *(const struct sg_pool_event *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    const int order = memcmp(x->id32, y->id32, sizeof(x->id32));
    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

/* Order on the chain; within a block the tree's order for deposits, the file's for withdrawals. */
static int by_place(const void *a, const void *b)
{
    const struct sg_pool_event *x = *(const struct sg_pool_event *const *)a;
    const struct sg_pool_event *y = *(const struct sg_pool_event *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if (x->leaf != y->leaf)
        return x->leaf < y->leaf ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return memcmp(x->id32, y->id32, sizeof(x->id32));
}

static int by_address(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct sg_address));
}

/* Pointers to the events, each id once, in order of place. Returns how many. */
static size_t unique_events(const struct sg_pool_event **list,
                            const struct sg_pool_builder *builder)
{
    size_t n = 0;
    for (size_t i = 0; i < builder->n_events; i++)
        list[i] = &builder->events[i];
    qsort(list, builder->n_events, sizeof(*list), by_id);
    for (size_t i = 0; i < builder->n_events; i++)
        if (n == 0 || list[n - 1]->kind != list[i]->kind ||
            memcmp(list[n - 1]->id32, list[i]->id32, sizeof(list[i]->id32)) != 0)
            list[n++] = list[i];
    qsort(list, n, sizeof(*list), by_place);
    return n;
}

static void fill(struct sg_pool *pool, const struct sg_pool_event *const *list, size_t n)
{
    size_t n_addresses = 0;
    for (size_t i = 0; i < n; i++) {
        const struct sg_pool_event *e = list[i];
        if (e->kind == SG_POOL_DEPOSIT) {
            struct sg_pool_deposit *d = &pool->deposits[pool->n_deposits++];
            *d = (struct sg_pool_deposit){.block = e->block,
                                          .time_unix_s = e->time_unix_s,
                                          .gas_price = e->gas_price,
                                          .leaf = e->leaf};
            memcpy(d->tx32, e->tx32, sizeof(d->tx32));
            continue;
        }
        struct sg_pool_withdrawal *w = &pool->withdrawals[pool->n_withdrawals++];
        *w = (struct sg_pool_withdrawal){.block = e->block,
                                         .time_unix_s = e->time_unix_s,
                                         .fee = e->fee,
                                         .gas_price = e->gas_price};
        memcpy(w->tx32, e->tx32, sizeof(w->tx32));
        memcpy(w->nullifier32, e->id32, sizeof(w->nullifier32));
        pool->addresses[n_addresses++] = e->to;
    }
}

/* pool->addresses holds the receiver of each withdrawal: make them a sorted set, and number. */
static void number_addresses(struct sg_pool *pool, const struct sg_pool_event *const *list,
                             size_t n)
{
    size_t w = 0;
    size_t kept = 0;
    qsort(pool->addresses, pool->n_withdrawals, sizeof(*pool->addresses), by_address);
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        if (kept == 0 || by_address(&pool->addresses[kept - 1], &pool->addresses[i]) != 0)
            pool->addresses[kept++] = pool->addresses[i];
    pool->n_addresses = kept;
    for (size_t i = 0; i < n; i++) {
        if (list[i]->kind != SG_POOL_WITHDRAWAL)
            continue;
        const struct sg_address *found =
            bsearch(&list[i]->to, pool->addresses, kept, sizeof(*pool->addresses), by_address);
        pool->withdrawals[w++].to = (uint32_t)(found - pool->addresses);
    }
}

static enum sg_status check_deposits(const struct sg_pool *pool, struct sg_err *err)
{
    for (size_t i = 1; i < pool->n_deposits; i++)
        if (pool->deposits[i].time_unix_s < pool->deposits[i - 1].time_unix_s)
            return sg_err_set(err, SG_EPARSE,
                              "the deposit in block %llu is earlier than one before",
                              (unsigned long long)pool->deposits[i].block);
    return SG_OK;
}

static enum sg_status check_withdrawals(const struct sg_pool *pool, struct sg_err *err)
{
    if (pool->n_withdrawals && pool->withdrawals[0].block < pool->deposits[0].block)
        return sg_err_set(err, SG_EPARSE,
                          "a withdrawal in block %llu precedes the first deposit: deposits are "
                          "missing, or the files are of two pools",
                          (unsigned long long)pool->withdrawals[0].block);
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        if (sg_amount_cmp(pool->withdrawals[i].fee, pool->denomination) > 0)
            return sg_err_set(err, SG_EPARSE,
                              "a withdrawal in block %llu pays a fee above the pool's "
                              "denomination: another pool",
                              (unsigned long long)pool->withdrawals[i].block);
    return SG_OK;
}

/* Logs name their contract: all the same one, or the files are of two pools. */
static enum sg_status check_contract(const struct sg_pool_event *const *list, size_t n,
                                     struct sg_err *err)
{
    const struct sg_address *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!list[i]->pool.size)
            continue;
        if (first && memcmp(first, &list[i]->pool, sizeof(*first)) != 0)
            return sg_err_at(err, SG_EPARSE, list[i]->offset,
                             "the logs are of two contracts: one pool at a time");
        first = &list[i]->pool;
    }
    return SG_OK;
}

/* Binary searches and gaps rest on it. A time that was read wins over one between others. */
static enum sg_status order_times(struct sg_pool *pool, struct sg_err *err)
{
    int64_t last_read = INT64_MIN;
    for (size_t i = 0; i < pool->n_withdrawals; i++) {
        struct sg_pool_withdrawal *w = &pool->withdrawals[i];
        if (!w->time_estimated && w->time_unix_s < last_read)
            return sg_err_set(err, SG_EPARSE,
                              "the withdrawal in block %llu is earlier than one before",
                              (unsigned long long)w->block);
        if (!w->time_estimated)
            last_read = w->time_unix_s;
        if (i && w->time_unix_s < w[-1].time_unix_s) {
            w->time_unix_s = w[-1].time_unix_s;
            w->time_estimated = true;
        }
    }
    return SG_OK;
}

enum sg_status sg_pool_build(struct sg_pool *pool, struct sg_pool_builder *builder,
                             struct sg_amount denomination, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct sg_pool made = {.denomination = denomination};
    const size_t room = builder->n_events + 1;
    const struct sg_pool_event **list = sg_mem_alloc(room, sizeof(*list));
    made.deposits = sg_mem_alloc(room, sizeof(*made.deposits));
    made.withdrawals = sg_mem_alloc(room, sizeof(*made.withdrawals));
    made.addresses = sg_mem_alloc(room, sizeof(*made.addresses));
    if (!list || !made.deposits || !made.withdrawals || !made.addresses) {
        st = sg_err_nomem(err);
        goto out;
    }
    const size_t n = unique_events(list, builder);
    made.n_duplicates = builder->n_events - n;
    fill(&made, list, n);
    number_addresses(&made, list, n);
    st = check_contract(list, n, err);
    if (st == SG_OK && !made.n_deposits)
        st = sg_err_set(err, SG_EPARSE, "the files hold no deposit");
    if (st == SG_OK)
        st = sg_demix_fill_times(&made, builder->times, builder->n_times, err);
    if (st == SG_OK)
        st = check_deposits(&made, err);
    if (st == SG_OK)
        st = check_withdrawals(&made, err);
    if (st != SG_OK)
        goto out;
    sg_pool_prepare(&made);
    st = order_times(&made, err);
    if (st != SG_OK)
        goto out;
    *pool = made;
    memset(&made, 0, sizeof(made));
out:
    sg_pool_clear(&made);
    sg_mem_free(list);
    return st;
}
