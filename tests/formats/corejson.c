/* Bitcoin Core's verbose transactions: exact values, and each field that is wrong is named. */
#include "support/check.h"

#include "base/hex.h"
#include "formats/corejson/corejson.h"

#include <stdio.h>
#include <string.h>

#define ID "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
#define IN                                                                                         \
    "{\"txid\":\"" ID "\",\"vout\":7,\"sequence\":5,\"prevout\":{\"value\":0.30000000," PAY "}}"
#define PAY "\"scriptPubKey\":{\"asm\":\"\",\"hex\":\"0014aabb\",\"addresses\":[\"x\"]}"
#define OUT "{\"value\":0.1,\"n\":0," PAY "}"
#define TX  "{\"txid\":\"" ID "\",\"locktime\":9,\"vin\":[" IN "],\"vout\":[" OUT "]}"

static enum sg_status parse(struct sg_core_tx *tx, struct sg_arena *arena, const char *text,
                            struct sg_err *err)
{
    return sg_core_tx_parse(tx, arena, text, strlen(text), err);
}

static void test_a_transaction_is_read_with_what_it_spends(void **state)
{
    (void)state;
    static const char *const texts[] = {TX, "{\"result\":" TX ",\"error\":null}",
                                        "{\"tx\":" TX "}"};
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_core_tx tx;
        struct sg_err err;
        char text[SG_BTC_HASH_TEXT_MAX];
        CHECK_OK(parse(&tx, &arena, texts[i], &err), &err);
        assert_string_equal(sg_btc_hash_text(text, tx.txid), ID);
        assert_int_equal(tx.n_in, 1);
        assert_int_equal(tx.n_spent, 1);
        assert_int_equal(tx.ins[0].index, 7);
        assert_int_equal(tx.ins[0].sequence, 5);
        assert_int_equal(tx.spent[0].sat, 30000000);
        assert_int_equal(tx.outs[0].sat, 10000000);
        assert_int_equal(tx.outs[0].script_size, 4);
        assert_memory_equal(tx.outs[0].script, "\x00\x14\xaa\xbb", 4);
        assert_int_equal(tx.locktime, 9);
        assert_false(tx.coinbase);
        sg_arena_clear(&arena);
    }
}

static void test_values_are_exact_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t sat;
    } good[] = {
        {"0", 0},
        {"0.00000001", 1},
        {"1e-8", 1},
        {"1.5E-05", 1500},
        {"50", 5000000000},
        {"20999999.97690000", 2099999997690000},
        {"1e+2", 10000000000},
        {"0.1000000000", 10000000},
        {"92233720368.54775807", INT64_MAX},
    };
    static const char *const bad[] = {"",
                                      "-1",
                                      "1e-9",
                                      "0.000000001",
                                      "1e",
                                      "1e-",
                                      "1e999",
                                      "0x10",
                                      ".",
                                      "1.2.3",
                                      "1 ",
                                      "true",
                                      "92233720368.54775808",
                                      "99999999999999999999"};
    struct sg_err err;
    uint64_t sat;
    for (size_t i = 0; i < SG_COUNT_OF(good); i++) {
        sat = 77;
        CHECK_OK(sg_core_value(&sat, good[i].text, strlen(good[i].text), &err), &err);
        assert_true(sat == good[i].sat);
    }
    for (size_t i = 0; i < SG_COUNT_OF(bad); i++) {
        sat = 77;
        assert_int_equal(sg_core_value(&sat, bad[i], strlen(bad[i]), &err), SG_EPARSE);
        assert_true(sat == 77);
    }
}

static void test_the_field_that_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"{}", "\"txid\" is missing or not 64 hexadecimal digits"},
        {"{\"txid\":\"" ID "\",\"vin\":[],\"vout\":[" OUT "]}",
         "\"vin\" is missing, empty or no array"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN "]}", "\"vout\" is missing, empty or no array"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN ",{\"txid\":\"" ID "\",\"vout\":-1}],\"vout\":[" OUT
         "]}",
         "input 1: \"vout\" is missing or not what it should be"},
        {"{\"txid\":\"" ID "\",\"vin\":[5],\"vout\":[" OUT "]}",
         "input 0: \"txid\" is missing or not what it should be"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN "],\"vout\":[{\"value\":-1," PAY "}]}",
         "output 0: a value is no amount in whole coins with 8 decimals"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN "],\"vout\":[{\"value\":1,\"n\":1," PAY "}]}",
         "output 0: \"n\" is missing or not what it should be"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN
         "],\"vout\":[{\"value\":1,\"scriptPubKey\":{\"hex\":\"0g\"}}]}",
         "output 0: \"scriptPubKey.hex\" is missing or not what it should be"},
        {"{\"txid\":\"" ID "\",\"vin\":[" IN ",{\"coinbase\":\"00\"}],\"vout\":[" OUT "]}",
         "a coinbase has 2 inputs"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_core_tx tx;
        struct sg_err err;
        assert_int_equal(parse(&tx, &arena, cases[i].text, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].sentence);
        sg_arena_clear(&arena);
    }
}

static void test_an_address_stands_for_a_script_that_is_not_there(void **state)
{
    (void)state;
    static const char *const pays[] = {
        "{\"address\":\"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\"}",
        "{\"addresses\":[\"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\"]}"};
    for (size_t i = 0; i < SG_COUNT_OF(pays); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_core_tx tx;
        struct sg_err err;
        char text[1024];
        snprintf(text, sizeof(text),
                 "{\"txid\":\"" ID "\",\"vin\":[" IN
                 "],\"vout\":[{\"value\":1,\"scriptPubKey\":%s}]}",
                 pays[i]);
        CHECK_OK(parse(&tx, &arena, text, &err), &err);
        assert_int_equal(tx.outs[0].script_size, 22);
        assert_memory_equal(tx.outs[0].script, "\x00\x14\x75\x1e\x76\xe8", 6);
        sg_arena_clear(&arena);
    }
}

/* A made-up transaction with a witness and a negative version, in fields and in bytes. */
#define TXBYTES                                                                                    \
    "feffffff"                                                                                     \
    "0001"                                                                                         \
    "01"                                                                                           \
    "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"                             \
    "07000000"                                                                                     \
    "0151"                                                                                         \
    "05000000"                                                                                     \
    "01"                                                                                           \
    "8096980000000000"                                                                             \
    "040014aabb"                                                                                   \
    "02"                                                                                           \
    "00"                                                                                           \
    "0333aabb"                                                                                     \
    "09000000"
#define TXFIELDS                                                                                   \
    "{\"version\":-2,\"locktime\":9,\"vin\":[{\"txid\":\"" ID                                      \
    "\",\"vout\":7,\"sequence\":5,\"scriptSig\":{\"hex\":\"51\"},\"txinwitness\":[\"\","           \
    "\"33aabb\"]}],"                                                                               \
    "\"vout\":[{\"value\":0.1," PAY "}]}"
#define HEADER                                                                                     \
    "\"hash\":\"000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f\",\"version\":1," \
    "\"merkleroot\":\"" ID "\",\"time\":1231006505,\"nonce\":2083236893,\"bits\":\"1d00ffff\""

static enum sg_status block_bytes(struct sg_buf *raw, const char *text, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const enum sg_status st = sg_core_block_bytes(raw, &arena, text, strlen(text), err);
    sg_arena_clear(&arena);
    return st;
}

static void test_a_blocks_fields_are_its_bytes_again(void **state)
{
    (void)state;
    static const char *const texts[] = {"{" HEADER ",\"tx\":[" TXFIELDS "]}",
                                        "{\"result\":{" HEADER ",\"tx\":[{\"hex\":\"" TXBYTES
                                        "\"}]}}"};
    uint8_t want[256];
    const size_t n = strlen(TXBYTES) / 2;
    assert_true(sg_hex_decode(want, n, TXBYTES, 2 * n));
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        struct sg_buf raw = SG_BUF_INIT(SG_BTC_BLOCK_BYTES_MAX);
        struct sg_err err;
        CHECK_OK(block_bytes(&raw, texts[i], &err), &err);
        assert_int_equal(raw.size, SG_BTC_HEADER + 1 + n);
        assert_int_equal(raw.data[SG_BTC_HEADER], 1);
        assert_memory_equal(raw.data + SG_BTC_HEADER + 1, want, n);
        sg_buf_clear(&raw);
    }
}

static void test_a_blocks_field_that_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"{}", "block: \"version\" is missing or not what it should be"},
        {"{" HEADER "}", "block: \"tx\" is missing or not what it should be"},
        {"{" HEADER ",\"tx\":[\"" ID "\"]}",
         "the transactions are only named: ask the node with verbosity 2 or 3"},
        {"{" HEADER ",\"tx\":[{\"hex\":\"0g\"}]}",
         "transaction 0: \"hex\" is missing or not what it should be"},
        {"{" HEADER ",\"tx\":[{\"version\":1,\"vin\":[{}],\"vout\":[]}]}",
         "transaction 0: \"vin.txid\" is missing or not what it should be"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_buf raw = SG_BUF_INIT(SG_BTC_BLOCK_BYTES_MAX);
        struct sg_err err;
        assert_int_equal(block_bytes(&raw, cases[i].text, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].sentence);
        sg_buf_clear(&raw);
    }
}

static enum sg_status parse_and_drop(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_core_tx tx;
    const enum sg_status st = parse(&tx, &arena, TX, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_transaction_is_read_with_what_it_spends),
        cmocka_unit_test(test_values_are_exact_or_refused),
        cmocka_unit_test(test_the_field_that_is_wrong_is_named),
        cmocka_unit_test(test_an_address_stands_for_a_script_that_is_not_there),
        cmocka_unit_test(test_a_blocks_fields_are_its_bytes_again),
        cmocka_unit_test(test_a_blocks_field_that_is_wrong_is_named),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
