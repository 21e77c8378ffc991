/* What people do when it is their turn. */
#include "analysis/coinworld/coinworld_internal.h"

#define PAYMENT_MIN 2000
#define DUST_PAYEES 40

static struct cw_wallet *wallet_of(struct cw_world *world, uint32_t number)
{
    return &world->wallets[number];
}

/* To one or two leading digits, as people do. */
uint64_t sg_cw_rounded(struct cw_world *world, uint64_t sat)
{
    uint64_t unit = 1;
    while (sat / unit >= 10)
        unit *= 10;
    if (unit >= 10 && sg_chance_percent(&world->rng, 50))
        unit /= 10;
    return sat / unit * unit;
}

uint64_t sg_cw_amount(struct cw_world *world, uint64_t most)
{
    uint64_t sat = sg_chance_heavy(&world->rng, 14, 33);
    while (sat > most)
        sat /= 4;
    return sg_chance_percent(&world->rng, 50) ? sg_cw_rounded(world, sat) : sat;
}

bool sg_cw_pay(struct cw_world *world, enum sg_coinworld_kind kind, uint32_t from, uint32_t to,
               uint64_t sat)
{
    sg_cw_begin(world, kind, from);
    if (sat < PAYMENT_MIN || !sg_cw_take(world, from, sat + 97 * world->draft.rate))
        return false;
    sg_cw_out_to(world, to, sat);
    return sg_cw_finish(world);
}

bool sg_cw_consolidate(struct cw_world *world, uint32_t who)
{
    sg_cw_begin(world, SG_COINWORLD_CONSOLIDATION, who);
    sg_cw_take_all(world, who, 60);
    const uint64_t fee = sg_cw_fee(world, 1);
    if (world->draft.n_ins < 2 || world->draft.in_sat < fee + CW_DUST)
        return sg_cw_abort(world);
    sg_cw_out_fresh(world, who, world->draft.in_sat - fee);
    return sg_cw_send(world);
}

static bool pay_somebody(struct cw_world *world, uint32_t from)
{
    const uint32_t to = sg_cw_person(world);
    return to != from && sg_cw_pay(world, SG_COINWORLD_PAYMENT, from, to,
                                   sg_cw_amount(world, wallet_of(world, from)->sat / 2));
}

static bool pay_service(struct cw_world *world, uint32_t from)
{
    const uint32_t to =
        world->at.services + (uint32_t)sg_chance_rank(&world->rng, world->scenario->services);
    return sg_cw_pay(world, SG_COINWORLD_PAYMENT, from, to,
                     sg_cw_amount(world, wallet_of(world, from)->sat / 4));
}

static bool deposit(struct cw_world *world, uint32_t from)
{
    const uint32_t exchange = sg_cw_exchange_of(world, from);
    const uint64_t sat = wallet_of(world, from)->sat / 100 * sg_chance_between(&world->rng, 10, 80);
    sg_cw_begin(world, SG_COINWORLD_DEPOSIT, from);
    if (sat < PAYMENT_MIN || !sg_cw_take(world, from, sat + 97 * world->draft.rate))
        return false;
    sg_cw_out_deposit(world, from,
                      sg_chance_percent(&world->rng, 60) ? sg_cw_rounded(world, sat) : sat);
    const bool done = sg_cw_finish(world);
    sg_cw_sweep(world, exchange);
    return done;
}

static bool withdraw(struct cw_world *world, uint32_t to)
{
    uint64_t sat = sg_chance_heavy(&world->rng, 18, 34);
    if (sg_chance_percent(&world->rng, 60))
        sat = sg_cw_rounded(world, sat);
    return sg_cw_withdraw(world, to, sat);
}

static void book_strays(struct cw_world *world)
{
    for (size_t i = 0; i < world->draft.n_outs; i++) {
        const struct cw_out *out = &world->draft.outs[i];
        const uint32_t theft = sg_cw_theft_of(world, out->wallet);
        if (theft != CW_NONE)
            world->thefts[theft].books.stray_in += out->sat;
    }
}

/* Next to nothing to addresses that were paid lately, so that their owners join them to others. */
static bool dust(struct cw_world *world)
{
    const uint32_t duster = world->at.duster;
    const uint64_t n = sg_chance_between(&world->rng, 8, DUST_PAYEES);
    if (world->n_recent < CW_RECENT)
        return false;
    sg_cw_begin(world, SG_COINWORLD_DUST, duster);
    if (!sg_cw_take(world, duster, n * (700 + 43 * world->draft.rate) + 60 * world->draft.rate))
        return sg_cw_pay_at_once(world, duster, CW_COIN / 10);
    for (uint64_t i = 0; i < n; i++) {
        const struct cw_recent *r = &world->recent[sg_rng_below(&world->rng, CW_RECENT)];
        struct cw_out *out =
            sg_cw_out(world, r->wallet, r->key, r->form, 546 + sg_rng_below(&world->rng, 50));
        out->known = true;
        out->loose = sg_cw_theft_of(world, r->wallet) != CW_NONE;
    }
    if (!sg_cw_finish(world))
        return false;
    book_strays(world);
    return true;
}

static bool background(struct cw_world *world, enum sg_scenario_act act)
{
    const uint32_t who = sg_cw_person(world);
    if (wallet_of(world, who)->n_coins > CW_MANY)
        return sg_cw_consolidate(world, who);
    switch (act) {
    case SG_ACT_PAYMENT:
        return pay_somebody(world, who);
    case SG_ACT_SERVICE:
        return pay_service(world, who);
    case SG_ACT_DEPOSIT:
        return deposit(world, who);
    case SG_ACT_WITHDRAWAL:
        return withdraw(world, who);
    case SG_ACT_OWN:
        return sg_cw_pay(world, SG_COINWORLD_OWN, who, who,
                         sg_cw_amount(world, wallet_of(world, who)->sat / 2));
    case SG_ACT_DUST:
        return dust(world);
    case SG_ACT_SWAP:
    case SG_ACT_MIX:
    case SG_ACT_BRIDGE:
    case SG_ACT_LOOKALIKE:
    case SG_ACT_FAKE:
    case SG_ACT_FAILED:
    case SG_ACT_NEWCOMER:
    case SG_ACT_COUNT:
        break; /* of account chains */
    }
    return false;
}

static bool together(struct cw_world *world, enum sg_scenario_coin_act act)
{
    switch (act) {
    case SG_COINS_WHIRLPOOL:
        return sg_cw_whirlpool(world);
    case SG_COINS_WASABI1:
        return sg_cw_wasabi1(world);
    case SG_COINS_WASABI2:
        return sg_cw_wasabi2(world);
    case SG_COINS_JOINMARKET:
        return sg_cw_joinmarket(world, CW_NONE);
    case SG_COINS_PAYJOIN:
        return sg_cw_payjoin(world);
    case SG_COINS_CONSOLIDATION:
        return sg_cw_consolidate(world, sg_cw_person(world));
    case SG_COINS_EQUAL_PAYOUT:
        return sg_cw_equal_payout(world);
    case SG_COINS_EQUAL_MOVE:
        return sg_cw_equal_move(world);
    case SG_COINS_COUNT:
        break;
    }
    return false;
}

/* Acts that make no sense here have no weight. Who cannot pay gets money instead. */
void sg_cw_act(struct cw_world *world)
{
    uint32_t weights[SG_ACT_COUNT + SG_COINS_COUNT] = {0};
    static const enum sg_scenario_act acts[] = {SG_ACT_PAYMENT,    SG_ACT_SERVICE, SG_ACT_DEPOSIT,
                                                SG_ACT_WITHDRAWAL, SG_ACT_OWN,     SG_ACT_DUST};
    for (size_t i = 0; i < SG_COUNT_OF(acts); i++)
        weights[acts[i]] = world->scenario->act[acts[i]];
    for (size_t i = 0; i < SG_COINS_COUNT; i++)
        weights[SG_ACT_COUNT + i] = world->scenario->coin_act[i];
    sg_cw_tidy(world);
    const size_t act = sg_chance_pick(&world->rng, weights, SG_COUNT_OF(weights));
    const bool done = act < SG_ACT_COUNT
                          ? background(world, (enum sg_scenario_act)act)
                          : together(world, (enum sg_scenario_coin_act)(act - SG_ACT_COUNT));
    if (!done && !sg_cw_pool_payout(world))
        (void)withdraw(world, sg_cw_person(world));
}
