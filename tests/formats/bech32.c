/* Bech32, bech32m and cashaddr: the specifications' examples, their counter-examples, round trips,
 * and the promise that a few wrong letters never pass. */
#include "support/check.h"

#include "base/hex.h"
#include "base/rng.h"
#include "formats/bech32/bech32.h"

#include <string.h>
#include <strings.h>

/* BIP-173 and BIP-350, sections "Test vectors". */
static void test_published_texts_have_the_form_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_bech32_form form;
    } cases[] = {
        {"A12UEL5L", SG_BECH32_V0},
        {"a12uel5l", SG_BECH32_V0},
        {"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", SG_BECH32_V0},
        {"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", SG_BECH32_V0},
        {"?1ezyfcl", SG_BECH32_V0},
        {"A1LQFN3A", SG_BECH32_M},
        {"abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", SG_BECH32_M},
        {"split1checkupstagehandshakeupstreamerranterredcaperredlc445v", SG_BECH32_M},
        {"?1v759aa", SG_BECH32_M},
        {"A1G7SGD8", SG_BECH32_NONE},
        {"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x", SG_BECH32_NONE},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_bech32 parts;
        char back[SG_BECH32_TEXT_MAX + 1];
        assert_true(sg_bech32_decode(&parts, cases[i].text, strlen(cases[i].text)));
        assert_int_equal(parts.form, cases[i].form);
        if (cases[i].form == SG_BECH32_NONE)
            continue;
        assert_int_equal(
            sg_bech32_encode(back, cases[i].form, parts.hrp, parts.words, parts.n_words),
            strlen(cases[i].text));
        assert_true(strcasecmp(back, cases[i].text) == 0);
    }
}

static void test_what_has_not_the_form_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "pzry9x0s0muk",
                                        "1pzry9x0s0muk",
                                        "x1b4n0q5v",
                                        "li1dgmt3",
                                        "A12uEL5L",
                                        "10a06t8",
                                        "1qzzfhee",
                                        "\x20"
                                        "1nwldj5",
                                        "\x7f"
                                        "1axkwrx",
                                        "\x80"
                                        "1eym55h",
                                        "de1lg7wt\xff"};
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        struct sg_bech32 parts;
        if (sg_bech32_decode(&parts, texts[i], strlen(texts[i])))
            fail_msg("'%s' was taken", texts[i]);
    }
}

static void test_words_and_bytes(void **state)
{
    (void)state;
    uint8_t words[64], bytes[64];
    size_t size = 99;
    const uint8_t one[] = {0xff};
    assert_int_equal(sg_bech32_words(words, one, 1), 2);
    assert_int_equal(words[0], 31);
    assert_int_equal(words[1], 28);
    assert_true(sg_bech32_bytes(bytes, &size, words, 2));
    assert_int_equal(size, 1);
    assert_int_equal(bytes[0], 0xff);
    words[1] = 29; /* a bit that nothing says */
    assert_false(sg_bech32_bytes(bytes, &size, words, 2));
    assert_false(sg_bech32_bytes(bytes, &size, words, 1)); /* five bits left over */
    assert_true(sg_bech32_bytes(bytes, &size, words, 0));
    assert_int_equal(size, 0);
}

/* The form's promise, tried on words of the length of a taproot address. */
static void test_up_to_four_wrong_letters_never_pass(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 3000; round++) {
        uint8_t words[53];
        char text[SG_BECH32_TEXT_MAX + 1];
        struct sg_bech32 parts;
        for (size_t i = 0; i < sizeof(words); i++)
            words[i] = (uint8_t)sg_rng_below(&rng, 32);
        const size_t size = sg_bech32_encode(text, SG_BECH32_M, "bc", words, sizeof(words));
        const size_t n_wrong = 1 + (size_t)sg_rng_below(&rng, 4);
        const char was = text[3];
        text[3] = text[3] == 'q' ? 'p' : 'q';
        for (size_t i = 1; i < n_wrong; i++)
            text[3 + i] = "qpzry9x8"[sg_rng_below(&rng, 8)];
        assert_true(sg_bech32_decode(&parts, text, size));
        assert_true(parts.form != SG_BECH32_M);
        assert_true(was != text[3]);
    }
}

/* The CashAddr specification, section "Larger Test Vectors" and the example of its first page. */
static void test_cashaddr_as_published(void **state)
{
    (void)state;
    static const struct {
        const char *text, *prefix, *hex;
        unsigned type;
    } cases[] = {
        {"bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "bitcoincash",
         "76a04053bda0a88bda5177b86a15c3b29f559873", 0},
        {"bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq", "bitcoincash",
         "76a04053bda0a88bda5177b86a15c3b29f559873", 1},
        {"bitcoincash:qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2", "bitcoincash",
         "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9", 0},
        {"bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t", "bchtest",
         "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9", 1},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        uint8_t bytes[SG_CASHADDR_BYTES_MAX];
        char text[SG_BECH32_TEXT_MAX + 1], hex[2 * SG_CASHADDR_BYTES_MAX + 1];
        const char *own = strchr(cases[i].text, ':') + 1;
        unsigned type = 99;
        size_t size = 0;
        assert_int_equal(sg_cashaddr_decode(&type, bytes, &size, cases[i].prefix, cases[i].text,
                                            strlen(cases[i].text)),
                         SG_CASHADDR_OK);
        assert_int_equal(type, cases[i].type);
        assert_string_equal(sg_hex_encode(hex, bytes, size), cases[i].hex);
        assert_int_equal(sg_cashaddr_decode(&type, bytes, &size, cases[i].prefix, own, strlen(own)),
                         SG_CASHADDR_OK);
        assert_int_equal(sg_cashaddr_encode(text, cases[i].prefix, type, bytes, size), strlen(own));
        assert_string_equal(text, own);
    }
}

static void test_cashaddr_that_is_not_one_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_cashaddr want;
    } cases[] = {
        {"qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6b", SG_CASHADDR_FORM}, /* b is no letter */
        {"qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q", SG_CASHADDR_CHECKSUM},
        {"bchtest:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", SG_CASHADDR_FORM},
        {"Qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", SG_CASHADDR_FORM},
        {"qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6", SG_CASHADDR_FORM},
        {"", SG_CASHADDR_FORM},
        {"qqqqqqqq", SG_CASHADDR_FORM},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        uint8_t bytes[SG_CASHADDR_BYTES_MAX];
        unsigned type;
        size_t size;
        assert_int_equal(sg_cashaddr_decode(&type, bytes, &size, "bitcoincash", cases[i].text,
                                            strlen(cases[i].text)),
                         cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_texts_have_the_form_they_should),
        cmocka_unit_test(test_what_has_not_the_form_is_refused),
        cmocka_unit_test(test_words_and_bytes),
        cmocka_unit_test(test_up_to_four_wrong_letters_never_pass),
        cmocka_unit_test(test_cashaddr_as_published),
        cmocka_unit_test(test_cashaddr_that_is_not_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
