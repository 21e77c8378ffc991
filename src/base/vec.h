/** Growable arrays: the caller keeps `items`, `count` and `capacity` of any type; this grows them.
 *
 *      struct hop *hops = NULL; size_t n_hops = 0, cap = 0;
 *      if (!SG_VEC_RESERVE(hops, n_hops, cap, 1)) return sg_err_nomem(err);
 *      hops[n_hops++] = hop;
 */
#ifndef SG_BASE_VEC_H
#define SG_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

/** Make room for `more` items behind `count`; doubles. False if refused, the array intact.
 *  In/Out: items     address of the array pointer, may hold NULL.
 *          capacity  items now allocated.
 *  In:     count, more, size   items in use, items wanted, bytes an item.
 */
bool sg_vec_reserve(void **items, size_t *capacity, size_t count, size_t more, size_t size);

#define SG_VEC_RESERVE(items, count, capacity, more)                                               \
    sg_vec_reserve((void **)&(items), &(capacity), (count), (more), sizeof(*(items)))

#endif
