/* Manifest: writing and reading are inverse whatever the texts; damage is named with its place. */
#include "support/check.h"

#include "formats/manifest/manifest.h"

#include <stdio.h>
#include <string.h>

static const struct sg_manifest_entry given[] = {
    {"case", "ronin </script><script>.yaml", "00ff"},
    {"figure", "ethereum/ETH/fifo/reached/\xe2\x82\xac \"x\" \\ & <!--", "1.000000000000000001"},
    {"option", "", ""},
};

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *read = NULL;
    struct sg_err err;
    size_t n = 99;
    sg_buf_puts(&out, "<html><p>before</p>");
    CHECK_OK(sg_manifest_write(&out, given, SG_COUNT_OF(given), &err), &err);
    sg_buf_puts(&out, "after</html>");
    CHECK_OK(sg_buf_check(&out, &err), &err);
    CHECK(strstr(strstr(out.data, "<script") + 1, "<script") == NULL);
    CHECK_OK(sg_manifest_parse(&read, &n, &arena, out.data, out.size, &err), &err);
    assert_int_equal(n, SG_COUNT_OF(given));
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(read[i].kind, given[i].kind);
        assert_string_equal(read[i].name, given[i].name);
        assert_string_equal(read[i].value, given[i].value);
    }
    sg_arena_clear(&arena);
    sg_buf_clear(&out);
}

#define OPEN "<script type=\"application/json\" id=\"sillage-manifest\">\n"

static void test_damage_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *page;
        enum sg_status status;
        uint64_t offset;
    } cases[] = {
        {"", SG_ENOTFOUND, 0},
        {"<html>", SG_ENOTFOUND, 0},
        {"<p>" OPEN "[]", SG_EPARSE, 3 + sizeof(OPEN) - 1 + 2},
        {"<p>" OPEN "[{\"kind\":\"a\",\"name\":\"b\"}]\n</script>\n", SG_EPARSE,
         3 + sizeof(OPEN) - 1 + 1},
        {OPEN "[{\"kind\":\"a\",\"name\":\"b\",\"value\":\"\\u0000\"}]\n</script>\n", SG_EPARSE,
         sizeof(OPEN) - 1 + 1},
        {OPEN "[{\"kind\":\"a\",\"name\":\"b\",\"value\":null}]\n</script>\n", SG_EPARSE,
         sizeof(OPEN) - 1 + 1},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        const struct sg_manifest_entry *read = NULL;
        struct sg_err err = {0};
        size_t n = 99;
        assert_int_equal(
            sg_manifest_parse(&read, &n, &arena, cases[i].page, strlen(cases[i].page), &err),
            cases[i].status);
        assert_int_equal(err.offset, cases[i].offset);
        CHECK(read == NULL && n == 99);
        sg_arena_clear(&arena);
    }
}

static void test_a_manifest_that_is_not_json_is_refused(void **state)
{
    (void)state;
    static const char page[] = OPEN "[{\"kind\":]\n</script>\n";
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *read;
    struct sg_err err;
    size_t n;
    assert_int_equal(sg_manifest_parse(&read, &n, &arena, page, sizeof(page) - 1, &err), SG_EPARSE);
    sg_arena_clear(&arena);
}

struct said {
    char text[512];
};

static void on_difference(void *ctx, const struct sg_manifest_entry *was,
                          const struct sg_manifest_entry *now)
{
    struct said *said = ctx;
    const size_t used = strlen(said->text);
    snprintf(said->text + used, sizeof(said->text) - used, "%s:%s>%s ", was ? was->name : now->name,
             was ? was->value : "-", now ? now->value : "-");
}

static void test_differences_are_named_one_by_one(void **state)
{
    (void)state;
    static const struct sg_manifest_entry was[] = {{"figure", "a", "1"},   {"figure", "b", "2"},
                                                   {"x", "b", "3"},        {"figure", "c", "4"},
                                                   {"imported", "f", "5"}, {"imported", "f", "6"}};
    static const struct sg_manifest_entry now[] = {{"figure", "b", "2"},   {"figure", "a", "9"},
                                                   {"x", "b", "3"},        {"imported", "f", "5"},
                                                   {"imported", "f", "7"}, {"figure", "d", "8"}};
    struct said said = {""};
    assert_int_equal(sg_manifest_compare(was, 6, now, 6, on_difference, &said), 4);
    assert_string_equal(said.text, "a:1>9 c:4>- f:6>7 d:->8 ");
    said.text[0] = 0;
    assert_int_equal(sg_manifest_compare(was, 6, was, 6, on_difference, &said), 0);
    assert_int_equal(sg_manifest_compare(NULL, 0, NULL, 0, on_difference, &said), 0);
    assert_string_equal(said.text, "");
}

static enum sg_status round_trip(void)
{
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *read;
    size_t n;
    enum sg_status st = sg_manifest_write(&out, given, SG_COUNT_OF(given), NULL);
    if (st == SG_OK)
        st = sg_buf_check(&out, NULL);
    if (st == SG_OK)
        st = sg_manifest_parse(&read, &n, &arena, out.data, out.size, NULL);
    sg_arena_clear(&arena);
    sg_buf_clear(&out);
    return st;
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(round_trip());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_damage_is_named_with_its_place),
        cmocka_unit_test(test_a_manifest_that_is_not_json_is_refused),
        cmocka_unit_test(test_differences_are_named_one_by_one),
        cmocka_unit_test(test_refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
