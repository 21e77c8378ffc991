/** Who is one: owners of a chain of outputs joined by what they do together, each join with its
 * reason.
 *
 *  Spending together joins, but not in a CoinJoin (analysis/coinjoin), and not where an output that
 * is spent is missing, since then nobody can tell. Rules for change are off unless asked for: they
 * guess. A join that would make a cluster larger than a bound, or that would bring together two
 * whom labels tell apart, is held back and listed. Rules, sources and failures:
 * docs/methods/cluster.md.
 *
 *  The result does not depend on the order in which joins are made, but for what is held back: that
 * is decided in the order of the chain. Threads: one.
 */
#ifndef SG_ANALYSIS_CLUSTER_H
#define SG_ANALYSIS_CLUSTER_H

#include "base/progress.h"
#include "store/utxo/utxo.h"

enum sg_cluster_rule {
    SG_CLUSTER_SPEND,    /**< spent together */
    SG_CLUSTER_FRESH,    /**< the only output whose owner is new to the chain, no owner of an input
                            paid */
    SG_CLUSTER_FORM,     /**< the only output of the form of script that all inputs have */
    SG_CLUSTER_LEAST,    /**< the only output smaller than the smallest input */
    SG_CLUSTER_ROUND,    /**< the only output that is not round: no multiple of 100,000 satoshis */
    SG_CLUSTER_REUSE,    /**< the only output that pays an owner of an input */
    SG_CLUSTER_LOCKTIME, /**< all outputs are spent: the only one spent by a transaction that sets a
                            lock time if this one does, and does not if it does not */
    SG_CLUSTER_FEE,    /**< all outputs are spent: the only one spent at the same fee in satoshis */
    SG_CLUSTER_PEELING /**< of one input and two outputs: the only one spent in a transaction of one
                          input and two outputs */
};
#define SG_CLUSTER_RULES ((size_t)SG_CLUSTER_PEELING + 1)

/** "spend", "fresh", "form", "least", "round", "reuse", "locktime", "fee", "peeling". Static
 *  storage. */
const char *sg_cluster_rule_name(enum sg_cluster_rule rule);

struct sg_cluster_options {
    unsigned change_rules;  /**< bits, 1 << rule, of the rules for change that vote */
    unsigned votes;         /**< that one output needs; 0: two, or one of a single rule */
    uint64_t max;           /**< owners in a cluster; 0: no bound */
    const uint32_t *entity; /**< whom a label names behind each owner, as a number from 1; 0:
                               nobody. NULL: no labels. Joins of two different ones are held back */
    bool reasons;           /**< keep what sg_cluster_why needs: 24 bytes a join */
    const struct sg_progress *progress;
};

/** Why a join was held back. */
enum sg_cluster_hold { SG_CLUSTER_NOT_HELD, SG_CLUSTER_BOUND, SG_CLUSTER_LABELS };

/** A join of two owners. */
struct sg_cluster_link {
    uint64_t tx;
    uint32_t a, b;
    uint32_t rules; /**< bits: SG_CLUSTER_SPEND, or the rules that voted */
    enum sg_cluster_hold hold;
};

struct sg_clusters {
    uint32_t *parent; /**< 4 bytes an owner; see sg_cluster_root */
    size_t n_owners;
    struct sg_cluster_link *links; /**< a forest: one way at most between two owners */
    size_t n_links, cap_links;
    struct sg_cluster_link *held; /**< held back by the bound or by labels */
    size_t n_held, cap_held;
    uint32_t *size;                            /**< of roots, where there is a bound */
    uint32_t *entity;                          /**< of roots, where there are labels */
    uint64_t n_joins;                          /**< joins of two clusters */
    uint64_t n_spends, n_coinjoins, n_unknown; /**< transactions with several spenders: used; left
                                                  out as CoinJoins; left out for a missing output */
    uint64_t n_changes;                        /**< outputs named as change */
};

/** Errors: SG_ENOMEM, SG_ECANCELLED. Clear in any case. */
SG_MUST_CHECK enum sg_status sg_cluster_run(struct sg_clusters *clusters,
                                            const struct sg_utxo *utxo,
                                            const struct sg_cluster_options *options,
                                            struct sg_err *err);
void sg_cluster_clear(struct sg_clusters *clusters);

/** The lowest owner of the cluster: its name. */
uint32_t sg_cluster_root(struct sg_clusters *clusters, uint32_t owner);

/** The joins that lead from one owner to another, in order. Needs options.reasons.
 *  Out: way   n links, sg_mem_free by the caller; NULL and 0 for an owner and itself.
 *  Errors: SG_ENOTFOUND (they are not in one cluster), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_cluster_why(struct sg_cluster_link **way, size_t *n,
                                            const struct sg_clusters *clusters, uint32_t from,
                                            uint32_t to, struct sg_err *err);

#endif
