#include "base/fold.h"

#include "support/check.h"

#include <string.h>

static void check_fold(const char *text, const char *want)
{
    struct sg_fold *fold = NULL;
    struct sg_err err;
    struct sg_buf out = SG_BUF_INIT(4096);
    CHECK_OK(sg_fold_new(&fold, &err), &err);
    CHECK_OK(sg_fold_text(fold, &out, text, strlen(text), &err), &err);
    assert_string_equal(out.data ? out.data : "", want);
    sg_buf_clear(&out);
    sg_fold_free(fold);
}

static void test_case_blanks_and_diacritics_do_not_tell_texts_apart(void **state)
{
    (void)state;
    check_fold("  Jose \t MULLER ", "jose muller");
    check_fold("Jos\xc3\xa9  M\xc3\x9cLLER", "jose muller");
    check_fold("\xef\xbc\xa1\xef\xbc\xa2", "ab"); /* full width */
    check_fold("Stra\xc3\x9f"
               "e",
               "strasse");
    check_fold("", "");
}

static void test_other_scripts_are_written_in_latin(void **state)
{
    (void)state;
    check_fold("\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "ivan");
    check_fold("\xce\x93\xce\xb9\xcf\x8e\xcf\x81\xce\xb3\xce\xbf\xcf\x82", "giorgos");
    check_fold("\xec\x9c\xa0\xec\xa7\x84", "yujin");
}

static void test_bytes_that_are_not_utf8_count_as_latin_1(void **state)
{
    (void)state;
    check_fold("Jos\xe9", "jose");
}

static void test_a_long_text_is_cut_and_no_more(void **state)
{
    struct sg_fold *fold = NULL;
    struct sg_err err;
    struct sg_buf out = SG_BUF_INIT(4 * SG_FOLD_MAX);
    char *text = sg_mem_alloc(2 * SG_FOLD_MAX, 1);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < 2 * SG_FOLD_MAX; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    CHECK_OK(sg_fold_new(&fold, &err), &err);
    CHECK_OK(sg_fold_text(fold, &out, text, 2 * SG_FOLD_MAX, &err), &err);
    assert_int_equal(out.size, SG_FOLD_MAX / 2);
    sg_mem_free(text);
    sg_buf_clear(&out);
    sg_fold_free(fold);
}

static enum sg_status fold_once(void)
{
    struct sg_fold *fold = NULL;
    struct sg_err err;
    struct sg_buf out = SG_BUF_INIT(4096);
    enum sg_status st = sg_fold_new(&fold, &err);
    if (st == SG_OK)
        st = sg_fold_text(fold, &out, "\xc3\xa9t\xc3\xa9", 5, &err);
    sg_buf_clear(&out);
    sg_fold_free(fold);
    return st;
}

static void test_every_refused_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(fold_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_blanks_and_diacritics_do_not_tell_texts_apart),
        cmocka_unit_test(test_other_scripts_are_written_in_latin),
        cmocka_unit_test(test_bytes_that_are_not_utf8_count_as_latin_1),
        cmocka_unit_test(test_a_long_text_is_cut_and_no_more),
        cmocka_unit_test(test_every_refused_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
