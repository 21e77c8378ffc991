#include "support/btc_build.h"

#include "base/digest.h"

#include <assert.h>
#include <string.h>

#define BITS 0x207fffffu

static void put(struct sg_buf *buf, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        sg_buf_putc(buf, (char)(uint8_t)(value >> (8 * i)));
}

static void put_out(struct sg_buf *buf, const struct build_out *out)
{
    put(buf, out->sat, 8);
    if (!out->who) {
        sg_buf_append(buf, "\x02\x6a\x00", 3);
        return;
    }
    sg_buf_append(buf, "\x16\x00\x14", 3);
    for (int i = 0; i < 20; i++)
        sg_buf_putc(buf, (char)out->who);
}

static void end_tx(struct build_block *block)
{
    struct sg_buf *tx = &block->txs[block->n_txs];
    put(tx, 0, 4);
    assert(!tx->failed);
    const struct sg_sha256_part whole = {tx->data, tx->size};
    sg_sha256d(block->txids[block->n_txs++], &whole, 1);
}

static struct sg_buf *begin_tx(struct build_block *block, size_t n_ins)
{
    assert(block->n_txs < BUILD_TXS_MAX && n_ins < 0xfd);
    struct sg_buf *tx = &block->txs[block->n_txs];
    *tx = (struct sg_buf)SG_BUF_INIT((size_t)1 << 20);
    put(tx, 1, 4);
    put(tx, n_ins, 1);
    return tx;
}

void build_begin(struct build_block *block, uint32_t height, uint64_t sat, uint8_t who,
                 uint8_t salt)
{
    const struct build_out out = {sat, who};
    *block = (struct build_block){.bytes = SG_BUF_INIT((size_t)1 << 24)};
    struct sg_buf *tx = begin_tx(block, 1);
    for (int i = 0; i < SG_BTC_HASH; i++)
        put(tx, 0, 1);
    put(tx, UINT32_MAX, 4);
    put(tx, 5, 1);
    put(tx, 3, 1);
    put(tx, height, 3);
    put(tx, salt, 1);
    put(tx, UINT32_MAX, 4);
    put(tx, 1, 1);
    put_out(tx, &out);
    end_tx(block);
}

void build_tx(struct build_block *block, const struct build_in *ins, size_t n_ins,
              const struct build_out *outs, size_t n_outs)
{
    struct sg_buf *tx = begin_tx(block, n_ins);
    for (size_t i = 0; i < n_ins; i++) {
        sg_buf_append(tx, ins[i].txid, SG_BTC_HASH);
        put(tx, ins[i].index, 4);
        put(tx, 0, 1);
        put(tx, UINT32_MAX, 4);
    }
    assert(n_outs < 0xfd);
    put(tx, n_outs, 1);
    for (size_t i = 0; i < n_outs; i++)
        put_out(tx, &outs[i]);
    end_tx(block);
}

struct build_in build_spend(const struct build_block *block, size_t tx, uint32_t index)
{
    struct build_in in = {.index = index};
    memcpy(in.txid, block->txids[tx], SG_BTC_HASH);
    return in;
}

static void merkle_root(uint8_t root[SG_BTC_HASH], const struct build_block *block)
{
    uint8_t level[BUILD_TXS_MAX][SG_BTC_HASH];
    memcpy(level, block->txids, sizeof(level));
    for (size_t n = block->n_txs; n > 1; n = (n + 1) / 2)
        for (size_t i = 0; i < n; i += 2) {
            const struct sg_sha256_part pair[] = {{level[i], SG_BTC_HASH},
                                                  {level[i + 1 < n ? i + 1 : i], SG_BTC_HASH}};
            uint8_t hash[SG_BTC_HASH];
            sg_sha256d(hash, pair, 2);
            memcpy(level[i / 2], hash, SG_BTC_HASH);
        }
    memcpy(root, level[0], SG_BTC_HASH);
}

void build_mine(struct build_block *block, const uint8_t *previous)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    uint8_t root[SG_BTC_HASH];
    struct sg_buf *out = &block->bytes;
    merkle_root(root, block);
    sg_buf_reset(out);
    put(out, 2, 4);
    sg_buf_append(out, previous ? previous : nothing, SG_BTC_HASH);
    sg_buf_append(out, root, SG_BTC_HASH);
    put(out, 1600000000, 4);
    put(out, BITS, 4);
    put(out, 0, 4);
    const struct sg_sha256_part header = {out->data, SG_BTC_HEADER};
    do {
        out->data[76]++;
        sg_sha256d(block->hash, &header, 1);
    } while (!sg_btc_hash_meets(block->hash, BITS));
    put(out, block->n_txs, 1);
    for (size_t i = 0; i < block->n_txs; i++)
        sg_buf_append(out, block->txs[i].data, block->txs[i].size);
    assert(!out->failed);
}

void build_clear(struct build_block *block)
{
    sg_buf_clear(&block->bytes);
    for (size_t i = 0; i < block->n_txs; i++)
        sg_buf_clear(&block->txs[i]);
}

void build_frame(struct sg_buf *file, const struct build_block *block)
{
    sg_buf_append(file, "\xfa\xbf\xb5\xda", 4);
    put(file, block->bytes.size, 4);
    sg_buf_append(file, block->bytes.data, block->bytes.size);
    assert(!file->failed);
}
