/* Case files: what is read, and every refusal and warning with its exact place. */
#include "support/check.h"

#include "formats/case/case.h"

#include <stdio.h>
#include <string.h>

#define THIEF "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
#define ONE   "0xe708f17240732bbfa1baa8513f66b665fbc7ce10"
#define TWO   "0x665660f65e94454a64b96693a67a41d440155617"
#define MIXER "0xd90e2f925da726b50c4ed8d0fb90ad053324f31b"
#define TX    "0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7"

#define PAYEE   "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
#define SHOUTED "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"

static struct sg_arena arena = SG_ARENA_INIT;

static int clear_arena(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

/* Line numbers of the refusals below are lines of this text. */
#define HEAD                                                                                       \
    "sillage_case: 1\n"                                                                            \
    "name: a-theft\n"                                                                              \
    "title: A theft\n"                                                                             \
    "date: 2022-03-23\n"                                                                           \
    "sources:\n"                                                                                   \
    "  - {id: report, title: A report, address: 'https://example.org/r', date: 2022-04-01}\n"      \
    "  - {id: chain, title: The chain itself}\n"
#define ASSETS                                                                                     \
    "assets:\n"                                                                                    \
    "  - {chain: ethereum, symbol: USDC, contract: '" TWO "', decimals: 6}\n"
#define SEEDS                                                                                      \
    "seeds:\n"                                                                                     \
    "  - {chain: ethereum, address: '" THIEF "', tx: '" TX "', asset: ETH, amount: '173600',\n"    \
    "     time: 2022-03-23T13:29:09Z, source: chain}\n"                                            \
    "  - {chain: ethereum, address: '" THIEF "', asset: USDC, amount: 25500000,\n"                 \
    "     time: 2022-03-23T13:31:04Z, source: report, note: with it}\n"
#define CONVERSIONS                                                                                \
    "conversions:\n"                                                                               \
    "  - from: {chain: ethereum, asset: USDC, amount: '25500000'}\n"                               \
    "    to: {chain: ethereum, asset: ETH, amount: '8562.860281559859574571'}\n"                   \
    "    source: report\n"                                                                         \
    "    entries:\n"                                                                               \
    "      - {address: '" ONE "', amount: '3693.675202171681632442'}\n"                            \
    "      - {address: '" TWO "', amount: '4869.185079388177942129'}\n"
#define LABELS                                                                                     \
    "labels:\n"                                                                                    \
    "  - {chain: ethereum, address: '" MIXER "', entity: Tornado Cash, category: mixer,\n"         \
    "     role: router, source: report, confidence: high, seen: 2025-11-19}\n"

struct labels_file {
    const char *text;
    char name[64];
};

static enum sg_status read_labels(void *ctx, const char **bytes, size_t *size, const char *name,
                                  struct sg_err *err)
{
    struct labels_file *file = ctx;
    if (!file->text)
        return sg_err_set(err, SG_EIO, "no file %s", name);
    snprintf(file->name, sizeof(file->name), "%s", name);
    *bytes = file->text;
    *size = strlen(file->text);
    return SG_OK;
}

static enum sg_status parse_with(struct sg_case *c, const char *text, const char *labels,
                                 struct sg_err *err)
{
    struct labels_file file = {labels, ""};
    const struct sg_case_reader reader = {read_labels, &file};
    return sg_case_parse(c, &arena, text, strlen(text), &reader, err);
}

static struct sg_case parse(const char *text, const char *labels)
{
    struct sg_case c;
    struct sg_err err;
    memset(&c, 0xff, sizeof(c));
    CHECK_OK(parse_with(&c, text, labels, &err), &err);
    return c;
}

static struct sg_address address(const char *text)
{
    struct sg_address a;
    CHECK_OK(sg_address_parse(&a, sg_chain_find("ethereum", 8), text, strlen(text), NULL),
             &(struct sg_err){.text = "no address"});
    return a;
}

static void check_amount(struct sg_amount amount, unsigned decimals, const char *expected)
{
    char text[SG_AMOUNT_TEXT_MAX];
    assert_string_equal(sg_amount_format(text, amount, decimals), expected);
}

static void test_a_whole_case_is_read(void **state)
{
    (void)state;
    const struct sg_case c = parse(HEAD ASSETS SEEDS CONVERSIONS LABELS, NULL);
    assert_string_equal(c.name, "a-theft");
    assert_string_equal(c.title, "A theft");
    assert_null(c.summary);
    assert_int_equal(c.date_unix_s, 1647993600);
    assert_int_equal(c.n_sources, 2);
    assert_string_equal(c.sources[0].address, "https://example.org/r");
    assert_int_equal(c.sources[0].date_unix_s, 1648771200);
    assert_true(c.sources[0].accessed_unix_s == SG_TIME_UNKNOWN);
    assert_int_equal(c.n_thefts, 1);
    assert_string_equal(c.thefts[0], "a-theft");
    assert_int_equal(c.n_warnings, 0);
}

static void test_seeds_are_exact(void **state)
{
    (void)state;
    const struct sg_case c = parse(HEAD ASSETS SEEDS CONVERSIONS LABELS, NULL);
    assert_int_equal(c.n_seeds, 2);
    const struct sg_case_seed *eth = &c.seeds[0], *usdc = &c.seeds[1];
    check_amount(eth->amount, eth->asset.decimals, "173600.000000000000000000");
    assert_int_equal(eth->asset.contract.size, 0);
    assert_true(eth->has_tx);
    assert_int_equal(eth->hash32[0], 0xc2);
    assert_int_equal(eth->hash32[31], 0xb7);
    assert_int_equal(eth->time_unix_s, 1648042149);
    assert_ptr_equal(eth->source, &c.sources[1]);
    assert_int_equal(eth->place.line, 11);
    check_amount(usdc->amount, usdc->asset.decimals, "25500000.000000");
    assert_string_equal(usdc->asset.symbol, "USDC");
    assert_int_equal(usdc->asset.contract.size, 20);
    assert_false(usdc->has_tx);
    assert_string_equal(usdc->note, "with it");
}

static void test_conversions_are_exact(void **state)
{
    (void)state;
    const struct sg_case c = parse(HEAD ASSETS SEEDS CONVERSIONS LABELS, NULL);
    assert_int_equal(c.n_conversions, 1);
    const struct sg_case_conversion *conversion = &c.conversions[0];
    check_amount(conversion->from_amount, 6, "25500000.000000");
    check_amount(conversion->to_amount, 18, "8562.860281559859574571");
    assert_int_equal(conversion->n_entries, 2);
    assert_true(conversion->entries[1].has_amount);
    check_amount(conversion->entries[1].amount, 18, "4869.185079388177942129");
    const struct sg_address two = address(TWO);
    assert_memory_equal(&conversion->entries[1].address, &two, sizeof(two));
}

static void test_services_default_to_the_table_and_can_be_said(void **state)
{
    (void)state;
    const struct sg_case all = parse(HEAD ASSETS SEEDS, NULL);
    for (size_t i = 0; i < SG_CATEGORY_COUNT; i++)
        assert_int_equal(sg_case_is_service(&all, (enum sg_category)i),
                         sg_category_info((enum sg_category)i)->is_service);
    const struct sg_case two = parse(HEAD ASSETS SEEDS "services: [exchange, sanctioned]\n", NULL);
    assert_int_equal(two.services, 1u << SG_CATEGORY_EXCHANGE | 1u << SG_CATEGORY_SANCTIONED);
    assert_int_equal(parse(HEAD ASSETS SEEDS "services: []\n", NULL).services, 0);
    assert_null(parse(HEAD ASSETS SEEDS, NULL).pools_file);
    assert_string_equal(parse(HEAD ASSETS SEEDS "pools_file: p.yaml\n", NULL).pools_file, "p.yaml");
}

#define FILE_LINE "labels_file: labels.csv\n"
#define COLUMNS   "chain,address,entity,category,role,source,confidence,seen,note\n"

static void test_labels_come_from_both_files_in_order(void **state)
{
    (void)state;
    const struct sg_case c =
        parse(HEAD ASSETS SEEDS LABELS FILE_LINE,
              "\xef\xbb\xbf" COLUMNS "ethereum," THIEF ",\"Thief, first\",theft,,chain,high,,\r\n"
              "\r\n"
              "ethereum," MIXER ",Tornado Cash,mixer,,chain,high,,again");
    assert_string_equal(c.labels_file, "labels.csv");
    assert_int_equal(c.n_labels, 3);
    size_t n;
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    const struct sg_address mixer = address(MIXER), thief = address(THIEF), none = address(ONE);
    const struct sg_case_label *labels = sg_case_labels_of(&n, &c, chain, &mixer);
    assert_int_equal(n, 2);
    assert_false(labels[0].place.in_labels_file);
    assert_string_equal(labels[0].role, "router");
    assert_int_equal(labels[0].seen_unix_s, 1763510400);
    assert_true(labels[1].place.in_labels_file);
    assert_int_equal(labels[1].place.line, 4);
    assert_string_equal(labels[1].note, "again");
    labels = sg_case_labels_of(&n, &c, chain, &thief);
    assert_int_equal(n, 1);
    assert_string_equal(labels[0].entity, "Thief, first");
    assert_null(labels[0].role);
    assert_null(sg_case_labels_of(&n, &c, chain, &none));
    assert_int_equal(n, 0);
    assert_null(sg_case_label_of(&c, chain, &none));
    assert_int_equal(c.n_warnings, 0);
}

static void check_warning(const struct sg_case *c, size_t i, uint32_t line, const char *says)
{
    assert_true(i < c->n_warnings);
    if (c->warnings[i].place.line != line || !strstr(c->warnings[i].text, says))
        fail_msg("warning %zu at line %u: %s", i, (unsigned)c->warnings[i].place.line,
                 c->warnings[i].text);
}

static void test_contradictions_are_kept_and_warned_of(void **state)
{
    (void)state;
    const struct sg_case c = parse(HEAD ASSETS SEEDS LABELS FILE_LINE,
                                   COLUMNS "ethereum," MIXER ",Tornado Cash,bridge,,chain,high,,\n"
                                           "ethereum," MIXER ",Tornado Cash,mixer,,report,high,,\n"
                                           "ethereum," ONE ",A,other,,report,low,,\n"
                                           "ethereum," ONE ",Shop,exchange,,report,low,,\n");
    assert_int_equal(c.n_labels, 5);
    assert_int_equal(c.n_warnings, 3);
    check_warning(&c, 0, 2,
                  "is 'Tornado Cash' (bridge) here, but 'Tornado Cash' (mixer) at line 16");
    check_warning(&c, 1, 3, "has this label already, at line 16");
    check_warning(&c, 2, 5, "is 'Shop' (exchange) here, but 'A' (other) at line 4");
    const struct sg_address one = address(ONE);
    const struct sg_case_label *shown = sg_case_label_of(&c, sg_chain_find("ethereum", 8), &one);
    assert_string_equal(shown->entity, "Shop");
}

static void test_what_looks_wrong_is_warned_of(void **state)
{
    (void)state;
    const struct sg_case c =
        parse("sillage_case: 1\nname: x\ntitle: X\ndate: 2022-01-01\n"
              "sources: [{id: used, title: U}, {id: idle, title: I}, {id: told, title: T}]\n"
              "summary: told in idle, but [idle is not cited, and idle] neither; this is [told].\n"
              "seeds:\n"
              "  - {chain: ethereum, address: '" ONE "', asset: ETH, amount: 1, time: 2022-01-01,\n"
              "     source: used}\n"
              "conversions:\n"
              "  - {from: {chain: ethereum, asset: ETH, amount: 1.5}, source: used,\n"
              "     to: {chain: tron, asset: TRX, amount: 7}, entries: [{address: TAbc}]}\n"
              "labels:\n"
              "  - {chain: ethereum, address: '" ONE "', entity: S, category: otc, source: used,\n"
              "     confidence: low}\n",
              NULL);
    assert_int_equal(c.n_warnings, 3);
    check_warning(&c, 0, 5, "nothing rests on source 'idle'");
    check_warning(&c, 1, 8, "the seed is at 'S' (otc), a service");
    check_warning(&c, 2, 11, "more ETH is converted than the seeds say was taken");
}

static void test_thefts_are_told_apart(void **state)
{
    (void)state;
    const struct sg_case c =
        parse(HEAD "seeds:\n"
                   "  - {theft: b, chain: ethereum, tx: " TX
                   ", asset: ETH, amount: 1, time: 2022-01-01,\n"
                   "     source: chain}\n"
                   "  - {chain: tron, address: TAbc, asset: TRX, amount: 1, time: 2022-01-01,\n"
                   "     source: report}\n"
                   "  - {theft: b, chain: ethereum, address: '" ONE "', asset: ETH, amount: 2,\n"
                   "     time: 2022-01-01, source: report}\n",
              NULL);
    assert_int_equal(c.n_thefts, 2);
    assert_string_equal(c.thefts[0], "b");
    assert_string_equal(c.thefts[1], "a-theft");
    assert_int_equal(c.seeds[0].theft, 0);
    assert_int_equal(c.seeds[0].address.size, 0);
    assert_int_equal(c.seeds[1].theft, 1);
    assert_int_equal(c.seeds[2].theft, 0);
}

/* One payee has one text, and a seed on outputs may leave its amount out. */
static void test_seeds_name_outputs(void **state)
{
    (void)state;
    char text[SG_ADDRESS_TEXT_MAX];
    const struct sg_case c =
        parse(HEAD "seeds:\n  - {chain: bitcoin, asset: BTC, time: 2017-05-12, until: 2017-06-12,\n"
                   "     source: chain, address: " SHOUTED "}\n"
                   "  - {chain: bitcoin, asset: BTC, tx: '" TX "', output: 7, amount: 0.5,\n"
                   "     time: 2017-05-12, source: chain}\n",
              NULL);
    assert_int_equal(c.n_seeds, 2);
    assert_true(sg_amount_is_zero(c.seeds[0].amount));
    assert_false(c.seeds[0].has_tx || c.seeds[0].has_output);
    assert_int_equal(c.seeds[0].until_unix_s, 1497225600);
    assert_string_equal(sg_address_format(text, c.seeds[0].asset.chain, &c.seeds[0].address),
                        PAYEE);
    assert_true(c.seeds[1].has_output && c.seeds[1].has_tx);
    assert_int_equal(c.seeds[1].output, 7);
    assert_true(c.seeds[1].until_unix_s == SG_TIME_UNKNOWN);
    check_amount(c.seeds[1].amount, 8, "0.50000000");
}

struct refusal {
    const char *text;
    enum sg_status status;
    uint32_t line, column;
    const char *says;
};

static void check_refusal(size_t i, const struct refusal *want, const char *labels)
{
    struct sg_case c;
    struct sg_err err;
    const enum sg_status st = parse_with(&c, want->text, labels, &err);
    if (st != want->status || err.status != st || err.line != want->line ||
        err.column != want->column || !strstr(err.text, want->says))
        fail_msg("case %zu: %s at %u:%u: %s", i, sg_status_name(st), (unsigned)err.line,
                 (unsigned)err.column, err.text);
}

#define SEED(what) HEAD "seeds:\n  - {" what "}\n"
#define REST       "time: 2022-01-01, source: chain"

static void test_refusals_say_where_and_why(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"[]", SG_EPARSE, 1, 1, "not a case file"},
        {"x: 1\n", SG_EPARSE, 1, 1, "must begin with 'sillage_case: 1'"},
        {"sillage_case: 2\nfuture: key\n", SG_EVERSION, 1, 15, "schema 2; this program reads"},
        {"sillage_case: []\n", SG_EVERSION, 1, 15, "schema unknown"},
        {"sillage_case: 1\nnmae: x\n", SG_EPARSE, 2, 1, "unknown key 'nmae'; did you mean 'name'?"},
        {"sillage_case: 1\nname: x\n", SG_EPARSE, 1, 1, "'title' is missing"},
        {"sillage_case: 1\nname: x\ntitle: ''\n", SG_EPARSE, 3, 8, "'title' is missing"},
        {"sillage_case: 1\nname: x\ntitle: []\n", SG_EPARSE, 3, 8,
         "'title' must be a text, not a list"},
        {"sillage_case: 1\nname: A b\ntitle: T\ndate: 2022-01-01\nsources: []\nseeds: []\n",
         SG_EPARSE, 2, 7, "a name is up to 64 of"},
        {"sillage_case: 1\nname: x\ntitle: T\ndate: soon\nsources: []\nseeds: []\n", SG_EPARSE, 4,
         7, "'soon' is no time"},
        {HEAD "seeds: []\n", SG_EPARSE, 8, 8, "a case needs a seed"},
        {HEAD "  - {id: chain, title: C}\nseeds: []\n", SG_EPARSE, 8, 10,
         "source 'chain' is given twice"},
        {SEED("chain: etherium, asset: ETH, amount: 1, address: '" ONE "', " REST), SG_EPARSE, 9,
         13, "unknown chain 'etherium'"},
        {SEED("chain: ethereum, asset: ETH, amount: 1, " REST), SG_EPARSE, 9, 5,
         "a seed needs 'tx' or 'address'"},
        {SEED("chain: ethereum, asset: ETH, amount: 1, tx: 0x12, " REST), SG_EPARSE, 9, 50,
         "'0x12' is not a transaction hash"},
        {SEED("chain: ethereum, asset: ETH, amount: 1, address: 0x12, " REST), SG_EPARSE, 9, 55,
         "'0x12' is not an address"},
        {SEED("chain: ethereum, asset: USDC, amount: 1, address: '" ONE "', " REST), SG_EPARSE, 9,
         30, "unknown asset 'USDC': declare it"},
        {SEED("chain: ethereum, asset: EHT, amount: 1, address: '" ONE "', " REST), SG_EPARSE, 9,
         30, "unknown asset 'EHT'; did you mean 'ETH'?"},
        {SEED("chain: ethereum, asset: ETH, amount: -1, address: '" ONE "', " REST), SG_EPARSE, 9,
         43, "'-1' is no amount"},
        {SEED("chain: ethereum, asset: ETH, amount: 0.0, address: '" ONE "', " REST), SG_EPARSE, 9,
         43, "an amount of zero"},
        {SEED("chain: tron, asset: TRX, amount: 0.0000001, address: T, " REST), SG_EPARSE, 9, 39,
         "at most 6 decimals"},
        {SEED("chain: ethereum, asset: ETH, amount: 999999999999999999999999, address: '" ONE
              "', " REST),
         SG_ELIMIT, 9, 43, "more than 128 bits"},
        {SEED("chain: ethereum, asset: ETH, amount: 1, address: '" ONE
              "', time: 2022-01-01, source: chian"),
         SG_EPARSE, 9, 127, "unknown source 'chian'; did you mean 'chain'?"},
        {SEED("chain: ethereum, asset: ETH, address: '" ONE "', " REST), SG_EPARSE, 9, 5,
         "'amount' is missing"},
        {SEED("chain: ethereum, asset: ETH, amount: 1, output: 1, tx: '" TX "', " REST), SG_EPARSE,
         9, 54, "'output' is for chains of outputs"},
        {SEED("chain: bitcoin, asset: BTC, output: 1, address: " PAYEE ", " REST), SG_EPARSE, 9, 42,
         "'output' needs 'tx'"},
        {SEED("chain: bitcoin, asset: BTC, output: -1, tx: '" TX "', " REST), SG_EPARSE, 9, 42,
         "'output' is the number of an output"},
        {SEED("chain: bitcoin, asset: BTC, until: 2022-02-01, tx: '" TX "', " REST), SG_EPARSE, 9,
         41, "'until' is for an address without 'tx'"},
        {SEED("chain: bitcoin, asset: BTC, until: 2021-02-01, address: " PAYEE ", " REST),
         SG_EPARSE, 9, 41, "'until' is before 'time'"},
        {SEED("chain: bitcoin, asset: BTC, address: " PAYEE ", " REST), SG_EPARSE, 9, 5,
         "an address needs 'tx', or 'until'"},
        {SEED("chain: bitcoin-regtest, asset: BTC, tx: '" TX "', address: " PAYEE ", " REST),
         SG_EPARSE, 9, 125, "not an address of bitcoin-regtest"},
        {HEAD "assets: [{chain: ethereum, symbol: ETH, contract: '" ONE "', decimals: 6}]\n"
              "seeds: []\n",
         SG_EPARSE, 8, 36, "ethereum has an asset 'ETH' already"},
        {HEAD "assets: [{chain: ethereum, symbol: U, contract: '" ONE "', decimals: 39}]\n"
              "seeds: []\n",
         SG_EPARSE, 8, 105, "more than 38 decimals"},
        {HEAD "assets: [{chain: ethereum, symbol: U, contract: '" ONE "', decimals: six}]\n"
              "seeds: []\n",
         SG_EPARSE, 8, 105, "'six' is no number of decimals"},
        {HEAD ASSETS SEEDS "services: [exchnage]\n", SG_EPARSE, 15, 12,
         "unknown category 'exchnage'; did you mean 'exchange'?"},
        {HEAD ASSETS SEEDS "services: [[mixer]]\n", SG_EPARSE, 15, 12, "a category is a text"},
        {HEAD ASSETS SEEDS "pools_file: ../x.yaml\n", SG_EPARSE, 15, 13,
         "'../x.yaml' is not the name of a file beside the case"},
        {HEAD ASSETS SEEDS "labels_file: ../x.csv\n", SG_EPARSE, 15, 14,
         "is not the name of a file"},
        {HEAD ASSETS SEEDS "labels_file: .x\n", SG_EPARSE, 15, 14, "is not the name of a file"},
        {HEAD ASSETS SEEDS "labels: [{chain: ethereum, address: '" ONE
                           "', entity: E, category: mixer, source: chain, confidence: 0.9}]\n",
         SG_EPARSE, 15, 138, "a confidence is low, medium or high, not '0.9'"},
        {HEAD ASSETS SEEDS FILE_LINE, SG_EIO, 0, 0, "no file labels.csv"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        check_refusal(i, &cases[i], NULL);
}

#define CONVERSION(entries)                                                                        \
    HEAD ASSETS SEEDS "conversions:\n"                                                             \
                      "  - from: {chain: ethereum, asset: USDC, amount: 2}\n"                      \
                      "    to: {chain: ethereum, asset: ETH, amount: 10}\n"                        \
                      "    source: chain\n"                                                        \
                      "    entries: [" entries "]\n"

static void test_entries_must_fit_their_total(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {CONVERSION(""), SG_EPARSE, 19, 14, "a conversion needs an entry"},
        {CONVERSION("{address: '" ONE "', amount: 11}"), SG_EPARSE, 19, 15, "more than the total"},
        {CONVERSION("{address: '" ONE "', amount: 9}"), SG_EPARSE, 19, 14, "less than the total"},
        {CONVERSION("{address: '" ONE "'}, {address: '" ONE "'}"), SG_EPARSE, 19, 72,
         "an entry address is given twice"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        check_refusal(i, &cases[i], NULL);
    const struct sg_case c =
        parse(CONVERSION("{address: '" ONE "', amount: 9}, {address: '" TWO "'}"), NULL);
    assert_false(c.conversions[0].entries[1].has_amount);
}

static void test_lists_of_parts_end_at_their_limit(void **state)
{
    (void)state;
    static char text[64 * SG_CASE_PARTS_MAX];
    struct sg_case c;
    struct sg_err err;
    size_t used = (size_t)snprintf(
        text, sizeof(text), "sillage_case: 1\nname: x\ntitle: X\ndate: 2022-01-01\nsources:\n");
    for (unsigned i = 0; i <= SG_CASE_PARTS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "  - {id: s%u, title: S}\n", i);
    snprintf(text + used, sizeof(text) - used, "seeds: []\n");
    assert_int_equal(parse_with(&c, text, NULL, &err), SG_ELIMIT);
    assert_int_equal(err.line, 6);
    assert_int_equal(err.column, 3);
}

static void test_a_bad_labels_file_is_refused_where_it_is_bad(void **state)
{
    (void)state;
    static const struct {
        const char *labels;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"", 1, 1, "no header"},
        {"\n\n", 1, 1, "no header"},
        {"chain,adress\n", 1, 7, "unknown column 'adress'; did you mean 'address'?"},
        {"chain,address,chain\n", 1, 15, "a second column 'chain'"},
        {"chain,address\n", 1, 1, "there is no column 'entity'"},
        {COLUMNS "ethereum," ONE "\n", 2, 1, "2 cells, but the header has 9"},
        {COLUMNS "ethereum,0x12,E,mixer,,chain,low,,\n", 2, 10, "'0x12' is not an address"},
        {COLUMNS "ethereum," ONE ",,mixer,,chain,low,,\n", 2, 53, "nothing under 'entity'"},
        {COLUMNS "ethereum," ONE ",\"\xc3\x89, \"\"x\"\"\",mixr,,chain,low,,\n", 2, 64,
         "unknown category 'mixr'; did you mean 'mixer'?"},
        {COLUMNS "ethereum," ONE ",\"two\nlines\",mixer,,chain,low,,\n"
                 "ethereum," ONE ",E,mixer,,chain,lwo,,\n",
         4, 68, "not 'lwo'"},
        {COLUMNS "ethereum," ONE ",E,mixer,,chain,low,soon,\n", 2, 72, "'soon' is no time"},
        {COLUMNS "ethereum,\xff,E,mixer,,chain,low,,\n", 2, 1, "not UTF-8"},
        {COLUMNS "ethereum," ONE ",\"E\"x,mixer,,chain,low,,\n", 2, 1, "not CSV"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const struct refusal want = {HEAD ASSETS SEEDS FILE_LINE, SG_EPARSE, cases[i].line,
                                     cases[i].column, cases[i].says};
        check_refusal(i, &want, cases[i].labels);
    }
}

/* The page people read and the table the program uses say the same, in the same order. */
static void test_the_documented_categories_are_the_table(void **state)
{
    (void)state;
    char line[512];
    bool listed = false;
    size_t i = 0;
    FILE *page = fopen(sg_test_source("docs/formats/case.md"), "r");
    assert_non_null(page);
    while (fgets(line, sizeof(line), page)) {
        listed = listed || strcmp(line, "## Categories\n") == 0;
        if (!listed || line[0] != '|' || line[2] != '`')
            continue;
        assert_true(i < SG_CATEGORY_COUNT);
        const struct sg_category_info *info = sg_category_info((enum sg_category)i++);
        char expected[512];
        snprintf(expected, sizeof(expected), "| `%s` | %s | %s |\n", info->name,
                 info->is_service ? "yes" : "no", info->meaning);
        assert_string_equal(line, expected);
    }
    fclose(page);
    assert_int_equal(i, SG_CATEGORY_COUNT);
}

static enum sg_status parse_and_drop(void)
{
    static const char text[] = HEAD ASSETS SEEDS CONVERSIONS LABELS FILE_LINE;
    struct labels_file file = {COLUMNS "ethereum," MIXER ",T,bridge,,chain,high,,\n"
                                       "ethereum," ONE ",\"q\"\"\",other,,chain,high,,\n",
                               ""};
    const struct sg_case_reader reader = {read_labels, &file};
    struct sg_arena scratch = SG_ARENA_INIT;
    struct sg_case c;
    const enum sg_status st = sg_case_parse(&c, &scratch, text, sizeof(text) - 1, &reader, NULL);
    sg_arena_clear(&scratch);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_a_whole_case_is_read, clear_arena),
        cmocka_unit_test_teardown(test_seeds_are_exact, clear_arena),
        cmocka_unit_test_teardown(test_seeds_name_outputs, clear_arena),
        cmocka_unit_test_teardown(test_conversions_are_exact, clear_arena),
        cmocka_unit_test_teardown(test_services_default_to_the_table_and_can_be_said, clear_arena),
        cmocka_unit_test_teardown(test_labels_come_from_both_files_in_order, clear_arena),
        cmocka_unit_test_teardown(test_contradictions_are_kept_and_warned_of, clear_arena),
        cmocka_unit_test_teardown(test_what_looks_wrong_is_warned_of, clear_arena),
        cmocka_unit_test_teardown(test_thefts_are_told_apart, clear_arena),
        cmocka_unit_test_teardown(test_refusals_say_where_and_why, clear_arena),
        cmocka_unit_test_teardown(test_entries_must_fit_their_total, clear_arena),
        cmocka_unit_test_teardown(test_lists_of_parts_end_at_their_limit, clear_arena),
        cmocka_unit_test_teardown(test_a_bad_labels_file_is_refused_where_it_is_bad, clear_arena),
        cmocka_unit_test(test_the_documented_categories_are_the_table),
        cmocka_unit_test(test_without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
