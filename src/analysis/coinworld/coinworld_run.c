/* A world from its first block to its last. */
#include "analysis/coinworld/coinworld_internal.h"

#include <assert.h>

/* Turns in a row in which nobody could do anything: no money is left to move. */
#define IDLE_MAX 1000000u

const char *sg_coinworld_kind_name(enum sg_coinworld_kind kind)
{
    static const char *const names[SG_COINWORLD_KINDS] = {
        "coinbase",  "payment",       "own",          "deposit",    "sweep",   "payout",
        "store",     "consolidation", "equal-payout", "equal-move", "dust",    "tx0",
        "whirlpool", "wasabi1",       "wasabi2",      "joinmarket", "payjoin", "theft",
        "ransom",    "gather",        "split",        "layer",      "peel",    "cash"};
    return names[kind];
}

bool sg_coinworld_is_shared(enum sg_coinworld_kind kind)
{
    return kind >= SG_COINWORLD_WHIRLPOOL && kind <= SG_COINWORLD_PAYJOIN;
}

/* The first blocks pay those who held money before: vaults first, then pools, exchanges and
 * services in turn. */
static uint32_t early_miner(const struct cw_world *world, uint32_t *victim, uint64_t *has)
{
    const struct cw_layout *at = &world->at;
    const uint64_t height = world->block.height;
    if (*victim < at->n_thefts && height % 2 == 0) {
        const uint32_t wallet = at->victims + *victim;
        *has += sg_btc_subsidy(world->options->params, height);
        if (*has >= world->thefts[*victim].coins * CW_COIN) {
            ++*victim;
            *has = 0;
        }
        return wallet;
    }
    if (height % 5 == 1)
        return at->pools + (uint32_t)(height / 5 % CW_POOLS);
    if (height % 25 == 3)
        return at->services + (uint32_t)(height / 25 % world->scenario->services);
    return at->colds + (uint32_t)(height % world->scenario->exchanges);
}

static void set_up(struct cw_world *world)
{
    uint32_t victim = 0;
    uint64_t has = 0;
    world->block.rate = 2;
    for (size_t i = 0; i < CW_MATURE; i++)
        world->block.immature[i] = CW_NONE;
    while (world->status == SG_OK && world->block.height < CW_SETUP) {
        world->now_unix_s = CW_START + (int64_t)world->block.height;
        sg_cw_close_block(world, early_miner(world, &victim, &has));
    }
    for (uint32_t i = 0; world->status == SG_OK && i < world->scenario->exchanges; i++)
        sg_cw_balance(world, i);
}

/* A vault is robbed, and a gang begins, some time in the first six tenths of all days. */
static void plan_thefts(struct cw_world *world)
{
    const struct sg_scenario *s = world->scenario;
    const uint64_t hours = (uint64_t)s->days * 24 * 6 / 10 + 1;
    for (uint32_t i = 0; i < world->at.n_thieves; i++) {
        const uint64_t coins = sg_chance_between(&world->rng, s->stolen_min, s->stolen_max);
        struct cw_task task = {.kind = CW_TASK_THEFT, .who = i};
        world->thefts[i].coins = sg_chance_between(&world->rng, s->stolen_min, coins);
        world->now_unix_s = CW_START;
        sg_cw_later(world, (int64_t)(1 + sg_rng_below(&world->rng, hours)) * 3600, task);
    }
}

static void run_task(struct cw_world *world, const struct cw_task *task)
{
    switch (task->kind) {
    case CW_TASK_THEFT:
        sg_cw_theft(world, task->who);
        break;
    case CW_TASK_PARCEL:
        sg_cw_parcel(world, task);
        break;
    case CW_TASK_RANSOM:
        sg_cw_ransom(world, task);
        break;
    case CW_TASK_GATHER:
        sg_cw_gather(world, task);
        break;
    }
}

static void live(struct cw_world *world)
{
    const uint64_t n = world->options->transactions;
    uint64_t idle = 0;
    for (uint64_t turn = 0; world->status == SG_OK && world->summary.transactions < n; turn++) {
        struct cw_task task;
        const uint64_t done = world->summary.transactions;
        world->now_unix_s = CW_START + 3600 + sg_chance_clock(done, n, world->scenario->days);
        if (sg_agenda_take(&task, &world->tasks, world->now_unix_s))
            run_task(world, &task);
        else
            sg_cw_act(world);
        sg_cw_perhaps_close(world);
        idle = world->summary.transactions > done ? 0 : idle + 1;
        if (idle > IDLE_MAX && world->status == SG_OK)
            world->status = sg_err_set(world->err, SG_ELIMIT, "the world has run out of money");
        if (turn % 4096 == 0 && world->status == SG_OK &&
            !sg_progress_step(world->options->progress, done, n))
            world->status = sg_err_set(world->err, SG_ECANCELLED, "stopped; nothing was written");
    }
    if (world->status == SG_OK && world->block.n)
        sg_cw_close_block(world, world->at.pools);
}

/* Coins of thieves that are left: what they hold, and what waits for a round. */
static void count_held(struct cw_world *world)
{
    for (size_t slot = 0; slot < world->n_coins; slot++) {
        const struct cw_coin *coin = &world->coins[slot];
        const uint32_t theft = sg_cw_theft_of(world, coin->wallet);
        if (theft != CW_NONE)
            world->thefts[theft].books.held += coin->sat;
    }
    for (uint32_t i = 0; i < world->at.n_thieves; i++)
        world->thefts[i].books.held -= world->thefts[i].books.in_mixer;
}

/* Addresses with their scripts, which must live as long as they are told. */
struct cash_list {
    struct sg_coinworld_cash cash[CW_MULES + 1];
    uint8_t scripts[CW_MULES + 1][CW_SCRIPT_MAX];
    size_t n;
};

static void add_cash(struct cash_list *list, const struct cw_world *world, uint32_t receiver,
                     uint64_t key)
{
    const struct cw_wallet *wallet = &world->wallets[receiver];
    uint8_t *script = list->scripts[list->n];
    list->cash[list->n++] = (struct sg_coinworld_cash){
        .broker = receiver >= world->at.brokers,
        .owner = wallet->owner,
        .address = {script, sg_cw_script(script, world, key, wallet->form), wallet->owner}};
}

static void list_cash(struct cash_list *list, const struct cw_world *world, uint32_t theft)
{
    const uint32_t broker = sg_cw_broker_of(world, theft);
    list->n = 0;
    for (uint32_t i = 0; i < CW_MULES; i++) {
        const uint32_t mule = world->at.mules + theft * CW_MULES + i;
        if (world->wallets[mule].flags & CW_TOLD_DEPOSIT)
            add_cash(list, world, world->at.deposits + sg_cw_exchange_of(world, mule),
                     CW_DEPOSIT(mule));
    }
    if (world->wallets[broker].flags & CW_TOLD_POSTED)
        add_cash(list, world, broker, CW_POSTED(broker));
}

static void tell_thefts(struct cw_world *world)
{
    struct cash_list list;
    const uint32_t n = world->sink->theft ? world->at.n_thieves : 0;
    for (uint32_t i = 0; world->status == SG_OK && i < n; i++) {
        const struct cw_theft *t = &world->thefts[i];
        list_cash(&list, world, i);
        const struct sg_coinworld_theft theft = {
            .number = i,
            .thief = world->at.thieves + i,
            .victim = i < world->at.n_thefts ? world->at.victims + i : SG_COINWORLD_NOBODY,
            .begun = t->begun,
            .seeds = t->seeds,
            .n_seeds = t->n_seeds,
            .cash = list.cash,
            .n_cash = list.n,
            .books = t->books};
        world->status = world->sink->theft(world->sink->ctx, &theft, world->err);
    }
}

static void tell_entities(struct cw_world *world, const char *kind, uint32_t first, uint32_t n)
{
    for (uint32_t i = 0; world->sink->entity && world->status == SG_OK && i < n; i++) {
        const struct sg_coinworld_entity entity = {kind, i, first + i};
        world->status = world->sink->entity(world->sink->ctx, &entity, world->err);
    }
}

static void tell_end(struct cw_world *world)
{
    const struct cw_layout *at = &world->at;
    count_held(world);
    tell_thefts(world);
    tell_entities(world, "exchange", at->hots, world->scenario->exchanges);
    tell_entities(world, "pool", at->pools, CW_POOLS);
    tell_entities(world, "service", at->services, world->scenario->services);
    tell_entities(world, "broker", at->brokers, world->scenario->brokers);
    tell_entities(world, "coordinator", at->whirlpool, 2);
    tell_entities(world, "duster", at->duster, 1);
}

static void drop(struct cw_world *world)
{
    for (uint32_t i = 0; world->thefts && i < world->at.n_thieves; i++)
        sg_mem_free(world->thefts[i].seeds);
    sg_mem_free(world->wallets);
    sg_mem_free(world->coins);
    sg_mem_free(world->exchanges);
    sg_mem_free(world->thefts);
    sg_mem_free(world->tasks.items);
    sg_mem_free(world->block.bytes);
    sg_mem_free(world->block.ids);
    sg_mem_free(world->block.tree);
    sg_mem_free(world->block.whole);
    sg_mem_free(world);
}

enum sg_status sg_coinworld_run(struct sg_coinworld_summary *summary,
                                const struct sg_coinworld *options,
                                const struct sg_coinworld_sink *sink, struct sg_err *err)
{
    struct cw_world *world = sg_mem_zalloc(1, sizeof(*world));
    if (!world)
        return sg_err_nomem(err);
    assert(options->transactions > 0);
    world->options = options;
    world->scenario = options->scenario;
    world->sink = sink;
    world->err = err;
    world->free_slot = CW_NONE;
    world->tasks.width = sizeof(struct cw_task);
    sg_rng_init(&world->rng, options->seed);
    sg_rng_init(&world->noise, ~options->seed);
    world->status = sg_cw_layout(world);
    if (world->status == SG_OK) {
        plan_thefts(world);
        set_up(world);
        live(world);
    }
    if (world->status == SG_OK)
        tell_end(world);
    const enum sg_status st = world->status;
    if (st == SG_OK)
        *summary = world->summary;
    drop(world);
    return st;
}
