/* The course of a run: a heap holds the transactions in which something happens, stolen outputs
 * that are spent and seeds; they are gone through in the order of the chain, so that all that a
 * transaction spends is settled before it. */
#include "analysis/utxotaint/utxotaint.h"

#include "analysis/utxotaint/utxotaint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

static const struct sg_utxo_tx *tx_at(const struct ut_run *run, uint64_t tx)
{
    return &sg_utxo_txs(run->utxo)[tx];
}

static struct ut_coin *coin_of(const struct ut_run *run, uint64_t out)
{
    const uint32_t at = sg_ids_get(&run->coin_of, out);
    return at == SG_IDS_NONE ? NULL : &run->coins[at];
}

/* What the inputs of a transaction bring; false without memory. */
static bool gather(bool *any, bool *known, struct ut_run *run, uint64_t tx)
{
    struct ut_work *work = &run->work;
    const uint64_t *ins = sg_utxo_ins(run->utxo);
    work->brought.n = work->n_spenders = 0;
    *any = false;
    *known = true;
    for (uint64_t in = tx_at(run, tx)->first_in; in < tx_at(run, tx + 1)->first_in; in++) {
        if (ins[in] == SG_UTXO_NONE) {
            *known = false;
            continue;
        }
        const struct ut_coin *coin = coin_of(run, ins[in]);
        const uint32_t owner = sg_utxo_out_owner(run->utxo)[ins[in]];
        bool ok = SG_VEC_RESERVE(work->spenders, work->n_spenders, work->cap_spenders, 1);
        if (ok)
            work->spenders[work->n_spenders++] = owner;
        if (ok && !coin)
            ok = sg_ut_push(
                &work->brought, 0,
                (struct ut_lot){sg_utxo_out_sat(run->utxo)[ins[in]], SG_TAINT_NONE, owner});
        for (size_t i = coin ? coin->first : 0; ok && coin && i < coin->end; i++) {
            struct ut_lot lot = run->lots.items[i];
            lot.from = owner;
            ok = sg_ut_push(&work->brought, 0, lot);
        }
        *any = *any || coin;
        if (!ok)
            return false;
    }
    return true;
}

/* For each stolen output that the transaction spends. */
static enum sg_status each_coin(struct ut_run *run, uint64_t tx,
                                enum sg_status (*visit)(struct ut_run *run, struct ut_coin *coin,
                                                        uint64_t tx, struct sg_err *err),
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint64_t in = tx_at(run, tx)->first_in; in < tx_at(run, tx + 1)->first_in && st == SG_OK;
         in++) {
        const uint64_t out = sg_utxo_ins(run->utxo)[in];
        struct ut_coin *coin = out == SG_UTXO_NONE ? NULL : coin_of(run, out);
        if (coin)
            st = visit(run, coin, tx, err);
    }
    return st;
}

static enum sg_status spend(struct ut_run *run, struct ut_coin *coin, uint64_t tx,
                            struct sg_err *err)
{
    (void)run;
    (void)tx;
    (void)err;
    coin->is_spent = true;
    return SG_OK;
}

static enum sg_status lose(struct ut_run *run, struct ut_coin *coin, uint64_t tx,
                           struct sg_err *err)
{
    coin->spent_in = tx;
    return spend(run, coin, tx, err);
}

static enum sg_status stop(struct ut_run *run, struct ut_coin *coin, uint64_t tx,
                           struct sg_err *err)
{
    const uint32_t owner = sg_utxo_out_owner(run->utxo)[coin->out];
    for (size_t i = coin->first; i < coin->end; i++) {
        const struct ut_lot lot = run->lots.items[i];
        const struct sg_utxotaint_move move = {tx,        coin->out,         lot.sat, owner,
                                               lot.theft, SG_UTXOTAINT_STOP, false,   false};
        if (lot.theft == SG_TAINT_NONE)
            continue;
        UT_BOOK(run, lot, stopped);
        if (!sg_ut_move(run, &move))
            return sg_err_nomem(err);
    }
    return spend(run, coin, tx, err);
}

static int by_owner(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The outputs of the transaction as shares, and behind them what they leave of `sum`. */
static enum sg_status open_shares(struct ut_run *run, uint64_t tx, struct sg_err *err)
{
    struct ut_work *work = &run->work;
    const uint64_t first = tx_at(run, tx)->first_out;
    const size_t n = (size_t)(tx_at(run, tx + 1)->first_out - first);
    uint64_t left = 0;
    if (!SG_VEC_RESERVE(work->shares, 0, work->cap_shares, n + 1))
        return sg_err_nomem(err);
    if (work->n_spenders > 1)
        qsort(work->spenders, work->n_spenders, sizeof(*work->spenders), by_owner);
    for (size_t i = 0; i < work->brought.n; i++)
        left += work->brought.items[i].sat;
    work->n_shares = n + 1;
    for (size_t i = 0; i < n; i++) {
        const uint64_t sat = sg_utxo_out_sat(run->utxo)[first + i];
        const uint32_t owner = sg_utxo_out_owner(run->utxo)[first + i];
        const bool comes_back =
            owner != SG_UTXO_NOBODY && work->n_spenders &&
            bsearch(&owner, work->spenders, work->n_spenders, sizeof(owner), by_owner);
        work->shares[i] = (struct ut_share){.sat = sat, .comes_back = comes_back};
        if (sat > left)
            return sg_err_set(err, SG_ECORRUPT, "a transaction pays more than it spends");
        left -= sat;
    }
    work->shares[n] = (struct ut_share){.sat = left};
    return SG_OK;
}

static void book_fee(struct ut_run *run, const struct ut_lots *lots, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        UT_BOOK(run, lots->items[i], fees);
}

static bool has_stolen(const struct ut_lots *lots, const struct ut_share *share)
{
    for (size_t i = share->first; i < share->end; i++)
        if (lots->items[i].theft != SG_TAINT_NONE)
            return true;
    return false;
}

/* The last share: it is spent, or waits for the coinbase of the block. */
static enum sg_status pay_fee(struct ut_run *run, uint64_t tx, struct sg_err *err)
{
    const struct ut_work *work = &run->work;
    const struct ut_share *fee = &work->shares[work->n_shares - 1];
    const uint64_t coinbase = sg_utxo_blocks(run->utxo)[tx_at(run, tx)->block].first_tx;
    if (run->input->fees == SG_UTXOTAINT_FEES_UNTRACED || tx == coinbase) {
        book_fee(run, &work->paid, fee->first, fee->end);
        return SG_OK;
    }
    if (!has_stolen(&work->paid, fee))
        return SG_OK;
    const size_t first = run->fee_lots.n;
    bool ok = SG_VEC_RESERVE(run->fees, run->n_fees, run->cap_fees, 1) && sg_ut_plan(run, coinbase);
    for (size_t i = fee->first; i < fee->end && ok; i++)
        ok = sg_ut_push(&run->fee_lots, first, work->paid.items[i]);
    if (!ok)
        return sg_err_nomem(err);
    run->fees[run->n_fees++] = (struct ut_fee){tx, first, run->fee_lots.n};
    return SG_OK;
}

/* Divide what was brought, and settle the outputs. */
static enum sg_status divide(struct ut_run *run, uint64_t tx, struct sg_err *err)
{
    enum sg_status st = open_shares(run, tx, err);
    if (st == SG_OK)
        st = sg_ut_divide(&run->work, run->input, err);
    if (st == SG_OK)
        st = pay_fee(run, tx, err);
    return st;
}

static enum sg_status spend_all(struct ut_run *run, uint64_t tx, bool known, struct sg_err *err)
{
    const struct sg_utxotaint_stops *stops = &run->input->stops;
    bool is_stop = false;
    enum sg_status st = SG_OK;
    if (!known)
        return each_coin(run, tx, lose, err);
    if (stops->tx)
        st = stops->tx(stops->ctx, &is_stop, tx, err);
    if (st != SG_OK || is_stop)
        return st == SG_OK ? each_coin(run, tx, stop, err) : st;
    st = divide(run, tx, err);
    return st == SG_OK ? each_coin(run, tx, spend, err) : st;
}

/* The fee of a transaction of which nothing is stolen; false where an input is not known. */
static bool clean_fee(uint64_t *sat, const struct ut_run *run, uint64_t tx)
{
    const struct sg_utxo_tx *at = tx_at(run, tx);
    *sat = 0;
    for (uint64_t in = at->first_in; in < at[1].first_in; in++) {
        const uint64_t out = sg_utxo_ins(run->utxo)[in];
        if (out == SG_UTXO_NONE)
            return false;
        *sat += sg_utxo_out_sat(run->utxo)[out];
    }
    for (uint64_t out = at->first_out; out < at[1].first_out; out++)
        *sat -= sg_utxo_out_sat(run->utxo)[out];
    return true;
}

/* Subsidy, then the fees of the block in order; not known if one of them is not. */
static enum sg_status gather_fees(bool *known, struct ut_run *run, uint64_t coinbase,
                                  struct sg_err *err)
{
    const struct sg_utxo_block *block = &sg_utxo_blocks(run->utxo)[tx_at(run, coinbase)->block];
    struct ut_lots *brought = &run->work.brought;
    size_t fee = 0;
    brought->n = run->work.n_spenders = 0;
    *known = true;
    struct ut_lot lot = {sg_btc_subsidy(run->utxo->params, block->height), SG_TAINT_NONE,
                         SG_UTXO_NOBODY};
    bool ok = sg_ut_push(brought, 0, lot);
    for (uint64_t tx = coinbase + 1; tx < coinbase + block->n_txs && ok && *known; tx++) {
        if (fee < run->n_fees && run->fees[fee].tx == tx) {
            for (size_t i = run->fees[fee].first; i < run->fees[fee].end && ok; i++)
                ok = sg_ut_push(brought, 0, run->fee_lots.items[i]);
            fee++;
            continue;
        }
        *known = clean_fee(&lot.sat, run, tx);
        ok = !*known || sg_ut_push(brought, 0, lot);
    }
    return ok ? SG_OK : sg_err_nomem(err);
}

static enum sg_status pay_miner(struct ut_run *run, uint64_t coinbase, struct sg_err *err)
{
    bool known;
    enum sg_status st = gather_fees(&known, run, coinbase, err);
    if (st == SG_OK && known)
        st = divide(run, coinbase, err);
    else if (st == SG_OK)
        book_fee(run, &run->fee_lots, 0, run->fee_lots.n);
    run->n_fees = run->fee_lots.n = 0;
    return st;
}

static enum sg_status step(struct ut_run *run, uint64_t tx, struct sg_err *err)
{
    const bool is_coinbase = tx_at(run, tx)->first_in == tx_at(run, tx + 1)->first_in;
    bool any = false, known = true;
    enum sg_status st = SG_OK;
    run->work.n_shares = 0;
    if (!sg_progress_step(run->input->progress, run->n_txs++, 0))
        return sg_err_set(err, SG_ECANCELLED, "stopped on request");
    if (is_coinbase)
        st = run->n_fees ? pay_miner(run, tx, err) : SG_OK;
    else if (!gather(&any, &known, run, tx))
        st = sg_err_nomem(err);
    if (st == SG_OK && any)
        st = spend_all(run, tx, known, err);
    return st == SG_OK ? sg_ut_settle(run, tx, err) : st;
}

static void bound_view(struct ut_run *run)
{
    const size_t n_blocks = sg_utxo_n(run->utxo, SG_UTXO_BLOCKS);
    run->end_tx = run->input->n_blocks < n_blocks
                      ? sg_utxo_blocks(run->utxo)[run->input->n_blocks].first_tx
                      : sg_utxo_n_txs(run->utxo);
    run->end_out = tx_at(run, run->end_tx)->first_out;
}

static enum sg_status open_seeds(struct ut_run *run, struct sg_err *err)
{
    const struct sg_utxotaint_input *in = run->input;
    uint64_t sum = 0;
    for (size_t i = 0; i < in->n_seeds; i++) {
        const struct sg_utxotaint_seed *seed = &in->seeds[i];
        const uint64_t value = sg_utxo_out_sat(run->utxo)[seed->out];
        sum = i > 0 && in->seeds[i - 1].out == seed->out ? sum : 0;
        if (seed->sat > value - sum)
            return sg_err_set(err, SG_EUSAGE, "seeds take more of an output than it holds");
        sum += seed->sat;
        if (seed->out < run->end_out && !sg_ut_plan(run, sg_utxo_tx_of_out(run->utxo, seed->out)))
            return sg_err_nomem(err);
    }
    return SG_OK;
}

static bool run_alloc(struct ut_run *run)
{
    const size_t n = run->input->n_thefts + 1u;
    run->work.pool = sg_mem_zalloc(n, sizeof(*run->work.pool));
    run->work.next = sg_mem_zalloc(n, sizeof(*run->work.next));
    run->work.excess = sg_mem_zalloc(n, sizeof(*run->work.excess));
    run->totals = sg_mem_zalloc(n, sizeof(*run->totals));
    return run->work.pool && run->work.next && run->work.excess && run->totals;
}

static void run_clear(struct ut_run *run)
{
    void *const blocks[] = {run->work.brought.items,
                            run->work.paid.items,
                            run->work.shares,
                            run->work.numbers,
                            run->work.rests,
                            run->work.order,
                            run->work.pool,
                            run->work.next,
                            run->work.left,
                            run->work.excess,
                            run->work.spenders,
                            run->heap,
                            run->coins,
                            run->lots.items,
                            run->fee_lots.items,
                            run->fees,
                            run->moves,
                            run->totals};
    for (size_t i = 0; i < SG_COUNT_OF(blocks); i++)
        sg_mem_free(blocks[i]);
    sg_ids_clear(&run->coin_of);
}

enum sg_status sg_utxotaint_run(struct sg_utxotaint_result *result, struct sg_arena *arena,
                                const struct sg_utxo *utxo, const struct sg_utxotaint_input *input,
                                struct sg_err *err)
{
    struct ut_run run = {.utxo = utxo, .input = input};
    uint64_t tx;
    enum sg_status st = run_alloc(&run) ? SG_OK : sg_err_nomem(err);
    bound_view(&run);
    if (st == SG_OK)
        st = open_seeds(&run, err);
    while (st == SG_OK && sg_ut_next(&tx, &run))
        st = step(&run, tx, err);
    if (st == SG_OK)
        st = sg_ut_result(result, arena, &run, err);
    run_clear(&run);
    return st;
}
