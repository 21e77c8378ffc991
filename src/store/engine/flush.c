#include "store/engine/writer_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

/* Everything at or behind `first` of a table is beyond what the meta record names. */
struct orphan_range {
    unsigned table;
    uint64_t first;
};

#define ORPHAN_RANGES (SG_ROW_COLS + SG_TX_COLS + SG_LISTS + 9)

static void orphan_ranges(struct orphan_range ranges[ORPHAN_RANGES], const struct sg_writer *w)
{
    const struct sg_image *image = &w->image;
    const struct sg_ledger_stats *stats = &image->meta.stats;
    size_t n = 0;
    for (unsigned i = 0; i < SG_ROW_COLS; i++)
        ranges[n++] = (struct orphan_range){SG_TABLE_ROWS + i, stats->rows / SG_CHUNK};
    for (unsigned i = 0; i < SG_TX_COLS; i++)
        ranges[n++] = (struct orphan_range){SG_TABLE_TXS + i, stats->txs / SG_CHUNK};
    for (unsigned i = 0; i < SG_LISTS; i++)
        ranges[n++] = (struct orphan_range){image->lists[i].table,
                                            image->meta.next_segment << SG_SEGMENT_BLOCK_BITS};
    ranges[n++] = (struct orphan_range){SG_TABLE_ROWS_HEADS, stats->rows / SG_CHUNK};
    ranges[n++] = (struct orphan_range){SG_TABLE_TXS_HEADS, stats->txs / SG_CHUNK};
    ranges[n++] = (struct orphan_range){SG_TABLE_ADDRS, stats->addresses / SG_CHUNK};
    ranges[n++] = (struct orphan_range){SG_TABLE_ADDRS_HEADS, stats->addresses / SG_CHUNK};
    ranges[n++] = (struct orphan_range){SG_TABLE_ASSETS, stats->assets};
    ranges[n++] = (struct orphan_range){SG_TABLE_FILES, stats->files};
    ranges[n++] = (struct orphan_range){SG_TABLE_BAD, stats->bad_rows};
    ranges[n++] = (struct orphan_range){SG_TABLE_STATE_ROWS, stats->rows / SG_CHUNK};
    ranges[n++] = (struct orphan_range){SG_TABLE_STATE_TXS, stats->txs / SG_CHUNK};
    assert(n == ORPHAN_RANGES);
}

enum sg_status sg_writer_has_orphans(bool *any, struct sg_writer *w, struct sg_err *err)
{
    struct orphan_range ranges[ORPHAN_RANGES];
    orphan_ranges(ranges, w);
    *any = false;
    for (size_t i = 0; i < ORPHAN_RANGES; i++) {
        struct sg_bytes bytes;
        uint64_t number = ranges[i].first;
        const enum sg_status st = sg_kv_seek(&bytes, &number, w->image.txn, ranges[i].table, err);
        if (st != SG_OK && st != SG_ENOTFOUND)
            return st;
        *any = *any || st == SG_OK;
    }
    return SG_OK;
}

enum sg_status sg_writer_remove_orphans(struct sg_writer *w, struct sg_kv_txn *txn,
                                        struct sg_err *err)
{
    struct orphan_range ranges[ORPHAN_RANGES];
    enum sg_status st = SG_OK;
    orphan_ranges(ranges, w);
    for (size_t i = 0; st == SG_OK && i < ORPHAN_RANGES; i++)
        st = sg_kv_remove(txn, ranges[i].table, ranges[i].first, UINT64_MAX, err);
    return st;
}

static enum sg_status remove_segment(struct sg_kv_txn *txn, unsigned table, uint64_t number,
                                     struct sg_err *err)
{
    return sg_kv_remove(txn, table, number << SG_SEGMENT_BLOCK_BITS,
                        (number + 1) << SG_SEGMENT_BLOCK_BITS, err);
}

enum sg_status sg_writer_replace(struct sg_writer *w, struct sg_kv_write *write, unsigned table,
                                 struct sg_segment *segment, struct sg_err *err)
{
    const uint64_t number = segment->number;
    sg_segment_clear(segment);
    if (number == 0)
        return SG_OK;
    if (number >= w->committed_segment)
        return remove_segment(write->txn, table, number, err);
    if (!SG_VEC_RESERVE(w->replaced, w->n_replaced, w->cap_replaced, 1))
        return sg_err_nomem(err);
    w->replaced[w->n_replaced++] = (uint64_t)table << 56 | number;
    return SG_OK;
}

/* Write segments [first, first + n) of a list as one. */
static enum sg_status write_merged(struct sg_writer *w, struct sg_kv_write *write,
                                   struct sg_segments *list, size_t first, size_t n,
                                   struct sg_err *err)
{
    struct sg_segment merged = {.number = w->image.meta.next_segment++};
    struct sg_block_sink sink = {&merged, write, list->table};
    enum sg_status st = sg_segments_merge(&sink, &list->items[first], n, UINT64_MAX, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = sg_writer_replace(w, write, list->table, &list->items[first + i], err);
    if (st != SG_OK)
        return st;
    list->items[first] = merged;
    memmove(&list->items[first + 1], &list->items[first + n],
            (list->n - first - n) * sizeof(*list->items));
    list->n -= n - 1;
    return SG_OK;
}

static enum sg_status write_list(struct sg_writer *w, struct sg_kv_write *write,
                                 struct sg_segments *list, struct sg_err *err)
{
    const size_t due = sg_segments_due(list, 0);
    enum sg_status st = SG_OK;
    if (due)
        st = write_merged(w, write, list, list->n - due, due, err);
    for (size_t i = 0; st == SG_OK && i < list->n; i++)
        if (list->items[i].number == 0)
            st = write_merged(w, write, list, i, 1, err);
    return st;
}

static enum sg_status write_notes(struct sg_writer *w, struct sg_kv_write *write,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < w->n_notes; i++)
        st = sg_kv_write_put(write, w->notes[i].table, w->notes[i].number, w->notes[i].bytes,
                             w->notes[i].size, err);
    return st;
}

static void drop_notes(struct sg_writer *w)
{
    for (size_t i = 0; i < w->n_notes; i++)
        sg_mem_free(w->notes[i].bytes);
    w->n_notes = 0;
    w->notes_bytes = 0;
}

static enum sg_status write_marks(const struct sg_stream *stream, struct sg_kv_write *write,
                                  unsigned table, struct sg_err *err)
{
    const uint64_t first = stream->count / SG_CHUNK - stream->n_marks;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < stream->n_marks; i++)
        st = sg_kv_write_put(write, table, first + i, stream->marks[i], SG_SHA256_SIZE, err);
    return st;
}

/* All that a meta record can come to name, in steps. */
static enum sg_status write_content(struct sg_writer *w, struct sg_kv_write *write,
                                    struct sg_err *err)
{
    struct sg_image *image = &w->image;
    enum sg_status st = sg_columns_put(&image->rows, write, err);
    if (st == SG_OK)
        st = sg_columns_put(&image->txs, write, err);
    if (st == SG_OK)
        st = sg_columns_put(&image->addrs, write, err);
    for (size_t i = 0; st == SG_OK && i < SG_LISTS; i++)
        st = write_list(w, write, &image->lists[i], err);
    if (st == SG_OK)
        st = write_marks(&w->rows, write, SG_TABLE_STATE_ROWS, err);
    if (st == SG_OK)
        st = write_marks(&w->txs, write, SG_TABLE_STATE_TXS, err);
    if (st == SG_OK)
        st = write_notes(w, write, err);
    return st;
}

static enum sg_status write_assets(struct sg_writer *w, struct sg_kv_txn *txn, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < w->n_changed; i++)
        st = sg_image_put_asset(&w->image, w->assets_changed[i], txn, err);
    for (size_t i = w->committed_assets; st == SG_OK && i < w->image.n_assets; i++)
        st = sg_image_put_asset(&w->image, i, txn, err);
    return st;
}

static enum sg_status update_meta(struct sg_writer *w, struct sg_err *err)
{
    struct sg_meta *meta = &w->image.meta;
    enum sg_status st = SG_OK;
    meta->stats.rows = w->image.rows.count;
    meta->stats.txs = w->image.txs.count;
    meta->stats.addresses = w->image.addrs.count;
    meta->stats.assets = w->image.n_assets;
    memcpy(meta->rows32, w->rows.running32, SG_SHA256_SIZE);
    memcpy(meta->txs32, w->txs.running32, SG_SHA256_SIZE);
    if (w->assets_dirty)
        st = sg_state_assets(meta->assets32, &w->image, err);
    if (st == SG_OK && w->covers_dirty)
        st = sg_state_covers(meta->covers32, &w->image, err);
    if (st == SG_OK)
        st = sg_state_of(meta->stats.state32, &w->image, &w->rows, &w->txs, err);
    return st;
}

/* After a rollback the file holds more than the meta record will name, and tails of other rows. */
static enum sg_status trim(struct sg_writer *w, struct sg_kv_txn *txn, struct sg_err *err)
{
    const struct sg_columns *tables[] = {&w->image.rows, &w->image.txs, &w->image.addrs};
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < SG_COUNT_OF(tables); i++)
        for (unsigned j = 0; st == SG_OK && j < tables[i]->n_columns; j++)
            st = sg_kv_remove(txn, tables[i]->tail_table + j, 0, UINT64_MAX, err);
    return st == SG_OK ? sg_writer_remove_orphans(w, txn, err) : st;
}

/* What readers of the last commit must not see: one transaction, the meta record with it. */
static enum sg_status write_visible(struct sg_writer *w, struct sg_kv_txn *txn, struct sg_err *err)
{
    struct sg_image *image = &w->image;
    enum sg_status st = update_meta(w, err);
    if (st == SG_OK && w->trims)
        st = trim(w, txn, err);
    if (st == SG_OK)
        st = sg_columns_save(&image->rows, txn, err);
    if (st == SG_OK)
        st = sg_columns_save(&image->txs, txn, err);
    if (st == SG_OK)
        st = sg_columns_save(&image->addrs, txn, err);
    if (st == SG_OK && w->assets_dirty)
        st = write_assets(w, txn, err);
    if (st == SG_OK && w->covers_dirty)
        st = sg_image_put_covers(image, txn, err);
    for (size_t i = 0; st == SG_OK && i < w->n_replaced; i++)
        st = remove_segment(txn, (unsigned)(w->replaced[i] >> 56), w->replaced[i] << 8 >> 8, err);
    if (st == SG_OK)
        st = sg_image_put_meta(image, txn, err);
    return st;
}

static enum sg_status flush(struct sg_writer *w, bool commit, struct sg_err *err)
{
    struct sg_kv_write write = {.kv = w->image.kv};
    enum sg_status st = sg_writer_renew(w, err);
    if (st == SG_OK)
        st = sg_kv_begin(&write.txn, write.kv, true, err);
    if (st != SG_OK)
        return st;
    st = write_content(w, &write, err);
    if (st == SG_OK && commit)
        st = write_visible(w, write.txn, err);
    if (st != SG_OK) {
        sg_kv_abort(write.txn);
        return st;
    }
    st = sg_kv_commit(write.txn, err);
    if (st != SG_OK)
        return st;
    w->rows.n_marks = w->txs.n_marks = 0;
    drop_notes(w);
    w->is_stale = true;
    return SG_OK;
}

enum sg_status sg_writer_renew(struct sg_writer *w, struct sg_err *err)
{
    if (!w->is_stale)
        return SG_OK;
    const enum sg_status st = sg_image_refresh(&w->image, err);
    w->is_stale = st != SG_OK;
    return st;
}

static size_t staged_bytes(const struct sg_writer *w)
{
    const struct sg_image *image = &w->image;
    size_t bytes = image->rows.staged_bytes + image->txs.staged_bytes + image->addrs.staged_bytes +
                   w->notes_bytes;
    for (size_t i = 0; i < SG_LISTS; i++)
        bytes += sg_segments_bytes(&image->lists[i]);
    return bytes;
}

enum sg_status sg_writer_spill(struct sg_writer *w, struct sg_err *err)
{
    return staged_bytes(w) < w->staged_max ? SG_OK : flush(w, false, err);
}

static void settle(struct sg_writer *w)
{
    w->committed_segment = w->image.meta.next_segment;
    w->committed_assets = w->image.n_assets;
    w->n_changed = 0;
    w->n_replaced = 0;
    w->dirty = w->assets_dirty = w->covers_dirty = false;
}

enum sg_status sg_writer_commit(struct sg_writer *w, struct sg_err *err)
{
    enum sg_status st = sg_writer_apply_hints(w, err);
    if (st == SG_OK && w->dirty)
        st = flush(w, true, err);
    if (st != SG_OK)
        return st;
    settle(w);
    if (w->is_next || !w->is_nameless)
        return SG_OK;
    st = sg_folder_publish(&w->folder, w->image.meta.stats.generation, err);
    w->is_nameless = st != SG_OK;
    return st;
}
