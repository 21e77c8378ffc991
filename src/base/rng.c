#include "base/rng.h"

#include "base/amount.h"

#include <assert.h>

static uint64_t splitmix64(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void sg_rng_init(struct sg_rng *rng, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        rng->state[i] = splitmix64(&seed);
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t sg_rng_next(struct sg_rng *rng)
{
    uint64_t *s = rng->state;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t sg_rng_below(struct sg_rng *rng, uint64_t bound)
{
    assert(bound > 0);
    const uint64_t reject_below = (0 - bound) % bound;
    for (;;) {
        const sg_u128 wide = (sg_u128)sg_rng_next(rng) * bound;
        if ((uint64_t)wide >= reject_below)
            return (uint64_t)(wide >> 64);
    }
}
