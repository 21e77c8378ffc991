#include "store/import/draft_internal.h"

#include <string.h>

void sg_draft_init(struct sg_draft *draft, const uint8_t *hash32, uint32_t order)
{
    memset(draft, 0, sizeof(*draft));
    draft->hash32 = hash32;
    draft->order = order;
    draft->time_unix_s = SG_TIME_UNKNOWN;
    draft->index = SG_INDEX_UNKNOWN;
    draft->least_price = UINT64_MAX;
    draft->first = draft->last = draft->value = SG_CLAIM_NONE;
}

/* The ledger keeps one sender: if it is not the one whose value moves, it was told as the payer. */
static bool is_payer(const struct sg_batch_tx *tx, const struct sg_batch_row *rows)
{
    return tx->n_rows && rows[0].kind == SG_ROW_NATIVE &&
           !sg_merge_same_ref(rows[0].from, tx->sender);
}

void sg_draft_take_past(struct sg_draft *draft, const struct sg_batch_tx *tx,
                        const struct sg_batch_row *rows)
{
    draft->past = tx;
    draft->past_rows = rows;
    draft->sender = tx->sender;
    draft->time_unix_s = tx->time_unix_s;
    draft->index = tx->index;
    draft->status = tx->status;
    draft->has_fee = tx->flags & SG_TX_FEE_KNOWN;
    draft->fee = tx->fee;
    if (tx->flags & SG_TX_PRICE_KNOWN)
        draft->least_price = tx->gas_price;
    draft->is_traced = tx->flags & SG_TX_TRACED;
    draft->sender_is_payer = tx->sender && is_payer(tx, rows);
}

static void doubt(const struct sg_doubts *doubts, const struct sg_unpacked *record,
                  const char *reason)
{
    doubts->say(doubts->ctx, record->packed, reason);
}

static void take_sender(struct sg_draft *draft, const struct sg_unpacked *record)
{
    if (!draft->sender)
        draft->sender = record->from;
}

static void take_payer(struct sg_draft *draft, const struct sg_unpacked *record,
                       const struct sg_doubts *doubts)
{
    if (!record->from)
        return;
    if (draft->sender_is_payer && !sg_merge_same_ref(draft->sender, record->from)) {
        doubt(doubts, record, "another payer of the fee for the same transaction");
        return;
    }
    draft->sender = record->from;
    draft->sender_is_payer = true;
}

static void take_index(struct sg_draft *draft, const struct sg_unpacked *record,
                       const struct sg_doubts *doubts)
{
    const uint32_t index = record->packed->tx_index;
    if (index == SG_INDEX_UNKNOWN || index == draft->index)
        return;
    if (draft->index != SG_INDEX_UNKNOWN) {
        doubt(doubts, record, "another position in the block for the same transaction");
        return;
    }
    draft->index = index;
    draft->index_origin = record->packed;
}

static void take_time(struct sg_draft *draft, const struct sg_unpacked *record,
                      const struct sg_doubts *doubts)
{
    const int64_t time_unix_s = record->packed->time_unix_s;
    if (time_unix_s == SG_TIME_UNKNOWN || time_unix_s == draft->time_unix_s)
        return;
    if (draft->time_unix_s != SG_TIME_UNKNOWN)
        doubt(doubts, record, "another time for the same transaction");
    else
        draft->time_unix_s = time_unix_s;
}

static void take_status(struct sg_draft *draft, const struct sg_unpacked *record,
                        const struct sg_doubts *doubts)
{
    const uint8_t status = record->packed->status;
    if (status == SG_TX_UNKNOWN || status == draft->status)
        return;
    if (draft->status != SG_TX_UNKNOWN)
        doubt(doubts, record, "another status for the same transaction");
    else
        draft->status = status;
}

/* In whatever order the sources come: a bid is never below what was paid. */
static void keep_least(struct sg_draft *draft, const struct sg_unpacked *record)
{
    uint64_t price;
    if (record->has_gas_price && sg_amount_to_u64(&price, record->gas_price) &&
        price < draft->least_price)
        draft->least_price = price;
}

static void take_price(struct sg_draft *draft, const struct sg_unpacked *record,
                       const struct sg_doubts *doubts)
{
    const bool is_effective = record->packed->kind == SG_RECORD_RECEIPT;
    if (!record->has_gas_price || (draft->price_is_effective && !is_effective))
        return;
    if (draft->has_gas_price && draft->price_is_effective == is_effective) {
        if (sg_amount_cmp(draft->gas_price, record->gas_price) != 0)
            doubt(doubts, record, "another gas price for the same transaction");
        return;
    }
    draft->has_gas_price = true;
    draft->gas_price = record->gas_price;
    draft->price_is_effective = is_effective;
    draft->fee_origin = record->packed;
}

static void take_used(struct sg_draft *draft, const struct sg_unpacked *record,
                      const struct sg_doubts *doubts)
{
    if (!record->has_gas_used)
        return;
    if (draft->has_gas_used && sg_amount_cmp(draft->gas_used, record->gas_used) != 0) {
        doubt(doubts, record, "another gas used for the same transaction");
        return;
    }
    draft->has_gas_used = true;
    draft->gas_used = record->gas_used;
    draft->fee_origin = record->packed;
}

static void take_fee(struct sg_draft *draft, const struct sg_unpacked *record,
                     const struct sg_doubts *doubts)
{
    if (!record->has_fee)
        return;
    if (draft->has_fee && sg_amount_cmp(draft->fee, record->fee) != 0) {
        doubt(doubts, record, "another fee for the same transaction");
        return;
    }
    draft->has_fee = true;
    draft->fee = record->fee;
}

static void take_costs(struct sg_draft *draft, const struct sg_unpacked *record,
                       const struct sg_doubts *doubts)
{
    keep_least(draft, record);
    take_price(draft, record, doubts);
    take_used(draft, record, doubts);
    take_fee(draft, record, doubts);
}

/* The status of the top-level call is that of the transaction, and its caller pays the fee. */
static void take_top_call(struct sg_draft *draft, const struct sg_unpacked *record,
                          const struct sg_doubts *doubts)
{
    if (!record->path || record->packed->path_size)
        return;
    take_status(draft, record, doubts);
    take_sender(draft, record);
}

void sg_draft_take(struct sg_draft *draft, const struct sg_unpacked *record,
                   const struct sg_doubts *doubts)
{
    take_index(draft, record, doubts);
    take_time(draft, record, doubts);
    switch ((enum sg_record_kind)record->packed->kind) {
    case SG_RECORD_TX:
        take_sender(draft, record);
        take_status(draft, record, doubts);
        take_costs(draft, record, doubts);
        break;
    case SG_RECORD_RECEIPT:
        take_payer(draft, record, doubts);
        take_status(draft, record, doubts);
        take_costs(draft, record, doubts);
        break;
    case SG_RECORD_TRACE:
        if (draft->hash32 && !record->is_reward)
            take_top_call(draft, record, doubts);
        break;
    case SG_RECORD_INTERNAL:
    case SG_RECORD_TOKEN:
    case SG_RECORD_BLOCK:
        break;
    }
}

void sg_draft_settle_fee(struct sg_draft *draft, const struct sg_doubts *doubts)
{
    if (!draft->has_gas_price || !draft->has_gas_used)
        return;
    uint64_t gas;
    struct sg_amount fee;
    if (!sg_amount_to_u64(&gas, draft->gas_used) || !sg_amount_mul(&fee, draft->gas_price, gas)) {
        doubts->say(doubts->ctx, draft->fee_origin, "a fee of more than 128 bits");
        return;
    }
    if (draft->has_fee && sg_amount_cmp(draft->fee, fee) != 0) {
        doubts->say(doubts->ctx, draft->fee_origin, "another fee for the same transaction");
        return;
    }
    draft->has_fee = true;
    draft->fee = fee;
}
