/** A loop over independent items on a few threads, the same with an ordered second step, and one
 *  piece of work beside the caller. */
#ifndef SG_BASE_PARALLEL_H
#define SG_BASE_PARALLEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/** Work on item `index`; runs on any thread, in any order. */
typedef void (*sg_parallel_fn)(void *ctx, size_t index);

/** Call fn for 0..n_items-1 on up to n_threads threads, the caller's among them, and wait.
 *
 *  Results must not depend on order: write to a slot per item and combine afterwards. If a thread
 *  cannot be started its share runs on the others, so there is no failure to report.
 */
void sg_parallel_for(size_t n_threads, size_t n_items, sg_parallel_fn fn, void *ctx);

/** Second step on item `index`; false ends the loop. */
typedef bool (*sg_finish_fn)(void *ctx, size_t index);

/** Call `work` for each item on any thread in any order, and `finish` for one item after the other,
 *  in order and never two at once, though on any thread. Work on item i begins when item
 *  i - n_slots is finished, so that n_slots places for what is handed over are enough: item i has
 *  place i % n_slots. Whoever ends the work that the order waits for finishes what it can, so no
 *  thread is kept for it. After a finish that returned false nothing more is finished; work that
 *  began ends.
 *
 *  In:  n_slots  1 to 256; a few more than threads keep all of them busy. */
void sg_parallel_in_order(size_t n_threads, size_t n_slots, size_t n_items, sg_parallel_fn work,
                          sg_finish_fn finish, void *ctx);

/** One piece of work that may run while its starter does something else. Begin with zeroes. */
struct sg_task {
    pthread_t thread;
    bool running;
};

/** Run fn(ctx) on another thread if `beside` and one can be had, else now. The task must not be
 *  running; what fn writes may be looked at after sg_task_wait. */
void sg_task_start(struct sg_task *task, bool beside, void *(*fn)(void *ctx), void *ctx);

/** Wait until it is done; at once if it is, or never was started. */
void sg_task_wait(struct sg_task *task);

#endif
