/* Scripts and addresses: Bitcoin Core's vectors of every network and form, both ways; real
 * addresses of other networks; what must be refused, with the reason. */
#include "support/check.h"
#include "support/json.h"

#include "base/hex.h"
#include "base/rng.h"
#include "formats/address/address.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static enum sg_network network_of(const char *core_name)
{
    static const struct {
        const char *core;
        enum sg_network network;
    } names[] = {{"main", SG_NETWORK_BITCOIN},
                 {"test", SG_NETWORK_TESTNET3},
                 {"testnet4", SG_NETWORK_TESTNET4},
                 {"signet", SG_NETWORK_SIGNET},
                 {"regtest", SG_NETWORK_REGTEST}};
    for (size_t i = 0; i < SG_COUNT_OF(names); i++)
        if (strcmp(names[i].core, core_name) == 0)
            return names[i].network;
    fail_msg("no network %s", core_name);
    return SG_NETWORK_BITCOIN;
}

static void assert_pair(enum sg_network network, const char *text, const char *hex, bool is_written)
{
    uint8_t script[SG_PAYEE_SCRIPT_MAX], want[128];
    char back[SG_PAYEE_TEXT_MAX + 1] = "unset";
    struct sg_payee payee;
    struct sg_err err;
    const size_t size = strlen(hex) / 2;
    assert_true(sg_hex_decode(want, size, hex, 2 * size));
    CHECK_OK(sg_payee_read(&payee, network, text, strlen(text), &err), &err);
    assert_int_equal(sg_payee_to_script(script, &payee), size);
    assert_memory_equal(script, want, size);
    if (!is_written)
        return;
    assert_int_equal(sg_address_from_script(back, network, want, size), SG_OK);
    assert_string_equal(back, text);
}

struct vector {
    char text[256], hex[256], chain[32];
    bool is_key, is_free_case;
    char key[32];
    int n;
    size_t n_done;
};

static void finish_vector(struct vector *v)
{
    if (v->is_key)
        return;
    assert_pair(network_of(v->chain), v->text, v->hex, true);
    if (v->is_free_case) {
        for (char *c = v->text; *c; c++)
            *c = (char)toupper(*c);
        assert_pair(network_of(v->chain), v->text, v->hex, false);
    }
    v->n_done++;
}

static void on_valid(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct vector *v = ctx;
    assert_true(size < sizeof(v->text));
    if (event == JSON_BEGIN_OBJECT)
        v->is_key = v->is_free_case = false;
    if (event == JSON_KEY)
        snprintf(v->key, sizeof(v->key), "%s", text);
    if (event == JSON_STRING && strcmp(v->key, "chain") == 0 && v->n == 2)
        snprintf(v->chain, sizeof(v->chain), "%s", text);
    else if (event == JSON_STRING)
        snprintf(v->n++ == 0 ? v->text : v->hex, sizeof(v->text), "%s", text);
    if (event == JSON_TRUE && strcmp(v->key, "isPrivkey") == 0)
        v->is_key = true;
    if (event == JSON_TRUE && strcmp(v->key, "tryCaseFlip") == 0)
        v->is_free_case = true;
    if (event == JSON_END_OBJECT) {
        finish_vector(v);
        v->n = 0;
        v->key[0] = 0;
    }
}

static void read_vectors(const char *name, json_fn fn, void *ctx)
{
    static char text[65536];
    FILE *file = fopen(sg_test_shared(name), "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_true(json_read(text, size, fn, ctx));
}

static void test_vectors_of_bitcoin_core_both_ways(void **state)
{
    (void)state;
    struct vector v = {.n = 0};
    read_vectors("data/bitcoin/key_io_valid.json", on_valid, &v);
    assert_int_equal(v.n_done, 54);
}

static void on_invalid(void *ctx, enum json_event event, const char *text, size_t size)
{
    size_t *n = ctx;
    if (event != JSON_STRING)
        return;
    for (size_t i = 0; i <= SG_NETWORK_REGTEST; i++) {
        struct sg_payee payee;
        struct sg_err err;
        if (sg_payee_read(&payee, (enum sg_network)i, text, size, &err) == SG_OK)
            fail_msg("%s was taken", text);
        assert_true(err.status == SG_EPARSE && err.text[0]);
    }
    ++*n;
}

static void test_counter_examples_of_bitcoin_core_are_refused(void **state)
{
    (void)state;
    size_t n = 0;
    read_vectors("data/bitcoin/key_io_invalid.json", on_invalid, &n);
    assert_true(n > 50);
}

/* The genesis block's key, and the examples of BIP-173 and BIP-350. */
static void test_the_forms_of_bitcoin(void **state)
{
    (void)state;
    assert_pair(SG_NETWORK_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac", true);
    assert_pair(SG_NETWORK_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "0014751e76e8199196d454941c45d1b3a323f1433bd6", true);
    assert_pair(SG_NETWORK_BITCOIN,
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
                "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", true);
    assert_pair(SG_NETWORK_BITCOIN, "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
                "5210751e76e8199196d454941c45d1b3a323", true);
    assert_pair(SG_NETWORK_BITCOIN, "bc1pfeessrawgf", "51024e73", true);
    assert_pair(SG_NETWORK_TESTNET3,
                "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
                "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433", true);
}

/* On OFAC's list of 2025-11-19; Verge and Dogecoin write a key's hash alike. */
static void test_other_networks_read_and_write_their_own(void **state)
{
    (void)state;
    static const struct {
        enum sg_network network;
        const char *text;
    } cases[] = {
        {SG_NETWORK_LITECOIN, "LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb"},
        {SG_NETWORK_LITECOIN, "M8yFL6SFC6TreATegTyuSYkDfDRbisdpT3"},
        {SG_NETWORK_DASH, "XnPFsRWTaSgiVauosEwQ6dEitGYXgwznz2"},
        {SG_NETWORK_BITCOIN_GOLD, "GPwg61XoHqQPNmAucFACuQ5H9sGCDv9TpS"},
        {SG_NETWORK_VERGE, "DFFJhnQNZf8rf67tYnesPu7MuGUpYtzv7Z"},
        {SG_NETWORK_DOGECOIN, "DFFJhnQNZf8rf67tYnesPu7MuGUpYtzv7Z"},
        {SG_NETWORK_ZCASH, "t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL"},
        {SG_NETWORK_BITCOIN_SV, "12sjrrhoFEsedNRhtgwvvRqjFTh8fZTDX9"},
        {SG_NETWORK_BITCOIN_CASH, "qpf2cphc5dkuclkqur7lhj2yuqq9pk3hmukle77vhq"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char back[SG_PAYEE_TEXT_MAX + 1];
        struct sg_payee payee;
        struct sg_err err;
        CHECK_OK(
            sg_payee_read(&payee, cases[i].network, cases[i].text, strlen(cases[i].text), &err),
            &err);
        assert_int_equal(sg_payee_write(back, cases[i].network, &payee), SG_OK);
        assert_string_equal(back, cases[i].text);
    }
}

static void test_old_and_prefixed_forms_are_read_and_not_written(void **state)
{
    (void)state;
    const char *script = "a91476a04053bda0a88bda5177b86a15c3b29f55987387";
    assert_pair(SG_NETWORK_BITCOIN, "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", script, true);
    assert_pair(SG_NETWORK_LITECOIN, "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", script, false);
    assert_pair(SG_NETWORK_BITCOIN_CASH, "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", script, false);
    assert_pair(SG_NETWORK_BITCOIN_CASH, "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq",
                script, false);
    assert_pair(SG_NETWORK_BITCOIN_CASH, "BITCOINCASH:PPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVN0H829PQ",
                script, false);
}

static void test_reasons_for_refusal_name_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        enum sg_network network;
        const char *text, *says;
    } cases[] = {
        {SG_NETWORK_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "the checksum is wrong"},
        {SG_NETWORK_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "the checksum is wrong"},
        {SG_NETWORK_BITCOIN, "LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb", "version 0x30"},
        {SG_NETWORK_BITCOIN, "2g", "not an address of bitcoin"},
        {SG_NETWORK_BITCOIN, "", "not an address of bitcoin"},
        {SG_NETWORK_BITCOIN, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
         "bech32 instead of bech32m"},
        {SG_NETWORK_BITCOIN_CASH, "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q",
         "the checksum is wrong"},
        {SG_NETWORK_ZCASH, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "21 bytes where"},
        {SG_NETWORK_DASH, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "not an address of dash"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_payee payee;
        struct sg_err err = {0};
        assert_int_equal(
            sg_payee_read(&payee, cases[i].network, cases[i].text, strlen(cases[i].text), &err),
            SG_EPARSE);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%zu: '%s' lacks '%s'", i, err.text, cases[i].says);
    }
}

static void test_scripts_without_an_address_have_none(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "",                                                     /* anyone */
        "6a146f6d6e69000000000000001f000000012a05f200",         /* OP_RETURN */
        "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888",     /* one byte short */
        "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac00", /* one too many */
        "0010751e76e8199196d454941c45d1b3a323",                 /* version 0, 16 bytes */
        "510100",                                               /* a program of one byte */
        "6114751e76e8199196d454941c45d1b3a323f1433bd6",         /* version 17 is OP_NOP */
        "aa2062e907b15cbf27d5425399ebf6f0fb50ebb88f1862e907b15cbf27d5425399eb87", /* P2SH32 */
    };
    for (size_t i = 0; i < SG_COUNT_OF(scripts); i++) {
        uint8_t script[64];
        char text[SG_PAYEE_TEXT_MAX + 1];
        const size_t size = strlen(scripts[i]) / 2;
        assert_true(sg_hex_decode(script, size, scripts[i], 2 * size));
        assert_int_equal(sg_address_from_script(text, SG_NETWORK_BITCOIN, script, size),
                         SG_ENOTFOUND);
    }
    uint8_t taproot[34] = {0x51, 32};
    char text[SG_PAYEE_TEXT_MAX + 1];
    assert_int_equal(sg_address_from_script(text, SG_NETWORK_DASH, taproot, 34), SG_ENOTFOUND);
}

static void test_random_payees_come_back_on_every_network(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 4000; i++) {
        const enum sg_network network = (enum sg_network)sg_rng_below(&rng, SG_NETWORK_COUNT);
        uint8_t script[SG_PAYEE_SCRIPT_MAX];
        char text[SG_PAYEE_TEXT_MAX + 1];
        struct sg_payee payee, back;
        struct sg_err err;
        payee = (struct sg_payee){.kind = (enum sg_payee_kind)sg_rng_below(&rng, 2), .size = 20};
        for (size_t j = 0; j < 20; j++)
            payee.bytes[j] = (uint8_t)sg_rng_next(&rng);
        if (sg_network_info(network)->hrp && i % 2) {
            script[0] = (uint8_t)(0x51 + sg_rng_below(&rng, 16));
            script[1] = (uint8_t)(2 + sg_rng_below(&rng, 39));
            for (size_t j = 0; j < script[1]; j++)
                script[2 + j] = (uint8_t)sg_rng_next(&rng);
            assert_true(sg_payee_from_script(&payee, script, script[1] + 2u));
        }
        assert_int_equal(sg_payee_write(text, network, &payee), SG_OK);
        CHECK_OK(sg_payee_read(&back, network, text, strlen(text), &err), &err);
        assert_int_equal(back.kind, payee.kind);
        assert_int_equal(back.version, payee.version);
        assert_int_equal(back.size, payee.size);
        assert_memory_equal(back.bytes, payee.bytes, payee.size);
    }
}

static void test_networks_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_NETWORK_COUNT; i++) {
        enum sg_network network = SG_NETWORK_BITCOIN;
        assert_int_equal(sg_network_find(&network, sg_network_info((enum sg_network)i)->name),
                         SG_OK);
        assert_int_equal(network, i);
    }
    enum sg_network network;
    assert_int_equal(sg_network_find(&network, "Bitcoin"), SG_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_bitcoin_core_both_ways),
        cmocka_unit_test(test_counter_examples_of_bitcoin_core_are_refused),
        cmocka_unit_test(test_the_forms_of_bitcoin),
        cmocka_unit_test(test_other_networks_read_and_write_their_own),
        cmocka_unit_test(test_old_and_prefixed_forms_are_read_and_not_written),
        cmocka_unit_test(test_reasons_for_refusal_name_what_is_wrong),
        cmocka_unit_test(test_scripts_without_an_address_have_none),
        cmocka_unit_test(test_random_payees_come_back_on_every_network),
        cmocka_unit_test(test_networks_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
