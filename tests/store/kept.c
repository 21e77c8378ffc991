/* Kept results: what was written is read; every damaged file is an empty one. */
#include "store/kept/kept.h"

#include "store/file/file.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

static const struct sg_kept_item items[] = {{{{9}}, {"nine", 4}}, {{{1}}, {"", 0}}};

static void path_in(char path[256], const char *dir)
{
    snprintf(path, 256, "%s/f.kept", dir);
}

static void written_items_are_found_under_their_version_only(void **state)
{
    char path[256];
    struct sg_kept kept;
    struct sg_err err;
    const char *dir = sg_test_mkdir();
    (void)state;
    path_in(path, dir);
    CHECK_OK(sg_kept_write(path, 7, items, 2, &err), &err);
    CHECK_OK(sg_kept_read(&kept, path, 7, &err), &err);
    CHECK(sg_text_is(sg_kept_find(&kept, &items[0].id), "nine"));
    CHECK(sg_text_is(sg_kept_find(&kept, &items[1].id), ""));
    CHECK(!sg_kept_find(&kept, &(struct sg_git_id){{5}}).data);
    sg_kept_clear(&kept);
    CHECK_OK(sg_kept_read(&kept, path, 8, &err), &err);
    assert_int_equal(kept.n, 0);
    sg_kept_clear(&kept);
    sg_test_rmdir(dir);
}

static void a_file_with_any_byte_changed_or_cut_off_holds_nothing(void **state)
{
    char path[256];
    uint8_t *bytes;
    size_t size;
    struct sg_kept kept;
    struct sg_err err;
    const char *dir = sg_test_mkdir();
    (void)state;
    path_in(path, dir);
    CHECK_OK(sg_kept_write(path, 7, items, 2, &err), &err);
    CHECK_OK(sg_file_read(&bytes, &size, path, 4096, &err), &err);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 1;
        CHECK_OK(sg_file_write(path, bytes, size, &err), &err);
        CHECK_OK(sg_kept_read(&kept, path, 7, &err), &err);
        assert_int_equal(kept.n, 0);
        sg_kept_clear(&kept);
        bytes[i] ^= 1;
        CHECK_OK(sg_file_write(path, bytes, i, &err), &err);
        CHECK_OK(sg_kept_read(&kept, path, 7, &err), &err);
        assert_int_equal(kept.n, 0);
        sg_kept_clear(&kept);
    }
    sg_mem_free(bytes);
    sg_test_rmdir(dir);
}

static enum sg_status read_and_clear(const char *path)
{
    struct sg_kept kept;
    const enum sg_status st = sg_kept_read(&kept, path, 7, NULL);
    sg_kept_clear(&kept);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    char path[256];
    struct sg_err err;
    const char *dir = sg_test_mkdir();
    (void)state;
    path_in(path, dir);
    CHECK_OK(sg_kept_write(path, 7, items, 2, &err), &err);
    CHECK_OOM_SWEEP(read_and_clear(path));
    CHECK_OOM_SWEEP(sg_kept_write(path, 7, items, 2, NULL));
    sg_test_rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_items_are_found_under_their_version_only),
        cmocka_unit_test(a_file_with_any_byte_changed_or_cut_off_holds_nothing),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
