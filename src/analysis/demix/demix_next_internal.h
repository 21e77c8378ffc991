/** Whom the money was paid on to. Inside analysis/demix only. */
#ifndef SG_ANALYSIS_DEMIX_NEXT_INTERNAL_H
#define SG_ANALYSIS_DEMIX_NEXT_INTERNAL_H

#include "analysis/demix/demix_links.h"

/** Stands for every depositor of the theft. */
#define SG_DEMIX_DEPOSITOR UINT32_MAX

struct sg_demix_payment {
    uint32_t to;  /**< address of the ledger */
    uint32_t who; /**< withdrawer, or SG_DEMIX_DEPOSITOR */
};

/** Fill next, n_next, same and the service of each link. In/Out: payments   n, sorted and thinned.
 *  book   may be NULL. Errors: SG_ENOMEM, what the book returns. Cost: O(n log n), a look-up a
 *  payee. */
SG_MUST_CHECK enum sg_status sg_demix_next_find(struct sg_demix_link *links,
                                                struct sg_demix_payment *payments, size_t n,
                                                const struct sg_exposure_book *book,
                                                struct sg_err *err);

#endif
