#include "formats/tagpack/tagpack_internal.h"

#include "base/limits.h"
#include "base/reader.h"
#include "base/utf8.h"

#include <string.h>

static void put_size(struct sg_buf *raw, size_t size)
{
    const uint8_t bytes[4] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16),
                              (uint8_t)(size >> 24)};
    sg_buf_append(raw, bytes, sizeof(bytes));
}

static void pack_mapping(struct sg_buf *raw, const struct sg_yaml_node *node, const char *without)
{
    const bool leaves_out = without && sg_yaml_find(node, without);
    sg_buf_putc(raw, 'm');
    put_size(raw, node->count - (leaves_out ? 1 : 0));
    for (size_t i = 0; i < node->count; i++) {
        if (without && sg_yaml_is_text(node->pairs[i].key, without))
            continue;
        sg_tagpack_pack(raw, node->pairs[i].key, NULL);
        sg_tagpack_pack(raw, node->pairs[i].value, NULL);
    }
}

void sg_tagpack_pack(struct sg_buf *raw, const struct sg_yaml_node *node, const char *without)
{
    switch (node->kind) {
    case SG_YAML_SCALAR:
        sg_buf_putc(raw, node->plain ? 'p' : 'q');
        put_size(raw, node->count);
        sg_buf_append(raw, node->text, node->count);
        break;
    case SG_YAML_SEQUENCE:
        sg_buf_putc(raw, 'l');
        put_size(raw, node->count);
        for (size_t i = 0; i < node->count; i++)
            sg_tagpack_pack(raw, node->items[i], NULL);
        break;
    case SG_YAML_MAPPING:
        pack_mapping(raw, node, without);
        break;
    }
}

static bool needs_escape(uint32_t c)
{
    return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
           sg_utf8_is_unsafe(c);
}

static void write_quoted(struct sg_buf *out, const char *text, size_t size)
{
    uint32_t c;
    sg_buf_putc(out, '"');
    for (size_t i = 0, n; i < size; i += n ? n : 1) {
        n = sg_utf8_next(&c, text + i, size - i);
        if (n == 0)
            sg_buf_puts(out, "\\ufffd");
        else if (needs_escape(c))
            sg_buf_printf(out, "\\U%08x", (unsigned)c);
        else {
            if (c == '"' || c == '\\')
                sg_buf_putc(out, '\\');
            sg_buf_append(out, text + i, n);
        }
    }
    sg_buf_putc(out, '"');
}

/* Whether a plain scalar may stay plain: what YAML reads as a number, a date, a truth value or
 * nothing has these characters alone; to quote any other one does not change what it means. */
static bool stays_plain(const char *text, size_t size, bool in_flow)
{
    if (size == 0)
        return !in_flow;
    if (text[0] == ' ' || text[size - 1] == ' ' || text[size - 1] == ':' ||
        (text[0] == '-' && (size == 1 || text[1] == ' ' || text[1] == '-')))
        return false;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && (c < '0' || c > '9') && !strchr("_.+-~ :", c))
            return false;
        if (c == ':' && (i == 0 || (i + 1 < size && text[i + 1] == ' ')))
            return false;
    }
    return true;
}

void sg_tagpack_scalar(struct sg_buf *out, const char *text, size_t size, bool plain, bool in_flow)
{
    if (plain && stays_plain(text, size, in_flow))
        sg_buf_append(out, text, size);
    else if (plain && size == 0)
        sg_buf_puts(out, "null");
    else
        write_quoted(out, text, size);
}

struct unpack {
    struct sg_buf *out;
    struct sg_reader in;
};

static bool unpack_flow(struct unpack *u, unsigned depth);

/* Items of a list, or keys and values of a mapping, between brackets. */
static bool unpack_many(struct unpack *u, bool is_mapping, unsigned depth)
{
    const uint64_t count = sg_reader_le(&u->in, 4);
    if (u->in.failed || count > sg_reader_left(&u->in) || depth == 0)
        return false;
    sg_buf_putc(u->out, is_mapping ? '{' : '[');
    for (uint64_t i = 0; i < count; i++) {
        if (i)
            sg_buf_puts(u->out, ", ");
        if (!unpack_flow(u, depth - 1))
            return false;
        if (!is_mapping)
            continue;
        sg_buf_puts(u->out, ": ");
        if (!unpack_flow(u, depth - 1))
            return false;
    }
    sg_buf_putc(u->out, is_mapping ? '}' : ']');
    return true;
}

static bool unpack_scalar(struct unpack *u, bool plain, bool in_flow)
{
    const uint64_t size = sg_reader_le(&u->in, 4);
    const uint8_t *text = sg_reader_take(&u->in, (size_t)size);
    if (!text)
        return false;
    sg_tagpack_scalar(u->out, (const char *)text, (size_t)size, plain, in_flow);
    return true;
}

static bool unpack_flow(struct unpack *u, unsigned depth)
{
    const uint64_t kind = sg_reader_le(&u->in, 1);
    if (kind == 'p' || kind == 'q')
        return unpack_scalar(u, kind == 'p', true);
    return (kind == 'l' || kind == 'm') && unpack_many(u, kind == 'm', depth);
}

static bool unpack_value(struct unpack *u)
{
    const uint64_t kind = sg_reader_le(&u->in, 1);
    if (kind == 'p' || kind == 'q')
        return unpack_scalar(u, kind == 'p', false);
    return (kind == 'l' || kind == 'm') && unpack_many(u, kind == 'm', SG_NESTING_MAX);
}

static bool unpack_pair(struct unpack *u)
{
    const uint64_t kind = sg_reader_le(&u->in, 1);
    if ((kind != 'p' && kind != 'q') || !unpack_scalar(u, kind == 'p', true))
        return false;
    sg_buf_puts(u->out, ": ");
    const bool is_whole = unpack_value(u);
    sg_buf_putc(u->out, '\n');
    return is_whole;
}

enum sg_status sg_tagpack_unpack(struct sg_buf *out, const char *raw, size_t size,
                                 const char *first, unsigned indent, struct sg_err *err)
{
    struct unpack u = {.out = out};
    sg_reader_init(&u.in, raw, size);
    bool is_whole = sg_reader_le(&u.in, 1) == 'm';
    const uint64_t count = sg_reader_le(&u.in, 4);
    is_whole = is_whole && !u.in.failed && count <= sg_reader_left(&u.in);
    for (uint64_t i = 0; is_whole && i < count; i++) {
        if (i == 0)
            sg_buf_puts(out, first);
        else
            sg_buf_printf(out, "%*s", (int)indent, "");
        is_whole = unpack_pair(&u);
    }
    if (is_whole && count == 0)
        sg_buf_printf(out, "%s{}\n", first);
    if (!is_whole || sg_reader_left(&u.in))
        return sg_err_set(err, SG_ECORRUPT, "the stored record of a tag is damaged");
    return SG_OK;
}
