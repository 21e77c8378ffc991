/** Taint the slow and plain way: every base unit of every address is an object that is clean or of
 *  one theft, and all rows of a small world are replayed from its beginning. Knows seeds by
 *  transaction beside rows, declared entries, services, fees and rows; neither swaps nor a cut-off.
 */
#ifndef SG_TESTS_ORACLE_TAINT_H
#define SG_TESTS_ORACLE_TAINT_H

#include "analysis/taint/taint.h"
#include "support/mem_ledger.h"

#define ORACLE_ADDRS  8
#define ORACLE_UNITS  4096
#define ORACLE_THEFTS 3

struct oracle_taint {
    /* Of each address, each theft. */
    uint64_t held[ORACLE_ADDRS][ORACLE_THEFTS];
    uint64_t reached[ORACLE_ADDRS][ORACLE_THEFTS];
    uint64_t fees[ORACLE_THEFTS];
    uint64_t stolen[ORACLE_THEFTS];
    uint64_t converted_in[ORACLE_THEFTS];
    uint64_t excess[ORACLE_THEFTS];
};

/** Replay a world of one asset. */
void oracle_taint(struct oracle_taint *out, const struct mem_ledger *mem,
                  const struct sg_taint_input *input);

#endif
