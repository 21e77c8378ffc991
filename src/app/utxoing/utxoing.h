/** What verbs do with ledgers of outputs: read blocks into one, say what one holds. */
#ifndef SG_APP_UTXOING_H
#define SG_APP_UTXOING_H

#include "base/jsonw.h"
#include "base/status.h"
#include "formats/bitcoin/btc_params.h"
#include "store/utxo/utxo.h"

struct sg_utxoing_ingest {
    const char *dir;
    const struct sg_btc_params *params;
    const char *format; /**< "blk", "block" or "core-json" */
    char **paths;
    size_t n_paths;
    bool json;
};

/** Whether a chain has outputs instead of accounts; the network may be NULL. NULL: it has not. */
const struct sg_btc_params *sg_utxoing_params(const char *chain, const char *network);

/** Read blocks into the ledger and print what came of it.
 *  Errors: those of files; SG_EUSAGE (no such format); SG_EPARSE where a block that was given by
 * itself cannot be used. */
SG_MUST_CHECK enum sg_status sg_utxoing_ingest(const struct sg_utxoing_ingest *request,
                                               struct sg_err *err);

/** What a ledger of outputs holds, as text on standard output or as members of an object. */
SG_MUST_CHECK enum sg_status sg_utxoing_stats(struct sg_jsonw *w, const char *dir,
                                              const struct sg_btc_params *params, bool json,
                                              struct sg_err *err);

/** Open it, which checks that its columns fit each other. A damaged one is SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_utxoing_check(struct sg_jsonw *w, const char *dir,
                                              const struct sg_btc_params *params, bool json,
                                              struct sg_err *err);

/** What a ledger holds as members. */
void sg_utxoing_stats_json(struct sg_jsonw *w, const struct sg_utxo *utxo);

#endif
