/** How long work tells how far it is, and hears that it should stop. The layers below app/ only
 * call sg_progress_step; what a person sees is app's business.
 */
#ifndef SG_BASE_PROGRESS_H
#define SG_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sg_progress {
    /** Called with units done and in all (0 if unknown); false asks the work to stop. */
    bool (*step)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
};

/** Report; false means: stop, return SG_ECANCELLED. `progress` may be NULL. */
static inline bool sg_progress_step(const struct sg_progress *progress, uint64_t done,
                                    uint64_t total)
{
    return !progress || !progress->step || progress->step(progress->ctx, done, total);
}

#endif
