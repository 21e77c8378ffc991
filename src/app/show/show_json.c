/* The answer as JSON, docs/api/show.json. */
#include "app/show/show.h"

static void put_address(struct sg_jsonw *w, const struct sg_show_names *names,
                        const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_jsonw_string(w, address->size ? sg_address_format(text, names->chain, address) : NULL);
}

/* "KEY" and the label that it is shown under, or null. */
static void put_party(struct sg_jsonw *w, const char *key, const char *label_key,
                      const struct sg_show_names *names, const struct sg_address *address)
{
    const struct sg_case_label *label = sg_show_label(names, address);
    sg_jsonw_key(w, key);
    put_address(w, names, address);
    sg_jsonw_key(w, label_key);
    if (!label) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "entity", label->entity);
    sg_jsonw_kv_string(w, "category", sg_category_info(label->category)->name);
    sg_jsonw_kv_bool(w, "is_service", sg_case_is_service(names->c, label->category));
    sg_jsonw_end_object(w);
}

static void put_hash(struct sg_jsonw *w, const struct sg_tx *tx)
{
    sg_jsonw_key(w, "tx");
    if (tx->flags & SG_TX_HAS_HASH)
        sg_jsonw_hex(w, tx->hash32, sizeof(tx->hash32));
    else
        sg_jsonw_null(w);
}

static void put_asset(struct sg_jsonw *w, const struct sg_show_names *names,
                      const struct sg_asset *asset)
{
    sg_jsonw_kv_string(w, "asset", asset->symbol[0] ? asset->symbol : NULL);
    sg_jsonw_key(w, "contract");
    put_address(w, names, &asset->contract);
    sg_jsonw_key(w, "decimals");
    if (asset->has_decimals)
        sg_jsonw_uint(w, asset->decimals);
    else
        sg_jsonw_null(w);
}

static void put_row(struct sg_jsonw *w, const struct sg_show_names *names,
                    const struct sg_show_row *row)
{
    const struct sg_asset *asset = sg_show_asset(names, row->row.asset);
    sg_jsonw_begin_object(w);
    put_hash(w, row->tx);
    sg_jsonw_kv_uint(w, "block", row->tx->block);
    sg_jsonw_kv_time(w, "time_unix_s", row->tx->time_unix_s);
    sg_jsonw_kv_string(w, "kind", sg_show_kind(row->row.kind));
    sg_jsonw_kv_uint(w, "position", row->row.pos);
    sg_jsonw_kv_bool(w, "position_known", row->row.flags & SG_ROW_POS_KNOWN);
    put_party(w, "from", "from_label", names, sg_show_addr(names, row->row.from));
    put_party(w, "to", "to_label", names, sg_show_addr(names, row->row.to));
    put_asset(w, names, asset);
    sg_jsonw_key(w, "amount");
    if (row->row.flags & SG_ROW_OUT_OF_RANGE)
        sg_jsonw_null(w);
    else
        sg_jsonw_amount(w, row->row.amount, sg_show_decimals(asset));
    sg_jsonw_kv_bool(w, "failed", row->row.flags & SG_ROW_FAILED);
    sg_jsonw_kv_bool(w, "creates", row->row.flags & SG_ROW_CREATE);
    sg_jsonw_end_object(w);
}

static void put_rows(struct sg_jsonw *w, const char *key, const struct sg_show_found *found)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_rows; i++)
        put_row(w, &found->names, &found->rows[i]);
    sg_jsonw_end_array(w);
}

static void put_labels(struct sg_jsonw *w, const struct sg_show_found *found)
{
    size_t n = 0;
    const struct sg_case *c = found->names.c;
    const struct sg_case_label *labels =
        c ? sg_case_labels_of(&n, c, found->names.chain, found->address) : NULL;
    sg_jsonw_key(w, "labels");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "entity", labels[i].entity);
        sg_jsonw_kv_string(w, "category", sg_category_info(labels[i].category)->name);
        sg_jsonw_kv_bool(w, "is_service", sg_case_is_service(c, labels[i].category));
        sg_jsonw_kv_string(w, "role", labels[i].role);
        sg_jsonw_kv_string(w, "confidence", sg_confidence_name(labels[i].confidence));
        sg_jsonw_kv_string(w, "source", labels[i].source->id);
        sg_jsonw_kv_time(w, "seen_unix_s", labels[i].seen_unix_s);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void put_coverage(struct sg_jsonw *w, const struct sg_show_found *found)
{
    sg_jsonw_key(w, "coverage");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < found->n_coverage; i++) {
        const struct sg_coverage *cover = &found->coverage[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_bool(w, "whole_chain", cover->addr.v == SG_ID_NONE);
        sg_jsonw_kv_bool(w, "native", cover->kinds & SG_COVER_NATIVE);
        sg_jsonw_kv_bool(w, "internal", cover->kinds & SG_COVER_INTERNAL);
        sg_jsonw_kv_bool(w, "token", cover->kinds & SG_COVER_TOKEN);
        sg_jsonw_kv_uint(w, "first_block", cover->first_block);
        sg_jsonw_kv_uint(w, "last_block", cover->last_block);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void put_amount(struct sg_jsonw *w, const char *key, struct sg_amount amount, bool too_large,
                       unsigned decimals)
{
    sg_jsonw_key(w, key);
    if (too_large)
        sg_jsonw_null(w);
    else
        sg_jsonw_amount(w, amount, decimals);
}

static void put_flows(struct sg_jsonw *w, const struct sg_profile_sum *in,
                      const struct sg_profile_sum *out, unsigned decimals)
{
    put_amount(w, "in", in->amount, in->too_large, decimals);
    sg_jsonw_kv_uint(w, "in_transfers", in->transfers);
    put_amount(w, "out", out->amount, out->too_large, decimals);
    sg_jsonw_kv_uint(w, "out_transfers", out->transfers);
}

static void put_peers(struct sg_jsonw *w, const struct sg_show_names *names,
                      const struct sg_profile_asset *flows, unsigned decimals)
{
    sg_jsonw_key(w, "counterparties");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < flows->n_peers; i++) {
        const struct sg_profile_peer *peer = &flows->peers[i];
        sg_jsonw_begin_object(w);
        put_party(w, "address", "label", names, sg_show_addr(names, peer->addr));
        put_flows(w, &peer->in, &peer->out, decimals);
        sg_jsonw_kv_time(w, "first_unix_s", peer->first_unix_s);
        sg_jsonw_kv_time(w, "last_unix_s", peer->last_unix_s);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "counterparties_all", flows->n_peers_all);
}

static void put_asset_flows(struct sg_jsonw *w, const struct sg_show_names *names,
                            const struct sg_profile_asset *flows)
{
    const struct sg_asset *asset = sg_show_asset(names, flows->asset);
    const unsigned decimals = sg_show_decimals(asset);
    struct sg_amount left = SG_AMOUNT_ZERO, missing = SG_AMOUNT_ZERO;
    const bool known = sg_profile_balance(&left, &missing, flows);
    sg_jsonw_begin_object(w);
    put_asset(w, names, asset);
    put_flows(w, &flows->in, &flows->out, decimals);
    put_amount(w, "fees", flows->fees, flows->fees_too_large, decimals);
    sg_jsonw_kv_uint(w, "unknown_fees", flows->unknown_fees);
    put_amount(w, "left", left, !known, decimals);
    put_amount(w, "missing", missing, !known, decimals);
    sg_jsonw_kv_uint(w, "out_of_range", flows->out_of_range);
    put_peers(w, names, flows, decimals);
    sg_jsonw_end_object(w);
}

static void put_profile(struct sg_jsonw *w, const struct sg_show_found *found)
{
    const struct sg_profile *p = &found->profile;
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "address");
    put_address(w, &found->names, found->address);
    put_labels(w, found);
    sg_jsonw_kv_uint(w, "rows", p->n_rows);
    sg_jsonw_kv_uint(w, "failed_rows", p->n_failed);
    sg_jsonw_kv_uint(w, "transactions", p->n_txs);
    sg_jsonw_kv_uint(w, "first_block", p->first_block);
    sg_jsonw_kv_uint(w, "last_block", p->last_block);
    sg_jsonw_kv_time(w, "first_unix_s", p->first_unix_s);
    sg_jsonw_kv_time(w, "last_unix_s", p->last_unix_s);
    put_coverage(w, found);
    sg_jsonw_key(w, "assets");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < p->n_assets; i++)
        put_asset_flows(w, &found->names, &p->assets[i]);
    sg_jsonw_end_array(w);
    put_rows(w, "last_rows", found);
    sg_jsonw_end_object(w);
}

static void put_tx(struct sg_jsonw *w, const struct sg_show_found *found)
{
    const struct sg_tx *tx = &found->tx;
    sg_jsonw_begin_object(w);
    put_hash(w, tx);
    sg_jsonw_kv_uint(w, "block", tx->block);
    sg_jsonw_key(w, "position");
    if (tx->index != SG_INDEX_UNKNOWN)
        sg_jsonw_uint(w, tx->index);
    else
        sg_jsonw_null(w);
    sg_jsonw_kv_time(w, "time_unix_s", tx->time_unix_s);
    sg_jsonw_kv_string(w, "status", sg_show_status(tx->status));
    put_party(w, "sender", "sender_label", &found->names, sg_show_addr(&found->names, tx->sender));
    put_amount(w, "fee", tx->fee, !(tx->flags & SG_TX_FEE_KNOWN), found->names.chain->decimals);
    sg_jsonw_kv_bool(w, "traced", tx->flags & SG_TX_TRACED);
    sg_jsonw_kv_uint(w, "rows_all", tx->n_rows);
    put_rows(w, "rows", found);
    sg_jsonw_end_object(w);
}

void sg_show_json(struct sg_jsonw *w, const struct sg_show_found *found)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "chain", found->names.chain->name);
    sg_jsonw_key(w, "address");
    if (found->address)
        put_profile(w, found);
    else
        sg_jsonw_null(w);
    sg_jsonw_key(w, "transaction");
    if (found->address)
        sg_jsonw_null(w);
    else
        put_tx(w, found);
    sg_jsonw_end_object(w);
}
