/** Blocks from files, whatever their order, into a chain of outputs: found, put into a tree, the
 * branch with most work chosen, and only that appended.
 *
 *  Sources: a node's folder (blk*.dat and, of recent nodes, xor.dat), one such file, a raw block,
 * or blocks as JSON. What cannot be used is named with file and offset through `note` and the rest
 * goes on. A first pass reads 88 bytes a block; a block is read whole when its turn comes. Up to 16
 * MiB of blocks are in memory at a time, and what reading them takes.
 */
#ifndef SG_STORE_BLOCKSET_H
#define SG_STORE_BLOCKSET_H

#include "base/progress.h"
#include "store/utxo/utxo.h"

enum sg_blockset_format {
    SG_BLOCKSET_BLK, /**< magic, size and block, one behind the other; or a folder of such files */
    SG_BLOCKSET_RAW, /**< one serialised block a file */
    SG_BLOCKSET_JSON /**< getblock with verbosity 2 or 3: one document, or one a line */
};

/** "blk", "block", "core-json". SG_ENOTFOUND: another word. */
SG_MUST_CHECK enum sg_status sg_blockset_format_find(enum sg_blockset_format *format,
                                                     const char *name);

/** Something that could not be used. All of it is borrowed for the call. */
struct sg_blockset_note {
    const char *file;
    uint64_t offset;
    const char *sentence;
};

struct sg_blockset_counts {
    uint64_t found; /**< blocks in the files, each hash once */
    uint64_t appended, rolled_back;
    uint64_t stale, orphans, invalid; /**< kept aside, of those found */
    uint64_t notes;
};

struct sg_blockset;

/** Errors: SG_ENOMEM. note: may be NULL. */
SG_MUST_CHECK enum sg_status
sg_blockset_new(struct sg_blockset **set, const struct sg_btc_params *params,
                void (*note)(void *ctx, const struct sg_blockset_note *note), void *ctx,
                struct sg_err *err);
void sg_blockset_free(struct sg_blockset *set);

/** Refuse to go on, with SG_ELIMIT, where the program holds more than this many bytes when a block
 * is joined: a chain of outputs is held in memory. 0: no bound. A table that is full doubles, so
 * for a moment it may be half as much again. */
void sg_blockset_bound(struct sg_blockset *set, uint64_t memory_max);

/** Find the blocks of a file or folder. Compressed files of up to 1 GiB unpacked are read too.
 *  Errors: SG_EIO, SG_ENOMEM, SG_ELIMIT; SG_EPARSE for a raw or JSON block that is none. */
SG_MUST_CHECK enum sg_status sg_blockset_add(struct sg_blockset *set,
                                             enum sg_blockset_format format, const char *path,
                                             struct sg_err *err);

/** Bring the chain to the branch with most work, rolling back what is not on it. Where the chain is
 *  empty it begins with block 0, or else with the heaviest branch there is; with `any_root` every
 *  branch without a parent begins a part of its own, by height (blocks given one by one).
 *
 *  Up to n_threads read and check blocks; one at a time joins them, in order, so the ledger is the
 *  same for any number. `progress` and the set's `note` may be called from another thread than the
 *  caller's, never from two at once.
 *
 *  `again` is set where a branch that replaced blocks of the ledger turned out to be invalid: then
 *  utxo is of no use, and the caller opens it anew and calls again; the set remembers what is
 * invalid. Errors: SG_ECANCELLED, SG_ENOMEM, SG_EIO, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status
sg_blockset_connect(bool *again, struct sg_blockset *set, struct sg_utxo *utxo, bool any_root,
                    size_t n_threads, const struct sg_progress *progress, struct sg_err *err);

const struct sg_blockset_counts *sg_blockset_counts(const struct sg_blockset *set);

#endif
