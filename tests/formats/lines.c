/* Lines and their differences: every pair of short texts against the plain table. */
#include "formats/lines/lines.h"

#include "oracle/lines.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define LETTERS 3u
#define LONGEST 5u

/* Number `code` as letters of a base-3 word with a leading one dropped; each letter becomes a line.
 */
static void make_text(char *letters, char *text, unsigned code)
{
    size_t n = 0;
    for (; code > 1; code /= LETTERS)
        letters[n++] = (char)('a' + code % LETTERS);
    letters[n] = 0;
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = letters[i];
        text[2 * i + 1] = '\n';
    }
    text[2 * n] = 0;
}

static struct sg_lines split(struct sg_arena *arena, const char *text)
{
    struct sg_lines lines;
    struct sg_err err;
    CHECK_OK(sg_lines_split(&lines, arena, (const uint8_t *)text, strlen(text), true, &err), &err);
    return lines;
}

/* Apply the hunks to the first text; what lies between must be equal. Returns the edits. */
static size_t check_script(const char *a, const char *b, const struct sg_hunk *hunks, size_t n)
{
    size_t x = 0, y = 0, edits = 0;
    for (size_t i = 0; i <= n; i++) {
        const size_t end_x = i < n ? hunks[i].before : strlen(a);
        const size_t end_y = i < n ? hunks[i].after : strlen(b);
        CHECK(end_x >= x && end_x - x == end_y - y && (i == 0 || i == n || end_x > x));
        CHECK(memcmp(a + x, b + y, end_x - x) == 0);
        x = end_x + (i < n ? hunks[i].n_before : 0);
        y = end_y + (i < n ? hunks[i].n_after : 0);
        edits += i < n ? hunks[i].n_before + hunks[i].n_after : 0;
    }
    return edits;
}

static void check_pair(unsigned i, unsigned k)
{
    struct sg_arena arena = SG_ARENA_INIT;
    char a[16], b[16], text[40];
    struct sg_hunk *hunks;
    struct sg_err err;
    size_t n;
    make_text(a, text, i);
    const struct sg_lines left = split(&arena, text);
    make_text(b, text, k);
    const struct sg_lines right = split(&arena, text);
    CHECK_OK(sg_lines_diff(&hunks, &n, &arena, &left, &right, 100, &err), &err);
    assert_int_equal(check_script(a, b, hunks, n), oracle_distance(a, b));
    CHECK_OK(sg_lines_diff(&hunks, &n, &arena, &left, &right, 1, &err), &err);
    (void)check_script(a, b, hunks, n);
    sg_arena_clear(&arena);
}

static void the_script_is_the_shortest_for_every_pair_of_short_texts(void **state)
{
    unsigned end = 1;
    (void)state;
    for (unsigned i = 0; i < LONGEST; i++)
        end *= LETTERS;
    for (unsigned i = 1; i < end; i++)
        for (unsigned k = 1; k < end; k++)
            check_pair(i, k);
}

static void blanks_and_the_last_line_end_are_kept_or_left_out_as_asked(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_lines lines;
    static const char text[] = "a b\n\tab\r\nab";
    (void)state;
    CHECK_OK(sg_lines_split(&lines, &arena, (const uint8_t *)text, sizeof(text) - 1, false, NULL),
             &(struct sg_err){0});
    assert_int_equal(lines.n, 3);
    CHECK(lines.lines[0].hash == lines.lines[1].hash && lines.lines[1].hash == lines.lines[2].hash);
    CHECK(lines.lines[2].offset == 9 && lines.lines[2].size == 2);
    lines = split(&arena, text);
    CHECK(lines.lines[0].hash != lines.lines[1].hash && lines.lines[1].hash != lines.lines[2].hash);
    sg_arena_clear(&arena);
}

static void common_lines_count_as_often_as_both_have_them(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_lines_common common;
    bool only[4];
    struct sg_err err;
    (void)state;
    const struct sg_lines a = split(&arena, "x\nx\nx\nlong\n"),
                          b = split(&arena, "long\nx\ny\nx\n");
    CHECK_OK(sg_lines_common(&common, &a, &b, &err), &err);
    CHECK(common.lines == 3 && common.bytes == 2 + 2 + 5);
    CHECK_OK(sg_lines_only(only, &a, &b, &err), &err);
    CHECK(!only[0] && !only[1] && only[2] && !only[3]);
    sg_arena_clear(&arena);
}

static enum sg_status diff_once(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_lines a, b;
    struct sg_hunk *hunks;
    struct sg_lines_common common;
    size_t n;
    enum sg_status st = sg_lines_split(&a, &arena, (const uint8_t *)"a\nb\n", 4, true, NULL);
    if (st == SG_OK)
        st = sg_lines_split(&b, &arena, (const uint8_t *)"b\nc\n", 4, true, NULL);
    if (st == SG_OK)
        st = sg_lines_diff(&hunks, &n, &arena, &a, &b, 10, NULL);
    if (st == SG_OK)
        st = sg_lines_common(&common, &a, &b, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(diff_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_script_is_the_shortest_for_every_pair_of_short_texts),
        cmocka_unit_test(blanks_and_the_last_line_end_are_kept_or_left_out_as_asked),
        cmocka_unit_test(common_lines_count_as_often_as_both_have_them),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
