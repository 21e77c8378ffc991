#ifndef SG_STORE_AUDIT_INTERNAL_H
#define SG_STORE_AUDIT_INTERNAL_H

#include "base/civil.h"
#include "store/audit/audit.h"

/* Longest line, its end and a terminator included. */
#define AUDIT_LINE_MAX 320

/* A line is "NUMBER TIME ACTION WHO RECORD CHAIN\n"; RECORD is "-" where there is none. */

/* Write a line behind the chain value of the one before; sets line->chain32. Returns its size. */
size_t sg_audit_format(char text[AUDIT_LINE_MAX], struct sg_audit_line *line,
                       const uint8_t before32[SG_SHA256_SIZE], const struct sg_audit_key *key);

/* Read a line without its end; false if it is none. The chain is not looked at. */
bool sg_audit_parse(struct sg_audit_line *line, const char *text, size_t size);

#endif
