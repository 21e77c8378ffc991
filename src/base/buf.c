#include "base/buf.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool buf_room(struct sg_buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    buf->over_max = more > buf->max - buf->size;
    buf->failed = buf->over_max ||
                  !sg_vec_reserve((void **)&buf->data, &buf->capacity, buf->size, more + 1, 1);
    return !buf->failed;
}

void sg_buf_append(struct sg_buf *buf, const void *bytes, size_t size)
{
    if (!buf_room(buf, size))
        return;
    if (size)
        memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
    buf->data[buf->size] = 0;
}

void sg_buf_puts(struct sg_buf *buf, const char *text)
{
    sg_buf_append(buf, text, strlen(text));
}

void sg_buf_putc(struct sg_buf *buf, char c)
{
    sg_buf_append(buf, &c, 1);
}

void sg_buf_printf(struct sg_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const int need = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    /* Negative only past INT_MAX bytes, which no maximum allows. */
    if (!buf_room(buf, need < 0 ? SIZE_MAX : (size_t)need))
        return;
    va_start(args, fmt);
    vsnprintf(buf->data + buf->size, (size_t)need + 1, fmt, args);
    va_end(args);
    buf->size += (size_t)need;
}

static const char *html_entity(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

#define REPLACEMENT "\xef\xbf\xbd"

void sg_buf_html(struct sg_buf *buf, const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        const char *entity = n ? html_entity(c) : NULL;
        if (entity)
            sg_buf_puts(buf, entity);
        else if (!n || sg_utf8_is_unsafe(c))
            sg_buf_puts(buf, REPLACEMENT);
        else
            sg_buf_append(buf, text + i, n);
        i += n ? n : 1;
    }
}

void sg_buf_line(struct sg_buf *buf, const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        if (!n || sg_utf8_is_unsafe(c) || c == '\n' || c == '\t')
            sg_buf_putc(buf, '?');
        else
            sg_buf_append(buf, text + i, n);
        i += n ? n : 1;
    }
}

/* Controls, and what JSON allows as it stands but YAML, which reads what is written here too, folds
 * or refuses: its own line breaks and what is no character. */
static bool is_escaped(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfffe ||
           c == 0xffff;
}

static void json_char(struct sg_buf *buf, uint32_t c, const char *bytes, size_t n)
{
    if (!n)
        sg_buf_puts(buf, REPLACEMENT);
    else if (c == '"' || c == '\\')
        sg_buf_printf(buf, "\\%c", (int)c);
    else if (c == '\n')
        sg_buf_puts(buf, "\\n");
    else if (c == '\t')
        sg_buf_puts(buf, "\\t");
    else if (is_escaped(c))
        sg_buf_printf(buf, "\\u%04x", (unsigned)c);
    else
        sg_buf_append(buf, bytes, n);
}

void sg_buf_json(struct sg_buf *buf, const char *text, size_t size)
{
    sg_buf_putc(buf, '"');
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        json_char(buf, c, text + i, n);
        i += n ? n : 1;
    }
    sg_buf_putc(buf, '"');
}

static void put_csv(struct sg_buf *buf, const char *guard, const char *text, size_t size)
{
    bool quote = false;
    for (size_t i = 0; i < size; i++)
        quote |= text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
    if (!quote) {
        sg_buf_puts(buf, guard);
        sg_buf_append(buf, text, size);
        return;
    }
    sg_buf_putc(buf, '"');
    sg_buf_puts(buf, guard);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            sg_buf_putc(buf, '"');
        sg_buf_putc(buf, text[i]);
    }
    sg_buf_putc(buf, '"');
}

void sg_buf_csv(struct sg_buf *buf, const char *text, size_t size)
{
    put_csv(buf, "", text, size);
}

void sg_buf_csv_cell(struct sg_buf *buf, const char *text, size_t size)
{
    put_csv(buf, size && memchr("=+-@\t\r'", text[0], 7) ? "'" : "", text, size);
}

void sg_buf_reset(struct sg_buf *buf)
{
    buf->size = 0;
    buf->failed = buf->over_max = false;
    if (buf->data)
        buf->data[0] = 0;
}

void sg_buf_clear(struct sg_buf *buf)
{
    sg_mem_free(buf->data);
    buf->data = NULL;
    buf->size = buf->capacity = 0;
    buf->failed = buf->over_max = false;
}

enum sg_status sg_buf_check(const struct sg_buf *buf, struct sg_err *err)
{
    if (!buf->failed)
        return SG_OK;
    if (buf->over_max)
        return sg_err_set(err, SG_ELIMIT, "output passes its limit of %zu bytes", buf->max);
    return sg_err_nomem(err);
}
