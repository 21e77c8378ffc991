/* Goal: a case becomes figures that need no ledger: coverage decides held or unobserved, labels
 * decide destinations, what the case names and the ledger lacks is said. Method: a case text and a
 * ledger in memory, figures by hand; refusals by their sentence; every allocation refused. */
#include "support/check.h"

#include "support/mem_ledger.h"

#include "analysis/trace/trace.h"

#include <string.h>

#define A "0x00000000000000000000000000000000000000a1"
#define B "0x00000000000000000000000000000000000000b2"
#define X "0x00000000000000000000000000000000000000c3"
#define Y "0x00000000000000000000000000000000000000c4"
#define Z "0x00000000000000000000000000000000000000ee"

/* Two thefts that meet at A, an exchange of two addresses, an address that never occurs, a token
 * that the ledger never saw and that became native money at B. Amounts in 1e-18: small, to count by
 * hand. */
static const char case_text[] =
    "sillage_case: 1\n"
    "name: two\n"
    "title: Two thefts\n"
    "date: 2024-01-01\n"
    "sources:\n"
    "  - {id: s, title: made up, address: 'https://example.org/'}\n"
    "assets:\n"
    "  - {chain: ethereum, symbol: TOK, contract: '" Z "', decimals: 2}\n"
    "seeds:\n"
    "  - {theft: one, chain: ethereum, address: '" A
    "', asset: ETH, amount: '0.000000000000000030', "
    "time: 1970-01-01T00:00:15Z, source: s}\n"
    "  - {theft: two, chain: ethereum, address: '" A
    "', asset: ETH, amount: '0.000000000000000010', "
    "time: 1970-01-01T00:00:15Z, source: s}\n"
    "  - {theft: two, chain: ethereum, address: '" A "', asset: TOK, amount: '7.00', "
    "time: 1970-01-01T00:00:15Z, source: s}\n"
    "conversions:\n"
    "  - theft: two\n"
    "    from: {chain: ethereum, asset: TOK, amount: '5.00'}\n"
    "    to: {chain: ethereum, asset: ETH, amount: '0.000000000000000009'}\n"
    "    entries: [{address: '" B "'}]\n"
    "    source: s\n"
    "labels:\n"
    "  - {chain: ethereum, address: '" X
    "', entity: Ex, category: exchange, source: s, confidence: high}\n"
    "  - {chain: ethereum, address: '" Y
    "', entity: Ex, category: exchange, source: s, confidence: high}\n"
    "  - {chain: ethereum, address: '" Z
    "', entity: Nobody, category: other, source: s, confidence: low}\n";

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    const struct sg_ledger *list[1];
    struct sg_arena case_arena, arena;
    struct sg_case c;
    struct sg_trace_input input;
    struct sg_trace trace;
};

static struct sg_addr_id addr(struct world *w, const char *text)
{
    struct sg_address address;
    struct sg_err err;
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    CHECK_OK(sg_address_parse(&address, chain, text, strlen(text), &err), &err);
    return mem_addr(&w->mem, &address);
}

static void pay(struct world *w, uint64_t block, const char *from, const char *to, uint64_t units)
{
    mem_tx(&w->mem, block, (int64_t)block * 10, addr(w, from), SG_AMOUNT_ZERO,
           SG_TX_FEE_KNOWN | SG_TX_HAS_HASH);
    mem_row(&w->mem, addr(w, from), addr(w, to), 0, sg_amount_from(units), 0);
}

static void open_world(struct world *w)
{
    struct sg_err err;
    memset(w, 0, sizeof(*w));
    pay(w, 2, A, X, 8);  /* at 20: of 30 and 10 stolen, 6 and 2 by haircut */
    pay(w, 3, A, B, 16); /* 12 and 4 */
    pay(w, 4, B, Y, 20); /* 16 stolen and 4 that no row explains: by the conversion, of theft two */
    mem_cover(&w->mem, addr(w, A), SG_COVER_NATIVE, 1, 9);
    w->ledger = mem_view(&w->mem, sg_chain_find("ethereum", 8));
    w->list[0] = &w->ledger;
    CHECK_OK(sg_case_parse(&w->c, &w->case_arena, case_text, strlen(case_text), NULL, &err), &err);
    w->input = (struct sg_trace_input){.c = &w->c,
                                       .ledgers = w->list,
                                       .n_ledgers = 1,
                                       .policies = 1u << SG_POLICY_HAIRCUT,
                                       .until_unix_s = INT64_MAX,
                                       .shuffles = 2};
}

static void close_world(struct world *w)
{
    sg_arena_clear(&w->arena);
    sg_arena_clear(&w->case_arena);
    mem_clear(&w->mem);
}

#define CHECK_UNITS(got, units) CHECK(sg_amount_cmp((got), sg_amount_from(units)) == 0)

static void test_a_line_adds_up_and_shares_split_it(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    const struct sg_trace_figures *f = sg_trace_figures_of(&w.trace, SG_POLICY_HAIRCUT);
    assert_non_null(f);
    assert_null(sg_trace_figures_of(&w.trace, SG_POLICY_FIFO));
    assert_int_equal(f->n_lines, 2);
    CHECK_UNITS(f->lines[0].stolen, 40);
    CHECK_UNITS(f->lines[0].converted_in, 4);
    CHECK_UNITS(f->lines[0].destinations, 28);
    CHECK_UNITS(f->lines[0].held, 16);
    CHECK_UNITS(f->lines[0].unobserved, 0);
    assert_int_equal(f->n_shares, 3);
    CHECK_UNITS(f->shares[0].destinations, 18); /* theft one: 6 and 12 */
    CHECK_UNITS(f->shares[1].destinations, 10); /* theft two: 2, 4 and the 4 by conversion */
    CHECK_UNITS(f->shares[1].converted_in, 4);
    close_world(&w);
}

static void test_an_asset_that_the_ledger_never_saw_is_unobserved(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    const struct sg_trace_line *line = &w.trace.figures[0].lines[1];
    assert_string_equal(w.trace.assets[line->asset].symbol, "TOK");
    assert_int_equal(w.trace.assets[line->asset].decimals, 2);
    CHECK_UNITS(line->stolen, 700);
    CHECK_UNITS(line->converted_out, 500);
    CHECK_UNITS(line->unobserved, 200);
    assert_int_equal(w.trace.seeds_by_time, 3);
    close_world(&w);
}

static void test_destinations_are_gathered_by_entity(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    const struct sg_trace_figures *f = &w.trace.figures[0];
    assert_int_equal(f->n_destinations, 2);
    CHECK_UNITS(f->destinations[0].amount, 20);
    assert_int_equal(f->destinations[0].transfers, 1); /* two thefts in one row are one transfer */
    assert_int_equal(f->destinations[0].n_moves, 2);
    assert_int_equal(f->n_entities, 1);
    assert_string_equal(f->entities[0].entity, "Ex");
    CHECK_UNITS(f->entities[0].amount, 28);
    assert_int_equal(f->entities[0].transfers, 2);
    assert_int_equal(f->entities[0].senders, 2);
    assert_int_equal(f->entities[0].addresses, 2);
    assert_int_equal(f->entities[0].first_unix_s, 20);
    assert_int_equal(f->entities[0].last_unix_s, 40);
    close_world(&w);
}

static void test_held_names_the_last_covered_block(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    const struct sg_trace_holding *h = &w.trace.figures[0].holdings[0];
    assert_int_equal(h->status, SG_TRACE_HELD);
    assert_int_equal(h->covered_to, 9);
    CHECK_UNITS(h->amount, 16);
    assert_int_equal(w.trace.parties[h->party].last_out_unix_s, 30);
    close_world(&w);
}

static void test_what_the_case_names_and_the_ledger_lacks_is_said(void **state)
{
    struct world w;
    struct sg_err err;
    char text[SG_ADDRESS_TEXT_MAX];
    (void)state;
    open_world(&w);
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    assert_int_equal(w.trace.n_absent, 1);
    const struct sg_trace_party *p = &w.trace.parties[w.trace.absent[0]];
    assert_string_equal(sg_address_format(text, p->chain, &p->address), Z);
    close_world(&w);
}

static void test_ranges_leave_poison_out_unless_it_is_alone(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    w.input.policies = (1u << SG_POLICY_COUNT) - 1;
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    assert_int_equal(w.trace.n_figures, SG_POLICY_COUNT);
    assert_int_equal(w.trace.n_ranges, 2);
    /* Nothing is clean here: all agree, and poison has no excess. */
    CHECK_UNITS(w.trace.ranges[0].destinations.low, 28);
    CHECK_UNITS(w.trace.ranges[0].destinations.high, 28);
    assert_int_equal(w.trace.n_entity_ranges, 1);
    assert_int_equal(w.trace.n_orders, 0); /* every place in a block is known */
    close_world(&w);
}

static void test_a_chain_without_a_ledger_is_a_usage_error(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    w.input.n_ledgers = 0;
    assert_int_equal(sg_trace_run(&w.trace, &w.arena, &w.input, &err), SG_EUSAGE);
    assert_non_null(strstr(err.text, "ethereum"));
    close_world(&w);
}

/* How far a trace told that it was, and when it is stopped. */
struct told {
    uint64_t n, done, total, refuse_at;
};

static bool tell(void *ctx, uint64_t done, uint64_t total)
{
    struct told *told = ctx;
    CHECK(done >= told->done && done < total);
    told->done = done;
    told->total = total;
    return ++told->n != told->refuse_at;
}

static void test_a_trace_tells_how_far_it_is_and_stops_when_asked(void **state)
{
    struct world w;
    struct sg_err err;
    struct told told = {0};
    const struct sg_progress progress = {tell, &told};
    (void)state;
    open_world(&w);
    w.input.policies |= 1u << SG_POLICY_FIFO;
    w.input.progress = &progress;
    CHECK_OK(sg_trace_run(&w.trace, &w.arena, &w.input, &err), &err);
    assert_int_equal(told.total, 2 * w.mem.n_rows);
    assert_int_equal(told.n, 2 * w.mem.n_rows); /* a block a row, twice */
    told = (struct told){.refuse_at = 5};
    assert_int_equal(sg_trace_run(&w.trace, &w.arena, &w.input, &err), SG_ECANCELLED);
    assert_string_equal(err.text, "haircut: stopped at row 1 of 3");
    close_world(&w);
}

static enum sg_status run_swept(struct world *w, struct sg_err *err)
{
    const enum sg_status st = sg_trace_run(&w->trace, &w->arena, &w->input, err);
    sg_arena_clear(&w->arena);
    return st;
}

static enum sg_status backward_swept(struct world *w, struct sg_err *err)
{
    struct sg_trace_backward backward;
    const enum sg_status st = sg_trace_run_backward(&backward, &w->arena, &w->input, err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    w.input.policies = 1u << SG_POLICY_HAIRCUT | 1u << SG_POLICY_FIFO;
    CHECK_OOM_SWEEP(run_swept(&w, &err));
    CHECK_OOM_SWEEP(backward_swept(&w, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_adds_up_and_shares_split_it),
        cmocka_unit_test(test_an_asset_that_the_ledger_never_saw_is_unobserved),
        cmocka_unit_test(test_destinations_are_gathered_by_entity),
        cmocka_unit_test(test_held_names_the_last_covered_block),
        cmocka_unit_test(test_what_the_case_names_and_the_ledger_lacks_is_said),
        cmocka_unit_test(test_ranges_leave_poison_out_unless_it_is_alone),
        cmocka_unit_test(test_a_chain_without_a_ledger_is_a_usage_error),
        cmocka_unit_test(test_a_trace_tells_how_far_it_is_and_stops_when_asked),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
