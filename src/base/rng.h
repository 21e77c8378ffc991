/** Seeded random numbers for simulation and property tests: same seed, same numbers, everywhere. */
#ifndef SG_BASE_RNG_H
#define SG_BASE_RNG_H

#include <stdint.h>

struct sg_rng {
    uint64_t state[4];
};

/** Any seed is good, 0 too. Source: D. Blackman, S. Vigna, xoshiro256**, doi:10.1145/3460772;
 *  the state is filled by splitmix64. */
void sg_rng_init(struct sg_rng *rng, uint64_t seed);

/** 64 uniform bits. */
uint64_t sg_rng_next(struct sg_rng *rng);

/** Uniform in [0, bound), bound > 0, without bias.
 *  Source: D. Lemire, Fast Random Integer Generation in an Interval, doi:10.1145/3230636. */
uint64_t sg_rng_below(struct sg_rng *rng, uint64_t bound);

#endif
