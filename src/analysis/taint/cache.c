#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

/* Rows of one question after which it is asked whether to go on. */
#define STEP_ROWS 65536

/* Rows of one question, before they are sorted to their addresses. */
struct answer {
    const uint64_t *skip; /* rows to leave out; behind those that were passed */
    size_t n_skip;
    const struct sg_ids *wanted; /* address -> index into counts */
    size_t *counts;
    struct sg_row *rows;
    size_t n_rows, rows_cap;
    const struct sg_taint_cache *cache;
    enum sg_status status;
    struct sg_err *err;
};

enum sg_status sg_taint_cache_new(struct sg_taint_cache **cache, const struct sg_ledger *ledger,
                                  struct sg_err *err)
{
    struct sg_taint_cache *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->ledger = ledger;
    *cache = made;
    return SG_OK;
}

void sg_taint_cache_skip(struct sg_taint_cache *cache, const uint64_t *rows, size_t n)
{
    cache->skip = rows;
    cache->n_skip = n;
}

void sg_taint_cache_free(struct sg_taint_cache *cache)
{
    if (!cache)
        return;
    sg_ids_clear(&cache->tx_at);
    sg_ids_clear(&cache->addr_at);
    sg_mem_free(cache->addrs);
    sg_mem_free(cache->txs);
    sg_mem_free(cache->rows);
    sg_mem_free(cache);
}

const struct sg_tx *sg_taint_tx(const struct sg_taint_cache *cache, struct sg_tx_id tx)
{
    const uint32_t at = tx.v == SG_TX_ID_NONE ? SG_IDS_NONE : sg_ids_get(&cache->tx_at, tx.v);
    return at == SG_IDS_NONE ? NULL : &cache->txs[at];
}

int64_t sg_taint_last_out(const struct sg_taint_cache *cache, struct sg_addr_id addr)
{
    if (sg_ids_get(&cache->addr_at, addr.v) == SG_IDS_NONE)
        return SG_TIME_UNKNOWN;
    const struct sg_cached_addr *list = sg_cache_rows(cache, addr);
    for (size_t i = list->first + list->count; i > list->first; i--) {
        const struct sg_cached_row *cached = &cache->rows[i - 1];
        if (cached->row.from.v == addr.v && sg_row_moves(&cached->row))
            return cache->txs[cached->tx].time_unix_s;
    }
    return SG_TIME_UNKNOWN;
}

uint64_t sg_taint_fees_unknown(const struct sg_taint_cache *cache, struct sg_addr_id addr)
{
    uint64_t n = 0;
    uint32_t last = SG_IDS_NONE;
    if (sg_ids_get(&cache->addr_at, addr.v) == SG_IDS_NONE)
        return 0;
    const struct sg_cached_addr *list = sg_cache_rows(cache, addr);
    for (size_t i = list->first; i < list->first + list->count; i++) {
        const struct sg_tx *tx = &cache->txs[cache->rows[i].tx];
        n += cache->rows[i].tx != last && tx->sender.v == addr.v && !(tx->flags & SG_TX_FEE_KNOWN);
        last = cache->rows[i].tx;
    }
    return n;
}

static void count_row(struct answer *answer, struct sg_addr_id addr)
{
    const uint32_t i = sg_ids_get(answer->wanted, addr.v);
    if (i != SG_IDS_NONE)
        answer->counts[i]++;
}

enum sg_status sg_cache_step(const struct sg_taint_cache *cache, struct sg_err *err)
{
    const uint64_t all = cache->ledger->stats.rows;
    if (sg_progress_step(cache->progress, cache->done, all))
        return SG_OK;
    return sg_err_set(err, SG_ECANCELLED, "stopped at row %llu of %llu",
                      (unsigned long long)cache->done, (unsigned long long)all);
}

static bool take_row(void *ctx, const struct sg_row *row)
{
    struct answer *answer = ctx;
    while (answer->n_skip && *answer->skip < row->id) {
        answer->skip++;
        answer->n_skip--;
    }
    if (answer->n_skip && *answer->skip == row->id)
        return true;
    if (!SG_VEC_RESERVE(answer->rows, answer->n_rows, answer->rows_cap, 1)) {
        answer->status = sg_err_nomem(answer->err);
        return false;
    }
    if (answer->n_rows % STEP_ROWS == STEP_ROWS - 1)
        answer->status = sg_cache_step(answer->cache, answer->err);
    answer->rows[answer->n_rows++] = *row;
    count_row(answer, row->from);
    if (row->to.v != row->from.v)
        count_row(answer, row->to);
    return answer->status == SG_OK;
}

/* Fetch the transactions of the rows that are not known yet. Rows ascend, so their ids do too. */
static enum sg_status read_txs(struct sg_taint_cache *cache, const struct answer *answer,
                               struct sg_err *err)
{
    struct sg_tx_id *ids = sg_mem_alloc(answer->n_rows, sizeof(*ids));
    size_t n = 0;
    if (!ids)
        return sg_err_nomem(err);
    for (size_t i = 0; i < answer->n_rows; i++) {
        const struct sg_tx_id tx = answer->rows[i].tx;
        if ((n == 0 || ids[n - 1].v != tx.v) && sg_ids_get(&cache->tx_at, tx.v) == SG_IDS_NONE)
            ids[n++] = tx;
    }
    enum sg_status st = SG_OK;
    if (n > 0) {
        if (!SG_VEC_RESERVE(cache->txs, cache->n_txs, cache->txs_cap, n))
            st = sg_err_nomem(err);
        if (st == SG_OK)
            st = cache->ledger->ops->txs(cache->ledger->self, cache->txs + cache->n_txs, ids, n,
                                         err);
    }
    for (size_t i = 0; i < n && st == SG_OK; i++, cache->n_txs++)
        if (!sg_ids_put(&cache->tx_at, ids[i].v, (uint32_t)cache->n_txs))
            st = sg_err_nomem(err);
    sg_mem_free(ids);
    return st;
}

static void place_row(struct sg_taint_cache *cache, const struct answer *answer,
                      struct sg_addr_id addr, const struct sg_row *row, size_t first_addr)
{
    const uint32_t i = sg_ids_get(answer->wanted, addr.v);
    if (i == SG_IDS_NONE)
        return;
    struct sg_cached_addr *list = &cache->addrs[first_addr + i];
    cache->rows[list->first + list->count++] =
        (struct sg_cached_row){*row, sg_ids_get(&cache->tx_at, row->tx.v)};
}

/* Give each new address its stretch of cache->rows and fill it. */
static enum sg_status place_rows(struct sg_taint_cache *cache, const struct answer *answer,
                                 const struct sg_addr_id *fresh, size_t n_fresh, struct sg_err *err)
{
    size_t total = 0;
    for (size_t i = 0; i < n_fresh; i++)
        total += answer->counts[i];
    const size_t first_addr = cache->n_addrs;
    if (!SG_VEC_RESERVE(cache->rows, cache->n_rows, cache->rows_cap, total) ||
        !SG_VEC_RESERVE(cache->addrs, cache->n_addrs, cache->addrs_cap, n_fresh))
        return sg_err_nomem(err);
    for (size_t i = 0, at = cache->n_rows; i < n_fresh; at += answer->counts[i++])
        cache->addrs[first_addr + i] = (struct sg_cached_addr){at, 0};
    for (size_t i = 0; i < answer->n_rows; i++) {
        const struct sg_row *row = &answer->rows[i];
        place_row(cache, answer, row->from, row, first_addr);
        if (row->to.v != row->from.v)
            place_row(cache, answer, row->to, row, first_addr);
    }
    cache->n_rows += total;
    cache->n_addrs += n_fresh;
    for (size_t i = 0; i < n_fresh; i++)
        if (!sg_ids_put(&cache->addr_at, fresh[i].v, (uint32_t)(first_addr + i)))
            return sg_err_nomem(err);
    return SG_OK;
}

/* The first n_seen of the new addresses are in the ledger; the others have no rows. */
static enum sg_status ask(struct sg_taint_cache *cache, const struct sg_addr_id *fresh,
                          size_t n_seen, size_t n_fresh, const struct sg_ids *wanted,
                          struct sg_err *err)
{
    struct answer answer = {
        .skip = cache->skip, .n_skip = cache->n_skip, .wanted = wanted, .cache = cache, .err = err};
    answer.counts = sg_mem_zalloc(n_fresh, sizeof(*answer.counts));
    enum sg_status st = answer.counts ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK && n_seen > 0)
        st = cache->ledger->ops->rows_of(cache->ledger->self, fresh, n_seen, 0, take_row, &answer,
                                         err);
    if (st == SG_OK)
        st = answer.status;
    if (st == SG_OK && answer.n_rows > 0)
        st = read_txs(cache, &answer, err);
    if (st == SG_OK)
        st = place_rows(cache, &answer, fresh, n_fresh, err);
    sg_mem_free(answer.rows);
    sg_mem_free(answer.counts);
    return st;
}

/* The addresses of one question: each once, none that was read before. */
struct question {
    struct sg_addr_id *fresh;
    size_t count, capacity;
    struct sg_ids wanted; /* address -> index into fresh */
};

static enum sg_status choose(struct question *q, const struct sg_taint_cache *cache,
                             const struct sg_addr_id *addrs, size_t n, bool in_ledger,
                             struct sg_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if ((addrs[i].v < cache->ledger->stats.addresses) != in_ledger ||
            sg_ids_get(&cache->addr_at, addrs[i].v) != SG_IDS_NONE ||
            sg_ids_get(&q->wanted, addrs[i].v) != SG_IDS_NONE)
            continue;
        if (!SG_VEC_RESERVE(q->fresh, q->count, q->capacity, 1) ||
            !sg_ids_put(&q->wanted, addrs[i].v, (uint32_t)q->count))
            return sg_err_nomem(err);
        q->fresh[q->count++] = addrs[i];
    }
    return SG_OK;
}

enum sg_status sg_cache_read(struct sg_taint_cache *cache, const struct sg_addr_id *addrs, size_t n,
                             struct sg_err *err)
{
    struct question q = {0};
    enum sg_status st = choose(&q, cache, addrs, n, true, err);
    const size_t n_seen = q.count;
    if (st == SG_OK)
        st = choose(&q, cache, addrs, n, false, err);
    if (st == SG_OK && q.count > 0)
        st = ask(cache, q.fresh, n_seen, q.count, &q.wanted, err);
    sg_mem_free(q.fresh);
    sg_ids_clear(&q.wanted);
    return st;
}
