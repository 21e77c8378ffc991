#include "support/utxo_gen.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYS_MAX 512

struct made {
    struct sg_btc_block block;
    struct sg_btc_tx txs[2];
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

void gen_ledger_open(struct sg_utxo *utxo)
{
    if (sg_utxo_new(utxo, sg_btc_params_find("bitcoin", "regtest"), NULL) != SG_OK)
        abort();
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

uint64_t gen_spend(struct sg_utxo *utxo, const uint64_t *outs, size_t n_outs,
                   const struct gen_pay *pays, size_t n)
{
    const struct gen_pay nothing = {1, 0};
    struct made *made = begin(utxo, &nothing, 1);
    struct sg_btc_tx *tx = &made->txs[1];
    const uint64_t first = sg_utxo_n(utxo, SG_UTXO_OUT_SAT) + 1;
    name(tx->txid, sg_utxo_n_txs(utxo) + 1, 2);
    tx->first_in = 1;
    tx->n_in = n_outs;
    for (size_t i = 0; i < n_outs; i++) {
        const uint64_t from = sg_utxo_tx_of_out(utxo, outs[i]);
        struct sg_btc_in *in = &made->ins[made->block.n_ins++];
        memcpy(in->txid, sg_utxo_txs(utxo)[from].txid, SG_BTC_HASH);
        in->index = (uint32_t)(outs[i] - sg_utxo_txs(utxo)[from].first_out);
    }
    add_outs(made, tx, pays, n);
    made->block.n_txs = 2;
    append(utxo, made);
    return first;
}

uint32_t gen_owner(const struct sg_utxo *utxo, uint32_t who)
{
    uint8_t script[GEN_NOTE];
    const size_t size = script_of(script, who);
    return sg_utxo_find_owner(utxo, script, size);
}
