/* Behind mixers: probabilities as they are typed, and figures as they are shown, escaped. */
#include "app/beyond/beyond.h"
#include "support/check.h"

#include <string.h>

static void test_a_probability_is_above_zero_and_at_most_one(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint32_t millionths;
    } cases[] = {
        {"1", true, 1000000},   {"0.5", true, 500000},      {"0.000001", true, 1}, {"0", false, 0},
        {"1.000001", false, 0}, {"0.0000001", false, 0},    {"-0.5", false, 0},    {"", false, 0},
        {"half", false, 0},     {"999999999999", false, 0},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        uint32_t millionths = 7;
        assert_int_equal(sg_beyond_read(&millionths, cases[i].text), cases[i].good);
        assert_int_equal(millionths, cases[i].good ? cases[i].millionths : 7);
    }
}

static const struct sg_beyond_row rows[] = {
    {"0xaa", 3, {300}, 900000, {270}, 1600000000, 1600003600, true},
};
static const struct sg_beyond_pool pools[] = {
    {.name = "a<b>\x1b[31m",
     .symbol = "X&Y",
     .decimals = 0,
     .n_deposits = 4,
     .deposited = {400},
     .rows = rows,
     .n_rows = 1,
     .n_below = 2,
     .listed = {300},
     .expected = {270},
     .low = {120},
     .high = {300}},
};
static const struct sg_beyond one = {
    .least_millionths = 500000, .pools = pools, .n_pools = 1, .n_unmatched = 5};

static void test_the_terminal_gets_figures_and_no_control_characters(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(10000);
    sg_beyond_text(&out, &one);
    assert_false(out.failed);
    assert_non_null(strstr(out.data, "no part of any figure above; addresses at 0.500000 or more"));
    assert_non_null(strstr(out.data, "4 deposits of traced money, 400 X&Y"));
    assert_non_null(strstr(out.data, "1 addresses listed took 300; expected to be the theft's 270, "
                                     "nine in ten between 120 and 300; 2 more"));
    assert_non_null(strstr(out.data, "5 transactions into mixers are a deposit in none"));
    assert_null(strchr(out.data, 0x1b));
    sg_buf_clear(&out);
}

static void test_the_page_escapes_what_came_from_outside(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(10000);
    sg_beyond_html(&out, &one);
    assert_false(out.failed);
    assert_non_null(strstr(out.data, "a&lt;b&gt;"));
    assert_non_null(strstr(out.data, "X&amp;Y"));
    assert_null(strstr(out.data, "<b>"));
    assert_non_null(strstr(out.data, "<strong>270</strong>"));
    sg_buf_clear(&out);
}

static void test_the_json_says_the_same(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(10000);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &out);
    sg_jsonw_begin_object(&w);
    sg_beyond_json(&w, &one);
    sg_jsonw_end_object(&w);
    assert_false(out.failed);
    assert_non_null(
        strstr(out.data, "\"least_probability\":\"0.500000\",\"deposits_in_no_pool\":5"));
    assert_non_null(strstr(out.data,
                           "\"addresses_below\":2,\"listed\":\"300\",\"expected\":\"270\","
                           "\"low\":\"120\",\"high\":\"300\""));
    assert_non_null(strstr(out.data, "\"probability\":\"0.900000\",\"withdrawals\":3"));
    sg_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_probability_is_above_zero_and_at_most_one),
        cmocka_unit_test(test_the_terminal_gets_figures_and_no_control_characters),
        cmocka_unit_test(test_the_page_escapes_what_came_from_outside),
        cmocka_unit_test(test_the_json_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
