/* Borrowed texts: equal to a string only when there is a text at all. */
#include "support/check.h"

#include "base/text.h"

static void test_an_absent_text_equals_nothing(void **state)
{
    (void)state;
    assert_false(sg_text_is((struct sg_text){NULL, 0}, ""));
    assert_false(sg_text_is((struct sg_text){NULL, 0}, "a"));
}

static void test_equal_means_every_byte_and_the_length(void **state)
{
    (void)state;
    assert_true(sg_text_is((struct sg_text){"", 0}, ""));
    assert_true(sg_text_is((struct sg_text){"hash", 4}, "hash"));
    assert_false(sg_text_is((struct sg_text){"hash", 3}, "hash"));
    assert_false(sg_text_is((struct sg_text){"hashx", 5}, "hash"));
    assert_false(sg_text_is((struct sg_text){"a\0b", 3}, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_absent_text_equals_nothing),
        cmocka_unit_test(test_equal_means_every_byte_and_the_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
