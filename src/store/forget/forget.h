/** Deletion of people from the files that hold them: tables of people and events, and decisions.
 *
 *  Each file is written anew without the rows that go, byte for byte otherwise, and takes the place
 *  of the old one only when all of them are whole. The old bytes are then overwritten with zeros,
 *  as far as the file system writes in place (one that copies on write, or a disk that moves
 * blocks, may keep them). No cache, index or frequency table is kept anywhere else. A report that
 * was written before is not found by this.
 *
 *  It does all of it or says why not: a row that cannot be read may be about the person, a hard or
 *  symbolic link keeps another name for the old bytes, a JSON array cannot lose one element without
 *  being written in another way. Each of these is refused before anything is changed.
 */
#ifndef SG_STORE_FORGET_H
#define SG_STORE_FORGET_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct sg_forget {
    const char *people, *events;
    const char *decisions;  /**< NULL: there is none */
    const char *const *ids; /**< record ids */
    size_t n_ids;
    int64_t before_unix_s; /**< events before it go, and records all of whose events do; records
                                without events stay. SG_TIME_UNKNOWN: nothing goes by age */
};

/** Rows that went. */
struct sg_forget_done {
    uint64_t people, events;
    uint64_t mentions; /**< of the events: of others, who referred, rated or met one of them */
    uint64_t decisions;
};

/** Forget. Order in which the files are replaced: decisions, events, people; after a crash between
 *  two of them the same call does the rest.
 *
 *  Out:    done   written on success only.
 *  Errors: SG_ENOTFOUND (an id that no file has), SG_EPARSE and SG_EUSAGE (refused, see above; no
 *          sentence repeats a row), SG_EIO, SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_forget_run(struct sg_forget_done *done,
                                           const struct sg_forget *forget, struct sg_err *err);

#endif
