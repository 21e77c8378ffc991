/* From a trace to a report: the picture conserves what the trace conserves, and never holds more
 * than a page shows. Method: random worlds of payments, traced here by keeping balances, with
 * amounts that are all stolen, so that every policy would agree. */
#include "support/check.h"

#include "app/brief/brief.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>

#define PARTIES_MAX 120
#define MOVES_MAX   2000
#define SEED_AMOUNT 1000000000u

struct world {
    struct sg_case c;
    struct sg_trace trace;
    struct sg_trace_figures figures;
    struct sg_trace_line line;
    struct sg_trace_asset asset;
    struct sg_trace_party parties[PARTIES_MAX];
    struct sg_case_label labels[PARTIES_MAX];
    struct sg_trace_tx txs[MOVES_MAX];
    struct sg_trace_move moves[MOVES_MAX];
    struct sg_trace_destination destinations[PARTIES_MAX];
    uint32_t of_destination[PARTIES_MAX][MOVES_MAX];
    struct sg_trace_entity entities[PARTIES_MAX];
    uint32_t of_entity[PARTIES_MAX];
    struct sg_trace_holding holdings[PARTIES_MAX];
    char names[PARTIES_MAX][32];
    uint64_t balance[PARTIES_MAX];
    uint64_t fees, held, unobserved, reached;
    size_t n_parties, n_services, n_moves;
};

static struct world w; /* large; one at a time */

static bool is_service(size_t party)
{
    return party >= w.n_parties - w.n_services;
}

static void make_parties(struct sg_rng *rng)
{
    for (size_t i = 0; i < w.n_parties; i++) {
        struct sg_trace_party *p = &w.parties[i];
        struct sg_case_label *l = &w.labels[i];
        snprintf(w.names[i], sizeof(w.names[i]), "role_%u", (unsigned)sg_rng_below(rng, 30));
        p->chain = w.asset.chain;
        p->address.size = 20;
        p->address.bytes[19] = (uint8_t)i;
        p->is_service = is_service(i);
        *l = (struct sg_case_label){.entity = w.names[i], .role = w.names[i]};
        l->category = p->is_service ? SG_CATEGORY_EXCHANGE : SG_CATEGORY_INTERMEDIARY;
        if (p->is_service)
            snprintf(w.names[i], sizeof(w.names[i]), "service %zu", i);
        p->label = p->is_service || sg_rng_below(rng, 2) ? l : NULL;
    }
}

static void add_move(uint32_t from, uint32_t to, uint64_t amount, bool seed)
{
    const uint32_t i = (uint32_t)w.n_moves++;
    w.txs[i] = (struct sg_trace_tx){.chain = w.asset.chain, .time_unix_s = 1648041417 + 600 * i};
    w.moves[i] = (struct sg_trace_move){.kind = seed ? SG_MOVE_SEED : SG_MOVE_TRANSFER,
                                        .from = from,
                                        .to = to,
                                        .tx = i,
                                        .row = i,
                                        .time_unix_s = w.txs[i].time_unix_s,
                                        .amount = sg_amount_from(amount),
                                        .tainted = sg_amount_from(amount),
                                        .to_service = is_service(to)};
    w.balance[to] += amount;
    if (!seed)
        w.balance[from] -= amount;
}

/* Payments of random parts of random balances, a small fee each. */
static void make_moves(struct sg_rng *rng, size_t n)
{
    add_move(SG_TRACE_NONE, 0, SEED_AMOUNT, true);
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = (uint32_t)sg_rng_below(rng, w.n_parties - w.n_services);
        const uint32_t to = (uint32_t)sg_rng_below(rng, w.n_parties);
        const uint64_t fee = w.balance[from] > 50 ? 21 : 0;
        w.balance[from] -= fee;
        w.fees += fee;
        if (w.balance[from] > 0 && from != to)
            add_move(from, to, 1 + sg_rng_below(rng, w.balance[from]), false);
    }
}

static void make_destination(uint32_t party)
{
    struct sg_trace_destination *d = &w.destinations[w.figures.n_destinations];
    *d = (struct sg_trace_destination){.party = party,
                                       .entity = w.labels[party].entity,
                                       .category = SG_CATEGORY_EXCHANGE,
                                       .amount = sg_amount_from(w.balance[party]),
                                       .moves = w.of_destination[party]};
    for (uint32_t i = 0; i < w.n_moves; i++)
        if (w.moves[i].to == party)
            w.of_destination[party][d->n_moves++] = i;
    d->transfers = d->n_moves;
    w.of_entity[party] = (uint32_t)w.figures.n_destinations++;
    w.entities[w.figures.n_entities++] =
        (struct sg_trace_entity){.entity = d->entity,
                                 .category = d->category,
                                 .amount = d->amount,
                                 .transfers = d->n_moves,
                                 .addresses = 1,
                                 .destinations = &w.of_entity[party],
                                 .n_destinations = 1};
    w.reached += w.balance[party];
}

static void make_ends(struct sg_rng *rng)
{
    for (uint32_t i = 0; i < w.n_parties; i++) {
        if (w.balance[i] == 0)
            continue;
        if (is_service(i)) {
            make_destination(i);
            continue;
        }
        const bool held = sg_rng_below(rng, 2) == 0;
        *(held ? &w.held : &w.unobserved) += w.balance[i];
        w.holdings[w.figures.n_holdings++] =
            (struct sg_trace_holding){.party = i,
                                      .status = held ? SG_TRACE_HELD : SG_TRACE_UNOBSERVED,
                                      .amount = sg_amount_from(w.balance[i])};
    }
}

static void make_world(struct sg_rng *rng, size_t n_parties, size_t n_services, size_t n_moves)
{
    memset(&w, 0, sizeof(w));
    w.n_parties = n_parties;
    w.n_services = n_services;
    w.asset = (struct sg_trace_asset){sg_chain_find("ethereum", 8), {0}, "ETH", 18};
    w.c.title = "A theft";
    w.c.date_unix_s = 1648041417;
    make_parties(rng);
    make_moves(rng, n_moves);
    make_ends(rng);
    w.line = (struct sg_trace_line){.stolen = sg_amount_from(SEED_AMOUNT),
                                    .destinations = sg_amount_from(w.reached),
                                    .held = sg_amount_from(w.held),
                                    .unobserved = sg_amount_from(w.unobserved),
                                    .fees = sg_amount_from(w.fees)};
    w.figures.policy = SG_POLICY_FIFO;
    w.figures.lines = &w.line;
    w.figures.n_lines = 1;
    w.figures.destinations = w.destinations;
    w.figures.entities = w.entities;
    w.figures.holdings = w.holdings;
    w.figures.moves = w.moves;
    w.figures.n_moves = w.n_moves;
    w.trace = (struct sg_trace){.c = &w.c,
                                .parties = w.parties,
                                .n_parties = w.n_parties,
                                .txs = w.txs,
                                .n_txs = w.n_moves,
                                .assets = &w.asset,
                                .n_assets = 1,
                                .figures = &w.figures,
                                .n_figures = 1};
}

/* What came to a node and what left it in the picture's edges. */
static void sums(struct sg_amount *in, struct sg_amount *out, const struct sg_report_result *r,
                 uint32_t node)
{
    *in = *out = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < r->n_edges; i++) {
        if (r->edges[i].to == node)
            CHECK(sg_amount_add(in, *in, r->edges[i].amount));
        if (r->edges[i].from == node)
            CHECK(sg_amount_add(out, *out, r->edges[i].amount));
    }
}

static void check_picture(const struct sg_report_result *r)
{
    CHECK(r->n_nodes <= 64 && r->n_edges <= 512);
    for (uint32_t v = 0; v < r->n_nodes; v++) {
        const struct sg_report_node *node = &r->nodes[v];
        struct sg_amount in, out;
        sums(&in, &out, r, v);
        switch (node->kind) {
        case SG_REPORT_THEFT:
            CHECK(sg_amount_add(&in, in, node->amount));
            assert_int_equal(sg_amount_cmp(in, out), 0);
            break;
        case SG_REPORT_PATH:
            assert_int_equal(sg_amount_cmp(in, out), 0);
            break;
        case SG_REPORT_EXCHANGE:
        case SG_REPORT_OTHER:
        case SG_REPORT_HELD:
        case SG_REPORT_UNSEEN:
        case SG_REPORT_FEE:
            assert_int_equal(sg_amount_cmp(in, node->amount), 0);
            CHECK(sg_amount_is_zero(out));
            break;
        case SG_REPORT_MIXER:
        case SG_REPORT_BRIDGE:
        case SG_REPORT_SERVICE:
            fail_msg("a kind that this world does not have");
        }
    }
}

static void check_world(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    struct sg_report report;
    struct sg_err err;
    const struct sg_brief_input input = {.trace = &w.trace, .main = SG_POLICY_FIFO};
    CHECK_OK(sg_brief_build(&report, &arena, &input, &err), &err);
    assert_int_equal(report.n_assets, 1);
    const struct sg_report_result *r = &report.assets[0].results[0];
    check_picture(r);
    assert_int_equal(r->n_destinations, w.figures.n_destinations);
    assert_int_equal(r->n_held_at + r->n_unobserved_at, w.figures.n_holdings);
    CHECK_OK(sg_report_write(&out, &report, &err), &err);
    CHECK(strstr(out.data, "this does not add up") == NULL);
    sg_buf_clear(&out);
    sg_arena_clear(&arena);
}

static void test_the_picture_conserves_what_the_trace_conserves(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 60; i++) {
        const size_t n_parties = 3 + sg_rng_below(&rng, PARTIES_MAX - 3);
        make_world(&rng, n_parties, 1 + sg_rng_below(&rng, n_parties / 2),
                   sg_rng_below(&rng, MOVES_MAX - 1));
        check_world();
    }
}

static void test_a_policy_that_was_not_run_is_refused(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_rng rng;
    struct sg_report report;
    struct sg_err err;
    sg_rng_init(&rng, 1);
    make_world(&rng, 5, 1, 20);
    const struct sg_brief_input input = {.trace = &w.trace, .main = SG_POLICY_LIFO};
    assert_int_equal(sg_brief_build(&report, &arena, &input, &err), SG_EUSAGE);
    assert_string_equal(err.text, "the policy lifo was not run");
    sg_arena_clear(&arena);
}

static enum sg_status build(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_report report;
    const struct sg_brief_input input = {.trace = &w.trace, .main = SG_POLICY_FIFO};
    const enum sg_status st = sg_brief_build(&report, &arena, &input, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, 3);
    make_world(&rng, 12, 3, 60);
    CHECK_OOM_SWEEP(build());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_picture_conserves_what_the_trace_conserves),
        cmocka_unit_test(test_a_policy_that_was_not_run_is_refused),
        cmocka_unit_test(test_refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
