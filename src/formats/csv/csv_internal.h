/* Splitting: where a record ends, and where its fields lie. */
#ifndef SG_FORMATS_CSV_INTERNAL_H
#define SG_FORMATS_CSV_INTERNAL_H

#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>

/* The fields of one record; `fields` point into its bytes, or into `scratch` where a doubled quote
 * had to go. */
struct csv_split {
    struct sg_text fields[SG_CSV_FIELDS_MAX];
    size_t n_fields; /* above SG_CSV_FIELDS_MAX: there were more, and the rest is not kept */
};

enum csv_found {
    CSV_ENDED, /* the record ends in the window */
    CSV_CUT,   /* it does not */
    CSV_QUOTE  /* a quote stands in it that is not a plain field's: the slow way is needed */
};

/* Split a record whose fields can stay where they are: quotes, if any, only around whole fields. On
 * CSV_ENDED `*used` is its size, line end included. */
enum csv_found sg_csv_split(struct csv_split *split, size_t *used, const char *bytes, size_t size);

/* Split a whole record of any kind that csv_scan found sound. scratch: at least `size` bytes. */
void sg_csv_split_quoted(struct csv_split *split, char *scratch, const char *bytes, size_t size);

/* Where a scan for the end of a record stands, between pieces. */
enum csv_state {
    CSV_FIELD_START,
    CSV_UNQUOTED,
    CSV_QUOTED,
    CSV_QUOTE_CLOSED, /* behind a quote that closes, or is the first of two */
    CSV_CLOSED_CR     /* behind it, a CR that may belong to the line end */
};

struct csv_scan {
    enum csv_state state;
    const char *damage; /* the first thing wrong with it, static; NULL: nothing */
};

/* Go on with a scan. True: the record ends at bytes[*used - 1]; else *used = size. */
bool sg_csv_scan(struct csv_scan *scan, size_t *used, const char *bytes, size_t size);

#endif
