/* truth.json: steps and pairs as they happen, then sums, owners and payrolls. Written in pieces. */
#include "analysis/simulate/sim_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <stdio.h>

#define PIECE ((size_t)64 * 1024)

const char *sg_sim_asset_name(unsigned asset)
{
    static const char *const names[SIM_ASSETS] = {"", "USDC", "USDT"};
    return names[asset];
}

static const char *asset_name(const struct sg_sim *sim, unsigned asset)
{
    return asset == SIM_NATIVE ? sim->options->chains[0]->symbol : sg_sim_asset_name(asset);
}

static void flush(struct sg_sim *sim, size_t at_least)
{
    if (sim->truth.size < at_least || sim->status != SG_OK)
        return;
    sim->status = sg_buf_check(&sim->truth, sim->err);
    if (sim->status == SG_OK)
        sim->status = sim->sink->truth(sim->sink->ctx, sim->truth.data, sim->truth.size, sim->err);
    sg_buf_reset(&sim->truth);
}

/* A new line before each entry of a list, so that people can read the file. */
static void entry(struct sg_sim *sim)
{
    flush(sim, PIECE);
    sg_jsonw_begin_object(&sim->json);
}

static void end_entry(struct sg_sim *sim)
{
    sg_jsonw_end_object(&sim->json);
    sg_buf_putc(&sim->truth, '\n');
}

static void address(struct sg_sim *sim, const char *key, uint32_t account)
{
    char text[SIM_TEXT];
    sg_jsonw_kv_string(&sim->json, key, sg_sim_text(text, sim, account));
}

static void item(struct sg_sim *sim, uint32_t account)
{
    char text[SIM_TEXT];
    flush(sim, PIECE);
    sg_jsonw_string(&sim->json, sg_sim_text(text, sim, account));
}

static void list(struct sg_sim *sim, const char *key)
{
    sg_jsonw_key(&sim->json, key);
    sg_jsonw_begin_array(&sim->json);
}

static void hash(struct sg_sim *sim, const char *key, uint64_t serial)
{
    uint8_t hash32[32];
    sg_sim_hash(hash32, sim, serial);
    sg_jsonw_key(&sim->json, key);
    sg_jsonw_hex(&sim->json, hash32, sizeof(hash32));
}

/* Base units, as the ledger has them. */
static void amount(struct sg_sim *sim, const char *key, unsigned asset, uint64_t small)
{
    const sg_u128 units = asset == SIM_NATIVE ? (sg_u128)small * 1000000000u : small;
    sg_jsonw_kv_amount(&sim->json, key, sg_amount_from(units), 0);
}

static void asset_of(struct sg_sim *sim, uint32_t account, unsigned asset)
{
    sg_jsonw_kv_string(&sim->json, "chain",
                       sim->options->chains[sg_sim_chain_of(sim, account)]->name);
    sg_jsonw_kv_string(&sim->json, "asset", asset_name(sim, asset));
}

void sg_sim_truth_begin(struct sg_sim *sim)
{
    sg_jsonw_init(&sim->json, &sim->truth);
    sg_jsonw_begin_object(&sim->json);
    sg_jsonw_kv_uint(&sim->json, "schema", 1);
    sg_jsonw_kv_uint(&sim->json, "seed", sim->options->seed);
    list(sim, "events");
}

void sg_sim_tell_step(struct sg_sim *sim, uint32_t theft, const char *step, unsigned asset,
                      uint32_t from, uint32_t to, uint64_t small)
{
    entry(sim);
    sg_jsonw_kv_string(&sim->json, "kind", step);
    sg_jsonw_kv_uint(&sim->json, "theft", theft);
    asset_of(sim, from, asset);
    hash(sim, "tx", sim->serial);
    address(sim, "from", from);
    address(sim, "to", to);
    amount(sim, "amount", asset, small);
    end_entry(sim);
}

void sg_sim_tell_pair(struct sg_sim *sim, const char *kind, uint64_t tx_in, uint32_t from,
                      uint32_t to, unsigned asset, uint64_t in, uint64_t out)
{
    if (!sim->scenario->people_told && sg_sim_thief_of(sim, to) == SIM_NOBODY)
        return;
    entry(sim);
    sg_jsonw_kv_string(&sim->json, "kind", kind);
    sg_jsonw_kv_string(&sim->json, "asset", asset_name(sim, asset));
    hash(sim, "tx_in", tx_in);
    address(sim, "from", from);
    amount(sim, "in", asset, in);
    hash(sim, "tx_out", sim->serial);
    sg_jsonw_kv_string(&sim->json, "chain_out",
                       sim->options->chains[sg_sim_chain_of(sim, to)]->name);
    address(sim, "to", to);
    amount(sim, "out", asset, out);
    end_entry(sim);
}

/* Of one asset on one chain: what is still at the thief's addresses. */
static uint64_t held(const struct sg_sim *sim, uint32_t theft, unsigned chain, unsigned asset)
{
    const struct sim_layout *at = &sim->at;
    const uint32_t first =
        chain ? at->b_thieves + theft * SIM_THIEF_B : at->thieves + theft * SIM_THIEF;
    const uint32_t n = chain ? SIM_THIEF_B : SIM_THIEF;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        if (sg_sim_thief_of(sim, first + i) == theft)
            sum += sim->balances[first + i][asset];
    return sum;
}

/* The books must balance: what came equals what went and what is held. */
static void tell_sums(struct sg_sim *sim, uint32_t theft, unsigned chain, unsigned asset)
{
    const struct sim_sums *s = &sim->thefts[theft].sums[chain][asset];
    const uint64_t left = held(sim, theft, chain, asset);
    const struct {
        const char *key;
        uint64_t value;
    } parts[] = {
        {"stolen", s->stolen},
        {"gas_bought", s->clean_in},
        {"stray_in", s->stray_in},
        {"swapped_in", s->swapped_in},
        {"bridged_in", s->bridged_in},
        {"unmixed", s->unmixed},
        {"exchange", s->exchange},
        {"otc", s->otc},
        {"mixed", s->mixed},
        {"swapped_out", s->swapped_out},
        {"bridged_out", s->bridged_out},
        {"fees", s->fees},
        {"held", left},
    };
    uint64_t in = 0, out = 0;
    for (size_t i = 0; i < SG_COUNT_OF(parts); i++)
        *(i < 6 ? &in : &out) += parts[i].value;
    assert(in == out);
    assert(s->mixed == s->unmixed + s->mixer_fees + s->in_mixer);
    if (in == 0)
        return;
    entry(sim);
    sg_jsonw_kv_string(&sim->json, "chain", sim->options->chains[chain]->name);
    sg_jsonw_kv_string(&sim->json, "asset", asset_name(sim, asset));
    for (size_t i = 0; i < SG_COUNT_OF(parts); i++)
        amount(sim, parts[i].key, asset, parts[i].value);
    amount(sim, "mixer_fees", asset, s->mixer_fees);
    amount(sim, "in_mixer", asset, s->in_mixer);
    amount(sim, "bridge_fees", asset, s->bridge_fees);
    amount(sim, "in_bridge", asset, s->in_bridge);
    end_entry(sim);
}

static void tell_used(struct sg_sim *sim, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + n; i++)
        if (sim->flags[i] & SIM_SEEN)
            item(sim, i);
}

static void tell_thefts(struct sg_sim *sim)
{
    list(sim, "thefts");
    for (uint32_t theft = 0; theft < sim->scenario->thefts; theft++) {
        const uint32_t first = sim->at.thieves + theft * SIM_THIEF;
        const uint32_t first_b = sim->at.b_thieves + theft * SIM_THIEF_B;
        if (!sim->thefts[theft].begun)
            continue;
        entry(sim);
        sg_jsonw_kv_uint(&sim->json, "theft", theft);
        address(sim, "victim", sim->at.victims + theft);
        list(sim, "books");
        for (unsigned i = 0; i < SG_SIMULATE_CHAINS * SIM_ASSETS; i++)
            tell_sums(sim, theft, i / SIM_ASSETS, i % SIM_ASSETS);
        sg_jsonw_end_array(&sim->json);
        list(sim, "addresses");
        tell_used(sim, first, 2);
        tell_used(sim, first + 2 + SIM_MULES, SIM_FRESH);
        sg_jsonw_end_array(&sim->json);
        list(sim, "addresses_second_chain");
        tell_used(sim, first_b + 1, SIM_FRESH_B);
        sg_jsonw_end_array(&sim->json);
        list(sim, "mule_deposits");
        tell_used(sim, first + 2, SIM_MULES);
        tell_used(sim, first_b, 1);
        sg_jsonw_end_array(&sim->json);
        end_entry(sim);
    }
    sg_jsonw_end_array(&sim->json);
}

static void visit_entity(void (*visit)(void *ctx, const struct sim_entity *entity), void *ctx,
                         const char *category, uint32_t number, struct sim_entity entity)
{
    entity.category = category;
    snprintf(entity.name, sizeof(entity.name), "%s %u", category, number);
    visit(ctx, &entity);
}

void sg_sim_each_entity(const struct sg_sim *sim,
                        void (*visit)(void *ctx, const struct sim_entity *entity), void *ctx)
{
    const struct sim_layout *at = &sim->at;
    const struct sg_scenario *s = sim->scenario;
    for (uint32_t i = 0; i < s->exchanges; i++)
        visit_entity(visit, ctx, "exchange", i,
                     (struct sim_entity){
                         .first = at->hots + i * SIM_HOTS, .n = SIM_HOTS, .more = at->colds + i});
    for (uint32_t i = 0; i < s->services; i++)
        visit_entity(visit, ctx, "payment", i,
                     (struct sim_entity){.first = at->services + i, .n = 1, .more = SIM_NOBODY});
    visit_entity(visit, ctx, "dex", 0,
                 (struct sim_entity){.first = at->dex, .n = 1, .more = SIM_NOBODY});
    visit_entity(visit, ctx, "mixer", 0,
                 (struct sim_entity){.first = at->pools, .n = SIM_POOLS, .more = SIM_NOBODY});
    visit_entity(visit, ctx, "bridge", 0,
                 (struct sim_entity){.first = at->lock, .n = 1, .more = at->b_system});
    for (uint32_t i = 0; i < s->brokers; i++)
        visit_entity(visit, ctx, "otc", i,
                     (struct sim_entity){.first = at->brokers + i, .n = 1, .more = SIM_NOBODY});
}

static void tell_entity(void *ctx, const struct sim_entity *e)
{
    struct sg_sim *sim = ctx;
    entry(sim);
    sg_jsonw_kv_string(&sim->json, "category", e->category);
    sg_jsonw_kv_string(&sim->json, "entity", e->name);
    list(sim, "addresses");
    tell_used(sim, e->first, e->n);
    if (e->more != SIM_NOBODY)
        tell_used(sim, e->more, 1);
    sg_jsonw_end_array(&sim->json);
    end_entry(sim);
}

static void tell_entities(struct sg_sim *sim)
{
    list(sim, "entities");
    sg_sim_each_entity(sim, tell_entity, sim);
    sg_jsonw_end_array(&sim->json);
}

/* People with two wallets, and whose a deposit address is. */
static void tell_people(struct sg_sim *sim)
{
    const struct sim_layout *at = &sim->at;
    const uint32_t n_people = sim->scenario->people_told ? at->n_people : 0;
    list(sim, "owners");
    for (uint32_t i = 0; i < n_people / 8; i++) {
        if (!(sim->flags[at->seconds + i] & SIM_SEEN))
            continue;
        flush(sim, PIECE);
        sg_jsonw_begin_array(&sim->json);
        item(sim, at->wallets + 8 * i);
        item(sim, at->seconds + i);
        sg_jsonw_end_array(&sim->json);
        sg_buf_putc(&sim->truth, '\n');
    }
    sg_jsonw_end_array(&sim->json);
    list(sim, "deposit_addresses");
    for (uint32_t i = 0; i < n_people + at->n_payees; i++) {
        const bool person = i < n_people;
        const uint32_t n = person ? i : i - n_people;
        const uint32_t deposit = (person ? at->deposits : at->payee_deposits) + n;
        if (!(sim->flags[deposit] & SIM_SEEN))
            continue;
        entry(sim);
        address(sim, "address", deposit);
        address(sim, "customer", (person ? at->wallets : at->payees) + n);
        sg_jsonw_kv_uint(&sim->json, "exchange", sg_sim_exchange_of(sim, deposit));
        end_entry(sim);
    }
    sg_jsonw_end_array(&sim->json);
}

static const char *habit_name(enum sim_payee_kind kind)
{
    switch (kind) {
    case SIM_PAYEE_EXCHANGE:
        return "exchange";
    case SIM_PAYEE_SPENDER:
        return "spender";
    case SIM_PAYEE_FAMILY:
        return "family";
    case SIM_PAYEE_BROKER:
        return "broker";
    case SIM_PAYEE_CROOKED:
        return "gathers";
    }
    return NULL;
}

static void tell_payee(struct sg_sim *sim, uint32_t number)
{
    const struct sim_payee *p = &sim->payees[number];
    if (!(sim->flags[sim->at.payees + number] & SIM_SEEN))
        return;
    entry(sim);
    address(sim, "address", sim->at.payees + number);
    sg_jsonw_kv_string(&sim->json, "habit", habit_name((enum sim_payee_kind)p->kind));
    if (p->kind == SIM_PAYEE_FAMILY)
        address(sim, "family", sim->at.families + p->group);
    if (p->kind == SIM_PAYEE_CROOKED) {
        address(sim, "collector", sim->at.collectors + p->group);
        sg_jsonw_kv_uint(&sim->json, "hops", p->hops);
        sg_jsonw_kv_uint(&sim->json, "kept_percent", p->kept);
    }
    end_entry(sim);
}

static void tell_payrolls(struct sg_sim *sim)
{
    list(sim, "payrolls");
    for (uint32_t i = 0; i < sim->scenario->payers; i++) {
        const struct sim_payer *payer = &sim->payers[i];
        entry(sim);
        address(sim, "payer", sim->at.payers + i);
        address(sim, "pays_from", payer->through_agent ? sim->at.agents + i : sim->at.payers + i);
        sg_jsonw_kv_string(&sim->json, "asset", sg_sim_asset_name(payer->asset));
        sg_jsonw_kv_uint(&sim->json, "days", payer->fortnight ? 14 : 30);
        list(sim, "payees");
        for (uint32_t p = payer->first; p < payer->end; p++)
            tell_payee(sim, p);
        sg_jsonw_end_array(&sim->json);
        end_entry(sim);
    }
    sg_jsonw_end_array(&sim->json);
}

static void tell_decoys(struct sg_sim *sim)
{
    list(sim, "lookalikes");
    for (uint32_t i = 0; sim->scenario->people_told && i < sim->n_lookalikes; i++) {
        entry(sim);
        address(sim, "address", sim->at.lookalikes + i);
        address(sim, "looks_like", sim->targets[i]);
        end_entry(sim);
    }
    sg_jsonw_end_array(&sim->json);
    list(sim, "true_tokens");
    for (unsigned asset = SIM_USDC; asset < SIM_ASSETS; asset++) {
        struct sg_address token;
        char text[SIM_TEXT];
        sg_sim_token(&token, sim, asset);
        sg_jsonw_string(&sim->json, sg_address_format(text, sim->options->chains[0], &token));
    }
    sg_jsonw_end_array(&sim->json);
}

void sg_sim_truth_end(struct sg_sim *sim)
{
    sg_jsonw_end_array(&sim->json); /* of events */
    tell_thefts(sim);
    tell_entities(sim);
    tell_people(sim);
    tell_payrolls(sim);
    tell_decoys(sim);
    sg_jsonw_end_object(&sim->json);
    sg_buf_putc(&sim->truth, '\n');
    flush(sim, 0);
}
