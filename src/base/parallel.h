/** A loop over independent items on a few threads. */
#ifndef SG_BASE_PARALLEL_H
#define SG_BASE_PARALLEL_H

#include <stddef.h>

/** Work on item `index`; runs on any thread, in any order. */
typedef void (*sg_parallel_fn)(void *ctx, size_t index);

/** Call fn for 0..n_items-1 on up to n_threads threads, the caller's among them, and wait.
 *
 *  Results must not depend on order: write to a slot per item and combine afterwards. If a thread
 *  cannot be started its share runs on the others, so there is no failure to report.
 */
void sg_parallel_for(size_t n_threads, size_t n_items, sg_parallel_fn fn, void *ctx);

#endif
