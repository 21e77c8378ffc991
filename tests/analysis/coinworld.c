/* Goal: the chain obeys its rules, and its truth is true. Method: every block is checked and
 * replayed output by output by an oracle, which also adds up the books of each theft anew. */
#include "support/check.h"

#include "oracle/coinworld.h"

#include <string.h>

#define TXS    20000
#define SLOTS  ((size_t)1 << 18)
#define PEOPLE 1500

struct world {
    struct sg_scenario scenario;
    struct sg_coinworld options;
    struct sg_coinworld_summary summary;
    struct oracle_chain chain;
    uint32_t exchanges, brokers; /* first owners, the second as the world names it */
    uint8_t digest[SG_SHA256_SIZE];
    uint64_t n_books, n_entities, n_addresses, refuse_after;
    struct sg_coinworld_books books[ORACLE_THEFTS];
};

static enum sg_status on_block(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct world *w = ctx;
    (void)err;
    oracle_chain_block(&w->chain, bytes, size);
    return SG_OK;
}

static enum sg_status on_tx(void *ctx, const struct sg_coinworld_tx *tx, struct sg_err *err)
{
    struct world *w = ctx;
    oracle_chain_tx(&w->chain, tx);
    if (w->refuse_after && w->chain.n_txs >= w->refuse_after)
        return sg_err_set(err, SG_EIO, "the disk is full");
    return SG_OK;
}

static enum sg_status on_address(void *ctx, const struct sg_coinworld_address *address,
                                 struct sg_err *err)
{
    struct world *w = ctx;
    (void)err;
    w->n_addresses++;
    oracle_chain_address(&w->chain, address);
    return SG_OK;
}

static enum sg_status on_theft(void *ctx, const struct sg_coinworld_theft *theft,
                               struct sg_err *err)
{
    struct world *w = ctx;
    (void)err;
    assert_int_equal(theft->thief, w->chain.first_thief + theft->number);
    w->books[theft->number] = theft->books;
    w->n_books += theft->begun;
    return SG_OK;
}

static enum sg_status on_entity(void *ctx, const struct sg_coinworld_entity *entity,
                                struct sg_err *err)
{
    struct world *w = ctx;
    (void)err;
    w->n_entities++;
    if (strcmp(entity->kind, "broker") == 0 && entity->number == 0)
        w->brokers = entity->owner;
    return SG_OK;
}

static const struct sg_coinworld_sink sink_of = {on_block, on_tx,     on_address,
                                                 on_theft, on_entity, NULL};

/* The first thief's owner follows from the counts of the scenario: three wallets an exchange, six
 * pools, services, brokers, two coordinators, a duster, victims. */
static void open_world(struct world *w, uint64_t seed, uint64_t txs)
{
    *w = (struct world){.exchanges = 0};
    sg_scenario_defaults(&w->scenario);
    w->scenario.people = PEOPLE;
    w->scenario.thefts = 5;
    w->options = (struct sg_coinworld){.seed = seed,
                                       .transactions = txs,
                                       .scenario = &w->scenario,
                                       .params = sg_btc_params_find("bitcoin", "regtest")};
    const struct sg_scenario *s = &w->scenario;
    oracle_chain_open(&w->chain, SLOTS,
                      3 * s->exchanges + 6 + s->services + s->brokers + 3 + s->thefts,
                      s->thefts + s->ransoms);
}

static enum sg_status run(struct world *w, struct sg_err *err)
{
    struct sg_coinworld_sink sink = sink_of;
    sink.ctx = w;
    const enum sg_status st = sg_coinworld_run(&w->summary, &w->options, &sink, err);
    if (st == SG_OK)
        sg_sha256_final(w->digest, w->chain.sha256);
    return st;
}

static void close_world(struct world *w)
{
    oracle_chain_close(&w->chain);
}

static uint64_t paid_to(const struct oracle_theft *theft, uint32_t first, uint32_t n)
{
    uint64_t sat = 0;
    for (uint32_t i = first; i < first + n; i++)
        sat += theft->paid[i];
    return sat;
}

static void check_books(const struct world *w, uint32_t number)
{
    const struct sg_coinworld_books *b = &w->books[number];
    const struct oracle_theft *theft = &w->chain.thefts[number];
    assert_true(b->stolen + b->stray_in + b->unmixed ==
                b->exchange + b->otc + b->mixed + b->fees + b->held);
    assert_true(b->mixed == b->unmixed + b->mix_fees + b->in_mixer);
    assert_true(b->stolen == theft->stolen);
    assert_true(b->stray_in == theft->stray_in);
    assert_true(b->exchange == paid_to(theft, w->exchanges, w->scenario.exchanges));
    assert_true(b->otc == paid_to(theft, w->brokers, w->scenario.brokers));
    assert_true(b->fees == theft->fees);
    assert_true(b->mix_fees == theft->mix_fees);
    assert_true(b->held + b->in_mixer == theft->unspent);
}

static void test_every_input_is_there_and_the_books_balance(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, sg_test_seed(), TXS);
    CHECK_OK(run(&w, &err), &err);
    oracle_chain_end(&w.chain);
    assert_int_equal(w.chain.n_txs, w.summary.transactions);
    assert_int_equal(w.chain.n_shared, w.summary.shared);
    assert_int_equal(w.chain.height, w.summary.blocks);
    assert_int_equal(w.n_addresses, w.summary.addresses);
    assert_in_range(w.chain.n_txs, TXS, TXS + 10);
    assert_int_equal(w.n_books, w.summary.thefts);
    assert_true(w.n_books >= 5 && w.n_entities > 50);
    uint64_t mixed = 0, otc = 0;
    for (uint32_t i = 0; i < w.chain.n_thieves; i++) {
        check_books(&w, i);
        mixed += w.books[i].mixed;
        otc += w.books[i].otc;
    }
    assert_true(mixed > 0 && otc > 0);
    close_world(&w);
}

static void test_everything_that_is_modelled_happens(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 2, TXS);
    CHECK_OK(run(&w, &err), &err);
    for (size_t k = 0; k < SG_COINWORLD_KINDS; k++) {
        if (w.summary.per_kind[k] == 0)
            print_error("none: %s\n", sg_coinworld_kind_name((enum sg_coinworld_kind)k));
        assert_true(w.summary.per_kind[k] > 0);
    }
    close_world(&w);
}

static void test_the_same_seed_gives_the_same_blocks(void **state)
{
    struct world a, b, c;
    struct sg_err err;
    (void)state;
    open_world(&a, 5, 4000);
    open_world(&b, 5, 4000);
    open_world(&c, 6, 4000);
    CHECK_OK(run(&a, &err), &err);
    CHECK_OK(run(&b, &err), &err);
    CHECK_OK(run(&c, &err), &err);
    assert_memory_equal(a.digest, b.digest, SG_SHA256_SIZE);
    assert_memory_equal(a.books, b.books, sizeof(a.books));
    CHECK(memcmp(a.digest, c.digest, SG_SHA256_SIZE) != 0);
    close_world(&a);
    close_world(&b);
    close_world(&c);
}

static const struct sg_coinworld_sink nowhere = {.block = NULL};

static size_t peak_of(uint64_t txs)
{
    struct sg_scenario scenario;
    struct sg_coinworld_summary summary;
    struct sg_err err;
    sg_scenario_defaults(&scenario);
    scenario.people = 100;
    const struct sg_coinworld options = {.seed = 3,
                                         .transactions = txs,
                                         .scenario = &scenario,
                                         .params = sg_btc_params_find("bitcoin", "regtest")};
    const size_t before = sg_mem_bytes();
    sg_mem_peak_reset();
    CHECK_OK(sg_coinworld_run(&summary, &options, &nowhere, &err), &err);
    assert_true(summary.unspent < 100 * 40 + 6000);
    return sg_mem_peak() - before;
}

static void test_memory_does_not_grow_with_the_transactions(void **state)
{
    (void)state;
    const size_t small = peak_of(40000), large = peak_of(160000);
    print_message("peak: %zu bytes at 40,000 transactions, %zu at 160,000\n", small, large);
    assert_true(large < small + small / 4);
}

static void test_what_the_sink_refuses_ends_the_run(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 1, 5000);
    w.refuse_after = 777;
    assert_int_equal(run(&w, &err), SG_EIO);
    assert_string_equal(err.text, "the disk is full");
    assert_in_range(w.chain.n_txs, 777, 4000);
    close_world(&w);
}

static bool stop(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx;
    (void)total;
    return done < 3000;
}

static void test_a_run_stops_when_asked(void **state)
{
    const struct sg_progress progress = {stop, NULL};
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 1, 1000000);
    w.options.progress = &progress;
    assert_int_equal(run(&w, &err), SG_ECANCELLED);
    assert_in_range(w.chain.n_txs, 2000, 20000);
    close_world(&w);
}

static enum sg_status small_world(void)
{
    struct sg_scenario scenario;
    struct sg_coinworld_summary summary;
    sg_scenario_defaults(&scenario);
    scenario.people = 64;
    scenario.days = 1;
    const struct sg_coinworld options = {.seed = 1,
                                         .transactions = 300,
                                         .scenario = &scenario,
                                         .params = sg_btc_params_find("bitcoin", "regtest")};
    return sg_coinworld_run(&summary, &options, &nowhere, NULL);
}

static void test_it_survives_every_refused_allocation(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(small_world());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_input_is_there_and_the_books_balance),
        cmocka_unit_test(test_everything_that_is_modelled_happens),
        cmocka_unit_test(test_the_same_seed_gives_the_same_blocks),
        cmocka_unit_test(test_memory_does_not_grow_with_the_transactions),
        cmocka_unit_test(test_what_the_sink_refuses_ends_the_run),
        cmocka_unit_test(test_a_run_stops_when_asked),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
