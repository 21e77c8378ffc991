/* Links around a mixer, on a ledger of a few rows that is worked out by hand: people 1 to 3 deposit
 * or fund, 10 to 13 withdraw, 50 is the mixer, 60 gathers. */
#include "analysis/demix/demix_links.h"
#include "support/check.h"
#include "support/mem_ledger.h"

#include <string.h>

static struct mem_ledger mem;

static void pay(uint8_t from, uint8_t to, uint64_t amount)
{
    const uint64_t n = mem.n_txs;
    mem_tx(&mem, 100 + n, 1000 + (int64_t)n, mem_addr_n(&mem, from), SG_AMOUNT_ZERO,
           SG_TX_HAS_HASH);
    mem_row(&mem, mem_addr_n(&mem, from), mem_addr_n(&mem, to), 0, sg_amount_from(amount), 0);
}

static void build(void)
{
    memset(&mem, 0, sizeof(mem));
    pay(3, 1, 5);    /* tx 0: 3 funds depositor 1 */
    pay(1, 50, 100); /* tx 1: the theft's deposit */
    pay(3, 10, 2);   /* 10 is funded by whom funded the depositor */
    pay(50, 10, 99); /* the mixer funds nobody */
    pay(50, 11, 99);
    pay(11, 1, 7); /* 11 pays the depositor: a direct link */
    pay(1, 11, 0); /* nothing moved */
    pay(10, 60, 90);
    pay(11, 60, 80);
    pay(10, 60, 1);
    pay(9, 12, 1); /* 12 is funded by a stranger */
    pay(12, 61, 1);
    pay(1, 60, 3);    /* the depositor pays who gathers */
    pay(12, 50, 100); /* tx 13: the theft's deposit, sent by a withdrawer */
    (void)mem_view(&mem, &mem_chain);
}

/* 60 is an exchange, 61 a person who is known, nobody else is. */
static enum sg_status look(void *ctx, const struct sg_exposure_label **label,
                           struct sg_addr_id addr, struct sg_err *err)
{
    static const struct sg_exposure_label exchange = {.entity = "Exchange", .is_service = true};
    static const struct sg_exposure_label person = {.entity = "Person"};
    (void)ctx;
    (void)err;
    *label = addr.v == mem_addr_n(&mem, 60).v   ? &exchange
             : addr.v == mem_addr_n(&mem, 61).v ? &person
                                                : NULL;
    return SG_OK;
}

static const struct sg_exposure_book book = {look, NULL};

static void check_all(const struct sg_demix_link *links)
{
    assert_true(links[0].in_ledger && links[0].funder_shared && !links[0].deposited);
    assert_int_equal(links[0].funder.v, mem_addr_n(&mem, 3).v);
    assert_int_equal(links[0].n_direct, 0);
    assert_int_equal(links[0].n_next, 1);
    assert_int_equal(links[0].next.v, mem_addr_n(&mem, 60).v);
    assert_int_equal(links[1].n_direct, 1);
    assert_int_equal(links[1].direct.v, mem_addr_n(&mem, 1).v);
    assert_int_equal(links[1].n_next, 1);
    assert_int_equal(links[1].funder.v, SG_ID_NONE);
    assert_true(links[2].deposited);
    assert_int_equal(links[2].n_next, 0);
    assert_int_equal(links[2].funder.v, mem_addr_n(&mem, 9).v);
    assert_true(links[2].funder_shared); /* it is a depositor, and 9 paid it first */
    assert_int_equal(links[2].same.v, mem_addr_n(&mem, 61).v); /* its own payee: it deposited */
    assert_int_equal(links[0].same.v, mem_addr_n(&mem, 60).v);
    assert_int_equal(links[1].same.v, mem_addr_n(&mem, 60).v);
    assert_string_equal(links[0].service, "Exchange");
    assert_true(links[0].service_shared && links[0].n_service == 1);
    assert_null(links[2].service);
    assert_false(links[3].in_ledger);
    assert_int_equal(links[3].funder.v, SG_ID_NONE);
}

static enum sg_status find(struct sg_demix_link links[4], struct sg_err *err)
{
    static const uint8_t numbers[] = {10, 11, 12, 99};
    struct sg_address withdrawers[4] = {{0}};
    uint8_t deposits[3][32];
    struct sg_ledger ledger = mem_view(&mem, &mem_chain);
    for (size_t i = 0; i < 3; i++)
        withdrawers[i] = mem.addrs[mem_addr_n(&mem, numbers[i]).v];
    withdrawers[3] = withdrawers[0];
    withdrawers[3].bytes[0] = 0xee;
    memcpy(deposits[0], mem.txs[13].hash32, 32);
    memcpy(deposits[1], mem.txs[1].hash32, 32);
    memset(deposits[2], 0xdd, 32); /* not in the ledger */
    const struct sg_demix_links_input input = {
        &ledger, withdrawers, 4, (const uint8_t(*)[32])deposits, 3, &book};
    return sg_demix_links_find(links, &input, err);
}

static void test_each_link_is_found_and_no_other(void **state)
{
    (void)state;
    struct sg_demix_link links[4];
    struct sg_err err;
    build();
    memset(links, 0xa5, sizeof(links));
    CHECK_OK(find(links, &err), &err);
    check_all(links);
    mem_clear(&mem);
}

static void test_without_deposits_in_the_ledger_there_are_no_links(void **state)
{
    (void)state;
    struct sg_demix_link link;
    struct sg_err err;
    build();
    struct sg_ledger ledger = mem_view(&mem, &mem_chain);
    const uint8_t deposits[1][32] = {{0xdd}};
    const struct sg_address withdrawer = mem.addrs[mem_addr_n(&mem, 11).v];
    const struct sg_demix_links_input input = {&ledger, &withdrawer, 1, deposits, 1, NULL};
    CHECK_OK(sg_demix_links_find(&link, &input, &err), &err);
    assert_true(link.in_ledger && !link.n_direct && !link.funder_shared && !link.deposited);
    mem_clear(&mem);
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct sg_demix_link links[4];
    struct sg_err err;
    build();
    CHECK_OOM_SWEEP(find(links, &err));
    mem_clear(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_link_is_found_and_no_other),
        cmocka_unit_test(test_without_deposits_in_the_ledger_there_are_no_links),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
