/* Taint on outputs: each policy says what its page says, and agrees to the satoshi with an oracle
 * in which every satoshi is an object. Method: the worked examples, every small transaction, and
 * random ledgers with services, CoinJoins, missing outputs, cut-offs and fees that go to the miner.
 */
#include "oracle/utxotaint.h"
#include "support/check.h"
#include "support/utxo_gen.h"

#include "base/mem.h"
#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

#define SUBSIDY 50
#define OWNERS  6
#define BLOCKS  8
#define SERVICE 6u
#define ROUNDS  400

static const struct sg_btc_params small_network = {
    .name = "bitcoin-regtest", .halving = 150, .subsidy_sat = SUBSIDY, .sha256d_work = true};

struct world {
    struct sg_utxo utxo;
    struct sg_utxotaint_seed seeds[16];
    struct sg_utxotaint_input input;
    struct sg_arena arena;
    uint64_t stop_from; /* every seventh transaction from this one on is where tracing stops */
};

static enum sg_status stop_at_owner(void *ctx, bool *stops, uint32_t owner, struct sg_err *err)
{
    const struct world *w = ctx;
    (void)err;
    *stops = owner == gen_owner(&w->utxo, SERVICE);
    return SG_OK;
}

static enum sg_status stop_at_tx(void *ctx, bool *stops, uint64_t tx, struct sg_err *err)
{
    const struct world *w = ctx;
    (void)err;
    *stops = tx >= w->stop_from && tx % 7 == 0;
    return SG_OK;
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    gen_ledger_open_as(&w->utxo, &small_network);
    w->input = (struct sg_utxotaint_input){
        .n_thefts = 1, .seeds = w->seeds, .n_blocks = SIZE_MAX, .stops = {.ctx = w}};
}

static void close_world(struct world *w)
{
    sg_utxo_close(&w->utxo);
    sg_arena_clear(&w->arena);
}

static void steal(struct world *w, uint64_t out, uint64_t sat, uint32_t theft)
{
    w->seeds[w->input.n_seeds++] = (struct sg_utxotaint_seed){out, sat, theft};
}

static struct sg_utxotaint_result run(struct world *w)
{
    struct sg_utxotaint_result result;
    struct sg_err err;
    memset(&result, 0xa5, sizeof(result));
    CHECK_OK(sg_utxotaint_run(&result, &w->arena, &w->utxo, &w->input, &err), &err);
    return result;
}

/* Stolen money of an output that was paid in a move, or began there. */
static uint64_t arrived(const struct sg_utxotaint_result *r, uint64_t out)
{
    uint64_t sat = 0;
    for (size_t i = 0; i < r->n_moves; i++)
        if (r->moves[i].out == out && r->moves[i].kind != SG_UTXOTAINT_STOP)
            sat += r->moves[i].sat;
    return sat;
}

/* A holds 40 clean, 60 stolen, 20 clean, and pays 50 to B, 30 to a service, 35 back, a fee of 5. */
static uint64_t worked_example(struct world *w)
{
    const struct gen_pay a[] = {{1, 40}, {1, 60 - SUBSIDY}, {1, 0}};
    const struct gen_pay none[] = {{1, 0}};
    open_world(w);
    /* The subsidy is 50: three blocks bring 40, 60 by joining, and 20. */
    const uint64_t first = gen_coinbase(&w->utxo, a, 2),
                   second = gen_coinbase(&w->utxo, (struct gen_pay[]){{1, 50}}, 1);
    const uint64_t third = gen_coinbase(&w->utxo, (struct gen_pay[]){{1, 20}}, 1);
    const uint64_t joined[] = {first + 1, second};
    const uint64_t sixty = gen_spend(&w->utxo, joined, 2, (struct gen_pay[]){{1, 60}}, 1);
    const uint64_t spent[] = {first, sixty, third};
    steal(w, sixty, 60, 0);
    const struct gen_part tx = {spent, 3, (struct gen_pay[]){{2, 50}, {SERVICE, 30}, {1, 35}}, 3};
    return gen_block(&w->utxo, none, 1, &tx, 1) + 1;
}

struct expected {
    enum sg_policy policy;
    enum sg_utxotaint_tiho tiho;
    uint64_t b, service, back, fee, excess;
};

static void test_the_worked_example_comes_out_as_documented(void **state)
{
    static const struct expected all[] = {
        {SG_POLICY_FIFO, SG_UTXOTAINT_TIHO_LAST, 10, 30, 20, 0, 0},
        {SG_POLICY_LIFO, SG_UTXOTAINT_TIHO_LAST, 30, 30, 0, 0, 0},
        {SG_POLICY_HAIRCUT, SG_UTXOTAINT_TIHO_LAST, 25, 15, 18, 2, 0},
        {SG_POLICY_TIHO, SG_UTXOTAINT_TIHO_LAST, 50, 0, 10, 0, 0},
        {SG_POLICY_TIHO, SG_UTXOTAINT_TIHO_SHARE, 50, 0, 8, 2, 0},
        {SG_POLICY_LIBR, SG_UTXOTAINT_TIHO_LAST, 0, 25, 35, 0, 0},
        {SG_POLICY_POISON, SG_UTXOTAINT_TIHO_LAST, 50, 30, 35, 5, 60},
    };
    struct world w;
    (void)state;
    const uint64_t out = worked_example(&w);
    w.input.stops.owner = stop_at_owner;
    for (size_t i = 0; i < SG_COUNT_OF(all); i++) {
        w.input.policy = all[i].policy;
        w.input.tiho = all[i].tiho;
        const struct sg_utxotaint_result r = run(&w);
        assert_int_equal(r.totals[0].stolen, 60);
        assert_int_equal(arrived(&r, out), all[i].b);
        assert_int_equal(r.totals[0].destinations, all[i].service);
        assert_int_equal(arrived(&r, out + 2), all[i].back);
        assert_int_equal(r.totals[0].fees, all[i].fee);
        assert_int_equal(r.totals[0].excess, all[i].excess);
        assert_int_equal(r.totals[0].holdings, all[i].b + all[i].back);
    }
    close_world(&w);
}

/* The block's fee of 5 holds 2 stolen satoshis; the coinbase pays 40 and 15 of 50 + 5. */
static void test_a_fee_goes_to_the_miner_behind_the_subsidy(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 50}}, 1);
    const struct gen_part tx = {&coin, 1, (struct gen_pay[]){{2, 45}}, 1};
    const struct gen_pay miner[] = {{3, 40}, {4, 15}};
    const uint64_t paid = gen_block(&w.utxo, miner, 2, &tx, 1);
    steal(&w, coin, 20, 0);
    w.input.policy = SG_POLICY_HAIRCUT;
    assert_int_equal(run(&w).totals[0].fees, 2);
    w.input.fees = SG_UTXOTAINT_FEES_MINER;
    struct sg_utxotaint_result r = run(&w);
    assert_int_equal(r.totals[0].fees, 0);
    assert_int_equal(arrived(&r, paid), 1);
    assert_int_equal(arrived(&r, paid + 1), 1);
    w.input.policy = SG_POLICY_LIFO; /* the last satoshis are paid first: the fee gets the stolen */
    r = run(&w);
    assert_int_equal(arrived(&r, paid) + arrived(&r, paid + 1), 5);
    w.input.policy = SG_POLICY_FIFO;
    r = run(&w);
    assert_int_equal(arrived(&r, paid) + arrived(&r, paid + 1), 0);
    close_world(&w);
}

static void test_thefts_share_by_largest_remainder(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 10}}, 1);
    const uint64_t out = gen_spend(&w.utxo, &coin, 1, (struct gen_pay[]){{2, 5}, {3, 5}}, 2);
    steal(&w, coin, 3, 0);
    steal(&w, coin, 4, 1);
    w.input.n_thefts = 2;
    w.input.policy = SG_POLICY_HAIRCUT;
    /* 7 of 10 over 5 and 5: 3.5 each, so 4 and 3. Of the first 4: 12/7 and 16/7, so 2 and 2. */
    const struct sg_utxotaint_result r = run(&w);
    assert_int_equal(arrived(&r, out), 4);
    assert_int_equal(arrived(&r, out + 1), 3);
    assert_int_equal(r.n_holdings, 4);
    assert_int_equal(r.holdings[0].sat, 2);
    assert_int_equal(r.holdings[1].sat, 2);
    assert_int_equal(r.holdings[2].sat, 1);
    assert_int_equal(r.holdings[3].sat, 2);
    close_world(&w);
}

static void test_what_arrives_stolen_is_not_stolen_twice(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 50}}, 1);
    const uint64_t out = gen_spend(&w.utxo, &coin, 1, (struct gen_pay[]){{2, 50}}, 1);
    steal(&w, coin, 20, 0);
    steal(&w, out, 30, 0);
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        w.input.policy = (enum sg_policy)p;
        const struct sg_utxotaint_result r = run(&w);
        assert_int_equal(r.totals[0].stolen, p == SG_POLICY_POISON ? 20 : 30);
        assert_int_equal(r.totals[0].holdings, p == SG_POLICY_POISON ? 50 : 30);
    }
    close_world(&w);
}

static void test_seeds_beyond_an_output_are_refused(void **state)
{
    struct world w;
    struct sg_utxotaint_result r;
    struct sg_err err;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 10}}, 1);
    steal(&w, coin, 6, 0);
    steal(&w, coin, 5, 0);
    assert_int_equal(sg_utxotaint_run(&r, &w.arena, &w.utxo, &w.input, &err), SG_EUSAGE);
    close_world(&w);
}

static void compare(struct world *w)
{
    static struct oracle_utxo o;
    static uint64_t held[ORACLE_COINS][ORACLE_ROBS], reached[ORACLE_COINS][ORACLE_ROBS];
    const struct sg_utxotaint_result r = run(w);
    oracle_utxo(&o, &w->utxo, &w->input);
    memset(held, 0, sizeof(held));
    memset(reached, 0, sizeof(reached));
    for (size_t i = 0; i < r.n_holdings; i++)
        held[r.holdings[i].out][r.holdings[i].theft] = r.holdings[i].sat;
    for (size_t i = 0; i < r.n_moves; i++)
        if (r.moves[i].to_service)
            reached[r.moves[i].out][r.moves[i].theft] += r.moves[i].sat;
    assert_memory_equal(held, o.held, sizeof(held));
    assert_memory_equal(reached, o.reached, sizeof(reached));
    for (uint32_t t = 0; t < w->input.n_thefts; t++) {
        assert_int_equal(r.totals[t].stolen, o.stolen[t]);
        assert_int_equal(r.totals[t].stopped, o.stopped[t]);
        assert_int_equal(r.totals[t].fees, o.fees[t]);
        assert_int_equal(r.totals[t].excess, o.excess[t]);
        assert_int_equal(r.totals[t].dust, o.dust[t]);
    }
}

static void compare_all(struct world *w)
{
    for (size_t p = 0; p < SG_POLICY_COUNT; p++)
        for (unsigned how = 0; how < (p == SG_POLICY_TIHO ? 4u : 2u); how++) {
            w->input.policy = (enum sg_policy)p;
            w->input.fees = how & 1 ? SG_UTXOTAINT_FEES_MINER : SG_UTXOTAINT_FEES_UNTRACED;
            w->input.tiho = how & 2 ? SG_UTXOTAINT_TIHO_SHARE : SG_UTXOTAINT_TIHO_LAST;
            compare(w);
        }
}

/* Outputs that nobody has spent yet. */
struct purse {
    uint64_t outs[ORACLE_COINS], sats[ORACLE_COINS];
    size_t n;
};

static uint64_t draw(struct purse *p, struct sg_rng *rng, uint64_t *sat)
{
    const size_t at = sg_rng_below(rng, p->n);
    const uint64_t out = p->outs[at];
    *sat += p->sats[at];
    p->n--;
    p->outs[at] = p->outs[p->n];
    p->sats[at] = p->sats[p->n];
    return out;
}

static uint64_t split(struct gen_pay *pays, size_t n, uint64_t sat, struct sg_rng *rng)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t part = sg_rng_below(rng, sat + 1);
        pays[i] = (struct gen_pay){1 + (uint32_t)sg_rng_below(rng, OWNERS), part};
        sat -= part;
    }
    return sat;
}

static void random_block(struct world *w, struct purse *purse, struct sg_rng *rng)
{
    struct gen_pay pays[4][3], miner[2];
    uint64_t spent[4][3], next = sg_utxo_n(&w->utxo, SG_UTXO_OUT_SAT), fees = 0;
    struct gen_part txs[4];
    const size_t n_miner = 1 + sg_rng_below(rng, 2), n_txs = sg_rng_below(rng, 4);
    bool known = true;
    size_t first_own = next;
    next += n_miner;
    for (size_t t = 0; t < n_txs; t++) {
        uint64_t sat = 0;
        size_t n_in = 0;
        const size_t n_out = 1 + sg_rng_below(rng, 3), want = 1 + sg_rng_below(rng, 3);
        while (n_in < want && purse->n)
            spent[t][n_in++] = draw(purse, rng, &sat);
        if (n_in && sg_rng_below(rng, 16) == 0) {
            spent[t][n_in > 2 ? 2 : n_in++] = SG_UTXO_NONE;
            known = false;
        }
        if (!n_in)
            spent[t][n_in++] = SG_UTXO_NONE;
        known = known && spent[t][n_in - 1] != SG_UTXO_NONE;
        fees += split(pays[t], n_out, sat, rng);
        txs[t] = (struct gen_part){spent[t], n_in, pays[t], n_out};
        for (size_t i = 0; i < n_out && purse->n + 1 < ORACLE_COINS; i++) {
            purse->outs[purse->n] = next + i;
            purse->sats[purse->n++] = pays[t][i].sat;
        }
        next += n_out;
    }
    (void)split(miner, n_miner, SUBSIDY + (known ? fees : 0), rng);
    gen_block(&w->utxo, miner, n_miner, txs, n_txs);
    for (size_t i = 0; i < n_miner; i++) {
        purse->outs[purse->n] = first_own + i;
        purse->sats[purse->n++] = miner[i].sat;
    }
}

static int by_out(const void *a, const void *b)
{
    const struct sg_utxotaint_seed *x = a, *y = b;
    return (x->out > y->out) - (x->out < y->out);
}

static void random_world(struct world *w, uint64_t seed)
{
    struct sg_rng rng;
    struct purse purse = {.n = 0};
    open_world(w);
    sg_rng_init(&rng, seed);
    for (size_t b = 0; b < BLOCKS; b++)
        random_block(w, &purse, &rng);
    w->input.n_thefts = 1 + (uint32_t)sg_rng_below(&rng, ORACLE_ROBS);
    const uint64_t n_outs = sg_utxo_n(&w->utxo, SG_UTXO_OUT_SAT);
    uint64_t last = UINT64_MAX;
    for (size_t i = 0; i < 5; i++) {
        const uint64_t out = sg_rng_below(&rng, 1 + n_outs * 3 / 4);
        const uint64_t value = sg_utxo_out_sat(&w->utxo)[out];
        if (value && out != last)
            steal(w, out, value - sg_rng_below(&rng, value),
                  (uint32_t)sg_rng_below(&rng, w->input.n_thefts));
        last = out;
    }
    qsort(w->seeds, w->input.n_seeds, sizeof(*w->seeds), by_out);
    for (size_t i = 1; i < w->input.n_seeds; i++)
        if (w->seeds[i].out == w->seeds[i - 1].out)
            w->seeds[i].sat = w->seeds[i - 1].sat =
                (sg_utxo_out_sat(&w->utxo)[w->seeds[i].out] + 2) / 4;
    if (sg_rng_below(&rng, 2))
        w->input.stops.owner = stop_at_owner;
    if (sg_rng_below(&rng, 2))
        w->input.stops.tx = stop_at_tx;
    if (sg_rng_below(&rng, 3) == 0)
        w->input.dust_sat = 1 + sg_rng_below(&rng, 6);
}

static bool seeds_fit(const struct world *w)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < w->input.n_seeds; i++) {
        sum = i && w->seeds[i].out == w->seeds[i - 1].out ? sum + w->seeds[i].sat : w->seeds[i].sat;
        if (sum > sg_utxo_out_sat(&w->utxo)[w->seeds[i].out] || !w->seeds[i].sat)
            return false;
    }
    return true;
}

static void test_random_ledgers_agree_with_the_oracle(void **state)
{
    static struct world w;
    const uint64_t seed = sg_test_seed();
    size_t compared = 0;
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        random_world(&w, seed + round);
        if (seeds_fit(&w)) {
            compare_all(&w);
            w.input.n_blocks = BLOCKS / 2;
            compare_all(&w);
            compared++;
        }
        close_world(&w);
    }
    assert_true(compared > ROUNDS / 2);
}

/* Two inputs of up to 4 satoshis, of which any part is stolen by one of two thieves, and two
 * outputs and a fee: every such transaction. */
static void test_every_small_transaction_agrees_with_the_oracle(void **state)
{
    static struct world w;
    (void)state;
    for (uint64_t a = 1; a <= 3; a++)
        for (uint64_t b = 1; b <= 4; b++)
            for (uint64_t x = 0; x <= a + b; x++)
                for (uint64_t y = 0; x + y <= a + b; y++) {
                    open_world(&w);
                    w.input.n_thefts = 2;
                    const uint64_t coin =
                        gen_coinbase(&w.utxo, (struct gen_pay[]){{1, a}, {2, b}}, 2);
                    const uint64_t spent[] = {coin, coin + 1};
                    const struct gen_part tx = {spent, 2, (struct gen_pay[]){{2, x}, {3, y}}, 2};
                    gen_block(&w.utxo, (struct gen_pay[]){{4, 40}, {5, 10 + a + b - x - y}}, 2, &tx,
                              1);
                    for (uint64_t s = 0; s <= a; s++)
                        for (uint64_t t = 0; t <= b; t++) {
                            w.input.n_seeds = 0;
                            if (s)
                                steal(&w, coin, s, 0);
                            if (t)
                                steal(&w, coin + 1, t, 1);
                            compare_all(&w);
                        }
                    close_world(&w);
                }
}

/* Where all that is spent is stolen, policies cannot differ. */
static void test_policies_agree_where_nothing_is_clean(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 30}, {2, 20}}, 2);
    const uint64_t spent[] = {coin, coin + 1};
    const uint64_t out =
        gen_spend(&w.utxo, spent, 2, (struct gen_pay[]){{2, 7}, {3, 31}, {SERVICE, 9}}, 3);
    steal(&w, coin, 30, 0);
    steal(&w, coin + 1, 20, 0);
    w.input.stops.owner = stop_at_owner;
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        w.input.policy = (enum sg_policy)p;
        const struct sg_utxotaint_result r = run(&w);
        assert_int_equal(arrived(&r, out), 7);
        assert_int_equal(arrived(&r, out + 1), 31);
        assert_int_equal(r.totals[0].destinations, 9);
        assert_int_equal(r.totals[0].fees, 3);
        assert_int_equal(r.totals[0].excess, 0);
    }
    close_world(&w);
}

/* What stolen money does not touch is not gone through, however long the chain is. */
static void test_cost_follows_stolen_outputs(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t coin = gen_coinbase(&w.utxo, (struct gen_pay[]){{1, 25}, {2, 25}}, 2);
    uint64_t clean = coin + 1, out = coin;
    for (size_t i = 0; i < 300; i++)
        clean = gen_spend(&w.utxo, &clean, 1, (struct gen_pay[]){{2, 25}}, 1);
    for (size_t i = 0; i < 3; i++)
        out = gen_spend(&w.utxo, &out, 1, (struct gen_pay[]){{1, 25}}, 1);
    steal(&w, coin, 25, 0);
    const struct sg_utxotaint_result r = run(&w);
    assert_int_equal(r.n_txs, 4);
    assert_int_equal(r.n_outs, 4);
    assert_int_equal(r.holdings[0].out, out);
    close_world(&w);
}

static enum sg_status run_swept(struct world *w, struct sg_err *err)
{
    struct sg_utxotaint_result r;
    const enum sg_status st = sg_utxotaint_run(&r, &w->arena, &w->utxo, &w->input, err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_it_survives_every_refused_allocation(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    (void)worked_example(&w);
    w.input.fees = SG_UTXOTAINT_FEES_MINER;
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        w.input.policy = (enum sg_policy)p;
        CHECK_OOM_SWEEP(run_swept(&w, &err));
    }
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worked_example_comes_out_as_documented),
        cmocka_unit_test(test_a_fee_goes_to_the_miner_behind_the_subsidy),
        cmocka_unit_test(test_thefts_share_by_largest_remainder),
        cmocka_unit_test(test_what_arrives_stolen_is_not_stolen_twice),
        cmocka_unit_test(test_seeds_beyond_an_output_are_refused),
        cmocka_unit_test(test_random_ledgers_agree_with_the_oracle),
        cmocka_unit_test(test_every_small_transaction_agrees_with_the_oracle),
        cmocka_unit_test(test_policies_agree_where_nothing_is_clean),
        cmocka_unit_test(test_cost_follows_stolen_outputs),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
