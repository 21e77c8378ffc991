/* Goal: the words follow from the rules of verdict.h and from nothing else.
 * Method: every combination of the yes-no evidence against a table of the rules, and each threshold
 * from both sides. */
#include "support/check.h"

#include "analysis/verdict/verdict.h"

#include <string.h>

/* The rules once more, in words of their own: used as the oracle of the exhaustive test. */
static enum sg_verdict expected(bool agree, bool judged, bool exclude, bool whole, bool denominator)
{
    if (!denominator)
        return SG_VERDICT_NOT_IDENTIFIED;
    if (agree && !judged)
        return SG_VERDICT_IDENTIFIED;
    if (whole)
        return SG_VERDICT_COMPATIBLE;
    if (exclude)
        return SG_VERDICT_BOUNDED;
    return SG_VERDICT_NOT_IDENTIFIED;
}

static void test_every_combination_of_evidence_has_its_word(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 32; bits++) {
        const bool agree = bits & 1, judged = bits & 2, exclude = bits & 4, whole = bits & 8,
                   denominator = bits & 16;
        const struct sg_amount_evidence evidence = {agree ? 95 : 50, 100,           judged,
                                                    exclude,         whole ? 1 : 0, denominator};
        assert_int_equal(sg_verdict_amount(&evidence),
                         expected(agree, judged, exclude, whole, denominator));
    }
}

static void test_thresholds_of_amounts(void **state)
{
    (void)state;
    struct sg_amount_evidence e = {90, 100, false, true, 0, true};
    assert_int_equal(sg_verdict_amount(&e), SG_VERDICT_IDENTIFIED);
    e.low = 89.99;
    assert_int_equal(sg_verdict_amount(&e), SG_VERDICT_BOUNDED);
    e.whole_set = 0.95;
    assert_int_equal(sg_verdict_amount(&e), SG_VERDICT_COMPATIBLE);
    e.whole_set = 0.9499;
    assert_int_equal(sg_verdict_amount(&e), SG_VERDICT_BOUNDED);
}

static void test_an_association_needs_all_three(void **state)
{
    (void)state;
    const struct sg_association_evidence good = {0.049, true, 0.80};
    assert_int_equal(sg_verdict_association(&good), SG_VERDICT_ASSOCIATION);
    struct sg_association_evidence e = good;
    e.corrected_p = 0.05;
    assert_int_equal(sg_verdict_association(&e), SG_VERDICT_NOT_IDENTIFIED);
    e = good;
    e.is_stable = false;
    assert_int_equal(sg_verdict_association(&e), SG_VERDICT_NOT_IDENTIFIED);
    e = good;
    e.power = 0.799;
    assert_int_equal(sg_verdict_association(&e), SG_VERDICT_NOT_IDENTIFIED);
}

static void test_a_ratio_is_taken_of_its_own_whole_only(void **state)
{
    (void)state;
    size_t n_allowed = 0;
    for (int r = 0; r < SG_RATIO_COUNT; r++)
        for (int d = 0; d < SG_DENOMINATOR_COUNT; d++)
            n_allowed += sg_ratio_refusal((enum sg_ratio)r, (enum sg_denominator)d) == NULL;
    assert_int_equal(n_allowed, SG_RATIO_COUNT);
    CHECK(strstr(sg_ratio_refusal(SG_RATIO_R1, SG_WHOLE_DEFENCE_BUDGET), "defence budget"));
    CHECK(sg_ratio_missing(SG_RATIO_R2) && sg_ratio_missing(SG_RATIO_R4));
    CHECK(!sg_ratio_missing(SG_RATIO_R1) && !sg_ratio_missing(SG_RATIO_R3));
}

static void test_names_are_found_again(void **state)
{
    (void)state;
    for (int r = 0; r < SG_RATIO_COUNT; r++) {
        enum sg_ratio ratio;
        CHECK(sg_ratio_find(&ratio, sg_ratio_name((enum sg_ratio)r)));
        assert_int_equal(ratio, r);
    }
    for (int d = 0; d < SG_DENOMINATOR_COUNT; d++) {
        enum sg_denominator denominator;
        CHECK(sg_denominator_find(&denominator, sg_denominator_name((enum sg_denominator)d)));
        assert_int_equal(denominator, d);
    }
    enum sg_ratio ratio;
    enum sg_denominator denominator;
    CHECK(!sg_ratio_find(&ratio, "R5") && !sg_denominator_find(&denominator, "budget"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_combination_of_evidence_has_its_word),
        cmocka_unit_test(test_thresholds_of_amounts),
        cmocka_unit_test(test_an_association_needs_all_three),
        cmocka_unit_test(test_a_ratio_is_taken_of_its_own_whole_only),
        cmocka_unit_test(test_names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
