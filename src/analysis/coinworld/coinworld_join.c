/* Rounds in which strangers spend together, as their protocols make them: Wasabi 1 and 2 through a
 * coordinator, JoinMarket between a taker and makers, PayJoin between payer and payee. */
#include "analysis/coinworld/coinworld_internal.h"

#include <stdlib.h>

#define TRIES            40
#define W1_LEVELS        4
#define W1_PEERS_MIN     10
#define W1_PEERS_MAX     40
#define W2_PEERS_MIN     12
#define W2_PEERS_MAX     45
#define W2_LEAST         5000
#define W2_OUTS          10
#define W2_DENOMINATIONS 96
#define JM_MAKERS_MIN    2
#define JM_MAKERS_MAX    9
#define FORM(form)       (1u << (form))

uint32_t sg_cw_peer(struct cw_world *world, uint64_t sat, uint32_t forms)
{
    for (unsigned i = 0; i < TRIES; i++) {
        const uint32_t who = sg_cw_person(world);
        struct cw_wallet *wallet = &world->wallets[who];
        if (wallet->sat < sat || !(forms & FORM(wallet->form)) || wallet->round == world->round)
            continue;
        wallet->round = world->round;
        return who;
    }
    return CW_NONE;
}

/* Whether what a wallet would bring is of these forms too: after a round it may hold others. */
static bool brings(struct cw_world *world, uint32_t who, uint64_t sat, uint32_t forms)
{
    const size_t before = world->draft.n_ins;
    if (!sg_cw_take(world, who, sat))
        return false;
    for (size_t i = before; i < world->draft.n_ins; i++)
        if (!(forms & FORM(world->draft.ins[i].form))) {
            sg_cw_put_back(world, before);
            return false;
        }
    return true;
}

/* Outputs of a thief go on; the books say what came back and what it cost. */
static void settle_thieves(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    for (size_t i = 0; i < draft->n_ins; i++) {
        const uint32_t theft = sg_cw_theft_of(world, draft->ins[i].wallet);
        if (theft != CW_NONE) {
            world->thefts[theft].books.mixed += draft->ins[i].sat;
            world->thefts[theft].books.mix_fees += draft->ins[i].sat;
        }
    }
    for (size_t i = 0; i < draft->n_outs; i++) {
        const struct cw_out *out = &draft->outs[i];
        const uint32_t theft = sg_cw_theft_of(world, out->wallet);
        if (theft != CW_NONE) {
            world->thefts[theft].books.unmixed += out->sat;
            world->thefts[theft].books.mix_fees -= out->sat;
            sg_cw_go_on(world, out->slot, 3);
        }
    }
}

static struct cw_out *pay(struct cw_world *world, uint32_t who, uint64_t sat)
{
    struct cw_out *out = sg_cw_out(world, who, sg_cw_fresh(world), CW_P2WPKH, sat);
    out->loose = sg_cw_theft_of(world, who) != CW_NONE;
    return out;
}

/* n_waiting: how many parcels waited before. */
static bool give_up(struct cw_world *world, size_t n_waiting)
{
    world->n_waiting = n_waiting;
    return sg_cw_abort(world);
}

static bool send_round(struct cw_world *world, size_t n_waiting)
{
    if (world->draft.in_sat < world->draft.out_sat + sg_cw_fee(world, 0) / 4)
        return give_up(world, n_waiting);
    (void)sg_cw_send(world);
    settle_thieves(world);
    return true;
}

/* A parcel that waits, for which this round is large enough. */
static uint32_t next_waiting(struct cw_world *world, uint64_t sat)
{
    for (size_t i = 0; i < world->n_waiting; i++) {
        const uint32_t slot = world->waiting[i], wallet = world->coins[slot].wallet;
        if (world->coins[slot].sat < sat || world->wallets[wallet].round == world->round)
            continue;
        world->waiting[i] = world->waiting[--world->n_waiting];
        world->waiting[world->n_waiting] = slot; /* stands there if the round comes to nothing */
        world->wallets[wallet].round = world->round;
        return slot;
    }
    return CW_NONE;
}

/* The next participant's inputs into the draft; who: whose. Thieves that wait come first. */
static bool next_peer(uint32_t *who, uint64_t *brought, struct cw_world *world, uint64_t sat,
                      uint32_t forms, bool waiting)
{
    const uint64_t before = world->draft.in_sat;
    const uint32_t slot = waiting ? next_waiting(world, sat) : CW_NONE;
    if (slot != CW_NONE) {
        *who = world->coins[slot].wallet;
        sg_cw_spend(world, slot);
    } else {
        *who = sg_cw_peer(world, sat, forms);
        if (*who == CW_NONE || !brings(world, *who, sat, forms))
            return false;
    }
    *brought = world->draft.in_sat - before;
    return true;
}

/* One participant of Wasabi 1: the base amount, perhaps doubled ones, change. Each pays for its own
 * bytes and the coordinator. */
static void share_wasabi1(struct cw_world *world, uint32_t who, uint64_t brought, size_t n_ins,
                          uint64_t base, uint64_t fee_each, uint64_t *coordinator)
{
    uint64_t left = brought - n_ins * 68 * world->draft.rate - 31 * world->draft.rate;
    pay(world, who, base);
    left -= base + fee_each;
    *coordinator += fee_each;
    for (unsigned level = 1; level < W1_LEVELS; level++) {
        const uint64_t more = (base << level) + fee_each + 31 * world->draft.rate;
        if (left < more || !sg_chance_percent(&world->rng, 60))
            break;
        pay(world, who, base << level);
        left -= more;
        *coordinator += fee_each;
    }
    if (left > 31 * world->draft.rate + CW_DUST)
        pay(world, who, left - 31 * world->draft.rate)->change = true;
}

bool sg_cw_wasabi1(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    const size_t n = sg_chance_between(&world->rng, W1_PEERS_MIN, W1_PEERS_MAX);
    const uint64_t base = CW_COIN / 10 + sg_rng_below(&world->rng, 900000);
    const uint64_t fee_each = base / 100000 * 3 * n;
    uint64_t coordinator = 0;
    const size_t n_waiting = world->n_waiting;
    size_t peers = 0;
    sg_cw_begin(world, SG_COINWORLD_WASABI1, world->at.wasabi);
    world->round++;
    for (size_t i = 0; i < n; i++) {
        const size_t before = draft->n_ins;
        uint32_t who;
        uint64_t brought;
        if (!next_peer(&who, &brought, world, base + fee_each + 400 * draft->rate + 40000,
                       FORM(CW_P2WPKH), i < 3))
            continue;
        share_wasabi1(world, who, brought, draft->n_ins - before, base, fee_each, &coordinator);
        peers++;
    }
    if (peers < W1_PEERS_MIN)
        return give_up(world, n_waiting);
    sg_cw_out_fresh(world, world->at.wasabi, coordinator);
    sg_cw_shuffle(world);
    return send_round(world, n_waiting);
}

static int largest_first(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* All powers that WabiSabi's wallets choose from, the largest first. */
static size_t list_denominations(uint64_t sat[W2_DENOMINATIONS])
{
    static const uint8_t kinds[][2] = {{1, 2}, {1, 3}, {2, 3}, {1, 10}, {2, 10}, {5, 10}};
    size_t n = 0;
    for (size_t k = 0; k < SG_COUNT_OF(kinds); k++)
        for (uint64_t at = kinds[k][0]; at < 1400 * CW_COIN; at *= kinds[k][1])
            if (at >= W2_LEAST && n < W2_DENOMINATIONS)
                sat[n++] = at;
    qsort(sat, n, sizeof(*sat), largest_first);
    return n;
}

/* Greedily, with a denomination passed over now and then; what is too little goes to the miner. */
static void share_wasabi2(struct cw_world *world, uint32_t who, uint64_t left)
{
    uint64_t sat[W2_DENOMINATIONS];
    const size_t n = list_denominations(sat);
    const uint64_t bytes = 31 * world->draft.rate;
    size_t n_outs = 0;
    for (size_t i = 0; i < n && n_outs < W2_OUTS;) {
        if (sat[i] + bytes > left || sg_chance_percent(&world->rng, 25)) {
            i++;
            continue;
        }
        pay(world, who, sat[i]);
        left -= sat[i] + bytes;
        n_outs++;
    }
    if (left > 20 * (uint64_t)W2_LEAST + bytes)
        pay(world, who, left - bytes)->change = true;
}

static int coins_descend(const void *a, const void *b)
{
    return largest_first(&((const struct cw_coin *)a)->sat, &((const struct cw_coin *)b)->sat);
}

static int outs_descend(const void *a, const void *b)
{
    const struct cw_out *x = a, *y = b;
    const int order = largest_first(&x->sat, &y->sat);
    return order ? order : (x->key > y->key) - (x->key < y->key);
}

bool sg_cw_wasabi2(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    const size_t n = sg_chance_between(&world->rng, W2_PEERS_MIN, W2_PEERS_MAX);
    const size_t n_waiting = world->n_waiting;
    size_t peers = 0;
    sg_cw_begin(world, SG_COINWORLD_WASABI2, world->at.wasabi);
    world->round++;
    for (size_t i = 0; i < n; i++) {
        const size_t before = draft->n_ins;
        const uint64_t sat = sg_chance_heavy(&world->rng, 20, 29) + 400 * draft->rate;
        uint32_t who;
        uint64_t brought;
        if (!next_peer(&who, &brought, world, sat, FORM(CW_P2WPKH) | FORM(CW_P2TR), i < 3))
            continue;
        const uint64_t own = (draft->n_ins - before) * 68 * draft->rate;
        if (brought > own)
            share_wasabi2(world, who, brought - own);
        peers++;
    }
    if (peers < W2_PEERS_MIN || !draft->n_outs)
        return give_up(world, n_waiting);
    qsort(draft->ins, draft->n_ins, sizeof(draft->ins[0]), coins_descend);
    qsort(draft->outs, draft->n_outs, sizeof(draft->outs[0]), outs_descend);
    return send_round(world, n_waiting);
}

/* A maker gets the amount and its change, and a little more than it brought. */
static bool add_maker(struct cw_world *world, uint64_t sat, uint64_t *gains)
{
    uint32_t who;
    uint64_t brought;
    const uint64_t gain =
        sg_chance_percent(&world->rng, 50) ? sg_rng_below(&world->rng, 3000) : sat / 5000;
    if (!next_peer(&who, &brought, world, sat + 3000 + 400 * world->draft.rate, FORM(CW_P2WPKH),
                   false))
        return false;
    pay(world, who, sat);
    pay(world, who, brought - sat + gain)->change = true;
    *gains += gain;
    return true;
}

/* The taker gets the amount too, or pays it on to somebody, and pays for all. */
static bool add_taker(struct cw_world *world, uint32_t taker, uint64_t brought, uint64_t sat,
                      uint64_t gains)
{
    const bool thief = sg_cw_theft_of(world, taker) != CW_NONE;
    if (!thief && sg_chance_percent(&world->rng, 30))
        sg_cw_out_to(world, sg_cw_person(world), sat);
    else
        pay(world, taker, sat);
    const uint64_t spent = sat + gains + sg_cw_fee(world, 1);
    if (brought < spent)
        return false;
    if (brought > spent + CW_DUST)
        pay(world, taker, brought - spent)->change = true;
    return true;
}

/* The taker's inputs into the draft, and how much will be equal. */
static bool begin_taker(struct cw_world *world, uint32_t taker, uint32_t slot, uint64_t *sat)
{
    if (slot != CW_NONE) {
        *sat = world->coins[slot].sat;
        sg_cw_spend(world, slot);
        *sat = *sat / 100 * sg_chance_between(&world->rng, 30, 80);
        if (*sat > CW_COIN)
            *sat = CW_COIN / 10 + sg_rng_below(&world->rng, CW_COIN);
        return true;
    }
    *sat = world->wallets[taker].sat / 100 * sg_chance_between(&world->rng, 20, 70);
    return *sat > 100000 &&
           brings(world, taker, *sat + 1200 * world->draft.rate + 30000, FORM(CW_P2WPKH));
}

bool sg_cw_joinmarket(struct cw_world *world, uint32_t slot)
{
    const size_t n = sg_chance_between(&world->rng, JM_MAKERS_MIN, JM_MAKERS_MAX);
    uint64_t sat, gains = 0;
    size_t makers = 0;
    world->round++;
    const uint32_t taker =
        slot != CW_NONE ? world->coins[slot].wallet : sg_cw_peer(world, 300000, FORM(CW_P2WPKH));
    if (taker == CW_NONE)
        return false;
    sg_cw_begin(world, SG_COINWORLD_JOINMARKET, taker);
    world->draft.theft = CW_NONE;
    if (!begin_taker(world, taker, slot, &sat))
        return sg_cw_abort(world);
    const uint64_t brought = world->draft.in_sat;
    for (size_t i = 0; i < n; i++)
        makers += add_maker(world, sat, &gains);
    if (makers < JM_MAKERS_MIN || !add_taker(world, taker, brought, sat, gains))
        return sg_cw_abort(world);
    sg_cw_shuffle(world);
    return send_round(world, world->n_waiting);
}

/* The payee adds a coin of its own and gets it back with the payment (BIP-78). */
bool sg_cw_payjoin(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    const uint32_t from = sg_cw_person(world), to = sg_cw_person(world);
    const struct cw_wallet *payer = &world->wallets[from], *payee = &world->wallets[to];
    const uint64_t sat = sg_cw_amount(world, payer->sat / 2);
    if (from == to || sat < W2_LEAST || payer->form != payee->form || !payee->n_coins)
        return false;
    sg_cw_begin(world, SG_COINWORLD_PAYJOIN, from);
    if (!sg_cw_take(world, from, sat + 180 * draft->rate))
        return false;
    const uint64_t before = draft->in_sat;
    sg_cw_take_all(world, to, 1);
    sg_cw_out_fresh(world, to, sat + draft->in_sat - before);
    return sg_cw_finish(world);
}
