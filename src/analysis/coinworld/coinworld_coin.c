/* Coins in wallets, and the transaction that is being put together out of them. */
#include "analysis/coinworld/coinworld_internal.h"

#include "base/vec.h"

#include <assert.h>

#define LOOK 24 /* coins that a wallet looks at to pay */

uint32_t sg_cw_coin_new(struct cw_world *world, const struct cw_coin *coin)
{
    uint32_t slot = world->free_slot;
    if (slot != CW_NONE) {
        world->free_slot = world->coins[slot].next;
    } else {
        if (!SG_VEC_RESERVE(world->coins, world->n_coins, world->cap_coins, 1)) {
            world->status = sg_err_nomem(world->err);
            return CW_NONE;
        }
        slot = (uint32_t)world->n_coins++;
    }
    world->coins[slot] = *coin;
    world->coins[slot].next = CW_NONE;
    world->summary.unspent++;
    return slot;
}

/* To the end of the wallet's list, or to its head. */
static void list(struct cw_world *world, uint32_t slot, bool at_head)
{
    struct cw_coin *coin = &world->coins[slot];
    struct cw_wallet *wallet = &world->wallets[coin->wallet];
    coin->next = at_head ? wallet->head : CW_NONE;
    if (wallet->n_coins == 0)
        wallet->head = wallet->tail = slot;
    else if (at_head)
        wallet->head = slot;
    else
        wallet->tail = world->coins[wallet->tail].next = slot;
    wallet->n_coins++;
    wallet->sat += coin->sat;
}

void sg_cw_coin_list(struct cw_world *world, uint32_t slot)
{
    list(world, slot, false);
}

static uint32_t unlist_first(struct cw_world *world, struct cw_wallet *wallet)
{
    const uint32_t slot = wallet->head;
    wallet->head = world->coins[slot].next;
    wallet->n_coins--;
    wallet->sat -= world->coins[slot].sat;
    return slot;
}

uint64_t sg_cw_fresh(struct cw_world *world)
{
    return ++world->serial;
}

void sg_cw_begin(struct cw_world *world, enum sg_coinworld_kind kind, uint32_t payer)
{
    struct cw_draft *draft = &world->draft;
    const uint64_t rate = world->block.rate;
    const uint8_t class = world->wallets[payer].fee;
    draft->kind = kind;
    draft->theft = sg_cw_theft_of(world, payer);
    draft->chain = CW_NONE;
    draft->step = 0;
    draft->payer = payer;
    draft->rate = class == 0 ? rate / 2 + 1 : class == 3 ? 2 * rate : rate;
    draft->in_sat = draft->out_sat = 0;
    draft->n_ins = draft->n_outs = 0;
    draft->note = 0;
}

void sg_cw_spend(struct cw_world *world, uint32_t slot)
{
    struct cw_coin *coin = &world->coins[slot];
    assert(world->draft.n_ins < CW_INS && coin->wallet != CW_NONE);
    world->draft.ins[world->draft.n_ins++] = *coin;
    world->draft.in_sat += coin->sat;
    coin->wallet = CW_NONE;
    coin->next = world->free_slot;
    world->free_slot = slot;
    world->summary.unspent--;
}

static uint64_t worth(const struct cw_world *world, uint32_t slot)
{
    const struct cw_coin *coin = &world->coins[slot];
    const uint64_t fee = world->draft.rate * sg_cw_in_bytes(coin->form);
    return coin->sat > fee ? coin->sat - fee : 0;
}

static void sort_by_worth(const struct cw_world *world, uint32_t *slots, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint32_t slot = slots[i];
        size_t at = i;
        for (; at > 0 && world->coins[slots[at - 1]].sat < world->coins[slot].sat; at--)
            slots[at] = slots[at - 1];
        slots[at] = slot;
    }
}

/* Which of them; returns what they are worth together. */
static uint64_t choose(bool chosen[LOOK], const struct cw_world *world, const uint32_t *slots,
                       size_t n, uint64_t sat, bool tidy)
{
    uint64_t have = 0;
    for (size_t i = 0; i < n; i++) {
        chosen[i] = have < sat && worth(world, slots[i]) > 0;
        have += chosen[i] ? worth(world, slots[i]) : 0;
    }
    for (size_t i = 0; tidy && i < n; i++)
        if (chosen[i] && have - worth(world, slots[i]) >= sat) {
            chosen[i] = false;
            have -= worth(world, slots[i]);
        }
    return have;
}

bool sg_cw_take(struct cw_world *world, uint32_t number, uint64_t sat)
{
    struct cw_wallet *wallet = &world->wallets[number];
    uint32_t slots[LOOK];
    bool chosen[LOOK] = {false};
    uint64_t seen = 0;
    size_t n = 0;
    if (wallet->sat < sat || world->draft.n_ins + LOOK > CW_INS)
        return false;
    while (n < LOOK && wallet->n_coins && (seen < sat || wallet->pick == CW_PICK_LARGEST)) {
        slots[n] = unlist_first(world, wallet);
        seen += worth(world, slots[n++]);
    }
    if (wallet->pick == CW_PICK_LARGEST)
        sort_by_worth(world, slots, n);
    const bool enough = choose(chosen, world, slots, n, sat, wallet->pick == CW_PICK_TIDY) >= sat;
    for (size_t i = n; i-- > 0;) {
        if (enough && chosen[i])
            sg_cw_spend(world, slots[i]);
        else
            list(world, slots[i], worth(world, slots[i]) > 0); /* dust goes to the end */
    }
    return enough;
}

void sg_cw_take_all(struct cw_world *world, uint32_t number, size_t most)
{
    struct cw_wallet *wallet = &world->wallets[number];
    while (wallet->n_coins && most-- > 0 && world->draft.n_ins < CW_INS)
        sg_cw_spend(world, unlist_first(world, wallet));
}

/* Free slots are a stack, so each coin gets the slot again that it had: who keeps a thief's coin by
 * its slot finds it there. */
void sg_cw_put_back(struct cw_world *world, size_t keep)
{
    struct cw_draft *draft = &world->draft;
    while (draft->n_ins > keep) {
        const struct cw_coin *coin = &draft->ins[--draft->n_ins];
        const uint32_t slot = sg_cw_coin_new(world, coin);
        draft->in_sat -= coin->sat;
        if (slot != CW_NONE && sg_cw_theft_of(world, coin->wallet) == CW_NONE)
            list(world, slot, true);
    }
}

bool sg_cw_abort(struct cw_world *world)
{
    sg_cw_put_back(world, 0);
    return false;
}

struct cw_out *sg_cw_out(struct cw_world *world, uint32_t wallet, uint64_t key, uint8_t form,
                         uint64_t sat)
{
    struct cw_draft *draft = &world->draft;
    assert(draft->n_outs < CW_OUTS);
    struct cw_out *out = &draft->outs[draft->n_outs++];
    *out = (struct cw_out){.sat = sat, .key = key, .wallet = wallet, .form = form, .slot = CW_NONE};
    draft->out_sat += sat;
    return out;
}

struct cw_out *sg_cw_out_fresh(struct cw_world *world, uint32_t wallet, uint64_t sat)
{
    return sg_cw_out(world, wallet, sg_cw_fresh(world), world->wallets[wallet].form, sat);
}

struct cw_out *sg_cw_out_to(struct cw_world *world, uint32_t wallet, uint64_t sat)
{
    return world->wallets[wallet].flags & CW_SHOWS_ONE
               ? sg_cw_out(world, wallet, CW_POSTED(wallet), world->wallets[wallet].form, sat)
               : sg_cw_out_fresh(world, wallet, sat);
}

struct cw_out *sg_cw_out_deposit(struct cw_world *world, uint32_t customer, uint64_t sat)
{
    const uint32_t wallet = world->at.deposits + sg_cw_exchange_of(world, customer);
    return sg_cw_out(world, wallet, CW_DEPOSIT(customer), world->wallets[wallet].form, sat);
}

uint64_t sg_cw_fee(const struct cw_world *world, size_t more_outs)
{
    const struct cw_draft *draft = &world->draft;
    uint64_t bytes = 11 + (uint64_t)more_outs * 43 + (draft->note ? draft->note + 11u : 0);
    for (size_t i = 0; i < draft->n_ins; i++)
        bytes += sg_cw_in_bytes(draft->ins[i].form);
    for (size_t i = 0; i < draft->n_outs; i++)
        bytes += sg_cw_out_bytes(draft->outs[i].form);
    return bytes * draft->rate;
}

static void swap(struct cw_draft *draft, size_t a, size_t b)
{
    const struct cw_out kept = draft->outs[a];
    draft->outs[a] = draft->outs[b];
    draft->outs[b] = kept;
}

/* The last output to where the payer's wallet puts change. */
static void place(struct cw_world *world, uint8_t habit)
{
    struct cw_draft *draft = &world->draft;
    const size_t last = draft->n_outs - 1;
    if (habit == CW_PLACE_RANDOM)
        swap(draft, last, sg_rng_below(&world->rng, draft->n_outs));
    else if (habit == CW_PLACE_FIRST)
        swap(draft, last, 0);
}

static void add_change(struct cw_world *world, uint64_t sat)
{
    const struct cw_draft *draft = &world->draft;
    const struct cw_wallet *payer = &world->wallets[draft->payer];
    const uint8_t paid = draft->n_outs ? draft->outs[0].form : payer->form;
    struct cw_out *out;
    if (payer->change == CW_CHANGE_REUSE) {
        out = sg_cw_out(world, draft->payer, draft->ins[0].key, draft->ins[0].form, sat);
        out->known = true;
    } else if (payer->change == CW_CHANGE_POSTED) {
        out = sg_cw_out(world, draft->payer, CW_POSTED(draft->payer), payer->form, sat);
    } else if (payer->change == CW_CHANGE_PAYEE && paid != CW_P2WSH)
        out = sg_cw_out(world, draft->payer, sg_cw_fresh(world), paid, sat);
    else
        out = sg_cw_out_fresh(world, draft->payer, sat);
    out->change = true;
    place(world, payer->place);
}

bool sg_cw_finish(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    if (draft->in_sat < draft->out_sat + sg_cw_fee(world, 0))
        return sg_cw_abort(world);
    const uint64_t spent = draft->out_sat + sg_cw_fee(world, 1);
    if (draft->in_sat >= spent + CW_DUST)
        add_change(world, draft->in_sat - spent);
    return sg_cw_send(world);
}

void sg_cw_shuffle(struct cw_world *world)
{
    struct cw_draft *draft = &world->draft;
    for (size_t i = draft->n_outs; i > 1; i--)
        swap(draft, i - 1, sg_rng_below(&world->rng, i));
    for (size_t i = draft->n_ins; i > 1; i--) {
        const size_t j = sg_rng_below(&world->rng, i);
        const struct cw_coin kept = draft->ins[i - 1];
        draft->ins[i - 1] = draft->ins[j];
        draft->ins[j] = kept;
    }
}
