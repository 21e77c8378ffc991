/* Exchanges: a deposit address for each customer, swept into hot wallets; cold wallets behind. */
#include "analysis/simulate/sim_internal.h"

/* A hot wallet keeps between a low and a high mark. */
static const uint64_t low_mark[SIM_ASSETS] = {2000 * SIM_COIN, 4000000 * SIM_DOLLAR,
                                              4000000 * SIM_DOLLAR};

/* Refill from the cold wallet, or send there what is too much. The second chain has no cold one. */
static void balance_hot(struct sg_sim *sim, unsigned asset, uint32_t hot, uint64_t wanted)
{
    if (sg_sim_chain_of(sim, hot))
        return;
    const uint32_t cold = sim->at.colds + (hot - sim->at.hots) / SIM_HOTS;
    const uint64_t has = sim->balances[hot][asset], low = low_mark[asset];
    if (has < wanted || has < low / 4)
        (void)sg_sim_move(sim, asset, cold, hot, wanted + low);
    else if (has > 8 * low)
        (void)sg_sim_move(sim, asset, hot, cold, has - 2 * low);
}

uint64_t sg_sim_spendable(const struct sg_sim *sim, unsigned asset, uint32_t account)
{
    const uint64_t has = sim->balances[account][asset];
    const uint64_t keep = asset == SIM_NATIVE ? sg_sim_gas(SIM_NATIVE) : 0;
    return has > keep ? has - keep : 0;
}

uint64_t sg_sim_move_all(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to)
{
    const uint64_t amount = sg_sim_spendable(sim, asset, from);
    return sg_sim_move(sim, asset, from, to, amount) ? amount : 0;
}

bool sg_sim_deposit(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t deposit,
                    uint64_t amount)
{
    if (!sg_sim_move(sim, asset, from, deposit, amount))
        return false;
    if (!(sim->flags[deposit] & SIM_SWEEPING)) {
        sim->flags[deposit] |= SIM_SWEEPING;
        sg_sim_later(sim, (int64_t)sg_sim_between(sim, 600, 6 * 3600),
                     (struct sim_task){.kind = SIM_TASK_SWEEP, .who = deposit});
    }
    return true;
}

/* The hot wallet pays for gas first where a token is swept. */
void sg_sim_sweep(struct sg_sim *sim, uint32_t deposit)
{
    const uint32_t hot = sg_sim_hot_of(sim, deposit);
    sim->flags[deposit] &= (uint8_t)~SIM_SWEEPING;
    for (unsigned asset = SIM_ASSETS; asset-- > 0;) {
        const uint64_t has = sim->balances[deposit][asset];
        if (asset != SIM_NATIVE && has > 0 &&
            sim->balances[deposit][SIM_NATIVE] < sg_sim_gas(asset))
            (void)sg_sim_move(sim, SIM_NATIVE, hot, deposit, sg_sim_gas(asset));
        if (has > 4 * sg_sim_gas(SIM_NATIVE) || asset != SIM_NATIVE)
            (void)sg_sim_move_all(sim, asset, deposit, hot);
        balance_hot(sim, asset, hot, 0);
    }
}

bool sg_sim_withdraw(struct sg_sim *sim, unsigned asset, uint32_t exchange, uint32_t to,
                     uint64_t amount)
{
    const uint32_t hot = sim->at.hots + exchange * SIM_HOTS + (uint32_t)sg_sim_below(sim, SIM_HOTS);
    balance_hot(sim, asset, hot, amount + low_mark[asset] / 8);
    balance_hot(sim, SIM_NATIVE, hot, low_mark[SIM_NATIVE] / 8);
    return sg_sim_move(sim, asset, hot, to, amount);
}

bool sg_sim_fuel(struct sg_sim *sim, unsigned asset, uint32_t account)
{
    const uint64_t gas = sg_sim_gas(asset) + sg_sim_gas(SIM_NATIVE);
    if (sim->balances[account][SIM_NATIVE] >= gas)
        return true;
    if (sg_sim_chain_of(sim, account))
        return sg_sim_move(sim, SIM_NATIVE, sim->at.b_system + 1, account, gas);
    const uint64_t amount = gas + sg_sim_heavy(sim, 20, 24);
    return sg_sim_withdraw(sim, SIM_NATIVE, (uint32_t)sg_sim_below(sim, sim->scenario->exchanges),
                           account, amount);
}
