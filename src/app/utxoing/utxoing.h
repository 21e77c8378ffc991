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
    size_t n_threads;
    uint64_t memory_max; /**< bytes that the chain may take while it is in memory */
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

/** Open the chain of outputs of a ledger; chain NULL: the only one that there is.
 *  Errors: SG_EUSAGE (none, or which of several is not said), those of sg_utxo_open. */
SG_MUST_CHECK enum sg_status sg_utxoing_open(struct sg_utxo *utxo, const char *dir,
                                             const char *chain, const char *network,
                                             struct sg_err *err);

/** How an owner is shown: its address, "script:" and hexadecimal digits, or "nobody". */
void sg_utxoing_name(struct sg_buf *out, const struct sg_utxo *utxo, uint32_t owner);

/** The same as a JSON string. */
void sg_utxoing_name_json(struct sg_jsonw *w, const struct sg_utxo *utxo, uint32_t owner);

/** Find the output TXID:N. Errors: SG_EUSAGE, SG_ENOTFOUND. */
SG_MUST_CHECK enum sg_status sg_utxoing_output(uint64_t *out, const struct sg_utxo *utxo,
                                               const char *text, struct sg_err *err);

/** Whether a text is an address of the chain's network, without asking the chain. */
bool sg_utxoing_is_address(const struct sg_btc_params *params, const char *text);

/** Find the owner that a person means by an address or by an output TXID:N.
 *  Errors: SG_EUSAGE, SG_ENOTFOUND. */
SG_MUST_CHECK enum sg_status sg_utxoing_owner(uint32_t *owner, const struct sg_utxo *utxo,
                                              const char *text, struct sg_err *err);

/** The id of a transaction. Returns `text`. */
char *sg_utxoing_txid(char text[SG_BTC_HASH_TEXT_MAX], const struct sg_utxo *utxo, uint64_t tx);

#endif
