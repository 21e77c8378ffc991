/** Made-up records of historical persons: many a person, with the damage that catalogues do. For
 *  tests and benches of linkage that may not lean on one file.
 *
 *  Columns: id, person (the truth), whole name, short name, first, last, born, place, post code,
 *  sex, trade. A person has 1 to 25 records, nine on average. Families share a surname and a place.
 */
#ifndef SG_TESTS_SUPPORT_HISTORY_H
#define SG_TESTS_SUPPORT_HISTORY_H

#include "base/buf.h"

#include <stdint.h>

struct sg_history {
    uint64_t seed;
    uint32_t n_records;
    unsigned damage; /**< percent of the usual damage: 100 is a poor catalogue */
};

/** Write CSV with a header, rows in no order. Failures are sticky in `out`. */
void sg_history_write(struct sg_buf *out, const struct sg_history *history);

#endif
