#include "support/coin_truth.h"

#include "analysis/cluster/peel.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was told of the block that is being made. */
struct reading {
    struct coin_truth *truth;
    struct sg_btc_block block;
    struct coin_truth_tx *txs;
    struct sg_coinworld_out *outs; /* of all, one behind the other */
    size_t *n_outs;
    size_t n, cap_txs, cap_n, n_told, cap_outs;
};

static void must(bool fine, const char *what)
{
    if (fine)
        return;
    fprintf(stderr, "coin_truth: %s\n", what);
    abort();
}

static enum sg_status on_tx(void *ctx, const struct sg_coinworld_tx *tx, struct sg_err *err)
{
    struct reading *r = ctx;
    (void)err;
    must(SG_VEC_RESERVE(r->txs, r->n, r->cap_txs, 1) &&
             SG_VEC_RESERVE(r->n_outs, r->n, r->cap_n, 1) &&
             SG_VEC_RESERVE(r->outs, r->n_told, r->cap_outs, tx->n_outs),
         "no memory");
    r->txs[r->n] = (struct coin_truth_tx){(uint8_t)tx->kind, tx->chain, tx->step};
    r->n_outs[r->n++] = tx->n_outs;
    memcpy(r->outs + r->n_told, tx->outs, tx->n_outs * sizeof(*tx->outs));
    r->n_told += tx->n_outs;
    return SG_OK;
}

/* The truth of one transaction to the ledger's rows. */
static void file_tx(struct coin_truth *t, uint64_t row, const struct coin_truth_tx *tx,
                    const struct sg_coinworld_out *outs, size_t n_outs)
{
    const uint64_t first = sg_utxo_txs(&t->utxo)[row].first_out;
    must(SG_VEC_RESERVE(t->txs, row, t->cap_txs, 1) &&
             SG_VEC_RESERVE(t->owners, first, t->cap_owners, n_outs) &&
             SG_VEC_RESERVE(t->change, first, t->cap_change, n_outs),
         "no memory");
    t->txs[row] = *tx;
    for (size_t i = 0; i < n_outs; i++) {
        t->owners[first + i] = outs[i].owner;
        t->change[first + i] = outs[i].change;
    }
}

/* The coinbase was told last and stands first. */
static void file_block(struct reading *r, uint64_t row)
{
    const size_t last = r->n - 1;
    size_t at = 0;
    file_tx(r->truth, row, &r->txs[last], r->outs + r->n_told - r->n_outs[last], r->n_outs[last]);
    for (size_t i = 0; i < last; i++) {
        file_tx(r->truth, row + 1 + i, &r->txs[i], r->outs + at, r->n_outs[i]);
        at += r->n_outs[i];
    }
}

static enum sg_status on_block(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct reading *r = ctx;
    struct coin_truth *t = r->truth;
    struct sg_reader reader;
    const uint64_t row = sg_utxo_n_txs(&t->utxo);
    sg_reader_init(&reader, bytes, size);
    enum sg_status st = sg_btc_block_read(&r->block, &reader, err);
    if (st == SG_OK)
        st = sg_btc_block_check(&r->block, true, err);
    if (st == SG_OK)
        st = sg_utxo_append(&t->utxo, &r->block, sg_utxo_n(&t->utxo, SG_UTXO_BLOCKS),
                            (uint32_t)size, err);
    if (st != SG_OK)
        return st;
    file_block(r, row);
    for (size_t i = 0; t->see && i < r->block.n_txs; i++) {
        const struct coin_truth_seen seen = {row + i, &r->block, &r->block.txs[i]};
        t->see(t->ctx, t, &seen);
    }
    t->blocks_bytes += size;
    r->n = r->n_told = 0;
    return SG_OK;
}

void coin_truth_open(struct coin_truth *truth, const struct sg_scenario *scenario, uint64_t seed,
                     uint64_t transactions)
{
    struct reading r = {.truth = truth};
    struct sg_err err = {.text = ""};
    const struct sg_coinworld options = {.seed = seed,
                                         .transactions = transactions,
                                         .scenario = scenario,
                                         .params = sg_btc_params_find("bitcoin", "regtest")};
    const struct sg_coinworld_sink sink = {.block = on_block, .tx = on_tx, .ctx = &r};
    *truth = (struct coin_truth){.see = truth->see, .ctx = truth->ctx};
    must(sg_utxo_new(&truth->utxo, options.params, &err) == SG_OK, err.text);
    must(sg_coinworld_run(&truth->summary, &options, &sink, &err) == SG_OK, err.text);
    sg_btc_block_clear(&r.block);
    sg_mem_free(r.txs);
    sg_mem_free(r.outs);
    sg_mem_free(r.n_outs);
}

void coin_truth_close(struct coin_truth *truth)
{
    sg_utxo_close(&truth->utxo);
    sg_mem_free(truth->txs);
    sg_mem_free(truth->owners);
    sg_mem_free(truth->change);
}

uint32_t coin_truth_payer(const struct coin_truth *truth, uint64_t tx)
{
    const struct sg_utxo_tx *row = &sg_utxo_txs(&truth->utxo)[tx];
    return row[1].first_in == row->first_in
               ? SG_COINWORLD_NOBODY
               : truth->owners[sg_utxo_ins(&truth->utxo)[row->first_in]];
}

uint64_t coin_truth_change(const struct coin_truth *truth, uint64_t tx)
{
    const struct sg_utxo_tx *row = &sg_utxo_txs(&truth->utxo)[tx];
    uint64_t found = SG_UTXO_NONE;
    for (uint64_t out = row->first_out; out < row[1].first_out; out++)
        if (truth->change[out]) {
            if (found != SG_UTXO_NONE)
                return SG_UTXO_NONE;
            found = out;
        }
    return found;
}

static uint64_t largest_of(const struct sg_utxo *utxo, uint64_t tx)
{
    const struct sg_utxo_tx *row = &sg_utxo_txs(utxo)[tx];
    uint64_t best = row->first_out;
    for (uint64_t out = row->first_out; out < row[1].first_out; out++)
        if (sg_utxo_out_sat(utxo)[out] > sg_utxo_out_sat(utxo)[best])
            best = out;
    return best;
}

static void count(struct coin_score *score, uint64_t answer, uint64_t change)
{
    score->asked++;
    score->answered += answer != SG_UTXO_NONE;
    score->right += answer == change;
}

void coin_truth_score_peels(struct coin_score *votes, struct coin_score *largest,
                            const struct coin_truth *truth, enum sg_coinworld_kind kind)
{
    const struct sg_utxo *utxo = &truth->utxo;
    uint64_t *first_seen = sg_peel_first_seen(utxo);
    must(first_seen, "no memory");
    *votes = *largest = (struct coin_score){0};
    for (uint64_t tx = 0; tx < sg_utxo_n_txs(utxo); tx++) {
        const uint64_t change = coin_truth_change(truth, tx);
        struct sg_peel peel;
        if (truth->txs[tx].kind != kind || change == SG_UTXO_NONE)
            continue;
        const uint64_t from = sg_utxo_ins(utxo)[sg_utxo_txs(utxo)[tx].first_in];
        must(sg_peel_follow(&peel, utxo, first_seen, from, 1, NULL) == SG_OK, "peel");
        count(votes, peel.n ? peel.steps[0].next : SG_UTXO_NONE, change);
        count(largest, largest_of(utxo, tx), change);
        sg_mem_free(peel.steps);
    }
    sg_mem_free(first_seen);
}
