/* Heights within the layers: each cell near the mean of its neighbours, slots apart by the gap. */
#include "analysis/flow/flow_internal.h"

#define ROUNDS 8

/* Room that a layer needs; the layer that needs most sets the height of the picture. */
static int64_t layer_height(const struct graph *g, size_t layer)
{
    int64_t sum = 0;
    for (uint32_t i = g->first_of[layer]; i < g->first_of[layer + 1]; i++)
        sum += g->cells[g->order[i]].slot + (i > g->first_of[layer] ? g->gap : 0);
    return sum;
}

/* Middle of the neighbours on one side by weight, or the own middle where there are none. */
static int64_t wanted_middle(const struct graph *g, uint32_t cell, bool from_left)
{
    const struct cell *own = &g->cells[cell];
    int64_t sum = 0, weight = 0;
    for (size_t i = 0; i < g->n_pieces; i++) {
        const struct piece *p = &g->pieces[i];
        if ((from_left ? p->right : p->left) != cell)
            continue;
        const struct cell *other = &g->cells[from_left ? p->left : p->right];
        sum += ((int64_t)other->y + other->slot / 2) * p->weight;
        weight += p->weight;
    }
    return weight ? sum / weight : (int64_t)own->y + own->slot / 2;
}

/* Push down whoever overlaps the one above, then up whoever leaves at the bottom. The second pass
 * cannot leave at the top, because the layer fits into the height. */
static void settle(struct graph *g, size_t layer)
{
    const uint32_t first = g->first_of[layer], end = g->first_of[layer + 1];
    int32_t free_from = 0, free_to = g->height;
    for (uint32_t i = first; i < end; i++) {
        struct cell *c = &g->cells[g->order[i]];
        if (c->y < free_from)
            c->y = free_from;
        free_from = c->y + c->slot + g->gap;
    }
    for (uint32_t i = end; i-- > first;) {
        struct cell *c = &g->cells[g->order[i]];
        if (c->y > free_to - c->slot)
            c->y = free_to - c->slot;
        free_to = c->y - g->gap;
    }
}

static void relax(struct graph *g, size_t layer, bool from_left)
{
    for (uint32_t i = g->first_of[layer]; i < g->first_of[layer + 1]; i++) {
        struct cell *c = &g->cells[g->order[i]];
        const int64_t y = wanted_middle(g, g->order[i], from_left) - c->slot / 2;
        c->y = (int32_t)(y < 0 ? 0 : y > g->height - c->slot ? g->height - c->slot : y);
    }
    settle(g, layer);
}

static void stack(struct graph *g, size_t layer, int64_t needed)
{
    int32_t y = (int32_t)((g->height - needed) / 2);
    for (uint32_t i = g->first_of[layer]; i < g->first_of[layer + 1]; i++) {
        g->cells[g->order[i]].y = y;
        y += g->cells[g->order[i]].slot + g->gap;
    }
}

enum sg_status sg_flow_place(struct graph *g, struct sg_err *err)
{
    int64_t most = 0;
    for (size_t l = 0; l < g->n_layers; l++)
        if (layer_height(g, l) > most)
            most = layer_height(g, l);
    if (most > INT32_MAX / 4)
        return sg_err_set(err, SG_ELIMIT, "a flow picture too high to draw");
    g->height = (int32_t)most;
    for (size_t l = 0; l < g->n_layers; l++)
        stack(g, l, layer_height(g, l));
    for (int r = 0; r < ROUNDS; r++)
        for (size_t k = 1; k < g->n_layers; k++)
            relax(g, r % 2 == 0 ? g->n_layers - 1 - k : k, r % 2 != 0);
    return SG_OK;
}
