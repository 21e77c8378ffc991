/* Goal: digits and bytes correspond one to one, and nothing else is a digit. Method: all byte
 * values in both cases, and all 65,536 pairs of characters. */
#include "support/check.h"

#include "base/hex.h"
#include "base/rng.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void test_every_byte_has_its_two_digits_in_either_case(void **state)
{
    (void)state;
    for (unsigned v = 0; v < 256; v++) {
        char text[3];
        char want[3];
        uint8_t byte = (uint8_t)v;
        snprintf(want, sizeof(want), "%02x", v);
        assert_string_equal(sg_hex_encode(text, &byte, 1), want);
        for (int upper = 0; upper < 2; upper++) {
            for (char *c = want; upper && *c; c++)
                *c = (char)toupper((unsigned char)*c);
            byte = (uint8_t)~v;
            assert_true(sg_hex_decode(&byte, 1, want, 2));
            assert_int_equal(byte, v);
        }
    }
}

static void test_exactly_the_pairs_of_digits_decode(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            const char text[] = {(char)a, (char)b};
            uint8_t byte;
            const bool want = isxdigit((int)a) && isxdigit((int)b);
            assert_int_equal(sg_hex_decode(&byte, 1, text, 2), want);
        }
}

static void test_a_bad_digit_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t at = 0; at < 64; at++) {
        char text[65];
        uint8_t bytes[32];
        memset(text, 'a', 64);
        assert_true(sg_hex_decode(bytes, 32, text, 64));
        text[at] = 'g';
        assert_false(sg_hex_decode(bytes, 32, text, 64));
    }
}

static void test_the_length_must_fit(void **state)
{
    (void)state;
    uint8_t bytes[4];
    assert_false(sg_hex_decode(bytes, 2, "abc", 3));
    assert_false(sg_hex_decode(bytes, 2, "abcde", 5));
    assert_false(sg_hex_decode(bytes, 2, "ab", 2));
    assert_false(sg_hex_decode(bytes, 2, "abcdef", 6));
    assert_false(sg_hex_decode(bytes, 0, "a", 1));
    assert_true(sg_hex_decode(bytes, 0, "", 0));
}

static void test_random_bytes_survive_a_round_trip(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 10000; i++) {
        uint8_t bytes[64];
        uint8_t back[64];
        char text[129];
        const size_t n = (size_t)sg_rng_below(&rng, sizeof(bytes) + 1);
        for (size_t b = 0; b < n; b++)
            bytes[b] = (uint8_t)sg_rng_next(&rng);
        assert_int_equal(strlen(sg_hex_encode(text, bytes, n)), 2 * n);
        assert_true(sg_hex_decode(back, n, text, 2 * n));
        if (n)
            assert_memory_equal(back, bytes, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_has_its_two_digits_in_either_case),
        cmocka_unit_test(test_exactly_the_pairs_of_digits_decode),
        cmocka_unit_test(test_a_bad_digit_is_seen_wherever_it_stands),
        cmocka_unit_test(test_the_length_must_fit),
        cmocka_unit_test(test_random_bytes_survive_a_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
