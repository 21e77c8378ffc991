/** The count of mappings, the plain way. */
#ifndef SG_TESTS_ORACLE_COINJOIN_MAPPINGS_H
#define SG_TESTS_ORACLE_COINJOIN_MAPPINGS_H

#include <stddef.h>
#include <stdint.h>

/** Put every input and every output into one of n_in groups, in all ways that name groups by their
 *  first input, and count those in which every group has both and pays out no more than it spends
 *  plus the allowance. For a handful of inputs and outputs. */
uint64_t sg_oracle_mappings(const uint64_t *in_sat, size_t n_in, const uint64_t *out_sat,
                            size_t n_out, uint64_t allowance);

#endif
