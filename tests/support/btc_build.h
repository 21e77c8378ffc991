/** Blocks made by the test: transactions of given inputs and outputs, mined at regtest's
 * difficulty. */
#ifndef SG_TESTS_SUPPORT_BTC_BUILD_H
#define SG_TESTS_SUPPORT_BTC_BUILD_H

#include "base/buf.h"
#include "formats/bitcoin/bitcoin.h"

#define BUILD_TXS_MAX 16
#define BUILD_COIN    100000000u

struct build_in {
    uint8_t txid[SG_BTC_HASH];
    uint32_t index;
};

/** `who` is a byte that names the payee: its script is P2WPKH of twenty such bytes; 0 is OP_RETURN.
 */
struct build_out {
    uint64_t sat;
    uint8_t who;
};

struct build_block {
    struct sg_buf bytes;              /**< the block when it is mined */
    struct sg_buf txs[BUILD_TXS_MAX]; /**< serialised */
    uint8_t txids[BUILD_TXS_MAX][SG_BTC_HASH];
    size_t n_txs;
    uint8_t hash[SG_BTC_HASH];
};

/** Begin with a coinbase that pays `sat`; `height` and `salt` make it unlike others. */
void build_begin(struct build_block *block, uint32_t height, uint64_t sat, uint8_t who,
                 uint8_t salt);

/** Add a transaction; its id is block->txids[block->n_txs - 1]. */
void build_tx(struct build_block *block, const struct build_in *ins, size_t n_ins,
              const struct build_out *outs, size_t n_outs);

/** The input that spends output `index` of transaction `tx` of a block. */
struct build_in build_spend(const struct build_block *block, size_t tx, uint32_t index);

/** Merkle root and nonce; the previous hash, or NULL for the first block. */
void build_mine(struct build_block *block, const uint8_t *previous);
void build_clear(struct build_block *block);

/** Append the block to a blk file: magic of regtest, size, bytes. */
void build_frame(struct sg_buf *file, const struct build_block *block);

#endif
