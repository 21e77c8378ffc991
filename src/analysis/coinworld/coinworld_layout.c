/* Who there is: wallets by number, each kind behind the other, with the habits of its owner. */
#include "analysis/coinworld/coinworld_internal.h"

#define WALLETS_MAX UINT64_C(4000000000)

static uint32_t place(uint64_t *end, uint64_t n)
{
    const uint64_t first = *end;
    *end += n;
    return (uint32_t)first;
}

static bool lay_out(struct cw_layout *at, const struct sg_scenario *s)
{
    uint64_t end = 0;
    at->n_people = s->people;
    at->n_thefts = s->thefts;
    at->n_thieves = s->thefts + s->ransoms;
    at->hots = place(&end, s->exchanges);
    at->colds = place(&end, s->exchanges);
    at->deposits = place(&end, s->exchanges);
    at->pools = place(&end, CW_POOLS);
    at->services = place(&end, s->services);
    at->brokers = place(&end, s->brokers);
    at->whirlpool = place(&end, 1);
    at->wasabi = place(&end, 1);
    at->duster = place(&end, 1);
    at->victims = place(&end, s->thefts);
    at->thieves = place(&end, at->n_thieves);
    at->mules = place(&end, (uint64_t)at->n_thieves * CW_MULES);
    at->people = place(&end, s->people);
    at->end = (uint32_t)end;
    return end <= WALLETS_MAX;
}

/* Of a person; shares in percent are a guess of ours. */
static void give_habits(struct cw_world *world, struct cw_wallet *wallet)
{
    static const uint32_t forms[] = {18, 20, 46, 0, 16}, changes[] = {72, 10, 13, 5},
                          picks[] = {45, 25, 30}, places[] = {70, 20, 10},
                          fees[] = {15, 40, 35, 10};
    struct sg_rng *rng = &world->rng;
    wallet->form = (uint8_t)sg_chance_pick(rng, forms, SG_COUNT_OF(forms));
    wallet->change = (uint8_t)sg_chance_pick(rng, changes, SG_COUNT_OF(changes));
    wallet->pick = (uint8_t)sg_chance_pick(rng, picks, SG_COUNT_OF(picks));
    wallet->place = (uint8_t)sg_chance_pick(rng, places, SG_COUNT_OF(places));
    wallet->fee = (uint8_t)sg_chance_pick(rng, fees, SG_COUNT_OF(fees));
    wallet->flags = (sg_chance_percent(rng, world->scenario->reuse) ? CW_SHOWS_ONE : 0) |
                    (sg_chance_percent(rng, 40) ? CW_LOCKS : 0) |
                    (sg_chance_percent(rng, 50) ? CW_RBF : 0) |
                    (sg_chance_percent(rng, 80) ? CW_NEW_VERSION : 0);
}

/* Exchanges have three wallets and one owner; half of them use one address for all change. */
static void set_exchange(struct cw_world *world, uint32_t i)
{
    static const uint8_t batches[] = {1, 8, 25, CW_BATCH};
    const struct cw_layout *at = &world->at;
    struct cw_wallet *hot = &world->wallets[at->hots + i], *cold = &world->wallets[at->colds + i];
    struct cw_wallet *deposits = &world->wallets[at->deposits + i];
    hot->owner = cold->owner = deposits->owner = at->hots + i;
    hot->change = i % 2 ? CW_CHANGE_POSTED : CW_CHANGE_FRESH;
    hot->flags |= i % 2 ? CW_SHOWS_ONE : 0;
    hot->pick = CW_PICK_LARGEST;
    cold->form = CW_P2WSH;
    cold->pick = CW_PICK_OLDEST;
    cold->change = CW_CHANGE_FRESH;
    cold->place = CW_PLACE_LAST;
    world->exchanges[i].batch_max = batches[(i + 1) % SG_COUNT_OF(batches)];
    world->exchanges[i].sweep_min = sg_chance_between(&world->rng, 8, 60);
}

static void set_others(struct cw_world *world)
{
    const struct cw_layout *at = &world->at;
    for (uint32_t i = 0; i < world->scenario->exchanges; i++)
        set_exchange(world, i);
    for (uint32_t i = at->brokers; i < at->duster; i++)
        world->wallets[i].flags |= CW_SHOWS_ONE;
    world->wallets[at->whirlpool].form = world->wallets[at->wasabi].form = CW_P2WPKH;
    for (uint32_t i = at->thieves; i < at->mules; i++) {
        world->wallets[i].flags &= (uint8_t)~CW_SHOWS_ONE;
        if (sg_chance_percent(&world->rng, 60))
            world->wallets[i].form = CW_P2WPKH;
    }
}

enum sg_status sg_cw_layout(struct cw_world *world)
{
    const struct sg_scenario *s = world->scenario;
    if (!lay_out(&world->at, s))
        return sg_err_set(world->err, SG_ELIMIT, "more people than wallets have numbers");
    world->wallets = sg_mem_zalloc(world->at.end, sizeof(*world->wallets));
    world->exchanges = sg_mem_zalloc(s->exchanges, sizeof(*world->exchanges));
    world->thefts = sg_mem_zalloc((size_t)world->at.n_thieves + 1, sizeof(*world->thefts));
    if (!world->wallets || !world->exchanges || !world->thefts)
        return sg_err_nomem(world->err);
    for (uint32_t i = 0; i < world->at.end; i++) {
        world->wallets[i].owner = i;
        give_habits(world, &world->wallets[i]);
    }
    set_others(world);
    return SG_OK;
}

uint32_t sg_cw_exchange_of(const struct cw_world *world, uint32_t customer)
{
    return (uint32_t)(sg_chance_mix(17, customer) % world->scenario->exchanges);
}

uint32_t sg_cw_theft_of(const struct cw_world *world, uint32_t wallet)
{
    const struct cw_layout *at = &world->at;
    return wallet >= at->thieves && wallet < at->mules ? wallet - at->thieves : CW_NONE;
}

uint32_t sg_cw_person(struct cw_world *world)
{
    const uint64_t n = world->at.n_people;
    const uint64_t i = sg_rng_next(&world->rng) & 1 ? sg_chance_rank(&world->rng, n)
                                                    : sg_rng_below(&world->rng, n);
    return world->at.people + (uint32_t)i;
}
