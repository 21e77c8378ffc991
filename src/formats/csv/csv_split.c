#include "formats/csv/csv_internal.h"

#include <string.h>

#define ONES  UINT64_C(0x0101010101010101)
#define LOWS  UINT64_C(0x7f7f7f7f7f7f7f7f)
#define HIGHS UINT64_C(0x8080808080808080)

/* Eight bytes, the first one lowest. */
static uint64_t load8(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The high bit of each byte of `word` that equals `c`, exactly: adding 0x7f to the low seven bits
 * sets the high one unless they are zero, and never carries into the next byte. */
static uint64_t equal8(uint64_t word, char c)
{
    const uint64_t x = word ^ (ONES * (uint8_t)c);
    return ~((x & LOWS) + LOWS) & ~x & HIGHS;
}

static void push(struct csv_split *split, const char *begin, const char *end)
{
    if (split->n_fields < SG_CSV_FIELDS_MAX)
        split->fields[split->n_fields] = (struct sg_text){begin, (size_t)(end - begin)};
    split->n_fields += split->n_fields <= SG_CSV_FIELDS_MAX;
}

/* The last field, without the CR of a CRLF. */
static void push_last(struct csv_split *split, const char *begin, const char *end)
{
    if (end > begin && end[-1] == '\r')
        end--;
    push(split, begin, end);
}

/* What to do at one of the three characters; CSV_CUT: go on. */
static enum csv_found at_special(struct csv_split *split, const char **field, const char *at)
{
    if (*at == '"')
        return CSV_QUOTE;
    if (*at == '\n') {
        push_last(split, *field, at);
        return CSV_ENDED;
    }
    push(split, *field, at);
    *field = at + 1;
    return CSV_CUT;
}

enum csv_found sg_csv_split_plain(struct csv_split *split, size_t *used, const char *bytes,
                                  size_t size)
{
    const char *field = bytes;
    size_t i = 0;
    split->n_fields = 0;
    for (; size - i >= 8; i += 8) {
        const uint64_t word = load8(bytes + i);
        uint64_t marks = equal8(word, ',') | equal8(word, '\n') | equal8(word, '"');
        for (; marks; marks &= marks - 1) {
            const size_t at = i + (size_t)__builtin_ctzll(marks) / 8;
            const enum csv_found found = at_special(split, &field, bytes + at);
            *used = at + 1;
            if (found != CSV_CUT)
                return found;
        }
    }
    for (; i < size; i++) {
        if (bytes[i] != ',' && bytes[i] != '\n' && bytes[i] != '"')
            continue;
        const enum csv_found found = at_special(split, &field, bytes + i);
        *used = i + 1;
        if (found != CSV_CUT)
            return found;
    }
    return CSV_CUT;
}

/* Copy a quoted field to `to`, each pair of quotes as one; *at comes to stand behind the closing
 * one, or at the end of the record where it is missing. */
static char *unquote(char *to, const char **at, const char *end)
{
    const char *from = *at + 1;
    for (; from < end; from++) {
        if (*from == '"' && (from + 1 == end || from[1] != '"')) {
            from++;
            break;
        }
        from += *from == '"';
        *to++ = *from;
    }
    *at = from;
    return to;
}

/* A quoted field: in place where it holds no quote itself, as nearly all. */
static char *push_quoted(struct csv_split *split, char *scratch, const char **at, const char *end)
{
    const char *begin = *at + 1;
    const char *quote = memchr(begin, '"', (size_t)(end - begin));
    if (quote && (quote + 1 == end || quote[1] != '"')) {
        push(split, begin, quote);
        *at = quote + 1;
        return scratch;
    }
    char *behind = unquote(scratch, at, end);
    push(split, scratch, behind);
    return behind;
}

void sg_csv_split_quoted(struct csv_split *split, char *scratch, const char *bytes, size_t size)
{
    const char *at = bytes;
    const char *end = bytes + size;
    if (end > at && end[-1] == '\n')
        end--;
    if (end > at && end[-1] == '\r')
        end--;
    split->n_fields = 0;
    for (;; at++) {
        const char *begin = at;
        if (at < end && *at == '"') {
            scratch = push_quoted(split, scratch, &at, end);
        } else {
            const char *comma = at < end ? memchr(at, ',', (size_t)(end - at)) : NULL;
            at = comma ? comma : end;
            push(split, begin, at);
        }
        if (at >= end)
            return;
    }
}

/* A damaged record ends with its line: its quotes cannot be trusted to hold a line end. */
static enum csv_state step_plain(struct csv_scan *scan, char c)
{
    if (scan->damage)
        return CSV_UNQUOTED;
    if (c == ',')
        return CSV_FIELD_START;
    if (c == '"' && scan->state == CSV_FIELD_START)
        return CSV_QUOTED;
    if (c == '"')
        scan->damage = "a quote inside a field that does not begin with one";
    return CSV_UNQUOTED;
}

static enum csv_state step_closed(struct csv_scan *scan, char c)
{
    if (c == '"' && scan->state == CSV_QUOTE_CLOSED)
        return CSV_QUOTED;
    if (c == ',' && scan->state == CSV_QUOTE_CLOSED)
        return CSV_FIELD_START;
    if (c == '\r' && scan->state == CSV_QUOTE_CLOSED)
        return CSV_CLOSED_CR;
    scan->damage = "text behind the quote that closes a field";
    return CSV_UNQUOTED;
}

static enum csv_state step(struct csv_scan *scan, char c)
{
    switch (scan->state) {
    case CSV_FIELD_START:
    case CSV_UNQUOTED:
        return step_plain(scan, c);
    case CSV_QUOTED:
        return c == '"' ? CSV_QUOTE_CLOSED : CSV_QUOTED;
    case CSV_QUOTE_CLOSED:
    case CSV_CLOSED_CR:
        return step_closed(scan, c);
    }
    return CSV_UNQUOTED;
}

bool sg_csv_scan(struct csv_scan *scan, size_t *used, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (scan->state == CSV_QUOTED) {
            const char *quote = memchr(bytes + i, '"', size - i);
            if (!quote)
                break;
            i = (size_t)(quote - bytes);
        }
        if (bytes[i] == '\n' && scan->state != CSV_QUOTED) {
            *used = i + 1;
            return true;
        }
        scan->state = step(scan, bytes[i]);
    }
    *used = size;
    return false;
}
