/* Cycles out, layers in. */
#include "analysis/flow/flow.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

enum colour { NEW, OPEN, DONE };

struct search {
    struct sg_flow_edge *edges;
    uint32_t *first; /* n_nodes + 1: edges of node v are by_from[first[v]..first[v + 1]) */
    uint32_t *by_from;
    uint32_t *next; /* per node: the next of its edges to follow */
    uint32_t *path; /* edges from the root of the search to where it stands */
    uint8_t *colour;
    size_t n_edges, n_nodes;
    size_t depth;
};

static bool search_alloc(struct search *s)
{
    s->first = sg_mem_zalloc(s->n_nodes + 2, sizeof(*s->first));
    s->by_from = sg_mem_alloc(s->n_edges + 1, sizeof(*s->by_from));
    s->next = sg_mem_alloc(s->n_nodes + 1, sizeof(*s->next));
    s->path = sg_mem_alloc(s->n_nodes + 1, sizeof(*s->path));
    s->colour = sg_mem_alloc(s->n_nodes + 1, sizeof(*s->colour));
    return s->first && s->by_from && s->next && s->path && s->colour;
}

static void search_clear(struct search *s)
{
    sg_mem_free(s->colour);
    sg_mem_free(s->path);
    sg_mem_free(s->next);
    sg_mem_free(s->by_from);
    sg_mem_free(s->first);
}

/* Counting sort of the edges by where they leave. */
static void index_edges(struct search *s)
{
    for (size_t i = 0; i < s->n_edges; i++)
        s->first[s->edges[i].from + 1]++;
    for (size_t v = 0; v < s->n_nodes; v++)
        s->first[v + 1] += s->first[v];
    memcpy(s->next, s->first, s->n_nodes * sizeof(*s->next));
    for (size_t i = 0; i < s->n_edges; i++)
        s->by_from[s->next[s->edges[i].from]++] = (uint32_t)i;
}

/* path[k..depth) is a cycle: the smallest of its amounts goes. */
static void cancel(struct search *s, size_t k)
{
    struct sg_amount least = s->edges[s->path[k]].amount;
    for (size_t i = k; i < s->depth; i++)
        least = sg_amount_min(least, s->edges[s->path[i]].amount);
    for (size_t i = k; i < s->depth; i++) {
        struct sg_amount *amount = &s->edges[s->path[i]].amount;
        const bool ok = sg_amount_sub(amount, *amount, least);
        assert(ok);
        (void)ok;
    }
}

/* The edge just put on the path leads to an open node: its cycle starts where the path left it. */
static void cancel_back_to(struct search *s, uint32_t node)
{
    size_t k = s->depth - 1;
    while (s->edges[s->path[k]].from != node)
        k--;
    cancel(s, k);
}

/* Depth first from root; true if a cycle was met (and cancelled). */
static bool search_from(struct search *s, uint32_t root)
{
    uint32_t at = root;
    s->depth = 0;
    s->colour[root] = OPEN;
    for (;;) {
        if (s->next[at] == s->first[at + 1]) {
            s->colour[at] = DONE;
            if (s->depth == 0)
                return false;
            at = s->edges[s->path[--s->depth]].from;
            continue;
        }
        const uint32_t e = s->by_from[s->next[at]++];
        const uint32_t to = s->edges[e].to;
        if (sg_amount_is_zero(s->edges[e].amount) || s->colour[to] == DONE)
            continue;
        s->path[s->depth++] = e;
        if (s->colour[to] == OPEN) {
            cancel_back_to(s, to);
            return true;
        }
        s->colour[to] = OPEN;
        at = to;
    }
}

static bool cancel_one(struct search *s)
{
    memset(s->colour, NEW, s->n_nodes);
    memcpy(s->next, s->first, s->n_nodes * sizeof(*s->next));
    for (uint32_t v = 0; v < s->n_nodes; v++)
        if (s->colour[v] == NEW && search_from(s, v))
            return true;
    return false;
}

enum sg_status sg_flow_cancel_cycles(struct sg_flow_edge *edges, size_t n_edges, size_t n_nodes,
                                     struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct search s = {.edges = edges, .n_edges = n_edges, .n_nodes = n_nodes};
    if (n_edges > SG_FLOW_EDGES_MAX || n_nodes > SG_FLOW_NODES_MAX)
        return sg_err_set(err, SG_ELIMIT, "a flow picture of %zu nodes and %zu edges", n_nodes,
                          n_edges);
    if (!search_alloc(&s)) {
        st = sg_err_nomem(err);
        goto out;
    }
    index_edges(&s);
    while (cancel_one(&s))
        continue;
out:
    search_clear(&s);
    return st;
}

static bool push_right(uint32_t *layers, const struct sg_flow_edge *edges, size_t n_edges)
{
    bool moved = false;
    for (size_t i = 0; i < n_edges; i++) {
        const struct sg_flow_edge *e = &edges[i];
        if (sg_amount_is_zero(e->amount) || layers[e->to] > layers[e->from])
            continue;
        layers[e->to] = layers[e->from] + 1;
        moved = true;
    }
    return moved;
}

/* A node that nobody pays stands just left of the first that it pays. */
static void pull_source(uint32_t *layers, const struct sg_flow_edge *edges, size_t n_edges,
                        uint32_t node)
{
    uint32_t nearest = UINT32_MAX;
    for (size_t i = 0; i < n_edges; i++) {
        if (sg_amount_is_zero(edges[i].amount))
            continue;
        if (edges[i].to == node)
            return;
        if (edges[i].from == node && layers[edges[i].to] < nearest)
            nearest = layers[edges[i].to];
    }
    if (nearest != UINT32_MAX)
        layers[node] = nearest - 1;
}

void sg_flow_layers(uint32_t *layers, const struct sg_flow_edge *edges, size_t n_edges,
                    const bool *is_sink, size_t n_nodes)
{
    uint32_t last = 0;
    size_t rounds = 0;
    memset(layers, 0, n_nodes * sizeof(*layers));
    while (push_right(layers, edges, n_edges)) {
        rounds++;
        assert(rounds <= n_nodes); /* a longest way has fewer edges than there are nodes */
    }
    for (uint32_t v = 0; v < n_nodes; v++) {
        if (!is_sink[v])
            pull_source(layers, edges, n_edges, v);
        if (!is_sink[v] && layers[v] + 1 > last)
            last = layers[v] + 1;
    }
    for (size_t i = 0; i < n_edges; i++)
        assert(sg_amount_is_zero(edges[i].amount) || !is_sink[edges[i].from]);
    for (size_t v = 0; v < n_nodes; v++)
        if (is_sink[v])
            layers[v] = last;
}
