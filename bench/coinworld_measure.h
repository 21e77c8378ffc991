/** How well the analyses of outputs find what a made-up chain is known to hold. */
#ifndef SG_BENCH_COINWORLD_MEASURE_H
#define SG_BENCH_COINWORLD_MEASURE_H

#include "support/coin_truth.h"

/** Print the tables. */
void measure_all(const struct sg_scenario *scenario, uint64_t seed, uint64_t transactions);

#endif
