/** Parts of a trace that its files share. Read trace.c first. */
#ifndef SG_ANALYSIS_TRACE_INTERNAL_H
#define SG_ANALYSIS_TRACE_INTERNAL_H

#include "analysis/trace/trace.h"
#include "base/ids.h"

/** Ids that a trace speaks of, each once; ascending after sg_refs_settle. index = base + place. */
struct sg_refs {
    struct sg_ids place; /**< of an id in `ids` */
    uint64_t *ids;
    uint32_t *index; /**< of the table entry, once the table is made */
    size_t count, capacity;
};

SG_MUST_CHECK bool sg_refs_add(struct sg_refs *refs, uint64_t id);
/** Sort them; `index` must be had anew. */
void sg_refs_settle(struct sg_refs *refs);
/** Table index of an id that was added; SG_TRACE_NONE for one that was not. */
uint32_t sg_refs_index(const struct sg_refs *refs, uint64_t id);
void sg_refs_clear(struct sg_refs *refs);

/** One chain while it is traced. Ids at and above the ledger's counts stand for addresses and
 *  assets that the case names and the ledger never saw; the engine knows that they have no rows. */
struct sg_trace_chain {
    const struct sg_ledger *ledger;
    struct sg_taint_cache *cache;
    struct sg_address *unseen; /**< addresses of ids stats.addresses + i */
    size_t n_unseen, unseen_cap;
    struct sg_address *unseen_assets; /**< contracts of ids stats.assets + i */
    size_t n_unseen_assets, unseen_assets_cap;
    struct sg_addr_id *services; /**< ascending */
    size_t n_services;
    struct sg_taint_seed *seeds;
    size_t n_seeds, seeds_cap;
    struct sg_taint_entry *entries;
    size_t n_entries, entries_cap;
    struct sg_amount *limits;      /**< one a conversion of the case */
    struct sg_amount *gone;        /**< one a conversion: what seeds of this chain gave to it */
    struct sg_asset_id *asset_out; /**< one a conversion; SG_ID_NONE: of another chain */
    struct sg_asset_id *asset_in;  /**< likewise */
    size_t seeds_by_time;
    struct sg_refs named; /**< address ids that the case names */
    struct sg_taint_result results[SG_POLICY_COUNT];
    struct sg_decoys decoys; /**< in the histories of all that the money reached */
    struct sg_refs addrs, txs, assets;
};

struct sg_tracer {
    const struct sg_trace_input *input;
    struct sg_arena *arena;
    struct sg_trace_chain *chains; /**< input->n_ledgers */
    struct sg_trace made;
    uint64_t runs, runs_expected; /**< of policies over ledgers, so far and in all */
};

/* trace_outputs.c */

/** The whole course for a chain of outputs: fills tracer->made. */
SG_MUST_CHECK enum sg_status sg_outputs_run(struct sg_tracer *tracer, struct sg_err *err);

/* trace.c */

/** One run over a chain. It tells how far all of them are, in rows; an error names the policy. */
SG_MUST_CHECK enum sg_status sg_trace_taint(struct sg_taint_result *result, struct sg_arena *arena,
                                            struct sg_tracer *tracer,
                                            const struct sg_trace_chain *chain,
                                            const struct sg_taint_input *input, struct sg_err *err);

/** Every chain that money of the case is on has a ledger, else SG_EUSAGE. */
SG_MUST_CHECK enum sg_status sg_trace_check(const struct sg_trace_input *input, struct sg_err *err);

/* trace_input.c */

/** Resolve the case in a chain's ledger: services, seeds, entries. */
SG_MUST_CHECK enum sg_status sg_chain_open(struct sg_trace_chain *chain,
                                           const struct sg_trace_input *input, struct sg_err *err);
void sg_chain_close(struct sg_trace_chain *chain);

/** Input of a policy, in the file's order. */
struct sg_taint_input sg_chain_input(const struct sg_trace_chain *chain,
                                     const struct sg_trace_input *input, enum sg_policy policy);

/* trace_decoys.c */

/** Find decoys in the histories of who was followed under any policy, into chain->decoys. */
SG_MUST_CHECK enum sg_status sg_chain_find_decoys(struct sg_trace_chain *chain,
                                                  struct sg_arena *arena, const struct sg_case *c,
                                                  struct sg_err *err);

/** Write the decoys of all chains into tracer->made. */
SG_MUST_CHECK enum sg_status sg_decoys_tell(struct sg_tracer *tracer, struct sg_err *err);

/** Leave out what a trace found to be decoys; NULL: nothing. Before the cache is used. */
SG_MUST_CHECK enum sg_status sg_chain_skip_told(struct sg_trace_chain *chain,
                                                struct sg_arena *arena,
                                                const struct sg_trace *found, struct sg_err *err);

/* trace_tables.c */

/** Gather the ids of results[p] for all policies of `policies`, and of the case. */
SG_MUST_CHECK enum sg_status sg_chain_collect(struct sg_trace_chain *chain, const struct sg_case *c,
                                              uint32_t policies, struct sg_err *err);

/** Order of addresses in tables: by size, then bytes. */
int sg_trace_address_cmp(const struct sg_address *a, const struct sg_address *b);

/** Make the tables of parties, transactions and assets of all chains in the arena. */
SG_MUST_CHECK enum sg_status sg_tables_make(struct sg_trace *made, struct sg_arena *arena,
                                            struct sg_trace_chain *chains, size_t n_chains,
                                            const struct sg_case *c, struct sg_err *err);

/* trace_figures.c */

/** The figures of one policy. */
SG_MUST_CHECK enum sg_status sg_figures_make(struct sg_trace_figures *figures,
                                             struct sg_tracer *tracer, enum sg_policy policy,
                                             struct sg_err *err);

/** Lines and shares from holdings that are classified already. */
SG_MUST_CHECK enum sg_status sg_lines_make(struct sg_trace_figures *figures,
                                           struct sg_tracer *tracer, struct sg_err *err);

/** Holdings of a result of a chain, classified; appended. Also used for other orders. */
struct sg_holding_list {
    struct sg_trace_holding *items;
    size_t count, capacity;
};
SG_MUST_CHECK enum sg_status sg_holdings_make(struct sg_holding_list *list,
                                              const struct sg_trace_chain *chain,
                                              const struct sg_taint_result *result,
                                              struct sg_err *err);

/* trace_groups.c */

/** Destinations and entities from the moves of `figures`. */
SG_MUST_CHECK enum sg_status sg_groups_make(struct sg_trace_figures *figures,
                                            struct sg_tracer *tracer, struct sg_err *err);

/* trace_range.c */

/** Ranges over the policies that were run. */
SG_MUST_CHECK enum sg_status sg_ranges_make(struct sg_tracer *tracer, struct sg_err *err);

/* trace_orders.c */

/** Run other orders, where any is unknown, and write how far figures move. */
SG_MUST_CHECK enum sg_status sg_orders_make(struct sg_tracer *tracer, struct sg_err *err);

/** Widen a span. */
void sg_span_add(struct sg_trace_span *span, struct sg_amount amount, bool first);

#endif
