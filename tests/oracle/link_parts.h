/** Grouping and blocking of records, slow and plain. */
#ifndef SG_TESTS_ORACLE_LINK_PARTS_H
#define SG_TESTS_ORACLE_LINK_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORACLE_LINK_ROWS 64

/** Average linkage by its definition: while the best mean over all pairs across two groups is at
 *  least `threshold`, join these two. False: two joins were equally good, and either may be right.
 *  Weights: n rows of n. Out: each row's lowest fellow, and the mean of the worst join of its group
 *  (INT64_MAX: alone). At most ORACLE_LINK_ROWS rows. */
bool oracle_link_average(uint32_t *lowest, int64_t *worst, const int32_t *weights, size_t n,
                         int64_t threshold);

/** Whether rows a and b share a key that no more than `most` rows have. Key 0: none. */
bool oracle_link_meet(const uint32_t *keys, size_t n, size_t a, size_t b, size_t most);

/** Rows whose key more than `most` rows have. */
size_t oracle_link_large(const uint32_t *keys, size_t n, size_t most);

#endif
