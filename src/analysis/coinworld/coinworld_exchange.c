/* Who moves other people's money: exchanges with deposits, hot and cold wallets and payouts in
 * batches; mining pools; and what looks like a CoinJoin and is one owner's. */
#include "analysis/coinworld/coinworld_internal.h"

#define HOT_LOW     (40 * CW_COIN)
#define HOT_HIGH    (400 * CW_COIN)
#define REFILL      (150 * CW_COIN)
#define SWEEP_MOST  100
#define POOL_KEEPS  (2 * CW_COIN)
#define POOL_PAYEES 40

static bool move_store(struct cw_world *world, uint32_t from, uint32_t to, uint64_t sat)
{
    const uint64_t has = world->wallets[from].sat;
    return sg_cw_pay(world, SG_COINWORLD_STORE, from, to, has / 2 < sat ? has / 2 : sat);
}

void sg_cw_balance(struct cw_world *world, uint32_t exchange)
{
    const uint32_t hot = world->at.hots + exchange, cold = world->at.colds + exchange;
    if (world->wallets[hot].sat < HOT_LOW)
        (void)move_store(world, cold, hot, REFILL);
    else if (world->wallets[hot].sat > HOT_HIGH)
        (void)move_store(world, hot, cold, REFILL);
}

/* What customers paid in is gathered once there is enough of it. */
void sg_cw_sweep(struct cw_world *world, uint32_t exchange)
{
    const uint32_t deposits = world->at.deposits + exchange, hot = world->at.hots + exchange;
    if (world->wallets[deposits].n_coins < world->exchanges[exchange].sweep_min)
        return;
    sg_cw_begin(world, SG_COINWORLD_SWEEP, deposits);
    sg_cw_take_all(world, deposits, SWEEP_MOST);
    const uint64_t fee = sg_cw_fee(world, 1);
    if (world->draft.in_sat < fee + CW_DUST) {
        (void)sg_cw_abort(world);
        return;
    }
    sg_cw_out_to(world, hot, world->draft.in_sat - fee);
    (void)sg_cw_send(world);
}

/* Everything in a list to its owner's deposit address. */
bool sg_cw_deposit_all(struct cw_world *world, uint32_t customer)
{
    sg_cw_begin(world, SG_COINWORLD_DEPOSIT, customer);
    sg_cw_take_all(world, customer, SWEEP_MOST);
    const uint64_t fee = sg_cw_fee(world, 1);
    if (world->draft.in_sat < fee + CW_DUST)
        return sg_cw_abort(world);
    sg_cw_out_deposit(world, customer, world->draft.in_sat - fee);
    (void)sg_cw_send(world);
    sg_cw_sweep(world, sg_cw_exchange_of(world, customer));
    return true;
}

/* One wallet a turn of those that only receive: what many small coins are worth is sold, a hot
 * wallet's are made one. */
void sg_cw_tidy(struct cw_world *world)
{
    const struct cw_layout *at = &world->at;
    const uint32_t who = at->hots + world->turn++ % (at->victims - at->hots);
    if (world->wallets[who].n_coins <= CW_MANY || (who >= at->colds && who < at->deposits))
        return;
    if (who < at->colds)
        (void)sg_cw_consolidate(world, who);
    else if (who < at->pools)
        sg_cw_sweep(world, who - at->deposits);
    else
        (void)sg_cw_deposit_all(world, who);
}

/* Pay outputs that stand in the draft from a hot wallet, filled from the cold one if need be. */
static bool pay_from_hot(struct cw_world *world, uint32_t exchange, enum sg_coinworld_kind kind,
                         const struct cw_out *outs, size_t n)
{
    const uint32_t hot = world->at.hots + exchange;
    uint64_t sat = 0;
    sg_cw_balance(world, exchange);
    sg_cw_begin(world, kind, hot);
    for (size_t i = 0; i < n; i++)
        sat += outs[i].sat + 43 * world->draft.rate;
    if (!sg_cw_take(world, hot, sat + 54 * world->draft.rate))
        return false;
    for (size_t i = 0; i < n; i++)
        sg_cw_out(world, outs[i].wallet, outs[i].key, outs[i].form, outs[i].sat);
    return sg_cw_finish(world);
}

static struct cw_out payee(struct cw_world *world, uint32_t wallet, uint64_t sat)
{
    const bool one = world->wallets[wallet].flags & CW_SHOWS_ONE;
    return (struct cw_out){.wallet = wallet,
                           .key = one ? CW_POSTED(wallet) : sg_cw_fresh(world),
                           .form = world->wallets[wallet].form,
                           .sat = sat};
}

/* Waits for its batch. True if a transaction was made. */
bool sg_cw_withdraw(struct cw_world *world, uint32_t customer, uint64_t sat)
{
    const uint32_t e = sg_cw_exchange_of(world, customer);
    struct cw_exchange *exchange = &world->exchanges[e];
    exchange->batch[exchange->n_batch++] = payee(world, customer, sat);
    if (exchange->n_batch < exchange->batch_max)
        return false;
    const bool done =
        pay_from_hot(world, e, SG_COINWORLD_PAYOUT, exchange->batch, exchange->n_batch);
    exchange->n_batch = 0;
    return done;
}

bool sg_cw_pay_at_once(struct cw_world *world, uint32_t customer, uint64_t sat)
{
    const struct cw_out out = payee(world, customer, sat);
    return pay_from_hot(world, sg_cw_exchange_of(world, customer), SG_COINWORLD_PAYOUT, &out, 1);
}

/* A pool that has something pays many miners, and sells a part. */
bool sg_cw_pool_payout(struct cw_world *world)
{
    const uint32_t pool = world->at.pools + (uint32_t)sg_rng_below(&world->rng, CW_POOLS);
    const uint64_t n = sg_chance_between(&world->rng, 5, POOL_PAYEES);
    const uint64_t has = world->wallets[pool].sat;
    if (has < POOL_KEEPS)
        return false;
    const uint64_t all = sg_chance_heavy(&world->rng, 26, 33);
    const uint64_t share = (all < has / 2 ? all : has / 2) / n;
    sg_cw_begin(world, SG_COINWORLD_PAYOUT, pool);
    if (!sg_cw_take(world, pool, share * n + (n + 2) * 43 * world->draft.rate))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t sat = share / 100 * sg_chance_between(&world->rng, 10, 100);
        sg_cw_out_to(world, sg_cw_person(world), sat);
    }
    return sg_cw_finish(world);
}

/* The same out of many small coins, as an exchange pays from its deposits: as many addresses spend
 * as are paid, or more. */
static bool equal_from_many(struct cw_world *world)
{
    const uint32_t from =
        world->at.deposits + (uint32_t)sg_rng_below(&world->rng, world->scenario->exchanges);
    const uint64_t n = sg_chance_between(&world->rng, 3, 25);
    sg_cw_begin(world, SG_COINWORLD_EQUAL_PAYOUT, from);
    sg_cw_take_all(world, from, n + sg_rng_below(&world->rng, n + 1));
    const uint64_t fee = sg_cw_fee(world, n + 1);
    if (world->draft.in_sat < fee + n * 10 * CW_DUST)
        return sg_cw_abort(world);
    const uint64_t most = (world->draft.in_sat - fee) / n;
    const uint64_t sat = sg_cw_rounded(world, most / 100 * sg_chance_between(&world->rng, 40, 100));
    for (uint64_t i = 0; i < n; i++)
        sg_cw_out_to(world, sg_cw_person(world), sat);
    return sg_cw_finish(world);
}

/* One amount to many, as wages or prizes are. */
bool sg_cw_equal_payout(struct cw_world *world)
{
    if (sg_chance_percent(&world->rng, 50))
        return equal_from_many(world);
    struct cw_out outs[CW_BATCH];
    const uint64_t n = sg_chance_between(&world->rng, 3, CW_BATCH);
    const uint64_t sat = sg_chance_percent(&world->rng, 30)
                             ? CW_COIN / 10
                             : sg_cw_rounded(world, sg_chance_heavy(&world->rng, 16, 27));
    const uint64_t n_equal =
        sg_chance_percent(&world->rng, 60) ? n : n - sg_rng_below(&world->rng, n / 2);
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t own = i < n_equal ? sat : sg_chance_heavy(&world->rng, 16, 27);
        outs[i] = payee(world, sg_cw_person(world), own);
    }
    return pay_from_hot(world, (uint32_t)sg_rng_below(&world->rng, world->scenario->exchanges),
                        SG_COINWORLD_EQUAL_PAYOUT, outs, n);
}

/* Out of many coins a few of one amount, for its owner: a person's savings or a hot wallet's stock.
 */
bool sg_cw_equal_move(struct cw_world *world)
{
    const bool person = sg_chance_percent(&world->rng, 60);
    const uint32_t who =
        person ? sg_cw_person(world)
               : world->at.hots + (uint32_t)sg_rng_below(&world->rng, world->scenario->exchanges);
    const uint64_t n = sg_chance_between(&world->rng, 3, 10);
    sg_cw_begin(world, SG_COINWORLD_EQUAL_MOVE, who);
    sg_cw_take_all(world, who, sg_chance_between(&world->rng, 1, 40));
    const uint64_t fee = sg_cw_fee(world, n + 1);
    if (world->draft.in_sat < fee + n * 10 * CW_DUST)
        return sg_cw_abort(world);
    const uint64_t sat = sg_cw_rounded(world, (world->draft.in_sat - fee) / n);
    for (uint64_t i = 0; i < n; i++)
        sg_cw_out_fresh(world, who, sat);
    return sg_cw_finish(world);
}
