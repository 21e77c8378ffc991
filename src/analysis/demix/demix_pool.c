/* How the fee of a withdrawal stands to the usual one of the time.
 * Floating point here: fees as shares of the denomination, for scores. */
#include "analysis/demix/demix.h"

#include <math.h>
#include <stdlib.h>

#define FEE_NEIGHBOURS 25

/* In steps of 1e-12, so that the division is one of integers. A fee is at most the denomination. */
static double fee_share(const struct sg_pool *pool, size_t i)
{
    const struct sg_amount unit = sg_amount_from(1000000000000u);
    struct sg_amount rest;
    uint64_t steps = 0;
    if (!sg_amount_to_u64(
            &steps, sg_amount_mul_div(&rest, pool->withdrawals[i].fee, unit, pool->denomination)))
        return 1;
    return (double)steps / 1e12;
}

static int by_share(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The usual fee of the time: the median of the nearest relayed withdrawals to other addresses, up
 * to FEE_NEIGHBOURS on each side, so that the price of gas in those days cancels. */
static double usual_fee(const struct sg_pool *pool, size_t self)
{
    double near[2 * FEE_NEIGHBOURS];
    size_t n = 0;
    const uint32_t to = pool->withdrawals[self].to;
    for (int side = -1; side <= 1; side += 2) {
        size_t taken = 0;
        for (size_t i = self; taken < FEE_NEIGHBOURS;) {
            if (side < 0 ? i == 0 : i + 1 >= pool->n_withdrawals)
                break;
            i = side < 0 ? i - 1 : i + 1;
            if (sg_amount_is_zero(pool->withdrawals[i].fee))
                continue;
            taken++;
            if (pool->withdrawals[i].to != to)
                near[n++] = fee_share(pool, i);
        }
    }
    if (!n)
        return fee_share(pool, self);
    qsort(near, n, sizeof(*near), by_share);
    return near[n / 2];
}

void sg_pool_prepare(struct sg_pool *pool)
{
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        pool->withdrawals[i].fee_off = sg_amount_is_zero(pool->withdrawals[i].fee)
                                           ? 0
                                           : fee_share(pool, i) - usual_fee(pool, i);
}
