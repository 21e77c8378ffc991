#include "analysis/flow/flow_internal.h"

#include <assert.h>

/* What a call carries from step to step. */
struct work {
    struct graph g;
    struct sg_arena *arena;
    const struct sg_flow_node *nodes;
    const struct sg_flow_edge *edges;
    const struct sg_flow_page *page;
    struct sg_amount *value; /* per node */
    size_t n_nodes, n_edges;
};

/* Sums for drawing only: what overflows is drawn as the largest amount there is. */
static struct sg_amount add_capped(struct sg_amount a, struct sg_amount b)
{
    struct sg_amount sum = sg_amount_from(~(sg_u128)0);
    return sg_amount_add(&sum, a, b) ? sum : sg_amount_from(~(sg_u128)0);
}

static struct sg_amount larger(struct sg_amount a, struct sg_amount b)
{
    return sg_amount_cmp(a, b) < 0 ? b : a;
}

static int32_t share(int32_t height, struct sg_amount part, struct sg_amount whole)
{
    return (int32_t)sg_amount_scale((uint32_t)height, part, whole);
}

/* Height of an amount. Above the whole it grows on, up to 16 times. */
static int32_t height_of(const struct work *w, struct sg_amount amount)
{
    int64_t height = 0;
    struct sg_amount rest = amount;
    for (int i = 0; i < 16 && !sg_amount_is_zero(rest); i++) {
        const struct sg_amount part = sg_amount_min(rest, w->page->whole);
        height += share(w->page->whole_height, part, w->page->whole);
        if (!sg_amount_sub(&rest, rest, part))
            break;
    }
    return height < 1 ? 1 : (int32_t)height;
}

static void set_values(struct work *w)
{
    for (size_t v = 0; v < w->n_nodes; v++) {
        struct sg_amount in = {0}, out = {0};
        for (size_t i = 0; i < w->n_edges; i++) {
            if (w->edges[i].to == v)
                in = add_capped(in, w->edges[i].amount);
            if (w->edges[i].from == v)
                out = add_capped(out, w->edges[i].amount);
        }
        w->value[v] = larger(larger(in, out), w->nodes[v].value);
    }
}

static size_t span(const struct work *w, const struct sg_flow_edge *e)
{
    if (sg_amount_is_zero(e->amount))
        return 0;
    assert(w->nodes[e->from].layer < w->nodes[e->to].layer);
    return w->nodes[e->to].layer - w->nodes[e->from].layer;
}

static enum sg_status alloc_graph(struct work *w, struct sg_err *err)
{
    struct graph *g = &w->g;
    size_t n_pieces = 0, n_cells = w->n_nodes;
    for (size_t v = 0; v < w->n_nodes; v++)
        if (w->nodes[v].layer >= g->n_layers)
            g->n_layers = w->nodes[v].layer + 1;
    for (size_t i = 0; i < w->n_edges; i++) {
        const size_t n = span(w, &w->edges[i]);
        n_pieces += n;
        n_cells += n ? n - 1 : 0;
    }
    if (n_pieces > SG_FLOW_PIECES_MAX)
        return sg_err_set(err, SG_ELIMIT, "a flow picture of %zu pieces", n_pieces);
    g->cells = sg_arena_alloc(w->arena, n_cells + 1, sizeof(*g->cells));
    g->pieces = sg_arena_alloc(w->arena, n_pieces + 1, sizeof(*g->pieces));
    g->order = sg_arena_alloc(w->arena, n_cells + 1, sizeof(*g->order));
    g->rank = sg_arena_alloc(w->arena, n_cells + 1, sizeof(*g->rank));
    g->first_of = sg_arena_alloc(w->arena, g->n_layers + 2, sizeof(*g->first_of));
    w->value = sg_arena_alloc(w->arena, w->n_nodes + 1, sizeof(*w->value));
    const bool ok = g->cells && g->pieces && g->order && g->rank && g->first_of && w->value;
    return ok ? SG_OK : sg_err_nomem(err);
}

static void add_node_cells(struct work *w)
{
    for (size_t v = 0; v < w->n_nodes; v++) {
        const struct sg_flow_node *node = &w->nodes[v];
        const int32_t exact = height_of(w, w->value[v]);
        const int32_t height = exact < w->page->height_min ? w->page->height_min : exact;
        const int32_t needed = node->head + height;
        const int32_t slot = needed < node->slot_min ? node->slot_min : needed;
        w->g.cells[w->g.n_cells++] = (struct cell){node->layer, height, slot, node->head, 0};
    }
}

/* An edge over several layers gets a lane in each that it crosses. */
static void add_pieces(struct work *w, uint32_t edge)
{
    struct graph *g = &w->g;
    const struct sg_flow_edge *e = &w->edges[edge];
    const size_t n = span(w, e);
    const int32_t height = height_of(w, e->amount);
    uint32_t left = e->from;
    for (size_t k = 1; k <= n; k++) {
        uint32_t right = e->to;
        if (k < n) {
            right = (uint32_t)g->n_cells;
            g->cells[g->n_cells++] =
                (struct cell){w->nodes[e->from].layer + (uint32_t)k, height, height, 0, 0};
        }
        g->pieces[g->n_pieces++] = (struct piece){edge, left, right, height};
        left = right;
    }
}

static void fill_layers(struct graph *g)
{
    for (size_t i = 0; i < g->n_cells; i++)
        g->first_of[g->cells[i].layer + 1]++;
    for (size_t l = 0; l < g->n_layers; l++)
        g->first_of[l + 1] += g->first_of[l];
    uint32_t at = 0;
    for (uint32_t l = 0; l < g->n_layers; l++)
        for (uint32_t i = 0; i < g->n_cells; i++)
            if (g->cells[i].layer == l)
                g->order[at++] = i;
}

static int32_t layer_x(const struct work *w, uint32_t layer)
{
    const int64_t room = w->page->width - w->page->node_width;
    return w->g.n_layers < 2 ? 0 : (int32_t)(room * layer / (int64_t)(w->g.n_layers - 1));
}

static struct sg_flow_box box_of(const struct work *w, uint32_t cell)
{
    const struct cell *c = &w->g.cells[cell];
    const int32_t y = c->y + c->head + (c->slot - c->head - c->height) / 2;
    return (struct sg_flow_box){layer_x(w, c->layer), y, c->height, c->y, c->slot};
}

/* Whether piece a stands above b on the side of the cell that they share. */
static bool above(const struct graph *g, const struct piece *a, const struct piece *b, bool leaving)
{
    const uint32_t ra = g->rank[leaving ? a->right : a->left];
    const uint32_t rb = g->rank[leaving ? b->right : b->left];
    return ra != rb ? ra < rb : a->edge < b->edge;
}

/* Sum of the amounts on one side of piece i's cell that stand above it. */
static struct sg_amount sum_above(const struct work *w, size_t i, bool leaving)
{
    const struct piece *own = &w->g.pieces[i];
    struct sg_amount sum = {0};
    for (size_t j = 0; j < w->g.n_pieces; j++) {
        const struct piece *p = &w->g.pieces[j];
        const bool same = leaving ? p->left == own->left : p->right == own->right;
        if (j != i && same && above(&w->g, p, own, leaving))
            sum = add_capped(sum, w->edges[p->edge].amount);
    }
    return sum;
}

/* Where a piece touches its cell: from the share of what is above it to the share with it. A lane
 * is filled by its one piece. */
static void touch(int32_t *y, int32_t *height, const struct work *w, size_t i, bool leaving)
{
    const struct piece *p = &w->g.pieces[i];
    const uint32_t cell = leaving ? p->left : p->right;
    const struct sg_flow_box box = box_of(w, cell);
    int32_t top = 0, bottom = box.height;
    if (cell < w->n_nodes) {
        const struct sg_amount before = sum_above(w, i, leaving);
        top = share(box.height, before, w->value[cell]);
        bottom = share(box.height, add_capped(before, w->edges[p->edge].amount), w->value[cell]);
    }
    *y = box.y + top;
    *height = bottom - top;
}

static void put_band(struct sg_flow_band *band, const struct work *w, size_t i)
{
    const struct piece *p = &w->g.pieces[i];
    const bool from_node = p->left < w->n_nodes;
    band->edge = p->edge;
    /* A lane is a line without breadth in x: the pieces meet in the middle of the column. */
    band->x0 = layer_x(w, w->g.cells[p->left].layer) +
               (from_node ? w->page->node_width : w->page->node_width / 2);
    band->x1 = layer_x(w, w->g.cells[p->right].layer) +
               (p->right < w->n_nodes ? 0 : w->page->node_width / 2);
    touch(&band->y0, &band->height0, w, i, true);
    touch(&band->y1, &band->height1, w, i, false);
}

static enum sg_status publish(struct sg_flow_layout *layout, struct work *w, struct sg_err *err)
{
    struct sg_flow_layout made = {.n_bands = w->g.n_pieces, .height = w->g.height};
    made.boxes = sg_arena_alloc(w->arena, w->n_nodes + 1, sizeof(*made.boxes));
    made.bands = sg_arena_alloc(w->arena, w->g.n_pieces + 1, sizeof(*made.bands));
    if (!made.boxes || !made.bands)
        return sg_err_nomem(err);
    for (uint32_t v = 0; v < w->n_nodes; v++)
        made.boxes[v] = box_of(w, v);
    for (size_t i = 0; i < w->g.n_pieces; i++)
        put_band(&made.bands[i], w, i);
    *layout = made;
    return SG_OK;
}

enum sg_status sg_flow_layout(struct sg_flow_layout *layout, struct sg_arena *arena,
                              const struct sg_flow_node *nodes, size_t n_nodes,
                              const struct sg_flow_edge *edges, size_t n_edges,
                              const struct sg_flow_page *page, struct sg_err *err)
{
    struct work w = {{0}, arena, nodes, edges, page, NULL, n_nodes, n_edges};
    assert(page->whole_height > 0 && page->whole_height <= 1000000);
    assert(!sg_amount_is_zero(page->whole));
    if (n_nodes > SG_FLOW_NODES_MAX || n_edges > SG_FLOW_EDGES_MAX)
        return sg_err_set(err, SG_ELIMIT, "a flow picture of %zu nodes and %zu edges", n_nodes,
                          n_edges);
    w.g.gap = page->gap;
    enum sg_status st = alloc_graph(&w, err);
    if (st != SG_OK)
        return st;
    set_values(&w);
    add_node_cells(&w);
    for (uint32_t i = 0; i < n_edges; i++)
        add_pieces(&w, i);
    fill_layers(&w.g);
    st = sg_flow_order(&w.g, arena, err);
    if (st == SG_OK)
        st = sg_flow_place(&w.g, err);
    if (st == SG_OK)
        st = publish(layout, &w, err);
    return st;
}
