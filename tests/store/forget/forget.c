/* Faults: a deletion is done whole, or its files are as they were. */
#include "store/forget/forget.h"
#include "base/civil.h"
#include "store/file/file.h"
#include "support/check.h"
#include "support/io_fault.h"

#include <stdio.h>
#include <string.h>

#define N_FILES 3

static const char *const had[N_FILES] = {
    "record_id,handle\nr1,ana\nr2,bo\nr4,ana\n",
    ("time,kind,person,other\n2024-01-01,login,r1,\n2024-01-02,rating,r2,r1\n"
     "2024-01-02,rating,r2,ana\n2024-01-03,login,r2,\n"),
    "record_id,rules,decision,reviewer,date,note\nr1,kvm,open,,,\n"};
/* r4 has the account name of r1 and stays, so a rating of that name stays too. */
static const char *const wanted[N_FILES] = {
    "record_id,handle\nr2,bo\nr4,ana\n",
    "time,kind,person,other\n2024-01-02,rating,r2,ana\n2024-01-03,login,r2,\n",
    "record_id,rules,decision,reviewer,date,note\n"};

static const char *dir;
static char paths[N_FILES][256];

static int make(void **state)
{
    static const char *const names[N_FILES] = {"people", "events", "decisions"};
    (void)state;
    dir = sg_test_mkdir();
    for (size_t i = 0; i < N_FILES; i++)
        snprintf(paths[i], sizeof(paths[i]), "%s/%s", dir, names[i]);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

static void refill(void)
{
    for (size_t i = 0; i < N_FILES; i++) {
        FILE *file = fopen(paths[i], "w");
        assert_non_null(file);
        fputs(had[i], file);
        fclose(file);
    }
}

static bool is_content(size_t i, const char *text)
{
    uint8_t *bytes;
    size_t size;
    struct sg_err err;
    CHECK_OK(sg_file_read(&bytes, &size, paths[i], 4096, &err), &err);
    const bool same = size == strlen(text) && memcmp(bytes, text, size) == 0;
    sg_mem_free(bytes);
    return same;
}

static enum sg_status forget(struct sg_forget_done *done, struct sg_err *err)
{
    static const char *const ids[] = {"r1"};
    const struct sg_forget what = {paths[0], paths[1], paths[2], ids, 1, SG_TIME_UNKNOWN};
    return sg_forget_run(done, &what, err);
}

static void test_rows_of_one_go_and_the_rest_stays(void **state)
{
    struct sg_forget_done done;
    struct sg_err err;
    (void)state;
    refill();
    CHECK_OK(forget(&done, &err), &err);
    for (size_t i = 0; i < N_FILES; i++)
        CHECK(is_content(i, wanted[i]));
    assert_int_equal(done.people, 1);
    assert_int_equal(done.events, 2);
    assert_int_equal(done.mentions, 1);
    assert_int_equal(done.decisions, 1);
    assert_int_equal(forget(&done, &err), SG_ENOTFOUND);
}

/* Each file is whole, as it was or as it should be, wherever the disk fails; and a second call,
 * when the disk works again, ends what was begun, or finds it done. */
static void test_wherever_the_disk_fails_each_file_is_whole(void **state)
{
    static const enum sg_io_fault_kind kinds[] = {SG_IO_FAULT_EIO, SG_IO_FAULT_ENOSPC,
                                                  SG_IO_FAULT_SHORT};
    struct sg_forget_done done;
    struct sg_err err;
    (void)state;
    for (size_t k = 0; k < SG_COUNT_OF(kinds); k++)
        for (long n = 0;; n++) {
            refill();
            sg_io_fault(n, 1, kinds[k]);
            const enum sg_status st = forget(&done, &err);
            const bool fired = sg_io_fault_fired();
            sg_io_fault(-1, 0, kinds[k]);
            CHECK(st == SG_OK || (fired && st == SG_EIO));
            for (size_t i = 0; i < N_FILES; i++)
                CHECK(is_content(i, wanted[i]) || (st == SG_EIO && is_content(i, had[i])));
            const enum sg_status again = forget(&done, &err);
            CHECK(again == SG_OK || again == SG_ENOTFOUND);
            for (size_t i = 0; i < N_FILES; i++)
                CHECK(is_content(i, wanted[i]));
            if (!fired)
                break;
        }
}

static enum sg_status refill_and_forget(void)
{
    struct sg_forget_done done;
    struct sg_err err;
    return forget(&done, &err);
}

static void test_without_memory_nothing_is_changed(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        refill();
        sg_mem_fault(n, 1);
        const size_t live = sg_mem_live();
        const enum sg_status st = refill_and_forget();
        const bool fired = sg_mem_fault_fired();
        sg_mem_fault(-1, 0);
        assert_int_equal(sg_mem_live(), live);
        assert_int_equal(st, fired ? SG_ENOMEM : SG_OK);
        for (size_t i = 0; i < N_FILES; i++)
            CHECK(is_content(i, fired ? had[i] : wanted[i]));
        if (!fired)
            break;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(test_rows_of_one_go_and_the_rest_stays),
        TEST(test_wherever_the_disk_fails_each_file_is_whole),
        TEST(test_without_memory_nothing_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
