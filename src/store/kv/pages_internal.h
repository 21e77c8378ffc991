/** Whether a file's B-trees can be walked safely.
 *
 *  LMDB trusts its pages: a file that was damaged, or made to do harm, would have it read and write
 *  where it should not. This walks the trees before LMDB does and checks every offset, size and
 * page number on the way: branch and leaf pages, and the extents of large values without reading
 * them. Not a check of content, which checksums and sg_engine_check are for. Source: the page
 * format of LMDB 0.9 (data version 1), as its mdb.c describes it.
 */
#ifndef SG_STORE_KV_PAGES_INTERNAL_H
#define SG_STORE_KV_PAGES_INTERNAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/** Check both meta pages of a file of `size` bytes, before LMDB opens it. Errors: SG_ECORRUPT,
 *  SG_EIO. */
SG_MUST_CHECK enum sg_status sg_pages_check_head(int fd, uint64_t size, struct sg_err *err);

/** Check the trees of a transaction, which must be open.
 *
 *  In:  txn_id     as LMDB gives it.
 *       with_free  also the tree of free pages, and that no page is in use twice, or in use and
 *                  free: for writers.
 *  Errors: SG_ECORRUPT, SG_EIO, SG_ENOMEM; SG_ENOTFOUND if the meta page of that transaction has
 *  been overwritten by two later ones.
 *  Cost: reads each branch and leaf page once; with_free a bit a page of the file.
 */
SG_MUST_CHECK enum sg_status sg_pages_check_trees(int fd, uint64_t txn_id, bool with_free,
                                                  struct sg_err *err);

#endif
