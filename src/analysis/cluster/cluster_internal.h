#ifndef SG_ANALYSIS_CLUSTER_INTERNAL_H
#define SG_ANALYSIS_CLUSTER_INTERNAL_H

#include "analysis/cluster/cluster.h"

/* What the rules for change look at. */
struct change_view {
    const struct sg_utxo *utxo;
    uint64_t tx;
    uint64_t first_in, n_in, first_out, n_out;
    const uint64_t *first_seen; /* of each owner: the output that paid it first */
};

struct change_view sg_cluster_view(const struct sg_utxo *utxo, const uint64_t *first_seen,
                                   uint64_t tx);

/* False if an output that the transaction spends is missing. */
bool sg_cluster_inputs_known(const struct change_view *view);

/* Owner of what an input spends, which must be there. */
uint32_t sg_cluster_spender(const struct change_view *view, uint64_t i);

/* The only output with an owner that says yes, or SG_UTXO_NONE. */
uint64_t sg_cluster_only(const struct change_view *view,
                         bool (*says_yes)(const struct change_view *view, uint64_t out));

/* Whether an output pays an owner of an input. */
bool sg_cluster_is_reused(const struct change_view *view, uint64_t out);

/* What SG_CLUSTER_LOCKTIME and SG_CLUSTER_FEE name, and what SG_CLUSTER_PEELING does. */
uint64_t sg_cluster_only_if_all_are_spent(const struct change_view *view,
                                          enum sg_cluster_rule rule);
uint64_t sg_cluster_peel_goes_on(const struct change_view *view);

/* Whether it is a CoinJoin; its inputs must be known. coins: scratch that grows, sg_mem_free by the
 * caller. */
SG_MUST_CHECK enum sg_status sg_cluster_is_coinjoin(bool *yes, struct sg_btc_out **coins,
                                                    size_t *capacity,
                                                    const struct change_view *view,
                                                    struct sg_err *err);

/* The output that one rule for change names, or SG_UTXO_NONE. */
uint64_t sg_cluster_ask(const struct change_view *view, enum sg_cluster_rule rule);

/* The output that is change by enough of the rules, and which they are; SG_UTXO_NONE if there is
 * none or two have as many votes. */
uint64_t sg_cluster_change(uint32_t *voted, const struct change_view *view, unsigned rules,
                           unsigned votes);

#endif
