/* A case from the disk: both files are read and digested, and errors name the file they are in. */
#include "support/check.h"

#include "base/hex.h"
#include "store/casefile/casefile.h"
#include "store/file/file.h"

#include <stdio.h>
#include <string.h>

#define ONE "0xe708f17240732bbfa1baa8513f66b665fbc7ce10"

static const char case_text[] =
    "sillage_case: 1\nname: x\ntitle: X\ndate: 2022-01-01\nsources: [{id: s, title: S}]\n"
    "seeds:\n  - {chain: ethereum, address: '" ONE "', asset: ETH, amount: 1, time: 2022-01-01,\n"
    "     source: s}\nlabels_file: l.csv\n";
static const char labels_text[] =
    "chain,address,entity,category,source,confidence\nethereum," ONE ",E,other,s,low\n";

struct files {
    char dir[64], case_path[128], labels_path[128];
};

static int setup(void **state)
{
    static struct files files;
    snprintf(files.dir, sizeof(files.dir), "%s", sg_test_mkdir());
    snprintf(files.case_path, sizeof(files.case_path), "%s/case.yaml", files.dir);
    snprintf(files.labels_path, sizeof(files.labels_path), "%s/l.csv", files.dir);
    *state = &files;
    return 0;
}

static int teardown(void **state)
{
    sg_test_rmdir(((struct files *)*state)->dir);
    return 0;
}

static void put(const char *path, const char *text)
{
    struct sg_err err;
    CHECK_OK(sg_file_write(path, text, strlen(text), &err), &err);
}

static void test_both_files_are_read_and_digested(void **state)
{
    const struct files *files = *state;
    struct sg_casefile file;
    struct sg_err err;
    char hex[2 * SG_SHA256_SIZE + 1], expected[2 * SG_SHA256_SIZE + 1];
    uint8_t digest[SG_SHA256_SIZE];
    put(files->case_path, case_text);
    put(files->labels_path, labels_text);
    CHECK_OK(sg_casefile_open(&file, files->case_path, &err), &err);
    assert_int_equal(file.n_inputs, 2);
    assert_string_equal(file.inputs[0].path, files->case_path);
    assert_string_equal(file.inputs[1].path, files->labels_path);
    assert_int_equal(file.inputs[1].bytes, strlen(labels_text));
    sg_sha256_of(digest, labels_text, strlen(labels_text));
    sg_hex_encode(expected, digest, sizeof(digest));
    assert_string_equal(sg_hex_encode(hex, file.inputs[1].sha256, sizeof(digest)), expected);
    assert_int_equal(file.c.n_labels, 1);
    assert_string_equal(sg_casefile_path(&file, file.c.labels[0].place), files->labels_path);
    sg_casefile_close(&file);
    sg_casefile_close(&file);
}

static void check_error(const char *path, enum sg_status status, const char *begins)
{
    struct sg_casefile file;
    struct sg_err err;
    assert_int_equal(sg_casefile_open(&file, path, &err), status);
    if (strncmp(err.text, begins, strlen(begins)) != 0)
        fail_msg("got '%s', expected '%s...'", err.text, begins);
    assert_int_equal(err.line, 0);
}

static void test_errors_name_the_file_and_the_place(void **state)
{
    const struct files *files = *state;
    char begins[512];
    put(files->case_path, "sillage_case: 1\nnmae: x\n");
    snprintf(begins, sizeof(begins), "%s:2:1: unknown key 'nmae'", files->case_path);
    check_error(files->case_path, SG_EPARSE, begins);
    put(files->case_path, case_text);
    put(files->labels_path, "chain,address\n");
    snprintf(begins, sizeof(begins), "%s:1:1: there is no column 'entity'", files->labels_path);
    check_error(files->case_path, SG_EPARSE, begins);
}

static void test_a_missing_file_is_named(void **state)
{
    const struct files *files = *state;
    struct sg_casefile file;
    struct sg_err err;
    put(files->case_path, case_text);
    assert_int_equal(sg_casefile_open(&file, files->case_path, &err), SG_EIO);
    assert_non_null(strstr(err.text, files->labels_path));
    assert_int_equal(sg_casefile_open(&file, files->dir, &err), SG_EIO);
}

static enum sg_status open_and_close(const char *path)
{
    struct sg_casefile file = {.n_inputs = 0};
    const enum sg_status st = sg_casefile_open(&file, path, NULL);
    sg_casefile_close(&file);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    const struct files *files = *state;
    put(files->case_path, case_text);
    put(files->labels_path, labels_text);
    CHECK_OOM_SWEEP(open_and_close(files->case_path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_files_are_read_and_digested, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors_name_the_file_and_the_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_missing_file_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_memory_it_says_so_and_leaks_nothing, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
