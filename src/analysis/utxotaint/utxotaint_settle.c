/* What becomes of an output that got stolen money; and the heap of steps to come. */
#include "analysis/utxotaint/utxotaint_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Order of steps: twice the transaction, and a coinbase behind the last of its block, since what it
 * pays comes from all of them. */
static uint64_t key_of(const struct ut_run *run, uint64_t tx)
{
    const struct sg_utxo_block *block =
        &sg_utxo_blocks(run->utxo)[sg_utxo_txs(run->utxo)[tx].block];
    return tx == block->first_tx ? 2 * (block->first_tx + block->n_txs) - 1 : 2 * tx;
}

static uint64_t tx_of_key(const struct ut_run *run, uint64_t key)
{
    if (key % 2 == 0)
        return key / 2;
    const uint64_t last = (key + 1) / 2 - 1;
    return sg_utxo_blocks(run->utxo)[sg_utxo_txs(run->utxo)[last].block].first_tx;
}

bool sg_ut_plan(struct ut_run *run, uint64_t tx)
{
    const uint64_t key = key_of(run, tx);
    if (!SG_VEC_RESERVE(run->heap, run->n_heap, run->cap_heap, 1))
        return false;
    size_t at = run->n_heap++;
    for (; at > 0 && run->heap[(at - 1) / 2] > key; at = (at - 1) / 2)
        run->heap[at] = run->heap[(at - 1) / 2];
    run->heap[at] = key;
    return true;
}

static uint64_t pop(struct ut_run *run)
{
    const uint64_t top = run->heap[0], key = run->heap[--run->n_heap];
    size_t at = 0;
    for (size_t child = 1; child < run->n_heap; child = 2 * at + 1) {
        child += child + 1 < run->n_heap && run->heap[child + 1] < run->heap[child];
        if (run->heap[child] >= key)
            break;
        run->heap[at] = run->heap[child];
        at = child;
    }
    run->heap[at] = key;
    return top;
}

bool sg_ut_next(uint64_t *tx, struct ut_run *run)
{
    if (run->n_heap == 0)
        return false;
    const uint64_t key = pop(run);
    while (run->n_heap > 0 && run->heap[0] == key)
        (void)pop(run);
    *tx = tx_of_key(run, key);
    return true;
}

/* One move an owner and theft: clean money in between makes no difference to who paid. */
bool sg_ut_move(struct ut_run *run, const struct sg_utxotaint_move *move)
{
    struct sg_utxotaint_move *last = run->n_moves ? &run->moves[run->n_moves - 1] : NULL;
    if (last && last->out == move->out && last->tx == move->tx && last->from == move->from &&
        last->theft == move->theft && last->kind == move->kind) {
        last->sat += move->sat;
        return true;
    }
    if (!SG_VEC_RESERVE(run->moves, run->n_moves, run->cap_moves, 1))
        return false;
    run->moves[run->n_moves++] = *move;
    return true;
}

/* What the division gave to an output, or one clean lot. */
static bool receive(struct ut_run *run, uint64_t tx, uint64_t out)
{
    const struct ut_work *work = &run->work;
    const size_t first = run->lots.n, at = (size_t)(out - sg_utxo_txs(run->utxo)[tx].first_out);
    const struct ut_lot clean = {sg_utxo_out_sat(run->utxo)[out], SG_TAINT_NONE, SG_UTXO_NOBODY};
    if (!work->n_shares)
        return sg_ut_push(&run->lots, first, clean);
    for (size_t i = work->shares[at].first; i < work->shares[at].end; i++) {
        const struct ut_lot lot = work->paid.items[i];
        const struct sg_utxotaint_move move = {
            tx, out, lot.sat, lot.from, lot.theft, SG_UTXOTAINT_PAID, false, false};
        if (!sg_ut_push(&run->lots, first, lot) ||
            (lot.theft != SG_TAINT_NONE && !sg_ut_move(run, &move)))
            return false;
    }
    return true;
}

static uint64_t stolen_from(const struct ut_lots *lots, size_t first)
{
    uint64_t stolen = 0;
    for (size_t i = first; i < lots->n; i++)
        stolen += lots->items[i].theft == SG_TAINT_NONE ? 0 : lots->items[i].sat;
    return stolen;
}

/* The first clean satoshis become stolen. */
static bool steal(struct ut_run *run, size_t first, uint64_t sat, uint32_t theft)
{
    struct ut_lots mixed = {0};
    bool ok = true;
    for (size_t i = first; i < run->lots.n && ok; i++) {
        struct ut_lot lot = run->lots.items[i];
        if (lot.theft == SG_TAINT_NONE) {
            const uint64_t part = sat < lot.sat ? sat : lot.sat;
            ok = sg_ut_push(&mixed, 0, (struct ut_lot){part, theft, lot.from});
            sat -= part;
            lot.sat -= part;
        }
        ok = ok && sg_ut_push(&mixed, 0, lot);
    }
    run->lots.n = first;
    for (size_t i = 0; i < mixed.n && ok; i++)
        ok = sg_ut_push(&run->lots, first, mixed.items[i]);
    sg_mem_free(mixed.items);
    return ok;
}

static bool begin(struct ut_run *run, uint64_t tx, uint64_t out, uint64_t sat, uint32_t theft)
{
    const struct sg_utxotaint_move move = {
        tx, out, sat, SG_UTXO_NOBODY, theft, SG_UTXOTAINT_SEED, false, false};
    return sat == 0 || sg_ut_move(run, &move);
}

/* Seeds of an output; those that begin before *seed are done. */
static bool seed_out(struct ut_run *run, size_t *seed, uint64_t tx, uint64_t out, size_t first)
{
    const struct sg_utxotaint_input *in = run->input;
    uint64_t there = stolen_from(&run->lots, first);
    bool ok = true;
    for (; *seed < in->n_seeds && in->seeds[*seed].out == out && ok; ++*seed) {
        const struct sg_utxotaint_seed *s = &in->seeds[*seed];
        const uint64_t known = s->sat < there ? s->sat : there, sat = s->sat - known;
        there -= known;
        run->totals[s->theft].stolen += sat;
        ok = begin(run, tx, out, sat, s->theft) && (!sat || steal(run, first, sat, s->theft));
    }
    return ok;
}

/* Under poison, all of an output that has any stolen money is stolen; what that adds shows as a
 * beginning, since nobody paid it as stolen money. */
static bool poison_out(struct ut_run *run, uint64_t tx, uint64_t out, size_t first)
{
    uint64_t *excess = run->work.excess;
    const uint32_t n = run->input->n_thefts;
    for (uint32_t t = 0; t < n; t++) {
        run->totals[t].excess += excess[t];
        excess[t] = 0;
    }
    if (run->input->policy != SG_POLICY_POISON)
        return true;
    bool ok = sg_ut_poison(&run->work, &run->lots, first, n);
    for (uint32_t t = 0; t < n && ok; t++) {
        ok = begin(run, tx, out, excess[t], t);
        run->totals[t].excess += excess[t];
        excess[t] = 0;
    }
    return ok;
}

static void mark(struct ut_run *run, size_t first_move, bool to_service, bool is_dust)
{
    for (size_t i = first_move; i < run->n_moves; i++) {
        run->moves[i].to_service = to_service;
        run->moves[i].is_dust = is_dust;
    }
}

/* Whose input brought a lot is told by the moves; an output's lots are all its owner's. */
static bool keep(struct ut_run *run, uint64_t out, size_t first)
{
    const size_t n = run->lots.n;
    const uint64_t in = run->utxo->spender[out];
    const uint64_t spender = in == SG_UTXO_NONE ? SG_UTXO_NONE : sg_utxo_tx_of_in(run->utxo, in);
    if (!SG_VEC_RESERVE(run->coins, run->n_coins, run->cap_coins, 1) ||
        !sg_ids_put(&run->coin_of, out, (uint32_t)run->n_coins))
        return false;
    run->lots.n = first;
    for (size_t i = first; i < n; i++) {
        struct ut_lot lot = run->lots.items[i];
        lot.from = 0;
        if (!sg_ut_push(&run->lots, first, lot))
            return false;
    }
    run->coins[run->n_coins++] = (struct ut_coin){out, first, run->lots.n, false, SG_UTXO_NONE};
    return spender >= run->end_tx || sg_ut_plan(run, spender);
}

/* Where the stolen money of an output goes on, or ends. */
static enum sg_status follow(struct ut_run *run, uint64_t out, size_t first, size_t first_move,
                             struct sg_err *err)
{
    const struct sg_utxotaint_stops *stops = &run->input->stops;
    const uint32_t owner = sg_utxo_out_owner(run->utxo)[out];
    bool is_service = false;
    enum sg_status st = SG_OK;
    if (stops->owner && owner != SG_UTXO_NOBODY)
        st = stops->owner(stops->ctx, &is_service, owner, err);
    if (st != SG_OK)
        return st;
    const bool is_dust = !is_service && stolen_from(&run->lots, first) < run->input->dust_sat;
    if (!is_service && !is_dust)
        return keep(run, out, first) ? SG_OK : sg_err_nomem(err);
    mark(run, first_move, is_service, is_dust);
    for (size_t i = first; i < run->lots.n; i++) {
        if (is_service)
            UT_BOOK(run, run->lots.items[i], destinations);
        else
            UT_BOOK(run, run->lots.items[i], dust);
    }
    run->lots.n = first;
    return SG_OK;
}

static size_t first_seed(const struct sg_utxotaint_input *in, uint64_t out)
{
    size_t low = 0, high = in->n_seeds;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (in->seeds[mid].out < out)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

enum sg_status sg_ut_settle(struct ut_run *run, uint64_t tx, struct sg_err *err)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(run->utxo)[tx];
    size_t seed = first_seed(run->input, at->first_out);
    enum sg_status st = SG_OK;
    for (uint64_t out = at->first_out; out < at[1].first_out && st == SG_OK; out++) {
        const size_t first = run->lots.n, first_move = run->n_moves;
        if (!receive(run, tx, out) || !seed_out(run, &seed, tx, out, first) ||
            !poison_out(run, tx, out, first))
            return sg_err_nomem(err);
        if (stolen_from(&run->lots, first))
            st = follow(run, out, first, first_move, err);
        else
            run->lots.n = first;
    }
    return st;
}

static int by_out(const void *a, const void *b)
{
    const struct sg_utxotaint_holding *x = a, *y = b;
    if (x->out != y->out)
        return x->out < y->out ? -1 : 1;
    return (x->theft > y->theft) - (x->theft < y->theft);
}

/* Stolen money of each theft in an output that was not gone on from. */
static size_t hold(struct sg_utxotaint_holding *made, struct ut_run *run,
                   const struct ut_coin *coin)
{
    uint64_t *pool = run->work.pool;
    size_t n = 0;
    for (size_t i = coin->first; i < coin->end; i++)
        if (run->lots.items[i].theft != SG_TAINT_NONE)
            pool[run->lots.items[i].theft] += run->lots.items[i].sat;
    for (size_t i = coin->first; i < coin->end; i++) {
        const uint32_t t = run->lots.items[i].theft;
        if (t == SG_TAINT_NONE || !pool[t])
            continue;
        made[n++] = (struct sg_utxotaint_holding){coin->out, pool[t], coin->spent_in, t};
        *(coin->spent_in == SG_UTXO_NONE ? &run->totals[t].holdings : &run->totals[t].unknown) +=
            pool[t];
        pool[t] = 0;
    }
    return n;
}

static enum sg_status check(const struct ut_run *run, struct sg_err *err)
{
    for (uint32_t t = 0; t < run->input->n_thefts; t++) {
        const struct sg_utxotaint_total *x = &run->totals[t];
        if (x->stolen + x->excess !=
                x->destinations + x->stopped + x->holdings + x->unknown + x->fees + x->dust ||
            (x->excess && run->input->policy != SG_POLICY_POISON))
            return sg_err_set(err, SG_ECORRUPT, "stolen money is not conserved");
    }
    return SG_OK;
}

enum sg_status sg_ut_result(struct sg_utxotaint_result *result, struct sg_arena *arena,
                            struct ut_run *run, struct sg_err *err)
{
    const uint32_t n_thefts = run->input->n_thefts;
    struct sg_utxotaint_move *moves = sg_arena_alloc(arena, run->n_moves + 1, sizeof(*moves));
    struct sg_utxotaint_total *totals = sg_arena_alloc(arena, n_thefts, sizeof(*totals));
    struct sg_utxotaint_holding *holdings =
        sg_arena_alloc(arena, run->lots.n + 1, sizeof(*holdings));
    size_t n = 0;
    if (!moves || !totals || !holdings)
        return sg_err_nomem(err);
    memset(run->work.pool, 0, n_thefts * sizeof(*run->work.pool));
    for (size_t i = 0; i < run->n_coins; i++)
        if (!run->coins[i].is_spent || run->coins[i].spent_in != SG_UTXO_NONE)
            n += hold(holdings + n, run, &run->coins[i]);
    const enum sg_status st = check(run, err);
    if (st != SG_OK)
        return st;
    if (n > 1)
        qsort(holdings, n, sizeof(*holdings), by_out);
    if (run->n_moves)
        memcpy(moves, run->moves, run->n_moves * sizeof(*moves));
    memcpy(totals, run->totals, n_thefts * sizeof(*totals));
    *result = (struct sg_utxotaint_result){moves,  run->n_moves, holdings,    n,
                                           totals, run->n_txs,   run->n_coins};
    return SG_OK;
}
