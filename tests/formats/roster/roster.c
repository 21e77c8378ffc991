#include "formats/roster/roster.h"

#include "support/check.h"

#include <string.h>

static enum sg_status read_cut(struct sg_roster *roster, const char *text, size_t step,
                               struct sg_err *err)
{
    struct sg_roster_reader *reader = NULL;
    const size_t size = strlen(text);
    enum sg_status st = sg_roster_begin(&reader, roster, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_roster_feed(reader, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_roster_finish(reader, err);
    sg_roster_reader_free(reader);
    return st;
}

static void check_cell(const struct sg_roster *roster, size_t column, size_t row, const char *want)
{
    const struct sg_text cell = sg_roster_cell(roster, column, row);
    if (!want) {
        assert_null(cell.data);
        return;
    }
    assert_non_null(cell.data);
    assert_true(sg_text_is(cell, want));
}

static void test_csv_becomes_columns_of_numbered_values(void **state)
{
    struct sg_err err;
    (void)state;
    for (size_t step = 1; step < 40; step += 6) {
        struct sg_roster r = {0};
        CHECK_OK(read_cut(&r,
                          "\xef\xbb\xbf"
                          "a, b\n1 ,x\n2,\"y,z\"\n1,\n",
                          step, &err),
                 &err);
        assert_int_equal(r.n_rows, 3);
        assert_int_equal(r.n_columns, 2);
        assert_int_equal(sg_roster_column(&r, "b"), 1);
        assert_int_equal(sg_roster_column(&r, "c"), SIZE_MAX);
        assert_int_equal(r.columns[0].values.count, 2);
        assert_int_equal(r.columns[0].cells[0], r.columns[0].cells[2]);
        check_cell(&r, 0, 0, "1");
        check_cell(&r, 1, 1, "y,z");
        check_cell(&r, 1, 2, NULL);
        sg_roster_clear(&r);
    }
}

static void test_json_lines_may_have_other_names_each(void **state)
{
    struct sg_roster r = {0};
    struct sg_err err;
    (void)state;
    CHECK_OK(read_cut(&r, "{\"a\":\"1\"}\n{\"b\":2,\"a\":null}\n", 7, &err), &err);
    assert_int_equal(r.n_rows, 2);
    check_cell(&r, 0, 0, "1");
    check_cell(&r, 0, 1, NULL);
    check_cell(&r, 1, 0, NULL);
    check_cell(&r, 1, 1, "2");
    sg_roster_clear(&r);
}

static void test_files_are_joined_by_column_names(void **state)
{
    struct sg_roster r = {0};
    struct sg_err err;
    (void)state;
    CHECK_OK(read_cut(&r, "a,b\n1,2\n", 100, &err), &err);
    CHECK_OK(read_cut(&r, "b,c\n3,4\n", 100, &err), &err);
    assert_int_equal(r.n_rows, 2);
    assert_int_equal(r.n_columns, 3);
    check_cell(&r, 0, 1, NULL);
    check_cell(&r, 1, 1, "3");
    check_cell(&r, 2, 0, NULL);
    check_cell(&r, 2, 1, "4");
    sg_roster_clear(&r);
}

static void test_a_bad_row_is_counted_with_its_place_and_left_out(void **state)
{
    struct sg_roster r = {0};
    struct sg_err err;
    (void)state;
    CHECK_OK(read_cut(&r, "a,b\n1,2\nsecret\n3,4\n", 100, &err), &err);
    assert_int_equal(r.n_rows, 2);
    assert_int_equal(r.n_bad, 1);
    assert_int_equal(r.bad[0].record, 3);
    assert_int_equal(r.bad[0].file, 0);
    assert_null(strstr(r.bad[0].reason, "secret"));
    check_cell(&r, 0, 1, "3");
    sg_roster_clear(&r);
}

static void test_a_column_twice_and_an_empty_file_are_refused_with_the_place(void **state)
{
    struct sg_roster r = {0};
    struct sg_err err;
    (void)state;
    assert_int_equal(read_cut(&r, "a,b,a\n", 100, &err), SG_EPARSE);
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, 3);
    sg_roster_clear(&r);
    assert_int_equal(read_cut(&r, "", 1, &err), SG_EPARSE);
    sg_roster_clear(&r);
}

static enum sg_status read_once(void)
{
    struct sg_roster r = {0};
    struct sg_err err;
    const enum sg_status st = read_cut(&r, "a,b\n1,2\n3,4\n", 100, &err);
    sg_roster_clear(&r);
    return st;
}

static void test_every_refused_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(read_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_becomes_columns_of_numbered_values),
        cmocka_unit_test(test_json_lines_may_have_other_names_each),
        cmocka_unit_test(test_files_are_joined_by_column_names),
        cmocka_unit_test(test_a_bad_row_is_counted_with_its_place_and_left_out),
        cmocka_unit_test(test_a_column_twice_and_an_empty_file_are_refused_with_the_place),
        cmocka_unit_test(test_every_refused_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
