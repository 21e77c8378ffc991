/** The state of a writer. Content goes into the image's memory first (tails, staged chunks,
 * segments in memory), to the file when that is more than 64 MiB, and becomes visible with the meta
 * record, which a commit alone writes. What a killed writer left beyond its meta record is removed
 * by the next one.
 */
#ifndef SG_STORE_ENGINE_WRITER_INTERNAL_H
#define SG_STORE_ENGINE_WRITER_INTERNAL_H

#include "store/engine/folder_internal.h"
#include "store/engine/image_internal.h"
#include "store/engine/resolve_internal.h"
#include "store/engine/state_internal.h"

struct sg_writer {
    struct sg_folder folder;
    struct sg_image image;
    struct sg_stream rows, txs;
    size_t n_threads;
    uint64_t addr_max, asset_max; /**< ids stay below; tests lower them */
    size_t staged_max;            /**< bytes in memory before they go to the file */
    uint64_t committed_segment;   /**< meta.next_segment as of the last commit */
    size_t committed_assets;
    bool is_next;     /**< publish makes it current; else the first commit does */
    bool is_nameless; /**< the file is new and not current yet: freed, it goes */
    bool dirty;       /**< something to commit */
    bool is_stale;    /**< the image points at what was in memory before the last flush */
    bool trims;       /**< the next commit removes what the meta record no longer names */
    bool assets_dirty, covers_dirty;
    uint32_t *assets_changed; /**< below committed_assets */
    size_t n_changed, cap_changed;
    struct sg_asset *hints; /**< of tokens that no row has had yet */
    size_t n_hints, cap_hints;
    struct sg_staged *notes; /**< files and bad rows */
    size_t n_notes, cap_notes, notes_bytes;
    struct sg_scratch resolve_scratch, part_scratch, postings_scratch, hashes_scratch;
    uint64_t *replaced; /**< table << 56 | number: segments to remove with the commit */
    size_t n_replaced, cap_replaced;
};

/** A writer of no folder and no file yet; NULL without memory. */
struct sg_writer *sg_writer_new(const struct sg_chain *chain, bool next, size_t n_threads);

/** Begin with a new file, image.kv, that has no meta record: nothing but the native asset. */
SG_MUST_CHECK enum sg_status sg_writer_begin_empty(struct sg_writer *writer, struct sg_err *err);

/** Begin with what a file holds, beyond which all is removed; takes kv. Errors: as sg_image_load.
 */
SG_MUST_CHECK enum sg_status sg_writer_begin_with(struct sg_writer *writer, struct sg_kv *kv,
                                                  struct sg_err *err);

/** Resolve addresses and take the new ones in. */
SG_MUST_CHECK enum sg_status sg_writer_resolve(struct sg_writer *writer, uint32_t *ids,
                                               const sg_addr_ref *refs, size_t n,
                                               struct sg_err *err);
/** The same for tokens; NULL gives 0, the native asset. */
SG_MUST_CHECK enum sg_status sg_writer_resolve_assets(struct sg_writer *writer, uint32_t *ids,
                                                      const sg_addr_ref *refs, size_t n,
                                                      struct sg_err *err);

/** Make the image anew after a flush; before anything reads it. */
SG_MUST_CHECK enum sg_status sg_writer_renew(struct sg_writer *writer, struct sg_err *err);

/** Write to the file what is only in memory, unless that is less than staged_max. */
SG_MUST_CHECK enum sg_status sg_writer_spill(struct sg_writer *writer, struct sg_err *err);

/** A segment that another has replaced: clear it, and remove it from the file, now or, where the
 *  last commit names it, with the next. */
SG_MUST_CHECK enum sg_status sg_writer_replace(struct sg_writer *writer, struct sg_kv_write *write,
                                               unsigned table, struct sg_segment *segment,
                                               struct sg_err *err);

/** Remove what the file holds beyond its meta record. */
SG_MUST_CHECK enum sg_status sg_writer_remove_orphans(struct sg_writer *writer,
                                                      struct sg_kv_txn *txn, struct sg_err *err);
/** Whether there is any. */
SG_MUST_CHECK enum sg_status sg_writer_has_orphans(bool *any, struct sg_writer *writer,
                                                   struct sg_err *err);

/** Take what hints say about tokens that have come since. */
SG_MUST_CHECK enum sg_status sg_writer_apply_hints(struct sg_writer *writer, struct sg_err *err);

#endif
