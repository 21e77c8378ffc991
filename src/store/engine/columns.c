#include "store/engine/columns_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/bits_internal.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint8_t row_elems[] = {8, 4, 4, 4, 16, 1, 1, 4};
static const uint8_t tx_elems[] = {8, 8, 4, 1, 1, 4, 16, 8, SG_ELEM_HASH, 8};
static const uint8_t addr_elems[] = {SG_ELEM_ADDR};
_Static_assert(sizeof(row_elems) == SG_ROW_COLS && sizeof(tx_elems) == SG_TX_COLS,
               "one size a column");

void sg_columns_init_rows(struct sg_columns *c)
{
    *c = (struct sg_columns){.elems = row_elems,
                             .n_columns = SG_ROW_COLS,
                             .table = SG_TABLE_ROWS,
                             .tail_table = SG_TABLE_ROWS_TAIL,
                             .head_table = SG_TABLE_ROWS_HEADS};
}

void sg_columns_init_txs(struct sg_columns *c)
{
    *c = (struct sg_columns){.elems = tx_elems,
                             .n_columns = SG_TX_COLS,
                             .table = SG_TABLE_TXS,
                             .tail_table = SG_TABLE_TXS_TAIL,
                             .head_table = SG_TABLE_TXS_HEADS};
}

void sg_columns_init_addrs(struct sg_columns *c)
{
    *c = (struct sg_columns){.elems = addr_elems,
                             .n_columns = 1,
                             .table = SG_TABLE_ADDRS,
                             .tail_table = SG_TABLE_ADDRS_TAIL,
                             .head_table = SG_TABLE_ADDRS_HEADS};
}

void sg_columns_drop_staged(struct sg_columns *c)
{
    for (size_t i = 0; i < c->n_staged; i++)
        sg_mem_free(c->staged[i].bytes);
    c->n_staged = 0;
    c->staged_bytes = 0;
}

void sg_columns_clear(struct sg_columns *c)
{
    sg_columns_drop_staged(c);
    sg_mem_free(c->staged);
    sg_mem_free(c->scratch);
    sg_mem_free(c->chunks);
    for (unsigned i = 0; i < c->n_columns; i++)
        sg_mem_free(c->tail[i]);
    *c = (struct sg_columns){0};
}

static enum sg_status missing(struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "a column of the ledger is missing");
}

static enum sg_status value_at(struct sg_bytes *bytes, struct sg_kv_txn *txn, unsigned table,
                               uint64_t number, struct sg_err *err)
{
    const enum sg_status st = sg_kv_get(bytes, txn, table, number, err);
    return st == SG_ENOTFOUND ? missing(err) : st;
}

/* The payload is found, not touched. */
static enum sg_status open_column(struct sg_columns *c, struct sg_kv_txn *txn, size_t chunk,
                                  unsigned column, const uint8_t *head, struct sg_err *err)
{
    struct sg_column *opened = &c->chunks[chunk * c->n_columns + column];
    struct sg_bytes payload = {0};
    enum sg_status st = SG_OK;
    if (!sg_column_is_bare(head))
        st = value_at(&payload, txn, c->table + column, chunk, err);
    if (st == SG_OK)
        st = sg_column_open(opened, (struct sg_bytes){head, SG_COLUMN_HEADER}, payload,
                            c->elems[column], err);
    if (st == SG_OK && opened->count != SG_CHUNK)
        return sg_err_set(err, SG_ECORRUPT, "a chunk of the ledger has too few rows");
    return st;
}

static enum sg_status load_chunks(struct sg_columns *c, struct sg_kv_txn *txn, struct sg_err *err)
{
    for (size_t chunk = 0; chunk < c->n_chunks; chunk++) {
        struct sg_bytes heads;
        enum sg_status st = value_at(&heads, txn, c->head_table, chunk, err);
        if (st == SG_OK && heads.size != (size_t)c->n_columns * SG_COLUMN_HEADER)
            return missing(err);
        for (unsigned i = 0; st == SG_OK && i < c->n_columns; i++)
            st = open_column(c, txn, chunk, i, heads.at + i * SG_COLUMN_HEADER, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* A column of a piece: header and payload are one value. */
static enum sg_status open_piece(struct sg_column *column, struct sg_kv_txn *txn, unsigned table,
                                 uint64_t first, unsigned elem, struct sg_err *err)
{
    struct sg_bytes bytes;
    const enum sg_status st = value_at(&bytes, txn, table, first, err);
    if (st != SG_OK)
        return st;
    const size_t head = bytes.size < SG_COLUMN_HEADER ? bytes.size : SG_COLUMN_HEADER;
    return sg_column_open(column, (struct sg_bytes){bytes.at, head},
                          (struct sg_bytes){bytes.at + head, bytes.size - head}, elem, err);
}

static enum sg_status load_piece(struct sg_columns *c, struct sg_kv_txn *txn, uint64_t first,
                                 uint32_t *count, struct sg_err *err)
{
    const size_t at = (size_t)(first % SG_CHUNK);
    for (unsigned i = 0; i < c->n_columns; i++) {
        struct sg_column column;
        const enum sg_status st =
            open_piece(&column, txn, c->tail_table + i, first, c->elems[i], err);
        if (st != SG_OK)
            return st;
        if (column.count > c->count - first || (i > 0 && column.count != *count))
            return sg_err_set(err, SG_ECORRUPT, "the newest rows of the ledger do not add up");
        *count = column.count;
        sg_column_decode((uint8_t *)c->tail[i] + at * c->elems[i], &column, 0, column.count);
    }
    return SG_OK;
}

static enum sg_status load_tail(struct sg_columns *c, struct sg_kv_txn *txn, struct sg_err *err)
{
    uint64_t first = (uint64_t)c->n_chunks * SG_CHUNK;
    while (first < c->count) {
        uint32_t count = 0;
        if (c->n_pieces == SG_PIECES_MAX)
            return sg_err_set(err, SG_ECORRUPT, "the newest rows of the ledger do not add up");
        const enum sg_status st = load_piece(c, txn, first, &count, err);
        if (st != SG_OK)
            return st;
        c->pieces[c->n_pieces++] = first;
        first += count;
    }
    c->saved = c->count;
    return SG_OK;
}

enum sg_status sg_columns_load(struct sg_columns *c, struct sg_kv_txn *txn, uint64_t count,
                               bool keep_chunks, bool grow, struct sg_err *err)
{
    c->count = count;
    c->n_chunks = (size_t)(count / SG_CHUNK);
    c->keep_chunks = keep_chunks;
    c->tail_capacity = grow ? SG_CHUNK : (size_t)(count % SG_CHUNK);
    for (unsigned i = 0; i < c->n_columns; i++) {
        c->tail[i] = sg_mem_alloc(c->tail_capacity, c->elems[i]);
        if (!c->tail[i])
            return sg_err_nomem(err);
    }
    if (keep_chunks) {
        const enum sg_status st = sg_columns_reload(c, txn, err);
        if (st != SG_OK)
            return st;
    }
    return load_tail(c, txn, err);
}

enum sg_status sg_columns_reload(struct sg_columns *c, struct sg_kv_txn *txn, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (c->keep_chunks) {
        if (!SG_VEC_RESERVE(c->chunks, 0, c->cap_chunks, c->n_chunks * c->n_columns))
            return sg_err_nomem(err);
        st = load_chunks(c, txn, err);
    }
    if (st == SG_OK)
        sg_columns_drop_staged(c);
    return st;
}

static size_t read_some(uint8_t *out, const struct sg_columns *c, unsigned column, uint64_t first,
                        size_t n)
{
    const size_t chunk = (size_t)(first / SG_CHUNK), at = (size_t)(first % SG_CHUNK);
    const size_t some = n < SG_CHUNK - at ? n : SG_CHUNK - at;
    if (chunk < c->n_chunks)
        sg_column_decode(out, &c->chunks[chunk * c->n_columns + column], at, some);
    else
        memcpy(out, (const uint8_t *)c->tail[column] + at * c->elems[column],
               some * c->elems[column]);
    return some;
}

void sg_columns_read(void *out, const struct sg_columns *c, unsigned column, uint64_t first,
                     size_t n)
{
    uint8_t *to = out;
    assert(first <= c->count && n <= c->count - first);
    while (n > 0) {
        const size_t some = read_some(to, c, column, first, n);
        to += some * c->elems[column];
        first += some;
        n -= some;
    }
}

uint8_t sg_columns_byte(const struct sg_columns *c, unsigned column, uint64_t at)
{
    const size_t chunk = (size_t)(at / SG_CHUNK);
    uint8_t value;
    if (chunk < c->n_chunks) {
        const struct sg_column *in = &c->chunks[chunk * c->n_columns + column];
        if (in->width == 0 && in->exceptions == 0)
            return (uint8_t)in->base;
    }
    sg_columns_read(&value, c, column, at, 1);
    return value;
}

/* What is packed tells of nearly all: only below what is zero there may lie an exception. */
static bool packs_more_than_zero(const struct sg_column *in, size_t i)
{
    return in->width > 0 &&
           sg_bits_get_wide(in->payload, i, in->width) >> (in->way == SG_COLUMN_SCALED) != 0;
}

bool sg_columns_is_zero(const struct sg_columns *c, unsigned column, uint64_t at)
{
    const size_t chunk = (size_t)(at / SG_CHUNK);
    struct sg_amount value;
    assert(c->elems[column] == sizeof(value));
    if (chunk < c->n_chunks) {
        const struct sg_column *in = &c->chunks[chunk * c->n_columns + column];
        if (in->base > 0 || packs_more_than_zero(in, (size_t)(at % SG_CHUNK)))
            return false;
    }
    sg_columns_read(&value, c, column, at, 1);
    return sg_amount_is_zero(value);
}

void sg_columns_expect(const struct sg_columns *c, unsigned column, uint64_t first, uint64_t end,
                       bool zeros)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (size_t chunk = (size_t)(first / SG_CHUNK);
         chunk < c->n_chunks && (uint64_t)chunk * SG_CHUNK < end; chunk++) {
        const struct sg_column *column_at = &c->chunks[chunk * c->n_columns + column];
        const uintptr_t from = (uintptr_t)column_at->payload / page * page;
        const uintptr_t to = (uintptr_t)column_at->payload + column_at->payload_size;
        if (column_at->payload_size &&
            !(zeros && column_at->base > 0)) /* A refusal costs time alone. */
            (void)madvise((void *)from, to - from, MADV_WILLNEED);
    }
}

const uint8_t *sg_columns_addr(uint8_t *size, const struct sg_columns *c, uint64_t id)
{
    const size_t chunk = (size_t)(id / SG_CHUNK), at = (size_t)(id % SG_CHUNK);
    if (chunk < c->n_chunks)
        return sg_column_addr(size, &c->chunks[chunk], at);
    const uint8_t *entry = (const uint8_t *)c->tail[0] + at * SG_ELEM_ADDR;
    *size = entry[0];
    return entry[0] ? entry + 1 : NULL;
}

/* Takes bytes, also on an error. */
static enum sg_status stage(struct sg_columns *c, unsigned table, uint8_t *bytes, size_t size,
                            struct sg_err *err)
{
    if (!SG_VEC_RESERVE(c->staged, c->n_staged, c->cap_staged, 1)) {
        sg_mem_free(bytes);
        return sg_err_nomem(err);
    }
    c->staged[c->n_staged++] = (struct sg_staged){bytes, size, c->n_chunks, table};
    c->staged_bytes += size;
    return SG_OK;
}

/* Encode a column into the scratch, and stage what is behind its header. */
static enum sg_status stage_column(struct sg_columns *c, unsigned column, uint8_t *heads,
                                   struct sg_err *err)
{
    const size_t size = sg_column_encode(c->scratch, c->tail[column], SG_CHUNK, c->elems[column]) -
                        SG_COLUMN_HEADER;
    uint8_t *payload = NULL;
    memcpy(heads + column * SG_COLUMN_HEADER, c->scratch, SG_COLUMN_HEADER);
    enum sg_status st = SG_OK;
    if (size) {
        payload = sg_mem_alloc(size, 1);
        if (!payload)
            return sg_err_nomem(err);
        memcpy(payload, c->scratch + SG_COLUMN_HEADER, size);
        st = stage(c, c->table + column, payload, size, err);
    }
    if (st != SG_OK || !c->keep_chunks)
        return st;
    return sg_column_open(&c->chunks[c->n_chunks * c->n_columns + column],
                          (struct sg_bytes){c->scratch, SG_COLUMN_HEADER},
                          (struct sg_bytes){payload, size}, c->elems[column], err);
}

static enum sg_status make_room(struct sg_columns *c, struct sg_err *err)
{
    size_t bound = 0;
    for (unsigned i = 0; i < c->n_columns; i++)
        if (sg_column_bound(SG_CHUNK, c->elems[i]) > bound)
            bound = sg_column_bound(SG_CHUNK, c->elems[i]);
    if (!c->scratch)
        c->scratch = sg_mem_alloc(bound, 1);
    const bool ok = !c->keep_chunks || SG_VEC_RESERVE(c->chunks, c->n_chunks * c->n_columns,
                                                      c->cap_chunks, c->n_columns);
    return ok && c->scratch ? SG_OK : sg_err_nomem(err);
}

static enum sg_status close_chunk(struct sg_columns *c, struct sg_err *err)
{
    const size_t size = (size_t)c->n_columns * SG_COLUMN_HEADER;
    enum sg_status st = make_room(c, err);
    if (st != SG_OK)
        return st;
    uint8_t *heads = sg_mem_alloc(size, 1);
    if (!heads)
        return sg_err_nomem(err);
    for (unsigned i = 0; st == SG_OK && i < c->n_columns; i++)
        st = stage_column(c, i, heads, err);
    if (st != SG_OK) {
        sg_mem_free(heads);
        return st;
    }
    st = stage(c, c->head_table, heads, size, err);
    if (st != SG_OK)
        return st;
    c->n_chunks++;
    c->saved = c->count;
    c->n_pieces = 0;
    return SG_OK;
}

enum sg_status sg_columns_advance(struct sg_columns *c, struct sg_err *err)
{
    return ++c->count % SG_CHUNK == 0 ? close_chunk(c, err) : SG_OK;
}

enum sg_status sg_columns_put(struct sg_columns *c, struct sg_kv_write *write, struct sg_err *err)
{
    for (size_t i = 0; i < c->n_staged; i++) {
        const struct sg_staged *staged = &c->staged[i];
        const enum sg_status st =
            sg_kv_write_put(write, staged->table, staged->number, staged->bytes, staged->size, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* The first row of the next piece: earlier pieces of less than twice its size become part of it. */
static uint64_t piece_first(struct sg_columns *c)
{
    uint64_t first = c->saved;
    while (c->n_pieces > 0 && first - c->pieces[c->n_pieces - 1] < 2 * (c->count - first))
        first = c->pieces[--c->n_pieces];
    return first;
}

static enum sg_status save_column(struct sg_columns *c, struct sg_kv_txn *txn, unsigned column,
                                  uint64_t first, struct sg_err *err)
{
    const unsigned elem = c->elems[column], table = c->tail_table + column;
    const size_t n = (size_t)(c->count - first);
    uint8_t *bytes = sg_mem_alloc(sg_column_bound(n, elem), 1);
    if (!bytes)
        return sg_err_nomem(err);
    const uint8_t *values = (const uint8_t *)c->tail[column] + first % SG_CHUNK * elem;
    const size_t size = sg_column_encode(bytes, values, n, elem);
    enum sg_status st = sg_kv_remove(txn, table, first, UINT64_MAX, err);
    if (st == SG_OK)
        st = sg_kv_put(txn, table, first, bytes, size, err);
    sg_mem_free(bytes);
    return st;
}

enum sg_status sg_columns_save(struct sg_columns *c, struct sg_kv_txn *txn, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (unsigned i = 0; st == SG_OK && i < c->n_columns; i++)
        st = sg_kv_remove(txn, c->tail_table + i, 0, (uint64_t)c->n_chunks * SG_CHUNK, err);
    if (st != SG_OK || c->saved == c->count)
        return st;
    const uint64_t first = piece_first(c);
    for (unsigned i = 0; st == SG_OK && i < c->n_columns; i++)
        st = save_column(c, txn, i, first, err);
    c->pieces[c->n_pieces++] = first;
    c->saved = c->count;
    return st;
}
