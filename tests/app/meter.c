/* The line of progress, as text: what is unknown is left out, and no time divides by zero. */
#include "support/check.h"

#include "app/meter.h"

#include <string.h>

static void check_text(bool in_bytes, uint64_t done, uint64_t total, int64_t elapsed_ms,
                       const char *wanted)
{
    const struct sg_bar bar = {.what = "reading", .in_bytes = in_bytes};
    char text[128];
    sg_bar_text(text, sizeof(text), &bar, done, total, elapsed_ms);
    assert_string_equal(text, wanted);
}

static void test_the_line_tells_rate_share_and_time_left(void **state)
{
    (void)state;
    check_text(true, 512000000, 2048000000, 2500,
               "reading 512 of 2048 MB, 24 %, 204.8 MB/s, 7 s left");
    check_text(false, 500, 1000, 1000, "reading 500 of 1000 rows, 45 %, 500.0 rows/s, 0 s left");
}

static void test_an_unknown_total_is_left_out(void **state)
{
    (void)state;
    check_text(true, 3000000, 0, 1000, "reading 3 MB, 3.0 MB/s");
}

static void test_ends_and_begins_are_harmless(void **state)
{
    (void)state;
    check_text(true, 0, 1000000, 0, "reading 0 of 1 MB, 0 %, 0.0 MB/s");
    check_text(false, 10, 10, 1, "reading 10 of 10 rows, 100 %, 10000.0 rows/s");
    check_text(false, 20, 10, 1000, "reading 20 of 10 rows, 100 %, 20.0 rows/s");
}

static void test_a_short_buffer_cuts_the_line(void **state)
{
    (void)state;
    const struct sg_bar bar = {.what = "reading", .in_bytes = true};
    for (size_t size = 1; size < 60; size++) {
        char text[64];
        sg_bar_text(text, size, &bar, 512000000, 2048000000, 2500);
        assert_true(strlen(text) < size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_line_tells_rate_share_and_time_left),
        cmocka_unit_test(test_an_unknown_total_is_left_out),
        cmocka_unit_test(test_ends_and_begins_are_harmless),
        cmocka_unit_test(test_a_short_buffer_cuts_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
