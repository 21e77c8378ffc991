/** Transactions and blocks as Bitcoin Core's RPC prints them: getrawtransaction with verbosity 1 or
 * 2, getblock with verbosity 2 or 3, of old versions ("addresses") and new ones ("address"). Only
 * what the chain itself says is read (hashes, places, values, scripts); types and addresses that
 * the node derived are not believed but derived again.
 *
 *  Values stand there in whole coins. They are read exactly, in the form 0.00001000 and in the form
 *  1e-05 that other programs write.
 */
#ifndef SG_FORMATS_COREJSON_H
#define SG_FORMATS_COREJSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "formats/bitcoin/bitcoin.h"
#include "formats/json/json_tree.h"

struct sg_core_tx {
    uint8_t txid[SG_BTC_HASH];
    struct sg_btc_in *ins; /**< scripts and witnesses are left out */
    struct sg_btc_out *outs;
    struct sg_btc_out
        *spent; /**< n_in: what each input spends ("prevout"); script NULL: not said */
    size_t n_in, n_out;
    size_t n_spent; /**< inputs that say what they spend */
    uint32_t locktime;
    bool coinbase;
};

/** A line or document with one transaction; one that stands in "result" or "tx" is found there.
 *  Out: tx   lives in the arena.
 *  Errors: SG_EPARSE (the sentence names the field), SG_ELIMIT (nesting), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_core_tx_parse(struct sg_core_tx *tx, struct sg_arena *arena,
                                              const char *bytes, size_t size, struct sg_err *err);

/** The same from a tree. */
SG_MUST_CHECK enum sg_status sg_core_tx_from(struct sg_core_tx *tx, struct sg_arena *arena,
                                             const struct sg_json_node *object, struct sg_err *err);

/** A block of getblock with verbosity 2 or 3 as the bytes that it was: from each transaction's
 * "hex" where that is there, else from its fields. Who reads the bytes checks them as any block.
 *  Out: raw   appended to; its max is the limit of a block.
 *  Errors: SG_EPARSE (a field is missing; the transactions are only named), SG_ELIMIT, SG_ENOMEM.
 */
SG_MUST_CHECK enum sg_status sg_core_block_bytes(struct sg_buf *raw, struct sg_arena *arena,
                                                 const char *text, size_t size, struct sg_err *err);

/** Whole coins to satoshis: digits, a point, an exponent; no sign before the number.
 *  Errors: SG_EPARSE (no number, a part of a satoshi, above 2^63). */
SG_MUST_CHECK enum sg_status sg_core_value(uint64_t *sat, const char *text, size_t size,
                                           struct sg_err *err);

#endif
