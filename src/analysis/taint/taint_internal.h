/** Parts of the taint engine that its files share. Read run.c first: it is the course of a run. */
#ifndef SG_ANALYSIS_TAINT_INTERNAL_H
#define SG_ANALYSIS_TAINT_INTERNAL_H

#include "analysis/taint/taint.h"
#include "base/ids.h"

/* cache.c: rows and transactions as they were read. */

struct sg_cached_row {
    struct sg_row row;
    uint32_t tx; /**< index into cache.txs */
};

struct sg_cached_addr {
    size_t first, count; /**< of cache.rows, ascending by row id */
};

struct sg_taint_cache {
    const struct sg_ledger *ledger;
    const uint64_t *skip; /**< rows that are left out, ascending */
    size_t n_skip;
    struct sg_cached_row *rows; /**< a row stands once for each of its addresses that was read */
    size_t n_rows, rows_cap;
    struct sg_tx *txs;
    size_t n_txs, txs_cap;
    struct sg_cached_addr *addrs;
    size_t n_addrs, addrs_cap;
    struct sg_ids addr_at;              /**< address id -> index into addrs */
    struct sg_ids tx_at;                /**< transaction id -> index into txs */
    const struct sg_progress *progress; /**< of the run, or NULL */
    uint64_t done;                      /**< rows of the ledger up to where the run is */
};

/** Read the rows of n addresses that are not in the cache yet, in one question to the ledger. */
SG_MUST_CHECK enum sg_status sg_cache_read(struct sg_taint_cache *cache,
                                           const struct sg_addr_id *addrs, size_t n,
                                           struct sg_err *err);

/** Whether the run may go on. Errors: SG_ECANCELLED, and how far it came. */
SG_MUST_CHECK enum sg_status sg_cache_step(const struct sg_taint_cache *cache, struct sg_err *err);

/** Rows of an address that was read. */
static inline const struct sg_cached_addr *sg_cache_rows(const struct sg_taint_cache *cache,
                                                         struct sg_addr_id addr)
{
    return &cache->addrs[sg_ids_get(&cache->addr_at, addr.v)];
}

/** Whether a row moves money from one address to another. */
static inline bool sg_row_moves(const struct sg_row *row)
{
    return !(row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) && row->from.v != row->to.v &&
           !sg_amount_is_zero(row->amount);
}

/* purse.c: one (address, asset) balance. */

struct sg_lot {
    struct sg_amount amount;
    uint32_t theft; /**< or SG_TAINT_NONE: clean */
};

/** A growing list of lots. */
struct sg_lots {
    struct sg_lot *items;
    size_t head; /**< items before it are spent */
    size_t count, capacity;
};

/** Append, merged into the last lot if they are alike; zero is dropped. */
SG_MUST_CHECK bool sg_lots_push(struct sg_lots *lots, struct sg_lot lot);
void sg_lots_reset(struct sg_lots *lots);
void sg_lots_clear(struct sg_lots *lots);
/** Stolen part of the lots. Their sum fits: they were paid from one balance. */
struct sg_amount sg_lots_tainted(const struct sg_lots *lots);
/** The part that is of one theft. */
struct sg_amount sg_lots_of(const struct sg_lots *lots, uint32_t theft);
/** Turn up to `amount` of the clean lots into lots of `theft`, front to back; returns how much. */
SG_MUST_CHECK bool sg_lots_taint(struct sg_amount *done, struct sg_lots *lots, uint32_t theft,
                                 struct sg_amount amount);

/** fifo and lifo keep lots in order of arrival; the others one lot a theft, ascending, clean last.
 *  total = sum of the lots, tainted = sum of those with a theft. */
struct sg_purse {
    struct sg_asset_id asset;
    uint32_t next; /**< next purse of the same address, or SG_TAINT_NONE */
    struct sg_lots lots;
    struct sg_amount total, tainted;
};

/** Split `amount` over n weights by largest remainder; ties: lower index.
 *  In:  amount <= sum of weights, or weights <= sum for every one; sum not 0.
 *       rests  scratch of n. */
void sg_split(struct sg_amount *shares, struct sg_amount *rests, const struct sg_amount *weights,
              size_t n, struct sg_amount sum, struct sg_amount amount);

/** What take and give of one policy need. */
struct sg_purser {
    enum sg_policy policy;
    size_t n_thefts;
    struct sg_amount *weights, *shares, *rests; /**< scratch, n_thefts each */
};

/** Pay `amount` <= purse->total: lots leave the purse in the order of the policy and are appended
 *  to `paid`. reserve: tiho alone, stolen money kept for larger payments of the transaction. */
SG_MUST_CHECK bool sg_purse_take(struct sg_lots *paid, struct sg_purse *purse,
                                 struct sg_purser *purser, struct sg_amount amount,
                                 struct sg_amount reserve);

/** Receive lots. excess[t], n_thefts entries, zero but under poison: clean money that became
 * stolen. SG_ELIMIT if the balance passes 128 bits. */
SG_MUST_CHECK enum sg_status sg_purse_give(struct sg_amount *excess, struct sg_purse *purse,
                                           struct sg_purser *purser, const struct sg_lots *lots,
                                           struct sg_err *err);

/* world.c: the addresses that are followed. */

#define SG_NODE_SERVICE (UINT32_MAX - 1) /**< in run.node_of: tracing stops here */

#define SG_NODE_SEED    1u
#define SG_NODE_ENTRY   2u
#define SG_NODE_TAINTED 4u /**< stolen money was here at some time */
#define SG_NODE_ORIGIN  8u /**< see sg_taint_input.origin */

struct sg_node {
    struct sg_addr_id addr;
    uint32_t purses;    /**< first purse, or SG_TAINT_NONE */
    size_t cursor, end; /**< rows of the cache that are still to come */
    uint32_t hop;       /**< payments from where it entered, the least that is known */
    uint8_t flags;
};

/** A row of the block that is being replayed. Ordered by (rank, row id). */
struct sg_work {
    uint64_t rank; /**< of its transaction in the block */
    uint64_t id;   /**< of the row */
    size_t at;     /**< index into cache.rows, which may move when more is read */
};

/** Place of a transaction in a block that runs in another order than the file's. */
struct sg_rank {
    uint32_t tx; /**< index into cache.txs */
    uint64_t rank;
};

/** What is still to come of a seed; see sg_taint_seed. */
struct sg_seed_state {
    struct sg_amount before; /**< enters before the transaction `before_tx` */
    struct sg_amount by_row; /**< rows of [first_tx, last_tx] carry it; the rest enters behind */
    uint64_t before_tx;      /**< SG_TX_ID_NONE: at the end of the run */
    uint64_t first_tx, last_tx;
};

struct sg_swap_state {
    struct sg_addr_id addr;
    struct sg_asset_id out, in;
    struct sg_amount amount_out, amount_in, seen_in;
    struct sg_lots paid;
    struct sg_amount tainted_out;
    size_t first_swap; /**< index into run.swaps, one a theft */
    size_t n_swaps;
};

struct sg_taint_run {
    struct sg_taint_cache *cache;
    const struct sg_taint_input *input;
    struct sg_purser purser;
    struct sg_amount *excess; /**< scratch, n_thefts */

    struct sg_ids node_of; /**< address -> index into nodes, or SG_NODE_SERVICE */
    struct sg_node *nodes;
    size_t n_nodes, nodes_cap;
    struct sg_purse *purses;
    size_t n_purses, purses_cap;

    uint32_t *heap; /**< nodes with rows to come, by their next row id; a binary heap */
    size_t n_heap, heap_cap;

    struct sg_work *work; /**< of the block; [at, n_work) is still to do */
    size_t n_work, work_cap, at;
    struct sg_rank *ranks; /**< ascending by tx; empty: the file's order */
    size_t n_ranks, ranks_cap;

    struct sg_lots paid;
    struct sg_seed_state *seeds;
    struct sg_ids seed_txs; /**< transactions at which a seed does something */
    struct sg_amount *entry_left, *limit_left;
    struct sg_swap_state *swap_states; /**< of the transaction */
    size_t n_swap_states, swap_states_cap;

    struct sg_asset *assets; /**< decimals for the cut-off, as they are needed */
    size_t n_assets, assets_cap;
    struct sg_ids asset_at;

    struct sg_taint_move *moves;
    size_t n_moves, moves_cap;
    struct sg_taint_inflow *inflows;
    size_t n_inflows, inflows_cap;
    struct sg_taint_swap *swaps;
    size_t n_swaps, swaps_cap;
    struct sg_taint_total *totals;
    size_t n_totals, totals_cap;
    uint64_t rows_replayed, unordered_blocks, unordered_blocks_kept;
};

/** Index of an address's node, SG_NODE_SERVICE, or SG_IDS_NONE if it is not followed. */
static inline uint32_t sg_world_find(const struct sg_taint_run *run, struct sg_addr_id addr)
{
    return sg_ids_get(&run->node_of, addr.v);
}

/** Node of somebody who pays: money sent to no address never leaves again. */
static inline uint32_t sg_world_payer(const struct sg_taint_run *run, struct sg_addr_id addr)
{
    return addr.v == SG_ID_NONE ? SG_IDS_NONE : sg_world_find(run, addr);
}

static inline const struct sg_row *sg_work_row(const struct sg_taint_run *run,
                                               const struct sg_work *work)
{
    return &run->cache->rows[work->at].row;
}

/** Index into cache.txs. */
static inline uint32_t sg_work_tx(const struct sg_taint_run *run, const struct sg_work *work)
{
    return run->cache->rows[work->at].tx;
}

/** Register the services and follow seeds, entries and watched addresses from the start. */
SG_MUST_CHECK enum sg_status sg_world_open(struct sg_taint_run *run, struct sg_err *err);

/** Follow one more address from the row `now` of the transaction `now_tx` on: what it did before
 *  becomes one clean balance an asset; what it still does in the block joins the work. */
SG_MUST_CHECK enum sg_status sg_world_follow(uint32_t *node, struct sg_taint_run *run,
                                             struct sg_addr_id addr, const struct sg_work *now,
                                             struct sg_err *err);

/** Purse of a node, made if it has none. NULL without memory. The pointer holds until the next. */
struct sg_purse *sg_world_purse(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset);

/** Purse of a node, or NULL if it never held the asset. */
struct sg_purse *sg_world_purse_find(const struct sg_taint_run *run, uint32_t node,
                                     struct sg_asset_id asset);

/** Move all rows of the next block from the cursors into run->work, ranked and sorted.
 *  SG_ENOTFOUND: nothing is left. */
SG_MUST_CHECK enum sg_status sg_world_next_block(struct sg_taint_run *run, struct sg_err *err);

/** Rank of a transaction in the block that is being replayed. */
uint64_t sg_world_rank(const struct sg_taint_run *run, uint32_t tx);

void sg_world_close(struct sg_taint_run *run);

/* order.c */

/** Rank the block's transactions of unknown place in the order that the input asks for, as far as
 *  every followed address can pay; else leave run->ranks empty. */
SG_MUST_CHECK enum sg_status sg_order_plan(struct sg_taint_run *run, struct sg_err *err);

/* pay.c: money leaves and arrives. */

/** Pay from a node: what its purse lacks enters first, by a declared conversion or unexplained.
 *  The lots are appended to run->paid. */
SG_MUST_CHECK enum sg_status sg_pay(struct sg_taint_run *run, uint32_t node,
                                    struct sg_asset_id asset, struct sg_amount amount,
                                    struct sg_amount reserve, struct sg_tx_id tx,
                                    struct sg_err *err);

/** Hand run->paid to move->to, and write a move a theft after the pattern of `move`.
 *  now: where in the block this happens, for an address that is not followed yet. */
SG_MUST_CHECK enum sg_status sg_deliver(struct sg_taint_run *run, const struct sg_taint_move *move,
                                        const struct sg_work *now, struct sg_err *err);

/** The line of (asset, theft), made if it is new. NULL without memory. Valid until the next call.
 */
struct sg_taint_total *sg_total(struct sg_taint_run *run, struct sg_asset_id asset, uint32_t theft);

/** *sum += more. SG_ELIMIT above 128 bits. */
SG_MUST_CHECK enum sg_status sg_sum(struct sg_amount *sum, struct sg_amount more,
                                    struct sg_err *err);

/* seed.c */

/** Find out when each seed enters. */
SG_MUST_CHECK enum sg_status sg_seeds_open(struct sg_taint_run *run, struct sg_err *err);
/** What enters before, inside (by a row, whose lots are in run->paid) and behind a transaction. */
SG_MUST_CHECK enum sg_status sg_seeds_before(struct sg_taint_run *run, const struct sg_work *now,
                                             struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_seeds_row(struct sg_taint_run *run, const struct sg_work *now,
                                          struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_seeds_behind(struct sg_taint_run *run, const struct sg_work *now,
                                             struct sg_err *err);
/** Seeds that no transaction of the ledger follows. */
SG_MUST_CHECK enum sg_status sg_seeds_end(struct sg_taint_run *run, struct sg_err *err);

/* swap.c */

/** Recognise the swaps of a transaction, rows [first, end) of run->work, and pay what they give. */
SG_MUST_CHECK enum sg_status sg_swaps_open(struct sg_taint_run *run, size_t first, size_t end,
                                           struct sg_err *err);
/** Whether a row is what a swap gives; it then arrives clean. */
bool sg_swaps_gives(const struct sg_taint_run *run, const struct sg_row *row);
/** Taint run->paid, the lots of a row that a swap gets, in proportion. */
SG_MUST_CHECK enum sg_status sg_swaps_get(struct sg_taint_run *run, const struct sg_work *now,
                                          struct sg_err *err);
/** Write the moves of the transaction's swaps and forget them; on an error they are forgotten too.
 */
SG_MUST_CHECK enum sg_status sg_swaps_close(struct sg_taint_run *run, struct sg_err *err);

/* result.c */

/** Copy what a run found into the arena, and check that money was conserved. */
SG_MUST_CHECK enum sg_status sg_result_make(struct sg_taint_result *result, struct sg_arena *arena,
                                            struct sg_taint_run *run, struct sg_err *err);

#endif
