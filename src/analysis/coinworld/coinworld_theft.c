/* Thefts and ransoms: money goes on in parcels, each one coin at a fresh address of the thief, so
 * that it is known to the satoshi where everything went. */
#include "analysis/coinworld/coinworld_internal.h"

#include "base/vec.h"

#include <string.h>

#define DEEP         3 /* moves before money may be cashed */
#define SMALL        (CW_COIN / 20)
#define PEEL_LEAST   (CW_COIN / 100)
#define HOURS(n)     ((int64_t)(n)*3600)
#define GATHER_AFTER 12 /* ransoms */

static struct sg_coinworld_books *books_of(struct cw_world *world, uint32_t theft)
{
    return &world->thefts[theft].books;
}

void sg_cw_later(struct cw_world *world, int64_t seconds, struct cw_task task)
{
    task.due.time_unix_s = world->now_unix_s + seconds;
    if (world->status == SG_OK && !sg_agenda_add(&world->tasks, &task))
        world->status = sg_err_nomem(world->err);
}

void sg_cw_go_on(struct cw_world *world, uint32_t slot, uint32_t depth)
{
    if (slot == CW_NONE)
        return;
    sg_cw_later(world, (int64_t)sg_chance_heavy(&world->rng, 9, 21), /* minutes to three weeks */
                (struct cw_task){.kind = CW_TASK_PARCEL,
                                 .who = sg_cw_theft_of(world, world->coins[slot].wallet),
                                 .slot = slot,
                                 .depth = depth,
                                 .chain = CW_NONE});
}

static uint32_t thief_of(const struct cw_world *world, uint32_t theft)
{
    return world->at.thieves + theft;
}

/* To a new address of the thief, of another form now and then. */
static struct cw_out *to_own(struct cw_world *world, uint32_t theft, uint64_t sat)
{
    static const uint8_t forms[] = {CW_P2WPKH, CW_P2TR, CW_P2SH, CW_P2PKH};
    const uint32_t thief = thief_of(world, theft);
    const uint8_t form = sg_chance_percent(&world->rng, 85)
                             ? world->wallets[thief].form
                             : forms[sg_rng_below(&world->rng, SG_COUNT_OF(forms))];
    struct cw_out *out = sg_cw_out(world, thief, sg_cw_fresh(world), form, sat);
    out->loose = true;
    return out;
}

/* Send, pay the fee from the thief's books, and let each coin of his go on. */
static void send_own(struct cw_world *world, uint32_t theft, uint32_t depth)
{
    struct cw_draft *draft = &world->draft;
    (void)sg_cw_send(world);
    books_of(world, theft)->fees += draft->in_sat - draft->out_sat;
    for (size_t i = 0; i < draft->n_outs; i++)
        if (draft->outs[i].loose && !draft->outs[i].change)
            sg_cw_go_on(world, draft->outs[i].slot, depth);
}

/* Begin with one coin; false where it is worth less than moving it. */
static bool begin_with(struct cw_world *world, enum sg_coinworld_kind kind,
                       const struct cw_task *task)
{
    sg_cw_begin(world, kind, thief_of(world, task->who));
    if (world->coins[task->slot].sat < 600 * world->draft.rate + 10 * CW_DUST)
        return false;
    sg_cw_spend(world, task->slot);
    return true;
}

/* What can be shared out over so many outputs. */
static uint64_t sendable(const struct cw_world *world, size_t n_outs)
{
    return world->draft.in_sat - sg_cw_fee(world, n_outs);
}

static void split(struct cw_world *world, const struct cw_task *task)
{
    const uint64_t parts = sg_chance_between(&world->rng, 2, 4);
    if (!begin_with(world, SG_COINWORLD_SPLIT, task))
        return;
    uint64_t left = sendable(world, parts);
    for (uint64_t i = 0; i < parts; i++) {
        const uint64_t share =
            i + 1 == parts ? left : left / 100 * sg_chance_between(&world->rng, 20, 70);
        to_own(world, task->who, share);
        left -= share;
    }
    send_own(world, task->who, task->depth + 1);
}

static void layer(struct cw_world *world, const struct cw_task *task)
{
    if (!begin_with(world, SG_COINWORLD_LAYER, task))
        return;
    to_own(world, task->who, sendable(world, 1));
    send_own(world, task->who, task->depth + 1);
}

uint32_t sg_cw_broker_of(const struct cw_world *world, uint32_t theft)
{
    return world->at.brokers + theft % world->scenario->brokers;
}

static uint32_t mule_of(struct cw_world *world, uint32_t theft)
{
    return world->at.mules + theft * CW_MULES + (uint32_t)sg_rng_below(&world->rng, CW_MULES);
}

/* To a mule's deposit address or to the broker, with its place in the books. */
static uint32_t add_cash(struct cw_world *world, uint32_t theft, bool otc, uint64_t sat)
{
    const uint32_t mule = mule_of(world, theft);
    if (otc) {
        sg_cw_out_to(world, sg_cw_broker_of(world, theft), sat);
        books_of(world, theft)->otc += sat;
        return CW_NONE;
    }
    sg_cw_out_deposit(world, mule, sat);
    books_of(world, theft)->exchange += sat;
    return sg_cw_exchange_of(world, mule);
}

static void cash(struct cw_world *world, const struct cw_task *task, bool otc)
{
    if (!begin_with(world, SG_COINWORLD_CASH, task))
        return;
    const uint32_t exchange = add_cash(world, task->who, otc, sendable(world, 1));
    send_own(world, task->who, 0);
    if (exchange != CW_NONE)
        sg_cw_sweep(world, exchange);
}

/* One slice of a chain: to a mule, the broker, a side address of the thief, or a shop. */
static void add_slice(struct cw_world *world, uint32_t theft, uint64_t sat)
{
    static const uint32_t payees[] = {50, 20, 20};
    if (sg_chance_percent(&world->rng, 50))
        sat = sg_cw_rounded(world, sat);
    const size_t payee = sg_chance_pick(&world->rng, payees, SG_COUNT_OF(payees));
    if (payee == 2)
        to_own(world, theft, sat);
    else
        (void)add_cash(world, theft, payee == 1, sat);
}

/* The rest to the next address, where the chain goes on. */
static void add_rest(struct cw_world *world, const struct cw_task *task)
{
    struct cw_draft *draft = &world->draft;
    struct cw_out *rest =
        to_own(world, task->who, draft->in_sat - draft->out_sat - sg_cw_fee(world, 1));
    rest->change = true;
    const size_t at = sg_rng_below(&world->rng, draft->n_outs), last = draft->n_outs - 1;
    const struct cw_out kept = draft->outs[at];
    draft->outs[at] = draft->outs[last];
    draft->outs[last] = kept;
}

static void continue_chain(struct cw_world *world, const struct cw_task *task)
{
    const struct cw_draft *draft = &world->draft;
    struct cw_task next = *task;
    next.step++;
    next.left--;
    for (size_t i = 0; i < draft->n_outs; i++)
        if (draft->outs[i].change)
            next.slot = draft->outs[i].slot;
    if (next.slot == CW_NONE)
        return;
    if (next.left == 0)
        sg_cw_go_on(world, next.slot, task->depth + 1);
    else
        sg_cw_later(world, (int64_t)sg_chance_heavy(&world->rng, 9, 17), next);
}

static void peel(struct cw_world *world, const struct cw_task *task)
{
    const uint64_t has = world->coins[task->slot].sat;
    const uint64_t payees = sg_chance_percent(&world->rng, 12) ? 2 : 1;
    if (has < PEEL_LEAST) { /* too little to cut from */
        cash(world, task, false);
        return;
    }
    if (!begin_with(world, SG_COINWORLD_PEEL, task))
        return;
    world->draft.chain = task->chain;
    world->draft.step = task->step;
    for (uint64_t i = 0; i < payees; i++) {
        const bool large = payees == 1 && sg_chance_percent(&world->rng, 8);
        add_slice(world, task->who,
                  has / 100 *
                      (large ? sg_chance_between(&world->rng, 30, 80)
                             : sg_chance_between(&world->rng, 2, 9)));
    }
    add_rest(world, task);
    send_own(world, task->who, task->depth + 1);
    continue_chain(world, task);
    for (uint32_t i = 0; i < world->scenario->exchanges; i++)
        sg_cw_sweep(world, i);
}

static void start_chain(struct cw_world *world, const struct cw_task *task)
{
    struct cw_task first = *task;
    first.chain = world->chain++;
    first.step = 0;
    first.left = (uint32_t)sg_chance_between(&world->rng, world->scenario->peel_min,
                                             world->scenario->peel_max);
    peel(world, &first);
}

/* A Tx0, a place in the next round of Wasabi, or a taker's offer to makers. */
static void mix(struct cw_world *world, const struct cw_task *task)
{
    const struct cw_coin *coin = &world->coins[task->slot];
    const uint64_t way = sg_rng_below(&world->rng, 3);
    if (coin->form != CW_P2WPKH) {
        layer(world, task);
        return;
    }
    if (way == 0 && sg_cw_tx0(world, coin->wallet, task->slot))
        return;
    if (way == 1 && coin->sat > CW_COIN / 4 && world->n_waiting < CW_WAITING) {
        world->waiting[world->n_waiting++] = task->slot;
        return;
    }
    if (!sg_cw_joinmarket(world, task->slot) && world->coins[task->slot].wallet != CW_NONE)
        layer(world, task);
}

/* What is done with a parcel: as the scenario has it, but nothing that cannot be. */
static enum sg_scenario_move choose(struct cw_world *world, const struct cw_task *task)
{
    uint32_t weights[SG_LAUNDER_COUNT];
    const uint64_t sat = world->coins[task->slot].sat;
    for (size_t i = 0; i < SG_LAUNDER_COUNT; i++)
        weights[i] = world->scenario->move[i];
    weights[SG_LAUNDER_BRIDGE] = weights[SG_LAUNDER_SWAP] = 0;
    if (sat < PEEL_LEAST * 20)
        weights[SG_LAUNDER_PEEL] = 0;
    if (task->depth < DEEP)
        weights[SG_LAUNDER_EXCHANGE] = weights[SG_LAUNDER_OTC] = weights[SG_LAUNDER_PARK] = 0;
    else if (sat < SMALL || task->depth > 12)
        weights[SG_LAUNDER_SPLIT] = weights[SG_LAUNDER_PEEL] = weights[SG_LAUNDER_LAYER] =
            weights[SG_LAUNDER_MIX] = 0;
    return (enum sg_scenario_move)sg_chance_pick(&world->rng, weights, SG_LAUNDER_COUNT);
}

void sg_cw_parcel(struct cw_world *world, const struct cw_task *task)
{
    if (task->left) {
        peel(world, task);
        return;
    }
    const enum sg_scenario_move move = choose(world, task);
    switch (move) {
    case SG_LAUNDER_SPLIT:
        split(world, task);
        break;
    case SG_LAUNDER_LAYER:
        layer(world, task);
        break;
    case SG_LAUNDER_PEEL:
        start_chain(world, task);
        break;
    case SG_LAUNDER_PARK: /* stays where it is: held at the end */
        break;
    case SG_LAUNDER_MIX:
        mix(world, task);
        break;
    case SG_LAUNDER_EXCHANGE:
    case SG_LAUNDER_OTC:
        cash(world, task, move == SG_LAUNDER_OTC);
        break;
    case SG_LAUNDER_BRIDGE:
    case SG_LAUNDER_SWAP:
    case SG_LAUNDER_COUNT:
        break; /* of account chains */
    }
}

/* A gang's victims pay over some weeks. */
static void begin_gang(struct cw_world *world, uint32_t theft)
{
    world->thefts[theft].begun = true;
    world->summary.thefts++;
    for (uint32_t i = 0; i < world->scenario->ransom_victims; i++) {
        struct cw_task task = {.kind = CW_TASK_RANSOM, .who = theft};
        task.slot = sg_cw_person(world);
        task.sat = sg_cw_rounded(world, sg_chance_heavy(&world->rng, 23, 29));
        sg_cw_later(world, HOURS(1 + sg_rng_below(&world->rng, 24 * 40)), task);
    }
}

/* Output n of what was just sent is where the theft begins. */
static void add_seed(struct cw_world *world, uint32_t number, size_t n)
{
    struct cw_theft *theft = &world->thefts[number];
    const struct cw_out *out = &world->draft.outs[n];
    if (out->slot == CW_NONE)
        return;
    if (!SG_VEC_RESERVE(theft->seeds, theft->n_seeds, theft->cap_seeds, 1)) {
        world->status = sg_err_nomem(world->err);
        return;
    }
    struct sg_coinworld_seed *seed = &theft->seeds[theft->n_seeds++];
    *seed = (struct sg_coinworld_seed){
        .n = (uint32_t)n, .sat = out->sat, .time_unix_s = world->now_unix_s};
    memcpy(seed->txid, world->coins[out->slot].txid, SG_BTC_HASH);
}

void sg_cw_theft(struct cw_world *world, uint32_t theft)
{
    if (theft >= world->at.n_thefts) {
        begin_gang(world, theft);
        return;
    }
    const uint32_t vault = world->at.victims + theft;
    if (!world->wallets[vault].n_coins)
        return;
    sg_cw_begin(world, SG_COINWORLD_THEFT, vault);
    world->draft.theft = theft;
    sg_cw_take_all(world, vault, 100);
    const uint64_t sat = sendable(world, 1);
    to_own(world, theft, sat);
    (void)sg_cw_send(world);
    world->thefts[theft].begun = true;
    world->summary.thefts++;
    books_of(world, theft)->stolen += sat;
    add_seed(world, theft, 0);
    sg_cw_go_on(world, world->draft.outs[0].slot, 0);
}

static void gather_later(struct cw_world *world, uint32_t theft)
{
    sg_cw_later(world, HOURS(sg_chance_between(&world->rng, 2, 60)),
                (struct cw_task){.kind = CW_TASK_GATHER, .who = theft});
}

/* Who lacks the money buys it first. */
void sg_cw_ransom(struct cw_world *world, const struct cw_task *task)
{
    struct cw_theft *theft = &world->thefts[task->who];
    const uint32_t victim = task->slot, gang = thief_of(world, task->who);
    sg_cw_begin(world, SG_COINWORLD_RANSOM, victim);
    if (!sg_cw_take(world, victim, task->sat + 97 * world->draft.rate)) {
        struct cw_task again = *task;
        if (sg_cw_pay_at_once(world, victim, task->sat + task->sat / 50 + 100000) &&
            again.depth++ < 3)
            sg_cw_later(world, HOURS(1), again);
        return;
    }
    struct cw_out *out = sg_cw_out_fresh(world, gang, task->sat);
    out->loose = true;
    world->draft.theft = task->who;
    const uint64_t key = out->key;
    if (!sg_cw_finish(world))
        return;
    theft->books.stolen += task->sat;
    for (size_t i = 0; i < world->draft.n_outs; i++) {
        if (world->draft.outs[i].key != key)
            continue;
        add_seed(world, task->who, i);
        if (theft->n_gang < CW_GANG && world->draft.outs[i].slot != CW_NONE)
            theft->gang[theft->n_gang++] = world->draft.outs[i].slot;
    }
    if (theft->n_gang == 1)
        gather_later(world, task->who);
}

/* What has come so far becomes one parcel; a single payment waits for company. */
void sg_cw_gather(struct cw_world *world, const struct cw_task *task)
{
    struct cw_theft *theft = &world->thefts[task->who];
    const bool enough =
        theft->n_gang >= GATHER_AFTER || (theft->n_gang >= 2 && sg_chance_percent(&world->rng, 40));
    if (!enough) {
        gather_later(world, task->who);
        return;
    }
    sg_cw_begin(world, SG_COINWORLD_GATHER, thief_of(world, task->who));
    while (theft->n_gang)
        sg_cw_spend(world, theft->gang[--theft->n_gang]);
    to_own(world, task->who, sendable(world, 1));
    send_own(world, task->who, 1);
}
