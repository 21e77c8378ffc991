/* The file of pools: one written out by hand, and each fault with its place. */
#include "formats/poolfile/poolfile.h"
#include "support/check.h"

#include <string.h>

#define HEAD "sillage_pools: 1\nchain: ethereum\n"
#define POOL                                                                                       \
    "pools:\n- name: eth-100\n  asset: ETH\n  decimals: 18\n  denomination: 100\n"                 \
    "  contracts: ['0xA160cdAB225685dA1d56aa342Ad8841c3b53f291']\n"

static enum sg_status parse(struct sg_poolfile *file, struct sg_arena *arena, const char *text,
                            struct sg_err *err)
{
    return sg_poolfile_parse(file, arena, text, strlen(text), err);
}

static void test_a_file_of_two_pools_is_read(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_poolfile file;
    struct sg_err err;
    CHECK_OK(parse(&file, &arena,
                   HEAD POOL "  events: [d.json, w.json]\n"
                             "- {name: usdc-0.5, asset: USDC, decimals: 6, denomination: '0.5'}\n"
                             "logs: [all.jsonl]\n",
                   &err),
             &err);
    assert_int_equal(file.n_pools, 2);
    assert_string_equal(file.chain->name, "ethereum");
    assert_string_equal(file.pools[0].name, "eth-100");
    assert_int_equal(file.pools[0].n_contracts, 1);
    assert_int_equal(file.pools[0].contracts[0].bytes[19], 0x91);
    assert_int_equal(file.pools[0].n_events, 2);
    assert_string_equal(file.pools[0].events[1], "w.json");
    assert_int_equal(file.pools[1].decimals, 6);
    assert_int_equal(sg_amount_cmp(file.pools[1].denomination, sg_amount_from(500000)), 0);
    assert_int_equal(file.pools[1].n_events, 0);
    assert_int_equal(file.n_logs, 1);
    assert_ptr_equal(sg_poolfile_of(&file, &file.pools[0].contracts[0]), &file.pools[0]);
    struct sg_address other = file.pools[0].contracts[0];
    other.bytes[0] ^= 1;
    assert_null(sg_poolfile_of(&file, &other));
    sg_arena_clear(&arena);
}

static void test_each_fault_is_named_at_its_place(void **state)
{
    (void)state;
    const struct {
        const char *text;
        unsigned line;
        const char *sentence;
    } cases[] = {
        {"sillage_pools: 2\nchain: ethereum\n" POOL, 1, "this program knows version 1"},
        {"sillage_pools: 1\nchain: moon\n" POOL, 2, "no such chain"},
        {HEAD "pools: []\n", 3, "'pools' is a list of one pool or more"},
        {HEAD "pools:\n- name: a\n", 4, "the key 'asset' is missing"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 39, denomination: 1}\n", 4,
         "decimals are a number from 0 to 38"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 0, denomination: '0.1'}\n", 4,
         "the denomination is no amount of this asset above zero"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 0, denomination: 0}\n", 4,
         "the denomination is no amount of this asset above zero"},
        {HEAD POOL "- {name: eth-100, asset: E, decimals: 0, denomination: 1}\n", 9,
         "another pool has this name"},
        {HEAD POOL "- {name: b, asset: E, decimals: 0, denomination: 1, contracts: "
                   "['0xa160cdab225685da1d56aa342ad8841c3b53f291']}\n",
         9, "this contract is named twice"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 0, denomination: 1, contracts: [x]}\n", 4,
         "not an address of this chain"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 0, denomination: 1, events: x}\n", 4,
         "'events' is a list"},
        {HEAD "pools:\n- {name: a, asset: E, decimals: 0, denomination: 1}\nlogs: [l]\n", 5,
         "logs go to the pool of their contract, and no pool names one"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_poolfile file;
        struct sg_err err;
        assert_int_equal(parse(&file, &arena, cases[i].text, &err), SG_EPARSE);
        assert_string_equal(err.text, cases[i].sentence);
        assert_int_equal(err.line, cases[i].line);
        sg_arena_clear(&arena);
    }
}

static enum sg_status whole(const char *text, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_poolfile file;
    const enum sg_status st = parse(&file, &arena, text, err);
    sg_arena_clear(&arena);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct sg_err err;
    CHECK_OOM_SWEEP(whole(HEAD POOL "  events: [d.json]\nlogs: [all.jsonl]\n", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_of_two_pools_is_read),
        cmocka_unit_test(test_each_fault_is_named_at_its_place),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
