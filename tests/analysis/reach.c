/* Goal: both routes find whom money can have reached, and when first. Method: the example of
 * docs/methods/reach.md, and random worlds against a plain loop over the rows. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "oracle/reach.h"

#include "base/rng.h"

#include <string.h>

#define ADDRS 24

static const enum sg_reach_route routes[] = {SG_REACH_AUTO, SG_REACH_SCAN, SG_REACH_FRONTIER};

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_addr_id sources[3], stops[3];
    struct sg_reach_options options;
    struct sg_reach reach;
    struct sg_err err;
};

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    mem_tokens(&w->mem, 2, 6);
    for (uint8_t i = 0; i < ADDRS; i++)
        (void)mem_addr_n(&w->mem, i);
    w->options.sources = w->sources;
    w->options.stops = w->stops;
}

static void close_world(struct world *w)
{
    sg_reach_clear(&w->reach);
    mem_clear(&w->mem);
}

static uint32_t addr(struct world *w, uint8_t number)
{
    return mem_addr_n(&w->mem, number).v;
}

static void source(struct world *w, uint8_t number)
{
    w->sources[w->options.n_sources++].v = addr(w, number);
}

static void stop_at(struct world *w, uint8_t number)
{
    w->stops[w->options.n_stops++].v = addr(w, number);
}

/* A transaction of one row; returns the row's id. */
static uint64_t pays(struct world *w, uint8_t from, uint8_t to, uint32_t asset, uint64_t amount,
                     uint8_t flags)
{
    const struct sg_addr_id payer = {addr(w, from)}, payee = {addr(w, to)};
    (void)mem_tx(&w->mem, w->mem.n_txs + 1, 0, payer, SG_AMOUNT_ZERO, 0);
    return mem_row(&w->mem, payer, payee, asset, sg_amount_from(amount), flags);
}

static void run(struct world *w, enum sg_reach_route route)
{
    sg_reach_clear(&w->reach);
    w->ledger = mem_view(&w->mem, &mem_chain);
    w->options.route = route;
    w->options.n_threads = (w->options.n_threads + 1) % 4; /* 0 is 1 */
    CHECK_OK(sg_reach_run(&w->reach, &w->ledger, &w->options, &w->err), &w->err);
    CHECK(w->reach.route != SG_REACH_AUTO);
}

static void expect(const struct world *w, size_t i, uint32_t who, uint64_t row, bool is_stop)
{
    CHECK(i < w->reach.n_items);
    assert_int_equal(w->mem.rows[w->reach.items[i].row].to.v, who);
    assert_int_equal(w->reach.items[i].row, row);
    assert_int_equal(w->reach.items[i].is_stop, is_stop);
}

static void test_the_documented_example(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    source(&w, 1);
    stop_at(&w, 4);
    pays(&w, 2, 3, 0, 5, 0); /* before B has anything of A's */
    const uint64_t ab = pays(&w, 1, 2, 0, 5, 0);
    pays(&w, 2, 5, 0, 0, 0);             /* nothing is moved */
    pays(&w, 2, 5, 0, 3, SG_ROW_FAILED); /* nor here */
    const uint64_t bd = pays(&w, 2, 4, 0, 1, 0);
    pays(&w, 4, 6, 0, 1, 0); /* D is a service */
    const uint64_t bc = pays(&w, 2, 3, 1, 9, 0);
    for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
        run(&w, routes[i]);
        assert_int_equal(w.reach.n_items, 3);
        expect(&w, 0, addr(&w, 2), ab, false);
        expect(&w, 1, addr(&w, 4), bd, true);
        expect(&w, 2, addr(&w, 3), bc, false);
    }
    w.options.one_asset = true;
    for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
        run(&w, routes[i]);
        assert_int_equal(w.reach.n_items, 2);
    }
    close_world(&w);
}

static void test_rows_of_one_transaction_count_in_their_order(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    source(&w, 1);
    const struct sg_addr_id a = {addr(&w, 1)}, b = {addr(&w, 2)}, c = {addr(&w, 3)};
    (void)mem_tx(&w.mem, 7, 0, a, SG_AMOUNT_ZERO, 0);
    mem_row(&w.mem, b, c, 0, sg_amount_from(1), 0); /* before b has it */
    mem_row(&w.mem, a, b, 0, sg_amount_from(1), 0);
    for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
        run(&w, routes[i]);
        assert_int_equal(w.reach.n_items, 1);
        expect(&w, 0, b.v, 1, false);
    }
    mem_row(&w.mem, b, c, 0, sg_amount_from(1), 0); /* after it */
    for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
        run(&w, routes[i]);
        assert_int_equal(w.reach.n_items, 2);
        expect(&w, 1, c.v, 2, false);
    }
    close_world(&w);
}

static void test_a_source_that_is_a_stop_is_a_source(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    source(&w, 1);
    source(&w, 1);
    stop_at(&w, 1);
    pays(&w, 1, 2, 0, 1, 0);
    pays(&w, 2, 1, 0, 1, 0);
    for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
        run(&w, routes[i]);
        assert_int_equal(w.reach.n_items, 1);
    }
    close_world(&w);
}

/* Transactions of one to four rows; some addresses are none, some rows move nothing. */
static void fill_at_random(struct world *w, struct sg_rng *rng)
{
    const uint64_t n_txs = 1 + sg_rng_below(rng, 60), pool = 3 + sg_rng_below(rng, ADDRS - 3);
    for (uint64_t tx = 0; tx < n_txs; tx++) {
        (void)mem_tx(&w->mem, 1 + tx / 3, 0, (struct sg_addr_id){SG_ID_NONE}, SG_AMOUNT_ZERO,
                     sg_rng_below(rng, 2) ? SG_TX_ORDER_UNKNOWN : 0);
        for (uint64_t row = 0; row < 1 + sg_rng_below(rng, 4); row++) {
            static const uint8_t flags[] = {0, 0, 0, 0, SG_ROW_FAILED, SG_ROW_OUT_OF_RANGE};
            const struct sg_addr_id from = {
                sg_rng_below(rng, 12) ? (uint32_t)sg_rng_below(rng, pool) : SG_ID_NONE};
            const struct sg_addr_id to = {sg_rng_below(rng, 12) ? (uint32_t)sg_rng_below(rng, pool)
                                                                : SG_ID_NONE};
            mem_row(&w->mem, from, to, (uint32_t)sg_rng_below(rng, 3),
                    sg_amount_from(sg_rng_below(rng, 4)), flags[sg_rng_below(rng, 6)]);
        }
    }
    w->options.n_sources = 1 + sg_rng_below(rng, 3);
    w->options.n_stops = sg_rng_below(rng, 4);
    for (size_t i = 0; i < 3; i++) {
        w->sources[i].v = (uint32_t)sg_rng_below(rng, pool);
        w->stops[i].v = (uint32_t)sg_rng_below(rng, pool);
    }
    w->options.one_asset = sg_rng_below(rng, 3) == 0;
    w->options.asset.v = (uint32_t)sg_rng_below(rng, 3);
}

static bool is_stop(const struct world *w, uint32_t who)
{
    bool found = false;
    for (size_t i = 0; i < w->options.n_stops; i++)
        found |= w->stops[i].v == who;
    return found;
}

static void check_against(const struct world *w, const uint64_t *first)
{
    size_t n = 0;
    for (size_t i = 0; i < w->mem.n_addrs; i++)
        n += first[i] != ORACLE_NEVER;
    assert_int_equal(w->reach.n_items, n);
    for (size_t i = 0; i < n; i++) {
        const struct sg_reached *item = &w->reach.items[i];
        assert_int_equal(item->row, first[w->mem.rows[item->row].to.v]);
        assert_int_equal(item->is_stop, is_stop(w, w->mem.rows[item->row].to.v));
        CHECK(i == 0 || item->row > item[-1].row);
    }
}

static void test_random_worlds_agree_with_the_plain_loop_by_every_route(void **state)
{
    struct sg_rng rng;
    size_t n_reached = 0;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 3000; n++) {
        struct world w;
        uint64_t first[256];
        open_world(&w);
        fill_at_random(&w, &rng);
        oracle_reach(first, w.mem.n_addrs, w.mem.rows, w.mem.n_rows, &w.options);
        for (size_t i = 0; i < SG_COUNT_OF(routes); i++) {
            run(&w, routes[i]);
            check_against(&w, first);
        }
        n_reached += w.reach.n_items;
        close_world(&w);
    }
    CHECK(n_reached > 4000);
}

static void
test_left_to_choose_small_worlds_end_at_the_frontier_and_wide_ones_are_scanned(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    source(&w, 1);
    pays(&w, 1, 2, 0, 1, 0);
    for (unsigned i = 0; i < 10 * SG_REACH_TRY; i++)
        pays(&w, 3, 4, 0, 1, 0);
    run(&w, SG_REACH_AUTO);
    assert_int_equal(w.reach.route, SG_REACH_FRONTIER);
    CHECK(w.reach.rows_read < 5);
    for (unsigned i = 0; i < 10 * SG_REACH_TRY; i++)
        pays(&w, 2, (uint8_t)(5 + i % 10), 0, 1, 0);
    run(&w, SG_REACH_AUTO);
    assert_int_equal(w.reach.route, SG_REACH_SCAN);
    assert_int_equal(w.reach.n_items, 11);
    close_world(&w);
}

/* Money that goes from hand to hand within pieces and across them: what a thread read ahead of the
 * order found unknown becomes known before its row's turn. */
static void fill_pieces(struct world *w, struct sg_rng *rng, size_t n_rows)
{
    (void)mem_tx(&w->mem, 7, 0, (struct sg_addr_id){SG_ID_NONE}, SG_AMOUNT_ZERO, 0);
    for (size_t i = 0; i < n_rows; i++) {
        /* The pool grows with the rows, so that some are new in every piece. */
        const uint64_t pool = 3 + i * (w->mem.n_addrs - 3) / n_rows;
        const struct sg_addr_id from = {sg_rng_below(rng, 50) ? (uint32_t)sg_rng_below(rng, pool)
                                                              : SG_ID_NONE};
        const struct sg_addr_id to = {sg_rng_below(rng, 50) ? (uint32_t)sg_rng_below(rng, pool)
                                                            : SG_ID_NONE};
        mem_row(&w->mem, from, to, (uint32_t)sg_rng_below(rng, 3),
                sg_amount_from(sg_rng_below(rng, 2)),
                (uint8_t)(sg_rng_below(rng, 3) ? 0 : SG_ROW_FAILED));
    }
}

static void test_any_number_of_threads_gives_the_same_over_many_pieces(void **state)
{
    struct sg_rng rng;
    struct world w;
    static uint64_t first[250];
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    open_world(&w);
    for (uint8_t i = ADDRS; i < SG_COUNT_OF(first); i++)
        (void)mem_addr_n(&w.mem, i);
    fill_pieces(&w, &rng, (size_t)5 * 65536 + 1000);
    source(&w, 1);
    stop_at(&w, 2);
    for (unsigned asset = 0; asset < 2; asset++) {
        w.options.one_asset = asset;
        oracle_reach(first, w.mem.n_addrs, w.mem.rows, w.mem.n_rows, &w.options);
        for (unsigned threads = 0; threads < 4; threads++) {
            run(&w, SG_REACH_SCAN);
            check_against(&w, first);
        }
        CHECK(w.reach.n_items > 200);
    }
    close_world(&w);
}

static enum sg_status swept(struct world *w, enum sg_reach_route route)
{
    struct sg_reach reach = {0};
    w->options.route = route;
    const enum sg_status st = sg_reach_run(&reach, &w->ledger, &w->options, &w->err);
    sg_reach_clear(&reach);
    return st;
}

static bool refuse(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx;
    (void)done;
    (void)total;
    return false;
}

static void test_memory_that_is_refused_and_a_wish_to_stop_are_reported(void **state)
{
    const struct sg_progress stopped = {refuse, NULL};
    struct world w;
    (void)state;
    open_world(&w);
    source(&w, 1);
    stop_at(&w, 4);
    for (uint8_t i = 1; i < 20; i++)
        pays(&w, i, (uint8_t)(i + 1), 0, 1, 0);
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OOM_SWEEP(swept(&w, SG_REACH_SCAN));
    CHECK_OOM_SWEEP(swept(&w, SG_REACH_FRONTIER));
    w.options.progress = &stopped;
    assert_int_equal(swept(&w, SG_REACH_SCAN), SG_ECANCELLED);
    assert_int_equal(swept(&w, SG_REACH_FRONTIER), SG_ECANCELLED);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_documented_example),
        cmocka_unit_test(test_rows_of_one_transaction_count_in_their_order),
        cmocka_unit_test(test_a_source_that_is_a_stop_is_a_source),
        cmocka_unit_test(test_random_worlds_agree_with_the_plain_loop_by_every_route),
        cmocka_unit_test(
            test_left_to_choose_small_worlds_end_at_the_frontier_and_wide_ones_are_scanned),
        cmocka_unit_test(test_any_number_of_threads_gives_the_same_over_many_pieces),
        cmocka_unit_test(test_memory_that_is_refused_and_a_wish_to_stop_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
