#include "formats/people_events/people_events.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

struct seen {
    size_t rows, bad;
    uint64_t first_bad, last_row;
    char reason[80], email[40], cv[40];
    bool has_cv;
};

static void keep(char *out, size_t size, struct sg_text text)
{
    snprintf(out, size, "%.*s", (int)text.size, text.data ? text.data : "");
}

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    seen->rows++;
    seen->last_row = number;
    keep(seen->email, sizeof(seen->email), fields[SG_PERSON_EMAIL]);
    keep(seen->cv, sizeof(seen->cv), fields[SG_PERSON_CV]);
    seen->has_cv = fields[SG_PERSON_CV].data != NULL;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    if (!seen->bad++) {
        seen->first_bad = number;
        snprintf(seen->reason, sizeof(seen->reason), "%s", reason);
    }
    return SG_OK;
}

/* Read a text in pieces of `step` bytes. */
static enum sg_status read_all(struct seen *seen, size_t *ignored,
                               enum sg_people_events_table table, const char *text, size_t step,
                               struct sg_err *err)
{
    struct sg_people_events_reader *reader = NULL;
    const struct sg_people_events_sink sink = {on_row, on_bad, seen};
    memset(seen, 0, sizeof(*seen));
    enum sg_status st = sg_people_events_reader_new(&reader, table, &sink, err);
    const size_t size = strlen(text);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_people_events_reader_feed(reader, text + at, size - at < step ? size - at : step,
                                          err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(reader, err);
    if (st == SG_OK && ignored)
        *ignored = sg_people_events_reader_ignored(reader);
    sg_people_events_reader_free(reader);
    return st;
}

static void test_columns_are_found_by_name_however_the_bytes_are_cut(void **state)
{
    struct seen seen;
    struct sg_err err;
    size_t ignored = 9;
    (void)state;
    for (size_t step = 1; step < 90; step++) {
        CHECK_OK(read_all(&seen, &ignored, SG_PEOPLE_EVENTS_PEOPLE,
                          "\xef\xbb\xbf"
                          "cv,email,nationality,record_id\n\"a, b\",x@y,zz,r1\n"
                          ",p@q,zz,r2\n",
                          step, &err),
                 &err);
        assert_int_equal(seen.rows, 2);
        assert_int_equal(seen.bad, 0);
        assert_int_equal(ignored, 1);
        assert_string_equal(seen.email, "p@q");
        CHECK(!seen.has_cv);
    }
}

static void test_json_lines_have_the_same_names(void **state)
{
    struct seen seen;
    struct sg_err err;
    (void)state;
    CHECK_OK(read_all(&seen, NULL, SG_PEOPLE_EVENTS_PEOPLE,
                      "{\"record_id\":\"r1\",\"cv\":null,\"email\":\"a\"}\n"
                      "{\"record_id\":\"r2\",\"cv\":\"text\",\"email\":\"b@c\"}\n",
                      7, &err),
             &err);
    assert_int_equal(seen.rows, 2);
    assert_string_equal(seen.email, "b@c");
    assert_string_equal(seen.cv, "text");
}

static void test_bad_rows_are_told_by_number_and_the_rest_goes_on(void **state)
{
    struct seen seen;
    struct sg_err err;
    (void)state;
    CHECK_OK(read_all(&seen, NULL, SG_PEOPLE_EVENTS_PEOPLE,
                      "record_id,email\nr1,a\nr2\n,b\nr4,\xff\nr5,e\n", 5, &err),
             &err);
    assert_int_equal(seen.rows, 2);
    assert_int_equal(seen.bad, 3);
    assert_int_equal(seen.first_bad, 3);
    assert_string_equal(seen.reason, "another number of fields than the header");
    assert_int_equal(seen.last_row, 6);
}

static void test_headers_that_do_not_fit_are_refused_without_what_stands_in_rows(void **state)
{
    struct seen seen;
    struct sg_err err;
    (void)state;
    assert_int_equal(
        read_all(&seen, NULL, SG_PEOPLE_EVENTS_EVENTS, "time,kind\n1,secret\n", 99, &err),
        SG_EPARSE);
    assert_string_equal(err.text, "no column person");
    assert_int_equal(err.line, 1);
    assert_int_equal(read_all(&seen, NULL, SG_PEOPLE_EVENTS_PEOPLE, "record_id,cv,cv\n", 99, &err),
                     SG_EPARSE);
    assert_string_equal(err.text, "column cv stands there twice");
    assert_int_equal(read_all(&seen, NULL, SG_PEOPLE_EVENTS_PEOPLE, "", 1, &err), SG_EPARSE);
    assert_string_equal(err.text, "the file is empty");
}

static enum sg_status sweep(const char *text, struct sg_err *err)
{
    struct seen seen;
    return read_all(&seen, NULL, SG_PEOPLE_EVENTS_PEOPLE, text, 11, err);
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(sweep("record_id,email\nr1,\"a \"\"b\"\"\"\nr2,c\n", &err));
    CHECK_OOM_SWEEP(sweep("{\"record_id\":\"r1\"}\n{\"record_id\":\"r2\"}\n", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_are_found_by_name_however_the_bytes_are_cut),
        cmocka_unit_test(test_json_lines_have_the_same_names),
        cmocka_unit_test(test_bad_rows_are_told_by_number_and_the_rest_goes_on),
        cmocka_unit_test(test_headers_that_do_not_fit_are_refused_without_what_stands_in_rows),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
