/* The background: what ordinary people, services and nuisances do all day. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

/* Mixer and bridge: what is taken, and how long it takes. */
#define UNMIX_PERCENT 1
#define BRIDGE_PERMYR 10 /* of 10,000 */

static uint32_t wallet(const struct sg_sim *sim, uint32_t person)
{
    return sim->at.wallets + person;
}

static uint32_t deposit_of(const struct sg_sim *sim, uint32_t person)
{
    return sim->at.deposits + person;
}

static uint32_t somebody(struct sg_sim *sim)
{
    return (uint32_t)sg_sim_rank(sim, sim->at.n_people);
}

/* Most people live in coins, others in one of the stablecoins. */
static unsigned favourite(const struct sg_sim *sim, uint32_t person)
{
    const uint64_t draw = sg_sim_mix(sim->options->seed ^ 0xfa, person) % 10;
    return draw < 6 ? SIM_NATIVE : draw < 8 ? SIM_USDC : SIM_USDT;
}

static uint64_t some(struct sg_sim *sim, unsigned asset)
{
    return asset == SIM_NATIVE ? sg_sim_heavy(sim, 22, 38) : sg_sim_heavy(sim, 23, 38);
}

static void withdrawal(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const uint32_t exchange = sg_sim_exchange_of(sim, deposit_of(sim, person));
    if (sg_sim_withdraw(sim, asset, exchange, wallet(sim, person), some(sim, asset)) &&
        asset != SIM_NATIVE)
        (void)sg_sim_fuel(sim, asset, wallet(sim, person));
}

/* Pay somebody, or get money from an exchange if there is too little. */
static void payment(struct sg_sim *sim, uint32_t person, unsigned asset, uint32_t to)
{
    const uint64_t has = sg_sim_spendable(sim, asset, wallet(sim, person));
    uint64_t amount = some(sim, asset);
    if (amount > has && amount / 8 < has)
        amount = sg_sim_between(sim, has / 8 + 1, has);
    if (!sg_sim_move(sim, asset, wallet(sim, person), to, amount))
        withdrawal(sim, person, asset);
}

/* A service or a broker that has gathered much pays a person, or its own address at an exchange. */
static void service(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const uint32_t number = (uint32_t)sg_sim_rank(sim, sim->scenario->services);
    const bool at_broker = sg_sim_chance(sim, 12);
    const uint32_t to = at_broker
                            ? sim->at.brokers + (uint32_t)sg_sim_rank(sim, sim->scenario->brokers)
                            : sim->at.services + number;
    const uint64_t has = sg_sim_spendable(sim, asset, to);
    if (has > some(sim, asset) * 32 && sg_sim_fuel(sim, asset, to)) {
        const uint64_t amount = sg_sim_percent(has, sg_sim_between(sim, 5, 80));
        if (sg_sim_chance(sim, 70))
            (void)sg_sim_move(sim, asset, to, wallet(sim, person), amount);
        else
            (void)sg_sim_deposit(sim, asset, to, deposit_of(sim, number % sim->at.n_people),
                                 amount);
        return;
    }
    payment(sim, person, asset, to);
}

static void put_in(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const uint64_t has = sg_sim_spendable(sim, asset, wallet(sim, person));
    if (!sg_sim_deposit(sim, asset, wallet(sim, person), deposit_of(sim, person),
                        sg_sim_percent(has, sg_sim_between(sim, 40, 100))))
        withdrawal(sim, person, asset);
}

static void swap(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const unsigned get = (asset + 1 + (unsigned)sg_sim_below(sim, SIM_ASSETS - 1)) % SIM_ASSETS;
    const uint64_t has = sg_sim_spendable(sim, asset, wallet(sim, person));
    uint64_t got;
    if (!sg_sim_swap(sim, wallet(sim, person), asset,
                     sg_sim_percent(has, sg_sim_between(sim, 10, 90)), get, &got))
        withdrawal(sim, person, asset);
}

bool sg_sim_mix_in(struct sg_sim *sim, uint32_t from, uint32_t pool, uint32_t to)
{
    if (!sg_sim_move(sim, SIM_NATIVE, from, pool, sg_sim_pool_size(sim, pool)))
        return false;
    const int64_t wait = (int64_t)sg_sim_heavy(sim, 12, 23); /* an hour to three months */
    sg_sim_later(
        sim, wait,
        (struct sim_task){
            .kind = SIM_TASK_MIX_OUT, .who = to, .other = pool, .amount = from, .tx = sim->serial});
    return true;
}

void sg_sim_mix_out(struct sg_sim *sim, const struct sim_task *task)
{
    const uint64_t size = sg_sim_pool_size(sim, task->other);
    const uint64_t fee = sg_sim_percent(size, UNMIX_PERCENT);
    const uint32_t thief = sg_sim_thief_of(sim, task->who);
    sim->by_thief = thief != SIM_NOBODY;
    const bool done = sg_sim_unmix(sim, task->other, task->who, fee);
    sim->by_thief = false;
    if (!done)
        return;
    sg_sim_tell_pair(sim, "mixer_pair", task->tx, (uint32_t)task->amount, task->who, SIM_NATIVE,
                     size, size - fee);
    if (thief == SIM_NOBODY)
        return;
    struct sim_sums *sums = sg_sim_sums(sim, task->who, SIM_NATIVE);
    sums->unmixed += size - fee;
    sums->mixer_fees += fee;
    sums->in_mixer -= size;
    sg_sim_tell_step(sim, thief, "unmixed", SIM_NATIVE, task->other, task->who, size - fee);
    sg_sim_later(sim, (int64_t)sg_sim_heavy(sim, 10, 20),
                 (struct sim_task){.kind = SIM_TASK_PARCEL,
                                   .who = task->who,
                                   .other = 4u << 8 | SIM_NATIVE,
                                   .amount = size - fee});
}

static void mix(struct sg_sim *sim, uint32_t person)
{
    const uint32_t pool = sim->at.pools + (uint32_t)sg_sim_below(sim, 2);
    const uint32_t to = sim->at.seconds + person / 8 % (sim->at.n_people / 8);
    const uint64_t size = sg_sim_pool_size(sim, pool);
    if (sg_sim_spendable(sim, SIM_NATIVE, wallet(sim, person)) < size)
        (void)sg_sim_withdraw(sim, SIM_NATIVE, sg_sim_exchange_of(sim, deposit_of(sim, person)),
                              wallet(sim, person), size + size / 10);
    else
        (void)sg_sim_mix_in(sim, wallet(sim, person), pool, to);
}

bool sg_sim_bridge_in(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to,
                      uint64_t amount)
{
    if (!sg_sim_move(sim, asset, from, sim->at.lock, amount))
        return false;
    sg_sim_later(sim, (int64_t)sg_sim_between(sim, 120, 2400),
                 (struct sim_task){.kind = SIM_TASK_BRIDGE_OUT,
                                   .who = to,
                                   .other = from,
                                   .amount = amount << 2 | asset,
                                   .tx = sim->serial});
    return true;
}

void sg_sim_bridge_out(struct sg_sim *sim, const struct sim_task *task)
{
    const unsigned asset = task->amount & 3;
    const uint64_t in = task->amount >> 2;
    const uint64_t fee = in / 10000 * BRIDGE_PERMYR + in % 10000 * BRIDGE_PERMYR / 10000 +
                         (asset == SIM_NATIVE ? SIM_COIN / 2000 : SIM_DOLLAR);
    const uint32_t thief = sg_sim_thief_of(sim, task->who);
    if (in <= fee)
        return;
    sim->by_thief = thief != SIM_NOBODY;
    const bool done = sg_sim_move(sim, asset, sim->at.b_system, task->who, in - fee);
    sim->by_thief = false;
    if (!done)
        return;
    sg_sim_tell_pair(sim, "bridge_pair", task->tx, task->other, task->who, asset, in, in - fee);
    if (thief == SIM_NOBODY)
        return;
    struct sim_sums *left = &sim->thefts[thief].sums[0][asset];
    left->bridge_fees += fee;
    left->in_bridge -= in;
    sg_sim_sums(sim, task->who, asset)->bridged_in += in - fee;
    sg_sim_tell_step(sim, thief, "bridged", asset, sim->at.b_system, task->who, in - fee);
    sg_sim_later(sim, (int64_t)sg_sim_heavy(sim, 9, 18),
                 (struct sim_task){.kind = SIM_TASK_PARCEL,
                                   .who = task->who,
                                   .other = 4u << 8 | asset,
                                   .amount = in - fee});
}

/* One person in 16 is on the second chain; others have what they sent come out at a neighbour's. */
static void bridge(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const uint32_t user = person / 16 * 16 % (sim->at.n_people / 16 * 16);
    const uint64_t has = sg_sim_spendable(sim, asset, wallet(sim, user));
    const uint64_t amount = sg_sim_percent(has, sg_sim_between(sim, 20, 90));
    const uint64_t least = asset == SIM_NATIVE ? SIM_COIN / 100 : 20 * SIM_DOLLAR;
    if (amount < least ||
        !sg_sim_bridge_in(sim, asset, wallet(sim, user), sim->at.b_wallets + user / 16, amount))
        withdrawal(sim, user, asset);
}

static void own(struct sg_sim *sim, uint32_t person, unsigned asset)
{
    const uint32_t user = person / 8 * 8 % (sim->at.n_people / 8 * 8);
    const uint32_t second = sim->at.seconds + user / 8;
    const uint64_t has = sg_sim_spendable(sim, asset, wallet(sim, user));
    const uint64_t back = sg_sim_spendable(sim, asset, second);
    if (back > has && sg_sim_fuel(sim, asset, second))
        (void)sg_sim_move(sim, asset, second, wallet(sim, user), back / 2 + 1);
    else if (!sg_sim_move(sim, asset, wallet(sim, user), second, has / 3))
        withdrawal(sim, user, asset);
}

static uint32_t recently_paid(struct sg_sim *sim)
{
    const size_t n = sim->n_recent < SIM_RECENT ? sim->n_recent : SIM_RECENT;
    return n ? sim->recent[sg_sim_below(sim, n)] : sim->at.wallets;
}

/* Bots live on the first chain. */
static void nuisance(struct sg_sim *sim, enum sg_scenario_act act)
{
    const uint32_t victim = recently_paid(sim);
    const uint32_t bot = sim->at.bots + (uint32_t)sg_sim_below(sim, SIM_BOTS);
    if (sg_sim_chain_of(sim, victim))
        return;
    if (sim->balances[bot][SIM_NATIVE] < SIM_COIN)
        (void)sg_sim_withdraw(sim, SIM_NATIVE, 0, bot, 5 * SIM_COIN);
    else if (act == SG_ACT_DUST)
        (void)sg_sim_move(sim, SIM_NATIVE, bot, victim, sg_sim_between(sim, 1, 4000));
    else if (act == SG_ACT_FAKE)
        sg_sim_fake(sim, victim);
    else if (sim->n_lookalikes < sim->at.n_lookalikes) {
        const uint32_t looks_like = recently_paid(sim);
        sim->targets[sim->n_lookalikes] = looks_like;
        sg_sim_poison(sim, sim->at.lookalikes + sim->n_lookalikes++, victim);
    }
}

/* From the end of all people, whom the others' draws reach last. */
static void newcomer(struct sg_sim *sim)
{
    const uint32_t person = sim->at.n_people - 1 - sim->n_newcomers++ % sim->at.n_people;
    withdrawal(sim, person, favourite(sim, person));
}

/* One draw a statement here and elsewhere: in which order arguments are worked out is the
 * compiler's choice, and the world must not be. */
static void fail(struct sg_sim *sim, uint32_t person)
{
    const uint64_t amount = some(sim, SIM_NATIVE);
    sg_sim_fail(sim, wallet(sim, person), wallet(sim, somebody(sim)), amount);
}

void sg_sim_act(struct sg_sim *sim)
{
    const enum sg_scenario_act act =
        (enum sg_scenario_act)sg_sim_pick(sim, sim->scenario->act, SG_ACT_COUNT);
    const uint32_t person = somebody(sim);
    const unsigned asset = favourite(sim, person);
    switch (act) {
    case SG_ACT_PAYMENT:
        payment(sim, person, asset, wallet(sim, somebody(sim)));
        break;
    case SG_ACT_SERVICE:
        service(sim, person, asset);
        break;
    case SG_ACT_DEPOSIT:
        put_in(sim, person, asset);
        break;
    case SG_ACT_WITHDRAWAL:
        withdrawal(sim, person, asset);
        break;
    case SG_ACT_SWAP:
        swap(sim, person, asset);
        break;
    case SG_ACT_MIX:
        mix(sim, person);
        break;
    case SG_ACT_BRIDGE:
        bridge(sim, person, asset);
        break;
    case SG_ACT_OWN:
        own(sim, person, asset);
        break;
    case SG_ACT_FAILED:
        fail(sim, person);
        break;
    case SG_ACT_DUST:
    case SG_ACT_LOOKALIKE:
    case SG_ACT_FAKE:
        nuisance(sim, act);
        break;
    case SG_ACT_NEWCOMER:
        newcomer(sim);
        break;
    case SG_ACT_COUNT:
        break;
    }
}
