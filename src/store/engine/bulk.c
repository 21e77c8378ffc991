#include "store/engine/bulk_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

#define MEMORY_MIN ((size_t)1024 * 1024)

/* Rows between commits that a killed load goes on from. */
#define SAVE_EVERY ((uint64_t)1 << 22)

static bool is_same(const struct sg_bulk *b, struct sg_bytes identity)
{
    return identity.size == 32 && memcmp(identity.at, b->options.identity32, 32) == 0;
}

static enum sg_status begin_anew(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_image *image = &b->writer->image;
    sg_image_clear(image);
    sg_image_init(image, b->options.chain);
    image->meta.stats.generation = 1;
    sg_folder_remove_load(&b->writer->folder);
    const enum sg_status st = sg_folder_open_load(&image->kv, &b->writer->folder, err);
    return st == SG_OK ? sg_writer_begin_empty(b->writer, err) : st;
}

/* An unfinished load that goes on, or a new one. */
static enum sg_status begin_file(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_writer *w = b->writer;
    struct sg_kv *kv = NULL;
    struct sg_bytes bytes;
    enum sg_status st = sg_folder_open_load(&kv, &w->folder, err);
    if (st == SG_OK)
        st = sg_writer_begin_with(w, kv, err);
    else if (st == SG_ECORRUPT) /* Cut off while the file was made. */
        return begin_anew(b, err);
    if (st == SG_ENOTFOUND) /* New, or cut off before its first commit. */
        return begin_anew(b, err);
    if (st == SG_OK)
        st = sg_kv_get(&bytes, w->image.txn, SG_TABLE_LOAD, 0, err);
    if (st != SG_OK)
        return st == SG_ENOTFOUND ? sg_err_set(err, SG_ECORRUPT, "the load has no identity") : st;
    if (!is_same(b, bytes))
        return sg_err_set(err, SG_EUSAGE,
                          "%s/load.mdb is an unfinished load of something else; remove it to begin "
                          "anew",
                          w->folder.path);
    b->held_txs = w->image.txs.count;
    b->held_rows = b->saved_rows = w->image.rows.count;
    b->held_addrs = w->image.addrs.count;
    memcpy(b->held_state32, w->image.meta.stats.state32, SG_SHA256_SIZE);
    b->is_done = w->image.meta.stats.files > 0;
    return SG_OK;
}

/* The first commit of a new load says what it is of. */
static enum sg_status put_identity(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = sg_kv_begin(&txn, b->writer->image.kv, true, err);
    if (st != SG_OK)
        return st;
    st = sg_kv_put(txn, SG_TABLE_LOAD, 0, b->options.identity32, 32, err);
    if (st == SG_OK)
        return sg_kv_commit(txn, err);
    sg_kv_abort(txn);
    return st;
}

/* A ledger that is there already: fine if this load made it. */
static enum sg_status find_same(struct sg_bulk *b, struct sg_err *err)
{
    uint64_t generation;
    struct sg_kv *kv = NULL;
    struct sg_kv_txn *txn = NULL;
    struct sg_bytes bytes = {0};
    enum sg_status st = sg_folder_open(&kv, &generation, &b->writer->folder, err);
    if (st != SG_OK)
        return st;
    st = sg_kv_begin(&txn, kv, false, err);
    if (st == SG_OK)
        st = sg_kv_verify(txn, false, err);
    if (st == SG_OK)
        st = sg_kv_get(&bytes, txn, SG_TABLE_LOAD, 0, err);
    b->is_done = b->is_published = st == SG_OK && is_same(b, bytes);
    if (st == SG_ENOTFOUND || (st == SG_OK && !b->is_done))
        st = sg_err_set(err, SG_EUSAGE, "%s holds a ledger already", b->writer->folder.path);
    sg_kv_abort(txn);
    sg_kv_close(kv);
    return st;
}

static enum sg_status begin_folder(struct sg_bulk *b, struct sg_err *err)
{
    uint64_t generation;
    struct sg_writer *w = b->writer;
    enum sg_status st = sg_folder_init(&w->folder, b->options.dir, b->options.chain, err);
    if (st == SG_OK)
        st = sg_folder_lock(&w->folder, b->options.dir, true, err);
    if (st != SG_OK)
        return st;
    st = sg_folder_current(&generation, &w->folder, err);
    if (st == SG_OK)
        return find_same(b, err);
    return st == SG_ENOTFOUND ? SG_OK : st;
}

static enum sg_status begin_memory(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_bulk_batch *batches[] = {&b->filling, &b->taking};
    b->ids = sg_mem_zalloc((size_t)b->options.n_numbers + 1, sizeof(*b->ids));
    b->assets = sg_mem_zalloc(b->options.n_tokens + 1, sizeof(*b->assets));
    bool ok = b->ids && b->assets;
    for (size_t i = 0; i < 2; i++) {
        batches[i]->txs = sg_mem_alloc(SG_BULK_ROWS, sizeof(*batches[i]->txs));
        ok = ok && batches[i]->txs;
    }
    return ok ? SG_OK : sg_err_nomem(err);
}

/* All that comes is digested from the beginning, also what the load holds: see compare_held. */
static enum sg_status begin_streams(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_ledger_stats *stats = &b->writer->image.meta.stats;
    enum sg_status st = sg_stream_init(&b->writer->rows, SG_STATE_ROW_MAX, err);
    if (st == SG_OK)
        st = sg_stream_init(&b->writer->txs, SG_STATE_TX_MAX, err);
    stats->txs = stats->first_block = stats->last_block = 0;
    stats->order_unknown_txs = stats->order_unknown_blocks = 0;
    stats->first_unix_s = stats->last_unix_s = SG_TIME_UNKNOWN;
    b->tally = (struct sg_tally){.stats = stats};
    return st;
}

enum sg_status sg_bulk_new(struct sg_bulk **bulk, const struct sg_bulk_options *options,
                           struct sg_err *err)
{
    assert(options->memory_max >= MEMORY_MIN && options->n_numbers < SG_ID_NONE);
    struct sg_bulk *b = sg_mem_zalloc(1, sizeof(*b));
    if (!b)
        return sg_err_nomem(err);
    b->options = *options;
    b->save_every = SAVE_EVERY;
    b->writer = sg_writer_new(options->chain, true, options->n_threads);
    enum sg_status st = b->writer ? begin_folder(b, err) : sg_err_nomem(err);
    if (st == SG_OK && !b->is_done)
        st = begin_file(b, err);
    if (st == SG_OK && !b->is_done && b->held_txs == 0)
        st = put_identity(b, err);
    if (st == SG_OK && !b->is_done)
        st = begin_streams(b, err);
    if (st == SG_OK)
        st = begin_memory(b, err);
    if (st != SG_OK) {
        sg_bulk_free(b);
        return st;
    }
    *bulk = b;
    return SG_OK;
}

uint64_t sg_bulk_held(const struct sg_bulk *b)
{
    return b->held_txs;
}

static void *take(void *ctx)
{
    struct sg_bulk *b = ctx;
    b->status = sg_bulk_take(b, &b->err);
    return NULL;
}

/* Wait for the batch that is being taken, and say how it went. */
static enum sg_status settle(struct sg_bulk *b, struct sg_err *err)
{
    sg_task_wait(&b->task);
    if (b->status != SG_OK && err)
        *err = b->err;
    return b->status;
}

static enum sg_status hand_over(struct sg_bulk *b, struct sg_err *err)
{
    const enum sg_status st = settle(b, err);
    if (st != SG_OK)
        return st;
    const struct sg_bulk_batch full = b->filling;
    b->filling = b->taking;
    b->filling.n_txs = b->filling.n_rows = 0;
    b->taking = full;
    sg_task_start(&b->task, b->options.n_threads > 1, take, b);
    return SG_OK;
}

/* Room for the rows of one more transaction, which may have many. */
static enum sg_status make_room(struct sg_bulk_batch *batch, uint32_t n_rows, struct sg_err *err)
{
    const size_t wanted = batch->n_rows + n_rows;
    if (wanted <= batch->cap_rows)
        return SG_OK;
    const size_t cap = wanted < SG_BULK_ROWS ? SG_BULK_ROWS : wanted;
    struct sg_bulk_row *rows = sg_mem_realloc(batch->rows, cap, sizeof(*rows));
    if (!rows)
        return sg_err_nomem(err);
    batch->rows = rows;
    batch->cap_rows = cap;
    return SG_OK;
}

enum sg_status sg_bulk_add(struct sg_bulk *b, const struct sg_bulk_tx *tx,
                           const struct sg_bulk_row *rows, struct sg_err *err)
{
    struct sg_bulk_batch *batch = &b->filling;
    enum sg_status st = SG_OK;
    if (b->is_done)
        return SG_OK;
    if (batch->n_txs == SG_BULK_ROWS ||
        (batch->n_rows > 0 && batch->n_rows + tx->n_rows > SG_BULK_ROWS))
        st = hand_over(b, err);
    if (st == SG_OK)
        st = make_room(batch, tx->n_rows, err);
    if (st != SG_OK)
        return st;
    struct sg_bulk_item *item = &batch->txs[batch->n_txs++];
    item->tx = *tx;
    if (tx->hash32)
        memcpy(item->hash32, tx->hash32, SG_ELEM_HASH);
    else
        memset(item->hash32, 0, SG_ELEM_HASH);
    if (tx->n_rows)
        memcpy(batch->rows + batch->n_rows, rows, tx->n_rows * sizeof(*rows));
    batch->n_rows += tx->n_rows;
    return SG_OK;
}

enum sg_status sg_bulk_settle(struct sg_bulk *b, struct sg_err *err)
{
    if (b->is_done || b->is_settled)
        return SG_OK;
    enum sg_status st = hand_over(b, err);
    if (st == SG_OK)
        st = settle(b, err);
    if (st == SG_OK && b->n_txs < b->held_txs)
        return sg_err_set(err, SG_EUSAGE, "the unfinished load in %s holds more than has come",
                          b->writer->folder.path);
    b->writer->dirty = true;
    if (st == SG_OK)
        st = sg_writer_commit(b->writer, err);
    b->is_settled = st == SG_OK;
    sg_mem_free(b->ids);
    b->ids = NULL;
    return st;
}

/* One list of the file, as one segment; empty ones are none. */
static enum sg_status add_list(struct sg_bulk *b, const struct sg_lister *l, enum sg_list which,
                               enum sg_status (*make)(struct sg_segment *segment,
                                                      const struct sg_lister *l,
                                                      struct sg_err *err),
                               struct sg_err *err)
{
    struct sg_image *image = &b->writer->image;
    struct sg_segment segment = {.number = image->meta.next_segment++};
    const enum sg_status st = make(&segment, l, err);
    if (st == SG_OK && segment.n > 0)
        image->lists[which].items[image->lists[which].n++] = segment;
    return st;
}

static enum sg_status add_lists(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_image reader;
    struct sg_kv *kv = b->writer->image.kv;
    struct sg_kv_write write = {.kv = kv};
    const struct sg_lister l = {&reader, &write, b->options.memory_max, b->options.n_threads,
                                b->options.progress};
    sg_image_init(&reader, b->options.chain);
    enum sg_status st = sg_image_load(&reader, sg_kv_share(kv), false, err);
    if (st == SG_OK)
        st = sg_kv_begin(&write.txn, kv, true, err);
    if (st == SG_OK)
        st = add_list(b, &l, SG_LIST_ADDRS, sg_list_addrs, err);
    if (st == SG_OK)
        st = add_list(b, &l, SG_LIST_TXS, sg_list_txs, err);
    if (st == SG_OK)
        st = add_list(b, &l, SG_LIST_POSTINGS, sg_list_rows, err);
    if (st == SG_OK)
        st = sg_kv_commit(write.txn, err);
    else
        sg_kv_abort(write.txn);
    sg_image_clear(&reader);
    b->writer->is_stale = true;
    return st;
}

static enum sg_status add_hints(struct sg_bulk *b, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < b->options.n_tokens; i++) {
        const struct sg_bulk_token *token = &b->options.tokens[i];
        const struct sg_token_hint hint = {&token->contract.size, token->symbol, token->decimals,
                                           true};
        if (b->assets[i])
            st = sg_writer_tokens(b->writer, &hint, 1, err);
    }
    return st;
}

static enum sg_status add_notes(struct sg_bulk *b, uint8_t cover_kinds,
                                const struct sg_file_entry *file, struct sg_err *err)
{
    const struct sg_ledger_stats *stats = &b->writer->image.meta.stats;
    const struct sg_cover_entry cover = {NULL, cover_kinds, stats->first_block, stats->last_block};
    enum sg_status st = add_hints(b, err);
    if (st == SG_OK && b->n_txs)
        st = sg_writer_cover(b->writer, &cover, 1, err);
    return st == SG_OK ? sg_writer_file(b->writer, file, err) : st;
}

static enum sg_status publish(struct sg_bulk *b, struct sg_err *err)
{
    struct sg_writer *w = b->writer;
    sg_image_clear(&w->image); /* Closes the file. */
    enum sg_status st = sg_folder_take_load(&w->folder, 1, err);
    return st == SG_OK ? sg_folder_publish(&w->folder, 1, err) : st;
}

enum sg_status sg_bulk_finish(struct sg_bulk *b, uint8_t cover_kinds,
                              const struct sg_file_entry *file, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (b->is_published)
        return SG_OK;
    if (b->is_done)
        return publish(b, err);
    st = sg_bulk_settle(b, err);
    if (st == SG_OK)
        st = add_lists(b, err);
    if (st == SG_OK)
        st = add_notes(b, cover_kinds, file, err);
    if (st == SG_OK)
        st = sg_writer_commit(b->writer, err);
    return st == SG_OK ? publish(b, err) : st;
}

void sg_bulk_free(struct sg_bulk *b)
{
    if (!b)
        return;
    sg_task_wait(&b->task);
    sg_mem_free(b->filling.txs);
    sg_mem_free(b->filling.rows);
    sg_mem_free(b->taking.txs);
    sg_mem_free(b->taking.rows);
    sg_mem_free(b->assets);
    sg_mem_free(b->ids);
    sg_writer_free(b->writer);
    sg_mem_free(b);
}
