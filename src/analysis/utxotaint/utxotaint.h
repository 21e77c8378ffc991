/** Follow stolen money from output to output, exactly, under one of six policies.
 *
 *  The second engine beside analysis/taint, for chains of outputs. It knows rows of the ledger, not
 *  cases, labels or text; analysis/trace turns a case into its input. An output is spent as a
 * whole, so money mixes in one place alone: in a transaction. There a policy says which of the
 * outputs and the fee get the stolen part of what the inputs bring. Rules with an example worked by
 * hand for each policy: docs/methods/outputs.md; read that first.
 *
 *  Amounts are satoshis in 64 bits: no chain holds 2^63 of them, and the ledger refuses blocks that
 *  create money. Per theft, to the satoshi:
 *
 *      stolen + excess = destinations + stopped + holdings + unknown + fees + dust
 *
 *  with excess = 0 but under poison. The engine checks that itself after every run.
 */
#ifndef SG_ANALYSIS_UTXOTAINT_H
#define SG_ANALYSIS_UTXOTAINT_H

#include "analysis/taint/taint.h"
#include "base/progress.h"
#include "store/utxo/utxo.h"

/** What becomes of the stolen part of a fee. */
enum sg_utxotaint_fees {
    SG_UTXOTAINT_FEES_UNTRACED, /**< it is spent, and is followed no further */
    SG_UTXOTAINT_FEES_MINER     /**< it goes to the coinbase of the block: the subsidy comes in
                                     first, then the fees in the order of the transactions */
};

/** How tiho pays a fee: the two published variants. */
enum sg_utxotaint_tiho {
    SG_UTXOTAINT_TIHO_LAST, /**< outputs are served first, the fee gets what they leave */
    SG_UTXOTAINT_TIHO_SHARE /**< the fee is paid first, stolen and clean money in proportion */
};

/** "untraced", "miner"; "last", "share". Static storage. */
const char *sg_utxotaint_fees_name(enum sg_utxotaint_fees fees);
const char *sg_utxotaint_tiho_name(enum sg_utxotaint_tiho tiho);

/** Find either by its name. Errors: SG_ENOTFOUND. */
SG_MUST_CHECK enum sg_status sg_utxotaint_fees_find(enum sg_utxotaint_fees *fees, const char *name);
SG_MUST_CHECK enum sg_status sg_utxotaint_tiho_find(enum sg_utxotaint_tiho *tiho, const char *name);

/** Money that was stolen: `sat` of an output. What is stolen already when the output is made counts
 *  towards it; the rest of it is taken from its clean satoshis, the first ones first. */
struct sg_utxotaint_seed {
    uint64_t out;
    uint64_t sat; /**< above zero, at most what the output holds */
    uint32_t theft;
};

/** Where tracing stops, asked once for each output or transaction that stolen money reaches. Any
 *  error ends the run. NULL functions: nowhere. */
struct sg_utxotaint_stops {
    /** Tracing stops at what this owner gets: a service. */
    enum sg_status (*owner)(void *ctx, bool *stops, uint32_t owner, struct sg_err *err);
    /** Tracing stops at what this transaction spends: a CoinJoin. All its inputs are known. */
    enum sg_status (*tx)(void *ctx, bool *stops, uint64_t tx, struct sg_err *err);
    void *ctx;
};

struct sg_utxotaint_input {
    enum sg_policy policy;
    enum sg_utxotaint_fees fees;
    enum sg_utxotaint_tiho tiho;
    uint32_t n_thefts;                     /**< at least 1 */
    const struct sg_utxotaint_seed *seeds; /**< by output, then in the order in which they apply */
    size_t n_seeds;
    struct sg_utxotaint_stops stops;
    size_t n_blocks;   /**< rows of blocks that are looked at, from the first; SIZE_MAX: all */
    uint64_t dust_sat; /**< an output that is no service's and gets less stolen money is not
                            followed; 0: no cut-off */
    const struct sg_progress *progress; /**< may be NULL; counts transactions */
};

enum sg_utxotaint_kind {
    SG_UTXOTAINT_SEED, /**< stolen money begins in `out` */
    SG_UTXOTAINT_PAID, /**< `from` paid it to `out` */
    SG_UTXOTAINT_STOP /**< `from` brought it to `tx`, where tracing stops; `out` is what it spent */
};

/** One step of stolen money, in the order of transactions. Several of one output where several
 *  owners or thefts paid for it. */
struct sg_utxotaint_move {
    uint64_t tx;
    uint64_t out;
    uint64_t sat;  /**< stolen, of `theft` */
    uint32_t from; /**< owner of an input; SEED: SG_UTXO_NOBODY */
    uint32_t theft;
    uint8_t kind;    /**< enum sg_utxotaint_kind */
    bool to_service; /**< tracing stops at the owner of `out` */
    bool is_dust;    /**< below the cut-off: it arrives clean */
};

/** Stolen money in an output when the run ended. */
struct sg_utxotaint_holding {
    uint64_t out;
    uint64_t sat;
    uint64_t spent_in; /**< SG_UTXO_NONE: nothing in view spends it; else the transaction that does,
                            and whose other inputs are not all in the ledger */
    uint32_t theft;
};

/** The conservation line of a theft. */
struct sg_utxotaint_total {
    uint64_t stolen, excess;
    uint64_t destinations; /**< reached services */
    uint64_t stopped;      /**< went into transactions where tracing stops */
    uint64_t holdings;     /**< not spent */
    uint64_t unknown;      /**< spent beside outputs that the ledger does not hold */
    uint64_t fees, dust;
};

/** All arrays live in the arena of the run. */
struct sg_utxotaint_result {
    const struct sg_utxotaint_move *moves;
    size_t n_moves;
    const struct sg_utxotaint_holding *holdings; /**< by output, theft */
    size_t n_holdings;
    const struct sg_utxotaint_total *totals; /**< input.n_thefts */
    uint64_t n_txs;                          /**< transactions that were gone through */
    uint64_t n_outs;                         /**< outputs that were followed */
};

/** Run one policy.
 *
 *  Out:    result   written on success only.
 *  Errors: SG_EUSAGE (a seed of more than its output holds), SG_ENOMEM, SG_ECANCELLED, those of
 *          input.stops, SG_ECORRUPT (the conservation equation does not hold: a fault of this
 *          program, never a result).
 *  Cost:   O(r log r) for the r inputs, outputs and lots of the transactions that spend stolen
 *          money; with fees to the miner also the transactions of the blocks that they are in.
 *          Nothing else of the chain is read.
 *  Source: docs/methods/outputs.md.
 */
SG_MUST_CHECK enum sg_status sg_utxotaint_run(struct sg_utxotaint_result *result,
                                              struct sg_arena *arena, const struct sg_utxo *utxo,
                                              const struct sg_utxotaint_input *input,
                                              struct sg_err *err);

#endif
