/** The slow, plain version of analysis/association: lay everything out, then correlate. */
#ifndef SG_TESTS_ORACLE_ASSOCIATION_H
#define SG_TESTS_ORACLE_ASSOCIATION_H

#include "analysis/association/association.h"

/** r at a lag, the launches taken in blocks of the given order; NULL: as they are. */
double oracle_lag_r(const struct sg_association_input *input, unsigned lag, const size_t *order,
                    size_t n_blocks);

/** Part of permutations, the identity among them, whose largest |r| reaches the observed one. */
double oracle_block_p(const struct sg_association_input *input, struct sg_draw *draw,
                      size_t n_permutations);

#endif
