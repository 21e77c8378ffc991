/* Goal: the six policies divide money as docs/methods says, to the base unit. Method: the worked
 * examples of those pages; all tiny worlds of three transactions and seeded random worlds against
 * an oracle in which every unit is an object; laws that hold for every policy; what no oracle knows
 * (swaps, the cut-off, seeds by row and by time, other orders) by hand. */
#include "support/check.h"

#include "oracle/taint.h"
#include "support/mem_ledger.h"

#include "analysis/taint/taint.h"
#include "base/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define N_PLACES 5u /* addresses of worlds; the last one is a service */

static const struct sg_addr_id NOBODY = {SG_ID_NONE};

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_taint_seed seeds[8];
    struct sg_taint_entry entries[2];
    struct sg_amount limits[1];
    struct sg_addr_id service;
    struct sg_taint_input input;
    struct sg_arena arena;
    struct sg_taint_result result;
};

static struct sg_addr_id place(uint32_t i)
{
    return (struct sg_addr_id){i};
}

static struct sg_amount amount(uint64_t n)
{
    return sg_amount_from(n);
}

/* Addresses 0 to N_PLACES-1, the last a service. */
static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    for (uint8_t i = 0; i < N_PLACES; i++)
        mem_addr_n(&w->mem, (uint8_t)(i + 1));
    w->service = place(N_PLACES - 1);
    w->input = (struct sg_taint_input){.n_thefts = 1,
                                       .seeds = w->seeds,
                                       .entries = w->entries,
                                       .limits = w->limits,
                                       .services = &w->service,
                                       .n_services = 1,
                                       .until_unix_s = INT64_MAX};
}

static void close_world(struct world *w)
{
    sg_arena_clear(&w->arena);
    mem_clear(&w->mem);
}

static struct sg_tx_id tx(struct world *w, uint64_t block, uint32_t sender, uint64_t fee)
{
    return mem_tx(&w->mem, block, (int64_t)block * 10, place(sender), amount(fee),
                  SG_TX_FEE_KNOWN | SG_TX_HAS_HASH);
}

static uint64_t pays(struct world *w, uint32_t from, uint32_t to, uint64_t units)
{
    return mem_row(&w->mem, from == UINT32_MAX ? NOBODY : place(from), place(to), 0, amount(units),
                   0);
}

static void seed(struct world *w, uint32_t theft, uint32_t addr, uint64_t units, struct sg_tx_id at)
{
    w->seeds[w->input.n_seeds++] = (struct sg_taint_seed){
        .theft = theft, .addr = place(addr), .amount = amount(units), .tx = at};
}

static enum sg_status run_once(struct world *w, struct sg_err *err)
{
    struct sg_taint_cache *cache = NULL;
    sg_arena_clear(&w->arena);
    w->ledger = mem_view(&w->mem, &mem_chain);
    enum sg_status st = sg_taint_cache_new(&cache, &w->ledger, err);
    if (st == SG_OK)
        st = sg_taint_run(&w->result, &w->arena, cache, &w->input, err);
    sg_taint_cache_free(cache);
    return st;
}

static void run(struct world *w, enum sg_policy policy)
{
    struct sg_err err;
    w->input.policy = policy;
    CHECK_OK(run_once(w, &err), &err);
}

static struct sg_amount held(const struct world *w, uint32_t addr, uint32_t theft)
{
    for (size_t i = 0; i < w->result.n_holdings; i++)
        if (w->result.holdings[i].addr.v == addr && w->result.holdings[i].theft == theft &&
            w->result.holdings[i].asset.v == 0)
            return w->result.holdings[i].tainted;
    return SG_AMOUNT_ZERO;
}

static struct sg_amount reached(const struct world *w, uint32_t addr, uint32_t theft)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < w->result.n_moves; i++)
        if (w->result.moves[i].to_service && w->result.moves[i].to.v == addr &&
            w->result.moves[i].theft == theft)
            CHECK(sg_amount_add(&sum, sum, w->result.moves[i].tainted));
    return sum;
}

static struct sg_taint_total total(const struct world *w, uint32_t asset, uint32_t theft)
{
    for (size_t i = 0; i < w->result.n_totals; i++)
        if (w->result.totals[i].asset.v == asset && w->result.totals[i].theft == theft)
            return w->result.totals[i];
    return (struct sg_taint_total){.theft = theft};
}

#define CHECK_UNITS(got, units) CHECK(sg_amount_cmp((got), amount(units)) == 0)

/* The example that every policy page works: docs/methods/taint.md, "One example, six answers". */
static void worked_example(struct world *w)
{
    open_world(w);
    tx(w, 1, 3, 0);
    pays(w, 3, 0, 40); /* clean money first */
    const struct sg_tx_id theft = tx(w, 2, 3, 0);
    pays(w, 3, 1, 1);
    seed(w, 0, 0, 60, theft);
    tx(w, 3, 3, 0);
    pays(w, 3, 0, 20); /* clean money behind */
    tx(w, 4, 0, 5);    /* fee 5, then 50 to address 1 */
    pays(w, 0, 1, 50);
    tx(w, 5, 0, 0);
    pays(w, 0, 4, 30); /* 30 to the service */
    /* The seed went to address 0 beside transaction 2, which does not concern it. */
}

struct expected {
    enum sg_policy policy;
    uint64_t fee, at_1, service, left, excess;
};

static void test_the_worked_example_comes_out_as_documented(void **state)
{
    static const struct expected rows[] = {
        {SG_POLICY_FIFO, 0, 15, 30, 15, 0},    {SG_POLICY_LIFO, 0, 35, 25, 0, 0},
        {SG_POLICY_HAIRCUT, 2, 25, 15, 18, 0}, {SG_POLICY_TIHO, 5, 50, 5, 0, 0},
        {SG_POLICY_LIBR, 0, 0, 25, 35, 0},     {SG_POLICY_POISON, 5, 51, 30, 35, 61},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(rows); i++) {
        struct world w;
        worked_example(&w);
        run(&w, rows[i].policy);
        CHECK_UNITS(total(&w, 0, 0).fees, rows[i].fee);
        CHECK_UNITS(held(&w, 1, 0), rows[i].at_1);
        CHECK_UNITS(reached(&w, 4, 0), rows[i].service);
        CHECK_UNITS(held(&w, 0, 0), rows[i].left);
        CHECK_UNITS(total(&w, 0, 0).excess, rows[i].excess);
        close_world(&w);
    }
}

static void check_against_oracle(struct world *w)
{
    struct oracle_taint slow;
    oracle_taint(&slow, &w->mem, &w->input);
    for (uint32_t t = 0; t < w->input.n_thefts; t++) {
        const struct sg_taint_total sum = total(w, 0, t);
        CHECK_UNITS(sum.stolen, slow.stolen[t]);
        CHECK_UNITS(sum.converted_in, slow.converted_in[t]);
        CHECK_UNITS(sum.fees, slow.fees[t]);
        CHECK_UNITS(reached(w, w->service.v, t), slow.reached[w->service.v][t]);
        /* Clean money that poison makes stolen counts from the moment that an address is followed;
         * so does the oracle's, since it needs stolen money there. */
        CHECK_UNITS(sum.excess, slow.excess[t]);
        for (uint32_t a = 0; a < N_PLACES; a++)
            CHECK_UNITS(held(w, a, t), slow.held[a][t]);
    }
}

static void run_all_against_oracle(struct world *w)
{
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        run(w, (enum sg_policy)p);
        check_against_oracle(w);
    }
}

/* One of 24 transactions between three addresses and the service. */
static void tiny_tx(struct world *w, unsigned which)
{
    static const uint32_t ends[6][2] = {{0, 1}, {1, 0}, {1, 2}, {2, 4}, {0, 4}, {2, 0}};
    const uint32_t *end = ends[which / 4];
    tx(w, w->mem.n_txs, end[0], which & 1);
    pays(w, end[0], end[1], which & 2 ? 3 : 1);
}

static void test_all_tiny_worlds_agree_with_the_oracle(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 24 * 24 * 24; n++) {
        struct world w;
        open_world(&w);
        tx(&w, 0, 3, 0);
        pays(&w, 3, 0, 1);
        const struct sg_tx_id theft = tx(&w, 1, 3, 0); /* no row of it carries the seed */
        pays(&w, 3, 1, 2);
        seed(&w, 0, 0, 4, theft);
        tiny_tx(&w, n % 24);
        tiny_tx(&w, n / 24 % 24);
        tiny_tx(&w, n / 576);
        run_all_against_oracle(&w);
        close_world(&w);
    }
}

/* A world of a few addresses with several rows a transaction, fees, failures, rewards, two or three
 * thefts, an entry with and one without an amount of its own, money that no row explains. */
static void random_world(struct world *w, struct sg_rng *rng)
{
    open_world(w);
    w->input.n_thefts = 1 + (uint32_t)sg_rng_below(rng, ORACLE_THEFTS);
    const size_t n_txs = 3 + sg_rng_below(rng, 25);
    for (size_t i = 0; i < n_txs; i++) {
        const uint32_t sender = (uint32_t)sg_rng_below(rng, N_PLACES);
        tx(w, i / 2, sender, sg_rng_below(rng, 3));
        mem_row(&w->mem, place(sender), NOBODY, 0, amount(0), 0); /* a sender always has a row */
        const size_t n_rows = sg_rng_below(rng, 4);
        for (size_t r = 0; r < n_rows; r++) {
            const uint32_t from = (uint32_t)sg_rng_below(rng, N_PLACES + 1);
            mem_row(&w->mem, from == N_PLACES ? NOBODY : place(from),
                    place((uint32_t)sg_rng_below(rng, N_PLACES)), 0, amount(sg_rng_below(rng, 12)),
                    sg_rng_below(rng, 9) == 0 ? SG_ROW_FAILED : 0);
        }
        /* A seed beside a transaction in which its address got nothing, so that no row carries it.
         */
        if (w->input.n_seeds < 6 && sg_rng_below(rng, 3) == 0) {
            const uint32_t theft = (uint32_t)sg_rng_below(rng, w->input.n_thefts);
            const struct sg_tx_id alone = tx(w, i / 2, 0, 0);
            mem_row(&w->mem, place(0), NOBODY, 0, amount(0), 0);
            seed(w, theft, 0, 1 + sg_rng_below(rng, 20), alone);
        }
    }
    w->input.n_entries = sg_rng_below(rng, 3);
    w->entries[0] = (struct sg_taint_entry){
        .theft = 0, .addr = place(1), .has_amount = true, .amount = amount(sg_rng_below(rng, 9))};
    w->entries[1] = (struct sg_taint_entry){.theft = w->input.n_thefts - 1, .addr = place(2)};
    w->limits[0] = amount(sg_rng_below(rng, 9));
    w->input.n_limits = 1;
    if (sg_rng_below(rng, 4) == 0)
        w->input.until_unix_s = (int64_t)sg_rng_below(rng, 100);
}

static void test_random_worlds_agree_with_the_oracle(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 3000; n++) {
        struct world w;
        random_world(&w, &rng);
        w.input.until_unix_s = INT64_MAX;
        run_all_against_oracle(&w);
        close_world(&w);
    }
}

/* stolen + converted in + excess = reached + held + fees, summed here from the parts. */
static void check_conserved(const struct world *w)
{
    for (uint32_t t = 0; t < w->input.n_thefts; t++) {
        const struct sg_taint_total sum = total(w, 0, t);
        struct sg_amount in = sum.stolen, out = reached(w, w->service.v, t);
        CHECK(sg_amount_add(&in, in, sum.converted_in) && sg_amount_add(&in, in, sum.excess));
        CHECK(sg_amount_add(&out, out, sum.fees) && sg_amount_add(&out, out, sum.dust));
        for (uint32_t a = 0; a < N_PLACES; a++)
            CHECK(sg_amount_add(&out, out, held(w, a, t)));
        CHECK(sg_amount_cmp(in, out) == 0);
        if (w->input.policy != SG_POLICY_POISON)
            CHECK(sg_amount_is_zero(sum.excess));
    }
}

static void test_money_is_conserved_with_a_date_and_a_cut_off(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 1000; n++) {
        struct world w;
        random_world(&w, &rng);
        w.input.has_dust = n % 2;
        w.input.dust = amount(4);
        for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
            run(&w, (enum sg_policy)p);
            check_conserved(&w);
        }
        close_world(&w);
    }
}

/* Payments that never pass what is there, from seeds alone: no clean money anywhere. */
static void test_where_nothing_is_clean_all_six_agree(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 500; n++) {
        struct world w;
        uint64_t balance[N_PLACES] = {0};
        open_world(&w);
        const struct sg_tx_id first = tx(&w, 0, 3, 0);
        pays(&w, 3, 3, 1);
        seed(&w, 0, 0, balance[0] = 100, first);
        for (unsigned i = 1; i < 20; i++) {
            const uint32_t from = (uint32_t)sg_rng_below(&rng, 3);
            const uint32_t to = (uint32_t)sg_rng_below(&rng, N_PLACES);
            if (balance[from] < 2 || to == from)
                continue;
            const uint64_t sum = sg_rng_below(&rng, balance[from]);
            tx(&w, i, from, 1);
            pays(&w, from, to, sum);
            balance[from] -= sum + 1;
            balance[to] += sum;
        }
        for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
            run(&w, (enum sg_policy)p);
            for (uint32_t a = 0; a + 1 < N_PLACES; a++)
                CHECK_UNITS(held(&w, a, 0), balance[a]);
            CHECK_UNITS(reached(&w, w.service.v, 0), balance[N_PLACES - 1]);
            CHECK_UNITS(total(&w, 0, 0).excess, 0);
        }
        close_world(&w);
    }
}

static void test_two_thefts_share_by_largest_remainder(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    w.input.n_thefts = 2;
    const struct sg_tx_id first = tx(&w, 1, 3, 0);
    pays(&w, 3, 3, 1);
    seed(&w, 0, 0, 3, first);
    seed(&w, 1, 0, 4, first);
    tx(&w, 2, 3, 0);
    pays(&w, 3, 0, 3);
    tx(&w, 3, 0, 0);
    pays(&w, 0, 1, 5);
    /* haircut: floor(7 x 5 / 10) = 3 of 5 are stolen; 3 x 3/7 = 1 r 2, 3 x 4/7 = 1 r 5: 1 and 2. */
    run(&w, SG_POLICY_HAIRCUT);
    CHECK_UNITS(held(&w, 1, 0), 1);
    CHECK_UNITS(held(&w, 1, 1), 2);
    close_world(&w);
}

static void test_a_row_of_its_transaction_carries_the_seed(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_tx_id theft = tx(&w, 1, 3, 0);
    const uint64_t row = pays(&w, 3, 0, 7);
    seed(&w, 0, 0, 10, theft); /* the row shows 7 of 10 */
    run(&w, SG_POLICY_FIFO);
    assert_int_equal(w.result.n_moves, 2);
    assert_int_equal(w.result.moves[0].row, row);
    CHECK(w.result.moves[0].is_seed);
    CHECK_UNITS(w.result.moves[0].tainted, 7);
    assert_int_equal(w.result.moves[1].kind, SG_MOVE_SEED);
    CHECK_UNITS(w.result.moves[1].tainted, 3);
    CHECK_UNITS(held(&w, 0, 0), 10);
    CHECK_UNITS(w.result.holdings[0].balance, 10); /* not 17: the row is the seed */
    close_world(&w);
}

static void test_a_seed_by_time_enters_before_what_came_at_or_after_it(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    tx(&w, 1, 0, 0);
    pays(&w, 0, 1, 2); /* at 10, before the theft: unexplained and clean */
    tx(&w, 2, 0, 0);
    pays(&w, 0, 2, 3); /* at 20, in the second of the theft */
    seed(&w, 0, 0, 5, (struct sg_tx_id){SG_TX_ID_NONE});
    w.seeds[0].time_unix_s = 20;
    run(&w, SG_POLICY_FIFO);
    CHECK_UNITS(held(&w, 1, 0), 0);
    CHECK_UNITS(held(&w, 2, 0), 3);
    CHECK_UNITS(held(&w, 0, 0), 2);
    w.seeds[0].time_unix_s = 21; /* behind all rows */
    run(&w, SG_POLICY_FIFO);
    CHECK_UNITS(held(&w, 2, 0), 0);
    CHECK_UNITS(held(&w, 0, 0), 5);
    close_world(&w);
}

static void test_money_that_a_conversion_took_at_once_never_enters(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_tx_id theft = tx(&w, 1, 3, 0);
    pays(&w, 3, 3, 1);
    seed(&w, 0, 0, 10, theft);
    w.seeds[0].gone = amount(4);
    run(&w, SG_POLICY_HAIRCUT);
    CHECK_UNITS(total(&w, 0, 0).stolen, 10);
    CHECK_UNITS(total(&w, 0, 0).converted_out, 4);
    CHECK_UNITS(held(&w, 0, 0), 6);
    close_world(&w);
}

static void test_outflow_above_the_balance_is_clean_unless_declared(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_tx_id theft = tx(&w, 1, 3, 0);
    pays(&w, 3, 3, 1);
    seed(&w, 0, 0, 10, theft);
    const struct sg_tx_id spends = tx(&w, 2, 0, 0);
    pays(&w, 0, 1, 25);
    run(&w, SG_POLICY_LIFO);
    CHECK_UNITS(held(&w, 1, 0), 10);
    assert_int_equal(w.result.n_inflows, 1);
    CHECK_UNITS(w.result.inflows[0].amount, 15);
    CHECK_UNITS(w.result.inflows[0].tainted, 0);
    assert_int_equal(w.result.inflows[0].tx.v, spends.v);
    w.entries[0] =
        (struct sg_taint_entry){.addr = place(0), .has_amount = true, .amount = amount(12)};
    w.input.n_entries = 1;
    run(&w, SG_POLICY_LIFO);
    CHECK_UNITS(held(&w, 1, 0), 22);
    CHECK_UNITS(w.result.inflows[0].tainted, 12);
    CHECK_UNITS(total(&w, 0, 0).converted_in, 12);
    close_world(&w);
}

/* Half of 8 native units is stolen; they are swapped for 10 tokens in one transaction. */
static void swap_world(struct world *w)
{
    open_world(w);
    mem_tokens(&w->mem, 2, 6);
    tx(w, 1, 3, 0);
    pays(w, 3, 0, 4);
    const struct sg_tx_id theft = tx(w, 2, 3, 0);
    pays(w, 3, 3, 1);
    seed(w, 0, 0, 4, theft);
    tx(w, 3, 0, 0);
    pays(w, 0, 2, 8);
    mem_row(&w->mem, place(2), place(0), 1, amount(7), 0);
    mem_row(&w->mem, place(2), place(0), 1, amount(3), 0);
}

static void test_a_swap_carries_stolen_money_across_in_proportion(void **state)
{
    (void)state;
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        struct world w;
        swap_world(&w);
        run(&w, (enum sg_policy)p);
        const bool all = p == SG_POLICY_POISON;
        assert_int_equal(w.result.n_swaps, 1);
        CHECK_UNITS(w.result.swaps[0].tainted_out, all ? 8 : 4);
        CHECK_UNITS(w.result.swaps[0].tainted_in, all ? 10 : 5);
        CHECK_UNITS(total(&w, 0, 0).converted_out, all ? 8 : 4);
        CHECK_UNITS(total(&w, 1, 0).converted_in, all ? 10 : 5);
        CHECK_UNITS(held(&w, 2, 0), 0); /* who sold the tokens got clean money */
        CHECK_UNITS(w.result.holdings[0].tainted, all ? 10 : 5);
        close_world(&w);
    }
}

static void test_what_also_gives_or_gets_a_third_asset_is_no_swap(void **state)
{
    struct world w;
    (void)state;
    swap_world(&w);
    mem_row(&w.mem, place(2), place(0), 2, amount(1), 0);
    run(&w, SG_POLICY_HAIRCUT);
    assert_int_equal(w.result.n_swaps, 0);
    CHECK_UNITS(held(&w, 2, 0), 4);
    close_world(&w);
}

static void test_a_row_below_the_cut_off_is_not_followed_but_counted(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_tx_id theft = tx(&w, 1, 3, 0);
    pays(&w, 3, 3, 1);
    seed(&w, 0, 0, 100, theft);
    tx(&w, 2, 0, 0);
    pays(&w, 0, 1, 9);
    pays(&w, 0, 4, 9); /* to a service: kept, however small */
    pays(&w, 0, 2, 10);
    w.input.has_dust = true;
    w.input.dust = amount(10);
    run(&w, SG_POLICY_FIFO);
    CHECK_UNITS(held(&w, 1, 0), 0);
    CHECK_UNITS(reached(&w, 4, 0), 9);
    CHECK_UNITS(held(&w, 2, 0), 10);
    CHECK_UNITS(total(&w, 0, 0).dust, 9);
    close_world(&w);
}

static void test_an_address_is_read_only_once_it_is_tainted(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (uint64_t i = 0; i < 50; i++) { /* a busy address that taint never reaches */
        tx(&w, i, 2, 0);
        pays(&w, 2, 3, 1);
    }
    const struct sg_tx_id theft = tx(&w, 60, 0, 0);
    pays(&w, 0, 1, 0);
    seed(&w, 0, 0, 10, theft);
    tx(&w, 61, 0, 0);
    pays(&w, 0, 1, 5);
    run(&w, SG_POLICY_FIFO);
    assert_int_equal(w.result.rows_replayed, 3); /* two of 0, and one as the past of 1 */
    assert_int_equal(w.mem.asked, 2);
    assert_int_equal(w.result.n_followed, 2);
    close_world(&w);
}

/* Two transactions in one block without a known order: 0 pays 1, 1 pays 2. */
static void order_world(struct world *w, uint64_t clean_of_1)
{
    const uint8_t unknown = SG_TX_FEE_KNOWN | SG_TX_ORDER_UNKNOWN;
    open_world(w);
    tx(w, 1, 3, 0);
    pays(w, 3, 1, clean_of_1);
    const struct sg_tx_id theft = tx(w, 2, 3, 0);
    pays(w, 3, 3, 1);
    seed(w, 0, 0, 10, theft);
    mem_tx(&w->mem, 3, 30, place(0), SG_AMOUNT_ZERO, unknown);
    pays(w, 0, 1, 10);
    mem_tx(&w->mem, 3, 30, place(1), SG_AMOUNT_ZERO, unknown);
    pays(w, 1, 2, 10);
}

static void test_another_order_changes_figures_only_where_it_is_possible(void **state)
{
    struct world w;
    const struct sg_addr_id watch[] = {place(0), place(1), place(2)};
    (void)state;
    order_world(&w, 10);
    run(&w, SG_POLICY_LIFO);
    CHECK_UNITS(held(&w, 2, 0), 10);
    w.input.watch = watch;
    w.input.n_watch = 3;
    w.input.order = SG_ORDER_REVERSE;
    run(&w, SG_POLICY_LIFO); /* 1 pays its clean ten first */
    CHECK_UNITS(held(&w, 2, 0), 0);
    CHECK_UNITS(held(&w, 1, 0), 10);
    assert_int_equal(w.result.unordered_blocks, 1);
    assert_int_equal(w.result.unordered_blocks_kept, 0);
    close_world(&w);
    order_world(&w, 4); /* now 1 cannot pay before it was paid */
    w.input.watch = watch;
    w.input.n_watch = 3;
    w.input.order = SG_ORDER_REVERSE;
    run(&w, SG_POLICY_LIFO);
    CHECK_UNITS(held(&w, 2, 0), 10);
    assert_int_equal(w.result.unordered_blocks_kept, 1);
    close_world(&w);
}

static void test_funders_divide_what_came_in_in_proportion(void **state)
{
    struct world w;
    struct sg_taint_cache *cache = NULL;
    const struct sg_funder *funders = NULL;
    struct sg_amount explained;
    struct sg_err err;
    size_t n = 0;
    (void)state;
    open_world(&w);
    tx(&w, 1, 3, 0);
    pays(&w, 3, 1, 30);
    tx(&w, 2, 3, 0);
    pays(&w, 4, 1, 10); /* the service */
    tx(&w, 3, 1, 0);
    pays(&w, 1, 0, 8);
    tx(&w, 4, 2, 0);
    pays(&w, 2, 0, 2);
    tx(&w, 5, 3, 0);
    const uint64_t theft = pays(&w, 3, 0, 99);
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OK(sg_taint_cache_new(&cache, &w.ledger, &err), &err);
    const struct sg_funders_input input = {.addr = place(0),
                                           .before_row = theft,
                                           .until_unix_s = INT64_MAX,
                                           .services = &w.service,
                                           .n_services = 1,
                                           .hops_max = 16};
    CHECK_OK(sg_taint_funders(&funders, &n, &explained, &w.arena, cache, &input, &err), &err);
    CHECK_UNITS(explained, 10);
    assert_int_equal(n, 4);
    CHECK_UNITS(funders[0].share, 2); /* 2, behind whom nothing is known */
    CHECK(funders[0].end == SG_FUNDER_UNSEEN);
    CHECK_UNITS(funders[1].share, 8); /* 1, hop 1 */
    CHECK(funders[1].end == SG_FUNDER_GOES_ON);
    CHECK_UNITS(funders[2].share, 2); /* of 8: 10 of 40 came from the service */
    CHECK(funders[2].end == SG_FUNDER_SERVICE);
    assert_int_equal(funders[2].hop, 2);
    CHECK_UNITS(funders[3].share, 6);
    sg_taint_cache_free(cache);
    close_world(&w);
}

static void test_what_a_funder_paid_above_his_receipts_came_in_unseen(void **state)
{
    struct world w;
    struct sg_taint_cache *cache = NULL;
    const struct sg_funder *funders = NULL;
    struct sg_amount explained;
    struct sg_err err;
    size_t n = 0;
    (void)state;
    open_world(&w);
    tx(&w, 1, 3, 0);
    pays(&w, 4, 1, 10); /* the service */
    tx(&w, 2, 1, 0);
    pays(&w, 1, 2, 30); /* 20 more than 1 had */
    tx(&w, 3, 3, 0);
    pays(&w, 3, 1, 30);
    tx(&w, 4, 1, 0);
    pays(&w, 1, 0, 12);
    tx(&w, 5, 0, 0);
    pays(&w, 0, 1, 5);
    tx(&w, 6, 1, 0);
    pays(&w, 1, 0, 3); /* 5 of 65 are the address's own */
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OK(sg_taint_cache_new(&cache, &w.ledger, &err), &err);
    const struct sg_funders_input input = {.addr = place(0),
                                           .before_row = UINT64_MAX,
                                           .until_unix_s = INT64_MAX,
                                           .services = &w.service,
                                           .n_services = 1,
                                           .hops_max = 16};
    CHECK_OK(sg_taint_funders(&funders, &n, &explained, &w.arena, cache, &input, &err), &err);
    CHECK_UNITS(explained, 15);
    assert_int_equal(n, 5); /* its own 5 of 65 of 3 is nothing yet */
    CHECK_UNITS(funders[0].share, 3);
    CHECK_UNITS(funders[1].share, 12);
    CHECK_UNITS(funders[2].share, 7); /* 15 x 30 / 60, rounded down */
    CHECK(funders[2].end == SG_FUNDER_UNSEEN);
    CHECK_UNITS(funders[3].share, 5); /* 8 x 20 / 30 */
    CHECK(funders[3].end == SG_FUNDER_UNSEEN && funders[3].from.v == SG_ID_NONE);
    assert_int_equal(funders[3].hop, 1);
    CHECK_UNITS(funders[4].share, 3);
    CHECK(funders[4].end == SG_FUNDER_SERVICE);
    sg_taint_cache_free(cache);
    close_world(&w);
}

/* A run that keeps nothing. */
static enum sg_status run_swept(struct world *w, struct sg_err *err)
{
    const enum sg_status st = run_once(w, err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    swap_world(&w);
    mem_view(&w.mem, &mem_chain);
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
        cmocka_unit_test(test_all_tiny_worlds_agree_with_the_oracle),
        cmocka_unit_test(test_random_worlds_agree_with_the_oracle),
        cmocka_unit_test(test_money_is_conserved_with_a_date_and_a_cut_off),
        cmocka_unit_test(test_where_nothing_is_clean_all_six_agree),
        cmocka_unit_test(test_two_thefts_share_by_largest_remainder),
        cmocka_unit_test(test_a_row_of_its_transaction_carries_the_seed),
        cmocka_unit_test(test_a_seed_by_time_enters_before_what_came_at_or_after_it),
        cmocka_unit_test(test_money_that_a_conversion_took_at_once_never_enters),
        cmocka_unit_test(test_outflow_above_the_balance_is_clean_unless_declared),
        cmocka_unit_test(test_a_swap_carries_stolen_money_across_in_proportion),
        cmocka_unit_test(test_what_also_gives_or_gets_a_third_asset_is_no_swap),
        cmocka_unit_test(test_a_row_below_the_cut_off_is_not_followed_but_counted),
        cmocka_unit_test(test_an_address_is_read_only_once_it_is_tainted),
        cmocka_unit_test(test_another_order_changes_figures_only_where_it_is_possible),
        cmocka_unit_test(test_funders_divide_what_came_in_in_proportion),
        cmocka_unit_test(test_what_a_funder_paid_above_his_receipts_came_in_unseen),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
