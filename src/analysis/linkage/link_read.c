/* Texts of some kinds in one form: dates, addresses of mail and networks, numbers. */
#include "analysis/linkage/linkage_internal.h"

#define YEAR_MIN 1000
#define YEAR_MAX 2199

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Up to three numbers with one mark between each; their digits. False: something else is there. */
static bool take_numbers(unsigned numbers[3], size_t digits[3], size_t *n, struct sg_text text)
{
    *n = 0;
    for (size_t i = 0; i < text.size;) {
        if (*n == 3 || !is_digit(text.data[i]))
            return false;
        numbers[*n] = 0;
        digits[*n] = 0;
        for (; i < text.size && is_digit(text.data[i]) && digits[*n] < 9; i++, digits[*n] += 1)
            numbers[*n] = numbers[*n] * 10 + (unsigned)(text.data[i] - '0');
        ++*n;
        if (i < text.size && !memchr("-/. ", text.data[i], 4))
            return false;
        i += i < text.size;
    }
    return *n > 0;
}

static bool is_year(unsigned year)
{
    return year >= YEAR_MIN && year <= YEAR_MAX;
}

static bool fits(const struct lk_date *date)
{
    return is_year(date->year) && date->month <= 12 && date->day <= 31;
}

/* A time behind the day is left out: "2020-01-02T..." or "2020-01-02 10:11". */
static struct sg_text without_time(struct sg_text text)
{
    if (text.size > 10 && (text.data[10] == 't' || text.data[10] == ' ' || text.data[10] == 'T'))
        text.size = 10;
    return text;
}

bool sg_lk_date(struct lk_date *date, struct sg_text text)
{
    unsigned v[3];
    size_t digits[3], n;
    if (!take_numbers(v, digits, &n, without_time(text)))
        return false;
    if (n == 3 && digits[0] == 4)
        *date = (struct lk_date){v[0], v[1], v[2]};
    else if (n == 3 && digits[2] == 4) /* day first, unless only the other order can be */
        *date = v[1] > 12 ? (struct lk_date){v[2], v[0], v[1]} : (struct lk_date){v[2], v[1], v[0]};
    else if (n == 1 && digits[0] == 8)
        *date = (struct lk_date){v[0] / 10000, v[0] / 100 % 100, v[0] % 100};
    else if (n == 2 && digits[0] == 4)
        *date = (struct lk_date){v[0], v[1], 0};
    else
        return false;
    return fits(date);
}

bool sg_lk_is_ip(struct sg_text text)
{
    size_t dots = 0, colons = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        dots += c == '.';
        colons += c == ':';
        if (c != '.' && c != ':' && !is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return (dots == 3 && colons == 0 && text.size >= 7) || colons >= 2;
}

static void put(char *out, size_t capacity, size_t *n, char c)
{
    if (*n < capacity)
        out[(*n)++] = c;
}

size_t sg_lk_email(char *out, size_t capacity, uint32_t *n_local, struct sg_text text)
{
    size_t n = 0, i = 0;
    bool tag = false;
    for (; i < text.size && text.data[i] != '@'; i++) {
        tag |= text.data[i] == '+' && n > 0;
        if (!tag && text.data[i] != '.')
            put(out, capacity, &n, text.data[i]);
    }
    *n_local = (uint32_t)n;
    for (; i < text.size; i++)
        put(out, capacity, &n, text.data[i]);
    return n;
}

/* Letters, digits and single spaces. */
static size_t words_only(char *out, size_t capacity, struct sg_text text)
{
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '\'')
            continue;
        if (!is_letter(c) && !is_digit(c)) {
            gap = n > 0;
            continue;
        }
        if (n + gap >= capacity)
            break;
        if (gap)
            out[n++] = ' ';
        gap = false;
        out[n++] = c;
    }
    return n;
}

static size_t signs_only(char *out, size_t capacity, struct sg_text text, bool digits)
{
    size_t n = 0;
    for (size_t i = 0; i < text.size; i++)
        if (is_digit(text.data[i]) || (!digits && is_letter(text.data[i])))
            put(out, capacity, &n, text.data[i]);
    return n;
}

/* The country's code, the zero before the rest and how they are parted differ from form to form;
 * the last nine digits seldom do. */
static size_t phone(char *out, size_t capacity, struct sg_text text)
{
    size_t begin = text.size;
    for (size_t n = 0; begin > 0 && n < 9;)
        n += is_digit(text.data[--begin]);
    return signs_only(out, capacity, (struct sg_text){text.data + begin, text.size - begin}, true);
}

static size_t date(char *out, size_t capacity, struct sg_text text)
{
    struct lk_date d;
    size_t n = 0;
    if (!sg_lk_date(&d, text))
        return signs_only(out, capacity, text, false);
    const unsigned number = d.year * 10000 + d.month * 100 + d.day;
    for (unsigned scale = 10000000; scale; scale /= 10)
        put(out, capacity, &n, (char)('0' + number / scale % 10));
    return n;
}

size_t sg_lk_reduced(char *out, size_t capacity, enum sg_link_kind kind, struct sg_text text)
{
    uint32_t n_local;
    switch (kind) {
    case SG_LINK_NAME:
    case SG_LINK_ADDRESS:
    case SG_LINK_REST:
    case SG_LINK_CATEGORY:
        return words_only(out, capacity, text);
    case SG_LINK_DATE:
        return date(out, capacity, text);
    case SG_LINK_EMAIL:
        return sg_lk_email(out, capacity, &n_local, text);
    case SG_LINK_PHONE:
        return phone(out, capacity, text);
    case SG_LINK_CODE:
    case SG_LINK_IDENTIFIER:
    case SG_LINK_IMAGE_HASH:
        return signs_only(out, capacity, text, false);
    case SG_LINK_IP:
    case SG_LINK_TEXT:
        break;
    }
    const size_t n = text.size < capacity ? text.size : capacity;
    memcpy(out, text.data, n);
    return n;
}
