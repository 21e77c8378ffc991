#include "store/engine/image_internal.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/reader.h"

#include <string.h>

#define MAGIC      "SILLAGE"
#define MAGIC_SIZE 8
#define META_MAX   ((size_t)64 * 1024)
#define CHAIN_MAX  16

static void put_le(struct sg_buf *buf, uint64_t value, size_t n_bytes)
{
    sg_buf_append(buf, &value, n_bytes); /* Little-endian machines only, as column.c asserts. */
}

static void put_stats(struct sg_buf *buf, const struct sg_ledger_stats *s)
{
    const uint64_t numbers[] = {s->rows,
                                s->txs,
                                s->addresses,
                                s->assets,
                                s->bad_rows,
                                s->files,
                                s->first_block,
                                s->last_block,
                                (uint64_t)s->first_unix_s,
                                (uint64_t)s->last_unix_s,
                                s->order_unknown_txs,
                                s->order_unknown_blocks,
                                s->generation};
    for (size_t i = 0; i < SG_COUNT_OF(numbers); i++)
        put_le(buf, numbers[i], 8);
    sg_buf_append(buf, s->state32, sizeof(s->state32));
}

static void get_stats(struct sg_ledger_stats *s, struct sg_reader *r)
{
    s->rows = sg_reader_le(r, 8);
    s->txs = sg_reader_le(r, 8);
    s->addresses = sg_reader_le(r, 8);
    s->assets = sg_reader_le(r, 8);
    s->bad_rows = sg_reader_le(r, 8);
    s->files = sg_reader_le(r, 8);
    s->first_block = sg_reader_le(r, 8);
    s->last_block = sg_reader_le(r, 8);
    s->first_unix_s = (int64_t)sg_reader_le(r, 8);
    s->last_unix_s = (int64_t)sg_reader_le(r, 8);
    s->order_unknown_txs = sg_reader_le(r, 8);
    s->order_unknown_blocks = sg_reader_le(r, 8);
    s->generation = sg_reader_le(r, 8);
    sg_reader_bytes(s->state32, r, sizeof(s->state32));
}

static void put_lists(struct sg_buf *buf, const struct sg_segments *lists)
{
    for (size_t i = 0; i < SG_LISTS; i++) {
        put_le(buf, lists[i].n, 4);
        for (size_t j = 0; j < lists[i].n; j++) {
            const struct sg_segment *segment = &lists[i].items[j];
            put_le(buf, segment->number, 8);
            put_le(buf, segment->first, 8);
            put_le(buf, segment->end, 8);
            put_le(buf, segment->n, 8);
            put_le(buf, segment->n_blocks, 8);
        }
    }
}

/* Segments follow each other and end where the table does. */
static bool get_list(struct sg_segments *list, struct sg_reader *r, uint64_t from, uint64_t end,
                     uint64_t next_segment)
{
    const uint64_t n = sg_reader_le(r, 4);
    if (n > SG_SEGMENTS_MAX / 2)
        return false;
    for (list->n = 0; list->n < n; list->n++) {
        struct sg_segment *s = &list->items[list->n];
        *s = (struct sg_segment){.number = sg_reader_le(r, 8)};
        s->first = sg_reader_le(r, 8);
        s->end = sg_reader_le(r, 8);
        s->n = sg_reader_le(r, 8);
        s->n_blocks = sg_reader_le(r, 8);
        if (s->number == 0 || s->number >= next_segment || s->first < from || s->end <= s->first ||
            s->n == 0 || s->n_blocks == 0 || s->n_blocks >> SG_SEGMENT_BLOCK_BITS)
            return false;
        from = s->end;
    }
    return from <= end;
}

static bool get_lists(struct sg_segments *lists, struct sg_reader *r, const struct sg_meta *meta)
{
    const uint64_t ends[SG_LISTS] = {meta->stats.addresses, meta->stats.txs, meta->stats.assets,
                                     meta->stats.rows};
    for (size_t i = 0; i < SG_LISTS; i++)
        if (!get_list(&lists[i], r, 0, ends[i], meta->next_segment))
            return false;
    return !r->failed && sg_reader_left(r) == 0;
}

enum sg_status sg_meta_put(struct sg_kv_txn *txn, const struct sg_meta *meta,
                           const struct sg_segments *lists, const struct sg_chain *chain,
                           struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(META_MAX);
    char name[CHAIN_MAX] = {0};
    uint8_t sum[SG_SHA256_SIZE];
    strncpy(name, chain->name, sizeof(name) - 1);
    sg_buf_append(&buf, MAGIC, MAGIC_SIZE);
    put_le(&buf, SG_LEDGER_VERSION, 4);
    sg_buf_append(&buf, name, sizeof(name));
    put_stats(&buf, &meta->stats);
    put_le(&buf, meta->next_segment, 8);
    sg_buf_append(&buf, meta->rows32, SG_SHA256_SIZE);
    sg_buf_append(&buf, meta->txs32, SG_SHA256_SIZE);
    sg_buf_append(&buf, meta->assets32, SG_SHA256_SIZE);
    sg_buf_append(&buf, meta->covers32, SG_SHA256_SIZE);
    put_lists(&buf, lists);
    if (!buf.failed)
        sg_sha256_of(sum, buf.data, buf.size);
    sg_buf_append(&buf, sum, sizeof(sum));
    enum sg_status st = sg_buf_check(&buf, err);
    if (st == SG_OK)
        st = sg_kv_put(txn, SG_TABLE_META, 0, buf.data, buf.size, err);
    sg_buf_clear(&buf);
    return st;
}

/* The version comes first and is believed before the checksum: a newer program may have changed
 * all that follows. */
static enum sg_status check_head(struct sg_bytes bytes, const struct sg_chain *chain,
                                 struct sg_err *err)
{
    char name[CHAIN_MAX] = {0};
    uint8_t sum[SG_SHA256_SIZE];
    if (bytes.size < MAGIC_SIZE + 4 || memcmp(bytes.at, MAGIC, MAGIC_SIZE) != 0)
        return sg_err_set(err, SG_ECORRUPT, "not a ledger of this program");
    if (sg_load32(bytes.at + MAGIC_SIZE) < SG_LEDGER_VERSION)
        return sg_err_set(err, SG_EVERSION,
                          "the ledger is of format %u, which this version no longer reads (it "
                          "writes %u): import the files anew into an empty folder",
                          sg_load32(bytes.at + MAGIC_SIZE), SG_LEDGER_VERSION);
    if (sg_load32(bytes.at + MAGIC_SIZE) > SG_LEDGER_VERSION)
        return sg_err_set(err, SG_EVERSION,
                          "the ledger was written by a newer version (format %u, this is %u)",
                          sg_load32(bytes.at + MAGIC_SIZE), SG_LEDGER_VERSION);
    if (bytes.size < MAGIC_SIZE + 4 + CHAIN_MAX + SG_SHA256_SIZE)
        return sg_err_set(err, SG_ECORRUPT, "the head of the ledger is cut short");
    sg_sha256_of(sum, bytes.at, bytes.size - SG_SHA256_SIZE);
    if (memcmp(sum, bytes.at + bytes.size - SG_SHA256_SIZE, SG_SHA256_SIZE) != 0)
        return sg_err_set(err, SG_ECORRUPT, "the head of the ledger does not match its checksum");
    strncpy(name, chain->name, sizeof(name) - 1);
    if (memcmp(bytes.at + MAGIC_SIZE + 4, name, CHAIN_MAX) != 0)
        return sg_err_set(err, SG_ECORRUPT, "the ledger file is of another chain than its folder");
    return SG_OK;
}

enum sg_status sg_meta_parse(struct sg_meta *meta, struct sg_segments *lists,
                             const struct sg_chain *chain, struct sg_bytes bytes,
                             struct sg_err *err)
{
    struct sg_reader r;
    const enum sg_status st = check_head(bytes, chain, err);
    if (st != SG_OK)
        return st;
    sg_reader_init(&r, bytes.at, bytes.size - SG_SHA256_SIZE);
    (void)sg_reader_take(&r, MAGIC_SIZE + 4 + CHAIN_MAX);
    get_stats(&meta->stats, &r);
    meta->next_segment = sg_reader_le(&r, 8);
    sg_reader_bytes(meta->rows32, &r, SG_SHA256_SIZE);
    sg_reader_bytes(meta->txs32, &r, SG_SHA256_SIZE);
    sg_reader_bytes(meta->assets32, &r, SG_SHA256_SIZE);
    sg_reader_bytes(meta->covers32, &r, SG_SHA256_SIZE);
    const uint64_t id_max = SG_ID_NONE;
    if (!get_lists(lists, &r, meta) || meta->stats.addresses > id_max ||
        meta->stats.assets > id_max || meta->stats.assets == 0)
        return sg_err_set(err, SG_ECORRUPT, "the head of the ledger does not add up");
    return SG_OK;
}
