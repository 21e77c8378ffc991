/* Thefts: a vault is emptied, and the money goes on in parcels, each alone at a fresh address, so
 * that it is known to the unit where everything went. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#define DEEP 3 /* moves before money may be cashed */

struct sim_sums *sg_sim_sums(struct sg_sim *sim, uint32_t account, unsigned asset)
{
    const uint32_t thief = sg_sim_thief_of(sim, account);
    return &sim->thefts[thief].sums[sg_sim_chain_of(sim, account)][asset];
}

/* Coins for gas, dust and what others send are booked as they come; the rest by whoever moves. */
void sg_sim_book_in(struct sg_sim *sim, unsigned asset, uint32_t account, uint64_t amount)
{
    if (!sim->by_thief && sg_sim_thief_of(sim, account) != SIM_NOBODY)
        sg_sim_sums(sim, account, asset)->stray_in += amount;
}

void sg_sim_book_fee(struct sg_sim *sim, uint32_t account, uint64_t fee)
{
    if (sg_sim_thief_of(sim, account) != SIM_NOBODY)
        sg_sim_sums(sim, account, SIM_NATIVE)->fees += fee;
}

static uint32_t first_of(const struct sg_sim *sim, uint32_t theft)
{
    return sim->at.thieves + theft * SIM_THIEF;
}

/* The next unused address on a chain, or SIM_NOBODY. */
static uint32_t fresh(struct sg_sim *sim, uint32_t theft, unsigned chain)
{
    struct sim_theft *t = &sim->thefts[theft];
    if (chain)
        return t->n_fresh_b < SIM_FRESH_B
                   ? sim->at.b_thieves + theft * SIM_THIEF_B + 1 + t->n_fresh_b++
                   : SIM_NOBODY;
    return t->n_fresh < SIM_FRESH ? first_of(sim, theft) + 2 + SIM_MULES + t->n_fresh++
                                  : SIM_NOBODY;
}

/* Gas comes from an exchange, to the thief's own address for that and from there on. */
static bool fuel(struct sg_sim *sim, unsigned asset, uint32_t account)
{
    const uint64_t gas = 2 * sg_sim_gas(asset);
    if (sim->balances[account][SIM_NATIVE] >= gas)
        return true;
    const uint64_t before = sim->balances[account][SIM_NATIVE];
    sim->by_thief = true;
    const bool done = sg_sim_fuel(sim, asset, account);
    sim->by_thief = false;
    sg_sim_sums(sim, account, SIM_NATIVE)->clean_in += sim->balances[account][SIM_NATIVE] - before;
    return done;
}

static void parcel(struct sg_sim *sim, uint32_t account, unsigned asset, unsigned depth,
                   uint64_t amount)
{
    sg_sim_later(sim, (int64_t)sg_sim_heavy(sim, 9, 21), /* ten minutes to three weeks */
                 (struct sim_task){.kind = SIM_TASK_PARCEL,
                                   .who = account,
                                   .other = depth << 8 | asset,
                                   .amount = amount});
}

/* Money to another address of the thief. */
static bool pass(struct sg_sim *sim, const char *step, unsigned asset, uint32_t from, uint32_t to,
                 unsigned depth, uint64_t amount)
{
    if (!fuel(sim, asset, from))
        return false;
    sim->by_thief = true;
    const bool done = sg_sim_move(sim, asset, from, to, amount);
    sim->by_thief = false;
    if (!done)
        return false;
    sg_sim_tell_step(sim, sg_sim_thief_of(sim, from), step, asset, from, to, amount);
    parcel(sim, to, asset, depth + 1, amount);
    return true;
}

/* What a transfer of all leaves for the fee. */
static uint64_t sendable(unsigned asset, uint64_t amount)
{
    const uint64_t gas = asset == SIM_NATIVE ? sg_sim_gas(SIM_NATIVE) : 0;
    return amount > gas ? amount - gas : 0;
}

static bool cash(struct sg_sim *sim, bool otc, unsigned asset, uint32_t from, uint64_t amount)
{
    const uint32_t theft = sg_sim_thief_of(sim, from);
    const unsigned chain = sg_sim_chain_of(sim, from);
    struct sim_sums *sums = sg_sim_sums(sim, from, asset);
    uint32_t to = first_of(sim, theft) + 2 + (uint32_t)sg_sim_below(sim, SIM_MULES);
    if (chain)
        to = sim->at.b_thieves + theft * SIM_THIEF_B;
    else if (otc)
        to = sim->at.brokers + theft % sim->scenario->brokers;
    otc = otc && !chain;
    if (!fuel(sim, asset, from))
        return false;
    if (otc ? !sg_sim_move(sim, asset, from, to, amount)
            : !sg_sim_deposit(sim, asset, from, to, amount))
        return false;
    *(otc ? &sums->otc : &sums->exchange) += amount;
    sg_sim_tell_step(sim, theft, otc ? "otc" : "exchange", asset, from, to, amount);
    return true;
}

/* In two to four parts, each to an address of its own. */
static void split(struct sg_sim *sim, const struct sim_task *t, unsigned asset, unsigned depth)
{
    const uint32_t theft = sg_sim_thief_of(sim, t->who);
    const unsigned chain = sg_sim_chain_of(sim, t->who);
    const uint64_t parts = sg_sim_between(sim, 2, 4);
    uint64_t left = t->amount;
    for (uint64_t i = 0; i < parts && left; i++) {
        const uint64_t reserve = asset == SIM_NATIVE ? sg_sim_gas(SIM_NATIVE) : 0;
        const uint64_t share =
            i + 1 == parts ? left : sg_sim_percent(left, sg_sim_between(sim, 20, 70));
        const uint32_t to = fresh(sim, theft, chain);
        const uint64_t amount = sendable(asset, share);
        if (to == SIM_NOBODY || !pass(sim, "split", asset, t->who, to, depth, amount))
            break;
        left -= amount + reserve < left ? amount + reserve : left;
    }
    if (left > sg_sim_gas(SIM_NATIVE) * 4)
        parcel(sim, t->who, asset, depth + 1, left);
}

static void layer(struct sg_sim *sim, const struct sim_task *t, unsigned asset, unsigned depth)
{
    const uint32_t to = fresh(sim, sg_sim_thief_of(sim, t->who), sg_sim_chain_of(sim, t->who));
    if (to == SIM_NOBODY ||
        !pass(sim, "layer", asset, t->who, to, depth, sendable(asset, t->amount)))
        (void)cash(sim, false, asset, t->who, sendable(asset, t->amount));
}

/* A slice goes to an exchange, the rest to the next address, which will do the same. */
static void peel(struct sg_sim *sim, const struct sim_task *t, unsigned asset, unsigned depth)
{
    const uint64_t slice = sg_sim_percent(t->amount, sg_sim_between(sim, 3, 12));
    const uint64_t reserve = asset == SIM_NATIVE ? sg_sim_gas(SIM_NATIVE) : 0;
    if (!slice || !cash(sim, false, asset, t->who, slice))
        return;
    const uint64_t left = t->amount - slice > reserve ? t->amount - slice - reserve : 0;
    const uint32_t to = fresh(sim, sg_sim_thief_of(sim, t->who), sg_sim_chain_of(sim, t->who));
    if (to == SIM_NOBODY)
        (void)cash(sim, false, asset, t->who, sendable(asset, left));
    else
        (void)pass(sim, "peel", asset, t->who, to, depth, sendable(asset, left));
}

/* Fixed amounts, each of which will come out at a fresh address; the rest goes on. */
static void mix(struct sg_sim *sim, const struct sim_task *t, unsigned depth)
{
    const uint32_t theft = sg_sim_thief_of(sim, t->who);
    struct sim_sums *sums = sg_sim_sums(sim, t->who, SIM_NATIVE);
    uint64_t left = t->amount;
    for (unsigned i = 0, p = SIM_POOLS; i < 12 && p-- > 0; i++) {
        const uint32_t pool = sim->at.pools + p;
        const uint64_t size = sg_sim_pool_size(sim, pool);
        if (left < size + sg_sim_gas(SIM_NATIVE))
            continue;
        const uint32_t to = fresh(sim, theft, 0);
        if (to == SIM_NOBODY || !sg_sim_mix_in(sim, t->who, pool, to))
            break;
        sums->mixed += size;
        sums->in_mixer += size;
        left -= size + sg_sim_gas(SIM_NATIVE);
        sg_sim_tell_step(sim, theft, "mix", SIM_NATIVE, t->who, pool, size);
        p++; /* the same pool again */
    }
    if (left > sg_sim_gas(SIM_NATIVE) * 4)
        parcel(sim, t->who, SIM_NATIVE, depth + 1, left);
}

static void bridge(struct sg_sim *sim, const struct sim_task *t, unsigned asset)
{
    const uint32_t theft = sg_sim_thief_of(sim, t->who);
    const uint64_t amount = sendable(asset, t->amount);
    const uint32_t to = fuel(sim, asset, t->who) ? fresh(sim, theft, 1) : SIM_NOBODY;
    if (to == SIM_NOBODY || !sg_sim_bridge_in(sim, asset, t->who, to, amount)) {
        (void)cash(sim, false, asset, t->who, amount);
        return;
    }
    struct sim_sums *sums = sg_sim_sums(sim, t->who, asset);
    sums->bridged_out += amount;
    sums->in_bridge += amount;
    sg_sim_tell_step(sim, theft, "bridge", asset, t->who, sim->at.lock, amount);
}

static void swap(struct sg_sim *sim, const struct sim_task *t, unsigned asset, unsigned depth)
{
    const uint32_t theft = sg_sim_thief_of(sim, t->who);
    const unsigned get = asset == SIM_NATIVE ? SIM_USDT : SIM_NATIVE;
    const uint64_t reserve = asset == SIM_NATIVE ? 20 * sg_sim_gas(SIM_USDT) : 0;
    const uint64_t amount = t->amount > reserve ? t->amount - reserve : 0;
    uint64_t got = 0;
    if (asset != SIM_NATIVE && sim->balances[t->who][SIM_NATIVE] < 4 * sg_sim_gas(asset)) {
        sim->by_thief = true;
        if (sg_sim_withdraw(sim, SIM_NATIVE, theft % sim->scenario->exchanges, t->who,
                            5 * sg_sim_gas(asset)))
            sg_sim_sums(sim, t->who, SIM_NATIVE)->clean_in += 5 * sg_sim_gas(asset);
    }
    sim->by_thief = true;
    const bool done = sg_sim_swap(sim, t->who, asset, amount, get, &got);
    sim->by_thief = false;
    if (!done) {
        (void)cash(sim, false, asset, t->who, sendable(asset, t->amount));
        return;
    }
    sg_sim_sums(sim, t->who, asset)->swapped_out += amount;
    sg_sim_sums(sim, t->who, get)->swapped_in += got;
    sg_sim_tell_step(sim, theft, "swap", asset, t->who, sim->at.dex, amount);
    sg_sim_tell_step(sim, theft, "swapped", get, sim->at.dex, t->who, got);
    parcel(sim, t->who, get, depth + 1, got);
}

/* What is done with a parcel: as the scenario has it, but nothing that cannot be. */
static enum sg_scenario_move choose(struct sg_sim *sim, const struct sim_task *t, unsigned asset,
                                    unsigned depth)
{
    uint32_t weights[SG_LAUNDER_COUNT];
    const bool small = t->amount < (asset == SIM_NATIVE ? 2 * SIM_COIN : 4000 * SIM_DOLLAR);
    for (size_t i = 0; i < SG_LAUNDER_COUNT; i++)
        weights[i] = sim->scenario->move[i];
    if (depth < DEEP)
        weights[SG_LAUNDER_EXCHANGE] = weights[SG_LAUNDER_OTC] = weights[SG_LAUNDER_PARK] = 0;
    else if (small)
        weights[SG_LAUNDER_SPLIT] = weights[SG_LAUNDER_PEEL] = weights[SG_LAUNDER_LAYER] =
            weights[SG_LAUNDER_MIX] = 0;
    if (asset != SIM_NATIVE)
        weights[SG_LAUNDER_MIX] = 0;
    if (sg_sim_chain_of(sim, t->who))
        weights[SG_LAUNDER_MIX] = weights[SG_LAUNDER_SWAP] = weights[SG_LAUNDER_BRIDGE] = 0;
    return (enum sg_scenario_move)sg_sim_pick(sim, weights, SG_LAUNDER_COUNT);
}

void sg_sim_parcel(struct sg_sim *sim, const struct sim_task *t)
{
    const unsigned asset = t->other & 0xff, depth = t->other >> 8;
    const enum sg_scenario_move move = choose(sim, t, asset, depth);
    switch (move) {
    case SG_LAUNDER_SPLIT:
        split(sim, t, asset, depth);
        break;
    case SG_LAUNDER_LAYER:
        layer(sim, t, asset, depth);
        break;
    case SG_LAUNDER_PEEL:
        peel(sim, t, asset, depth);
        break;
    case SG_LAUNDER_PARK: /* stays where it is: held at the end */
        break;
    case SG_LAUNDER_MIX:
        mix(sim, t, depth);
        break;
    case SG_LAUNDER_BRIDGE:
        bridge(sim, t, asset);
        break;
    case SG_LAUNDER_SWAP:
        swap(sim, t, asset, depth);
        break;
    case SG_LAUNDER_EXCHANGE:
    case SG_LAUNDER_OTC:
        (void)cash(sim, move == SG_LAUNDER_OTC, asset, t->who, sendable(asset, t->amount));
        break;
    case SG_LAUNDER_COUNT:
        break;
    }
}

static void note_row(struct sg_sim *sim, struct sim_theft *t, unsigned asset, uint64_t amount)
{
    t->asset = (uint8_t)asset;
    t->rows[t->n_rows].serial = sim->serial;
    t->rows[t->n_rows].amount = amount;
    t->rows[t->n_rows++].time_unix_s = sim->now_unix_s;
}

void sg_sim_theft(struct sg_sim *sim, uint32_t theft)
{
    const uint32_t vault = sim->at.victims + theft, thief = first_of(sim, theft);
    const unsigned asset = theft % 3 == 2 ? SIM_USDC : SIM_NATIVE;
    const uint64_t rows = sg_sim_between(sim, 1, SIM_THEFT_ROWS);
    sim->thefts[theft].begun = true;
    sim->summary.thefts++;
    for (uint64_t i = 0; i < rows; i++) {
        const uint64_t has = sg_sim_spendable(sim, asset, vault);
        const uint64_t amount = i + 1 == rows ? has - has / 50 : has / 2;
        sim->by_thief = true;
        const bool done = sg_sim_move(sim, asset, vault, thief, amount);
        sim->by_thief = false;
        if (!done)
            continue;
        sg_sim_sums(sim, thief, asset)->stolen += amount;
        note_row(sim, &sim->thefts[theft], asset, amount);
        sg_sim_tell_step(sim, theft, "theft", asset, vault, thief, amount);
        parcel(sim, thief, asset, 0, amount);
    }
}
