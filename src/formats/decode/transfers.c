/* Our own table, docs/formats/transfers.md: any chain, any asset. */
#include "base/mem.h"
#include "formats/decode/decode_internal.h"
#include "formats/decode/website_internal.h"

#include <string.h>

static const struct column columns[] = {
    {"block", SLOT_BLOCK, EACH_FIELD},
    {"tx_hash", SLOT_HASH, COLUMN},
    {"from", SLOT_FROM, COLUMN},
    {"to", SLOT_TO, COLUMN},
    {"amount", SLOT_VALUE, EACH_FIELD},
    {"tx_index", SLOT_TX_INDEX, MAY_LACK},
    {"time", SLOT_TIME, MAY_LACK},
    {"kind", SLOT_KIND, MAY_LACK},
    {"position", SLOT_POSITION, MAY_LACK},
    {"asset", SLOT_CONTRACT, MAY_LACK},
    {"symbol", SLOT_SYMBOL, MAY_LACK},
    {"decimals", SLOT_DECIMALS, MAY_LACK},
    {"status", SLOT_STATUS, MAY_LACK},
    {"fee", SLOT_FEE, MAY_LACK},
    {"fee_payer", SLOT_FEE_PAYER, MAY_LACK},
    {"chain", SLOT_CHAIN, MAY_LACK},
};

/* An empty asset, or the coin's own symbol, is the chain's native asset. */
static bool is_native(const struct reading *g)
{
    return !sg_row_has(g, SLOT_CONTRACT) || sg_row_is(g, SLOT_CONTRACT, g->chain->symbol);
}

static bool kind_of(struct reading *g, enum sg_record_kind *kind)
{
    const bool native = is_native(g);
    *kind = native ? SG_RECORD_TX : SG_RECORD_TOKEN;
    if (!sg_row_has(g, SLOT_KIND))
        return true;
    if (sg_row_is(g, SLOT_KIND, "native"))
        *kind = SG_RECORD_TX;
    else if (sg_row_is(g, SLOT_KIND, "internal"))
        *kind = SG_RECORD_INTERNAL;
    else if (sg_row_is(g, SLOT_KIND, "token"))
        *kind = SG_RECORD_TOKEN;
    else if (sg_row_is(g, SLOT_KIND, "reward"))
        *kind = SG_RECORD_TRACE;
    else
        return sg_row_bad(g, "kind: one of native, internal, token, reward is expected");
    if ((*kind == SG_RECORD_TOKEN) == native)
        return sg_row_bad(g, native ? "a token's row needs the token in asset"
                                    : "only a token's row has a token in asset");
    return true;
}

static bool read_status(struct reading *g, struct sg_record *record)
{
    if (sg_row_is(g, SLOT_STATUS, "ok") || sg_row_is(g, SLOT_STATUS, "1"))
        record->status = SG_TX_OK;
    else if (sg_row_is(g, SLOT_STATUS, "failed") || sg_row_is(g, SLOT_STATUS, "0"))
        record->status = SG_TX_FAILED;
    else if (sg_row_has(g, SLOT_STATUS))
        return sg_row_bad(g, "status: ok, failed or nothing is expected");
    return true;
}

/* Amount, and what only tokens have. */
static bool read_asset(struct reading *g, struct sg_record *record)
{
    if (record->kind != SG_RECORD_TOKEN)
        return sg_row_amount(g, &record->amount, NULL, SLOT_VALUE);
    return sg_row_token_amount(g, record, SLOT_VALUE) &&
           sg_row_address(g, &record->token, SLOT_CONTRACT) && sg_row_symbol(g, record) &&
           sg_row_u32(g, &record->log_index, SLOT_POSITION);
}

/* The sender of the native row pays; any other payer, or a fee beside another kind of row, goes
 * into a record of its own. */
static bool read_fee(struct reading *g, struct sg_record *record)
{
    struct sg_address payer = {0};
    struct sg_amount fee;
    bool has_fee = false;
    if (!sg_row_amount(g, &fee, &has_fee, SLOT_FEE) || !sg_row_address(g, &payer, SLOT_FEE_PAYER))
        return false;
    if (!has_fee)
        return true;
    const bool by_sender =
        !payer.size || (payer.size == record->from.size &&
                        memcmp(payer.bytes, record->from.bytes, payer.size) == 0);
    struct sg_record *bearer = record;
    if (record->kind != SG_RECORD_TX || !by_sender) {
        bearer = sg_row_record(g, SG_RECORD_RECEIPT);
        bearer->block = record->block;
        bearer->has_hash = true;
        memcpy(bearer->hash32, record->hash32, 32);
        bearer->tx_index = record->tx_index;
        bearer->from = payer;
    }
    bearer->fee = fee;
    bearer->has_fee = true;
    return true;
}

static bool read_row(struct reading *g)
{
    enum sg_record_kind kind;
    if (sg_row_has(g, SLOT_CHAIN) && !sg_row_is(g, SLOT_CHAIN, g->chain->name))
        return sg_row_bad(g, "wrong chain: this file is imported as %s", g->chain->name);
    if (!kind_of(g, &kind))
        return false;
    struct sg_record *record = sg_row_record(g, kind);
    record->is_reward = kind == SG_RECORD_TRACE;
    if (!sg_row_common(g, record) || !read_status(g, record) || !read_asset(g, record))
        return false;
    if (!record->has_hash && !record->is_reward)
        return sg_row_bad(g, "tx_hash: only a reward may lack it");
    if (!record->from.size && kind == SG_RECORD_TX)
        return sg_row_bad(g, "from: a native row needs its sender");
    record->is_create = kind == SG_RECORD_TX && !record->to.size;
    return read_fee(g, record);
}

static const struct table transfers = {
    .name = "transfers",
    .marks = {"tx_hash", "amount", "asset", "block"},
    .columns = columns,
    .n_columns = SG_COUNT_OF(columns),
    .read = read_row,
};

static const struct table *const tables[] = {&transfers};

const struct table_list sg_transfers_tables = {
    tables, SG_COUNT_OF(tables), "expected are block, tx_hash, from, to, amount and more"};
