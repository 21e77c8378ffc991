/* Goal: the published generators, bit for bit, and no bias in a range. Method: known answers. Those
 * of xoshiro256** from the state 1, 2, 3, 4 are the ones that its implementations share; the seeded
 * ones were computed from the papers' formulas by a program in another language. */
#include "support/check.h"

#include "base/rng.h"

static void test_the_generator_gives_the_shared_known_answers(void **state)
{
    (void)state;
    static const uint64_t want[] = {11520u,
                                    0u,
                                    1509978240u,
                                    1215971899390074240u,
                                    1216172134540287360u,
                                    607988272756665600u,
                                    16172922978634559625u,
                                    8476171486693032832u,
                                    10595114339597558777u,
                                    2904607092377533576u};
    struct sg_rng rng = {{1, 2, 3, 4}};
    for (size_t i = 0; i < SG_COUNT_OF(want); i++)
        assert_true(sg_rng_next(&rng) == want[i]);
}

static void test_the_seed_is_spread_by_splitmix64(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, 1234567);
    assert_true(rng.state[0] == 6457827717110365317u);
    assert_true(rng.state[1] == 3203168211198807973u);
    assert_true(rng.state[2] == 9817491932198370423u);
    assert_true(rng.state[3] == 4593380528125082431u);
}

static void test_seeds_give_the_same_numbers_everywhere(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        uint64_t want[4];
    } cases[] = {
        {0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c}},
        {1, {0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514, 0x642e1c7bc266a3a7}},
        {20220323,
         {0x11f4ebd631a11f28, 0xc612b15264a4d152, 0xaf60f3f1da0db3f6, 0xcfce828b1f6ebcfa}},
        {UINT64_MAX,
         {0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e, 0xbf658d7e065f3c2f}},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_rng rng;
        sg_rng_init(&rng, cases[i].seed);
        for (size_t k = 0; k < 4; k++)
            assert_true(sg_rng_next(&rng) == cases[i].want[k]);
    }
}

static void test_numbers_in_a_range_are_the_known_ones(void **state)
{
    (void)state;
    static const struct {
        uint64_t bound;
        uint64_t want;
    } cases[] = {{1, 0},
                 {2, 0},
                 {6, 5},
                 {1000, 981},
                 {((uint64_t)1 << 63) + 1, 9139072988219048332u},
                 {((uint64_t)1 << 63) + 1, 1400256439129669809u},
                 {((uint64_t)1 << 63) + 1, 6750200521807187948u},
                 {3, 2},
                 {1000000000000000000u, 880850761789405385u},
                 {UINT64_MAX, 8327222803780191929u}};
    struct sg_rng rng;
    sg_rng_init(&rng, 7);
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_true(sg_rng_below(&rng, cases[i].bound) == cases[i].want);
}

/* 2^64 * 3/4 as bound: without rejection the first third of the range would come twice as often. */
static void test_a_large_range_has_no_favoured_third(void **state)
{
    (void)state;
    const uint64_t bound = (uint64_t)3 << 62;
    uint64_t seen[3] = {0};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 30000; i++)
        seen[sg_rng_below(&rng, bound) / (bound / 3)]++;
    /* Standard deviation 82; six of them. */
    for (size_t i = 0; i < 3; i++)
        assert_in_range(seen[i], 9500, 10500);
}

static void test_a_die_is_fair(void **state)
{
    (void)state;
    uint64_t seen[6] = {0};
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 60000; i++)
        seen[sg_rng_below(&rng, 6)]++;
    for (size_t i = 0; i < 6; i++)
        assert_in_range(seen[i], 9450, 10550);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_generator_gives_the_shared_known_answers),
        cmocka_unit_test(test_the_seed_is_spread_by_splitmix64),
        cmocka_unit_test(test_seeds_give_the_same_numbers_everywhere),
        cmocka_unit_test(test_numbers_in_a_range_are_the_known_ones),
        cmocka_unit_test(test_a_large_range_has_no_favoured_third),
        cmocka_unit_test(test_a_die_is_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
