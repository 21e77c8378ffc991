/** Results kept from one run to the next: bytes under the id of a commit and a version.
 *
 *  One file, written whole. A cache may be lost at any time, so a file that is missing, damaged, of
 *  another version or another machine's byte order holds nothing, which is no error. The digest at
 * its end guards against damage, not against forgery: who can write the file can change what it
 * says.
 *
 *  Layout: "SGKEPT1\n", then u64 version, u64 count, then count times (20 bytes id, u32 size,
 * bytes), then the SHA-256 of all before it. Integers are little-endian.
 */
#ifndef SG_STORE_KEPT_H
#define SG_STORE_KEPT_H

#include "formats/gitobj/gitobj.h"

/** The largest file that is read: a million commits of 450 bytes. */
#define SG_KEPT_BYTES_MAX ((size_t)1024 * 1024 * 1024)

struct sg_kept_item {
    struct sg_git_id id;
    struct sg_text bytes;
};

/** What a file held, sorted by id. */
struct sg_kept {
    uint8_t *file; /**< the items' bytes point into it */
    struct sg_kept_item *items;
    size_t n;
};

/** Read a file. Errors: SG_ENOMEM only; anything else is an empty result.
 *  Owner: the caller, until sg_kept_clear. */
SG_MUST_CHECK enum sg_status sg_kept_read(struct sg_kept *kept, const char *path, uint64_t version,
                                          struct sg_err *err);
void sg_kept_clear(struct sg_kept *kept);

/** The bytes of an id; no data if there are none. Cost: O(log n). */
struct sg_text sg_kept_find(const struct sg_kept *kept, const struct sg_git_id *id);

/** Write a file over the old one, or leave the old one.
 *  Errors: SG_EIO, SG_ENOMEM, SG_ELIMIT (more than SG_KEPT_BYTES_MAX). */
SG_MUST_CHECK enum sg_status sg_kept_write(const char *path, uint64_t version,
                                           const struct sg_kept_item *items, size_t n,
                                           struct sg_err *err);

#endif
