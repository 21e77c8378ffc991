#include "base/season.h"

#include "base/civil.h"

/* The day of the n-th (1..) Sunday of a month, or the last (0); 1970-01-01 was a Thursday. */
static int64_t sunday(int64_t year, unsigned month, unsigned nth)
{
    if (nth == 0) {
        const int64_t next = month == 12 ? sg_days_from_civil(year + 1, 1, 1)
                                         : sg_days_from_civil(year, month + 1, 1);
        return next - 1 - ((next - 1 + 4) % 7 + 7) % 7;
    }
    const int64_t first = sg_days_from_civil(year, month, 1);
    return first + (7 - ((first + 4) % 7 + 7) % 7) % 7 + 7 * ((int64_t)nth - 1);
}

void sg_season_days(int64_t *begin, int64_t *end, enum sg_season season, int64_t year)
{
    *begin = *end = 0;
    switch (season) {
    case SG_SEASON_EU:
        *begin = sunday(year, 3, 0);
        *end = sunday(year, 10, 0);
        break;
    case SG_SEASON_US:
        *begin = year < 2007 ? sunday(year, 4, 1) : sunday(year, 3, 2);
        *end = year < 2007 ? sunday(year, 10, 0) : sunday(year, 11, 1);
        break;
    case SG_SEASON_AU:
        *begin = year < 2008 ? sunday(year, 3, 0) : sunday(year, 4, 1);
        *end = year < 2008 ? sunday(year, 10, 0) : sunday(year, 10, 1);
        break;
    case SG_SEASON_NONE:
    case SG_SEASON_COUNT:
        break;
    }
}
