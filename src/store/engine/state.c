#include "store/engine/state_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/image_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum sg_status sg_stream_init(struct sg_stream *stream, size_t item_max, struct sg_err *err)
{
    *stream = (struct sg_stream){.item_max = item_max};
    stream->leaf = sg_mem_alloc(SG_STATE_LEAF, item_max);
    return stream->leaf ? SG_OK : sg_err_nomem(err);
}

void sg_stream_clear(struct sg_stream *stream)
{
    sg_mem_free(stream->marks);
    sg_mem_free(stream->leaf);
    *stream = (struct sg_stream){0};
}

enum sg_status sg_stream_reserve(struct sg_stream *stream, size_t n, struct sg_err *err)
{
    const bool ok =
        SG_VEC_RESERVE(stream->marks, stream->n_marks, stream->cap_marks, n / SG_CHUNK + 1);
    return ok ? SG_OK : sg_err_nomem(err);
}

uint8_t *sg_stream_next(struct sg_stream *stream)
{
    return stream->leaf + stream->leaf_size;
}

void sg_stream_add(struct sg_stream *stream, size_t size)
{
    uint8_t pair[2 * SG_SHA256_SIZE];
    assert(size <= stream->item_max);
    stream->leaf_size += size;
    if (++stream->count % SG_STATE_LEAF)
        return;
    memcpy(pair, stream->running32, SG_SHA256_SIZE);
    sg_sha256_of(pair + SG_SHA256_SIZE, stream->leaf, stream->leaf_size);
    sg_sha256_of(stream->running32, pair, sizeof(pair));
    stream->leaf_size = 0;
    if (stream->count % SG_CHUNK == 0) {
        assert(stream->n_marks < stream->cap_marks);
        memcpy(stream->marks[stream->n_marks++], stream->running32, SG_SHA256_SIZE);
    }
}

static uint8_t *put(uint8_t *out, const void *bytes, size_t size)
{
    memcpy(out, bytes, size);
    return out + size;
}

static uint8_t *put_name(uint8_t *out, struct sg_name name)
{
    *out++ = name.size;
    return name.size ? put(out, name.at, name.size) : out;
}

void sg_stream_row(struct sg_stream *stream, const struct sg_row *row, struct sg_name from,
                   struct sg_name to, struct sg_name token)
{
    uint8_t *const start = sg_stream_next(stream), *out = start;
    out = put(out, &row->tx.v, 8);
    out = put_name(out, from);
    out = put_name(out, to);
    out = put_name(out, token);
    out = put(out, &row->amount, 16);
    out = put(out, &row->pos, 4);
    *out++ = row->kind;
    *out++ = row->flags;
    sg_stream_add(stream, (size_t)(out - start));
}

void sg_stream_tx(struct sg_stream *stream, const struct sg_tx *tx, struct sg_name sender)
{
    uint8_t *const start = sg_stream_next(stream), *out = start;
    out = put(out, &tx->block, 8);
    out = put(out, &tx->time_unix_s, 8);
    out = put(out, &tx->index, 4);
    *out++ = tx->status;
    *out++ = tx->flags;
    out = put_name(out, sender);
    out = put(out, &tx->fee, 16);
    out = put(out, &tx->n_rows, 4);
    out = put(out, tx->hash32, sizeof(tx->hash32));
    if (tx->flags & SG_TX_PRICE_KNOWN)
        out = put(out, &tx->gas_price, 8);
    sg_stream_add(stream, (size_t)(out - start));
}

enum sg_status sg_state_assets(uint8_t digest32[SG_SHA256_SIZE], const struct sg_image *image,
                               struct sg_err *err)
{
    struct sg_sha256 *sha = sg_sha256_new();
    if (!sha)
        return sg_err_nomem(err);
    for (size_t i = 0; i < image->n_assets; i++) {
        const struct sg_asset *asset = &image->assets[i];
        const uint8_t known[2] = {asset->decimals, asset->has_decimals};
        sg_sha256_update(sha, &asset->contract.size, 1);
        sg_sha256_update(sha, asset->contract.bytes, asset->contract.size);
        sg_sha256_update(sha, asset->symbol, sizeof(asset->symbol));
        sg_sha256_update(sha, known, sizeof(known));
    }
    sg_sha256_final(digest32, sha);
    sg_sha256_free(sha);
    return SG_OK;
}

/* A range with its address as bytes, for an order that ids have no part in. */
struct cover_line {
    uint8_t addr[1 + SG_ADDRESS_MAX];
    uint8_t kinds;
    uint64_t first_block, last_block;
};

static int by_bytes(const void *a, const void *b)
{
    const struct cover_line *x = a, *y = b;
    int diff = memcmp(x->addr, y->addr, sizeof(x->addr));
    if (!diff)
        diff = (x->kinds > y->kinds) - (x->kinds < y->kinds);
    return diff ? diff : (x->first_block > y->first_block) - (x->first_block < y->first_block);
}

static enum sg_status name_of(struct sg_name *name, const struct sg_image *image, uint32_t id,
                              struct sg_err *err)
{
    *name = (struct sg_name){NULL, 0};
    if (id == SG_ID_NONE)
        return SG_OK;
    if (id < image->addrs.count)
        name->at = sg_columns_addr(&name->size, &image->addrs, id);
    return name->at ? SG_OK : sg_err_set(err, SG_ECORRUPT, "an address of the ledger is malformed");
}

static enum sg_status cover_lines(struct cover_line *lines, const struct sg_image *image,
                                  struct sg_err *err)
{
    for (size_t i = 0; i < image->n_covers; i++) {
        const struct sg_coverage *cover = &image->covers[i];
        struct sg_name name;
        const enum sg_status st = name_of(&name, image, cover->addr.v, err);
        if (st != SG_OK)
            return st;
        memset(&lines[i], 0, sizeof(lines[i]));
        (void)put_name(lines[i].addr, name);
        lines[i].kinds = cover->kinds;
        lines[i].first_block = cover->first_block;
        lines[i].last_block = cover->last_block;
    }
    return SG_OK;
}

enum sg_status sg_state_covers(uint8_t digest32[SG_SHA256_SIZE], const struct sg_image *image,
                               struct sg_err *err)
{
    const size_t n = image->n_covers;
    struct cover_line *lines = sg_mem_alloc(n, sizeof(*lines));
    struct sg_sha256 *sha = sg_sha256_new();
    enum sg_status st = lines && sha ? cover_lines(lines, image, err) : sg_err_nomem(err);
    if (st != SG_OK)
        goto out;
    if (n)
        qsort(lines, n, sizeof(*lines), by_bytes);
    for (size_t i = 0; i < n; i++) {
        sg_sha256_update(sha, lines[i].addr, sizeof(lines[i].addr));
        sg_sha256_update(sha, &lines[i].kinds, 1);
        sg_sha256_update(sha, &lines[i].first_block, 8);
        sg_sha256_update(sha, &lines[i].last_block, 8);
    }
    sg_sha256_final(digest32, sha);
out:
    sg_sha256_free(sha);
    sg_mem_free(lines);
    return st;
}

static void update_stream(struct sg_sha256 *sha, const struct sg_stream *stream)
{
    uint8_t open32[SG_SHA256_SIZE];
    sg_sha256_of(open32, stream->leaf, stream->leaf_size);
    sg_sha256_update(sha, &stream->count, 8);
    sg_sha256_update(sha, stream->running32, SG_SHA256_SIZE);
    sg_sha256_update(sha, open32, SG_SHA256_SIZE);
}

enum sg_status sg_state_of(uint8_t state32[SG_SHA256_SIZE], const struct sg_image *image,
                           const struct sg_stream *rows, const struct sg_stream *txs,
                           struct sg_err *err)
{
    struct sg_sha256 *sha = sg_sha256_new();
    if (!sha)
        return sg_err_nomem(err);
    sg_sha256_update(sha, image->chain->name, strlen(image->chain->name) + 1);
    update_stream(sha, rows);
    update_stream(sha, txs);
    sg_sha256_update(sha, image->meta.assets32, SG_SHA256_SIZE);
    sg_sha256_update(sha, image->meta.covers32, SG_SHA256_SIZE);
    sg_sha256_final(state32, sha);
    sg_sha256_free(sha);
    return SG_OK;
}

static enum sg_status feed_row(struct sg_stream *stream, const struct sg_image *image,
                               const struct sg_row *row, struct sg_err *err)
{
    struct sg_name from, to;
    const struct sg_address *contract = &image->assets[row->asset.v].contract;
    enum sg_status st = name_of(&from, image, row->from.v, err);
    if (st == SG_OK)
        st = name_of(&to, image, row->to.v, err);
    if (st == SG_OK)
        sg_stream_row(stream, row, from, to, (struct sg_name){contract->bytes, contract->size});
    return st;
}

/* Addresses of many are too many for the cache: ask for those of a part before they are used. */
static void prefetch(const struct sg_image *image, const struct sg_row *row)
{
    uint8_t size;
    if (row->from.v != SG_ID_NONE)
        __builtin_prefetch(sg_columns_addr(&size, &image->addrs, row->from.v));
    if (row->to.v != SG_ID_NONE)
        __builtin_prefetch(sg_columns_addr(&size, &image->addrs, row->to.v));
}

#define PART 512u

enum sg_status sg_state_feed_rows(struct sg_stream *stream, const struct sg_image *image,
                                  uint64_t end, struct sg_err *err)
{
    struct sg_row rows[PART];
    enum sg_status st = sg_stream_reserve(stream, (size_t)(end - stream->count), err);
    while (st == SG_OK && stream->count < end) {
        const uint64_t left = end - stream->count;
        const size_t n = left < PART ? (size_t)left : PART;
        st = sg_image_rows(rows, image, stream->count, n, err);
        for (size_t i = 0; st == SG_OK && i < n; i++)
            prefetch(image, &rows[i]);
        for (size_t i = 0; st == SG_OK && i < n; i++)
            st = feed_row(stream, image, &rows[i], err);
    }
    return st;
}

enum sg_status sg_state_feed_txs(struct sg_stream *stream, const struct sg_image *image,
                                 uint64_t end, struct sg_err *err)
{
    struct sg_tx txs[PART];
    enum sg_status st = sg_stream_reserve(stream, (size_t)(end - stream->count), err);
    while (st == SG_OK && stream->count < end) {
        const uint64_t left = end - stream->count;
        const size_t n = left < PART ? (size_t)left : PART;
        st = sg_image_txs(txs, image, stream->count, n, err);
        for (size_t i = 0; st == SG_OK && i < n; i++) {
            struct sg_name sender;
            st = name_of(&sender, image, txs[i].sender.v, err);
            if (st == SG_OK)
                sg_stream_tx(stream, &txs[i], sender);
        }
    }
    return st;
}
