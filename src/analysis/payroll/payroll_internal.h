/** The steps of sg_payroll_run. */
#ifndef SG_ANALYSIS_PAYROLL_INTERNAL_H
#define SG_ANALYSIS_PAYROLL_INTERNAL_H

#include "analysis/payroll/payroll.h"

/** Rows of an address that are read before it is taken for a service. */
#define SG_PAYROLL_ROWS_MAX 20000u

/** Rows tried for one salary, at most. */
#define SG_PAYROLL_TRIES_MAX 20000u

/** Sorted ids, to be searched. */
struct sg_payroll_set {
    uint32_t *items;
    size_t count;
};

SG_MUST_CHECK bool sg_payroll_set_make(struct sg_payroll_set *set, const struct sg_addr_id *ids,
                                       size_t n);
bool sg_payroll_set_has(const struct sg_payroll_set *set, uint32_t addr);
void sg_payroll_set_clear(struct sg_payroll_set *set);

/** Value of an amount, at most UINT64_MAX / 4. */
sg_payroll_value sg_payroll_value_of(struct sg_amount amount, unsigned decimals);

struct sg_payroll_job {
    const struct sg_ledger *ledger;
    const struct sg_payroll_options *options;
    struct sg_payroll *out;
    unsigned *decimals;             /**< of each asset of the options */
    struct sg_payroll_set services; /**< known ones */
    struct sg_payroll_set payers;   /**< of the series */
    struct sg_err *err;
};

/** Index of an asset in the options, or SIZE_MAX. */
size_t sg_payroll_asset(const struct sg_payroll_options *options, uint32_t asset);

/** Fill series and pays. */
SG_MUST_CHECK enum sg_status sg_payroll_find_series(struct sg_payroll_job *job);

/** Fill collectors and members. */
SG_MUST_CHECK enum sg_status sg_payroll_gather(struct sg_payroll_job *job);

/** What is known of an address on the way. */
struct sg_payroll_out {
    uint64_t row;
    int64_t time_unix_s;
    uint32_t to, asset;
    sg_payroll_value value;
};

struct sg_payroll_node {
    uint32_t addr; /**< SG_ID_NONE: the slot is free */
    bool is_hub;
    uint32_t n_senders;
    sg_payroll_value inflow;
    struct sg_payroll_out *outs; /**< by row */
    size_t n_outs;
};

struct sg_payroll_nodes {
    struct sg_payroll_node **slots; /**< open addressing */
    size_t n_slots, n_used;
};

/** The node of an address, read from the ledger when it is asked for first. NULL after an error,
 *  which alone writes `status`; the nodes are then good for nothing but clearing. */
struct sg_payroll_node *sg_payroll_node(struct sg_payroll_nodes *nodes, struct sg_payroll_job *job,
                                        uint32_t addr, enum sg_status *status);
void sg_payroll_nodes_clear(struct sg_payroll_nodes *nodes);

#endif
