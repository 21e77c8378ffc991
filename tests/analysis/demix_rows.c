/* A pool read from a ledger's rows: worked out by hand; 50 and 51 are its contracts. */
#include "analysis/demix/demix_rows.h"
#include "support/check.h"
#include "support/mem_ledger.h"

#include <string.h>

static struct mem_ledger mem;

static void tx(uint8_t sender)
{
    const uint64_t n = mem.n_txs;
    mem_tx(&mem, 100 + n, 1000 + (int64_t)n, mem_addr_n(&mem, sender), SG_AMOUNT_ZERO,
           SG_TX_HAS_HASH);
}

static void row(uint8_t from, uint8_t to, uint32_t asset, uint64_t amount, uint8_t flags)
{
    mem_row(&mem, mem_addr_n(&mem, from), mem_addr_n(&mem, to), asset, sg_amount_from(amount),
            flags);
}

static void build(void)
{
    memset(&mem, 0, sizeof(mem));
    mem_tokens(&mem, 1, 18);
    tx(1);
    row(1, 50, 0, 100, 0); /* a deposit */
    row(1, 51, 0, 100, 0); /* another, in the same transaction */
    tx(2);
    row(50, 7, 0, 98, 0); /* a withdrawal with a fee */
    row(50, 8, 0, 2, 0);
    row(50, 9, 0, 100, 0); /* one without */
    tx(3);
    row(3, 50, 0, 99, 0);              /* another amount */
    row(3, 50, 1, 100, 0);             /* another asset */
    row(3, 50, 0, 100, SG_ROW_FAILED); /* nothing moved */
    row(50, 51, 0, 100, 0);            /* within the pool */
    row(50, 10, 0, 60, 0);             /* makes up nothing */
    mem_tx(&mem, 200, 2000, mem_addr_n(&mem, 1), SG_AMOUNT_ZERO, 0);
    row(1, 50, 0, 100, 0); /* no hash */
    tx(4);
    row(51, 11, 0, 1, 0); /* the relayer is paid first */
    row(51, 12, 0, 99, 0);
    (void)mem_view(&mem, &mem_chain);
}

static enum sg_status read(struct sg_pool_builder *builder, size_t *n_odd, struct sg_err *err)
{
    const struct sg_ledger ledger = mem_view(&mem, &mem_chain);
    struct sg_address contracts[3] = {
        mem.addrs[mem_addr_n(&mem, 50).v], mem.addrs[mem_addr_n(&mem, 51).v], {0}};
    contracts[2] = contracts[0];
    contracts[2].bytes[0] = 0xee; /* never met */
    const struct sg_pool_rows_input input = {&ledger, contracts, 3, "TST", sg_amount_from(100)};
    return sg_pool_add_rows(builder, n_odd, &input, err);
}

static void check_withdrawal(const struct sg_pool_event *e, uint8_t to, uint64_t fee)
{
    assert_int_equal(e->kind, SG_POOL_WITHDRAWAL);
    assert_memory_equal(&e->to, &mem.addrs[mem_addr_n(&mem, to).v], sizeof(e->to));
    assert_int_equal(sg_amount_cmp(e->fee, sg_amount_from(fee)), 0);
}

static void test_rows_become_the_events_that_they_show(void **state)
{
    (void)state;
    struct sg_pool_builder builder = {0};
    struct sg_err err;
    size_t n_odd = 99;
    build();
    CHECK_OK(read(&builder, &n_odd, &err), &err);
    assert_int_equal(builder.n_events, 5);
    assert_int_equal(n_odd, 3); /* 99, 60, and the one without a hash */
    assert_int_equal(builder.events[0].kind, SG_POOL_DEPOSIT);
    assert_int_equal(builder.events[1].kind, SG_POOL_DEPOSIT);
    assert_memory_not_equal(builder.events[0].id32, builder.events[1].id32, 32);
    assert_memory_equal(builder.events[0].tx32, builder.events[1].tx32, 32);
    assert_true(builder.events[0].block == 100 && builder.events[0].time_unix_s == 1000);
    check_withdrawal(&builder.events[2], 7, 2);
    check_withdrawal(&builder.events[3], 9, 0);
    check_withdrawal(&builder.events[4], 12, 1);
    sg_pool_builder_clear(&builder);
    mem_clear(&mem);
}

static enum sg_status whole(struct sg_err *err)
{
    struct sg_pool_builder builder = {0};
    size_t n_odd;
    const enum sg_status st = read(&builder, &n_odd, err);
    sg_pool_builder_clear(&builder);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct sg_err err;
    build();
    CHECK_OOM_SWEEP(whole(&err));
    mem_clear(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_become_the_events_that_they_show),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
