/* Goal: no read leaves the window, and the first short one is remembered. Method: every window of
 * up to twelve bytes, every pair of reads, against plain arithmetic. */
#include "support/check.h"

#include "base/reader.h"

#define N 12

static uint64_t little_endian(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;
    while (n--)
        value = value * 256 + bytes[n];
    return value;
}

/* A window at the end of a block of its own, so that a sanitizer sees a read past it. */
static uint8_t *window(size_t size)
{
    uint8_t *bytes = sg_mem_alloc(size, 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(0xf1 - 17 * i);
    return bytes;
}

static void check_pair(const uint8_t *bytes, size_t size, size_t first, size_t second)
{
    struct sg_reader r;
    uint8_t out[N + 1];
    const bool fits1 = first <= size;
    const bool fits2 = fits1 && second <= size - first;
    memset(out, 0xa5, sizeof(out));
    sg_reader_init(&r, bytes, size);
    sg_reader_bytes(out, &r, first);
    assert_int_equal(r.failed, !fits1);
    assert_int_equal(sg_reader_left(&r), fits1 ? size - first : size);
    for (size_t i = 0; i < first; i++)
        assert_int_equal(out[i], fits1 ? bytes[i] : 0);
    assert_int_equal(out[first], 0xa5);
    const uint8_t *at = sg_reader_take(&r, second);
    assert_ptr_equal(at, fits2 ? bytes + first : NULL);
    assert_int_equal(r.failed, !fits2);
    assert_int_equal(r.off, (fits1 ? first : 0) + (fits2 ? second : 0));
}

static void test_two_reads_of_any_size_over_any_window(void **state)
{
    (void)state;
    for (size_t size = 0; size < N; size++) {
        uint8_t *bytes = window(size);
        for (size_t first = 0; first <= N; first++)
            for (size_t second = 0; second <= N; second++)
                check_pair(bytes, size, first, second);
        sg_mem_free(bytes);
    }
}

static void test_integers_are_little_endian_or_zero(void **state)
{
    (void)state;
    for (size_t size = 0; size < N; size++) {
        uint8_t *bytes = window(size);
        for (size_t n = 0; n <= 8; n++) {
            struct sg_reader r;
            sg_reader_init(&r, bytes, size);
            const uint64_t want = n <= size ? little_endian(bytes, n) : 0;
            assert_int_equal(sg_reader_le(&r, n), want);
            assert_int_equal(r.failed, n > size);
        }
        sg_mem_free(bytes);
    }
}

static void test_a_failed_reader_stays_failed(void **state)
{
    (void)state;
    const uint8_t bytes[] = {1, 2, 3};
    struct sg_reader r;
    sg_reader_init(&r, bytes, sizeof(bytes));
    assert_int_equal(sg_reader_le(&r, 1), 1);
    assert_null(sg_reader_take(&r, SIZE_MAX));
    assert_int_equal(sg_reader_le(&r, 1), 0);
    assert_true(r.failed);
    assert_int_equal(r.off, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_reads_of_any_size_over_any_window),
        cmocka_unit_test(test_integers_are_little_endian_or_zero),
        cmocka_unit_test(test_a_failed_reader_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
