/** One memory load of an external sort: items one behind the other, and an index of them where
 *  they did not come in order. Read sorter_internal.h first. */
#ifndef SG_STORE_IMPORT_PILE_INTERNAL_H
#define SG_STORE_IMPORT_PILE_INTERNAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What stands before each item, in a pile and on disk. */
struct sg_pile_head {
    uint64_t key;
    uint64_t rest; /**< bytes of head and item; in a flat pile the item itself */
};

struct sg_pile_entry {
    uint64_t key;
    uint64_t offset; /**< of the head in `items` */
};

/** The items begin one allocation, and what sorting them needs has room behind them, so that the
 *  sorting thread allocates nothing. Items that come in order need no such room. */
struct sg_pile {
    uint8_t *bytes;
    size_t used, capacity; /**< of bytes */
    size_t n_items;
    uint64_t last_key;
    bool flat;    /**< all items have 8 bytes and stand in their heads */
    bool ordered; /**< keys never fell so far */
    /** After sg_pile_sort: the items, in order where index is NULL, else by index[0..n_items). */
    const uint8_t *items;
    const struct sg_pile_entry *index;
};

/** Allocate memory_max bytes. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_pile_init(struct sg_pile *pile, size_t memory_max, bool flat,
                                          struct sg_err *err);
void sg_pile_clear(struct sg_pile *pile);
void sg_pile_empty(struct sg_pile *pile);

/** Whole size of an item with its head. */
size_t sg_pile_item_size(size_t size, bool flat);
bool sg_pile_has_room(const struct sg_pile *pile, uint64_t key, size_t size);
/** Room for an item; there must be room. */
void *sg_pile_add(struct sg_pile *pile, uint64_t key, size_t size);

/** Order the items by key, stable: radix by digits that differ. Cost: O(n) a digit of 11 bits, and
 *  nothing where the keys came in order. */
void sg_pile_sort(struct sg_pile *pile);

/** Write the sorted items at *offset of a file, and move *offset behind them.
 *  In: window  scratch for gathering, window_size bytes.
 *  Returns 0 or an errno. */
int sg_pile_write(const struct sg_pile *pile, int fd, uint64_t *offset, uint8_t *window,
                  size_t window_size);

#endif
