#include "support/coinjoin_gen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define COIN 100000000u

static uint64_t between(struct gen_tx *tx, uint64_t least, uint64_t most)
{
    return least + sg_rng_below(&tx->rng, most - least + 1);
}

/* A script never seen before: P2WPKH, or another form where asked. */
static struct sg_btc_out coin(struct gen_tx *tx, uint64_t sat, const char *head, size_t n_head,
                              size_t size)
{
    uint8_t *script = tx->scripts[tx->n_scripts++];
    assert(tx->n_scripts <= 2 * GEN_COINS_MAX);
    for (size_t i = 0; i < size; i++)
        script[i] = (uint8_t)sg_rng_next(&tx->rng);
    memcpy(script, head, n_head);
    return (struct sg_btc_out){sat, script, size};
}

static void spend(struct gen_tx *tx, uint64_t sat)
{
    tx->spent[tx->n_spent++] = coin(tx, sat, "\x00\x14", 2, 22);
}

static void pay(struct gen_tx *tx, uint64_t sat)
{
    tx->outs[tx->n_outs++] = coin(tx, sat, "\x00\x14", 2, 22);
}

static void shuffle(struct gen_tx *tx, struct sg_btc_out *coins, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = sg_rng_below(&tx->rng, i);
        const struct sg_btc_out kept = coins[i - 1];
        coins[i - 1] = coins[j];
        coins[j] = kept;
    }
}

static void mix(struct gen_tx *tx)
{
    shuffle(tx, tx->spent, tx->n_spent);
    shuffle(tx, tx->outs, tx->n_outs);
}

/* Spend a sum in some pieces, none of dust. */
static void spend_in_pieces(struct gen_tx *tx, uint64_t sat, size_t n)
{
    for (; n > 1 && sat > 20000; n--) {
        const uint64_t piece = between(tx, 5000, sat - 10000);
        spend(tx, piece);
        sat -= piece;
    }
    spend(tx, sat);
}

void gen_begin(struct gen_tx *tx, uint64_t seed)
{
    tx->n_spent = tx->n_outs = tx->n_scripts = 0;
    sg_rng_init(&tx->rng, seed);
}

static uint64_t pool(struct gen_tx *tx)
{
    static const uint64_t pools[] = {100000, 1000000, 5000000, 50000000};
    return pools[sg_rng_below(&tx->rng, 4)];
}

void gen_whirlpool(struct gen_tx *tx)
{
    const uint64_t sat = pool(tx);
    const size_t n = between(tx, 5, 8), n_new = between(tx, 1, n - 1);
    for (size_t i = 0; i < n; i++) {
        spend(tx, i < n_new ? sat + between(tx, 500, 60000) : sat);
        pay(tx, sat);
    }
    mix(tx);
}

void gen_tx0(struct gen_tx *tx)
{
    static const struct {
        uint64_t pool, fee;
    } pools[] = {{100000, 5000}, {1000000, 50000}, {5000000, 175000}, {50000000, 1750000}};
    const size_t p = sg_rng_below(&tx->rng, 4), n = between(tx, 1, 40);
    const uint64_t premix = pools[p].pool + between(tx, 300, 30000);
    const uint64_t change = between(tx, 1000, COIN);
    for (size_t i = 0; i < n; i++)
        pay(tx, premix);
    pay(tx, pools[p].fee);
    pay(tx, change);
    tx->outs[tx->n_outs++] = coin(tx, 0, "\x6a\x40", 2, 66);
    spend_in_pieces(tx, n * premix + pools[p].fee + change + 1000, between(tx, 1, 5));
    mix(tx);
}

void gen_wasabi1(struct gen_tx *tx)
{
    const size_t n = between(tx, 12, 90);
    const uint64_t base = COIN / 10 + between(tx, 0, 900000);
    const uint64_t fee_each = base / 100000 * 3 * n;
    for (size_t i = 0; i < n; i++) {
        const unsigned levels = sg_rng_below(&tx->rng, 6) == 0 ? (unsigned)between(tx, 1, 3) : 0;
        const uint64_t change = sg_rng_below(&tx->rng, 10) ? between(tx, 1000, base) : 0;
        uint64_t sat = base + fee_each + change + 2000;
        pay(tx, base);
        for (unsigned level = 1; level <= levels; level++) {
            pay(tx, base << level);
            sat += (base << level) + fee_each;
        }
        if (change)
            pay(tx, change);
        spend_in_pieces(tx, sat, between(tx, 1, 4));
    }
    pay(tx, fee_each * n);
    mix(tx);
}

/* The standard denominations, written out as a table of factors. */
static uint64_t denomination(struct gen_tx *tx, uint64_t most)
{
    static const struct {
        uint64_t factor, base;
    } kinds[] = {{1, 2}, {1, 3}, {2, 3}, {1, 10}, {2, 10}, {5, 10}};
    for (;;) {
        const size_t kind = sg_rng_below(&tx->rng, 6);
        uint64_t sat = kinds[kind].factor, below = 0;
        for (; sat <= most; sat *= kinds[kind].base)
            below = sat;
        if (below >= 5000)
            return below;
        if (most < 10000)
            return 0;
    }
}

static int largest_first(const void *a, const void *b)
{
    const struct sg_btc_out *x = a, *y = b;
    return (x->sat < y->sat) - (x->sat > y->sat);
}

void gen_wasabi2(struct gen_tx *tx)
{
    const size_t n_wallets = between(tx, 8, 60);
    for (size_t w = 0; w < n_wallets; w++) {
        uint64_t left = between(tx, 200000, 3 * (uint64_t)COIN);
        spend_in_pieces(tx, left, between(tx, 2, 6));
        left -= 3000;
        for (size_t k = 0; k < 8 && left >= 10000; k++) {
            const uint64_t sat = denomination(tx, left);
            if (!sat)
                break;
            pay(tx, sat);
            left -= sat;
        }
        if (left > 5000 && sg_rng_below(&tx->rng, 3) == 0)
            pay(tx, left);
    }
    qsort(tx->spent, tx->n_spent, sizeof(tx->spent[0]), largest_first);
    qsort(tx->outs, tx->n_outs, sizeof(tx->outs[0]), largest_first);
}

void gen_joinmarket(struct gen_tx *tx)
{
    const size_t n = between(tx, 3, sg_rng_below(&tx->rng, 4) ? 10 : 20);
    const uint64_t sat = between(tx, 300000, 20 * (uint64_t)COIN);
    uint64_t fees = between(tx, 1000, 40000);
    for (size_t i = 1; i < n; i++) {
        const uint64_t gain = sg_rng_below(&tx->rng, 2) ? between(tx, 0, 3000) : sat / 5000;
        const uint64_t gives = between(tx, 0, 600), change = between(tx, 3000, 3 * sat);
        fees += gain - (gives < gain ? gives : 0);
        pay(tx, sat);
        pay(tx, change);
        spend_in_pieces(tx, sat + change - gain + (gives < gain ? gives : 0), between(tx, 1, 3));
    }
    const uint64_t change = sg_rng_below(&tx->rng, 4) ? between(tx, 3000, sat) : 0;
    pay(tx, sat);
    if (change)
        pay(tx, change);
    spend_in_pieces(tx, sat + change + fees, between(tx, 1, 4));
    mix(tx);
}

/* A maker's two outputs, and what it spends: its coins, of which many are dust. */
static void pay_maker(struct gen_tx *tx, uint64_t sat, uint64_t change, size_t n_coins)
{
    uint64_t left = sat + change - between(tx, 0, 3000);
    pay(tx, sat);
    pay(tx, change);
    for (size_t i = 1; i < n_coins; i++) {
        const uint64_t piece = i % 2 ? between(tx, 546, 600) : between(tx, left / 20, left / 2);
        spend(tx, piece);
        left -= piece;
    }
    spend(tx, left);
}

static void pay_taker(struct gen_tx *tx, uint64_t sat)
{
    const uint64_t change = between(tx, 30000, sat);
    pay(tx, sat);
    pay(tx, change);
    spend(tx, sat + change + between(tx, 40000, 90000));
    mix(tx);
}

void gen_joinmarket_coins(struct gen_tx *tx)
{
    const size_t n = between(tx, 4, 8);
    const uint64_t sat = between(tx, 5000000, COIN);
    for (size_t i = 1; i < n; i++)
        pay_maker(tx, sat, between(tx, 30000, 3 * sat),
                  between(tx, i == 1 ? 10 : 2, i == 1 ? 14 : 7));
    pay_taker(tx, sat);
}

void gen_joinmarket_pair(struct gen_tx *tx)
{
    const size_t n = between(tx, 4, 8);
    const uint64_t sat = between(tx, 5000000, COIN), same = between(tx, 30000, 3 * sat);
    for (size_t i = 1; i < n; i++)
        pay_maker(tx, sat, i <= 2 ? same : between(tx, 30000, 3 * sat), 1);
    pay_taker(tx, sat);
}

void gen_joinmarket_tenth(struct gen_tx *tx)
{
    const uint64_t sat = between(tx, 9 * COIN / 100, 11 * COIN / 100);
    for (size_t i = 0; i < 10; i++)
        pay_maker(tx, sat, between(tx, 2 * sat, 30 * sat), 1);
    pay(tx, sat);
    spend(tx, sat + between(tx, 40000, 90000));
    mix(tx);
}

void gen_shared(struct gen_tx *tx)
{
    const size_t n = between(tx, 3, 7);
    const uint64_t sat = between(tx, 1000000, COIN);
    for (size_t i = 0; i < n; i++) {
        const uint64_t change = i < n / 2 ? between(tx, 3000, 3 * sat) : 0;
        pay(tx, sat);
        if (change)
            pay(tx, change);
        spend(tx, sat + change + between(tx, 300, 2500));
    }
    mix(tx);
}

void gen_payjoin(struct gen_tx *tx)
{
    const uint64_t price = between(tx, 100000, COIN), payee = between(tx, 50000, price);
    const uint64_t change = between(tx, 2 * (uint64_t)COIN, 3 * (uint64_t)COIN);
    spend(tx, price + change + 1000);
    spend(tx, payee);
    pay(tx, price + payee);
    pay(tx, change);
    mix(tx);
}

static uint64_t total_out(const struct gen_tx *tx)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < tx->n_outs; i++)
        sum += tx->outs[i].sat;
    return sum;
}

void gen_payouts(struct gen_tx *tx)
{
    const size_t n = between(tx, 3, 80), n_equal = between(tx, 2, n);
    const uint64_t equal = 100000 * between(tx, 1, 200);
    for (size_t i = 0; i < n; i++)
        pay(tx, i < n_equal ? equal : between(tx, 10000, COIN));
    pay(tx, between(tx, 10000, COIN)); /* change */
    spend_in_pieces(tx, total_out(tx) + 5000, between(tx, 1, 12));
    mix(tx);
}

static void alike(struct gen_tx *tx, bool pair)
{
    const size_t n = between(tx, 3, 30), n_other = n - between(tx, 0, 1);
    const uint64_t equal = 100000 * between(tx, 1, 500);
    for (size_t i = 0; i < n; i++)
        pay(tx, equal);
    for (size_t i = 0; i < n_other; i++)
        pay(tx, i == 1 && pair ? tx->outs[n].sat : between(tx, 10000, 2 * (uint64_t)COIN));
    uint64_t left = total_out(tx) + 5000;
    for (size_t k = between(tx, n, 2 * n); k > 1; k--) {
        const uint64_t even = left / k, piece = between(tx, even / 3, even + even / 2);
        spend(tx, piece);
        left -= piece;
    }
    spend(tx, left);
    mix(tx);
}

void gen_alike(struct gen_tx *tx)
{
    alike(tx, false);
}

void gen_alike_pair(struct gen_tx *tx)
{
    alike(tx, true);
}

void gen_exchange_payouts(struct gen_tx *tx)
{
    const size_t n = between(tx, 40, 150), n_equal = between(tx, 10, n / 3);
    for (size_t i = 0; i < n; i++)
        pay(tx, i < n_equal ? COIN / 10 : between(tx, 10000, COIN));
    spend_in_pieces(tx, total_out(tx) + 20000, between(tx, n_equal, 60));
    mix(tx);
}

void gen_consolidation(struct gen_tx *tx)
{
    const size_t n = between(tx, 2, 8);
    const uint64_t equal = 1000000 * between(tx, 1, 300);
    for (size_t i = 0; i < n; i++)
        pay(tx, equal);
    if (sg_rng_below(&tx->rng, 2))
        pay(tx, between(tx, 10000, equal));
    spend_in_pieces(tx, total_out(tx) + 10000, between(tx, n, 60));
    mix(tx);
}

void gen_move(struct gen_tx *tx)
{
    const uint64_t sat = pool(tx);
    const size_t n = between(tx, 4, 9);
    for (size_t i = 0; i < n; i++) {
        spend(tx, sat);
        pay(tx, i ? sat : sat - between(tx, 2000, 30000));
    }
    mix(tx);
}

void gen_payment(struct gen_tx *tx)
{
    pay(tx, between(tx, 10000, COIN));
    pay(tx, between(tx, 10000, COIN));
    spend(tx, total_out(tx) + 500);
}
