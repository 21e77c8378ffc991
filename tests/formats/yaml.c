/* YAML: the tree, the places, and every refusal with its exact line and column. */
#include "support/check.h"

#include "base/limits.h"
#include "formats/yaml/yaml.h"

#include <stdio.h>
#include <string.h>

static struct sg_arena arena = SG_ARENA_INIT;

static int clear_arena(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

static const struct sg_yaml_node *parse(const char *text)
{
    const struct sg_yaml_node *root = NULL;
    struct sg_err err;
    CHECK_OK(sg_yaml_parse(&root, &arena, text, strlen(text), &err), &err);
    return root;
}

static void check_place(const struct sg_yaml_node *node, uint32_t line, uint32_t column)
{
    assert_non_null(node);
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
}

static void test_collections_keep_order_and_place(void **state)
{
    (void)state;
    const struct sg_yaml_node *root = parse("# a comment\n"
                                            "b: two words\n"
                                            "a:\n"
                                            "  - 'x'\n"
                                            "  - {p: 1, q: ~}\n");
    assert_int_equal(root->kind, SG_YAML_MAPPING);
    assert_int_equal(root->count, 2);
    assert_string_equal(root->pairs[0].key->text, "b");
    check_place(root->pairs[0].key, 2, 1);
    check_place(root->pairs[0].value, 2, 4);
    assert_string_equal(root->pairs[0].value->text, "two words");
    assert_int_equal(root->pairs[0].value->count, 9);
    const struct sg_yaml_node *list = sg_yaml_find(root, "a");
    assert_non_null(list);
    assert_int_equal(list->kind, SG_YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    check_place(list->items[0], 4, 5);
    assert_false(list->items[0]->plain);
    const struct sg_yaml_node *flow = list->items[1];
    check_place(sg_yaml_find(flow, "q"), 5, 15);
    assert_true(sg_yaml_is_null(sg_yaml_find(flow, "q")));
    assert_true(sg_yaml_is_text(sg_yaml_find(flow, "p"), "1"));
    assert_null(sg_yaml_find(flow, "r"));
    assert_null(sg_yaml_find(list, "a"));
    assert_int_equal(root->height, 3);
    /* root, two keys, "two words", the list, 'x', the flow mapping and its four scalars */
    assert_int_equal(root->weight, 11);
}

static void test_a_column_counts_characters_and_a_mark_is_skipped(void **state)
{
    (void)state;
    const struct sg_yaml_node *root = parse("\xef\xbb\xbf{\"\xc3\xa9t\xc3\xa9\": x}\n");
    check_place(root->pairs[0].value, 1, 9);
    assert_string_equal(root->pairs[0].key->text, "\xc3\xa9t\xc3\xa9");
}

static void test_only_a_plain_scalar_is_null(void **state)
{
    (void)state;
    static const bool null[] = {true, true, false, false, false, false};
    const struct sg_yaml_node *root = parse("[~, null, '~', \"null\", '', nil]");
    assert_int_equal(root->count, SG_COUNT_OF(null));
    for (size_t i = 0; i < root->count; i++)
        assert_int_equal(sg_yaml_is_null(root->items[i]), null[i]);
    assert_true(sg_yaml_is_null(sg_yaml_find(parse("a:\n"), "a")));
    assert_false(sg_yaml_is_null(root));
}

static void test_an_alias_is_the_node_it_names(void **state)
{
    (void)state;
    const struct sg_yaml_node *root = parse("a: &x [1, 2]\nb: *x\n");
    assert_ptr_equal(sg_yaml_find(root, "a"), sg_yaml_find(root, "b"));
    check_place(sg_yaml_find(root, "b"), 1, 4);
    assert_int_equal(root->weight, 1 + 2 + 3 + 3);
}

static void test_a_merge_key_fills_in_what_is_not_there(void **state)
{
    (void)state;
    const struct sg_yaml_node *root = parse("base: &b {x: 1, y: 2}\n"
                                            "more: &m {y: 3, z: 4}\n"
                                            "one: {<<: *b, y: 5}\n"
                                            "two: {<<: [*m, *b], w: 6}\n"
                                            "not: {'<<': 7}\n");
    const struct sg_yaml_node *one = sg_yaml_find(root, "one"), *two = sg_yaml_find(root, "two");
    assert_int_equal(one->count, 2);
    assert_string_equal(one->pairs[0].key->text, "y");
    assert_true(sg_yaml_is_text(sg_yaml_find(one, "y"), "5"));
    assert_true(sg_yaml_is_text(sg_yaml_find(one, "x"), "1"));
    assert_int_equal(two->count, 4);
    assert_string_equal(two->pairs[0].key->text, "w");
    assert_string_equal(two->pairs[1].key->text, "y");
    assert_string_equal(two->pairs[1].value->text, "3");
    assert_string_equal(two->pairs[2].key->text, "z");
    assert_string_equal(two->pairs[3].key->text, "x");
    assert_true(sg_yaml_is_text(sg_yaml_find(sg_yaml_find(root, "not"), "<<"), "7"));
}

static void test_what_is_refused_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size; /* 0: its length */
        enum sg_status status;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"", 0, SG_EPARSE, 1, 1, "nothing but comments"},
        {"# only\n", 0, SG_EPARSE, 1, 1, "nothing but comments"},
        {"a: 1\nb: 2\na: 3\n", 0, SG_EPARSE, 3, 1, "key 'a' occurs twice"},
        {"{c: 1, b: 1, c: 2, b: 2}", 0, SG_EPARSE, 1, 14, "key 'c' occurs twice"},
        {"a: 1\n---\nb: 2\n", 0, SG_EPARSE, 2, 1, "a second document"},
        {"a: !!str 1\n", 0, SG_EPARSE, 1, 4, "tags"},
        {"- !x {}\n", 0, SG_EPARSE, 1, 3, "tags"},
        {"? [a]\n: 1\n", 0, SG_EPARSE, 1, 3, "a key must be a text, not a list"},
        {"a: *x\n", 0, SG_EPARSE, 1, 4, "alias 'x' names nothing"},
        {"a: &x [*x]\n", 0, SG_EPARSE, 1, 8, "alias 'x' names nothing"},
        {"a: &x 1\nb: &x 2\n", 0, SG_EPARSE, 2, 4, "anchor 'x' is defined twice"},
        {"a: {<<: 1}\n", 0, SG_EPARSE, 1, 5, "a merge key takes"},
        {"a: {<<: [{b: 1}, 2]}\n", 0, SG_EPARSE, 1, 5, "a merge key takes"},
        {"a:\n\tb: 1\n", 0, SG_EPARSE, 2, 1, "a tab where YAML wants blanks"},
        {"a: \"\\0\"\n", 0, SG_EPARSE, 1, 4, "a zero character"},
        {"a: b\nc: \xff\n", 0, SG_EPARSE, 2, 4, "not UTF-8"},
        {"a: \xc3\xa9\xc3", 0, SG_EPARSE, 1, 5, "not UTF-8"},
        {"a: b\nc: \x01\n", 0, SG_EPARSE, 2, 4, "a character that YAML forbids"},
        {"a: x\0y", 6, SG_EPARSE, 1, 5, "a character that YAML forbids"},
        {"a: [1, 2\n", 0, SG_EPARSE, 2, 1, "not YAML"},
        {"a: \"cut\n", 0, SG_EPARSE, 2, 1, "not YAML"},
        {"a: {b: 1", 0, SG_EPARSE, 2, 1, "not YAML"},
        {"a: b: c\n", 0, SG_EPARSE, 1, 5, "not YAML"},
        {"\xff\xfe\x61\x00", 4, SG_EPARSE, 1, 1, "not UTF-8"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const struct sg_yaml_node *root = NULL;
        struct sg_err err;
        const size_t size = cases[i].size ? cases[i].size : strlen(cases[i].text);
        const enum sg_status st = sg_yaml_parse(&root, &arena, cases[i].text, size, &err);
        if (st != cases[i].status || err.line != cases[i].line || err.column != cases[i].column ||
            !strstr(err.text, cases[i].says))
            fail_msg("case %zu: %d at %u:%u: %s", i, (int)st, err.line, err.column, err.text);
        assert_null(root);
    }
}

/* Goal: a walk of an accepted tree ends. Method: nine levels of nine aliases would be 3.9e8 nodes.
 */
static void test_aliases_cannot_explode(void **state)
{
    (void)state;
    char text[4096] = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (unsigned i = 1; i < 9; i++) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used,
                 "a%u: &a%u [*a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u]\n", i, i, i - 1,
                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    const struct sg_yaml_node *root = NULL;
    struct sg_err err;
    assert_int_equal(sg_yaml_parse(&root, &arena, text, strlen(text), &err), SG_ELIMIT);
    assert_int_equal(err.status, SG_ELIMIT);
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 5);
}

static size_t nested(char *text, size_t depth)
{
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return 2 * depth;
}

static void test_depth_ends_at_its_limit_directly_and_through_aliases(void **state)
{
    (void)state;
    char text[1024];
    const struct sg_yaml_node *root = NULL;
    struct sg_err err;
    CHECK_OK(sg_yaml_parse(&root, &arena, text, nested(text, SG_NESTING_MAX + 1), &err), &err);
    assert_int_equal(root->height, SG_NESTING_MAX);
    assert_int_equal(sg_yaml_parse(&root, &arena, text, nested(text, SG_NESTING_MAX + 2), &err),
                     SG_ELIMIT);
    assert_int_equal(err.column, SG_NESTING_MAX + 2);
    size_t used = (size_t)snprintf(text, sizeof(text), "- &a ");
    used += nested(text + used, 40);
    used += (size_t)snprintf(text + used, sizeof(text) - used, "\n- ");
    memset(text + used, '[', 30);
    memcpy(text + used + 30, "*a", 2);
    memset(text + used + 32, ']', 30);
    assert_int_equal(sg_yaml_parse(&root, &arena, text, used + 62, &err), SG_ELIMIT);
    assert_int_equal(err.line, 2);
}

static void test_anchors_end_at_their_limit(void **state)
{
    (void)state;
    static char text[SG_YAML_ANCHORS_MAX * 16];
    size_t used = 0;
    for (unsigned i = 0; i <= SG_YAML_ANCHORS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "- &a%u x\n", i);
    const struct sg_yaml_node *root = NULL;
    struct sg_err err;
    assert_int_equal(sg_yaml_parse(&root, &arena, text, used, &err), SG_ELIMIT);
    assert_int_equal(err.line, SG_YAML_ANCHORS_MAX + 1);
}

static void test_unknown_keys_are_named_with_a_guess(void **state)
{
    (void)state;
    static const char *const keys[] = {"address", "amount", "asset", "tx"};
    struct sg_err err;
    CHECK_OK(sg_yaml_check_keys(parse("{tx: 1, asset: 2}"), keys, SG_COUNT_OF(keys), &err), &err);
    assert_int_equal(sg_yaml_check_keys(parse("tx: 1\nadress: 2\n"), keys, SG_COUNT_OF(keys), &err),
                     SG_EPARSE);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 1);
    assert_string_equal(err.text, "unknown key 'adress'; did you mean 'address'?");
    assert_int_equal(sg_yaml_check_keys(parse("{colour: 1}"), keys, SG_COUNT_OF(keys), &err),
                     SG_EPARSE);
    assert_string_equal(err.text, "unknown key 'colour'");
    assert_int_equal(sg_yaml_check_keys(parse("[1]"), keys, SG_COUNT_OF(keys), &err), SG_EPARSE);
    assert_string_equal(err.text, "a mapping is expected, not a list");
}

static void test_the_nearest_candidate_is_near(void **state)
{
    (void)state;
    static const char *const words[] = {"mixer", "exchange", "tx", "bridge"};
    static const struct {
        const char *text, *nearest;
    } cases[] = {
        {"mixers", "mixer"}, {"mxier", "mixer"}, {"Exchange", "exchange"}, {"xt", "tx"},
        {"", NULL},          {"casino", NULL},   {"brigde", "bridge"},     {"exch", NULL},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const char *nearest = sg_yaml_nearest(cases[i].text, words, SG_COUNT_OF(words));
        if (!cases[i].nearest)
            assert_null(nearest);
        else
            assert_string_equal(nearest ? nearest : "(none)", cases[i].nearest);
    }
}

static enum sg_status parse_and_drop(void)
{
    static const char text[] = "a: &x {b: [1, 2], c: 'd'}\ne: {<<: *x, b: 3}\nf: *x\n";
    struct sg_arena scratch = SG_ARENA_INIT;
    const struct sg_yaml_node *root;
    const enum sg_status st = sg_yaml_parse(&root, &scratch, text, sizeof(text) - 1, NULL);
    sg_arena_clear(&scratch);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_collections_keep_order_and_place, clear_arena),
        cmocka_unit_test_teardown(test_a_column_counts_characters_and_a_mark_is_skipped,
                                  clear_arena),
        cmocka_unit_test_teardown(test_only_a_plain_scalar_is_null, clear_arena),
        cmocka_unit_test_teardown(test_an_alias_is_the_node_it_names, clear_arena),
        cmocka_unit_test_teardown(test_a_merge_key_fills_in_what_is_not_there, clear_arena),
        cmocka_unit_test_teardown(test_what_is_refused_is_refused_where_it_stands, clear_arena),
        cmocka_unit_test_teardown(test_aliases_cannot_explode, clear_arena),
        cmocka_unit_test_teardown(test_depth_ends_at_its_limit_directly_and_through_aliases,
                                  clear_arena),
        cmocka_unit_test_teardown(test_anchors_end_at_their_limit, clear_arena),
        cmocka_unit_test_teardown(test_unknown_keys_are_named_with_a_guess, clear_arena),
        cmocka_unit_test_teardown(test_the_nearest_candidate_is_near, clear_arena),
        cmocka_unit_test(test_without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
