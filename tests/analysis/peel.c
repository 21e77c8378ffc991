/* Peel chains: followed where the rules can tell, ended with a reason where they cannot. Method:
 * chains by hand for each end, and those of a made-up world whose truth is known, against the plain
 * rule "the largest output". */
#include "support/check.h"
#include "support/coin_truth.h"
#include "support/utxo_gen.h"

#include "analysis/cluster/peel.h"

#include <stdio.h>
#include <string.h>

#define COIN 100000000ULL

static struct sg_peel follow(const struct sg_utxo *utxo, uint64_t out, size_t max)
{
    struct sg_peel peel;
    struct sg_err err;
    uint64_t *first = sg_peel_first_seen(utxo);
    assert_non_null(first);
    CHECK_OK(sg_peel_follow(&peel, utxo, first, out, max, &err), &err);
    sg_mem_free(first);
    return peel;
}

static uint64_t pay(struct sg_utxo *utxo, uint64_t out, struct gen_pay a, struct gen_pay b)
{
    return gen_spend(utxo, &out, 1, (struct gen_pay[]){a, b}, 2);
}

static void test_a_chain_is_followed_to_the_output_that_is_not_spent(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, (struct gen_pay[]){{1, 50 * COIN}, {9, 0}}, 2);
    const uint64_t second = pay(&utxo, first, (struct gen_pay){9, COIN},
                                (struct gen_pay){2, 49 * COIN - 777}); /* 9 is known, round */
    const uint64_t third = pay(&utxo, second + 1, (struct gen_pay){3, 48 * COIN - 999},
                               (struct gen_pay){GEN_OLD, COIN}); /* another form, round */
    const struct sg_peel peel = follow(&utxo, first, 100);
    assert_int_equal(peel.n, 2);
    assert_true(peel.steps[0].next == second + 1 && peel.steps[1].next == third);
    assert_int_equal(peel.steps[0].rules,
                     1u << SG_PEEL_FRESH | 1u << SG_PEEL_ROUND | 1u << SG_PEEL_LIKE);
    assert_int_equal(peel.steps[1].rules, 1u << SG_PEEL_FORM | 1u << SG_PEEL_ROUND);
    assert_int_equal(peel.stop, SG_PEEL_UNSPENT);
    sg_mem_free(peel.steps);
    sg_utxo_close(&utxo);
}

static void test_each_end_has_its_reason(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    struct gen_pay in[6], out[5];
    uint64_t spent[5];
    gen_ledger_open(&utxo);
    /* Both outputs alike: nobody can tell. */
    const uint64_t unsure = gen_coinbase(&utxo, (struct gen_pay[]){{1, 10 * COIN}}, 1);
    pay(&utxo, unsure, (struct gen_pay){2, 5 * COIN}, (struct gen_pay){3, 4 * COIN});
    struct sg_peel peel = follow(&utxo, unsure, 100);
    assert_int_equal(peel.stop, SG_PEEL_UNSURE);
    assert_int_equal(peel.n, 1);
    assert_true(peel.steps[0].next == SG_UTXO_NONE);
    sg_mem_free(peel.steps);
    /* One output: it moved whole; paid back to the spender: that is the change. */
    const uint64_t whole = gen_coinbase(&utxo, (struct gen_pay[]){{4, 10 * COIN}}, 1);
    const uint64_t moved = gen_spend(&utxo, &whole, 1, (struct gen_pay[]){{5, 9 * COIN}}, 1);
    pay(&utxo, moved, (struct gen_pay){6, COIN}, (struct gen_pay){5, 8 * COIN});
    peel = follow(&utxo, whole, 100);
    assert_int_equal(peel.n, 2);
    assert_int_equal(peel.steps[0].rules, 1u << SG_PEEL_WHOLE);
    assert_int_equal(peel.steps[1].rules, 1u << SG_PEEL_REUSE);
    assert_int_equal(peel.stop, SG_PEEL_UNSPENT);
    sg_mem_free(peel.steps);
    peel = follow(&utxo, whole, 1);
    assert_int_equal(peel.stop, SG_PEEL_BOUND);
    sg_mem_free(peel.steps);
    /* A round of five. */
    for (uint32_t i = 0; i < 5; i++) {
        in[i] = (struct gen_pay){20 + i, i ? 1000000 : 1005000};
        out[i] = (struct gen_pay){30 + i, 1000000};
    }
    const uint64_t round = gen_coinbase(&utxo, in, 5);
    for (uint64_t i = 0; i < 5; i++)
        spent[i] = round + i;
    gen_spend(&utxo, spent, 5, out, 5);
    peel = follow(&utxo, round, 100);
    assert_int_equal(peel.stop, SG_PEEL_COINJOIN);
    assert_int_equal(peel.n, 0);
    sg_mem_free(peel.steps);
    sg_utxo_close(&utxo);
}

/* Thieves' chains of a made-up world: payees known before or new, of any form, paid round amounts
 * or not, less or more than what is left. */
static void test_answers_are_right_more_often_than_the_largest_output(void **state)
{
    (void)state;
    struct coin_truth truth = {.see = NULL};
    struct sg_scenario scenario;
    struct coin_score votes, largest;
    sg_scenario_defaults(&scenario);
    scenario.people = 1500;
    coin_truth_open(&truth, &scenario, sg_test_seed(), 12000);
    coin_truth_score_peels(&votes, &largest, &truth, SG_COINWORLD_PEEL);
    print_message("peel: %zu steps, %zu answered, %zu right; largest output: %zu right\n",
                  (size_t)votes.asked, (size_t)votes.answered, (size_t)votes.right,
                  (size_t)largest.right);
    assert_true(votes.asked > 500 && largest.answered == votes.asked);
    assert_true(votes.right * 100 >= votes.answered * 98);
    assert_true(votes.answered * 100 >= votes.asked * 90);
    assert_true(votes.right * largest.asked > largest.right * votes.answered);
    coin_truth_close(&truth);
}

static enum sg_status follow_and_drop(const struct sg_utxo *utxo, const uint64_t *first)
{
    struct sg_peel peel;
    const enum sg_status st = sg_peel_follow(&peel, utxo, first, 0, 10, NULL);
    sg_mem_free(peel.steps);
    return st;
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, (struct gen_pay[]){{1, COIN}, {4, COIN}}, 2);
    const uint64_t spent[] = {first, first + 1};
    gen_spend(&utxo, spent, 2, (struct gen_pay[]){{2, COIN}}, 1);
    uint64_t *seen = sg_peel_first_seen(&utxo);
    CHECK_OOM_SWEEP(follow_and_drop(&utxo, seen));
    sg_mem_free(seen);
    sg_utxo_close(&utxo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_chain_is_followed_to_the_output_that_is_not_spent),
        cmocka_unit_test(test_each_end_has_its_reason),
        cmocka_unit_test(test_answers_are_right_more_often_than_the_largest_output),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
