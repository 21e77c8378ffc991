#include "store/engine/image_internal.h"
#include "store/engine/notes_internal.h"
#include "store/engine/state_internal.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct check {
    struct sg_image image;
    const struct sg_progress *progress;
    uint64_t done, total; /* In rows, transactions, addresses and list entries. */
    void (*visit)(void *ctx, const char *fault);
    void *ctx;
    uint64_t n_faults;
    struct sg_err *err;
};

static void fault(struct check *c, const char *fmt, ...) SG_PRINTF(2, 3);

static void fault(struct check *c, const char *fmt, ...)
{
    char text[SG_ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    c->n_faults++;
    c->visit(c->ctx, text);
}

static enum sg_status advance(struct check *c, uint64_t n)
{
    c->done += n;
    if (sg_progress_step(c->progress, c->done, c->total))
        return SG_OK;
    return sg_err_set(c->err, SG_ECANCELLED, "stopped");
}

/* A fault where the content is malformed; other errors end the check. */
static enum sg_status settle(struct check *c, enum sg_status st, const struct sg_err *err)
{
    if (st != SG_ECORRUPT) {
        if (st != SG_OK && c->err)
            *c->err = *err;
        return st;
    }
    fault(c, "%s", err->text);
    return SG_OK;
}

#define PART 256u

static void check_tx(struct check *c, const struct sg_tx *tx, uint64_t *block, uint64_t *row)
{
    if (tx->block < *block)
        fault(c, "transaction %" PRIu64 " is of an earlier block than the one before", tx->id.v);
    if (tx->first_row != *row)
        fault(c, "transaction %" PRIu64 " does not begin where the one before ends", tx->id.v);
    if (tx->status > SG_TX_FAILED)
        fault(c, "transaction %" PRIu64 " has no valid status", tx->id.v);
    *block = tx->block;
    *row = tx->first_row + tx->n_rows;
}

static bool has_id(const struct sg_segments *list, const uint8_t *bytes, uint8_t size, uint64_t id)
{
    struct sg_dict_search search = {.list = list, .key = sg_key_of(bytes, size)};
    uint64_t found;
    while (sg_dict_next(&found, &search))
        if (found == id)
            return true;
    return false;
}

static uint64_t entries_of(const struct sg_segments *list)
{
    uint64_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        for (size_t j = 0; j < list->items[i].n_blocks; j++)
            n += sg_load32(list->items[i].blocks[j].bytes);
    return n;
}

static enum sg_status check_txs(struct check *c)
{
    struct sg_tx txs[PART];
    struct sg_err err;
    uint64_t block = 0, row = 0, n_hashes = 0;
    const struct sg_segments *list = &c->image.lists[SG_LIST_TXS];
    for (uint64_t first = 0; first < c->image.txs.count; first += PART) {
        const uint64_t left = c->image.txs.count - first;
        const size_t n = left < PART ? (size_t)left : PART;
        enum sg_status st = sg_image_txs(txs, &c->image, first, n, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        for (size_t i = 0; i < n; i++) {
            check_tx(c, &txs[i], &block, &row);
            if (!(txs[i].flags & SG_TX_HAS_HASH))
                continue;
            n_hashes++;
            if (!has_id(list, txs[i].hash32, SG_ELEM_HASH, txs[i].id.v))
                fault(c, "transaction %" PRIu64 " is not found by its hash", txs[i].id.v);
        }
        st = advance(c, n);
        if (st != SG_OK)
            return st;
    }
    if (row != c->image.rows.count)
        fault(c, "the transactions have %" PRIu64 " rows, the ledger %" PRIu64, row,
              c->image.rows.count);
    if (n_hashes != entries_of(list))
        fault(c, "the dictionary of hashes has entries of no transaction");
    return SG_OK;
}

static void check_row(struct check *c, const struct sg_row *row, uint64_t end_row, uint64_t tx)
{
    if (row->tx.v != tx || row->id >= end_row)
        fault(c, "row %" PRIu64 " is not of the transaction that it names", row->id);
    if (row->kind > SG_ROW_REWARD)
        fault(c, "row %" PRIu64 " has no valid kind", row->id);
}

/* Entries that lists must have for a row. */
static uint64_t postings_of(const struct sg_row *row)
{
    const unsigned from = row->from.v != SG_ID_NONE;
    return from + (row->to.v != SG_ID_NONE && row->to.v != row->from.v);
}

static enum sg_status rows_of_tx(struct check *c, const struct sg_tx *tx, uint64_t *n_postings)
{
    struct sg_row rows[PART];
    struct sg_err err;
    for (uint64_t at = 0; at < tx->n_rows; at += PART) {
        const size_t n = tx->n_rows - at < PART ? (size_t)(tx->n_rows - at) : PART;
        const enum sg_status st = sg_image_rows(rows, &c->image, tx->first_row + at, n, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        for (size_t i = 0; i < n; i++) {
            check_row(c, &rows[i], tx->first_row + tx->n_rows, tx->id.v);
            *n_postings += postings_of(&rows[i]);
        }
    }
    return advance(c, tx->n_rows);
}

static enum sg_status check_rows(struct check *c, uint64_t *n_postings)
{
    struct sg_tx tx;
    struct sg_err err;
    for (uint64_t i = 0; i < c->image.txs.count; i++) {
        enum sg_status st = sg_image_txs(&tx, &c->image, i, 1, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        st = rows_of_tx(c, &tx, n_postings);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status check_addrs(struct check *c)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_ADDRS];
    for (uint64_t id = 0; id < c->image.addrs.count; id++) {
        uint8_t size;
        const uint8_t *bytes = sg_columns_addr(&size, &c->image.addrs, id);
        if (!bytes)
            fault(c, "address %" PRIu64 " is malformed", id);
        else if (sg_image_find_addr(&c->image, bytes, size) != id)
            fault(c, "address %" PRIu64 " is not found by its bytes", id);
        if (id % PART == 0) {
            const enum sg_status st = advance(c, PART);
            if (st != SG_OK)
                return st;
        }
    }
    if (entries_of(list) != c->image.addrs.count)
        fault(c, "the dictionary of addresses has %" PRIu64 " entries for %" PRIu64 " addresses",
              entries_of(list), c->image.addrs.count);
    return SG_OK;
}

static void check_assets(struct check *c)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_ASSETS];
    for (size_t id = 1; id < c->image.n_assets; id++) {
        const struct sg_address *contract = &c->image.assets[id].contract;
        if (!has_id(list, contract->bytes, contract->size, id))
            fault(c, "asset %zu is not found by its contract", id);
    }
    if (entries_of(list) != c->image.n_assets - 1)
        fault(c, "the dictionary of assets has entries of no asset");
}

/* One list of rows: each row is of its segment, has the address, and comes after the one before. */
struct list_check {
    struct check *check;
    const struct sg_segment *segment;
    uint64_t id, last, n;
    bool begun;
};

static void check_posting(struct list_check *l, uint64_t id, uint64_t row)
{
    uint32_t from = SG_ID_NONE, to = SG_ID_NONE;
    if (row < l->check->image.rows.count) {
        sg_columns_read(&from, &l->check->image.rows, SG_ROW_COL_FROM, row, 1);
        sg_columns_read(&to, &l->check->image.rows, SG_ROW_COL_TO, row, 1);
    }
    if (row < l->segment->first || row >= l->segment->end || (from != id && to != id))
        fault(l->check, "address %" PRIu64 " lists row %" PRIu64 ", which is not its", id, row);
    if (l->begun && (id < l->id || (id == l->id && row <= l->last)))
        fault(l->check, "the rows of address %" PRIu64 " are out of order", id);
    l->begun = true;
    l->id = id;
    l->last = row;
    l->n++;
}

static bool check_block(struct list_check *l, const struct sg_block *block)
{
    struct sg_posting_block view;
    sg_posting_block_open(&view, block);
    for (uint32_t i = 0; i < view.count; i++) {
        uint64_t id, delta, row = view.base;
        const uint8_t *at, *end;
        if (!sg_posting_entry(&id, &at, &end, &view, i))
            return false;
        while (at < end) {
            if (!sg_varint_next(&delta, &at, end))
                return false;
            row += delta;
            check_posting(l, id, row);
        }
    }
    return true;
}

static enum sg_status check_postings(struct check *c, uint64_t n_postings)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_POSTINGS];
    uint64_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct list_check l = {.check = c, .segment = &list->items[i]};
        for (size_t j = 0; j < list->items[i].n_blocks; j++) {
            const uint64_t before = l.n;
            if (!check_block(&l, &list->items[i].blocks[j]))
                fault(c, "a list of rows of an address is malformed");
            const enum sg_status st = advance(c, l.n - before);
            if (st != SG_OK)
                return st;
        }
        if (l.n != list->items[i].n)
            fault(c, "a segment of lists has %" PRIu64 " rows instead of %" PRIu64, l.n,
                  list->items[i].n);
        n += l.n;
    }
    if (n != n_postings)
        fault(c, "the lists of addresses have %" PRIu64 " rows instead of %" PRIu64, n, n_postings);
    return SG_OK;
}

static enum sg_status check_covers(struct check *c)
{
    const struct sg_image *image = &c->image;
    struct sg_coverage *joined = sg_mem_alloc(image->n_covers, sizeof(*joined));
    if (!joined)
        return sg_err_nomem(c->err);
    for (size_t i = 0; i < image->n_covers; i++) {
        joined[i] = image->covers[i];
        if (joined[i].first_block > joined[i].last_block)
            fault(c, "coverage %zu ends before it begins", i);
    }
    if (sg_covers_join(joined, image->n_covers) != image->n_covers)
        fault(c, "ranges of coverage touch or overlap");
    sg_mem_free(joined);
    return SG_OK;
}

static enum sg_status check_notes(struct check *c)
{
    const struct sg_ledger_stats *stats = &c->image.meta.stats;
    struct sg_file_entry file;
    struct sg_bad_entry bad;
    struct sg_bytes bytes;
    struct sg_err err;
    enum sg_status st = SG_OK;
    for (uint64_t i = 0; st == SG_OK && i < stats->files; i++) {
        st = sg_kv_get(&bytes, c->image.txn, SG_TABLE_FILES, i, &err);
        if (st == SG_OK)
            st = settle(c, sg_note_get_file(&file, bytes, &err), &err);
    }
    for (uint64_t i = 0; st == SG_OK && i < stats->bad_rows; i++) {
        st = sg_kv_get(&bytes, c->image.txn, SG_TABLE_BAD, i, &err);
        if (st == SG_OK)
            st = settle(c, sg_note_get_bad(&bad, bytes, &err), &err);
        if (st == SG_OK && bad.file >= stats->files)
            fault(c, "bad row %" PRIu64 " is of a file that is not noted", i);
    }
    if (st != SG_ENOTFOUND)
        return settle(c, st, &err);
    fault(c, "a note of a file or of a bad row is missing");
    return SG_OK;
}

static enum sg_status check_stats(struct check *c)
{
    struct sg_ledger_stats stats = c->image.meta.stats;
    struct sg_err err;
    const enum sg_status st = sg_image_tally(&stats, &c->image, stats.txs, &err);
    if (st != SG_OK)
        return settle(c, st, &err);
    if (stats.first_block != c->image.meta.stats.first_block ||
        stats.last_block != c->image.meta.stats.last_block ||
        stats.first_unix_s != c->image.meta.stats.first_unix_s ||
        stats.last_unix_s != c->image.meta.stats.last_unix_s)
        fault(c, "the first and last block and time are not those of the transactions");
    if (stats.order_unknown_txs != c->image.meta.stats.order_unknown_txs ||
        stats.order_unknown_blocks != c->image.meta.stats.order_unknown_blocks)
        fault(c, "the counts of transactions in unknown order are wrong");
    return SG_OK;
}

/* Digest chunk by chunk, and compare where the file keeps the running digest. */
static enum sg_status
check_stream(struct check *c, struct sg_stream *stream, uint64_t count, unsigned table,
             enum sg_status (*feed)(struct sg_stream *stream, const struct sg_image *image,
                                    uint64_t end, struct sg_err *err))
{
    struct sg_err err;
    while (stream->count < count) {
        const uint64_t chunk = stream->count / SG_CHUNK, room = SG_CHUNK;
        const uint64_t n = count - stream->count < room ? count - stream->count : room;
        enum sg_status st = feed(stream, &c->image, stream->count + n, &err);
        struct sg_bytes mark = {0};
        if (st == SG_OK && n == room)
            st = sg_kv_get(&mark, c->image.txn, table, chunk, &err);
        if (st != SG_OK && st != SG_ENOTFOUND)
            return settle(c, st, &err);
        if (n == room && (mark.size != SG_SHA256_SIZE ||
                          memcmp(mark.at, stream->running32, SG_SHA256_SIZE) != 0))
            fault(c, "the digest of chunk %" PRIu64 " does not match its content", chunk);
        stream->n_marks = 0;
        st = advance(c, n);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* The state again, from the content alone. */
static enum sg_status digest_again(struct check *c, struct sg_stream *rows, struct sg_stream *txs,
                                   struct sg_err *err)
{
    struct sg_image *image = &c->image;
    const struct sg_meta kept = image->meta;
    enum sg_status st = sg_state_assets(image->meta.assets32, image, err);
    if (st == SG_OK)
        st = sg_state_covers(image->meta.covers32, image, err);
    if (st == SG_OK)
        st = sg_state_of(image->meta.stats.state32, image, rows, txs, err);
    if (st != SG_OK)
        return st;
    if (memcmp(image->meta.stats.state32, kept.stats.state32, SG_SHA256_SIZE) != 0 ||
        memcmp(rows->running32, kept.rows32, SG_SHA256_SIZE) != 0 ||
        memcmp(txs->running32, kept.txs32, SG_SHA256_SIZE) != 0)
        fault(c, "the state digest does not match the content");
    return SG_OK;
}

static enum sg_status check_state(struct check *c)
{
    struct sg_stream rows = {0}, txs = {0};
    struct sg_err err;
    enum sg_status st = sg_stream_init(&rows, SG_STATE_ROW_MAX, &err);
    if (st == SG_OK)
        st = sg_stream_init(&txs, SG_STATE_TX_MAX, &err);
    if (st != SG_OK) {
        st = settle(c, st, &err);
        goto out;
    }
    st = check_stream(c, &rows, c->image.rows.count, SG_TABLE_STATE_ROWS, sg_state_feed_rows);
    if (st == SG_OK)
        st = check_stream(c, &txs, c->image.txs.count, SG_TABLE_STATE_TXS, sg_state_feed_txs);
    if (st == SG_OK)
        st = settle(c, digest_again(c, &rows, &txs, &err), &err);
out:
    sg_stream_clear(&txs);
    sg_stream_clear(&rows);
    return st;
}

static enum sg_status check_image(struct check *c)
{
    uint64_t n_postings = 0;
    const struct sg_image *image = &c->image;
    c->total = 3 * image->rows.count + 2 * image->txs.count + image->addrs.count;
    enum sg_status st = check_txs(c);
    if (st == SG_OK)
        st = check_rows(c, &n_postings);
    if (st == SG_OK)
        st = check_addrs(c);
    if (st == SG_OK)
        st = check_postings(c, n_postings);
    if (st == SG_OK)
        st = check_covers(c);
    if (st == SG_OK)
        st = check_notes(c);
    if (st == SG_OK)
        st = check_stats(c);
    check_assets(c);
    return st == SG_OK ? check_state(c) : st;
}

enum sg_status sg_engine_check(uint64_t *n_faults, const char *dir, const struct sg_chain *chain,
                               const struct sg_progress *progress,
                               void (*visit)(void *ctx, const char *fault), void *ctx,
                               struct sg_err *err)
{
    struct sg_err reason;
    struct check *c = sg_mem_zalloc(1, sizeof(*c));
    if (!c)
        return sg_err_nomem(err);
    c->progress = progress;
    c->visit = visit;
    c->ctx = ctx;
    c->err = err;
    enum sg_status st = sg_image_open(&c->image, dir, chain, &reason);
    if (st == SG_OK)
        st = check_image(c);
    else
        st = settle(c, st, &reason);
    if (st == SG_OK)
        *n_faults = c->n_faults;
    sg_image_clear(&c->image);
    sg_mem_free(c);
    return st;
}
