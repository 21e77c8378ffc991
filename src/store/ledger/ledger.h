/** The ledger as analyses see it: one chain's transfers in canonical order, read-only.
 *
 *  A ledger directory holds one environment a chain. `struct sg_ledger` is an open snapshot of one
 *  of them behind a table of operations, so that another backend can serve the same analyses. All
 *  operations ask in batches: never one address a round trip. Ids are dense and hold for this
 *  snapshot; nothing outside may keep them.
 *
 *  Canonical order: (block, position in the block, position in the transaction). Row ids and
 *  transaction ids follow it, so an id is also a time order.
 *  Threads: a snapshot may be read from any number of threads at once.
 */
#ifndef SG_STORE_LEDGER_H
#define SG_STORE_LEDGER_H

#include "base/progress.h"
#include "formats/record/record.h"

#include <stddef.h>
#include <stdint.h>

struct sg_addr_id {
    uint32_t v;
};
struct sg_asset_id {
    uint32_t v; /**< 0 is the chain's native asset */
};
struct sg_tx_id {
    uint64_t v;
};

/** No such id; "no address" (a mint, a reward, an unknown payer). */
#define SG_ID_NONE    UINT32_MAX
#define SG_TX_ID_NONE UINT64_MAX

/** Kinds of rows, in their order within a transaction. */
enum sg_row_kind {
    SG_ROW_NATIVE = 0,   /**< the transaction's own value, or the top-level trace */
    SG_ROW_INTERNAL = 1, /**< native value moved by a contract */
    SG_ROW_TOKEN = 2,
    SG_ROW_REWARD = 3 /**< issued by the protocol */
};

#define SG_ROW_FAILED       1u /**< moves nothing: its transaction or call failed */
#define SG_ROW_CREATE       2u /**< creates the contract in `to` */
#define SG_ROW_OUT_OF_RANGE 4u /**< the amount needs more than 128 bits: shown, moves nothing */
#define SG_ROW_POS_KNOWN    8u /**< pos is the source's own; else the order in the file */

struct sg_row {
    uint64_t id;
    struct sg_tx_id tx;
    struct sg_addr_id from; /**< SG_ID_NONE where there is none */
    struct sg_addr_id to;
    struct sg_asset_id asset;
    uint32_t pos; /**< position in the transaction among rows of its kind: log index, trace order */
    uint8_t kind; /**< enum sg_row_kind */
    uint8_t flags; /**< SG_ROW_... */
    struct sg_amount amount;
};

#define SG_TX_FEE_KNOWN 1u
#define SG_TX_ORDER_UNKNOWN                                                                        \
    2u /**< the source gave no position in the block: file order is kept                           \
        */
#define SG_TX_HAS_HASH    4u
#define SG_TX_TRACED      8u /**< native rows come from full traces */
#define SG_TX_PRICE_KNOWN 16u

struct sg_tx {
    struct sg_tx_id id;
    uint64_t block;
    uint32_t index;           /**< position in the block, or SG_INDEX_UNKNOWN */
    uint8_t status;           /**< enum sg_tx_status */
    uint8_t flags;            /**< SG_TX_... */
    int64_t time_unix_s;      /**< or SG_TIME_UNKNOWN */
    struct sg_addr_id sender; /**< who pays the fee; SG_ID_NONE if no source says */
    struct sg_amount fee;     /**< native base units; zero unless SG_TX_FEE_KNOWN */
    uint64_t first_row;       /**< its rows are [first_row, first_row + n_rows) */
    uint32_t n_rows;
    uint8_t hash32[32];
    uint64_t gas_price; /**< native base units for one of gas, the least that a source told (what
                           was paid is never above what was bid); zero unless SG_TX_PRICE_KNOWN */
};

struct sg_asset {
    struct sg_address contract;     /**< size 0: the native asset */
    char symbol[SG_SYMBOL_MAX + 1]; /**< from outside: escape it; "" if unknown */
    uint8_t decimals;               /**< 0 and has_decimals false if unknown */
    bool has_decimals;
};

/** What was seen of an address, or of the whole chain. Bits of `kinds`: which rows are complete. */
#define SG_COVER_NATIVE   1u
#define SG_COVER_INTERNAL 2u
#define SG_COVER_TOKEN    4u

struct sg_coverage {
    struct sg_addr_id addr; /**< SG_ID_NONE: the whole chain */
    uint8_t kinds;          /**< SG_COVER_... */
    uint64_t first_block;   /**< inclusive */
    uint64_t last_block;    /**< inclusive */
};

struct sg_ledger_stats {
    uint64_t rows, txs, addresses, assets, bad_rows, files;
    uint64_t first_block, last_block; /**< 0 and 0 when empty */
    int64_t first_unix_s, last_unix_s;
    uint64_t order_unknown_txs;    /**< transactions without a position in their block */
    uint64_t order_unknown_blocks; /**< blocks with two or more of them */
    uint64_t generation;           /**< counts rebuilds */
    uint8_t state32[32]; /**< digest of the content, independent of how it was imported in time */
};

/** Columns that a scan can ask for. */
#define SG_COL_TX     1u
#define SG_COL_FROM   2u
#define SG_COL_TO     4u
#define SG_COL_ASSET  8u
#define SG_COL_AMOUNT 16u
#define SG_COL_META   32u  /**< kind, flags and pos */
#define SG_COL_FLAGS  64u  /**< flags alone */
#define SG_COL_MOVES  128u /**< of `expect`: what `moves` looks at */

/** Rows [first, first + count) as arrays of `count`; those not asked for are NULL. */
struct sg_row_span {
    uint64_t first;
    size_t count;
    const uint64_t *tx;
    const uint32_t *from, *to, *asset;
    const struct sg_amount *amount;
    const uint8_t *kind, *flags;
    const uint32_t *pos;
};

struct sg_ledger;

/** The table of a backend. `self` is the backend's own state. Each call may return SG_ENOMEM,
 * SG_EIO, SG_ECORRUPT; SG_ENOTFOUND only where said. */
struct sg_ledger_ops {
    /** Call visit for all rows that have one of the n addresses as from or to, and id >= after, in
     *  ascending row order, each row once. visit returns false to stop (still SG_OK). */
    enum sg_status (*rows_of)(void *self, const struct sg_addr_id *addrs, size_t n, uint64_t after,
                              bool (*visit)(void *ctx, const struct sg_row *row), void *ctx,
                              struct sg_err *err);
    /** rows[i] = row ids[i]; ids ascending, each below stats.rows. */
    enum sg_status (*rows)(void *self, struct sg_row *rows, const uint64_t *ids, size_t n,
                           struct sg_err *err);
    /** txs[i] = transaction ids[i]; ids ascending. */
    enum sg_status (*txs)(void *self, struct sg_tx *txs, const struct sg_tx_id *ids, size_t n,
                          struct sg_err *err);
    /** ids[i] = transaction with that hash, or SG_TX_ID_NONE. */
    enum sg_status (*find_txs)(void *self, struct sg_tx_id *ids, const uint8_t (*hash32)[32],
                               size_t n, struct sg_err *err);
    /** ids[i] = address, or SG_ID_NONE. */
    enum sg_status (*find_addrs)(void *self, struct sg_addr_id *ids, const struct sg_address *addrs,
                                 size_t n, struct sg_err *err);
    /** addrs[i] = bytes of ids[i]; SG_ID_NONE gives size 0. */
    enum sg_status (*addrs)(void *self, struct sg_address *addrs, const struct sg_addr_id *ids,
                            size_t n, struct sg_err *err);
    /** assets[i] = ids[i]. */
    enum sg_status (*assets)(void *self, struct sg_asset *assets, const struct sg_asset_id *ids,
                             size_t n, struct sg_err *err);
    /** All coverage of the n addresses and of the whole chain, in order of (addr, first_block);
     *  n = 0: everything there is. visit returns false to stop. */
    enum sg_status (*coverage)(void *self, const struct sg_addr_id *addrs, size_t n,
                               bool (*visit)(void *ctx, const struct sg_coverage *cover), void *ctx,
                               struct sg_err *err);
    /** Call visit with spans that together are rows [first, end), ascending; columns: SG_COL_... */
    enum sg_status (*scan)(void *self, uint64_t first, uint64_t end, unsigned columns,
                           bool (*visit)(void *ctx, const struct sg_row_span *span), void *ctx,
                           struct sg_err *err);
    /** moves[i] = row ids[i] moves something: it did not fail, and its amount is above zero and
     * fits 128 bits; ids ascending, each below stats.rows. Nothing else of the rows is read. */
    enum sg_status (*moves)(void *self, bool *moves, const uint64_t *ids, size_t n,
                            struct sg_err *err);
    /** Say that a scan of these rows comes soon, so that what of it is on a disk is read meanwhile.
     */
    void (*expect)(void *self, uint64_t first, uint64_t end, unsigned columns);
    void (*close)(void *self);
};

struct sg_ledger {
    const struct sg_ledger_ops *ops;
    void *self;
    const struct sg_chain *chain;
    struct sg_ledger_stats stats;
};

/** Open a snapshot of one chain of a ledger directory.
 *
 *  Out:    ledger   close with sg_ledger_close.
 *  In:     dir      the ledger directory.
 *          chain    which chain; borrowed for good (static table).
 *  Errors: SG_ENOTFOUND (no such directory, or nothing of that chain in it), SG_EVERSION (written
 *          by a newer program), SG_ECORRUPT, SG_EIO, SG_ENOMEM.
 */
SG_MUST_CHECK enum sg_status sg_ledger_open(struct sg_ledger *ledger, const char *dir,
                                            const struct sg_chain *chain, struct sg_err *err);

/** Close; NULL ops (never opened) is allowed. */
void sg_ledger_close(struct sg_ledger *ledger);

/** Visit the chains that a ledger directory holds, by name, ascending.
 *  Errors: SG_ENOTFOUND (no ledger there), SG_EIO. */
SG_MUST_CHECK enum sg_status
sg_ledger_chains(const char *dir, void (*visit)(void *ctx, const struct sg_chain *chain), void *ctx,
                 struct sg_err *err);

#endif
