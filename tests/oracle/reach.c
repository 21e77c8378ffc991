#include "oracle/reach.h"

static bool among(const struct sg_addr_id *ids, size_t n, uint32_t addr)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i].v == addr)
            return true;
    return false;
}

static bool spreads(const uint64_t *first, uint64_t row, uint32_t addr,
                    const struct sg_reach_options *o)
{
    if (among(o->sources, o->n_sources, addr))
        return true;
    return first[addr] < row && !among(o->stops, o->n_stops, addr);
}

void oracle_reach(uint64_t *first, size_t n_addrs, const struct sg_row *rows, size_t n_rows,
                  const struct sg_reach_options *o)
{
    for (size_t i = 0; i < n_addrs; i++)
        first[i] = ORACLE_NEVER;
    for (size_t i = 0; i < n_rows; i++) {
        const struct sg_row *r = &rows[i];
        if (r->from.v == SG_ID_NONE || r->to.v == SG_ID_NONE || r->from.v == r->to.v)
            continue;
        if (sg_amount_is_zero(r->amount) || (r->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)))
            continue;
        if (o->one_asset && r->asset.v != o->asset.v)
            continue;
        if (first[r->to.v] == ORACLE_NEVER && !among(o->sources, o->n_sources, r->to.v) &&
            spreads(first, r->id, r->from.v, o))
            first[r->to.v] = r->id;
    }
}
