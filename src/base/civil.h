/** Calendar time in UTC and Unix seconds; nothing here reads a clock. */
#ifndef SG_BASE_CIVIL_H
#define SG_BASE_CIVIL_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** A time that a source did not give. */
#define SG_TIME_UNKNOWN INT64_MIN

#define SG_TIME_TEXT_MAX 32

/** Write "2022-03-23T13:29:09Z", or "unknown" for SG_TIME_UNKNOWN; returns `text`. */
char *sg_time_format(char text[SG_TIME_TEXT_MAX], int64_t time_unix_s);

/** Parse "YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SSZ", "YYYY-MM-DD HH:MM:SS" (UTC, optional fraction and
 *  "Z", " UTC" or "+00:00" behind it), or Unix seconds of five digits or more.
 *  A bare date is its first second. Errors: SG_EPARSE. */
SG_MUST_CHECK enum sg_status sg_time_parse(int64_t *time_unix_s, const char *text, size_t size,
                                           struct sg_err *err);

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back.
 *  Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, 2013. */
int64_t sg_days_from_civil(int64_t year, unsigned month, unsigned day);
void sg_civil_from_days(int64_t *year, unsigned *month, unsigned *day, int64_t days);

#endif
