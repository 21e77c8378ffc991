/* XML from outside: read alike in every cut, and bombs refused before they explode. */
#include "support/check.h"

#include "base/buf.h"
#include "base/limits.h"
#include "formats/xml/xml.h"

#include <stdio.h>
#include <string.h>

struct seen {
    struct sg_xml *xml;
    struct sg_buf log;
};

static enum sg_status on_start(void *ctx, unsigned depth, const char *name,
                               const char *const *attributes, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    const char *id = sg_xml_attribute(attributes, "id");
    sg_buf_printf(&seen->log, "<%u %s %s>", depth, name, id ? id : "-");
    if (strcmp(name, "skip") == 0)
        sg_xml_skip(seen->xml);
    if (strcmp(name, "text") == 0)
        sg_xml_want_text(seen->xml);
    return sg_buf_check(&seen->log, err);
}

static enum sg_status on_end(void *ctx, unsigned depth, const char *name, struct sg_text text,
                             struct sg_err *err)
{
    struct seen *seen = ctx;
    sg_buf_printf(&seen->log, "[%s]</%u %s>", text.data, depth, name);
    return sg_buf_check(&seen->log, err);
}

static enum sg_status run(struct sg_buf *log, const char *bytes, size_t size, size_t step,
                          struct sg_err *err)
{
    struct seen seen = {.log = SG_BUF_INIT(1 << 20)};
    const struct sg_xml_sink sink = {on_start, on_end, &seen};
    enum sg_status st = sg_xml_new(&seen.xml, &sink, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_xml_feed(seen.xml, bytes + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_xml_finish(seen.xml, err);
    sg_xml_free(seen.xml);
    *log = seen.log;
    return st;
}

static const char document[] =
    "<?xml version=\"1.0\"?>\n<a:root xmlns:a='u' a:id='1'><text> one &amp; <![CDATA[two]]> </text>"
    "<skip id='2'><text>no</text><skip/></skip><text id='3'>x<text>inner</text>y</text>"
    "<empty/><other>not asked for</other></a:root>";

static void test_elements_are_the_same_in_every_cut(void **state)
{
    (void)state;
    for (size_t step = 1; step <= sizeof(document); step++) {
        struct sg_buf log;
        struct sg_err err;
        CHECK_OK(run(&log, document, sizeof(document) - 1, step, &err), &err);
        assert_string_equal(log.data,
                            "<1 root 1><2 text ->[one & two]</2 text><2 skip 2>[]</2 skip>"
                            "<2 text 3><3 text ->[inner]</3 text>[]</2 text>"
                            "<2 empty ->[]</2 empty><2 other ->[]</2 other>[]</1 root>");
        sg_buf_clear(&log);
    }
}

static void refused(const char *text, size_t size, enum sg_status status, const char *says)
{
    struct sg_buf log;
    struct sg_err err = {0};
    assert_int_equal(run(&log, text, size, 4096, &err), status);
    if (!strstr(err.text, says))
        fail_msg("'%s' lacks '%s'", err.text, says);
    assert_true(err.line >= 1);
    sg_buf_clear(&log);
}

static void test_bombs_and_damage_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_status status;
        const char *says;
    } cases[] = {
        {"<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>", SG_EPARSE,
         "a document type declaration"},
        {"<!DOCTYPE l SYSTEM \"file:///etc/passwd\"><l/>", SG_EPARSE, "document type"},
        {"<a>&nosuch;</a>", SG_EPARSE, "undefined entity"},
        {"<a><b></a>", SG_EPARSE, "mismatched tag"},
        {"<a>", SG_EPARSE, "no element found"},
        {"", SG_EPARSE, "no element found"},
        {"<a/><b/>", SG_EPARSE, "junk"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        refused(cases[i].text, strlen(cases[i].text), cases[i].status, cases[i].says);
}

static void test_depth_and_text_are_bounded(void **state)
{
    (void)state;
    struct sg_buf deep = SG_BUF_INIT(1 << 20);
    struct sg_buf log;
    struct sg_err err;
    for (size_t i = 0; i < SG_NESTING_MAX; i++)
        sg_buf_puts(&deep, "<a>");
    const size_t open_size = deep.size;
    for (size_t i = 0; i < SG_NESTING_MAX; i++)
        sg_buf_puts(&deep, "</a>");
    CHECK_OK(run(&log, deep.data, deep.size, 7, &err), &err);
    sg_buf_clear(&log);
    deep.size = open_size;
    sg_buf_puts(&deep, "<a>");
    refused(deep.data, deep.size, SG_ELIMIT, "deeper");
    sg_buf_reset(&deep);
    sg_buf_puts(&deep, "<text>");
    for (size_t i = 0; i < SG_XML_TEXT_MAX + 1; i++)
        sg_buf_putc(&deep, 'x');
    refused(deep.data, deep.size, SG_ELIMIT, "");
    sg_buf_clear(&deep);
}

static enum sg_status run_and_drop(void)
{
    struct sg_buf log;
    struct sg_err err;
    const enum sg_status st = run(&log, document, sizeof(document) - 1, 11, &err);
    sg_buf_clear(&log);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(run_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_are_the_same_in_every_cut),
        cmocka_unit_test(test_bombs_and_damage_are_refused_with_their_place),
        cmocka_unit_test(test_depth_and_text_are_bounded),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
