#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

/* Rows are gone through from the latest to the earliest. An address carries a demand: how much of
 * what it paid later is still to be explained. A payment that came in takes the part
 * demand * amount / (all that came in up to it) and hands it on to its payer; what the floor leaves
 * goes to earlier payments, the first takes all. docs/methods/backward.md shows that this divides
 * every demand in proportion. */

struct seeker {
    struct sg_addr_id addr;
    struct sg_amount demand;
    struct sg_amount inflow; /* native, of rows [first, cursor) of the cache */
    size_t first, cursor;    /* rows at and above the cursor are done */
    uint32_t hop;
};

struct search {
    struct sg_taint_cache *cache;
    const struct sg_addr_id *services;
    size_t n_services;
    uint32_t hops_max;
    struct seeker *seekers;
    size_t n_seekers, seekers_cap;
    struct sg_ids seeker_of;
    struct sg_funder *funders;
    size_t n_funders, funders_cap;
};

static bool is_service(const struct search *s, struct sg_addr_id addr)
{
    size_t low = 0, high = s->n_services;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (s->services[mid].v < addr.v)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->n_services && s->services[low].v == addr.v;
}

static bool comes_in(const struct sg_row *row, struct sg_addr_id addr)
{
    return sg_row_moves(row) && row->asset.v == 0 && row->to.v == addr.v;
}

/* Look behind an address: its rows below `before` are to be gone through. */
static enum sg_status seek(uint32_t *seeker, struct search *s, struct sg_addr_id addr,
                           uint64_t before, uint32_t hop, struct sg_err *err)
{
    enum sg_status st = sg_cache_read(s->cache, &addr, 1, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(s->seekers, s->n_seekers, s->seekers_cap, 1) ||
        !sg_ids_put(&s->seeker_of, addr.v, (uint32_t)s->n_seekers))
        return sg_err_nomem(err);
    const struct sg_cached_addr *list = sg_cache_rows(s->cache, addr);
    struct seeker made = {.addr = addr, .first = list->first, .cursor = list->first, .hop = hop};
    while (made.cursor < list->first + list->count && s->cache->rows[made.cursor].row.id < before &&
           st == SG_OK) {
        const struct sg_row *row = &s->cache->rows[made.cursor++].row;
        if (comes_in(row, addr))
            st = sg_sum(&made.inflow, row->amount, err);
    }
    *seeker = (uint32_t)s->n_seekers;
    s->seekers[s->n_seekers++] = made;
    return st;
}

/* Drop rows that bring nothing; false if none is left. */
static bool to_next_inflow(const struct search *s, struct seeker *k)
{
    while (k->cursor > k->first && !comes_in(&s->cache->rows[k->cursor - 1].row, k->addr))
        k->cursor--;
    return k->cursor > k->first;
}

/* Rows at and above `before` explain nothing that happened before it. */
static void step_over(const struct search *s, struct seeker *k, uint64_t before)
{
    while (k->cursor > k->first && s->cache->rows[k->cursor - 1].row.id >= before) {
        const struct sg_row *row = &s->cache->rows[--k->cursor].row;
        if (comes_in(row, k->addr) && !sg_amount_sub(&k->inflow, k->inflow, row->amount))
            k->inflow = SG_AMOUNT_ZERO;
    }
}

/* The seeker whose next payment is the latest; n_seekers if all are done. Few addresses fund a
 * thief: a scan is cheaper than a heap whose keys move. */
static size_t latest(const struct search *s)
{
    size_t best = s->n_seekers;
    uint64_t best_row = 0;
    for (size_t i = 0; i < s->n_seekers; i++) {
        struct seeker *k = &s->seekers[i];
        if (sg_amount_is_zero(k->demand) || !to_next_inflow(s, k))
            continue;
        const uint64_t row = s->cache->rows[k->cursor - 1].row.id;
        if (best == s->n_seekers || row > best_row) {
            best = i;
            best_row = row;
        }
    }
    return best;
}

/* Hand a share on to the payer of a row; *stops if nobody looks behind him. */
static enum sg_status hand_on(bool *stops, struct search *s, const struct sg_row *row,
                              struct sg_amount share, uint32_t hop, struct sg_err *err)
{
    *stops = row->from.v == SG_ID_NONE || is_service(s, row->from) || hop >= s->hops_max;
    if (*stops)
        return SG_OK;
    uint32_t i = sg_ids_get(&s->seeker_of, row->from.v);
    if (i == SG_IDS_NONE) {
        const enum sg_status st = seek(&i, s, row->from, row->id, hop, err);
        if (st != SG_OK)
            return st;
    }
    struct seeker *k = &s->seekers[i];
    if (hop < k->hop)
        k->hop = hop;
    step_over(s, k, row->id);
    *stops = !to_next_inflow(s, k);
    return *stops ? SG_OK : sg_sum(&k->demand, share, err);
}

static enum sg_status step(struct search *s, size_t seeker, struct sg_err *err)
{
    struct seeker *k = &s->seekers[seeker];
    const struct sg_row row = s->cache->rows[--k->cursor].row;
    const uint32_t hop = k->hop + 1;
    const struct sg_amount share = sg_amount_mul_div(NULL, k->demand, row.amount, k->inflow);
    if (!sg_amount_sub(&k->demand, k->demand, share) ||
        !sg_amount_sub(&k->inflow, k->inflow, row.amount))
        return sg_err_set(err, SG_ECORRUPT, "a funder gave more than came in");
    if (sg_amount_is_zero(share))
        return SG_OK;
    bool stops = false;
    const enum sg_status st = hand_on(&stops, s, &row, share, hop, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(s->funders, s->n_funders, s->funders_cap, 1))
        return sg_err_nomem(err);
    s->funders[s->n_funders++] =
        (struct sg_funder){row.id, row.tx, row.from, row.to, row.amount, share, hop, stops};
    return SG_OK;
}

static enum sg_status search(struct search *s, struct sg_amount *explained, struct sg_addr_id addr,
                             uint64_t before_row, struct sg_err *err)
{
    uint32_t first;
    enum sg_status st = seek(&first, s, addr, before_row, 0, err);
    if (st != SG_OK)
        return st;
    *explained = s->seekers[first].demand = s->seekers[first].inflow;
    for (size_t i; st == SG_OK && (i = latest(s)) < s->n_seekers;)
        st = step(s, i, err);
    return st;
}

enum sg_status sg_taint_funders(const struct sg_funder **funders, size_t *n_funders,
                                struct sg_amount *explained, struct sg_arena *arena,
                                struct sg_taint_cache *cache, struct sg_addr_id addr,
                                uint64_t before_row, const struct sg_addr_id *services,
                                size_t n_services, uint32_t hops_max, struct sg_err *err)
{
    struct search s = {
        .cache = cache, .services = services, .n_services = n_services, .hops_max = hops_max};
    struct sg_amount sum = SG_AMOUNT_ZERO;
    enum sg_status st = search(&s, &sum, addr, before_row, err);
    struct sg_funder *made = NULL;
    if (st == SG_OK) {
        made = sg_arena_alloc(arena, s.n_funders + 1, sizeof(*made));
        st = made ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK) {
        for (size_t i = 0; i < s.n_funders; i++)
            made[i] = s.funders[i];
        *funders = made;
        *n_funders = s.n_funders;
        *explained = sum;
    }
    sg_mem_free(s.funders);
    sg_mem_free(s.seekers);
    sg_ids_clear(&s.seeker_of);
    return st;
}
