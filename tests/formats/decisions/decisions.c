#include "formats/decisions/decisions.h"
#include "formats/redrules/redrules.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define HEADER "record_id,rules,decision,reviewer,date,note\n"

static void test_a_row_is_read_as_it_was_written(void **state)
{
    static const char *const ids[] = {"r1", "=1+1", "'=x", "'", "a,\"b\"", "-5", "\xd0\x98"};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out = SG_BUF_INIT(4096);
    const struct sg_decision *read;
    struct sg_err err;
    size_t n = 0;
    (void)state;
    sg_decisions_header(&out);
    for (size_t i = 0; i < SG_COUNT_OF(ids); i++) {
        const struct sg_decision row = {ids[i],
                                        1u << SG_RED_KVM | 1u << SG_RED_TRAVEL,
                                        SG_DECISION_CONFIRMED,
                                        "@ana",
                                        "2024-01-01",
                                        "+note"};
        sg_decisions_row(&out, &row);
    }
    CHECK(strstr(out.data, "'=1+1,travel kvm,confirmed,'@ana,2024-01-01,'+note"));
    CHECK_OK(sg_decisions_parse(&read, &n, &arena, out.data, out.size, &err), &err);
    assert_int_equal(n, SG_COUNT_OF(ids));
    for (size_t i = 0; i < SG_COUNT_OF(ids); i++) {
        const struct sg_decision *row = sg_decisions_find(read, n, ids[i]);
        assert_non_null(row);
        assert_string_equal(row->reviewer, "@ana");
        assert_string_equal(row->note, "+note");
        assert_int_equal(row->word, SG_DECISION_CONFIRMED);
        assert_int_equal(row->rules, 1u << SG_RED_KVM | 1u << SG_RED_TRAVEL);
    }
    assert_null(sg_decisions_find(read, n, "r2"));
    sg_buf_clear(&out);
    sg_arena_clear(&arena);
}

static void test_what_cannot_be_kept_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *sentence;
    } cases[] = {
        {"", 1, "the file is empty"},
        {"record_id,rules\n", 1, "the columns are"},
        {"record_id,rules,decision,reviewer,date,mine\n", 1, "no column note"},
        {HEADER "r1,,rejected,,,\n", 2, "a decision is open, explained or confirmed"},
        {HEADER "r1,,,,,\nr2,kwm,,,,\n", 3, "a rule that is none"},
        {HEADER ",,,,,\n", 2, "a row without a record id"},
        {HEADER "r1,,,,\n", 2, "another number of fields"},
        {HEADER "r1,,,,,\xff\n", 2, "not UTF-8"},
        {HEADER "r1,,,,,\nr1,,,,,\n", 1, "two decisions about one record"},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        const struct sg_decision *read = NULL;
        struct sg_err err;
        size_t n = 77;
        assert_int_equal(
            sg_decisions_parse(&read, &n, &arena, cases[i].text, strlen(cases[i].text), &err),
            SG_EPARSE);
        assert_int_equal(err.line, cases[i].line);
        if (!strstr(err.text, cases[i].sentence))
            fail_msg("%s: %s", cases[i].sentence, err.text);
        assert_null(read);
        assert_int_equal(n, 77);
        sg_arena_clear(&arena);
    }
}

static enum sg_status all(void)
{
    static const char text[] = HEADER "r2,kvm,open,a,b,c\nr1,,explained,a,b,\"c,d\"\n";
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_decision *read;
    struct sg_err err;
    size_t n;
    const enum sg_status st = sg_decisions_parse(&read, &n, &arena, text, sizeof(text) - 1, &err);
    sg_arena_clear(&arena);
    return st;
}

static void test_without_memory_nothing_is_lost(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(all());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_is_read_as_it_was_written),
        cmocka_unit_test(test_what_cannot_be_kept_is_refused_with_its_line),
        cmocka_unit_test(test_without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
