#include "analysis/reach/reach_filter_internal.h"

#include "base/mem.h"

/* Pieces that the ledger is told of before they are read: 16 MB of two columns, some hundredths of
 * a second of a fast disk. */
#define EXPECTED 32

/* Rows ahead whose words of the bitmap are fetched. */
#define AHEAD 48

/* Rows that are asked about at once. */
#define ASKED 512

struct reading {
    const struct sg_reach_filter *filter;
    struct sg_reach_piece *piece;
    uint64_t first;
};

/* All whose receiver is unknown. Without a branch, for nobody can guess it, and with the words of
 * the bitmap on their way before they are needed. */
static size_t keep_unknown(struct sg_reach_candidate *items, const uint64_t *known,
                           uint32_t n_addrs, const uint32_t *to, size_t n, uint32_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t soon = to[i + AHEAD < n ? i + AHEAD : i];
        __builtin_prefetch(&known[(soon < n_addrs ? soon : n_addrs) / 64]);
        items[kept].at = at + (uint32_t)i;
        items[kept].to = to[i];
        kept += !sg_reach_has(known, to[i] < n_addrs ? to[i] : n_addrs);
    }
    return kept;
}

/* Of those, the ones whose sender can be of use: known, or not known yet. */
static size_t keep_spreading(struct sg_reach_candidate *items, size_t n,
                             const struct sg_reach_filter *f, const struct sg_row_span *span,
                             uint32_t at)
{
    const bool one_asset = f->options->one_asset;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct sg_reach_candidate c = items[i];
        const size_t k = c.at - at;
        c.from = span->from[k];
        if (c.from >= f->n_addrs || c.from == c.to ||
            (one_asset && span->asset[k] != f->options->asset.v) ||
            (f->stops && sg_reach_has(f->stops, c.from)))
            continue;
        c.at |= sg_reach_has(f->known, c.from) ? SG_REACH_SURE : 0;
        items[kept++] = c;
    }
    return kept;
}

static bool on_span(void *ctx, const struct sg_row_span *span)
{
    struct reading *r = ctx;
    const struct sg_reach_filter *f = r->filter;
    struct sg_reach_candidate *items = r->piece->items + r->piece->n;
    const uint32_t at = (uint32_t)(span->first - r->first);
    const size_t n = keep_unknown(items, f->known, f->n_addrs, span->to, span->count, at);
    r->piece->n += keep_spreading(items, n, f, span, at);
    return true;
}

/* Without branches here too, for sure or not is a toss.
 * Drop those of items [from, end) that are sure but for moving nothing; to: where they go. */
static enum sg_status ask_some(size_t *to, const struct reading *r, size_t from, size_t end,
                               struct sg_err *err)
{
    const struct sg_ledger *l = r->filter->ledger;
    struct sg_reach_candidate *items = r->piece->items;
    uint64_t rows[ASKED];
    bool moves[ASKED + 1] = {false}; /* one is looked at behind the last */
    size_t n = 0, asked = 0;
    for (size_t i = from; i < end; i++) {
        rows[n] = r->first + (items[i].at & ~SG_REACH_SURE);
        n += (items[i].at & SG_REACH_SURE) != 0;
    }
    const enum sg_status st = n ? l->ops->moves(l->self, moves, rows, n, err) : SG_OK;
    if (st != SG_OK)
        return st;
    for (size_t i = from; i < end; i++) {
        const bool sure = items[i].at & SG_REACH_SURE;
        items[*to] = items[i];
        *to += !sure | moves[asked];
        asked += sure;
    }
    return SG_OK;
}

static enum sg_status ask(const struct reading *r, struct sg_err *err)
{
    struct sg_reach_piece *piece = r->piece;
    enum sg_status st = SG_OK;
    size_t to = 0;
    for (size_t i = 0; i < piece->n && st == SG_OK; i += ASKED)
        st = ask_some(&to, r, i, piece->n - i < ASKED ? piece->n : i + ASKED, err);
    piece->n = to;
    return st;
}

void sg_reach_filter_piece(struct sg_reach_piece *piece, const struct sg_reach_filter *f,
                           uint64_t number)
{
    const struct sg_ledger *l = f->ledger;
    const unsigned columns = SG_COL_FROM | SG_COL_TO | (f->options->one_asset ? SG_COL_ASSET : 0u);
    const uint64_t n_rows = l->stats.rows, first = number * SG_REACH_PIECE;
    const uint64_t end = n_rows - first < SG_REACH_PIECE ? n_rows : first + SG_REACH_PIECE;
    const uint64_t ahead = first + (uint64_t)EXPECTED * SG_REACH_PIECE;
    const uint64_t ahead_end = n_rows - end < (uint64_t)EXPECTED * SG_REACH_PIECE
                                   ? n_rows
                                   : end + (uint64_t)EXPECTED * SG_REACH_PIECE;
    struct reading r = {f, piece, first};
    if (ahead < n_rows)
        l->ops->expect(l->self, number ? ahead : first, ahead_end, columns | SG_COL_MOVES);
    piece->n = 0;
    piece->status = l->ops->scan(l->self, first, end, columns, on_span, &r, &piece->err);
    if (piece->status == SG_OK)
        piece->status = ask(&r, &piece->err);
}

static void mark(uint64_t *bits, const struct sg_addr_id *ids, size_t n, bool set)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t bit = UINT64_C(1) << (ids[i].v % 64);
        if (set)
            bits[ids[i].v / 64] |= bit;
        else
            bits[ids[i].v / 64] &= ~bit;
    }
}

enum sg_status sg_reach_filter_init(struct sg_reach_filter *f, const struct sg_ledger *ledger,
                                    const struct sg_reach_options *o, struct sg_err *err)
{
    const size_t words = (size_t)ledger->stats.addresses / 64 + 1;
    *f = (struct sg_reach_filter){
        .ledger = ledger, .options = o, .n_addrs = (uint32_t)ledger->stats.addresses};
    f->known = sg_mem_zalloc(words, sizeof(*f->known));
    if (o->n_stops)
        f->stops = sg_mem_zalloc(words, sizeof(*f->stops));
    if (!f->known || (o->n_stops && !f->stops)) {
        sg_reach_filter_clear(f);
        return sg_err_nomem(err);
    }
    mark(f->known, &(struct sg_addr_id){f->n_addrs}, 1, true);
    mark(f->known, o->sources, o->n_sources, true);
    if (f->stops) {
        mark(f->stops, o->stops, o->n_stops, true);
        mark(f->stops, o->sources, o->n_sources, false);
    }
    return SG_OK;
}

void sg_reach_filter_clear(struct sg_reach_filter *f)
{
    sg_mem_free(f->known);
    sg_mem_free(f->stops);
    *f = (struct sg_reach_filter){0};
}
