/* Transactions: what they do to balances, and the rows they are. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define BLOCK_SECONDS 12
#define FIRST_BLOCK   UINT64_C(18908895)
#define FIRST_BLOCK_B UINT64_C(165788882)
#define FAKE_TOKENS   (SG_SIMULATE_TOKENS - SIM_ASSETS)

/* Gas units by what a transaction does, and the highest price in gwei. */
enum work { WORK_COIN = 21000, WORK_TOKEN = 65000, WORK_SWAP = 180000, WORK_UNMIX = 350000 };
#define PRICE_MAX 60

uint64_t sg_sim_gas(unsigned asset)
{
    return (uint64_t)(asset == SIM_NATIVE ? WORK_COIN : WORK_TOKEN) * PRICE_MAX;
}

/* Cheap at night, dear in the day; the second chain costs a hundredth. */
static uint64_t fee_of(struct sg_sim *sim, unsigned chain, enum work work)
{
    const int64_t hour = sim->now_unix_s % SIM_DAY / SIM_HOUR;
    const uint64_t low = hour < 7 ? 5 : 12, high = hour < 7 ? 25 : PRICE_MAX;
    const uint64_t fee = (uint64_t)work * sg_sim_between(sim, low, high);
    return chain ? fee / 100 : fee;
}

/* One transaction that is being written. */
struct tx {
    unsigned chain;
    uint32_t index;
    uint64_t fee;
    uint32_t payer;
    enum sg_tx_status status;
    bool is_reward;
    bool begun;
};

static struct tx begin(struct sg_sim *sim, unsigned chain, uint32_t payer, uint64_t fee)
{
    struct sim_chain_state *c = &sim->chains[chain];
    const uint64_t block = (chain ? FIRST_BLOCK_B : FIRST_BLOCK) +
                           (uint64_t)(sim->now_unix_s - SIM_START) / BLOCK_SECONDS;
    if (block != c->block) {
        c->block = block;
        c->n_in_block = 0;
        c->n_logs = 0;
    }
    sim->serial++;
    return (struct tx){chain, c->n_in_block++, fee, payer, SG_TX_OK, false, false};
}

static struct sg_amount wide(unsigned asset, uint64_t amount)
{
    return sg_amount_from(asset == SIM_NATIVE ? (sg_u128)amount * 1000000000u : amount);
}

static void seen(struct sg_sim *sim, uint32_t account)
{
    if (account != SIM_NOBODY)
        sim->flags[account] |= SIM_SEEN;
}

/* A move as a row of the table, with bytes and text. */
static enum sg_status hand_on_row(struct sg_sim *sim, unsigned chain,
                                  const struct sg_simulate_move *m)
{
    struct sg_simulate_row row = {.has_fee = m->is_first && !m->is_reward, .fee = m->fee};
    struct sg_record *r = &row.record;
    sg_record_init(r, m->kind);
    r->amount = m->amount;
    r->block = m->block;
    r->tx_index = m->tx_index;
    r->log_index = m->log_index;
    r->time_unix_s = m->time_unix_s;
    r->status = m->status;
    r->is_reward = m->is_reward;
    r->has_hash = !m->is_reward;
    if (r->has_hash)
        sg_sim_hash(r->hash32, sim, m->serial);
    if (m->token) {
        snprintf(r->symbol, sizeof(r->symbol), "%s", sg_simulate_token(&r->token, sim, m->token));
        r->has_decimals = true;
        r->decimals = 6;
    }
    if (m->from != SIM_NOBODY)
        sg_sim_address(&r->from, sim, m->from);
    sg_sim_address(&r->to, sim, m->to);
    if (row.has_fee && (m->kind != SG_RECORD_TX || m->from != m->payer))
        sg_sim_address(&row.fee_payer, sim, m->payer);
    return sim->sink->row(sim->sink->ctx, chain, &row, sim->err);
}

static void hand_on(struct sg_sim *sim, struct tx *tx, struct sg_simulate_move *m)
{
    const struct sg_simulate_sink *sink = sim->sink;
    struct sim_chain_state *c = &sim->chains[tx->chain];
    m->block = c->block;
    m->serial = sim->serial;
    m->time_unix_s = sim->now_unix_s;
    m->fee = wide(SIM_NATIVE, tx->fee);
    m->payer = tx->is_reward ? SIM_NOBODY : tx->payer;
    m->tx_index = tx->index;
    m->status = tx->status;
    m->is_reward = tx->is_reward;
    m->is_first = !tx->begun;
    tx->begun = true;
    seen(sim, m->from);
    seen(sim, m->to);
    c->rows++;
    if (sim->status == SG_OK)
        sim->status = sink->move ? sink->move(sink->ctx, sim, tx->chain, m, sim->err)
                                 : hand_on_row(sim, tx->chain, m);
}

static void put_token(struct sg_sim *sim, struct tx *tx, uint32_t token, uint32_t from, uint32_t to,
                      uint64_t small)
{
    struct sg_simulate_move move = {.kind = SG_RECORD_TOKEN,
                                    .amount = sg_amount_from(small),
                                    .token = token,
                                    .from = from,
                                    .to = to,
                                    .log_index = sim->chains[tx->chain].n_logs++};
    hand_on(sim, tx, &move);
}

static void put_row(struct sg_sim *sim, struct tx *tx, enum sg_record_kind kind, unsigned asset,
                    uint32_t from, uint32_t to, uint64_t amount)
{
    if (asset != SIM_NATIVE) {
        put_token(sim, tx, asset, from, to, amount);
        return;
    }
    struct sg_simulate_move move = {.kind = kind,
                                    .amount = wide(asset, amount),
                                    .from = from,
                                    .to = to,
                                    .log_index = SG_INDEX_UNKNOWN};
    hand_on(sim, tx, &move);
}

static void credit(struct sg_sim *sim, unsigned asset, uint32_t account, uint64_t amount)
{
    sim->balances[account][asset] += amount;
    sg_sim_book_in(sim, asset, account, amount);
}

static void pay_fee(struct sg_sim *sim, uint32_t account, uint64_t fee)
{
    sim->balances[account][SIM_NATIVE] -= fee;
    sg_sim_book_fee(sim, account, fee);
}

/* Whether an account has the amount and the fee. */
static bool affords(const struct sg_sim *sim, uint32_t account, unsigned asset, uint64_t amount,
                    uint64_t fee)
{
    const uint64_t *has = sim->balances[account];
    if (asset == SIM_NATIVE)
        return has[SIM_NATIVE] >= amount && has[SIM_NATIVE] - amount >= fee;
    return has[asset] >= amount && has[SIM_NATIVE] >= fee;
}

static void remember(struct sg_sim *sim, uint32_t to)
{
    sim->recent[sim->n_recent++ % SIM_RECENT] = to;
}

bool sg_sim_move(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to, uint64_t amount)
{
    const unsigned chain = sg_sim_chain_of(sim, from);
    const uint64_t fee = fee_of(sim, chain, asset == SIM_NATIVE ? WORK_COIN : WORK_TOKEN);
    if (amount == 0 || from == to || !affords(sim, from, asset, amount, fee))
        return false;
    struct tx tx = begin(sim, chain, from, fee);
    put_row(sim, &tx, asset == SIM_NATIVE ? SG_RECORD_TX : SG_RECORD_TOKEN, asset, from, to,
            amount);
    pay_fee(sim, from, fee);
    sim->balances[from][asset] -= amount;
    credit(sim, asset, to, amount);
    remember(sim, to);
    return true;
}

void sg_sim_issue(struct sg_sim *sim, unsigned asset, uint32_t to, uint64_t amount)
{
    struct tx tx = begin(sim, sg_sim_chain_of(sim, to), sim->at.issuers, 0);
    tx.is_reward = asset == SIM_NATIVE;
    if (tx.is_reward) {
        tx.index = SG_INDEX_UNKNOWN;
        sim->chains[tx.chain].n_in_block--;
    }
    put_row(sim, &tx, tx.is_reward ? SG_RECORD_TRACE : SG_RECORD_TOKEN, asset, SIM_NOBODY, to,
            amount);
    credit(sim, asset, to, amount);
}

/* Dollars of a coin: 2,000, a little more or less from day to day. */
static uint64_t price(const struct sg_sim *sim)
{
    const uint64_t day = (uint64_t)(sim->now_unix_s - SIM_START) / (uint64_t)SIM_DAY;
    return 1900 + sg_sim_mix(sim->options->seed ^ 0xd011a5, day) % 201;
}

/* What the exchange of tokens gives, 0.3 % kept. */
static uint64_t quote(const struct sg_sim *sim, unsigned give, uint64_t amount, unsigned get)
{
    sg_u128 worth = amount;
    if (give == SIM_NATIVE && get != SIM_NATIVE)
        worth = worth * price(sim) * SIM_DOLLAR / SIM_COIN;
    else if (give != SIM_NATIVE && get == SIM_NATIVE)
        worth = worth * SIM_COIN / (price(sim) * SIM_DOLLAR);
    return (uint64_t)(worth * 997 / 1000);
}

bool sg_sim_swap(struct sg_sim *sim, uint32_t who, unsigned give, uint64_t amount, unsigned get,
                 uint64_t *got)
{
    const uint64_t fee = fee_of(sim, 0, WORK_SWAP), out = quote(sim, give, amount, get);
    const uint32_t dex = sim->at.dex;
    if (amount == 0 || out == 0 || !affords(sim, who, give, amount, fee) ||
        sim->balances[dex][get] < out)
        return false;
    struct tx tx = begin(sim, 0, who, fee);
    if (get == SIM_NATIVE)
        put_row(sim, &tx, SG_RECORD_INTERNAL, get, dex, who, out);
    put_row(sim, &tx, give == SIM_NATIVE ? SG_RECORD_TX : SG_RECORD_TOKEN, give, who, dex, amount);
    if (get != SIM_NATIVE)
        put_row(sim, &tx, SG_RECORD_TOKEN, get, dex, who, out);
    pay_fee(sim, who, fee);
    sim->balances[who][give] -= amount;
    sim->balances[dex][get] -= out;
    credit(sim, give, dex, amount);
    credit(sim, get, who, out);
    *got = out;
    return true;
}

uint64_t sg_sim_pool_size(const struct sg_sim *sim, uint32_t pool)
{
    static const uint64_t coins[SIM_POOLS] = {1, 10, 100};
    return coins[pool - sim->at.pools] * SIM_COIN;
}

bool sg_sim_unmix(struct sg_sim *sim, uint32_t pool, uint32_t to, uint64_t fee)
{
    const uint32_t relay = sim->at.relays + (uint32_t)sg_sim_below(sim, SIM_RELAYS);
    const uint64_t gas = fee_of(sim, 0, WORK_UNMIX), size = sg_sim_pool_size(sim, pool);
    if (!affords(sim, relay, SIM_NATIVE, 0, gas) || sim->balances[pool][SIM_NATIVE] < size)
        return false;
    struct tx tx = begin(sim, 0, relay, gas);
    put_row(sim, &tx, SG_RECORD_TX, SIM_NATIVE, relay, pool, 0);
    put_row(sim, &tx, SG_RECORD_INTERNAL, SIM_NATIVE, pool, to, size - fee);
    put_row(sim, &tx, SG_RECORD_INTERNAL, SIM_NATIVE, pool, relay, fee);
    pay_fee(sim, relay, gas);
    sim->balances[pool][SIM_NATIVE] -= size;
    credit(sim, SIM_NATIVE, to, size - fee);
    credit(sim, SIM_NATIVE, relay, fee);
    return true;
}

/* Issued out of nothing by a contract that calls itself like a known token. */
void sg_sim_fake(struct sg_sim *sim, uint32_t to)
{
    const uint32_t bot = sim->at.bots + (uint32_t)sg_sim_below(sim, SIM_BOTS);
    const uint64_t number = SIM_ASSETS + sg_sim_below(sim, FAKE_TOKENS);
    const uint64_t fee = fee_of(sim, 0, WORK_TOKEN);
    if (!affords(sim, bot, SIM_NATIVE, 0, fee))
        return;
    struct tx tx = begin(sim, 0, bot, fee);
    put_token(sim, &tx, (uint32_t)number, SIM_NOBODY, to, sg_sim_heavy(sim, 26, 36));
    pay_fee(sim, bot, fee);
}

/* A transfer of no amount that a look-alike's contract writes into a victim's history. */
void sg_sim_poison(struct sg_sim *sim, uint32_t from, uint32_t to)
{
    const uint32_t bot = sim->at.bots + (uint32_t)sg_sim_below(sim, SIM_BOTS);
    const uint64_t fee = fee_of(sim, 0, WORK_TOKEN);
    if (!affords(sim, bot, SIM_NATIVE, 0, fee))
        return;
    struct tx tx = begin(sim, 0, bot, fee);
    put_row(sim, &tx, SG_RECORD_TOKEN, SIM_USDT, from, to, 0);
    pay_fee(sim, bot, fee);
}

void sg_sim_fail(struct sg_sim *sim, uint32_t from, uint32_t to, uint64_t amount)
{
    const uint64_t fee = fee_of(sim, 0, WORK_COIN);
    if (!affords(sim, from, SIM_NATIVE, 0, fee))
        return;
    struct tx tx = begin(sim, 0, from, fee);
    tx.status = SG_TX_FAILED;
    put_row(sim, &tx, SG_RECORD_TX, SIM_NATIVE, from, to, amount);
    pay_fee(sim, from, fee);
}
