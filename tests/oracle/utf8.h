/** UTF-8 by the table of RFC 3629, section 4: one line a row, nothing computed. */
#ifndef SG_TESTS_ORACLE_UTF8_H
#define SG_TESTS_ORACLE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/** Length of the well-formed character that the bytes begin with, or 0. */
size_t oracle_utf8_length(const uint8_t *bytes, size_t size);

#endif
