/* Goal: regular pay is found, and places where the salaries of several gather; a family, a service
 * and a place with other income are none. Method: little worlds built row by row. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "analysis/payroll/payroll.h"

#include <string.h>

#define DAY    (INT64_C(24) * 3600)
#define DOLLAR 1000000u
#define PAYER  1
#define PAYEES 10 /* numbers 10, 11, ... */
#define HOPS   60
#define PLACE  120

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_asset_id asset;
    struct sg_addr_id services[2];
    struct sg_payroll_options options;
    struct sg_payroll payroll;
    struct sg_err err;
    int64_t now;
};

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    mem_tokens(&w->mem, 2, 6);
    w->asset.v = 1;
    sg_payroll_defaults(&w->options);
    w->options.assets = &w->asset;
    w->options.n_assets = 1;
    w->options.services = w->services;
    w->now = 1700000000;
}

static void close_world(struct world *w)
{
    sg_payroll_clear(&w->payroll);
    mem_clear(&w->mem);
}

static struct sg_addr_id id(struct world *w, unsigned number)
{
    return mem_addr_n(&w->mem, (uint8_t)number);
}

static void move(struct world *w, unsigned from, unsigned to, uint64_t dollars)
{
    const struct sg_addr_id payer = id(w, from);
    (void)mem_tx(&w->mem, w->mem.n_txs + 1, w->now, payer, SG_AMOUNT_ZERO, 0);
    (void)mem_row(&w->mem, payer, id(w, to), 1, sg_amount_from((sg_u128)dollars * DOLLAR), 0);
    w->now += 60;
}

/* Pay n payees for so many months; the first k send 60 % on to the place, over so many hops. */
static void months(struct world *w, unsigned n_months, unsigned n, unsigned k, unsigned hops)
{
    for (unsigned month = 0; month < n_months; month++) {
        const int64_t begin = w->now;
        for (unsigned i = 0; i < n; i++)
            move(w, PAYER, PAYEES + i, 4000 + 100 * i);
        w->now += DAY;
        for (unsigned i = 0; i < k; i++) {
            unsigned at = PAYEES + i;
            for (unsigned hop = 1; hop <= hops; hop++) {
                const unsigned to = hop == hops ? PLACE : HOPS + 4 * i + hop;
                move(w, at, to, 2400);
                at = to;
            }
        }
        w->now = begin + 30 * DAY;
    }
}

static void run(struct world *w)
{
    sg_payroll_clear(&w->payroll);
    w->ledger = mem_view(&w->mem, &mem_chain);
    CHECK_OK(sg_payroll_run(&w->payroll, &w->ledger, &w->options, &w->err), &w->err);
}

static void test_monthly_pay_of_several_is_a_payroll(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    months(&w, 6, 5, 0, 0);
    move(&w, 2, 3, 50); /* twice is no series */
    move(&w, 2, 3, 50);
    run(&w);
    assert_int_equal(w.payroll.n_series, 5);
    assert_int_equal(w.payroll.n_payers, 1);
    assert_int_equal(w.payroll.n_payees, 5);
    assert_int_equal(w.payroll.n_collectors, 0);
    const struct sg_payroll_series *s = &w.payroll.series[0];
    assert_int_equal(s->payer.v, id(&w, PAYER).v);
    assert_int_equal(s->days, 30);
    assert_int_equal(s->n_pays, 6);
    assert_int_equal(s->median, (uint64_t)4000 * DOLLAR);
    close_world(&w);
}

static void test_irregular_or_unlike_payments_are_no_series(void **state)
{
    static const int64_t gaps[] = {1, 45, 3, 70, 20, 2, 50, 9};
    struct world w;
    (void)state;
    open_world(&w);
    for (unsigned i = 0; i < 8; i++) { /* regular, but 1,000 to 8,000 */
        for (unsigned k = 0; k < 4; k++)
            move(&w, PAYER, PAYEES + k, (uint64_t)1000 << (i % 4));
        w.now += 30 * DAY;
    }
    for (unsigned i = 0; i < 8; i++) { /* alike, but at any time */
        for (unsigned k = 0; k < 4; k++)
            move(&w, 2, PAYEES + 10 + k, 1000);
        w.now += gaps[i] * DAY;
    }
    run(&w);
    assert_int_equal(w.payroll.n_series, 0);
    close_world(&w);
}

static void test_salaries_that_gather_over_one_to_four_hops_are_found(void **state)
{
    (void)state;
    for (unsigned hops = 1; hops <= 4; hops++) {
        struct world w;
        open_world(&w);
        months(&w, 6, 12, 5, hops);
        run(&w);
        assert_int_equal(w.payroll.n_collectors, 1);
        const struct sg_payroll_collector *c = &w.payroll.collectors[0];
        assert_int_equal(c->addr.v, id(&w, PLACE).v);
        assert_int_equal(c->n_members, 5);
        assert_int_equal(c->n_senders, 5);
        assert_int_equal(c->n_salary_senders, 5);
        assert_int_equal(c->arrived, (uint64_t)6 * 5 * 2400 * DOLLAR);
        assert_int_equal(c->inflow, c->arrived);
        assert_int_equal(c->n_others, 7);
        assert_int_equal(c->n_others_gather, 0);
        for (unsigned i = 0; i < 5; i++) {
            const struct sg_payroll_member *m = &w.payroll.members[c->first_member + i];
            assert_int_equal(m->hops, hops);
            assert_int_equal(m->n_arrived, 6);
        }
        w.options.hops_max = 3;
        run(&w);
        assert_int_equal(w.payroll.n_collectors, hops <= 3);
        close_world(&w);
    }
}

/* Fortnights: a salary is still followed when the next one is passed on. */
static void test_a_transfer_that_two_salaries_may_claim_counts_once(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (unsigned pay = 0; pay < 10; pay++) {
        for (unsigned i = 0; i < 6; i++)
            move(&w, PAYER, PAYEES + i, 2000);
        for (unsigned i = 0; i < 5 && pay % 2; i++) /* every second salary */
            move(&w, PAYEES + i, PLACE, 1000);
        w.now += 14 * DAY - 660;
    }
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 1);
    const struct sg_payroll_collector *c = &w.payroll.collectors[0];
    assert_int_equal(c->arrived, (uint64_t)5 * 5 * 1000 * DOLLAR);
    assert_int_equal(c->inflow, c->arrived);
    assert_int_equal(w.payroll.members[c->first_member].n_pays, 10);
    assert_int_equal(w.payroll.members[c->first_member].n_arrived, 5);
    close_world(&w);
}

static void test_what_lies_behind_a_collector_is_none(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (unsigned month = 0; month < 5; month++) {
        months(&w, 1, 8, 5, 1);
        w.now -= 20 * DAY;
        move(&w, PLACE, PLACE + 1, 5 * 2400);
        w.now += 20 * DAY - 60;
    }
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 1);
    assert_int_equal(w.payroll.collectors[0].addr.v, id(&w, PLACE).v);
    close_world(&w);
}

static void test_a_family_a_service_and_a_place_with_other_income_are_no_collectors(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    months(&w, 6, 8, 3, 1); /* three: below --min-payees */
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 0);
    close_world(&w);

    open_world(&w);
    months(&w, 6, 8, 6, 1);
    w.services[0] = id(&w, PLACE);
    w.options.n_services = 1;
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 0);
    w.options.n_services = 0;
    w.options.senders_max = 5; /* six send there: taken for a service */
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 0);
    w.options.senders_max = 200;
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 1);
    for (unsigned i = 0; i < 4; i++) /* others send there too: a shop */
        move(&w, 200 + i, PLACE, 5);
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 0);
    close_world(&w);

    open_world(&w);
    months(&w, 6, 8, 6, 1);
    move(&w, PAYEES, PLACE, 200000); /* more than all salaries: not from them */
    run(&w);
    assert_int_equal(w.payroll.n_collectors, 0);
    close_world(&w);
}

static void test_payers_and_payees_can_be_named(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    months(&w, 6, 8, 6, 2);
    const struct sg_addr_id payees[] = {id(&w, PAYEES), id(&w, PAYEES + 1)}, nobody = id(&w, 3);
    w.options.payees = payees;
    w.options.n_payees = 2;
    run(&w);
    assert_int_equal(w.payroll.n_series, 2);
    w.options.n_payees = 0;
    w.options.payers = &nobody;
    w.options.n_payers = 1;
    run(&w);
    assert_int_equal(w.payroll.n_series, 0);
    close_world(&w);
}

static void test_coverage_of_payees_is_counted(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    months(&w, 6, 8, 0, 0);
    mem_cover(&w.mem, id(&w, PAYEES), SG_COVER_TOKEN, 1, 100);
    mem_cover(&w.mem, id(&w, PAYEES + 1), SG_COVER_NATIVE, 1, 100);
    run(&w);
    assert_int_equal(w.payroll.n_covered, 1);
    mem_cover(&w.mem, (struct sg_addr_id){SG_ID_NONE}, SG_COVER_TOKEN, 1, 100);
    run(&w);
    assert_int_equal(w.payroll.n_covered, 8);
    close_world(&w);
}

static void test_values_are_scaled_to_six_decimals(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    w.asset.v = 0; /* the chain's coin, of 18 decimals */
    for (unsigned month = 0; month < 4; month++) {
        for (unsigned i = 0; i < 4; i++) {
            (void)mem_tx(&w.mem, w.mem.n_txs + 1, w.now, id(&w, PAYER), SG_AMOUNT_ZERO, 0);
            (void)mem_row(&w.mem, id(&w, PAYER), id(&w, PAYEES + i), 0,
                          sg_amount_from((sg_u128)2500000000000000000u), 0);
        }
        w.now += 14 * DAY;
    }
    run(&w);
    assert_int_equal(w.payroll.n_series, 4);
    assert_int_equal(w.payroll.series[0].median, 2500000);
    assert_int_equal(w.payroll.series[0].days, 14);
    close_world(&w);
}

static enum sg_status swept(struct world *w)
{
    struct sg_payroll payroll;
    const enum sg_status st = sg_payroll_run(&payroll, &w->ledger, &w->options, &w->err);
    if (st == SG_OK)
        sg_payroll_clear(&payroll);
    return st;
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    months(&w, 4, 6, 4, 2);
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OOM_SWEEP(swept(&w));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_monthly_pay_of_several_is_a_payroll),
        cmocka_unit_test(test_irregular_or_unlike_payments_are_no_series),
        cmocka_unit_test(test_salaries_that_gather_over_one_to_four_hops_are_found),
        cmocka_unit_test(test_a_transfer_that_two_salaries_may_claim_counts_once),
        cmocka_unit_test(test_what_lies_behind_a_collector_is_none),
        cmocka_unit_test(test_a_family_a_service_and_a_place_with_other_income_are_no_collectors),
        cmocka_unit_test(test_payers_and_payees_can_be_named),
        cmocka_unit_test(test_coverage_of_payees_is_counted),
        cmocka_unit_test(test_values_are_scaled_to_six_decimals),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
