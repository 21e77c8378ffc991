/* Goal: one failure, one safe sentence, with its place. Method: every writer of errors, long and
 * hostile texts among them. */
#include "support/check.h"

#include "base/status.h"

#include <errno.h>
#include <string.h>

static void dirty(struct sg_err *err)
{
    memset(err, 0xff, sizeof(*err));
}

static void test_set_resets_every_field(void **state)
{
    (void)state;
    struct sg_err err;
    dirty(&err);
    assert_int_equal(sg_err_set(&err, SG_ELIMIT, "more than %d rows", 7), SG_ELIMIT);
    assert_int_equal(err.status, SG_ELIMIT);
    assert_int_equal(err.os_errno, 0);
    assert_int_equal(err.offset, 0);
    assert_int_equal(err.line, 0);
    assert_int_equal(err.column, 0);
    assert_int_equal(err.has_offset, 0);
    assert_string_equal(err.text, "more than 7 rows");
}

static void test_nobody_need_listen(void **state)
{
    (void)state;
    assert_int_equal(sg_err_set(NULL, SG_EUSAGE, "x"), SG_EUSAGE);
    assert_int_equal(sg_err_os(NULL, ENOENT, "x"), SG_EIO);
    assert_int_equal(sg_err_at(NULL, SG_EPARSE, 1, "x"), SG_EPARSE);
    assert_int_equal(sg_err_line(NULL, 1, 1, "x"), SG_EPARSE);
    assert_int_equal(sg_err_nomem(NULL), SG_ENOMEM);
    sg_err_frame(NULL, "x");
}

static void test_each_place_is_kept(void **state)
{
    (void)state;
    struct sg_err err;
    dirty(&err);
    assert_int_equal(sg_err_at(&err, SG_ELIMIT, UINT64_MAX, "too long"), SG_ELIMIT);
    assert_true(err.has_offset);
    assert_true(err.offset == UINT64_MAX);
    assert_int_equal(err.line, 0);
    dirty(&err);
    assert_int_equal(sg_err_line(&err, 3, 14, "no such key"), SG_EPARSE);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 14);
    assert_false(err.has_offset);
    dirty(&err);
    assert_int_equal(sg_err_os(&err, ENOENT, "cannot open %s", "x.csv"), SG_EIO);
    assert_int_equal(err.os_errno, ENOENT);
    assert_string_equal(err.text, "cannot open x.csv: No such file or directory");
    assert_int_equal(sg_err_nomem(&err), SG_ENOMEM);
    assert_string_equal(err.text, "out of memory");
}

static void test_frames_go_before_and_keep_the_place(void **state)
{
    (void)state;
    struct sg_err err;
    (void)sg_err_at(&err, SG_EPARSE, 9, "not a digit");
    sg_err_frame(&err, "row %d", 4);
    sg_err_frame(&err, "%s", "x.csv");
    assert_string_equal(err.text, "x.csv: row 4: not a digit");
    assert_int_equal(err.status, SG_EPARSE);
    assert_int_equal(err.offset, 9);
}

static void test_long_sentences_are_cut_and_terminated(void **state)
{
    (void)state;
    struct sg_err err;
    char name[2 * SG_ERR_TEXT_MAX];
    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = 0;
    (void)sg_err_set(&err, SG_EIO, "%s", name);
    assert_int_equal(strlen(err.text), SG_ERR_TEXT_MAX - 1);
    (void)sg_err_os(&err, ENOENT, "%s", name);
    assert_int_equal(strlen(err.text), SG_ERR_TEXT_MAX - 1);
    sg_err_frame(&err, "%s", name);
    assert_int_equal(strlen(err.text), SG_ERR_TEXT_MAX - 1);
    for (size_t frame = SG_ERR_TEXT_MAX - 12; frame < SG_ERR_TEXT_MAX + 4; frame++) {
        (void)sg_err_set(&err, SG_EIO, "text");
        name[frame] = 0;
        sg_err_frame(&err, "%s", name);
        name[frame] = 'n';
        assert_true(strlen(err.text) < SG_ERR_TEXT_MAX);
    }
}

static void test_nothing_in_a_sentence_can_move_a_terminal(void **state)
{
    (void)state;
    struct sg_err err;
    (void)sg_err_set(&err, SG_EIO, "cannot open %s",
                     "a\x1b[2Jb\nc\xff"
                     "d\xe2\x80\xae"
                     "e\xc3\xa9");
    assert_string_equal(err.text, "cannot open a?[2Jb?c?d???e\xc3\xa9");
    sg_err_frame(&err, "%s", "\r\x07");
    assert_string_equal(err.text, "??: cannot open a?[2Jb?c?d???e\xc3\xa9");
}

static void test_a_character_cut_in_two_is_not_shown(void **state)
{
    (void)state;
    struct sg_err err;
    char name[SG_ERR_TEXT_MAX + 2];
    memset(name, 'n', sizeof(name));
    memcpy(name + SG_ERR_TEXT_MAX - 2, "\xc3\xa9", 3);
    (void)sg_err_set(&err, SG_EIO, "%s", name);
    assert_int_equal(strlen(err.text), SG_ERR_TEXT_MAX - 1);
    assert_int_equal(err.text[SG_ERR_TEXT_MAX - 2], '?');
}

static void test_every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = SG_OK; a <= SG_ECANCELLED; a++) {
        assert_string_not_equal(sg_status_name((enum sg_status)a), "unknown");
        for (int b = SG_OK; b < a; b++)
            assert_string_not_equal(sg_status_name((enum sg_status)a),
                                    sg_status_name((enum sg_status)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_resets_every_field),
        cmocka_unit_test(test_nobody_need_listen),
        cmocka_unit_test(test_each_place_is_kept),
        cmocka_unit_test(test_frames_go_before_and_keep_the_place),
        cmocka_unit_test(test_long_sentences_are_cut_and_terminated),
        cmocka_unit_test(test_nothing_in_a_sentence_can_move_a_terminal),
        cmocka_unit_test(test_a_character_cut_in_two_is_not_shown),
        cmocka_unit_test(test_every_status_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
