/** Sorting more items than memory holds: byte strings by a 64-bit key, stable.
 *
 *  Items are laid into one of sixteen piles. A full pile is sorted by a second thread while the
 *  caller fills the next one. Only when the last free pile is being filled does the oldest go to a
 *  temporary file as a run; what still lies in memory at the end stays there. Runs and piles are
 *  merged while they are read. The file has no name, so a kill leaves nothing behind. The order
 *  depends on keys and on the order of adding alone.
 *
 *  Memory: `memory_max` for the piles; the runs are mapped, and pages that were read are given back
 *  by sg_sorter_release. Items that come in order take nothing but themselves, others 32 bytes
 * more. Threads: one caller; the second thread lives inside.
 */
#ifndef SG_STORE_IMPORT_SORTER_INTERNAL_H
#define SG_STORE_IMPORT_SORTER_INTERNAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Items that are not flat begin at multiples of this, so that they may hold any object. */
#define SG_SORTER_ALIGN 16u

struct sg_sorter;

/** In:     dir         where the temporary file goes; borrowed.
 *          memory_max  bytes; at least 128 KiB.
 *          flat        all items have 8 bytes; they take 16 with their key, and stand at multiples
 *                      of 8.
 *          threaded    sort and write beside the caller.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_sorter_new(struct sg_sorter **sorter, const char *dir,
                                           size_t memory_max, bool flat, bool threaded,
                                           struct sg_err *err);

/** Room for one more item, which the caller fills before the next call.
 *  Out:    item   `size` bytes, undefined.
 *  Errors: SG_ENOMEM, SG_EIO (a run could not be written), SG_ELIMIT (more than 16 KiB,
 *          or than an eighteenth of the memory). */
SG_MUST_CHECK enum sg_status sg_sorter_add(void **item, struct sg_sorter *sorter, uint64_t key,
                                           size_t size, struct sg_err *err);

/** End of adding; reading begins at the least key. Errors: as sg_sorter_add. */
SG_MUST_CHECK enum sg_status sg_sorter_finish(struct sg_sorter *sorter, struct sg_err *err);

/** The next item in order, or NULL after the last. It stays valid until sg_sorter_free.
 *  Cost: O(log runs). */
const void *sg_sorter_next(uint64_t *key, struct sg_sorter *sorter);

/** Read from the beginning again. */
void sg_sorter_rewind(struct sg_sorter *sorter);

/** The caller needs none of the items read so far in memory; they can still be read. */
void sg_sorter_release(struct sg_sorter *sorter);

/** Number of items, and of runs on disk. */
uint64_t sg_sorter_count(const struct sg_sorter *sorter);
size_t sg_sorter_runs(const struct sg_sorter *sorter);

void sg_sorter_free(struct sg_sorter *sorter);

#endif
