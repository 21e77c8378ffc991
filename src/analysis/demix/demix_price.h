/** Gas prices that a theft and a withdrawer alone have: Tutela's second heuristic (M. Wu et al.,
 *  arXiv:2201.06811). Who sets his price by hand sets it alike on both sides; a price that the
 *  market makes is another in each block. Shown as evidence, never weighed.
 */
#ifndef SG_ANALYSIS_DEMIX_PRICE_H
#define SG_ANALYSIS_DEMIX_PRICE_H

#include "analysis/demix/demix.h"

struct sg_demix_price {
    uint64_t gas_price;     /**< the highest such price; 0: none */
    uint32_t n_deposits;    /**< deposits of the theft that paid it */
    uint32_t n_withdrawals; /**< of this address */
};

/** How much there was to compare. */
struct sg_demix_priced {
    size_t deposits;    /**< of the theft, with a price */
    size_t withdrawals; /**< of the window, with a price and without a relayer, who sets it else */
};

/** Find them: a price of the theft's deposits, paid by withdrawals without a relayer to one address
 *  of the window, and by no other deposit or withdrawal of the pool that is known.
 *
 *  Out:    found   window->n_candidates.   priced   may be NULL.
 *  Errors: SG_ENOMEM. Cost: O((d + w) log(d + w)).
 */
SG_MUST_CHECK enum sg_status sg_demix_prices(struct sg_demix_price *found,
                                             struct sg_demix_priced *priced,
                                             const struct sg_pool *pool,
                                             const struct sg_demix_window *window,
                                             struct sg_err *err);

#endif
