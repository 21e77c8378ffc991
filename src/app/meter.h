/** What a person sees while work is done: a line on the terminal with rate, share and time left,
 *  and a way to stop it. Where standard error is no terminal nothing is printed.
 *
 *  The first SIGINT or SIGTERM asks the work to stop: the next step returns false, the layers below
 *  return SG_ECANCELLED, and what was not committed is dropped. A second one ends the program.
 */
#ifndef SG_APP_METER_H
#define SG_APP_METER_H

#include "base/progress.h"

#include <stddef.h>

struct sg_bar {
    struct sg_progress progress; /**< what the work is given; see sg_bar_begin */
    const char *what;            /**< "reading" */
    bool in_bytes;               /**< done and total are bytes, shown as MB; else as they are */
    bool shown;                  /**< standard error is a terminal */
    bool drawn;
    int64_t begin_ms, last_ms; /**< of a clock that never runs backwards */
};

/** Begin a piece of work, and let signals stop it. `bar->progress` may be lent to the work until
 *  sg_bar_end; bar must not move meanwhile. what: static text. */
void sg_bar_begin(struct sg_bar *bar, const char *what, bool in_bytes);

/** Wipe the line. */
void sg_bar_end(struct sg_bar *bar);

/** The line as it is drawn, without colours or cursor moves; separate so that it can be tested.
 *
 *      reading 512 of 2048 MB, 25 %, 204.8 MB/s, 8 s left
 *
 *  Out:  text        terminated, cut at size.
 *  In:   total       0: unknown, then neither share nor time left are shown.
 *        elapsed_ms  since the begin of the work. */
void sg_bar_text(char *text, size_t size, const struct sg_bar *bar, uint64_t done, uint64_t total,
                 int64_t elapsed_ms);

#endif
