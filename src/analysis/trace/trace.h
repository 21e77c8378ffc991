/** A case traced through ledgers: what was stolen, where it is now, on what that rests.
 *
 *  Turns a case (labels, seeds, conversions) into inputs of analysis/taint, runs the policies asked
 *  for, and gathers figures that a report or a JSON document can print as they are: no ledger is
 *  needed to read the result. Rules: docs/methods/taint.md; the JSON form: docs/api/trace.json.
 *
 *  Everything that a struct sg_trace points at lives in the arena given to sg_trace_run, but labels
 *  and thefts, which are borrowed from the case. A finished trace is read-only. All texts come from
 *  outside: escape them where they are shown.
 */
#ifndef SG_ANALYSIS_TRACE_H
#define SG_ANALYSIS_TRACE_H

#include "analysis/decoys/decoys.h"
#include "analysis/taint/taint.h"
#include "analysis/utxotaint/utxotaint.h"
#include "formats/case/case.h"

#define SG_TRACE_NONE UINT32_MAX

/** An address that the result speaks of. Others refer to it by index into sg_trace.parties. */
struct sg_trace_party {
    const struct sg_chain *chain;
    struct sg_address address;         /**< size 0: no address (issued, or sent to nobody) */
    const struct sg_case_label *label; /**< that it is shown under, or NULL */
    bool is_service;                   /**< tracing stops there */
    bool not_address;        /**< on outputs: `address` is a CoinJoin's transaction, or the
                                  digest of a script that has no address */
    bool in_ledger;          /**< false: the case names it, the ledger never saw it */
    uint8_t covered;         /**< SG_COVER_... kinds that are covered at all, by the address
                                  or by the whole chain */
    uint64_t covered_to;     /**< last covered block of any kind; 0 if none */
    int64_t last_out_unix_s; /**< of the last row that paid anything, or SG_TIME_UNKNOWN; known for
                                  followed addresses only */
};

/** A transaction that the result speaks of, by index into sg_trace.txs. */
struct sg_trace_tx {
    const struct sg_chain *chain;
    bool has_hash;
    uint8_t hash32[32];
    uint64_t block;
    int64_t time_unix_s; /**< or SG_TIME_UNKNOWN */
};

/** An asset of a chain that stolen money took the form of, by index into sg_trace.assets. */
struct sg_trace_asset {
    const struct sg_chain *chain;
    struct sg_address contract; /**< size 0: native */
    const char *symbol; /**< the case's, else the ledger's, which is from outside; never NULL */
    unsigned decimals;  /**< the case's, else the ledger's; 0 if neither says */
};

/** One step of stolen money; see struct sg_taint_move, whose order these keep (per chain). */
struct sg_trace_move {
    enum sg_move_kind kind;
    uint32_t asset;      /**< SWAP: that came in */
    uint32_t from, to;   /**< parties; SEED, ENTRY: from is SG_TRACE_NONE */
    uint32_t tx;         /**< txs, or SG_TRACE_NONE */
    uint64_t row;        /**< ledger row of this snapshot, for lists; UINT64_MAX if none */
    int64_t time_unix_s; /**< of tx; SEED: of the seed; or SG_TIME_UNKNOWN */
    size_t theft;        /**< of the case */
    uint32_t conversion; /**< SWAP, ENTRY: of figures.conversions */
    struct sg_amount amount;
    struct sg_amount tainted;
    bool is_seed, is_dust;
    bool to_service;
    bool is_stop;         /**< outputs: `to` is a CoinJoin, no address */
    int64_t spent_unix_s; /**< outputs: when the output that was paid was spent, in view; accounts,
                               and where it was not: SG_TIME_UNKNOWN */
};

/** Where stolen money left the view: a service's address. One a (asset, address). */
struct sg_trace_destination {
    uint32_t asset, party;
    const char *entity; /**< of its label; borrowed */
    enum sg_category category;
    struct sg_amount amount;   /**< stolen money that arrived */
    size_t transfers, senders; /**< rows that brought it; different addresses that sent them */
    int64_t first_unix_s, last_unix_s; /**< or SG_TIME_UNKNOWN */
    const uint32_t *moves;             /**< n_moves indices into figures.moves, ascending */
    size_t n_moves;
};

/** Destinations of one entity (its addresses together). One a (asset, entity, category). */
struct sg_trace_entity {
    uint32_t asset;
    const char *entity;
    enum sg_category category;
    struct sg_amount amount;
    size_t transfers, senders, addresses;
    int64_t first_unix_s, last_unix_s;
    const uint32_t *destinations; /**< indices into figures.destinations */
    size_t n_destinations;
};

enum sg_trace_status {
    SG_TRACE_HELD,      /**< covered, and it did not leave up to the last covered block */
    SG_TRACE_UNOBSERVED /**< what the address did is not (all) known: never say unspent */
};

/** An output that holds stolen money, of a chain of outputs. */
struct sg_trace_coin {
    uint32_t tx, index;      /**< txs; number of the output in it */
    uint32_t spent_in;       /**< UNOBSERVED: the transaction that spends it beside outputs that the
                                  ledger does not hold; HELD: SG_TRACE_NONE */
    struct sg_amount amount; /**< stolen */
    struct sg_amount value;  /**< all of it */
};

/** Stolen money where it was last seen. One a (asset, address), thefts together; of outputs one a
 *  (address, status). */
struct sg_trace_holding {
    uint32_t asset, party;
    enum sg_trace_status status;
    struct sg_amount amount;  /**< stolen */
    struct sg_amount balance; /**< all that is known to be there; of outputs: what `coins` hold */
    int64_t last_in_unix_s;   /**< when stolen money last came in, or SG_TIME_UNKNOWN */
    uint64_t covered_to;      /**< HELD: as of this block */
    const struct sg_trace_coin *coins; /**< outputs alone, in order of the chain */
    size_t n_coins;
};

/** Outflow above the known balance: money came in that no row shows. */
struct sg_trace_inflow {
    uint32_t asset, party, tx;
    struct sg_amount amount;
    struct sg_amount tainted; /**< of it, explained by a conversion of the case */
};

/** Stolen money that changed its form. */
struct sg_trace_conversion {
    size_t theft;
    uint32_t declared; /**< index into case.conversions, or SG_TRACE_NONE: seen in the ledger */
    uint32_t asset_out, asset_in;
    struct sg_amount out; /**< stolen money given; declared: that left the seeds */
    struct sg_amount in;  /**< stolen money got; declared: that entered so far */
    uint32_t party, tx;   /**< of a swap inside a transaction; else SG_TRACE_NONE */
};

/** The line of an asset. Conservation, to the base unit:
 *  stolen + converted_in + excess =
 *      destinations + held + unobserved + fees + converted_out + dust_discarded. */
struct sg_trace_line {
    uint32_t asset;
    struct sg_amount stolen, converted_in, converted_out;
    struct sg_amount destinations, held, unobserved, fees;
    struct sg_amount excess; /**< poison alone: clean money that it counts as stolen */
    struct sg_amount dust_discarded;
    struct sg_amount coinjoins; /**< of destinations: went into CoinJoins, which no address got */
};

/** The share of one theft in a destination, a holding or a line, where the case has several. */
struct sg_trace_share {
    uint32_t asset;
    size_t theft;
    struct sg_amount stolen, converted_in, converted_out;
    struct sg_amount destinations, holdings, fees, excess, dust_discarded, coinjoins;
};

/** All figures under one policy. */
struct sg_trace_figures {
    enum sg_policy policy;
    const struct sg_trace_line *lines; /**< one an asset, in order of sg_trace.assets that occur */
    size_t n_lines;
    const struct sg_trace_share *shares; /**< by asset, theft */
    size_t n_shares;
    const struct sg_trace_destination *destinations; /**< by asset, amount (largest first), party */
    size_t n_destinations;
    const struct sg_trace_entity *entities; /**< by asset, amount (largest first), name */
    size_t n_entities;
    const struct sg_trace_holding *holdings; /**< by asset, amount (largest first), party */
    size_t n_holdings;
    const struct sg_trace_move *moves; /**< chain by chain, in the order in which they happened */
    size_t n_moves;
    const struct sg_trace_inflow *inflows;
    size_t n_inflows;
    const struct sg_trace_conversion *conversions; /**< declared ones first */
    size_t n_conversions;
    uint64_t addresses_followed, rows_replayed;
};

/** Smallest and largest value that a figure takes. */
struct sg_trace_span {
    struct sg_amount low, high;
};

/** How much the figures of a policy depend on orders that no source gave. */
struct sg_trace_order {
    enum sg_policy policy;
    uint32_t asset;
    size_t orders;        /**< orders that were run beside the file's */
    uint64_t blocks;      /**< with two or more followed transactions of unknown place */
    uint64_t blocks_kept; /**< of these, the most that in one run had to keep the file's order,
                               since in the other one somebody pays what he does not have yet */
    struct sg_trace_span destinations, held, unobserved, fees;
};

/** A figure over the policies that were run, poison left out where others are there. */
struct sg_trace_range {
    uint32_t asset;
    struct sg_trace_span destinations, held, unobserved, fees;
};

/** An entity's amount over the same policies. */
struct sg_trace_entity_range {
    uint32_t asset;
    const char *entity;
    enum sg_category category;
    struct sg_trace_span amount;
};

/** A row that only looks like a payment (analysis/decoys), told in its own words. */
struct sg_trace_decoy {
    const struct sg_chain *chain;
    uint8_t kinds; /**< SG_DECOY_... */
    bool was_paid; /**< the opposite: its owner paid a look-alike; it is not left out */
    uint64_t row;  /**< ledger row of this snapshot */
    struct sg_asset asset;
    struct sg_asset imitated_asset; /**< symbol "": none */
    struct sg_amount amount;        /**< of the row: what it pretends */
    bool has_hash;
    uint8_t hash32[32];
    int64_t time_unix_s;
    struct sg_address from, to;
    struct sg_address imitated; /**< size 0: no look-alike */
    bool payer_is_lookalike;    /**< else the payee is */
    uint8_t first, last;        /**< characters that look-alike and imitated share */
};

struct sg_trace {
    const struct sg_case *c;
    bool is_outputs; /**< of a chain of outputs */
    uint64_t gaps;   /**< outputs: times that blocks are missing between those of the ledger */
    int64_t seen_to_unix_s; /**< the last time that the ledgers cover, or SG_TIME_UNKNOWN */
    const struct sg_chain *const *chains; /**< that were traced */
    size_t n_chains;
    const struct sg_trace_party *parties; /**< by chain, address */
    size_t n_parties;
    const struct sg_trace_tx *txs; /**< by chain, order of the ledger */
    size_t n_txs;
    const struct sg_trace_asset *assets; /**< native first, then by chain and contract */
    size_t n_assets;
    const struct sg_trace_figures *figures; /**< one a policy, in order of the enum */
    size_t n_figures;
    const struct sg_trace_range *ranges; /**< one an asset */
    size_t n_ranges;
    const struct sg_trace_entity_range *entity_ranges;
    size_t n_entity_ranges;
    const struct sg_trace_order *orders; /**< by policy, asset; none if all orders are known */
    size_t n_orders;
    const struct sg_trace_decoy *decoys; /**< by chain; paid look-alikes first, then by row */
    size_t n_decoys;
    bool with_decoys;       /**< they were followed like any row */
    const uint32_t *absent; /**< parties that the case names and the ledger never saw */
    size_t n_absent;
    size_t
        seeds_by_time; /**< seeds whose transaction the ledger does not hold, or that name none */
    struct {
        uint64_t addresses; /**< followed, under any policy that was run */
        uint64_t covered;   /**< of these, with native coverage of their own or the chain's */
        uint64_t order_unknown_blocks; /**< in the whole ledgers */
        uint64_t fees_unknown;         /**< transactions of followed senders without a known fee */
    } coverage;
};

struct sg_trace_input {
    const struct sg_case *c;
    const struct sg_ledger *const *ledgers; /**< one a chain of the case; a chain that the case
                                               names and that has none is SG_EUSAGE */
    size_t n_ledgers;
    const struct sg_utxo *utxo;  /**< a chain of outputs, and no ledgers; else NULL */
    enum sg_utxotaint_fees fees; /**< of outputs */
    bool by_cluster;             /**< of outputs: stop at who spends together with a service */
    enum sg_utxotaint_tiho tiho; /**< of outputs */
    uint32_t policies;           /**< bit p is set: run enum sg_policy p; at least one */
    int64_t until_unix_s;        /**< INT64_MAX: all there is */
    bool has_dust;
    struct sg_amount dust;            /**< in 1e-18 of a whole unit of any asset */
    bool with_decoys;                 /**< follow probable decoys too */
    const struct sg_trace *decoys_of; /**< backward: leave out what that trace left out; or NULL */
    size_t shuffles; /**< orders at random beside the reversed one; 0 leaves out `orders` */
    const struct sg_progress *progress; /**< may be NULL; rows of all runs together */
};

/** Trace a case.
 *
 *  Out:    trace   written on success only.
 *  On a chain of outputs a party can be a CoinJoin: its "address" is then the transaction's id, and
 *  its label, a mixer, says of which kind. A script without an address is "script-sha256:" and the
 *  first digits of its digest. Rules: docs/methods/outputs.md.
 *
 *  Errors: SG_EUSAGE (no seed on any ledger's chain, a chain without ledger, a seed that names what
 *          is not there), SG_ECANCELLED, what the ledgers return, what sg_taint_run or
 *          sg_utxotaint_run returns.
 *  Cost:   a taint run a policy and chain, and (1 + shuffles) more a policy where orders are
 *          unknown. Threads: one.
 */
SG_MUST_CHECK enum sg_status sg_trace_run(struct sg_trace *trace, struct sg_arena *arena,
                                          const struct sg_trace_input *input, struct sg_err *err);

/** Figures of a policy, or NULL if it was not run. */
const struct sg_trace_figures *sg_trace_figures_of(const struct sg_trace *trace,
                                                   enum sg_policy policy);

/** An address that paid a seed's address, some hops back; see struct sg_funder. */
struct sg_trace_funder {
    uint32_t asset;    /**< the native one of the chain */
    uint32_t from, to; /**< parties */
    uint32_t tx;
    uint32_t hop; /**< 1: paid the seed's address itself */
    struct sg_amount amount, share;
    bool stops;
};

/** Who funded one address that a theft went to, before it did. */
struct sg_trace_funding {
    uint32_t party;             /**< the seed's address */
    struct sg_amount explained; /**< native money that it had received before the theft */
    const struct sg_trace_funder *funders; /**< by hop, share (largest first), time */
    size_t n_funders;
};

struct sg_trace_backward {
    const struct sg_trace_funding *fundings; /**< one a seed's address, in the case's order */
    size_t n_fundings;
    /** Own tables, as in struct sg_trace. */
    const struct sg_trace_party *parties;
    size_t n_parties;
    const struct sg_trace_tx *txs;
    size_t n_txs;
    const struct sg_trace_asset *assets;
    size_t n_assets;
};

/** Hops that sg_trace_backward looks back. */
#define SG_TRACE_HOPS_MAX 16

/** Look backward from the seeds: who funded the thief. Rule: docs/methods/backward.md. Input fields
 *  used: c, ledgers. Errors: as sg_trace_run. */
SG_MUST_CHECK enum sg_status sg_trace_run_backward(struct sg_trace_backward *backward,
                                                   struct sg_arena *arena,
                                                   const struct sg_trace_input *input,
                                                   struct sg_err *err);

#endif
