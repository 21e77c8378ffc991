#include "store/outfile/outfile.h"
#include "support/check.h"
#include "support/io_fault.h"

#include "store/file/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static size_t n_files(const char *dir)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void test_pieces_become_the_file_on_commit_and_not_before(void **state)
{
    struct sg_outfile file;
    struct sg_err err;
    char path[256];
    uint8_t *bytes = NULL;
    size_t size;
    (void)state;
    const char *dir = sg_test_mkdir();
    snprintf(path, sizeof(path), "%s/x.csv", dir);
    CHECK_OK(sg_outfile_begin(&file, path, &err), &err);
    CHECK_OK(sg_outfile_append(&file, "one,", 4, &err), &err);
    CHECK_OK(sg_outfile_append(&file, "two", 3, &err), &err);
    assert_int_equal(sg_file_size(path), 0);
    CHECK_OK(sg_outfile_commit(&file, &err), &err);
    sg_outfile_abandon(&file);
    CHECK_OK(sg_file_read(&bytes, &size, path, 100, &err), &err);
    assert_string_equal((const char *)bytes, "one,two");
    sg_mem_free(bytes);
    assert_int_equal(n_files(dir), 1);
    sg_test_rmdir(dir);
}

static void test_abandoned_leaves_the_old_file_and_nothing_else(void **state)
{
    struct sg_outfile file;
    struct sg_err err;
    char path[256];
    (void)state;
    const char *dir = sg_test_mkdir();
    snprintf(path, sizeof(path), "%s/x.csv", dir);
    CHECK_OK(sg_file_write(path, "old", 3, &err), &err);
    CHECK_OK(sg_outfile_begin(&file, path, &err), &err);
    CHECK_OK(sg_outfile_append(&file, "newer", 5, &err), &err);
    sg_outfile_abandon(&file);
    sg_outfile_abandon(&file);
    assert_int_equal(sg_file_size(path), 3);
    assert_int_equal(n_files(dir), 1);
    sg_test_rmdir(dir);
}

static void test_a_folder_that_is_not_there_is_named(void **state)
{
    struct sg_outfile file;
    struct sg_err err;
    (void)state;
    assert_int_equal(sg_outfile_begin(&file, "/nonexistent/x", &err), SG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/x"));
    sg_outfile_abandon(&file);
}

/* Every system call of a write fails in turn, once and from there on. */
static void sweep(const char *dir, const char *path, enum sg_io_fault_kind kind, long times)
{
    enum sg_status st = SG_EIO;
    struct sg_err err;
    long after = 0;
    for (; st != SG_OK; after++) {
        uint8_t *bytes = NULL;
        size_t size;
        assert_true(after < 20);
        sg_io_fault(-1, 0, kind);
        CHECK_OK(sg_file_write(path, "old", 3, &err), &err);
        sg_io_fault(after, times, kind);
        st = sg_file_write(path, "newer", 5, &err);
        const bool fired = sg_io_fault_fired();
        sg_io_fault(-1, 0, kind);
        CHECK_OK(sg_file_read(&bytes, &size, path, 100, &err), &err);
        if (st != SG_OK)
            assert_int_equal(st, SG_EIO);
        assert_true(st == SG_OK || fired);
        assert_string_equal((const char *)bytes, st == SG_OK ? "newer" : "old");
        assert_int_equal(n_files(dir), 1);
        sg_mem_free(bytes);
    }
    assert_true(after > 3); /* write, fsync and rename were each refused */
}

static void test_a_fault_of_the_disk_leaves_the_old_file_and_nothing_else(void **state)
{
    char path[256];
    (void)state;
    const char *dir = sg_test_mkdir();
    snprintf(path, sizeof(path), "%s/x.csv", dir);
    for (enum sg_io_fault_kind kind = SG_IO_FAULT_EIO; kind <= SG_IO_FAULT_SHORT; kind++) {
        sweep(dir, path, kind, 1);
        sweep(dir, path, kind, 1000);
    }
    sg_test_rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_become_the_file_on_commit_and_not_before),
        cmocka_unit_test(test_abandoned_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_named),
        cmocka_unit_test(test_a_fault_of_the_disk_leaves_the_old_file_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
