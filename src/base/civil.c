#include "base/civil.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#define DAY_S 86400

int64_t sg_days_from_civil(int64_t year, unsigned month, unsigned day)
{
    /* Years begin in March, so that the leap day is the last one. */
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void sg_civil_from_days(int64_t *year, unsigned *month, unsigned *day, int64_t days)
{
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted = (unsigned)((5 * day_of_year + 2) / 153);
    *day = (unsigned)(day_of_year - (153 * (int64_t)shifted + 2) / 5 + 1);
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

char *sg_time_format(char text[SG_TIME_TEXT_MAX], int64_t time_unix_s)
{
    int64_t year;
    unsigned month;
    unsigned day;
    if (time_unix_s == SG_TIME_UNKNOWN) {
        snprintf(text, SG_TIME_TEXT_MAX, "unknown");
        return text;
    }
    int64_t days = time_unix_s / DAY_S;
    int64_t seconds = time_unix_s % DAY_S;
    if (seconds < 0) {
        seconds += DAY_S;
        days--;
    }
    sg_civil_from_days(&year, &month, &day, days);
    /* Years past 9999 exist only in hostile input; the field keeps the text within bounds. */
    snprintf(text, SG_TIME_TEXT_MAX, "%04" PRId64 "-%02u-%02uT%02d:%02d:%02dZ", year % 1000000000,
             month % 13, day % 32, (int)(seconds / 3600), (int)(seconds / 60 % 60),
             (int)(seconds % 60));
    return text;
}

struct cursor {
    const char *text;
    size_t size;
    size_t off;
    bool failed;
};

static int64_t digits(struct cursor *c, size_t n)
{
    int64_t value = 0;
    if (c->failed || n > c->size - c->off) {
        c->failed = true;
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        const char d = c->text[c->off + i];
        if (d < '0' || d > '9') {
            c->failed = true;
            return 0;
        }
        value = value * 10 + (d - '0');
    }
    c->off += n;
    return value;
}

/* Moves nothing once the cursor has failed, so that it still points at what was wrong. */
static bool take(struct cursor *c, const char *literal)
{
    size_t n = 0;
    if (c->failed)
        return false;
    while (literal[n]) {
        if (n >= c->size - c->off || c->text[c->off + n] != literal[n])
            return false;
        n++;
    }
    c->off += n;
    return true;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t parse_date(struct cursor *c)
{
    const int64_t year = digits(c, 4);
    c->failed |= !take(c, "-");
    const int64_t month = digits(c, 2);
    c->failed |= !take(c, "-");
    const int64_t day = digits(c, 2);
    if (c->failed || day < 1 || day > days_in_month(year, month)) {
        c->failed = true;
        return 0;
    }
    return sg_days_from_civil(year, (unsigned)month, (unsigned)day);
}

static int64_t parse_clock(struct cursor *c)
{
    const int64_t hour = digits(c, 2);
    c->failed |= !take(c, ":");
    const int64_t minute = digits(c, 2);
    c->failed |= !take(c, ":");
    const int64_t second = digits(c, 2);
    c->failed |= hour > 23 || minute > 59 || second > 59;
    if (take(c, "."))
        while (c->off < c->size && c->text[c->off] >= '0' && c->text[c->off] <= '9')
            c->off++;
    if (!take(c, "Z") && !take(c, " UTC"))
        (void)take(c, "+00:00");
    return hour * 3600 + minute * 60 + second;
}

static bool parse_unix(int64_t *time_unix_s, const char *text, size_t size)
{
    struct cursor c = {text, size, 0, false};
    if (size < 5 || size > 12)
        return false;
    *time_unix_s = digits(&c, size);
    return !c.failed;
}

enum sg_status sg_time_parse(int64_t *time_unix_s, const char *text, size_t size,
                             struct sg_err *err)
{
    struct cursor c = {text, size, 0, false};
    int64_t seconds = 0;
    if (parse_unix(&seconds, text, size)) {
        *time_unix_s = seconds;
        return SG_OK;
    }
    const int64_t days = parse_date(&c);
    if (!c.failed && c.off < size) {
        c.failed |= !take(&c, "T") && !take(&c, " ");
        seconds = parse_clock(&c);
    }
    if (c.failed || c.off != size)
        return sg_err_at(err, SG_EPARSE, c.off,
                         "not a UTC time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ");
    *time_unix_s = days * DAY_S + seconds;
    return SG_OK;
}
