/* Amounts: exact arithmetic at the ends of the range, and text that survives a round trip. */
#include "support/check.h"

#include "base/amount.h"
#include "base/limits.h"
#include "base/rng.h"

#include <string.h>

static struct sg_amount parse(const char *text, unsigned decimals)
{
    struct sg_amount a = {~(sg_u128)0};
    struct sg_err err;
    CHECK_OK(sg_amount_parse(&a, text, strlen(text), decimals, &err), &err);
    return a;
}

static void test_text_survives_a_round_trip(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
    } cases[] = {
        {"0", 0},
        {"1", 0},
        {"340282366920938463463374607431768211455", 0},
        {"0.000000000000000001", 18},
        {"1.056900000000000000", 18},
        {"182162.860281559859574571", 18},
        {"3.40282366920938463463374607431768211455", 38},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char text[SG_AMOUNT_TEXT_MAX];
        const struct sg_amount a = parse(cases[i].text, cases[i].decimals);
        assert_string_equal(sg_amount_format(text, a, cases[i].decimals), cases[i].text);
    }
}

static void test_parse_refuses_what_is_not_a_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        enum sg_status status;
        uint64_t offset;
    } cases[] = {
        {"", 0, SG_EPARSE, 0},
        {"-1", 0, SG_EPARSE, 0},
        {"+1", 0, SG_EPARSE, 0},
        {"1e3", 0, SG_EPARSE, 1},
        {"1,000", 0, SG_EPARSE, 1},
        {"0x10", 0, SG_EPARSE, 1},
        {"1.5", 0, SG_EPARSE, 2},
        {"1.2.3", 18, SG_EPARSE, 3},
        {".", 18, SG_EPARSE, 0},
        {" 1", 0, SG_EPARSE, 0},
        {"340282366920938463463374607431768211456", 0, SG_ELIMIT, 0},
        {"115792089237316195423570985008687907853269984665640564039457584007913129639935", 0,
         SG_ELIMIT, 0},
        {"340282366920938463464", 18, SG_ELIMIT, 0},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_amount a = {7};
        struct sg_err err;
        const enum sg_status st =
            sg_amount_parse(&a, cases[i].text, strlen(cases[i].text), cases[i].decimals, &err);
        assert_int_equal(st, cases[i].status);
        if (st == SG_EPARSE)
            assert_int_equal(err.offset, cases[i].offset);
        assert_true(a.units == 7);
    }
}

static void test_trailing_zeros_beyond_the_decimals_are_exact(void **state)
{
    (void)state;
    assert_true(parse("1.500", 1).units == 15);
    assert_true(parse("2.", 0).units == 2);
    assert_true(parse("10", 2).units == 1000);
    assert_true(parse(".5", 1).units == 5);
    assert_true(parse(".0", 0).units == 0);
    assert_true(parse("0.00", 0).units == 0);
    assert_true(parse("340282366920938463463374607431768211455.000", 0).units == ~(sg_u128)0);
}

/* A scan of the rest for each zero would take a minute here. */
static void test_hostile_lengths_cost_no_more_than_their_bytes(void **state)
{
    (void)state;
    const size_t size = SG_RECORD_BYTES_MAX;
    char *text = sg_mem_alloc(size, 1);
    struct sg_amount a = {7};
    assert_non_null(text);
    memset(text, '0', size);
    text[size / 2] = '.';
    assert_int_equal(sg_amount_parse(&a, text, size, 18, NULL), SG_OK);
    assert_true(a.units == 0);
    text[0] = 'x';
    struct sg_err err;
    assert_int_equal(sg_amount_parse(&a, text, size, 18, &err), SG_EPARSE);
    assert_int_equal(err.offset, 0);
    sg_mem_free(text);
}

/* Around the lengths where arithmetic of 64 bits must give way to 128, and 128 to a refusal. */
static void test_numbers_of_every_length_parse_exactly(void **state)
{
    (void)state;
    char text[64];
    sg_u128 nines = 0;
    for (size_t size = 1; size <= 38; size++) {
        text[size - 1] = '9';
        text[size] = 0;
        nines = nines * 10 + 9;
        assert_true(parse(text, 0).units == nines);
    }
    text[38] = '9';
    struct sg_amount a;
    assert_int_equal(sg_amount_parse(&a, text, 39, 0, NULL), SG_ELIMIT);
}

/* quotient * divisor + rest == a * b in 256 bits: compared modulo 2^128 and modulo a prime, which
 * together leave no room for a wrong quotient below 2^128. */
static void check_mul_div(sg_u128 a, sg_u128 b, sg_u128 d)
{
    const sg_u128 p = 0xffffffffffffffc5u; /* Largest prime below 2^64. */
    struct sg_amount rest;
    const struct sg_amount q =
        sg_amount_mul_div(&rest, sg_amount_from(a), sg_amount_from(b), sg_amount_from(d));
    assert_true(rest.units < d);
    assert_true(q.units * d + rest.units == a * b);
    const sg_u128 left = ((q.units % p) * (d % p) + rest.units % p) % p;
    assert_true(left == (a % p) * (b % p) % p);
}

static void test_mul_div_is_the_exact_quotient(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 20000; i++) {
        const unsigned shift = (unsigned)sg_rng_below(&rng, 127);
        sg_u128 d = ((sg_u128)sg_rng_next(&rng) << 64 | sg_rng_next(&rng)) >> shift;
        d += d == 0;
        const sg_u128 b = (((sg_u128)sg_rng_next(&rng) << 64) | sg_rng_next(&rng)) % d;
        const sg_u128 a =
            (((sg_u128)sg_rng_next(&rng) << 64) | sg_rng_next(&rng)) % (d + (d != ~(sg_u128)0));
        check_mul_div(a, b, d);
    }
}

/* Where a guessed digit of the quotient is too large, by one or by two: halves of all ones, of
 * zeroes, and beside them. */
static void test_mul_div_at_every_edge_of_its_halves(void **state)
{
    (void)state;
    static const uint64_t halves[] = {
        0, 1, 2, UINT64_MAX >> 1, (UINT64_MAX >> 1) + 1, UINT64_MAX - 1, UINT64_MAX};
    const size_t n = SG_COUNT_OF(halves), all = n * n;
    for (size_t i = 0; i < all * all * all; i++) {
        const size_t ai = i % all, bi = i / all % all, di = i / all / all;
        const sg_u128 a = (sg_u128)halves[ai / n] << 64 | halves[ai % n];
        const sg_u128 b = (sg_u128)halves[bi / n] << 64 | halves[bi % n];
        const sg_u128 d = (sg_u128)halves[di / n] << 64 | halves[di % n];
        if (d != 0 && a <= d && b <= d)
            check_mul_div(a, b, d);
    }
}

static void test_mul_div_at_the_ends(void **state)
{
    (void)state;
    const struct sg_amount max = {~(sg_u128)0};
    struct sg_amount rest;
    assert_true(sg_amount_mul_div(&rest, max, max, max).units == max.units);
    assert_true(rest.units == 0);
    assert_true(sg_amount_mul_div(&rest, SG_AMOUNT_ZERO, max, max).units == 0);
    assert_true(sg_amount_mul_div(&rest, sg_amount_from(1), max, max).units == 1);
}

static void test_add_and_sub_refuse_to_wrap(void **state)
{
    (void)state;
    const struct sg_amount max = {~(sg_u128)0};
    struct sg_amount out = {5};
    assert_false(sg_amount_add(&out, max, sg_amount_from(1)));
    assert_false(sg_amount_sub(&out, sg_amount_from(1), sg_amount_from(2)));
    assert_false(sg_amount_mul(&out, max, 2));
    assert_true(out.units == 5);
}

static void test_scale_is_floored_and_capped(void **state)
{
    (void)state;
    const struct sg_amount max = {~(sg_u128)0};
    assert_int_equal(sg_amount_scale(10000, sg_amount_from(1), sg_amount_from(3)), 3333);
    assert_int_equal(sg_amount_scale(10000, sg_amount_from(4), sg_amount_from(3)), 10000);
    assert_int_equal(sg_amount_scale(10000, SG_AMOUNT_ZERO, SG_AMOUNT_ZERO), 10000);
    assert_int_equal(sg_amount_scale(UINT32_MAX, max, max), UINT32_MAX);
    assert_int_equal(sg_amount_scale(UINT32_MAX, sg_amount_from(1), max), 0);
}

static void test_percent_rounds_half_up_and_has_none_above_the_whole(void **state)
{
    char text[SG_AMOUNT_TEXT_MAX];
    const struct sg_amount max = sg_amount_from(~(sg_u128)0);
    (void)state;
    assert_string_equal(sg_amount_percent(text, sg_amount_from(1), sg_amount_from(3)), "33.33");
    assert_string_equal(sg_amount_percent(text, sg_amount_from(2), sg_amount_from(3)), "66.67");
    assert_string_equal(sg_amount_percent(text, sg_amount_from(1), sg_amount_from(20000)), "0.01");
    assert_string_equal(sg_amount_percent(text, sg_amount_from(1), sg_amount_from(20001)), "0.00");
    assert_string_equal(sg_amount_percent(text, SG_AMOUNT_ZERO, sg_amount_from(7)), "0.00");
    assert_string_equal(sg_amount_percent(text, max, max), "100.00");
    assert_string_equal(sg_amount_percent(text, SG_AMOUNT_ZERO, SG_AMOUNT_ZERO), "");
    assert_string_equal(sg_amount_percent(text, sg_amount_from(4), sg_amount_from(3)), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percent_rounds_half_up_and_has_none_above_the_whole),
        cmocka_unit_test(test_text_survives_a_round_trip),
        cmocka_unit_test(test_parse_refuses_what_is_not_a_number),
        cmocka_unit_test(test_trailing_zeros_beyond_the_decimals_are_exact),
        cmocka_unit_test(test_hostile_lengths_cost_no_more_than_their_bytes),
        cmocka_unit_test(test_numbers_of_every_length_parse_exactly),
        cmocka_unit_test(test_mul_div_is_the_exact_quotient),
        cmocka_unit_test(test_mul_div_at_every_edge_of_its_halves),
        cmocka_unit_test(test_mul_div_at_the_ends),
        cmocka_unit_test(test_add_and_sub_refuse_to_wrap),
        cmocka_unit_test(test_scale_is_floored_and_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
