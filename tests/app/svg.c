/* SVG writer: text from outside is harmless, coordinates keep their tenth, shortened text fits and
 * stays UTF-8. */
#include "support/check.h"

#include "app/svg/svg.h"
#include "base/utf8.h"

#include <string.h>

static void check_text(struct sg_buf *out, const char *expected)
{
    struct sg_err err;
    CHECK_OK(sg_buf_check(out, &err), &err);
    assert_string_equal(out->data, expected);
    sg_buf_clear(out);
}

static void test_rect_keeps_tenths_and_escapes_its_title(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    sg_svg_rect(&out, (struct sg_svg_box){105, -7, SG_PX(3), 1}, "s-held", "<b>&\"");
    check_text(&out, "<rect x=\"10.5\" y=\"-0.7\" width=\"3\" height=\"0.1\" class=\"s-held\">"
                     "<title>&lt;b&gt;&amp;&quot;</title></rect>\n");
}

static void test_empty_rect_draws_nothing(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    sg_svg_rect(&out, (struct sg_svg_box){0, 0, 0, 10}, "s-held", NULL);
    sg_svg_rect(&out, (struct sg_svg_box){0, 0, 10, -1}, "s-held", NULL);
    assert_int_equal(out.size, 0);
    sg_buf_clear(&out);
}

static void test_ribbon_keeps_its_thickness_at_both_ends(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    sg_svg_ribbon(&out, (struct sg_svg_box){0, 100, 0, 50}, (struct sg_svg_box){200, 0, 0, 50},
                  "s-flow", NULL);
    check_text(&out,
               "<path d=\"M0,10C10,10 10,0 20,0L20,5C10,5 10,15 0,15Z\" class=\"s-flow\"/>\n");
}

static void test_picture_names_its_title_and_description(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    sg_svg_begin(&out, "p", SG_PX(10), SG_PX(20), "a<b", "c&d");
    sg_svg_end(&out);
    check_text(&out, "<svg id=\"p\" role=\"img\" aria-labelledby=\"p-t p-d\" viewBox=\"0 0 10 20\" "
                     "xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"p-t\">a&lt;b</title>\n"
                     "<desc id=\"p-d\">c&amp;d</desc>\n</svg>\n");
}

static void test_fitted_text_fits_and_stays_utf8(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "a",
                                        "Huobi deposit",
                                        "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
                                        "\xff\xfe",
                                        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"};
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++)
        for (sg_px width = SG_PX(14); width < SG_PX(200); width += 35) {
            char cut[16];
            size_t bad;
            memset(cut, 0x7f, sizeof(cut));
            sg_svg_text_fit(cut, sizeof(cut), texts[i], 13, width);
            CHECK(strlen(cut) < sizeof(cut));
            CHECK(sg_svg_text_width(cut, 13) <= width);
            CHECK(i == 4 || sg_utf8_check(&bad, cut, strlen(cut)));
        }
}

static void test_fitted_text_is_whole_where_there_is_room(void **state)
{
    (void)state;
    char cut[16];
    assert_string_equal(sg_svg_text_fit(cut, sizeof(cut), "Huobi", 13, SG_PX(100)), "Huobi");
    assert_string_equal(sg_svg_text_fit(cut, sizeof(cut), "HuobiHuobiHuobiHuobi", 13, SG_PX(1000)),
                        "HuobiHuobiHu\xe2\x80\xa6");
}

static enum sg_status draw(void)
{
    struct sg_buf out = SG_BUF_INIT(1 << 16);
    sg_svg_defs(&out);
    sg_svg_css(&out);
    const enum sg_status st = sg_buf_check(&out, NULL);
    sg_buf_clear(&out);
    return st;
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(draw());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rect_keeps_tenths_and_escapes_its_title),
        cmocka_unit_test(test_empty_rect_draws_nothing),
        cmocka_unit_test(test_ribbon_keeps_its_thickness_at_both_ends),
        cmocka_unit_test(test_picture_names_its_title_and_description),
        cmocka_unit_test(test_fitted_text_fits_and_stays_utf8),
        cmocka_unit_test(test_fitted_text_is_whole_where_there_is_room),
        cmocka_unit_test(test_refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
