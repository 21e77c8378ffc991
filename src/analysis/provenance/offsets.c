#include "analysis/provenance/provenance_internal.h"

#include "base/mem.h"

static size_t slot_of(const struct tally *t, uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ (b * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;
    size_t slot = (size_t)((h ^ (h >> 29)) * 0x94d049bb133111ebu >> (64 - t->bits));
    while (t->cells[slot].count && (t->cells[slot].a != a || t->cells[slot].b != b))
        slot = (slot + 1) & (((size_t)1 << t->bits) - 1);
    return slot;
}

/* Twice the cells, at least half of them free. */
static bool grow(struct tally *t)
{
    struct tally more = {.n = t->n, .bits = t->bits ? t->bits + 1 : 8};
    more.cells = sg_mem_zalloc((size_t)1 << more.bits, sizeof(*more.cells));
    if (!more.cells)
        return false;
    for (size_t i = 0; t->cells && i < (size_t)1 << t->bits; i++)
        if (t->cells[i].count)
            more.cells[slot_of(&more, t->cells[i].a, t->cells[i].b)] = t->cells[i];
    sg_mem_free(t->cells);
    *t = more;
    return true;
}

struct tally_cell *sg_prov_tally_find(const struct tally *tally, uint64_t a, uint64_t b)
{
    struct tally_cell *cell = tally->cells ? &tally->cells[slot_of(tally, a, b)] : NULL;
    return cell && cell->count ? cell : NULL;
}

struct tally_cell *sg_prov_tally_at(struct tally *tally, uint64_t a, uint64_t b)
{
    struct tally_cell *cell = sg_prov_tally_find(tally, a, b);
    if (cell)
        return cell;
    if ((!tally->cells || tally->n >= (size_t)1 << tally->bits >> 1) && !grow(tally))
        return NULL;
    cell = &tally->cells[slot_of(tally, a, b)];
    *cell = (struct tally_cell){.a = a, .b = b};
    tally->n++;
    return cell;
}

uint32_t sg_prov_tally_get(const struct tally *tally, uint64_t a, uint64_t b)
{
    const struct tally_cell *cell = sg_prov_tally_find(tally, a, b);
    return cell ? cell->count : 0;
}

void sg_prov_tally_clear(struct tally *tally)
{
    sg_mem_free(tally->cells);
    *tally = (struct tally){.cells = NULL};
}
