/* time_zone: at work while the claimed place sleeps. Weak: people work at night. */
#include "analysis/redflags/redflags_internal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/season.h"

#include <string.h>

#define HOURS_MIN   10u /* logins and commits below which a rhythm shows nothing */
#define NIGHT_BEGIN 0
#define NIGHT_END   7

struct zone {
    const char *name;
    int16_t standard_min; /* east of Greenwich */
    uint8_t season;
};

/* Where most applicants live; a zone that is not listed is not judged. Source: IANA tz database,
 * 2024a; places whose rule is none of ours count as without summer time where they have none now.
 */
static const struct zone zones[] = {
    {"Africa/Accra", 0, SG_SEASON_NONE},
    {"Africa/Addis_Ababa", 180, SG_SEASON_NONE},
    {"Africa/Algiers", 60, SG_SEASON_NONE},
    {"Africa/Dakar", 0, SG_SEASON_NONE},
    {"Africa/Johannesburg", 120, SG_SEASON_NONE},
    {"Africa/Lagos", 60, SG_SEASON_NONE},
    {"Africa/Nairobi", 180, SG_SEASON_NONE},
    {"Africa/Tunis", 60, SG_SEASON_NONE},
    {"America/Argentina/Buenos_Aires", -180, SG_SEASON_NONE},
    {"America/Bogota", -300, SG_SEASON_NONE},
    {"America/Caracas", -240, SG_SEASON_NONE},
    {"America/Chicago", -360, SG_SEASON_US},
    {"America/Costa_Rica", -360, SG_SEASON_NONE},
    {"America/Denver", -420, SG_SEASON_US},
    {"America/Guatemala", -360, SG_SEASON_NONE},
    {"America/Halifax", -240, SG_SEASON_US},
    {"America/La_Paz", -240, SG_SEASON_NONE},
    {"America/Lima", -300, SG_SEASON_NONE},
    {"America/Los_Angeles", -480, SG_SEASON_US},
    {"America/Montevideo", -180, SG_SEASON_NONE},
    {"America/New_York", -300, SG_SEASON_US},
    {"America/Panama", -300, SG_SEASON_NONE},
    {"America/Phoenix", -420, SG_SEASON_NONE},
    {"America/Recife", -180, SG_SEASON_NONE},
    {"America/Sao_Paulo", -180, SG_SEASON_NONE},
    {"America/Toronto", -300, SG_SEASON_US},
    {"America/Vancouver", -480, SG_SEASON_US},
    {"Asia/Almaty", 300, SG_SEASON_NONE},
    {"Asia/Amman", 180, SG_SEASON_NONE},
    {"Asia/Baghdad", 180, SG_SEASON_NONE},
    {"Asia/Bangkok", 420, SG_SEASON_NONE},
    {"Asia/Colombo", 330, SG_SEASON_NONE},
    {"Asia/Dhaka", 360, SG_SEASON_NONE},
    {"Asia/Dubai", 240, SG_SEASON_NONE},
    {"Asia/Ho_Chi_Minh", 420, SG_SEASON_NONE},
    {"Asia/Hong_Kong", 480, SG_SEASON_NONE},
    {"Asia/Jakarta", 420, SG_SEASON_NONE},
    {"Asia/Karachi", 300, SG_SEASON_NONE},
    {"Asia/Kathmandu", 345, SG_SEASON_NONE},
    {"Asia/Kolkata", 330, SG_SEASON_NONE},
    {"Asia/Kuala_Lumpur", 480, SG_SEASON_NONE},
    {"Asia/Manila", 480, SG_SEASON_NONE},
    {"Asia/Nicosia", 120, SG_SEASON_EU},
    {"Asia/Riyadh", 180, SG_SEASON_NONE},
    {"Asia/Seoul", 540, SG_SEASON_NONE},
    {"Asia/Shanghai", 480, SG_SEASON_NONE},
    {"Asia/Singapore", 480, SG_SEASON_NONE},
    {"Asia/Taipei", 480, SG_SEASON_NONE},
    {"Asia/Tashkent", 300, SG_SEASON_NONE},
    {"Asia/Tbilisi", 240, SG_SEASON_NONE},
    {"Asia/Tokyo", 540, SG_SEASON_NONE},
    {"Asia/Vladivostok", 600, SG_SEASON_NONE},
    {"Asia/Yangon", 390, SG_SEASON_NONE},
    {"Asia/Yerevan", 240, SG_SEASON_NONE},
    {"Australia/Brisbane", 600, SG_SEASON_NONE},
    {"Australia/Melbourne", 600, SG_SEASON_AU},
    {"Australia/Perth", 480, SG_SEASON_NONE},
    {"Australia/Sydney", 600, SG_SEASON_AU},
    {"Europe/Amsterdam", 60, SG_SEASON_EU},
    {"Europe/Athens", 120, SG_SEASON_EU},
    {"Europe/Belgrade", 60, SG_SEASON_EU},
    {"Europe/Berlin", 60, SG_SEASON_EU},
    {"Europe/Brussels", 60, SG_SEASON_EU},
    {"Europe/Bucharest", 120, SG_SEASON_EU},
    {"Europe/Budapest", 60, SG_SEASON_EU},
    {"Europe/Copenhagen", 60, SG_SEASON_EU},
    {"Europe/Dublin", 0, SG_SEASON_EU},
    {"Europe/Helsinki", 120, SG_SEASON_EU},
    {"Europe/Istanbul", 180, SG_SEASON_NONE},
    {"Europe/Kyiv", 120, SG_SEASON_EU},
    {"Europe/Lisbon", 0, SG_SEASON_EU},
    {"Europe/London", 0, SG_SEASON_EU},
    {"Europe/Madrid", 60, SG_SEASON_EU},
    {"Europe/Minsk", 180, SG_SEASON_NONE},
    {"Europe/Moscow", 180, SG_SEASON_NONE},
    {"Europe/Oslo", 60, SG_SEASON_EU},
    {"Europe/Paris", 60, SG_SEASON_EU},
    {"Europe/Prague", 60, SG_SEASON_EU},
    {"Europe/Riga", 120, SG_SEASON_EU},
    {"Europe/Rome", 60, SG_SEASON_EU},
    {"Europe/Sofia", 120, SG_SEASON_EU},
    {"Europe/Stockholm", 60, SG_SEASON_EU},
    {"Europe/Vienna", 60, SG_SEASON_EU},
    {"Europe/Vilnius", 120, SG_SEASON_EU},
    {"Europe/Warsaw", 60, SG_SEASON_EU},
    {"Europe/Zurich", 60, SG_SEASON_EU},
    {"UTC", 0, SG_SEASON_NONE},
};

/* "UTC+5", "UTC-3:30". */
static bool parse_offset(struct zone *zone, const char *name)
{
    const int sign = name[3] == '-' ? -1 : 1;
    const char *at = name + 4;
    int hours = 0, minutes = 0, n = 0;
    if (strncmp(name, "UTC", 3) != 0 || (name[3] != '+' && name[3] != '-'))
        return false;
    for (; *at >= '0' && *at <= '9' && n < 2; at++, n++)
        hours = 10 * hours + (*at - '0');
    if (*at == ':')
        for (at++; *at >= '0' && *at <= '9' && minutes < 60; at++)
            minutes = 10 * minutes + (*at - '0');
    *zone = (struct zone){name, (int16_t)(sign * (60 * hours + minutes)), SG_SEASON_NONE};
    return n && !*at && hours <= 14 && minutes < 60;
}

static bool find_zone(struct zone *zone, const char *name)
{
    for (size_t i = 0; i < SG_COUNT_OF(zones); i++)
        if (strcmp(zones[i].name, name) == 0) {
            *zone = zones[i];
            return true;
        }
    return parse_offset(zone, name);
}

/* The hour on the wall. */
static int64_t hour_at(const struct zone *zone, int64_t time)
{
    int64_t local = time + zone->standard_min * 60, year, begin, end;
    unsigned month, day;
    const int64_t days = (local - (local % RF_DAY + RF_DAY) % RF_DAY) / RF_DAY;
    sg_civil_from_days(&year, &month, &day, days);
    sg_season_days(&begin, &end, (enum sg_season)zone->season, year);
    const bool inside = days >= begin && days < end;
    if (zone->season != SG_SEASON_NONE && inside == (zone->season != SG_SEASON_AU))
        local += RF_HOUR;
    return (local % RF_DAY + RF_DAY) % RF_DAY / RF_HOUR;
}

/* The zone of the first record that claims one; two zones are two claims and are not judged. */
static bool claimed_zone(struct zone *zone, const struct rf_view *v)
{
    uint32_t id = 0;
    for (uint32_t r = 0; r < sg_rf_n_compared(v); r++) {
        const uint32_t has = sg_rf_record(v, r)->zone;
        if (has && id && has != id)
            return false;
        id = has ? has : id;
    }
    return id && find_zone(zone, sg_dict_text(&v->f->pool, id));
}

void sg_rf_time_zone(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    struct zone zone;
    uint32_t n = 0, night = 0;
    if (!claimed_zone(&zone, v))
        return;
    for (uint32_t i = 0; i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        if (e->kind != RF_LOGIN && e->kind != RF_COMMIT)
            continue;
        const int64_t hour = hour_at(&zone, e->time);
        n++;
        if (hour >= NIGHT_BEGIN && hour < NIGHT_END) {
            night++;
            sg_rf_ref_event(note, e);
        }
    }
    note->testable = n >= HOURS_MIN;
    note->number = n ? (uint32_t)((uint64_t)night * 100 / n) : 0;
    note->of = n;
    note->found = note->testable && note->number >= rule->at_least;
}
