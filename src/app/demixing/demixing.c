/* From files to a ranking. */
#include "app/demixing/demixing.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Assets that pools were made of, with their base units. */
static const struct {
    const char *name;
    unsigned decimals;
} assets[] = {
    {"eth", 18}, {"dai", 18}, {"cdai", 8},   {"usdc", 6},  {"usdt", 6},
    {"wbtc", 8}, {"bnb", 18}, {"matic", 18}, {"avax", 18}, {"xdai", 18},
};

static enum sg_status bad_pool(const char *name, struct sg_err *err)
{
    return sg_err_set(err, SG_EUSAGE,
                      "no pool '%s'; a pool is ASSET-AMOUNT, as eth-100; assets: eth, dai, cdai, "
                      "usdc, usdt, wbtc, bnb, matic, avax, xdai",
                      name);
}

enum sg_status sg_demixing_pool(struct sg_demixing *d, const char *name, struct sg_err *err)
{
    const char *dash = strchr(name, '-');
    for (size_t i = 0; dash && i < SG_COUNT_OF(assets); i++) {
        const size_t size = (size_t)(dash - name);
        if (strlen(assets[i].name) != size || memcmp(assets[i].name, name, size) != 0)
            continue;
        if (sg_amount_parse(&d->denomination, dash + 1, strlen(dash + 1), assets[i].decimals,
                            NULL) != SG_OK ||
            sg_amount_is_zero(d->denomination))
            break;
        d->pool_name = name;
        d->decimals = assets[i].decimals;
        return SG_OK;
    }
    return bad_pool(name, err);
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

/* Of two that name one transaction the first stays. */
static int by_hash_and_batch(const void *a, const void *b)
{
    const struct sg_demixing_mark *x = a;
    const struct sg_demixing_mark *y = b;
    const int order = by_hash(x->tx32, y->tx32);
    return order ? order : (x->batch > y->batch) - (x->batch < y->batch);
}

const struct sg_demixing_mark *sg_demixing_find(const struct sg_demixing *d, const uint8_t tx32[32])
{
    return d->n_marks ? bsearch(tx32, d->marks, d->n_marks, sizeof(*d->marks), by_hash) : NULL;
}

void sg_demixing_sort_marks(struct sg_demixing *d)
{
    size_t kept = 0;
    if (d->n_marks)
        qsort(d->marks, d->n_marks, sizeof(*d->marks), by_hash_and_batch);
    for (size_t i = 0; i < d->n_marks; i++)
        if (kept == 0 || by_hash(d->marks[kept - 1].tx32, d->marks[i].tx32) != 0)
            d->marks[kept++] = d->marks[i];
    d->n_marks = kept;
}

static void match(struct sg_demixing *d)
{
    for (size_t i = 0; d->n_marks && i < d->pool.n_deposits; i++) {
        struct sg_pool_deposit *deposit = &d->pool.deposits[i];
        struct sg_demixing_mark *mark =
            bsearch(deposit->tx32, d->marks, d->n_marks, sizeof(*mark), by_hash);
        if (!mark)
            continue;
        mark->in_pool = true;
        deposit->batch = mark->batch;
        d->batches[mark->batch - 1].deposits++;
    }
    for (size_t i = 0; i < d->n_marks; i++)
        d->n_unmatched += !d->marks[i].in_pool;
}

enum sg_status sg_demixing_mark(struct sg_demixing *d, const uint8_t tx32[32], const char *name,
                                size_t name_size, struct sg_err *err)
{
    size_t batch = d->n_batches;
    while (batch && (strlen(d->batches[batch - 1].name) != name_size ||
                     memcmp(d->batches[batch - 1].name, name, name_size) != 0))
        batch--;
    if (!batch) {
        if (d->n_batches == SG_DEMIXING_BATCHES_MAX)
            return sg_err_set(err, SG_ELIMIT, "more than %d depositors", SG_DEMIXING_BATCHES_MAX);
        char *copy = sg_arena_alloc(&d->arena, name_size + 1, 1);
        if (!copy || !SG_VEC_RESERVE(d->batches, d->n_batches, d->cap_batches, 1))
            return sg_err_nomem(err);
        memcpy(copy, name, name_size);
        d->batches[d->n_batches++] = (struct sg_demixing_batch){.name = copy};
        batch = d->n_batches;
    }
    if (!SG_VEC_RESERVE(d->marks, d->n_marks, d->cap_marks, 1))
        return sg_err_nomem(err);
    struct sg_demixing_mark *mark = &d->marks[d->n_marks++];
    *mark = (struct sg_demixing_mark){.batch = (uint32_t)batch};
    memcpy(mark->tx32, tx32, sizeof(mark->tx32));
    return SG_OK;
}

enum sg_status sg_demixing_run(struct sg_demixing *d, struct sg_err *err)
{
    const int64_t after_s = d->after_s ? d->after_s : SG_DEMIX_AFTER_S;
    enum sg_status st = sg_pool_build(&d->pool, &d->builder, d->denomination, err);
    if (st != SG_OK)
        return st;
    sg_demixing_sort_marks(d);
    match(d);
    st = sg_demix_rank(&d->ranking, &d->pool, after_s, err);
    if (st != SG_OK)
        return st;
    for (uint32_t b = 0; b < d->ranking.n_batches; b++)
        d->batches[b].expected = d->ranking.by_batch[b];
    return sg_demix_null_run(&d->null, &d->pool, after_s, err);
}

void sg_demixing_clear(struct sg_demixing *d)
{
    sg_pool_builder_clear(&d->builder);
    sg_pool_clear(&d->pool);
    sg_demix_ranking_clear(&d->ranking);
    sg_mem_free(d->marks);
    sg_mem_free(d->batches);
    sg_mem_free(d->notes);
    sg_arena_clear(&d->arena);
    memset(d, 0, sizeof(*d));
}
