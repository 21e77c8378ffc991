/* Goal: a file that was cut, damaged, or written by a newer program is refused with a clear status,
 * or its faults are found by the check; it never crashes the program. Method: every kind of byte of
 * a small ledger file overwritten, one place at a time, then read by every operation. */
#include "support/check.h"
#include "support/ledger_model.h"

#include "store/engine/image_internal.h"
#include "store/kv/pages_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct sg_model_shape shape = {31, 900, 150, 7, 0, 3, 3, false};

static void file_path(char path[256], const char *dir)
{
    snprintf(path, 256, "%s/ethereum/000001.mdb", dir);
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = sg_mem_alloc(*size, 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static bool any_row(void *ctx, const struct sg_row *row)
{
    *(uint64_t *)ctx += row->id;
    return true;
}

static bool any_span(void *ctx, const struct sg_row_span *span)
{
    *(uint64_t *)ctx += span->count;
    return true;
}

static bool any_cover(void *ctx, const struct sg_coverage *cover)
{
    *(uint64_t *)ctx += cover->addr.v;
    return true;
}

static void expect(enum sg_status st)
{
    assert_true(st == SG_OK || st == SG_ECORRUPT);
}

/* Use all of a ledger that may be damaged. */
static void read_all(const char *dir, const struct sg_model *m)
{
    struct sg_ledger ledger;
    uint64_t sum = 0;
    const enum sg_status st = sg_ledger_open(&ledger, dir, sg_model_chain(), NULL);
    assert_true(st == SG_OK || st == SG_ECORRUPT || st == SG_EVERSION);
    if (st != SG_OK)
        return;
    for (uint32_t id = 0; id < ledger.stats.addresses && id < 60; id++) {
        struct sg_addr_id addr = {id};
        struct sg_address bytes;
        expect(ledger.ops->rows_of(ledger.self, &addr, 1, id, any_row, &sum, NULL));
        expect(ledger.ops->addrs(ledger.self, &bytes, &addr, 1, NULL));
    }
    for (size_t i = 0; i < 60; i++) {
        struct sg_address bytes = {.size = m->pool[i][0]};
        struct sg_addr_id addr;
        struct sg_tx_id id;
        memcpy(bytes.bytes, m->pool[i] + 1, bytes.size);
        expect(ledger.ops->find_addrs(ledger.self, &addr, &bytes, 1, NULL));
        expect(ledger.ops->find_txs(ledger.self, &id, (const uint8_t(*)[32])m->txs[i].hash32, 1,
                                    NULL));
    }
    for (uint64_t i = 0; i < ledger.stats.txs && i < 50; i++) {
        struct sg_tx tx;
        const struct sg_tx_id id = {i};
        expect(ledger.ops->txs(ledger.self, &tx, &id, 1, NULL));
    }
    expect(ledger.ops->scan(ledger.self, 0, ledger.stats.rows, 63, any_span, &sum, NULL));
    expect(ledger.ops->coverage(ledger.self, NULL, 0, any_cover, &sum, NULL));
    sg_ledger_close(&ledger);
}

static void count_fault(void *ctx, const char *text)
{
    assert_true(strlen(text) > 0);
    ++*(uint64_t *)ctx;
}

static uint64_t check(const char *dir)
{
    struct sg_err err;
    uint64_t n_faults = 0, n_told = 0;
    const enum sg_status st =
        sg_engine_check(&n_faults, dir, sg_model_chain(), NULL, count_fault, &n_told, &err);
    if (st == SG_EVERSION)
        return 1;
    CHECK_OK(st, &err);
    assert_int_equal(n_faults, n_told);
    return n_faults;
}

/* A writer on a damaged file: it may refuse, or work, but must live. */
static void write_more(const char *dir, const struct sg_model *m)
{
    struct sg_writer *w = NULL;
    struct sg_batch_tx tx = {.block = UINT64_MAX, .sender = m->pool[1]};
    const struct sg_batch batch = {&tx, 1, NULL, 0};
    if (sg_writer_open(&w, dir, sg_model_chain(), false, 1, NULL) != SG_OK)
        return;
    enum sg_status st = sg_writer_append(w, &batch, NULL);
    if (st == SG_OK)
        st = sg_writer_commit(w, NULL);
    expect(st);
    sg_writer_free(w);
}

static void test_no_damaged_byte_crashes_and_content_is_told(void **state)
{
    (void)state;
    struct sg_rng rng;
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    char path[256];
    size_t size, told = 0, hits = 0;
    sg_rng_init(&rng, sg_test_seed());
    sg_model_build(dir, m, 200, 1, 1);
    file_path(path, dir);
    uint8_t *good = read_file(path, &size), *bad = sg_mem_alloc(size, 1);
    assert_non_null(bad);
    for (size_t i = 0; i < 500; i++) {
        /* Heads of pages twice as often as anything else. */
        size_t at = (size_t)sg_rng_below(&rng, size);
        if (i % 2)
            at = at / 4096 * 4096 + at % 128;
        memcpy(bad, good, size);
        bad[at] ^= (uint8_t)(1 + sg_rng_below(&rng, 255));
        if (i % 4 == 3)
            memset(bad + at, 0xff, size - at < 8 ? size - at : 8);
        write_file(path, bad, size);
        read_all(dir, m);
        hits++;
        told += check(dir) > 0;
        write_more(dir, m);
    }
    /* Most of the file is old pages and slack; but not all. */
    printf("%zu of %zu damages were told\n", told, hits);
    assert_true(told > hits / 10);
    write_file(path, good, size);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_mem_free(bad);
    sg_mem_free(good);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_cut_files_are_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    char path[256];
    size_t size;
    sg_model_build(dir, m, 2000, 1, 1);
    file_path(path, dir);
    uint8_t *good = read_file(path, &size);
    const size_t cuts[] = {0, 1, 100, 4095, 4096, 8191, 8192, size / 2, size - 4096, size - 1};
    for (size_t i = 0; i < SG_COUNT_OF(cuts); i++) {
        write_file(path, good, cuts[i]);
        assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ECORRUPT);
        assert_int_equal(check(dir), 1);
    }
    sg_mem_free(good);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

/* Change the meta record of a ledger by way of LMDB. */
static void change_meta(const char *dir, size_t at, uint8_t to)
{
    struct sg_err err;
    struct sg_kv *kv = NULL;
    struct sg_kv_txn *txn = NULL;
    struct sg_bytes bytes;
    char path[256];
    uint8_t copy[4096];
    file_path(path, dir);
    CHECK_OK(sg_kv_open(&kv, path, false, &err), &err);
    CHECK_OK(sg_kv_begin(&txn, kv, true, &err), &err);
    CHECK_OK(sg_kv_get(&bytes, txn, SG_TABLE_META, 0, &err), &err);
    assert_true(bytes.size <= sizeof(copy) && at < bytes.size);
    const size_t size = bytes.size;
    memcpy(copy, bytes.at, size);
    copy[at] = to;
    CHECK_OK(sg_kv_put(txn, SG_TABLE_META, 0, copy, size, &err), &err);
    CHECK_OK(sg_kv_commit(txn, &err), &err);
    sg_kv_close(kv);
}

static void test_other_versions_and_wrong_head_are_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_writer *w = NULL;
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    sg_model_build(dir, m, 2000, 1, 1);
    change_meta(dir, 8, SG_LEDGER_VERSION + 1);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_EVERSION);
    assert_int_equal(sg_writer_open(&w, dir, sg_model_chain(), false, 1, &err), SG_EVERSION);
    change_meta(dir, 8, SG_LEDGER_VERSION - 1);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_EVERSION);
    assert_non_null(strstr(err.text, "import the files anew"));
    assert_int_equal(sg_writer_open(&w, dir, sg_model_chain(), false, 1, &err), SG_EVERSION);
    change_meta(dir, 8, SG_LEDGER_VERSION);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    change_meta(dir, 40, 0x77);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ECORRUPT);
    assert_int_equal(sg_writer_open(&w, dir, sg_model_chain(), false, 1, &err), SG_ECORRUPT);
    change_meta(dir, 0, 'X');
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ECORRUPT);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_bad_current_is_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    char path[256];
    sg_model_build(dir, m, 2000, 1, 1);
    snprintf(path, sizeof(path), "%s/ethereum/CURRENT", dir);
    const char *const texts[] = {"", "\n", "x\n", "000001", "-1\n", "99999999999999999999\n"};
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        write_file(path, (const uint8_t *)texts[i], strlen(texts[i]));
        assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ECORRUPT);
    }
    write_file(path, (const uint8_t *)"000009\n", 7);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_EIO);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_damaged_byte_crashes_and_content_is_told),
        cmocka_unit_test(test_cut_files_are_refused),
        cmocka_unit_test(test_other_versions_and_wrong_head_are_refused),
        cmocka_unit_test(test_bad_current_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
