/* Goal: similarities are what their definitions say. Method: known values, and random texts against
 * slow and plain versions. */
#include "analysis/linkage/link_text.h"

#include "base/rng.h"
#include "oracle/link_text.h"
#include "support/check.h"

#include <math.h>

static struct sg_text text(const char *string)
{
    return (struct sg_text){string, strlen(string)};
}

static struct sg_text random_text(struct sg_rng *rng, char space[16])
{
    const size_t n = sg_rng_below(rng, 13);
    for (size_t i = 0; i < n; i++)
        space[i] = (char)('a' + sg_rng_below(rng, 3));
    return (struct sg_text){space, n};
}

static void test_jaro_winkler_of_published_pairs(void **state)
{
    (void)state;
    assert_true(fabs(sg_link_jaro_winkler(text("martha"), text("marhta")) - 0.9611) < 1e-4);
    assert_true(fabs(sg_link_jaro_winkler(text("dwayne"), text("duane")) - 0.84) < 1e-4);
    assert_true(sg_link_jaro_winkler(text(""), text("a")) <= 0);
}

static void test_a_swap_of_neighbours_is_one_edit(void **state)
{
    (void)state;
    assert_int_equal(sg_link_distance(text("allen"), text("allne"), 2), 1);
    assert_int_equal(sg_link_distance(text("allen"), text("allen"), 2), 0);
    assert_int_equal(sg_link_distance(text("allen"), text("smith"), 2), 3);
    assert_int_equal(sg_link_distance(text(""), text("ab"), 2), 2);
}

static void test_random_texts_measure_as_the_plain_versions_do(void **state)
{
    struct sg_rng rng;
    char x[16], y[16];
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 20000; i++) {
        const struct sg_text a = random_text(&rng, x), b = random_text(&rng, y);
        const unsigned whole = oracle_link_distance(a, b);
        for (unsigned max = 1; max <= 2; max++)
            assert_int_equal(sg_link_distance(a, b, max), whole <= max ? whole : max + 1);
        assert_true(fabs(sg_link_jaro_winkler(a, b) - oracle_link_jaro_winkler(a, b)) < 1e-12);
    }
}

static void test_names_that_sound_alike_share_a_key(void **state)
{
    (void)state;
    assert_int_equal(sg_link_phonetic(text("catherine")), sg_link_phonetic(text("katharina")));
    assert_int_equal(sg_link_phonetic(text("smith")), sg_link_phonetic(text("smyth")));
    assert_int_not_equal(sg_link_phonetic(text("smith")), sg_link_phonetic(text("jones")));
    assert_int_equal(sg_link_phonetic(text("12")), 0);
}

static void test_nicknames_share_a_group(void **state)
{
    (void)state;
    assert_true(sg_link_nicknames(text("robert")) & sg_link_nicknames(text("bob")));
    assert_true(sg_link_nicknames(text("ted")) & sg_link_nicknames(text("edward")));
    assert_false(sg_link_nicknames(text("bob")) & sg_link_nicknames(text("jim")));
    assert_int_equal(sg_link_nicknames(text("bo")), 0);
}

static void test_near_texts_have_near_signatures(void **state)
{
    static const char one[] = "rewrote the billing system in kotlin for an energy company with a "
                              "team of four and shipped it without downtime in nine months";
    static const char near[] = "rewrote the billing system in kotlin for an energy company with a "
                               "team of five and shipped it without downtime in nine months";
    static const char far[] = "documents bridge relayers writes solidity contracts audits vaults "
                              "for funds and answers questions of users at night in two languages";
    (void)state;
    const uint64_t sig = sg_link_simhash(text(one));
    assert_true(__builtin_popcountll(sig ^ sg_link_simhash(text(near))) <= 12);
    assert_true(__builtin_popcountll(sig ^ sg_link_simhash(text(far))) > 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jaro_winkler_of_published_pairs),
        cmocka_unit_test(test_a_swap_of_neighbours_is_one_edit),
        cmocka_unit_test(test_random_texts_measure_as_the_plain_versions_do),
        cmocka_unit_test(test_names_that_sound_alike_share_a_key),
        cmocka_unit_test(test_nicknames_share_a_group),
        cmocka_unit_test(test_near_texts_have_near_signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
