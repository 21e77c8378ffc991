/* Goal: no byte from outside can leave its place in HTML, JSON or CSV, and the limit holds to the
 * byte. Method: every input of one and two bytes, and random longer ones, against laws and readers
 * that share no code with the writer. */
#include "support/check.h"

#include "support/json.h"

#include "base/buf.h"
#include "base/rng.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static void test_text_is_always_terminated(void **state)
{
    (void)state;
    struct sg_buf buf = SG_BUF_INIT(100);
    sg_buf_puts(&buf, "ab");
    sg_buf_putc(&buf, 'c');
    sg_buf_printf(&buf, "%d-%s", 42, "x");
    sg_buf_append(&buf, "de", 1);
    sg_buf_append(&buf, NULL, 0);
    assert_int_equal(sg_buf_check(&buf, NULL), SG_OK);
    assert_int_equal(buf.size, 8);
    assert_string_equal(buf.data, "abc42-xd");
    sg_buf_clear(&buf);
    assert_null(buf.data);
}

static void test_the_limit_holds_to_the_byte_and_is_named(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_buf buf = SG_BUF_INIT(10);
    sg_buf_puts(&buf, "0123456789");
    assert_int_equal(sg_buf_check(&buf, &err), SG_OK);
    sg_buf_putc(&buf, 'x');
    assert_int_equal(sg_buf_check(&buf, &err), SG_ELIMIT);
    assert_int_equal(err.status, SG_ELIMIT);
    assert_string_equal(buf.data, "0123456789");
    sg_buf_clear(&buf);
}

static void test_a_long_append_into_a_nearly_empty_buffer_is_the_limit_not_memory(void **state)
{
    (void)state;
    struct sg_buf buf = SG_BUF_INIT(10);
    sg_buf_puts(&buf, "abc");
    sg_buf_puts(&buf, "0123456789");
    assert_int_equal(sg_buf_check(&buf, NULL), SG_ELIMIT);
    sg_buf_reset(&buf);
    sg_buf_printf(&buf, "%s", "0123456789a");
    assert_int_equal(sg_buf_check(&buf, NULL), SG_ELIMIT);
    sg_buf_clear(&buf);
}

static void test_a_failure_sticks_until_reset(void **state)
{
    (void)state;
    struct sg_buf buf = SG_BUF_INIT(3);
    sg_buf_puts(&buf, "abcd");
    sg_buf_puts(&buf, "a");
    assert_int_equal(buf.size, 0);
    assert_int_equal(sg_buf_check(&buf, NULL), SG_ELIMIT);
    sg_buf_reset(&buf);
    sg_buf_puts(&buf, "abc");
    assert_int_equal(sg_buf_check(&buf, NULL), SG_OK);
    assert_string_equal(buf.data, "abc");
    sg_buf_clear(&buf);
}

static enum sg_status fill(void)
{
    struct sg_buf buf = SG_BUF_INIT(1 << 16);
    for (int i = 0; i < 200; i++)
        sg_buf_printf(&buf, "%d and some words ", i);
    const enum sg_status st = sg_buf_check(&buf, NULL);
    sg_buf_clear(&buf);
    return st;
}

static void test_memory_that_runs_out_is_reported_as_that(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fill());
}

/* What a browser would show for the text we wrote; fails on anything that is not plain text. */
static void unescape_html(struct sg_buf *out, const char *text)
{
    static const struct {
        const char *entity;
        char meant;
    } table[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    while (*text) {
        size_t i = 0;
        assert_null(strchr("<>\"'", *text));
        if (*text != '&') {
            sg_buf_putc(out, *text++);
            continue;
        }
        while (i < SG_COUNT_OF(table) &&
               strncmp(text, table[i].entity, strlen(table[i].entity)) != 0)
            i++;
        assert_true(i < SG_COUNT_OF(table));
        sg_buf_putc(out, table[i].meant);
        text += strlen(table[i].entity);
    }
}

/* The text as it may be shown: what is not UTF-8 becomes U+FFFD byte by byte, and so does, where
 * asked, what is unsafe. */
static void shown(struct sg_buf *out, const char *text, size_t size, bool drop_unsafe)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        if (!n || (drop_unsafe && sg_utf8_is_unsafe(c)))
            sg_buf_puts(out, REPLACEMENT);
        else
            sg_buf_append(out, text + i, n);
        i += n ? n : 1;
    }
}

static void assert_same(const struct sg_buf *a, const struct sg_buf *b)
{
    assert_int_equal(sg_buf_check(a, NULL), SG_OK);
    assert_int_equal(a->size, b->size);
    if (a->size)
        assert_memory_equal(a->data, b->data, a->size);
}

static void check_html(const char *text, size_t size)
{
    struct sg_buf html = SG_BUF_INIT(4096);
    struct sg_buf got = SG_BUF_INIT(4096);
    struct sg_buf want = SG_BUF_INIT(4096);
    size_t bad;
    sg_buf_html(&html, text, size);
    if (html.size) {
        assert_int_equal(strlen(html.data), html.size);
        assert_true(sg_utf8_check(&bad, html.data, html.size));
        unescape_html(&got, html.data);
    }
    shown(&want, text, size, true);
    assert_same(&got, &want);
    sg_buf_clear(&want);
    sg_buf_clear(&got);
    sg_buf_clear(&html);
}

static void take_string(void *ctx, enum json_event event, const char *text, size_t size)
{
    assert_int_equal(event, JSON_STRING);
    sg_buf_append(ctx, text, size);
}

static void check_json(const char *text, size_t size)
{
    struct sg_buf json = SG_BUF_INIT(4096);
    struct sg_buf got = SG_BUF_INIT(4096);
    struct sg_buf want = SG_BUF_INIT(4096);
    sg_buf_json(&json, text, size);
    assert_int_equal(sg_buf_check(&json, NULL), SG_OK);
    assert_true(json_read(json.data, json.size, take_string, &got));
    shown(&want, text, size, false);
    assert_same(&got, &want);
    sg_buf_clear(&want);
    sg_buf_clear(&got);
    sg_buf_clear(&json);
}

/* Reads one field as RFC 4180 says; true if that used up the whole text. */
static bool read_csv(struct sg_buf *out, const char *text, size_t size)
{
    size_t i = 0;
    if (!size || text[0] != '"') {
        for (; i < size && !memchr(",\"\r\n", text[i], 4); i++)
            sg_buf_putc(out, text[i]);
        return i == size;
    }
    for (i = 1; i < size; i++) {
        if (text[i] == '"' && (i + 1 == size || text[++i] != '"'))
            return i + 1 == size;
        sg_buf_putc(out, text[i]);
    }
    return false;
}

static void check_csv(const char *text, size_t size)
{
    struct sg_buf csv = SG_BUF_INIT(4096);
    struct sg_buf got = SG_BUF_INIT(4096);
    sg_buf_csv(&csv, text, size);
    assert_int_equal(sg_buf_check(&csv, NULL), SG_OK);
    assert_true(read_csv(&got, csv.data ? csv.data : "", csv.size));
    assert_int_equal(got.size, size);
    if (size)
        assert_memory_equal(got.data, text, size);
    sg_buf_clear(&got);
    sg_buf_clear(&csv);
}

static void check_all(const char *text, size_t size)
{
    check_html(text, size);
    check_json(text, size);
    check_csv(text, size);
}

static void test_escapes_are_exact_for_every_input_of_up_to_two_bytes(void **state)
{
    (void)state;
    check_all("", 0);
    for (unsigned a = 0; a < 256; a++) {
        const char one[] = {(char)a};
        check_all(one, 1);
        for (unsigned b = 0; b < 256; b++) {
            const char two[] = {(char)a, (char)b};
            check_all(two, 2);
        }
    }
}

static void test_escapes_are_exact_for_random_longer_inputs(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<",
                                         ">",
                                         "&",
                                         "\"",
                                         "'",
                                         "\\",
                                         "\n",
                                         "\r",
                                         ",",
                                         "\0x",
                                         "\xc3\xa9",
                                         "\xe2\x80\xae",
                                         "\xed\xa0\x80",
                                         "\xf0\x9f",
                                         "\xc0\xaf",
                                         "</script>",
                                         "&amp;",
                                         "\x1b[2J",
                                         "a"};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 20000; i++) {
        char text[128];
        size_t size = 0;
        for (uint64_t n = sg_rng_below(&rng, 12); n; n--) {
            const char *piece = pieces[sg_rng_below(&rng, SG_COUNT_OF(pieces))];
            const size_t len = *piece ? strlen(piece) : 2;
            memcpy(text + size, piece, len);
            size += len;
        }
        check_all(text, size);
    }
}

static void test_direction_overrides_do_not_reach_a_page(void **state)
{
    (void)state;
    struct sg_buf buf = SG_BUF_INIT(100);
    const char *text = "USD\xe2\x80\xae"
                       "CBA\x1b[31m";
    sg_buf_html(&buf, text, strlen(text));
    assert_int_equal(sg_buf_check(&buf, NULL), SG_OK);
    assert_string_equal(buf.data, "USD" REPLACEMENT "CBA" REPLACEMENT "[31m");
    sg_buf_clear(&buf);
}

static void test_a_terminal_line_stays_one_line(void **state)
{
    (void)state;
    static const char raw[] = "a\tb\nc\x1b[2J\xff \xc3\xa9\xe2\x80\xae!";
    struct sg_buf buf = SG_BUF_INIT(100);
    sg_buf_line(&buf, raw, sizeof(raw) - 1);
    assert_int_equal(sg_buf_check(&buf, NULL), SG_OK);
    assert_string_equal(buf.data, "a?b?c?[2J? \xc3\xa9?!");
    sg_buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_always_terminated),
        cmocka_unit_test(test_the_limit_holds_to_the_byte_and_is_named),
        cmocka_unit_test(test_a_long_append_into_a_nearly_empty_buffer_is_the_limit_not_memory),
        cmocka_unit_test(test_a_failure_sticks_until_reset),
        cmocka_unit_test(test_memory_that_runs_out_is_reported_as_that),
        cmocka_unit_test(test_escapes_are_exact_for_every_input_of_up_to_two_bytes),
        cmocka_unit_test(test_escapes_are_exact_for_random_longer_inputs),
        cmocka_unit_test(test_direction_overrides_do_not_reach_a_page),
        cmocka_unit_test(test_a_terminal_line_stays_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
