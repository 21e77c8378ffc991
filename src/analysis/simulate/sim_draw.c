/* Drawing from the world's own numbers. */
#include "analysis/simulate/sim_internal.h"

#include "base/chance.h"

uint64_t sg_sim_below(struct sg_sim *sim, uint64_t bound)
{
    return sg_rng_below(&sim->rng, bound);
}

uint64_t sg_sim_between(struct sg_sim *sim, uint64_t low, uint64_t high)
{
    return sg_chance_between(&sim->rng, low, high);
}

bool sg_sim_chance(struct sg_sim *sim, uint32_t percent)
{
    return sg_chance_percent(&sim->rng, percent);
}

uint64_t sg_sim_rank(struct sg_sim *sim, uint64_t n)
{
    return sg_chance_rank(&sim->rng, n);
}

uint64_t sg_sim_heavy(struct sg_sim *sim, unsigned low, unsigned high)
{
    return sg_chance_heavy(&sim->rng, low, high);
}

size_t sg_sim_pick(struct sg_sim *sim, const uint32_t *weights, size_t n)
{
    return sg_chance_pick(&sim->rng, weights, n);
}

uint64_t sg_sim_percent(uint64_t amount, uint64_t percent)
{
    return amount / 100 * percent + amount % 100 * percent / 100;
}

uint64_t sg_sim_mix(uint64_t a, uint64_t b)
{
    return sg_chance_mix(a, b);
}

int64_t sg_sim_clock(uint64_t row, uint64_t n_rows, uint32_t days)
{
    return SIM_START + sg_chance_clock(row, n_rows, days);
}
