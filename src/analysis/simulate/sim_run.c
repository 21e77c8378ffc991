/* A world from its beginning to its end. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#include <assert.h>

#define TRUTH_MAX ((size_t)1024 * 1024)

/* Turns in a row in which nobody could do anything: no money is left to move. */
#define IDLE_MAX 1000000u

/* What there is of an asset before the first day: exchanges, the exchange of tokens, the bridge. */
static void issue(struct sg_sim *sim, unsigned asset)
{
    const struct sim_layout *at = &sim->at;
    static const uint64_t cold[SIM_ASSETS] = {30000000 * SIM_COIN, 300000000000 * SIM_DOLLAR,
                                              300000000000 * SIM_DOLLAR};
    static const uint64_t dex[SIM_ASSETS] = {2000000 * SIM_COIN, 4000000000 * SIM_DOLLAR,
                                             4000000000 * SIM_DOLLAR};
    for (uint32_t i = 0; i < sim->scenario->exchanges; i++) {
        sg_sim_issue(sim, asset, at->colds + i, cold[asset]);
        for (uint32_t hot = 0; hot < SIM_HOTS; hot++)
            sg_sim_issue(sim, asset, at->hots + i * SIM_HOTS + hot, cold[asset] / 10000);
    }
    sg_sim_issue(sim, asset, at->dex, dex[asset]);
    for (uint32_t theft = 0; theft < sim->scenario->thefts; theft++) {
        const uint64_t coins = sim->thefts[theft].coins;
        if (asset == SIM_NATIVE)
            sg_sim_issue(sim, asset, at->victims + theft, (coins + 1) * SIM_COIN);
        else if (asset == SIM_USDC && theft % 3 == 2)
            sg_sim_issue(sim, asset, at->victims + theft, coins * 2000 * SIM_DOLLAR);
    }
    sg_sim_issue(sim, asset, at->b_system, dex[asset]);
    sg_sim_issue(sim, asset, at->b_system + 1, dex[asset] / 1000);
}

/* Rewards stand at the end of a block, so coins come last. */
static void issue_all(struct sg_sim *sim)
{
    for (unsigned asset = SIM_ASSETS; asset-- > 0;)
        issue(sim, asset);
    for (uint32_t i = 0; i < SIM_RELAYS; i++)
        sg_sim_issue(sim, SIM_NATIVE, sim->at.relays + i, 1000 * SIM_COIN);
}

/* A vault is full long before it is robbed, some time in the first six tenths of all days. */
static void plan_thefts(struct sg_sim *sim)
{
    const struct sg_scenario *s = sim->scenario;
    const uint64_t hours = (uint64_t)s->days * 24 * 6 / 10 + 1;
    for (uint32_t theft = 0; theft < s->thefts; theft++) {
        const uint64_t coins = sg_sim_between(sim, s->theft_min, s->theft_max);
        sim->thefts[theft].coins = sg_sim_between(sim, s->theft_min, coins); /* small ones: many */
        sg_sim_later(sim, (int64_t)sg_sim_below(sim, hours) * SIM_HOUR,
                     (struct sim_task){.kind = SIM_TASK_THEFT, .who = theft});
    }
}

static void run_task(struct sg_sim *sim, const struct sim_task *task)
{
    switch (task->kind) {
    case SIM_TASK_SWEEP:
        sg_sim_sweep(sim, task->who);
        break;
    case SIM_TASK_MIX_OUT:
        sg_sim_mix_out(sim, task);
        break;
    case SIM_TASK_BRIDGE_OUT:
        sg_sim_bridge_out(sim, task);
        break;
    case SIM_TASK_PAYDAY:
        sg_sim_payday(sim, task);
        break;
    case SIM_TASK_SPEND:
        sg_sim_spend(sim, task);
        break;
    case SIM_TASK_HOP:
        sg_sim_hop(sim, task);
        break;
    case SIM_TASK_GATHERED:
        sg_sim_gathered(sim, task);
        break;
    case SIM_TASK_FAMILY:
        sg_sim_family(sim, task);
        break;
    case SIM_TASK_THEFT:
        sg_sim_theft(sim, task->who);
        break;
    case SIM_TASK_PARCEL:
        sg_sim_parcel(sim, task);
        break;
    }
}

static uint64_t rows_so_far(const struct sg_sim *sim)
{
    return sim->chains[0].rows + sim->chains[1].rows;
}

/* The clock is driven by the rows: every day has as many. */
static void tick(struct sg_sim *sim)
{
    const uint64_t n = sim->options->transfers, row = rows_so_far(sim);
    sim->now_unix_s = sg_sim_clock(row < n ? row : n, n, sim->scenario->days) + SIM_HOUR;
}

static void live(struct sg_sim *sim)
{
    const uint64_t n = sim->options->transfers;
    uint64_t idle = 0;
    for (uint64_t steps = 0; sim->status == SG_OK && rows_so_far(sim) < n; steps++) {
        struct sim_task task;
        const uint64_t before = rows_so_far(sim);
        tick(sim);
        if (sg_sim_next(&task, sim))
            run_task(sim, &task);
        else
            sg_sim_act(sim);
        idle = rows_so_far(sim) > before ? 0 : idle + 1;
        if (idle > IDLE_MAX)
            sim->status = sg_err_set(sim->err, SG_ELIMIT, "the world has run out of money");
        if (steps % 4096 == 0 && !sg_progress_step(sim->options->progress, rows_so_far(sim), n))
            sim->status = sg_err_set(sim->err, SG_ECANCELLED,
                                     "stopped before its end; no table was written, and a load "
                                     "goes on when it is run again");
    }
}

static enum sg_status make_tables(struct sg_sim *sim)
{
    const struct sg_scenario *s = sim->scenario;
    const enum sg_status st = sg_sim_layout(&sim->at, s, sim->err);
    if (st != SG_OK)
        return st;
    sim->balances = sg_mem_zalloc(sim->at.end, sizeof(*sim->balances));
    sim->flags = sg_mem_zalloc(sim->at.end, sizeof(*sim->flags));
    sim->targets = sg_mem_zalloc((size_t)sim->at.n_lookalikes + 1, sizeof(*sim->targets));
    sim->thefts = sg_mem_zalloc((size_t)s->thefts + 1, sizeof(*sim->thefts));
    sim->payees = sg_mem_zalloc((size_t)sim->at.n_payees + 1, sizeof(*sim->payees));
    sim->payers = sg_mem_zalloc((size_t)s->payers + 1, sizeof(*sim->payers));
    return sim->balances && sim->flags && sim->targets && sim->thefts && sim->payees && sim->payers
               ? SG_OK
               : sg_err_nomem(sim->err);
}

static void drop_tables(struct sg_sim *sim)
{
    sg_mem_free(sim->balances);
    sg_mem_free(sim->flags);
    sg_mem_free(sim->targets);
    sg_mem_free(sim->thefts);
    sg_mem_free(sim->payees);
    sg_mem_free(sim->payers);
    sg_mem_free(sim->tasks.items);
    sg_buf_clear(&sim->truth);
}

enum sg_status sg_simulate_run(struct sg_simulate_summary *summary,
                               const struct sg_simulate *options,
                               const struct sg_simulate_sink *sink, struct sg_err *err)
{
    struct sg_sim sim = {.options = options,
                         .scenario = options->scenario,
                         .sink = sink,
                         .err = err,
                         .now_unix_s = SIM_START,
                         .tasks = {.width = sizeof(struct sim_task)},
                         .truth = SG_BUF_INIT(TRUTH_MAX)};
    assert(options->chains[0]->hex20 && options->chains[1]->hex20 && options->transfers > 0);
    sg_rng_init(&sim.rng, options->seed);
    sim.status = make_tables(&sim);
    if (sim.status == SG_OK && sink->begin)
        sim.status = sink->begin(sink->ctx, &sim, err);
    if (sim.status == SG_OK) {
        sg_sim_truth_begin(&sim);
        plan_thefts(&sim);
        issue_all(&sim);
        sg_sim_hire(&sim);
        live(&sim);
    }
    if (sim.status == SG_OK && sink->end)
        sim.status = sink->end(sink->ctx, err);
    if (sim.status == SG_OK)
        sg_sim_truth_end(&sim);
    if (sim.status == SG_OK)
        sg_sim_cases(&sim);
    drop_tables(&sim);
    if (sim.status != SG_OK)
        return sim.status;
    *summary = sim.summary;
    for (unsigned i = 0; i < SG_SIMULATE_CHAINS; i++)
        summary->rows[i] = sim.chains[i].rows;
    summary->addresses = sim.at.end;
    return SG_OK;
}
