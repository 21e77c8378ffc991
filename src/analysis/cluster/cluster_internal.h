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

/* The output that one rule for change names, or SG_UTXO_NONE. */
uint64_t sg_cluster_ask(const struct change_view *view, enum sg_cluster_rule rule);

/* The output that is change by enough of the rules, and which they are; SG_UTXO_NONE if there is
 * none or two have as many votes. */
uint64_t sg_cluster_change(uint32_t *voted, const struct change_view *view, unsigned rules,
                           unsigned votes);

#endif
