#include "bitcoin_world.h"

#include "base/digest.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COINS_MAX   20000
#define FIRST_COINS 8000
#define TXS         2000
#define BITS        0x207fffff
#define FEE_SAT     10
#define BLOCK_MAX   ((size_t)4 * 1024 * 1024)

static void put(struct sg_buf *out, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sg_buf_putc(out, (char)(value >> 8 * i));
}

static void put_noise(struct world *w, struct sg_buf *out, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        const uint64_t noise = sg_rng_next(&w->rng);
        sg_buf_append(out, &noise, n - i < 8 ? n - i : 8);
    }
}

/* A script of 22 or 25 bytes: nine owners in ten have the newer form. */
static void put_script(struct world *w, struct sg_buf *out)
{
    const bool known = w->n_owners && sg_rng_below(&w->rng, 3) == 0;
    const uint64_t who = known ? sg_rng_below(&w->rng, w->n_owners) : w->n_owners++;
    const uint64_t spread = who * 0x9e3779b97f4a7c15;
    const bool old = spread >> 32 & 1 && spread >> 33 & 1;
    sg_buf_append(out, old ? "\x19\x76\xa9\x14" : "\x16\x00\x14", old ? 4 : 3);
    put(out, spread, 8);
    put(out, who, 8);
    put(out, 0, 4);
    if (old)
        sg_buf_append(out, "\x88\xac", 2);
}

static void put_count(struct sg_buf *out, size_t n)
{
    if (n >= 0xfd)
        put(out, 0xfd, 1);
    put(out, n, n < 0xfd ? 1 : 2);
}

static void put_outs(struct world *w, struct sg_buf *out, size_t n, uint64_t each)
{
    for (size_t i = 0; i < n; i++) {
        put(out, each, 8);
        put_script(w, out);
    }
}

/* Which coins are spent; they are gone then. */
static uint64_t put_ins(struct world *w, struct sg_buf *out, bool witness)
{
    uint64_t sum = 0;
    put(out, 2, 1);
    for (int i = 0; i < 2; i++) {
        const size_t at = sg_rng_below(&w->rng, w->n_coins);
        sg_buf_append(out, w->coins[at].txid, SG_BTC_HASH);
        put(out, w->coins[at].index, 4);
        put(out, witness ? 0 : 107, 1);
        put_noise(w, out, witness ? 0 : 107);
        put(out, UINT32_MAX, 4);
        sum += w->coins[at].sat;
        w->coins[at] = w->coins[--w->n_coins];
    }
    return sum;
}

static void put_witness(struct world *w, struct sg_buf *out)
{
    for (int i = 0; i < 2; i++) {
        sg_buf_append(out, "\x02\x48", 2);
        put_noise(w, out, 72);
        put(out, 33, 1);
        put_noise(w, out, 33);
    }
}

/* New coins wait until the block is done, so that none is spent in it. */
static void add_coins(struct world *w, struct world_coin *made, size_t *n_made, size_t n,
                      uint64_t each, const uint8_t txid[SG_BTC_HASH])
{
    for (size_t i = 0; i < n && w->n_coins + *n_made < COINS_MAX; i++) {
        struct world_coin *coin = &made[(*n_made)++];
        *coin = (struct world_coin){.index = (uint32_t)i, .sat = each};
        memcpy(coin->txid, txid, SG_BTC_HASH);
    }
}

static void identify(uint8_t txid[SG_BTC_HASH], uint8_t wtxid[SG_BTC_HASH],
                     const struct sg_buf *out, size_t from, size_t witness_at, bool witness)
{
    const uint8_t *bytes = (const uint8_t *)out->data + from;
    const size_t size = out->size - from;
    const struct sg_sha256_part whole = {bytes, size};
    const struct sg_sha256_part parts[] = {
        {bytes, 4}, {bytes + 6, witness_at - from - 6}, {bytes + size - 4, 4}};
    sg_sha256d(wtxid, &whole, 1);
    if (witness)
        sg_sha256d(txid, parts, 3);
    else
        memcpy(txid, wtxid, SG_BTC_HASH);
}

static void fold(uint8_t (*level)[SG_BTC_HASH], size_t n)
{
    for (; n > 1; n = (n + 1) / 2) {
        memcpy(level[n], level[n - 1], SG_BTC_HASH);
        sg_sha256d_pairs(level[0], level[0], (n + 1) / 2);
    }
}

static void put_coinbase(struct world *w, struct sg_buf *out, size_t n_outs, uint64_t each,
                         const uint8_t *commitment)
{
    put(out, 2, 4);
    sg_buf_append(out, "\x00\x01\x01", 3); /* marker, flag, one input */
    for (int i = 0; i < SG_BTC_HASH; i++)
        sg_buf_putc(out, 0);
    put(out, UINT32_MAX, 4);
    put(out, 5, 1);
    put(out, 4, 1);
    put(out, w->height, 4);
    put(out, UINT32_MAX, 4);
    put_count(out, n_outs + 1);
    put_outs(w, out, n_outs, each);
    put(out, 0, 8);
    sg_buf_append(out, "\x26\x6a\x24\xaa\x21\xa9\xed", 7);
    sg_buf_append(out, commitment, SG_BTC_HASH);
    sg_buf_append(out, "\x01\x20", 2);
    for (int i = 0; i < SG_BTC_HASH; i++)
        sg_buf_putc(out, 0);
    put(out, 0, 4);
}

static void mine(struct world *w, const uint8_t root[SG_BTC_HASH])
{
    struct sg_buf *out = &w->block;
    const struct sg_sha256_part header = {out->data, SG_BTC_HEADER};
    memcpy(out->data + 36, root, SG_BTC_HASH);
    do {
        out->data[76]++;
        sg_sha256d(w->previous, &header, 1);
    } while (!sg_btc_hash_meets(w->previous, BITS));
}

static void put_header(struct world *w)
{
    struct sg_buf *out = &w->block;
    sg_buf_reset(out);
    put(out, 4, 4);
    sg_buf_append(out, w->previous, SG_BTC_HASH);
    for (int i = 0; i < SG_BTC_HASH; i++)
        sg_buf_putc(out, 0);
    put(out, 1600000000 + 600 * (uint64_t)w->height, 4);
    put(out, BITS, 4);
    put(out, 0, 4);
}

void world_begin(struct world *world, const uint8_t previous[SG_BTC_HASH], uint32_t height)
{
    *world = (struct world){
        .height = height, .body = SG_BUF_INIT(BLOCK_MAX), .block = SG_BUF_INIT(BLOCK_MAX)};
    memcpy(world->previous, previous, SG_BTC_HASH);
    sg_rng_init(&world->rng, 1);
    world->coins = sg_mem_alloc(2 * (size_t)COINS_MAX, sizeof(*world->coins));
    if (!world->coins)
        exit(1);
}

void world_end(struct world *world)
{
    sg_mem_free(world->coins);
    sg_buf_clear(&world->body);
    sg_buf_clear(&world->block);
}

/* The payments of a block, their ids from 1 on. Returns how many there are behind the coinbase. */
static size_t pay(struct world *w, struct world_coin *made, size_t *n_made,
                  uint8_t (*txids)[SG_BTC_HASH], uint8_t (*wtxids)[SG_BTC_HASH])
{
    struct sg_buf *out = &w->body;
    size_t n = 0;
    for (; n < TXS && w->n_coins >= 2; n++) {
        const bool witness = sg_rng_below(&w->rng, 4) != 0;
        const size_t from = out->size;
        put(out, 2, 4);
        if (witness)
            sg_buf_append(out, "\x00\x01", 2);
        const uint64_t sum = put_ins(w, out, witness);
        const uint64_t each = sum > FEE_SAT ? (sum - FEE_SAT) / 2 : 0;
        put_count(out, 2);
        put_outs(w, out, 2, each);
        const size_t witness_at = out->size;
        if (witness)
            put_witness(w, out);
        put(out, 0, 4);
        identify(txids[n + 1], wtxids[n + 1], out, from, witness_at, witness);
        add_coins(w, made, n_made, 2, each, txids[n + 1]);
    }
    return n;
}

void world_next(struct world *w)
{
    static uint8_t txids[TXS + 2][SG_BTC_HASH], wtxids[TXS + 2][SG_BTC_HASH];
    uint8_t commitment[SG_BTC_HASH], scratch[SG_BTC_HASH];
    static const uint8_t zero[SG_BTC_HASH] = {0};
    struct world_coin *made = w->coins + COINS_MAX;
    size_t n_made = 0;
    sg_buf_reset(&w->body);
    const bool first = w->n_coins == 0;
    const size_t n = 1 + pay(w, made, &n_made, txids, wtxids), n_outs = first ? FIRST_COINS : 300;
    const uint64_t each = 1000000000 / n_outs;
    memset(wtxids[0], 0, SG_BTC_HASH);
    fold(wtxids, n);
    const struct sg_sha256_part parts[] = {{wtxids[0], SG_BTC_HASH}, {zero, SG_BTC_HASH}};
    sg_sha256d(commitment, parts, 2);
    put_header(w);
    put_count(&w->block, n);
    const size_t from = w->block.size;
    put_coinbase(w, &w->block, n_outs, each, commitment);
    identify(txids[0], scratch, &w->block, from, w->block.size - 38, true);
    add_coins(w, made, &n_made, n_outs, each, txids[0]);
    sg_buf_append(&w->block, w->body.data ? w->body.data : "", w->body.size);
    fold(txids, n);
    mine(w, txids[0]);
    memcpy(w->coins + w->n_coins, made, n_made * sizeof(*made));
    w->n_coins += n_made;
    w->height++;
    if (w->block.failed) {
        fprintf(stderr, "bench_bitcoin: a block grew too large\n");
        exit(1);
    }
}
