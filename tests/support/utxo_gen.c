#include "support/utxo_gen.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYS_MAX 512
#define TXS_MAX  16

struct made {
    struct sg_btc_block block;
    struct sg_btc_tx txs[TXS_MAX];
    struct sg_btc_in ins[PAYS_MAX];
    struct sg_btc_out outs[PAYS_MAX];
    uint8_t scripts[PAYS_MAX][GEN_NOTE];
};

static void name(uint8_t hash[SG_BTC_HASH], uint64_t number, uint8_t kind)
{
    memset(hash, 0, SG_BTC_HASH);
    memcpy(hash, &number, sizeof(number));
    hash[31] = kind;
}

static size_t script_of(uint8_t script[GEN_NOTE], uint32_t who)
{
    if (who == 0) {
        memset(script, 0x77, GEN_NOTE);
        memcpy(script, "\x6a\x40", 2);
        return GEN_NOTE;
    }
    const size_t size = who >= GEN_OLD ? 25 : 22, at = who >= GEN_OLD ? 3 : 2;
    memset(script, 0, 25);
    memcpy(script, who >= GEN_OLD ? "\x76\xa9\x14" : "\x00\x14", at);
    memcpy(script + at, &who, sizeof(who));
    if (who >= GEN_OLD)
        memcpy(script + 23, "\x88\xac", 2);
    return size;
}

void gen_ledger_open_as(struct sg_utxo *utxo, const struct sg_btc_params *params)
{
    if (sg_utxo_new(utxo, params, NULL) != SG_OK)
        abort();
}

void gen_ledger_open(struct sg_utxo *utxo)
{
    gen_ledger_open_as(utxo, sg_btc_params_find("bitcoin", "regtest"));
}

static void add_outs(struct made *made, struct sg_btc_tx *tx, const struct gen_pay *pays, size_t n)
{
    tx->first_out = made->block.n_outs;
    tx->n_out = n;
    for (size_t i = 0; i < n; i++) {
        uint8_t *script = made->scripts[made->block.n_outs];
        made->outs[made->block.n_outs++] =
            (struct sg_btc_out){pays[i].sat, script, script_of(script, pays[i].who)};
    }
}

static struct made *begin(const struct sg_utxo *utxo, const struct gen_pay *pays, size_t n)
{
    static struct made made;
    memset(&made, 0, sizeof(made));
    made.block.txs = made.txs;
    made.block.ins = made.ins;
    made.block.outs = made.outs;
    name(made.block.header.hash, sg_utxo_n(utxo, SG_UTXO_BLOCKS), 1);
    name(made.txs[0].txid, sg_utxo_n_txs(utxo), 2);
    made.ins[0].index = UINT32_MAX;
    made.txs[0].n_in = 1;
    made.block.n_ins = made.block.n_txs = 1;
    add_outs(&made, &made.txs[0], pays, n);
    return &made;
}

static void append(struct sg_utxo *utxo, const struct made *made)
{
    struct sg_err err;
    if (sg_utxo_append(utxo, &made->block, sg_utxo_n(utxo, SG_UTXO_BLOCKS), 100, &err) != SG_OK) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
}

uint64_t gen_coinbase(struct sg_utxo *utxo, const struct gen_pay *pays, size_t n)
{
    const uint64_t first = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    append(utxo, begin(utxo, pays, n));
    return first;
}

/* An output of the ledger, of this block, or of nobody. */
static void name_spent(struct sg_btc_in *in, const struct made *made, const struct sg_utxo *utxo,
                       uint64_t out)
{
    const uint64_t n = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    if (out == SG_UTXO_NONE) {
        name(in->txid, made->block.n_ins, 3);
        in->index = 0;
    } else if (out < n) {
        const uint64_t from = sg_utxo_tx_of_out(utxo, out);
        memcpy(in->txid, sg_utxo_txs(utxo)[from].txid, SG_BTC_HASH);
        in->index = (uint32_t)(out - sg_utxo_txs(utxo)[from].first_out);
    } else {
        size_t t = 0;
        while (out - n >= made->txs[t].first_out + made->txs[t].n_out)
            t++;
        memcpy(in->txid, made->txs[t].txid, SG_BTC_HASH);
        in->index = (uint32_t)(out - n - made->txs[t].first_out);
    }
}

uint64_t gen_block(struct sg_utxo *utxo, const struct gen_pay *pays, size_t n,
                   const struct gen_part *txs, size_t n_txs)
{
    struct made *made = begin(utxo, pays, n);
    const uint64_t first = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    assert(n_txs < TXS_MAX);
    for (size_t t = 0; t < n_txs; t++) {
        struct sg_btc_tx *tx = &made->txs[t + 1];
        name(tx->txid, sg_utxo_n_txs(utxo) + t + 1, 2);
        tx->first_in = made->block.n_ins;
        tx->n_in = txs[t].n_outs;
        for (size_t i = 0; i < txs[t].n_outs; i++)
            name_spent(&made->ins[made->block.n_ins++], made, utxo, txs[t].outs[i]);
        add_outs(made, tx, txs[t].pays, txs[t].n_pays);
    }
    made->block.n_txs = n_txs + 1;
    append(utxo, made);
    return first;
}

uint64_t gen_spend(struct sg_utxo *utxo, const uint64_t *outs, size_t n_outs,
                   const struct gen_pay *pays, size_t n)
{
    const struct gen_pay nothing = {1, 0};
    const struct gen_part tx = {outs, n_outs, pays, n};
    return gen_block(utxo, &nothing, 1, &tx, 1) + 1;
}

uint32_t gen_owner(const struct sg_utxo *utxo, uint32_t who)
{
    uint8_t script[GEN_NOTE];
    const size_t size = script_of(script, who);
    return sg_utxo_find_owner(utxo, script, size);
}
