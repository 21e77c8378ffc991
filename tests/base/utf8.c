/* Goal: exactly the well-formed sequences are taken, and none that could hide. Method: all inputs
 * of one to three bytes, and all four-byte ones with every lead and every boundary of a tail,
 * against the table of RFC 3629; every character there is, encoded by hand. */
#include "support/check.h"

#include "oracle/utf8.h"

#include "base/utf8.h"

#include <string.h>

static void check_one(const uint8_t *bytes, size_t size)
{
    uint32_t c = 0xffffffff;
    const size_t want = oracle_utf8_length(bytes, size);
    const size_t got = sg_utf8_next(&c, (const char *)bytes, size);
    if (got != want)
        fail_msg("%02x %02x %02x %02x, %zu bytes: length %zu, expected %zu", bytes[0], bytes[1],
                 bytes[2], bytes[3], size, got, want);
    if (!got)
        assert_int_equal(c, 0);
}

static void test_all_inputs_of_up_to_three_bytes_match_the_table(void **state)
{
    (void)state;
    uint8_t bytes[4] = {0};
    for (uint32_t v = 0; v < 1u << 24; v++) {
        bytes[0] = (uint8_t)(v >> 16);
        bytes[1] = (uint8_t)(v >> 8);
        bytes[2] = (uint8_t)v;
        check_one(bytes, 3);
        if (bytes[2] == 0)
            check_one(bytes, 2);
        if (bytes[2] == 0 && bytes[1] == 0)
            check_one(bytes, 1);
    }
}

static void test_four_byte_inputs_match_the_table_at_every_boundary(void **state)
{
    (void)state;
    static const uint8_t edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    const size_t n = SG_COUNT_OF(edges);
    for (unsigned lead = 0; lead < 256; lead++)
        for (size_t i = 0; i < n * n * n; i++) {
            const uint8_t bytes[] = {(uint8_t)lead, edges[i % n], edges[i / n % n],
                                     edges[i / n / n]};
            check_one(bytes, 4);
            check_one(bytes, 3);
        }
}

static size_t encode(uint8_t out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

static void test_every_character_decodes_to_itself(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        uint8_t bytes[4] = {0};
        uint32_t got;
        const size_t n = encode(bytes, c);
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        assert_int_equal(sg_utf8_next(&got, (const char *)bytes, n), n);
        assert_int_equal(got, c);
        assert_int_equal(sg_utf8_next(&got, (const char *)bytes, n - 1), 0);
    }
}

static void test_check_names_the_first_bad_byte(void **state)
{
    (void)state;
    size_t bad = 99;
    assert_true(sg_utf8_check(&bad, "", 0));
    assert_true(sg_utf8_check(&bad, "a\xc3\xa9z", 4));
    assert_int_equal(bad, 99);
    assert_false(sg_utf8_check(&bad, "a\xc3\xa9\xff", 4));
    assert_int_equal(bad, 3);
    assert_false(sg_utf8_check(&bad, "ab\xe2\x82", 4));
    assert_int_equal(bad, 2);
}

static void test_unsafe_are_controls_and_direction_marks_alone(void **state)
{
    (void)state;
    static const uint32_t unsafe[] = {0,      0x08,   0x0b,   0x0d,   0x1b,   0x7f,   0x85,  0x9b,
                                      0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069};
    static const uint32_t safe[] = {'\n',   '\t',   ' ',    'a',    0xa0,   0xe9,
                                    0x200d, 0x2029, 0x2065, 0x4e2d, 0x1f600};
    for (size_t i = 0; i < SG_COUNT_OF(unsafe); i++)
        assert_true(sg_utf8_is_unsafe(unsafe[i]));
    for (size_t i = 0; i < SG_COUNT_OF(safe); i++)
        assert_false(sg_utf8_is_unsafe(safe[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_inputs_of_up_to_three_bytes_match_the_table),
        cmocka_unit_test(test_four_byte_inputs_match_the_table_at_every_boundary),
        cmocka_unit_test(test_every_character_decodes_to_itself),
        cmocka_unit_test(test_check_names_the_first_bad_byte),
        cmocka_unit_test(test_unsafe_are_controls_and_direction_marks_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
