/** Blocks and transactions of Bitcoin and of chains with its format, read from borrowed bytes.
 *
 *  A block is kept as three flat arrays (transactions, inputs, outputs) that are reused from block
 * to block, so that reading costs no allocation once they have grown. Scripts and witnesses point
 * into the bytes, which must outlive the block. Hashes are in the order in which they are computed;
 * text shows them reversed (sg_btc_hash_text).
 *
 *  Sources: the protocol documentation of Bitcoin, BIP-141 (witness, its commitment), BIP-144 (the
 *  form with witness).
 */
#ifndef SG_FORMATS_BITCOIN_H
#define SG_FORMATS_BITCOIN_H

#include "base/amount.h"
#include "base/reader.h"
#include "base/status.h"

#define SG_BTC_HASH          32
#define SG_BTC_HASH_TEXT_MAX (2 * SG_BTC_HASH + 1)
#define SG_BTC_HEADER        80
#define SG_BTC_DECIMALS      8

/** A serialised block. Bitcoin allows 4,000,000 bytes; the room is for its relatives. */
#define SG_BTC_BLOCK_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct sg_btc_out {
    uint64_t sat;          /**< as written; above 2^63 it is a negative number there */
    const uint8_t *script; /**< borrowed */
    size_t script_size;
};

struct sg_btc_in {
    uint8_t txid[SG_BTC_HASH]; /**< transaction of the output that is spent; zeros in a coinbase */
    uint32_t index;            /**< of that output; 0xffffffff in a coinbase */
    uint32_t sequence;
    const uint8_t *script; /**< borrowed */
    size_t script_size;
    const uint8_t *witness; /**< its items, each with its length before it; NULL without */
    size_t witness_size;    /**< bytes of them */
    uint32_t n_witness;     /**< items */
};

struct sg_btc_tx {
    uint8_t txid[SG_BTC_HASH];
    uint8_t wtxid[SG_BTC_HASH]; /**< equal to txid where there is no witness */
    int32_t version;
    uint32_t locktime;
    size_t offset, size;     /**< where it stands in the reader's bytes */
    size_t witness_at;       /**< where its witnesses begin, from its offset */
    size_t first_in, n_in;   /**< in sg_btc_block.ins */
    size_t first_out, n_out; /**< in sg_btc_block.outs */
    bool has_witness;
    bool is_hogex; /**< Litecoin: it carries the money of the extension block in and out */
};

struct sg_btc_header {
    uint8_t hash[SG_BTC_HASH];
    uint8_t previous[SG_BTC_HASH];
    uint8_t merkle_root[SG_BTC_HASH];
    int32_t version;
    uint32_t time, bits, nonce;
};

struct sg_btc_block {
    struct sg_btc_header header;
    struct sg_btc_tx *txs;
    struct sg_btc_in *ins;
    struct sg_btc_out *outs;
    size_t n_txs, n_ins, n_outs;
    size_t cap_txs, cap_ins, cap_outs;
    uint8_t *hashes; /**< room for the levels of a merkle tree */
    size_t cap_hashes;
    bool may_extend;       /**< set by the caller: Litecoin's extension blocks are expected */
    size_t extension_size; /**< bytes of it behind the transactions, not read; 0: none */
};

#define SG_BTC_BLOCK_INIT                                                                          \
    {                                                                                              \
        .txs = NULL                                                                                \
    }

/** Release the arrays; the block may be used again. */
void sg_btc_block_clear(struct sg_btc_block *block);

/** A length in the form of 1, 3, 5 or 9 bytes. One that is longer than needed fails the reader, as
 *  Bitcoin's own nodes refuse it. */
uint64_t sg_btc_length(struct sg_reader *r);

/** Read 80 bytes. Errors: SG_EPARSE (fewer are left). */
SG_MUST_CHECK enum sg_status sg_btc_header_read(struct sg_btc_header *header, struct sg_reader *r,
                                                struct sg_err *err);

/** Read one transaction behind those that the block holds.
 *  Errors: SG_EPARSE with the offset, the block as before; SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_btc_tx_read(struct sg_btc_block *block, struct sg_reader *r,
                                            struct sg_err *err);

/** Read a block; what the struct held is forgotten, its arrays are used again.
 *  Errors: SG_EPARSE with the offset, SG_ENOMEM. Bytes behind the block are left to the reader; but
 * where the last transaction is a HogEx they are the extension block (Litecoin's LIP-2 and LIP-3),
 * whose amounts are hidden by design: they are counted and skipped. */
SG_MUST_CHECK enum sg_status sg_btc_block_read(struct sg_btc_block *block, struct sg_reader *r,
                                               struct sg_err *err);

/** Whether the input creates money instead of spending an output. */
bool sg_btc_in_is_coinbase(const struct sg_btc_in *in);

/** Check what a block says about itself: the hash is below its target (where the network's work is
 *  that hash), the first transaction and no
 *  other is a coinbase, the merkle root is that of the transactions (and of no longer list that
 * hashes to the same, CVE-2012-2459), the witness commitment, where there is one, that of the
 * witnesses. Errors: SG_EPARSE (one sentence says which), SG_ENOMEM. Needs the block from
 * sg_btc_block_read. */
SG_MUST_CHECK enum sg_status sg_btc_block_check(struct sg_btc_block *block, bool sha256d_work,
                                                struct sg_err *err);

/** Hash `n` nodes of a merkle tree, n at least 1, into its root, in place: hashes[0..31]. True if
 *  two of a pair are equal without being the one node doubled at an odd end: then another list has
 *  the same root (CVE-2012-2459). */
bool sg_btc_merkle(uint8_t *hashes, size_t n);

/** Expected hashes to find a block with these bits: floor(2^256 / (target + 1)); at most 2^128 - 1,
 *  and 0 for bits that name no target. Not money: a number of 128 bits. */
sg_u128 sg_btc_work(uint32_t bits);

/** Whether the hash is at or below the target of these bits. */
bool sg_btc_hash_meets(const uint8_t hash[SG_BTC_HASH], uint32_t bits);

/** The hash as people write it: last byte first. Returns `text`. */
char *sg_btc_hash_text(char text[SG_BTC_HASH_TEXT_MAX], const uint8_t hash[SG_BTC_HASH]);

/** Read that form. False, and hash undefined, if it is not 64 hexadecimal digits. */
bool sg_btc_hash_parse(uint8_t hash[SG_BTC_HASH], const char *text, size_t size);

#endif
