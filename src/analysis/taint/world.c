#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

static const struct sg_cached_row *next_row(const struct sg_taint_run *run, uint32_t node)
{
    return &run->cache->rows[run->nodes[node].cursor];
}

static bool comes_first(const struct sg_taint_run *run, uint32_t a, uint32_t b)
{
    return next_row(run, a)->row.id < next_row(run, b)->row.id;
}

static void sift_down(struct sg_taint_run *run, size_t i)
{
    const uint32_t node = run->heap[i];
    for (size_t child; (child = 2 * i + 1) < run->n_heap; i = child) {
        if (child + 1 < run->n_heap && comes_first(run, run->heap[child + 1], run->heap[child]))
            child++;
        if (!comes_first(run, run->heap[child], node))
            break;
        run->heap[i] = run->heap[child];
    }
    run->heap[i] = node;
}

/* Put a node with rows to come on the heap. */
static bool push_heap(struct sg_taint_run *run, uint32_t node)
{
    if (!SG_VEC_RESERVE(run->heap, run->n_heap, run->heap_cap, 1))
        return false;
    size_t i = run->n_heap++;
    for (; i > 0 && comes_first(run, node, run->heap[(i - 1) / 2]); i = (i - 1) / 2)
        run->heap[i] = run->heap[(i - 1) / 2];
    run->heap[i] = node;
    return true;
}

struct sg_purse *sg_world_purse_find(const struct sg_taint_run *run, uint32_t node,
                                     struct sg_asset_id asset)
{
    uint32_t i = run->nodes[node].purses;
    while (i != SG_TAINT_NONE && run->purses[i].asset.v != asset.v)
        i = run->purses[i].next;
    return i == SG_TAINT_NONE ? NULL : &run->purses[i];
}

struct sg_purse *sg_world_purse(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset)
{
    struct sg_purse *purse = sg_world_purse_find(run, node, asset);
    if (purse)
        return purse;
    if (!SG_VEC_RESERVE(run->purses, run->n_purses, run->purses_cap, 1))
        return NULL;
    purse = &run->purses[run->n_purses];
    *purse = (struct sg_purse){.asset = asset, .next = run->nodes[node].purses};
    run->nodes[node].purses = (uint32_t)run->n_purses++;
    return purse;
}

/* Add a node for an address whose rows are in the cache; it stands before its first row. */
static enum sg_status add_node(uint32_t *node, struct sg_taint_run *run, struct sg_addr_id addr,
                               struct sg_err *err)
{
    const size_t i = run->n_nodes;
    if (!SG_VEC_RESERVE(run->nodes, run->n_nodes, run->nodes_cap, 1) ||
        !sg_ids_put(&run->node_of, addr.v, (uint32_t)i))
        return sg_err_nomem(err);
    run->nodes[i] = (struct sg_node){.addr = addr, .purses = SG_TAINT_NONE};
    if (addr.v != SG_ID_NONE) {
        const struct sg_cached_addr *rows = sg_cache_rows(run->cache, addr);
        run->nodes[i].cursor = rows->first;
        run->nodes[i].end = rows->first + rows->count;
    }
    run->n_nodes++;
    *node = (uint32_t)i;
    return SG_OK;
}

/* The origin is followed even where it is a service. */
static enum sg_status open_origin(struct sg_taint_run *run, struct sg_addr_id addr,
                                  struct sg_err *err)
{
    uint32_t node = SG_IDS_NONE;
    const enum sg_status st = add_node(&node, run, addr, err);
    if (st != SG_OK)
        return st;
    run->nodes[node].flags |= SG_NODE_ORIGIN;
    if (run->nodes[node].cursor < run->nodes[node].end && !push_heap(run, node))
        return sg_err_nomem(err);
    return SG_OK;
}

/* Follow an address from the start, if it is no service. */
static enum sg_status open_node(struct sg_taint_run *run, struct sg_addr_id addr, uint8_t flag,
                                struct sg_err *err)
{
    uint32_t node = sg_world_find(run, addr);
    if (node == SG_NODE_SERVICE)
        return SG_OK;
    if (node == SG_IDS_NONE) {
        const enum sg_status st = add_node(&node, run, addr, err);
        if (st != SG_OK)
            return st;
        if (run->nodes[node].cursor < run->nodes[node].end && !push_heap(run, node))
            return sg_err_nomem(err);
    }
    run->nodes[node].flags |= flag;
    return SG_OK;
}

/* Read all addresses that are followed from the start, in one question. */
static enum sg_status read_first(struct sg_taint_run *run, struct sg_err *err)
{
    const struct sg_taint_input *in = run->input;
    const size_t n = in->n_seeds + in->n_entries + in->n_watch + 1;
    struct sg_addr_id *addrs = sg_mem_alloc(n + 1, sizeof(*addrs));
    size_t k = 0;
    if (!addrs)
        return sg_err_nomem(err);
    for (size_t i = 0; i < in->n_seeds; i++)
        addrs[k++] = in->seeds[i].addr;
    for (size_t i = 0; i < in->n_entries; i++)
        addrs[k++] = in->entries[i].addr;
    for (size_t i = 0; i < in->n_watch; i++)
        addrs[k++] = in->watch[i];
    if (in->origin)
        addrs[k++] = *in->origin;
    const enum sg_status st = sg_cache_read(run->cache, addrs, k, err);
    sg_mem_free(addrs);
    return st;
}

enum sg_status sg_world_open(struct sg_taint_run *run, struct sg_err *err)
{
    const struct sg_taint_input *in = run->input;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < in->n_services; i++)
        if (!sg_ids_put(&run->node_of, in->services[i].v, SG_NODE_SERVICE))
            return sg_err_nomem(err);
    st = read_first(run, err);
    if (in->origin && st == SG_OK)
        st = open_origin(run, *in->origin, err);
    for (size_t i = 0; i < in->n_seeds && st == SG_OK; i++)
        st = open_node(run, in->seeds[i].addr, SG_NODE_SEED, err);
    for (size_t i = 0; i < in->n_entries && st == SG_OK; i++)
        st = open_node(run, in->entries[i].addr, SG_NODE_ENTRY, err);
    for (size_t i = 0; i < in->n_watch && st == SG_OK; i++)
        st = open_node(run, in->watch[i], 0, err);
    return st;
}

static int cmp_work(const void *a, const void *b)
{
    const struct sg_work *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

uint64_t sg_world_rank(const struct sg_taint_run *run, uint32_t tx)
{
    const uint64_t id = run->cache->txs[tx].id.v;
    if (run->n_ranks == 0)
        return id;
    for (size_t i = 0; i < run->n_ranks; i++)
        if (run->ranks[i].tx == tx)
            return run->ranks[i].rank;
    /* Followed only now: behind the planned ones, in the file's order. Ids stay far below 2^63. */
    return id | UINT64_C(1) << 63;
}

/* The clean balance that is left, as far back as the ledger goes: outflow above it shows that money
 * came in unseen, and it leaves nothing. */
static enum sg_status fold_row(struct sg_taint_run *run, uint32_t node, const struct sg_row *row,
                               struct sg_err *err)
{
    if (!sg_row_moves(row))
        return SG_OK;
    struct sg_purse *purse = sg_world_purse(run, node, row->asset);
    if (!purse)
        return sg_err_nomem(err);
    if (row->to.v == run->nodes[node].addr.v)
        return sg_sum(&purse->total, row->amount, err);
    if (!sg_amount_sub(&purse->total, purse->total, row->amount))
        purse->total = SG_AMOUNT_ZERO;
    return SG_OK;
}

static enum sg_status fold_fee(struct sg_taint_run *run, uint32_t node, const struct sg_tx *tx,
                               struct sg_err *err)
{
    if (tx->sender.v != run->nodes[node].addr.v || !(tx->flags & SG_TX_FEE_KNOWN))
        return SG_OK;
    struct sg_purse *purse = sg_world_purse(run, node, (struct sg_asset_id){0});
    if (!purse)
        return sg_err_nomem(err);
    if (!sg_amount_sub(&purse->total, purse->total, tx->fee))
        purse->total = SG_AMOUNT_ZERO;
    return SG_OK;
}

/* What an address did before taint reached it, while its history is gone through. */
struct past {
    uint32_t node;
    uint32_t last_tx; /* whose fee is paid; SG_IDS_NONE before the first */
};

static enum sg_status fold(struct sg_taint_run *run, struct past *past,
                           const struct sg_cached_row *cached, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    run->rows_replayed++;
    if (cached->tx != past->last_tx)
        st = fold_fee(run, past->node, &run->cache->txs[cached->tx], err);
    past->last_tx = cached->tx;
    return st == SG_OK ? fold_row(run, past->node, &cached->row, err) : st;
}

/* Insert a row of the running block behind what is done, unless it is there already. */
static bool insert_work(struct sg_taint_run *run, struct sg_work item)
{
    size_t i = run->n_work;
    while (i > run->at && cmp_work(&item, &run->work[i - 1]) < 0)
        i--;
    if (i > 0 && run->work[i - 1].id == item.id)
        return true;
    if (!SG_VEC_RESERVE(run->work, run->n_work, run->work_cap, 1))
        return false;
    for (size_t j = run->n_work; j > i; j--)
        run->work[j] = run->work[j - 1];
    run->work[i] = item;
    run->n_work++;
    return true;
}

/* The rows of a new node in the running block: what is done is past, what is not joins the work. */
static enum sg_status split_block(struct sg_taint_run *run, struct past *past,
                                  const struct sg_work *now, size_t first, size_t end,
                                  struct sg_err *err)
{
    const size_t n = end - first;
    struct sg_work *items = sg_mem_alloc(n + 1, sizeof(*items));
    if (!items)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const struct sg_cached_row *cached = &run->cache->rows[first + i];
        items[i] = (struct sg_work){sg_world_rank(run, cached->tx), cached->row.id, first + i};
    }
    qsort(items, n, sizeof(*items), cmp_work);
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        if (cmp_work(&items[i], now) < 0)
            st = fold(run, past, &run->cache->rows[items[i].at], err);
        else if (items[i].id != now->id && !insert_work(run, items[i]))
            st = sg_err_nomem(err);
    }
    /* The fee of the running transaction was due before its rows. */
    const uint32_t tx = sg_work_tx(run, now);
    if (st == SG_OK && past->last_tx != tx)
        st = fold_fee(run, past->node, &run->cache->txs[tx], err);
    sg_mem_free(items);
    return st;
}

static enum sg_status fold_past(struct sg_taint_run *run, uint32_t node, const struct sg_work *now,
                                struct sg_err *err)
{
    const struct sg_taint_cache *cache = run->cache;
    const uint64_t block = cache->txs[sg_work_tx(run, now)].block;
    struct past past = {node, SG_IDS_NONE};
    size_t i = run->nodes[node].cursor;
    const size_t end = run->nodes[node].end;
    enum sg_status st = SG_OK;
    for (; i < end && cache->txs[cache->rows[i].tx].block < block && st == SG_OK; i++)
        st = fold(run, &past, &cache->rows[i], err);
    const size_t first = i;
    while (i < end && cache->txs[cache->rows[i].tx].block == block)
        i++;
    run->nodes[node].cursor = i;
    return st == SG_OK ? split_block(run, &past, now, first, i, err) : st;
}

/* The folded balances become clean lots. */
static bool clean_lots(struct sg_taint_run *run, uint32_t node)
{
    for (uint32_t i = run->nodes[node].purses; i != SG_TAINT_NONE; i = run->purses[i].next) {
        struct sg_purse *purse = &run->purses[i];
        if (!sg_lots_push(&purse->lots, (struct sg_lot){purse->total, SG_TAINT_NONE}))
            return false;
    }
    return true;
}

enum sg_status sg_world_follow(uint32_t *node, struct sg_taint_run *run, struct sg_addr_id addr,
                               const struct sg_work *now, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (addr.v != SG_ID_NONE)
        st = sg_cache_read(run->cache, &addr, 1, err);
    if (st == SG_OK)
        st = add_node(node, run, addr, err);
    if (st != SG_OK || addr.v == SG_ID_NONE)
        return st;
    st = fold_past(run, *node, now, err);
    if (st != SG_OK)
        return st;
    if (!clean_lots(run, *node))
        return sg_err_nomem(err);
    if (run->nodes[*node].cursor < run->nodes[*node].end && !push_heap(run, *node))
        return sg_err_nomem(err);
    return SG_OK;
}

/* Move the rows of `block` from one cursor into the work. */
static enum sg_status pop_rows(struct sg_taint_run *run, uint32_t node, uint64_t block,
                               struct sg_err *err)
{
    const struct sg_taint_cache *cache = run->cache;
    struct sg_node *n = &run->nodes[node];
    for (; n->cursor < n->end; n->cursor++) {
        const struct sg_cached_row *cached = &cache->rows[n->cursor];
        if (cache->txs[cached->tx].block != block)
            break;
        if (!SG_VEC_RESERVE(run->work, run->n_work, run->work_cap, 1))
            return sg_err_nomem(err);
        run->work[run->n_work++] = (struct sg_work){cached->row.tx.v, cached->row.id, n->cursor};
    }
    return SG_OK;
}

static void sort_work(struct sg_taint_run *run)
{
    size_t kept = 0;
    if (run->n_work > 1)
        qsort(run->work, run->n_work, sizeof(*run->work), cmp_work);
    for (size_t i = 0; i < run->n_work; i++)
        if (kept == 0 || run->work[kept - 1].id != run->work[i].id)
            run->work[kept++] = run->work[i];
    run->n_work = kept;
}

enum sg_status sg_world_next_block(struct sg_taint_run *run, struct sg_err *err)
{
    run->n_work = run->at = run->n_ranks = 0;
    if (run->n_heap == 0)
        return SG_ENOTFOUND;
    const uint64_t block = run->cache->txs[next_row(run, run->heap[0])->tx].block;
    enum sg_status st = SG_OK;
    while (st == SG_OK && run->n_heap > 0 &&
           run->cache->txs[next_row(run, run->heap[0])->tx].block == block) {
        const uint32_t node = run->heap[0];
        st = pop_rows(run, node, block, err);
        if (run->nodes[node].cursor == run->nodes[node].end)
            run->heap[0] = run->heap[--run->n_heap];
        if (run->n_heap > 0)
            sift_down(run, 0);
    }
    if (st != SG_OK)
        return st;
    sort_work(run);
    st = sg_order_plan(run, err);
    if (st != SG_OK || run->n_ranks == 0)
        return st;
    for (size_t i = 0; i < run->n_work; i++)
        run->work[i].rank = sg_world_rank(run, sg_work_tx(run, &run->work[i]));
    qsort(run->work, run->n_work, sizeof(*run->work), cmp_work);
    return SG_OK;
}

void sg_world_close(struct sg_taint_run *run)
{
    for (size_t i = 0; i < run->n_purses; i++)
        sg_lots_clear(&run->purses[i].lots);
    sg_mem_free(run->purses);
    sg_mem_free(run->nodes);
    sg_mem_free(run->heap);
    sg_mem_free(run->work);
    sg_mem_free(run->ranks);
    sg_ids_clear(&run->node_of);
}
