/** Summer time by rule: when clocks are an hour ahead. Nothing here reads a clock or a database. */
#ifndef SG_BASE_SEASON_H
#define SG_BASE_SEASON_H

#include <stdint.h>

/** Rules for the change of clocks. Source: IANA tz database, rules EU, US and AN as of 2024. */
enum sg_season { SG_SEASON_NONE, SG_SEASON_EU, SG_SEASON_US, SG_SEASON_AU, SG_SEASON_COUNT };

/** First and last day of summer time in the year, as days since 1970-01-01; of the southern one
 *  (SG_SEASON_AU) the first and last day of its break. Both 0 for SG_SEASON_NONE. Days, not hours:
 *  within a day of a change both offsets pass. */
void sg_season_days(int64_t *begin, int64_t *end, enum sg_season season, int64_t year);

#endif
