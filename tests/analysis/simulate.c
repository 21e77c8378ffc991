/* Goal: the world obeys a ledger's rules, and its truth is true. Method: every row is replayed by
 * an oracle; the books of each theft in truth.json are added up again from its steps and from the
 * oracle's balances. */
#include "support/check.h"
#include "support/json.h"

#include "oracle/simulate.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/hex.h"
#include "formats/case/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS       60000
#define TRUTH_MAX  ((size_t)64 << 20)
#define THEFTS_MAX 16
#define PLACES     6 /* two chains, three assets */

struct world {
    struct sg_scenario scenario;
    struct sg_simulate options;
    struct sg_simulate_summary summary;
    struct oracle_books books;
    struct sg_buf truth;
    struct sg_sha256 *sha256; /* of all rows */
    uint8_t digest[SG_SHA256_SIZE];
    uint64_t refuse_after; /* rows; 0: never */
    uint32_t n_cases;
};

static enum sg_status on_row(void *ctx, unsigned chain, const struct sg_simulate_row *row,
                             struct sg_err *err)
{
    struct world *w = ctx;
    const struct sg_record *r = &row->record;
    oracle_books_row(&w->books, chain, row);
    sg_sha256_update(w->sha256, r->hash32, 32);
    sg_sha256_update(w->sha256, &r->amount, sizeof(r->amount));
    sg_sha256_update(w->sha256, r->to.bytes, 20);
    if (w->books.rows == w->refuse_after)
        return sg_err_set(err, SG_EIO, "the disk is full");
    return SG_OK;
}

static enum sg_status on_truth(void *ctx, const char *bytes, size_t size, struct sg_err *err)
{
    struct world *w = ctx;
    sg_buf_append(&w->truth, bytes, size);
    return sg_buf_check(&w->truth, err);
}

/* Each is a case without a fault, of one theft, whose seeds are transactions of the truth. */
static enum sg_status on_case(void *ctx, uint32_t theft, const char *bytes, size_t size,
                              struct sg_err *err)
{
    struct world *w = ctx;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_case c;
    CHECK(theft >= w->n_cases && theft < w->scenario.thefts);
    w->n_cases++;
    const enum sg_status st = sg_case_parse(&c, &arena, bytes, size, NULL, err);
    if (st == SG_OK) {
        CHECK(c.n_seeds >= 1 && c.n_seeds <= 3 && c.n_labels > 10);
        for (size_t i = 0; i < c.n_seeds; i++) {
            char hash[65];
            sg_hex_encode(hash, c.seeds[i].hash32, 32);
            CHECK(strstr(w->truth.data, hash));
        }
    }
    sg_arena_clear(&arena);
    return st;
}

static const struct sg_simulate_sink sink_of = {
    .row = on_row, .truth = on_truth, .case_file = on_case};

static void open_world(struct world *w, uint64_t seed, uint64_t rows)
{
    *w = (struct world){.truth = SG_BUF_INIT(TRUTH_MAX), .sha256 = sg_sha256_new()};
    sg_scenario_defaults(&w->scenario);
    w->scenario.people = 2000;
    w->scenario.payers = 6;
    w->options = (struct sg_simulate){
        .seed = seed,
        .transfers = rows,
        .scenario = &w->scenario,
        .chains = {sg_chain_find("ethereum", 8), sg_chain_find("arbitrum", 8)}};
    oracle_books_open(&w->books);
}

static enum sg_status run(struct world *w, struct sg_err *err)
{
    struct sg_simulate_sink sink = sink_of;
    sink.ctx = w;
    const enum sg_status st = sg_simulate_run(&w->summary, &w->options, &sink, err);
    if (st == SG_OK)
        sg_sha256_final(w->digest, w->sha256);
    return st;
}

static void close_world(struct world *w)
{
    oracle_books_close(&w->books);
    sg_buf_clear(&w->truth);
    sg_sha256_free(w->sha256);
}

static void test_no_balance_goes_below_zero_and_rows_are_in_order(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, sg_test_seed(), ROWS);
    CHECK_OK(run(&w, &err), &err);
    assert_int_equal(w.books.overdrawn, 0);
    assert_int_equal(w.books.out_of_order, 0);
    assert_int_equal(w.books.rows, w.summary.rows[0] + w.summary.rows[1]);
    assert_in_range(w.books.rows, ROWS, ROWS + 400); /* one payday may be under way at the end */
    CHECK(w.books.failed > 50 && w.books.fakes > 50);
    CHECK(w.summary.rows[1] > 50 && w.summary.salaries > 500);
    close_world(&w);
}

static void test_the_same_seed_gives_the_same_rows_and_truth(void **state)
{
    struct world a, b, c;
    struct sg_err err;
    (void)state;
    open_world(&a, 5, 20000);
    open_world(&b, 5, 20000);
    open_world(&c, 6, 20000);
    CHECK_OK(run(&a, &err), &err);
    CHECK_OK(run(&b, &err), &err);
    CHECK_OK(run(&c, &err), &err);
    assert_memory_equal(a.digest, b.digest, SG_SHA256_SIZE);
    assert_string_equal(a.truth.data, b.truth.data);
    CHECK(memcmp(a.digest, c.digest, SG_SHA256_SIZE) != 0);
    close_world(&a);
    close_world(&b);
    close_world(&c);
}

/* What truth.json says, read key by key. */
struct reading {
    struct world *w;
    char tokens[3][64]; /* contract of each asset, "" for coins */
    size_t n_tokens;
    char section[32], list[32], key[32];
    char chain[16], asset[16], kind[16];
    size_t depth, theft;
    struct sg_amount amount;
    struct sg_amount cashed[THEFTS_MAX][PLACES], held[THEFTS_MAX][PLACES];
    struct sg_amount books_cashed[THEFTS_MAX][PLACES], books_held[THEFTS_MAX][PLACES];
    struct sg_amount in, out;
    size_t n_books, n_steps;
};

static size_t place_of(const struct reading *r)
{
    const size_t asset = strcmp(r->asset, "USDC") == 0 ? 1 : strcmp(r->asset, "USDT") == 0 ? 2 : 0;
    return (strcmp(r->chain, "arbitrum") == 0 ? 3 : 0) + asset;
}

static void add(struct sg_amount *sum, struct sg_amount more)
{
    CHECK(sg_amount_add(sum, *sum, more));
}

static void end_step(struct reading *r)
{
    assert_in_range(r->theft, 0, THEFTS_MAX - 1);
    r->n_steps++;
    if (strcmp(r->kind, "exchange") == 0 || strcmp(r->kind, "otc") == 0)
        add(&r->cashed[r->theft][place_of(r)], r->amount);
}

static void end_books(struct reading *r)
{
    CHECK(sg_amount_cmp(r->in, r->out) == 0);
    r->in = r->out = SG_AMOUNT_ZERO;
    r->n_books++;
}

static void take_books(struct reading *r, const char *text, size_t size)
{
    static const char *const ins[] = {"stolen",     "gas_bought", "stray_in",
                                      "swapped_in", "bridged_in", "unmixed"};
    static const char *const outs[] = {"exchange",    "otc",  "mixed", "swapped_out",
                                       "bridged_out", "fees", "held"};
    struct sg_amount amount;
    struct sg_err err;
    CHECK_OK(sg_amount_parse(&amount, text, size, 0, &err), &err);
    for (size_t i = 0; i < SG_COUNT_OF(ins); i++)
        if (strcmp(r->key, ins[i]) == 0)
            add(&r->in, amount);
    for (size_t i = 0; i < SG_COUNT_OF(outs); i++)
        if (strcmp(r->key, outs[i]) == 0)
            add(&r->out, amount);
    if (strcmp(r->key, "exchange") == 0 || strcmp(r->key, "otc") == 0)
        add(&r->books_cashed[r->theft][place_of(r)], amount);
    if (strcmp(r->key, "held") == 0)
        add(&r->books_held[r->theft][place_of(r)], amount);
}

static void keep(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

/* An address of a thief: what the oracle says is there. */
static void take_address(struct reading *r, const char *text)
{
    const unsigned chain = strcmp(r->list, "addresses_second_chain") == 0;
    for (size_t asset = 0; asset < 3; asset++)
        add(&r->held[r->theft][chain * 3 + asset],
            oracle_books_balance(&r->w->books, chain, text, r->tokens[asset]));
}

static void on_value(struct reading *r, const char *text, size_t size)
{
    struct sg_err err;
    if (strcmp(r->key, "theft") == 0)
        r->theft = (size_t)strtoul(text, NULL, 10);
    else if (strcmp(r->key, "chain") == 0)
        keep(r->chain, sizeof(r->chain), text);
    else if (strcmp(r->key, "asset") == 0)
        keep(r->asset, sizeof(r->asset), text);
    else if (strcmp(r->key, "kind") == 0)
        keep(r->kind, sizeof(r->kind), text);
    else if (strcmp(r->key, "amount") == 0)
        CHECK_OK(sg_amount_parse(&r->amount, text, size, 0, &err), &err);
    else if (strcmp(r->section, "thefts") == 0 && r->depth == 5)
        take_books(r, text, size);
    else if (strcmp(r->section, "thefts") == 0 && strncmp(r->list, "addresses", 9) == 0)
        take_address(r, text);
}

static void on_json(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct reading *r = ctx;
    if (event == JSON_BEGIN_OBJECT || event == JSON_BEGIN_ARRAY) {
        if (event == JSON_BEGIN_ARRAY && r->depth == 3)
            keep(r->list, sizeof(r->list), r->key);
        r->depth++;
        if (event == JSON_BEGIN_OBJECT && r->depth == 3)
            keep(r->kind, sizeof(r->kind), "");
    } else if (event == JSON_END_OBJECT || event == JSON_END_ARRAY) {
        if (event == JSON_END_OBJECT && strcmp(r->section, "events") == 0 && r->depth == 3 &&
            !strstr(r->kind, "_pair"))
            end_step(r);
        if (event == JSON_END_OBJECT && strcmp(r->section, "thefts") == 0 && r->depth == 5)
            end_books(r);
        r->depth--;
    } else if (event == JSON_KEY) {
        keep(r->key, sizeof(r->key), text);
        if (r->depth == 1)
            keep(r->section, sizeof(r->section), text);
    } else {
        if (strcmp(r->section, "true_tokens") == 0)
            keep(r->tokens[++r->n_tokens], sizeof(r->tokens[0]), text);
        on_value(r, text, size);
    }
}

static void test_the_books_of_every_theft_agree_with_its_steps_and_with_the_rows(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 11, 15000);
    w.scenario.people = 300; /* the reader of JSON is slow on large texts */
    w.scenario.payers = 1;
    w.scenario.thefts = 5;
    CHECK_OK(run(&w, &err), &err);
    /* The tokens stand at the end; so read twice. */
    struct reading first = {.w = &w}, *r = sg_mem_zalloc(1, sizeof(*r));
    assert_non_null(r);
    CHECK(json_read(w.truth.data, w.truth.size, on_json, &first));
    assert_int_equal(first.n_tokens, 2);
    r->w = &w;
    memcpy(r->tokens, first.tokens, sizeof(r->tokens));
    CHECK(json_read(w.truth.data, w.truth.size, on_json, r));
    CHECK(r->n_books > 8 && r->n_steps > 300);
    for (size_t theft = 0; theft < THEFTS_MAX; theft++)
        for (size_t at = 0; at < PLACES; at++) {
            assert_int_equal(sg_amount_cmp(r->cashed[theft][at], r->books_cashed[theft][at]), 0);
            assert_int_equal(sg_amount_cmp(r->held[theft][at], r->books_held[theft][at]), 0);
        }
    sg_mem_free(r);
    close_world(&w);
}

static void test_every_theft_that_happened_has_its_case(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 5, 15000);
    w.scenario.thefts = 6;
    CHECK_OK(run(&w, &err), &err);
    CHECK(w.summary.thefts >= 4);
    assert_int_equal(w.n_cases, w.summary.thefts);
    close_world(&w);
}

static void test_rings_have_the_size_and_the_share_that_the_scenario_says(void **state)
{
    struct world w;
    struct sg_err err;
    size_t gather = 0;
    (void)state;
    open_world(&w, 3, ROWS);
    w.scenario.payers = 20;
    w.scenario.crooked = 50;
    w.scenario.ring_max = 8;
    CHECK_OK(run(&w, &err), &err);
    for (const char *at = w.truth.data; (at = strstr(at, "\"gathers\"")) != NULL; at++)
        gather++;
    assert_in_range(gather, 56, 60); /* 5 % of 20 x 60; the last few may not fill a ring */
    close_world(&w);
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
    assert_int_equal(w.books.rows, 777);
    close_world(&w);
}

static void test_a_scenario_that_needs_too_many_addresses_is_refused(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 1, 10);
    w.scenario.payers = 100000;
    w.scenario.payees = 10000;
    assert_int_equal(run(&w, &err), SG_ELIMIT);
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
    assert_in_range(w.books.rows, 3000, 20000);
    close_world(&w);
}

static enum sg_status no_row(void *ctx, unsigned chain, const struct sg_simulate_row *row,
                             struct sg_err *err)
{
    (void)ctx;
    (void)chain;
    (void)row;
    (void)err;
    return SG_OK;
}

static enum sg_status no_truth(void *ctx, const char *bytes, size_t size, struct sg_err *err)
{
    (void)ctx;
    (void)bytes;
    (void)size;
    (void)err;
    return SG_OK;
}

static enum sg_status no_case(void *ctx, uint32_t theft, const char *bytes, size_t size,
                              struct sg_err *err)
{
    (void)theft;
    return no_truth(ctx, bytes, size, err);
}

static enum sg_status small_run(const struct sg_simulate *options, struct sg_err *err)
{
    const struct sg_simulate_sink sink = {.row = no_row, .truth = no_truth, .case_file = no_case};
    struct sg_simulate_summary summary;
    return sg_simulate_run(&summary, options, &sink, err);
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, 1, 400);
    w.scenario.people = 64;
    w.scenario.payers = 2;
    CHECK_OOM_SWEEP(small_run(&w.options, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_balance_goes_below_zero_and_rows_are_in_order),
        cmocka_unit_test(test_the_same_seed_gives_the_same_rows_and_truth),
        cmocka_unit_test(test_the_books_of_every_theft_agree_with_its_steps_and_with_the_rows),
        cmocka_unit_test(test_every_theft_that_happened_has_its_case),
        cmocka_unit_test(test_rings_have_the_size_and_the_share_that_the_scenario_says),
        cmocka_unit_test(test_what_the_sink_refuses_ends_the_run),
        cmocka_unit_test(test_a_scenario_that_needs_too_many_addresses_is_refused),
        cmocka_unit_test(test_a_run_stops_when_asked),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
