#include "support/json.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 200

struct json {
    const char *text;
    size_t size;
    size_t off;
    unsigned depth;
    json_fn fn;
    void *ctx;
};

static bool value(struct json *j);

static void emit(struct json *j, enum json_event event, const char *text, size_t size)
{
    if (j->fn)
        j->fn(j->ctx, event, text, size);
}

static int peek(const struct json *j)
{
    return j->off < j->size ? (unsigned char)j->text[j->off] : -1;
}

static bool take(struct json *j, const char *literal)
{
    const size_t n = strlen(literal);
    if (n > j->size - j->off || memcmp(j->text + j->off, literal, n) != 0)
        return false;
    j->off += n;
    return true;
}

static void blanks(struct json *j)
{
    while (peek(j) == ' ' || peek(j) == '\t' || peek(j) == '\n' || peek(j) == '\r')
        j->off++;
}

static bool hex4(struct json *j, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const int c = peek(j);
        const char *at = c > 0 ? strchr(digits, c) : NULL;
        if (!at)
            return false;
        const uint32_t digit = (uint32_t)(at - digits);
        *out = *out << 4 | (digit > 15 ? digit - 6 : digit);
        j->off++;
    }
    return true;
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; --i > 0; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00u >> n & 0xf0u) | c);
    return n;
}

static bool escape_u(struct json *j, uint32_t *c)
{
    uint32_t low;
    if (!hex4(j, c))
        return false;
    if (*c >= 0xdc00 && *c <= 0xdfff)
        return false;
    if (*c < 0xd800 || *c > 0xdbff)
        return true;
    if (!take(j, "\\u") || !hex4(j, &low) || low < 0xdc00 || low > 0xdfff)
        return false;
    *c = 0x10000 + ((*c - 0xd800) << 10 | (low - 0xdc00));
    return true;
}

static bool escape(struct json *j, uint32_t *c)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    if (take(j, "u"))
        return escape_u(j, c);
    const char *at = peek(j) > 0 ? strchr(names, peek(j)) : NULL;
    if (!at)
        return false;
    *c = (unsigned char)meant[at - names];
    j->off++;
    return true;
}

/* The decoded text is never longer than the raw one. Caller frees. */
static char *string(struct json *j, size_t *size)
{
    char *out = malloc(j->size - j->off + 1);
    *size = 0;
    if (!out || !take(j, "\"")) {
        free(out);
        return NULL;
    }
    while (peek(j) != '"') {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, j->text + j->off, j->size - j->off);
        j->off += n;
        if (!n || c < 0x20 || (c == '\\' && !escape(j, &c))) {
            free(out);
            return NULL;
        }
        *size += put_utf8(out + *size, c);
    }
    j->off++;
    out[*size] = 0;
    return out;
}

static bool text_event(struct json *j, enum json_event event)
{
    size_t size;
    char *text = string(j, &size);
    if (text)
        emit(j, event, text, size);
    free(text);
    return text != NULL;
}

static size_t digits(struct json *j)
{
    size_t n = 0;
    for (; peek(j) >= '0' && peek(j) <= '9'; n++)
        j->off++;
    return n;
}

static bool number(struct json *j)
{
    const size_t start = j->off;
    (void)take(j, "-");
    if (!take(j, "0") && !digits(j))
        return false;
    if (take(j, ".") && !digits(j))
        return false;
    if (take(j, "e") || take(j, "E")) {
        if (!take(j, "+"))
            (void)take(j, "-");
        if (!digits(j))
            return false;
    }
    char *text = strndup(j->text + start, j->off - start);
    emit(j, JSON_NUMBER, text, j->off - start);
    free(text);
    return true;
}

/* Names of one object, to find one that occurs twice. */
struct names {
    char **items;
    size_t count;
};

static bool names_add(struct names *names, char *name)
{
    bool twice = false;
    for (size_t i = 0; i < names->count; i++)
        twice |= strcmp(names->items[i], name) == 0;
    names->items = realloc(names->items, (names->count + 1) * sizeof(char *));
    names->items[names->count++] = name;
    return !twice;
}

static bool member(struct json *j, struct names *names)
{
    size_t size;
    blanks(j);
    char *name = string(j, &size);
    if (!name)
        return false;
    const bool fresh = names_add(names, name);
    emit(j, JSON_KEY, name, size);
    blanks(j);
    return fresh && take(j, ":") && value(j);
}

static bool object(struct json *j)
{
    struct names names = {NULL, 0};
    bool ok = true;
    emit(j, JSON_BEGIN_OBJECT, "", 0);
    blanks(j);
    if (!take(j, "}")) {
        do
            ok = member(j, &names);
        while (ok && take(j, ","));
        ok = ok && take(j, "}");
    }
    for (size_t i = 0; i < names.count; i++)
        free(names.items[i]);
    free(names.items);
    emit(j, JSON_END_OBJECT, "", 0);
    return ok;
}

static bool array(struct json *j)
{
    bool ok = true;
    emit(j, JSON_BEGIN_ARRAY, "", 0);
    blanks(j);
    if (!take(j, "]")) {
        do
            ok = value(j);
        while (ok && take(j, ","));
        ok = ok && take(j, "]");
    }
    emit(j, JSON_END_ARRAY, "", 0);
    return ok;
}

static bool literal(struct json *j, const char *text, enum json_event event)
{
    if (!take(j, text))
        return false;
    emit(j, event, "", 0);
    return true;
}

static bool bare_value(struct json *j)
{
    if (take(j, "{"))
        return object(j);
    if (take(j, "["))
        return array(j);
    if (peek(j) == '"')
        return text_event(j, JSON_STRING);
    return literal(j, "true", JSON_TRUE) || literal(j, "false", JSON_FALSE) ||
           literal(j, "null", JSON_NULL) || number(j);
}

static bool value(struct json *j)
{
    if (j->depth == DEPTH_MAX)
        return false;
    j->depth++;
    blanks(j);
    const bool ok = bare_value(j);
    blanks(j);
    j->depth--;
    return ok;
}

bool json_read(const char *text, size_t size, json_fn fn, void *ctx)
{
    struct json j = {text, size, 0, 0, fn, ctx};
    return value(&j) && j.off == j.size;
}
