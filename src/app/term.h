/** Text from outside on a terminal: nothing in it may move the cursor, colour the screen or turn
 *  the direction of writing. */
#ifndef SG_APP_TERM_H
#define SG_APP_TERM_H

#include "base/buf.h"

#include <stddef.h>
#include <stdio.h>

/** Print the text; bytes that are not UTF-8, control characters and direction overrides are shown
 *  as \xNN, one for each byte. */
void sg_term_text(FILE *out, const char *text, size_t size);

/** Print a number with thousands apart: "2,528". */
void sg_term_number(FILE *out, unsigned long long number);

/** Print a whole output on standard output, and flush it. Errors: what sg_buf_check says, or
 * SG_EIO. */
SG_MUST_CHECK enum sg_status sg_term_print(const struct sg_buf *out, struct sg_err *err);

#endif
