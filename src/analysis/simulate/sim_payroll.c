/* Payrolls: payers, payees of several habits, and rings whose payees gather at one collector. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#define COLLECTOR_IS_DEPOSIT(ring) ((ring) % 2 == 1)

static uint32_t payee_account(const struct sg_sim *sim, uint32_t payee)
{
    return sim->at.payees + payee;
}

static void hire_one(struct sg_sim *sim, struct sim_payee *p, uint32_t n_pays)
{
    const struct sg_scenario *s = sim->scenario;
    const uint64_t habit = sg_sim_below(sim, 100);
    *p = (struct sim_payee){.kind = SIM_PAYEE_SPENDER, .last_pay = n_pays};
    /* Dollars by tens: a third start later, a third leave earlier. */
    p->salary = (1800 + sg_sim_below(sim, 500) * 10 + sg_sim_below(sim, 400) * 10) * SIM_DOLLAR;
    if (sg_sim_chance(sim, 33))
        p->first_pay = (uint32_t)sg_sim_below(sim, n_pays / 2 + 1);
    if (sg_sim_chance(sim, 33))
        p->last_pay = n_pays - (uint32_t)sg_sim_below(sim, n_pays / 3 + 1);
    p->kept = (uint8_t)sg_sim_between(sim, s->kept_min, s->kept_max);
    if (habit < s->families) {
        p->kind = SIM_PAYEE_FAMILY;
    } else if (habit < s->families + s->offramps) {
        p->kind = SIM_PAYEE_BROKER;
        p->group = (uint32_t)sg_sim_rank(sim, s->brokers);
    } else if (habit < 80) {
        p->kind = SIM_PAYEE_EXCHANGE;
    }
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Families are of two payees, now and then of three, mostly of different payers: payees are taken
 * in strides that reach each once. */
static void found_families(struct sg_sim *sim)
{
    const uint32_t n = sim->at.n_payees;
    uint32_t family = 0, members = 0, stride = n / 2 + n / 7 + 1;
    while (common_divisor(stride, n) != 1)
        stride++;
    for (uint32_t i = 0, payee = 0; i < n; i++, payee = (payee + stride) % n) {
        struct sim_payee *p = &sim->payees[payee];
        if (p->kind != SIM_PAYEE_FAMILY)
            continue;
        p->group = family;
        if (++members == 3 || (members == 2 && !sg_sim_chance(sim, 10))) {
            family++;
            members = 0;
        }
    }
}

/* The next payee of a ring: half of the time a colleague of the last one. */
static uint32_t next_crooked(struct sg_sim *sim, uint32_t last)
{
    for (unsigned tries = 0; tries < 4096; tries++) {
        const uint32_t near = last == SIM_NOBODY ? 0 : last + 1 + (uint32_t)sg_sim_below(sim, 8);
        const uint32_t payee =
            last != SIM_NOBODY && near < sim->at.n_payees && sg_sim_chance(sim, 50)
                ? near
                : (uint32_t)sg_sim_below(sim, sim->at.n_payees);
        if (sim->payees[payee].kind != SIM_PAYEE_CROOKED)
            return payee;
    }
    return SIM_NOBODY;
}

static void found_rings(struct sg_sim *sim)
{
    const struct sg_scenario *s = sim->scenario;
    uint32_t slot = 0;
    for (uint32_t ring = 0; sim->at.n_crooked - slot >= s->ring_min; ring++) {
        const uint32_t left = sim->at.n_crooked - slot;
        const uint32_t most = left < s->ring_max ? left : s->ring_max;
        const uint32_t size = (uint32_t)sg_sim_between(sim, s->ring_min, most);
        uint32_t last = SIM_NOBODY;
        for (uint32_t i = 0; i < size; i++) {
            last = next_crooked(sim, last);
            if (last == SIM_NOBODY)
                return;
            struct sim_payee *p = &sim->payees[last];
            p->kind = SIM_PAYEE_CROOKED;
            p->group = ring;
            p->slot = slot++;
            p->hops = (uint8_t)sg_sim_between(sim, 1, s->hops_max);
        }
    }
}

/* Paydays of the whole time, one more for rounding. */
static uint32_t n_paydays(const struct sg_sim *sim, const struct sim_payer *payer)
{
    return sim->scenario->days / (payer->fortnight ? 14 : 30) + 1;
}

void sg_sim_hire(struct sg_sim *sim)
{
    for (uint32_t i = 0; i < sim->scenario->payers; i++) {
        struct sim_payer *payer = &sim->payers[i];
        *payer = (struct sim_payer){.asset = sg_sim_chance(sim, 60) ? SIM_USDC : SIM_USDT,
                                    .fortnight = sg_sim_chance(sim, 25),
                                    .through_agent = sg_sim_chance(sim, sim->scenario->agents),
                                    .first = i * sim->scenario->payees,
                                    .end = (i + 1) * sim->scenario->payees};
        for (uint32_t p = payer->first; p < payer->end; p++)
            hire_one(sim, &sim->payees[p], n_paydays(sim, payer));
        sg_sim_later(sim, (int64_t)sg_sim_below(sim, 28) * SIM_DAY + 9 * SIM_HOUR,
                     (struct sim_task){.kind = SIM_TASK_PAYDAY, .who = i});
    }
    if (sim->at.n_payees) {
        found_families(sim);
        found_rings(sim);
    }
}

static uint64_t wages(const struct sg_sim *sim, const struct sim_payer *payer)
{
    uint64_t sum = 0;
    for (uint32_t p = payer->first; p < payer->end; p++)
        sum += sim->payees[p].salary;
    return sum;
}

/* The account that pays has the wages, and coins for every transfer. */
static bool fund(struct sg_sim *sim, const struct sim_payer *payer, uint32_t account,
                 uint32_t number, uint64_t sum)
{
    const uint64_t gas = (payer->end - payer->first + 2) * sg_sim_gas(payer->asset);
    const uint32_t exchange = number % sim->scenario->exchanges;
    if (sim->balances[account][SIM_NATIVE] < gas &&
        !sg_sim_withdraw(sim, SIM_NATIVE, exchange, account, 3 * gas))
        return false;
    return account != sim->at.payers + number || sim->balances[account][payer->asset] >= sum ||
           sg_sim_withdraw(sim, payer->asset, exchange, account, sum);
}

/* A raise now and then, a bonus at times, odd cents never. */
static uint64_t salary_of(struct sg_sim *sim, struct sim_payee *payee)
{
    if (sg_sim_chance(sim, 3))
        payee->salary += payee->salary / 20 / SIM_DOLLAR * SIM_DOLLAR;
    return sg_sim_chance(sim, 3) ? payee->salary + payee->salary / 4 : payee->salary;
}

static void pay(struct sg_sim *sim, const struct sim_payer *payer, uint32_t from, uint32_t number)
{
    struct sim_payee *payee = &sim->payees[number];
    if (payer->n_paid < payee->first_pay || payer->n_paid >= payee->last_pay)
        return;
    const uint64_t salary = salary_of(sim, payee);
    if (!sg_sim_move(sim, payer->asset, from, payee_account(sim, number), salary))
        return;
    sim->summary.salaries++;
    sg_sim_later(
        sim, (int64_t)sg_sim_heavy(sim, 12, 19), /* an hour to six days */
        (struct sim_task){
            .kind = SIM_TASK_SPEND, .who = number, .other = payer->asset, .amount = salary});
}

void sg_sim_payday(struct sg_sim *sim, const struct sim_task *task)
{
    struct sim_payer *payer = &sim->payers[task->who];
    const uint32_t own = sim->at.payers + task->who;
    const uint32_t from = payer->through_agent ? sim->at.agents + task->who : own;
    const uint64_t sum = wages(sim, payer) + wages(sim, payer) / 3;
    if (fund(sim, payer, own, task->who, sum)) {
        if (!payer->through_agent ||
            (fund(sim, payer, from, task->who, 0) &&
             sg_sim_move(sim, payer->asset, own, from, sim->balances[own][payer->asset])))
            for (uint32_t p = payer->first; p < payer->end; p++)
                pay(sim, payer, from, p);
        payer->n_paid++;
    }
    const int64_t days = payer->fortnight ? 14 : 30 + (int64_t)sg_sim_below(sim, 2);
    sg_sim_later(sim,
                 days * SIM_DAY - (sim->now_unix_s % SIM_DAY) + 9 * SIM_HOUR +
                     (int64_t)sg_sim_below(sim, 6 * 3600),
                 *task);
}

/* What a payee does with money that is theirs to spend. */
static void use(struct sg_sim *sim, uint32_t payee, unsigned asset, uint64_t amount)
{
    const uint32_t from = payee_account(sim, payee);
    if (sg_sim_chance(sim, 50))
        (void)sg_sim_deposit(sim, asset, from, sim->at.payee_deposits + payee, amount);
    else
        (void)sg_sim_move(sim, asset, from,
                          sim->at.services + (uint32_t)sg_sim_rank(sim, sim->scenario->services),
                          amount);
}

static void next_hop(struct sg_sim *sim, uint32_t payee, unsigned asset, uint32_t hops,
                     uint64_t amount)
{
    sg_sim_later(
        sim, (int64_t)sg_sim_heavy(sim, 12, 18), /* one hour to three days */
        (struct sim_task){
            .kind = SIM_TASK_HOP, .who = payee, .other = hops << 8 | asset, .amount = amount});
}

/* Where a payee's money is after so many hops: at an address of its own set, or at the collector.
 */
static uint32_t hop_account(const struct sg_sim *sim, const struct sim_payee *p, uint32_t hops)
{
    if (hops >= p->hops)
        return sim->at.collectors + p->group;
    return sim->at.hops + (p->slot * SIM_HOP_SETS + p->turn % SIM_HOP_SETS) * 3 + hops - 1;
}

static void hop_from(struct sg_sim *sim, uint32_t payee, unsigned asset, uint32_t from,
                     uint32_t hops, uint64_t amount)
{
    const struct sim_payee *p = &sim->payees[payee];
    const uint32_t to = hop_account(sim, p, hops);
    if (!sg_sim_fuel(sim, asset, from))
        return;
    if (hops < p->hops) {
        if (sg_sim_move(sim, asset, from, to, amount))
            next_hop(sim, payee, asset, hops, amount);
    } else if (COLLECTOR_IS_DEPOSIT(p->group)) {
        (void)sg_sim_deposit(sim, asset, from, to, amount);
    } else if (sg_sim_move(sim, asset, from, to, amount)) {
        sg_sim_later(sim, (int64_t)sg_sim_between(sim, 2, 20) * SIM_DAY,
                     (struct sim_task){.kind = SIM_TASK_GATHERED, .who = p->group, .other = asset});
    }
}

void sg_sim_hop(struct sg_sim *sim, const struct sim_task *task)
{
    const unsigned asset = task->other & 0xff;
    const uint32_t hops = task->other >> 8;
    const uint32_t from = hop_account(sim, &sim->payees[task->who], hops);
    const uint64_t amount =
        sg_sim_chance(sim, 60) ? task->amount : sg_sim_percent(task->amount, 98);
    hop_from(sim, task->who, asset, from, hops + 1, amount);
}

void sg_sim_spend(struct sg_sim *sim, const struct sim_task *task)
{
    const uint32_t number = task->who, from = payee_account(sim, number);
    const unsigned asset = task->other;
    struct sim_payee *p = &sim->payees[number];
    if (!sg_sim_fuel(sim, asset, from))
        return;
    const uint64_t rest = sg_sim_percent(task->amount, 100u - p->kept);
    switch ((enum sim_payee_kind)p->kind) {
    case SIM_PAYEE_EXCHANGE:
        (void)sg_sim_deposit(sim, asset, from, sim->at.payee_deposits + number, rest);
        break;
    case SIM_PAYEE_SPENDER:
        break;
    case SIM_PAYEE_FAMILY:
        if (sg_sim_move(sim, asset, from, sim->at.families + p->group, rest))
            sg_sim_later(
                sim, (int64_t)sg_sim_between(sim, 1, 12) * SIM_DAY,
                (struct sim_task){.kind = SIM_TASK_FAMILY, .who = p->group, .other = asset});
        break;
    case SIM_PAYEE_BROKER:
        (void)sg_sim_move(sim, asset, from, sim->at.brokers + p->group, rest);
        break;
    case SIM_PAYEE_CROOKED:
        p->turn++;
        if (sg_sim_chance(sim, 85))
            hop_from(sim, number, asset, from, 1, rest);
        break;
    }
    for (uint64_t i = sg_sim_between(sim, 1, 3); i > 0; i--) {
        const uint64_t has = sim->balances[from][asset];
        if (sg_sim_fuel(sim, asset, from))
            use(sim, number, asset, sg_sim_percent(has, sg_sim_between(sim, 10, 60)));
    }
}

/* Where a family or a ring has an account: at somebody's deposit address, each at another's. */
static uint32_t account_of(const struct sg_sim *sim, uint32_t part, uint32_t number)
{
    return sim->at.deposits + (sim->at.n_people / 3 * part + number) % sim->at.n_people;
}

/* A collector's wallet is emptied at a broker or another address of an exchange. */
void sg_sim_gathered(struct sg_sim *sim, const struct sim_task *task)
{
    const uint32_t from = sim->at.collectors + task->who;
    const uint64_t has = sim->balances[from][task->other];
    if (!sg_sim_fuel(sim, task->other, from))
        return;
    const uint64_t amount = sg_sim_percent(has, 90);
    if (task->who % 4 == 0)
        (void)sg_sim_move(sim, task->other, from,
                          sim->at.brokers + task->who % sim->scenario->brokers, amount);
    else
        (void)sg_sim_deposit(sim, task->other, from, account_of(sim, 1, task->who), amount);
}

void sg_sim_family(struct sg_sim *sim, const struct sim_task *task)
{
    const uint32_t from = sim->at.families + task->who;
    const uint64_t amount = sg_sim_percent(sim->balances[from][task->other], 70);
    if (!sg_sim_fuel(sim, task->other, from))
        return;
    if (sg_sim_chance(sim, 50))
        (void)sg_sim_deposit(sim, task->other, from, account_of(sim, 2, task->who), amount);
    else
        (void)sg_sim_move(sim, task->other, from,
                          sim->at.services + (uint32_t)sg_sim_rank(sim, sim->scenario->services),
                          amount);
}
