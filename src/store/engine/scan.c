#include "store/engine/image_internal.h"

#include "base/mem.h"

#include <assert.h>

/* Rows of a span: the columns asked for stay in the cache between decoding and use. */
#define SPAN 4096u

struct buffers {
    uint64_t tx[SPAN];
    uint32_t from[SPAN], to[SPAN], asset[SPAN], pos[SPAN];
    struct sg_amount amount[SPAN];
    uint8_t kind[SPAN], flags[SPAN];
};

/* One more than an id is 0 for "none"; whether any is too high is kept for 16 places at a time. */
static bool ids_fit(const uint32_t *ids, size_t n, uint64_t count)
{
    const uint32_t most = (uint32_t)count;
    uint32_t high[16] = {0};
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (size_t k = 0; k < 16; k++)
            high[k] |= -(uint32_t)(ids[i + k] + 1 > most);
    for (; i < n; i++)
        high[0] |= ids[i] + 1 > most;
    for (size_t k = 1; k < 16; k++)
        high[0] |= high[k];
    return !high[0];
}

static bool txs_fit(const uint64_t *txs, size_t n, uint64_t count)
{
    bool fit = true;
    for (size_t i = 0; i < n; i++)
        fit &= txs[i] < count;
    return fit;
}

static bool assets_fit(const uint32_t *assets, size_t n, uint64_t count)
{
    bool fit = true;
    for (size_t i = 0; i < n; i++)
        fit &= assets[i] < count;
    return fit;
}

static enum sg_status fill(struct sg_row_span *span, struct buffers *b,
                           const struct sg_image *image, unsigned columns, struct sg_err *err)
{
    const struct sg_columns *c = &image->rows;
    const uint64_t first = span->first;
    const size_t n = span->count;
    bool fit = true;
    if (columns & SG_COL_TX) {
        sg_columns_read(b->tx, c, SG_ROW_COL_TX, first, n);
        fit &= txs_fit(b->tx, n, image->txs.count);
    }
    if (columns & SG_COL_FROM) {
        sg_columns_read(b->from, c, SG_ROW_COL_FROM, first, n);
        fit &= ids_fit(b->from, n, image->addrs.count);
    }
    if (columns & SG_COL_TO) {
        sg_columns_read(b->to, c, SG_ROW_COL_TO, first, n);
        fit &= ids_fit(b->to, n, image->addrs.count);
    }
    if (columns & SG_COL_ASSET) {
        sg_columns_read(b->asset, c, SG_ROW_COL_ASSET, first, n);
        fit &= assets_fit(b->asset, n, image->n_assets);
    }
    if (columns & SG_COL_AMOUNT)
        sg_columns_read(b->amount, c, SG_ROW_COL_AMOUNT, first, n);
    if (columns & (SG_COL_META | SG_COL_FLAGS))
        sg_columns_read(b->flags, c, SG_ROW_COL_FLAGS, first, n);
    if (columns & SG_COL_META) {
        sg_columns_read(b->kind, c, SG_ROW_COL_KIND, first, n);
        sg_columns_read(b->pos, c, SG_ROW_COL_POS, first, n);
    }
    return fit ? SG_OK
               : sg_err_set(err, SG_ECORRUPT,
                            "a row of the ledger names an id that does not exist");
}

static void point(struct sg_row_span *span, const struct buffers *b, unsigned columns)
{
    span->tx = columns & SG_COL_TX ? b->tx : NULL;
    span->from = columns & SG_COL_FROM ? b->from : NULL;
    span->to = columns & SG_COL_TO ? b->to : NULL;
    span->asset = columns & SG_COL_ASSET ? b->asset : NULL;
    span->amount = columns & SG_COL_AMOUNT ? b->amount : NULL;
    span->kind = columns & SG_COL_META ? b->kind : NULL;
    span->flags = columns & (SG_COL_META | SG_COL_FLAGS) ? b->flags : NULL;
    span->pos = columns & SG_COL_META ? b->pos : NULL;
}

enum sg_status sg_image_scan(void *self, uint64_t first, uint64_t end, unsigned columns,
                             bool (*visit)(void *ctx, const struct sg_row_span *span), void *ctx,
                             struct sg_err *err)
{
    const struct sg_image *image = self;
    struct sg_row_span span = {0};
    enum sg_status st = SG_OK;
    bool more = true;
    assert(first <= end && end <= image->rows.count);
    struct buffers *b = sg_mem_alloc(1, sizeof(*b));
    if (!b)
        return sg_err_nomem(err);
    point(&span, b, columns);
    for (span.first = first; more && st == SG_OK && span.first < end; span.first += span.count) {
        /* Spans end where chunks do, so a column is decoded in one go. */
        const uint64_t left = end - span.first, room = SPAN - span.first % SPAN;
        span.count = (size_t)(left < room ? left : room);
        st = fill(&span, b, image, columns, err);
        if (st == SG_OK)
            more = visit(ctx, &span);
    }
    sg_mem_free(b);
    return st;
}

enum sg_status sg_image_moves(void *self, bool *moves, const uint64_t *ids, size_t n,
                              struct sg_err *err)
{
    const struct sg_image *image = self;
    const struct sg_columns *c = &image->rows;
    (void)err;
    for (size_t i = 0; i < n; i++)
        moves[i] = !(sg_columns_byte(c, SG_ROW_COL_FLAGS, ids[i]) &
                     (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) &&
                   !sg_columns_is_zero(c, SG_ROW_COL_AMOUNT, ids[i]);
    return SG_OK;
}

void sg_image_expect(void *self, uint64_t first, uint64_t end, unsigned columns)
{
    static const struct {
        unsigned asked;
        enum sg_row_column column;
    } parts[] = {{SG_COL_TX, SG_ROW_COL_TX},         {SG_COL_FROM, SG_ROW_COL_FROM},
                 {SG_COL_TO, SG_ROW_COL_TO},         {SG_COL_ASSET, SG_ROW_COL_ASSET},
                 {SG_COL_AMOUNT, SG_ROW_COL_AMOUNT}, {SG_COL_META, SG_ROW_COL_KIND},
                 {SG_COL_META, SG_ROW_COL_POS},      {SG_COL_META, SG_ROW_COL_FLAGS}};
    const struct sg_image *image = self;
    for (size_t i = 0; i < SG_COUNT_OF(parts); i++)
        if (columns & parts[i].asked)
            sg_columns_expect(&image->rows, parts[i].column, first, end, false);
    if (columns & SG_COL_MOVES) {
        sg_columns_expect(&image->rows, SG_ROW_COL_FLAGS, first, end, false);
        sg_columns_expect(&image->rows, SG_ROW_COL_AMOUNT, first, end, true);
    }
}
