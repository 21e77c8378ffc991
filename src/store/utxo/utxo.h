/** The ledger of a chain of outputs: blocks, transactions, inputs, outputs and owners as plain
 * columns.
 *
 *  Rows are in the order of the chain, so a row's number is its time order: transaction t has the
 *  inputs [first_in(t), first_in(t + 1)) and the outputs alike. A coinbase has no inputs. All of a
 *  chain is in memory while it is open, which is what the analyses want; on disk it is one LMDB
 * file, DIR/<network>/utxo.mdb, written in one durable step (docs/formats/utxo.md).
 *
 *  Threads: an open chain may be read by many; adding and saving is for one.
 */
#ifndef SG_STORE_UTXO_H
#define SG_STORE_UTXO_H

#include "base/status.h"
#include "formats/bitcoin/bitcoin.h"
#include "formats/bitcoin/btc_params.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** No row: an output that nothing spends, an input whose output is not in the ledger. */
#define SG_UTXO_NONE UINT64_MAX

/** No owner: OP_RETURN, or an empty script. */
#define SG_UTXO_NOBODY UINT32_MAX

struct sg_utxo_block {
    uint8_t hash[SG_BTC_HASH], previous[SG_BTC_HASH];
    uint64_t height;
    uint64_t first_tx;
    uint32_t time, bits;
    uint32_t n_txs;
    uint32_t size; /**< bytes; 0 where only its JSON was seen */
};

struct sg_utxo_tx {
    uint8_t txid[SG_BTC_HASH];
    uint64_t first_in, first_out;
    uint32_t block;
    uint32_t locktime;
};

/** An input whose output is not in the ledger. */
struct sg_utxo_missing {
    uint8_t txid[SG_BTC_HASH];
    uint64_t in;
    uint32_t index;
    uint32_t unused;
};

/** An output that nobody can spend: how long its script is, OP_RETURN and what follows. */
struct sg_utxo_data {
    uint64_t out;
    uint32_t size;
    uint32_t unused;
};

/** A block that was seen and is not part of the chain. */
enum sg_utxo_aside_why {
    SG_UTXO_STALE,  /**< another branch has more work */
    SG_UTXO_ORPHAN, /**< its parent never came */
    SG_UTXO_INVALID /**< what it says is not so */
};
struct sg_utxo_aside {
    uint8_t hash[SG_BTC_HASH], previous[SG_BTC_HASH];
    uint32_t why, bits;
};

/** A growing array that is one table on disk. */
struct sg_utxo_column {
    void *rows;
    size_t n, capacity;
    size_t width;  /**< bytes a row */
    size_t n_kept; /**< rows from the first on that are on disk as they are here */
};

enum sg_utxo_column_id {
    SG_UTXO_BLOCKS,      /**< struct sg_utxo_block */
    SG_UTXO_TXS,         /**< struct sg_utxo_tx, and one more behind the last */
    SG_UTXO_INS,         /**< uint64_t: the output spent, or SG_UTXO_NONE */
    SG_UTXO_OUT_SAT,     /**< uint64_t */
    SG_UTXO_OUT_OWNER,   /**< uint32_t */
    SG_UTXO_OWNER_END,   /**< uint64_t: where an owner's script ends in the bytes */
    SG_UTXO_OWNER_BYTES, /**< the scripts, one behind the other */
    SG_UTXO_MISSING,     /**< struct sg_utxo_missing */
    SG_UTXO_ASIDE,       /**< struct sg_utxo_aside */
    SG_UTXO_DATA         /**< struct sg_utxo_data, in the order of outputs */
};
#define SG_UTXO_COLUMNS ((size_t)SG_UTXO_DATA + 1)

struct sg_utxo {
    const struct sg_btc_params *params;
    struct sg_utxo_column columns[SG_UTXO_COLUMNS];
    uint64_t *spender; /**< input that spends each output, or SG_UTXO_NONE; not on disk */
    size_t cap_spender;
    uint64_t generation;     /**< of saves */
    uint64_t n_reused_txids; /**< BIP-30: a txid that was there before, its unspent outputs lost */
    struct sg_utxo_dict *txids, *owners; /**< hash -> row */
};

/** Open a chain of a ledger, or begin an empty one if `create` and there is none.
 *  Errors: SG_ENOTFOUND, SG_EIO, SG_ECORRUPT, SG_EVERSION, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_open(struct sg_utxo *utxo, const char *dir,
                                          const struct sg_btc_params *params, bool create,
                                          struct sg_err *err);

/** Begin an empty chain in memory. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_new(struct sg_utxo *utxo, const struct sg_btc_params *params,
                                         struct sg_err *err);

/** Write what changed: all or nothing. Errors: SG_EIO, SG_EBUSY, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_save(struct sg_utxo *utxo, const char *dir,
                                          struct sg_err *err);
void sg_utxo_close(struct sg_utxo *utxo);

/** Whether a ledger holds this chain. */
bool sg_utxo_exists(const char *dir, const struct sg_btc_params *params);

/** Append a block, which must have passed sg_btc_block_check or come from a source that checks.
 *  Each input is joined to its output; an output that is spent twice, money from nothing, and a
 *  coinbase that claims too much are refused, and the chain is as before.
 *  Errors: SG_EPARSE (the sentence says which transaction), SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_append(struct sg_utxo *utxo, const struct sg_btc_block *block,
                                            uint64_t height, uint32_t size, struct sg_err *err);

/** Drop all blocks from this row on. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_rollback(struct sg_utxo *utxo, size_t n_blocks,
                                              struct sg_err *err);

/** Note a block that is not part of the chain. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxo_set_aside(struct sg_utxo *utxo,
                                               const struct sg_btc_header *header,
                                               enum sg_utxo_aside_why why, struct sg_err *err);

/** Keep only the blocks aside that `keep` says yes to. */
void sg_utxo_filter_aside(struct sg_utxo *utxo,
                          bool (*keep)(void *ctx, const struct sg_utxo_aside *row), void *ctx);

/** Counts of rows. */
static inline size_t sg_utxo_n(const struct sg_utxo *utxo, enum sg_utxo_column_id column)
{
    return utxo->columns[column].n;
}
static inline size_t sg_utxo_n_txs(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_TXS].n - 1;
}

/** Rows, borrowed until the chain changes. */
static inline const struct sg_utxo_block *sg_utxo_blocks(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_BLOCKS].rows;
}
static inline const struct sg_utxo_tx *sg_utxo_txs(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_TXS].rows;
}
static inline const uint64_t *sg_utxo_ins(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_INS].rows;
}
static inline const uint64_t *sg_utxo_out_sat(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_OUT_SAT].rows;
}
static inline const uint32_t *sg_utxo_out_owner(const struct sg_utxo *utxo)
{
    return utxo->columns[SG_UTXO_OUT_OWNER].rows;
}

/** Bytes that sg_utxo_coin gives of an OP_RETURN at most. */
#define SG_UTXO_DATA_SHOWN 128

/** An output as a block has it, but for what the ledger does not keep: of OP_RETURN the bytes
 * behind it are zeros, as many as there were and no more than SG_UTXO_DATA_SHOWN in all; a bare
 * key's script is that of its hash. Borrowed. */
struct sg_btc_out sg_utxo_coin(const struct sg_utxo *utxo, uint64_t out);

/** Find a transaction by its id; of two with one id the later. SG_UTXO_NONE: not there. */
uint64_t sg_utxo_find_tx(const struct sg_utxo *utxo, const uint8_t txid[SG_BTC_HASH]);

/** The transaction that an input or an output is part of: a binary search. */
uint64_t sg_utxo_tx_of_in(const struct sg_utxo *utxo, uint64_t in);
uint64_t sg_utxo_tx_of_out(const struct sg_utxo *utxo, uint64_t out);

/** Find an owner by a script; SG_UTXO_NOBODY: not there. */
uint32_t sg_utxo_find_owner(const struct sg_utxo *utxo, const uint8_t *script, size_t size);

/** The script of an owner, borrowed: a bare key's is that of its hash, so that one key is one owner
 *  however it is paid. */
const uint8_t *sg_utxo_owner_script(size_t *size, const struct sg_utxo *utxo, uint32_t owner);

#endif
