#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Holdings while they are gathered. */
struct gather {
    struct sg_taint_holding *items;
    size_t count, capacity;
};

static enum sg_status gather_purse(struct gather *g, struct sg_taint_run *run,
                                   const struct sg_node *node, const struct sg_purse *purse,
                                   struct sg_err *err)
{
    for (uint32_t t = 0; t < run->input->n_thefts; t++) {
        const struct sg_amount part = sg_lots_of(&purse->lots, t);
        if (sg_amount_is_zero(part))
            continue;
        if (!SG_VEC_RESERVE(g->items, g->count, g->capacity, 1))
            return sg_err_nomem(err);
        g->items[g->count++] =
            (struct sg_taint_holding){node->addr, purse->asset, t, part, purse->total, node->hop};
        struct sg_taint_total *total = sg_total(run, purse->asset, t);
        const enum sg_status st = total ? sg_sum(&total->holdings, part, err) : sg_err_nomem(err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status gather_holdings(struct gather *g, struct sg_taint_run *run,
                                      struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < run->n_nodes; i++)
        for (uint32_t p = run->nodes[i].purses; p != SG_TAINT_NONE && st == SG_OK;
             p = run->purses[p].next)
            if (!sg_amount_is_zero(run->purses[p].tainted))
                st = gather_purse(g, run, &run->nodes[i], &run->purses[p], err);
    return st;
}

static int cmp_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int cmp_holding(const void *a, const void *b)
{
    const struct sg_taint_holding *x = a, *y = b;
    int c = cmp_u32(x->addr.v, y->addr.v);
    if (c == 0)
        c = cmp_u32(x->asset.v, y->asset.v);
    return c != 0 ? c : cmp_u32(x->theft, y->theft);
}

static int cmp_total(const void *a, const void *b)
{
    const struct sg_taint_total *x = a, *y = b;
    const int c = cmp_u32(x->asset.v, y->asset.v);
    return c != 0 ? c : cmp_u32(x->theft, y->theft);
}

static int cmp_addr(const void *a, const void *b)
{
    return cmp_u32(((const struct sg_addr_id *)a)->v, ((const struct sg_addr_id *)b)->v);
}

/* Copy an array into the arena; NULL for an empty one. */
static bool copy(const void **to, struct sg_arena *arena, const void *items, size_t count,
                 size_t size)
{
    *to = NULL;
    if (count == 0)
        return true;
    void *made = sg_arena_alloc(arena, count, size);
    if (!made)
        return false;
    memcpy(made, items, count * size);
    *to = made;
    return true;
}

static bool copy_followed(struct sg_taint_result *result, struct sg_arena *arena,
                          const struct sg_taint_run *run)
{
    struct sg_addr_id *followed = sg_arena_alloc(arena, run->n_nodes + 1, sizeof(*followed));
    size_t n = 0;
    if (!followed)
        return false;
    for (size_t i = 0; i < run->n_nodes; i++)
        if ((run->nodes[i].flags & SG_NODE_TAINTED) && run->nodes[i].addr.v != SG_ID_NONE)
            followed[n++] = run->nodes[i].addr;
    if (n > 1)
        qsort(followed, n, sizeof(*followed), cmp_addr);
    result->followed = followed;
    result->n_followed = n;
    return true;
}

/* Both sides of the equation of the header. */
static bool conserved(const struct sg_taint_total *t)
{
    struct sg_amount in = t->stolen, out = t->destinations;
    return sg_amount_add(&in, in, t->converted_in) && sg_amount_add(&in, in, t->excess) &&
           sg_amount_add(&out, out, t->holdings) && sg_amount_add(&out, out, t->fees) &&
           sg_amount_add(&out, out, t->converted_out) && sg_amount_add(&out, out, t->dust) &&
           sg_amount_add(&out, out, t->beyond) && sg_amount_cmp(in, out) == 0;
}

static enum sg_status check_conserved(const struct sg_taint_run *run, struct sg_err *err)
{
    for (size_t i = 0; i < run->n_totals; i++)
        if (!conserved(&run->totals[i]))
            return sg_err_set(
                err, SG_ECORRUPT,
                "money was not conserved under %s in asset %u of theft %u: a fault of "
                "this program, the figures are withheld",
                sg_policy_name(run->input->policy), run->totals[i].asset.v, run->totals[i].theft);
    return SG_OK;
}

static bool copy_all(struct sg_taint_result *made, struct sg_arena *arena,
                     const struct sg_taint_run *run, const struct gather *g)
{
    made->n_moves = run->n_moves;
    made->n_holdings = g->count;
    made->n_inflows = run->n_inflows;
    made->n_swaps = run->n_swaps;
    made->n_totals = run->n_totals;
    return copy((const void **)&made->moves, arena, run->moves, run->n_moves,
                sizeof(*run->moves)) &&
           copy((const void **)&made->holdings, arena, g->items, g->count, sizeof(*g->items)) &&
           copy((const void **)&made->inflows, arena, run->inflows, run->n_inflows,
                sizeof(*run->inflows)) &&
           copy((const void **)&made->swaps, arena, run->swaps, run->n_swaps,
                sizeof(*run->swaps)) &&
           copy((const void **)&made->totals, arena, run->totals, run->n_totals,
                sizeof(*run->totals)) &&
           copy_followed(made, arena, run);
}

enum sg_status sg_result_make(struct sg_taint_result *result, struct sg_arena *arena,
                              struct sg_taint_run *run, struct sg_err *err)
{
    struct gather g = {0};
    struct sg_taint_result made = {
        .rows_replayed = run->rows_replayed,
        .unordered_blocks = run->unordered_blocks,
        .unordered_blocks_kept = run->unordered_blocks_kept,
    };
    enum sg_status st = gather_holdings(&g, run, err);
    if (st == SG_OK)
        st = check_conserved(run, err);
    if (st == SG_OK) {
        if (g.count > 1)
            qsort(g.items, g.count, sizeof(*g.items), cmp_holding);
        if (run->n_totals > 1)
            qsort(run->totals, run->n_totals, sizeof(*run->totals), cmp_total);
        if (copy_all(&made, arena, run, &g))
            *result = made;
        else
            st = sg_err_nomem(err);
    }
    sg_mem_free(g.items);
    return st;
}
