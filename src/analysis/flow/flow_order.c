/* Order within the layers: barycentre sweeps to and fro; the best order met is kept. */
#include "analysis/flow/flow_internal.h"

#include <string.h>

/* Sweeps; small graphs settle within four. */
#define SWEEPS 12

/* Positions are scaled before division, so that close barycentres stay apart. */
#define FINE 4096

static void set_ranks(struct graph *g)
{
    for (size_t l = 0; l < g->n_layers; l++)
        for (uint32_t i = g->first_of[l]; i < g->first_of[l + 1]; i++)
            g->rank[g->order[i]] = i - g->first_of[l];
}

/* Weighted crossings: for each two pieces between the same layers, the product of their widths. */
static uint64_t crossings(const struct graph *g)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < g->n_pieces; i++)
        for (size_t j = i + 1; j < g->n_pieces; j++) {
            const struct piece *a = &g->pieces[i], *b = &g->pieces[j];
            if (g->cells[a->left].layer != g->cells[b->left].layer)
                continue;
            const int left =
                (g->rank[a->left] > g->rank[b->left]) - (g->rank[a->left] < g->rank[b->left]);
            const int right =
                (g->rank[a->right] > g->rank[b->right]) - (g->rank[a->right] < g->rank[b->right]);
            if (left * right < 0)
                sum += (uint64_t)a->weight * (uint64_t)b->weight;
        }
    return sum;
}

/* Mean rank of the neighbours on one side, by weight; the own rank where there are none. */
static int64_t barycentre(const struct graph *g, uint32_t cell, bool from_left)
{
    int64_t sum = 0, weight = 0;
    for (size_t i = 0; i < g->n_pieces; i++) {
        const struct piece *p = &g->pieces[i];
        if ((from_left ? p->right : p->left) != cell)
            continue;
        const uint32_t other = from_left ? p->left : p->right;
        sum += (int64_t)g->rank[other] * p->weight;
        weight += p->weight;
    }
    return weight ? sum * FINE / weight : (int64_t)g->rank[cell] * FINE;
}

/* Stable, so that ties keep the order there was. */
static void sort_layer(struct graph *g, size_t layer, int64_t *key, bool from_left)
{
    uint32_t *at = g->order + g->first_of[layer];
    const size_t n = g->first_of[layer + 1] - g->first_of[layer];
    for (size_t i = 0; i < n; i++)
        key[at[i]] = barycentre(g, at[i], from_left);
    for (size_t i = 1; i < n; i++) {
        const uint32_t cell = at[i];
        size_t j = i;
        for (; j > 0 && key[at[j - 1]] > key[cell]; j--)
            at[j] = at[j - 1];
        at[j] = cell;
    }
}

static void sweep(struct graph *g, int64_t *key, bool from_left)
{
    for (size_t k = 1; k < g->n_layers; k++) {
        sort_layer(g, from_left ? k : g->n_layers - 1 - k, key, from_left);
        set_ranks(g);
    }
}

enum sg_status sg_flow_order(struct graph *g, struct sg_arena *arena, struct sg_err *err)
{
    int64_t *key = sg_arena_alloc(arena, g->n_cells + 1, sizeof(*key));
    uint32_t *best = sg_arena_alloc(arena, g->n_cells + 1, sizeof(*best));
    if (!key || !best)
        return sg_err_nomem(err);
    set_ranks(g);
    memcpy(best, g->order, g->n_cells * sizeof(*best));
    uint64_t least = crossings(g);
    for (int i = 0; i < SWEEPS && least > 0; i++) {
        sweep(g, key, i % 2 == 0);
        const uint64_t now = crossings(g);
        if (now >= least)
            continue;
        least = now;
        memcpy(best, g->order, g->n_cells * sizeof(*best));
    }
    memcpy(g->order, best, g->n_cells * sizeof(*best));
    set_ranks(g);
    return SG_OK;
}
