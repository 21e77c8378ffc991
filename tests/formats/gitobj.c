/* Git's objects: what honest ones say, and where forged ones are refused. */
#include "formats/gitobj/gitobj.h"

#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define ID_A "0123456789012345678901234567890123456789"
#define ID_B "abcdefabcdefabcdefabcdefabcdefabcdefabcd"

static struct sg_arena arena = SG_ARENA_INIT;
static struct sg_err err;

static enum sg_status parse(struct sg_git_commit_text *c, const char *text)
{
    return sg_gitobj_commit(c, &arena, text, strlen(text), &err);
}

static int clear(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

static void a_commit_gives_its_parts(void **state)
{
    struct sg_git_commit_text c;
    char text[SG_GIT_ID_TEXT];
    (void)state;
    CHECK_OK(parse(&c, "tree " ID_A "\nparent " ID_B "\nparent " ID_A "\n"
                       "author Ada L <ada@x.org> 1600000000 -0330\n"
                       "committer Bob <b@x.org> 1600000060 +0545\n"
                       "gpgsig -----BEGIN\n more\n\nSubject\n\nBody\n"),
             &err);
    assert_string_equal(sg_git_id_format(text, &c.tree), ID_A);
    assert_int_equal(c.n_parents, 2);
    assert_string_equal(sg_git_id_format(text, &c.parents[0]), ID_B);
    CHECK(sg_text_is(c.author.name, "Ada L") && sg_text_is(c.author.mail, "ada@x.org"));
    CHECK(c.author.dated && c.author.time_unix_s == 1600000000 && c.author.offset_min == -210);
    assert_int_equal(c.committer.offset_min, 345);
    CHECK(c.is_signed && sg_text_is(c.message, "Subject\n\nBody\n"));
}

static void persons_that_cannot_be_read_are_undated_and_no_error(void **state)
{
    static const char *const lines[] = {"Nobody",         "A <a> x +0000",
                                        "A <a> 1 +9999",  "A <a> 1 +0060",
                                        "A <a> 1 +51800", "A <a> 1",
                                        "A <a>",          "",
                                        "<> 1 0000",      "A <a> 99999999999999999999 +0000",
                                        "A > 1 +0000 <"};
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(lines); i++) {
        char text[256];
        struct sg_git_commit_text c;
        snprintf(text, sizeof(text), "tree " ID_A "\nauthor %s\n\nm", lines[i]);
        CHECK_OK(parse(&c, text), &err);
        CHECK(!c.author.dated && c.author.time_unix_s == 0 && c.author.offset_min == 0);
        CHECK(c.author.name.data && c.committer.name.data && sg_text_is(c.message, "m"));
    }
}

static void bad_headers_are_refused_with_their_place(void **state)
{
    struct sg_git_commit_text c;
    (void)state;
    assert_int_equal(parse(&c, ""), SG_EPARSE);
    assert_int_equal(parse(&c, "tree " ID_A), SG_EPARSE);
    assert_int_equal(parse(&c, "tree xyz\n\n"), SG_EPARSE);
    assert_int_equal(err.offset, 0);
    assert_int_equal(parse(&c, "tree " ID_A "\nparent " ID_B "\nparent 12\n\n"), SG_EPARSE);
    assert_int_equal(err.offset, 46 + 48);
}

static void a_tag_leads_to_its_target(void **state)
{
    struct sg_git_id id;
    char text[SG_GIT_ID_TEXT];
    static const char tag[] = "object " ID_B "\ntype commit\n";
    (void)state;
    CHECK_OK(sg_gitobj_tag(&id, tag, sizeof(tag) - 1, &err), &err);
    assert_string_equal(sg_git_id_format(text, &id), ID_B);
    assert_int_equal(sg_gitobj_tag(&id, "object 12\n", 10, &err), SG_EPARSE);
}

#define RAW20 "abcdefghijklmnopqrst"

static void entries_follow_each_other_to_the_end(void **state)
{
    static const char tree[] = "100644 a\nb\0" RAW20 "40000 dir\0" RAW20;
    struct sg_reader r;
    struct sg_git_entry e;
    (void)state;
    sg_reader_init(&r, tree, sizeof(tree) - 1);
    CHECK_OK(sg_gitobj_entry(&e, &r, &err), &err);
    CHECK(e.mode == 0100644 && sg_text_is(e.name, "a\nb") && memcmp(e.id.bytes, RAW20, 20) == 0);
    CHECK_OK(sg_gitobj_entry(&e, &r, &err), &err);
    CHECK(e.mode == SG_GIT_MODE_TREE && sg_text_is(e.name, "dir"));
    assert_int_equal(sg_gitobj_entry(&e, &r, &err), SG_ENOTFOUND);
}

static void entries_that_leave_the_tree_or_are_cut_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {{"100644 ..\0" RAW20, 30}, {"100644 .\0" RAW20, 29}, {"100644 a/b\0" RAW20, 31},
               {"100644 \0" RAW20, 28},   {"10064a a\0" RAW20, 29}, {" a\0" RAW20, 23},
               {"100644 a\0abc", 12},     {"100644 a", 8},          {"1234567012 a\0" RAW20, 33}};
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(bad); i++) {
        struct sg_reader r;
        struct sg_git_entry e;
        sg_reader_init(&r, bad[i].bytes, bad[i].size);
        assert_int_equal(sg_gitobj_entry(&e, &r, &err), SG_EPARSE);
        assert_int_equal(err.offset, 0);
    }
}

static enum sg_status parse_once(void)
{
    struct sg_arena own = SG_ARENA_INIT;
    struct sg_git_commit_text c;
    static const char text[] = "tree " ID_A "\nparent " ID_B "\n\nm";
    const enum sg_status st = sg_gitobj_commit(&c, &own, text, sizeof(text) - 1, NULL);
    sg_arena_clear(&own);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_commit_gives_its_parts, clear),
        cmocka_unit_test_teardown(persons_that_cannot_be_read_are_undated_and_no_error, clear),
        cmocka_unit_test_teardown(bad_headers_are_refused_with_their_place, clear),
        cmocka_unit_test(a_tag_leads_to_its_target),
        cmocka_unit_test(entries_follow_each_other_to_the_end),
        cmocka_unit_test(entries_that_leave_the_tree_or_are_cut_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
