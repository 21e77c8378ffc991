#include "store/engine/writer_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

#define STAGED_MAX ((size_t)64 * 1024 * 1024)

enum sg_status sg_writer_begin_empty(struct sg_writer *w, struct sg_err *err)
{
    struct sg_image *image = &w->image;
    enum sg_status st;
    image->meta.stats.assets = 1;
    image->assets = sg_mem_zalloc(1, sizeof(*image->assets));
    if (!image->assets)
        return sg_err_nomem(err);
    image->n_assets = image->cap_assets = 1;
    w->assets_dirty = w->covers_dirty = w->dirty = true;
    w->committed_assets = 0;
    st = sg_kv_begin(&image->txn, image->kv, false, err);
    if (st == SG_OK)
        st = sg_columns_load(&image->rows, image->txn, 0, false, true, err);
    if (st == SG_OK)
        st = sg_columns_load(&image->txs, image->txn, 0, false, true, err);
    if (st == SG_OK)
        st = sg_columns_load(&image->addrs, image->txn, 0, true, true, err);
    return st;
}

static enum sg_status begin_next(struct sg_writer *w, uint64_t generation, struct sg_err *err)
{
    const enum sg_status st = sg_folder_create(&w->image.kv, &w->folder, generation, err);
    w->image.meta.stats.generation = generation;
    w->is_nameless = true;
    return st == SG_OK ? sg_writer_begin_empty(w, err) : st;
}

static enum sg_status drop_orphans(struct sg_writer *w, struct sg_err *err)
{
    bool any;
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = sg_writer_has_orphans(&any, w, err);
    if (st != SG_OK || !any)
        return st;
    st = sg_kv_begin(&txn, w->image.kv, true, err);
    if (st != SG_OK)
        return st;
    st = sg_writer_remove_orphans(w, txn, err);
    if (st == SG_OK)
        return sg_kv_commit(txn, err);
    sg_kv_abort(txn);
    return st;
}

enum sg_status sg_writer_begin_with(struct sg_writer *w, struct sg_kv *kv, struct sg_err *err)
{
    const enum sg_status st = sg_image_load(&w->image, kv, true, err);
    if (st != SG_OK)
        return st;
    w->committed_assets = w->image.n_assets;
    w->committed_segment = w->image.meta.next_segment;
    return drop_orphans(w, err);
}

static enum sg_status begin_current(struct sg_writer *w, struct sg_kv *kv, struct sg_err *err)
{
    const enum sg_status st = sg_writer_begin_with(w, kv, err);
    if (st == SG_ENOTFOUND)
        return sg_err_set(err, SG_ECORRUPT, "the current ledger file holds nothing");
    return st;
}

static enum sg_status begin_image(struct sg_writer *w, struct sg_err *err)
{
    uint64_t generation = 0;
    struct sg_kv *kv = NULL;
    enum sg_status st;
    if (w->is_next)
        st = sg_folder_current(&generation, &w->folder, err);
    else
        st = sg_folder_open(&kv, &generation, &w->folder, err);
    if (st == SG_OK && !w->is_next)
        return begin_current(w, kv, err);
    if (st != SG_OK && st != SG_ENOTFOUND)
        return st;
    return begin_next(w, generation + 1, err);
}

/* The open leaf of transactions, whose senders stand with rows of chunks that a writer does not
 * keep: by way of a reader. */
static enum sg_status feed_txs(struct sg_writer *w, struct sg_err *err)
{
    struct sg_image reader;
    if (w->txs.count == w->image.txs.count)
        return SG_OK;
    sg_image_init(&reader, w->image.chain);
    enum sg_status st = sg_image_load(&reader, sg_kv_share(w->image.kv), false, err);
    if (st == SG_OK)
        st = sg_state_feed_txs(&w->txs, &reader, w->image.txs.count, err);
    sg_image_clear(&reader);
    return st;
}

/* A leaf never crosses a chunk, so the rows of an open one are all in the tail. */
static enum sg_status begin_streams(struct sg_writer *w, struct sg_err *err)
{
    const struct sg_image *image = &w->image;
    enum sg_status st = sg_stream_init(&w->rows, SG_STATE_ROW_MAX, err);
    if (st == SG_OK)
        st = sg_stream_init(&w->txs, SG_STATE_TX_MAX, err);
    if (st != SG_OK)
        return st;
    memcpy(w->rows.running32, image->meta.rows32, SG_SHA256_SIZE);
    memcpy(w->txs.running32, image->meta.txs32, SG_SHA256_SIZE);
    w->rows.count = image->rows.count - image->rows.count % SG_STATE_LEAF;
    w->txs.count = image->txs.count - image->txs.count % SG_STATE_LEAF;
    st = sg_state_feed_rows(&w->rows, image, image->rows.count, err);
    return st == SG_OK ? feed_txs(w, err) : st;
}

struct sg_writer *sg_writer_new(const struct sg_chain *chain, bool next, size_t n_threads)
{
    struct sg_writer *w = sg_mem_zalloc(1, sizeof(*w));
    if (!w)
        return NULL;
    sg_image_init(&w->image, chain);
    w->folder.lock = -1;
    w->n_threads = n_threads;
    w->is_next = next;
    w->addr_max = w->asset_max = SG_ID_NONE;
    w->staged_max = STAGED_MAX;
    w->committed_segment = 1;
    return w;
}

enum sg_status sg_writer_open(struct sg_writer **writer, const char *dir,
                              const struct sg_chain *chain, bool next, size_t n_threads,
                              struct sg_err *err)
{
    struct sg_writer *w = sg_writer_new(chain, next, n_threads);
    if (!w)
        return sg_err_nomem(err);
    enum sg_status st = sg_folder_init(&w->folder, dir, chain, err);
    if (st == SG_OK)
        st = sg_folder_lock(&w->folder, dir, false, err);
    if (st == SG_OK)
        st = begin_image(w, err);
    if (st == SG_OK)
        st = begin_streams(w, err);
    if (st != SG_OK) {
        sg_writer_free(w);
        return st;
    }
    *writer = w;
    return SG_OK;
}

void sg_writer_set_staging(struct sg_writer *w, size_t bytes)
{
    w->staged_max = bytes;
}

enum sg_status sg_writer_last_block(uint64_t *block, const struct sg_writer *w)
{
    if (w->image.txs.count == 0)
        return SG_ENOTFOUND;
    *block = w->image.meta.stats.last_block;
    return SG_OK;
}

enum sg_status sg_writer_publish(struct sg_writer *w, struct sg_err *err)
{
    assert(w->is_next);
    enum sg_status st = sg_writer_commit(w, err);
    if (st == SG_OK)
        st = sg_folder_publish(&w->folder, w->image.meta.stats.generation, err);
    w->is_nameless = st != SG_OK;
    return st;
}

void sg_writer_free(struct sg_writer *w)
{
    if (!w)
        return;
    const uint64_t generation = w->image.meta.stats.generation;
    for (size_t i = 0; i < w->n_notes; i++)
        sg_mem_free(w->notes[i].bytes);
    sg_mem_free(w->hashes_scratch.bytes);
    sg_mem_free(w->postings_scratch.bytes);
    sg_mem_free(w->part_scratch.bytes);
    sg_mem_free(w->resolve_scratch.bytes);
    sg_mem_free(w->replaced);
    sg_mem_free(w->notes);
    sg_mem_free(w->hints);
    sg_mem_free(w->assets_changed);
    sg_stream_clear(&w->txs);
    sg_stream_clear(&w->rows);
    sg_image_clear(&w->image);
    if (w->is_nameless)
        sg_folder_remove(&w->folder, generation);
    sg_folder_unlock(&w->folder);
    sg_mem_free(w);
}
