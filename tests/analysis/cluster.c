/* Owners joined: the clusters are the components of who spent together, strangers are not joined,
 * each rule for change says what its page says, and every join has a reason. Method: random ledgers
 * against breadth-first searches, and small ones by hand. */
#include "oracle/cluster.h"
#include "support/check.h"
#include "support/utxo_gen.h"

#include "analysis/cluster/cluster.h"
#include "analysis/coinjoin/coinjoin.h"
#include "base/rng.h"

#include <string.h>

#define COIN   100000000u
#define OWNERS 60
#define ROUNDS 40
#define SPENDS 30

struct random_ledger {
    struct sg_utxo utxo;
    struct oracle_edge edges[SPENDS * 4];
    size_t n_edges;
};

/* Payments of two outputs by up to four owners: no CoinJoin has so few outputs. */
static void make_random(struct random_ledger *r, uint64_t seed)
{
    struct sg_rng rng;
    struct gen_pay pays[OWNERS];
    uint64_t open[OWNERS + 2 * SPENDS];
    size_t n_open = 0;
    sg_rng_init(&rng, seed);
    r->n_edges = 0;
    gen_ledger_open(&r->utxo);
    for (uint32_t i = 0; i < OWNERS; i++)
        pays[i] = (struct gen_pay){1 + i, COIN / 4};
    const uint64_t first = gen_coinbase(&r->utxo, pays, OWNERS);
    for (; n_open < OWNERS; n_open++)
        open[n_open] = first + n_open;
    for (size_t s = 0; s < SPENDS; s++) {
        const size_t n = 1 + sg_rng_below(&rng, 4);
        uint64_t spent[4], sum = 0;
        for (size_t i = 0; i < n; i++) {
            const size_t at = sg_rng_below(&rng, n_open);
            spent[i] = open[at];
            open[at] = open[--n_open];
            sum += sg_utxo_out_sat(&r->utxo)[spent[i]];
            if (i)
                r->edges[r->n_edges++] = (struct oracle_edge){
                    sg_utxo_out_owner(&r->utxo)[spent[0]], sg_utxo_out_owner(&r->utxo)[spent[i]]};
        }
        for (size_t i = 0; i < 2; i++)
            pays[i] = (struct gen_pay){1 + (uint32_t)sg_rng_below(&rng, OWNERS), sum / 2};
        const uint64_t paid = gen_spend(&r->utxo, spent, n, pays, 2);
        open[n_open++] = paid;
        open[n_open++] = paid + 1;
    }
}

static struct sg_clusters run(const struct sg_utxo *utxo, const struct sg_cluster_options *options)
{
    struct sg_clusters clusters;
    struct sg_err err;
    CHECK_OK(sg_cluster_run(&clusters, utxo, options, &err), &err);
    return clusters;
}

static void test_clusters_are_the_components_of_who_spent_together(void **state)
{
    (void)state;
    static struct random_ledger r;
    const struct sg_cluster_options options = {.reasons = true};
    const uint64_t seed = sg_test_seed();
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint32_t lowest[OWNERS];
        make_random(&r, seed + round);
        struct sg_clusters c = run(&r.utxo, &options);
        assert_int_equal(c.n_owners, OWNERS);
        sg_oracle_components(lowest, OWNERS, r.edges, r.n_edges);
        for (uint32_t o = 0; o < OWNERS; o++)
            assert_int_equal(sg_cluster_root(&c, o), lowest[o]);
        assert_int_equal(c.n_links, c.n_joins);
        sg_cluster_clear(&c);
        sg_utxo_close(&r.utxo);
    }
}

static void test_every_join_has_a_way_of_real_spends(void **state)
{
    (void)state;
    static struct random_ledger r;
    const struct sg_cluster_options options = {.reasons = true};
    make_random(&r, sg_test_seed());
    struct sg_clusters c = run(&r.utxo, &options);
    for (uint32_t a = 0; a < OWNERS; a++)
        for (uint32_t b = 0; b < OWNERS; b++) {
            struct sg_cluster_link *way = NULL;
            size_t n;
            const enum sg_status st = sg_cluster_why(&way, &n, &c, a, b, NULL);
            assert_int_equal(st, sg_cluster_root(&c, a) == sg_cluster_root(&c, b) ? SG_OK
                                                                                  : SG_ENOTFOUND);
            uint32_t at = a;
            for (size_t i = 0; i < n; i++) {
                bool real = false;
                assert_int_equal(way[i].a, at);
                for (size_t e = 0; e < r.n_edges; e++)
                    real = real || (r.edges[e].a == way[i].a && r.edges[e].b == way[i].b) ||
                           (r.edges[e].b == way[i].a && r.edges[e].a == way[i].b);
                assert_true(real);
                at = way[i].b;
            }
            assert_true(st != SG_OK || at == b);
            sg_mem_free(way);
        }
    sg_cluster_clear(&c);
    sg_utxo_close(&r.utxo);
}

/* Five strangers of a pool's amount, who were paid by one coinbase. */
static void test_strangers_in_a_coinjoin_are_not_joined(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    struct gen_pay in[5], out[5];
    uint64_t spent[5];
    const struct sg_cluster_options options = {.reasons = false};
    gen_ledger_open(&utxo);
    for (uint32_t i = 0; i < 5; i++) {
        in[i] = (struct gen_pay){1 + i, i ? 1000000 : 1005000};
        out[i] = (struct gen_pay){11 + i, 1000000};
    }
    const uint64_t first = gen_coinbase(&utxo, in, 5);
    for (uint64_t i = 0; i < 5; i++)
        spent[i] = first + i;
    gen_spend(&utxo, spent, 5, out, 5);
    struct sg_clusters c = run(&utxo, &options);
    assert_int_equal(c.n_coinjoins, 1);
    assert_int_equal(c.n_joins, 0);
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

static void test_a_join_above_the_bound_is_held_back_and_listed(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    const struct gen_pay in[] = {{1, COIN}, {2, COIN}, {3, COIN}}, out = {4, COIN};
    const struct sg_cluster_options options = {.max = 2};
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, in, 3);
    const uint64_t spent[] = {first, first + 1, first + 2};
    gen_spend(&utxo, spent, 3, &out, 1);
    struct sg_clusters c = run(&utxo, &options);
    assert_int_equal(c.n_joins, 1);
    assert_int_equal(c.n_held, 1);
    assert_int_equal(c.held[0].hold, SG_CLUSTER_BOUND);
    assert_int_equal(c.held[0].b, gen_owner(&utxo, 3));
    assert_int_not_equal(sg_cluster_root(&c, gen_owner(&utxo, 3)),
                         sg_cluster_root(&c, gen_owner(&utxo, 1)));
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

/* 1 and 3 have labels of two entities, 2 has none: 1 and 2 are joined, 3 is held back. */
static void test_a_join_of_two_whom_labels_tell_apart_is_held_back(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    const struct gen_pay in[] = {{1, COIN}, {2, COIN}, {3, COIN}}, out = {4, COIN};
    const uint32_t entity[] = {7, 0, 8, 0};
    const struct sg_cluster_options options = {.entity = entity};
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, in, 3);
    const uint64_t spent[] = {first, first + 1, first + 2};
    gen_spend(&utxo, spent, 3, &out, 1);
    struct sg_clusters c = run(&utxo, &options);
    assert_int_equal(c.n_joins, 1);
    assert_int_equal(c.n_held, 1);
    assert_int_equal(c.held[0].hold, SG_CLUSTER_LABELS);
    assert_int_equal(c.held[0].b, gen_owner(&utxo, 3));
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

/* One owner pays two; by which rules is the second output its change? */
static unsigned rules_that_say(struct gen_pay first, struct gen_pay second, bool second_is_old)
{
    unsigned said = 0;
    for (unsigned r = 1; r < SG_CLUSTER_RULES; r++) {
        struct sg_utxo utxo;
        const struct gen_pay in[] = {{1, 4 * (uint64_t)COIN}, {7, COIN}, {8, COIN}};
        const struct gen_pay out[] = {first, second};
        const struct sg_cluster_options options = {.change_rules = 1u << r, .reasons = true};
        gen_ledger_open(&utxo);
        const uint64_t from = gen_coinbase(&utxo, in, second_is_old ? 3 : 2);
        gen_spend(&utxo, &from, 1, out, 2);
        struct sg_clusters c = run(&utxo, &options);
        if (sg_cluster_root(&c, gen_owner(&utxo, second.who)) ==
            sg_cluster_root(&c, gen_owner(&utxo, 1)))
            said |= 1u << r;
        sg_cluster_clear(&c);
        sg_utxo_close(&utxo);
    }
    return said;
}

static void test_each_rule_for_change_says_what_it_is_for(void **state)
{
    (void)state;
    const unsigned fresh = 1u << SG_CLUSTER_FRESH, form = 1u << SG_CLUSTER_FORM,
                   round = 1u << SG_CLUSTER_ROUND;
    /* To 7, who was paid before, 1 coin; the rest to somebody new. */
    assert_int_equal(
        rules_that_say((struct gen_pay){7, COIN}, (struct gen_pay){9, 123456789}, false),
        fresh | round);
    /* To an address of another form, not round; the rest in our form to one known before. */
    assert_int_equal(
        rules_that_say((struct gen_pay){GEN_OLD + 1, 777}, (struct gen_pay){8, 12345}, true), form);
    /* Both are new, round and of one form: nobody can tell. */
    assert_int_equal(
        rules_that_say((struct gen_pay){10, COIN}, (struct gen_pay){9, COIN / 2}, false), 0);
}

#define SPENT_FEE 1000u

/* Owner 1 pays 7 and 9 in one transaction; 7 spends at another fee into one output, and 9 at the
 * same fee into two. Lock times: of the payment, of 9's, of 7's. */
struct spent_on {
    struct sg_utxo utxo;
    uint64_t tx; /* the payment */
};

static uint64_t spend_one(struct sg_utxo *utxo, uint64_t out, uint64_t fee, uint32_t locktime,
                          const uint32_t *who, size_t n)
{
    struct gen_pay pays[2];
    for (size_t i = 0; i < n; i++)
        pays[i] = (struct gen_pay){who[i], (sg_utxo_out_sat(utxo)[out] - fee) / n};
    const uint64_t first = gen_spend(utxo, &out, 1, pays, n);
    struct sg_utxo_tx *txs = utxo->columns[SG_UTXO_TXS].rows;
    txs[sg_utxo_tx_of_out(utxo, first)].locktime = locktime;
    return first;
}

static void make_spent_on(struct spent_on *s, bool first_is_spent)
{
    gen_ledger_open(&s->utxo);
    const uint64_t from = gen_coinbase(&s->utxo, &(struct gen_pay){1, 8 * (uint64_t)COIN}, 1);
    const uint64_t paid = spend_one(&s->utxo, from, SPENT_FEE, 500, (const uint32_t[]){7, 9}, 2);
    s->tx = sg_utxo_tx_of_out(&s->utxo, paid);
    if (first_is_spent)
        spend_one(&s->utxo, paid, 555, 0, (const uint32_t[]){11}, 1);
    spend_one(&s->utxo, paid + 1, SPENT_FEE, 600, (const uint32_t[]){12, 13}, 2);
}

/* Rules by which 9 is joined to 1. */
static unsigned rules_that_join_the_second(struct sg_utxo *utxo)
{
    unsigned said = 0;
    for (unsigned r = SG_CLUSTER_REUSE; r < SG_CLUSTER_RULES; r++) {
        const struct sg_cluster_options options = {.change_rules = 1u << r};
        struct sg_clusters c = run(utxo, &options);
        const uint32_t payer = sg_cluster_root(&c, gen_owner(utxo, 1));
        assert_int_not_equal(sg_cluster_root(&c, gen_owner(utxo, 7)), payer);
        if (sg_cluster_root(&c, gen_owner(utxo, 9)) == payer)
            said |= 1u << r;
        sg_cluster_clear(&c);
    }
    return said;
}

static void test_rules_that_look_at_who_spends_next(void **state)
{
    (void)state;
    const unsigned lock = 1u << SG_CLUSTER_LOCKTIME, fee = 1u << SG_CLUSTER_FEE,
                   peel = 1u << SG_CLUSTER_PEELING;
    struct spent_on s;
    make_spent_on(&s, true);
    assert_int_equal(rules_that_join_the_second(&s.utxo), lock | fee | peel);
    struct sg_utxo_tx *txs = s.utxo.columns[SG_UTXO_TXS].rows;
    txs[s.tx + 2].locktime = 600; /* 7's: now both set one, and nobody can tell */
    assert_int_equal(rules_that_join_the_second(&s.utxo), fee | peel);
    sg_utxo_close(&s.utxo);
    /* While 7 has not spent, it may yet do as the payer does. */
    make_spent_on(&s, false);
    assert_int_equal(rules_that_join_the_second(&s.utxo), peel);
    sg_utxo_close(&s.utxo);
}

static void test_who_pays_himself_by_his_own_address_names_his_change(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    const struct sg_cluster_options options = {.change_rules = 1u << SG_CLUSTER_REUSE};
    gen_ledger_open(&utxo);
    const uint64_t from = gen_coinbase(&utxo, &(struct gen_pay){1, 4 * (uint64_t)COIN}, 1);
    gen_spend(&utxo, &from, 1, (const struct gen_pay[]){{5, COIN}, {1, COIN}}, 2);
    struct sg_clusters c = run(&utxo, &options);
    assert_int_equal(c.n_changes, 1);
    assert_int_equal(c.n_joins, 0); /* they are one owner already */
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

static void test_the_least_output_is_change_where_two_inputs_are_needed(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    const struct gen_pay in[] = {{1, 3 * (uint64_t)COIN}, {2, 2 * (uint64_t)COIN}};
    const struct gen_pay out[] = {{3, 4 * (uint64_t)COIN}, {4, COIN / 2}};
    const struct sg_cluster_options options = {.change_rules = 1u << SG_CLUSTER_LEAST};
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, in, 2);
    const uint64_t spent[] = {first, first + 1};
    gen_spend(&utxo, spent, 2, out, 2);
    struct sg_clusters c = run(&utxo, &options);
    assert_int_equal(c.n_changes, 1);
    assert_int_equal(sg_cluster_root(&c, gen_owner(&utxo, 4)),
                     sg_cluster_root(&c, gen_owner(&utxo, 1)));
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

/* Least and round name the second output, fresh neither. */
static void test_two_votes_name_change_unless_more_are_asked_for(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    const struct gen_pay in[] = {{1, 3 * (uint64_t)COIN}, {2, 2 * (uint64_t)COIN}};
    const struct gen_pay out[] = {{3, 4 * (uint64_t)COIN}, {4, COIN / 2 + 1}};
    const unsigned rules = 1u << SG_CLUSTER_LEAST | 1u << SG_CLUSTER_ROUND | 1u << SG_CLUSTER_FRESH;
    static const uint64_t named[] = {1, 1, 1, 0}; /* by votes asked for; 0: the default */
    gen_ledger_open(&utxo);
    const uint64_t first = gen_coinbase(&utxo, in, 2);
    gen_spend(&utxo, (const uint64_t[]){first, first + 1}, 2, out, 2);
    for (unsigned votes = 0; votes < 4; votes++) {
        struct sg_clusters c =
            run(&utxo, &(struct sg_cluster_options){.change_rules = rules, .votes = votes});
        assert_int_equal(c.n_changes, named[votes]);
        sg_cluster_clear(&c);
    }
    /* One vote is not enough by default: least and fresh agree on nothing. */
    struct sg_clusters c =
        run(&utxo, &(struct sg_cluster_options){.change_rules = 1u << SG_CLUSTER_LEAST |
                                                                1u << SG_CLUSTER_FRESH});
    assert_int_equal(c.n_changes, 0);
    sg_cluster_clear(&c);
    sg_utxo_close(&utxo);
}

static enum sg_status run_and_drop(const struct sg_utxo *utxo)
{
    const struct sg_cluster_options options = {
        .max = 50, .reasons = true, .change_rules = 1u << SG_CLUSTER_FRESH};
    struct sg_clusters c;
    struct sg_cluster_link *way = NULL;
    size_t n;
    enum sg_status st = sg_cluster_run(&c, utxo, &options, NULL);
    if (st == SG_OK)
        st = sg_cluster_why(&way, &n, &c, c.links[0].a, c.links[0].b, NULL);
    sg_mem_free(way);
    sg_cluster_clear(&c);
    return st;
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    static struct random_ledger r;
    make_random(&r, 1);
    CHECK_OOM_SWEEP(run_and_drop(&r.utxo));
    sg_utxo_close(&r.utxo);
}

/* The pool of 0.05, its fee of the day, and change; the note is what tells it from a payment. */
static void test_a_tx0_of_a_ledger_is_told_by_the_length_of_its_note(void **state)
{
    (void)state;
    struct sg_utxo utxo;
    struct sg_coinjoin found;
    struct sg_err err;
    struct sg_btc_out coins[8];
    gen_ledger_open(&utxo);
    const uint64_t spent = gen_coinbase(&utxo, &(struct gen_pay){1, COIN}, 1);
    const struct gen_pay pays[] = {{0, 0},       {2, 175000},  {3, 5010000},
                                   {4, 5010000}, {5, 5010000}, {6, COIN - 15205000 - 1000}};
    const uint64_t first = gen_spend(&utxo, &spent, 1, pays, SG_COUNT_OF(pays));
    for (size_t i = 0; i < SG_COUNT_OF(pays); i++)
        coins[1 + i] = sg_utxo_coin(&utxo, first + i);
    coins[0] = sg_utxo_coin(&utxo, spent);
    assert_int_equal(coins[1].script_size, GEN_NOTE);
    const struct sg_coinjoin_tx tx = {coins, 1, coins + 1, SG_COUNT_OF(pays)};
    CHECK_OK(sg_coinjoin_judge(&found, &tx, &err), &err);
    assert_int_equal(found.kind, SG_COINJOIN_WHIRLPOOL_TX0);
    assert_false(found.coinjoin);
    sg_utxo_close(&utxo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clusters_are_the_components_of_who_spent_together),
        cmocka_unit_test(test_every_join_has_a_way_of_real_spends),
        cmocka_unit_test(test_strangers_in_a_coinjoin_are_not_joined),
        cmocka_unit_test(test_a_tx0_of_a_ledger_is_told_by_the_length_of_its_note),
        cmocka_unit_test(test_a_join_above_the_bound_is_held_back_and_listed),
        cmocka_unit_test(test_a_join_of_two_whom_labels_tell_apart_is_held_back),
        cmocka_unit_test(test_each_rule_for_change_says_what_it_is_for),
        cmocka_unit_test(test_rules_that_look_at_who_spends_next),
        cmocka_unit_test(test_who_pays_himself_by_his_own_address_names_his_change),
        cmocka_unit_test(test_the_least_output_is_change_where_two_inputs_are_needed),
        cmocka_unit_test(test_two_votes_name_change_unless_more_are_asked_for),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
