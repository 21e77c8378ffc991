/** What a change is, wherever it is applied: a digest that a rebase or a cherry-pick keeps.
 *
 *  Two commits carry the same patch if they take the same lines out of, and put the same lines
 * into, the files of the same names. Line numbers, the lines around, their order, and blanks take
 * no part; lines without any other character neither. A change of order or blanks alone is told
 * apart by the bytes themselves, as is one that is not text. Not Git's patch-id(1), which hashes
 * the lines around as well.
 */
#ifndef SG_ANALYSIS_PATCH_H
#define SG_ANALYSIS_PATCH_H

#include "base/digest.h"
#include "store/git/git.h"

/** Digest of one change.
 *  Errors: SG_ENOMEM. Cost: O(n log n) in the lines of both sides. */
SG_MUST_CHECK enum sg_status sg_patch_of_change(uint8_t digest32[SG_SHA256_SIZE],
                                                const struct sg_git_change *change,
                                                struct sg_err *err);

/** Digest of a commit's changes, from those of each in order.
 *  In: digests   n of SG_SHA256_SIZE bytes, one behind the other.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_patch_of_commit(uint8_t digest32[SG_SHA256_SIZE],
                                                const uint8_t *digests, size_t n,
                                                struct sg_err *err);

#endif
