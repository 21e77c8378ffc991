/* The report: text from outside stays text, the same input gives the same bytes, every figure is
 * there and in the manifest, long lists end in a stated remainder. Method: a made-up report of
 * Ronin's shape. */
#include "support/check.h"
#include "support/report_fixture.h"

#include <stdio.h>
#include <string.h>

static void write_fixture(struct sg_buf *out, size_t n_transfers)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_report report;
    struct sg_err err;
    report_fixture(&report, &arena, n_transfers);
    CHECK_OK(sg_report_write(out, &report, &err), &err);
    sg_arena_clear(&arena);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static void test_text_from_outside_stays_text(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&out, 5);
    CHECK(strstr(out.data, "<bridge>") == NULL);
    CHECK(strstr(out.data, "<theft>") == NULL);
    CHECK(strstr(out.data, "<a>") == NULL);
    CHECK(strstr(out.data, "Some &lt;bridge&gt; &amp; co") != NULL);
    /* One script element, of a type that is data; one end of it. */
    assert_int_equal(count(out.data, "<script"), 1);
    assert_int_equal(count(out.data, "</script"), 1);
    CHECK(strstr(out.data, "src=") == NULL);
    CHECK(strstr(out.data, "url(http") == NULL);
    sg_buf_clear(&out);
}

static void test_the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    struct sg_buf a = SG_BUF_INIT(SG_REPORT_BYTES_MAX), b = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&a, 200);
    write_fixture(&b, 200);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    sg_buf_clear(&b);
    sg_buf_clear(&a);
}

static void test_headline_says_where_the_money_is(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&out, 1750);
    CHECK(strstr(out.data, "stolen on 23 March 2022, <strong>96.") != NULL);
    CHECK(strstr(out.data, "% reached Tornado Cash</strong> by ") != NULL);
    CHECK(strstr(out.data, "641.33\xc2\xa0"
                           "ETH are still held at 2 addresses") != NULL);
    CHECK(strstr(out.data, "75.44\xc2\xa0"
                           "ETH cannot be seen.") != NULL);
    sg_buf_clear(&out);
}

static void test_every_transfer_is_listed_and_conservation_holds(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&out, 50);
    const char *list = strstr(out.data, "<details id=\"t-0-0\">");
    CHECK(list != NULL);
    const char *end = strstr(list, "</details>");
    size_t rows = 0;
    for (const char *at = list; (at = strstr(at, "<tr><td class=\"t\">")) && at < end; at++)
        rows++;
    assert_int_equal(rows, 50);
    assert_int_equal(count(out.data, "it adds up to the base unit"), 3);
    assert_int_equal(count(out.data, "does not add up"), 0);
    sg_buf_clear(&out);
}

static void test_a_long_list_ends_in_a_stated_remainder(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&out, SG_REPORT_TRANSFERS_MAX + 3);
    CHECK(strstr(out.data, "And 3 transfers more, together 300.0000\xc2\xa0"
                           "ETH") != NULL);
    sg_buf_clear(&out);
}

static void test_freeze_list_holds_whole_hashes_of_services_that_can_act(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    write_fixture(&out, 5);
    const char *from = strstr(out.data, "<section id=\"freeze\">");
    CHECK(from != NULL);
    const char *end = strstr(from, "</section>");
    CHECK(end != NULL);
    char *part = sg_mem_strndup(from, (size_t)(end - from));
    CHECK(part != NULL);
    /* Six deposits to one exchange, one to the other, two to the bridge, each with its hash. */
    assert_int_equal(count(part, "<code class=\"id\">0x"), 3 + 6 + 1 + 2);
    assert_int_equal(count(part, "<div class=\"card\">"), 3);
    CHECK(strstr(part, "Tornado Cash (mixer)") == NULL);
    CHECK(strstr(part, "moved on from this address") != NULL);
    CHECK(strstr(part, "the ledger does not cover this address") != NULL);
    sg_mem_free(part);
    sg_buf_clear(&out);
}

static void test_manifest_carries_every_figure(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *entries;
    struct sg_err err;
    size_t n, figures = 0, held = 0;
    write_fixture(&out, 5);
    CHECK_OK(sg_manifest_parse(&entries, &n, &arena, out.data, out.size, &err), &err);
    for (size_t i = 0; i < n; i++) {
        figures += strcmp(entries[i].kind, "figure") == 0;
        held += strcmp(entries[i].name, "ethereum/ETH/fifo/held") == 0 &&
                strcmp(entries[i].value, "641.330000000000000000") == 0;
    }
    /* Three policies: nine sums, four destinations with their counts, two held, one unseen. */
    assert_int_equal(figures, 3 * (9 + 8 + 2 + 1));
    assert_int_equal(n, figures + 3);
    assert_int_equal(held, 1);
    sg_arena_clear(&arena);
    sg_buf_clear(&out);
}

static void test_times_that_no_chain_has_are_listed_but_not_drawn(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, INT64_MAX, INT64_MAX - 86400};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    struct sg_report report;
    struct sg_err err;
    report_fixture(&report, &arena, SG_COUNT_OF(times));
    /* The fixture is ours: its transfers may be changed before the report is written. */
    struct sg_report_transfer *t = (struct sg_report_transfer *)(uintptr_t)report.assets[0]
                                       .results[0]
                                       .destinations[0]
                                       .transfers;
    for (size_t i = 0; i < SG_COUNT_OF(times); i++)
        t[i].time_unix_s = times[i];
    report.theft_unix_s = INT64_MAX;
    CHECK_OK(sg_report_write(&out, &report, &err), &err);
    CHECK(out.size < 200000);
    CHECK(strstr(out.data, "<svg id=\"when0\"") != NULL);
    sg_buf_clear(&out);
    sg_arena_clear(&arena);
}

static struct sg_report swept;

static enum sg_status write_swept(void)
{
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    const enum sg_status st = sg_report_write(&out, &swept, NULL);
    sg_buf_clear(&out);
    return st;
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    report_fixture(&swept, &arena, 3);
    CHECK_OOM_SWEEP(write_swept());
    sg_arena_clear(&arena);
}

static void test_a_report_above_the_limit_is_refused(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out = SG_BUF_INIT(10000);
    struct sg_report report;
    struct sg_err err;
    report_fixture(&report, &arena, 3);
    assert_int_equal(sg_report_write(&out, &report, &err), SG_ELIMIT);
    sg_buf_clear(&out);
    sg_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_from_outside_stays_text),
        cmocka_unit_test(test_the_same_report_gives_the_same_bytes),
        cmocka_unit_test(test_headline_says_where_the_money_is),
        cmocka_unit_test(test_every_transfer_is_listed_and_conservation_holds),
        cmocka_unit_test(test_a_long_list_ends_in_a_stated_remainder),
        cmocka_unit_test(test_freeze_list_holds_whole_hashes_of_services_that_can_act),
        cmocka_unit_test(test_manifest_carries_every_figure),
        cmocka_unit_test(test_times_that_no_chain_has_are_listed_but_not_drawn),
        cmocka_unit_test(test_refused_memory_is_reported),
        cmocka_unit_test(test_a_report_above_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
