#include "analysis/peoplegen/peoplegen.h"
#include "support/check.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 20000

static const struct sg_peoplegen world = {7, ROWS, 30, 20};

static void write_all(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t n)
{
    sg_peoplegen_people_header(out);
    sg_peoplegen_events_header(out);
    for (uint64_t row = 0; row < n; row++) {
        sg_peoplegen_people(out, gen, row);
        sg_peoplegen_events(out, gen, row);
        sg_peoplegen_truth_line(out, gen, row);
    }
}

static void test_the_same_options_give_the_same_bytes_in_any_order(void **state)
{
    struct sg_buf whole = SG_BUF_INIT(1 << 26), piece = SG_BUF_INIT(1 << 20);
    (void)state;
    write_all(&whole, &world, 50);
    sg_peoplegen_people(&piece, &world, 49);
    sg_peoplegen_events(&piece, &world, 49);
    sg_peoplegen_truth_line(&piece, &world, 49);
    CHECK(!whole.failed && !piece.failed);
    CHECK(whole.size > piece.size &&
          memcmp(whole.data + whole.size - piece.size, piece.data, piece.size) == 0);
    sg_buf_reset(&piece);
    const struct sg_peoplegen other = {8, ROWS, 30, 20};
    sg_peoplegen_people(&piece, &other, 49);
    CHECK(!piece.failed && memmem(whole.data, whole.size, piece.data, piece.size) == NULL);
    sg_buf_clear(&whole);
    sg_buf_clear(&piece);
}

static void test_operators_have_three_to_thirty_personas_and_all_are_there(void **state)
{
    unsigned personas[31] = {0}, care[31] = {0};
    uint64_t repeats = 0;
    (void)state;
    for (uint64_t row = 0; row < ROWS; row++) {
        struct sg_peoplegen_truth truth;
        sg_peoplegen_truth(&truth, &world, row);
        assert_in_range(truth.operator_id, 0, 30);
        repeats += truth.is_repeat;
        if (!truth.operator_id)
            continue;
        CHECK(!truth.is_repeat && truth.care <= 4);
        CHECK(!personas[truth.operator_id] || care[truth.operator_id] == truth.care);
        personas[truth.operator_id]++;
        care[truth.operator_id] = truth.care;
    }
    for (unsigned i = 1; i <= 30; i++)
        assert_in_range(personas[i], 3, 30);
    assert_in_range(repeats, ROWS * 17 / 100, ROWS * 21 / 100);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_every_repeat_has_a_first_record(void **state)
{
    static uint64_t first[ROWS], repeat[ROWS];
    size_t n_first = 0, n_repeat = 0;
    (void)state;
    for (uint64_t row = 0; row < ROWS; row++) {
        struct sg_peoplegen_truth truth;
        sg_peoplegen_truth(&truth, &world, row);
        if (truth.is_repeat)
            repeat[n_repeat++] = truth.person;
        else
            first[n_first++] = truth.person;
    }
    qsort(first, n_first, sizeof(*first), by_value);
    for (size_t i = 1; i < n_first; i++)
        CHECK(first[i] != first[i - 1]);
    for (size_t i = 0; i < n_repeat; i++)
        CHECK(bsearch(&repeat[i], first, n_first, sizeof(*first), by_value));
}

static void test_the_default_share_of_personas_is_the_published_one(void **state)
{
    (void)state;
    const uint64_t n = 400000;
    const struct sg_peoplegen gen = {3, n, sg_peoplegen_operators(n), 0};
    uint64_t personas = 0;
    for (uint64_t row = 0; row < n; row++) {
        struct sg_peoplegen_truth truth;
        sg_peoplegen_truth(&truth, &gen, row);
        personas += truth.operator_id != 0;
    }
    /* 97 operators of 11.8 with a deviation of 6.7: three errors of the mean are 17 %. */
    assert_in_range(personas, n / 343 * 83 / 100, n / 343 * 117 / 100);
}

static void test_small_and_odd_sizes_are_whole(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 200; n++) {
        const struct sg_peoplegen gen = {n, n, n / SG_PEOPLEGEN_CELL, 30};
        uint64_t first = 0;
        struct sg_err err;
        CHECK_OK(sg_peoplegen_check(&gen, &err), &err);
        for (uint64_t row = 0; row < n; row++) {
            struct sg_peoplegen_truth truth;
            sg_peoplegen_truth(&truth, &gen, row);
            first += !truth.is_repeat;
        }
        CHECK(first >= 1);
    }
}

static void test_options_out_of_range_are_refused(void **state)
{
    struct sg_err err;
    (void)state;
    assert_int_equal(sg_peoplegen_check(&(struct sg_peoplegen){0, 0, 0, 0}, &err), SG_EUSAGE);
    assert_int_equal(sg_peoplegen_check(&(struct sg_peoplegen){0, 127, 2, 0}, &err), SG_EUSAGE);
    assert_string_equal(err.text, "operators: at most one for 64 people");
    assert_int_equal(sg_peoplegen_check(&(struct sg_peoplegen){0, 128, 2, 91}, &err), SG_EUSAGE);
    assert_int_equal(sg_peoplegen_check(&(struct sg_peoplegen){0, 128, 2, 90}, &err), SG_OK);
}

static enum sg_status lines(struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    sg_peoplegen_people(&out, &world, 0);
    sg_peoplegen_events(&out, &world, 0);
    const enum sg_status st = sg_buf_check(&out, err);
    sg_buf_clear(&out);
    return st;
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(lines(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_options_give_the_same_bytes_in_any_order),
        cmocka_unit_test(test_operators_have_three_to_thirty_personas_and_all_are_there),
        cmocka_unit_test(test_every_repeat_has_a_first_record),
        cmocka_unit_test(test_the_default_share_of_personas_is_the_published_one),
        cmocka_unit_test(test_small_and_odd_sizes_are_whole),
        cmocka_unit_test(test_options_out_of_range_are_refused),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
