/* The plain version of what a window measures: every question asked of the lists as they stand. */
#ifndef SG_TESTS_ORACLE_DEMIX_H
#define SG_TESTS_ORACLE_DEMIX_H

#include "analysis/demix/demix.h"

/* First and last second of the window. */
void oracle_window(int64_t *begin, int64_t *end, const struct sg_pool *pool);

/* Withdrawals to an address inside or outside the window. */
size_t oracle_withdrawals(const struct sg_pool *pool, uint32_t address, bool inside);

/* Mean over the address's withdrawals in the window of (theft + 0.1) / (all + 0.4), counting
 * deposits in [t - hours, t). */
double oracle_share(const struct sg_pool *pool, uint32_t address, int hours);

/* Hours from its first to its last withdrawal in the window. */
double oracle_span(const struct sg_pool *pool, uint32_t address);

/* Withdrawals to others between these two, places in the pool. */
size_t oracle_between(const struct sg_pool *pool, uint32_t address);

struct sg_demix_anonymity oracle_anonymity(const struct sg_pool *pool, size_t withdrawal);

#endif
