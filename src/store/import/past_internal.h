/** The ledger's own blocks, in order, in the form that a writer takes them.
 *
 *  Reads a window of whole blocks at a time, through the operations that every backend has.
 */
#ifndef SG_STORE_IMPORT_PAST_INTERNAL_H
#define SG_STORE_IMPORT_PAST_INTERNAL_H

#include "store/engine/engine.h"

#include <stdbool.h>

struct sg_past;

/** ledger: borrowed. memory_max: bytes of a window, if blocks are not larger. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_past_new(struct sg_past **past, struct sg_ledger *ledger,
                                         size_t memory_max, struct sg_err *err);

/** Blocks before `block` are of no interest: move there, without loading what lies between.
 *  Cost: O(log transactions) look-ups, none within the window. */
SG_MUST_CHECK enum sg_status sg_past_skip_to(struct sg_past *past, uint64_t block,
                                             struct sg_err *err);

/** Whether the window is used up and the ledger has more. */
bool sg_past_needs_load(const struct sg_past *past);

/** Load the next window. What was taken from the window before is no longer valid.
 *  Errors: SG_ENOMEM, SG_EIO, SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_past_load(struct sg_past *past, struct sg_err *err);

/** Take the window's blocks before `end`; an empty batch if there is none. Valid until the next
 *  load. */
struct sg_batch sg_past_take(struct sg_past *past, uint64_t end);

void sg_past_free(struct sg_past *past);

#endif
