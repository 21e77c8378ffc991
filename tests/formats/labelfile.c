/* Tables of labels: our CSV there and back, and the dumps that people pass around. */
#include "support/check.h"

#include "formats/labelfile/labelfile.h"

#include <stdio.h>
#include <string.h>

struct seen {
    struct sg_buf log; /* labels as rows of our CSV */
    size_t n, n_bad;
    char why[256];
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    sg_labelfile_csv_row(&seen->log, label);
    seen->n++;
    return sg_buf_check(&seen->log, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    if (seen->n_bad++ == 0)
        snprintf(seen->why, sizeof(seen->why), "%u: %.200s", why->line, why->text);
    return SG_OK;
}

static enum sg_status run(struct seen *seen, enum sg_label_format format, const char *text,
                          size_t step, struct sg_err *err)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    const size_t size = strlen(text);
    struct sg_labelfile *file = NULL;
    struct sg_label_pack pack;
    *seen = (struct seen){.log = SG_BUF_INIT(1 << 20)};
    enum sg_status st = sg_labelfile_new(&file, format, &sink, "file", err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_labelfile_feed(file, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_labelfile_finish(&pack, file, err);
    if (st == SG_OK)
        assert_string_equal(pack.title, "file");
    sg_labelfile_free(file);
    return st;
}

#define ROW                                                                                        \
    "0xAb,cluster,ethereum,ETH,\"En, \"\"tity\",sanctioned,src,2022-08-08T00:00:00Z,high,"         \
    "2020-01-01T00:00:00Z,2021-01-01T00:00:00Z,2022-08-08T00:00:00Z,2025-03-21T00:00:00Z,"         \
    "CYBER2,sanction,tornado,A; B,note\r\n"

static void test_our_csv_comes_back_as_it_was(void **state)
{
    (void)state;
    struct sg_buf file = SG_BUF_INIT(1 << 16);
    struct seen seen;
    struct sg_err err;
    sg_labelfile_csv_header(&file);
    sg_buf_puts(&file, ROW "1x,,bitcoin,,,,,,,,,,,,,,,\r\n");
    for (size_t step = 1; step < 64; step += 9) {
        CHECK_OK(run(&seen, SG_LABELFILE_CSV, file.data, step, &err), &err);
        assert_int_equal(seen.n, 2);
        assert_int_equal(seen.n_bad, 0);
        assert_string_equal(seen.log.data, ROW "1x,address,bitcoin,,,other,,,low,,,,,,,,,\r\n");
        sg_buf_clear(&seen.log);
    }
    sg_buf_clear(&file);
}

static void test_rows_that_are_no_labels_are_told_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"address,category\nx,exchnage\ny,dex\n", "2: no such category: 'exchnage'"},
        {"address,listed\nx,2022-13-01\ny,\n", "2: not a date or time: '2022-13-01'"},
        {"address,kind\nx,wallet\ny,\n",
         "2: a kind is address, cluster or transaction, not 'wallet'"},
        {"address,kind\n,address\ny,\n", "2: a label names no address and no transaction"},
        {"address,kind\nx\ny,\n", "2: a row with more or fewer fields than the first line"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_err err;
        CHECK_OK(run(&seen, SG_LABELFILE_CSV, cases[i].text, 1000, &err), &err);
        assert_int_equal(seen.n, 1);
        assert_int_equal(seen.n_bad, 1);
        assert_string_equal(seen.why, cases[i].why);
        sg_buf_clear(&seen.log);
    }
}

static void test_a_header_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"address,entty\nx,y\n", "unknown column 'entty'; did you mean 'entity'?"},
        {"entity\nx\n", "the first line has no column 'address'"},
        {"address,Address\nx,y\n", "the column 'Address' is there twice"},
        {"", "an empty file"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_err err = {0};
        assert_int_equal(run(&seen, SG_LABELFILE_CSV, cases[i].text, 1000, &err), SG_EPARSE);
        assert_int_equal(err.line, 1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("'%s' lacks '%s'", err.text, cases[i].says);
        sg_buf_clear(&seen.log);
    }
}

#define HEX "0x00000000000000000000000000000000000000aa"
#define TAG                                                                                        \
    HEX ",address,ethereum,,Binance 14,exchange,explorer name tags,,low,,,,,,,,,"                  \
        "\"exchange,binance\"\r\n"

static void test_dumps_of_name_tags_in_each_of_their_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"" HEX "\": {\"name\": \"Binance 14\", \"labels\": [\"exchange\", \"binance\"]}}",
        "\n{\n \"" HEX "\": {\"labels\": [\"exchange\", \"binance\"], \"name\": \"Binance 14\"},\n"
        " \"version\": 5}",
        "[{\"address\": \"" HEX "\", \"chainId\": 1, \"label\": \"exchange,binance\", "
        "\"nameTag\": \"Binance 14\"}]",
        "{\"address\": \"" HEX "\", \"label\": \"exchange,binance\", \"nameTag\": "
        "\"Binance 14\"}\n",
        "Address,Name Tag,Balance,Label\n" HEX ",Binance 14,5 Ether,\"exchange,binance\"\n",
        "\xef\xbb\xbf"
        "address,chainId,label,nameTag\n" HEX ",1,\"exchange,binance\",Binance 14\n",
    };
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++)
        for (size_t step = 1; step < 300; step = step * 3 + 1) {
            struct seen seen;
            struct sg_err err;
            if (run(&seen, SG_LABELFILE_ETHERSCAN, texts[i], step, &err) != SG_OK)
                fail_msg("%zu: %s", i, err.text);
            if (!seen.log.data || strcmp(seen.log.data, TAG) != 0)
                fail_msg("%zu, %zu: %s", i, step, seen.log.data ? seen.log.data : seen.why);
            sg_buf_clear(&seen.log);
        }
}

static void test_categories_of_name_tags(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"phish-hack", "scam"}, {"ofac-sanctions-lists", "sanctioned"}, {"heist", "theft"},
        {"bridge", "bridge"},   {"token-contract", "contract"},         {"genesis", "other"}};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char text[256];
        char expected[64];
        struct seen seen;
        struct sg_err err;
        snprintf(text, sizeof(text), "address,label\n" HEX ",%s\n", cases[i][0]);
        snprintf(expected, sizeof(expected), ",%s,explorer name tags,", cases[i][1]);
        CHECK_OK(run(&seen, SG_LABELFILE_ETHERSCAN, text, 99, &err), &err);
        if (!strstr(seen.log.data, expected))
            fail_msg("%s", seen.log.data);
        sg_buf_clear(&seen.log);
    }
}

static enum sg_status run_and_drop(enum sg_label_format format, const char *text)
{
    struct seen seen;
    struct sg_err err;
    const enum sg_status st = run(&seen, format, text, 13, &err);
    sg_buf_clear(&seen.log);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    static const char json[] = "{\"" HEX "\": {\"name\": \"N\", \"labels\": [\"a\"]}}";
    CHECK_OOM_SWEEP(run_and_drop(SG_LABELFILE_CSV, "address,aliases\nx,\"a; b\"\ny,\n"));
    CHECK_OOM_SWEEP(run_and_drop(SG_LABELFILE_ETHERSCAN, json));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_our_csv_comes_back_as_it_was),
        cmocka_unit_test(test_rows_that_are_no_labels_are_told_with_their_line),
        cmocka_unit_test(test_a_header_that_does_not_fit_is_refused),
        cmocka_unit_test(test_dumps_of_name_tags_in_each_of_their_forms),
        cmocka_unit_test(test_categories_of_name_tags),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
