#include "oracle/cluster.h"

#include <assert.h>
#include <stdbool.h>

#define NODES_MAX 4096

void sg_oracle_components(uint32_t *lowest, size_t n, const struct oracle_edge *edges,
                          size_t n_edges)
{
    static uint32_t queue[NODES_MAX];
    static bool seen[NODES_MAX];
    assert(n <= NODES_MAX);
    for (size_t i = 0; i < n; i++)
        seen[i] = false;
    for (uint32_t start = 0; start < n; start++) {
        size_t head = 0, tail = 0;
        if (seen[start])
            continue;
        seen[start] = true;
        queue[tail++] = start;
        while (head < tail) {
            const uint32_t at = queue[head++];
            lowest[at] = start;
            for (size_t e = 0; e < n_edges; e++) {
                const uint32_t other = edges[e].a == at   ? edges[e].b
                                       : edges[e].b == at ? edges[e].a
                                                          : at;
                if (!seen[other]) {
                    seen[other] = true;
                    queue[tail++] = other;
                }
            }
        }
    }
}
