/* What a person pastes: published examples of every form, what clings to them, what is wrong with
 * them; addresses in text that is broken; the case of letters lost and restored. */
#include "support/check.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/rng.h"
#include "formats/bech32/bech32.h"
#include "formats/recognise/recognise.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void assert_read(const char *text, enum sg_reading verdict, const char *form,
                        const char *chain)
{
    struct sg_recognised out;
    memset(&out, 0xa5, sizeof(out));
    sg_recognise(&out, text, strlen(text));
    if (out.verdict != verdict)
        fail_msg("%s: %s (%s)", text, sg_reading_name(out.verdict), out.reason);
    assert_true((out.reason[0] != 0) == (verdict < SG_READING_UNCHECKED));
    if (form)
        assert_string_equal(out.form, form);
    if (chain)
        assert_string_equal(out.chain, chain);
}

/* Bitcoin's genesis key and BIP-173's; EIP-55's and EIP-1191's examples; the accounts of XRP's
 * genesis; Monero's, Solana's, Tron's and others from OFAC's list of 2025-11-19. */
static void test_every_form_is_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_reading verdict;
        const char *form, *chain;
    } cases[] = {
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", SG_READING_VALID, "p2pkh", "bitcoin"},
        {"3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", SG_READING_VALID, "p2sh", "bitcoin"},
        {"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", SG_READING_VALID, "p2wpkh", "bitcoin"},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", SG_READING_VALID, "p2tr",
         "bitcoin"},
        {"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", SG_READING_VALID, "p2wpkh",
         "bitcoin-testnet3"},
        {"LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb", SG_READING_VALID, "p2pkh", "litecoin"},
        {"M8yFL6SFC6TreATegTyuSYkDfDRbisdpT3", SG_READING_VALID, "p2sh", "litecoin"},
        {"qpf2cphc5dkuclkqur7lhj2yuqq9pk3hmukle77vhq", SG_READING_VALID, "p2pkh", "bitcoin-cash"},
        {"bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq", SG_READING_VALID, "p2sh",
         "bitcoin-cash"},
        {"simpleledger:qp5y6ggsn8y0pzghhn2zap7kyestzqh2vc7t400n96", SG_READING_VALID, "p2pkh",
         "bitcoin-cash"},
        {"XnPFsRWTaSgiVauosEwQ6dEitGYXgwznz2", SG_READING_VALID, "p2pkh", "dash"},
        {"t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL", SG_READING_VALID, "p2pkh", "zcash"},
        {"GPwg61XoHqQPNmAucFACuQ5H9sGCDv9TpS", SG_READING_VALID, "p2pkh", "bitcoin-gold"},
        {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", SG_READING_VALID, "eip55", "ethereum"},
        {"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", SG_READING_VALID, "eip55", "ethereum"},
        {"0x52908400098527886E0F7030069857D2E4169EE7", SG_READING_UNCHECKED, "hex", "ethereum"},
        {"0xde709f2102306220921060314715629080e2fb77", SG_READING_UNCHECKED, "hex", "ethereum"},
        {"0x5aaEB6053f3e94c9b9a09f33669435E7ef1bEAeD", SG_READING_VALID, "eip1191", "rootstock"},
        {"5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", SG_READING_VALID, "eip55", "ethereum"},
        {"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", SG_READING_VALID, "tron", "tron"},
        {"41a614f803b6fd780986a42c78ec9c7f77e6ded13c", SG_READING_UNCHECKED, "tron-hex", "tron"},
        {"42RLPACwZPx3vYYmxSueqsogfynBDqXK298EDsNoyoHi", SG_READING_UNCHECKED, "solana", "solana"},
        {"11111111111111111111111111111111", SG_READING_UNCHECKED, "solana", "solana"},
        {"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", SG_READING_VALID, "xrp", "xrp"},
        {"49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYKBe5B"
         "2u"
         "fNsL",
         SG_READING_VALID, "standard", "monero"},
        {"84AwzjeFWXNEuhj8LWinXo93AqYr6wS8ZcnaBCoGhrL7EtvBMBovdhiUSV9xLhjrPA8t64hYSaMc8bHtWXoV9129E"
         "HU"
         "jU62",
         SG_READING_VALID, "subaddress", "monero"},
        {"bnb136ns6lfw4zs5hg4n85vdthaad7hq5m4gtkgf23", SG_READING_VALID, "bech32", "bnb-beacon"},
        {"cosmos1nynns8ex9fq6sjjfj8k79ymkdz4sqth06xexae", SG_READING_VALID, "bech32", "cosmos"},
        {"tz1fK1ZmVMtshYoCoQ1zC1SCCUG4SnbyR75p", SG_READING_VALID, "tezos", "tezos"},
        {"15kUt2i86LHRWCkE3D9Bg1HZAoc2smhn1fwPzDERTb1BXAkX", SG_READING_VALID, "ss58", "polkadot"},
        {"GD2TRYZSEGDYSBD65KWLTDWAZEJBT5OBJWBHMBSZAERMOCOJWP7DKJWH", SG_READING_VALID, "account",
         "stellar"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_read(cases[i].text, cases[i].verdict, cases[i].form, cases[i].chain);
}

/* Made with the encoder. */
static void test_shielded_addresses_of_zcash_are_recognised(void **state)
{
    (void)state;
    uint8_t bytes[128], words[210];
    char text[SG_BECH32_TEXT_MAX + 1];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    size_t n = sg_bech32_words(words, bytes, 43);
    sg_bech32_encode(text, SG_BECH32_V0, "zs", words, n);
    assert_int_equal(strlen(text), 78);
    assert_read(text, SG_READING_VALID, "sapling", "zcash");
    sg_bech32_encode(text, SG_BECH32_M, "zs", words, n);
    assert_read(text, SG_READING_WRONG, "sapling", "zcash");
    sg_bech32_encode(text, SG_BECH32_V0, "zs", words, n - 2);
    assert_read(text, SG_READING_WRONG, "sapling", "zcash");
    /* The outer checksum holds; what is inside is not of the form. */
    n = sg_bech32_words(words, bytes, sizeof(bytes));
    sg_bech32_encode(text, SG_BECH32_M, "u", words, n);
    assert_read(text, SG_READING_WRONG, "unified", "zcash");
}

static void assert_inner(const char *pasted, const char *inner)
{
    struct sg_recognised out;
    sg_recognise(&out, pasted, strlen(pasted));
    assert_int_equal(out.verdict, SG_READING_VALID);
    assert_string_equal(out.inner, inner);
}

/* ZIP-316's test vectors: with a key's hash and Sapling, with a script's hash; XRPL's example. */
static void test_addresses_inside_others_are_taken_out(void **state)
{
    (void)state;
    assert_inner("u1l8xunezsvhq8fgzfl7404m450nwnd76zshscn6nfys7vyz2ywyh4cc5daaq0c7q2su5l"
                 "qfh23sp7fkf3kt27ve5948mzpfdvckzaect2jtte308mkwlycj2u0eac077wu70vqcetkx"
                 "f",
                 "t1V9mnyk5Z5cTNMCkLbaDwSskgJZucTLdgW");
    assert_inner("u1fl5mprj0t9p4jg92hjjy8q5myvwc60c9wv0xachauqpn3c3k4xwzlaueafq27dcg7tzz"
                 "zaz5jl8tyj93wgs983y0jq0qfhzu6n4r8rakpv5f4gg2lrw4z6pyqqcrcqx04d38yunc6j"
                 "e",
                 "t1Z7NKqVpeqKfx3t7PziMujn9fqRkYWQJLM");
    assert_inner("u1ay3aawlldjrmxqnjf5medr5ma6p3acnet464ht8lmwplq5cd3ugytcmlf96rrmtgwldc"
                 "75x94qn4n8pgen36y8tywlq6yjk7lkf3fa8wzjrav8z2xpxqnrnmjxh8tmz6jhfh425t7f"
                 "3vy6p4pd3zmqayq49efl2c4xydc0gszg660q9p",
                 "");
    assert_inner("XVLhHMPHU98es4dbozjVtdWzVrDjtV5fdx1mHp98tDMoQXb",
                 "rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf");
    assert_inner("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "");
}

static void assert_text(const char *pasted, const char *want)
{
    struct sg_recognised out;
    sg_recognise(&out, pasted, strlen(pasted));
    if (out.verdict < SG_READING_UNCHECKED)
        fail_msg("%s: %s", pasted, out.reason);
    assert_string_equal(out.text, want);
}

static void test_what_clings_to_an_address_is_taken_off(void **state)
{
    (void)state;
    const char *genesis = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    const char *segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    const char *evm = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert_text("  1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\r\n", genesis);
    assert_text("bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=0.1&label=x", genesis);
    assert_text("BITCOIN:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?lightning=LNBC1", segwit);
    assert_text("ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed@1/transfer?x=1", evm);
    assert_text("ethereum:pay-0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", evm);
    assert_text("1A1zP1eP5QGefi2\xc2\xad"
                "DMPTfTL5SLmv7\xe2\x80\x8b"
                "DivfNa\xef\xbb\xbf",
                genesis);
    assert_text("X-avax1ju2khnvkex4u30rt5jm5x8jd3jdfhvawg7ed9x",
                "avax1ju2khnvkex4u30rt5jm5x8jd3jdfhvawg7ed9x");
    assert_text("41a614f803b6fd780986a42c78ec9c7f77e6ded13c", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
}

static void test_what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_reading verdict;
        const char *says;
    } cases[] = {
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", SG_READING_WRONG, "the checksum is wrong"},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf", SG_READING_WRONG, "a letter is missing"},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na", SG_READING_WRONG, "the letter '0'"},
        {"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", SG_READING_WRONG, "the checksum is wrong"},
        {"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTT", SG_READING_WRONG, "the checksum is wrong"},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", SG_READING_WRONG, "the checksum is wrong"},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kvBf3t4", SG_READING_WRONG, "mixes large and small"},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kvbf3t4", SG_READING_WRONG, "has a letter that"},
        {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", SG_READING_WRONG, "EIP-55"},
        {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", SG_READING_WRONG, "39 digits where"},
        {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", SG_READING_WRONG, "no hexadecimal digit"},
        {"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed5aaeb6053f3e94c9b9a09f33", SG_READING_NONE,
         "are a hash"},
        {"qpf2cphc5dkuclkqur7lhj2yuqq9pk3hmukle77vhp", SG_READING_WRONG, "the checksum is wrong"},
        {"49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYKBe5B"
         "2u"
         "fNsM",
         SG_READING_WRONG, "the checksum is wrong"},
        {"1a1zp1ep5qgefi2dmptftl5slmv7divfna", SG_READING_LOST_CASE, "lost their case"},
        {"TR7NHQJEKQXGTCI8Q8ZY4PL8OTSZGJLJ6T", SG_READING_LOST_CASE, "lost their case"},
        {"GD2TRYZSEGDYSBD65KWLTDWAZEJBT5OBJWBHMBSZAERMOCOJWP7DKJWA", SG_READING_WRONG,
         "the checksum is wrong"},
        {"", SG_READING_NONE, "not the form"},
        {"bitcoin:", SG_READING_NONE, "not the form"},
        {"hello", SG_READING_NONE, "not the form"},
        {"d41d8cd98f00b204e9800998ecf8427e", SG_READING_NONE, "not the form"},
        {"Donaudampfschifffahrtsgesellschaft", SG_READING_NONE, "not the form"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_recognised out;
        sg_recognise(&out, cases[i].text, strlen(cases[i].text));
        if (out.verdict != cases[i].verdict || !strstr(out.reason, cases[i].says))
            fail_msg("%s: %s, '%s'", cases[i].text, sg_reading_name(out.verdict), out.reason);
    }
}

static void test_texts_that_are_too_long_or_have_zero_bytes_are_none(void **state)
{
    (void)state;
    char text[2 * SG_RECOGNISE_MAX];
    struct sg_recognised out;
    memset(text, '1', sizeof(text));
    sg_recognise(&out, text, sizeof(text));
    assert_int_equal(out.verdict, SG_READING_NONE);
    assert_string_equal(out.reason, "too long for an address");
    sg_recognise(&out, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\0x", 36);
    assert_int_equal(out.verdict, SG_READING_NONE);
}

/* The system program is zeros, which are a point; the second was found by trying. */
static void test_solana_addresses_are_points_of_the_curve_or_not(void **state)
{
    (void)state;
    const char *point = "11111111111111111111111111111111";
    const char *none = "9BNZwtXQSZgPV5aGnPkKaKQzt75hPTSFb9HRL4vozRtJ";
    assert_non_null(strstr(sg_solana_note(point, strlen(point)), "a point of the curve"));
    assert_non_null(strstr(sg_solana_note(none, strlen(none)), "no point of the curve"));
    assert_null(sg_solana_note("1", 1));
}

/* Every single wrong letter of a form with a checksum is seen. */
static void test_no_single_wrong_letter_passes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
        "qpf2cphc5dkuclkqur7lhj2yuqq9pk3hmukle77vhq"};
    static const char others[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        char text[64];
        struct sg_recognised out;
        snprintf(text, sizeof(text), "%s", texts[i]);
        const size_t size = strlen(text);
        for (size_t at = 0; at < size; at++) {
            for (const char *c = others; *c; c++) {
                text[at] = *c;
                sg_recognise(&out, text, size);
                assert_true(*c == texts[i][at] || out.verdict < SG_READING_VALID);
            }
            text[at] = texts[i][at];
        }
    }
}

static enum sg_status on_found(void *ctx, const struct sg_found *found, struct sg_err *err)
{
    struct sg_buf *log = ctx;
    sg_buf_printf(log, "%u %s%s %s\n", found->line, sg_reading_name(found->what.verdict),
                  found->is_joined ? " joined" : "", found->what.text);
    return sg_buf_check(log, err);
}

static void assert_found(const char *text, const char *want)
{
    struct sg_buf log = SG_BUF_INIT(65536);
    struct sg_err err;
    sg_buf_puts(&log, "");
    CHECK_OK(sg_recognise_text(text, strlen(text), on_found, &log, &err), &err);
    assert_string_equal(log.data ? log.data : "", want);
    sg_buf_clear(&log);
}

static void test_addresses_are_found_in_text_and_csv(void **state)
{
    (void)state;
    assert_found("", "");
    assert_found("The quick brown fox jumps over the lazy dog, 1234567890123456789012345 times.",
                 "");
    assert_found("Pay to bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1.\n",
                 "1 valid 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n");
    assert_found("id,address\n7,\"0xde709f2102306220921060314715629080e2fb77\",x\n"
                 "8,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,y\n",
                 "2 unchecked 0xde709f2102306220921060314715629080e2fb77\n"
                 "3 valid TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t\n");
    assert_found("(wrong: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb; lost "
                 "1a1zp1ep5qgefi2dmptftl5slmv7divfna)",
                 "1 wrong 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb\n"
                 "1 lost-case 1a1zp1ep5qgefi2dmptftl5slmv7divfna\n");
    /* A digest is no address, whatever its length. */
    assert_found("commit da39a3ee5e6b4b0d3255bfef95601890afd80709 of "
                 "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed5aaeb6053f3e94c9b9a09f33",
                 "");
}

static void test_addresses_broken_over_lines_are_put_together(void **state)
{
    (void)state;
    assert_found("sent to 1A1zP1eP5QGefi2DM\n   PTfTL5SLmv7DivfNa on Monday",
                 "1 valid joined 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n");
    assert_found("x\nto 1A1zP1eP5QGefi2DM-\r\nPTfTL5SLmv7DivfNa.",
                 "2 valid joined 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n");
    assert_found("1A1zP1 eP5QGe fi2DMP TfTL5S Lmv7Di vfNa and more",
                 "1 valid joined 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n");
    assert_found("0xde709f21023062209210\n60314715629080e2fb77\nnext",
                 "1 unchecked joined 0xde709f2102306220921060314715629080e2fb77\n");
    assert_found(
        "49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k\n2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqp"
        "DYKBe5B2ufNsL",
        "1 valid joined "
        "49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYK"
        "Be5B2ufNsL\n");
    /* A comma or a full stop between is no break; a checksum that fails joins nothing. */
    assert_found("1A1zP1eP5QGefi2DM, PTfTL5SLmv7DivfNa", "");
    assert_found("1A1zP1eP5QGefi2DM\nPTfTL5SLmv7DivfNb", "");
}

/* Write an address with breaks, none of which leaves a piece of fewer than four letters. */
static void put_broken(struct sg_buf *out, struct sg_rng *rng, const char *address)
{
    static const char *const breaks[] = {"\n",       "\r\n  ",       " ",          "-\n",
                                         "\xc2\xad", "\xe2\x80\x8b", "\xc2\xa0\n", "\t"};
    const size_t size = strlen(address);
    size_t since = 0;
    for (size_t i = 0; i < size; i++) {
        if (since >= 4 && size - i >= 4 && sg_rng_below(rng, 8) == 0) {
            sg_buf_puts(out, breaks[sg_rng_below(rng, SG_COUNT_OF(breaks))]);
            since = 0;
        }
        sg_buf_putc(out, address[i]);
        since++;
    }
}

struct wanted {
    const char *address;
    bool is_found;
};

static enum sg_status on_wanted(void *ctx, const struct sg_found *found, struct sg_err *err)
{
    struct wanted *wanted = ctx;
    (void)err;
    wanted->is_found = wanted->is_found || strcmp(found->what.text, wanted->address) == 0;
    return SG_OK;
}

static void test_addresses_broken_anywhere_in_prose_are_found(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
        "t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL",
        "49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYKBe5B2"
        "uf"
        "NsL"};
    static const char *const words[] = {"received", "The", "Wallet 3,", "to",
                                        "rather",   "1",   "on 2022",   "Transfer"};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 4000; round++) {
        struct wanted wanted = {.address = addresses[sg_rng_below(&rng, SG_COUNT_OF(addresses))]};
        struct sg_buf text = SG_BUF_INIT(4096);
        struct sg_err err;
        for (size_t i = (size_t)sg_rng_below(&rng, 4); i > 0; i--) {
            sg_buf_puts(&text, words[sg_rng_below(&rng, SG_COUNT_OF(words))]);
            sg_buf_putc(&text, ' ');
        }
        put_broken(&text, &rng, wanted.address);
        sg_buf_puts(&text, " and then some more words");
        CHECK_OK(sg_recognise_text(text.data, text.size, on_wanted, &wanted, &err), &err);
        if (!wanted.is_found)
            fail_msg("%s was not found in:\n%s", wanted.address, text.data);
        sg_buf_clear(&text);
    }
}

static enum sg_status find_in_text(void)
{
    struct sg_buf log = SG_BUF_INIT(65536);
    struct sg_err err;
    const char *text = "a 1A1zP1eP5QGefi2DM\nPTfTL5SLmv7DivfNa b c d e f g h i j k l m n o p q r s";
    const enum sg_status st = sg_recognise_text(text, strlen(text), on_found, &log, &err);
    sg_buf_clear(&log);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(find_in_text());
}

static void assert_restored(const char *address, size_t n_kept_small)
{
    char text[64];
    struct sg_restored out;
    struct sg_err err;
    const size_t size = strlen(address);
    snprintf(text, sizeof(text), "%s", address);
    /* Leave the case of the first letters as it is known, so that the test is quick: the search
     * itself does not look at it. */
    for (size_t i = 0; i < size; i++)
        text[i] = (char)tolower(text[i]);
    const unsigned n_free = sg_lost_letters(text, size);
    uint64_t way = 0;
    unsigned bit = 0;
    for (size_t i = 0; i < size; i++)
        if (sg_lost_letters(text + i, 1)) {
            if (isupper(address[i]))
                way |= (uint64_t)1 << bit;
            bit++;
        }
    assert_int_equal(bit, n_free);
    /* The way's place in the Gray code's order. */
    for (unsigned shift = 1; shift < 64; shift *= 2)
        way ^= way >> shift;
    const uint64_t from = way > n_kept_small ? way - n_kept_small : 0;
    CHECK_OK(sg_lost_case_restore(&out, text, size, from, way + 50, &err), &err);
    assert_int_equal(out.n, 1);
    assert_string_equal(out.texts[0], address);
    CHECK_OK(sg_lost_case_restore(&out, text, size, way + 1, way + 50, &err), &err);
    assert_int_equal(out.n, 0);
}

static void test_lost_case_is_restored_where_the_checksum_says_so(void **state)
{
    (void)state;
    assert_restored("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", 1000);
    assert_restored("3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", 1000);
    assert_restored("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", 7);
    assert_restored("t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL", 0);
    assert_restored("1111111111111111111114oLvT2", 100);
}

static enum sg_status restore_some(void)
{
    struct sg_restored out;
    struct sg_err err;
    return sg_lost_case_restore(&out, "1a1zp1ep5qgefi2dmptftl5slmv7divfna", 34, 0, 10, &err);
}

static void test_a_search_refuses_what_it_cannot_restore(void **state)
{
    (void)state;
    struct sg_restored out;
    struct sg_err err;
    CHECK_OOM_SWEEP(restore_some());
    assert_int_equal(sg_lost_case_restore(&out, "", 0, 0, 1, &err), SG_EUSAGE);
    assert_int_equal(sg_lost_case_restore(&out, "1a0", 3, 0, 1, &err), SG_EUSAGE);
    assert_int_equal(sg_lost_case_restore(&out, "a b", 3, 0, 1, &err), SG_EUSAGE);
    char text[70];
    memset(text, '1', sizeof(text));
    assert_int_equal(sg_lost_case_restore(&out, text, 64, 0, 1, &err), SG_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_is_recognised),
        cmocka_unit_test(test_shielded_addresses_of_zcash_are_recognised),
        cmocka_unit_test(test_addresses_inside_others_are_taken_out),
        cmocka_unit_test(test_what_clings_to_an_address_is_taken_off),
        cmocka_unit_test(test_what_is_wrong_is_said),
        cmocka_unit_test(test_texts_that_are_too_long_or_have_zero_bytes_are_none),
        cmocka_unit_test(test_solana_addresses_are_points_of_the_curve_or_not),
        cmocka_unit_test(test_no_single_wrong_letter_passes),
        cmocka_unit_test(test_addresses_are_found_in_text_and_csv),
        cmocka_unit_test(test_addresses_broken_over_lines_are_put_together),
        cmocka_unit_test(test_addresses_broken_anywhere_in_prose_are_found),
        cmocka_unit_test(test_memory_may_end_anywhere),
        cmocka_unit_test(test_lost_case_is_restored_where_the_checksum_says_so),
        cmocka_unit_test(test_a_search_refuses_what_it_cannot_restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
