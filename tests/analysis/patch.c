/* What a patch is: kept by a shift of lines and by blanks, changed by anything that matters. */
#include "analysis/patch/patch.h"

#include "support/check.h"

#include <string.h>

static struct sg_git_change change(const char *before, const char *after)
{
    const struct sg_text path = {"f.c", 3};
    return (struct sg_git_change){
        .kind = SG_GIT_MODIFIED,
        .before = {SG_GIT_BYTES, path, 0100644, {{0}}, (const uint8_t *)before, strlen(before)},
        .after = {SG_GIT_BYTES, path, 0100644, {{0}}, (const uint8_t *)after, strlen(after)}};
}

static bool is_same(struct sg_git_change a, struct sg_git_change b)
{
    uint8_t x[SG_SHA256_SIZE], y[SG_SHA256_SIZE];
    struct sg_err err;
    CHECK_OK(sg_patch_of_change(x, &a, &err), &err);
    CHECK_OK(sg_patch_of_change(y, &b, &err), &err);
    return memcmp(x, y, sizeof(x)) == 0;
}

static void what_lies_around_takes_no_part(void **state)
{
    (void)state;
    CHECK(is_same(change("a\ncheck\nb\n", "a\nb\n"), change("x\ny\ncheck\nz\n", "x\ny\nz\n")));
    CHECK(is_same(change("a\n  check();\n", "a\n"), change("a\n\tcheck ();\n\n", "a\n")));
    CHECK(is_same(change("a\n", "a\nb\nc\n"), change("a\n", "c\na\nb\n")));
}

static void lines_side_path_mode_and_number_do(void **state)
{
    struct sg_git_change other = change("a\n", "a\nb\n");
    (void)state;
    CHECK(!is_same(change("a\n", "a\nb\n"), change("a\n", "a\nc\n")));
    CHECK(!is_same(change("a\n", "a\nb\n"), change("a\nb\n", "a\n")));
    CHECK(!is_same(change("a\n", "a\nb\n"), change("a\n", "a\nb\nb\n")));
    other.after.mode = 0100755;
    CHECK(!is_same(change("a\n", "a\nb\n"), other));
    other = change("a\n", "a\nb\n");
    other.after.path = (struct sg_text){"g.c", 3};
    CHECK(!is_same(change("a\n", "a\nb\n"), other));
}

static void a_change_of_order_is_told_by_its_bytes(void **state)
{
    struct sg_git_change a = change("a\nb\n", "b\na\n"), b = change("c\nd\n", "d\nc\n");
    (void)state;
    b.after.id.bytes[0] = 1;
    CHECK(!is_same(a, b));
}

static enum sg_status digest_once(void)
{
    uint8_t digest[SG_SHA256_SIZE];
    const struct sg_git_change c = change("a\n", "b\n");
    return sg_patch_of_change(digest, &c, NULL);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(digest_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_around_takes_no_part),
        cmocka_unit_test(lines_side_path_mode_and_number_do),
        cmocka_unit_test(a_change_of_order_is_told_by_its_bytes),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
