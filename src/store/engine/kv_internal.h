/** The tables of a ledger file, which is a file of store/kv. docs/formats/ledger.md describes them.
 */
#ifndef SG_STORE_ENGINE_KV_INTERNAL_H
#define SG_STORE_ENGINE_KV_INTERNAL_H

#include "store/kv/kv.h"

/** Tables of a ledger file. The numbers are on disk: never reuse one. Columns take a run of tables
 *  each, one per column, in the order of their enums. */
enum sg_table {
    SG_TABLE_META = 1,
    SG_TABLE_ROWS = 16,       /**< + enum sg_row_column; number = chunk */
    SG_TABLE_ROWS_HEADS = 24, /**< headers of a chunk's columns; number = chunk */
    SG_TABLE_ROWS_TAIL = 32,  /**< + enum sg_row_column; number = first row of the piece */
    SG_TABLE_TXS = 48,        /**< + enum sg_tx_column, to 57; number = chunk */
    SG_TABLE_TXS_HEADS = 58,
    SG_TABLE_TXS_TAIL = 64,
    SG_TABLE_ADDRS = 80, /**< address bytes by id; number = chunk */
    SG_TABLE_ADDRS_TAIL = 81,
    SG_TABLE_ADDRS_HEADS = 82,
    SG_TABLE_ADDR_SEGMENTS = 96, /**< number = segment << 24 | block */
    SG_TABLE_TX_SEGMENTS = 97,
    SG_TABLE_ASSET_SEGMENTS = 98,
    SG_TABLE_POSTINGS = 99,
    SG_TABLE_ASSETS = 112,     /**< number = asset id */
    SG_TABLE_COVER = 113,      /**< number = address id << 8 | kinds */
    SG_TABLE_FILES = 114,      /**< number = ordinal */
    SG_TABLE_BAD = 115,        /**< number = ordinal */
    SG_TABLE_STATE_ROWS = 116, /**< number = chunk; running digest at its end */
    SG_TABLE_STATE_TXS = 117,
    SG_TABLE_LOAD = 118 /**< number 0: what a bulk load was of, 32 bytes */
};

#endif
