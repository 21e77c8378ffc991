/* Goal: each kind is found, and what merely looks like one is not. Method: made-up transactions by
 * the protocols' rules, a seed each; hand-made ones at the edges; the real rounds where developers
 * have them (tests/e2e/coinjoin.sh). */
#include "support/check.h"
#include "support/coinjoin_gen.h"

#include "analysis/coinjoin/coinjoin.h"

#include <string.h>

#define ROUNDS 300

static struct sg_coinjoin judge(const struct gen_tx *tx)
{
    const struct sg_coinjoin_tx view = {tx->spent, tx->n_spent, tx->outs, tx->n_outs};
    struct sg_coinjoin found;
    struct sg_err err;
    memset(&found, 0xa5, sizeof(found));
    CHECK_OK(sg_coinjoin_judge(&found, &view, &err), &err);
    return found;
}

/* How many of ROUNDS transactions are judged to be of the kind. */
static size_t count(void (*make)(struct gen_tx *), enum sg_coinjoin_kind kind)
{
    static struct gen_tx tx;
    const uint64_t seed = sg_test_seed();
    size_t n = 0;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        gen_begin(&tx, seed + i);
        make(&tx);
        n += judge(&tx).kind == kind;
    }
    return n;
}

/* How many are judged to hide strangers. */
static size_t count_coinjoins(void (*make)(struct gen_tx *))
{
    static struct gen_tx tx;
    const uint64_t seed = sg_test_seed();
    size_t n = 0;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        gen_begin(&tx, seed + i);
        make(&tx);
        n += judge(&tx).coinjoin;
    }
    return n;
}

static void test_every_round_of_a_coordinator_is_found(void **state)
{
    (void)state;
    assert_int_equal(count(gen_whirlpool, SG_COINJOIN_WHIRLPOOL), ROUNDS);
    assert_int_equal(count(gen_tx0, SG_COINJOIN_WHIRLPOOL_TX0), ROUNDS);
    assert_int_equal(count(gen_wasabi1, SG_COINJOIN_WASABI1), ROUNDS);
    assert_int_equal(count(gen_wasabi2, SG_COINJOIN_WASABI2), ROUNDS);
}

static void test_makers_and_takers_are_found(void **state)
{
    (void)state;
    assert_in_range(count(gen_joinmarket, SG_COINJOIN_JOINMARKET), ROUNDS * 99 / 100, ROUNDS);
}

static void test_makers_with_many_coins_or_equal_change_are_found(void **state)
{
    (void)state;
    assert_in_range(count(gen_joinmarket_coins, SG_COINJOIN_JOINMARKET), ROUNDS * 9 / 10, ROUNDS);
    assert_int_equal(count(gen_joinmarket_pair, SG_COINJOIN_JOINMARKET), ROUNDS);
}

static void test_a_round_near_a_tenth_without_a_coordinator_is_makers(void **state)
{
    (void)state;
    assert_int_equal(count(gen_joinmarket_tenth, SG_COINJOIN_JOINMARKET), ROUNDS);
}

static void test_equal_shares_of_no_protocol_are_found(void **state)
{
    (void)state;
    assert_in_range(count_coinjoins(gen_shared), ROUNDS * 99 / 100, ROUNDS);
}

static void test_payjoin_is_a_candidate_and_no_coinjoin(void **state)
{
    (void)state;
    assert_int_equal(count(gen_payjoin, SG_COINJOIN_PAYJOIN), ROUNDS);
    assert_int_equal(count_coinjoins(gen_payjoin), 0);
    assert_int_equal(count_coinjoins(gen_tx0), 0);
}

static void test_what_one_owner_does_is_none(void **state)
{
    (void)state;
    /* Ten payouts of exactly 0.1 and little else are Wasabi 1 to the last rule: 1 of 2,000. */
    assert_in_range(count_coinjoins(gen_payouts), 0, 1);
    /* With as many spenders as payees, ten and more of 0.08 to 0.12 are Wasabi 1 by its counts. */
    assert_in_range(count_coinjoins(gen_alike), 0, ROUNDS / 10);
    assert_int_equal(count(gen_alike, SG_COINJOIN_JOINMARKET), 0);
    assert_int_equal(count(gen_alike_pair, SG_COINJOIN_JOINMARKET), 0);
    assert_int_equal(count_coinjoins(gen_exchange_payouts), 0);
    assert_int_equal(count_coinjoins(gen_consolidation), 0);
    assert_int_equal(count_coinjoins(gen_move), 0);
    assert_int_equal(count_coinjoins(gen_payment), 0);
}

static void test_a_round_says_what_it_rests_on(void **state)
{
    (void)state;
    static struct gen_tx tx;
    gen_begin(&tx, 1);
    gen_whirlpool(&tx);
    const struct sg_coinjoin found = judge(&tx);
    assert_int_equal(found.participants, tx.n_spent);
    assert_true(found.coinjoin && found.denomination_sat == tx.outs[0].sat);
    assert_int_equal(found.n_evidence, 3);
    assert_non_null(strstr(found.evidence[0], "a Whirlpool pool"));
    static const uint64_t perfect[] = {1496, 22482, 426833, 9934563};
    assert_true(found.mappings == perfect[tx.n_spent - 5]);
}

/* One change to a round, and it is none of this protocol. */
static void test_whirlpool_is_exact(void **state)
{
    (void)state;
    static struct gen_tx tx;
    gen_begin(&tx, 2);
    gen_whirlpool(&tx);
    for (size_t i = 0; i < tx.n_spent; i++)
        tx.spent[i].sat = tx.outs[0].sat + 1; /* nobody mixed before */
    assert_int_not_equal(judge(&tx).kind, SG_COINJOIN_WHIRLPOOL);
    gen_begin(&tx, 2);
    gen_whirlpool(&tx);
    tx.spent[0].sat = tx.outs[0].sat + 110001;
    assert_int_not_equal(judge(&tx).kind, SG_COINJOIN_WHIRLPOOL);
    gen_begin(&tx, 2);
    gen_whirlpool(&tx);
    tx.outs[1].script = tx.outs[0].script; /* one is paid twice */
    assert_int_not_equal(judge(&tx).kind, SG_COINJOIN_WHIRLPOOL);
}

static void test_one_address_that_spends_twice_is_one_participant(void **state)
{
    (void)state;
    static struct gen_tx tx;
    gen_begin(&tx, 3);
    gen_joinmarket(&tx);
    for (size_t i = 1; i < tx.n_spent; i++)
        tx.spent[i].script = tx.spent[0].script;
    assert_int_equal(judge(&tx).kind, SG_COINJOIN_NONE);
}

static void test_money_from_nothing_is_refused(void **state)
{
    (void)state;
    static struct gen_tx tx;
    struct sg_coinjoin found;
    struct sg_err err;
    gen_begin(&tx, 4);
    gen_payment(&tx);
    const struct sg_coinjoin_tx view = {tx.spent, tx.n_spent, tx.outs, tx.n_outs};
    tx.outs[0].sat += 501;
    assert_int_equal(sg_coinjoin_judge(&found, &view, &err), SG_EPARSE);
    assert_string_equal(err.text, "the transaction pays out more than it spends");
    tx.outs[0].sat = UINT64_MAX;
    assert_int_equal(sg_coinjoin_judge(&found, &view, &err), SG_EPARSE);
    assert_string_equal(err.text, "the amounts sum to more than there can be");
}

static void test_judging_survives_every_refused_allocation(void **state)
{
    (void)state;
    static struct gen_tx tx;
    struct sg_coinjoin found;
    gen_begin(&tx, 5);
    gen_whirlpool(&tx);
    const struct sg_coinjoin_tx view = {tx.spent, tx.n_spent, tx.outs, tx.n_outs};
    CHECK_OOM_SWEEP(sg_coinjoin_judge(&found, &view, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_round_of_a_coordinator_is_found),
        cmocka_unit_test(test_makers_and_takers_are_found),
        cmocka_unit_test(test_makers_with_many_coins_or_equal_change_are_found),
        cmocka_unit_test(test_a_round_near_a_tenth_without_a_coordinator_is_makers),
        cmocka_unit_test(test_equal_shares_of_no_protocol_are_found),
        cmocka_unit_test(test_payjoin_is_a_candidate_and_no_coinjoin),
        cmocka_unit_test(test_what_one_owner_does_is_none),
        cmocka_unit_test(test_a_round_says_what_it_rests_on),
        cmocka_unit_test(test_whirlpool_is_exact),
        cmocka_unit_test(test_one_address_that_spends_twice_is_one_participant),
        cmocka_unit_test(test_money_from_nothing_is_refused),
        cmocka_unit_test(test_judging_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
