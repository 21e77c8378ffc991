/** Decoding in tests: records of a text as short lines, to compare with lines written by hand. */
#ifndef SG_TESTS_SUPPORT_RECORDS_H
#define SG_TESTS_SUPPORT_RECORDS_H

#include "formats/decode/decode.h"

#include <stddef.h>

#define SEEN_LINES_MAX 64

/** What a decoder gave. */
struct sg_test_seen {
    char lines[SEEN_LINES_MAX][512]; /**< the first of them, records and bad rows in order */
    size_t n_lines;                  /**< all */
    size_t n_records, n_bad;
    struct {
        uint64_t offset, line;
    } bad[SEEN_LINES_MAX]; /**< of the first bad rows */
    struct sg_record last;
    char table[64];
    unsigned kinds;
    bool has_account;
    struct sg_address account;
};

/** Decode `size` bytes in steps, and fill `seen`. A record is a line
 *  "KIND block hash4 ti=N from4>to4 amount ...", where hash4 and so on are the first two bytes as
 *  hex and what is unknown is left out; a bad row is "BAD line reason". */
enum sg_status sg_test_decode(struct sg_test_seen *seen, enum sg_source_format format,
                              const char *chain, const char *text, size_t size, size_t step,
                              struct sg_err *err);

#endif
