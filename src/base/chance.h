/** Drawing for made-up worlds, in integers only and without a mathematical library, so that two
 *  machines draw the same: heavy tails come from doublings instead of logarithms. */
#ifndef SG_BASE_CHANCE_H
#define SG_BASE_CHANCE_H

#include "base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Uniform from low to high, both included. */
uint64_t sg_chance_between(struct sg_rng *rng, uint64_t low, uint64_t high);

/** True in so many of a hundred cases. */
bool sg_chance_percent(struct sg_rng *rng, uint32_t percent);

/** Of n things the first are drawn most: the chance falls as one by the rank. From 0 to n - 1. */
uint64_t sg_chance_rank(struct sg_rng *rng, uint64_t n);

/** From 2^low to below 2^high; each doubling is 7/10 as likely as the one before. */
uint64_t sg_chance_heavy(struct sg_rng *rng, unsigned low, unsigned high);

/** Which of n things, by weights whose sum is not zero. */
size_t sg_chance_pick(struct sg_rng *rng, const uint32_t *weights, size_t n);

/** Two numbers made one that looks random; for one `a`, different for each `b`.
 *  Source: G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number Generators,
 *  doi:10.1145/2714064.2660195 (the finaliser of SplitMix). */
uint64_t sg_chance_mix(uint64_t a, uint64_t b);

/** When event number `event` of `n_events` happens, in seconds since the first day's begin: every
 *  day has as many, most in its busy hours (UTC). */
int64_t sg_chance_clock(uint64_t event, uint64_t n_events, uint32_t days);

#endif
