#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/vec.h"

/* Transactions of the block that is planned, with the rows of each. */
struct plan_tx {
    uint32_t tx;
    size_t first, end; /* of run->work, still in the file's order */
    bool open;         /* no source gave its place */
    bool done;
};

/* What a purse would hold on the way through the planned order. */
struct plan_purse {
    uint32_t node;
    struct sg_asset_id asset;
    struct sg_amount total;
};

struct plan {
    struct plan_tx *txs;
    size_t n_txs, txs_cap;
    size_t n_open;
    uint32_t *order; /* positions in txs: the order that is tried */
    size_t n_order, order_cap;
    uint32_t *found; /* the order that can be paid */
    struct plan_purse *purses;
    size_t n_purses, purses_cap;
};

static bool list_txs(struct plan *plan, const struct sg_taint_run *run)
{
    for (size_t i = 0; i < run->n_work; i++) {
        const uint32_t tx = sg_work_tx(run, &run->work[i]);
        if (plan->n_txs > 0 && plan->txs[plan->n_txs - 1].tx == tx) {
            plan->txs[plan->n_txs - 1].end = i + 1;
            continue;
        }
        if (!SG_VEC_RESERVE(plan->txs, plan->n_txs, plan->txs_cap, 1))
            return false;
        const bool open = run->cache->txs[tx].flags & SG_TX_ORDER_UNKNOWN;
        plan->txs[plan->n_txs++] = (struct plan_tx){tx, i, i + 1, open, false};
        plan->n_open += open;
    }
    return true;
}

/* The order that is tried: transactions of known place keep it, the others change among theirs. */
static bool try_order(struct plan *plan, const struct sg_taint_run *run)
{
    if (!SG_VEC_RESERVE(plan->order, plan->n_order, plan->order_cap, plan->n_txs))
        return false;
    uint32_t *open = sg_mem_alloc(plan->n_open, sizeof(*open));
    if (!open)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_txs; i++)
        if (plan->txs[i].open)
            open[n++] = (uint32_t)i;
    struct sg_rng rng;
    sg_rng_init(&rng, run->input->seed ^ run->cache->txs[plan->txs[0].tx].block);
    for (size_t i = n; i > 1; i--) {
        const bool shuffle = run->input->order == SG_ORDER_SHUFFLE;
        const size_t j = shuffle ? (size_t)sg_rng_below(&rng, i) : n - i;
        if (!shuffle && j >= i - 1)
            break;
        const uint32_t swapped = open[i - 1];
        open[i - 1] = open[j];
        open[j] = swapped;
    }
    for (size_t i = 0, k = 0; i < plan->n_txs; i++)
        plan->order[plan->n_order++] = plan->txs[i].open ? open[k++] : (uint32_t)i;
    sg_mem_free(open);
    return true;
}

/* Seeds that enter before a transaction of this block are there to be paid from. */
static void add_seeds(struct plan_purse *purse, const struct sg_taint_run *run)
{
    const struct sg_taint_cache *cache = run->cache;
    const uint64_t block = cache->txs[sg_work_tx(run, &run->work[0])].block;
    if (!(run->nodes[purse->node].flags & SG_NODE_SEED))
        return;
    for (size_t i = 0; i < run->input->n_seeds; i++) {
        const struct sg_taint_seed *seed = &run->input->seeds[i];
        const struct sg_tx *tx = sg_taint_tx(cache, (struct sg_tx_id){run->seeds[i].before_tx});
        if (seed->addr.v == run->nodes[purse->node].addr.v && seed->asset.v == purse->asset.v &&
            tx && tx->block == block &&
            !sg_amount_add(&purse->total, purse->total, run->seeds[i].before))
            return;
    }
}

/* NULL without memory. */
static struct plan_purse *purse_of(struct plan *plan, const struct sg_taint_run *run, uint32_t node,
                                   struct sg_asset_id asset)
{
    for (size_t i = 0; i < plan->n_purses; i++)
        if (plan->purses[i].node == node && plan->purses[i].asset.v == asset.v)
            return &plan->purses[i];
    if (!SG_VEC_RESERVE(plan->purses, plan->n_purses, plan->purses_cap, 1))
        return NULL;
    const struct sg_purse *purse = sg_world_purse_find(run, node, asset);
    struct plan_purse *made = &plan->purses[plan->n_purses++];
    *made = (struct plan_purse){node, asset, purse ? purse->total : SG_AMOUNT_ZERO};
    add_seeds(made, run);
    return made;
}

/* Change what a followed address would hold; *can is false if it cannot pay. */
static enum sg_status change(bool *can, struct plan *plan, const struct sg_taint_run *run,
                             struct sg_addr_id addr, struct sg_asset_id asset,
                             struct sg_amount amount, bool pays, struct sg_err *err)
{
    const uint32_t node = pays ? sg_world_payer(run, addr) : sg_world_find(run, addr);
    if (node >= SG_NODE_SERVICE)
        return SG_OK;
    struct plan_purse *purse = purse_of(plan, run, node, asset);
    if (!purse)
        return sg_err_nomem(err);
    if (pays)
        *can = *can && sg_amount_sub(&purse->total, purse->total, amount);
    else
        return sg_sum(&purse->total, amount, err);
    return SG_OK;
}

static enum sg_status run_tx(bool *can, struct plan *plan, const struct sg_taint_run *run,
                             const struct plan_tx *t, struct sg_err *err)
{
    const struct sg_tx *tx = &run->cache->txs[t->tx];
    enum sg_status st = SG_OK;
    *can = true;
    if (tx->flags & SG_TX_FEE_KNOWN)
        st = change(can, plan, run, tx->sender, (struct sg_asset_id){0}, tx->fee, true, err);
    for (size_t i = t->first; i < t->end && st == SG_OK && *can; i++) {
        const struct sg_row *row = sg_work_row(run, &run->work[i]);
        if (!sg_row_moves(row))
            continue;
        st = change(can, plan, run, row->from, row->asset, row->amount, true, err);
        if (st == SG_OK && *can)
            st = change(can, plan, run, row->to, row->asset, row->amount, false, err);
    }
    return st;
}

/* The same without any effect if it cannot be paid. */
static enum sg_status try_tx(bool *can, struct plan *plan, const struct sg_taint_run *run,
                             const struct plan_tx *t, struct sg_err *err)
{
    const size_t n = plan->n_purses;
    struct plan_purse *before = sg_mem_alloc(n + 1, sizeof(*before));
    if (!before)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        before[i] = plan->purses[i];
    const enum sg_status st = run_tx(can, plan, run, t, err);
    if (st == SG_OK && !*can) {
        plan->n_purses = n;
        for (size_t i = 0; i < n; i++)
            plan->purses[i] = before[i];
    }
    sg_mem_free(before);
    return st;
}

/* The first transaction of the tried order that can be paid goes next; n_txs if there is none. A
 * transaction of known place waits for those of known place before it. */
static enum sg_status next_tx(size_t *next, struct plan *plan, const struct sg_taint_run *run,
                              struct sg_err *err)
{
    bool known_waits = false;
    *next = plan->n_txs;
    for (size_t i = 0; i < plan->n_order; i++) {
        struct plan_tx *t = &plan->txs[plan->order[i]];
        bool can = false;
        if (t->done || (!t->open && known_waits))
            continue;
        const enum sg_status st = try_tx(&can, plan, run, t, err);
        if (st != SG_OK)
            return st;
        if (can) {
            *next = plan->order[i];
            return SG_OK;
        }
        known_waits = known_waits || !t->open;
    }
    return SG_OK;
}

/* *possible: every followed address can pay in the order plan->found, which is not the file's. */
static enum sg_status find_order(bool *possible, struct plan *plan, const struct sg_taint_run *run,
                                 struct sg_err *err)
{
    bool differs = false;
    *possible = false;
    plan->found = sg_mem_alloc(plan->n_txs, sizeof(*plan->found));
    if (!plan->found)
        return sg_err_nomem(err);
    for (size_t i = 0; i < plan->n_txs; i++) {
        size_t next;
        const enum sg_status st = next_tx(&next, plan, run, err);
        if (st != SG_OK || next == plan->n_txs)
            return st;
        plan->txs[next].done = true;
        plan->found[i] = (uint32_t)next;
        differs = differs || next != i;
    }
    *possible = differs;
    return SG_OK;
}

static bool write_ranks(struct sg_taint_run *run, const struct plan *plan)
{
    if (!SG_VEC_RESERVE(run->ranks, run->n_ranks, run->ranks_cap, plan->n_txs))
        return false;
    for (size_t i = 0; i < plan->n_txs; i++)
        run->ranks[run->n_ranks++] = (struct sg_rank){plan->txs[plan->found[i]].tx, i};
    return true;
}

static enum sg_status make_plan(struct plan *plan, struct sg_taint_run *run, struct sg_err *err)
{
    bool possible = false;
    if (!list_txs(plan, run))
        return sg_err_nomem(err);
    if (plan->n_open < 2)
        return SG_OK;
    run->unordered_blocks++;
    if (run->input->order == SG_ORDER_FILE)
        return SG_OK;
    if (!try_order(plan, run))
        return sg_err_nomem(err);
    const enum sg_status st = find_order(&possible, plan, run, err);
    if (st != SG_OK)
        return st;
    if (!possible) {
        run->unordered_blocks_kept++;
        return SG_OK;
    }
    return write_ranks(run, plan) ? SG_OK : sg_err_nomem(err);
}

enum sg_status sg_order_plan(struct sg_taint_run *run, struct sg_err *err)
{
    struct plan plan = {0};
    if (run->n_work == 0 ||
        sg_work_tx(run, &run->work[0]) == sg_work_tx(run, &run->work[run->n_work - 1]))
        return SG_OK;
    const enum sg_status st = make_plan(&plan, run, err);
    sg_mem_free(plan.txs);
    sg_mem_free(plan.order);
    sg_mem_free(plan.found);
    sg_mem_free(plan.purses);
    return st;
}
