#include "support/report_fixture.h"

#include "support/check.h"

#include "base/hex.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>

#define START 1648041417 /* 23 March 2022 */

struct maker {
    struct sg_arena *arena;
    struct sg_rng rng;
};

static void *make(struct maker *m, size_t count, size_t size)
{
    void *made = sg_arena_alloc(m->arena, count, size);
    CHECK(made != NULL);
    return made;
}

static struct sg_amount ether(const char *text)
{
    struct sg_amount a = {0};
    struct sg_err err;
    CHECK_OK(sg_amount_parse(&a, text, strlen(text), 18, &err), &err);
    return a;
}

static const char *made_address(struct maker *m)
{
    uint8_t bytes[20];
    char *text = make(m, 43, 1);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)sg_rng_below(&m->rng, 256);
    memcpy(text, "0x", 2);
    sg_hex_encode(text + 2, bytes, sizeof(bytes));
    return text;
}

static struct sg_report_destination made_destination(struct maker *m, const char *entity,
                                                     const char *category, enum sg_report_kind kind,
                                                     size_t n, const char *each, int64_t days)
{
    struct sg_report_transfer *t = make(m, n, sizeof(*t));
    struct sg_report_deposit *d = make(m, 1, sizeof(*d));
    struct sg_report_destination made = {entity, category, kind, {0}, {true, {0}}, n, t, n, d, 1};
    d->address = made_address(m);
    for (size_t i = 0; i < n; i++) {
        t[i].time_unix_s = START + 86400 * 5 + (int64_t)i * days * 86400 / (int64_t)n;
        for (size_t b = 0; b < 32; b++)
            t[i].hash32[b] = (uint8_t)sg_rng_below(&m->rng, 256);
        t[i].from = made_address(m);
        t[i].to = d->address;
        t[i].amount = ether(each);
        t[i].usd = (struct sg_report_usd){true, sg_amount_from(30000000000000)};
        CHECK(sg_amount_add(&made.amount, made.amount, t[i].amount));
        CHECK(sg_amount_add(&made.usd.usd_e8, made.usd.usd_e8, t[i].usd.usd_e8));
    }
    d->amount = made.amount;
    d->usd = made.usd;
    d->n_transfers = n;
    d->first_unix_s = t[0].time_unix_s;
    d->last_unix_s = t[n - 1].time_unix_s;
    d->state = kind == SG_REPORT_EXCHANGE ? SG_REPORT_STATE_MOVED : SG_REPORT_STATE_UNKNOWN;
    d->moved_unix_s = d->last_unix_s + 600;
    return made;
}

/* The main policy; its figures conserve: what is stolen + 562.5 in. */
static void fill_result(struct sg_report_result *r, struct maker *m, size_t n_transfers)
{
    struct sg_report_destination *d = make(m, 4, sizeof(*d));
    struct sg_report_place *held = make(m, 2, sizeof(*held));
    struct sg_report_place *unseen = make(m, 1, sizeof(*unseen));
    struct sg_report_inflow *in = make(m, 2, sizeof(*in));
    d[0] = made_destination(m, "Tornado Cash", "mixer", SG_REPORT_MIXER, n_transfers, "100", 45);
    d[1] = made_destination(m, "Huobi", "exchange", SG_REPORT_EXCHANGE, 6, "838.1516", 3);
    d[2] = made_destination(m, "FTX", "exchange", SG_REPORT_EXCHANGE, 1, "1219.9827", 1);
    d[3] = made_destination(m, "Some <bridge> & co", "bridge", SG_REPORT_BRIDGE, 2, "0.5", 9);
    r->policy = "fifo";
    r->destinations = d;
    r->n_destinations = 4;
    for (size_t i = 0; i < 4; i++)
        CHECK(sg_amount_add(&r->reached, r->reached, d[i].amount));
    r->held = ether("641.33");
    r->unobserved = ether("75.44");
    r->fees = ether("97.18");
    r->converted_in = ether("562.5");
    CHECK(sg_amount_add(&r->stolen, r->reached, ether("813.95")));
    CHECK(sg_amount_sub(&r->stolen, r->stolen, r->converted_in));
    held[0] = (struct sg_report_place){
        made_address(m), "Tornado depositor", ether("600"), START + 4000000, 14600000, NULL, 0};
    held[1] = (struct sg_report_place){
        made_address(m), NULL, ether("41.33"), START + 3000000, 14600000, NULL, 0};
    unseen[0] = (struct sg_report_place){
        made_address(m), "dormant since 7 April 2022", ether("75.44"), START + 1200000, 0, NULL, 0};
    in[0] = (struct sg_report_inflow){made_address(m), ether("0.0123"), START + 90000,
                                      "paid more than the ledger shows it to have received"};
    in[1] = (struct sg_report_inflow){made_address(m), r->converted_in, START + 50000,
                                      "1,700,000 USDC, declared by the case"};
    r->held_at = held;
    r->n_held_at = 2;
    r->unobserved_at = unseen;
    r->n_unobserved_at = 1;
    r->unexplained = in;
    r->n_unexplained = 1;
    r->conversions = in + 1;
    r->n_conversions = 1;
}

static void fill_picture(struct sg_report_result *r)
{
    static struct sg_report_node nodes[] = {
        {"Theft address", SG_REPORT_THEFT, 1, {0}},
        {"USDC swappers", SG_REPORT_THEFT, 2, {0}},
        {"Intermediaries to Tornado", SG_REPORT_PATH, 7, {0}},
        {"Tornado depositors", SG_REPORT_PATH, 11, {0}},
        {"Intermediaries to exchanges", SG_REPORT_PATH, 5, {0}},
        {"Tornado depositors, step 2", SG_REPORT_PATH, 37, {0}},
        {"Intermediaries, step 2", SG_REPORT_PATH, 2, {0}},
        {"Tornado Cash", SG_REPORT_MIXER, 1, {0}},
        {"Huobi", SG_REPORT_EXCHANGE, 4, {0}},
        {"FTX", SG_REPORT_EXCHANGE, 1, {0}},
        {"Some <bridge> & co", SG_REPORT_BRIDGE, 1, {0}},
        {"Still held", SG_REPORT_HELD, 2, {0}},
        {"Cannot be seen", SG_REPORT_UNSEEN, 1, {0}},
        {"Fees", SG_REPORT_FEE, 0, {0}},
    };
    static struct sg_report_edge edges[14];
    static const struct {
        uint32_t from, to;
        const char *amount;
    } given[] = {{0, 2, "144835.9983"}, {2, 5, "144695.8574"}, {0, 3, "31075.9577"},
                 {3, 7, "29200"},       {1, 0, "562.5"},       {0, 4, "6250"},
                 {4, 8, "3779.9287"},   {3, 5, "1774.6753"},   {4, 6, "1249.9978"},
                 {6, 8, "1248.9806"},   {4, 9, "1219.9827"},   {5, 11, "641.33"},
                 {5, 12, "75.44"},      {5, 7, "145900"}};
    for (size_t i = 0; i < SG_COUNT_OF(given); i++)
        edges[i] = (struct sg_report_edge){given[i].from, given[i].to, ether(given[i].amount)};
    nodes[0].amount = r->stolen;
    nodes[1].amount = r->converted_in;
    for (size_t i = 0; i < 4; i++)
        nodes[7 + i].amount = r->destinations[i].amount;
    nodes[11].amount = r->held;
    nodes[12].amount = r->unobserved;
    nodes[13].amount = r->fees;
    r->nodes = nodes;
    r->n_nodes = SG_COUNT_OF(nodes);
    r->edges = edges;
    r->n_edges = SG_COUNT_OF(given);
}

static struct sg_report_result other_policy(struct maker *m, const struct sg_report_result *main,
                                            const char *policy, const char *less)
{
    struct sg_report_result r = *main;
    struct sg_report_destination *d = make(m, r.n_destinations, sizeof(*d));
    memcpy(d, main->destinations, r.n_destinations * sizeof(*d));
    CHECK(sg_amount_sub(&d[1].amount, d[1].amount, ether(less)));
    CHECK(sg_amount_sub(&r.reached, r.reached, ether(less)));
    CHECK(sg_amount_add(&r.held, r.held, ether(less)));
    r.destinations = d;
    r.policy = policy;
    return r;
}

void report_fixture(struct sg_report *report, struct sg_arena *arena, size_t n_transfers)
{
    static const char *const coverage[] = {"Native transactions of 70 addresses are covered."};
    static const char *const caveats[] = {"Labels are investigators' reading.",
                                          "A </script> in a label is text."};
    static const struct sg_manifest_entry facts[] = {
        {"program", "sillage", "0.1.0"},
        {"input", "case </script><b>.yaml",
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"method", "taint", "1"}};
    static const struct sg_report_source sources[] = {{"a", "A source", "https://example.org/<a>"}};
    struct maker m = {.arena = arena};
    sg_rng_init(&m.rng, 7);
    struct sg_report_result *results = make(&m, 3, sizeof(*results));
    struct sg_report_asset *asset = make(&m, 1, sizeof(*asset));
    fill_result(&results[0], &m, n_transfers);
    fill_picture(&results[0]);
    results[1] = other_policy(&m, &results[0], "haircut", "0.0286");
    results[2] = other_policy(&m, &results[0], "libr", "0.953");
    *asset = (struct sg_report_asset){"ethereum", "ETH", 18, results, 3, 0, false};
    *report = (struct sg_report){.title = "A bridge <theft>",
                                 .summary = "What happened, in a sentence or two.",
                                 .theft_unix_s = START,
                                 .seen_to_unix_s = START + 300 * (int64_t)86400,
                                 .assets = asset,
                                 .n_assets = 1,
                                 .price_source = "a table of daily prices",
                                 .order = coverage,
                                 .n_order = 1,
                                 .coverage = coverage,
                                 .n_coverage = 1,
                                 .caveats = caveats,
                                 .n_caveats = 2,
                                 .sources = sources,
                                 .n_sources = 1,
                                 .facts = facts,
                                 .n_facts = SG_COUNT_OF(facts)};
}
