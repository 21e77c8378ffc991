#include "base/jsonw.h"

#include "base/civil.h"
#include "base/hex.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

void sg_jsonw_init(struct sg_jsonw *w, struct sg_buf *buf)
{
    memset(w, 0, sizeof(*w));
    w->buf = buf;
}

static void before_value(struct sg_jsonw *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->comma[w->depth])
        sg_buf_putc(w->buf, ',');
    w->comma[w->depth] = true;
}

void sg_jsonw_key_text(struct sg_jsonw *w, const char *key, size_t size)
{
    assert(!w->after_key);
    before_value(w);
    sg_buf_json(w->buf, key, size);
    sg_buf_putc(w->buf, ':');
    w->after_key = true;
}

void sg_jsonw_key(struct sg_jsonw *w, const char *key)
{
    sg_jsonw_key_text(w, key, strlen(key));
}

static void open_with(struct sg_jsonw *w, char bracket)
{
    before_value(w);
    sg_buf_putc(w->buf, bracket);
    assert(w->depth + 1 < SG_JSONW_DEPTH_MAX);
    w->comma[++w->depth] = false;
}

static void close_with(struct sg_jsonw *w, char bracket)
{
    assert(w->depth > 0 && !w->after_key);
    w->depth--;
    sg_buf_putc(w->buf, bracket);
}

void sg_jsonw_begin_object(struct sg_jsonw *w)
{
    open_with(w, '{');
}

void sg_jsonw_end_object(struct sg_jsonw *w)
{
    close_with(w, '}');
}

void sg_jsonw_begin_array(struct sg_jsonw *w)
{
    open_with(w, '[');
}

void sg_jsonw_end_array(struct sg_jsonw *w)
{
    close_with(w, ']');
}

void sg_jsonw_string_n(struct sg_jsonw *w, const char *text, size_t size)
{
    before_value(w);
    sg_buf_json(w->buf, text, size);
}

void sg_jsonw_string(struct sg_jsonw *w, const char *text)
{
    if (text)
        sg_jsonw_string_n(w, text, strlen(text));
    else
        sg_jsonw_null(w);
}

void sg_jsonw_uint(struct sg_jsonw *w, uint64_t value)
{
    before_value(w);
    sg_buf_printf(w->buf, "%" PRIu64, value);
}

void sg_jsonw_int(struct sg_jsonw *w, int64_t value)
{
    before_value(w);
    sg_buf_printf(w->buf, "%" PRId64, value);
}

void sg_jsonw_bool(struct sg_jsonw *w, bool value)
{
    before_value(w);
    sg_buf_puts(w->buf, value ? "true" : "false");
}

void sg_jsonw_null(struct sg_jsonw *w)
{
    before_value(w);
    sg_buf_puts(w->buf, "null");
}

void sg_jsonw_amount(struct sg_jsonw *w, struct sg_amount amount, unsigned decimals)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_jsonw_string(w, sg_amount_format(text, amount, decimals));
}

void sg_jsonw_time(struct sg_jsonw *w, int64_t time_unix_s)
{
    if (time_unix_s == SG_TIME_UNKNOWN)
        sg_jsonw_null(w);
    else
        sg_jsonw_int(w, time_unix_s);
}

void sg_jsonw_double(struct sg_jsonw *w, double value) /* allowed: not money */
{
    if (!isfinite(value)) {
        sg_jsonw_null(w);
        return;
    }
    before_value(w);
    sg_buf_printf(w->buf, "%.6g", value);
}

void sg_jsonw_hex(struct sg_jsonw *w, const uint8_t *bytes, size_t n_bytes)
{
    char text[2 * 64 + 1];
    assert(n_bytes <= 64);
    before_value(w);
    sg_buf_printf(w->buf, "\"0x%s\"", sg_hex_encode(text, bytes, n_bytes));
}

void sg_jsonw_kv_string(struct sg_jsonw *w, const char *key, const char *text)
{
    sg_jsonw_key(w, key);
    sg_jsonw_string(w, text);
}

void sg_jsonw_kv_uint(struct sg_jsonw *w, const char *key, uint64_t value)
{
    sg_jsonw_key(w, key);
    sg_jsonw_uint(w, value);
}

void sg_jsonw_kv_bool(struct sg_jsonw *w, const char *key, bool value)
{
    sg_jsonw_key(w, key);
    sg_jsonw_bool(w, value);
}

void sg_jsonw_kv_amount(struct sg_jsonw *w, const char *key, struct sg_amount amount,
                        unsigned decimals)
{
    sg_jsonw_key(w, key);
    sg_jsonw_amount(w, amount, decimals);
}

void sg_jsonw_kv_time(struct sg_jsonw *w, const char *key, int64_t time_unix_s)
{
    sg_jsonw_key(w, key);
    sg_jsonw_time(w, time_unix_s);
}

void sg_jsonw_kv_day(struct sg_jsonw *w, const char *key, int64_t time_unix_s)
{
    char text[SG_TIME_TEXT_MAX];
    sg_jsonw_key(w, key);
    if (time_unix_s == SG_TIME_UNKNOWN)
        sg_jsonw_null(w);
    else
        sg_jsonw_string_n(w, sg_time_format(text, time_unix_s), 10);
}
