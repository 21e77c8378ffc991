/* Etherscan and the explorers of its make: the answers of the account API, and the same fields as
 * CSV. Names of fields: the API's public documentation (module account, actions txlist,
 * txlistinternal, tokentx). */
#include "base/mem.h"
#include "formats/decode/decode_internal.h"
#include "formats/decode/website_internal.h"

#include <string.h>

static const struct column txlist_columns[] = {
    {"blockNumber", SLOT_BLOCK, EACH_FIELD},
    {"timeStamp", SLOT_TIME, MAY_LACK},
    {"hash", SLOT_HASH, EACH_FIELD},
    {"transactionIndex", SLOT_TX_INDEX, MAY_LACK},
    {"from", SLOT_FROM, EACH_FIELD},
    {"to", SLOT_TO, COLUMN},
    {"value", SLOT_VALUE, EACH_FIELD},
    {"gasPrice", SLOT_GAS_PRICE, MAY_LACK},
    {"gasUsed", SLOT_GAS_USED, MAY_LACK},
    {"isError", SLOT_ERROR_FLAG, MAY_LACK},
    {"txreceipt_status", SLOT_STATUS, MAY_LACK},
    {"contractAddress", SLOT_CONTRACT, MAY_LACK},
};

static const struct column internal_columns[] = {
    {"blockNumber", SLOT_BLOCK, EACH_FIELD},
    {"timeStamp", SLOT_TIME, MAY_LACK},
    {"hash", SLOT_HASH, EACH_FIELD},
    {"from", SLOT_FROM, EACH_FIELD},
    {"to", SLOT_TO, COLUMN},
    {"value", SLOT_VALUE, EACH_FIELD},
    {"isError", SLOT_ERROR_FLAG, MAY_LACK},
    {"contractAddress", SLOT_CONTRACT, MAY_LACK},
    {"type", SLOT_KIND, MAY_LACK},
};

static const struct column tokentx_columns[] = {
    {"blockNumber", SLOT_BLOCK, EACH_FIELD},
    {"timeStamp", SLOT_TIME, MAY_LACK},
    {"hash", SLOT_HASH, EACH_FIELD},
    {"transactionIndex", SLOT_TX_INDEX, MAY_LACK},
    {"logIndex", SLOT_POSITION, MAY_LACK},
    {"from", SLOT_FROM, EACH_FIELD},
    {"to", SLOT_TO, EACH_FIELD},
    {"value", SLOT_VALUE, COLUMN},
    {"contractAddress", SLOT_CONTRACT, EACH_FIELD},
    {"tokenSymbol", SLOT_SYMBOL, MAY_LACK},
    {"tokenDecimal", SLOT_DECIMALS, MAY_LACK},
    {"tokenID", SLOT_TOKEN_ID, MAY_LACK},
    {"gasPrice", SLOT_GAS_PRICE, MAY_LACK},
    {"gasUsed", SLOT_GAS_USED, MAY_LACK},
};

bool sg_row_created(struct reading *g, struct sg_record *record)
{
    if (!sg_row_has(g, SLOT_CONTRACT))
        return true;
    if (record->to.size)
        return sg_row_bad(g, "a receiver and a contract: is this a token's row?");
    return sg_row_address(g, &record->to, SLOT_CONTRACT);
}

/* A flag that is "0" or "1"; `*value` stays where the field is empty. */
static bool read_flag(struct reading *g, int *value, enum slot slot)
{
    uint64_t flag = 0;
    if (!sg_row_u64(g, &flag, slot, 1))
        return false;
    if (sg_row_has(g, slot))
        *value = (int)flag;
    return true;
}

/* A transaction fails if either says so: receipts have a status only since Byzantium. */
static bool read_status(struct reading *g, struct sg_record *record)
{
    int error = -1;
    int status = -1;
    if (!read_flag(g, &error, SLOT_ERROR_FLAG) || !read_flag(g, &status, SLOT_STATUS))
        return false;
    if (error == 1 || status == 0)
        record->status = SG_TX_FAILED;
    else if (error == 0 || status == 1)
        record->status = SG_TX_OK;
    return true;
}

static bool read_txlist(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_TX);
    if (!sg_row_common(g, record) || !sg_row_amount(g, &record->amount, NULL, SLOT_VALUE) ||
        !sg_row_amount(g, &record->gas_price, &record->has_gas_price, SLOT_GAS_PRICE) ||
        !sg_row_amount(g, &record->gas_used, &record->has_gas_used, SLOT_GAS_USED) ||
        !read_status(g, record))
        return false;
    record->is_create = !record->to.size;
    return sg_row_created(g, record);
}

/* Calls that run foreign code on the caller's own balance: the value they name does not move. */
static bool moves_nothing(const struct reading *g)
{
    return sg_row_is(g, SLOT_KIND, "delegatecall") || sg_row_is(g, SLOT_KIND, "callcode") ||
           sg_row_is(g, SLOT_KIND, "staticcall");
}

static bool read_internal(struct reading *g)
{
    if (moves_nothing(g))
        return true;
    struct sg_record *record = sg_row_record(g, SG_RECORD_INTERNAL);
    if (!sg_row_common(g, record) || !sg_row_amount(g, &record->amount, NULL, SLOT_VALUE) ||
        !read_status(g, record))
        return false;
    record->is_create = !record->to.size;
    return sg_row_created(g, record);
}

/* The gas of a token's row is that of its transaction, once, whatever number of rows it has. Who
 * paid it the row does not say. */
static bool read_token_gas(struct reading *g, const struct sg_record *token)
{
    if (!sg_row_has(g, SLOT_GAS_PRICE) || !sg_row_has(g, SLOT_GAS_USED) ||
        (g->has_receipt_hash && memcmp(g->receipt_hash32, token->hash32, 32) == 0))
        return true;
    struct sg_record *receipt = sg_row_record(g, SG_RECORD_RECEIPT);
    receipt->block = token->block;
    receipt->has_hash = true;
    memcpy(receipt->hash32, token->hash32, 32);
    receipt->tx_index = token->tx_index;
    receipt->status = SG_TX_OK; /* A transaction that fails leaves no transfer behind. */
    g->has_receipt_hash = true;
    memcpy(g->receipt_hash32, token->hash32, 32);
    return sg_row_amount(g, &receipt->gas_price, &receipt->has_gas_price, SLOT_GAS_PRICE) &&
           sg_row_amount(g, &receipt->gas_used, &receipt->has_gas_used, SLOT_GAS_USED);
}

void sg_row_mint(const struct reading *g, struct sg_record *record)
{
    static const uint8_t zero20[20];
    if (g->chain->hex20 && record->from.size && memcmp(record->from.bytes, zero20, 20) == 0)
        record->from.size = 0;
}

static bool read_tokentx(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_TOKEN);
    if (sg_row_has(g, SLOT_TOKEN_ID))
        return sg_row_bad(g, "not a fungible token: it has a tokenID");
    if (!sg_row_has(g, SLOT_VALUE))
        return sg_row_bad(g, "value: it is empty");
    if (!sg_row_common(g, record) || !sg_row_token_amount(g, record, SLOT_VALUE) ||
        !sg_row_address(g, &record->token, SLOT_CONTRACT) || !sg_row_symbol(g, record) ||
        !sg_row_u32(g, &record->log_index, SLOT_POSITION))
        return false;
    sg_row_mint(g, record);
    return read_token_gas(g, record);
}

static const struct table txlist = {
    .name = "etherscan txlist",
    .kind = SG_RECORD_TX,
    .marks = {"gasPrice", "txreceipt_status", "isError", "gasUsed", "nonce"},
    .columns = txlist_columns,
    .n_columns = SG_COUNT_OF(txlist_columns),
    .read = read_txlist,
};

static const struct table internal = {
    .name = "etherscan txlistinternal",
    .kind = SG_RECORD_INTERNAL,
    .marks = {"traceId", "errCode", "type"},
    .columns = internal_columns,
    .n_columns = SG_COUNT_OF(internal_columns),
    .read = read_internal,
};

static const struct table tokentx = {
    .name = "etherscan tokentx",
    .kind = SG_RECORD_TOKEN,
    .marks = {"tokenSymbol", "tokenDecimal", "tokenName", "tokenID"},
    .columns = tokentx_columns,
    .n_columns = SG_COUNT_OF(tokentx_columns),
    .read = read_tokentx,
};

/* The website's own come first: their marks are the narrower ones. */
static const struct table *const tables[] = {
    &sg_website_tokens, &sg_website_internal, &sg_website_native, &tokentx, &internal, &txlist,
};

const struct table_list sg_etherscan_tables = {
    tables, SG_COUNT_OF(tables),
    "expected are those of txlist, txlistinternal or tokentx, or of the website's CSV exports"};
