#include "analysis/methods/methods.h"
#include "app/exposureout/exposureout_internal.h"
#include "base/jsonw.h"

static void kv_share(struct sg_jsonw *w, struct sg_amount part, struct sg_amount whole)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_amount_percent(text, part, whole);
    sg_jsonw_kv_string(w, "share_percent", text[0] ? text : NULL);
}

static void kv_label(struct sg_jsonw *w, const struct sg_exposure_label *label)
{
    sg_jsonw_kv_string(w, "entity", label ? label->entity : NULL);
    sg_jsonw_kv_string(w, "category", label ? sg_category_info(label->category)->name : NULL);
    sg_jsonw_kv_string(w, "source", label ? label->source : NULL);
    sg_jsonw_kv_string(w, "confidence", label ? sg_confidence_name(label->confidence) : NULL);
}

static void asset_json(struct sg_jsonw *w, const struct sg_exposureout *out,
                       const struct sg_asset *asset)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_jsonw_kv_string(w, "asset", asset->symbol);
    sg_jsonw_kv_uint(w, "decimals", asset->decimals);
    sg_address_format(text, out->ledger->chain, &asset->contract);
    sg_jsonw_kv_string(w, "contract", text[0] ? text : NULL);
}

static void part_json(struct sg_jsonw *w, const struct sg_exposureout *out,
                      const struct sg_exposure_side *side, const struct sg_exposure_part *part,
                      const struct sg_exposureout_place *place)
{
    const unsigned decimals = out->asset.decimals;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "what", sg_exposure_what_name(part->what));
    kv_label(w, part->label);
    sg_jsonw_kv_bool(w, "sanctioned", part->is_sanctioned);
    sg_jsonw_kv_amount(w, "amount", part->amount, decimals);
    kv_share(w, part->amount, sg_exposureout_whole(side));
    sg_jsonw_kv_amount(w, "direct", part->direct, decimals);
    sg_jsonw_kv_uint(w, "hops", part->hops);
    sg_jsonw_kv_uint(w, "addresses", part->n_addresses);
    sg_jsonw_key(w, "largest");
    if (!place->address[0]) {
        sg_jsonw_null(w);
    } else {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "address", place->address);
        sg_jsonw_kv_amount(w, "amount", part->largest_amount, decimals);
        sg_jsonw_key(w, "tx");
        if (place->has_tx)
            sg_jsonw_hex(w, place->hash32, sizeof(place->hash32));
        else
            sg_jsonw_null(w);
        sg_jsonw_kv_time(w, "time_unix_s", place->time_unix_s);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_object(w);
}

static void passed_json(struct sg_jsonw *w, const struct sg_exposureout *out,
                        const struct sg_exposure_side *side)
{
    sg_jsonw_key(w, "passed");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < side->n_passed; i++) {
        const struct sg_exposure_passed *p = &side->passed[i];
        sg_jsonw_begin_object(w);
        kv_label(w, p->label);
        sg_jsonw_kv_bool(w, "sanctioned", p->is_sanctioned);
        sg_jsonw_kv_amount(w, "amount", p->amount, out->asset.decimals);
        sg_jsonw_kv_uint(w, "hops", p->hops);
        sg_jsonw_kv_uint(w, "addresses", p->n_addresses);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

void sg_exposureout_categories(struct sg_jsonw *w, const struct sg_exposure_side *side,
                               unsigned decimals)
{
    sg_jsonw_key(w, "categories");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < side->n_categories; i++) {
        const struct sg_exposure_category *c = &side->categories[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "category", sg_category_info(c->category)->name);
        sg_jsonw_kv_uint(w, "hops", c->hops);
        sg_jsonw_kv_string(w, "nearest", c->nearest);
        sg_jsonw_kv_amount(w, "ended", c->ended, decimals);
        kv_share(w, c->ended, sg_exposureout_whole(side));
        sg_jsonw_kv_amount(w, "passed", c->passed, decimals);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void side_json(struct sg_jsonw *w, const char *key, const struct sg_exposureout *out,
                      const struct sg_exposure_side *side,
                      const struct sg_exposureout_place *places)
{
    sg_jsonw_key(w, key);
    if (!side->is_asked) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_amount(w, "total", side->total, out->asset.decimals);
    sg_jsonw_kv_amount(w, "by_swap", side->by_swap, out->asset.decimals);
    sg_jsonw_key(w, "parts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < side->n_parts; i++)
        part_json(w, out, side, &side->parts[i], &places[i]);
    sg_jsonw_end_array(w);
    passed_json(w, out, side);
    sg_exposureout_categories(w, side, out->asset.decimals);
    sg_jsonw_end_object(w);
}

static void others_json(struct sg_jsonw *w, const struct sg_exposureout *out)
{
    sg_jsonw_key(w, "other_assets");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < out->n_others; i++) {
        const struct sg_exposureout_asset *other = &out->others[i];
        sg_jsonw_begin_object(w);
        asset_json(w, out, &other->asset);
        sg_jsonw_kv_amount(w, "in", other->moved.in, other->asset.decimals);
        sg_jsonw_kv_amount(w, "out", other->moved.out, other->asset.decimals);
        sg_jsonw_kv_uint(w, "rows", other->moved.rows);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "other_assets_left_out", out->n_others_left_out);
}

static void settings_json(struct sg_jsonw *w, const struct sg_exposureout *out)
{
    const struct sg_exposure_input *in = out->input;
    sg_jsonw_kv_string(w, "in_rule", "proportion");
    sg_jsonw_kv_string(w, "out_policy", sg_policy_name(in->policy));
    sg_jsonw_kv_uint(w, "hops", in->hops_max);
    sg_jsonw_key(w, "min");
    if (in->has_min)
        sg_jsonw_amount(w, in->min, out->asset.decimals);
    else
        sg_jsonw_null(w);
    sg_jsonw_kv_time(w, "as_of_unix_s",
                     in->until_unix_s == INT64_MAX ? SG_TIME_UNKNOWN : in->until_unix_s);
    sg_jsonw_kv_bool(w, "has_labels", out->labels_dir != NULL);
    sg_jsonw_key(w, "ledger_state");
    sg_jsonw_hex(w, out->ledger->stats.state32, sizeof(out->ledger->stats.state32));
    sg_jsonw_kv_uint(w, "method", sg_method_version("exposure"));
}

void sg_exposureout_json(struct sg_buf *buf, const struct sg_exposureout *out)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, buf);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    sg_jsonw_kv_string(&w, "address", out->address);
    sg_jsonw_kv_string(&w, "chain", out->ledger->chain->name);
    sg_jsonw_key(&w, "label");
    if (out->label) {
        sg_jsonw_begin_object(&w);
        kv_label(&w, out->label);
        sg_jsonw_kv_bool(&w, "sanctioned", out->label->is_sanctioned);
        sg_jsonw_end_object(&w);
    } else {
        sg_jsonw_null(&w);
    }
    asset_json(&w, out, &out->asset);
    settings_json(&w, out);
    side_json(&w, "in", out, &out->exposure->in, out->in_places);
    side_json(&w, "out", out, &out->exposure->out, out->out_places);
    others_json(&w, out);
    sg_jsonw_end_object(&w);
    sg_buf_putc(buf, '\n');
}
