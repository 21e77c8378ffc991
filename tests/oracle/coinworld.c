#include "oracle/coinworld.h"

#include "support/check.h"

#include "base/vec.h"

#include <string.h>

static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

static struct oracle_coin *coin_at(struct oracle_chain *chain, const uint8_t *txid, uint32_t n)
{
    for (size_t i = hash_of(txid, 8) + n;; i++) {
        struct oracle_coin *coin = &chain->coins[i & chain->mask];
        if (!coin->used || (coin->n == n && memcmp(coin->txid, txid, SG_BTC_HASH) == 0))
            return coin;
    }
}

static struct oracle_script *script_at(struct oracle_chain *chain, const uint8_t *script,
                                       size_t size)
{
    for (size_t i = hash_of(script, size);; i++) {
        struct oracle_script *slot = &chain->scripts[i & chain->mask];
        if (!slot->size || (slot->size == size && memcmp(slot->script, script, size) == 0))
            return slot;
    }
}

void oracle_chain_open(struct oracle_chain *chain, size_t slots, uint32_t first_thief,
                       uint32_t n_thieves)
{
    *chain = (struct oracle_chain){.mask = slots - 1,
                                   .first_thief = first_thief,
                                   .n_thieves = n_thieves,
                                   .sha256 = sg_sha256_new()};
    chain->coins = sg_mem_zalloc(slots, sizeof(*chain->coins));
    chain->scripts = sg_mem_zalloc(slots, sizeof(*chain->scripts));
    assert_true(chain->coins && chain->scripts && chain->sha256 && n_thieves <= ORACLE_THEFTS);
}

/* An address is told once, and has one owner for ever. */
void oracle_chain_address(struct oracle_chain *chain, const struct sg_coinworld_address *address)
{
    struct oracle_script *slot = script_at(chain, address->script, address->script_size);
    assert_int_equal(slot->size, 0);
    memcpy(slot->script, address->script, address->script_size);
    slot->size = (uint8_t)address->script_size;
    slot->owner = address->owner;
}

void oracle_chain_tx(struct oracle_chain *chain, const struct sg_coinworld_tx *tx)
{
    assert_true(SG_VEC_RESERVE(chain->told, chain->n_told, chain->cap_told, 1));
    struct oracle_told *told = &chain->told[chain->n_told++];
    told->tx = *tx;
    memcpy(told->spenders, tx->spenders, tx->n_spenders * sizeof(*tx->spenders));
    memcpy(told->outs, tx->outs, tx->n_outs * sizeof(*tx->outs));
}

/* Each input spends an output that is there, unspent, and of who the truth says. */
static uint64_t spend(struct oracle_chain *chain, const struct sg_btc_tx *tx,
                      const struct oracle_told *told)
{
    uint64_t sat = 0;
    for (size_t i = 0; i < tx->n_in; i++) {
        const struct sg_btc_in *in = &chain->block.ins[tx->first_in + i];
        struct oracle_coin *coin = coin_at(chain, in->txid, in->index);
        assert_true(coin->used && !coin->spent);
        assert_int_equal(coin->owner, told->spenders[i]);
        assert_true(sg_coinworld_is_shared(told->tx.kind) || coin->owner == told->spenders[0]);
        coin->spent = true;
        sat += coin->sat;
    }
    return sat;
}

static uint64_t pay(struct oracle_chain *chain, const struct sg_btc_tx *tx,
                    const struct oracle_told *told)
{
    uint64_t sat = 0;
    for (size_t i = 0; i < tx->n_out; i++) {
        const struct sg_btc_out *out = &chain->block.outs[tx->first_out + i];
        const uint32_t owner = told->outs[i].owner;
        struct oracle_coin *coin = coin_at(chain, tx->txid, (uint32_t)i);
        sat += out->sat;
        if (owner == SG_COINWORLD_NOBODY) {
            assert_true(out->sat == 0 && out->script[0] == 0x6a);
            continue;
        }
        const struct oracle_script *script = script_at(chain, out->script, out->script_size);
        assert_true(script->size && script->owner == owner && !coin->used);
        *coin = (struct oracle_coin){.n = (uint32_t)i, .owner = owner, .sat = out->sat};
        memcpy(coin->txid, tx->txid, SG_BTC_HASH);
        coin->used = true;
    }
    return sat;
}

static struct oracle_theft *theft_of(struct oracle_chain *chain, uint32_t owner)
{
    const uint32_t number = owner - chain->first_thief;
    return owner >= chain->first_thief && number < chain->n_thieves ? &chain->thefts[number] : NULL;
}

/* What a thief brought into a round less what came out of it. */
static void book_round(struct oracle_chain *chain, const struct sg_btc_tx *tx,
                       const struct oracle_told *told)
{
    for (size_t i = 0; i < tx->n_in; i++) {
        const struct sg_btc_in *in = &chain->block.ins[tx->first_in + i];
        struct oracle_theft *theft = theft_of(chain, told->spenders[i]);
        if (theft)
            theft->mix_fees += coin_at(chain, in->txid, in->index)->sat;
    }
    for (size_t i = 0; i < tx->n_out; i++) {
        struct oracle_theft *theft = theft_of(chain, told->outs[i].owner);
        if (theft)
            theft->mix_fees -= chain->block.outs[tx->first_out + i].sat;
    }
}

/* What others pay to a thief, and what a thief pays to others. */
static void book_alone(struct oracle_chain *chain, const struct sg_btc_tx *tx,
                       const struct oracle_told *told)
{
    struct oracle_theft *payer = told->tx.n_spenders ? theft_of(chain, told->spenders[0]) : NULL;
    for (size_t i = 0; i < tx->n_out; i++) {
        const uint64_t sat = chain->block.outs[tx->first_out + i].sat;
        const uint32_t owner = told->outs[i].owner;
        struct oracle_theft *payee = theft_of(chain, owner);
        if (payee && payer != payee)
            *(told->tx.kind == SG_COINWORLD_DUST ? &payee->stray_in : &payee->stolen) += sat;
        if (payer && told->tx.kind == SG_COINWORLD_TX0 && !payee)
            payer->fees += sat; /* the coordinator's */
        else if (payer && !payee && owner < ORACLE_NAMED)
            payer->paid[owner] += sat;
    }
    if (payer)
        payer->fees += told->tx.fee_sat;
}

static void take_tx(struct oracle_chain *chain, size_t t, uint64_t *fees, uint64_t *claimed)
{
    const struct sg_btc_tx *tx = &chain->block.txs[t];
    /* The coinbase is made last, and told last. */
    const struct oracle_told *told = &chain->told[t ? t - 1 : chain->n_told - 1];
    assert_memory_equal(tx->txid, told->tx.txid, SG_BTC_HASH);
    assert_int_equal(tx->n_out, told->tx.n_outs);
    if (t == 0) {
        assert_int_equal(told->tx.kind, SG_COINWORLD_COINBASE);
        *claimed = pay(chain, tx, told);
        return;
    }
    assert_int_equal(tx->n_in, told->tx.n_spenders);
    const uint64_t in = spend(chain, tx, told), out = pay(chain, tx, told);
    assert_true(in >= out && in - out == told->tx.fee_sat);
    *fees += in - out;
    chain->n_txs++;
    chain->n_shared += sg_coinworld_is_shared(told->tx.kind);
    if (sg_coinworld_is_shared(told->tx.kind))
        book_round(chain, tx, told);
    else
        book_alone(chain, tx, told);
}

void oracle_chain_block(struct oracle_chain *chain, const uint8_t *bytes, size_t size)
{
    struct sg_reader r;
    struct sg_err err;
    uint64_t fees = 0, claimed = 0;
    sg_reader_init(&r, bytes, size);
    CHECK_OK(sg_btc_block_read(&chain->block, &r, &err), &err);
    assert_int_equal(sg_reader_left(&r), 0);
    CHECK_OK(sg_btc_block_check(&chain->block, true, &err), &err);
    assert_memory_equal(chain->block.header.previous, chain->previous, SG_BTC_HASH);
    assert_int_equal(chain->block.n_txs, chain->n_told);
    for (size_t t = 0; t < chain->block.n_txs; t++)
        take_tx(chain, t, &fees, &claimed);
    const uint64_t halvings = chain->height / 150;
    assert_true(claimed == fees + (halvings < 64 ? (uint64_t)5000000000 >> halvings : 0));
    memcpy(chain->previous, chain->block.header.hash, SG_BTC_HASH);
    chain->height++;
    chain->n_told = 0;
    sg_sha256_update(chain->sha256, bytes, size);
}

void oracle_chain_end(struct oracle_chain *chain)
{
    for (size_t i = 0; i <= chain->mask; i++) {
        const struct oracle_coin *coin = &chain->coins[i];
        struct oracle_theft *theft = coin->used ? theft_of(chain, coin->owner) : NULL;
        if (theft && !coin->spent)
            theft->unspent += coin->sat;
    }
}

void oracle_chain_close(struct oracle_chain *chain)
{
    sg_btc_block_clear(&chain->block);
    sg_mem_free(chain->coins);
    sg_mem_free(chain->scripts);
    sg_mem_free(chain->told);
    sg_sha256_free(chain->sha256);
}
