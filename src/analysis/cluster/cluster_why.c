/* The way between two owners through the forest of joins: a search in breadth from one of them. */
#include "analysis/cluster/cluster.h"

#include "base/mem.h"

#include <string.h>

/* Links of each owner, as lists in two arrays: half-link 2 l and 2 l + 1 are the ends of link l. */
struct graph {
    const struct sg_clusters *clusters;
    size_t *first; /* of an owner: its newest half-link + 1 */
    size_t *next;  /* of a half-link */
    size_t *came;  /* of an owner: the half-link by which it was reached + 1 */
    uint32_t *queue;
};

static void clear(struct graph *g)
{
    sg_mem_free(g->first);
    sg_mem_free(g->next);
    sg_mem_free(g->came);
    sg_mem_free(g->queue);
}

static uint32_t end_of(const struct graph *g, size_t half)
{
    const struct sg_cluster_link *link = &g->clusters->links[half / 2];
    return half % 2 ? link->b : link->a;
}

static enum sg_status build(struct graph *g, struct sg_err *err)
{
    const size_t n = g->clusters->n_owners, n_half = 2 * g->clusters->n_links;
    g->first = sg_mem_zalloc(n + 1, sizeof(*g->first));
    g->came = sg_mem_zalloc(n + 1, sizeof(*g->came));
    g->queue = sg_mem_alloc(n + 1, sizeof(*g->queue));
    g->next = sg_mem_alloc(n_half + 1, sizeof(*g->next));
    if (!g->first || !g->came || !g->queue || !g->next)
        return sg_err_nomem(err);
    for (size_t half = 0; half < n_half; half++) {
        const uint32_t owner = end_of(g, half);
        g->next[half] = g->first[owner];
        g->first[owner] = half + 1;
    }
    return SG_OK;
}

/* From `from` outwards until `to` is reached. */
static bool search(struct graph *g, uint32_t from, uint32_t to)
{
    size_t head = 0, tail = 0;
    g->queue[tail++] = from;
    g->came[from] = SIZE_MAX;
    while (head < tail && !g->came[to]) {
        const uint32_t owner = g->queue[head++];
        for (size_t half = g->first[owner]; half; half = g->next[half - 1]) {
            const size_t across = (half - 1) ^ 1;
            const uint32_t reached = end_of(g, across);
            if (g->came[reached])
                continue;
            g->came[reached] = across + 1;
            g->queue[tail++] = reached;
        }
    }
    return g->came[to] != 0;
}

static enum sg_status write_way(struct sg_cluster_link **way, size_t *n, const struct graph *g,
                                uint32_t from, uint32_t to, struct sg_err *err)
{
    size_t steps = 0;
    for (uint32_t at = to; at != from; steps++)
        at = end_of(g, (g->came[at] - 1) ^ 1);
    struct sg_cluster_link *links = sg_mem_alloc(steps + 1, sizeof(*links));
    if (!links)
        return sg_err_nomem(err);
    *n = steps;
    for (uint32_t at = to; at != from;) {
        const size_t half = g->came[at] - 1;
        struct sg_cluster_link *link = &links[--steps];
        *link = g->clusters->links[half / 2];
        link->b = at;
        link->a = at = end_of(g, half ^ 1);
    }
    *way = links;
    return SG_OK;
}

enum sg_status sg_cluster_why(struct sg_cluster_link **way, size_t *n,
                              const struct sg_clusters *clusters, uint32_t from, uint32_t to,
                              struct sg_err *err)
{
    struct graph g = {.clusters = clusters};
    *way = NULL;
    *n = 0;
    if (from == to)
        return SG_OK;
    enum sg_status st = build(&g, err);
    if (st == SG_OK && !search(&g, from, to))
        st = sg_err_set(err, SG_ENOTFOUND, "nothing joins the two");
    if (st == SG_OK)
        st = write_way(way, n, &g, from, to, err);
    clear(&g);
    return st;
}
