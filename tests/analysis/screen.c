/* What labels mean on a day: editions of lists make a history, contradictions stay. */
#include "support/check.h"

#include "analysis/screen/screen.h"

#include <string.h>

#define DAY(n) ((int64_t)(n)*86400)

static const struct sg_screen_edition four[] = {
    {"sdn", DAY(10), 0}, {"sdn", DAY(20), 1}, {"sdn", DAY(30), 2}, {"sdn", DAY(40), 3}};

static struct sg_screen_claim claim(const char *entity, uint32_t pack, const char *list,
                                    int64_t listed)
{
    struct sg_screen_claim made = {.pack = pack, .list = list};
    sg_label_init(&made.label);
    made.label.subject = "a";
    made.label.entity = entity;
    made.label.category = SG_CATEGORY_SANCTIONED;
    made.label.listed_unix_s = listed;
    return made;
}

struct expected {
    bool in_force;
    int64_t listed, delisted;
    bool listed_is_bound, delisted_is_bound;
};

static void check(const struct sg_screen_claim *claims, size_t n, int64_t as_of,
                  const struct expected *expected, size_t n_expected)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_screen_hit *hits;
    size_t n_hits;
    struct sg_err err;
    CHECK_OK(
        sg_screen_hits(&hits, &n_hits, &arena, claims, n, four, SG_COUNT_OF(four), as_of, &err),
        &err);
    assert_int_equal(n_hits, n_expected);
    for (size_t i = 0; i < n_hits; i++) {
        assert_int_equal(hits[i].in_force, expected[i].in_force);
        assert_true(hits[i].listed_unix_s == expected[i].listed);
        assert_true(hits[i].delisted_unix_s == expected[i].delisted);
        assert_int_equal(hits[i].listed_is_bound, expected[i].listed_is_bound);
        assert_int_equal(hits[i].delisted_is_bound, expected[i].delisted_is_bound);
    }
    sg_arena_clear(&arena);
}

/* On the editions of days 20 and 30, the entry says day 15: in force from 15 up to day 40. */
static void test_an_entry_is_in_force_while_editions_carry_it(void **state)
{
    (void)state;
    const struct sg_screen_claim claims[] = {claim("T", 2, "sdn", DAY(15)),
                                             claim("T", 1, "sdn", DAY(15))};
    const struct expected in_force = {true, DAY(15), SG_TIME_UNKNOWN, false, false};
    const struct expected former = {false, DAY(15), DAY(40), false, true};
    check(claims, 2, DAY(15) - 1, NULL, 0);
    check(claims, 2, DAY(15), &in_force, 1);
    check(claims, 2, DAY(39), &in_force, 1);
    check(claims, 2, DAY(40), &former, 1);
    check(claims, 2, INT64_MAX, &former, 1);
}

/* The party was listed on day 5, but its address is not on the edition of day 10: it came later. */
static void test_an_address_added_to_a_listed_party_is_bound_by_the_editions(void **state)
{
    (void)state;
    const struct sg_screen_claim claims[] = {
        claim("T", 1, "sdn", DAY(5)), claim("T", 2, "sdn", DAY(5)), claim("T", 3, "sdn", DAY(5))};
    const struct expected hit = {true, DAY(20), SG_TIME_UNKNOWN, true, false};
    check(claims, 3, DAY(19), NULL, 0);
    check(claims, 3, INT64_MAX, &hit, 1);
}

static void test_an_entry_may_go_and_come_back(void **state)
{
    (void)state;
    const struct sg_screen_claim claims[] = {claim("T", 0, "sdn", DAY(5)),
                                             claim("T", 2, "sdn", DAY(25))};
    const struct expected both[] = {{false, DAY(5), DAY(20), false, true},
                                    {false, DAY(25), DAY(40), false, true}};
    const struct expected between[] = {{false, DAY(5), DAY(20), false, true}};
    const struct expected again[] = {{true, DAY(25), SG_TIME_UNKNOWN, false, false},
                                     {false, DAY(5), DAY(20), false, true}};
    check(claims, 2, INT64_MAX, both, 2);
    check(claims, 2, DAY(22), between, 1);
    check(claims, 2, DAY(26), again, 2);
}

/* A claim with its own dates needs no editions: Tornado Cash, 2022-08-08 to 2025-03-21. */
static void test_dates_of_the_claim_itself_count(void **state)
{
    (void)state;
    struct sg_screen_claim one = claim("Tornado Cash", 9, NULL, 1659916800);
    one.label.delisted_unix_s = 1742515200;
    const struct expected in_force = {true, 1659916800, SG_TIME_UNKNOWN, false, false};
    const struct expected former = {false, 1659916800, 1742515200, false, false};
    check(&one, 1, 1659916799, NULL, 0);
    check(&one, 1, 1659916800, &in_force, 1);
    check(&one, 1, 1742515199, &in_force, 1);
    check(&one, 1, 1742515200, &former, 1);
}

static void test_the_later_import_of_one_day_replaces_the_other(void **state)
{
    (void)state;
    struct sg_screen_edition editions[] = {{"sdn", DAY(10), 5}, {"sdn", DAY(10), 2}};
    const struct sg_screen_claim gone = claim("T", 2, "sdn", DAY(5));
    const struct sg_screen_claim there = claim("T", 5, "sdn", DAY(5));
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_screen_hit *hits;
    size_t n;
    struct sg_err err;
    sg_screen_sort_editions(editions, 2);
    assert_int_equal(editions[0].pack, 2);
    CHECK_OK(sg_screen_hits(&hits, &n, &arena, &gone, 1, editions, 2, INT64_MAX, &err), &err);
    assert_int_equal(n, 0);
    CHECK_OK(sg_screen_hits(&hits, &n, &arena, &there, 1, editions, 2, INT64_MAX, &err), &err);
    assert_int_equal(n, 1);
    sg_arena_clear(&arena);
}

static void test_what_agrees_is_one_hit_and_what_differs_stays_beside_it(void **state)
{
    (void)state;
    struct sg_screen_claim claims[] = {
        claim("X", 7, NULL, SG_TIME_UNKNOWN), claim("X", 8, NULL, SG_TIME_UNKNOWN),
        claim("Y", 9, NULL, SG_TIME_UNKNOWN), claim("X", 6, NULL, SG_TIME_UNKNOWN)};
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_screen_hit *hits;
    size_t n;
    struct sg_err err;
    claims[0].label.source_date_unix_s = DAY(3);
    claims[1].label.source_date_unix_s = DAY(2);
    claims[2].label.category = SG_CATEGORY_EXCHANGE;
    CHECK_OK(sg_screen_hits(&hits, &n, &arena, claims, 4, NULL, 0, INT64_MAX, &err), &err);
    assert_int_equal(n, 2);
    assert_int_equal(hits[0].n_claims, 3);
    assert_true(hits[0].label->source_date_unix_s == DAY(3));
    assert_string_equal(hits[1].label->entity, "Y");
    sg_arena_clear(&arena);
}

static enum sg_status run_and_drop(void)
{
    const struct sg_screen_claim claims[] = {claim("T", 0, "sdn", DAY(5)),
                                             claim("U", 2, NULL, DAY(25))};
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_screen_hit *hits;
    size_t n;
    struct sg_err err;
    const enum sg_status st =
        sg_screen_hits(&hits, &n, &arena, claims, 2, four, SG_COUNT_OF(four), INT64_MAX, &err);
    sg_arena_clear(&arena);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(run_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_is_in_force_while_editions_carry_it),
        cmocka_unit_test(test_an_address_added_to_a_listed_party_is_bound_by_the_editions),
        cmocka_unit_test(test_an_entry_may_go_and_come_back),
        cmocka_unit_test(test_dates_of_the_claim_itself_count),
        cmocka_unit_test(test_the_later_import_of_one_day_replaces_the_other),
        cmocka_unit_test(test_what_agrees_is_one_hit_and_what_differs_stays_beside_it),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
