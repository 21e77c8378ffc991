/* Drawing, in integers only: heavy tails come from doublings instead of logarithms. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

uint64_t sg_sim_below(struct sg_sim *sim, uint64_t bound)
{
    return sg_rng_below(&sim->rng, bound);
}

uint64_t sg_sim_between(struct sg_sim *sim, uint64_t low, uint64_t high)
{
    return low + sg_rng_below(&sim->rng, high - low + 1);
}

bool sg_sim_chance(struct sg_sim *sim, uint32_t percent)
{
    return sg_rng_below(&sim->rng, 100) < percent;
}

static unsigned bits_of(uint64_t n)
{
    return n ? 64 - (unsigned)__builtin_clzll(n) : 0;
}

/* A doubling, each as likely as the next, then a place in it: that is one by the rank. */
uint64_t sg_sim_rank(struct sg_sim *sim, uint64_t n)
{
    for (;;) {
        const uint64_t first = UINT64_C(1) << sg_rng_below(&sim->rng, bits_of(n));
        const uint64_t rank = first + sg_rng_below(&sim->rng, first) - 1;
        if (rank < n)
            return rank;
    }
}

uint64_t sg_sim_heavy(struct sg_sim *sim, unsigned low, unsigned high)
{
    unsigned power = low;
    while (power + 1 < high && sg_rng_below(&sim->rng, 10) < 7)
        power++;
    const uint64_t first = UINT64_C(1) << power;
    return first + sg_rng_below(&sim->rng, first);
}

size_t sg_sim_pick(struct sg_sim *sim, const uint32_t *weights, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    uint64_t left = sg_rng_below(&sim->rng, sum);
    size_t i = 0;
    while (left >= weights[i])
        left -= weights[i++];
    return i;
}

uint64_t sg_sim_percent(uint64_t amount, uint64_t percent)
{
    return amount / 100 * percent + amount % 100 * percent / 100;
}

/* Source: G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number Generators,
 * doi:10.1145/2714064.2660195 (the finaliser of SplitMix). */
uint64_t sg_sim_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a + (b + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Percent of a day's rows in each hour: quiet after midnight, busiest in the afternoon (UTC). */
static const uint8_t hours[24] = {2, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5,
                                  5, 6, 6, 6, 6, 6, 5, 5, 5, 4, 4, 3};

int64_t sg_sim_clock(uint64_t row, uint64_t n_rows, uint32_t days)
{
    /* In hundredths of a day, then seconds within the hour that holds them. */
    const sg_u128 scaled = (sg_u128)row * days * 100 * 3600;
    const uint64_t place = (uint64_t)(scaled / n_rows);
    const uint64_t day = place / (100 * 3600);
    uint64_t rest = place % (100 * 3600);
    size_t hour = 0;
    while (hour < 23 && rest >= (uint64_t)hours[hour] * 3600)
        rest -= (uint64_t)hours[hour++] * 3600;
    return SIM_START + (int64_t)day * SIM_DAY + (int64_t)hour * SIM_HOUR +
           (int64_t)(rest / hours[hour]);
}
