/** Whom labels name behind the owners of a ledger, as numbers for analysis/cluster. */
#ifndef SG_APP_UTXOING_LABELS_H
#define SG_APP_UTXOING_LABELS_H

#include "store/utxo/utxo.h"

/** Look every owner up in the label store.
 *  Out: entity   an entry an owner: a number from 1 for each name of an entity, 0 where there is no
 *                label of medium or high confidence with a name, or where two such disagree;
 *                sg_mem_free by the caller.
 *  In:  labels   folder of the store.
 *  Errors: SG_ENOTFOUND (no store there), those of the store, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_utxoing_entities(uint32_t **entity, const struct sg_utxo *utxo,
                                                 const char *labels, struct sg_err *err);

#endif
