/** Follow stolen money through an account ledger, exactly, under one of six policies.
 *
 *  This is the engine: it knows ledger ids, not cases, labels or text. analysis/trace turns a case
 *  into its input and its result into figures for people. The rules in full, with examples worked
 * by hand: docs/methods/taint.md and one page a policy; read those first.
 *
 *  Every (address, asset) balance is a queue of lots, each clean or of one theft. A transaction
 * pays its fee, then its rows, in row order; the policy chooses which lots leave. An address is
 * read from the ledger only once taint reaches it; what it did before then is one clean balance. So
 * cost follows the rows of addresses that were ever tainted, not the ledger.
 *
 *  Every policy but poison conserves, per asset and theft, to the base unit:
 *
 *      stolen + converted_in + excess =
 *          destinations + holdings + fees + converted_out + dust + beyond
 *
 *  with excess = 0; poison taints clean money too and says how much (excess). The engine checks the
 *  equation itself after every run.
 */
#ifndef SG_ANALYSIS_TAINT_H
#define SG_ANALYSIS_TAINT_H

#include "base/arena.h"
#include "store/ledger/ledger.h"

/** How a balance that is part clean and part stolen pays. docs/methods/<name>.md has each. */
enum sg_policy {
    SG_POLICY_FIFO,    /**< what came first leaves first */
    SG_POLICY_LIFO,    /**< what came last leaves first */
    SG_POLICY_HAIRCUT, /**< in proportion */
    SG_POLICY_TIHO,    /**< stolen money leaves first, to the largest payment of a transaction */
    SG_POLICY_LIBR,    /**< clean money leaves first */
    SG_POLICY_POISON   /**< any stolen money makes all of the balance stolen: an upper bound */
};

#define SG_POLICY_COUNT ((size_t)SG_POLICY_POISON + 1)

/** "fifo", "lifo", ... Static storage. */
const char *sg_policy_name(enum sg_policy policy);

/** Find a policy by its name. Errors: SG_ENOTFOUND. */
SG_MUST_CHECK enum sg_status sg_policy_find(enum sg_policy *policy, const char *name);

/** No conversion, no theft: a lot of this theft is clean. */
#define SG_TAINT_NONE UINT32_MAX

/** Money that became stolen money at a place and time.
 *
 *  Where rows of the asset into the address stand in the transaction `tx` (or, without a
 *  transaction, in transactions of exactly `time_unix_s`), those rows carry it, in row order. What
 *  they do not cover enters beside the ledger: behind the rows of `tx`, or before the first
 *  transaction of the address at or after the time. */
struct sg_taint_seed {
    uint32_t theft; /**< below input.n_thefts */
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    struct sg_amount amount;
    struct sg_tx_id tx;    /**< or SG_TX_ID_NONE: by time */
    int64_t time_unix_s;   /**< used where tx is none */
    struct sg_amount gone; /**< of amount: left by a conversion that the ledger does not show; it
                                counts as stolen and as converted out, and never enters */
};

/** Outflow above the known balance of `addr` is explained by a conversion that a person declared:
 *  it enters as stolen money of `theft` while the limits last. */
struct sg_taint_entry {
    uint32_t theft;
    uint32_t conversion; /**< index of the caller; entries of one share input.limits[conversion] */
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    bool has_amount; /**< `amount` is its own limit; else it draws on the conversion's */
    struct sg_amount amount;
};

/** In which order transactions of a block run whose position in it no source gave. */
enum sg_taint_order {
    SG_ORDER_FILE,    /**< as the ledger has them */
    SG_ORDER_REVERSE, /**< the other way round */
    SG_ORDER_SHUFFLE  /**< at random by `seed` */
};

/** Who stands behind addresses, asked when stolen money first reaches one. */
struct sg_taint_known {
    /** *stops: tracing stops at the address, as at one of input.services. Any error ends the run.
     */
    enum sg_status (*stops)(void *ctx, bool *stops, struct sg_addr_id addr, struct sg_err *err);
    void *ctx;
};

struct sg_taint_input {
    enum sg_policy policy;
    uint32_t n_thefts; /**< at least 1 */
    const struct sg_taint_seed *seeds;
    size_t n_seeds;
    const struct sg_taint_entry *entries;
    size_t n_entries;
    const struct sg_amount *limits; /**< what entries without an amount of their own share */
    size_t n_limits;
    const struct sg_addr_id *services; /**< ascending; tracing stops there */
    size_t n_services;
    const struct sg_taint_known *known; /**< further services; NULL: there are none */
    const struct sg_addr_id *origin; /**< all that this address pays, its fees too, is stolen money
                                          of theft 0, whatever it holds, and tracing stops where it
                                          comes back to it; NULL: none */
    uint32_t hops_max; /**< an address that stolen money would reach by more payments is not
                            followed: what arrives there is `beyond`; 0: no limit */
    const struct sg_addr_id *watch; /**< also followed from the start, without any taint; an order
                                         other than the file's needs all that may be tainted */
    size_t n_watch;
    int64_t until_unix_s; /**< transactions later than this are left out; INT64_MAX: none */
    bool has_dust;
    struct sg_amount dust; /**< in 1e-18 of a whole unit of any asset: a row to an address that is
                              no service and carries less is not followed. Assets without known
                                decimals are not cut. */
    enum sg_taint_order order;
    uint64_t seed; /**< of SG_ORDER_SHUFFLE */
    const struct sg_progress
        *progress; /**< may be NULL; how far in the ledger the run is, in rows */
};

enum sg_move_kind {
    SG_MOVE_SEED,     /**< enters at `to` as stolen, beside any row (row is UINT64_MAX) */
    SG_MOVE_ENTRY,    /**< enters at `to` by a declared conversion; row likewise */
    SG_MOVE_TRANSFER, /**< a row that carries stolen money; a seed's own row too, then `is_seed` */
    SG_MOVE_SWAP      /**< from = to gave one asset for another inside `tx` */
};

/** One step of stolen money, in the order in which it happened. One a (row, theft). */
struct sg_taint_move {
    uint64_t row;       /**< ledger row, or UINT64_MAX */
    struct sg_tx_id tx; /**< or SG_TX_ID_NONE */
    struct sg_addr_id from;
    struct sg_addr_id to;
    struct sg_asset_id asset; /**< SWAP: that came in */
    uint32_t theft;
    uint32_t conversion;      /**< ENTRY: input's; SWAP: index into result.swaps */
    struct sg_amount amount;  /**< of the row; SEED, ENTRY: as tainted; SWAP: all that came in */
    struct sg_amount tainted; /**< of theft, 0 < tainted <= amount */
    uint8_t kind;             /**< enum sg_move_kind */
    bool is_seed;             /**< TRANSFER: the stolen part began here, it was not carried */
    bool to_service;
    bool is_dust; /**< its stolen part was below the cut-off and is not followed */
    bool beyond;  /**< `to` is at the limit of hops and is not followed */
    uint32_t hop; /**< payments from where the money entered to `to`, the least known by then */
};

/** Stolen money on an address when the run ended. One a (address, asset, theft). */
struct sg_taint_holding {
    struct sg_addr_id addr; /**< SG_ID_NONE: sent to no address */
    struct sg_asset_id asset;
    uint32_t theft;
    struct sg_amount tainted; /**< above zero */
    struct sg_amount balance; /**< all that is known to be there, clean and stolen */
    uint32_t hop;             /**< of the address, as in sg_taint_move, when the run ended */
};

/** Outflow that the ledger cannot explain by inflow. */
struct sg_taint_inflow {
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    struct sg_tx_id tx; /**< that spent it */
    struct sg_amount amount;
    struct sg_amount tainted; /**< of amount: explained by a declared conversion */
};

/** A swap inside one transaction: the address only gave one asset and only got one other. */
struct sg_taint_swap {
    struct sg_addr_id addr;
    struct sg_tx_id tx;
    struct sg_asset_id asset_out, asset_in;
    uint32_t theft;
    struct sg_amount amount_out, amount_in;   /**< all, clean and stolen */
    struct sg_amount tainted_out, tainted_in; /**< of theft */
};

/** The conservation line of one (asset, theft). */
struct sg_taint_total {
    struct sg_asset_id asset;
    uint32_t theft;
    struct sg_amount stolen, converted_in, converted_out, fees;
    struct sg_amount destinations; /**< reached services, or came back to the origin */
    struct sg_amount holdings;     /**< sum of its sg_taint_holding */
    struct sg_amount excess;       /**< clean money that poison tainted; else zero */
    struct sg_amount dust;         /**< not followed because of the cut-off */
    struct sg_amount beyond;       /**< not followed because of the limit of hops */
};

/** All arrays live in the arena of the run. */
struct sg_taint_result {
    const struct sg_taint_move *moves;
    size_t n_moves;
    const struct sg_taint_holding *holdings; /**< by address, asset, theft */
    size_t n_holdings;
    const struct sg_taint_inflow *inflows; /**< in order of time */
    size_t n_inflows;
    const struct sg_taint_swap *swaps; /**< in order of time */
    size_t n_swaps;
    const struct sg_taint_total *totals; /**< by asset, theft; every one that was ever tainted */
    size_t n_totals;
    const struct sg_addr_id *followed; /**< ascending: addresses that taint reached, no services */
    size_t n_followed;
    uint64_t rows_replayed;         /**< rows gone through, those of an address's past included */
    uint64_t unordered_blocks;      /**< with two or more replayed transactions of unknown place */
    uint64_t unordered_blocks_kept; /**< of these, blocks where the asked order was impossible
                                         (somebody would have spent what he did not have yet) */
};

/** The rows of addresses as they were read, so that further policies read memory. */
struct sg_taint_cache;

/** New and empty. In: ledger, borrowed until sg_taint_cache_free. Errors: SG_ENOMEM.
 *  Threads: one at a time. */
SG_MUST_CHECK enum sg_status sg_taint_cache_new(struct sg_taint_cache **cache,
                                                const struct sg_ledger *ledger, struct sg_err *err);
void sg_taint_cache_free(struct sg_taint_cache *cache);

/** Leave rows out as if they were not in the ledger. In: rows   ascending, borrowed until the cache
 *  is freed. Call it before anything is read. */
void sg_taint_cache_skip(struct sg_taint_cache *cache, const uint64_t *rows, size_t n);

/** A transaction that was read, or NULL. Valid until more is read. */
const struct sg_tx *sg_taint_tx(const struct sg_taint_cache *cache, struct sg_tx_id tx);

/** Time of the last row by which an address that was read paid anything; SG_TIME_UNKNOWN if there
 * is none. */
int64_t sg_taint_last_out(const struct sg_taint_cache *cache, struct sg_addr_id addr);

/** Transactions that an address that was read sent and whose fee no source gave. */
uint64_t sg_taint_fees_unknown(const struct sg_taint_cache *cache, struct sg_addr_id addr);

/** Run one policy.
 *
 *  Out:    result   written on success only; its arrays are in `arena`.
 *  In/Out: cache    keeps what was read.
 *  In:     input    ids of the cache's ledger. Ids at and above its counts are allowed: addresses
 *                   and assets that it never saw, which have no rows.
 *  Errors: what the ledger returns; SG_ENOMEM; SG_ELIMIT (a balance of more than 128 bits);
 *          SG_ECORRUPT (the conservation equation does not hold; a fault of this program or of the
 *          backend, never a result).
 *  Cost:   O(r log a) for r rows of a followed addresses, once they are read; lots are merged where
 *          neighbours are alike.
 *  Source: docs/methods/taint.md.
 */
SG_MUST_CHECK enum sg_status sg_taint_run(struct sg_taint_result *result, struct sg_arena *arena,
                                          struct sg_taint_cache *cache,
                                          const struct sg_taint_input *input, struct sg_err *err);

/** Whether rows of an address are complete, for one asset, in the block where it was last seen:
 * then what did not leave is held, else it is unobserved.
 *
 *  Out:  covered_to   last covered block; 0 if it is not covered.
 *  In:   tx   of the cache, that was the last to bring money; SG_TX_ID_NONE: coverage must reach to
 *             the ledger's end. */
SG_MUST_CHECK enum sg_status sg_taint_covered(bool *is_covered, uint64_t *covered_to,
                                              const struct sg_taint_cache *cache,
                                              struct sg_addr_id addr, struct sg_asset_id asset,
                                              struct sg_tx_id tx, struct sg_err *err);

/** Why nobody looked behind a payment. */
enum sg_funder_end {
    SG_FUNDER_GOES_ON, /**< the payer's own funders follow */
    SG_FUNDER_SERVICE, /**< the payer is a service */
    SG_FUNDER_OWN,    /**< the payer is the address that was asked about: its own money came back */
    SG_FUNDER_ISSUED, /**< nobody paid: a reward, a mint */
    SG_FUNDER_UNSEEN, /**< what the payer had is not seen coming in */
    SG_FUNDER_FAR,    /**< at the limit of hops */
    SG_FUNDER_SMALL   /**< below the cut-off */
};

/** One funder of an address, some hops back. */
struct sg_funder {
    uint64_t row; /**< the payment; where money came in unseen, the payment that shows it */
    struct sg_tx_id tx;
    struct sg_addr_id from; /**< SG_ID_NONE: issued, or not known */
    struct sg_addr_id to;
    struct sg_amount amount; /**< of the row; of what came in unseen */
    struct sg_amount share;  /**< of what is explained, that came this way */
    uint32_t hop;            /**< 1: paid the address itself; the least number of steps */
    enum sg_funder_end end;
};

struct sg_funders_input {
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    uint64_t before_row;               /**< rows of the address below it count; UINT64_MAX: all */
    int64_t until_unix_s;              /**< and not those of later transactions; INT64_MAX: all */
    const struct sg_addr_id *services; /**< ascending */
    size_t n_services;
    const struct sg_taint_known *known; /**< further services, or NULL */
    uint32_t hops_max;                  /**< at least 1 */
    struct sg_amount min;               /**< in base units: smaller shares are not looked behind */
};

/** Who paid what an address had received of an asset.
 *
 *  A documented simpler rule than the six: what a payment came from is divided over everything that
 *  the payer is known to have had come in before it, in proportion, and over what came in unseen,
 *  where it paid more than that (docs/methods/backward.md).
 *
 *  Out:    funders   in the arena, latest payment first.
 *          explained   all that came in, seen or not; shares of the payments that were not looked
 *                    behind add up to it.
 *  Errors: as sg_taint_run, and what input.known returns.
 *  Cost:   O(r log a) for r rows of the a addresses looked at.
 */
SG_MUST_CHECK enum sg_status sg_taint_funders(const struct sg_funder **funders, size_t *n_funders,
                                              struct sg_amount *explained, struct sg_arena *arena,
                                              struct sg_taint_cache *cache,
                                              const struct sg_funders_input *input,
                                              struct sg_err *err);

#endif
