/* Blocks out of files: any order gives the same ledger; stale, orphaned, cut and invalid ones are
 * named and kept aside; a better branch replaces a worse one. Method: a little chain made here. */
#include "support/btc_build.h"
#include "support/check.h"

#include "base/hex.h"
#include "store/blockset/blockset.h"
#include "store/file/file.h"

#include <stdio.h>
#include <string.h>

#define N 5 /* blocks of the main branch; two of a side branch fork behind block 1 */

struct chain {
    struct build_block main[N], side[2], wrong, orphan;
    char dir[200];
    size_t n_notes;
    char notes[8][300];
};

/* Block 3 of the main branch spends what block 1 paid; `wrong` spends it with money from nothing.
 */
static void build_chain(struct chain *chain)
{
    *chain = (struct chain){.n_notes = 0};
    snprintf(chain->dir, sizeof(chain->dir), "%s", sg_test_mkdir());
    for (uint32_t h = 0; h < N; h++) {
        build_begin(&chain->main[h], h, 50ULL * BUILD_COIN, (uint8_t)(1 + h), 0);
        if (h == 3) {
            const struct build_in in = build_spend(&chain->main[1], 0, 0);
            build_tx(&chain->main[h], &in, 1, (struct build_out[]){{BUILD_COIN, 77}}, 1);
        }
        build_mine(&chain->main[h], h ? chain->main[h - 1].hash : NULL);
    }
    for (uint32_t h = 2; h < 4; h++) {
        build_begin(&chain->side[h - 2], h, 50ULL * BUILD_COIN, 40, 1);
        build_mine(&chain->side[h - 2], h == 2 ? chain->main[1].hash : chain->side[0].hash);
    }
    build_begin(&chain->wrong, N, 50ULL * BUILD_COIN + 1, 50, 2);
    build_mine(&chain->wrong, chain->main[N - 1].hash);
    build_begin(&chain->orphan, 9, 50ULL * BUILD_COIN, 60, 3);
    build_mine(&chain->orphan, (const uint8_t[SG_BTC_HASH]){9});
}

static void clear_chain(struct chain *chain)
{
    for (size_t i = 0; i < N; i++)
        build_clear(&chain->main[i]);
    build_clear(&chain->side[0]);
    build_clear(&chain->side[1]);
    build_clear(&chain->wrong);
    build_clear(&chain->orphan);
    sg_test_rmdir(chain->dir);
}

static void on_note(void *ctx, const struct sg_blockset_note *note)
{
    struct chain *chain = ctx;
    if (chain->n_notes < SG_COUNT_OF(chain->notes))
        snprintf(chain->notes[chain->n_notes], sizeof(chain->notes[0]), "%lu: %s",
                 (unsigned long)note->offset, note->sentence);
    chain->n_notes++;
}

static const struct sg_btc_params *params(void)
{
    return sg_btc_params_find("bitcoin", "regtest");
}

/* Write a file of blocks; its path. */
static const char *write_blk(struct chain *chain, const char *name,
                             const struct build_block *const *blocks, size_t n)
{
    static char path[256];
    struct sg_buf file = SG_BUF_INIT((size_t)1 << 20);
    struct sg_err err;
    for (size_t i = 0; i < n; i++)
        build_frame(&file, blocks[i]);
    snprintf(path, sizeof(path), "%s/%s", chain->dir, name);
    CHECK_OK(sg_file_write(path, file.data, file.size, &err), &err);
    sg_buf_clear(&file);
    return path;
}

static void connect(struct sg_blockset_counts *counts, struct chain *chain, struct sg_utxo *utxo,
                    const char *path, bool any_root)
{
    struct sg_blockset *set;
    struct sg_err err;
    bool again;
    chain->n_notes = 0;
    CHECK_OK(sg_blockset_new(&set, params(), on_note, chain, &err), &err);
    CHECK_OK(sg_blockset_add(set, SG_BLOCKSET_BLK, path, &err), &err);
    CHECK_OK(sg_blockset_connect(&again, set, utxo, any_root, 2, NULL, &err), &err);
    assert_false(again);
    *counts = *sg_blockset_counts(set);
    sg_blockset_free(set);
}

static void open_empty(struct sg_utxo *utxo)
{
    struct sg_err err;
    CHECK_OK(sg_utxo_new(utxo, params(), &err), &err);
}

static void assert_tip(const struct sg_utxo *utxo, size_t n_blocks, const struct build_block *tip)
{
    assert_int_equal(sg_utxo_n(utxo, SG_UTXO_BLOCKS), n_blocks);
    assert_memory_equal(sg_utxo_blocks(utxo)[n_blocks - 1].hash, tip->hash, SG_BTC_HASH);
}

static void test_any_order_gives_the_branch_with_most_work(void **state)
{
    (void)state;
    static struct chain c;
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    build_chain(&c);
    const struct build_block *shuffled[] = {&c.main[4], &c.side[1], &c.main[1], &c.main[0],
                                            &c.main[3], &c.side[0], &c.main[2]};
    open_empty(&utxo);
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", shuffled, 7), false);
    assert_tip(&utxo, N, &c.main[4]);
    assert_int_equal(counts.found, 7);
    assert_int_equal(counts.appended, N);
    assert_int_equal(counts.stale, 2);
    assert_int_equal(counts.orphans + counts.invalid + counts.notes, 0);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_ASIDE), 2);
    /* And the same again adds nothing. */
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", shuffled, 7), false);
    assert_int_equal(counts.appended + counts.rolled_back, 0);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_ASIDE), 2);
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

static void test_a_better_branch_that_comes_later_replaces_the_ledgers(void **state)
{
    (void)state;
    static struct chain c;
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    build_chain(&c);
    const struct build_block *first[] = {&c.main[0], &c.main[1], &c.side[0], &c.side[1]};
    const struct build_block *later[] = {&c.main[2], &c.main[3], &c.main[4]};
    open_empty(&utxo);
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", first, 4), false);
    assert_tip(&utxo, 4, &c.side[1]);
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", later, 3), false);
    assert_tip(&utxo, N, &c.main[4]);
    assert_int_equal(counts.rolled_back, 2);
    assert_int_equal(counts.appended, 3);
    assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_ASIDE), 2);
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

static void test_what_cannot_be_used_is_named_and_the_rest_goes_on(void **state)
{
    (void)state;
    static struct chain c;
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    struct sg_err err;
    build_chain(&c);
    struct sg_buf file = SG_BUF_INIT((size_t)1 << 20);
    build_frame(&file, &c.orphan);
    build_frame(&file, &c.main[0]);
    sg_buf_append(&file, "rubbish", 7);
    for (size_t i = 1; i < N; i++)
        build_frame(&file, &c.main[i]);
    sg_buf_append(&file, "\xfa\xbf\xb5\xda\xff\xff\xff\x7f", 8); /* an absurd length */
    build_frame(&file, &c.wrong);
    build_frame(&file, &c.main[0]);
    file.size -= 10; /* and the end is cut */
    char path[256];
    snprintf(path, sizeof(path), "%s/blk00000.dat", c.dir);
    CHECK_OK(sg_file_write(path, file.data, file.size, &err), &err);
    open_empty(&utxo);
    connect(&counts, &c, &utxo, path, false);
    assert_tip(&utxo, N, &c.main[N - 1]);
    assert_int_equal(counts.orphans, 1);
    assert_int_equal(counts.invalid, 1);
    assert_int_equal(counts.notes, 5);
    assert_non_null(strstr(c.notes[0], "no block of bitcoin-regtest begins here; 7 bytes"));
    assert_non_null(strstr(c.notes[1], "no block of bitcoin-regtest begins here; 8 bytes"));
    assert_non_null(strstr(c.notes[2], "is cut at the end"));
    assert_non_null(strstr(c.notes[3], "claims more than the subsidy and the fees"));
    assert_non_null(strstr(c.notes[4], "its parent never came"));
    sg_buf_clear(&file);
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

static void test_a_block_without_work_is_named_and_left_out(void **state)
{
    (void)state;
    static struct chain c;
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    build_chain(&c);
    c.main[1].bytes.data[72] = 1; /* bits: a target that its hash is far above */
    c.main[1].bytes.data[75] = 4;
    const struct build_block *blocks[] = {&c.main[0], &c.main[1]};
    open_empty(&utxo);
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", blocks, 2), false);
    assert_tip(&utxo, 1, &c.main[0]);
    assert_int_equal(counts.found, 1);
    assert_int_equal(counts.notes, 1);
    assert_non_null(strstr(c.notes[0], "a block's hash is above its target"));
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

static void test_unused_room_behind_the_blocks_is_no_fault(void **state)
{
    (void)state;
    static struct chain c;
    static const char zeros[100000];
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    struct sg_err err;
    build_chain(&c);
    struct sg_buf file = SG_BUF_INIT((size_t)1 << 20);
    build_frame(&file, &c.main[0]);
    sg_buf_append(&file, zeros, sizeof(zeros));
    char path[256];
    snprintf(path, sizeof(path), "%s/blk00000.dat", c.dir);
    CHECK_OK(sg_file_write(path, file.data, file.size, &err), &err);
    open_empty(&utxo);
    connect(&counts, &c, &utxo, path, false);
    assert_int_equal(counts.notes, 0);
    assert_tip(&utxo, 1, &c.main[0]);
    sg_buf_clear(&file);
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

static void test_a_folder_with_a_key_is_read_in_any_order_of_files(void **state)
{
    (void)state;
    static struct chain c;
    static const uint8_t key[8] = {1, 2, 3, 4, 5, 6, 7, 0x80};
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    struct sg_err err;
    char path[300];
    build_chain(&c);
    for (size_t i = 0; i < N; i++) {
        struct sg_buf file = SG_BUF_INIT((size_t)1 << 20);
        build_frame(&file, &c.main[i]);
        for (size_t b = 0; b < file.size; b++)
            file.data[b] = (char)(file.data[b] ^ key[b % 8]);
        snprintf(path, sizeof(path), "%s/blk%05zu.dat", c.dir, N - i);
        CHECK_OK(sg_file_write(path, file.data, file.size, &err), &err);
        sg_buf_clear(&file);
    }
    snprintf(path, sizeof(path), "%s/xor.dat", c.dir);
    CHECK_OK(sg_file_write(path, key, sizeof(key), &err), &err);
    open_empty(&utxo);
    connect(&counts, &c, &utxo, c.dir, false);
    assert_tip(&utxo, N, &c.main[N - 1]);
    assert_int_equal(counts.notes, 0);
    sg_utxo_close(&utxo);
    clear_chain(&c);
}

/* The ledger has the side branch; the main one, given without what came before, has a block that
 * spends too much and then less work. The ledger must be as before, its bytes are nowhere else. */
static void test_a_better_branch_that_is_invalid_leaves_the_ledger(void **state)
{
    (void)state;
    static struct chain c;
    struct sg_utxo utxo;
    struct sg_blockset_counts counts;
    struct sg_blockset *set;
    struct sg_err err;
    bool again;
    build_chain(&c);
    struct build_block bad[2];
    build_begin(&bad[0], 2, 50ULL * BUILD_COIN, 70, 4);
    build_mine(&bad[0], c.main[1].hash);
    build_begin(&bad[1], 3, 51ULL * BUILD_COIN, 70, 4);
    build_mine(&bad[1], bad[0].hash);
    const struct build_block *first[] = {&c.main[0], &c.main[1], &c.main[2]};
    const struct build_block *later[] = {&bad[0], &bad[1]};
    open_empty(&utxo);
    connect(&counts, &c, &utxo, write_blk(&c, "blk00000.dat", first, 3), false);
    CHECK_OK(sg_utxo_save(&utxo, c.dir, &err), &err);
    CHECK_OK(sg_blockset_new(&set, params(), on_note, &c, &err), &err);
    CHECK_OK(sg_blockset_add(set, SG_BLOCKSET_BLK, write_blk(&c, "blk00000.dat", later, 2), &err),
             &err);
    CHECK_OK(sg_blockset_connect(&again, set, &utxo, false, 2, NULL, &err), &err);
    assert_true(again);
    sg_utxo_close(&utxo);
    CHECK_OK(sg_utxo_open(&utxo, c.dir, params(), false, &err), &err);
    CHECK_OK(sg_blockset_connect(&again, set, &utxo, false, 2, NULL, &err), &err);
    assert_false(again);
    assert_tip(&utxo, 3, &c.main[2]);
    assert_int_equal(sg_blockset_counts(set)->invalid, 1);
    assert_int_equal(sg_blockset_counts(set)->stale, 1);
    sg_blockset_free(set);
    sg_utxo_close(&utxo);
    build_clear(&bad[0]);
    build_clear(&bad[1]);
    clear_chain(&c);
}

#define LONG_BLOCKS 150
#define LONG_BAD    100 /* pays more than it spends */
#define LONG_OUTS   120

/* Blocks that each spend the first output of the one before, by two outputs a hundred times. */
static const char *write_long_chain(struct chain *c, uint8_t tip[SG_BTC_HASH])
{
    static struct build_block blocks[LONG_BLOCKS];
    static const struct build_block *all[LONG_BLOCKS];
    struct build_out outs[LONG_OUTS];
    for (size_t b = 0; b < LONG_BLOCKS; b++) {
        build_begin(&blocks[b], (uint32_t)b, 10 * (uint64_t)BUILD_COIN, 1, 9);
        for (size_t o = 0; o < LONG_OUTS; o++)
            outs[o] = (struct build_out){b == LONG_BAD ? BUILD_COIN : 1000, (uint8_t)(o + 1)};
        const struct build_in in =
            b ? build_spend(&blocks[b - 1], 0, 0) : (struct build_in){{0}, 0};
        if (b)
            build_tx(&blocks[b], &in, 1, outs, LONG_OUTS);
        build_mine(&blocks[b], b ? blocks[b - 1].hash : NULL);
        all[LONG_BLOCKS - 1 - b] = &blocks[b];
    }
    const char *path = write_blk(c, "blk00000.dat", all, LONG_BLOCKS);
    memcpy(tip, blocks[LONG_BAD - 1].hash, SG_BTC_HASH);
    for (size_t b = 0; b < LONG_BLOCKS; b++)
        build_clear(&blocks[b]);
    return path;
}

static void test_blocks_read_ahead_by_any_threads_are_joined_in_order(void **state)
{
    (void)state;
    static struct chain c;
    static const size_t threads[] = {1, 2, 7};
    uint8_t tip[SG_BTC_HASH];
    struct sg_err err;
    snprintf(c.dir, sizeof(c.dir), "%s", sg_test_mkdir());
    const char *path = write_long_chain(&c, tip);
    for (size_t t = 0; t < SG_COUNT_OF(threads); t++) {
        struct sg_blockset *set;
        struct sg_utxo utxo;
        bool again;
        open_empty(&utxo);
        c.n_notes = 0;
        CHECK_OK(sg_blockset_new(&set, params(), on_note, &c, &err), &err);
        CHECK_OK(sg_blockset_add(set, SG_BLOCKSET_BLK, path, &err), &err);
        CHECK_OK(sg_blockset_connect(&again, set, &utxo, false, threads[t], NULL, &err), &err);
        assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_BLOCKS), LONG_BAD);
        assert_int_equal(sg_utxo_n(&utxo, SG_UTXO_INS), LONG_BAD - 1);
        assert_memory_equal(sg_utxo_blocks(&utxo)[LONG_BAD - 1].hash, tip, SG_BTC_HASH);
        assert_int_equal(sg_blockset_counts(set)->invalid, LONG_BLOCKS - LONG_BAD);
        assert_int_equal(c.n_notes, 1);
        assert_non_null(strstr(c.notes[0], "pays more than it spends"));
        sg_blockset_free(set);
        sg_utxo_close(&utxo);
    }
    sg_test_rmdir(c.dir);
}

static enum sg_status connect_and_drop(const char *path)
{
    struct sg_blockset *set = NULL;
    struct sg_utxo utxo;
    bool again;
    enum sg_status st = sg_utxo_new(&utxo, params(), NULL);
    if (st != SG_OK)
        return st;
    st = sg_blockset_new(&set, params(), NULL, NULL, NULL);
    if (st == SG_OK)
        st = sg_blockset_add(set, SG_BLOCKSET_BLK, path, NULL);
    if (st == SG_OK)
        st = sg_blockset_connect(&again, set, &utxo, false, 1, NULL, NULL);
    sg_blockset_free(set);
    sg_utxo_close(&utxo);
    return st;
}

static void test_connecting_survives_every_refused_allocation(void **state)
{
    (void)state;
    static struct chain c;
    build_chain(&c);
    const struct build_block *blocks[] = {&c.main[0], &c.main[1]};
    const char *path = write_blk(&c, "blk00000.dat", blocks, 2);
    CHECK_OOM_SWEEP(connect_and_drop(path));
    clear_chain(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order_gives_the_branch_with_most_work),
        cmocka_unit_test(test_a_better_branch_that_comes_later_replaces_the_ledgers),
        cmocka_unit_test(test_what_cannot_be_used_is_named_and_the_rest_goes_on),
        cmocka_unit_test(test_a_block_without_work_is_named_and_left_out),
        cmocka_unit_test(test_unused_room_behind_the_blocks_is_no_fault),
        cmocka_unit_test(test_a_folder_with_a_key_is_read_in_any_order_of_files),
        cmocka_unit_test(test_a_better_branch_that_is_invalid_leaves_the_ledger),
        cmocka_unit_test(test_blocks_read_ahead_by_any_threads_are_joined_in_order),
        cmocka_unit_test(test_connecting_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
