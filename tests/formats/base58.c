/* Base58 in its three forms: vectors of Bitcoin Core, round trips, and what must be refused. */
#include "support/check.h"
#include "support/json.h"

#include "base/hex.h"
#include "base/rng.h"
#include "formats/base58/base58.h"

#include <stdio.h>
#include <string.h>

static void assert_plain(const char *hex, const char *want)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX], back[SG_BASE58_BYTES_MAX];
    char text[SG_BASE58_TEXT_MAX + 1];
    size_t size = strlen(hex) / 2;
    size_t back_size = 999;
    assert_true(sg_hex_decode(bytes, size, hex, 2 * size));
    assert_int_equal(sg_base58_encode(text, SG_BASE58_BITCOIN, bytes, size), strlen(want));
    assert_string_equal(text, want);
    assert_true(sg_base58_decode(back, &back_size, SG_BASE58_BITCOIN, want, strlen(want)));
    assert_int_equal(back_size, size);
    assert_memory_equal(back, bytes, size);
}

static void test_bytes_and_letters_by_hand(void **state)
{
    (void)state;
    assert_plain("", "");
    assert_plain("61", "2g");
    assert_plain("00000000000000000000", "1111111111");
    assert_plain("572e4794", "3EFU7m");
}

struct pairs {
    char hex[1024];
    size_t n, n_pairs;
};

static void on_pair(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct pairs *pairs = ctx;
    if (event != JSON_STRING)
        return;
    if (pairs->n++ % 2 == 0) {
        assert_true(size < sizeof(pairs->hex));
        memcpy(pairs->hex, text, size + 1);
        return;
    }
    assert_plain(pairs->hex, text);
    pairs->n_pairs++;
}

static void test_vectors_of_bitcoin_core(void **state)
{
    (void)state;
    static char text[65536];
    struct pairs pairs = {.n = 0};
    FILE *file = fopen(sg_test_shared("data/bitcoin/base58_encode_decode.json"), "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_true(json_read(text, size, on_pair, &pairs));
    assert_true(pairs.n_pairs > 10);
}

static void test_other_letters_and_long_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"0", "O", "I", "l", "a b", "2g ", "\xc3\xa9", "3EFU7m+"};
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    char longest[SG_BASE58_TEXT_MAX + 2];
    size_t size;
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++)
        assert_false(sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, texts[i], strlen(texts[i])));
    assert_false(sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, "a\0b", 3));
    memset(longest, 'z', sizeof(longest));
    assert_false(sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, longest, sizeof(longest)));
    assert_false(sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, longest, SG_BASE58_TEXT_MAX));
    memset(longest, '1', sizeof(longest));
    assert_false(
        sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, longest, SG_BASE58_BYTES_MAX + 1));
    assert_true(sg_base58_decode(bytes, &size, SG_BASE58_BITCOIN, longest, SG_BASE58_BYTES_MAX));
    assert_int_equal(size, SG_BASE58_BYTES_MAX);
}

static void test_a_checksum_is_right_wrong_or_not_there(void **state)
{
    (void)state;
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    size_t size;
    const char *address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    assert_int_equal(sg_base58check_decode(bytes, &size, SG_BASE58_BITCOIN, address, 34),
                     SG_BASE58CHECK_OK);
    assert_int_equal(size, 21);
    assert_int_equal(bytes[0], 0);
    assert_int_equal(sg_base58check_decode(bytes, &size, SG_BASE58_BITCOIN,
                                           "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", 34),
                     SG_BASE58CHECK_CHECKSUM);
    assert_int_equal(sg_base58check_decode(bytes, &size, SG_BASE58_BITCOIN, "2g", 2),
                     SG_BASE58CHECK_LETTER);
    /* The account of XRP's genesis, in its own alphabet. */
    assert_int_equal(sg_base58check_decode(bytes, &size, SG_BASE58_XRP,
                                           "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", 34),
                     SG_BASE58CHECK_OK);
    assert_int_equal(size, 21);
}

static void check_round_trip(const uint8_t *bytes, size_t size)
{
    uint8_t back[SG_BASE58_BYTES_MAX];
    char text[SG_BASE58_TEXT_MAX + 1];
    size_t n, back_size;
    for (int alphabet = SG_BASE58_BITCOIN; alphabet <= SG_BASE58_XRP; alphabet++) {
        n = sg_base58_encode(text, (enum sg_base58_alphabet)alphabet, bytes, size);
        assert_true(sg_base58_decode(back, &back_size, (enum sg_base58_alphabet)alphabet, text, n));
        assert_int_equal(back_size, size);
        assert_memory_equal(back, bytes, size);
    }
    n = sg_base58_blocks_encode(text, bytes, size);
    assert_true(n <= SG_BASE58_TEXT_MAX && strlen(text) == n);
    assert_true(sg_base58_blocks_decode(back, &back_size, text, n));
    assert_int_equal(back_size, size);
    assert_memory_equal(back, bytes, size);
}

static void test_random_bytes_come_back(void **state)
{
    (void)state;
    struct sg_rng rng;
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 300; i++) {
        const size_t size = (size_t)sg_rng_below(&rng, SG_BASE58_BYTES_MAX + 1);
        const size_t zeros = (size_t)sg_rng_below(&rng, 8);
        for (size_t j = 0; j < size; j++)
            bytes[j] = j < zeros ? 0 : (uint8_t)sg_rng_next(&rng);
        check_round_trip(bytes, size);
    }
    memset(bytes, 0xff, sizeof(bytes));
    check_round_trip(bytes, sizeof(bytes));
}

static void test_blocks_that_nothing_is_written_as_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    size_t size;
    /* One letter, four and eight are the length of no block. */
    assert_false(sg_base58_blocks_decode(bytes, &size, "1", 1));
    assert_false(sg_base58_blocks_decode(bytes, &size, "1111", 4));
    assert_false(sg_base58_blocks_decode(bytes, &size, "11111111", 8));
    /* 255 is "5Q", 256 would be "5R"; 2^64 - 1 is "jpXCZedGfVQ". */
    assert_true(sg_base58_blocks_decode(bytes, &size, "5Q", 2));
    assert_int_equal(bytes[0], 255);
    assert_false(sg_base58_blocks_decode(bytes, &size, "5R", 2));
    assert_true(sg_base58_blocks_decode(bytes, &size, "jpXCZedGfVQ", 11));
    assert_false(sg_base58_blocks_decode(bytes, &size, "jpXCZedGfVR", 11));
    assert_false(sg_base58_blocks_decode(bytes, &size, "zzzzzzzzzzz", 11));
    assert_false(sg_base58_blocks_decode(bytes, &size, "l1", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_and_letters_by_hand),
        cmocka_unit_test(test_vectors_of_bitcoin_core),
        cmocka_unit_test(test_other_letters_and_long_texts_are_refused),
        cmocka_unit_test(test_a_checksum_is_right_wrong_or_not_there),
        cmocka_unit_test(test_random_bytes_come_back),
        cmocka_unit_test(test_blocks_that_nothing_is_written_as_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
