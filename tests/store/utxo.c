/* The ledger of outputs: inputs are joined to outputs, money is conserved, a rollback leaves what
 * was before, and what was saved is what is opened. Method: blocks made here, a byte-wise
 * comparison. */
#include "support/btc_build.h"
#include "support/check.h"
#include "support/io_fault.h"

#include "store/utxo/utxo.h"

#include <stdio.h>
#include <string.h>

static const struct sg_btc_params *params(void)
{
    return sg_btc_params_find("bitcoin", "regtest");
}

static enum sg_status append(struct sg_utxo *utxo, const struct build_block *built, uint64_t height,
                             struct sg_err *err)
{
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_reader r;
    sg_reader_init(&r, built->bytes.data, built->bytes.size);
    enum sg_status st = sg_btc_block_read(&block, &r, err);
    if (st == SG_OK)
        st = sg_btc_block_check(&block, true, err);
    if (st == SG_OK)
        st = sg_utxo_append(utxo, &block, height, (uint32_t)built->bytes.size, err);
    sg_btc_block_clear(&block);
    return st;
}

/* Two blocks: the first one's coinbase is split in the second, and a part spent there again. */
struct pair {
    struct build_block first, second;
};

static void build_pair(struct pair *pair)
{
    build_begin(&pair->first, 0, 50ULL * BUILD_COIN, 1, 0);
    build_mine(&pair->first, NULL);
    build_begin(&pair->second, 1, 50ULL * BUILD_COIN + 1000, 2, 0);
    const struct build_in coinbase = build_spend(&pair->first, 0, 0);
    build_tx(&pair->second, &coinbase, 1,
             (struct build_out[]){{20ULL * BUILD_COIN, 3}, {30ULL * BUILD_COIN - 600, 1}}, 2);
    const struct build_in part = build_spend(&pair->second, 1, 0);
    build_tx(&pair->second, &part, 1, (struct build_out[]){{20ULL * BUILD_COIN - 400, 4}, {0, 0}},
             2);
    build_mine(&pair->second, pair->first.hash);
}

static void clear_pair(struct pair *pair)
{
    build_clear(&pair->first);
    build_clear(&pair->second);
}

static void test_inputs_are_joined_to_the_outputs_that_they_spend(void **state)
{
    (void)state;
    struct pair pair;
    struct sg_utxo utxo;
    struct sg_err err;
    build_pair(&pair);
    CHECK_OK(sg_utxo_new(&utxo, params(), &err), &err);
    CHECK_OK(append(&utxo, &pair.first, 0, &err), &err);
    CHECK_OK(append(&utxo, &pair.second, 1, &err), &err);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_BLOCKS), 2);
    assert_int_equal(sg_utxo_n_txs(&utxo), 4);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_INS), 2);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_OUT_SAT), 6);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_OWNER_END), 4);
    assert_true(sg_utxo_ins(&utxo)[0] == 0 && sg_utxo_ins(&utxo)[1] == 2);
    assert_true(utxo.spender[0] == 0 && utxo.spender[2] == 1);
    assert_true(utxo.spender[1] == SG_UTXO_NONE && utxo.spender[3] == SG_UTXO_NONE);
    assert_int_equal(sg_utxo_out_owner(&utxo)[3], sg_utxo_out_owner(&utxo)[0]);
    assert_int_equal(sg_utxo_out_owner(&utxo)[5], SG_UTXO_NOBODY);
    assert_true(sg_utxo_find_tx(&utxo, pair.second.txids[2]) == 3);
    assert_true(sg_utxo_tx_of_out(&utxo, 3) == 2 && sg_utxo_tx_of_in(&utxo, 1) == 3);
    sg_utxo_close(&utxo);
    clear_pair(&pair);
}

/* A second block with one transaction, refused with a sentence, and the chain as it was. */
static void check_refused(const struct build_in *ins, size_t n_ins, uint64_t pays, uint64_t claims,
                          const char *sentence)
{
    struct build_block first, second;
    struct sg_utxo utxo;
    struct sg_err err;
    build_begin(&first, 0, 50ULL * BUILD_COIN, 1, 0);
    build_mine(&first, NULL);
    build_begin(&second, 1, claims, 2, 0);
    struct build_in mine[2];
    for (size_t i = 0; i < n_ins; i++) {
        mine[i] = build_spend(&first, 0, ins[i].index);
        if (ins[i].txid[0])
            memcpy(mine[i].txid, ins[i].txid, SG_BTC_HASH);
    }
    build_tx(&second, mine, n_ins, (struct build_out[]){{pays, 9}}, 1);
    build_mine(&second, first.hash);
    CHECK_OK(sg_utxo_new(&utxo, params(), &err), &err);
    CHECK_OK(append(&utxo, &first, 0, &err), &err);
    assert_int_equal(append(&utxo, &second, 1, &err), SG_EPARSE);
    if (!strstr(err.text, sentence))
        fail_msg("%s", err.text);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_BLOCKS), 1);
    assert_int_equal(sg_utxo_n_txs(&utxo), 1);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_INS), 0);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_OUT_SAT), 1);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_OWNER_END), 1);
    assert_true(utxo.spender[0] == SG_UTXO_NONE);
    assert_true(sg_utxo_find_tx(&utxo, second.txids[1]) == SG_UTXO_NONE);
    sg_utxo_close(&utxo);
    build_clear(&first);
    build_clear(&second);
}

/* One transaction that pays nobody by scripts of 1, 90 and 5,000 bytes, between two that somebody
 * owns, and by an empty one. */
static void test_of_data_its_length_is_kept(void **state)
{
    (void)state;
    static uint8_t script[5000] = {0x6a, 1, 2, 3};
    static const size_t want[] = {1, 22, 90, 0, SG_UTXO_DATA_SHOWN, 22};
    struct sg_btc_out outs[] = {{0, script, 1},
                                {1,
                                 (const uint8_t *)"\x00\x14"
                                                  "zzzzzzzzzzzzzzzzzzzz",
                                 22},
                                {0, script, 90},
                                {0, script, 0},
                                {0, script, 5000},
                                {2,
                                 (const uint8_t *)"\x00\x14"
                                                  "yyyyyyyyyyyyyyyyyyyy",
                                 22}};
    struct sg_btc_in in = {.index = UINT32_MAX};
    struct sg_btc_tx tx = {.n_in = 1, .n_out = SG_COUNT_OF(outs)};
    const struct sg_btc_block block = {
        .txs = &tx, .ins = &in, .outs = outs, .n_txs = 1, .n_ins = 1, .n_outs = SG_COUNT_OF(outs)};
    struct sg_utxo utxo;
    struct sg_err err;
    CHECK_OK(sg_utxo_new(&utxo, params(), &err), &err);
    CHECK_OK(sg_utxo_append(&utxo, &block, 0, 0, &err), &err);
    for (size_t i = 0; i < SG_COUNT_OF(want); i++) {
        const struct sg_btc_out coin = sg_utxo_coin(&utxo, i);
        assert_int_equal(coin.script_size, want[i]);
        assert_int_equal(coin.script[0], outs[i].script[0]);
    }
    CHECK_OK(sg_utxo_rollback(&utxo, 0, &err), &err);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_DATA), 0);
    sg_utxo_close(&utxo);
}

static void test_what_breaks_the_rules_of_money_is_refused(void **state)
{
    (void)state;
    const struct build_in once = {.index = 0}, beyond = {.index = 1};
    const struct build_in twice[2] = {{.index = 0}, {.index = 0}};
    check_refused(&once, 1, 50ULL * BUILD_COIN + 1, 0, "pays more than it spends");
    check_refused(twice, 2, 1, 0, "spends an output that is spent already");
    check_refused(&beyond, 1, 1, 0, "spends an output that its transaction does not have");
    check_refused(&once, 1, 50ULL * BUILD_COIN - 7, 50ULL * BUILD_COIN + 8,
                  "claims more than the subsidy and the fees");
    check_refused(&once, 1, UINT64_MAX, 0, "pays more than there can be");
}

static void test_a_missing_output_is_kept_with_its_name(void **state)
{
    (void)state;
    struct build_block block;
    struct sg_utxo utxo;
    struct sg_err err;
    const struct build_in stranger = {.txid = {7}, .index = 5};
    build_begin(&block, 3, 99ULL * BUILD_COIN, 1, 0); /* its fees are not known */
    build_tx(&block, &stranger, 1, (struct build_out[]){{123, 2}}, 1);
    build_mine(&block, stranger.txid);
    CHECK_OK(sg_utxo_new(&utxo, params(), &err), &err);
    CHECK_OK(append(&utxo, &block, 3, &err), &err);
    const struct sg_utxo_missing *missing = utxo.columns[SG_UTXO_MISSING].rows;
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_MISSING), 1);
    assert_memory_equal(missing->txid, stranger.txid, SG_BTC_HASH);
    assert_true(missing->in == 0 && missing->index == 5);
    assert_true(sg_utxo_ins(&utxo)[0] == SG_UTXO_NONE);
    sg_utxo_close(&utxo);
    build_clear(&block);
}

static void test_of_two_transactions_with_one_id_the_later_is_meant(void **state)
{
    (void)state;
    struct build_block first, again, spends;
    struct sg_utxo utxo;
    struct sg_err err;
    build_begin(&first, 0, 50ULL * BUILD_COIN, 1, 0);
    build_mine(&first, NULL);
    build_begin(&again, 0, 50ULL * BUILD_COIN, 1, 0); /* the same coinbase: BIP-30 */
    build_mine(&again, first.hash);
    build_begin(&spends, 2, 0, 1, 0);
    const struct build_in in = build_spend(&again, 0, 0);
    build_tx(&spends, &in, 1, (struct build_out[]){{1, 2}}, 1);
    build_mine(&spends, again.hash);
    CHECK_OK(sg_utxo_new(&utxo, params(), &err), &err);
    CHECK_OK(append(&utxo, &first, 0, &err), &err);
    CHECK_OK(append(&utxo, &again, 1, &err), &err);
    assert_int_equal(utxo.n_reused_txids, 1);
    CHECK_OK(append(&utxo, &spends, 2, &err), &err);
    assert_true(utxo.spender[0] == SG_UTXO_NONE && utxo.spender[1] == 0);
    sg_utxo_close(&utxo);
    build_clear(&first);
    build_clear(&again);
    build_clear(&spends);
}

static void assert_same(const struct sg_utxo *a, const struct sg_utxo *b)
{
    for (size_t c = 0; c < SG_UTXO_COLUMNS; c++) {
        assert_int_equal(a->columns[c].n, b->columns[c].n);
        if (a->columns[c].n)
            assert_memory_equal(a->columns[c].rows, b->columns[c].rows,
                                a->columns[c].n * a->columns[c].width);
    }
    if (sg_utxo_n(a, SG_UTXO_OUT_SAT))
        assert_memory_equal(a->spender, b->spender,
                            sg_utxo_n(a, SG_UTXO_OUT_SAT) * sizeof(*a->spender));
}

static void test_a_rollback_leaves_what_was_before(void **state)
{
    (void)state;
    struct pair pair;
    struct sg_utxo one, both;
    struct sg_err err;
    build_pair(&pair);
    CHECK_OK(sg_utxo_new(&one, params(), &err), &err);
    CHECK_OK(sg_utxo_new(&both, params(), &err), &err);
    CHECK_OK(append(&one, &pair.first, 0, &err), &err);
    CHECK_OK(append(&both, &pair.first, 0, &err), &err);
    CHECK_OK(append(&both, &pair.second, 1, &err), &err);
    CHECK_OK(sg_utxo_rollback(&both, 1, &err), &err);
    assert_same(&both, &one);
    CHECK_OK(append(&both, &pair.second, 1, &err), &err);
    CHECK_OK(append(&one, &pair.second, 1, &err), &err);
    assert_same(&both, &one);
    sg_utxo_close(&one);
    sg_utxo_close(&both);
    clear_pair(&pair);
}

static void test_what_is_saved_is_what_is_opened(void **state)
{
    (void)state;
    char dir[256];
    struct pair pair;
    struct sg_utxo kept, opened;
    struct sg_err err;
    snprintf(dir, sizeof(dir), "%s/ledger", sg_test_mkdir());
    build_pair(&pair);
    CHECK_OK(sg_utxo_open(&kept, dir, params(), true, &err), &err);
    CHECK_OK(append(&kept, &pair.first, 0, &err), &err);
    CHECK_OK(sg_utxo_save(&kept, dir, &err), &err);
    CHECK_OK(append(&kept, &pair.second, 1, &err), &err);
    CHECK_OK(sg_utxo_save(&kept, dir, &err), &err);
    CHECK_OK(sg_utxo_open(&opened, dir, params(), false, &err), &err);
    assert_same(&opened, &kept);
    CHECK_OK(sg_utxo_rollback(&opened, 1, &err), &err);
    CHECK_OK(sg_utxo_save(&opened, dir, &err), &err);
    assert_int_equal(sg_utxo_save(&kept, dir, &err), SG_EBUSY);
    sg_utxo_close(&kept);
    CHECK_OK(sg_utxo_open(&kept, dir, params(), false, &err), &err);
    assert_same(&opened, &kept);
    sg_utxo_close(&kept);
    sg_utxo_close(&opened);
    clear_pair(&pair);
    *strrchr(dir, '/') = 0;
    sg_test_rmdir(dir);
}

/* One block is on disk; saving the second fails at the n-th write. True if it failed. */
static bool save_with_fault(const struct pair *pair, const char *dir, long n,
                            enum sg_io_fault_kind kind)
{
    struct sg_utxo utxo;
    struct sg_err err;
    CHECK_OK(sg_utxo_open(&utxo, dir, params(), true, &err), &err);
    CHECK_OK(append(&utxo, &pair->first, 0, &err), &err);
    CHECK_OK(sg_utxo_save(&utxo, dir, &err), &err);
    CHECK_OK(append(&utxo, &pair->second, 1, &err), &err);
    sg_io_fault(n, 1, kind);
    const enum sg_status st = sg_utxo_save(&utxo, dir, &err);
    const bool fired = sg_io_fault_fired();
    sg_io_fault(-1, 0, kind);
    assert_true(st == SG_OK || (fired && st == SG_EIO && err.text[0]));
    sg_utxo_close(&utxo);
    CHECK_OK(sg_utxo_open(&utxo, dir, params(), false, &err), &err);
    const size_t n_blocks = sg_utxo_n(&utxo, SG_UTXO_BLOCKS);
    assert_true(st == SG_OK ? n_blocks == 2 : n_blocks == 1 || n_blocks == 2);
    assert_int_equal(sg_utxo_n_txs(&utxo), n_blocks == 2 ? 4 : 1);
    sg_utxo_close(&utxo);
    return fired;
}

static void test_a_disk_that_fails_leaves_the_ledger_before_or_after(void **state)
{
    (void)state;
    struct pair pair;
    build_pair(&pair);
    for (int kind = SG_IO_FAULT_EIO; kind <= SG_IO_FAULT_SHORT; kind++)
        for (long n = 0, more = 1; more; n++) {
            char dir[256], ledger[300];
            snprintf(dir, sizeof(dir), "%s", sg_test_mkdir());
            snprintf(ledger, sizeof(ledger), "%s/ledger", dir);
            more = save_with_fault(&pair, ledger, n, (enum sg_io_fault_kind)kind);
            assert_true(more || n > 0);
            sg_test_rmdir(dir);
        }
    clear_pair(&pair);
}

static enum sg_status make_and_drop(const struct pair *pair)
{
    struct sg_utxo utxo;
    enum sg_status st = sg_utxo_new(&utxo, params(), NULL);
    if (st != SG_OK)
        return st;
    st = append(&utxo, &pair->first, 0, NULL);
    if (st == SG_OK)
        st = append(&utxo, &pair->second, 1, NULL);
    sg_utxo_close(&utxo);
    return st;
}

static void test_appending_survives_every_refused_allocation(void **state)
{
    (void)state;
    struct pair pair;
    build_pair(&pair);
    CHECK_OOM_SWEEP(make_and_drop(&pair));
    clear_pair(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inputs_are_joined_to_the_outputs_that_they_spend),
        cmocka_unit_test(test_of_data_its_length_is_kept),
        cmocka_unit_test(test_what_breaks_the_rules_of_money_is_refused),
        cmocka_unit_test(test_a_missing_output_is_kept_with_its_name),
        cmocka_unit_test(test_of_two_transactions_with_one_id_the_later_is_meant),
        cmocka_unit_test(test_a_rollback_leaves_what_was_before),
        cmocka_unit_test(test_what_is_saved_is_what_is_opened),
        cmocka_unit_test(test_a_disk_that_fails_leaves_the_ledger_before_or_after),
        cmocka_unit_test(test_appending_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
