/* Columns and look-ups behind a chain of outputs. */
#ifndef SG_STORE_UTXO_INTERNAL_H
#define SG_STORE_UTXO_INTERNAL_H

#include "store/utxo/utxo.h"

/* Add n rows, copied from `rows`. */
SG_MUST_CHECK bool sg_utxo_column_add(struct sg_utxo_column *column, const void *rows, size_t n);

/* Forget the rows from n on. */
void sg_utxo_column_cut(struct sg_utxo_column *column, size_t n);

/* A hash table of row numbers; what a row's key is, the caller compares. */
struct sg_utxo_dict {
    uint64_t *slots; /* part of the hash, and row + 1; 0: empty */
    size_t mask, n;
};

/* Ask for the slot of a hash before it is needed. */
void sg_utxo_dict_touch(const struct sg_utxo_dict *dict, uint64_t hash);
void sg_utxo_touch_tx(const struct sg_utxo *utxo, const uint8_t txid[SG_BTC_HASH]);

/* Rows that can have this hash one after the other: begin with *at = 0. SG_UTXO_NONE at the end.
 * Between two calls the table must not change. */
uint64_t sg_utxo_dict_next(size_t *at, const struct sg_utxo_dict *dict, uint64_t hash);

/* Put the next row: they come in order from 0 on. hash_of gives the hash of a row when the table
 * grows. */
SG_MUST_CHECK bool sg_utxo_dict_put(struct sg_utxo_dict *dict, uint64_t hash,
                                    uint64_t (*hash_of)(const void *ctx, uint64_t row),
                                    const void *ctx);

/* Fill both dictionaries and the spenders from the columns. */
SG_MUST_CHECK enum sg_status sg_utxo_index(struct sg_utxo *utxo, struct sg_err *err);

/* The transaction's id into its dictionary; true in *again if it was there. */
SG_MUST_CHECK bool sg_utxo_name_tx(bool *again, struct sg_utxo *utxo, uint64_t tx);

/* Number of the owner of a script, new or old. */
SG_MUST_CHECK enum sg_status sg_utxo_intern_owner(uint32_t *owner, struct sg_utxo *utxo,
                                                  const uint8_t *script, size_t size,
                                                  struct sg_err *err);

/* The script by which an owner is known; `room` holds it where it is not the script itself. */
#define UTXO_OWNER_ROOM 25
const uint8_t *sg_utxo_owner_key(size_t *key_size, uint8_t room[UTXO_OWNER_ROOM],
                                 const uint8_t *script, size_t size);

#endif
