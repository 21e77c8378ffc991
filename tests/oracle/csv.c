#include "oracle/csv.h"

#include <stdio.h>
#include <string.h>

struct out {
    char *at;
    size_t n, max;
};

static void put(struct out *out, char c)
{
    if (out->n < out->max)
        out->at[out->n++] = c;
}

static void put_number(struct out *out, size_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", number);
    for (size_t i = 0; digits[i]; i++)
        put(out, digits[i]);
}

/* Read a field that begins at `i`; returns where it ends (at a comma, a line end or the end), or -1
 * where a quote is never closed. *bad: it breaks the rules. */
static long read_field(struct out *out, bool *bad, const char *text, size_t i, size_t size)
{
    if (i < size && text[i] == '"') {
        for (i++;; i++) {
            if (i == size)
                return -1;
            if (text[i] == '"' && i + 1 < size && text[i + 1] == '"')
                i++;
            else if (text[i] == '"')
                break;
            put(out, text[i]);
        }
        i++;
        if (i < size && text[i] == '\r' && (i + 1 == size || text[i + 1] == '\n'))
            i++;
        else if (i < size && text[i] != ',' && text[i] != '\n')
            *bad = true;
        return (long)i;
    }
    for (; i < size && text[i] != ',' && text[i] != '\n'; i++) {
        if (text[i] == '"')
            *bad = true;
        const bool line_end = text[i] == '\r' && (i + 1 == size || text[i + 1] == '\n');
        if (!line_end)
            put(out, text[i]);
    }
    return (long)i;
}

/* One record; returns where the next one begins. */
static size_t read_record(struct out *out, const char *text, size_t begin, size_t size)
{
    struct out record = *out;
    bool bad = false;
    size_t at = begin;
    put(&record, '[');
    put_number(&record, begin);
    put(&record, ' ');
    const size_t fields = record.n;
    size_t n_fields = 0;
    for (;; at++) {
        const long end = read_field(&record, &bad, text, at, size);
        if (end < 0) { /* Give up its first line alone. */
            const char *line_end = memchr(text + begin, '\n', size - begin);
            put(out, '!');
            put_number(out, begin);
            return line_end ? (size_t)(line_end - text) + 1 : size;
        }
        at = (size_t)end;
        n_fields++;
        while (bad && at < size && text[at] != '\n')
            at++;
        if (at == size || text[at] == '\n')
            break;
        put(&record, '|');
    }
    put(&record, ']');
    const bool blank = n_fields == 1 && record.n == fields + 1;
    if (bad) {
        /* A damaged record went on to the next line end. */
        put(out, '!');
        put_number(out, begin);
    } else if (!blank) {
        *out = record;
    }
    return at < size ? at + 1 : size;
}

size_t oracle_csv(char *out, size_t max, const char *text, size_t size)
{
    struct out to = {out, 0, max};
    for (size_t at = 0; at < size;)
        at = read_record(&to, text, at, size);
    return to.n;
}
