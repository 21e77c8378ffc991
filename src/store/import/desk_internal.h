/** The desk where one block is put together: records and what the ledger holds are laid on it in
 *  order of source, and the block's transactions come off in canonical order.
 *
 *  The rules of joining: docs/formats/merge.md. The claims of a transaction are settled in merge.c.
 */
#ifndef SG_STORE_IMPORT_DESK_INTERNAL_H
#define SG_STORE_IMPORT_DESK_INTERNAL_H

#include "store/import/merge_internal.h"
#include "store/import/pack_internal.h"

/** A batch that grows. */
struct sg_outbox {
    struct sg_batch_tx *txs;
    size_t n_txs, cap_txs;
    struct sg_batch_row *rows;
    size_t n_rows, cap_rows;
};

void sg_outbox_clear(struct sg_outbox *outbox);

/** What the desk has done to transactions since it was made. */
struct sg_desk_counts {
    uint64_t txs_added;
    uint64_t rows_added;
    uint64_t txs_completed; /**< known ones that changed */
};

struct sg_desk;

/** doubts: borrowed; memory_max bounds one block. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_desk_new(struct sg_desk **desk, const struct sg_doubts *doubts,
                                         size_t memory_max, struct sg_err *err);

/** Clear the desk for a block. */
void sg_desk_begin(struct sg_desk *desk, uint64_t block);

/** Lay down a transaction that the ledger holds, before any record. Everything is borrowed until
 *  sg_desk_finish. rows: tx->n_rows of them. Errors: SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_desk_take_past(struct sg_desk *desk, const struct sg_batch_tx *tx,
                                               const struct sg_batch_row *rows, struct sg_err *err);

/** Lay down a record of the block; in order of file and place in the file. Borrowed until the
 *  outbox has been written. Errors: SG_ENOMEM, SG_ELIMIT (the block needs more than memory_max). */
SG_MUST_CHECK enum sg_status sg_desk_take(struct sg_desk *desk, const struct sg_packed *packed,
                                          struct sg_err *err);

/** Settle the block and add its transactions to the outbox. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_desk_finish(struct sg_desk *desk, struct sg_outbox *outbox,
                                            struct sg_err *err);

struct sg_desk_counts sg_desk_counts(const struct sg_desk *desk);
void sg_desk_free(struct sg_desk *desk);

#endif
