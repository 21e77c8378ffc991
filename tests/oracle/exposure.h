/** Who funded an address, the slow and plain way: every receipt and balance is worked out anew from
 *  the first row of the ledger whenever it is needed. */
#ifndef SG_TESTS_ORACLE_EXPOSURE_H
#define SG_TESTS_ORACLE_EXPOSURE_H

#include "support/mem_ledger.h"

#include "analysis/taint/taint.h"

#define ORACLE_ADDRS 16
#define ORACLE_ENDS  ((size_t)SG_FUNDER_SMALL + 1)

/** What ended how at which address; money that came in unseen where nobody paid counts at its
 *  taker. ORACLE_ADDRS: nobody. */
struct oracle_ends {
    struct sg_amount at[ORACLE_ENDS][ORACLE_ADDRS + 1];
    struct sg_amount explained;
};

/** In: stops   one a place: a service.  Addresses are 0 to ORACLE_ADDRS - 1; the native asset. */
void oracle_funders(struct oracle_ends *ends, const struct mem_ledger *mem, uint32_t addr,
                    const bool *stops, uint32_t hops_max, struct sg_amount min);

#endif
