/** The calendar by counting: one day after the other, month lengths from a table. */
#ifndef SG_TESTS_ORACLE_CIVIL_H
#define SG_TESTS_ORACLE_CIVIL_H

#include <stdint.h>

struct oracle_date {
    int64_t year;
    unsigned month;
    unsigned day;
};

/** The day after. */
struct oracle_date oracle_civil_next(struct oracle_date date);

#endif
