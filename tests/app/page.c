/* What people read: figures, dates and identifiers, each at its edges. */
#include "support/check.h"

#include "app/page/page.h"
#include "base/civil.h"

#include <string.h>

static struct sg_amount wei(const char *text)
{
    struct sg_amount a = {0};
    struct sg_err err;
    CHECK_OK(sg_amount_parse(&a, text, strlen(text), 18, &err), &err);
    return a;
}

static void test_amounts_are_grouped_and_rounded_half_up(void **state)
{
    (void)state;
    static const struct {
        const char *amount;
        unsigned shown;
        const char *text;
    } cases[] = {
        {"0", 2, "0.00"},
        {"0.000000000000000001", 2, "< 0.01"},
        {"0.004999999999999999", 2, "< 0.01"},
        {"0.005", 2, "0.01"},
        {"999.994999", 2, "999.99"},
        {"999.995", 2, "1,000.00"},
        {"182162.860281559859574571", 2, "182,162.86"},
        {"182162.860281559859574571", 18, "182,162.860281559859574571"},
        {"182162.860281559859574571", 30, "182,162.860281559859574571"},
        {"182162.5", 0, "182,163"},
        {"100", 0, "100"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char text[SG_PAGE_TEXT_MAX];
        assert_string_equal(sg_page_amount(text, wei(cases[i].amount), 18, cases[i].shown),
                            cases[i].text);
    }
}

static void test_the_largest_amount_is_written(void **state)
{
    (void)state;
    char text[SG_PAGE_TEXT_MAX];
    assert_string_equal(sg_page_amount(text, sg_amount_from(~(sg_u128)0), 0, 0),
                        "340,282,366,920,938,463,463,374,607,431,768,211,455");
    assert_string_equal(sg_page_amount(text, sg_amount_from(~(sg_u128)0), 38, 2), "3.40");
}

static void test_percent_is_of_the_whole(void **state)
{
    (void)state;
    char text[SG_PAGE_TEXT_MAX];
    const struct sg_amount stolen = wei("182162.860281559859574571");
    assert_string_equal(sg_page_percent(text, wei("175099.016522"), stolen), "96.12 %");
    assert_string_equal(sg_page_percent(text, stolen, stolen), "100.00 %");
    assert_string_equal(sg_page_percent(text, SG_AMOUNT_ZERO, stolen), "0.00 %");
    assert_string_equal(sg_page_percent(text, sg_amount_from(1), stolen), "< 0.01 %");
    assert_string_equal(sg_page_percent(text, stolen, SG_AMOUNT_ZERO), "n/a");
    /* 0.00499999... %: just below half of the last digit, with an odd whole. */
    assert_string_equal(sg_page_percent(text, sg_amount_from(10000), sg_amount_from(200000001)),
                        "< 0.01 %");
    const struct sg_amount most = sg_amount_from(~(sg_u128)0);
    assert_string_equal(sg_page_percent(text, most, most), "100.00 %");
}

static void test_times_are_utc(void **state)
{
    (void)state;
    char text[SG_PAGE_TEXT_MAX];
    assert_string_equal(sg_page_day(text, 1648041417), "23 March 2022");
    assert_string_equal(sg_page_day(text, -1), "31 December 1969");
    assert_string_equal(sg_page_minute(text, 1648041417), "2022-03-23 13:16");
    assert_string_equal(sg_page_day(text, SG_TIME_UNKNOWN), "unknown");
    assert_string_equal(sg_page_minute(text, SG_TIME_UNKNOWN), "unknown");
}

static void test_identifiers_are_escaped_wherever_they_are_cut(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    struct sg_err err;
    sg_page_short_id(&out, "0x098b716b8aaf21512996dc57eb0615e2383e2f96");
    sg_page_short_id(&out, "<script>alert(1)</script>");
    sg_page_full_id(&out, "<i>");
    CHECK_OK(sg_buf_check(&out, &err), &err);
    CHECK(strstr(out.data, ">0x098b71\xe2\x80\xa6"
                           "3e2f96</code>") != NULL);
    CHECK(strstr(out.data, "<script") == NULL && strstr(out.data, "<i>") == NULL);
    sg_buf_clear(&out);
}

static enum sg_status write_page(void)
{
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    sg_page_begin(&out, "a </title> b");
    sg_page_end(&out);
    const enum sg_status st = sg_buf_check(&out, NULL);
    if (st == SG_OK) {
        CHECK(strstr(out.data, "a &lt;/title&gt; b</title>") != NULL);
        CHECK(strstr(out.data, "<script") == NULL);
        CHECK(strstr(out.data, "http:") == NULL || strstr(out.data, "src=\"") == NULL);
    }
    sg_buf_clear(&out);
    return st;
}

static void test_frame_escapes_its_title_and_reports_refused_memory(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(write_page());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_are_grouped_and_rounded_half_up),
        cmocka_unit_test(test_the_largest_amount_is_written),
        cmocka_unit_test(test_percent_is_of_the_whole),
        cmocka_unit_test(test_times_are_utc),
        cmocka_unit_test(test_identifiers_are_escaped_wherever_they_are_cut),
        cmocka_unit_test(test_frame_escapes_its_title_and_reports_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
