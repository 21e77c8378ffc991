/* Draws stay in their ranges and have the tails that they promise; the clock is monotonous. */
#include "support/check.h"

#include "base/chance.h"

#define DRAWS 20000

static void test_draws_stay_in_their_ranges_and_reach_the_ends(void **state)
{
    (void)state;
    struct sg_rng rng;
    const uint32_t weights[] = {0, 3, 0, 1};
    uint64_t picked[4] = {0}, low = 0, high = 0;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t b = sg_chance_between(&rng, 5, 7), h = sg_chance_heavy(&rng, 4, 9);
        assert_in_range(b, 5, 7);
        low += b == 5;
        high += b == 7;
        assert_in_range(h, 16, 511);
        assert_true(sg_chance_rank(&rng, 10) < 10 && sg_chance_rank(&rng, 1) == 0);
        picked[sg_chance_pick(&rng, weights, 4)]++;
        assert_false(sg_chance_percent(&rng, 0));
        assert_true(sg_chance_percent(&rng, 100));
    }
    assert_true(low && high);
    assert_true(picked[0] == 0 && picked[2] == 0 && picked[1] > 2 * picked[3]);
}

static void test_the_first_ranks_and_the_small_amounts_are_drawn_most(void **state)
{
    (void)state;
    struct sg_rng rng;
    uint64_t first = 0, last = 0, small = 0, large = 0;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t rank = sg_chance_rank(&rng, 1000), heavy = sg_chance_heavy(&rng, 0, 20);
        first += rank < 10;
        last += rank >= 990;
        small += heavy < 16;
        large += heavy >= 1u << 16;
    }
    assert_true(first > 20 * last && small > large && large > 0);
}

static void test_the_clock_goes_forward_through_every_day(void **state)
{
    (void)state;
    int64_t before = 0;
    for (uint64_t event = 0; event <= 5000; event++) {
        const int64_t now = sg_chance_clock(event, 5000, 50);
        assert_true(now >= before && now / 86400 == (int64_t)(event / 100));
        before = now;
    }
    /* Two of a hundred events before one o'clock, six before three, six between 13 and 14. */
    assert_int_equal(sg_chance_clock(2, 100, 1), 3600);
    assert_int_equal(sg_chance_clock(6, 100, 1), 3 * 3600);
    assert_int_equal(sg_chance_clock(0, 7, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_stay_in_their_ranges_and_reach_the_ends),
        cmocka_unit_test(test_the_first_ranks_and_the_small_amounts_are_drawn_most),
        cmocka_unit_test(test_the_clock_goes_forward_through_every_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
