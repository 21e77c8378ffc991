/* Gas prices that a theft and one withdrawer alone have, against the sentence that says so, asked
 * of every pair of events. */
#include "analysis/demix/demix_price.h"
#include "support/check.h"

#include "base/rng.h"

#include <string.h>

#define N         24
#define ADDRESSES 5

struct bench {
    struct sg_pool_deposit deposits[N];
    struct sg_pool_withdrawal withdrawals[N];
    struct sg_demix_candidate candidates[ADDRESSES];
    uint32_t order[N];
    struct sg_pool pool;
    struct sg_demix_window window;
};

/* Withdrawals from the sixth on are in the window, which groups them by address. */
static void make_window(struct bench *b)
{
    size_t n = 0;
    for (uint32_t a = 0; a < ADDRESSES; a++) {
        struct sg_demix_candidate *c = &b->candidates[b->window.n_candidates];
        *c = (struct sg_demix_candidate){.address = a, .first = (uint32_t)n};
        for (uint32_t w = 6; w < b->pool.n_withdrawals; w++)
            if (b->withdrawals[w].to == a) {
                b->order[n++] = w;
                c->n++;
            }
        b->window.n_candidates += c->n != 0;
    }
    b->window.n_order = n;
}

static void random_bench(struct bench *b, struct sg_rng *rng)
{
    memset(b, 0, sizeof(*b));
    const uint64_t prices = 2 + sg_rng_below(rng, 30);
    b->pool = (struct sg_pool){.deposits = b->deposits,
                               .n_deposits = N,
                               .withdrawals = b->withdrawals,
                               .n_withdrawals = N,
                               .n_addresses = ADDRESSES};
    b->window = (struct sg_demix_window){.candidates = b->candidates, .order = b->order};
    for (size_t i = 0; i < N; i++) {
        b->deposits[i].batch = (uint32_t)sg_rng_below(rng, 2);
        b->deposits[i].gas_price = sg_rng_below(rng, prices);
        b->withdrawals[i].to = (uint32_t)sg_rng_below(rng, ADDRESSES);
        b->withdrawals[i].gas_price = sg_rng_below(rng, prices);
        b->withdrawals[i].fee = sg_amount_from(sg_rng_below(rng, 3) == 0);
    }
    make_window(b);
}

static bool is_own(const struct bench *b, size_t withdrawal, uint32_t address)
{
    return withdrawal >= 6 && b->withdrawals[withdrawal].to == address;
}

/* Events of a price: the theft's deposits, an address's withdrawals in the window, all others. */
static void count(size_t n[3], const struct bench *b, uint64_t price, uint32_t address)
{
    n[0] = n[1] = n[2] = 0;
    for (size_t i = 0; i < N; i++) {
        if (b->deposits[i].gas_price == price)
            n[b->deposits[i].batch ? 0 : 2]++;
        if (b->withdrawals[i].gas_price == price && sg_amount_is_zero(b->withdrawals[i].fee))
            n[is_own(b, i, address) ? 1 : 2]++;
    }
}

static void check_candidate(const struct bench *b, const struct sg_demix_price *found,
                            uint32_t address)
{
    struct sg_demix_price want = {0, 0, 0};
    for (uint64_t price = 1; price < 40; price++) {
        size_t n[3];
        count(n, b, price, address);
        if (n[0] && n[1] && !n[2])
            want = (struct sg_demix_price){price, (uint32_t)n[0], (uint32_t)n[1]};
    }
    assert_true(found->gas_price == want.gas_price);
    assert_int_equal(found->n_deposits, want.n_deposits);
    assert_int_equal(found->n_withdrawals, want.n_withdrawals);
}

static void test_a_price_is_found_where_nobody_else_paid_it(void **state)
{
    (void)state;
    struct bench b;
    struct sg_rng rng;
    struct sg_err err;
    size_t n_found = 0;
    sg_rng_init(&rng, 3);
    for (int world = 0; world < 2000; world++) {
        struct sg_demix_price found[ADDRESSES];
        struct sg_demix_priced priced;
        random_bench(&b, &rng);
        memset(found, 0xa5, sizeof(found));
        CHECK_OK(sg_demix_prices(found, &priced, &b.pool, &b.window, &err), &err);
        for (size_t c = 0; c < b.window.n_candidates; c++) {
            check_candidate(&b, &found[c], b.candidates[c].address);
            n_found += found[c].gas_price != 0;
        }
        assert_true(priced.deposits <= N && priced.withdrawals <= b.window.n_order);
    }
    assert_true(n_found > 100);
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct bench b;
    struct sg_rng rng;
    struct sg_err err;
    struct sg_demix_price found[ADDRESSES];
    sg_rng_init(&rng, 4);
    random_bench(&b, &rng);
    CHECK_OOM_SWEEP(sg_demix_prices(found, NULL, &b.pool, &b.window, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_price_is_found_where_nobody_else_paid_it),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
