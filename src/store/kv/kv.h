/** The one door to LMDB: an ordered map from (table, number) to bytes, with transactions.
 *
 *  Not a general key-value layer: keys are a table byte and a 64-bit number, big-endian, so that
 *  one table's entries lie together in order. docs/decisions/0010-store-lmdb.md says why LMDB and
 *  which of its modes. Ledgers (store/engine) and label stores (store/labels) are such files, each
 *  with its own tables: docs/formats/ledger.md and docs/formats/labels.md list them.
 *
 *  LMDB forbids a process to open one file twice, so environments are shared behind this header and
 *  counted. Threads: open, close and read transactions from any; a write transaction belongs to
 *  the thread that began it.
 */
#ifndef SG_STORE_KV_H
#define SG_STORE_KV_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sg_kv;
struct sg_kv_txn;

struct sg_bytes {
    const uint8_t *at; /**< inside the map, not aligned; valid until the transaction ends */
    size_t size;
};

/** Open a file; `create` makes it if it is missing.
 *  Errors: SG_EIO, SG_ECORRUPT (cut short, or not such a file), SG_EVERSION, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_kv_open(struct sg_kv **kv, const char *path, bool create,
                                        struct sg_err *err);
void sg_kv_close(struct sg_kv *kv);
/** The same file once more: close it once more. */
struct sg_kv *sg_kv_share(struct sg_kv *kv);

/** Bytes of the file in use. */
uint64_t sg_kv_size(const struct sg_kv *kv);

/** Begin. A read transaction is a snapshot; while it lives, the pages that it can see are kept. */
SG_MUST_CHECK enum sg_status sg_kv_begin(struct sg_kv_txn **txn, struct sg_kv *kv, bool write,
                                         struct sg_err *err);
/** Check the pages that a read transaction can reach before LMDB walks them; with_free for a
 * writer. Errors: as sg_pages_check_trees; SG_ENOTFOUND: begin anew and ask again. */
SG_MUST_CHECK enum sg_status sg_kv_verify(struct sg_kv_txn *txn, bool with_free,
                                          struct sg_err *err);

/** Make durable (data and meta page synced) and end; on an error nothing of it is kept. */
SG_MUST_CHECK enum sg_status sg_kv_commit(struct sg_kv_txn *txn, struct sg_err *err);
/** End without effect; NULL is allowed. */
void sg_kv_abort(struct sg_kv_txn *txn);

/** Errors: SG_ENOTFOUND (err untouched), SG_EIO, SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_kv_get(struct sg_bytes *value, struct sg_kv_txn *txn,
                                       unsigned table, uint64_t number, struct sg_err *err);

/** The first entry of the table at or after *number, which becomes its number. */
SG_MUST_CHECK enum sg_status sg_kv_seek(struct sg_bytes *value, uint64_t *number,
                                        struct sg_kv_txn *txn, unsigned table, struct sg_err *err);

SG_MUST_CHECK enum sg_status sg_kv_put(struct sg_kv_txn *txn, unsigned table, uint64_t number,
                                       const void *bytes, size_t size, struct sg_err *err);

/** A load in steps: LMDB keeps what a transaction writes in memory until it commits, so every 64
 * MiB it is committed and another begun. Only for what the meta record does not name yet. */
struct sg_kv_write {
    struct sg_kv *kv;
    struct sg_kv_txn *txn; /**< NULL after an error */
    size_t bytes;          /**< put since the transaction began */
};
SG_MUST_CHECK enum sg_status sg_kv_write_put(struct sg_kv_write *write, unsigned table,
                                             uint64_t number, const void *bytes, size_t size,
                                             struct sg_err *err);

/** Remove entries [first, end) of a table; those that are missing do not matter. */
SG_MUST_CHECK enum sg_status sg_kv_remove(struct sg_kv_txn *txn, unsigned table, uint64_t first,
                                          uint64_t end, struct sg_err *err);

#endif
