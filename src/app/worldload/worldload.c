#include "app/worldload/worldload.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <string.h>

/* Numbers of the ledger's loader and of the world mean the same by the same. */
_Static_assert(SG_SIMULATE_NOBODY == SG_ID_NONE, "one number for nobody");

static uint8_t name(void *ctx, uint8_t bytes[SG_ADDRESS_MAX], uint32_t number)
{
    const struct sg_worldload *load = ctx;
    struct sg_address address;
    sg_simulate_address(&address, load->sim, number);
    memcpy(bytes, address.bytes, address.size);
    return address.size;
}

static void fill_tokens(struct sg_worldload *load)
{
    for (uint32_t i = 1; i < SG_SIMULATE_TOKENS; i++) {
        struct sg_bulk_token *token = &load->tokens[i];
        const char *symbol = sg_simulate_token(&token->contract, load->sim, i);
        snprintf(token->symbol, sizeof(token->symbol), "%s", symbol);
        token->decimals = 6;
    }
}

enum sg_status sg_worldload_begin(void *ctx, const struct sg_sim *sim, struct sg_err *err)
{
    struct sg_worldload *load = ctx;
    struct sg_bulk_options options = {.dir = load->dir,
                                      .n_numbers = sg_simulate_accounts(sim),
                                      .name = name,
                                      .ctx = load,
                                      .tokens = load->tokens,
                                      .n_tokens = SG_SIMULATE_TOKENS,
                                      .memory_max = load->memory_max,
                                      .n_threads = load->n_threads};
    enum sg_status st = SG_OK;
    load->sim = sim;
    fill_tokens(load);
    memcpy(options.identity32, load->identity32, sizeof(options.identity32));
    for (size_t i = 0; st == SG_OK && i < SG_SIMULATE_CHAINS; i++) {
        options.chain = load->chains[i].chain = load->options->chains[i];
        st = sg_bulk_new(&load->chains[i].bulk, &options, err);
    }
    return st;
}

static enum sg_status hand_over(struct sg_worldload_chain *c, struct sg_err *err)
{
    if (c->n_rows == 0)
        return SG_OK;
    c->tx.n_rows = (uint32_t)c->n_rows;
    c->n_rows = 0;
    return sg_bulk_add(c->bulk, &c->tx, c->rows, err);
}

static void begin_tx(struct sg_worldload_chain *c, const struct sg_worldload *load,
                     const struct sg_simulate_move *m)
{
    const bool has_hash = load->options->scenario->hashes && !m->is_reward;
    c->serial = m->serial;
    c->n_calls = c->n_rewards = 0;
    c->tx = (struct sg_bulk_tx){.block = m->block,
                                .time_unix_s = m->time_unix_s,
                                .fee = m->is_reward ? SG_AMOUNT_ZERO : m->fee,
                                .hash32 = has_hash ? c->hash32 : NULL,
                                .sender = m->payer,
                                .index = m->tx_index,
                                .status = SG_TX_UNKNOWN,
                                .flags = m->is_reward ? 0 : SG_TX_FEE_KNOWN};
    if (has_hash)
        sg_simulate_hash(c->hash32, load->sim, m->serial);
}

static uint8_t row_kind(const struct sg_simulate_move *m)
{
    return m->is_reward                 ? SG_ROW_REWARD
           : m->kind == SG_RECORD_TX    ? SG_ROW_NATIVE
           : m->kind == SG_RECORD_TOKEN ? SG_ROW_TOKEN
                                        : SG_ROW_INTERNAL;
}

/* Positions as an import gives them: value has one place, events their own, others their rank. */
static struct sg_bulk_row row_of(struct sg_worldload_chain *c, const struct sg_simulate_move *m)
{
    const uint8_t kind = row_kind(m);
    const bool known = kind == SG_ROW_NATIVE || kind == SG_ROW_TOKEN;
    const uint32_t pos = kind == SG_ROW_TOKEN      ? m->log_index
                         : kind == SG_ROW_NATIVE   ? 0
                         : kind == SG_ROW_INTERNAL ? c->n_calls++
                                                   : c->n_rewards++;
    const unsigned failed = m->status == SG_TX_FAILED ? SG_ROW_FAILED : 0;
    return (struct sg_bulk_row){.from = m->from,
                                .to = m->to,
                                .token = m->token ? m->token : SG_ID_NONE,
                                .pos = pos,
                                .amount = m->amount,
                                .kind = kind,
                                .flags = (uint8_t)(failed | (known ? SG_ROW_POS_KNOWN : 0))};
}

/* Rewards of a block are one transaction without sender, like those of any import. */
static bool is_of(const struct sg_worldload_chain *c, const struct sg_simulate_move *m)
{
    if (c->n_rows == 0)
        return false;
    return m->is_reward ? c->rows[0].kind == SG_ROW_REWARD && c->tx.block == m->block
                        : c->serial == m->serial;
}

enum sg_status sg_worldload_move(void *ctx, const struct sg_sim *sim, unsigned chain,
                                 const struct sg_simulate_move *move, struct sg_err *err)
{
    struct sg_worldload *load = ctx;
    struct sg_worldload_chain *c = &load->chains[chain];
    (void)sim;
    if (!is_of(c, move)) {
        const enum sg_status st = hand_over(c, err);
        if (st != SG_OK)
            return st;
        begin_tx(c, load, move);
    }
    if (!SG_VEC_RESERVE(c->rows, c->n_rows, c->cap_rows, 1))
        return sg_err_nomem(err);
    if (move->kind == SG_RECORD_TX) /* Which alone tells it, in a table of transfers too. */
        c->tx.status = (uint8_t)move->status;
    c->rows[c->n_rows++] = row_of(c, move);
    return SG_OK;
}

enum sg_status sg_worldload_end(void *ctx, struct sg_err *err)
{
    struct sg_worldload *load = ctx;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_SIMULATE_CHAINS; i++) {
        st = hand_over(&load->chains[i], err);
        if (st == SG_OK)
            st = sg_bulk_settle(load->chains[i].bulk, err);
    }
    return st;
}

enum sg_status sg_worldload_finish(struct sg_worldload *load, struct sg_err *err)
{
    struct sg_file_entry file = {.name = "simulated", .table = "simulated"};
    enum sg_status st = SG_OK;
    memcpy(file.sha256, load->identity32, sizeof(file.sha256));
    for (size_t i = 0; st == SG_OK && i < SG_SIMULATE_CHAINS; i++)
        st = sg_bulk_finish(load->chains[i].bulk,
                            SG_COVER_NATIVE | SG_COVER_INTERNAL | SG_COVER_TOKEN, &file, err);
    return st;
}

void sg_worldload_free(struct sg_worldload *load)
{
    for (size_t i = 0; i < SG_SIMULATE_CHAINS; i++) {
        sg_bulk_free(load->chains[i].bulk);
        sg_mem_free(load->chains[i].rows);
    }
}
