#include "analysis/demix/demix_price.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define THEFT  UINT32_MAX       /* a deposit of the theft */
#define OTHERS (UINT32_MAX - 1) /* anybody else's event */

struct paid {
    uint64_t gas_price;
    uint32_t who; /* a candidate, or one of the above */
};

static int by_price(const void *a, const void *b)
{
    const struct paid *x = a;
    const struct paid *y = b;
    if (x->gas_price != y->gas_price)
        return x->gas_price < y->gas_price ? -1 : 1;
    return (x->who > y->who) - (x->who < y->who);
}

static size_t add_deposits(struct paid *list, const struct sg_pool *pool)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n_deposits; i++)
        if (pool->deposits[i].gas_price)
            list[n++] = (struct paid){pool->deposits[i].gas_price,
                                      pool->deposits[i].batch ? THEFT : OTHERS};
    return n;
}

/* candidate[i]: of withdrawal i, or OTHERS. */
static void place_candidates(uint32_t *candidate, const struct sg_pool *pool,
                             const struct sg_demix_window *window)
{
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        candidate[i] = OTHERS;
    for (size_t c = 0; c < window->n_candidates; c++)
        for (size_t i = 0; i < window->candidates[c].n; i++)
            candidate[window->order[window->candidates[c].first + i]] = (uint32_t)c;
}

/* A relayer's price says nothing of who receives. */
static size_t add_withdrawals(struct paid *list, const struct sg_pool *pool,
                              const uint32_t *candidate)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        if (pool->withdrawals[i].gas_price && sg_amount_is_zero(pool->withdrawals[i].fee))
            list[n++] = (struct paid){pool->withdrawals[i].gas_price, candidate[i]};
    return n;
}

/* All events of one price: candidates first, then others, the theft last. */
static void judge(struct sg_demix_price *found, const struct paid *list, size_t n)
{
    size_t n_theft = 0;
    while (n_theft < n && list[n - 1 - n_theft].who == THEFT)
        n_theft++;
    const size_t rest = n - n_theft;
    if (!n_theft || !rest || list[0].who != list[rest - 1].who || list[0].who == OTHERS)
        return;
    found[list[0].who] =
        (struct sg_demix_price){list[0].gas_price, (uint32_t)n_theft, (uint32_t)rest};
}

static struct sg_demix_priced count(const struct paid *list, size_t n)
{
    struct sg_demix_priced made = {0, 0};
    for (size_t i = 0; i < n; i++) {
        made.deposits += list[i].who == THEFT;
        made.withdrawals += list[i].who < OTHERS;
    }
    return made;
}

enum sg_status sg_demix_prices(struct sg_demix_price *found, struct sg_demix_priced *priced,
                               const struct sg_pool *pool, const struct sg_demix_window *window,
                               struct sg_err *err)
{
    const size_t room = pool->n_deposits + pool->n_withdrawals + 1;
    struct paid *list = sg_mem_alloc(room, sizeof(*list));
    uint32_t *candidate = sg_mem_alloc(pool->n_withdrawals + 1, sizeof(*candidate));
    const enum sg_status st = list && candidate ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK) {
        memset(found, 0, window->n_candidates * sizeof(*found));
        place_candidates(candidate, pool, window);
        size_t n = add_deposits(list, pool);
        n += add_withdrawals(list + n, pool, candidate);
        qsort(list, n, sizeof(*list), by_price);
        for (size_t i = 0, end; i < n; i = end) {
            for (end = i; end < n && list[end].gas_price == list[i].gas_price;)
                end++;
            judge(found, list + i, end - i);
        }
        if (priced)
            *priced = count(list, n);
    }
    sg_mem_free(candidate);
    sg_mem_free(list);
    return st;
}
