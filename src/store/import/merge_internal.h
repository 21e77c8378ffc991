/** The rows of one transaction, from what several sources claim about it.
 *
 *  A source is the ledger or one file. Rules, and why they do not depend on the order of sources:
 *  docs/formats/merge.md. Nothing here knows records, files or LMDB.
 */
#ifndef SG_STORE_IMPORT_MERGE_INTERNAL_H
#define SG_STORE_IMPORT_MERGE_INTERNAL_H

#include "store/engine/engine.h"

#include <stddef.h>

/** The source that a claim of the ledger has; files count from 1. */
#define SG_SOURCE_LEDGER 0u

#define SG_CLAIM_NONE UINT32_MAX

/** What becomes of a claim. */
enum sg_fate {
    SG_FATE_KEPT,
    SG_FATE_ECHO,   /**< the same row as a kept one, told by another source */
    SG_FATE_DROPPED /**< told twice by one source, superseded by a trace, or contradicting */
};

/** A row as one source tells it. */
struct sg_claim {
    struct sg_amount amount;
    sg_addr_ref from, to, token;
    const uint8_t *path; /**< of a file's trace; NULL if unknown or if the claim is no trace */
    const void *origin;  /**< what a doubt is about: a struct sg_packed, NULL from the ledger */
    uint32_t path_size;
    uint32_t source;
    uint32_t order; /**< of arrival, ascending with the source, unique in the transaction */
    uint32_t pos;   /**< meaningful with SG_ROW_POS_KNOWN */
    uint32_t next;  /**< for the keeper of claims: the next one of the transaction */
    uint8_t kind;   /**< enum sg_row_kind */
    uint8_t flags;  /**< SG_ROW_... */
    bool is_trace;
    uint8_t fate; /**< enum sg_fate */
};

/** Where contradictions go: origin is that of the claim which was not believed. */
struct sg_doubts {
    void (*say)(void *ctx, const void *origin, const char *reason);
    void *ctx;
};

/** Settle the claims of one transaction.
 *
 *  In/Out: claims   n in order of arrival; on return the first of them are the rows in canonical
 *                   order, with pos and flags final; the rest is garbage.
 *  In:     failed   the transaction failed: no row moves anything.
 *  Returns the number of rows. Cost: O(n log n).
 */
size_t sg_merge_claims(struct sg_claim *claims, size_t n, bool failed,
                       const struct sg_doubts *doubts);

/** Whether a second claim for the place of a transaction's own value tells the same; a missing side
 *  agrees with any. */
bool sg_merge_same_value(const struct sg_claim *a, const struct sg_claim *b);

/** Whether two addresses are the same; NULL equals NULL. */
bool sg_merge_same_ref(sg_addr_ref a, sg_addr_ref b);

#endif
