/** Sets that only grow together, over dense numbers: each element points at a parent, and the
 * lowest element of a set is its root, whatever the order of the joins.
 *
 *  Begin with parent[i] = i. Source: R. E. Tarjan, J. van Leeuwen, Worst-case analysis of set union
 *  algorithms, J. ACM 31 (1984), doi:10.1145/62.2160 (path halving).
 */
#ifndef SG_BASE_FOREST_H
#define SG_BASE_FOREST_H

#include <stdint.h>

/** The root of an element; paths become shorter on the way. */
static inline uint32_t sg_forest_root(uint32_t *parent, uint32_t at)
{
    while (parent[at] != at)
        at = parent[at] = parent[parent[at]];
    return at;
}

/** Make one set of two; the lower root stands for both. */
static inline void sg_forest_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = sg_forest_root(parent, a);
    b = sg_forest_root(parent, b);
    parent[a > b ? a : b] = a > b ? b : a;
}

#endif
