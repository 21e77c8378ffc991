/* From a case and its trace to what is exported: every address once, the claim that it is shown
 * under first, what of the stolen money is or went there, payments between addresses alone. A case
 * made by hand. */
#include "support/check.h"

#include "app/exporting/exporting.h"

#include <string.h>

#define ETHER 1000000000000000000u

static struct sg_address address(uint8_t last)
{
    struct sg_address made = {.size = 20};
    made.bytes[19] = last;
    return made;
}

static const struct sg_case_source source = {.id = "s", .title = "A document"};

struct world {
    struct sg_case_label labels[2];
    struct sg_case_seed seed;
    struct sg_case c;
    struct sg_trace_party parties[4];
    struct sg_trace_tx tx;
    struct sg_trace_asset asset;
    struct sg_trace_move moves[5];
    struct sg_trace_destination destination;
    struct sg_trace_holding holdings[3];
    struct sg_trace_line line;
    struct sg_trace_figures figures;
    struct sg_trace trace;
};

static struct world w;

/* Address 1 is the thief's, and somebody says an exchange's; money went to 2, a service, and to 3;
 * party 3 is no address. */
static void make_case(void)
{
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    w = (struct world){.seed = {.address = address(1),
                                .amount = sg_amount_from(5 * (uint64_t)ETHER),
                                .asset = {.chain = chain, .symbol = "ETH", .decimals = 18}}};
    w.labels[0] = (struct sg_case_label){.chain = chain,
                                         .address = address(1),
                                         .entity = "Thief",
                                         .category = SG_CATEGORY_THEFT,
                                         .source = &source};
    w.labels[1] = w.labels[0];
    w.labels[1].entity = "Exchange";
    w.labels[1].category = SG_CATEGORY_EXCHANGE;
    w.c = (struct sg_case){.name = "made",
                           .title = "Made by hand",
                           .sources = &source,
                           .n_sources = 1,
                           .seeds = &w.seed,
                           .n_seeds = 1,
                           .labels = w.labels,
                           .n_labels = 2,
                           .services = 1u << SG_CATEGORY_EXCHANGE};
    for (uint8_t i = 0; i < 3; i++)
        w.parties[i] = (struct sg_trace_party){.chain = chain, .address = address(i + 1)};
    w.parties[3] = (struct sg_trace_party){.chain = chain};
    w.asset = (struct sg_trace_asset){.chain = chain, .symbol = "ETH", .decimals = 18};
    w.tx = (struct sg_trace_tx){.chain = chain, .has_hash = true, .hash32 = {0xab}};
}

static struct sg_trace_move move(enum sg_move_kind kind, uint32_t from, uint32_t to, uint64_t ether)
{
    return (struct sg_trace_move){
        .kind = kind, .from = from, .to = to, .tainted = sg_amount_from(ether * ETHER)};
}

static void make_trace(void)
{
    w.moves[0] = move(SG_MOVE_SEED, SG_TRACE_NONE, 0, 5);
    w.moves[1] = move(SG_MOVE_TRANSFER, 0, 1, 2);
    w.moves[2] = move(SG_MOVE_TRANSFER, 0, 2, 1);
    w.moves[3] = move(SG_MOVE_TRANSFER, 0, 3, 1); /* to no address */
    w.moves[4] = move(SG_MOVE_TRANSFER, 0, 2, 1);
    w.moves[4].is_dust = true;
    w.destination = (struct sg_trace_destination){
        .party = 1, .amount = sg_amount_from(2 * (uint64_t)ETHER), .transfers = 1};
    w.holdings[0] = (struct sg_trace_holding){
        .party = 2, .status = SG_TRACE_HELD, .amount = sg_amount_from(ETHER), .covered_to = 7};
    w.holdings[1] = (struct sg_trace_holding){
        .party = 0, .status = SG_TRACE_UNOBSERVED, .amount = sg_amount_from(ETHER)};
    w.holdings[2] = (struct sg_trace_holding){.party = 3, .amount = sg_amount_from(ETHER)};
    w.line = (struct sg_trace_line){.stolen = sg_amount_from(5 * (uint64_t)ETHER)};
    w.figures = (struct sg_trace_figures){.policy = SG_POLICY_FIFO,
                                          .lines = &w.line,
                                          .n_lines = 1,
                                          .destinations = &w.destination,
                                          .n_destinations = 1,
                                          .holdings = w.holdings,
                                          .n_holdings = 3,
                                          .moves = w.moves,
                                          .n_moves = 5};
    w.trace = (struct sg_trace){.c = &w.c,
                                .parties = w.parties,
                                .n_parties = 4,
                                .txs = &w.tx,
                                .n_txs = 1,
                                .assets = &w.asset,
                                .n_assets = 1,
                                .figures = &w.figures,
                                .n_figures = 1};
}

static int make(void **state)
{
    (void)state;
    make_case();
    make_trace();
    return 0;
}

static void test_a_case_alone_gives_its_addresses_and_claims(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_sharing out;
    struct sg_err err;
    CHECK_OK(sg_exporting_build(&out, &arena, &w.c, NULL, SG_POLICY_FIFO, &err), &err);
    assert_int_equal(out.n_wallets, 1);
    assert_string_equal(out.wallets[0].address, "0x0000000000000000000000000000000000000001");
    assert_int_equal(out.wallets[0].n_claims, 2);
    /* Shown under its service; the other claim stands beside it. */
    assert_string_equal(out.wallets[0].claims[0].entity, "Exchange");
    assert_string_equal(out.wallets[0].claims[1].entity, "Thief");
    assert_string_equal(out.wallets[0].claims[1].source->title, "A document");
    assert_string_equal(out.wallets[0].finding, "5 ETH of stolen money began here");
    assert_int_equal(out.n_payments, 0);
    assert_int_equal(out.n_findings, 0);
    sg_arena_clear(&arena);
}

static void test_a_trace_adds_what_it_found_and_payments(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_sharing out;
    struct sg_err err;
    CHECK_OK(sg_exporting_build(&out, &arena, &w.c, &w.trace, SG_POLICY_FIFO, &err), &err);
    assert_int_equal(out.n_wallets, 3);
    assert_string_equal(out.wallets[0].finding,
                        "5 ETH of stolen money began here; 1 ETH of stolen money last seen here, "
                        "what followed is not observed (fifo)");
    assert_string_equal(out.wallets[1].finding,
                        "2 ETH of stolen money arrived in 1 transfers (fifo)");
    assert_string_equal(out.wallets[2].finding, "1 ETH of stolen money held as of block 7 (fifo)");
    assert_int_equal(out.n_payments, 2);
    assert_int_equal(out.payments[0].from, 0);
    assert_int_equal(out.payments[0].to, 1);
    assert_string_equal(out.payments[0].amount, "2");
    assert_string_equal(out.payments[0].tx, "0xab00000000000000000000000000000000000000000000000000"
                                            "000000000000");
    assert_int_equal(out.payments[1].to, 2);
    assert_int_equal(out.n_findings, 1);
    assert_non_null(strstr(out.findings[0], "Under the policy fifo: stolen 5 ETH"));
    sg_arena_clear(&arena);
}

static enum sg_status build_and_drop(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_sharing out;
    struct sg_err err;
    const enum sg_status st =
        sg_exporting_build(&out, &arena, &w.c, &w.trace, SG_POLICY_FIFO, &err);
    sg_arena_clear(&arena);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(build_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_case_alone_gives_its_addresses_and_claims),
        cmocka_unit_test(test_a_trace_adds_what_it_found_and_payments),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
