/** A pool's events from rows of a ledger, where no event file is at hand.
 *
 *  A transfer of exactly the denomination to a contract of the pool is a deposit. What a contract
 *  pays in one transaction is a withdrawal where one transfer, or one and the next, make up the
 *  denomination: the larger went to the receiver, the smaller to the relayer. Rows do not show
 *  commitments and nullifiers; the transaction and the row's place stand for them.
 */
#ifndef SG_ANALYSIS_DEMIX_ROWS_H
#define SG_ANALYSIS_DEMIX_ROWS_H

#include "analysis/demix/demix.h"
#include "store/ledger/ledger.h"

struct sg_pool_rows_input {
    const struct sg_ledger *ledger;
    const struct sg_address *contracts;
    size_t n_contracts;
    const char *symbol; /**< of the asset; the chain's native one, or a token's */
    struct sg_amount denomination;
};

/** Add the events to a builder.
 *
 *  Out:    n_odd   rows of the pool in its asset that are neither: other amounts, failed ones left
 *                  out. A transaction without a hash counts here too.
 *  Errors: SG_ENOMEM, what the ledger returns. Cost: the rows of the contracts.
 */
SG_MUST_CHECK enum sg_status sg_pool_add_rows(struct sg_pool_builder *builder, size_t *n_odd,
                                              const struct sg_pool_rows_input *input,
                                              struct sg_err *err);

#endif
