/* JSON trees: what stands in the text is in the tree, what is no document is refused with its
 * place. */
#include "support/check.h"

#include "formats/json/json_tree.h"

#include <string.h>

static enum sg_status parse(const struct sg_json_node **root, struct sg_arena *arena,
                            const char *text, struct sg_err *err)
{
    return sg_json_tree(root, arena, text, strlen(text), err);
}

static void test_members_children_and_words_are_as_written(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_json_node *root;
    struct sg_err err;
    uint64_t number = 0;
    CHECK_OK(parse(&root, &arena,
                   "{\"a\\u0041\":[1.50, \"x\\n\", null, true, {}], \"n\": 18446744073709551615}",
                   &err),
             &err);
    const struct sg_json_node *list = sg_json_member(root, "aA");
    assert_int_equal(list->kind, SG_JSON_ARRAY);
    assert_int_equal(list->n, 5);
    assert_true(sg_text_is(list->first->text, "1.50"));
    assert_true(sg_text_is(list->first->next->text, "x\n"));
    assert_int_equal(list->first->next->next->kind, SG_JSON_NULL);
    assert_int_equal(list->first->next->next->next->kind, SG_JSON_WORD);
    assert_int_equal(list->first->next->next->next->next->kind, SG_JSON_OBJECT);
    assert_true(sg_json_member_uint(&number, root, "n", UINT64_MAX) && number == UINT64_MAX);
    assert_false(sg_json_member_uint(&number, root, "n", UINT64_MAX - 1));
    assert_false(sg_json_member_uint(&number, root, "aA", UINT64_MAX));
    assert_null(sg_json_member(root, "b"));
    assert_null(sg_json_member(list, "b"));
    assert_null(sg_json_member_string(root, "n").data);
    sg_arena_clear(&arena);
}

static void test_what_is_no_document_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "JSON: the document is empty"},
        {"[1", "JSON: the document is cut"},
        {"{\"a\":", "JSON: the document is cut"},
        {"5 ", "JSON: a bare value"},
        {"{} {}", "JSON: there is more behind the document"},
        {"{\"a\"}", "not JSON"},
        {"[1,]", "not JSON"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        const struct sg_json_node *root;
        struct sg_err err;
        assert_int_equal(parse(&root, &arena, cases[i].text, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].sentence);
        assert_true(err.has_offset && err.offset <= strlen(cases[i].text));
        sg_arena_clear(&arena);
    }
}

static void test_nesting_has_a_limit(void **state)
{
    (void)state;
    char text[200];
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_json_node *root;
    struct sg_err err;
    memset(text, '[', 65);
    text[65] = 0;
    assert_int_equal(parse(&root, &arena, text, &err), SG_ELIMIT);
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    text[128] = 0;
    CHECK_OK(parse(&root, &arena, text, &err), &err);
    sg_arena_clear(&arena);
}

static enum sg_status parse_and_drop(const char *text)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_json_node *root;
    const enum sg_status st = parse(&root, &arena, text, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop("{\"a\":[1,\"two\",null,{\"b\":{}}]}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_children_and_words_are_as_written),
        cmocka_unit_test(test_what_is_no_document_is_refused),
        cmocka_unit_test(test_nesting_has_a_limit),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
