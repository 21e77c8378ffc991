/* Decoders: each table of each source, as CSV and as JSON, to the records written beside it; and
 * every kind of bad line with the sentence that it gets. Addresses and hashes are shortened by A,
 * B, H: 20 and 32 bytes that begin with the digits given. */
#include "support/check.h"
#include "support/records.h"

#include <stdio.h>
#include <string.h>

#define Z36  "000000000000000000000000000000000000"
#define A(x) "0x" #x Z36
#define H(x) "0x" #x Z36 "000000000000000000000000"

static struct sg_test_seen seen;

/* A bad row is told at the begin of its line. */
static void check_offsets(const char *text)
{
    for (size_t i = 0; i < seen.n_bad; i++) {
        const char *at = text;
        for (uint64_t line = 1; line < seen.bad[i].line; line++)
            at = strchr(at, '\n') + 1;
        assert_int_equal(seen.bad[i].offset, at - text + (*text == '['));
    }
}

/* Decode the text whole and in pieces: both must give the lines wanted; NULL behind the last. */
static void check_lines(enum sg_source_format format, const char *chain, const char *text,
                        const char *const *wanted)
{
    static const size_t steps[] = {1, 13, 100000};
    for (size_t s = 0; s < SG_COUNT_OF(steps); s++) {
        struct sg_err err;
        size_t n = 0;
        CHECK_OK(sg_test_decode(&seen, format, chain, text, strlen(text), steps[s], &err), &err);
        for (; wanted[n] && n < seen.n_lines; n++)
            assert_string_equal(seen.lines[n], wanted[n]);
        assert_null(wanted[n]);
        assert_int_equal(n, seen.n_lines);
        check_offsets(text);
    }
}

static void check_error(enum sg_source_format format, const char *chain, const char *text,
                        const char *sentence)
{
    struct sg_err err;
    const enum sg_status st =
        sg_test_decode(&seen, format, chain, text, strlen(text), 100000, &err);
    assert_int_equal(st, SG_EPARSE);
    assert_string_equal(err.text, sentence);
}

#define ETHERSCAN SG_SOURCE_ETHERSCAN
#define ETL       SG_SOURCE_ETHEREUM_ETL
#define TRANSFERS SG_SOURCE_TRANSFERS

static void test_txlist_as_csv(void **state)
{
    (void)state;
    check_lines(
        ETHERSCAN, "ethereum",
        "\xef\xbb\xbf"
        "blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,"
        "isError,txreceipt_status,contractAddress,input\r\n"
        "1,1648041417," H(aa01) ",7," A(0a0a) "," A(
            0b0b) ",5,3,21000,0,1,,0x\r\n"
                  "2,1648041418," H(aa02) ",0," A(0a0a) ",,5,,,1,0," A(
                      0c0c) ",0x6060\r\n"
                            "3,1648041419," H(aa03) ",0," A(0A0a) "," A(0a0a) ",0,,,,,,\r\n",
        (const char *[]){"TX 1 aa01 ti=7 t=1648041417 0a0a>0b0b 5 ok price=3 used=21000",
                         "TX 2 aa02 ti=0 t=1648041418 0a0a>0c0c 5 failed create",
                         "TX 3 aa03 ti=0 t=1648041419 0a0a>0a0a 0", NULL});
    assert_string_equal(seen.table, "etherscan txlist csv");
    assert_true(seen.has_account);
    assert_int_equal(seen.account.bytes[0], 0x0a);
}

#define TX_JSON(number, error)                                                                     \
    "{\"blockNumber\":\"" #number "\",\"timeStamp\":\"1648041417\",\"hash\":\"" H(                 \
        aa01) "\","                                                                                \
              "\"from\":\"" A(0a0a) "\",\"to\":\"" A(                                              \
                  0b0b) "\",\"value\":\"5\",\"isError\":\"" #error "\"}"

static void test_txlist_as_json(void **state)
{
    (void)state;
    static const char *const wanted[] = {"TX 1 aa01 t=1648041417 0a0a>0b0b 5 ok",
                                         "TX 2 aa01 t=1648041417 0a0a>0b0b 5 failed", NULL};
    check_lines(
        ETHERSCAN, "ethereum",
        "{\"status\":\"1\",\"message\":\"OK\",\"result\":[" TX_JSON(1, 0) "," TX_JSON(2, 1) "]}",
        wanted);
    check_lines(ETHERSCAN, "ethereum", "[" TX_JSON(1, 0) ",\n" TX_JSON(2, 1) "]\n", wanted);
    check_lines(ETHERSCAN, "ethereum", TX_JSON(1, 0) "\n" TX_JSON(2, 1) "\n", wanted);
    assert_string_equal(seen.table, "etherscan txlist json");
    assert_false(seen.has_account); /* Two addresses stand in every row. */
}

static void test_answers_without_rows(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "{\"status\":\"0\",\"message\":\"No transactions found\",\"result\":[]}",
                (const char *[]){NULL});
    assert_int_equal(seen.kinds, 0);
    check_error(ETHERSCAN, "ethereum",
                "{\"status\":\"0\",\"message\":\"NOTOK\",\"result\":\"Max rate limit reached\"}",
                "the file is an error answer of the API: Max rate limit reached");
}

static void test_txlistinternal(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "blockNumber,timeStamp,hash,from,to,value,contractAddress,input,type,gas,gasUsed,"
                "traceId,isError,errCode\n"
                "1,1648041417," H(aa01) "," A(0a0a) "," A(
                    0b0b) ",5,,,call,0,0,0_1,0,\n"
                          "1,1648041417," H(aa01) "," A(0a0a) ",,5," A(
                              0c0c) ",,create,0,0,0_2,1,out of gas\n"
                                    "1,1648041417," H(aa01) "," A(0a0a) "," A(
                                        0b0b) ",5,,,delegatecall,0,0,0_3,0,\n",
                (const char *[]){"INTERNAL 1 aa01 t=1648041417 0a0a>0b0b 5 ok",
                                 "INTERNAL 1 aa01 t=1648041417 0a0a>0c0c 5 failed create", NULL});
    assert_string_equal(seen.table, "etherscan txlistinternal csv");
    assert_int_equal(seen.kinds, 1u << SG_RECORD_INTERNAL);
}

#define MAX256  "115792089237316195423570985008687907853269984665640564039457584007913129639935"
#define OVER256 "115792089237316195423570985008687907853269984665640564039457584007913129639936"

/* The gas is that of the transaction: one receipt, however many of its rows follow each other. */
static void test_tokentx(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "blockNumber,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,"
                "transactionIndex,gasPrice,gasUsed\n"
                "1," H(aa01) "," A(0a0a) "," A(dddd) "," A(
                    0b0b) ",5,USD Coin,USDC,6,3,2,100\n"
                          "1," H(aa01) "," A(0b0b) "," A(dddd) "," A(
                              0a0a) "," MAX256 ",,,,3,2,100\n"
                                    "1," H(aa02) "," A(0000) "," A(dddd) "," A(
                                        0a0a) ",1,,,99,4,,\n"
                                              "1," H(aa02) "," A(0a0a) "," A(dddd) "," A(
                                                  0a0a) "," OVER256 ",,,,4,,\n",
                (const char *[]){"TOKEN 1 aa01 ti=3 0a0a>0b0b 5 token=dddd symbol=USDC decimals=6",
                                 "RECEIPT 1 aa01 ti=3 > 0 ok price=2 used=100",
                                 "TOKEN 1 aa01 ti=3 0b0b>0a0a 0 token=dddd out-of-range",
                                 "TOKEN 1 aa02 ti=4 >0a0a 1 token=dddd",
                                 "BAD 5 value: the amount needs more than 256 bits", NULL});
    assert_string_equal(seen.table, "etherscan tokentx csv");
}

static void test_tokens_that_are_not_fungible_are_bad_rows(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "blockNumber,hash,from,to,contractAddress,tokenID,value\n"
                "1," H(aa01) "," A(0a0a) "," A(0b0b) "," A(dddd) ",77,\n",
                (const char *[]){"BAD 2 not a fungible token: it has a tokenID", NULL});
}

/* Whatever is left of a token's row, it must not pass for a row of the native asset. */
static void test_a_token_row_never_counts_as_native(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "blockNumber,hash,from,to,value,contractAddress,gasPrice\n"
                "1," H(aa01) "," A(0a0a) "," A(0b0b) ",5," A(dddd) ",2\n",
                (const char *[]){"BAD 2 a receiver and a contract: is this a token's row?", NULL});
}

static void test_the_website_s_exports(void **state)
{
    (void)state;
    check_lines(
        ETHERSCAN, "ethereum",
        "\"Transaction Hash\",\"Blockno\",\"UnixTimestamp\",\"DateTime (UTC)\",\"From\","
        "\"To\",\"ContractAddress\",\"Value_IN(ETH)\",\"Value_OUT(ETH)\","
        "\"CurrentValue @ $2038.09/Eth\",\"TxnFee(ETH)\",\"TxnFee(USD)\","
        "\"Historical $Price/Eth\",\"Status\",\"ErrCode\",\"Method\"\n"
        "\"" H(aa01) "\",\"1\",\"1648041417\",\"2022-03-23 13:16:57\",\"" A(0a0a) "\",\"" A(
            0b0b) "\",\"\",\"1,056.9\",\"0\",\"1\",\"0.000441\",\"1\",\"1\",\"\",\"\",\"x\"\n"
                  "\"" H(aa02) "\",\"1\",\"1648041417\",\"2022-03-23 13:16:57\",\"" A(
                      0a0a) "\",\"" A(0b0b) "\",\"\",\"0\",\"0.5\",\"1\",\"0\",\"1\",\"1\",\"Error("
                                            "0)\",\"out of gas\",\"x\"\n"
                                            "\"" H(aa03) "\",\"1\",\"1648041417\",\"2022-03-23 "
                                                         "13:16:57\",\"" A(0a0a) "\",\"" A(
                                                             0b0b) "\",\"\",\"0\",\"1E-05\",\"1\","
                                                                   "\"0\",\"1\",\"1\",\"\",\"\","
                                                                   "\"x\"\n",
        (const char *[]){"TX 1 aa01 t=1648041417 0a0a>0b0b 1056900000000000000000 ok "
                         "fee=441000000000000",
                         "TX 1 aa02 t=1648041417 0a0a>0b0b 500000000000000000 failed fee=0",
                         "BAD 4 Value_OUT(ETH): not an amount in whole coins, with all digits",
                         NULL});
    assert_string_equal(seen.table, "etherscan website native csv");
    check_lines(
        ETHERSCAN, "ethereum",
        "\"Txhash\",\"Blockno\",\"UnixTimestamp\",\"ParentTxFrom\",\"ParentTxTo\","
        "\"ParentTxETH_Value\",\"From\",\"TxTo\",\"ContractAddress\",\"Value_IN(ETH)\","
        "\"Value_OUT(ETH)\",\"Status\",\"ErrCode\",\"Type\"\n"
        "\"" H(aa01) "\",\"1\",\"1648041417\",\"x\",\"y\",\"9\",\"" A(0a0a) "\",\"" A(
            0b0b) "\",\"\",\"2\",\"0\",\"0\",\"\",\"call\"\n",
        (const char *[]){"INTERNAL 1 aa01 t=1648041417 0a0a>0b0b 2000000000000000000 ok", NULL});
    check_error(ETHERSCAN, "ethereum",
                "\"Txhash\",\"Blockno\",\"UnixTimestamp\",\"From\",\"To\",\"TokenValue\","
                "\"USDValueDayOfTx\",\"ContractAddress\",\"TokenName\",\"TokenSymbol\"\n",
                "etherscan website tokens: the website's token export gives whole units without "
                "the token's decimals, so its amounts have no base units; give the API's tokentx");
    check_error(ETHERSCAN, "ethereum",
                "\"Txhash\",\"Blockno\",\"From\",\"To\",\"Value_IN(BNB)\",\"Value_OUT(BNB)\"\n",
                "wrong chain: values are in (BNB), those of ethereum in ETH");
}

static void test_bad_fields_are_named(void **state)
{
    (void)state;
#define HEADER "blockNumber,hash,from,to,value,gasPrice\n"
    static const struct {
        const char *row, *wanted;
    } cases[] = {
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",-5,\n", "BAD 2 value: the amount is negative"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",0.5,\n",
         "BAD 2 value: the amount has a fraction: base units are whole"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",5.0,\n",
         "BAD 2 value: the amount has a fraction: base units are whole"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",3.2e22,\n",
         "BAD 2 value: the amount has a fraction: base units are whole"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",3e22,\n",
         "BAD 2 value: the amount is rounded: it has an exponent"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",0x5,\n",
         "BAD 2 value: the amount has a character that is not a digit"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) "," MAX256 ",\n",
         "BAD 2 value: the amount needs more than 128 bits"},
        {"1," H(aa01) "," A(0a0a) "," A(0b0b) ",,\n", "BAD 2 value: it is empty"},
        {"1," H(aa01) ",," A(0b0b) ",5,\n", "BAD 2 from: it is empty"},
        {"1," H(aa01) "," A(0a0g) "," A(0b0b) ",5,\n",
         "BAD 2 from: not an address: 0x and 40 hex digits are expected"},
        {"1,0xabc," A(0a0a) "," A(0b0b) ",5,\n",
         "BAD 2 hash: not a hash: 64 hex digits are expected"},
        {"x," H(aa01) "," A(0a0a) "," A(0b0b) ",5,\n", "BAD 2 blockNumber: not a whole number"},
        {"99999999999999999999," H(aa01) "," A(0a0a) "," A(0b0b) ",5,\n",
         "BAD 2 blockNumber: the number is too large"},
        {"1," H(aa01) "," A(0a0a) "\n", "BAD 2 3 fields, the header has 6"},
        {"1,\"" H(aa01) "," A(0a0a) "\n", "BAD 2 a quote is never closed"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char text[512] = HEADER;
        memcpy(text + strlen(HEADER), cases[i].row, strlen(cases[i].row) + 1);
        check_lines(ETHERSCAN, "ethereum", text, (const char *[]){cases[i].wanted, NULL});
    }
}

static void test_a_symbol_that_is_not_utf8_is_a_bad_row_in_both_forms(void **state)
{
    (void)state;
    check_lines(ETHERSCAN, "ethereum",
                "blockNumber,hash,from,to,value,contractAddress,tokenSymbol\n"
                "1," H(aa01) "," A(0a0a) "," A(0b0b) ",5," A(dddd) ",U\xff"
                                                                   "D\n",
                (const char *[]){"BAD 2 tokenSymbol: not UTF-8", NULL});
    check_lines(ETHERSCAN, "ethereum",
                "[{\"blockNumber\":\"1\",\"hash\":\"" H(aa01) "\",\"from\":\"" A(
                    0a0a) "\",\"to\":"
                          "\"" A(0b0b) "\",\"value\":\"5\",\"contractAddress\":\"" A(
                              dddd) "\","
                                    "\"tokenSymbol\":\"U\xff"
                                    "D\"}]",
                (const char *[]){"BAD 1 tokenSymbol: not UTF-8", NULL});
}

/* A symbol is cut in front of the character that does not fit. */
static void test_long_symbols_are_cut_at_a_character(void **state)
{
    (void)state;
    struct sg_err err;
    const char *text = "blockNumber,hash,from,to,value,contractAddress,tokenSymbol\n"
                       "1," H(aa01) "," A(0a0a) "," A(0b0b) ",5," A(
                           dddd) ",abcdefghijklmnopqrstuvwxyz01234\xc3\xa9\n";
    CHECK_OK(sg_test_decode(&seen, ETHERSCAN, "ethereum", text, strlen(text), 1000, &err), &err);
    assert_int_equal(seen.n_records, 1);
    assert_string_equal(seen.last.symbol, "abcdefghijklmnopqrstuvwxyz01234");
}

static void test_headers_that_lack_something_name_it(void **state)
{
    (void)state;
    check_error(ETHERSCAN, "ethereum", "blockNumber,timeStamp,hash,from,to,gasPrice\n",
                "etherscan txlist: the column 'value' is missing");
    check_error(ETHERSCAN, "ethereum", "blockNumber,hash,from,value,isError\n",
                "etherscan txlist: the column 'to' is missing");
    check_error(ETHERSCAN, "ethereum", "blockNumber,hash,from,to,to,value,isError\n",
                "etherscan txlist: the column 'to' stands there twice");
    check_error(ETHERSCAN, "ethereum", "a,b\x1b[31m\n1,2\n",
                "the columns are of no table that is known here: a,b?[31m; expected are those of "
                "txlist, txlistinternal or tokentx, or of the website's CSV exports");
    check_error(ETL, "ethereum",
                "block_number,from_address,to_address,value,transaction_hash,log_index\n",
                "ethereum-etl token_transfers: the column 'token_address' is missing");
    check_error(TRANSFERS, "ethereum", "block,from,to,amount\n",
                "transfers: the column 'tx_hash' is missing");
}

static void test_ethereum_etl_transactions_and_receipts(void **state)
{
    (void)state;
    check_lines(
        ETL, "ethereum",
        "hash,nonce,block_number,transaction_index,from_address,to_address,value,gas_price\n"
        "" H(aa01) ",9,1,0," A(0a0a) "," A(0b0b) ",5,7\n" H(aa02) ",9,1,1," A(0a0a) ",,0,7\n",
        (const char *[]){"TX 1 aa01 ti=0 0a0a>0b0b 5 price=7",
                         "TX 1 aa02 ti=1 0a0a> 0 create price=7", NULL});
    /* The stream has the receipt's part in the same line; null is unknown. */
    check_lines(
        ETL, "ethereum",
        "{\"type\":\"transaction\",\"hash\":\"" H(
            aa01) "\",\"block_number\":1,"
                  "\"transaction_index\":2,\"from_address\":\"" A(
                      0a0a) "\",\"to_address\":null,"
                            "\"value\":340282366920938463463374607431768211455,\"gas_price\":7,"
                            "\"block_timestamp\":1438936285,\"receipt_gas_used\":10,\"receipt_"
                            "status\":null,"
                            "\"receipt_effective_gas_price\":6,\"receipt_contract_address\":\"" A(
                                0c0c) "\"}\n",
        (const char *[]){"TX 1 aa01 ti=2 t=1438936285 0a0a>0c0c "
                         "340282366920938463463374607431768211455 create price=6 used=10",
                         NULL});
    check_lines(
        ETL, "optimism",
        "transaction_hash,transaction_index,block_number,cumulative_gas_used,gas_used,"
        "status,effective_gas_price,l1_fee\n"
        "" H(aa01) ",2,1,9,10,1,6,\n" H(aa02) ",3,1,9,10,0,6,40\n" H(aa03) ",4,1,9,10,1,,40\n",
        (const char *[]){"RECEIPT 1 aa01 ti=2 > 0 ok price=6 used=10",
                         "RECEIPT 1 aa02 ti=3 > 0 failed price=6 fee=100",
                         "RECEIPT 1 aa03 ti=4 > 0 ok", NULL});
}

static void test_ethereum_etl_traces(void **state)
{
    (void)state;
#define TRACE_HEADER                                                                               \
    "block_number,transaction_hash,transaction_index,from_address,to_address,value,trace_type,"    \
    "call_type,trace_address,error,status\n"
    check_lines(
        ETL, "ethereum",
        TRACE_HEADER "1," H(aa01) ",0," A(0a0a) "," A(
            0b0b) ",0,call,call,,,1\n"
                  "1," H(aa01) ",0," A(0b0b) "," A(
                      0c0c) ",5,call,call,0,,1\n"
                            "1," H(aa01) ",0," A(0b0b) "," A(
                                0c0c) ",5,call,delegatecall,1,,1\n"
                                      "1," H(aa01) ",0," A(0b0b) "," A(
                                          0c0c) ",0,call,call,2,,1\n"
                                                "1," H(aa01) ",0," A(0b0b) "," A(
                                                    0c0c) ",0,call,call,3,Reverted,0\n"
                                                          "1," H(aa01) ",0," A(0b0b) "," A(
                                                              0d0d) ",1,create,,\"4,10\",,1\n"
                                                                    "1," H(aa01) ",0," A(0d0d) "," A(
                                                                        0a0a) ",2,suicide,,\"4,10,"
                                                                              "0\",,1\n"
                                                                              "1,,,," A(
                                                                                  eeee) ",500000000"
                                                                                        "0000000000"
                                                                                        ",reward,,,"
                                                                                        ",1\n"
                                                                                        "0,,,," A(
                                                                                            eeee) ",200,genesis,,,,1\n"
                                                                                                  "1,,0," A(0a0a) "," A(
                                                                                                      0b0b) ",5,call,call,,,1\n"
                                                                                                            "1,,,," A(
                                                                                                                eeee) ",5,daofork,,,,1\n",
        (const char *[]){"TRACE 1 aa01 ti=0 0a0a>0b0b 0 ok path=",
                         "TRACE 1 aa01 ti=0 0b0b>0c0c 5 ok path=00000000",
                         "TRACE 1 aa01 ti=0 0b0b>0c0c 0 failed path=00000003",
                         "TRACE 1 aa01 ti=0 0b0b>0d0d 1 ok create path=000000040000000a",
                         "TRACE 1 aa01 ti=0 0d0d>0a0a 2 ok path=000000040000000a00000000",
                         "TRACE 1 >eeee 5000000000000000000 ok reward",
                         "TRACE 0 >eeee 200 ok reward",
                         "BAD 11 a call without the hash of its transaction: it joins no other row",
                         "BAD 12 a type of trace that is not known here", NULL});
    /* In JSON the address of a trace is an array. */
    check_lines(ETL, "ethereum",
                "{\"block_number\":1,\"transaction_hash\":\"" H(aa01) "\",\"from_address\":\"" A(
                    0a0a) "\",\"to_address\":\"" A(0b0b) "\",\"value\":5,\"trace_type\":\"call\","
                                                         "\"call_type\":\"call\",\"trace_address\":"
                                                         "[1,0],\"error\":null,\"status\":1}\n",
                (const char *[]){"TRACE 1 aa01 0a0a>0b0b 5 ok path=0000000100000000", NULL});
}

static void test_a_stream_of_several_tables_skips_those_that_move_nothing(void **state)
{
    (void)state;
    check_lines(
        ETL, "ethereum",
        "{\"type\":\"log\",\"topics\":[\"0x1\"],\"data\":\"0x\"}\n"
        "{\"type\":\"block\",\"number\":1,\"timestamp\":1438936285,\"miner\":\"0x\"}\n"
        "{\"type\":\"token_transfer\",\"token_address\":\"" A(dddd) "\",\"from_address\":\"" A(0a0a) "\",\"to_address\":\"" A(
            0b0b) "\",\"value\":5,\"transaction_hash\":\"" H(aa01) "\",\"log_index\":4,\"block_"
                                                                   "number\":1}\n"
                                                                   "{\"type\":\"other\"}\n",
        (const char *[]){"BLOCK 1 t=1438936285 > 0", "TOKEN 1 aa01 0a0a>0b0b 5 token=dddd log=4",
                         "BAD 4 the columns are of no table that is known here: type; "
                         "the tables that are used are blocks, transactions, receipts, "
                         "token_transfers and traces",
                         NULL});
    assert_string_equal(seen.table, "ethereum-etl several json");
    assert_int_equal(seen.kinds, 1u << SG_RECORD_BLOCK | 1u << SG_RECORD_TOKEN);
    check_error(ETL, "ethereum", "{\"type\":\"log\",\"topics\":[],\"data\":\"0x\"}\n",
                "ethereum-etl logs: logs are not read: their transfers are in token_transfers; the "
                "tables that are used are blocks, transactions, receipts, token_transfers and "
                "traces");
}

static void test_transfers_of_ethereum(void **state)
{
    (void)state;
    check_lines(
        TRANSFERS, "ethereum",
        "block,tx_hash,tx_index,time,kind,position,from,to,asset,symbol,decimals,amount,"
        "status,fee,fee_payer,chain\n"
        "1," H(aa01) ",0,2022-03-23T13:16:57Z,,," A(
            0a0a) "," A(0b0b) ",,,,5,ok,9,,ethereum\n"
                              "1," H(aa01) ",0,,internal,," A(0b0b) "," A(
                                  0c0c) ",ETH,,,5,failed,,,\n"
                                        "1," H(aa02) ",1,,token,8," A(0b0b) "," A(0c0c) "," A(dddd) ",USDC,6,5,,3," A(
                                            0e0e) ",\n"
                                                  "2,,,,reward,,," A(
                                                      0c0c) ",,,,5,,,,\n"
                                                            "2," H(aa03) ",0,,reward,,," A(
                                                                0c0c) ",,,,5,,,,\n"
                                                                      "1," H(aa01) ",0,,,," A(0a0a) "," A(
                                                                          0b0b) ",,,,5,,,,bsc\n"
                                                                                "1," H(
                                                                                    aa01) ",0,,"
                                                                                          "token"
                                                                                          ",," A(0a0a) "," A(
                                                                                              0b0b) ",,,,5,,,,\n"
                                                                                                    "1," H(aa01) ",0,,native,," A(0a0a) "," A(0b0b) "," A(
                                                                                                        dddd) ",,,5,,,,\n"
                                                                                                              "1," H(aa01) ",0,,gift,," A(0a0a) "," A(
                                                                                                                  0b0b) ",,,,5,,,,\n"
                                                                                                                        "1," H(aa01) ",0,,,," A(
                                                                                                                            0a0a) "," A(0b0b) ",,,,5,maybe,,,\n",
        (const char *[]){"TX 1 aa01 ti=0 t=1648041417 0a0a>0b0b 5 ok fee=9",
                         "INTERNAL 1 aa01 ti=0 0b0b>0c0c 5 failed",
                         "TOKEN 1 aa02 ti=1 0b0b>0c0c 5 token=dddd log=8 symbol=USDC decimals=6",
                         "RECEIPT 1 aa02 ti=1 0e0e> 0 fee=3", "TRACE 2 >0c0c 5 reward",
                         "TRACE 2 aa03 ti=0 >0c0c 5 reward",
                         "BAD 7 wrong chain: this file is imported as ethereum",
                         "BAD 8 a token's row needs the token in asset",
                         "BAD 9 only a token's row has a token in asset",
                         "BAD 10 kind: one of native, internal, token, reward is expected",
                         "BAD 11 status: ok, failed or nothing is expected", NULL});
}

static void test_transfers_of_a_chain_with_text_addresses(void **state)
{
    (void)state;
    check_lines(
        TRANSFERS, "tron",
        "block,tx_hash,from,to,amount,asset\n"
        "1," H(aa01) ",TAlice,TBob,5,\n1," H(aa02) ",TAlice,TBob,5,TToken\n",
        (const char *[]){"TX 1 aa01 5441>5442 5", "TOKEN 1 aa02 5441>5442 5 token=5454", NULL});
}

/* The fixtures of ethereum-etl: every row of the tables that are used is understood. */
static void test_ethereum_etl_s_own_fixtures(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t n_records;
        const char *table;
    } files[] = {
        {"test_export_blocks_job/blocks_with_transactions/expected_blocks.csv", 2, "blocks csv"},
        {"test_export_blocks_job/blocks_with_transactions/expected_transactions.csv", 4,
         "transactions csv"},
        {"test_export_blocks_job/blocks_with_transactions_and_withdrawals/"
         "expected_transactions.csv",
         298, "transactions csv"},
        {"test_export_blocks_job/blocks_with_transactions_and_withdrawals/"
         "expected_transactions.json",
         298, "transactions json"},
        {"test_export_blocks_job/blocks_with_transactions_and_withdrawals/expected_blocks.json", 2,
         "blocks json"},
        {"test_export_receipts_job/receipts_with_logs/expected_receipts.csv", 4, "receipts csv"},
        {"test_export_receipts_job/receipts_with_logs/expected_receipts.json", 4, "receipts json"},
        {"test_export_token_transfers_job/block_with_transfers/expected_token_transfers.csv", 2,
         "token_transfers csv"},
        {"test_export_traces_job/block_with_create/expected_traces.csv", 3, "traces csv"},
        {"test_export_traces_job/block_with_error/expected_traces.csv", 3, "traces csv"},
        {"test_export_traces_job/block_with_suicide/expected_traces.csv", 3, "traces csv"},
        {"test_stream/blocks_17173049_17173050/expected_transactions.json", 298,
         "transactions json"},
        {"test_stream/blocks_17173049_17173050/expected_token_transfers.json", 291,
         "token_transfers json"},
        {"test_stream/blocks_2112234_2112234/expected_traces.json", 2, "traces json"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(files); i++) {
        static char bytes[4 * 1024 * 1024];
        char path[256];
        struct sg_err err;
        char table[80];
        snprintf(path, sizeof(path), "data/ethereum-etl/%s", files[i].path);
        FILE *file = fopen(sg_test_shared(path), "rb");
        assert_non_null(file);
        const size_t size = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        CHECK_OK(sg_test_decode(&seen, ETL, "ethereum", bytes, size, 65536, &err), &err);
        assert_int_equal(seen.n_bad, 0);
        assert_int_equal(seen.n_records, files[i].n_records);
        snprintf(table, sizeof(table), "ethereum-etl %s", files[i].table);
        assert_string_equal(seen.table, table);
    }
}

/* The same transactions in CSV and in JSON lines, from the same blocks, give the same records. */
static void test_csv_and_json_of_the_same_blocks_agree(void **state)
{
    (void)state;
    static const char *const folder =
        "data/ethereum-etl/test_export_blocks_job/blocks_with_transactions_and_withdrawals/";
    static struct sg_test_seen csv;
    static char bytes[4 * 1024 * 1024];
    for (int form = 0; form < 2; form++) {
        char path[256];
        struct sg_err err;
        snprintf(path, sizeof(path), "%sexpected_transactions.%s", folder, form ? "json" : "csv");
        FILE *file = fopen(sg_test_shared(path), "rb");
        assert_non_null(file);
        const size_t size = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        CHECK_OK(sg_test_decode(form ? &seen : &csv, ETL, "ethereum", bytes, size, 4096, &err),
                 &err);
    }
    assert_int_equal(csv.n_records, seen.n_records);
    for (size_t i = 0; i < SEEN_LINES_MAX; i++)
        assert_string_equal(csv.lines[i], seen.lines[i]);
}

static void test_every_refused_allocation_is_told(void **state)
{
    (void)state;
    static const char csv[] = "blockNumber,hash,from,to,value,gasPrice\n\"1\"," H(aa01) "," A(
        0a0a) "," A(0b0b) ",5,\nbad\n";
    static const char json[] = "[" TX_JSON(1, 0) "," TX_JSON(x, 0) "]";
    CHECK_OOM_SWEEP(sg_test_decode(&seen, ETHERSCAN, "ethereum", csv, strlen(csv), 9, NULL));
    CHECK_OOM_SWEEP(sg_test_decode(&seen, ETHERSCAN, "ethereum", json, strlen(json), 9, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_txlist_as_csv),
        cmocka_unit_test(test_txlist_as_json),
        cmocka_unit_test(test_answers_without_rows),
        cmocka_unit_test(test_txlistinternal),
        cmocka_unit_test(test_tokentx),
        cmocka_unit_test(test_tokens_that_are_not_fungible_are_bad_rows),
        cmocka_unit_test(test_a_token_row_never_counts_as_native),
        cmocka_unit_test(test_the_website_s_exports),
        cmocka_unit_test(test_bad_fields_are_named),
        cmocka_unit_test(test_a_symbol_that_is_not_utf8_is_a_bad_row_in_both_forms),
        cmocka_unit_test(test_long_symbols_are_cut_at_a_character),
        cmocka_unit_test(test_headers_that_lack_something_name_it),
        cmocka_unit_test(test_ethereum_etl_transactions_and_receipts),
        cmocka_unit_test(test_ethereum_etl_traces),
        cmocka_unit_test(test_a_stream_of_several_tables_skips_those_that_move_nothing),
        cmocka_unit_test(test_transfers_of_ethereum),
        cmocka_unit_test(test_transfers_of_a_chain_with_text_addresses),
        cmocka_unit_test(test_ethereum_etl_s_own_fixtures),
        cmocka_unit_test(test_csv_and_json_of_the_same_blocks_agree),
        cmocka_unit_test(test_every_refused_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
