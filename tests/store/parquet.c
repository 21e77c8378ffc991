/* Parquet: what DuckDB writes comes back as the CSV that it stands for, with every digit. Needs the
 * library that `./do setup parquet` fetches; skips without it. */
#include "support/check.h"

#include "store/file/file.h"
#include "store/parquet/duck_internal.h"
#include "store/parquet/parquet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *dir;
static char library[1024];

/* Where setup puts it: below the release build, whatever build this test is of. */
static int set_up(void **state)
{
    (void)state;
    snprintf(library, sizeof(library), "%s", sg_test_source("build/duckdb/libduckdb.so"));
    dir = sg_test_mkdir();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

/* DuckDB throws C++ exceptions inside; AddressSanitizer, linked into a program in C, stops there.
 */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

static void need_library(void)
{
    if (SANITIZED) {
        print_message("DuckDB cannot run under AddressSanitizer\n");
        skip();
    }
    if (sg_file_size(library) == 0) {
        print_message("no DuckDB: ./do setup parquet fetches it\n");
        skip();
    }
}

/* Write the rows of a query as a Parquet file; returns its path. */
static const char *write_parquet(const char *select)
{
    static char path[256];
    char sql[2048];
    struct duck duck;
    struct sg_err err;
    snprintf(path, sizeof(path), "%s/it's.parquet", dir);
    snprintf(sql, sizeof(sql), "COPY (%s) TO '%s/it''s.parquet' (FORMAT parquet)", select, dir);
    CHECK_OK(sg_duck_open(&duck, library, &err), &err);
    CHECK_OK(sg_duck_query(&duck, sql, NULL, NULL, &err), &err);
    sg_duck_close(&duck);
    return path;
}

struct seen {
    char text[4096];
    size_t size, all;
    enum sg_status answer;
};

static enum sg_status take(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct seen *seen = ctx;
    const size_t room = sizeof(seen->text) - 1 - seen->size;
    memcpy(seen->text + seen->size, bytes, size < room ? size : room);
    seen->size += size < room ? size : room;
    seen->text[seen->size] = 0;
    seen->all += size;
    return seen->answer == SG_OK ? SG_OK : sg_err_set(err, seen->answer, "value is missing");
}

static void check_csv(const char *select, const char *wanted)
{
    struct seen seen = {.size = 0};
    struct sg_err err;
    const char *path = write_parquet(select);
    assert_true(sg_parquet_is(path));
    CHECK_OK(sg_parquet_stream(path, library, take, &seen, &err), &err);
    assert_string_equal(seen.text, wanted);
}

static void test_whole_numbers_keep_every_digit(void **state)
{
    (void)state;
    need_library();
    check_csv(
        "SELECT 99999999999999999999999999999999999999::DECIMAL(38,0) AS a, "
        "18446744073709551615::UBIGINT AS b, 9007199254740993::BIGINT AS c, "
        "'115792089237316195423570985008687907853269984665640564039457584007913129639935' AS d",
        "a,b,c,d\n99999999999999999999999999999999999999,18446744073709551615,"
        "9007199254740993,115792089237316195423570985008687907853269984665640564039457584007"
        "913129639935\n");
}

static void test_other_types_become_the_text_that_decoders_read(void **state)
{
    (void)state;
    need_library();
    check_csv("SELECT TIMESTAMP '2022-03-23 13:16:57' AS t, '\\xAA\\x01'::BLOB AS h, true AS ok, "
              "[1, 0]::BIGINT[] AS path, NULL::VARCHAR AS none, 'a,\"b' AS text, {'x': 1} AS s",
              "t,h,ok,path,none,text\n1648041417,0xaa01,1,\"1,0\",,\"a,\"\"b\"\n");
}

static void test_floating_columns_are_left_out_and_named_when_missed(void **state)
{
    (void)state;
    need_library();
    check_csv("SELECT 1 AS block, 0.5::DOUBLE AS price", "block\n1\n");
    struct seen seen = {.answer = SG_EPARSE};
    struct sg_err err;
    const char *path = write_parquet("SELECT 1 AS block, 3.2e22::DOUBLE AS value");
    assert_int_equal(sg_parquet_stream(path, library, take, &seen, &err), SG_EPARSE);
    assert_string_equal(err.text,
                        "columns of a floating type cannot hold wei exactly and are not read "
                        "(value); write them as VARCHAR or DECIMAL(38,0): value is missing");
}

static void test_many_rows_come_in_pieces(void **state)
{
    (void)state;
    need_library();
    struct seen seen = {.size = 0};
    struct sg_err err;
    const char *path =
        write_parquet("SELECT lpad(CAST(range AS VARCHAR), 99, '0') AS n FROM range(50000)");
    CHECK_OK(sg_parquet_stream(path, library, take, &seen, &err), &err);
    assert_int_equal(seen.all, 2 + 50000 * 100);
    /* The receiver's own status comes back. */
    seen = (struct seen){.answer = SG_ECANCELLED};
    assert_int_equal(sg_parquet_stream(path, library, take, &seen, &err), SG_ECANCELLED);
}

static void test_what_is_not_parquet_is_said(void **state)
{
    (void)state;
    char path[256];
    struct seen seen = {.size = 0};
    struct sg_err err;
    snprintf(path, sizeof(path), "%s/cut.parquet", dir);
    CHECK_OK(sg_file_write(path, "PAR1 and no more", 16, &err), &err);
    assert_true(sg_parquet_is(path));
    assert_int_equal(sg_parquet_stream("a*.parquet", library, take, &seen, &err), SG_EUSAGE);
    assert_int_equal(sg_parquet_stream(path, "/no/such/library.so", take, &seen, &err), SG_EUSAGE);
    assert_non_null(strstr(err.text, "./do setup parquet"));
    CHECK_OK(sg_file_write(path, "block,tx_hash", 13, &err), &err);
    assert_false(sg_parquet_is(path));
    assert_false(sg_parquet_is("-"));
    need_library();
    CHECK_OK(sg_file_write(path, "PAR1 and no more", 16, &err), &err);
    assert_int_equal(sg_parquet_stream(path, library, take, &seen, &err), SG_EPARSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_numbers_keep_every_digit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_types_become_the_text_that_decoders_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_floating_columns_are_left_out_and_named_when_missed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_rows_come_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_parquet_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
