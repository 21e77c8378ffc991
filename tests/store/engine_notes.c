/* Goal: what is told beside rows (files, bad rows, coverage, tokens) stays, also into the next
 * generation; readers and writers do not disturb each other. */
#include "support/check.h"
#include "support/ledger_model.h"

#include "store/engine/writer_internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct sg_model_shape small = {11, 60, 40, 6, 0, 3, 4, false};

static struct sg_writer *open_writer(const char *dir, bool next)
{
    struct sg_err err;
    struct sg_writer *writer = NULL;
    CHECK_OK(sg_writer_open(&writer, dir, sg_model_chain(), next, 1, &err), &err);
    return writer;
}

static void commit(struct sg_writer *writer)
{
    struct sg_err err;
    CHECK_OK(sg_writer_commit(writer, &err), &err);
}

static void cover(struct sg_writer *writer, const uint8_t *addr, uint8_t kinds, uint64_t first,
                  uint64_t last)
{
    struct sg_err err;
    const struct sg_cover_entry entry = {addr, kinds, first, last};
    CHECK_OK(sg_writer_cover(writer, &entry, 1, &err), &err);
}

struct covers {
    struct sg_coverage items[32];
    size_t n;
};

static bool keep_cover(void *ctx, const struct sg_coverage *item)
{
    struct covers *covers = ctx;
    assert_true(covers->n < 32);
    covers->items[covers->n++] = *item;
    return true;
}

static void check_cover(const struct sg_coverage *c, uint32_t addr, uint8_t kinds, uint64_t first,
                        uint64_t last)
{
    assert_int_equal(c->addr.v, addr);
    assert_int_equal(c->kinds, kinds);
    assert_int_equal(c->first_block, first);
    assert_int_equal(c->last_block, last);
}

static void test_coverage_joins_and_gives_ids(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    const uint8_t a[] = {3, 'a', 'a', 'a'}, b[] = {2, 'b', 'b'};
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    cover(writer, a, SG_COVER_NATIVE, 10, 20);
    cover(writer, a, SG_COVER_TOKEN, 15, 16);
    cover(writer, a, SG_COVER_NATIVE, 30, 40);
    commit(writer);
    cover(writer, a, SG_COVER_NATIVE, 21, 25); /* Touches 20. */
    cover(writer, b, SG_COVER_NATIVE, 0, UINT64_MAX);
    cover(writer, b, SG_COVER_NATIVE, 5, UINT64_MAX);
    cover(writer, NULL, 7, 100, 200);
    cover(writer, NULL, 7, 150, 300); /* Overlaps. */
    commit(writer);
    sg_writer_free(writer);
    CHECK_OK(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), &err);
    assert_int_equal(ledger.stats.addresses, 2);
    struct covers all = {.n = 0}, one = {.n = 0};
    CHECK_OK(ledger.ops->coverage(ledger.self, NULL, 0, keep_cover, &all, &err), &err);
    assert_int_equal(all.n, 5);
    check_cover(&all.items[0], 0, SG_COVER_NATIVE, 10, 25);
    check_cover(&all.items[1], 0, SG_COVER_TOKEN, 15, 16);
    check_cover(&all.items[2], 0, SG_COVER_NATIVE, 30, 40);
    check_cover(&all.items[3], 1, SG_COVER_NATIVE, 0, UINT64_MAX);
    check_cover(&all.items[4], SG_ID_NONE, 7, 100, 300);
    const struct sg_addr_id ids[] = {{1}, {SG_ID_NONE}, {1}};
    CHECK_OK(ledger.ops->coverage(ledger.self, ids, 3, keep_cover, &one, &err), &err);
    assert_int_equal(one.n, 2);
    check_cover(&one.items[0], 1, SG_COVER_NATIVE, 0, UINT64_MAX);
    check_cover(&one.items[1], SG_ID_NONE, 7, 100, 300);
    sg_ledger_close(&ledger);
    sg_model_check_clean(dir);
    sg_test_rmdir(dir);
}

static void check_token(const char *dir, uint32_t id, const char *symbol, int decimals)
{
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_asset asset;
    const struct sg_asset_id asset_id = {id};
    CHECK_OK(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), &err);
    CHECK_OK(ledger.ops->assets(ledger.self, &asset, &asset_id, 1, &err), &err);
    assert_string_equal(asset.symbol, symbol);
    assert_int_equal(asset.has_decimals ? asset.decimals : -1, decimals);
    sg_ledger_close(&ledger);
}

static void hint(struct sg_writer *writer, const uint8_t *token, const char *symbol, int decimals)
{
    struct sg_err err;
    const struct sg_token_hint h = {token, symbol, (uint8_t)decimals, decimals >= 0};
    CHECK_OK(sg_writer_tokens(writer, &h, 1, &err), &err);
}

static void test_first_token_hint_wins_also_before_its_rows(void **state)
{
    (void)state;
    struct sg_model *m = sg_model_new(&small);
    sg_model_number(m, m->n_txs);
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    hint(writer, m->tokens[0], "EARLY", -1);
    sg_model_append(writer, m, 0, m->n_txs);
    hint(writer, m->tokens[0], "LATE", 6);
    commit(writer);
    hint(writer, m->tokens[0], "LATER", 7);
    hint(writer, m->tokens[1], "B", 0);
    commit(writer);
    sg_writer_free(writer);
    check_token(dir, m->asset_ids[0], "EARLY", 6);
    check_token(dir, m->asset_ids[1], "B", 0);
    check_token(dir, 0, "", -1);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void add_notes(struct sg_writer *writer, unsigned i)
{
    struct sg_err err;
    struct sg_file_entry file = {.bytes = 1000 + i, .records = 10 * i, .bad = 1};
    struct sg_bad_entry bad = {.file = i, .offset = 5 + i, .line = 2 + i};
    snprintf(file.name, sizeof(file.name), "file-%u.csv", i);
    snprintf(file.table, sizeof(file.table), "etherscan txlist");
    memset(file.sha256, (int)i, sizeof(file.sha256));
    snprintf(bad.reason, sizeof(bad.reason), "reason %u", i);
    memset(bad.text, 'x', sizeof(bad.text) - 1);
    CHECK_OK(sg_writer_file(writer, &file, &err), &err);
    CHECK_OK(sg_writer_bad(writer, &bad, &err), &err);
}

static void check_file(void *ctx, const struct sg_file_entry *file)
{
    unsigned *i = ctx;
    char name[32];
    snprintf(name, sizeof(name), "file-%u.csv", *i);
    assert_string_equal(file->name, name);
    assert_string_equal(file->table, "etherscan txlist");
    assert_int_equal(file->bytes, 1000 + *i);
    assert_int_equal(file->records, 10 * *i);
    assert_int_equal(file->bad, 1);
    assert_int_equal(file->sha256[31], *i);
    ++*i;
}

static void check_bad(void *ctx, const struct sg_bad_entry *bad)
{
    unsigned *i = ctx;
    assert_int_equal(bad->file, *i);
    assert_int_equal(bad->offset, 5 + *i);
    assert_int_equal(bad->line, 2 + *i);
    assert_int_equal(strlen(bad->text), sizeof(bad->text) - 1);
    ++*i;
}

static void check_notes(const char *dir, unsigned n)
{
    struct sg_err err;
    unsigned files = 0, bad = 0;
    CHECK_OK(sg_engine_files(dir, sg_model_chain(), check_file, &files, &err), &err);
    CHECK_OK(sg_engine_bad_rows(dir, sg_model_chain(), check_bad, &bad, &err), &err);
    assert_int_equal(files, n);
    assert_int_equal(bad, n);
}

static void test_next_generation_takes_notes_over(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger old, new;
    struct sg_model *m = sg_model_new(&small);
    sg_model_number(m, m->n_txs);
    const size_t half = sg_model_cut(m, 0, m->n_txs / 2);
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    sg_model_append(writer, m, 0, half);
    add_notes(writer, 0);
    add_notes(writer, 1);
    cover(writer, m->pool[0], SG_COVER_NATIVE, 1, 9);
    hint(writer, m->tokens[0], "TOK", 9);
    commit(writer);
    sg_writer_free(writer);
    CHECK_OK(sg_ledger_open(&old, dir, sg_model_chain(), &err), &err);
    writer = open_writer(dir, true);
    CHECK_OK(sg_writer_copy_notes(writer, &err), &err);
    sg_model_append(writer, m, 0, m->n_txs);
    add_notes(writer, 2);
    CHECK_OK(sg_writer_commit(writer, &err), &err); /* Not seen yet. */
    check_notes(dir, 2);
    CHECK_OK(sg_writer_publish(writer, &err), &err);
    sg_writer_free(writer);
    check_notes(dir, 3);
    /* The old snapshot is whole, though its file has no name any more. */
    sg_model_check(m, half, &old);
    assert_int_equal(old.stats.generation, 1);
    sg_ledger_close(&old);
    CHECK_OK(sg_ledger_open(&new, dir, sg_model_chain(), &err), &err);
    assert_int_equal(new.stats.generation, 2);
    struct covers covers = {.n = 0};
    CHECK_OK(new.ops->coverage(new.self, NULL, 0, keep_cover, &covers, &err), &err);
    assert_int_equal(covers.n, 1);
    assert_int_equal(covers.items[0].last_block, 9);
    sg_ledger_close(&new);
    sg_model_check_clean(dir);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static bool has_file(const char *dir, const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/ethereum/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void test_unpublished_generation_leaves_nothing(void **state)
{
    (void)state;
    struct sg_model *m = sg_model_new(&small);
    const char *dir = sg_test_mkdir();
    sg_model_build(dir, m, 1000, 1, 1);
    struct sg_writer *writer = open_writer(dir, true);
    assert_true(has_file(dir, "000002.mdb"));
    sg_model_append(writer, m, 0, m->n_txs);
    commit(writer);
    sg_writer_free(writer);
    assert_false(has_file(dir, "000002.mdb"));
    assert_false(has_file(dir, "000002.mdb-lock"));
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_second_writer_is_busy(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_writer *second = NULL;
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    assert_int_equal(sg_writer_open(&second, dir, sg_model_chain(), false, 1, &err), SG_EBUSY);
    assert_int_equal(sg_writer_open(&second, dir, sg_model_chain(), true, 1, &err), SG_EBUSY);
    assert_null(second);
    sg_writer_free(writer);
    writer = open_writer(dir, false);
    sg_writer_free(writer);
    sg_test_rmdir(dir);
}

static void test_reader_keeps_its_snapshot_while_commits_go_on(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    const struct sg_model_shape shape = {5, 3000, 500, 5, 0, 3, 2, false};
    struct sg_model *m = sg_model_new(&shape);
    const size_t third = sg_model_cut(m, 0, 1000);
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    sg_model_append(writer, m, 0, third);
    commit(writer);
    CHECK_OK(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), &err);
    for (size_t first = third, end; first < m->n_txs; first = end) {
        end = sg_model_cut(m, first, first + 100);
        sg_model_append(writer, m, first, end);
        commit(writer);
    }
    sg_model_check(m, third, &ledger);
    sg_ledger_close(&ledger);
    sg_writer_free(writer);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_dropped_writer_leaves_last_commit(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {6, 140000, 3000, 5, 1, 1, 2, false};
    struct sg_model *m = sg_model_new(&shape);
    const size_t half = sg_model_cut(m, 0, 70000);
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    sg_model_append(writer, m, 0, half);
    commit(writer);
    /* Everything goes to the file at once, and still is not there. */
    writer->staged_max = 1;
    sg_model_append(writer, m, half, m->n_txs);
    sg_writer_free(writer);
    sg_model_check_dir(dir, m, half, NULL);
    writer = open_writer(dir, false);
    writer->staged_max = 1;
    for (size_t first = half, end; first < m->n_txs; first = end) {
        end = sg_model_cut(m, first, first + 20000);
        sg_model_append(writer, m, first, end);
    }
    commit(writer);
    sg_writer_free(writer);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_chains_are_listed_and_absent_ones_not_found(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger = {0};
    const char *dir = sg_test_mkdir();
    uint64_t n_faults;
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ENOTFOUND);
    assert_int_equal(sg_ledger_open(&ledger, "/nonexistent", sg_model_chain(), &err), SG_ENOTFOUND);
    assert_int_equal(sg_engine_rollback(dir, sg_model_chain(), 5, &err), SG_ENOTFOUND);
    assert_int_equal(sg_engine_check(&n_faults, dir, sg_model_chain(), NULL, NULL, NULL, &err),
                     SG_ENOTFOUND);
    struct sg_writer *writer = open_writer(dir, false);
    sg_writer_free(writer);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ENOTFOUND);
    sg_ledger_close(&ledger);
    sg_test_rmdir(dir);
}

static void test_id_spaces_end_with_a_limit(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_model *m = sg_model_new(&small);
    const struct sg_batch batch = sg_model_batch(m, 0, m->n_txs);
    sg_model_number(m, m->n_txs);
    const char *dir = sg_test_mkdir();
    struct sg_writer *writer = open_writer(dir, false);
    writer->addr_max = m->n_addrs - 1;
    assert_int_equal(sg_writer_append(writer, &batch, &err), SG_ELIMIT);
    sg_writer_free(writer);
    writer = open_writer(dir, false);
    writer->asset_max = m->n_assets - 1;
    assert_int_equal(sg_writer_append(writer, &batch, &err), SG_ELIMIT);
    sg_writer_free(writer);
    writer = open_writer(dir, false);
    writer->addr_max = m->n_addrs;
    writer->asset_max = m->n_assets;
    sg_model_append(writer, m, 0, m->n_txs);
    commit(writer);
    sg_writer_free(writer);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_colliding_hashes_are_told_apart(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {12, 1500, 400, 9, 0, 3, 4, true};
    /* With 0 bits everything collides; the dictionary is then one list. */
    const uint64_t masks[] = {0, 0xff, UINT64_MAX << 60, UINT64_MAX << 52};
    for (size_t i = 0; i < SG_COUNT_OF(masks); i++) {
        struct sg_model *m = sg_model_new(&shape);
        const char *dir = sg_test_mkdir();
        sg_key_mask_for_tests = masks[i];
        sg_model_build(dir, m, 300, 1, 2);
        sg_model_check_dir(dir, m, m->n_txs, NULL);
        sg_key_mask_for_tests = UINT64_MAX;
        sg_test_rmdir(dir);
        sg_model_free(m);
    }
}

static void test_many_tiny_commits(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {13, 700, 300, 5, 0, 3, 1, false};
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    uint8_t tiny[32], whole[32];
    sg_model_build(dir, m, 1, 1, 1);
    sg_model_check_dir(dir, m, m->n_txs, tiny);
    sg_test_rmdir(dir);
    dir = sg_test_mkdir();
    sg_model_build(dir, m, 1000, 1, 1);
    sg_model_check_dir(dir, m, m->n_txs, whole);
    assert_memory_equal(tiny, whole, 32);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage_joins_and_gives_ids),
        cmocka_unit_test(test_first_token_hint_wins_also_before_its_rows),
        cmocka_unit_test(test_next_generation_takes_notes_over),
        cmocka_unit_test(test_unpublished_generation_leaves_nothing),
        cmocka_unit_test(test_second_writer_is_busy),
        cmocka_unit_test(test_reader_keeps_its_snapshot_while_commits_go_on),
        cmocka_unit_test(test_dropped_writer_leaves_last_commit),
        cmocka_unit_test(test_chains_are_listed_and_absent_ones_not_found),
        cmocka_unit_test(test_id_spaces_end_with_a_limit),
        cmocka_unit_test(test_colliding_hashes_are_told_apart),
        cmocka_unit_test(test_many_tiny_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
