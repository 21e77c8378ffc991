#include "base/chance.h"

#include "base/amount.h"

uint64_t sg_chance_between(struct sg_rng *rng, uint64_t low, uint64_t high)
{
    return low + sg_rng_below(rng, high - low + 1);
}

bool sg_chance_percent(struct sg_rng *rng, uint32_t percent)
{
    return sg_rng_below(rng, 100) < percent;
}

static unsigned bits_of(uint64_t n)
{
    return n ? 64 - (unsigned)__builtin_clzll(n) : 0;
}

/* A doubling, each as likely as the next, then a place in it: that is one by the rank. */
uint64_t sg_chance_rank(struct sg_rng *rng, uint64_t n)
{
    for (;;) {
        const uint64_t first = UINT64_C(1) << sg_rng_below(rng, bits_of(n));
        const uint64_t rank = first + sg_rng_below(rng, first) - 1;
        if (rank < n)
            return rank;
    }
}

uint64_t sg_chance_heavy(struct sg_rng *rng, unsigned low, unsigned high)
{
    unsigned power = low;
    while (power + 1 < high && sg_rng_below(rng, 10) < 7)
        power++;
    const uint64_t first = UINT64_C(1) << power;
    return first + sg_rng_below(rng, first);
}

size_t sg_chance_pick(struct sg_rng *rng, const uint32_t *weights, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    uint64_t left = sg_rng_below(rng, sum);
    size_t i = 0;
    while (left >= weights[i])
        left -= weights[i++];
    return i;
}

uint64_t sg_chance_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a + (b + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Percent of a day's rows in each hour: quiet after midnight, busiest in the afternoon (UTC). */
static const uint8_t hours[24] = {2, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5,
                                  5, 6, 6, 6, 6, 6, 5, 5, 5, 4, 4, 3};

int64_t sg_chance_clock(uint64_t event, uint64_t n_events, uint32_t days)
{
    /* In hundredths of a day, then seconds within the hour that holds them. */
    const sg_u128 scaled = (sg_u128)event * days * 100 * 3600;
    const uint64_t place = (uint64_t)(scaled / n_events);
    const uint64_t day = place / (100 * 3600);
    uint64_t rest = place % (100 * 3600);
    size_t hour = 0;
    while (hour < 23 && rest >= (uint64_t)hours[hour] * 3600)
        rest -= (uint64_t)hours[hour++] * 3600;
    return (int64_t)day * 86400 + (int64_t)hour * 3600 + (int64_t)(rest / hours[hour]);
}
