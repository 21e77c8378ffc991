/* The figures of one policy on a chain of outputs, in the terms that accounts have too. */
#include "analysis/trace/trace_outputs_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static uint64_t value_of(const struct sg_outputs *o, uint64_t out)
{
    return sg_utxo_out_sat(o->utxo)[out];
}

static uint32_t party_of(const struct sg_outputs *o, uint32_t owner)
{
    return sg_refs_index(&o->parties, owner);
}

static uint32_t tx_of(const struct sg_outputs *o, uint64_t tx)
{
    return tx == SG_UTXO_NONE ? SG_TRACE_NONE : sg_refs_index(&o->txs, tx);
}

/* When an output was spent, as far as blocks are in view. */
static int64_t spent_at(const struct sg_outputs *o, uint64_t out)
{
    const uint64_t in = o->utxo->spender[out];
    if (in == SG_UTXO_NONE)
        return SG_TIME_UNKNOWN;
    const uint32_t block = sg_utxo_txs(o->utxo)[sg_utxo_tx_of_in(o->utxo, in)].block;
    return block < o->n_blocks ? (int64_t)sg_utxo_blocks(o->utxo)[block].time : SG_TIME_UNKNOWN;
}

static struct sg_trace_move make_move(const struct sg_outputs *o, const struct sg_utxotaint_move *m)
{
    const bool stops = m->kind == SG_UTXOTAINT_STOP, begins = m->kind == SG_UTXOTAINT_SEED;
    const uint32_t tx = tx_of(o, m->tx);
    return (struct sg_trace_move){
        .kind = begins ? SG_MOVE_SEED : SG_MOVE_TRANSFER,
        .from = begins ? SG_TRACE_NONE : party_of(o, m->from),
        .to = stops ? sg_refs_index(&o->parties, OUT_COINJOIN + m->tx)
                    : party_of(o, sg_utxo_out_owner(o->utxo)[m->out]),
        .tx = tx,
        .row = m->out,
        .time_unix_s = o->tracer->made.txs[tx].time_unix_s,
        .theft = m->theft,
        .conversion = SG_TRACE_NONE,
        .amount = sg_amount_from(begins ? m->sat : value_of(o, m->out)),
        .tainted = sg_amount_from(m->sat),
        .is_seed = begins,
        .is_dust = m->is_dust,
        .to_service = m->to_service || stops,
        .is_stop = stops,
        .spent_unix_s = stops ? SG_TIME_UNKNOWN : spent_at(o, m->out),
    };
}

static enum sg_status all_moves(struct sg_trace_figures *figures, struct sg_outputs *o,
                                struct sg_err *err)
{
    const struct sg_utxotaint_result *r = &o->results[figures->policy];
    struct sg_trace_move *moves = sg_arena_alloc(o->tracer->arena, r->n_moves + 1, sizeof(*moves));
    if (!moves)
        return sg_err_nomem(err);
    for (size_t i = 0; i < r->n_moves; i++)
        moves[i] = make_move(o, &r->moves[i]);
    figures->moves = moves;
    figures->n_moves = r->n_moves;
    return SG_OK;
}

static enum sg_status all_shares(struct sg_trace_figures *figures, struct sg_outputs *o,
                                 struct sg_err *err)
{
    const size_t n = o->input->c->n_thefts;
    struct sg_trace_share *shares = sg_arena_alloc(o->tracer->arena, n, sizeof(*shares));
    if (!shares)
        return sg_err_nomem(err);
    for (size_t t = 0; t < n; t++) {
        const struct sg_utxotaint_total *x = &o->results[figures->policy].totals[t];
        shares[t] = (struct sg_trace_share){
            .theft = t,
            .stolen = sg_amount_from(x->stolen),
            .destinations = sg_amount_from(x->destinations + x->stopped),
            .holdings = sg_amount_from(x->holdings + x->unknown),
            .fees = sg_amount_from(x->fees),
            .excess = sg_amount_from(x->excess),
            .dust_discarded = sg_amount_from(x->dust),
            .coinjoins = sg_amount_from(x->stopped),
        };
    }
    figures->shares = shares;
    figures->n_shares = n;
    return SG_OK;
}

/* An output that holds stolen money, thefts together, before it is put with its owner's others. */
struct held {
    uint32_t party;
    enum sg_trace_status status;
    uint64_t out, sat, spent_in;
};

static int by_party(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    if (x->party != y->party)
        return x->party < y->party ? -1 : 1;
    if (x->status != y->status)
        return x->status < y->status ? -1 : 1;
    return (x->out > y->out) - (x->out < y->out);
}

static size_t list_held(struct held *held, const struct sg_outputs *o,
                        const struct sg_utxotaint_result *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_holdings; i++) {
        const struct sg_utxotaint_holding *h = &r->holdings[i];
        if (n > 0 && held[n - 1].out == h->out)
            held[n - 1].sat += h->sat;
        else
            held[n++] =
                (struct held){party_of(o, sg_utxo_out_owner(o->utxo)[h->out]),
                              h->spent_in == SG_UTXO_NONE ? SG_TRACE_HELD : SG_TRACE_UNOBSERVED,
                              h->out, h->sat, h->spent_in};
    }
    if (n > 1)
        qsort(held, n, sizeof(*held), by_party);
    return n;
}

static struct sg_trace_coin make_coin(const struct sg_outputs *o, const struct held *h)
{
    const uint64_t tx = sg_utxo_tx_of_out(o->utxo, h->out);
    return (struct sg_trace_coin){
        tx_of(o, tx), (uint32_t)(h->out - sg_utxo_txs(o->utxo)[tx].first_out),
        tx_of(o, h->spent_in), sg_amount_from(h->sat), sg_amount_from(value_of(o, h->out))};
}

/* Held as of the earliest block at which one of its outputs is last known not to be spent. */
static struct sg_trace_holding make_holding(const struct sg_outputs *o, const struct held *held,
                                            size_t n, const struct sg_trace_coin *coins)
{
    struct sg_trace_holding made = {.party = held->party,
                                    .status = held->status,
                                    .covered_to = UINT64_MAX,
                                    .coins = coins,
                                    .n_coins = n};
    uint64_t sat = 0, value = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t tx = sg_utxo_tx_of_out(o->utxo, held[i].out);
        const uint64_t end = o->run_end[sg_utxo_txs(o->utxo)[tx].block];
        const int64_t time = o->tracer->made.txs[coins[i].tx].time_unix_s;
        sat += held[i].sat;
        value += value_of(o, held[i].out);
        made.covered_to = end < made.covered_to ? end : made.covered_to;
        made.last_in_unix_s = i == 0 || time > made.last_in_unix_s ? time : made.last_in_unix_s;
    }
    made.amount = sg_amount_from(sat);
    made.balance = sg_amount_from(value);
    made.covered_to = made.status == SG_TRACE_HELD ? made.covered_to : 0;
    return made;
}

static int by_amount(const void *a, const void *b)
{
    const struct sg_trace_holding *x = a, *y = b;
    const int order = sg_amount_cmp(y->amount, x->amount);
    if (order)
        return order;
    if (x->party != y->party)
        return x->party < y->party ? -1 : 1;
    return (int)x->status - (int)y->status;
}

static enum sg_status group_held(struct sg_trace_figures *figures, struct sg_outputs *o,
                                 const struct held *held, size_t n, struct sg_err *err)
{
    struct sg_trace_coin *coins = sg_arena_alloc(o->tracer->arena, n + 1, sizeof(*coins));
    struct sg_trace_holding *made = sg_arena_alloc(o->tracer->arena, n + 1, sizeof(*made));
    size_t k = 0;
    if (!coins || !made)
        return sg_err_nomem(err);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && held[end].party == held[first].party &&
                          held[end].status == held[first].status;
             end++)
            coins[end] = make_coin(o, &held[end]);
        made[k++] = make_holding(o, held + first, end - first, coins + first);
    }
    if (k > 1)
        qsort(made, k, sizeof(*made), by_amount);
    figures->holdings = made;
    figures->n_holdings = k;
    return SG_OK;
}

static enum sg_status all_holdings(struct sg_trace_figures *figures, struct sg_outputs *o,
                                   struct sg_err *err)
{
    const struct sg_utxotaint_result *r = &o->results[figures->policy];
    struct held *held = sg_mem_alloc(r->n_holdings + 1, sizeof(*held));
    if (!held)
        return sg_err_nomem(err);
    const size_t n = list_held(held, o, r);
    const enum sg_status st = group_held(figures, o, held, n, err);
    sg_mem_free(held);
    return st;
}

enum sg_status sg_out_make_figures(struct sg_trace_figures *figures, struct sg_outputs *o,
                                   enum sg_policy policy, struct sg_err *err)
{
    *figures = (struct sg_trace_figures){.policy = policy,
                                         .addresses_followed = o->results[policy].n_outs,
                                         .rows_replayed = o->results[policy].n_txs};
    enum sg_status st = all_moves(figures, o, err);
    if (st == SG_OK)
        st = all_shares(figures, o, err);
    if (st == SG_OK)
        st = all_holdings(figures, o, err);
    if (st == SG_OK)
        st = sg_lines_make(figures, o->tracer, err);
    return st == SG_OK ? sg_groups_make(figures, o->tracer, err) : st;
}
