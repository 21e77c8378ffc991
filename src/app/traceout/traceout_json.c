/* The JSON document of a trace; docs/api/trace.json is its schema. */
#include "app/traceout/traceout.h"
#include "app/traceout/traceout_internal.h"

#include <string.h>

#define SCHEMA_VERSION 1u

static unsigned decimals_of(const struct sg_trace *trace, uint32_t asset)
{
    return trace->assets[asset].decimals;
}

/* The rows behind a figure: every one with its hash. */
static void json_transfers(struct sg_jsonw *w, const struct sg_trace *trace,
                           const struct sg_trace_figures *f, const uint32_t *moves, size_t n)
{
    sg_jsonw_key(w, "rows");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        const struct sg_trace_move *m = &f->moves[moves[i]];
        sg_jsonw_begin_object(w);
        traceout_kv_tx(w, "tx", trace->txs, m->tx);
        sg_jsonw_kv_time(w, "time_unix_s", m->time_unix_s);
        traceout_kv_address(w, "from", trace->parties, m->from);
        sg_jsonw_kv_amount(w, "amount", m->amount, decimals_of(trace, m->asset));
        sg_jsonw_kv_amount(w, "tainted", m->tainted, decimals_of(trace, m->asset));
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_counts(struct sg_jsonw *w, size_t transfers, size_t senders, int64_t first,
                        int64_t last)
{
    sg_jsonw_kv_uint(w, "transfers", transfers);
    sg_jsonw_kv_uint(w, "senders", senders);
    sg_jsonw_kv_time(w, "first_unix_s", first);
    sg_jsonw_kv_time(w, "last_unix_s", last);
}

static void json_address_of(struct sg_jsonw *w, const struct sg_trace *trace,
                            const struct sg_trace_figures *f, const struct sg_trace_destination *d)
{
    sg_jsonw_begin_object(w);
    traceout_kv_address(w, "address", trace->parties, d->party);
    sg_jsonw_kv_amount(w, "amount", d->amount, decimals_of(trace, d->asset));
    json_counts(w, d->transfers, d->senders, d->first_unix_s, d->last_unix_s);
    json_transfers(w, trace, f, d->moves, d->n_moves);
    sg_jsonw_end_object(w);
}

static void json_entity(struct sg_jsonw *w, const struct sg_trace *trace,
                        const struct sg_trace_figures *f, const struct sg_trace_line *line,
                        const struct sg_trace_entity *e)
{
    char share[SG_AMOUNT_TEXT_MAX];
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "entity", e->entity);
    sg_jsonw_kv_string(w, "category", sg_category_info(e->category)->name);
    sg_jsonw_kv_amount(w, "amount", e->amount, decimals_of(trace, e->asset));
    traceout_share(share, line, e->amount);
    sg_jsonw_kv_string(w, "share_percent", share[0] ? share : NULL);
    json_counts(w, e->transfers, e->senders, e->first_unix_s, e->last_unix_s);
    sg_jsonw_key(w, "addresses");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < e->n_destinations; i++)
        json_address_of(w, trace, f, &f->destinations[e->destinations[i]]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void json_coins(struct sg_jsonw *w, const struct sg_trace *trace,
                       const struct sg_trace_holding *h)
{
    const unsigned decimals = decimals_of(trace, h->asset);
    sg_jsonw_key(w, "outputs");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < h->n_coins; i++) {
        const struct sg_trace_coin *c = &h->coins[i];
        sg_jsonw_begin_object(w);
        traceout_kv_tx(w, "tx", trace->txs, c->tx);
        sg_jsonw_kv_uint(w, "output", c->index);
        sg_jsonw_kv_amount(w, "amount", c->amount, decimals);
        sg_jsonw_kv_amount(w, "value", c->value, decimals);
        traceout_kv_tx(w, "spent_in", trace->txs, c->spent_in);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_holding(struct sg_jsonw *w, const struct sg_trace *trace,
                         const struct sg_trace_holding *h)
{
    const struct sg_trace_party *party = &trace->parties[h->party];
    sg_jsonw_begin_object(w);
    traceout_kv_address(w, "address", trace->parties, h->party);
    sg_jsonw_kv_string(w, "status", h->status == SG_TRACE_HELD ? "held" : "unobserved");
    sg_jsonw_kv_string(w, "entity", party->label ? party->label->entity : NULL);
    sg_jsonw_kv_string(w, "category",
                       party->label ? sg_category_info(party->label->category)->name : NULL);
    sg_jsonw_kv_amount(w, "amount", h->amount, decimals_of(trace, h->asset));
    sg_jsonw_kv_amount(w, "known_balance", h->balance, decimals_of(trace, h->asset));
    sg_jsonw_kv_time(w, "last_in_unix_s", h->last_in_unix_s);
    sg_jsonw_key(w, "covered_to_block");
    if (h->status == SG_TRACE_HELD)
        sg_jsonw_uint(w, h->covered_to);
    else
        sg_jsonw_null(w);
    if (trace->is_outputs)
        json_coins(w, trace, h);
    sg_jsonw_end_object(w);
}

static void json_line(struct sg_jsonw *w, const struct sg_trace *trace,
                      const struct sg_trace_line *line)
{
    const unsigned decimals = decimals_of(trace, line->asset);
    traceout_kv_asset(w, &trace->assets[line->asset]);
    sg_jsonw_kv_amount(w, "stolen", line->stolen, decimals);
    sg_jsonw_kv_amount(w, "converted_in", line->converted_in, decimals);
    sg_jsonw_kv_amount(w, "converted_out", line->converted_out, decimals);
    sg_jsonw_kv_amount(w, "reached", line->destinations, decimals);
    if (trace->is_outputs)
        sg_jsonw_kv_amount(w, "in_coinjoins", line->coinjoins, decimals);
    sg_jsonw_kv_amount(w, "fees", line->fees, decimals);
    sg_jsonw_kv_amount(w, "held", line->held, decimals);
    sg_jsonw_kv_amount(w, "unobserved", line->unobserved, decimals);
    sg_jsonw_kv_amount(w, "excess", line->excess, decimals);
    sg_jsonw_kv_amount(w, "dust_discarded", line->dust_discarded, decimals);
}

static void json_thefts(struct sg_jsonw *w, const struct sg_trace *trace,
                        const struct sg_trace_figures *f, uint32_t asset)
{
    sg_jsonw_key(w, "thefts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_shares; i++) {
        const struct sg_trace_share *s = &f->shares[i];
        const unsigned decimals = decimals_of(trace, asset);
        if (s->asset != asset)
            continue;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "theft", trace->c->thefts[s->theft]);
        sg_jsonw_kv_amount(w, "stolen", s->stolen, decimals);
        sg_jsonw_kv_amount(w, "converted_in", s->converted_in, decimals);
        sg_jsonw_kv_amount(w, "converted_out", s->converted_out, decimals);
        sg_jsonw_kv_amount(w, "reached", s->destinations, decimals);
        sg_jsonw_kv_amount(w, "held_or_unobserved", s->holdings, decimals);
        sg_jsonw_kv_amount(w, "fees", s->fees, decimals);
        sg_jsonw_kv_amount(w, "excess", s->excess, decimals);
        sg_jsonw_kv_amount(w, "dust_discarded", s->dust_discarded, decimals);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_asset(struct sg_jsonw *w, const struct sg_trace *trace,
                       const struct sg_trace_figures *f, const struct sg_trace_line *line)
{
    sg_jsonw_begin_object(w);
    json_line(w, trace, line);
    sg_jsonw_key(w, "destinations");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_entities; i++)
        if (f->entities[i].asset == line->asset)
            json_entity(w, trace, f, line, &f->entities[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "holdings");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_holdings; i++)
        if (f->holdings[i].asset == line->asset)
            json_holding(w, trace, &f->holdings[i]);
    sg_jsonw_end_array(w);
    json_thefts(w, trace, f, line->asset);
    sg_jsonw_end_object(w);
}

static void json_conversion(struct sg_jsonw *w, const struct sg_trace *trace,
                            const struct sg_trace_conversion *c)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_bool(w, "declared", c->declared != SG_TRACE_NONE);
    sg_jsonw_kv_string(w, "theft", trace->c->thefts[c->theft]);
    traceout_kv_address(w, "address", trace->parties, c->party);
    traceout_kv_tx(w, "tx", trace->txs, c->tx);
    sg_jsonw_kv_string(w, "asset_out", trace->assets[c->asset_out].symbol);
    sg_jsonw_kv_amount(w, "out", c->out, decimals_of(trace, c->asset_out));
    sg_jsonw_kv_string(w, "asset_in", trace->assets[c->asset_in].symbol);
    sg_jsonw_kv_amount(w, "in", c->in, decimals_of(trace, c->asset_in));
    sg_jsonw_end_object(w);
}

static void json_inflow(struct sg_jsonw *w, const struct sg_trace *trace,
                        const struct sg_trace_inflow *in)
{
    sg_jsonw_begin_object(w);
    traceout_kv_address(w, "address", trace->parties, in->party);
    sg_jsonw_kv_string(w, "asset", trace->assets[in->asset].symbol);
    traceout_kv_tx(w, "spent_in", trace->txs, in->tx);
    sg_jsonw_kv_amount(w, "amount", in->amount, decimals_of(trace, in->asset));
    sg_jsonw_kv_amount(w, "tainted", in->tainted, decimals_of(trace, in->asset));
    sg_jsonw_end_object(w);
}

/* What a policy says: its assets, what changed form, what came in unseen. */
static void json_figures(struct sg_jsonw *w, const struct sg_trace *trace,
                         const struct sg_trace_figures *f)
{
    sg_jsonw_key(w, "assets");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_lines; i++)
        json_asset(w, trace, f, &f->lines[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "conversions");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_conversions; i++)
        json_conversion(w, trace, &f->conversions[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "unexplained_inflows");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_inflows; i++)
        json_inflow(w, trace, &f->inflows[i]);
    sg_jsonw_end_array(w);
}

static void json_span(struct sg_jsonw *w, const char *key, const struct sg_trace_span *span,
                      unsigned decimals)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_amount(w, "low", span->low, decimals);
    sg_jsonw_kv_amount(w, "high", span->high, decimals);
    sg_jsonw_end_object(w);
}

static void json_entity_ranges(struct sg_jsonw *w, const struct sg_trace *trace, uint32_t asset)
{
    sg_jsonw_key(w, "destinations");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < trace->n_entity_ranges; i++) {
        const struct sg_trace_entity_range *e = &trace->entity_ranges[i];
        if (e->asset != asset)
            continue;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "entity", e->entity);
        sg_jsonw_kv_string(w, "category", sg_category_info(e->category)->name);
        json_span(w, "amount", &e->amount, decimals_of(trace, asset));
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_range(struct sg_jsonw *w, const struct sg_trace *trace)
{
    sg_jsonw_key(w, "range");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < trace->n_ranges; i++) {
        const struct sg_trace_range *r = &trace->ranges[i];
        const unsigned decimals = decimals_of(trace, r->asset);
        sg_jsonw_begin_object(w);
        traceout_kv_asset(w, &trace->assets[r->asset]);
        json_span(w, "reached", &r->destinations, decimals);
        json_span(w, "held", &r->held, decimals);
        json_span(w, "unobserved", &r->unobserved, decimals);
        json_span(w, "fees", &r->fees, decimals);
        json_entity_ranges(w, trace, r->asset);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_orders(struct sg_jsonw *w, const struct sg_trace *trace)
{
    sg_jsonw_key(w, "orders");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < trace->n_orders; i++) {
        const struct sg_trace_order *o = &trace->orders[i];
        const unsigned decimals = decimals_of(trace, o->asset);
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "policy", sg_policy_name(o->policy));
        traceout_kv_asset(w, &trace->assets[o->asset]);
        sg_jsonw_kv_uint(w, "orders", o->orders);
        sg_jsonw_kv_uint(w, "blocks", o->blocks);
        sg_jsonw_kv_uint(w, "blocks_kept", o->blocks_kept);
        json_span(w, "reached", &o->destinations, decimals);
        json_span(w, "held", &o->held, decimals);
        json_span(w, "unobserved", &o->unobserved, decimals);
        json_span(w, "fees", &o->fees, decimals);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_coverage(struct sg_jsonw *w, const struct sg_trace *trace)
{
    sg_jsonw_key(w, "coverage");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "addresses_followed", trace->coverage.addresses);
    sg_jsonw_kv_uint(w, "addresses_covered", trace->coverage.covered);
    sg_jsonw_kv_uint(w, "fees_unknown", trace->coverage.fees_unknown);
    sg_jsonw_kv_uint(w, "order_unknown_blocks", trace->coverage.order_unknown_blocks);
    sg_jsonw_kv_uint(w, "seeds_by_time", trace->seeds_by_time);
    if (trace->is_outputs)
        sg_jsonw_kv_uint(w, "gaps", trace->gaps);
    sg_jsonw_key(w, "absent");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < trace->n_absent; i++) {
        char text[SG_ADDRESS_TEXT_MAX];
        sg_jsonw_string(w, traceout_address(text, &trace->parties[trace->absent[i]]));
    }
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void json_policies(struct sg_jsonw *w, const struct sg_trace *trace)
{
    sg_jsonw_key(w, "policies");
    sg_jsonw_begin_object(w);
    for (size_t i = 0; i < trace->n_figures; i++) {
        sg_jsonw_key(w, sg_policy_name(trace->figures[i].policy));
        sg_jsonw_begin_object(w);
        json_figures(w, trace, &trace->figures[i]);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_object(w);
    json_range(w, trace);
}

void sg_traceout_json(struct sg_buf *out, const struct sg_traceout *t)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", SCHEMA_VERSION);
    sg_jsonw_kv_string(&w, "case", t->trace->c->name);
    sg_jsonw_kv_string(&w, "title", t->trace->c->title);
    if (t->all) {
        json_policies(&w, t->trace);
    } else {
        sg_jsonw_kv_string(&w, "policy", sg_policy_name(t->trace->figures[0].policy));
        json_figures(&w, t->trace, &t->trace->figures[0]);
    }
    json_orders(&w, t->trace);
    traceout_decoys_json(&w, t->trace);
    json_coverage(&w, t->trace);
    if (t->beyond)
        sg_beyond_json(&w, t->beyond);
    traceout_kv_manifest(&w, t->manifest, t->n_manifest);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}
