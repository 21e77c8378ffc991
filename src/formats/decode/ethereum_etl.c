/* The tables of ethereum-etl, as its export commands (CSV, JSON lines) and its stream command (JSON
 * lines with `type` and `item_id`) write them. Names: its public schema documentation. */
#include "base/mem.h"
#include "formats/decode/decode_internal.h"
#include "formats/decode/website_internal.h"

static const struct column block_columns[] = {
    {"number", SLOT_BLOCK, EACH_FIELD},
    {"timestamp", SLOT_TIME, EACH_FIELD},
};

static const struct column transaction_columns[] = {
    {"block_number", SLOT_BLOCK, EACH_FIELD},
    {"block_timestamp", SLOT_TIME, MAY_LACK},
    {"hash", SLOT_HASH, EACH_FIELD},
    {"transaction_index", SLOT_TX_INDEX, MAY_LACK},
    {"from_address", SLOT_FROM, EACH_FIELD},
    {"to_address", SLOT_TO, COLUMN},
    {"value", SLOT_VALUE, EACH_FIELD},
    {"gas_price", SLOT_GAS_PRICE, MAY_LACK},
    {"receipt_effective_gas_price", SLOT_GAS_PRICE_PAID, MAY_LACK},
    {"receipt_gas_used", SLOT_GAS_USED, MAY_LACK},
    {"receipt_contract_address", SLOT_CONTRACT, MAY_LACK},
    {"receipt_status", SLOT_STATUS, MAY_LACK},
    {"receipt_l1_fee", SLOT_L1_FEE, MAY_LACK},
};

static const struct column receipt_columns[] = {
    {"block_number", SLOT_BLOCK, EACH_FIELD},
    {"transaction_hash", SLOT_HASH, EACH_FIELD},
    {"transaction_index", SLOT_TX_INDEX, MAY_LACK},
    {"gas_used", SLOT_GAS_USED, EACH_FIELD},
    {"effective_gas_price", SLOT_GAS_PRICE_PAID, MAY_LACK},
    {"status", SLOT_STATUS, MAY_LACK},
    {"l1_fee", SLOT_L1_FEE, MAY_LACK},
};

static const struct column transfer_columns[] = {
    {"block_number", SLOT_BLOCK, EACH_FIELD},     {"block_timestamp", SLOT_TIME, MAY_LACK},
    {"transaction_hash", SLOT_HASH, EACH_FIELD},  {"log_index", SLOT_POSITION, EACH_FIELD},
    {"token_address", SLOT_CONTRACT, EACH_FIELD}, {"from_address", SLOT_FROM, EACH_FIELD},
    {"to_address", SLOT_TO, EACH_FIELD},          {"value", SLOT_VALUE, EACH_FIELD},
};

static const struct column trace_columns[] = {
    {"block_number", SLOT_BLOCK, EACH_FIELD},
    {"block_timestamp", SLOT_TIME, MAY_LACK},
    {"transaction_hash", SLOT_HASH, COLUMN},
    {"transaction_index", SLOT_TX_INDEX, MAY_LACK},
    {"from_address", SLOT_FROM, COLUMN},
    {"to_address", SLOT_TO, COLUMN},
    {"value", SLOT_VALUE, COLUMN},
    {"trace_type", SLOT_KIND, EACH_FIELD},
    {"call_type", SLOT_CALL_TYPE, COLUMN},
    {"trace_address", SLOT_POSITION, MAY_LACK},
    {"error", SLOT_ERROR, MAY_LACK},
    {"status", SLOT_STATUS, MAY_LACK},
};

static bool read_block(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_BLOCK);
    return sg_row_u64(g, &record->block, SLOT_BLOCK, UINT64_MAX) &&
           sg_row_time(g, &record->time_unix_s, SLOT_TIME);
}

/* Empty before Byzantium, when receipts had a state root instead. */
static bool read_status(struct reading *g, struct sg_record *record)
{
    uint64_t status = 0;
    if (!sg_row_u64(g, &status, SLOT_STATUS, 1))
        return false;
    if (sg_row_has(g, SLOT_STATUS))
        record->status = status ? SG_TX_OK : SG_TX_FAILED;
    return true;
}

/* On a rollup the fee has a second part, for the chain below: then it is known as a whole, or where
 * the price paid is missing, not at all. */
static bool add_l1_fee(struct reading *g, struct sg_record *record)
{
    struct sg_amount l1_fee;
    struct sg_amount fee;
    bool has_l1_fee = false;
    if (!sg_row_amount(g, &l1_fee, &has_l1_fee, SLOT_L1_FEE))
        return false;
    if (!has_l1_fee)
        return true;
    uint64_t gas = 0;
    if (!sg_row_u64(g, &gas, SLOT_GAS_USED, UINT64_MAX))
        return false;
    if (record->has_gas_price && record->has_gas_used) {
        if (!sg_amount_mul(&fee, record->gas_price, gas) || !sg_amount_add(&fee, fee, l1_fee))
            return sg_row_bad(g, "the fee needs more than 128 bits");
        record->fee = fee;
        record->has_fee = true;
    }
    record->has_gas_used = false;
    return true;
}

static bool read_gas(struct reading *g, struct sg_record *record)
{
    return sg_row_amount(g, &record->gas_price, &record->has_gas_price, SLOT_GAS_PRICE) &&
           sg_row_amount(g, &record->gas_price, &record->has_gas_price, SLOT_GAS_PRICE_PAID) &&
           sg_row_amount(g, &record->gas_used, &record->has_gas_used, SLOT_GAS_USED) &&
           add_l1_fee(g, record) && read_status(g, record);
}

static bool read_transaction(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_TX);
    if (!sg_row_common(g, record) || !sg_row_amount(g, &record->amount, NULL, SLOT_VALUE) ||
        !read_gas(g, record))
        return false;
    record->is_create = !record->to.size;
    return sg_row_created(g, record);
}

static bool read_receipt(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_RECEIPT);
    return sg_row_u64(g, &record->block, SLOT_BLOCK, UINT64_MAX) && sg_row_hash(g, record) &&
           sg_row_u32(g, &record->tx_index, SLOT_TX_INDEX) && read_gas(g, record);
}

static bool read_transfer(struct reading *g)
{
    struct sg_record *record = sg_row_record(g, SG_RECORD_TOKEN);
    if (!sg_row_common(g, record) || !sg_row_address(g, &record->token, SLOT_CONTRACT) ||
        !sg_row_token_amount(g, record, SLOT_VALUE) ||
        !sg_row_u32(g, &record->log_index, SLOT_POSITION))
        return false;
    sg_row_mint(g, record);
    return true;
}

enum trace_kind { TRACE_MOVES, TRACE_CREATES, TRACE_REWARDS, TRACE_MOVES_NOTHING, TRACE_UNKNOWN };

static enum trace_kind trace_kind_of(const struct reading *g)
{
    if (sg_row_is(g, SLOT_KIND, "call"))
        return sg_row_is(g, SLOT_CALL_TYPE, "call") ? TRACE_MOVES : TRACE_MOVES_NOTHING;
    if (sg_row_is(g, SLOT_KIND, "create") || sg_row_is(g, SLOT_KIND, "create2"))
        return TRACE_CREATES;
    if (sg_row_is(g, SLOT_KIND, "suicide"))
        return TRACE_MOVES;
    /* What the chain began with is issued as a reward is. */
    if (sg_row_is(g, SLOT_KIND, "reward") || sg_row_is(g, SLOT_KIND, "genesis"))
        return TRACE_REWARDS;
    return TRACE_UNKNOWN;
}

static bool read_trace_status(struct reading *g, struct sg_record *record)
{
    if (!read_status(g, record))
        return false;
    if (sg_row_has(g, SLOT_ERROR))
        record->status = SG_TX_FAILED;
    return true;
}

/* Most calls inside a transaction carry nothing, and say nothing that matters unless they failed,
 * which makes fail what they called. */
static bool is_idle(const struct sg_record *record)
{
    return sg_amount_is_zero(record->amount) && record->status != SG_TX_FAILED &&
           record->trace_path_size && !record->is_create;
}

static bool read_trace(struct reading *g)
{
    const enum trace_kind kind = trace_kind_of(g);
    if (kind == TRACE_MOVES_NOTHING)
        return true;
    if (kind == TRACE_UNKNOWN)
        return sg_row_bad(g, "a type of trace that is not known here");
    struct sg_record *record = sg_row_record(g, SG_RECORD_TRACE);
    if (!sg_row_common(g, record) || !sg_row_amount(g, &record->amount, NULL, SLOT_VALUE) ||
        !read_trace_status(g, record))
        return false;
    record->is_create = kind == TRACE_CREATES;
    record->is_reward = kind == TRACE_REWARDS;
    if (record->is_reward)
        return true;
    if (!record->has_hash)
        return sg_row_bad(g, "a call without the hash of its transaction: it joins no other row");
    if (g->fields[SLOT_POSITION].data && !sg_row_path(g, record))
        return false;
    if (is_idle(record))
        g->n_records = 0;
    return true;
}

static const struct table blocks = {
    .name = "ethereum-etl blocks",
    .kind = SG_RECORD_BLOCK,
    .marks = {"miner", "parent_hash", "transactions_root", "number"},
    .columns = block_columns,
    .n_columns = SG_COUNT_OF(block_columns),
    .read = read_block,
};

static const struct table transactions = {
    .name = "ethereum-etl transactions",
    .kind = SG_RECORD_TX,
    .marks = {"from_address", "to_address", "gas_price", "max_fee_per_gas"},
    .columns = transaction_columns,
    .n_columns = SG_COUNT_OF(transaction_columns),
    .read = read_transaction,
};

static const struct table receipts = {
    .name = "ethereum-etl receipts",
    .kind = SG_RECORD_RECEIPT,
    .marks = {"cumulative_gas_used", "effective_gas_price"},
    .columns = receipt_columns,
    .n_columns = SG_COUNT_OF(receipt_columns),
    .read = read_receipt,
};

static const struct table token_transfers = {
    .name = "ethereum-etl token_transfers",
    .kind = SG_RECORD_TOKEN,
    .marks = {"token_address", "log_index"},
    .columns = transfer_columns,
    .n_columns = SG_COUNT_OF(transfer_columns),
    .read = read_transfer,
};

static const struct table traces = {
    .name = "ethereum-etl traces",
    .kind = SG_RECORD_TRACE,
    .marks = {"trace_type", "trace_address", "trace_id", "call_type"},
    .columns = trace_columns,
    .n_columns = SG_COUNT_OF(trace_columns),
    .read = read_trace,
};

#define USED_TABLES                                                                                \
    "the tables that are used are blocks, transactions, receipts, token_transfers and traces"

static const struct table logs = {
    .name = "ethereum-etl logs",
    .marks = {"topics"},
    .refusal = "logs are not read: their transfers are in token_transfers; " USED_TABLES,
};

static const struct table contracts = {
    .name = "ethereum-etl contracts",
    .marks = {"bytecode", "function_sighashes"},
    .refusal = "contracts move nothing; " USED_TABLES,
};

static const struct table tokens = {
    .name = "ethereum-etl tokens",
    .marks = {"total_supply"},
    .refusal = "descriptions of tokens move nothing; " USED_TABLES,
};

static const struct table geth_traces = {
    .name = "ethereum-etl geth_traces",
    .marks = {"transaction_traces"},
    .refusal =
        "geth's nested traces are not read: extract_geth_traces makes traces of them; " USED_TABLES,
};

static const struct table *const tables[] = {
    &traces,          &geth_traces, &logs,   &contracts,    &tokens,
    &token_transfers, &receipts,    &blocks, &transactions,
};

const struct table_list sg_ethereum_etl_tables = {tables, SG_COUNT_OF(tables), USED_TABLES};
