/* A repository made by Git itself: the history in order, changes and renames, what a merge alone
 * did, and every allocation that may fail. */
#include "store/git/git.h"

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char repo[300];
static const struct sg_git_limits limits = SG_GIT_LIMITS_INIT;

/* A line, a branch that renames, and a merge that slips a line in and takes one out. */
static const char script[] =
    "export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@x "
    "GIT_CONFIG_NOSYSTEM=1 HOME=/nonexistent; cd \"$SG_TEST_REPO\" && "
    "t() { export GIT_AUTHOR_DATE=\"$1 +0100\" GIT_COMMITTER_DATE=\"$1 +0100\"; }; "
    "t 1600000000; git init -q -b main . && mkdir d && printf '1\\n2\\n3\\n4\\n5\\n' >d/a && "
    "printf 'x' >b && git add -A && git commit -q -m one && t 1600000100 && "
    "git checkout -q -b side && git mv d/a d/c && printf '6\\n' >>d/c && git commit -q -a -m two "
    "&& "
    "git checkout -q main && t 1600000200 && printf 'y' >e && git add -A && "
    "git commit -q -m three && t 1600000300 && git merge -q --no-commit side >/dev/null && "
    "printf '1\\n2\\n4\\n5\\nevil\\n6\\n' >d/c && git add -A && git commit -q -m four";

static int make_repo(void **state)
{
    (void)state;
    snprintf(repo, sizeof(repo), "%s", sg_test_mkdir());
    setenv("SG_TEST_REPO", repo, 1);
    return system("command -v git >/dev/null") == 0 ? system(script) : 0;
}

static int drop_repo(void **state)
{
    (void)state;
    sg_test_rmdir(repo);
    return 0;
}

static struct sg_git *open_repo(void)
{
    struct sg_git *git;
    struct sg_err err;
    if (system("command -v git >/dev/null") != 0)
        skip();
    CHECK_OK(sg_git_open(&git, repo, &err), &err);
    return git;
}

static void the_history_has_parents_first_and_its_limits(void **state)
{
    struct sg_git *git = open_repo();
    struct sg_git_history h;
    struct sg_git_id tip;
    struct sg_err err;
    bool reached[4] = {false};
    (void)state;
    CHECK_OK(sg_git_history_read(&h, git, NULL, NULL, NULL, NULL, &err), &err);
    CHECK(h.n_nodes == 4 && h.n_lost == 0 && h.n_broken_refs == 0);
    for (size_t i = 1; i < 4; i++)
        CHECK(h.nodes[h.order[i]].time_unix_s == 1600000000 + 100 * (int64_t)i);
    CHECK_OK(sg_git_resolve(&tip, git, "main", &err), &err);
    assert_int_equal(sg_git_history_find(&h, &tip), h.order[3]);
    CHECK_OK(sg_git_history_reach(reached, &h, h.order[2], &err), &err);
    CHECK(reached[h.order[0]] && !reached[h.order[1]] && reached[h.order[2]]);
    assert_int_equal(sg_git_resolve(&tip, git, "nowhere", &err), SG_EUSAGE);
    sg_git_history_clear(&h);
    sg_git_close(git);
}

static void read_rev(struct sg_git_changes *c, struct sg_git *git, const char *rev)
{
    struct sg_git_commit_text text;
    struct sg_git_id id;
    struct sg_err err;
    CHECK_OK(sg_git_resolve(&id, git, rev, &err), &err);
    CHECK_OK(sg_git_changes_read(c, &text, git, &id, &limits, &err), &err);
}

static void a_file_that_moved_and_grew_is_a_rename(void **state)
{
    struct sg_git *git = open_repo();
    struct sg_git_changes c;
    (void)state;
    read_rev(&c, git, "side");
    CHECK(c.n_changes == 1 && c.changes[0].kind == SG_GIT_RENAMED && !c.is_partial);
    CHECK(sg_text_is(c.changes[0].before.path, "d/a") &&
          sg_text_is(c.changes[0].after.path, "d/c"));
    CHECK(c.changes[0].after.size == 12 && memcmp(c.changes[0].after.bytes, "1\n2\n3\n", 6) == 0);
    sg_git_changes_clear(&c);
    read_rev(&c, git, "side~1");
    CHECK(c.n_changes == 2 && c.changes[0].kind == SG_GIT_ADDED);
    CHECK(sg_text_is(c.changes[0].after.path, "b") && sg_text_is(c.changes[1].after.path, "d/a"));
    sg_git_changes_clear(&c);
    sg_git_close(git);
}

static void of_a_merge_only_what_no_parent_has_is_left(void **state)
{
    struct sg_git *git = open_repo();
    struct sg_git_changes c;
    (void)state;
    read_rev(&c, git, "main");
    assert_int_equal(c.n_changes, 1);
    const struct sg_git_side *before = &c.changes[0].before, *after = &c.changes[0].after;
    CHECK(sg_text_is(after->path, "d/c"));
    CHECK(sg_text_is((struct sg_text){(const char *)after->bytes, after->size},
                     "1\n2\n4\n5\nevil\n6\n"));
    CHECK(before->size < after->size && !memmem(before->bytes, before->size, "evil", 4));
    sg_git_changes_clear(&c);
    sg_git_close(git);
}

static enum sg_status read_all(const struct sg_git *git, const struct sg_git_id *id)
{
    struct sg_git_history h;
    struct sg_git_changes c = SG_GIT_CHANGES_INIT;
    struct sg_git_commit_text text;
    enum sg_status st = sg_git_history_read(&h, git, NULL, NULL, NULL, NULL, NULL);
    if (st == SG_OK)
        st = sg_git_changes_read(&c, &text, git, id, &limits, NULL);
    sg_git_changes_clear(&c);
    sg_git_history_clear(&h);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    static const char *const revs[] = {"side~1", "side", "main"};
    struct sg_git *git = open_repo();
    struct sg_git_id id;
    struct sg_err err;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(revs); i++) {
        CHECK_OK(sg_git_resolve(&id, git, revs[i], &err), &err);
        CHECK_OOM_SWEEP(read_all(git, &id));
    }
    sg_git_close(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_history_has_parents_first_and_its_limits),
        cmocka_unit_test(a_file_that_moved_and_grew_is_a_rename),
        cmocka_unit_test(of_a_merge_only_what_no_parent_has_is_left),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_repo, drop_repo);
}
