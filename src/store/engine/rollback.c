#include "store/engine/writer_internal.h"

#include "base/mem.h"

#include <string.h>

#define PART 256u

/* What stays. */
struct cut {
    uint64_t block;
    uint64_t txs, rows, addrs, assets;
};

static uint64_t block_of(const struct sg_image *image, uint64_t tx)
{
    uint64_t block;
    sg_columns_read(&block, &image->txs, SG_TX_COL_BLOCK, tx, 1);
    return block;
}

static uint64_t first_tx_above(const struct sg_image *image, uint64_t block)
{
    uint64_t low = 0, high = image->txs.count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (block_of(image, middle) <= block)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void raise_to(uint64_t *n, uint32_t id)
{
    if (id != SG_ID_NONE && id >= *n)
        *n = (uint64_t)id + 1;
}

static bool see_span(void *ctx, const struct sg_row_span *span)
{
    struct cut *cut = ctx;
    for (size_t i = 0; i < span->count; i++) {
        raise_to(&cut->addrs, span->from[i]);
        raise_to(&cut->addrs, span->to[i]);
        raise_to(&cut->assets, span->asset[i]);
    }
    return true;
}

static enum sg_status see_senders(struct cut *cut, const struct sg_image *image, struct sg_err *err)
{
    struct sg_tx txs[PART];
    enum sg_status st = SG_OK;
    for (uint64_t first = 0; st == SG_OK && first < cut->txs; first += PART) {
        const size_t n = cut->txs - first < PART ? (size_t)(cut->txs - first) : PART;
        st = sg_image_txs(txs, image, first, n, err);
        for (size_t i = 0; st == SG_OK && i < n; i++)
            raise_to(&cut->addrs, txs[i].sender.v);
    }
    return st;
}

/* Ids are given in the order of first appearance, so those that the rest does not use are the last
 * ones, but for addresses that had coverage alone. */
static enum sg_status find_cut(struct cut *cut, struct sg_image *image, struct sg_err *err)
{
    cut->txs = first_tx_above(image, cut->block);
    cut->rows = image->rows.count;
    if (cut->txs < image->txs.count)
        sg_columns_read(&cut->rows, &image->txs, SG_TX_COL_FIRST_ROW, cut->txs, 1);
    if (cut->rows > image->rows.count)
        return sg_err_set(err, SG_ECORRUPT, "a transaction names rows that do not exist");
    cut->addrs = 0;
    cut->assets = 1;
    const enum sg_status st = see_senders(cut, image, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < image->n_covers; i++)
        if (image->covers[i].first_block <= cut->block)
            raise_to(&cut->addrs, image->covers[i].addr.v);
    return sg_image_scan(image, 0, cut->rows, SG_COL_FROM | SG_COL_TO | SG_COL_ASSET, see_span, cut,
                         err);
}

/* The tail is written anew as one piece. */
static void cut_columns(struct sg_columns *to, const struct sg_columns *from, uint64_t count)
{
    const uint64_t first = count - count % SG_CHUNK;
    to->count = count;
    to->n_chunks = (size_t)(count / SG_CHUNK);
    to->n_pieces = 0;
    to->saved = first;
    for (unsigned i = 0; i < to->n_columns; i++)
        sg_columns_read(to->tail[i], from, i, first, (size_t)(count - first));
}

/* Replace the segment that crosses the limit by one that ends there. */
static enum sg_status shorten(struct sg_writer *w, struct sg_kv_write *write,
                              struct sg_segments *list, size_t at, uint64_t limit,
                              struct sg_err *err)
{
    struct sg_segment shorter = {.number = w->image.meta.next_segment++};
    struct sg_block_sink sink = {&shorter, write, list->table};
    enum sg_status st = sg_segments_merge(&sink, &list->items[at], 1, limit, err);
    if (st == SG_OK)
        st = sg_writer_replace(w, write, list->table, &list->items[at], err);
    if (st != SG_OK)
        return st;
    list->items[at] = shorter;
    list->n = shorter.n > 0 ? at + 1 : at;
    return SG_OK;
}

static enum sg_status cut_list(struct sg_writer *w, struct sg_kv_write *write,
                               struct sg_segments *list, uint64_t limit, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    while (st == SG_OK && list->n > 0 && list->items[list->n - 1].first >= limit)
        st = sg_writer_replace(w, write, list->table, &list->items[--list->n], err);
    if (st == SG_OK && list->n > 0 && list->items[list->n - 1].end > limit)
        st = shorten(w, write, list, list->n - 1, limit, err);
    return st;
}

static enum sg_status cut_lists(struct sg_writer *w, const struct cut *cut, struct sg_err *err)
{
    const uint64_t limits[SG_LISTS] = {cut->addrs, cut->txs, cut->assets, cut->rows};
    struct sg_kv_write write = {.kv = w->image.kv};
    enum sg_status st = sg_kv_begin(&write.txn, write.kv, true, err);
    for (size_t i = 0; st == SG_OK && i < SG_LISTS; i++)
        st = cut_list(w, &write, &w->image.lists[i], limits[i], err);
    if (st == SG_OK)
        return sg_kv_commit(write.txn, err);
    sg_kv_abort(write.txn);
    return st;
}

static void cut_covers(struct sg_writer *w, uint64_t block)
{
    struct sg_image *image = &w->image;
    size_t n = 0;
    for (size_t i = 0; i < image->n_covers; i++) {
        struct sg_coverage cover = image->covers[i];
        if (cover.first_block > block)
            continue;
        cover.last_block = cover.last_block < block ? cover.last_block : block;
        image->covers[n++] = cover;
    }
    image->n_covers = n;
    w->covers_dirty = true;
}

/* The running digest at the last chunk that stays whole. */
static enum sg_status rewind_stream(struct sg_stream *stream, struct sg_image *image,
                                    unsigned table, uint64_t count, struct sg_err *err)
{
    struct sg_bytes bytes = {0};
    const uint64_t n_chunks = count / SG_CHUNK;
    memset(stream->running32, 0, SG_SHA256_SIZE);
    stream->count = n_chunks * SG_CHUNK;
    stream->leaf_size = 0;
    if (n_chunks == 0)
        return SG_OK;
    const enum sg_status st = sg_kv_get(&bytes, image->txn, table, n_chunks - 1, err);
    if (st == SG_ENOTFOUND || (st == SG_OK && bytes.size != SG_SHA256_SIZE))
        return sg_err_set(err, SG_ECORRUPT, "a digest of the ledger is missing");
    if (st == SG_OK)
        memcpy(stream->running32, bytes.at, SG_SHA256_SIZE);
    return st;
}

static enum sg_status cut_streams(struct sg_writer *w, struct sg_image *old, const struct cut *cut,
                                  struct sg_err *err)
{
    enum sg_status st = rewind_stream(&w->rows, old, SG_TABLE_STATE_ROWS, cut->rows, err);
    if (st == SG_OK)
        st = rewind_stream(&w->txs, old, SG_TABLE_STATE_TXS, cut->txs, err);
    if (st == SG_OK)
        st = sg_state_feed_rows(&w->rows, old, cut->rows, err);
    if (st == SG_OK)
        st = sg_state_feed_txs(&w->txs, old, cut->txs, err);
    return st;
}

static enum sg_status apply(struct sg_writer *w, struct sg_image *old, const struct cut *cut,
                            struct sg_err *err)
{
    struct sg_image *image = &w->image;
    enum sg_status st = cut_streams(w, old, cut, err);
    if (st == SG_OK)
        st = cut_lists(w, cut, err);
    if (st == SG_OK)
        st = sg_image_tally(&image->meta.stats, old, cut->txs, err);
    if (st != SG_OK)
        return st;
    cut_columns(&image->rows, &old->rows, cut->rows);
    cut_columns(&image->txs, &old->txs, cut->txs);
    cut_columns(&image->addrs, &old->addrs, cut->addrs);
    cut_covers(w, cut->block);
    image->n_assets = (size_t)cut->assets;
    w->committed_assets = image->n_assets;
    w->trims = w->assets_dirty = w->dirty = true;
    return sg_writer_commit(w, err);
}

enum sg_status sg_engine_rollback(const char *dir, const struct sg_chain *chain, uint64_t block,
                                  struct sg_err *err)
{
    struct sg_writer *w = NULL;
    struct sg_image old;
    struct cut cut = {.block = block};
    sg_image_init(&old, chain);
    enum sg_status st = sg_image_open(&old, dir, chain, err);
    sg_image_clear(&old); /* Only whether there is one: a writer would make it. */
    if (st == SG_OK)
        st = sg_writer_open(&w, dir, chain, false, 1, err);
    if (st != SG_OK)
        return st;
    st = sg_image_open(&old, dir, chain, err);
    if (st == SG_OK)
        st = find_cut(&cut, &old, err);
    if (st == SG_OK)
        st = apply(w, &old, &cut, err);
    sg_image_clear(&old);
    sg_writer_free(w);
    return st;
}
