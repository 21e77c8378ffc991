#include "store/engine/image_internal.h"
#include "store/engine/notes_internal.h"
#include "store/engine/state_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The digests of chunks are made side by side; what is found does not depend on it. */
#define THREADS 2u
#define WINDOW  32u /* Chunks between two looks at whether to stop. */

/* Entries of a list as a set: how many, and a sum that is the same in any order. What should be in
 * a list is summed up where it stands in the columns, and what is in it where it stands in the
 * list; that reads both from one end to the other, where looking each up would jump about. Sums
 * that differ are looked into one by one. */
struct tally {
    uint64_t n;
    sg_u128 sum;
};

static void tally_add(struct tally *tally, uint64_t key, uint64_t value)
{
    uint64_t z = key * UINT64_C(0x9e3779b97f4a7c15) + (value ^ UINT64_C(0xd1b54a32d192ed03));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb) ^ value;
    z = (z ^ z >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    tally->n++;
    tally->sum += z ^ z >> 29;
}

static bool same_tally(const struct tally *a, const struct tally *b)
{
    return a->n == b->n && a->sum == b->sum;
}

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

static void add_dict_block(struct tally *tally, bool *sorted, uint32_t *last,
                           const struct sg_block *block)
{
    const uint32_t count = sg_load32(block->bytes);
    const uint8_t *keys = block->bytes + SG_BLOCK_HEADER, *ids = keys + (size_t)4 * count;
    const uint64_t first = sg_load64(block->bytes + 8);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t key = sg_load32(keys + (size_t)4 * i);
        *sorted = *sorted && key >= *last;
        *last = key;
        tally_add(tally, key, first + sg_load32(ids + (size_t)4 * i));
    }
}

/* What a dictionary holds; false if the keys of a segment are out of order. */
static bool tally_dict(struct tally *tally, const struct sg_segments *list)
{
    bool sorted = true;
    for (size_t i = 0; i < list->n; i++) {
        uint32_t last = 0;
        for (size_t j = 0; j < list->items[i].n_blocks; j++)
            add_dict_block(tally, &sorted, &last, &list->items[i].blocks[j]);
    }
    return sorted;
}

/* Something is wrong with the dictionary of hashes: what? */
static enum sg_status look_up_hashes(struct check *c, const struct tally *wanted,
                                     const struct tally *found)
{
    struct sg_tx tx;
    struct sg_err err;
    uint64_t n_missing = 0;
    for (uint64_t i = 0; i < c->image.txs.count; i++) {
        const enum sg_status st = sg_image_txs(&tx, &c->image, i, 1, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        if (!(tx.flags & SG_TX_HAS_HASH) ||
            has_id(&c->image.lists[SG_LIST_TXS], tx.hash32, SG_ELEM_HASH, i))
            continue;
        fault(c, "transaction %" PRIu64 " is not found by its hash", i);
        n_missing++;
    }
    if (n_missing == 0 || found->n != wanted->n)
        fault(c, "the dictionary of hashes has entries of no transaction");
    return SG_OK;
}

static enum sg_status check_txs(struct check *c)
{
    struct sg_tx txs[PART];
    struct sg_err err;
    uint64_t block = 0, row = 0;
    struct tally wanted = {0}, found = {0};
    for (uint64_t first = 0; first < c->image.txs.count; first += PART) {
        const uint64_t left = c->image.txs.count - first;
        const size_t n = left < PART ? (size_t)left : PART;
        enum sg_status st = sg_image_txs(txs, &c->image, first, n, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        for (size_t i = 0; i < n; i++) {
            check_tx(c, &txs[i], &block, &row);
            if (txs[i].flags & SG_TX_HAS_HASH)
                tally_add(&wanted, sg_key_of(txs[i].hash32, SG_ELEM_HASH) >> 32, txs[i].id.v);
        }
        st = advance(c, n);
        if (st != SG_OK)
            return st;
    }
    if (row != c->image.rows.count)
        fault(c, "the transactions have %" PRIu64 " rows, the ledger %" PRIu64, row,
              c->image.rows.count);
    const bool sorted = tally_dict(&found, &c->image.lists[SG_LIST_TXS]);
    return sorted && same_tally(&wanted, &found) ? SG_OK : look_up_hashes(c, &wanted, &found);
}

/* Where some transactions have their rows: [at[i], at[i + 1]) are those of first + i. */
struct places {
    uint64_t first, at[PART + 1];
    size_t n;
};

static bool is_place_of(struct places *p, const struct sg_image *image, const struct sg_row *row)
{
    const uint64_t tx = row->tx.v;
    if (tx < p->first || tx - p->first >= p->n) {
        const uint64_t left = image->txs.count - tx;
        p->first = tx;
        p->n = left < PART ? (size_t)left : PART;
        p->at[p->n] = image->rows.count;
        sg_columns_read(p->at, &image->txs, SG_TX_COL_FIRST_ROW, tx, p->n + (left > PART));
    }
    return p->at[tx - p->first] <= row->id && row->id < p->at[tx - p->first + 1];
}

static void check_row(struct check *c, const struct sg_row *row, struct places *places,
                      struct tally *wanted)
{
    if (!is_place_of(places, &c->image, row))
        fault(c, "row %" PRIu64 " is not of the transaction that it names", row->id);
    if (row->kind > SG_ROW_REWARD)
        fault(c, "row %" PRIu64 " has no valid kind", row->id);
    if (row->from.v != SG_ID_NONE)
        tally_add(wanted, row->from.v, row->id);
    if (row->to.v != SG_ID_NONE && row->to.v != row->from.v)
        tally_add(wanted, row->to.v, row->id);
}

/* wanted: what the lists of addresses must hold. */
static enum sg_status check_rows(struct check *c, struct tally *wanted)
{
    struct sg_row rows[PART];
    struct places places = {0};
    struct sg_err err;
    for (uint64_t first = 0; first < c->image.rows.count; first += PART) {
        const uint64_t left = c->image.rows.count - first;
        const size_t n = left < PART ? (size_t)left : PART;
        enum sg_status st = sg_image_rows(rows, &c->image, first, n, &err);
        if (st != SG_OK)
            return settle(c, st, &err);
        for (size_t i = 0; i < n; i++)
            check_row(c, &rows[i], &places, wanted);
        st = advance(c, n);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Addresses of one key, which stand side by side in the one segment, must differ. */
static bool are_different(const struct sg_image *image, const uint8_t *ids, uint64_t first,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n; k++) {
            uint8_t size;
            const uint64_t id = first + sg_load32(ids + (size_t)4 * k);
            const uint8_t *bytes =
                id < image->addrs.count ? sg_columns_addr(&size, &image->addrs, id) : NULL;
            if (!bytes ||
                sg_image_is_addr(image, first + sg_load32(ids + (size_t)4 * i), bytes, size))
                return false;
        }
    return true;
}

static bool all_different(const struct sg_image *image, const struct sg_block *block)
{
    const uint32_t count = sg_load32(block->bytes);
    const uint8_t *keys = block->bytes + SG_BLOCK_HEADER, *ids = keys + (size_t)4 * count;
    for (uint32_t i = 0, end; i < count; i = end) {
        const uint32_t key = sg_load32(keys + (size_t)4 * i);
        for (end = i + 1; end < count && sg_load32(keys + (size_t)4 * end) == key;)
            end++;
        if (end - i > 1 &&
            !are_different(image, ids + (size_t)4 * i, sg_load64(block->bytes + 8), end - i))
            return false;
    }
    return true;
}

/* With more segments an address could be in two of them; and a key in two blocks. */
static bool has_no_twins(const struct sg_image *image)
{
    const struct sg_segments *list = &image->lists[SG_LIST_ADDRS];
    if (list->n > 1)
        return false;
    for (size_t j = 0; list->n && j < list->items[0].n_blocks; j++) {
        const struct sg_block *block = &list->items[0].blocks[j];
        const uint8_t *last = block->bytes + SG_BLOCK_HEADER + 4 * (sg_load32(block->bytes) - 1u);
        if (!all_different(image, block) ||
            (j + 1 < list->items[0].n_blocks && sg_load32(last) == block[1].first))
            return false;
    }
    return true;
}

static enum sg_status look_up_addrs(struct check *c)
{
    for (uint64_t id = 0; id < c->image.addrs.count; id++) {
        uint8_t size;
        const uint8_t *bytes = sg_columns_addr(&size, &c->image.addrs, id);
        if (bytes && sg_image_find_addr(&c->image, bytes, size) != id)
            fault(c, "address %" PRIu64 " is not found by its bytes", id);
    }
    return SG_OK;
}

static enum sg_status check_addrs(struct check *c)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_ADDRS];
    struct tally wanted = {0}, found = {0};
    for (uint64_t id = 0; id < c->image.addrs.count; id++) {
        uint8_t size;
        const uint8_t *bytes = sg_columns_addr(&size, &c->image.addrs, id);
        if (bytes)
            tally_add(&wanted, sg_key_of(bytes, size) >> 32, id);
        else
            fault(c, "address %" PRIu64 " is malformed", id);
        if (id % PART == 0) {
            const enum sg_status st = advance(c, PART);
            if (st != SG_OK)
                return st;
        }
    }
    const bool sorted = tally_dict(&found, list);
    if (found.n != c->image.addrs.count)
        fault(c, "the dictionary of addresses has %" PRIu64 " entries for %" PRIu64 " addresses",
              found.n, c->image.addrs.count);
    return sorted && same_tally(&wanted, &found) && has_no_twins(&c->image) ? SG_OK
                                                                            : look_up_addrs(c);
}

static void check_assets(struct check *c)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_ASSETS];
    for (size_t id = 1; id < c->image.n_assets; id++) {
        const struct sg_address *contract = &c->image.assets[id].contract;
        if (!has_id(list, contract->bytes, contract->size, id))
            fault(c, "asset %zu is not found by its contract", id);
    }
    struct tally found = {0};
    (void)tally_dict(&found, list);
    if (found.n != c->image.n_assets - 1)
        fault(c, "the dictionary of assets has entries of no asset");
}

/* The lists of one segment: each row is of the segment, has the address, and comes after the one
 * before. */
struct list_check {
    struct check *check;
    const struct sg_segment *segment;
    struct tally *found;
    bool in_detail, doubtful;
    uint64_t id, last, n;
    bool begun;
};

static void tell_posting(struct list_check *l, uint64_t id, uint64_t row, bool in_order)
{
    uint32_t from = SG_ID_NONE, to = SG_ID_NONE;
    if (row < l->check->image.rows.count) {
        sg_columns_read(&from, &l->check->image.rows, SG_ROW_COL_FROM, row, 1);
        sg_columns_read(&to, &l->check->image.rows, SG_ROW_COL_TO, row, 1);
    }
    if (row < l->segment->first || row >= l->segment->end || (from != id && to != id))
        fault(l->check, "address %" PRIu64 " lists row %" PRIu64 ", which is not its", id, row);
    if (!in_order)
        fault(l->check, "the rows of address %" PRIu64 " are out of order", id);
}

static void check_posting(struct list_check *l, uint64_t id, uint64_t row)
{
    const bool in_order = !l->begun || id > l->id || (id == l->id && row > l->last);
    l->doubtful |= !in_order || row < l->segment->first || row >= l->segment->end;
    tally_add(l->found, id, row);
    if (l->in_detail)
        tell_posting(l, id, row, in_order);
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

/* Go through all lists; doubtful: whether any is not in order. In detail: say what is wrong. */
static enum sg_status read_lists(struct check *c, struct tally *found, bool *doubtful,
                                 bool in_detail)
{
    const struct sg_segments *list = &c->image.lists[SG_LIST_POSTINGS];
    for (size_t i = 0; i < list->n; i++) {
        struct list_check l = {
            .check = c, .segment = &list->items[i], .found = found, .in_detail = in_detail};
        for (size_t j = 0; j < list->items[i].n_blocks; j++) {
            const uint64_t before = l.n;
            const bool whole = check_block(&l, &list->items[i].blocks[j]);
            l.doubtful |= !whole;
            if (!whole && in_detail)
                fault(c, "a list of rows of an address is malformed");
            const enum sg_status st = advance(c, in_detail ? 0 : l.n - before);
            if (st != SG_OK)
                return st;
        }
        *doubtful |= l.doubtful || l.n != list->items[i].n;
        if (in_detail && l.n != list->items[i].n)
            fault(c, "a segment of lists has %" PRIu64 " rows instead of %" PRIu64, l.n,
                  list->items[i].n);
    }
    return SG_OK;
}

static enum sg_status check_postings(struct check *c, const struct tally *wanted)
{
    struct tally found = {0}, again = {0};
    bool doubtful = false;
    const enum sg_status st = read_lists(c, &found, &doubtful, false);
    if (st != SG_OK || (!doubtful && same_tally(&found, wanted)))
        return st;
    if (found.n != wanted->n)
        fault(c, "the lists of addresses have %" PRIu64 " rows instead of %" PRIu64, found.n,
              wanted->n);
    return read_lists(c, &again, &doubtful, true);
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

typedef enum sg_status (*feed_fn)(struct sg_stream *stream, const struct sg_image *image,
                                  uint64_t end, struct sg_err *err);

/* Chunks whose digests are made side by side: the file keeps the running digest at the end of each,
 * so each can be followed from the end of the one before. */
struct window {
    const struct sg_image *image;
    feed_fn feed;
    size_t item_max;
    uint64_t first;
    uint8_t marks[WINDOW + 1][SG_SHA256_SIZE]; /* Before, and at the end of each. */
    enum sg_status status[WINDOW];
    bool is_right[WINDOW];
    struct sg_err err[WINDOW];
};

static void follow_chunk(void *ctx, size_t i)
{
    struct window *w = ctx;
    struct sg_stream stream;
    const uint64_t chunk = w->first + i;
    enum sg_status st = sg_stream_init(&stream, w->item_max, &w->err[i]);
    if (st == SG_OK) {
        memcpy(stream.running32, w->marks[i], SG_SHA256_SIZE);
        stream.count = chunk * SG_CHUNK;
        st = w->feed(&stream, w->image, (chunk + 1) * SG_CHUNK, &w->err[i]);
    }
    w->is_right[i] = memcmp(stream.running32, w->marks[i + 1], SG_SHA256_SIZE) == 0;
    w->status[i] = st;
    sg_stream_clear(&stream);
}

static enum sg_status load_marks(struct check *c, struct window *w, size_t n, unsigned table,
                                 struct sg_err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct sg_bytes mark = {0};
        const enum sg_status st = sg_kv_get(&mark, c->image.txn, table, w->first + i, err);
        if (st != SG_OK && st != SG_ENOTFOUND)
            return st;
        memset(w->marks[i + 1], 0, SG_SHA256_SIZE);
        if (mark.size == SG_SHA256_SIZE)
            memcpy(w->marks[i + 1], mark.at, SG_SHA256_SIZE);
    }
    return SG_OK;
}

static enum sg_status check_window(struct check *c, struct window *w, size_t n, unsigned table)
{
    struct sg_err err;
    enum sg_status st = settle(c, load_marks(c, w, n, table, &err), &err);
    if (st != SG_OK)
        return st;
    sg_parallel_for(THREADS, n, follow_chunk, w);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        if (w->status[i] == SG_OK && !w->is_right[i])
            fault(c, "the digest of chunk %" PRIu64 " does not match its content", w->first + i);
        st = settle(c, w->status[i], &w->err[i]);
    }
    memcpy(w->marks[0], w->marks[n], SG_SHA256_SIZE);
    w->first += n;
    return st == SG_OK ? advance(c, n * SG_CHUNK) : st;
}

/* Digest all; the stream ends up as it was when the ledger was written. */
static enum sg_status check_stream(struct check *c, struct sg_stream *stream, uint64_t count,
                                   unsigned table, feed_fn feed)
{
    struct sg_err err;
    const uint64_t n_chunks = count / SG_CHUNK;
    enum sg_status st = SG_OK;
    struct window *w = sg_mem_zalloc(1, sizeof(*w));
    if (!w)
        return sg_err_nomem(c->err);
    w->image = &c->image;
    w->feed = feed;
    w->item_max = stream->item_max;
    while (st == SG_OK && w->first < n_chunks) {
        const uint64_t left = n_chunks - w->first;
        st = check_window(c, w, left < WINDOW ? (size_t)left : WINDOW, table);
    }
    memcpy(stream->running32, w->marks[0], SG_SHA256_SIZE);
    stream->count = n_chunks * SG_CHUNK;
    sg_mem_free(w);
    if (st == SG_OK)
        st = settle(c, feed(stream, &c->image, count, &err), &err);
    return st == SG_OK ? advance(c, count % SG_CHUNK) : st;
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
    struct tally postings = {0};
    const struct sg_image *image = &c->image;
    c->total = 4 * image->rows.count + 2 * image->txs.count + image->addrs.count;
    enum sg_status st = check_txs(c);
    if (st == SG_OK)
        st = check_rows(c, &postings);
    if (st == SG_OK)
        st = check_addrs(c);
    if (st == SG_OK)
        st = check_postings(c, &postings);
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
