/** Components of a graph, the plain way. */
#ifndef SG_TESTS_ORACLE_CLUSTER_H
#define SG_TESTS_ORACLE_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

struct oracle_edge {
    uint32_t a, b;
};

/** Each node's lowest fellow: breadth-first searches until all are reached.
 *  Out: lowest   n entries. */
void sg_oracle_components(uint32_t *lowest, size_t n, const struct oracle_edge *edges,
                          size_t n_edges);

#endif
