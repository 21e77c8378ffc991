/* Demixing: the pool that is built of events in any order, the window against a plain count, and a
 * probability that is the sum of its parts. Whether the probabilities hold is measured on real data
 * by bench/bench_demix_train.c and tests/e2e/demix.sh. */
#include "oracle/demix.h"
#include "support/check.h"

#include "base/mem.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define T0        ((int64_t)1600000000)
#define ADDRESSES 12

static const struct sg_amount one_eth = {(sg_u128)1000000000000000000u};

static struct sg_pool_event deposit(uint32_t n, uint64_t block, int64_t time)
{
    struct sg_pool_event e = {
        .kind = SG_POOL_DEPOSIT, .block = block, .time_unix_s = time, .leaf = n};
    e.id32[0] = 1;
    memcpy(e.id32 + 28, &n, sizeof(n));
    memcpy(e.tx32 + 28, &n, sizeof(n));
    return e;
}

static struct sg_pool_event withdrawal(uint32_t n, uint64_t block, uint8_t to)
{
    struct sg_pool_event e = {.kind = SG_POOL_WITHDRAWAL, .block = block, .offset = n};
    e.time_unix_s = SG_TIME_UNKNOWN;
    e.id32[0] = 2;
    memcpy(e.id32 + 28, &n, sizeof(n));
    e.to.size = 20;
    e.to.bytes[19] = to;
    return e;
}

static enum sg_status build(struct sg_pool *pool, const struct sg_pool_event *events, size_t n,
                            struct sg_err *err)
{
    struct sg_pool_builder builder = {0};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = sg_pool_add(&builder, &events[i], err);
    if (st == SG_OK)
        st = sg_pool_build(pool, &builder, one_eth, err);
    sg_pool_builder_clear(&builder);
    return st;
}

/* A pool of some days: a deposit about every half hour, one in three of them the theft's between
 * days 2 and 4; withdrawals to a few addresses. Whole blocks of 12 s, so that times are exact. */
static size_t random_events(struct sg_pool_event *events, struct sg_rng *rng, size_t n)
{
    uint64_t block = 1000;
    for (size_t i = 0; i < n; i++) {
        block += 1 + sg_rng_below(rng, 200);
        if (i == 0 || sg_rng_below(rng, 2))
            events[i] = deposit((uint32_t)i, block, T0 + (int64_t)(block * 12));
        else
            events[i] = withdrawal((uint32_t)i, block, (uint8_t)sg_rng_below(rng, ADDRESSES));
        events[i].fee = events[i].kind == SG_POOL_WITHDRAWAL && sg_rng_below(rng, 4)
                            ? sg_amount_from(1 + sg_rng_below(rng, 1000000000000000u))
                            : SG_AMOUNT_ZERO;
    }
    return n;
}

static void shuffle(struct sg_pool_event *events, struct sg_rng *rng, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)sg_rng_below(rng, i);
        const struct sg_pool_event kept = events[i - 1];
        events[i - 1] = events[j];
        events[j] = kept;
    }
}

static void mark_theft(struct sg_pool *pool)
{
    for (size_t i = 0; i < pool->n_deposits; i++)
        if (i > pool->n_deposits / 3 && i < 2 * pool->n_deposits / 3 && i % 3 == 0)
            pool->deposits[i].batch = 1 + (uint32_t)(i % 2);
}

static void random_pool(struct sg_pool *pool, struct sg_rng *rng)
{
    struct sg_pool_event events[400];
    struct sg_err err;
    const size_t n = random_events(events, rng, 400);
    CHECK_OK(build(pool, events, n, &err), &err);
    mark_theft(pool);
}

static void test_order_and_duplicates_do_not_matter(void **state)
{
    (void)state;
    struct sg_pool_event events[300];
    struct sg_pool a = {0};
    struct sg_pool b = {0};
    struct sg_rng rng;
    struct sg_err err;
    sg_rng_init(&rng, sg_test_seed());
    random_events(events, &rng, 200);
    CHECK_OK(build(&a, events, 200, &err), &err);
    memcpy(events + 200, events + 50, 100 * sizeof(*events));
    shuffle(events, &rng, 300);
    CHECK_OK(build(&b, events, 300, &err), &err);
    assert_int_equal(a.n_duplicates, 0);
    assert_int_equal(b.n_duplicates, 100);
    assert_int_equal(a.n_deposits, b.n_deposits);
    assert_int_equal(a.n_withdrawals, b.n_withdrawals);
    for (size_t i = 0; i < a.n_deposits; i++)
        assert_memory_equal(a.deposits[i].tx32, b.deposits[i].tx32, 32);
    for (size_t i = 0; i < a.n_withdrawals; i++) {
        assert_memory_equal(a.withdrawals[i].nullifier32, b.withdrawals[i].nullifier32, 32);
        assert_int_equal(a.withdrawals[i].to, b.withdrawals[i].to);
        assert_true(a.withdrawals[i].time_unix_s == b.withdrawals[i].time_unix_s);
    }
    sg_pool_clear(&a);
    sg_pool_clear(&b);
}

static void test_a_missing_time_lies_between_its_deposits(void **state)
{
    (void)state;
    const struct sg_pool_event events[] = {deposit(0, 100, T0), deposit(1, 200, T0 + 3000),
                                           withdrawal(0, 150, 1), withdrawal(1, 210, 2)};
    struct sg_pool pool = {0};
    struct sg_err err;
    CHECK_OK(build(&pool, events, SG_COUNT_OF(events), &err), &err);
    assert_true(pool.withdrawals[0].time_unix_s == T0 + 1500);
    assert_true(pool.withdrawals[0].time_estimated);
    assert_true(pool.withdrawals[1].time_unix_s == T0 + 3000 + 120);
    sg_pool_clear(&pool);
}

static enum sg_status build_with_times(struct sg_pool *pool, const struct sg_pool_event *events,
                                       size_t n, const struct sg_pool_time *times, size_t n_times,
                                       struct sg_err *err)
{
    struct sg_pool_builder builder = {0};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = sg_pool_add(&builder, &events[i], err);
    for (size_t i = 0; st == SG_OK && i < n_times; i++)
        st = sg_pool_add_time(&builder, times[i].block, times[i].time_unix_s, err);
    if (st == SG_OK)
        st = sg_pool_build(pool, &builder, one_eth, err);
    sg_pool_builder_clear(&builder);
    return st;
}

static void test_a_table_of_blocks_gives_times_and_narrows_guesses(void **state)
{
    (void)state;
    struct sg_pool_event events[] = {deposit(0, 100, SG_TIME_UNKNOWN), deposit(1, 200, T0 + 3000),
                                     withdrawal(0, 140, 1), withdrawal(1, 150, 2),
                                     withdrawal(2, 200, 3)};
    const struct sg_pool_time times[] = {{150, T0 + 1000}, {100, T0}, {150, T0 + 1000}};
    struct sg_pool pool = {0};
    struct sg_err err;
    CHECK_OK(build_with_times(&pool, events, SG_COUNT_OF(events), times, 3, &err), &err);
    assert_true(pool.deposits[0].time_unix_s == T0);
    assert_true(pool.withdrawals[0].time_unix_s == T0 + 800);
    assert_true(pool.withdrawals[0].time_estimated);
    assert_true(pool.withdrawals[1].time_unix_s == T0 + 1000);
    assert_false(pool.withdrawals[1].time_estimated);
    assert_true(pool.withdrawals[2].time_unix_s == T0 + 3000);
    assert_false(pool.withdrawals[2].time_estimated);
    sg_pool_clear(&pool);
}

static void test_a_table_of_blocks_that_cannot_be_is_refused(void **state)
{
    (void)state;
    const struct {
        struct sg_pool_time times[2];
        const char *text;
    } cases[] = {
        {{{100, T0}, {100, T0 + 1}}, "the table of blocks has two times for block 100"},
        {{{100, T0}, {90, T0 + 1}}, "the table of blocks has block 100 earlier than one before"},
        {{{100, T0}, {200, T0 + 1}},
         "the deposit in block 200 says another time than the table of blocks: another chain"},
        {{{99, T0}, {300, T0 + 9}},
         "the deposit in block 100 has no time, and no table of blocks has it"},
    };
    const struct sg_pool_event events[] = {deposit(0, 100, SG_TIME_UNKNOWN),
                                           deposit(1, 200, T0 + 3000)};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_pool pool = {0};
        struct sg_err err;
        assert_int_equal(build_with_times(&pool, events, 2, cases[i].times, 2, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].text);
        assert_null(pool.deposits);
    }
}

static void test_what_is_no_pool_is_refused(void **state)
{
    (void)state;
    struct sg_pool_event rich = withdrawal(0, 150, 1);
    struct sg_pool_event here = deposit(0, 100, T0);
    struct sg_pool_event there = deposit(1, 200, T0 + 1);
    rich.fee = sg_amount_from(2000000000000000000u);
    here.pool.size = there.pool.size = 20;
    there.pool.bytes[0] = 1;
    const struct {
        struct sg_pool_event events[2];
        const char *text;
    } cases[] = {
        {{withdrawal(0, 1, 1), withdrawal(1, 2, 1)}, "the files hold no deposit"},
        {{deposit(0, 100, T0), withdrawal(0, 99, 1)},
         "a withdrawal in block 99 precedes the first deposit: deposits are missing, or the files "
         "are of two pools"},
        {{deposit(0, 100, T0), rich},
         "a withdrawal in block 150 pays a fee above the pool's denomination: another pool"},
        {{here, there}, "the logs are of two contracts: one pool at a time"},
        {{deposit(0, 100, T0), deposit(1, 101, T0 - 1)},
         "the deposit in block 101 is earlier than one before"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_pool pool = {0};
        struct sg_err err;
        assert_int_equal(build(&pool, cases[i].events, 2, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].text);
        assert_null(pool.deposits);
    }
}

static void check_candidate(const struct sg_pool *pool, const struct sg_demix_candidate *c)
{
    const double *x = c->x;
    assert_int_equal(c->n, oracle_withdrawals(pool, c->address, true));
    assert_true(fabs(x[SG_DEMIX_COUNT] - log(c->n)) < 1e-12);
    assert_true(fabs(expm1(x[SG_DEMIX_ELSEWHERE]) -
                     (double)oracle_withdrawals(pool, c->address, false)) < 1e-6);
    assert_true(fabs(x[SG_DEMIX_SHARE_2H] - oracle_share(pool, c->address, 2)) < 1e-9);
    assert_true(fabs(x[SG_DEMIX_SHARE_24H] - oracle_share(pool, c->address, 24)) < 1e-9);
    assert_true(fabs(expm1(x[SG_DEMIX_SPAN]) - oracle_span(pool, c->address)) < 1e-6);
    assert_true(fabs(expm1(x[SG_DEMIX_BETWEEN]) - (double)oracle_between(pool, c->address)) < 1e-6);
}

static void test_the_window_is_what_a_plain_count_finds(void **state)
{
    (void)state;
    struct sg_rng rng;
    struct sg_err err;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 20; round++) {
        struct sg_pool pool = {0};
        struct sg_demix_window window;
        int64_t begin;
        int64_t end;
        size_t n = 0;
        random_pool(&pool, &rng);
        CHECK_OK(sg_demix_window_find(&window, &pool, SG_DEMIX_AFTER_S, &err), &err);
        oracle_window(&begin, &end, &pool);
        assert_true(window.begin_unix_s == begin && window.end_unix_s == end);
        for (size_t i = 0; i < window.n_candidates; i++) {
            check_candidate(&pool, &window.candidates[i]);
            n += window.candidates[i].n;
        }
        assert_int_equal(n, window.n_order);
        for (uint32_t a = 0; a < pool.n_addresses; a++)
            n -= oracle_withdrawals(&pool, a, true);
        assert_int_equal(n, 0);
        for (size_t i = 0; i < pool.n_withdrawals; i++) {
            const struct sg_demix_anonymity got = sg_demix_anonymity_of(&pool, i);
            const struct sg_demix_anonymity want = oracle_anonymity(&pool, i);
            assert_int_equal(got.deposits, want.deposits);
            assert_int_equal(got.unspent, want.unspent);
        }
        sg_demix_window_clear(&window);
        sg_pool_clear(&pool);
    }
}

static void test_a_probability_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    struct sg_rng rng;
    double ground = 0;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 1000; round++) {
        double x[SG_DEMIX_N_FEATURES];
        double parts[SG_DEMIX_N_FEATURES];
        for (size_t f = 0; f < SG_DEMIX_N_FEATURES; f++)
            x[f] = (double)sg_rng_below(&rng, 1000) / 100 - 2;
        const double p = sg_demix_score(parts, sg_demix_model(), 0.3, x);
        double rest = log(p / (1 - p));
        for (size_t f = 0; f < SG_DEMIX_N_FEATURES; f++)
            rest -= parts[f];
        assert_true(p > 0 && p < 1);
        ground = round ? ground : rest;
        assert_true(fabs(rest - ground) < 1e-6);
    }
}

/* The mean over many points of what the log odds gain when some features go from low to high. */
static double gain_of(const enum sg_demix_feature *features, size_t n, double low, double high)
{
    double gain = 0;
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    for (int round = 0; round < 500; round++) {
        double x[SG_DEMIX_N_FEATURES] = {0};
        for (size_t f = 0; f < SG_DEMIX_N_FEATURES; f++)
            x[f] = (double)sg_rng_below(&rng, 400) / 100;
        for (size_t f = SG_DEMIX_SHARE_2H; f <= SG_DEMIX_SHARE_72H; f++)
            x[f] = (double)sg_rng_below(&rng, 100) / 100;
        for (size_t i = 0; i < n; i++)
            x[features[i]] = low;
        const double before = sg_demix_score(NULL, sg_demix_model(), 0.3, x);
        for (size_t i = 0; i < n; i++)
            x[features[i]] = high;
        const double after = sg_demix_score(NULL, sg_demix_model(), 0.3, x);
        gain += log(after / (1 - after)) - log(before / (1 - before));
        assert_true(sg_demix_score(NULL, sg_demix_model(), 0.5, x) >
                    sg_demix_score(NULL, sg_demix_model(), 0.1, x));
    }
    return gain / 500;
}

static void test_evidence_points_the_way_that_it_should(void **state)
{
    (void)state;
    static const enum sg_demix_feature company[] = {SG_DEMIX_ALIKE, SG_DEMIX_AROUND};
    static const enum sg_demix_feature old[] = {SG_DEMIX_ELSEWHERE};
    static const enum sg_demix_feature since[] = {SG_DEMIX_SINCE_MEAN, SG_DEMIX_SINCE_MIN};
    assert_true(gain_of(company, 2, -3, 3) > 0.5);
    assert_true(gain_of(old, 1, 0, 1.1) < -0.5);
    assert_true(gain_of(since, 2, 0.5, 4) < 0);
}

static void test_a_ranking_falls_and_adds_up(void **state)
{
    (void)state;
    struct sg_pool pool = {0};
    struct sg_demix_ranking ranking;
    struct sg_rng rng;
    struct sg_err err;
    double expected = 0;
    sg_rng_init(&rng, sg_test_seed());
    random_pool(&pool, &rng);
    CHECK_OK(sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, &err), &err);
    for (size_t i = 0; i < ranking.window.n_candidates; i++) {
        const struct sg_demix_entry *e = &ranking.entries[i];
        assert_true(i == 0 || e->probability <= e[-1].probability);
        expected += e->probability * ranking.window.candidates[e->candidate].n;
    }
    assert_true(fabs(expected - ranking.expected) < 1e-6);
    sg_demix_ranking_clear(&ranking);
    sg_pool_clear(&pool);
}

/* Many withdrawals and one or two deposits of the theft: the weights would have more than that. */
static void test_nobody_withdraws_more_than_was_deposited(void **state)
{
    (void)state;
    struct sg_rng rng;
    struct sg_err err;
    size_t n_bounded = 0;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 50; round++) {
        struct sg_pool pool = {0};
        struct sg_demix_ranking ranking;
        double sum = 0;
        size_t deposits[5] = {0};
        random_pool(&pool, &rng);
        for (size_t i = 0; i < pool.n_deposits; i++) {
            pool.deposits[i].batch =
                sg_rng_below(&rng, 40) ? 0 : 1 + (uint32_t)sg_rng_below(&rng, 5);
            if (i == 0)
                pool.deposits[i].batch = 5;
            if (pool.deposits[i].batch)
                deposits[pool.deposits[i].batch - 1]++;
        }
        CHECK_OK(sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, &err), &err);
        assert_int_equal(ranking.n_batches, 5);
        for (size_t b = 0; b < 5; b++) {
            assert_true(ranking.by_batch[b] >= 0 && ranking.by_batch[b] <= (double)deposits[b]);
            sum += ranking.by_batch[b];
        }
        assert_true(fabs(sum - ranking.expected) < 1e-6);
        assert_true(ranking.expected <= (double)ranking.window.n_theft_deposits);
        for (size_t i = 0; i < ranking.window.n_candidates; i++)
            ranking.entries[i].probability = 0.9;
        sg_demix_bound(&ranking);
        n_bounded += ranking.shift > 0;
        assert_true(ranking.shift == 0 ||
                    fabs(ranking.expected - (double)ranking.window.n_theft_deposits) < 1e-6);
        sg_demix_ranking_clear(&ranking);
        sg_pool_clear(&pool);
    }
    assert_true(n_bounded > 40);
}

/* Two batches of two deposits; one address has three withdrawals for certain, behind the second. */
static void test_what_a_batch_has_no_room_for_goes_to_the_one_before(void **state)
{
    (void)state;
    const struct sg_pool_event events[] = {
        deposit(0, 100, T0),          deposit(1, 110, T0 + 120), deposit(2, 5000, T0 + 58800),
        deposit(3, 5010, T0 + 58920), withdrawal(0, 6500, 1),    withdrawal(1, 6501, 1),
        withdrawal(2, 6502, 1),
    };
    struct sg_pool pool = {0};
    struct sg_demix_ranking ranking = {0};
    struct sg_err err;
    CHECK_OK(build(&pool, events, SG_COUNT_OF(events), &err), &err);
    for (size_t i = 0; i < 4; i++)
        pool.deposits[i].batch = 1 + (uint32_t)i / 2;
    CHECK_OK(sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, &err), &err);
    ranking.entries[0].probability = 1;
    sg_demix_bound(&ranking);
    sg_mem_free(ranking.by_batch);
    CHECK_OK(sg_demix_allot(&ranking, &pool, &err), &err);
    assert_true(fabs(ranking.expected - 3) < 1e-9);
    assert_true(fabs(ranking.by_batch[0] - 1) < 1e-9);
    assert_true(fabs(ranking.by_batch[1] - 2) < 1e-9);
    sg_demix_ranking_clear(&ranking);
    sg_pool_clear(&pool);
}

static void test_the_null_never_meets_the_theft(void **state)
{
    (void)state;
    struct sg_pool_event events[200];
    struct sg_pool pool = {0};
    struct sg_demix_null null;
    struct sg_err err;
    for (uint32_t i = 0; i < 200; i++)
        events[i] = i % 2 ? withdrawal(i, 1000 + 3600 * i, (uint8_t)(i % 7))
                          : deposit(i, 1000 + 3600 * i, T0 + 12 * 3600 * (int64_t)i);
    CHECK_OK(build(&pool, events, 200, &err), &err);
    for (size_t i = 40; i < 50; i++)
        pool.deposits[i].batch = 1;
    CHECK_OK(sg_demix_null_run(&null, &pool, SG_DEMIX_AFTER_S, &err), &err);
    /* Nine days and one: steps of two weeks in a life of 99.5 days, the theft from day 40; two
     * weeks behind it are left out. */
    static const int weeks[] = {-4, -2, 4, 6};
    assert_int_equal(null.n_worlds, SG_COUNT_OF(weeks));
    for (size_t i = 0; i < null.n_worlds; i++) {
        assert_true(null.worlds[i].offset_s == weeks[i] * (int64_t)7 * 86400);
        assert_true(null.worlds[i].addresses <= 7 && null.worlds[i].withdrawals >= 9);
        assert_true(null.worlds[i].expected <= (double)null.worlds[i].withdrawals);
    }
    sg_pool_clear(&pool);
}

static void test_a_theft_that_never_deposited_is_not_found(void **state)
{
    (void)state;
    const struct sg_pool_event events[] = {deposit(0, 100, T0), withdrawal(0, 150, 1)};
    struct sg_pool pool = {0};
    struct sg_demix_ranking ranking;
    struct sg_demix_null null;
    struct sg_err err;
    CHECK_OK(build(&pool, events, 2, &err), &err);
    assert_int_equal(sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, &err), SG_ENOTFOUND);
    assert_string_equal(err.text, "none of the depositors' deposits is in this pool");
    assert_int_equal(sg_demix_null_run(&null, &pool, SG_DEMIX_AFTER_S, &err), SG_ENOTFOUND);
    sg_pool_clear(&pool);
}

static enum sg_status whole(const struct sg_pool_event *events, size_t n, struct sg_err *err)
{
    struct sg_pool pool = {0};
    struct sg_demix_ranking ranking = {0};
    struct sg_demix_null null;
    enum sg_status st = build(&pool, events, n, err);
    if (st == SG_OK) {
        pool.deposits[pool.n_deposits / 2].batch = 1;
        st = sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, err);
    }
    if (st == SG_OK)
        st = sg_demix_null_run(&null, &pool, SG_DEMIX_AFTER_S, err);
    sg_demix_ranking_clear(&ranking);
    sg_pool_clear(&pool);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct sg_pool_event events[60];
    struct sg_err err;
    for (uint32_t i = 0; i < 60; i++)
        events[i] = i % 2 ? withdrawal(i, 1000 + 3600 * i, (uint8_t)(i % 7))
                          : deposit(i, 1000 + 3600 * i, T0 + 12 * 3600 * (int64_t)i);
    CHECK_OOM_SWEEP(whole(events, 60, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_duplicates_do_not_matter),
        cmocka_unit_test(test_a_missing_time_lies_between_its_deposits),
        cmocka_unit_test(test_a_table_of_blocks_gives_times_and_narrows_guesses),
        cmocka_unit_test(test_a_table_of_blocks_that_cannot_be_is_refused),
        cmocka_unit_test(test_what_is_no_pool_is_refused),
        cmocka_unit_test(test_the_window_is_what_a_plain_count_finds),
        cmocka_unit_test(test_a_probability_is_the_sum_of_its_parts),
        cmocka_unit_test(test_evidence_points_the_way_that_it_should),
        cmocka_unit_test(test_a_ranking_falls_and_adds_up),
        cmocka_unit_test(test_nobody_withdraws_more_than_was_deposited),
        cmocka_unit_test(test_what_a_batch_has_no_room_for_goes_to_the_one_before),
        cmocka_unit_test(test_the_null_never_meets_the_theft),
        cmocka_unit_test(test_a_theft_that_never_deposited_is_not_found),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
