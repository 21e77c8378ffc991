/* What a file may be said to cover: each source's rule, and the doubts that hold it back. */
#include "support/check.h"

#include "app/cover_kinds.h"
#include "store/ledger/ledger.h"

#include <stdio.h>
#include <string.h>

static enum sg_status drop_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    (void)ctx;
    (void)record;
    (void)err;
    return SG_OK;
}

static enum sg_status drop_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    (void)bad;
    (void)err;
    return SG_OK;
}

static const struct sg_record_sink drop = {drop_record, drop_bad, NULL};

/* A decoder that has read the header and n rows of address 1, to as many others. */
static struct sg_decoder *read_rows(enum sg_source_format format, const char *header,
                                    const char *row, size_t n)
{
    struct sg_decoder *decoder = NULL;
    struct sg_err err;
    char line[400];
    CHECK_OK(sg_decoder_new(&decoder, format, sg_chain_find("ethereum", 8), &drop, &err), &err);
    CHECK_OK(sg_decoder_feed(decoder, (const uint8_t *)header, strlen(header), &err), &err);
    for (size_t i = 0; i < n; i++) {
        snprintf(line, sizeof(line), "%zu,0x%064zu,0x%040d,0x%040zu,%s\n", i, i, 1, i + 2, row);
        CHECK_OK(sg_decoder_feed(decoder, (const uint8_t *)line, strlen(line), &err), &err);
    }
    CHECK_OK(sg_decoder_finish(decoder, &err), &err);
    return decoder;
}

static struct sg_cover_claim claim;

static void decide(const struct sg_cover_wish *wish, enum sg_source_format format,
                   const char *header, const char *row, size_t n)
{
    struct sg_decoder *decoder = read_rows(format, header, row, n);
    sg_cover_decide(&claim, wish, format, decoder);
    sg_decoder_free(decoder);
}

static const char txlist[] = "blockNumber,hash,from,to,value,isError\n";
static const char internals[] = "blockNumber,hash,from,to,value,type\n";
static const char etl_txs[] = "block_number,hash,from_address,to_address,value\n";

static const struct sg_accounts nobody;

static void test_an_export_covers_the_account_in_every_row(void **state)
{
    (void)state;
    const struct sg_cover_wish wish = {.accounts = &nobody};
    decide(&wish, SG_SOURCE_ETHERSCAN, txlist, "5,0", 3);
    assert_int_equal(claim.kinds, SG_COVER_NATIVE);
    assert_true(claim.inferred);
    assert_int_equal(claim.n_accounts, 1);
    assert_int_equal(claim.accounts[0].bytes[19], 1);
    decide(&wish, SG_SOURCE_ETHERSCAN, internals, "5,call", 3);
    assert_int_equal(claim.kinds, SG_COVER_INTERNAL);
}

static void test_one_row_has_two_addresses_and_covers_none(void **state)
{
    (void)state;
    const struct sg_cover_wish wish = {.accounts = &nobody};
    decide(&wish, SG_SOURCE_ETHERSCAN, txlist, "5,0", 1);
    assert_int_equal(claim.kinds, 0);
    assert_non_null(strstr(claim.doubt, "--account"));
}

static void test_row_counts_at_which_explorers_cut_are_doubted(void **state)
{
    (void)state;
    const struct sg_cover_wish wish = {.accounts = &nobody};
    static const size_t counts[] = {4999, 5000, 9999, 10000, 10001};
    for (size_t i = 0; i < SG_COUNT_OF(counts); i++) {
        const bool cut = counts[i] == 5000 || counts[i] == 10000;
        decide(&wish, SG_SOURCE_ETHERSCAN, txlist, "5,0", counts[i]);
        assert_int_equal(claim.kinds, cut ? 0 : SG_COVER_NATIVE);
        assert_true((claim.doubt != NULL) == cut);
    }
}

static void test_named_accounts_and_kinds_are_believed(void **state)
{
    (void)state;
    struct sg_address two[2] = {{.size = 20}, {.size = 20, .bytes = {7}}};
    const struct sg_accounts accounts = {two, 2, 2};
    struct sg_cover_wish wish = {.accounts = &accounts};
    decide(&wish, SG_SOURCE_ETHERSCAN, txlist, "5,0", 5000);
    assert_int_equal(claim.kinds, SG_COVER_NATIVE);
    assert_ptr_equal(claim.accounts, two);
    assert_false(claim.inferred);
    wish.kinds = SG_COVER_TOKEN;
    decide(&wish, SG_SOURCE_ETHERSCAN, txlist, "5,0", 1);
    assert_int_equal(claim.kinds, SG_COVER_TOKEN);
}

static void test_ethereum_etl_covers_the_chain(void **state)
{
    (void)state;
    const struct sg_cover_wish wish = {.accounts = &nobody};
    decide(&wish, SG_SOURCE_ETHEREUM_ETL, etl_txs, "5", 2);
    assert_true(claim.whole_chain);
    assert_int_equal(claim.kinds, SG_COVER_NATIVE);
    assert_int_equal(claim.n_accounts, 0);
}

static void test_transfers_cover_what_is_said_and_nothing_else(void **state)
{
    (void)state;
    struct sg_cover_wish wish = {.accounts = &nobody};
    decide(&wish, SG_SOURCE_TRANSFERS, "block,tx_hash,from,to,amount\n", "5", 2);
    assert_int_equal(claim.kinds, 0);
    assert_false(claim.whole_chain);
    wish.kinds = SG_COVER_NATIVE;
    decide(&wish, SG_SOURCE_TRANSFERS, "block,tx_hash,from,to,amount\n", "5", 2);
    assert_int_equal(claim.kinds, SG_COVER_NATIVE);
    assert_true(claim.whole_chain);
}

static void test_options_are_read_exactly(void **state)
{
    (void)state;
    struct sg_cover_wish wish = {0};
    struct sg_err err;
    uint8_t kinds = 0;
    CHECK_OK(sg_cover_kinds_parse(&kinds, "token,native", &err), &err);
    assert_int_equal(kinds, SG_COVER_TOKEN | SG_COVER_NATIVE);
    static const char *const bad_kinds[] = {"", ",", "native,", "nativ", "native internal"};
    for (size_t i = 0; i < SG_COUNT_OF(bad_kinds); i++)
        assert_int_equal(sg_cover_kinds_parse(&kinds, bad_kinds[i], &err), SG_EUSAGE);
    CHECK_OK(sg_cover_range_parse(&wish, "10-20", &err), &err);
    assert_int_equal(wish.first_block, 10);
    assert_int_equal(wish.last_block, 20);
    static const char *const bad_ranges[] = {
        "", "1", "1-", "-1", "2-1", "1-2x", "a-b", "1 - 2", "1-99999999999999999999"};
    for (size_t i = 0; i < SG_COUNT_OF(bad_ranges); i++)
        assert_int_equal(sg_cover_range_parse(&wish, bad_ranges[i], &err), SG_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_export_covers_the_account_in_every_row),
        cmocka_unit_test(test_one_row_has_two_addresses_and_covers_none),
        cmocka_unit_test(test_row_counts_at_which_explorers_cut_are_doubted),
        cmocka_unit_test(test_named_accounts_and_kinds_are_believed),
        cmocka_unit_test(test_ethereum_etl_covers_the_chain),
        cmocka_unit_test(test_transfers_cover_what_is_said_and_nothing_else),
        cmocka_unit_test(test_options_are_read_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
