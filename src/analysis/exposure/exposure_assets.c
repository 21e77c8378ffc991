#include "analysis/exposure/exposure.h"

#include "base/ids.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct tally {
    struct sg_addr_id addr;
    struct sg_exposure_asset *items;
    size_t count, capacity;
    struct sg_ids at; /* asset -> index into items */
    bool no_memory;
};

static struct sg_exposure_asset *find(struct tally *t, struct sg_asset_id asset)
{
    const uint32_t at = sg_ids_get(&t->at, asset.v);
    if (at != SG_IDS_NONE)
        return &t->items[at];
    if (!SG_VEC_RESERVE(t->items, t->count, t->capacity, 1) ||
        !sg_ids_put(&t->at, asset.v, (uint32_t)t->count))
        return NULL;
    t->items[t->count] = (struct sg_exposure_asset){.asset = asset};
    return &t->items[t->count++];
}

static bool take(void *ctx, const struct sg_row *row)
{
    struct tally *t = ctx;
    if (row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE) || row->from.v == row->to.v)
        return true;
    struct sg_exposure_asset *asset = find(t, row->asset);
    t->no_memory = !asset;
    if (!asset)
        return false;
    struct sg_amount *side = row->to.v == t->addr.v ? &asset->in : &asset->out;
    if (!sg_amount_add(side, *side, row->amount))
        *side = sg_amount_from(~(sg_u128)0);
    asset->rows++;
    return true;
}

static int by_rows(const void *a, const void *b)
{
    const struct sg_exposure_asset *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return (x->asset.v > y->asset.v) - (x->asset.v < y->asset.v);
}

enum sg_status sg_exposure_assets(const struct sg_exposure_asset **assets, size_t *n,
                                  struct sg_arena *arena, const struct sg_ledger *ledger,
                                  struct sg_addr_id addr, struct sg_err *err)
{
    struct tally t = {.addr = addr};
    enum sg_status st = find(&t, (struct sg_asset_id){0}) ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = ledger->ops->rows_of(ledger->self, &addr, 1, 0, take, &t, err);
    if (st == SG_OK && t.no_memory)
        st = sg_err_nomem(err);
    struct sg_exposure_asset *made =
        st == SG_OK ? sg_arena_alloc(arena, t.count, sizeof(*made)) : NULL;
    if (st == SG_OK && !made)
        st = sg_err_nomem(err);
    if (st == SG_OK) {
        memcpy(made, t.items, t.count * sizeof(*made));
        qsort(made, t.count, sizeof(*made), by_rows);
        *assets = made;
        *n = t.count;
    }
    sg_mem_free(t.items);
    sg_ids_clear(&t.at);
    return st;
}
