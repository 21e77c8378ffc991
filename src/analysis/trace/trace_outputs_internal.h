/* A case traced on a chain of outputs: what the files of it share. Read trace_outputs.c first. */
#ifndef SG_ANALYSIS_TRACE_OUTPUTS_INTERNAL_H
#define SG_ANALYSIS_TRACE_OUTPUTS_INTERNAL_H

#include "analysis/cluster/cluster.h"
#include "analysis/trace/trace_internal.h"

/* Parties before they have an index: owners, transactions that are CoinJoins, and addresses of the
 * case that no output pays. */
#define OUT_COINJOIN ((uint64_t)1 << 40)
#define OUT_UNSEEN   ((uint64_t)1 << 41)

/* A seed of an output, and where it stands in the case, so that sorting keeps that order. */
struct out_seed {
    struct sg_utxotaint_seed seed;
    size_t place;
};

struct sg_outputs {
    struct sg_tracer *tracer;
    const struct sg_trace_input *input;
    const struct sg_utxo *utxo;
    const struct sg_chain *chain;
    size_t n_blocks; /* rows in view */
    struct out_seed *seeds;
    size_t n_seeds, cap_seeds;
    struct sg_utxotaint_seed *sorted;
    struct sg_ids services; /* labels of the case that make owners places where tracing stops */
    struct sg_clusters clusters; /* of all owners, where they were asked for */
    struct sg_ids of_root;       /* label of the first service in a cluster, by its root */
    struct sg_ids coinjoins;     /* kind of each transaction that was judged */
    struct sg_btc_out *coins;
    size_t cap_coins;
    struct sg_address *unseen;
    size_t n_unseen, cap_unseen;
    uint64_t *run_end; /* height at which the run of blocks of each block in view ends */
    struct sg_refs parties, txs;
    struct sg_utxotaint_result results[SG_POLICY_COUNT];
};

/* trace_outputs_case.c */

/* Labels, seeds and the end of the view. */
SG_MUST_CHECK enum sg_status sg_out_open_case(struct sg_outputs *o, struct sg_err *err);

/* The owner of an address of this chain, SG_UTXO_NOBODY where no output pays it. */
uint32_t sg_out_owner_of(const struct sg_outputs *o, const struct sg_address *address);

/* trace_outputs_clusters.c */

/* Find who spends together with services; nothing unless it was asked for. */
SG_MUST_CHECK enum sg_status sg_out_open_clusters(struct sg_outputs *o, struct sg_err *err);

/* The label that makes tracing stop at an owner, his own or his cluster's; SG_IDS_NONE: none. */
uint32_t sg_out_service_of(struct sg_outputs *o, uint32_t owner);

/* trace_outputs_tables.c */

/* Parties, transactions and the asset, from the results. */
SG_MUST_CHECK enum sg_status sg_out_make_tables(struct sg_outputs *o, struct sg_err *err);

/* trace_outputs_figures.c */

SG_MUST_CHECK enum sg_status sg_out_make_figures(struct sg_trace_figures *figures,
                                                 struct sg_outputs *o, enum sg_policy policy,
                                                 struct sg_err *err);

#endif
