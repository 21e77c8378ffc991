#include "oracle/civil.h"

#include <stdbool.h>

static bool leap(int64_t year)
{
    if (year % 400 == 0)
        return true;
    if (year % 100 == 0)
        return false;
    return year % 4 == 0;
}

static unsigned month_length(int64_t year, unsigned month)
{
    if (month == 2)
        return leap(year) ? 29 : 28;
    if (month == 4 || month == 6 || month == 9 || month == 11)
        return 30;
    return 31;
}

struct oracle_date oracle_civil_next(struct oracle_date date)
{
    if (date.day < month_length(date.year, date.month)) {
        date.day++;
    } else if (date.month < 12) {
        date.month++;
        date.day = 1;
    } else {
        date.year++;
        date.month = date.day = 1;
    }
    return date;
}
