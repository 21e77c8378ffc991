#include "store/audit/audit.h"
#include "base/buf.h"
#include "store/file/file.h"
#include "support/check.h"
#include "support/io_fault.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char log_path[256], key_path[256];
static struct sg_audit_key key;
static const char *dir;

static int make(void **state)
{
    (void)state;
    dir = sg_test_mkdir();
    snprintf(log_path, sizeof(log_path), "%s/log", dir);
    snprintf(key_path, sizeof(key_path), "%s/key", dir);
    memset(key.bytes, 7, SG_AUDIT_KEY_MIN);
    key.size = SG_AUDIT_KEY_MIN;
    return 0;
}

static int drop(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

static const char *const ids[] = {"r1", "r2", "Ana Lima"};

static enum sg_status append(size_t n, struct sg_err *err)
{
    return sg_audit_append(log_path, &key, 1700000000, SG_AUDIT_CHECK, "analyst", ids, n, err);
}

struct seen {
    uint64_t n, with_r1, with_analyst;
};

static enum sg_status visit(void *ctx, const struct sg_audit_line *line, struct sg_err *err)
{
    struct seen *seen = ctx;
    uint8_t hash[SG_SHA256_SIZE];
    (void)err;
    seen->n++;
    sg_audit_hash_record(hash, &key, "r1");
    seen->with_r1 += line->has_record && memcmp(hash, line->record32, sizeof(hash)) == 0;
    sg_audit_hash_who(hash, &key, "analyst");
    seen->with_analyst += memcmp(hash, line->who32, sizeof(hash)) == 0;
    return SG_OK;
}

static void test_lines_hold_hashes_and_no_name_and_are_found_with_the_key(void **state)
{
    struct sg_audit_state log;
    struct seen seen = {0};
    struct sg_err err;
    uint8_t *bytes;
    size_t size;
    struct stat st;
    (void)state;
    CHECK_OK(append(3, &err), &err);
    CHECK_OK(append(0, &err), &err);
    CHECK_OK(sg_audit_read(&log, log_path, &key, visit, &seen, &err), &err);
    assert_int_equal(log.n_lines, 4);
    assert_int_equal(log.n_cut, 0);
    assert_int_equal(seen.n, 4);
    assert_int_equal(seen.with_r1, 1);
    assert_int_equal(seen.with_analyst, 4);
    CHECK_OK(sg_file_read(&bytes, &size, log_path, 1 << 20, &err), &err);
    assert_null(strstr((char *)bytes, "Ana"));
    assert_null(strstr((char *)bytes, "r1"));
    assert_null(strstr((char *)bytes, "analyst"));
    sg_mem_free(bytes);
    assert_int_equal(stat(log_path, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
}

/* Write the log with a change, and say what reading returns. */
static enum sg_status read_changed(const char *text, size_t size, struct sg_err *err)
{
    struct sg_audit_state log;
    CHECK_OK(sg_file_write(log_path, text, size, err), err);
    return sg_audit_read(&log, log_path, &key, NULL, NULL, err);
}

static void test_a_change_anywhere_is_found(void **state)
{
    uint8_t *bytes;
    size_t size;
    struct sg_err err;
    (void)state;
    CHECK_OK(append(3, &err), &err);
    CHECK_OK(sg_file_read(&bytes, &size, log_path, 1 << 20, &err), &err);
    char *text = (char *)bytes;
    assert_int_equal(read_changed(text, size, &err), SG_OK);
    char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    char *digit = strstr(second, "check ") + 6;
    *digit = *digit == 'a' ? 'b' : 'a';
    assert_int_equal(read_changed(text, size, &err), SG_ECORRUPT);
    CHECK(strstr(err.text, "line 2"));
    /* The second line gone, and the first. */
    struct sg_buf without = SG_BUF_INIT(1 << 20);
    sg_buf_append(&without, text, (size_t)(second - text));
    sg_buf_puts(&without, third);
    assert_int_equal(read_changed(without.data, without.size, &err), SG_ECORRUPT);
    assert_int_equal(read_changed(second, strlen(second), &err), SG_ECORRUPT);
    sg_buf_clear(&without);
    sg_mem_free(bytes);
}

static void test_another_key_does_not_fit(void **state)
{
    struct sg_audit_state log;
    struct sg_err err;
    (void)state;
    CHECK_OK(append(1, &err), &err);
    struct sg_audit_key other = key;
    other.bytes[0] ^= 1;
    assert_int_equal(sg_audit_read(&log, log_path, &other, NULL, NULL, &err), SG_ECORRUPT);
}

static void test_a_cut_line_is_passed_over_and_counted(void **state)
{
    struct sg_audit_state log;
    struct sg_err err;
    (void)state;
    CHECK_OK(append(2, &err), &err);
    FILE *file = fopen(log_path, "a");
    fputs("3 2023-11", file);
    fclose(file);
    CHECK_OK(append(1, &err), &err);
    CHECK_OK(sg_audit_read(&log, log_path, &key, NULL, NULL, &err), &err);
    assert_int_equal(log.n_lines, 3);
    assert_int_equal(log.n_cut, 1);
}

static void test_a_file_that_is_no_log_is_left_alone(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OK(sg_file_write(log_path, "my notes\n", 9, &err), &err);
    assert_int_equal(append(1, &err), SG_ECORRUPT);
    assert_int_equal(sg_file_size(log_path), 9);
}

static void test_a_full_disk_leaves_the_log_as_it_was(void **state)
{
    static const enum sg_io_fault_kind kinds[] = {SG_IO_FAULT_EIO, SG_IO_FAULT_ENOSPC,
                                                  SG_IO_FAULT_SHORT};
    struct sg_audit_state log;
    struct sg_err err;
    (void)state;
    CHECK_OK(append(1, &err), &err);
    for (size_t k = 0; k < SG_COUNT_OF(kinds); k++)
        for (long n = 0;; n++) {
            const uint64_t size = sg_file_size(log_path);
            sg_io_fault(n, 1, kinds[k]);
            const enum sg_status st = append(3, &err);
            const bool fired = sg_io_fault_fired();
            sg_io_fault(-1, 0, kinds[k]);
            if (fired && kinds[k] != SG_IO_FAULT_SHORT) {
                assert_int_equal(st, SG_EIO);
                assert_int_equal(sg_file_size(log_path), size);
            }
            /* A short write is followed by a second failure, which may hit the restoring: then
             * whole lines or a cut one stay, and the log still reads. */
            CHECK_OK(sg_audit_read(&log, log_path, &key, NULL, NULL, &err), &err);
            if (!fired)
                break;
        }
}

static void test_a_key_is_long_and_private(void **state)
{
    struct sg_audit_key read;
    struct sg_err err;
    char text[SG_AUDIT_KEY_MIN] = {1};
    (void)state;
    CHECK_OK(sg_file_write(key_path, text, sizeof(text), &err), &err);
    assert_int_equal(sg_audit_key_read(&read, key_path, &err), SG_EUSAGE);
    assert_int_equal(chmod(key_path, 0600), 0);
    CHECK_OK(sg_audit_key_read(&read, key_path, &err), &err);
    assert_int_equal(read.size, sizeof(text));
    assert_int_equal(truncate(key_path, SG_AUDIT_KEY_MIN - 1), 0);
    assert_int_equal(sg_audit_key_read(&read, key_path, &err), SG_EUSAGE);
}

static enum sg_status append_and_read(void)
{
    struct sg_audit_state log;
    struct sg_err err;
    enum sg_status st = append(3, &err);
    if (st == SG_OK)
        st = sg_audit_read(&log, log_path, &key, NULL, NULL, &err);
    return st;
}

static void test_without_memory_nothing_is_lost(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(append_and_read());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(test_lines_hold_hashes_and_no_name_and_are_found_with_the_key),
        TEST(test_a_change_anywhere_is_found),
        TEST(test_another_key_does_not_fit),
        TEST(test_a_cut_line_is_passed_over_and_counted),
        TEST(test_a_file_that_is_no_log_is_left_alone),
        TEST(test_a_full_disk_leaves_the_log_as_it_was),
        TEST(test_a_key_is_long_and_private),
        TEST(test_without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
