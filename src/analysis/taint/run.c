#include "analysis/taint/taint_internal.h"
#include "base/mem.h"

/* The course of a run: block by block, the rows of followed addresses in order; a transaction pays
 * its fee, then its rows; who receives stolen money is followed from there on. */

/* Rows [first, *end) of the work are one transaction. */
static size_t end_of_tx(const struct sg_taint_run *run, size_t first)
{
    size_t end = first + 1;
    while (end < run->n_work &&
           sg_work_tx(run, &run->work[end]) == sg_work_tx(run, &run->work[first]))
        end++;
    return end;
}

/* The sender's fee leaves his native balance; its stolen part is spent. */
static enum sg_status pay_fee(struct sg_taint_run *run, const struct sg_tx *tx, struct sg_err *err)
{
    const struct sg_asset_id native = {0};
    const uint32_t node = sg_world_payer(run, tx->sender);
    if (node >= SG_NODE_SERVICE || !(tx->flags & SG_TX_FEE_KNOWN) || sg_amount_is_zero(tx->fee))
        return SG_OK;
    sg_lots_reset(&run->paid);
    enum sg_status st = sg_pay(run, node, native, tx->fee, SG_AMOUNT_ZERO, tx->id, err);
    for (uint32_t t = 0; t < run->input->n_thefts && st == SG_OK; t++) {
        const struct sg_amount part = sg_lots_of(&run->paid, t);
        if (sg_amount_is_zero(part))
            continue;
        struct sg_taint_total *total = sg_total(run, native, t);
        st = total ? sg_sum(&total->fees, part, err) : sg_err_nomem(err);
    }
    return st;
}

/* tiho: what larger payments of the transaction, still to come from the same purse, will want. Of
 * equal ones the first is served first. */
static struct sg_amount reserve_for(const struct sg_taint_run *run, const struct sg_row *row)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    if (run->input->policy != SG_POLICY_TIHO)
        return sum;
    for (size_t i = run->at; i < run->n_work; i++) {
        const struct sg_row *later = sg_work_row(run, &run->work[i]);
        if (later->tx.v != row->tx.v)
            break;
        if (sg_row_moves(later) && later->from.v == row->from.v && later->asset.v == row->asset.v &&
            sg_amount_cmp(later->amount, row->amount) > 0 &&
            !sg_amount_add(&sum, sum, later->amount))
            return row->amount; /* more than any balance holds: nothing is left for this row */
    }
    return sum;
}

/* The lots of a row, from its payer's purse or clean from somebody who is not followed. */
static enum sg_status pay_row(struct sg_taint_run *run, const struct sg_row *row,
                              struct sg_err *err)
{
    const uint32_t node = sg_world_payer(run, row->from);
    sg_lots_reset(&run->paid);
    if (node < SG_NODE_SERVICE && !sg_swaps_gives(run, row))
        return sg_pay(run, node, row->asset, row->amount, reserve_for(run, row), row->tx, err);
    const struct sg_lot clean = {row->amount, SG_TAINT_NONE};
    return sg_lots_push(&run->paid, clean) ? SG_OK : sg_err_nomem(err);
}

static enum sg_status run_row(struct sg_taint_run *run, struct sg_work now, struct sg_err *err)
{
    const struct sg_row row = *sg_work_row(run, &now);
    if (!sg_row_moves(&row))
        return SG_OK;
    enum sg_status st = pay_row(run, &row, err);
    if (st == SG_OK)
        st = sg_swaps_get(run, &now, err);
    if (st != SG_OK)
        return st;
    const struct sg_amount before = sg_lots_tainted(&run->paid);
    st = sg_seeds_row(run, &now, err);
    const struct sg_taint_move move = {
        .row = row.id,
        .tx = row.tx,
        .from = row.from,
        .to = row.to,
        .asset = row.asset,
        .conversion = SG_TAINT_NONE,
        .amount = row.amount,
        .kind = SG_MOVE_TRANSFER,
        .is_seed = sg_amount_cmp(sg_lots_tainted(&run->paid), before) > 0,
    };
    return st == SG_OK ? sg_deliver(run, &move, &now, err) : st;
}

/* Read in one question all who may be reached by this transaction. */
static enum sg_status prefetch(struct sg_taint_run *run, size_t first, size_t end,
                               struct sg_err *err)
{
    struct sg_addr_id *addrs = NULL;
    size_t n = 0;
    if (end - first < 2)
        return SG_OK;
    addrs = sg_mem_alloc(end - first, sizeof(*addrs));
    if (!addrs)
        return sg_err_nomem(err);
    for (size_t i = first; i < end; i++) {
        const struct sg_row *row = sg_work_row(run, &run->work[i]);
        const uint32_t from = sg_world_payer(run, row->from);
        if (!sg_row_moves(row) || row->to.v == SG_ID_NONE || from >= SG_NODE_SERVICE ||
            sg_world_find(run, row->to) != SG_IDS_NONE)
            continue;
        const struct sg_purse *purse = sg_world_purse_find(run, from, row->asset);
        if (purse && !sg_amount_is_zero(purse->tainted))
            addrs[n++] = row->to;
    }
    const enum sg_status st = n > 0 ? sg_cache_read(run->cache, addrs, n, err) : SG_OK;
    sg_mem_free(addrs);
    return st;
}

static enum sg_status run_tx(struct sg_taint_run *run, struct sg_err *err)
{
    const size_t end = end_of_tx(run, run->at);
    const struct sg_work first = run->work[run->at];
    const uint32_t tx = sg_work_tx(run, &first);
    enum sg_status st = sg_seeds_before(run, &first, err);
    if (st == SG_OK)
        st = pay_fee(run, &run->cache->txs[tx], err);
    if (st == SG_OK)
        st = prefetch(run, run->at, end, err);
    if (st == SG_OK)
        st = sg_swaps_open(run, run->at, end, err);
    while (st == SG_OK && run->at < run->n_work && sg_work_tx(run, &run->work[run->at]) == tx) {
        run->rows_replayed++;
        st = run_row(run, run->work[run->at++], err);
    }
    if (st == SG_OK)
        st = sg_seeds_behind(run, &first, err);
    const enum sg_status closed = sg_swaps_close(run, err);
    return st == SG_OK ? closed : st;
}

static enum sg_status run_blocks(struct sg_taint_run *run, struct sg_err *err)
{
    for (;;) {
        enum sg_status st = sg_world_next_block(run, err);
        if (st == SG_ENOTFOUND)
            return SG_OK;
        if (st != SG_OK)
            return st;
        run->cache->done = run->work[0].id;
        st = sg_cache_step(run->cache, err);
        if (st != SG_OK)
            return st;
        const int64_t time = run->cache->txs[sg_work_tx(run, &run->work[0])].time_unix_s;
        if (time != SG_TIME_UNKNOWN && time > run->input->until_unix_s)
            return SG_OK;
        while (st == SG_OK && run->at < run->n_work)
            st = run_tx(run, err);
        if (st != SG_OK)
            return st;
    }
}

static enum sg_status open_run(struct sg_taint_run *run, struct sg_err *err)
{
    const struct sg_taint_input *in = run->input;
    struct sg_purser *purser = &run->purser;
    purser->policy = in->policy;
    purser->n_thefts = in->n_thefts;
    purser->weights = sg_mem_alloc(in->n_thefts, sizeof(struct sg_amount));
    purser->shares = sg_mem_alloc(in->n_thefts, sizeof(struct sg_amount));
    purser->rests = sg_mem_alloc(in->n_thefts, sizeof(struct sg_amount));
    run->excess = sg_mem_zalloc(in->n_thefts, sizeof(struct sg_amount));
    run->entry_left = sg_mem_alloc(in->n_entries + 1, sizeof(struct sg_amount));
    run->limit_left = sg_mem_alloc(in->n_limits + 1, sizeof(struct sg_amount));
    if (!purser->weights || !purser->shares || !purser->rests || !run->excess || !run->entry_left ||
        !run->limit_left)
        return sg_err_nomem(err);
    for (size_t i = 0; i < in->n_entries; i++)
        run->entry_left[i] = in->entries[i].amount;
    for (size_t i = 0; i < in->n_limits; i++)
        run->limit_left[i] = in->limits[i];
    const enum sg_status st = sg_world_open(run, err);
    return st == SG_OK ? sg_seeds_open(run, err) : st;
}

static void close_run(struct sg_taint_run *run)
{
    for (size_t i = 0; i < run->n_swap_states; i++)
        sg_lots_clear(&run->swap_states[i].paid);
    sg_world_close(run);
    sg_lots_clear(&run->paid);
    sg_ids_clear(&run->seed_txs);
    sg_ids_clear(&run->asset_at);
    sg_mem_free(run->swap_states);
    sg_mem_free(run->seeds);
    sg_mem_free(run->assets);
    sg_mem_free(run->moves);
    sg_mem_free(run->inflows);
    sg_mem_free(run->swaps);
    sg_mem_free(run->totals);
    sg_mem_free(run->entry_left);
    sg_mem_free(run->limit_left);
    sg_mem_free(run->excess);
    sg_mem_free(run->purser.weights);
    sg_mem_free(run->purser.shares);
    sg_mem_free(run->purser.rests);
}

enum sg_status sg_taint_run(struct sg_taint_result *result, struct sg_arena *arena,
                            struct sg_taint_cache *cache, const struct sg_taint_input *input,
                            struct sg_err *err)
{
    struct sg_taint_run run = {.cache = cache, .input = input};
    cache->progress = input->progress;
    cache->done = 0;
    enum sg_status st = open_run(&run, err);
    if (st == SG_OK)
        st = run_blocks(&run, err);
    if (st == SG_OK)
        st = sg_seeds_end(&run, err);
    if (st == SG_OK)
        st = sg_result_make(result, arena, &run, err);
    cache->progress = NULL;
    close_run(&run);
    return st;
}
