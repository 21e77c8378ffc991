/* Goal: what the program prints with --json is what docs/api/ says. Method: run it on the Ronin
 * case and hold the output to the schema; and show first that a wrong document does not pass. */
#include "support/check.h"
#include "support/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THIEF         "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
#define THEFT         "0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7"
#define RONIN_DEPOSIT "0xf00d94465b97d61b2d4336822cbad12d86c08b8f97e5588467b0127e7d1d517c"
/* In one cluster in tests/data/regtest.blk. */
#define SPENDER   "bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t"
#define COSPENDER "bcrt1qqgpqyqszqgpqyqszqgpqyqszqgpqyqszazmwwa"
#define DEPOSIT   "0x0000000000000000000000000000000000000000000000000000000000000065"
/* $1: the program, $2: the case's folder, $3: a ledger of its transfers. */
#define RUN "set -- \"$SILLAGE\" \"$SG_SOURCE/cases/ronin-2022\" \"$SG_TEST_LEDGER\"; "
#define GIT "GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@x "

static char dir[64];

/* All that a stream holds, terminated; sg_mem_free by the caller. */
static char *read_all(FILE *stream)
{
    const size_t max = (size_t)16 << 20;
    char *text = sg_mem_alloc(max, 1);
    assert_non_null(text);
    assert_non_null(stream);
    const size_t size = fread(text, 1, max - 1, stream);
    assert_true(size < max - 1);
    text[size] = 0;
    return text;
}

static char *output_of(const char *command)
{
    FILE *pipe = popen(command, "r");
    char *text = read_all(pipe);
    const int status = pclose(pipe);
    if (status)
        fail_msg("status %d of: %s", status, command);
    return text;
}

static int make_ledger(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "%s", sg_test_mkdir());
    setenv("SG_TEST_LEDGER", dir, 1);
    sg_mem_free(output_of(RUN "\"$1\" ingest --ledger \"$3\" --chain ethereum --format transfers "
                              "--account \"$2/accounts.csv\" \"$2/transfers.csv\""));
    return 0;
}

static int drop_ledger(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

#define REGTEST                                                                                    \
    RUN "\"$1\" ingest --ledger \"$3/regtest\" --chain bitcoin --network regtest --format blk "    \
        "\"$SG_SOURCE/tests/data/regtest.blk\" >/dev/null; "

/* All that SPENDER was ever paid. */
#define OUTPUTS_CASE                                                                               \
    "printf 'sillage_case: 1\\nname: o\\ntitle: O\\ndate: 2020-01-01\\nsources: [{id: s, title: "  \
    "S}]\\nseeds:\\n- {chain: bitcoin-regtest, address: %s, asset: BTC, time: 1970-01-01, until: " \
    "2100-01-01, source: s}\\n' " SPENDER " >\"$3/outputs.yaml\"; "

static void test_each_answer_holds_to_its_schema(void **state)
{
    (void)state;
    static const struct {
        const char *schema, *command;
    } cases[] = {
        {"docs/api/case.json", RUN "\"$1\" case check \"$2/case.yaml\" --json"},
        {"docs/api/ingest.json",
         RUN "\"$1\" ingest --ledger \"$3\" --chain ethereum --format transfers --json "
             "\"$2/transfers.csv\""},
        {"docs/api/ledger.json", RUN "\"$1\" ledger stats --ledger \"$3\" --json"},
        {"docs/api/ledger.json", RUN "\"$1\" ledger check --ledger \"$3\" --json"},
        {"docs/api/ledger.json", RUN "\"$1\" ledger files --ledger \"$3\" --json"},
        {"docs/api/path.json",
         RUN "\"$1\" path \"$2/case.yaml\" --ledger \"$3\" --to Huobi --json"},
        {"docs/api/reach.json", RUN "\"$1\" reach --from " THIEF " --ledger \"$3\" --json"},
        {"docs/api/payroll.json", RUN "\"$1\" workers payroll --ledger \"$3\" --asset ETH --json"},
        {"docs/api/payroll.json",
         RUN "\"$1\" simulate --out \"$3/world\" --transfers 20000 --format ledger >/dev/null && "
             "\"$1\" workers payroll --ledger \"$3/world/ledger\" --chain ethereum --json"},
        {"docs/api/demix.json",
         RUN "f=\"$SG_SOURCE/fuzz/corpora/tornado/both\"; echo " DEPOSIT
             " | \"$1\" demix --pool eth-100 --deposits \"$f\" --withdrawals \"$f\" --depositors - "
             "--json"},
        {"docs/api/trace.json", RUN
         "f=\"$3/pool.jsonl\"; n=0; for k in commitment nullifierHash; do n=$((n + 1)); printf "
         "'{\"blockNumber\":%d,\"transactionHash\":\"" RONIN_DEPOSIT
         "\",\"%s\":\"0x%064d\",\"leafIndex\":0,\"timestamp\":\"1649041718\",\"to\":\"0x%040d\","
         "\"fee\":\"0\"}\\n' $((14517024 + n)) $k 1 2; done >\"$f\"; printf 'sillage_pools: "
         "1\\nchain: ethereum\\npools:\\n- {name: a, asset: ETH, decimals: 18, denomination: 100, "
         "events: [pool.jsonl]}\\n' >\"$3/mixers.yaml\"; \"$1\" trace \"$2/case.yaml\" --ledger "
         "\"$3\" --policy fifo --through-mixers 0.000001 --pools \"$3/mixers.yaml\" --json"},
        {"docs/api/demix_pools.json",
         RUN "f=\"$SG_SOURCE/fuzz/corpora/tornado/both\"; printf 'sillage_pools: 1\\nchain: "
             "ethereum\\npools:\\n- {name: a, asset: E, decimals: 18, denomination: 100, events: "
             "[\"%s\"]}\\n- {name: b, asset: E, decimals: 18, denomination: 1}\\n' \"$f\" "
             ">\"$3/pools.yaml\"; echo " DEPOSIT
             " | \"$1\" demix --pools \"$3/pools.yaml\" --depositors - --json"},
        {"docs/api/labels.json",
         RUN "\"$1\" labels import \"$SG_SOURCE/fuzz/corpora/labelfile/csv\" --format csv --labels "
             "\"$3/labels\" --json"},
        {"docs/api/labels.json", RUN "\"$1\" labels list --labels \"$3/labels\" --json"},
        {"docs/api/labels.json", RUN "\"$1\" labels show 0xAb --labels \"$3/labels\" --json"},
        {"docs/api/address.json",
         RUN "\"$1\" address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb --json || true"},
        {"docs/api/screen.json", RUN "\"$1\" screen 0xAb --labels \"$3/labels\" --json || true"},
        {"docs/api/ingest-blocks.json",
         RUN "\"$1\" ingest --ledger \"$3/blocks\" --chain bitcoin --format block --json "
             "\"$SG_SOURCE/fuzz/corpora/btc_block/genesis\""},
        {"docs/api/ledger.json", RUN "\"$1\" ledger stats --ledger \"$3/blocks\" --json"},
        {"docs/api/ledger.json", RUN "\"$1\" ledger check --ledger \"$3/blocks\" --json"},
        {"docs/api/cluster.json", REGTEST "\"$1\" cluster --ledger \"$3/regtest\" --json"},
        {"docs/api/why.json",
         REGTEST "a=$(\"$1\" cluster --ledger \"$3/regtest\" --csv \"$3/c\" >/dev/null; sed -n "
                 "'2p' \"$3/c\" | cut -d, -f1); \"$1\" why \"$a\" \"$a\" --ledger "
                 "\"$3/regtest\" --json"},
        {"docs/api/peel.json",
         RUN "\"$1\" peel 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b:0 "
             "--ledger \"$3/blocks\" --json"},
        {"docs/api/trace.json",
         REGTEST OUTPUTS_CASE "\"$1\" trace \"$3/outputs.yaml\" --ledger \"$3/regtest\" --json"},
        {"docs/api/trace.json", REGTEST OUTPUTS_CASE
         "\"$1\" trace \"$3/outputs.yaml\" --ledger \"$3/regtest\" --policy libr --fees miner "
         "--json"},
        {"docs/api/case.json", REGTEST OUTPUTS_CASE "\"$1\" case check \"$3/outputs.yaml\" --json"},
        {"docs/api/show.json", REGTEST "\"$1\" show " SPENDER " --ledger \"$3/regtest\" --json"},
        {"docs/api/show.json",
         RUN "\"$1\" show 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b "
             "--ledger \"$3/blocks\" --json"},
        {"docs/api/screen.json", RUN
         "printf 'address,entity,category,source\\n" SPENDER ",Thief,theft,S\\n' "
         ">\"$3/spender.csv\" && \"$1\" labels import \"$3/spender.csv\" --format csv --labels "
         "\"$3/spenders\" >/dev/null && \"$1\" ingest --ledger \"$3/outputs\" --chain bitcoin "
         "--network regtest --format blk \"$SG_SOURCE/tests/data/regtest.blk\" >/dev/null && "
         "\"$1\" screen " COSPENDER " --labels \"$3/spenders\" --ledger \"$3/outputs\" --json || "
         "true"},
        {"docs/api/coinjoin.json",
         RUN "\"$1\" coinjoin --txs \"$SG_SOURCE/fuzz/corpora/corejson/whirlpool\" --json"},
        {"docs/api/workers_check.json",
         RUN "\"$1\" workers generate --out \"$3/world\" --seed 5 --people 640 --operators 4 "
             ">/dev/null "
             "&& \"$1\" workers check --people \"$3/world/people.csv\" --events "
             "\"$3/world/events.csv\" --all --json || true"},
        {"docs/api/screen.json",
         RUN "printf 'sillage_risk: 1\\nweights: {theft: 9}\\n' >\"$3/risk\"; \"$1\" screen " THIEF
             " --labels \"$3/labels\" --ledger \"$3\" --risk \"$3/risk\" --json || true"},
        {"docs/api/exposure.json",
         RUN "\"$1\" exposure " THIEF " --ledger \"$3\" --labels \"$3/labels\" --json"},
        {"docs/api/exposure.json",
         RUN "\"$1\" exposure " THIEF " --ledger \"$3\" --labels \"$3/labels\" --direction in "
             "--min 1 --as-of 2022-04-01 --json"},
        {"docs/api/workers_audit.json",
         RUN "k=\"$3/world/key\"; l=\"$3/world/log\"; head -c 64 \"$3/world/people.csv\" >\"$k\"; "
             "chmod 600 \"$k\"; \"$1\" workers check --people \"$3/world/people.csv\" --events "
             "\"$3/world/events.csv\" --audit \"$l\" --key \"$k\" --as x >/dev/null; "
             "\"$1\" workers audit \"$l\" --key \"$k\" --who x --json"},
        {"docs/api/workers_link.json",
         RUN "printf 'id,name,town\\n1,ann lee,rome\\n2,ann lee,rome\\n3,bob ray,oslo\\n' "
             ">\"$3/p.csv\"; \"$1\" workers link \"$3/p.csv\" --id id --json"},
        {"docs/api/commits.json", RUN
         "r=\"$3/repo\"; f=\"$r/a.c\"; git init -q \"$r\" && printf 'int f(int a)\\n{\\n    if (a "
         "< "
         "1)\\n        return -1;\\n    return a;\\n}\\n' >\"$f\" && git -C \"$r\" add -A && " GIT
         "git -C \"$r\" commit -q -m Begin && sed -i '3,4d' \"$f\" && " GIT
         "git -C \"$r\" commit -q -a -m More && \"$1\" commits \"$r\" --all --show-authors "
         "--cache \"$3/kept\" --json"},
        {"tests/data/sarif.json", RUN
         "\"$1\" commits \"$3/repo\" --all --cache \"$3/kept\" --sarif \"$3/s.json\" >/dev/null "
         "&& cat \"$3/s.json\""},
        {"docs/api/simulate.json", RUN "\"$1\" simulate --out \"$3/world\" --transfers 500 --json"},
        {"docs/api/show.json", RUN "\"$1\" show " THIEF " --ledger \"$3\" --json"},
        {"docs/api/show.json",
         RUN "\"$1\" show " THIEF " --ledger \"$3\" --case \"$2/case.yaml\" --json"},
        {"docs/api/show.json", RUN "\"$1\" show " THEFT " --ledger \"$3\" --json"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char fault[1024] = "";
        FILE *page = fopen(sg_test_source(cases[i].schema), "r");
        char *schema = read_all(page), *answer = output_of(cases[i].command);
        fclose(page);
        if (!schema_holds(fault, sizeof(fault), schema, answer))
            fail_msg("%s: %s\n%s", cases[i].schema, fault, cases[i].command);
        sg_mem_free(answer);
        sg_mem_free(schema);
    }
}

static void test_a_document_that_does_not_hold_is_found(void **state)
{
    (void)state;
    static const char schema[] =
        "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"a\"],\n"
        "\"properties\": {\"a\": {\"$ref\": \"#/$defs/list\"}, \"b\": {\"type\": [\"integer\", "
        "\"null\"]},\n"
        "\"c\": {\"type\": \"string\", \"enum\": [\"x\", \"y\"]}, \"e\": {\"pattern\": "
        "\"^[a-f]+$\"},\n"
        "\"f\": {\"anyOf\": [{\"const\": \"no\"}, {\"minimum\": 5, \"type\": \"integer\"}, "
        "{\"$ref\": \"#/$defs/list\"}]}},\n"
        "\"$defs\": {\"list\": {\"type\": \"array\", \"items\": {\"type\": \"boolean\"}}}}";
    static const struct {
        const char *document, *fault; /* NULL: it holds */
    } cases[] = {
        {"{\"a\": [true, false], \"b\": null, \"c\": \"x\"}", NULL},
        {"{\"a\": [], \"b\": 7}", NULL},
        {"{\"a\": [], \"e\": \"abc\", \"f\": [true]}", NULL},
        {"{\"a\": [], \"e\": \"abg\"}", "/e: 'abg' does not have its pattern"},
        {"{\"a\": [], \"f\": \"no\"}", NULL},
        {"{\"a\": [], \"f\": 5}", NULL},
        {"{\"a\": [], \"f\": 1}", "/f: is of type integer"},
        {"{\"b\": 7}", "/: 'a' is missing"},
        {"{\"a\": [true, 1]}", "/a/1: is of type integer"},
        {"{\"a\": {}}", "/a: is of type object"},
        {"{\"a\": [], \"b\": \"7\"}", "/b: is of type string"},
        {"{\"a\": [], \"b\": 7.5}", "/b: is of type number"},
        {"{\"a\": [], \"c\": \"z\"}", "/c: 'z' is none of the values allowed"},
        {"{\"a\": [], \"d\": 1}", "/d: is not in the schema"},
        {"[]", "/: is of type array"},
        {"{a: []}", "the document: is not JSON"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char fault[1024] = "";
        assert_int_equal(schema_holds(fault, sizeof(fault), schema, cases[i].document),
                         !cases[i].fault);
        assert_string_equal(fault, cases[i].fault ? cases[i].fault : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_document_that_does_not_hold_is_found),
        cmocka_unit_test_setup_teardown(test_each_answer_holds_to_its_schema, make_ledger,
                                        drop_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
