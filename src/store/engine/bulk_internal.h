/** A bulk load: rows that wait, and the thread that makes columns of them. */
#ifndef SG_STORE_ENGINE_BULK_INTERNAL_H
#define SG_STORE_ENGINE_BULK_INTERNAL_H

#include "base/parallel.h"
#include "store/engine/bulk.h"
#include "store/engine/writer_internal.h"

#define SG_BULK_ROWS ((size_t)32768) /**< rows, or transactions, of a batch */

/** A transaction that waits, with its hash. */
struct sg_bulk_item {
    struct sg_bulk_tx tx; /**< hash32: not NULL if it has one; not read */
    uint8_t hash32[SG_ELEM_HASH];
};

struct sg_bulk_batch {
    struct sg_bulk_item *txs;
    struct sg_bulk_row *rows;
    size_t n_txs, n_rows, cap_rows;
};

struct sg_bulk {
    struct sg_bulk_options options;
    struct sg_writer *writer;
    uint32_t *ids;    /**< by number: id + 1, or 0 */
    uint32_t *assets; /**< by token: asset + 1, or 0 */
    uint64_t n_ids;
    bool is_done;      /**< all was committed before: only publish */
    bool is_published; /**< and that was done too */
    bool is_settled;   /**< all rows have been taken */
    uint64_t held_txs; /**< of the unfinished load when it was opened */
    uint64_t held_rows, held_addrs;
    uint8_t held_state32[SG_SHA256_SIZE];
    uint64_t n_txs, n_rows; /**< taken so far */
    uint64_t saved_rows;    /**< at the last commit */
    uint64_t save_every;    /**< rows between commits; tests lower it */
    struct sg_tally tally;
    struct sg_bulk_batch filling, taking;
    struct sg_task task;
    enum sg_status status; /**< of the thread */
    struct sg_err err;
};

/** Make columns of the batch `taking`; on the thread. bulk_take.c */
SG_MUST_CHECK enum sg_status sg_bulk_take(struct sg_bulk *bulk, struct sg_err *err);

/** Dictionaries and postings of a reader's image, straight into the file, as one segment each;
 *  bulk_lists.c. In: memory_max bytes for pairs that are sorted.
 *  Errors: SG_EIO, SG_ENOMEM, SG_ECORRUPT, SG_ECANCELLED. */
struct sg_lister {
    const struct sg_image *image; /**< to read the columns from */
    struct sg_kv_write *write;
    size_t memory_max, n_threads;
    const struct sg_progress *progress;
};
SG_MUST_CHECK enum sg_status sg_list_addrs(struct sg_segment *segment, const struct sg_lister *l,
                                           struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_list_txs(struct sg_segment *segment, const struct sg_lister *l,
                                         struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_list_rows(struct sg_segment *segment, const struct sg_lister *l,
                                          struct sg_err *err);

#endif
