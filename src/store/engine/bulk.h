/** Load a new ledger from rows that come in canonical order, with addresses that the caller has
 *  numbered: the fast way in for whoever makes or holds a whole chain. Others use store/import.
 *
 *  Rows become columns as they come, on a thread of their own; dictionaries and postings are built
 *  from the columns at the end, in passes within the memory bound, so that nothing is written
 *  twice and no file is temporary. Up to then the ledger is an unfinished load, which readers do
 *  not see; a load that ends early (a kill, a full disk) is gone on with by loading the same again:
 *  rows that it holds are compared with those that come, by their digest, and not written again.
 *  The ledger is the one that an import of the same rows makes, state digest and ids alike.
 *  Why so, and what it costs: docs/decisions/0012-bulk-load.md.
 */
#ifndef SG_STORE_BULK_H
#define SG_STORE_BULK_H

#include "store/engine/engine.h"

struct sg_bulk;

/** A token by the caller's number. */
struct sg_bulk_token {
    struct sg_address contract;
    char symbol[SG_SYMBOL_MAX + 1];
    uint8_t decimals;
};

struct sg_bulk_options {
    const char *dir; /**< ledger directory, made if it is missing; holds no ledger of the chain */
    const struct sg_chain *chain;
    uint32_t n_numbers; /**< address numbers are below it; 4 bytes of memory each */
    /** Bytes of the address of a number, 1 to 64, size returned. Numbers stand for different
     *  addresses. Called on any thread, often: the same number always gives the same bytes, once
     *  it was used in a row. */
    uint8_t (*name)(void *ctx, uint8_t bytes[SG_ADDRESS_MAX], uint32_t number);
    void *ctx;
    const struct sg_bulk_token *tokens; /**< borrowed */
    size_t n_tokens;
    uint8_t identity32[32]; /**< of what is loaded: a load of another identity is not gone on with
                             */
    size_t memory_max; /**< bytes for the passes at the end, at least 1 MiB; while rows come it is
                            less than 200 MiB beside the numbers */
    size_t n_threads;  /**< 1: all is done by the caller's thread */
    const struct sg_progress *progress; /**< may be NULL; of the passes */
};

struct sg_bulk_tx {
    uint64_t block;
    int64_t time_unix_s;
    struct sg_amount fee;
    uint64_t gas_price;    /**< as in struct sg_tx */
    const uint8_t *hash32; /**< NULL: none; read during the call */
    uint32_t sender;       /**< number, or SG_ID_NONE */
    uint32_t index;
    uint32_t n_rows;
    uint8_t status;
    uint8_t flags; /**< SG_TX_...; SG_TX_HAS_HASH follows from hash32 */
};

struct sg_bulk_row {
    uint32_t from, to; /**< numbers, or SG_ID_NONE */
    uint32_t token;    /**< number, or SG_ID_NONE for the native asset */
    uint32_t pos;
    struct sg_amount amount;
    uint8_t kind;
    uint8_t flags;
};

/** Begin, or go on; where the ledger is there and of this identity, all that comes is ignored.
 *  Errors: SG_EBUSY (another writer), SG_EUSAGE (the chain has a ledger or an unfinished load of
 *          another identity), SG_EVERSION, SG_EIO, SG_ENOMEM, SG_ECORRUPT.
 *  Owner:  the caller, until sg_bulk_free, which leaves an unfinished load as it is. */
SG_MUST_CHECK enum sg_status sg_bulk_new(struct sg_bulk **bulk,
                                         const struct sg_bulk_options *options, struct sg_err *err);

/** Transactions that the unfinished load held when it was opened. */
uint64_t sg_bulk_held(const struct sg_bulk *bulk);

/** The next transaction with its rows, both in canonical order.
 *  Errors: of an earlier one too, which another thread was still writing: SG_EIO (disk full),
 *          SG_ENOMEM, SG_ELIMIT (no ids left), SG_EUSAGE (not the rows that the load holds). After
 *          an error only sg_bulk_free is allowed. */
SG_MUST_CHECK enum sg_status sg_bulk_add(struct sg_bulk *bulk, const struct sg_bulk_tx *tx,
                                         const struct sg_bulk_row *rows, struct sg_err *err);

/** All has come: write it and wait; afterwards `name` is not called. Errors: as sg_bulk_add. */
SG_MUST_CHECK enum sg_status sg_bulk_settle(struct sg_bulk *bulk, struct sg_err *err);

/** Settle if that was not done, build dictionaries and postings, and make this the chain's ledger,
 *  durable on return. cover_kinds: what the whole chain is covered for (SG_COVER_...); file: what
 * the ledger says that it was made of. Errors: as sg_bulk_add; SG_ECANCELLED. */
SG_MUST_CHECK enum sg_status sg_bulk_finish(struct sg_bulk *bulk, uint8_t cover_kinds,
                                            const struct sg_file_entry *file, struct sg_err *err);

void sg_bulk_free(struct sg_bulk *bulk);

#endif
