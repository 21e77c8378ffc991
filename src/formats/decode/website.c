/* The CSV exports of Etherscan's website. Their headers, as found in public readers of these files:
 * native    "Transaction Hash" (or "Txhash"), "Blockno", "UnixTimestamp", "DateTime (UTC)", "From",
 *           "To", "ContractAddress", "Value_IN(ETH)", "Value_OUT(ETH)", "CurrentValue @ $.../Eth",
 *           "TxnFee(ETH)", "TxnFee(USD)", "Historical $Price/Eth", "Status", "ErrCode", "Method"
 * internal  the same with "ParentTxFrom", "ParentTxTo", "ParentTxETH_Value" before "From", "TxTo"
 *           for "To", "Type" at the end, and no fee
 * token     ..., "From", "To", "TokenValue", "USDValueDayOfTx", "ContractAddress", "TokenName",
 *           "TokenSymbol"
 * A value is in whole coins and stands in the column of its direction; the other one is 0. */
#include "formats/decode/website_internal.h"

#include "base/mem.h"

static const struct column native_columns[] = {
    {"Transaction Hash", SLOT_HASH, EACH_FIELD},
    {"Txhash", SLOT_HASH, EACH_FIELD},
    {"Blockno", SLOT_BLOCK, EACH_FIELD},
    {"UnixTimestamp", SLOT_TIME, MAY_LACK},
    {"From", SLOT_FROM, EACH_FIELD},
    {"To", SLOT_TO, COLUMN},
    {"ContractAddress", SLOT_CONTRACT, MAY_LACK},
    {"Value_IN(", SLOT_VALUE, EACH_FIELD},
    {"Value_OUT(", SLOT_VALUE_OUT, EACH_FIELD},
    {"TxnFee(USD)", SLOT_NONE, MAY_LACK},
    {"TxnFee(", SLOT_FEE, MAY_LACK},
    {"Status", SLOT_STATUS, MAY_LACK},
    {"ErrCode", SLOT_ERROR, MAY_LACK},
};

static const struct column internal_columns[] = {
    {"Transaction Hash", SLOT_HASH, EACH_FIELD},
    {"Txhash", SLOT_HASH, EACH_FIELD},
    {"Blockno", SLOT_BLOCK, EACH_FIELD},
    {"UnixTimestamp", SLOT_TIME, MAY_LACK},
    {"From", SLOT_FROM, EACH_FIELD},
    {"TxTo", SLOT_TO, COLUMN},
    {"ContractAddress", SLOT_CONTRACT, MAY_LACK},
    {"Value_IN(", SLOT_VALUE, EACH_FIELD},
    {"Value_OUT(", SLOT_VALUE_OUT, EACH_FIELD},
    {"Status", SLOT_STATUS, MAY_LACK},
    {"ErrCode", SLOT_ERROR, MAY_LACK},
};

/* Both columns are filled where the account sends to itself; then they must agree. */
static bool read_value(struct reading *g, struct sg_amount *amount)
{
    struct sg_amount out = SG_AMOUNT_ZERO;
    if (!sg_row_native_units(g, amount, NULL, SLOT_VALUE) ||
        !sg_row_native_units(g, &out, NULL, SLOT_VALUE_OUT))
        return false;
    if (sg_amount_is_zero(*amount))
        *amount = out;
    else if (!sg_amount_is_zero(out) && sg_amount_cmp(*amount, out) != 0)
        return sg_row_bad(g, "two values for one transfer");
    return true;
}

/* "Error(0)" with a reason in ErrCode; for internal transfers 1. */
static enum sg_tx_status status_of(const struct reading *g)
{
    const bool fine = !sg_row_has(g, SLOT_STATUS) || sg_row_is(g, SLOT_STATUS, "0") ||
                      sg_row_is(g, SLOT_STATUS, "Success");
    return fine && !sg_row_has(g, SLOT_ERROR) ? SG_TX_OK : SG_TX_FAILED;
}

static bool read_row(struct reading *g, enum sg_record_kind kind)
{
    struct sg_record *record = sg_row_record(g, kind);
    if (!sg_row_common(g, record) || !read_value(g, &record->amount) ||
        !sg_row_native_units(g, &record->fee, &record->has_fee, SLOT_FEE))
        return false;
    record->status = status_of(g);
    record->is_create = !record->to.size;
    return sg_row_created(g, record);
}

static bool read_native(struct reading *g)
{
    return read_row(g, SG_RECORD_TX);
}

static bool read_internal(struct reading *g)
{
    return read_row(g, SG_RECORD_INTERNAL);
}

const struct table sg_website_native = {
    .name = "etherscan website native",
    .kind = SG_RECORD_TX,
    .marks = {"Value_IN("},
    .columns = native_columns,
    .n_columns = SG_COUNT_OF(native_columns),
    .read = read_native,
};

const struct table sg_website_internal = {
    .name = "etherscan website internal",
    .kind = SG_RECORD_INTERNAL,
    .marks = {"ParentTxFrom", "TxTo"},
    .columns = internal_columns,
    .n_columns = SG_COUNT_OF(internal_columns),
    .read = read_internal,
};

const struct table sg_website_tokens = {
    .name = "etherscan website tokens",
    .marks = {"TokenValue", "USDValueDayOfTx"},
    .refusal = "the website's token export gives whole units without the token's decimals, so its "
               "amounts have no base units; give the API's tokentx",
};
