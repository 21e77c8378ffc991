/* Goal: the door to the heap counts right, refuses what cannot be, and fails exactly when told.
 * Method: each call alone, then a random walk of calls against a model of what is alive. */
#include "support/check.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"

#include <string.h>

static void test_live_blocks_and_bytes_are_counted(void **state)
{
    (void)state;
    const size_t live = sg_mem_live();
    const size_t bytes = sg_mem_bytes();
    void *a = sg_mem_alloc(10, 100);
    void *b = sg_mem_zalloc(1, 1);
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(sg_mem_live(), live + 2);
    assert_true(sg_mem_bytes() >= bytes + 1001);
    sg_mem_free(a);
    sg_mem_free(b);
    sg_mem_free(NULL);
    assert_int_equal(sg_mem_live(), live);
    assert_int_equal(sg_mem_bytes(), bytes);
}

static void test_the_peak_remembers(void **state)
{
    (void)state;
    sg_mem_peak_reset();
    const size_t before = sg_mem_peak();
    assert_int_equal(before, sg_mem_bytes());
    void *a = sg_mem_alloc(1, 1 << 20);
    assert_non_null(a);
    sg_mem_free(a);
    assert_true(sg_mem_peak() >= before + (1 << 20));
    sg_mem_peak_reset();
    assert_int_equal(sg_mem_peak(), sg_mem_bytes());
}

static void test_products_that_overflow_are_refused(void **state)
{
    (void)state;
    const size_t half = SIZE_MAX / 2 + 1;
    const size_t live = sg_mem_live();
    assert_null(sg_mem_alloc(half, 2));
    assert_null(sg_mem_zalloc(2, half));
    assert_null(sg_mem_realloc(NULL, half, 2));
    assert_null(sg_mem_strndup("x", SIZE_MAX));
    char *a = sg_mem_strndup("abc", 3);
    assert_non_null(a);
    assert_null(sg_mem_realloc(a, half, 2));
    assert_string_equal(a, "abc");
    sg_mem_free(a);
    assert_int_equal(sg_mem_live(), live);
}

static void test_nothing_is_still_a_block(void **state)
{
    (void)state;
    void *blocks[] = {sg_mem_alloc(0, 8), sg_mem_alloc(8, 0), sg_mem_zalloc(0, SIZE_MAX),
                      sg_mem_zalloc(SIZE_MAX, 0), sg_mem_realloc(NULL, 0, 0)};
    for (size_t i = 0; i < SG_COUNT_OF(blocks); i++) {
        assert_non_null(blocks[i]);
        sg_mem_free(blocks[i]);
    }
}

static void test_zalloc_zeroes_and_strndup_terminates(void **state)
{
    (void)state;
    for (size_t size = 1; size < 5000; size += 311) {
        unsigned char *dirty = sg_mem_alloc(size, 1);
        assert_non_null(dirty);
        memset(dirty, 0xa5, size);
        sg_mem_free(dirty);
        unsigned char *block = sg_mem_zalloc(size, 1);
        assert_non_null(block);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 0);
        sg_mem_free(block);
    }
    char *copy = sg_mem_strndup("ab\0cd", 5);
    assert_non_null(copy);
    assert_memory_equal(copy, "ab\0cd", 6);
    sg_mem_free(copy);
}

static void test_faults_come_exactly_when_told(void **state)
{
    (void)state;
    for (long after = 0; after < 4; after++)
        for (long times = 1; times < 4; times++) {
            sg_mem_fault(after, times);
            assert_false(sg_mem_fault_fired());
            for (long i = 0; i < 10; i++) {
                void *block = sg_mem_alloc(1, 8);
                assert_int_equal(block == NULL, i >= after && i < after + times);
                assert_int_equal(sg_mem_fault_fired(), i >= after);
                sg_mem_free(block);
            }
            sg_mem_fault(-1, 0);
            assert_false(sg_mem_fault_fired());
        }
}

static void test_a_refused_realloc_leaves_the_block(void **state)
{
    (void)state;
    char *block = sg_mem_strndup("intact", 6);
    assert_non_null(block);
    const size_t bytes = sg_mem_bytes();
    sg_mem_fault(0, 1);
    void *moved = sg_mem_realloc(block, 1 << 20, 1);
    sg_mem_fault(-1, 0);
    assert_null(moved);
    assert_string_equal(block, "intact");
    assert_int_equal(sg_mem_bytes(), bytes);
    sg_mem_free(block);
}

#define SLOTS 32

static void test_a_random_walk_keeps_content_and_count(void **state)
{
    (void)state;
    struct sg_rng rng;
    unsigned char *slots[SLOTS] = {NULL};
    size_t sizes[SLOTS] = {0};
    size_t n_live = 0;
    const size_t live = sg_mem_live();
    const size_t bytes = sg_mem_bytes();
    sg_rng_init(&rng, sg_test_seed());
    for (int step = 0; step < 20000; step++) {
        const size_t i = (size_t)sg_rng_below(&rng, SLOTS);
        const size_t size = 1 + (size_t)sg_rng_below(&rng, 3000);
        for (size_t b = 0; b < sizes[i]; b++)
            assert_int_equal(slots[i][b], i);
        if (slots[i] && sg_rng_below(&rng, 3) == 0) {
            sg_mem_free(slots[i]);
            slots[i] = NULL;
            sizes[i] = 0;
            n_live--;
        } else {
            n_live += slots[i] == NULL;
            slots[i] = sg_mem_realloc(slots[i], size, 1);
            assert_non_null(slots[i]);
            for (size_t b = 0; b < size && b < sizes[i]; b++)
                assert_int_equal(slots[i][b], i);
            memset(slots[i], (int)i, size);
            sizes[i] = size;
        }
        assert_int_equal(sg_mem_live(), live + n_live);
    }
    for (size_t i = 0; i < SLOTS; i++)
        sg_mem_free(slots[i]);
    assert_int_equal(sg_mem_live(), live);
    assert_int_equal(sg_mem_bytes(), bytes);
}

static void churn(void *ctx, size_t index)
{
    (void)ctx;
    void *blocks[16];
    for (size_t i = 0; i < SG_COUNT_OF(blocks); i++)
        blocks[i] = sg_mem_alloc(index + 1, i + 1);
    for (size_t i = 0; i < SG_COUNT_OF(blocks); i++)
        sg_mem_free(blocks[i]);
}

static void test_the_counts_hold_with_many_threads(void **state)
{
    (void)state;
    const size_t live = sg_mem_live();
    const size_t bytes = sg_mem_bytes();
    sg_parallel_for(8, 500, churn, NULL);
    assert_int_equal(sg_mem_live(), live);
    assert_int_equal(sg_mem_bytes(), bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_blocks_and_bytes_are_counted),
        cmocka_unit_test(test_the_peak_remembers),
        cmocka_unit_test(test_products_that_overflow_are_refused),
        cmocka_unit_test(test_nothing_is_still_a_block),
        cmocka_unit_test(test_zalloc_zeroes_and_strndup_terminates),
        cmocka_unit_test(test_faults_come_exactly_when_told),
        cmocka_unit_test(test_a_refused_realloc_leaves_the_block),
        cmocka_unit_test(test_a_random_walk_keeps_content_and_count),
        cmocka_unit_test(test_the_counts_hold_with_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
