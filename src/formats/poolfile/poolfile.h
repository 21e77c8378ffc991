/** The file that names mixer pools: what each takes, where it lives, where its events are.
 *
 *  Form: docs/formats/pools.md. A pool is any contract that takes one fixed amount of one asset and
 *  gives it back to whoever holds the note, told by the same two events.
 */
#ifndef SG_FORMATS_POOLFILE_H
#define SG_FORMATS_POOLFILE_H

#include "base/arena.h"
#include "formats/record/record.h"

/** Pools of one file, and contracts or files of events of one pool. */
#define SG_POOLFILE_POOLS_MAX 256
#define SG_POOLFILE_PARTS_MAX 16

struct sg_poolfile_pool {
    const char *name;  /**< once in a file */
    const char *asset; /**< its symbol, from outside */
    unsigned decimals;
    struct sg_amount denomination; /**< base units, not 0 */
    const struct sg_address *contracts;
    size_t n_contracts;
    const char *const *events; /**< file names as the file has them */
    size_t n_events;
};

struct sg_poolfile {
    const struct sg_chain *chain;
    const struct sg_poolfile_pool *pools;
    size_t n_pools;
    const char *const *logs; /**< files whose logs go to the pool of their contract */
    size_t n_logs;
};

/** Parse.
 *
 *  Out:    file   in `arena`; written on success only.
 *  Errors: SG_EPARSE with line and column (not YAML; an unknown key, a missing one, an amount that
 * is none; a name or a contract twice; logs without a contract to send them to), SG_ELIMIT (more
 * than the limits above, an amount above 128 bits), SG_ENOMEM.
 */
SG_MUST_CHECK enum sg_status sg_poolfile_parse(struct sg_poolfile *file, struct sg_arena *arena,
                                               const char *bytes, size_t size, struct sg_err *err);

/** Pool of a contract, or NULL. */
const struct sg_poolfile_pool *sg_poolfile_of(const struct sg_poolfile *file,
                                              const struct sg_address *contract);

#endif
