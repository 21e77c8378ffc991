/* A CSV reader that keeps the whole text and goes through it a byte at a time. */
#ifndef SG_TESTS_ORACLE_CSV_H
#define SG_TESTS_ORACLE_CSV_H

#include <stdbool.h>
#include <stddef.h>

/* Append to `out` what a sound parser reports of the text: "[offset field|field|...]" for each
 * record, "!offset" for each bad one; returns bytes written (at most max, then cut). */
size_t oracle_csv(char *out, size_t max, const char *text, size_t size);

#endif
