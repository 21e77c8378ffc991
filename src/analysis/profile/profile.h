/** What the rows of a ledger say about one address: flows by asset, counterparties, first and last
 * day.
 *
 *  Sums of rows, nothing more: it follows no taint, and where the ledger does not cover the
 * address, a balance here is only what these rows leave. Failed rows, and rows whose amount is out
 * of range, move nothing and are counted apart; a self-transfer counts on both sides. A fee is the
 * address's where it sent the transaction and has a row in it. Threads: any, on distinct arenas.
 */
#ifndef SG_ANALYSIS_PROFILE_H
#define SG_ANALYSIS_PROFILE_H

#include "base/arena.h"
#include "store/ledger/ledger.h"

/** A sum of amounts; where it passed 128 bits, too_large is set and amount is not to be used. */
struct sg_profile_sum {
    struct sg_amount amount;
    uint64_t transfers;
    bool too_large;
};

/** The other side of an address's transfers of one asset. */
struct sg_profile_peer {
    struct sg_addr_id addr;            /**< SG_ID_NONE: mints, rewards, burns */
    struct sg_profile_sum in, out;     /**< as seen from the address asked about */
    int64_t first_unix_s, last_unix_s; /**< SG_TIME_UNKNOWN if no transfer has a time */
};

struct sg_profile_asset {
    struct sg_asset_id asset;
    struct sg_profile_sum in, out;
    struct sg_amount fees; /**< paid as sender; native asset only, else zero */
    bool fees_too_large;   /**< as too_large */
    uint64_t unknown_fees; /**< transactions it sent whose fee no source gives; native only */
    uint64_t out_of_range; /**< rows whose amount needs more than 128 bits */
    struct sg_profile_peer
        *peers; /**< those of most value in + out, at most the number asked for */
    size_t n_peers;
    uint64_t n_peers_all; /**< how many there are */
};

struct sg_profile {
    struct sg_profile_asset *assets; /**< ascending id: the native asset first, if it occurs */
    size_t n_assets;
    uint64_t n_rows, n_failed, n_txs;
    uint64_t first_block, last_block;  /**< 0 and 0 without rows */
    int64_t first_unix_s, last_unix_s; /**< SG_TIME_UNKNOWN without a time */
    struct sg_row *recent;             /**< the last rows, ascending */
    size_t n_recent;
};

struct sg_profile_options {
    size_t n_peers;                     /**< for each asset */
    size_t n_recent;                    /**< rows */
    const struct sg_progress *progress; /**< may be NULL; done in rows, total unknown */
};

/** Sum up the rows of an address.
 *
 *  Out:    profile   in `arena`.
 *  Errors: SG_ENOMEM, SG_ECANCELLED, and what the ledger returns.
 *  Cost:   O(n log n) in its rows n, asked for in batches; memory for one entry a (asset, peer).
 */
SG_MUST_CHECK enum sg_status sg_profile_address(struct sg_profile *profile, struct sg_arena *arena,
                                                const struct sg_ledger *ledger,
                                                struct sg_addr_id addr,
                                                const struct sg_profile_options *options,
                                                struct sg_err *err);

/** What flows leave: *left = in - out - fees, or *missing = the opposite where more went out than
 * came in by these rows. False if a sum is too large. The other one of the two is zero. */
SG_MUST_CHECK bool sg_profile_balance(struct sg_amount *left, struct sg_amount *missing,
                                      const struct sg_profile_asset *asset);

#endif
