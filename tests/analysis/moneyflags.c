/* Goal: each rule fires at its threshold and not below it, with its evidence. Method: histories by
 * hand, one for each rule, at the threshold and one short of it; refused memory. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "analysis/moneyflags/moneyflags.h"

#include <string.h>

#define DAY SG_MONEYFLAG_DAY_S

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_arena arena;
    struct sg_exposure exposure;
    struct sg_exposure_book book;
    struct sg_moneyflags_input input;
    const struct sg_moneyflag *flags;
    size_t n_flags;
};

/* Addresses 100 to 199 are services, two and two one entity. */
static enum sg_status look(void *ctx, const struct sg_exposure_label **label,
                           struct sg_addr_id addr, struct sg_err *err)
{
    static struct sg_exposure_label services[50];
    static char names[50][2];
    const struct world *w = ctx;
    const uint8_t number = w->mem.addrs[addr.v].bytes[19];
    (void)err;
    *label = NULL;
    if (number >= 100 && number < 200) {
        const size_t i = (number - 100u) / 2;
        names[i][0] = (char)('A' + i);
        services[i] = (struct sg_exposure_label){.entity = names[i], .is_service = true};
        *label = &services[i];
    }
    return SG_OK;
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    w->book = (struct sg_exposure_book){look, w};
    w->input = (struct sg_moneyflags_input){.addr = mem_addr_n(&w->mem, 1),
                                            .until_unix_s = INT64_MAX,
                                            .book = &w->book,
                                            .exposure = &w->exposure};
}

static void close_world(struct world *w)
{
    sg_arena_clear(&w->arena);
    mem_clear(&w->mem);
}

static void pays(struct world *w, uint8_t from, uint8_t to, uint64_t units, int64_t time)
{
    mem_tx(&w->mem, w->mem.n_txs, time, mem_addr_n(&w->mem, from), SG_AMOUNT_ZERO, 0);
    mem_row(&w->mem, mem_addr_n(&w->mem, from), mem_addr_n(&w->mem, to), 0, sg_amount_from(units),
            0);
}

static enum sg_status find_once(struct world *w, struct sg_err *err)
{
    return sg_moneyflags_find(&w->flags, &w->n_flags, &w->arena, &w->input, err);
}

static void find(struct world *w)
{
    struct sg_err err;
    w->ledger = mem_view(&w->mem, &mem_chain);
    w->input.ledger = &w->ledger;
    CHECK_OK(find_once(w, &err), &err);
}

#define CHECK_UNITS(got, units) CHECK(sg_amount_cmp((got), sg_amount_from(units)) == 0)

static void test_ten_equal_payments_of_a_day_fire_nine_do_not(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (int i = 0; i < 9; i++)
        pays(&w, 1, 2, 100, i * DAY / 9);
    pays(&w, 1, 2, 100, DAY + 1); /* a second too late for the first */
    pays(&w, 1, 2, 101, DAY / 2);
    find(&w);
    assert_int_equal(w.n_flags, 0);
    pays(&w, 1, 2, 100, DAY);
    find(&w);
    assert_int_equal(w.n_flags, 1);
    assert_int_equal(w.flags[0].rule, SG_MONEYFLAG_EQUAL_PAYMENTS);
    assert_int_equal(w.flags[0].count, 10);
    CHECK_UNITS(w.flags[0].amount, 100);
    assert_int_equal(w.flags[0].first.v, 0);
    w.input.until_unix_s = DAY / 2;
    find(&w);
    assert_int_equal(w.n_flags, 0);
    close_world(&w);
}

static void test_three_services_of_a_day_fire_two_with_two_addresses_each_do_not(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (uint8_t i = 100; i < 104; i++)
        pays(&w, 1, i, 100u + i, i);
    find(&w);
    assert_int_equal(w.n_flags, 0);
    pays(&w, 1, 104, 7, DAY + 102); /* the first service fell out of the day */
    find(&w);
    assert_int_equal(w.n_flags, 0);
    pays(&w, 1, 105, 5, DAY + 101);
    find(&w);
    assert_int_equal(w.n_flags, 1);
    assert_int_equal(w.flags[0].rule, SG_MONEYFLAG_MANY_SERVICES);
    assert_int_equal(w.flags[0].count, 3);
    CHECK_UNITS(w.flags[0].amount, 201 + 202 + 203 + 5);
    assert_int_equal(w.flags[0].first.v, 1);
    assert_int_equal(w.flags[0].last.v, 5);
    close_world(&w);
}

static void test_ten_payers_of_a_day_fire_and_one_who_pays_ten_times_does_not(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    for (uint8_t i = 0; i < 10; i++)
        pays(&w, 2, 1, 1u + i, i);
    for (uint8_t i = 10; i < 18; i++)
        pays(&w, i, 1, 1, i);
    find(&w);
    assert_int_equal(w.n_flags, 0);
    pays(&w, 18, 1, 1, 18);
    find(&w);
    assert_int_equal(w.n_flags, 1);
    assert_int_equal(w.flags[0].rule, SG_MONEYFLAG_MANY_PAYERS);
    assert_int_equal(w.flags[0].count, 10);
    close_world(&w);
}

static void test_what_leaves_within_a_day_passes_through(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    pays(&w, 2, 1, 50, 0);
    pays(&w, 3, 1, 40, 10);
    pays(&w, 4, 1, 10, 20);
    pays(&w, 1, 5, 89, 30);
    find(&w);
    assert_int_equal(w.n_flags, 0); /* 89 % */
    pays(&w, 1, 6, 1, DAY + 10);    /* of the second receipt, just in time */
    find(&w);
    assert_int_equal(w.n_flags, 1);
    assert_int_equal(w.flags[0].rule, SG_MONEYFLAG_PASS_THROUGH);
    assert_int_equal(w.flags[0].count, 3);
    CHECK_UNITS(w.flags[0].amount, 90);
    assert_int_equal(w.flags[0].first.v, 0);
    assert_int_equal(w.flags[0].last.v, 4);
    close_world(&w);
}

static void test_exposure_fires_by_category_and_names_the_nearest(void **state)
{
    static const struct sg_exposure_category in[] = {{SG_CATEGORY_MIXER, 4, {5}, {0}, "far"}};
    static const struct sg_exposure_category out[] = {{SG_CATEGORY_MIXER, 2, {1}, {3}, "near"},
                                                      {SG_CATEGORY_SANCTIONED, 2, {1}, {0}, "near"},
                                                      {SG_CATEGORY_EXCHANGE, 1, {9}, {0}, "x"}};
    struct world w;
    (void)state;
    open_world(&w);
    w.exposure.in = (struct sg_exposure_side){.categories = in, .n_categories = 1};
    w.exposure.out = (struct sg_exposure_side){.categories = out, .n_categories = 3};
    find(&w);
    assert_int_equal(w.n_flags, 2);
    assert_int_equal(w.flags[0].rule, SG_MONEYFLAG_MIXER);
    assert_int_equal(w.flags[0].hops, 2);
    assert_string_equal(w.flags[0].nearest, "near");
    CHECK_UNITS(w.flags[0].amount, 5);
    assert_int_equal(w.flags[1].rule, SG_MONEYFLAG_ILLICIT);
    assert_int_equal(w.flags[1].count, 1);
    close_world(&w);
}

static enum sg_status find_swept(struct world *w, struct sg_err *err)
{
    const enum sg_status st = find_once(w, err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w);
    for (uint8_t i = 0; i < 12; i++) {
        pays(&w, (uint8_t)(20 + i), 1, 5, i);
        pays(&w, 1, (uint8_t)(100 + i), 5, i);
    }
    w.ledger = mem_view(&w.mem, &mem_chain);
    w.input.ledger = &w.ledger;
    CHECK_OOM_SWEEP(find_swept(&w, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_equal_payments_of_a_day_fire_nine_do_not),
        cmocka_unit_test(test_three_services_of_a_day_fire_two_with_two_addresses_each_do_not),
        cmocka_unit_test(test_ten_payers_of_a_day_fire_and_one_who_pays_ten_times_does_not),
        cmocka_unit_test(test_what_leaves_within_a_day_passes_through),
        cmocka_unit_test(test_exposure_fires_by_category_and_names_the_nearest),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
