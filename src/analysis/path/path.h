/** The chain of transfers that carried the most stolen money to a place: the widest path.
 *
 *  Works on the moves of a finished trace under one policy. A path begins where stolen money enters
 *  (a seed, or a declared conversion), goes from step to step through moves that happened one after
 * the other, and ends at the target. Its width is the largest amount that all of its steps carried:
 * the least of their stolen parts. Across a swap the width is converted in proportion. Of equal
 * widths the shorter path wins, then the one that arrives first. It is an example of how money got
 * there, the strongest one, and not all of it. Exact definition: docs/methods/path.md.
 */
#ifndef SG_ANALYSIS_PATH_H
#define SG_ANALYSIS_PATH_H

#include "analysis/trace/trace.h"

struct sg_path {
    const uint32_t *moves; /**< indices into figures.moves, from the entry to the target */
    size_t n_moves;
    struct sg_amount width;   /**< in the asset of the last step */
    struct sg_amount arrived; /**< stolen money of that asset that reached the target in all */
    size_t arrivals;          /**< steps that brought it */
};

/** Find the widest path to an address or to an entity.
 *
 *  Out:    path     in the arena; written on success only.
 *  In:     trace    the figures' own.
 *          target   an address as its chain writes it (of any chain of the trace), or the name of
 * an entity, case-insensitive. Errors: SG_ENOTFOUND (no stolen money got there under this policy,
 * or nobody is called so), SG_ENOMEM. Cost:   O(n log n) in moves.
 */
SG_MUST_CHECK enum sg_status sg_path_find(struct sg_path *path, struct sg_arena *arena,
                                          const struct sg_trace *trace,
                                          const struct sg_trace_figures *figures,
                                          const char *target, struct sg_err *err);

#endif
