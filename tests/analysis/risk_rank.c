/* The ranking against a plain count, and what its header promises. */
#include "analysis/risk/risk.h"
#include "base/rng.h"
#include "support/check.h"

#include "oracle/risk_rank.h"

#include <math.h>
#include <string.h>

#define N_COMMITS 60
#define N_HITS    6

struct world {
    struct sg_risk_item items[N_COMMITS];
    struct sg_risk_hit hits[N_COMMITS][N_HITS];
    size_t n;
};

static void rank(struct sg_risk_score *scores, const struct sg_risk_item *items, size_t n)
{
    struct sg_err err;
    CHECK_OK(sg_risk_rank(scores, items, n, &err), &err);
}

/* Few rules and few weights, so that ties and shared prefixes are common. */
static void draw(struct world *world, struct sg_rng *rng)
{
    world->n = 1 + sg_rng_below(rng, N_COMMITS);
    for (size_t i = 0; i < world->n; i++) {
        struct sg_risk_item *item = &world->items[i];
        *item = (struct sg_risk_item){world->hits[i], sg_rng_below(rng, N_HITS + 1),
                                      (uint32_t)sg_rng_below(rng, 5) * 20, 1,
                                      (uint16_t)(sg_rng_below(rng, 3) * 500)};
        for (size_t h = 0; h < item->n_hits; h++)
            world->hits[i][h] = (struct sg_risk_hit){(uint16_t)sg_rng_below(rng, 4),
                                                     (uint16_t)(100 + 100 * sg_rng_below(rng, 4))};
    }
}

static void ranks_are_those_of_the_plain_count(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 300; round++) {
        struct world world;
        struct sg_risk_score scores[N_COMMITS], plain[N_COMMITS];
        draw(&world, &rng);
        memset(scores, 0xa5, sizeof(scores));
        rank(scores, world.items, world.n);
        oracle_risk_rank(plain, world.items, world.n);
        for (size_t i = 0; i < world.n; i++) {
            CHECK(fabs(scores[i].score - plain[i].score) < 1e-9);
            assert_int_equal(scores[i].n_tied, plain[i].n_tied);
            assert_int_equal(scores[i].rank, plain[i].rank);
            CHECK(fabs(scores[i].percentile - plain[i].percentile) < 1e-9);
        }
    }
}

static void nothing_found_scores_zero_and_shares_the_last_place(void **state)
{
    const struct sg_risk_hit hit = {SG_RISK_CHECK_REMOVED, 300};
    const struct sg_risk_item items[] = {
        {NULL, 0, 9, 1, 1000}, {&hit, 1, 9, 1, 0}, {NULL, 0, 1, 1, 0}};
    struct sg_risk_score scores[3];
    (void)state;
    rank(scores, items, 3);
    CHECK(!(scores[0].score > 0) && !(scores[2].score > 0) && scores[1].score > 0);
    assert_int_equal(scores[1].rank, 1);
    assert_int_equal(scores[0].rank, 2);
    assert_int_equal(scores[0].n_tied, 2);
    assert_int_equal(scores[0].lead, 0);
    CHECK(fabs(scores[1].percentile - 100.0) < 1e-9);
    CHECK(fabs(scores[0].percentile - 50.0) < 1e-9);
}

static void the_rarer_of_two_equal_findings_stands_above(void **state)
{
    const struct sg_risk_hit common = {SG_RISK_ENDPOINT_CHANGED, 200},
                             rare = {SG_RISK_HARDENING_OFF, 200};
    struct sg_risk_item items[20];
    struct sg_risk_score scores[20];
    (void)state;
    for (size_t i = 0; i < 20; i++)
        items[i] = (struct sg_risk_item){i == 7 ? &rare : &common, 1, 10, 1, 0};
    rank(scores, items, 20);
    assert_int_equal(scores[7].rank, 1);
    assert_int_equal(scores[0].n_tied, 19);
}

static void size_is_never_rewarded(void **state)
{
    const struct sg_risk_hit hit = {SG_RISK_CHECK_REMOVED, 300};
    const struct sg_risk_item items[] = {
        {&hit, 1, 5000, 1, 0}, {&hit, 1, 5, 1, 0}, {NULL, 0, 5, 1, 0}};
    struct sg_risk_score scores[3];
    (void)state;
    rank(scores, items, 3);
    CHECK(scores[1].score > scores[0].score);
}

static void the_hit_that_leads_is_named(void **state)
{
    const struct sg_risk_hit hits[] = {{SG_RISK_TELEMETRY, 20}, {SG_RISK_CODE_EXECUTION, 640}};
    const struct sg_risk_item item = {hits, 2, 5, 1, 0};
    struct sg_risk_score score;
    (void)state;
    rank(&score, &item, 1);
    assert_int_equal(score.lead, 1);
}

static enum sg_status rank_once(void)
{
    const struct sg_risk_hit hit = {SG_RISK_TELEMETRY, 20};
    const struct sg_risk_item items[] = {{&hit, 1, 5, 1, 0}, {NULL, 0, 5, 1, 0}};
    struct sg_risk_score scores[2];
    struct sg_err err;
    return sg_risk_rank(scores, items, 2, &err);
}

static void a_refused_allocation_is_reported(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(rank_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_the_plain_count),
        cmocka_unit_test(nothing_found_scores_zero_and_shares_the_last_place),
        cmocka_unit_test(the_rarer_of_two_equal_findings_stands_above),
        cmocka_unit_test(size_is_never_rewarded),
        cmocka_unit_test(the_hit_that_leads_is_named),
        cmocka_unit_test(a_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
