/* One pass over the senders and receivers of all rows. Of the other columns, only the rows that
 * would reach somebody new are read. */
#include "analysis/reach/reach_internal.h"

#include "base/mem.h"
#include "base/vec.h"

/* Rows of a piece (two chunks of the ledger), and the share of them that is many: reading one row
 * by itself costs as much as the further columns of some 30. */
#define PIECE ((uint64_t)2 * 65536)
#define MANY  32

struct scan {
    struct sg_reach *reach;
    const struct sg_ledger *ledger;
    const struct sg_reach_options *options;
    uint64_t *spreads; /* bit a: money goes on from address a */
    uint64_t *known;   /* bit a: a source, or reached */
    uint64_t *stops;   /* bit a; NULL where there are none */
    uint32_t n_addrs;
    size_t capacity;
    uint64_t n_asked; /* rows of this piece that might reach somebody */
    enum sg_status status;
    struct sg_err *err;
};

static inline bool has(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

static inline void set(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* A row from somebody who spreads to somebody unknown, and it carries. */
static void reach_one(struct scan *s, uint64_t row, uint32_t to)
{
    struct sg_reach *reach = s->reach;
    if (!SG_VEC_RESERVE(reach->items, reach->n_items, s->capacity, 1)) {
        s->status = sg_err_nomem(s->err);
        return;
    }
    const bool is_stop = s->stops && has(s->stops, to);
    reach->items[reach->n_items++] = (struct sg_reached){row, {to}, is_stop};
    set(s->known, to);
    if (!is_stop)
        set(s->spreads, to);
}

/* The columns that say whether row i of a span carries, or one row read by itself. */
static bool carries(struct scan *s, const struct sg_row_span *span, size_t i)
{
    struct sg_row row = {.from = {span->from[i]}, .to = {span->to[i]}};
    const uint64_t id = span->first + i;
    s->n_asked++;
    if (span->amount) {
        row.amount = span->amount[i];
        row.flags = span->flags[i];
        row.asset.v = span->asset ? span->asset[i] : 0;
    } else {
        s->status = s->ledger->ops->rows(s->ledger->self, &row, &id, 1, s->err);
    }
    return s->status == SG_OK && sg_reach_carries(&row, s->options);
}

static bool on_span(void *ctx, const struct sg_row_span *span)
{
    struct scan *s = ctx;
    const uint32_t n_addrs = s->n_addrs;
    for (size_t i = 0; i < span->count && s->status == SG_OK; i++) {
        const uint32_t from = span->from[i], to = span->to[i];
        if (from < n_addrs && has(s->spreads, from) && to < n_addrs && !has(s->known, to) &&
            carries(s, span, i))
            reach_one(s, span->first + i, to);
    }
    return s->status == SG_OK;
}

/* Where many rows had to be asked about, the next piece is read with what tells of all of them. */
static void scan_all(struct scan *s)
{
    const struct sg_ledger *l = s->ledger;
    const uint64_t n_rows = l->stats.rows;
    const unsigned all = SG_COL_AMOUNT | SG_COL_FLAGS | (s->options->one_asset ? SG_COL_ASSET : 0u);
    for (uint64_t first = 0; s->status == SG_OK && first < n_rows; first += PIECE) {
        const uint64_t end = n_rows - first < PIECE ? n_rows : first + PIECE;
        const bool many = s->n_asked > PIECE / MANY;
        s->n_asked = 0;
        if (!sg_progress_step(s->options->progress, first, n_rows)) {
            s->status = sg_err_set(s->err, SG_ECANCELLED, "stopped");
            return;
        }
        const enum sg_status st = l->ops->scan(
            l->self, first, end, SG_COL_FROM | SG_COL_TO | (many ? all : 0u), on_span, s, s->err);
        s->status = s->status == SG_OK ? st : s->status;
    }
}

static bool make_bitmaps(struct scan *s)
{
    const size_t words = (size_t)s->n_addrs / 64 + 1;
    const struct sg_reach_options *o = s->options;
    s->spreads = sg_mem_zalloc(words, sizeof(*s->spreads));
    s->known = sg_mem_zalloc(words, sizeof(*s->known));
    if (o->n_stops)
        s->stops = sg_mem_zalloc(words, sizeof(*s->stops));
    if (!s->spreads || !s->known || (o->n_stops && !s->stops))
        return false;
    for (size_t i = 0; i < o->n_stops; i++)
        set(s->stops, o->stops[i].v);
    for (size_t i = 0; i < o->n_sources; i++) {
        set(s->spreads, o->sources[i].v);
        set(s->known, o->sources[i].v);
    }
    return true;
}

enum sg_status sg_reach_scan(struct sg_reach *reach, const struct sg_ledger *ledger,
                             const struct sg_reach_options *options, struct sg_err *err)
{
    struct scan s = {.reach = reach,
                     .ledger = ledger,
                     .options = options,
                     .n_addrs = (uint32_t)ledger->stats.addresses,
                     .err = err};
    if (!make_bitmaps(&s))
        s.status = sg_err_nomem(err);
    if (s.status == SG_OK)
        scan_all(&s);
    reach->route = SG_REACH_SCAN;
    reach->rows_read += ledger->stats.rows;
    sg_mem_free(s.spreads);
    sg_mem_free(s.known);
    sg_mem_free(s.stops);
    return s.status;
}
