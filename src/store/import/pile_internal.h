/** One memory load of an external sort: items and an index of them that can be sorted.
 *  Read sorter_internal.h first. */
#ifndef SG_STORE_IMPORT_PILE_INTERNAL_H
#define SG_STORE_IMPORT_PILE_INTERNAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What stands before each item, in a pile and on disk. */
struct sg_pile_head {
    uint64_t key;
    uint64_t size; /**< of head and item, a multiple of SG_SORTER_ALIGN */
};

struct sg_pile_entry {
    uint64_t key;
    uint64_t offset; /**< of the head in `bytes` */
};

struct sg_pile {
    uint8_t *bytes;
    size_t used, capacity; /**< of bytes */
    struct sg_pile_entry *entries;
    struct sg_pile_entry *scratch; /**< NULL while the keys arrive in order */
    size_t n_entries, max_entries;
    bool ordered; /**< keys never fell so far */
};

/** Allocate for memory_max bytes in all. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_pile_init(struct sg_pile *pile, size_t memory_max,
                                          struct sg_err *err);
void sg_pile_clear(struct sg_pile *pile);
void sg_pile_empty(struct sg_pile *pile);

/** Whole size of an item with its head. */
size_t sg_pile_item_size(size_t size);
bool sg_pile_has_room(const struct sg_pile *pile, size_t size);
/** Room for an item; there must be room. */
void *sg_pile_add(struct sg_pile *pile, uint64_t key, size_t size);

/** Allocate what sg_pile_sort needs, so that the sorting thread allocates nothing.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_pile_prepare(struct sg_pile *pile, struct sg_err *err);

/** Sort the entries by key, stable: radix by digits that differ. Cost: O(n) a digit of 11 bits. */
void sg_pile_sort(struct sg_pile *pile);

/** Write the items in order at *offset of a file, and move *offset behind them.
 *  In: window  scratch for gathering, window_size bytes.
 *  Returns 0 or an errno. */
int sg_pile_write(const struct sg_pile *pile, int fd, uint64_t *offset, uint8_t *window,
                  size_t window_size);

#endif
