/* The small grammars of the cells: numbers, amounts, dates. */
#include "formats/programme/programme_internal.h"

#include "base/civil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MICRO 1000000

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct sg_text sg_text_trim(struct sg_text text)
{
    while (text.size && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

bool sg_parse_micro(int64_t *micro, struct sg_text text)
{
    const bool negative = text.size && text.data[0] == '-';
    int64_t value = 0;
    size_t i = negative, n_digits = 0, n_behind = 0;
    for (bool point = false; i < text.size; i++) {
        if (text.data[i] == '.' && !point && n_digits) {
            point = true;
            continue;
        }
        if (!is_digit(text.data[i]) || ++n_digits > 18 || (point && ++n_behind > 6))
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    if (n_digits == 0 || text.data[text.size - 1] == '.' || n_digits - n_behind > 12)
        return false;
    for (; n_behind < 6; n_behind++)
        value *= 10;
    *micro = negative ? -value : value;
    return true;
}

const char *sg_parse_musd(uint64_t *usd, struct sg_text text)
{
    int64_t dollars;
    text = sg_text_trim(text);
    if (text.size == 0)
        return "no amount";
    if (!sg_parse_micro(&dollars, text))
        return "not a plain number of million USD (another currency, a unit, or a separator?)";
    if (dollars < 0)
        return "a negative amount";
    if ((uint64_t)dollars > SG_PROGRAMME_USD_MAX)
        return "an amount above the world's wealth";
    *usd = (uint64_t)dollars;
    return NULL;
}

unsigned sg_parse_month_name(struct sg_text text)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (unsigned i = 0; i < 12; i++)
        if (text.size >= 3 && text.size <= strlen(names[i]) &&
            strncasecmp(text.data, names[i], text.size) == 0)
            return i + 1;
    return 0;
}

/* Digits only, at most four of them. */
static bool parse_small(unsigned *value, struct sg_text text)
{
    *value = 0;
    if (text.size == 0 || text.size > 4)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
        *value = *value * 10 + (unsigned)(text.data[i] - '0');
    }
    return true;
}

bool sg_parse_year(int16_t *year, struct sg_text text)
{
    unsigned value;
    text = sg_text_trim(text);
    if (text.size != 4 || !parse_small(&value, text) || value < SG_PROGRAMME_YEAR_MIN ||
        value > SG_PROGRAMME_YEAR_MAX)
        return false;
    *year = (int16_t)value;
    return true;
}

/* Pieces between dashes; 0 if there are more than three. */
static size_t split_dashes(struct sg_text parts[3], struct sg_text text)
{
    size_t n = 0;
    for (;;) {
        const char *dash = memchr(text.data, '-', text.size);
        const size_t size = dash ? (size_t)(dash - text.data) : text.size;
        if (n == 3)
            return 0;
        parts[n++] = (struct sg_text){text.data, size};
        if (!dash)
            return n;
        text = (struct sg_text){dash + 1, text.size - size - 1};
    }
}

/* Whether the calendar has the day; a date without one has passed already. */
static bool is_in_calendar(struct sg_programme_date date)
{
    int64_t year;
    unsigned month, day;
    if (date.month > 12)
        return false;
    if (date.day == 0)
        return true;
    sg_civil_from_days(&year, &month, &day, sg_days_from_civil(date.year, date.month, date.day));
    return year == date.year && month == date.month && day == date.day;
}

/* "28", "05", "2019" from last to first as far as given, or CNS's "9", "Apr", "84". */
static bool parse_parts(unsigned *year, unsigned *month, unsigned *day, const struct sg_text *parts,
                        size_t n)
{
    *month = *day = 0;
    if (n >= 2 && parts[n - 1].size == 2 && sg_parse_month_name(parts[n - 2])) {
        *month = sg_parse_month_name(parts[n - 2]);
        if (!parse_small(year, parts[n - 1]) || (n == 3 && !parse_small(day, parts[0])))
            return false;
        *year += *year >= 70 ? 1900 : 2000;
        return n == 2 || *day > 0;
    }
    if (parts[0].size != 4 || !parse_small(year, parts[0]))
        return false;
    if (n >= 2 && (!parse_small(month, parts[1]) || *month == 0))
        return false;
    return n < 3 || (parse_small(day, parts[2]) && *day > 0);
}

const char *sg_parse_date(struct sg_programme_date *date, struct sg_text text)
{
    struct sg_text parts[3];
    unsigned year, month, day;
    text = sg_text_trim(text);
    if (text.size == 0)
        return "no date";
    const size_t n = split_dashes(parts, text);
    if (n == 0 || !parse_parts(&year, &month, &day, parts, n))
        return "not a date (2019-05-28, 2019-05, 2019, 9-Apr-84 or Sep-84)";
    if (year < SG_PROGRAMME_YEAR_MIN || year > SG_PROGRAMME_YEAR_MAX)
        return "a date out of range";
    const struct sg_programme_date parsed = {(int16_t)year, (uint8_t)(month > 12 ? 13 : month),
                                             (uint8_t)(day > 31 ? 32 : day)};
    if (!is_in_calendar(parsed))
        return "a date that the calendar does not have";
    *date = parsed;
    return NULL;
}

char *sg_programme_date_format(char text[SG_PROGRAMME_DATE_MAX], struct sg_programme_date date)
{
    if (date.day)
        snprintf(text, SG_PROGRAMME_DATE_MAX, "%04d-%02u-%02u", date.year, date.month, date.day);
    else if (date.month)
        snprintf(text, SG_PROGRAMME_DATE_MAX, "%04d-%02u", date.year, date.month);
    else
        snprintf(text, SG_PROGRAMME_DATE_MAX, "%04d", date.year);
    return text;
}

int32_t sg_programme_month(struct sg_programme_date date)
{
    return date.year * 12 + (date.month ? date.month - 1 : 0);
}
