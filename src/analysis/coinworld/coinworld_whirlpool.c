/* Whirlpool: a Tx0 cuts an owner's coins into pieces of a pool's amount and a little for the miner;
 * a round takes five to eight pieces of as many owners, some new, some mixed before. */
#include "analysis/coinworld/coinworld_internal.h"

#define NOTE       80 /* bytes for the coordinator */
#define PIECES_MAX 25
#define ROUND_MIN  5
#define ROUND_MAX  8
#define AGAIN      70 /* percent of outputs that stay for another round */
#define SEEDS      6  /* coins of the coordinator that a pool begins with */

static const struct {
    uint64_t sat, fee;
} pools[CW_MIXES] = {{100000, 5000}, {1000000, 50000}, {5000000, 175000}, {50000000, 1750000}};

static size_t pool_for(struct cw_world *world, uint64_t sat)
{
    size_t pool = CW_MIXES;
    while (pool-- > 0)
        if (sat > pools[pool].sat * 2 + pools[pool].fee &&
            world->mixes[pool].n_fresh + PIECES_MAX <= CW_QUEUE)
            break;
    if (pool < CW_MIXES && pool > 0 && sg_chance_percent(&world->rng, 30))
        pool--;
    return pool < CW_MIXES && world->mixes[pool].n_fresh + PIECES_MAX <= CW_QUEUE ? pool : CW_MIXES;
}

/* Put the pieces in the queue, and write a thief's books. */
static void queue_pieces(struct cw_world *world, struct cw_mix *mix, uint64_t piece, uint32_t theft)
{
    struct sg_coinworld_books *books = theft == CW_NONE ? NULL : &world->thefts[theft].books;
    for (size_t i = 0; i < world->draft.n_outs; i++) {
        const struct cw_out *out = &world->draft.outs[i];
        const bool queued = out->loose && out->sat == piece && !out->change;
        if (queued && out->slot != CW_NONE)
            mix->fresh[mix->n_fresh++] = out->slot;
        if (queued && books) {
            books->mixed += piece;
            books->in_mixer += piece;
        }
    }
    if (books)
        books->fees += world->draft.in_sat - world->draft.out_sat;
}

static void go_on_with_change(struct cw_world *world)
{
    for (size_t i = 0; i < world->draft.n_outs; i++)
        if (world->draft.outs[i].change)
            sg_cw_go_on(world, world->draft.outs[i].slot, 3);
}

/* The inputs stand in the draft. */
static bool make_tx0(struct cw_world *world, uint32_t wallet, size_t pool)
{
    struct cw_draft *draft = &world->draft;
    const uint32_t theft = sg_cw_theft_of(world, wallet);
    const uint64_t piece = pools[pool].sat + sg_chance_between(&world->rng, 3000, 40000);
    draft->note = NOTE;
    const uint64_t spent = sg_cw_fee(world, PIECES_MAX + 2) + pools[pool].fee + CW_DUST;
    if (draft->in_sat < spent + piece)
        return sg_cw_abort(world);
    const uint64_t most = (draft->in_sat - spent) / piece,
                   pieces = most < PIECES_MAX ? most : PIECES_MAX;
    for (uint64_t i = 0; i < pieces; i++)
        sg_cw_out(world, wallet, sg_cw_fresh(world), CW_P2WPKH, piece)->loose = true;
    sg_cw_out(world, world->at.whirlpool, sg_cw_fresh(world), CW_P2WPKH, pools[pool].fee);
    sg_cw_out(world, CW_NONE, 0, CW_P2PKH, 0);
    const uint64_t left = draft->in_sat - draft->out_sat, fee = sg_cw_fee(world, 1);
    if (left >= fee + CW_DUST) {
        struct cw_out *change = sg_cw_out(world, wallet, sg_cw_fresh(world), CW_P2WPKH, left - fee);
        change->change = true;
        change->loose = theft != CW_NONE;
    }
    sg_cw_shuffle(world);
    (void)sg_cw_send(world);
    queue_pieces(world, &world->mixes[pool], piece, theft);
    if (theft != CW_NONE) {
        world->thefts[theft].books.fees += pools[pool].fee;
        go_on_with_change(world);
    }
    return true;
}

bool sg_cw_tx0(struct cw_world *world, uint32_t wallet, uint32_t slot)
{
    const uint64_t sat = slot == CW_NONE ? world->wallets[wallet].sat : world->coins[slot].sat;
    const size_t pool = pool_for(world, sat);
    if (pool == CW_MIXES)
        return false;
    sg_cw_begin(world, SG_COINWORLD_TX0, wallet);
    if (slot != CW_NONE)
        sg_cw_spend(world, slot);
    else if (!sg_cw_take(world, wallet,
                         pools[pool].sat * 2 + pools[pool].fee + 100 * world->draft.rate))
        return false;
    return make_tx0(world, wallet, pool);
}

/* The coordinator lends a pool its first mixed coins. */
static bool seed_pool(struct cw_world *world, size_t pool)
{
    struct cw_mix *mix = &world->mixes[pool];
    const uint32_t whirlpool = world->at.whirlpool;
    const uint64_t needed = SEEDS * (pools[pool].sat + 43 * CW_DUST);
    if (world->wallets[whirlpool].sat < needed + CW_COIN / 1000)
        return sg_cw_pay_at_once(world, whirlpool, needed + CW_COIN / 100);
    sg_cw_begin(world, SG_COINWORLD_EQUAL_MOVE, whirlpool);
    if (!sg_cw_take(world, whirlpool, needed))
        return false;
    for (size_t i = 0; i < SEEDS; i++)
        sg_cw_out_fresh(world, whirlpool, pools[pool].sat)->loose = true;
    if (!sg_cw_finish(world))
        return false;
    for (size_t i = 0; i < world->draft.n_outs; i++)
        if (world->draft.outs[i].loose && world->draft.outs[i].slot != CW_NONE)
            mix->again[mix->n_again++] = world->draft.outs[i].slot;
    return true;
}

/* Move up to `n` coins of a queue into the round, no owner twice but the coordinator. */
static size_t enter(struct cw_world *world, uint32_t *queue, size_t *n_queue, size_t n)
{
    size_t entered = 0;
    for (unsigned tries = 0; tries < 64 && entered < n && *n_queue; tries++) {
        const size_t i = sg_rng_below(&world->rng, *n_queue);
        const uint32_t slot = queue[i], wallet = world->coins[slot].wallet;
        if (world->wallets[wallet].round == world->round && wallet != world->at.whirlpool)
            continue;
        world->wallets[wallet].round = world->round;
        queue[i] = queue[--*n_queue];
        sg_cw_spend(world, slot);
        entered++;
    }
    return entered;
}

/* An output stays for another round, or leaves. */
static void leave_or_stay(struct cw_world *world, struct cw_mix *mix, const struct cw_out *out)
{
    const uint32_t theft = sg_cw_theft_of(world, out->wallet);
    const bool house = out->wallet == world->at.whirlpool;
    if (out->slot == CW_NONE)
        return;
    if (mix->n_again < CW_QUEUE && (house || sg_chance_percent(&world->rng, AGAIN))) {
        mix->again[mix->n_again++] = out->slot;
    } else if (theft != CW_NONE) {
        world->thefts[theft].books.unmixed += out->sat;
        world->thefts[theft].books.in_mixer -= out->sat;
        sg_cw_go_on(world, out->slot, 3);
    } else {
        sg_cw_coin_list(world, out->slot);
    }
}

static void give_back(struct cw_world *world, struct cw_mix *mix, uint64_t sat)
{
    struct cw_draft *draft = &world->draft;
    while (draft->n_ins) {
        const struct cw_coin *coin = &draft->ins[--draft->n_ins];
        const uint32_t slot = sg_cw_coin_new(world, coin);
        if (slot != CW_NONE && coin->sat == sat)
            mix->again[mix->n_again++] = slot;
        else if (slot != CW_NONE)
            mix->fresh[mix->n_fresh++] = slot;
    }
}

static void book_round(struct cw_world *world, uint64_t sat)
{
    for (size_t i = 0; i < world->draft.n_ins; i++) {
        const struct cw_coin *coin = &world->draft.ins[i];
        const uint32_t theft = sg_cw_theft_of(world, coin->wallet);
        if (theft == CW_NONE)
            continue;
        world->thefts[theft].books.mix_fees += coin->sat - sat;
        world->thefts[theft].books.in_mixer -= coin->sat - sat;
    }
}

static bool make_round(struct cw_world *world, size_t pool)
{
    struct cw_mix *mix = &world->mixes[pool];
    struct cw_draft *draft = &world->draft;
    const uint64_t sat = pools[pool].sat;
    const size_t n = sg_chance_between(&world->rng, ROUND_MIN, ROUND_MAX);
    const size_t n_new = sg_chance_between(&world->rng, 1, 3);
    sg_cw_begin(world, SG_COINWORLD_WHIRLPOOL, world->at.whirlpool);
    world->round++;
    const size_t entered = enter(world, mix->fresh, &mix->n_fresh, n_new);
    if (!entered || entered + enter(world, mix->again, &mix->n_again, n - entered) < ROUND_MIN ||
        draft->n_ins == entered) {
        give_back(world, mix, sat);
        return false;
    }
    for (size_t i = 0; i < draft->n_ins; i++)
        sg_cw_out(world, draft->ins[i].wallet, sg_cw_fresh(world), CW_P2WPKH, sat)->loose = true;
    sg_cw_shuffle(world);
    (void)sg_cw_send(world);
    book_round(world, sat);
    for (size_t i = 0; i < draft->n_outs; i++)
        leave_or_stay(world, mix, &draft->outs[i]);
    return true;
}

bool sg_cw_whirlpool(struct cw_world *world)
{
    const size_t pool = sg_rng_below(&world->rng, CW_MIXES);
    const struct cw_mix *mix = &world->mixes[pool];
    if (mix->n_fresh && mix->n_again < ROUND_MIN)
        return seed_pool(world, pool);
    if (mix->n_fresh && make_round(world, pool))
        return true;
    return sg_cw_tx0(world, sg_cw_person(world), CW_NONE);
}
