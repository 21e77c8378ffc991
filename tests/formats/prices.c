/* Prices: both forms give the same table, look-ups know what is unknown, values are exact. */
#include "support/check.h"

#include "base/rng.h"
#include "formats/prices/prices.h"

#include <stdio.h>
#include <string.h>

static struct sg_arena arena = SG_ARENA_INIT;

static int clear_arena(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

static struct sg_prices parse(const char *text)
{
    struct sg_prices prices;
    struct sg_err err;
    CHECK_OK(sg_prices_parse(&prices, &arena, text, strlen(text), &err), &err);
    return prices;
}

#define DAY(n) ((int64_t)(n)*86400)

static void check_price(const struct sg_prices *prices, const char *symbol, int64_t time_unix_s,
                        uint64_t usd_e8)
{
    const struct sg_price *price = sg_prices_find(prices, symbol, time_unix_s);
    assert_non_null(price);
    assert_int_equal(price->usd_e8, usd_e8);
    assert_string_equal(price->source, "Somebody");
}

static void check_table(const struct sg_prices *prices)
{
    assert_int_equal(prices->count, 4);
    check_price(prices, "ETH", DAY(19074), 303706000000);
    check_price(prices, "ETH", DAY(19075) - 1, 303706000000);
    check_price(prices, "ETH", DAY(19075), 311012345678);
    check_price(prices, "BTC", DAY(19074) + 5, 4289200000000);
    check_price(prices, "X", DAY(-1), 1);
    check_price(prices, "X", DAY(0) - 1, 1);
    assert_null(sg_prices_find(prices, "ETH", DAY(19076)));
    assert_null(sg_prices_find(prices, "ETH", DAY(19074) - 1));
    assert_null(sg_prices_find(prices, "eth", DAY(19074)));
    assert_null(sg_prices_find(prices, "X", DAY(0)));
    assert_null(sg_prices_find(prices, "ETH", SG_TIME_UNKNOWN));
}

static void test_csv_and_json_give_the_same_table(void **state)
{
    (void)state;
    const struct sg_prices csv = parse("asset,date,usd,source\r\n"
                                       "ETH,2022-03-24,3110.12345678,Somebody\r\n"
                                       "BTC,2022-03-23,42892,\"Somebody\"\r\n"
                                       "ETH,2022-03-23,3037.0600000000,Somebody\r\n"
                                       "X,1969-12-31,0.00000001,Somebody\r\n");
    check_table(&csv);
    const struct sg_prices json = parse(
        "\n {\"metadata\": {\"source\": \"Somebody\", \"currency\": \"USD\", \"x\": [1, {}]},\n"
        "\"coins\": {\"ETH\": {\"name\": \"Ether\\/\", \"prices\": [\n"
        "{\"date\": \"2022-03-23\", \"price\": 3037.06}, {\"date\": \"2022-03-24\", \"price\": "
        "3110.12345678}]},\n"
        "\"BTC\": {\"prices\": [{\"price\": 42892.0, \"date\": \"2022-03-23\"}]},\n"
        "\"X\": {\"prices\": [{\"price\": 0.00000001, \"date\": \"1969-12-31\"}]}}}\n");
    check_table(&json);
}

static void test_an_empty_table_knows_nothing(void **state)
{
    (void)state;
    const struct sg_prices none = parse("date,asset,usd,source\n");
    assert_int_equal(none.count, 0);
    assert_null(sg_prices_find(&none, "ETH", 0));
}

static void test_refusals_say_where_and_why(void **state)
{
    (void)state;
#define HEADER "date,asset,usd,source\n"
#define ABOUT  "{\"metadata\": {\"source\": \"S\", \"currency\": \"USD\"},\n"
    static const struct {
        const char *text;
        enum sg_status status;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"", SG_EPARSE, 1, 1, "no header"},
        {"day,asset,usd,source\n", SG_EPARSE, 1, 1, "unknown column 'day'"},
        {"date,asset,usd\n", SG_EPARSE, 1, 1, "there is no column 'source'"},
        {HEADER "2022-03-23,ETH,1,\n", SG_EPARSE, 2, 18, "nothing under 'source'"},
        {HEADER "2022-03-32,ETH,1,S\n", SG_EPARSE, 2, 1, "'2022-03-32' is no day"},
        {HEADER "2022-03-23T00:00:00Z,ETH,1,S\n", SG_EPARSE, 2, 1, "is no day"},
        {HEADER "2022-03-23,ETH,0.0,S\n", SG_EPARSE, 2, 16, "'0.0' is no price"},
        {HEADER "2022-03-23,ETH,-1,S\n", SG_EPARSE, 2, 16, "'-1' is no price"},
        {HEADER "2022-03-23,ETH,1e3,S\n", SG_EPARSE, 2, 16, "'1e3' is no price"},
        {HEADER "2022-03-23,ETH,0.123456789,S\n", SG_EPARSE, 2, 16, "at most 8 decimals"},
        {HEADER "2022-03-23,ETH,184467440738,S\n", SG_ELIMIT, 2, 16, "no coin is worth that"},
        {HEADER "2022-03-23,ETH,1,S\n2022-03-23,ETH,1,S\n", SG_EPARSE, 3, 1,
         "a second price of 'ETH' on this day; the first is at line 2"},
        {"{", SG_EPARSE, 2, 1, "not YAML"},
        {"{}", SG_EPARSE, 1, 1, "'metadata' is missing"},
        {"{\"metadata\": {\"source\": \"S\", \"currency\": \"EUR\"}}", SG_EPARSE, 1, 42,
         "prices in 'EUR'"},
        {ABOUT "\"coins\": []}", SG_EPARSE, 2, 10, "'coins' must be a mapping, not a list"},
        {ABOUT "\"coins\": {\"ETH\": {}}}", SG_EPARSE, 2, 18, "'prices' is missing"},
        {ABOUT "\"coins\": {\"ETH\": {\"prices\": [7]}}}", SG_EPARSE, 2, 30, "'date' is missing"},
        {ABOUT "\"coins\": {\"ETH\": {\"prices\": [{\"date\": \"2022-03-23\", \"price\": null}]}}}",
         SG_EPARSE, 2, 62, "'null' is no price"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_prices prices = {NULL, 77};
        struct sg_err err;
        const enum sg_status st =
            sg_prices_parse(&prices, &arena, cases[i].text, strlen(cases[i].text), &err);
        if (st != cases[i].status || err.status != st || err.line != cases[i].line ||
            err.column != cases[i].column || !strstr(err.text, cases[i].says))
            fail_msg("case %zu: %s at %u:%u: %s", i, sg_status_name(st), (unsigned)err.line,
                     (unsigned)err.column, err.text);
        assert_int_equal(prices.count, 77);
    }
}

static struct sg_amount amount(const char *text, unsigned decimals)
{
    struct sg_amount a = SG_AMOUNT_ZERO;
    assert_int_equal(sg_amount_parse(&a, text, strlen(text), decimals, NULL), SG_OK);
    return a;
}

static void test_values_worked_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *amount;
        unsigned decimals;
        uint64_t usd_e8;
        const char *value;
    } cases[] = {
        {"173600", 18, 303706000000, "527233616.00000000"},
        {"25500000", 6, 100000000, "25500000.00000000"},
        {"0.000000000000000001", 18, 303706000000, "0.00000000"},
        {"0.000000000003292658", 18, 303706000000, "0.00000000"},
        {"0.000000000003292659", 18, 303706000000, "0.00000001"},
        {"3", 0, 33333333, "0.99999999"},
        {"3.40282366920938463463374607431768211455", 38, 1, "0.00000003"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const struct sg_price price = {.usd_e8 = cases[i].usd_e8};
        struct sg_amount value;
        struct sg_err err;
        char text[SG_AMOUNT_TEXT_MAX];
        CHECK_OK(sg_price_value(&value, amount(cases[i].amount, cases[i].decimals),
                                cases[i].decimals, &price, &err),
                 &err);
        assert_string_equal(sg_amount_format(text, value, SG_USD_DECIMALS), cases[i].value);
    }
}

static void test_a_value_beyond_128_bits_is_refused(void **state)
{
    (void)state;
    const struct sg_price price = {.usd_e8 = 2};
    struct sg_amount value = sg_amount_from(5);
    assert_int_equal(sg_price_value(&value, sg_amount_from(~(sg_u128)0), 0, &price, NULL),
                     SG_ELIMIT);
    assert_true(sg_amount_cmp(value, sg_amount_from(5)) == 0);
}

/* Goal: the value is the floor of the exact quotient. Method: amounts below 2^64 and prices below
 * 2^63, where 128 bits hold the product, against plain division. */
static void test_values_are_the_floor_of_the_exact_quotient(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 20000; i++) {
        const unsigned decimals = (unsigned)sg_rng_below(&rng, 19);
        const uint64_t units = sg_rng_next(&rng) >> sg_rng_below(&rng, 64);
        const struct sg_price price = {.usd_e8 =
                                           1 + (sg_rng_next(&rng) >> 1 >> sg_rng_below(&rng, 63))};
        sg_u128 unit = 1;
        for (unsigned d = 0; d < decimals; d++)
            unit *= 10;
        struct sg_amount value;
        assert_int_equal(sg_price_value(&value, sg_amount_from(units), decimals, &price, NULL),
                         SG_OK);
        const sg_u128 expected = (sg_u128)units * price.usd_e8 / unit;
        assert_int_equal(sg_amount_cmp(value, sg_amount_from(expected)), 0);
    }
}

static void test_the_collected_table_is_read_whole(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    struct sg_err err;
    struct sg_prices prices;
    FILE *file = fopen(sg_test_shared("data/prices/prices_eth_btc_sol_daily.json"), "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    CHECK_OK(sg_prices_parse(&prices, &arena, bytes, size, &err), &err);
    assert_int_equal(prices.count, 3719 + 3719 + 2325);
    const struct sg_price *first = sg_prices_find(&prices, "ETH", 1466035200);
    assert_non_null(first);
    assert_int_equal(first->usd_e8, 2061000000);
    assert_string_equal(first->source, "CryptoCompare");
    assert_null(sg_prices_find(&prices, "ETH", 1466035199));
}

static enum sg_status parse_and_drop(const char *text)
{
    struct sg_arena scratch = SG_ARENA_INIT;
    struct sg_prices prices;
    const enum sg_status st = sg_prices_parse(&prices, &scratch, text, strlen(text), NULL);
    sg_arena_clear(&scratch);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop(HEADER "2022-03-23,ETH,1,S\n2022-03-24,ETH,1,\"S\"\n"));
    CHECK_OOM_SWEEP(parse_and_drop(
        ABOUT "\"coins\": {\"E\": {\"prices\": [{\"date\": \"2022-03-23\", \"price\": 1}]}}}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_csv_and_json_give_the_same_table, clear_arena),
        cmocka_unit_test_teardown(test_an_empty_table_knows_nothing, clear_arena),
        cmocka_unit_test_teardown(test_refusals_say_where_and_why, clear_arena),
        cmocka_unit_test(test_values_worked_by_hand),
        cmocka_unit_test(test_a_value_beyond_128_bits_is_refused),
        cmocka_unit_test(test_values_are_the_floor_of_the_exact_quotient),
        cmocka_unit_test_teardown(test_the_collected_table_is_read_whole, clear_arena),
        cmocka_unit_test(test_without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
