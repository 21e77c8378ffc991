/** A random little world of transactions, kept in plain arrays, and the same as a ledger must say
 *  it: the slow and obvious version that store tests compare with.
 */
#ifndef SG_TESTS_SUPPORT_LEDGER_MODEL_H
#define SG_TESTS_SUPPORT_LEDGER_MODEL_H

#include "base/rng.h"
#include "store/engine/engine.h"

#include <stddef.h>

struct sg_model_shape {
    uint64_t seed;
    size_t n_txs;
    size_t n_pool; /**< different addresses */
    size_t n_tokens;
    unsigned rows_min, rows_max; /**< rows a transaction */
    unsigned txs_max;            /**< transactions a block: 1 to this */
    bool texts;                  /**< addresses of 1 to 64 bytes instead of 20 */
};

struct sg_model {
    uint8_t (*pool)[1 + SG_ADDRESS_MAX];
    uint8_t (*tokens)[1 + SG_ADDRESS_MAX];
    size_t n_pool, n_tokens;
    struct sg_batch_tx *txs;
    struct sg_batch_row *rows;
    uint64_t *first_rows; /**< n_txs + 1 */
    size_t n_txs, n_rows;
    uint32_t *addr_ids; /**< by place in the pool; set by sg_model_number */
    uint32_t *asset_ids;
    uint32_t n_addrs, n_assets;
};

/** Owner: the caller, until sg_model_free. Fails the test without memory. */
struct sg_model *sg_model_new(const struct sg_model_shape *shape);
void sg_model_free(struct sg_model *model);

/** Transactions [first, end) as a batch. */
struct sg_batch sg_model_batch(const struct sg_model *model, size_t first, size_t end);

/** The least end > first, and at or above at, where a block ends; n_txs at most. */
size_t sg_model_cut(const struct sg_model *model, size_t first, size_t at);

/** Give the ids that transactions [0, n_txs) make: by first appearance. */
void sg_model_number(struct sg_model *model, size_t n_txs);

/** Check that a ledger says transactions [0, n_txs) and nothing else, by every operation. Calls
 *  sg_model_number. Addresses beyond those of the rows are allowed (coverage gives ids too). */
void sg_model_check(struct sg_model *model, size_t n_txs, struct sg_ledger *ledger);

/** Ethereum, which all these worlds are of. */
const struct sg_chain *sg_model_chain(void);

/** Append transactions [first, end). */
void sg_model_append(struct sg_writer *writer, const struct sg_model *model, size_t first,
                     size_t end);

/** Append all in batches of about `step` transactions, committing every `commits` batches. */
void sg_model_build(const char *dir, const struct sg_model *model, size_t step, size_t commits,
                    size_t n_threads);

/** Check that the ledger in a folder passes sg_engine_check. */
void sg_model_check_clean(const char *dir);

/** That, and sg_model_check. Out: state32, unless NULL. */
void sg_model_check_dir(const char *dir, struct sg_model *model, size_t n_txs, uint8_t *state32);

#endif
