/** Tables of equal length columns: full chunks in the file, the newest rows in memory.
 *
 *  Chunk c holds rows [c * 65536, (c + 1) * 65536), written once: one value with the headers of its
 *  columns, and one a column that has a payload, so that opening reads headers alone. The rows
 *  behind the last full chunk are the tail: arrays in memory, and in the file a few pieces, each
 *  with the rows of one or more commits, merged so that a row is rewritten at most about 16 times.
 */
#ifndef SG_STORE_ENGINE_COLUMNS_INTERNAL_H
#define SG_STORE_ENGINE_COLUMNS_INTERNAL_H

#include "store/engine/column_internal.h"

#define SG_COLUMNS_MAX 10
#define SG_PIECES_MAX  20 /**< sizes at least halve, and a tail has under 2^16 rows */

enum sg_row_column {
    SG_ROW_COL_TX,     /**< 8 bytes */
    SG_ROW_COL_FROM,   /**< 4, SG_ID_NONE */
    SG_ROW_COL_TO,     /**< 4 */
    SG_ROW_COL_ASSET,  /**< 4 */
    SG_ROW_COL_AMOUNT, /**< 16 */
    SG_ROW_COL_KIND,   /**< 1 */
    SG_ROW_COL_FLAGS,  /**< 1 */
    SG_ROW_COL_POS,    /**< 4 */
    SG_ROW_COLS
};

enum sg_tx_column {
    SG_TX_COL_BLOCK,     /**< 8 */
    SG_TX_COL_TIME,      /**< 8 */
    SG_TX_COL_INDEX,     /**< 4 */
    SG_TX_COL_STATUS,    /**< 1 */
    SG_TX_COL_FLAGS,     /**< 1 */
    SG_TX_COL_SENDER,    /**< 4; less `from` of its first row, modulo 2^32, if it has one */
    SG_TX_COL_FEE,       /**< 16 */
    SG_TX_COL_FIRST_ROW, /**< 8 */
    SG_TX_COL_HASH,      /**< 32 */
    SG_TX_COL_PRICE,     /**< 8; of gas, 0 where it is unknown */
    SG_TX_COLS
};

/** A value that waits to be written. */
struct sg_staged {
    uint8_t *bytes;
    size_t size;
    uint64_t number;
    unsigned table;
};

struct sg_columns {
    const uint8_t *elems; /**< bytes of a value, by column */
    unsigned n_columns;
    unsigned table, tail_table, head_table;
    uint64_t count;           /**< rows in all */
    struct sg_column *chunks; /**< chunk * n_columns + column; NULL where they are not kept */
    size_t n_chunks, cap_chunks;
    bool keep_chunks;
    void *tail[SG_COLUMNS_MAX]; /**< rows from n_chunks * 65536 on */
    size_t tail_capacity;
    uint64_t pieces[SG_PIECES_MAX]; /**< first row of each tail piece of the file */
    size_t n_pieces;
    uint64_t saved; /**< rows in chunks and pieces of the file or staged */
    struct sg_staged *staged;
    size_t n_staged, cap_staged, staged_bytes;
    uint8_t *scratch; /**< a column that is being encoded */
};

void sg_columns_init_rows(struct sg_columns *columns);
void sg_columns_init_txs(struct sg_columns *columns);
void sg_columns_init_addrs(struct sg_columns *columns);
void sg_columns_clear(struct sg_columns *columns);

/** Read a table of `count` rows.
 *  In: keep_chunks  false: only the tail is wanted.
 *      grow         the tail is to be appended to.
 *  Errors: SG_ECORRUPT (a value is missing or malformed), SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_columns_load(struct sg_columns *columns, struct sg_kv_txn *txn,
                                             uint64_t count, bool keep_chunks, bool grow,
                                             struct sg_err *err);

/** Read the chunks of the file again, after what was staged was written; frees what was staged. */
SG_MUST_CHECK enum sg_status sg_columns_reload(struct sg_columns *columns, struct sg_kv_txn *txn,
                                               struct sg_err *err);

/** Values [first, first + n) of a column; first + n <= count. */
void sg_columns_read(void *out, const struct sg_columns *columns, unsigned column, uint64_t first,
                     size_t n);

/** Value `at` of a column of single bytes, and whether value `at` of a column of amounts is zero:
 * as sg_columns_read finds them, sooner. at < count. */
uint8_t sg_columns_byte(const struct sg_columns *columns, unsigned column, uint64_t at);
bool sg_columns_is_zero(const struct sg_columns *columns, unsigned column, uint64_t at);

/** Have the system read values [first, end) from the disk, without waiting for them. zeros: only
 *  where sg_columns_is_zero would look. */
void sg_columns_expect(const struct sg_columns *columns, unsigned column, uint64_t first,
                       uint64_t end, bool zeros);

/** Bytes of address `id` < count; NULL if the file is corrupt there. */
const uint8_t *sg_columns_addr(uint8_t *size, const struct sg_columns *columns, uint64_t id);

/** Where the next row goes in the arrays of the tail. */
static inline size_t sg_columns_at(const struct sg_columns *columns)
{
    return (size_t)(columns->count % SG_CHUNK);
}

/** The row at sg_columns_at is complete: count it; a full chunk is encoded and staged. */
SG_MUST_CHECK enum sg_status sg_columns_advance(struct sg_columns *columns, struct sg_err *err);

/** Take what is staged out of memory, after it was written, where no chunks are kept. */
void sg_columns_drop_staged(struct sg_columns *columns);

/** Put the staged chunks. */
SG_MUST_CHECK enum sg_status sg_columns_put(struct sg_columns *columns, struct sg_kv_write *write,
                                            struct sg_err *err);

/** Put the tail, and remove the pieces that chunks or larger pieces replace. */
SG_MUST_CHECK enum sg_status sg_columns_save(struct sg_columns *columns, struct sg_kv_txn *txn,
                                             struct sg_err *err);

#endif
