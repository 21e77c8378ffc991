/** A transaction while its records come in: what is known so far, each fact from whoever told it
 *  first. Contradictions become doubts. Read desk_internal.h first. */
#ifndef SG_STORE_IMPORT_DRAFT_INTERNAL_H
#define SG_STORE_IMPORT_DRAFT_INTERNAL_H

#include "store/import/merge_internal.h"
#include "store/import/pack_internal.h"

struct sg_draft {
    const uint8_t *hash32;          /**< NULL: what belongs to the block alone */
    const struct sg_batch_tx *past; /**< as the ledger holds it, or NULL */
    const struct sg_batch_row *past_rows;
    const void *index_origin; /**< who told the index; NULL: the ledger */
    const void *fee_origin;   /**< who told the last part of the fee */
    sg_addr_ref sender;
    struct sg_amount fee, gas_price, gas_used;
    uint64_t least_price; /**< of gas, of all that were told; UINT64_MAX: none */
    int64_t time_unix_s;
    uint32_t index;
    uint32_t order;       /**< of arrival in the block */
    uint32_t first, last; /**< its claims, a list */
    uint32_t n_claims;
    uint32_t value; /**< claim of its own value, or SG_CLAIM_NONE */
    uint8_t status; /**< enum sg_tx_status */
    bool has_fee;   /**< fee is known as a whole */
    bool has_gas_price, has_gas_used;
    bool price_is_effective; /**< from a receipt, which is right where a bid is not */
    bool sender_is_payer;    /**< told as the one who pays, not only as the one who sends */
    bool is_traced;
};

void sg_draft_init(struct sg_draft *draft, const uint8_t *hash32, uint32_t order);

/** Facts of a transaction from the ledger. */
void sg_draft_take_past(struct sg_draft *draft, const struct sg_batch_tx *tx,
                        const struct sg_batch_row *rows);

/** Facts from a record; its rows are not looked at. */
void sg_draft_take(struct sg_draft *draft, const struct sg_unpacked *record,
                   const struct sg_doubts *doubts);

/** Compute the fee from its parts, where no source told it. */
void sg_draft_settle_fee(struct sg_draft *draft, const struct sg_doubts *doubts);

#endif
