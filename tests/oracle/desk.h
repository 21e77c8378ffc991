/** The rules of joining and merging one block, done the slow and plain way. */
#ifndef SG_TESTS_ORACLE_DESK_H
#define SG_TESTS_ORACLE_DESK_H

#include "base/buf.h"
#include "formats/record/record.h"

#include <stddef.h>

struct oracle_record {
    struct sg_record record;
    uint32_t file; /**< ascending */
};

/** Write the block as text, one line a transaction and one a row; returns the number of doubts. */
size_t oracle_block(struct sg_buf *text, const struct oracle_record *records, size_t n);

/** One line of that text. Numbers are small in these worlds; an address is its first byte. */
void oracle_print_tx(struct sg_buf *text, const uint8_t *hash32, uint32_t index, unsigned status,
                     unsigned flags, int64_t time_unix_s, unsigned sender, struct sg_amount fee,
                     uint64_t price);
void oracle_print_row(struct sg_buf *text, unsigned kind, unsigned flags, uint32_t pos,
                      unsigned from, unsigned to, unsigned token, struct sg_amount amount);

#endif
