/** The LMDB engine under a chain's ledger: generations, column chunks, dictionaries, postings.
 *
 *  Layout on disk: docs/formats/ledger.md. Used by store/import (writing) and store/ledger
 * (reading) only. One writer a chain at a time (a lock file; a second one gets SG_EBUSY), any
 * number of readers, each on its snapshot.
 */
#ifndef SG_STORE_ENGINE_H
#define SG_STORE_ENGINE_H

#include "store/ledger/ledger.h"

/** Address bytes as the engine takes them: one byte of size, then the bytes. NULL: none. */
typedef const uint8_t *sg_addr_ref;

struct sg_batch_tx {
    uint64_t block;
    int64_t time_unix_s;
    struct sg_amount fee;
    uint64_t gas_price; /**< as in struct sg_tx */
    sg_addr_ref sender;
    uint32_t index;
    uint32_t n_rows; /**< of the batch's rows, in order */
    uint8_t status;
    uint8_t flags; /**< SG_TX_... */
    uint8_t hash32[32];
};

struct sg_batch_row {
    sg_addr_ref from;
    sg_addr_ref to;
    sg_addr_ref token; /**< NULL: the native asset */
    struct sg_amount amount;
    uint32_t pos;
    uint8_t kind;
    uint8_t flags;
};

/** Complete blocks in canonical order, all after what the writer holds. */
struct sg_batch {
    const struct sg_batch_tx *txs;
    size_t n_txs;
    const struct sg_batch_row *rows;
    size_t n_rows; /**< the sum of txs[].n_rows */
};

/** Symbol and decimals of a token, as a source gave them; the first that says wins, later
 *  contradictions are ignored. */
struct sg_token_hint {
    sg_addr_ref token;
    const char *symbol; /**< terminated; "" if unknown */
    uint8_t decimals;
    bool has_decimals;
};

/** One imported file. */
struct sg_file_entry {
    char name[256];     /**< as given, cut */
    uint8_t sha256[32]; /**< of the bytes as they were read, compressed or not */
    uint64_t bytes;
    uint64_t records, bad;
    char table[48]; /**< sg_decoder_table */
};

struct sg_bad_entry {
    uint64_t file; /**< ordinal of sg_file_entry */
    uint64_t offset, line;
    char reason[160];
    char text[1025]; /**< terminated; bytes as they were, zero bytes replaced */
};

/** Coverage by bytes, as import knows it. */
struct sg_cover_entry {
    sg_addr_ref addr; /**< NULL: the whole chain */
    uint8_t kinds;
    uint64_t first_block, last_block;
};

/** Where a transaction stands in the dictionary of hashes, which sg_engine_find_keys reads. */
uint64_t sg_engine_tx_key(const uint8_t hash32[32]);

/** Look transactions up by these keys alone. Nearly always a key is of one hash; where it is of
 *  several transactions, one of them is found.
 *  In:   ledger   opened by sg_engine_open.
 *        keys     n, ascending: then the dictionary is read from one end to the other.
 *  Out:  ids      SG_TX_ID_NONE where there is none.
 *        several  whether there are others. */
void sg_engine_find_keys(struct sg_tx_id *ids, bool *several, const struct sg_ledger *ledger,
                         const uint64_t *keys, size_t n);

struct sg_writer;

/** Open the newest generation for appending, or a new and empty next generation.
 *
 *  In:  next   false: append to the current generation (created if there is none).
 *              true: write a whole new one beside it, that sg_writer_publish swaps in.
 *       n_threads   for sorting and dictionary look-ups; the bytes do not depend on it.
 *  Errors: SG_EBUSY, SG_EVERSION, SG_EIO, SG_ENOMEM, SG_ECORRUPT.
 *  Owner: the caller, until sg_writer_free, which drops what was not committed; a next generation
 *  that was not published is removed from the disk.
 */
SG_MUST_CHECK enum sg_status sg_writer_open(struct sg_writer **writer, const char *dir,
                                            const struct sg_chain *chain, bool next,
                                            size_t n_threads, struct sg_err *err);

/** How many bytes of what was appended may wait in memory for the file; 64 MiB at first. The
 * dictionary and its work space come on top: some 200 bytes a row of the largest batch. */
void sg_writer_set_staging(struct sg_writer *writer, size_t bytes);

/** Last block that the writer's generation holds, or SG_ENOTFOUND when it is empty. */
SG_MUST_CHECK enum sg_status sg_writer_last_block(uint64_t *block, const struct sg_writer *writer);

/** Add blocks; not durable before sg_writer_commit. Cost: O(n log n) in the batch; make batches
 *  large (a million rows) where there is much to write.
 *  Errors: SG_ELIMIT (an id space is full), SG_EIO (disk full), SG_ENOMEM. After an error only
 *  sg_writer_free is allowed, and the ledger is as it was at the last commit. */
SG_MUST_CHECK enum sg_status sg_writer_append(struct sg_writer *writer,
                                              const struct sg_batch *batch, struct sg_err *err);

SG_MUST_CHECK enum sg_status sg_writer_tokens(struct sg_writer *writer,
                                              const struct sg_token_hint *hints, size_t n,
                                              struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_writer_file(struct sg_writer *writer,
                                            const struct sg_file_entry *file, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_writer_bad(struct sg_writer *writer, const struct sg_bad_entry *bad,
                                           struct sg_err *err);
/** Coverage; ranges of one (address, kinds) that touch or overlap become one. An address that no
 *  row has gets an id. */
SG_MUST_CHECK enum sg_status sg_writer_cover(struct sg_writer *writer,
                                             const struct sg_cover_entry *covers, size_t n,
                                             struct sg_err *err);

/** Copy files, bad rows, coverage, token hints of the current generation into a next one. */
SG_MUST_CHECK enum sg_status sg_writer_copy_notes(struct sg_writer *writer, struct sg_err *err);

/** Make all since the last commit durable, as one unit. The writer stays open. */
SG_MUST_CHECK enum sg_status sg_writer_commit(struct sg_writer *writer, struct sg_err *err);

/** Next generation only: commit, then make it the current one (atomic rename, synced), and remove
 *  the old one's file; its readers keep their snapshot. */
SG_MUST_CHECK enum sg_status sg_writer_publish(struct sg_writer *writer, struct sg_err *err);

void sg_writer_free(struct sg_writer *writer);

/** Open a snapshot of the current generation; what sg_ledger_open calls. Everything is found once,
 *  here: later reads touch mapped memory only. Errors: as sg_ledger_open. */
SG_MUST_CHECK enum sg_status sg_engine_open(struct sg_ledger *ledger, const char *dir,
                                            const struct sg_chain *chain, struct sg_err *err);

/** Remove all blocks above `block` (a reorganisation of the chain), durable on return. */
SG_MUST_CHECK enum sg_status sg_engine_rollback(const char *dir, const struct sg_chain *chain,
                                                uint64_t block, struct sg_err *err);

/** Verify every invariant of the file: chunk sizes, order, dictionaries both ways, postings against
 *  rows, counts, the state digest. visit gets one sentence a fault.
 *  Out:  n_faults.  Errors: SG_ENOTFOUND, SG_EIO, SG_ENOMEM, SG_EVERSION. */
SG_MUST_CHECK enum sg_status sg_engine_check(uint64_t *n_faults, const char *dir,
                                             const struct sg_chain *chain,
                                             const struct sg_progress *progress,
                                             void (*visit)(void *ctx, const char *fault), void *ctx,
                                             struct sg_err *err);

/** What takes how many bytes of a chain's file. */
#define SG_LEDGER_PARTS_MAX 24
struct sg_ledger_part {
    const char *name; /**< static */
    uint64_t bytes;   /**< of values; pages that are not full count as the rest */
};
struct sg_ledger_sizes {
    struct sg_ledger_part parts[SG_LEDGER_PARTS_MAX]; /**< the last: the rest of the file */
    size_t n;
    uint64_t file_bytes;
};
/** Errors: as sg_ledger_open. Cost: that of opening. */
SG_MUST_CHECK enum sg_status sg_engine_sizes(struct sg_ledger_sizes *sizes, const char *dir,
                                             const struct sg_chain *chain, struct sg_err *err);

/** Visit imported files, and kept bad rows, in order. */
SG_MUST_CHECK enum sg_status sg_engine_files(const char *dir, const struct sg_chain *chain,
                                             void (*visit)(void *ctx,
                                                           const struct sg_file_entry *file),
                                             void *ctx, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_engine_bad_rows(const char *dir, const struct sg_chain *chain,
                                                void (*visit)(void *ctx,
                                                              const struct sg_bad_entry *bad),
                                                void *ctx, struct sg_err *err);

#endif
