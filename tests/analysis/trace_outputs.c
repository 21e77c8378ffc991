/* A case on a chain of outputs becomes figures that need no ledger: seeds name outputs, services
 * and CoinJoins end a trail, what cannot be seen is said. Method: a small ledger, figures by hand.
 */
#include "support/check.h"
#include "support/utxo_gen.h"

#include "analysis/trace/trace.h"
#include "formats/address/address.h"

#include <stdio.h>
#include <string.h>

#define COIN    100000000u
#define VICTIM  1u
#define PAYER   2u
#define THIEF   10u
#define PEELED  11u
#define MIXING  12u
#define KEPT    13u
#define SERVICE 20u
#define DEPOSIT 21u
#define RANSOM  30u
#define OTHER   31u

struct world {
    struct sg_utxo utxo;
    struct sg_arena arena, case_arena;
    struct sg_case c;
    char theft_tx[SG_BTC_HASH_TEXT_MAX];
    uint64_t kept; /* the output that the thief keeps */
    uint64_t paid; /* the output that the service got */
    struct sg_trace_input input;
    struct sg_trace trace;
};

static const char *text_of(const struct world *w, uint32_t who)
{
    static char texts[8][SG_PAYEE_TEXT_MAX + 1];
    static size_t at;
    char *text = texts[at++ % 8];
    size_t size;
    const uint8_t *script = sg_utxo_owner_script(&size, &w->utxo, gen_owner(&w->utxo, who));
    assert_int_equal(sg_address_from_script(text, SG_NETWORK_REGTEST, script, size), SG_OK);
    return text;
}

/* A Whirlpool round: the thief and four strangers. */
static void add_round(struct world *w, uint64_t mixing)
{
    struct gen_pay in[4], out[5];
    uint64_t spent[5] = {mixing};
    for (uint32_t i = 0; i < 4; i++)
        in[i] = (struct gen_pay){40 + i, 1000000};
    for (uint32_t i = 0; i < 5; i++)
        out[i] = (struct gen_pay){50 + i, 1000000};
    const uint64_t first = gen_coinbase(&w->utxo, in, 4);
    for (uint64_t i = 0; i < 4; i++)
        spent[i + 1] = first + i;
    gen_spend(&w->utxo, spent, 5, out, 5);
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    gen_ledger_open(&w->utxo);
    const uint64_t coin = gen_coinbase(
        &w->utxo, (struct gen_pay[]){{VICTIM, 40ULL * COIN}, {PAYER, 10ULL * COIN}}, 2);
    const uint64_t payer = coin + 1;
    const uint64_t stolen = gen_spend(
        &w->utxo, &coin, 1, (struct gen_pay[]){{THIEF, 30ULL * COIN}, {VICTIM, 99 * COIN / 10}}, 2);
    sg_btc_hash_text(w->theft_tx, sg_utxo_txs(&w->utxo)[sg_utxo_tx_of_out(&w->utxo, stolen)].txid);
    const uint64_t peel =
        gen_spend(&w->utxo, &stolen, 1,
                  (struct gen_pay[]){{SERVICE, 5ULL * COIN}, {PEELED, 249ULL * COIN / 10}}, 2);
    const uint64_t change = peel + 1;
    w->paid = peel;
    const uint64_t mixing = gen_spend(
        &w->utxo, &change, 1, (struct gen_pay[]){{MIXING, 1005000}, {KEPT, 248ULL * COIN / 10}}, 2);
    w->kept = mixing + 1;
    add_round(w, mixing);
    const uint64_t ransom =
        gen_spend(&w->utxo, &payer, 1, (struct gen_pay[]){{RANSOM, COIN}, {PAYER, 8ULL * COIN}}, 2);
    gen_spend(&w->utxo, &ransom, 1, (struct gen_pay[]){{RANSOM, COIN * 4 / 10}, {OTHER, COIN / 2}},
              2);
}

static void read_case(struct world *w, const char *seeds)
{
    char text[4096];
    struct sg_err err;
    snprintf(text, sizeof(text),
             "sillage_case: 1\nname: made\ntitle: Made up\ndate: 1970-01-01\n"
             "sources: [{id: s, title: made up}]\nseeds:\n%slabels:\n"
             "  - {chain: bitcoin-regtest, address: %s, entity: Ex, category: exchange, source: s, "
             "confidence: high}\n"
             "  - {chain: bitcoin-regtest, address: bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202, "
             "entity: Nowhere, category: other, source: s, confidence: low}\n",
             seeds, text_of(w, SERVICE));
    CHECK_OK(sg_case_parse(&w->c, &w->case_arena, text, strlen(text), NULL, &err), &err);
    w->input = (struct sg_trace_input){
        .c = &w->c, .utxo = &w->utxo, .policies = 0x3f, .until_unix_s = INT64_MAX};
}

#define REST "time: 1970-01-01, source: s}\n"

static void open_case(struct world *w)
{
    char seeds[1024];
    struct sg_err err;
    snprintf(seeds, sizeof(seeds),
             "  - {theft: one, chain: bitcoin-regtest, asset: BTC, tx: '%s', " REST
             "  - {theft: two, chain: bitcoin-regtest, asset: BTC, address: %s, until: "
             "1970-02-01, " REST,
             w->theft_tx, text_of(w, RANSOM));
    read_case(w, seeds);
    CHECK_OK(sg_trace_run(&w->trace, &w->arena, &w->input, &err), &err);
}

static void close_world(struct world *w)
{
    sg_arena_clear(&w->arena);
    sg_arena_clear(&w->case_arena);
    sg_utxo_close(&w->utxo);
}

static uint64_t sat(struct sg_amount amount)
{
    uint64_t n = 0;
    assert_true(sg_amount_to_u64(&n, amount));
    return n;
}

static const struct sg_trace_holding *holding_of(const struct world *w,
                                                 const struct sg_trace_figures *f, uint32_t who)
{
    char text[SG_ADDRESS_TEXT_MAX];
    for (size_t i = 0; i < f->n_holdings; i++) {
        const struct sg_trace_party *p = &w->trace.parties[f->holdings[i].party];
        if (strcmp(sg_address_format(text, p->chain, &p->address), text_of(w, who)) == 0)
            return &f->holdings[i];
    }
    return NULL;
}

/* Two thefts: 30 stolen, of which 5 reach the service, 0.01005 a CoinJoin, 24.8 are kept; and a
 * ransom of 1, of which 0.4 comes back to its address, which steals nothing anew. */
static void test_figures_by_hand_under_every_policy(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    open_case(&w);
    assert_true(w.trace.is_outputs);
    assert_int_equal(w.trace.n_figures, SG_POLICY_COUNT);
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        const struct sg_trace_figures *f = &w.trace.figures[p];
        const struct sg_trace_line *line = &f->lines[0];
        assert_int_equal(f->n_lines, 1);
        assert_int_equal(sat(line->stolen), 31ULL * COIN);
        assert_int_equal(sat(line->destinations), 5ULL * COIN + 1005000);
        assert_int_equal(sat(line->coinjoins), 1005000);
        assert_int_equal(sat(line->held), 257ULL * COIN / 10);
        assert_int_equal(sat(line->fees), 2 * COIN / 10 + 8995000);
        assert_int_equal(sat(line->unobserved), 0);
        assert_int_equal(f->n_entities, 2);
        assert_string_equal(f->entities[0].entity, "Ex");
        assert_string_equal(f->entities[1].entity, "CoinJoin, whirlpool");
        assert_int_equal(f->entities[1].category, SG_CATEGORY_MIXER);
        assert_int_equal(f->n_shares, 2);
        assert_int_equal(sat(f->shares[1].stolen), COIN);
        const struct sg_trace_holding *kept = holding_of(&w, f, KEPT);
        assert_non_null(kept);
        assert_int_equal(kept->status, SG_TRACE_HELD);
        assert_int_equal(kept->n_coins, 1);
        assert_int_equal(kept->coins[0].index, 1);
        assert_int_equal(sat(kept->coins[0].value), 248ULL * COIN / 10);
        assert_int_equal(kept->covered_to, sg_utxo_n(&w.utxo, SG_UTXO_BLOCKS) - 1);
    }
    assert_int_equal(w.trace.n_absent, 1);
    assert_int_equal(w.trace.gaps, 0);
    close_world(&w);
}

/* What is spent beside an output that the ledger lacks is unobserved, in that transaction. */
static void test_what_is_spent_beside_a_missing_output_is_unobserved(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const uint64_t spent[] = {w.kept, SG_UTXO_NONE};
    gen_spend(&w.utxo, spent, 2, (struct gen_pay[]){{OTHER, 20ULL * COIN}}, 1);
    open_case(&w);
    const struct sg_trace_figures *f = &w.trace.figures[0];
    const struct sg_trace_holding *kept = holding_of(&w, f, KEPT);
    assert_int_equal(sat(f->lines[0].unobserved), 248ULL * COIN / 10);
    assert_non_null(kept);
    assert_int_equal(kept->status, SG_TRACE_UNOBSERVED);
    assert_int_not_equal(kept->coins[0].spent_in, SG_TRACE_NONE);
    close_world(&w);
}

static enum sg_status run_and_drop(const struct world *w)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_trace trace;
    struct sg_err err;
    const enum sg_status st = sg_trace_run(&trace, &arena, &w->input, &err);
    sg_arena_clear(&arena);
    return st;
}

/* A deposit address that no label names is swept together with the service's own money. */
static void test_who_spends_with_a_service_is_it_when_asked(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    const uint64_t deposit =
        gen_spend(&w.utxo, &w.kept, 1, (struct gen_pay[]){{DEPOSIT, 24ULL * COIN}}, 1);
    const uint64_t swept[] = {w.paid,
                              gen_coinbase(&w.utxo, (struct gen_pay[]){{DEPOSIT, COIN}}, 1)};
    gen_spend(&w.utxo, swept, 2, (struct gen_pay[]){{OTHER, 6ULL * COIN}}, 1);
    open_case(&w);
    assert_int_equal(sat(w.trace.figures[0].lines[0].destinations), 5ULL * COIN + 1005000);
    assert_non_null(holding_of(&w, &w.trace.figures[0], DEPOSIT));
    w.input.by_cluster = true;
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    const struct sg_trace_figures *f = &w.trace.figures[0];
    assert_int_equal(sat(f->lines[0].destinations), 29ULL * COIN + 1005000);
    assert_null(holding_of(&w, f, DEPOSIT));
    assert_string_equal(f->entities[0].entity, "Ex");
    assert_int_equal(sat(f->entities[0].amount), 29ULL * COIN);
    assert_int_equal(f->entities[0].addresses, 2);
    const struct sg_trace_party *party = &w.trace.parties[f->destinations[0].party];
    assert_string_equal(party->label->role, "spends together with it");
    assert_int_equal(sg_utxo_out_owner(&w.utxo)[deposit], gen_owner(&w.utxo, DEPOSIT));
    CHECK_OOM_SWEEP(run_and_drop(&w));
    close_world(&w);
}

/* Dust is cut below the amount alone: 0.01005 goes on under that, and not under a satoshi more. */
static void test_the_cut_off_is_exact(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    open_case(&w);
    w.input.has_dust = true;
    assert_int_equal(sg_amount_parse(&w.input.dust, "0.01005", 7, 18, NULL), SG_OK);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    assert_int_equal(sat(w.trace.figures[0].lines[0].dust_discarded), 0);
    assert_int_equal(sg_amount_parse(&w.input.dust, "0.010050000000000001", 20, 18, NULL), SG_OK);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    assert_int_equal(sat(w.trace.figures[0].lines[0].dust_discarded), 1005000);
    close_world(&w);
}

static void check_refusal(const char *seeds, const char *says)
{
    struct world w;
    struct sg_err err = {0};
    open_world(&w);
    read_case(&w, seeds);
    const enum sg_status st = sg_trace_run(&w.trace, &w.arena, &w.input, &err);
    if (st != SG_EUSAGE || !strstr(err.text, says))
        fail_msg("%s: %s", sg_status_name(st), err.text);
    close_world(&w);
}

static void test_refusals_say_what_is_not_there(void **state)
{
    char seeds[512];
    struct world w;
    (void)state;
    check_refusal("  - {chain: bitcoin-regtest, asset: BTC, tx: "
                  "'4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b', " REST,
                  "does not hold the transaction 4a5e1e4baab89f3a");
    check_refusal("  - {chain: bitcoin-regtest, asset: BTC, address: "
                  "bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202, until: 1970-02-01, " REST,
                  "none of the outputs");
    open_world(&w);
    snprintf(seeds, sizeof(seeds),
             "  - {chain: bitcoin-regtest, asset: BTC, tx: '%s', output: 2, " REST, w.theft_tx);
    check_refusal(seeds, "no output that the seed can mean");
    snprintf(seeds, sizeof(seeds),
             "  - {chain: bitcoin-regtest, asset: BTC, tx: '%s', amount: 31, " REST, w.theft_tx);
    check_refusal(seeds, "hold 1.00000000 less than it says");
    snprintf(seeds, sizeof(seeds),
             "  - {chain: bitcoin-regtest, asset: BTC, tx: '%s', " REST
             "  - {chain: bitcoin-regtest, asset: BTC, tx: '%s', output: 0, amount: 1, " REST,
             w.theft_tx, w.theft_tx);
    check_refusal(seeds, "seeds take more of an output than it holds");
    snprintf(seeds, sizeof(seeds),
             "  - {chain: bitcoin-regtest, asset: BTC, tx: '%s', " REST
             "  - {chain: tron, asset: TRX, tx: '%s', address: T, amount: 1, " REST,
             w.theft_tx, w.theft_tx);
    check_refusal(seeds, "a chain of outputs is traced by itself");
    close_world(&w);
}

static void test_it_survives_every_refused_allocation(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    open_case(&w);
    CHECK_OOM_SWEEP(run_and_drop(&w));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_by_hand_under_every_policy),
        cmocka_unit_test(test_what_is_spent_beside_a_missing_output_is_unobserved),
        cmocka_unit_test(test_who_spends_with_a_service_is_it_when_asked),
        cmocka_unit_test(test_the_cut_off_is_exact),
        cmocka_unit_test(test_refusals_say_what_is_not_there),
        cmocka_unit_test(test_it_survives_every_refused_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
