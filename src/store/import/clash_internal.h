/** Transactions that sources put into two blocks.
 *
 *  A transaction has one block. Where two sources disagree (a block that a reorganisation left
 *  behind, a damaged file), the ledger is believed first, then whoever came first; records of the
 *  other block are refused. To see that without a table of all hashes in memory, the block of each
 *  goes into an external sort by the 64-bit key of the hash, 16 bytes a transaction. Keys with two
 *  blocks are few; only for those are the records gone through again, hash by hash:
 *
 *      sg_clash_add for each record, sg_clash_finish; if it asks for it, sg_clash_recall for each
 *      record again and sg_clash_settle; then sg_clash_refuses.
 */
#ifndef SG_STORE_IMPORT_CLASH_INTERNAL_H
#define SG_STORE_IMPORT_CLASH_INTERNAL_H

#include "store/import/sorter_internal.h"
#include "store/ledger/ledger.h"

#include <stdbool.h>

struct sg_clash;

/** Errors: SG_ENOMEM. The rest as sg_sorter_new. */
SG_MUST_CHECK enum sg_status sg_clash_new(struct sg_clash **clash, const char *dir,
                                          size_t memory_max, bool threaded, struct sg_err *err);

/** A record of the hash claims the block. Errors: as sg_sorter_add. */
SG_MUST_CHECK enum sg_status sg_clash_add(struct sg_clash *clash, const uint8_t hash32[32],
                                          uint64_t block, struct sg_err *err);

/** After the last record: find the keys that have two blocks, and release the memory of the rest.
 *  In:     ledger   NULL if there is none yet.
 *          max      more refusals than this are SG_ELIMIT.
 *  Out:    recall   whether there are such keys.
 *  Errors: as sg_sorter_finish, SG_ELIMIT, and those of the ledger. */
SG_MUST_CHECK enum sg_status sg_clash_finish(bool *recall, struct sg_clash *clash,
                                             struct sg_ledger *ledger, uint64_t max,
                                             struct sg_err *err);

/** What sg_clash_add was told, again, in any order; file and offset say who came first.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_clash_recall(struct sg_clash *clash, const uint8_t hash32[32],
                                             uint64_t block, uint32_t file, uint64_t offset,
                                             struct sg_err *err);

/** After all was recalled: find what must be refused. Errors: SG_ELIMIT, SG_ENOMEM, and those of
 *  the ledger. */
SG_MUST_CHECK enum sg_status sg_clash_settle(struct sg_clash *clash, struct sg_ledger *ledger,
                                             struct sg_err *err);

/** Whether records of the hash in this block are refused. Cost: O(log refusals). */
bool sg_clash_refuses(const struct sg_clash *clash, const uint8_t hash32[32], uint64_t block);

void sg_clash_free(struct sg_clash *clash);

#endif
