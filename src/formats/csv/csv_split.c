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

/* A field in quotes that holds none itself: in place. It must begin at its quote and end at one
 * that a comma or the record's end follows; *behind comes to stand there. */
static enum csv_found take_quoted(struct csv_split *split, const char **field, const char **behind,
                                  const char *at, const char *end)
{
    if (at != *field)
        return CSV_QUOTE;
    const char *close = memchr(at + 1, '"', (size_t)(end - at) - 1);
    if (!close || end - close < 2)
        return CSV_QUOTE;
    const bool crlf = close[1] == '\r' && end - close > 2 && close[2] == '\n';
    if (close[1] != ',' && close[1] != '\n' && !crlf)
        return CSV_QUOTE;
    push(split, at + 1, close);
    *field = *behind = close + (crlf ? 3 : 2);
    return close[1] == ',' ? CSV_CUT : CSV_ENDED;
}

/* What to do at one of the three characters; CSV_CUT: go on at *behind. */
static enum csv_found at_special(struct csv_split *split, const char **field, const char **behind,
                                 const char *at, const char *end)
{
    if (*at == '"')
        return take_quoted(split, field, behind, at, end);
    *behind = at + 1;
    if (*at == '\n') {
        push_last(split, *field, at);
        return CSV_ENDED;
    }
    push(split, *field, at);
    *field = at + 1;
    return CSV_CUT;
}

/* The specials of the eight bytes at *at, as far as a field in quotes does not lead beyond them;
 * CSV_CUT: go on at *at. */
static inline enum csv_found split8(struct csv_split *split, const char **field, const char **at,
                                    const char *end)
{
    const uint64_t word = load8(*at);
    const char *const next = *at + 8;
    const char *behind = *at;
    uint64_t marks = equal8(word, ',') | equal8(word, '\n') | equal8(word, '"');
    for (; marks && behind < next; marks &= marks - 1) {
        const char *special = *at + __builtin_ctzll(marks) / 8;
        if (special < behind)
            continue; /* Within the quotes. */
        const enum csv_found found = at_special(split, field, &behind, special, end);
        if (found != CSV_CUT) {
            *at = behind;
            return found;
        }
    }
    *at = behind > next ? behind : next;
    return CSV_CUT;
}

enum csv_found sg_csv_split(struct csv_split *split, size_t *used, const char *bytes, size_t size)
{
    const char *field = bytes;
    const char *at = bytes;
    const char *const end = bytes + size;
    enum csv_found found = CSV_CUT;
    split->n_fields = 0;
    while (found == CSV_CUT && end - at >= 8)
        found = split8(split, &field, &at, end);
    while (found == CSV_CUT && at < end) {
        if (*at == ',' || *at == '\n' || *at == '"')
            found = at_special(split, &field, &at, at, end);
        else
            at++;
    }
    *used = (size_t)(at - bytes);
    return found;
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
