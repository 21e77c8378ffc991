/* Tokens: where comments and strings begin and end in each family, and that nothing is lost. */
#include "formats/lexis/lexis.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

/* One letter a token: w word, n number, s string, c comment, p punctuation. */
struct row {
    enum sg_lang lang;
    const char *text, *kinds;
};

static const struct row rows[] = {
    {SG_LANG_C, "if (a >= 0x1f) // no", "wpwpnpc"},
    {SG_LANG_C, "a /* b\nc */ d", "wccw"},
    {SG_LANG_C, "x = \"a // b\";", "wpsp"},
    {SG_LANG_C, "don't stop", "wpww"},
    {SG_LANG_C, "a /* never closed", "wc"},
    {SG_LANG_JS, "x = /a'b/.test(y)", "wpspwpwp"},
    {SG_LANG_JS, "x = a / b / c", "wpwpwpw"},
    {SG_LANG_JS, "`a\nb` + c", "sspw"},
    {SG_LANG_SOLIDITY, "require(a > 0, \"no\");", "wpwpnpspp"},
    {SG_LANG_GO, "s := `raw \\`", "wps"},
    {SG_LANG_RUST, "fn f<'a>(x: &'a str)", "wwppwppwpppwwp"},
    {SG_LANG_RUST, "let c = 'x';", "wwpsp"},
    {SG_LANG_PYTHON, "x = '''a\n# b\n''' # c", "wpsssc"},
    {SG_LANG_SHELL, "echo 'a\nb' # c", "wssc"},
    {SG_LANG_SHELL, "cat <<EOF\nit's\nEOF\nls", "wpwsww"},
    {SG_LANG_SHELL, "a#b $x", "wpww"},
    {SG_LANG_M4, "AC_X dnl rest\nb", "wcw"},
    {SG_LANG_CMAKE, "f(\"a\n.\nb\")", "wpsssp"},
    {SG_LANG_JSON, "{\"a\": 1.5}", "pspnp"},
    {SG_LANG_YAML, "a-b: c # d", "wpwc"},
    {SG_LANG_MARKUP, "<a> <!-- b --> c", "pwpcw"},
    {SG_LANG_TEXT, "it's // plain", "wpwppw"},
    {SG_LANG_PHP, "$a = 1; # b", "wpnpc"},
    {SG_LANG_UNKNOWN, "", ""},
};

static void run(struct sg_tokens *tokens, enum sg_lang lang, const char *text, size_t size)
{
    struct sg_err err;
    CHECK_OK(sg_lexis_run(tokens, lang, (struct sg_text){text, size}, &err), &err);
}

static void each_family_cuts_its_comments_and_strings(void **state)
{
    static const char letters[] = "wnscp";
    struct sg_tokens tokens = {0};
    size_t n_bad = 0;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(rows); i++) {
        char kinds[64] = "";
        run(&tokens, rows[i].lang, rows[i].text, strlen(rows[i].text));
        CHECK(tokens.count < sizeof(kinds));
        for (size_t t = 0; t < tokens.count; t++)
            kinds[t] = letters[tokens.items[t].kind];
        if (strcmp(kinds, rows[i].kinds) != 0) {
            print_error("row %zu: %s gave %s, not %s\n", i, rows[i].text, kinds, rows[i].kinds);
            n_bad++;
        }
    }
    sg_tokens_clear(&tokens);
    assert_int_equal(n_bad, 0);
}

static void lines_are_counted_with_and_without_a_last_end(void **state)
{
    struct sg_tokens tokens = {0};
    (void)state;
    run(&tokens, SG_LANG_C, "a\nb", 3);
    assert_int_equal(tokens.n_lines, 2);
    assert_int_equal(tokens.items[1].line, 2);
    run(&tokens, SG_LANG_C, "a\nb\n", 4);
    assert_int_equal(tokens.n_lines, 2);
    run(&tokens, SG_LANG_C, "", 0);
    assert_int_equal(tokens.n_lines, 0);
    sg_tokens_clear(&tokens);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether what lies between two tokens is white space; counts its lines. */
static bool is_gap(uint32_t *line, const char *text, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (!is_space(text[from]))
            return false;
        *line += text[from] == '\n';
    }
    return true;
}

/* Tokens in order, apart, inside their line; between them white space only. */
static bool covers(const struct sg_tokens *tokens, const char *text, size_t size)
{
    size_t at = 0;
    uint32_t line = 1;
    for (size_t i = 0; i < tokens->count; i++) {
        const struct sg_token *token = &tokens->items[i];
        if (token->at < at || token->at > size || token->size > size - token->at ||
            token->size == 0 || !is_gap(&line, text, at, token->at) || token->line != line ||
            memchr(text + token->at, '\n', token->size))
            return false;
        at = token->at + token->size;
    }
    return is_gap(&line, text, at, size);
}

static void no_byte_is_lost_in_any_family(void **state)
{
    static const char alphabet[] = "ab01'\"`/*#<>-\\\n {}()=;.![EOF$\r\t";
    struct sg_tokens tokens = {0};
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 4000; round++) {
        char text[120];
        const size_t size = sg_rng_below(&rng, sizeof(text));
        for (size_t i = 0; i < size; i++)
            text[i] = alphabet[sg_rng_below(&rng, sizeof(alphabet) - 1)];
        run(&tokens, (enum sg_lang)sg_rng_below(&rng, SG_LANG_DOCKER + 1), text, size);
        CHECK(covers(&tokens, text, size));
    }
    sg_tokens_clear(&tokens);
}

/* A megabyte of escaped quotes made every quote search to the end before searches were counted. */
static void hostile_quotes_cost_linear_time(void **state)
{
    enum { SIZE = 1 << 20 };
    char *text = sg_mem_alloc(SIZE, 1);
    struct sg_tokens tokens = {0};
    (void)state;
    CHECK(text);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = i % 2 ? '\'' : '\\';
    for (int lang = 0; lang <= SG_LANG_DOCKER; lang++) {
        run(&tokens, (enum sg_lang)lang, text, SIZE);
        CHECK(covers(&tokens, text, SIZE));
    }
    sg_tokens_clear(&tokens);
    sg_mem_free(text);
}

static void names_come_before_first_lines(void **state)
{
    static const struct {
        const char *path, *text;
        enum sg_lang lang;
    } cases[] = {
        {"a/CMakeLists.txt", "", SG_LANG_CMAKE},
        {"a/notes.txt", "", SG_LANG_TEXT},
        {"x.SOL", "", SG_LANG_SOLIDITY},
        {"bin/run", "#!/usr/bin/env python3\n", SG_LANG_PYTHON},
        {"bin/run", "#!/bin/sh\n", SG_LANG_SHELL},
        {"bin/run", "plain", SG_LANG_UNKNOWN},
        {"configure.ac", "", SG_LANG_M4},
        {"package-lock.json", "", SG_LANG_JSON},
        {"", "", SG_LANG_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const struct sg_text path = {cases[i].path, strlen(cases[i].path)};
        const struct sg_text text = {cases[i].text, strlen(cases[i].text)};
        assert_int_equal(sg_lexis_lang(path, text), cases[i].lang);
    }
}

static enum sg_status lex_once(void)
{
    static const char text[] = "int f(void)\n{\n    return g(\"a\", 'b'); /* c */\n}\n";
    struct sg_tokens tokens = {0};
    struct sg_err err;
    const enum sg_status st =
        sg_lexis_run(&tokens, SG_LANG_C, (struct sg_text){text, sizeof(text) - 1}, &err);
    sg_tokens_clear(&tokens);
    return st;
}

static void a_refused_allocation_is_reported(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(lex_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_family_cuts_its_comments_and_strings),
        cmocka_unit_test(lines_are_counted_with_and_without_a_last_end),
        cmocka_unit_test(no_byte_is_lost_in_any_family),
        cmocka_unit_test(hostile_quotes_cost_linear_time),
        cmocka_unit_test(names_come_before_first_lines),
        cmocka_unit_test(a_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
