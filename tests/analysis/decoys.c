/* Goal: what strangers wrote into a history is found, and what its owner did is never taken for it.
 * Method: a made-up ledger of the shape that a published graph of the Bybit theft showed: of 123
 * transfers of "10,000" 83 are fakes, 28 of them with look-alikes; single rules by hand; an oracle
 * that compares everything with everything; the sweep over refused memory. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "analysis/decoys/decoys.h"
#include "base/rng.h"
#include "oracle/decoys.h"

#include <stdio.h>
#include <string.h>

#define USDT     1u
#define FAKE     2u
#define UNITS(n) ((sg_u128)(n)*1000000) /* of six decimals */

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_arena arena;
    struct sg_decoys decoys;
    struct sg_decoys_input input;
};

static const struct sg_addr_id victim = {0};

/* An address by its ends: four digits, a number in the middle, four digits. */
static struct sg_addr_id address(struct world *w, uint16_t first, uint32_t middle, uint16_t last)
{
    struct sg_address a = {.size = 20};
    a.bytes[0] = (uint8_t)(first >> 8);
    a.bytes[1] = (uint8_t)first;
    for (unsigned i = 0; i < 4; i++)
        a.bytes[8 + i] = (uint8_t)(middle >> 8 * i);
    a.bytes[18] = (uint8_t)(last >> 8);
    a.bytes[19] = (uint8_t)last;
    return mem_addr(&w->mem, &a);
}

static void token(struct world *w, uint32_t id, const char *symbol)
{
    mem_tokens(&w->mem, 1, 6);
    snprintf(w->mem.assets[id].symbol, sizeof(w->mem.assets[id].symbol), "%s", symbol);
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    assert_int_equal(address(w, 0xaaaa, 0, 0xaaaa).v, 0);
    token(w, USDT, "USDT");
    token(w, FAKE, "USDT");
    w->input = (struct sg_decoys_input){.subjects = &victim, .n_subjects = 1};
}

static void close_world(struct world *w)
{
    sg_arena_clear(&w->arena);
    mem_clear(&w->mem);
}

static enum sg_status find_once(struct world *w, struct sg_err *err)
{
    return sg_decoys_find(&w->decoys, &w->arena, &w->input, err);
}

static void find(struct world *w)
{
    struct sg_err err;
    w->ledger = mem_view(&w->mem, &mem_chain);
    w->input.ledger = &w->ledger;
    memset(&w->decoys, 0xa5, sizeof(w->decoys));
    CHECK_OK(find_once(w, &err), &err);
}

/* One transaction, sent by `sender`, with one row. */
static uint64_t pays(struct world *w, struct sg_addr_id sender, struct sg_addr_id from,
                     struct sg_addr_id to, uint32_t asset, sg_u128 units)
{
    const uint64_t n = w->mem.n_txs;
    mem_tx(&w->mem, n, (int64_t)n, sender, SG_AMOUNT_ZERO, 0);
    return mem_row(&w->mem, from, to, asset, sg_amount_from(units), 0);
}

static void test_of_123_transfers_of_ten_thousand_83_are_fakes_28_of_them_look_alikes(void **state)
{
    struct world w;
    size_t n_fake = 0, n_alike = 0, n_both = 0;
    (void)state;
    open_world(&w);
    const struct sg_addr_id attacker = address(&w, 0x6666, 1, 0x6666);
    for (uint32_t i = 0; i < 40; i++) {
        const struct sg_addr_id real =
            address(&w, (uint16_t)(0x1000 + i), i, (uint16_t)(0x2000 + i));
        pays(&w, victim, victim, real, USDT, UNITS(10000));
        if (i < 28) /* the same amount of the fake, to the same ends */
            pays(&w, attacker, victim,
                 address(&w, (uint16_t)(0x1000 + i), 1000 + i, (uint16_t)(0x2000 + i)), FAKE,
                 UNITS(10000));
    }
    for (uint32_t i = 0; i < 55; i++)
        pays(&w, attacker, victim, address(&w, (uint16_t)(0x7000 + i), i, 0x7777), FAKE,
             UNITS(10000));
    find(&w);
    for (size_t i = 0; i < w.decoys.n_items; i++) {
        const struct sg_decoy *d = &w.decoys.items[i];
        n_fake += d->kinds & SG_DECOY_FAKE_TOKEN ? 1 : 0;
        n_alike += d->kinds & SG_DECOY_LOOKALIKE ? 1 : 0;
        n_both += d->kinds == (SG_DECOY_FAKE_TOKEN | SG_DECOY_LOOKALIKE);
        assert_int_equal(d->imitated_asset.v, USDT);
        assert_int_equal(w.decoys.rows[i], d->row.id);
    }
    assert_int_equal(w.decoys.n_items, 83);
    assert_int_equal(n_fake, 83);
    assert_int_equal(n_alike, 28);
    assert_int_equal(n_both, 28);
    assert_int_equal(w.decoys.n_paid, 0);
    close_world(&w);
}

static void test_zero_and_dust_with_a_look_alike_are_decoys_and_name_whom_they_imitate(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_addr_id real = address(&w, 0x1234, 1, 0x9876);
    const struct sg_addr_id alike = address(&w, 0x1234, 2, 0x9876);
    const struct sg_addr_id near = address(&w, 0x1234, 3, 0x9877); /* three characters of four */
    pays(&w, victim, victim, real, USDT, UNITS(500));
    const uint64_t zero = pays(&w, alike, victim, alike, USDT, 0);
    const uint64_t dust = pays(&w, alike, alike, victim, USDT, UNITS(500) / 1000);
    pays(&w, alike, alike, victim, USDT, UNITS(500) / 1000 + 1); /* too much to be dust */
    pays(&w, near, victim, near, USDT, 0);
    find(&w);
    assert_int_equal(w.decoys.n_items, 2);
    assert_int_equal(w.decoys.rows[0], zero);
    assert_int_equal(w.decoys.rows[1], dust);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(w.decoys.items[i].kinds, SG_DECOY_LOOKALIKE);
        assert_int_equal(w.decoys.items[i].lookalike.v, alike.v);
        assert_int_equal(w.decoys.items[i].imitated.v, real.v);
        assert_int_equal(w.decoys.items[i].first, 4 + 13); /* the middle begins with zeros */
        assert_int_equal(w.decoys.items[i].last, 4 + 12 + 6);
        assert_int_equal(w.decoys.items[i].imitated_asset.v, SG_ID_NONE);
    }
    close_world(&w);
}

static void test_what_the_owner_sent_is_no_decoy_but_poison_that_may_have_worked(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    const struct sg_addr_id real = address(&w, 0x1234, 1, 0x9876);
    const struct sg_addr_id alike = address(&w, 0x1234, 2, 0x9876);
    pays(&w, victim, victim, real, USDT, UNITS(500));
    pays(&w, alike, victim, alike, USDT, 0);
    const uint64_t lost = pays(&w, victim, victim, alike, USDT, UNITS(600));
    pays(&w, victim, victim, alike, USDT, 0); /* a call of his own */
    find(&w);
    assert_int_equal(w.decoys.n_items, 1);
    assert_int_equal(w.decoys.n_paid, 1);
    assert_int_equal(w.decoys.paid[0].row.id, lost);
    assert_int_equal(w.decoys.paid[0].imitated.v, real.v);
    close_world(&w);
}

static void test_two_real_partners_that_look_alike_by_chance_lose_nothing(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    pays(&w, victim, victim, address(&w, 0x1234, 1, 0x9876), USDT, UNITS(500));
    pays(&w, victim, victim, address(&w, 0x1234, 2, 0x9876), USDT, UNITS(400));
    find(&w);
    assert_int_equal(w.decoys.n_items, 0);
    assert_int_equal(w.decoys.n_paid, 0); /* he did not show up by a small row */
    close_world(&w);
}

static void
test_a_token_is_real_if_vouched_for_or_moved_by_its_owner_else_nobody_knows(void **state)
{
    struct world w;
    const struct sg_asset_id vouched = {FAKE};
    (void)state;
    open_world(&w);
    const struct sg_addr_id other = address(&w, 0x1234, 1, 0x9876);
    pays(&w, other, other, victim, USDT, UNITS(1));
    pays(&w, other, other, victim, FAKE, UNITS(1));
    find(&w);
    assert_int_equal(w.decoys.n_items, 0); /* nothing says which of the two is real */
    w.input.real = &vouched;
    w.input.n_real = 1;
    find(&w);
    assert_int_equal(w.decoys.n_items, 1);
    assert_int_equal(w.decoys.items[0].row.asset.v, USDT);
    assert_int_equal(w.decoys.items[0].imitated_asset.v, FAKE);
    pays(&w, victim, victim, other, USDT, UNITS(1));
    find(&w);
    assert_int_equal(w.decoys.n_items, 0); /* both are real now: a bridged token, perhaps */
    close_world(&w);
}

static void test_a_token_called_like_the_native_asset_is_a_fake(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    token(&w, 3, "\xd0\xa2ST "); /* the first letter is Cyrillic */
    const struct sg_addr_id other = address(&w, 0x1234, 1, 0x9876);
    pays(&w, other, other, victim, 3, UNITS(1));
    find(&w);
    assert_int_equal(w.decoys.n_items, 1);
    assert_int_equal(w.decoys.items[0].imitated_asset.v, 0);
    close_world(&w);
}

static void test_symbols_are_compared_by_their_look(void **state)
{
    char out[SG_DECOY_SKELETON_MAX];
    (void)state;
    assert_string_equal(sg_decoys_skeleton(out, "usdt"), "USDT");
    assert_string_equal(sg_decoys_skeleton(out, " U S\xe2\x80\x8b"
                                                "DT"),
                        "USDT");
    assert_string_equal(sg_decoys_skeleton(out, "U\xd0\x85"
                                                "D\xd0\xa2"),
                        "USDT");
    assert_string_equal(sg_decoys_skeleton(out, "USD\xe2\x82\xae"), "USDT");
    assert_string_equal(sg_decoys_skeleton(out, "\xef\xbc\xb5\xef\xbc\xb3\xef\xbc\xa4\xef\xbc\xb4"),
                        "USDT");
    assert_string_equal(sg_decoys_skeleton(out, "\xff!"), "\xff!");
    assert_string_equal(sg_decoys_skeleton(out, "\xe2\x80\x8b"), "");
    assert_string_equal(sg_decoys_skeleton(out, "USDC"), "USDC");
    assert_string_equal(sg_decoys_skeleton(out, "abcdefghijklmnopqrstuvwxyzabcdef"),
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF");
}

/* Few ends, few amounts, some subjects, senders of every kind. */
static void random_world(struct world *w, struct sg_rng *rng)
{
    static const sg_u128 amounts[] = {0, 1, 500, 999, 1000, 1000000, UNITS(1000), UNITS(1001)};
    struct sg_addr_id addrs[10];
    open_world(w);
    token(w, 3, "TST");
    for (uint32_t i = 0; i < 10; i++)
        addrs[i] = address(w, (uint16_t)(0x1110 + sg_rng_below(rng, 2)), 1 + i,
                           (uint16_t)(0x2220 + sg_rng_below(rng, 2)));
    for (size_t n = 3 + sg_rng_below(rng, 20); n > 0; n--) {
        const uint32_t a = (uint32_t)sg_rng_below(rng, 10), b = (uint32_t)sg_rng_below(rng, 10);
        const struct sg_addr_id from = sg_rng_below(rng, 2) ? victim : addrs[a];
        const struct sg_addr_id to = sg_rng_below(rng, 2) ? addrs[b] : victim;
        pays(w, sg_rng_below(rng, 2) ? from : addrs[a], from, to, (uint32_t)sg_rng_below(rng, 4),
             amounts[sg_rng_below(rng, SG_COUNT_OF(amounts))]);
        w->mem.rows[w->mem.n_rows - 1].flags = sg_rng_below(rng, 12) == 0 ? SG_ROW_FAILED : 0;
    }
}

static bool has(const struct sg_decoy *items, size_t n, uint64_t row, unsigned *kinds)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].row.id == row) {
            *kinds = items[i].kinds;
            return true;
        }
    return false;
}

static void test_random_histories_agree_with_the_oracle(void **state)
{
    struct sg_rng rng;
    size_t n_found = 0, n_paid = 0;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 3000; n++) {
        struct world w;
        bool subjects[16] = {true};
        struct sg_addr_id list[2] = {victim, {1 + (uint32_t)sg_rng_below(&rng, 8)}};
        const struct sg_asset_id real = {(uint32_t)sg_rng_below(&rng, 4)};
        random_world(&w, &rng);
        w.input.subjects = list;
        w.input.n_subjects = 1 + sg_rng_below(&rng, 2);
        subjects[list[1].v] |= w.input.n_subjects == 2;
        w.input.real = &real;
        w.input.n_real = 1;
        find(&w);
        for (uint64_t row = 0; row < w.mem.n_rows; row++) {
            unsigned kinds = 0, ignored;
            bool paid;
            const unsigned expected = oracle_decoy(&paid, &w.mem, row, subjects, real.v);
            const bool found = has(w.decoys.items, w.decoys.n_items, row, &kinds);
            assert_int_equal(kinds, expected);
            assert_int_equal(has(w.decoys.paid, w.decoys.n_paid, row, &ignored), paid);
            n_found += found;
            n_paid += paid;
        }
        close_world(&w);
    }
    assert_true(n_found > 1000 && n_paid > 10);
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
    const struct sg_addr_id real = address(&w, 0x1234, 1, 0x9876);
    const struct sg_addr_id alike = address(&w, 0x1234, 2, 0x9876);
    pays(&w, victim, victim, real, USDT, UNITS(500));
    pays(&w, alike, victim, alike, FAKE, UNITS(500));
    pays(&w, victim, victim, alike, USDT, UNITS(600));
    w.ledger = mem_view(&w.mem, &mem_chain);
    w.input.ledger = &w.ledger;
    CHECK_OOM_SWEEP(find_swept(&w, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_123_transfers_of_ten_thousand_83_are_fakes_28_of_them_look_alikes),
        cmocka_unit_test(
            test_zero_and_dust_with_a_look_alike_are_decoys_and_name_whom_they_imitate),
        cmocka_unit_test(test_what_the_owner_sent_is_no_decoy_but_poison_that_may_have_worked),
        cmocka_unit_test(test_two_real_partners_that_look_alike_by_chance_lose_nothing),
        cmocka_unit_test(
            test_a_token_is_real_if_vouched_for_or_moved_by_its_owner_else_nobody_knows),
        cmocka_unit_test(test_a_token_called_like_the_native_asset_is_a_fake),
        cmocka_unit_test(test_symbols_are_compared_by_their_look),
        cmocka_unit_test(test_random_histories_agree_with_the_oracle),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
