/** What the writers of traces share. */
#ifndef SG_APP_TRACEOUT_INTERNAL_H
#define SG_APP_TRACEOUT_INTERNAL_H

#include "app/traceout/traceout.h"
#include "base/jsonw.h"

/** Address of a party as text; "" for none. */
const char *traceout_address(char text[SG_ADDRESS_TEXT_MAX], const struct sg_trace_party *party);

/** Key and address; null for none. */
void traceout_kv_address(struct sg_jsonw *w, const char *key, const struct sg_trace_party *parties,
                         uint32_t party);
/** Key and hash; null for none. */
void traceout_kv_tx(struct sg_jsonw *w, const char *key, const struct sg_trace_tx *txs,
                    uint32_t tx);
/** "manifest": the array of docs/api/verify.json. */
void traceout_kv_manifest(struct sg_jsonw *w, const struct sg_manifest_entry *entries, size_t n);
/** "asset", "chain", "decimals", "contract". */
void traceout_kv_asset(struct sg_jsonw *w, const struct sg_trace_asset *asset);
/** "transfer", "seed", "conversion", "swap". */
const char *traceout_kind(const struct sg_trace_move *move);
/** part / (stolen + converted in) of a line, in percent of two digits, rounded half up: "96.12". */
char *traceout_share(char text[SG_AMOUNT_TEXT_MAX], const struct sg_trace_line *line,
                     struct sg_amount part);

/** "decoys": the array; and the lines for people. */
void traceout_decoys_json(struct sg_jsonw *w, const struct sg_trace *trace);
void traceout_decoys_text(struct sg_buf *out, const struct sg_trace *trace);

#endif
