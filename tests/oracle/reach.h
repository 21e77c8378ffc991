/** Reach by the plainest loop there is: row by row, asking of each who was reached before. */
#ifndef SG_TESTS_ORACLE_REACH_H
#define SG_TESTS_ORACLE_REACH_H

#include "analysis/reach/reach.h"

#define ORACLE_NEVER UINT64_MAX

/** first[a] = the row that reached address a, or ORACLE_NEVER (sources too). */
void oracle_reach(uint64_t *first, size_t n_addrs, const struct sg_row *rows, size_t n_rows,
                  const struct sg_reach_options *options);

#endif
