/* The external sort against a plain one: order, stability, and the same answer with and without
 * the disk or a second thread. */
#include "support/check.h"

#include "base/rng.h"
#include "store/import/sorter_internal.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

struct item {
    uint64_t key;
    uint64_t number; /* of adding */
    uint32_t size;   /* of the bytes behind, all equal to the low byte of number */
    uint8_t bytes[200];
};

static int compare_item(const void *left, const void *right)
{
    const struct item *a = *(const struct item *const *)left;
    const struct item *b = *(const struct item *const *)right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void make_items(struct item *items, size_t n, uint64_t key_bound, struct sg_rng *rng)
{
    for (size_t i = 0; i < n; i++) {
        items[i].key = key_bound ? sg_rng_below(rng, key_bound) : sg_rng_next(rng);
        items[i].number = i;
        items[i].size = (uint32_t)sg_rng_below(rng, sizeof(items[i].bytes));
        memset(items[i].bytes, (int)(i & 255), sizeof(items[i].bytes));
    }
}

static void check_order(struct sg_sorter *sorter, const struct item *const *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t key = 0;
        const struct item *got = sg_sorter_next(&key, sorter);
        assert_non_null(got);
        assert_int_equal((uintptr_t)got % SG_SORTER_ALIGN, 0);
        assert_int_equal(key, expected[i]->key);
        assert_int_equal(got->number, expected[i]->number);
        assert_memory_equal(got->bytes, expected[i]->bytes, expected[i]->size);
        if (i % 1000 == 0)
            sg_sorter_release(sorter);
    }
    uint64_t key;
    assert_null(sg_sorter_next(&key, sorter));
    assert_null(sg_sorter_next(&key, sorter));
}

static enum sg_status fill(struct sg_sorter *sorter, const struct item *items, size_t n,
                           struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        void *room;
        const size_t size = offsetof(struct item, bytes) + items[i].size;
        st = sg_sorter_add(&room, sorter, items[i].key, size, err);
        if (st == SG_OK)
            memcpy(room, &items[i], size);
    }
    return st == SG_OK ? sg_sorter_finish(sorter, err) : st;
}

static const char *dir;

static int make_dir(void **state)
{
    (void)state;
    dir = sg_test_mkdir();
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

/* Returns the number of runs. */
static size_t check_world(const struct item *items, size_t n, size_t memory_max, bool threaded)
{
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    const struct item **expected = sg_mem_alloc(n, sizeof(*expected));
    assert_non_null(expected);
    for (size_t i = 0; i < n; i++)
        expected[i] = &items[i];
    qsort(expected, n, sizeof(*expected), compare_item);
    CHECK_OK(sg_sorter_new(&sorter, dir, memory_max, false, threaded, &err), &err);
    CHECK_OK(fill(sorter, items, n, &err), &err);
    assert_int_equal(sg_sorter_count(sorter), n);
    const size_t n_runs = sg_sorter_runs(sorter);
    for (int pass = 0; pass < 2; pass++) {
        check_order(sorter, expected, n);
        sg_sorter_rewind(sorter);
    }
    sg_sorter_free(sorter);
    sg_mem_free(expected);
    return n_runs;
}

static void test_any_keys_in_any_memory_come_out_in_stable_order(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    struct item *items = sg_mem_alloc(N, sizeof(*items));
    assert_non_null(items);
    static const uint64_t bounds[] = {1, 2, 300, 5000, 100000, (uint64_t)1 << 40, 0};
    for (size_t b = 0; b < SG_COUNT_OF(bounds); b++) {
        make_items(items, N, bounds[b], &rng);
        for (int threaded = 0; threaded < 2; threaded++) {
            assert_int_equal(check_world(items, N, (size_t)64 << 20, threaded), 0);
            assert_true(check_world(items, N, (size_t)400 << 10, threaded) > 10);
        }
        assert_int_equal(check_world(items, 1, (size_t)1 << 20, false), 0);
    }
    sg_mem_free(items);
}

static void test_sorted_and_reversed_input(void **state)
{
    (void)state;
    enum { N = 10000 };
    struct item *items = sg_mem_zalloc(N, sizeof(*items));
    assert_non_null(items);
    for (size_t reversed = 0; reversed < 2; reversed++) {
        for (size_t i = 0; i < N; i++)
            items[i] = (struct item){.key = (reversed ? N - i : i) / 3, .number = i, .size = 100};
        check_world(items, N, (size_t)256 << 10, true);
        check_world(items, N, (size_t)16 << 20, true);
    }
    sg_mem_free(items);
}

static void test_nothing_to_sort(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    uint64_t key;
    CHECK_OK(sg_sorter_new(&sorter, dir, (size_t)1 << 20, false, true, &err), &err);
    CHECK_OK(sg_sorter_finish(sorter, &err), &err);
    assert_null(sg_sorter_next(&key, sorter));
    sg_sorter_free(sorter);
}

static void test_an_item_larger_than_a_pile_is_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    void *room;
    CHECK_OK(sg_sorter_new(&sorter, dir, (size_t)256 << 10, false, false, &err), &err);
    assert_int_equal(sg_sorter_add(&room, sorter, 1, (size_t)1 << 20, &err), SG_ELIMIT);
    sg_sorter_free(sorter);
}

static void test_memory_stays_under_its_bound(void **state)
{
    (void)state;
    enum { N = 20000 };
    const size_t memory_max = (size_t)512 << 10;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    struct item *items = sg_mem_alloc(N, sizeof(*items));
    assert_non_null(items);
    make_items(items, N, 0, &rng);
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    const size_t before = sg_mem_bytes();
    sg_mem_peak_reset();
    CHECK_OK(sg_sorter_new(&sorter, dir, memory_max, false, true, &err), &err);
    CHECK_OK(fill(sorter, items, N, &err), &err);
    sg_sorter_free(sorter);
    assert_true(sg_mem_peak() - before <= memory_max + ((size_t)80 << 10));
    sg_mem_free(items);
}

/* Flat items, through memory alone and over the disk, against the same order. */
static void test_flat_items_come_out_in_stable_order(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    struct item *items = sg_mem_alloc(N, sizeof(*items));
    const struct item **expected = sg_mem_alloc(N, sizeof(*expected));
    assert_true(items && expected);
    static const size_t memories[] = {(size_t)128 << 10, (size_t)1 << 20, (size_t)16 << 20};
    for (size_t m = 0; m < 2 * SG_COUNT_OF(memories); m++) {
        struct sg_err err;
        struct sg_sorter *sorter = NULL;
        void *room;
        uint64_t key;
        make_items(items, N, m % 2 ? 700 : 0, &rng);
        CHECK_OK(sg_sorter_new(&sorter, dir, memories[m / 2], true, m % 2, &err), &err);
        for (size_t i = 0; i < N; i++) {
            expected[i] = &items[i];
            CHECK_OK(sg_sorter_add(&room, sorter, items[i].key, 8, &err), &err);
            memcpy(room, &items[i].number, 8);
        }
        qsort(expected, N, sizeof(*expected), compare_item);
        CHECK_OK(sg_sorter_finish(sorter, &err), &err);
        assert_int_equal(sg_sorter_runs(sorter) > 0, m < 2);
        for (size_t i = 0; i < N; i++) {
            const uint64_t *got = sg_sorter_next(&key, sorter);
            assert_non_null(got);
            assert_int_equal(key, expected[i]->key);
            assert_int_equal(*got, expected[i]->number);
        }
        assert_null(sg_sorter_next(&key, sorter));
        sg_sorter_free(sorter);
    }
    sg_mem_free(expected);
    sg_mem_free(items);
}

static size_t count_names(void)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    size_t n = 0;
    for (const struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void test_the_temporary_file_has_no_name(void **state)
{
    (void)state;
    struct item items[4000];
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    make_items(items, SG_COUNT_OF(items), 0, &rng);
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    CHECK_OK(sg_sorter_new(&sorter, dir, (size_t)128 << 10, false, false, &err), &err);
    CHECK_OK(fill(sorter, items, SG_COUNT_OF(items), &err), &err);
    assert_true(sg_sorter_runs(sorter) > 1);
    assert_int_equal(count_names(), 0);
    sg_sorter_free(sorter);
}

static void test_no_place_for_the_temporary_file_is_an_error(void **state)
{
    (void)state;
    struct item items[4000];
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    make_items(items, SG_COUNT_OF(items), 0, &rng);
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    CHECK_OK(sg_sorter_new(&sorter, "/nowhere/at/all", (size_t)128 << 10, false, false, &err),
             &err);
    assert_int_equal(fill(sorter, items, SG_COUNT_OF(items), &err), SG_EIO);
    sg_sorter_free(sorter);
}

static enum sg_status sort_once(const struct item *items, size_t n)
{
    struct sg_err err;
    struct sg_sorter *sorter = NULL;
    enum sg_status st = sg_sorter_new(&sorter, dir, (size_t)128 << 10, false, false, &err);
    if (st == SG_OK)
        st = fill(sorter, items, n, &err);
    sg_sorter_free(sorter);
    return st;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct item items[4000];
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    make_items(items, SG_COUNT_OF(items), 0, &rng);
    CHECK_OOM_SWEEP(sort_once(items, SG_COUNT_OF(items)));
    CHECK_OOM_SWEEP(sort_once(items, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_keys_in_any_memory_come_out_in_stable_order),
        cmocka_unit_test(test_sorted_and_reversed_input),
        cmocka_unit_test(test_nothing_to_sort),
        cmocka_unit_test(test_an_item_larger_than_a_pile_is_refused),
        cmocka_unit_test(test_memory_stays_under_its_bound),
        cmocka_unit_test(test_flat_items_come_out_in_stable_order),
        cmocka_unit_test(test_the_temporary_file_has_no_name),
        cmocka_unit_test(test_no_place_for_the_temporary_file_is_an_error),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
