/** A made-up world straight into ledgers, one a chain, by bulk load. Its functions are a sink for
 *  analysis/simulate; a load that was cut short goes on when the same world is made again. */
#ifndef SG_APP_WORLDLOAD_H
#define SG_APP_WORLDLOAD_H

#include "analysis/simulate/simulate.h"
#include "store/engine/bulk.h"

/** The transaction that is being put together, and where it goes. */
struct sg_worldload_chain {
    struct sg_bulk *bulk;
    const struct sg_chain *chain;
    struct sg_bulk_tx tx;
    uint8_t hash32[32];
    uint64_t serial;
    struct sg_bulk_row *rows;
    size_t n_rows, cap_rows;
    uint32_t n_calls, n_rewards; /**< rows so far whose position is their rank */
};

/** Set the first members, the rest zero; then sg_worldload_free, whatever happened. */
struct sg_worldload {
    const char *dir; /**< the ledger's folder; borrowed until free */
    const struct sg_simulate *options;
    uint8_t identity32[32]; /**< digest of all that decides the rows */
    size_t memory_max, n_threads;
    struct sg_worldload_chain chains[SG_SIMULATE_CHAINS];
    const struct sg_sim *sim;
    struct sg_bulk_token tokens[SG_SIMULATE_TOKENS];
};

/** ctx: the load. Errors: as store/engine/bulk.h. */
enum sg_status sg_worldload_begin(void *ctx, const struct sg_sim *sim, struct sg_err *err);
enum sg_status sg_worldload_move(void *ctx, const struct sg_sim *sim, unsigned chain,
                                 const struct sg_simulate_move *move, struct sg_err *err);
enum sg_status sg_worldload_end(void *ctx, struct sg_err *err);

/** After the world has ended: make ledgers of what came. */
SG_MUST_CHECK enum sg_status sg_worldload_finish(struct sg_worldload *load, struct sg_err *err);

void sg_worldload_free(struct sg_worldload *load);

#endif
