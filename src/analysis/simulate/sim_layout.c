/* Which number belongs to whom, and what its address is. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#include <string.h>

/* Numbers of things that are not accounts, for their addresses and hashes. */
#define KEY_TOKEN (UINT64_C(1) << 40)
#define KEY_TX    (UINT64_C(1) << 41)

static uint64_t n_payees(const struct sg_scenario *s)
{
    return (uint64_t)s->payers * s->payees;
}

/* Rings are sized in sg_sim_hire; one needs two payees at least. */
static void count_rings(struct sim_layout *at, const struct sg_scenario *s)
{
    const uint64_t crooked = n_payees(s) * s->crooked / 1000;
    at->n_payees = (uint32_t)n_payees(s);
    at->n_crooked = crooked < s->ring_min ? 0 : (uint32_t)crooked;
    at->n_rings = at->n_crooked / s->ring_min;
    at->n_families = at->n_payees / 2 + 1;
}

enum sg_status sg_sim_layout(struct sim_layout *at, const struct sg_scenario *s, struct sg_err *err)
{
    uint64_t next = 0;
    if (n_payees(s) > UINT64_C(10000000))
        return sg_err_set(err, SG_ELIMIT, "the scenario has more than 10 million payees");
    *at = (struct sim_layout){.n_people = s->people, .n_lookalikes = s->people / 16};
    count_rings(at, s);
    const struct {
        uint32_t *first;
        uint64_t count;
    } kinds[] = {
        {&at->colds, s->exchanges},
        {&at->hots, (uint64_t)s->exchanges * SIM_HOTS},
        {&at->services, s->services},
        {&at->dex, 1},
        {&at->pools, SIM_POOLS},
        {&at->relays, SIM_RELAYS},
        {&at->lock, 1},
        {&at->brokers, s->brokers},
        {&at->bots, SIM_BOTS},
        {&at->issuers, 1},
        {&at->lookalikes, at->n_lookalikes},
        {&at->wallets, s->people},
        {&at->seconds, s->people / 8},
        {&at->deposits, s->people},
        {&at->payers, s->payers},
        {&at->agents, s->payers},
        {&at->payees, at->n_payees},
        {&at->payee_deposits, at->n_payees},
        {&at->families, at->n_families},
        {&at->hops, (uint64_t)at->n_crooked * SIM_HOP_SETS * 3},
        {&at->collectors, at->n_rings},
        {&at->victims, s->thefts},
        {&at->thieves, (uint64_t)s->thefts * SIM_THIEF},
        {&at->b_system, 2},
        {&at->b_wallets, s->people / 16},
        {&at->b_thieves, (uint64_t)s->thefts * SIM_THIEF_B},
        {&at->end, 0},
    };
    for (size_t i = 0; i < SG_COUNT_OF(kinds); i++) {
        *kinds[i].first = (uint32_t)next;
        next += kinds[i].count;
        if (next >= SIM_NOBODY)
            return sg_err_set(err, SG_ELIMIT, "the scenario has more addresses than a ledger");
    }
    return SG_OK;
}

static void fill(uint8_t *bytes, size_t size, uint64_t seed, uint64_t key)
{
    const uint64_t mixed = sg_sim_mix(seed, key);
    for (size_t i = 0; i < size; i += 8) {
        const uint64_t word = sg_sim_mix(mixed, i);
        memcpy(bytes + i, &word, size - i < 8 ? size - i : 8);
    }
}

/* People have one key on both chains. */
static uint64_t key_of(const struct sg_sim *sim, uint32_t account)
{
    const struct sim_layout *at = &sim->at;
    if (account >= at->b_wallets && account < at->b_thieves)
        return at->wallets + (uint64_t)(account - at->b_wallets) * 16;
    return account;
}

void sg_sim_address(struct sg_address *address, const struct sg_sim *sim, uint32_t account)
{
    *address = (struct sg_address){.size = 20};
    fill(address->bytes, 20, sim->options->seed, key_of(sim, account));
    const uint32_t number = account - sim->at.lookalikes;
    if (account < sim->at.lookalikes || number >= sim->at.n_lookalikes)
        return;
    struct sg_address target;
    sg_sim_address(&target, sim, sim->targets[number]);
    memcpy(address->bytes, target.bytes, 2);
    memcpy(address->bytes + 18, target.bytes + 18, 2);
}

char *sg_sim_text(char text[SIM_TEXT], const struct sg_sim *sim, uint32_t account)
{
    struct sg_address address;
    sg_sim_address(&address, sim, account);
    return sg_address_format(text, sim->options->chains[0], &address);
}

void sg_sim_hash(uint8_t hash32[32], const struct sg_sim *sim, uint64_t serial)
{
    fill(hash32, 32, sim->options->seed, KEY_TX + serial);
}

void sg_sim_token(struct sg_address *address, const struct sg_sim *sim, uint64_t number)
{
    *address = (struct sg_address){.size = 20};
    fill(address->bytes, 20, sim->options->seed, KEY_TOKEN + number);
}

unsigned sg_sim_chain_of(const struct sg_sim *sim, uint32_t account)
{
    return account >= sim->at.b_system;
}

uint32_t sg_sim_thief_of(const struct sg_sim *sim, uint32_t account)
{
    const struct sim_layout *at = &sim->at;
    if (account >= at->thieves && account < at->b_system) {
        const uint32_t place = (account - at->thieves) % SIM_THIEF;
        return place >= 2 && place < 2 + SIM_MULES ? SIM_NOBODY
                                                   : (account - at->thieves) / SIM_THIEF;
    }
    if (account >= at->b_thieves && account < at->end)
        return (account - at->b_thieves) % SIM_THIEF_B ? (account - at->b_thieves) / SIM_THIEF_B
                                                       : SIM_NOBODY;
    return SIM_NOBODY;
}

uint32_t sg_sim_exchange_of(const struct sg_sim *sim, uint32_t deposit)
{
    return (uint32_t)(sg_sim_mix(sim->options->seed ^ 0xe, deposit) % sim->scenario->exchanges);
}

uint32_t sg_sim_hot_of(const struct sg_sim *sim, uint32_t deposit)
{
    if (sg_sim_chain_of(sim, deposit))
        return sim->at.b_system + 1;
    return sim->at.hots + sg_sim_exchange_of(sim, deposit) * SIM_HOTS +
           (uint32_t)(sg_sim_mix(sim->options->seed ^ 0x407, deposit) % SIM_HOTS);
}

uint32_t sg_simulate_accounts(const struct sg_sim *sim)
{
    return sim->at.end;
}

void sg_simulate_address(struct sg_address *address, const struct sg_sim *sim, uint32_t account)
{
    sg_sim_address(address, sim, account);
}

void sg_simulate_hash(uint8_t hash32[32], const struct sg_sim *sim, uint64_t serial)
{
    sg_sim_hash(hash32, sim, serial);
}

const char *sg_simulate_token(struct sg_address *contract, const struct sg_sim *sim, uint32_t token)
{
    static const char *const fakes[] = {"USDC", "USDT", "ETH", "\xd0\x95TH"};
    sg_sim_token(contract, sim, token);
    return token < SIM_ASSETS ? sg_sim_asset_name(token) : fakes[token % SG_COUNT_OF(fakes)];
}
