/** Differences of two texts of one-letter lines, by the plain quadratic table. */
#ifndef SG_TESTS_ORACLE_LINES_H
#define SG_TESTS_ORACLE_LINES_H

#include <stddef.h>

/** Fewest insertions and deletions from `a` to `b`; each at most 15 letters. */
size_t oracle_distance(const char *a, const char *b);

#endif
