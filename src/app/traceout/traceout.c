#include "app/traceout/traceout.h"
#include "app/traceout/traceout_internal.h"

#include <string.h>

const char *traceout_address(char text[SG_ADDRESS_TEXT_MAX], const struct sg_trace_party *party)
{
    if (party->address.size == 0)
        text[0] = '\0';
    else
        sg_address_format(text, party->chain, &party->address);
    return text;
}

void traceout_kv_address(struct sg_jsonw *w, const char *key, const struct sg_trace_party *parties,
                         uint32_t party)
{
    char text[SG_ADDRESS_TEXT_MAX];
    const bool has = party != SG_TRACE_NONE && parties[party].address.size > 0;
    sg_jsonw_kv_string(w, key, has ? traceout_address(text, &parties[party]) : NULL);
}

void traceout_kv_tx(struct sg_jsonw *w, const char *key, const struct sg_trace_tx *txs, uint32_t tx)
{
    char text[SG_TX_HASH_TEXT_MAX];
    const bool has = tx != SG_TRACE_NONE && txs[tx].has_hash;
    sg_jsonw_kv_string(w, key, has ? sg_tx_hash_text(text, txs[tx].chain, txs[tx].hash32) : NULL);
}

void traceout_kv_manifest(struct sg_jsonw *w, const struct sg_manifest_entry *entries, size_t n)
{
    sg_jsonw_key(w, "manifest");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "kind", entries[i].kind);
        sg_jsonw_kv_string(w, "name", entries[i].name);
        sg_jsonw_kv_string(w, "value", entries[i].value);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

void traceout_kv_asset(struct sg_jsonw *w, const struct sg_trace_asset *asset)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_jsonw_kv_string(w, "asset", asset->symbol);
    sg_jsonw_kv_string(w, "chain", asset->chain->name);
    sg_jsonw_kv_uint(w, "decimals", asset->decimals);
    sg_address_format(text, asset->chain, &asset->contract);
    sg_jsonw_kv_string(w, "contract", asset->contract.size > 0 ? text : NULL);
}

const char *traceout_kind(const struct sg_trace_move *move)
{
    switch (move->kind) {
    case SG_MOVE_SEED:
        return "seed";
    case SG_MOVE_ENTRY:
        return "conversion";
    case SG_MOVE_TRANSFER:
        return "transfer";
    case SG_MOVE_SWAP:
        return "swap";
    }
    return "";
}

char *traceout_share(char text[SG_AMOUNT_TEXT_MAX], const struct sg_trace_line *line,
                     struct sg_amount part)
{
    struct sg_amount whole = line->stolen;
    text[0] = '\0';
    /* Poison can bring more to a place than was stolen: then there is no share. */
    return sg_amount_add(&whole, whole, line->converted_in) ? sg_amount_percent(text, part, whole)
                                                            : text;
}
