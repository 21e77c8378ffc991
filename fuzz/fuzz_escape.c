/* Text from outside cannot leave its place: escaped HTML has no markup and no unsafe character, a
 * JSON string has no raw control character or quote, an escaped CSV field has its quotes in pairs,
 * an error's sentence moves no terminal. */
#include "base/buf.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Longest escape: a byte that is not UTF-8 is three bytes, a control character in JSON six. */
#define GROWTH_MAX 6

static void check_utf8(const struct sg_buf *buf, bool may_be_unsafe)
{
    for (size_t i = 0; i < buf->size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, buf->data + i, buf->size - i);
        assert(n);
        assert(may_be_unsafe || !sg_utf8_is_unsafe(c));
        i += n;
    }
}

static void check_html(struct sg_buf *buf, const char *text, size_t size)
{
    sg_buf_html(buf, text, size);
    check_utf8(buf, false);
    for (size_t i = 0; i < buf->size; i++) {
        assert(!strchr("<>\"'", buf->data[i]));
        if (buf->data[i] == '&')
            assert(memchr(buf->data + i, ';', buf->size - i));
    }
}

static void check_json(struct sg_buf *buf, const char *text, size_t size)
{
    sg_buf_json(buf, text, size);
    check_utf8(buf, true);
    assert(buf->size >= 2 && buf->data[0] == '"' && buf->data[buf->size - 1] == '"');
    for (size_t i = 1; i + 1 < buf->size; i++) {
        assert((uint8_t)buf->data[i] >= 0x20 && buf->data[i] != '"');
        if (buf->data[i] == '\\') {
            i++;
            assert(i + 1 < buf->size && strchr("\"\\ntu", buf->data[i]));
        }
    }
}

static void check_csv(struct sg_buf *buf, const char *text, size_t size)
{
    size_t n_quotes = 0;
    sg_buf_csv(buf, text, size);
    for (size_t i = 0; i < buf->size; i++)
        n_quotes += buf->data[i] == '"';
    assert(n_quotes % 2 == 0);
    if (buf->size == size && size)
        assert(memcmp(buf->data, text, size) == 0);
    else if (size)
        assert(buf->data[0] == '"' && buf->data[buf->size - 1] == '"');
}

static void check_sentence(const char *text, size_t size)
{
    struct sg_err err;
    (void)sg_err_set(&err, SG_EIO, "%.*s", (int)size, text);
    for (const char *at = err.text; *at;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, at, strlen(at));
        assert(n && !sg_utf8_is_unsafe(c) && c != '\n');
        at += n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[])(struct sg_buf *, const char *, size_t) = {check_html, check_json,
                                                                            check_csv};
    const char *text = (const char *)data;
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        struct sg_buf buf = SG_BUF_INIT(GROWTH_MAX * size + 2);
        checks[i](&buf, text, size);
        assert(!buf.failed);
        sg_buf_clear(&buf);
    }
    check_sentence(text, size < 100000 ? size : 100000);
    return 0;
}
