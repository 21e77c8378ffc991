#include "analysis/taint/taint_internal.h"
#include "base/mem.h"

/* Transactions of an address that a seed speaks of: those with its id, or of its second. */
static bool speaks_of(const struct sg_taint_seed *seed, const struct sg_tx *tx)
{
    if (seed->tx.v != SG_TX_ID_NONE)
        return tx->id.v == seed->tx.v;
    return tx->time_unix_s == seed->time_unix_s;
}

/* A transaction of the address that comes behind the moment of the seed. */
static bool is_behind(const struct sg_taint_seed *seed, const struct sg_tx *tx)
{
    if (seed->tx.v != SG_TX_ID_NONE)
        return tx->id.v > seed->tx.v;
    return tx->time_unix_s != SG_TIME_UNKNOWN && tx->time_unix_s >= seed->time_unix_s;
}

static bool carries(const struct sg_taint_seed *seed, const struct sg_row *row)
{
    return sg_row_moves(row) && row->to.v == seed->addr.v && row->asset.v == seed->asset.v;
}

/* Go over the rows of the address: which transactions carry the seed, which is the first behind. */
static void look(struct sg_seed_state *state, const struct sg_taint_cache *cache,
                 const struct sg_taint_seed *seed, struct sg_amount amount)
{
    const struct sg_cached_addr *list = sg_cache_rows(cache, seed->addr);
    struct sg_amount left = amount;
    *state = (struct sg_seed_state){
        .before_tx = SG_TX_ID_NONE, .first_tx = SG_TX_ID_NONE, .last_tx = SG_TX_ID_NONE};
    for (size_t i = list->first; i < list->first + list->count; i++) {
        const struct sg_row *row = &cache->rows[i].row;
        const struct sg_tx *tx = &cache->txs[cache->rows[i].tx];
        if (speaks_of(seed, tx)) {
            if (state->first_tx == SG_TX_ID_NONE)
                state->first_tx = tx->id.v;
            state->last_tx = tx->id.v;
            const struct sg_amount part = sg_amount_min(row->amount, left);
            if (carries(seed, row) && !sg_amount_sub(&left, left, part))
                left = SG_AMOUNT_ZERO;
        }
        if (state->before_tx == SG_TX_ID_NONE && is_behind(seed, tx))
            state->before_tx = tx->id.v;
    }
    /* By transaction, rows carry what they can and the rest enters behind it; by time, what rows of
     * that second cannot carry was there before them. */
    if (seed->tx.v != SG_TX_ID_NONE && state->last_tx != SG_TX_ID_NONE)
        left = SG_AMOUNT_ZERO;
    state->before = left;
    if (!sg_amount_sub(&state->by_row, amount, left))
        state->by_row = SG_AMOUNT_ZERO;
}

static enum sg_status enter(struct sg_taint_run *run, size_t i, struct sg_amount *amount,
                            struct sg_tx_id tx, const struct sg_work *now, struct sg_err *err)
{
    const struct sg_taint_seed *seed = &run->input->seeds[i];
    const struct sg_amount in = *amount;
    if (sg_amount_is_zero(in))
        return SG_OK;
    struct sg_taint_total *total = sg_total(run, seed->asset, seed->theft);
    const enum sg_status st = total ? sg_sum(&total->stolen, in, err) : sg_err_nomem(err);
    if (st != SG_OK)
        return st;
    *amount = SG_AMOUNT_ZERO;
    sg_lots_reset(&run->paid);
    if (!sg_lots_push(&run->paid, (struct sg_lot){in, seed->theft}))
        return sg_err_nomem(err);
    const struct sg_taint_move move = {.row = UINT64_MAX,
                                       .tx = tx,
                                       .from = {SG_ID_NONE},
                                       .to = seed->addr,
                                       .asset = seed->asset,
                                       .conversion = SG_TAINT_NONE,
                                       .amount = in,
                                       .kind = SG_MOVE_SEED,
                                       .is_seed = true};
    return sg_deliver(run, &move, now, err);
}

/* The part of a seed that a conversion outside the ledger took away at once. */
static enum sg_status leave(struct sg_amount *rest, struct sg_taint_run *run,
                            const struct sg_taint_seed *seed, struct sg_err *err)
{
    if (!sg_amount_sub(rest, seed->amount, seed->gone))
        return sg_err_set(err, SG_EUSAGE, "a conversion takes more than was stolen");
    if (sg_amount_is_zero(seed->gone))
        return SG_OK;
    struct sg_taint_total *total = sg_total(run, seed->asset, seed->theft);
    enum sg_status st = total ? sg_sum(&total->stolen, seed->gone, err) : sg_err_nomem(err);
    return st == SG_OK ? sg_sum(&total->converted_out, seed->gone, err) : st;
}

static bool note_tx(struct sg_taint_run *run, uint64_t tx)
{
    return tx == SG_TX_ID_NONE || sg_ids_put(&run->seed_txs, tx, 1);
}

enum sg_status sg_seeds_open(struct sg_taint_run *run, struct sg_err *err)
{
    const struct sg_taint_input *in = run->input;
    enum sg_status st = SG_OK;
    run->seeds = sg_mem_zalloc(in->n_seeds + 1, sizeof(*run->seeds));
    if (!run->seeds)
        return sg_err_nomem(err);
    for (size_t i = 0; i < in->n_seeds && st == SG_OK; i++) {
        struct sg_seed_state *state = &run->seeds[i];
        struct sg_amount rest = SG_AMOUNT_ZERO;
        if (in->seeds[i].time_unix_s > in->until_unix_s)
            continue;
        st = leave(&rest, run, &in->seeds[i], err);
        if (st != SG_OK)
            break;
        look(state, run->cache, &in->seeds[i], rest);
        if (!note_tx(run, state->before_tx) || !note_tx(run, state->last_tx))
            st = sg_err_nomem(err);
    }
    return st;
}

enum sg_status sg_seeds_before(struct sg_taint_run *run, const struct sg_work *now,
                               struct sg_err *err)
{
    const uint64_t tx = sg_work_row(run, now)->tx.v;
    enum sg_status st = SG_OK;
    if (sg_ids_get(&run->seed_txs, tx) == SG_IDS_NONE)
        return SG_OK;
    for (size_t i = 0; i < run->input->n_seeds && st == SG_OK; i++)
        if (run->seeds[i].before_tx == tx)
            st = enter(run, i, &run->seeds[i].before, (struct sg_tx_id){SG_TX_ID_NONE}, now, err);
    return st;
}

enum sg_status sg_seeds_row(struct sg_taint_run *run, const struct sg_work *now, struct sg_err *err)
{
    const struct sg_row *row = sg_work_row(run, now);
    const uint32_t node = sg_world_find(run, row->to);
    enum sg_status st = SG_OK;
    if (node >= SG_NODE_SERVICE || !(run->nodes[node].flags & SG_NODE_SEED))
        return SG_OK;
    for (size_t i = 0; i < run->input->n_seeds && st == SG_OK; i++) {
        const struct sg_taint_seed *seed = &run->input->seeds[i];
        struct sg_seed_state *state = &run->seeds[i];
        struct sg_amount done = SG_AMOUNT_ZERO;
        if (!carries(seed, row) || row->tx.v < state->first_tx || row->tx.v > state->last_tx ||
            sg_amount_is_zero(state->by_row))
            continue;
        if (!sg_lots_taint(&done, &run->paid, seed->theft, state->by_row))
            return sg_err_nomem(err);
        struct sg_taint_total *total = sg_total(run, seed->asset, seed->theft);
        st = total ? sg_sum(&total->stolen, done, err) : sg_err_nomem(err);
        if (!sg_amount_sub(&state->by_row, state->by_row, done))
            state->by_row = SG_AMOUNT_ZERO;
    }
    return st;
}

enum sg_status sg_seeds_behind(struct sg_taint_run *run, const struct sg_work *now,
                               struct sg_err *err)
{
    const struct sg_tx_id tx = sg_work_row(run, now)->tx;
    enum sg_status st = SG_OK;
    if (sg_ids_get(&run->seed_txs, tx.v) == SG_IDS_NONE)
        return SG_OK;
    for (size_t i = 0; i < run->input->n_seeds && st == SG_OK; i++)
        if (run->seeds[i].last_tx == tx.v)
            st = enter(run, i, &run->seeds[i].by_row, tx, now, err);
    return st;
}

enum sg_status sg_seeds_end(struct sg_taint_run *run, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < run->input->n_seeds && st == SG_OK; i++) {
        const struct sg_tx_id none = {SG_TX_ID_NONE};
        st = enter(run, i, &run->seeds[i].before, none, NULL, err);
        if (st == SG_OK)
            st = enter(run, i, &run->seeds[i].by_row, none, NULL, err);
    }
    return st;
}
