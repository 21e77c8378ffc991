/** Profiles the slow way: one pass over all rows of a little world for each question. */
#ifndef SG_TESTS_ORACLE_PROFILE_H
#define SG_TESTS_ORACLE_PROFILE_H

#include "analysis/profile/profile.h"
#include "support/ledger_model.h"

/** Flows of one asset (token NULL: native) between an address and one peer, or all for peer NULL.
 */
void oracle_flows(struct sg_profile_sum *in, struct sg_profile_sum *out, const struct sg_model *m,
                  sg_addr_ref addr, sg_addr_ref token, const sg_addr_ref *peer);

struct oracle_totals {
    uint64_t n_rows, n_failed, n_txs, unknown_fees;
    int64_t first_unix_s, last_unix_s;
    struct sg_amount fees;
};

struct oracle_totals oracle_totals(const struct sg_model *m, sg_addr_ref addr);

#endif
