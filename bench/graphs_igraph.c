/* igraph: a directed graph of all rows, and the vertices that a path leads to. */
#include "graphs.h"
#include "yardstick.h"

#include <igraph/igraph.h>
#include <stdio.h>
#include <stdlib.h>

static void check(igraph_error_t code)
{
    if (code == IGRAPH_SUCCESS)
        return;
    fprintf(stderr, "bench_graphs: igraph: %s\n", igraph_strerror(code));
    exit(1);
}

void sg_bench_igraph(struct sg_bench_peer *peer, const struct sg_bench_chain *c)
{
    igraph_vector_int_t edges, order;
    igraph_t graph;
    uint64_t begin = sg_bench_now_ns();
    check(igraph_vector_int_init(&edges, (igraph_integer_t)(2 * c->n_rows)));
    for (uint64_t i = 0; i < c->n_rows; i++) {
        VECTOR(edges)[2 * i] = c->from[i];
        VECTOR(edges)[2 * i + 1] = c->to[i];
    }
    check(igraph_create(&graph, &edges, c->n_addrs, IGRAPH_DIRECTED));
    igraph_vector_int_destroy(&edges);
    peer->load_ns = sg_bench_now_ns() - begin;
    check(igraph_vector_int_init(&order, 0));
    begin = sg_bench_now_ns();
    check(igraph_bfs_simple(&graph, 0, IGRAPH_OUT, &order, NULL, NULL));
    peer->search_ns = sg_bench_now_ns() - begin;
    peer->n_found = (uint64_t)igraph_vector_int_size(&order) - 1;
    igraph_vector_int_destroy(&order);
    igraph_destroy(&graph);
}

void sg_bench_igraph_version(void)
{
    const char *version;
    igraph_version(&version, NULL, NULL, NULL);
    printf("# igraph %s\n", version);
}
