/** Things that wait for their time: a heap by (time, order of making). */
#ifndef SG_BASE_AGENDA_H
#define SG_BASE_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The first member of every thing that waits; the order is filled in. */
struct sg_due {
    int64_t time_unix_s;
    uint64_t order; /**< among things of one time: made first, done first */
};

struct sg_agenda {
    void *items; /**< sg_mem_free by the caller */
    size_t n, capacity;
    size_t width; /**< bytes of a thing, set by the caller */
    uint64_t order;
};

/** Add a copy of a thing. False without memory. Cost: O(log n). */
bool sg_agenda_add(struct sg_agenda *agenda, const void *item);

/** Take out the first thing whose time has come. False: there is none. Cost: O(log n). */
bool sg_agenda_take(void *item, struct sg_agenda *agenda, int64_t now_unix_s);

#endif
