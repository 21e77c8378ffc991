/* Chains of payments: who funded the thief, and how money got to a place. */
#include "app/traceout/traceout.h"
#include "app/traceout/traceout_internal.h"

#include "base/civil.h"

#include <inttypes.h>
#include <string.h>

#define SCHEMA_VERSION 1u

static void text_line(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static void put_party(struct sg_buf *out, const struct sg_trace_party *parties, uint32_t party)
{
    char text[SG_ADDRESS_TEXT_MAX];
    if (party == SG_TRACE_NONE || parties[party].address.size == 0) {
        sg_buf_puts(out, "nobody known");
        return;
    }
    sg_buf_puts(out, traceout_address(text, &parties[party]));
    if (parties[party].label) {
        sg_buf_puts(out, " (");
        text_line(out, parties[party].label->entity);
        sg_buf_puts(out, ")");
    }
}

static void put_tx(struct sg_buf *out, const struct sg_trace_tx *txs, uint32_t tx)
{
    char text[SG_TX_HASH_TEXT_MAX], time[SG_TIME_TEXT_MAX];
    if (tx == SG_TRACE_NONE) {
        sg_buf_puts(out, "outside the ledger");
        return;
    }
    sg_buf_puts(out, sg_time_format(time, txs[tx].time_unix_s));
    if (txs[tx].has_hash)
        sg_buf_printf(out, "  %s", sg_tx_hash_text(text, txs[tx].chain, txs[tx].hash32));
}

static void put_money(struct sg_buf *out, const struct sg_trace_asset *asset,
                      struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(out, "%s ", sg_amount_format(text, amount, asset->decimals));
    text_line(out, asset->symbol);
}

static void put_funder(struct sg_buf *out, const struct sg_trace_backward *b,
                       const struct sg_trace_funder *f)
{
    sg_buf_printf(out, "  hop %" PRIu32 "  ", f->hop);
    put_money(out, &b->assets[f->asset], f->share);
    sg_buf_puts(out, " from ");
    put_party(out, b->parties, f->from);
    sg_buf_puts(out, f->stops ? ", where the view ends\n" : "\n");
    sg_buf_puts(out, "         to ");
    put_party(out, b->parties, f->to);
    sg_buf_puts(out, "\n         ");
    put_tx(out, b->txs, f->tx);
    sg_buf_puts(out, "\n");
}

void sg_traceout_backward_text(struct sg_buf *out, const struct sg_trace_backward *backward,
                               const struct sg_case *c)
{
    text_line(out, c->title);
    sg_buf_puts(out, ": who funded it\n");
    for (size_t i = 0; i < backward->n_fundings; i++) {
        const struct sg_trace_funding *f = &backward->fundings[i];
        sg_buf_putc(out, '\n');
        put_party(out, backward->parties, f->party);
        sg_buf_puts(out, "\n  had received ");
        put_money(out, &backward->assets[0], f->explained);
        sg_buf_puts(out, " before the theft\n");
        for (size_t j = 0; j < f->n_funders; j++)
            put_funder(out, backward, &f->funders[j]);
    }
}

static void json_label(struct sg_jsonw *w, const char *key, const struct sg_trace_party *parties,
                       uint32_t party)
{
    const struct sg_case_label *label = party == SG_TRACE_NONE ? NULL : parties[party].label;
    sg_jsonw_kv_string(w, key, label ? label->entity : NULL);
}

static void json_funder(struct sg_jsonw *w, const struct sg_trace_backward *b,
                        const struct sg_trace_funder *f)
{
    const unsigned decimals = b->assets[f->asset].decimals;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "hop", f->hop);
    traceout_kv_address(w, "from", b->parties, f->from);
    json_label(w, "from_entity", b->parties, f->from);
    traceout_kv_address(w, "to", b->parties, f->to);
    traceout_kv_tx(w, "tx", b->txs, f->tx);
    sg_jsonw_kv_time(w, "time_unix_s",
                     f->tx == SG_TRACE_NONE ? SG_TIME_UNKNOWN : b->txs[f->tx].time_unix_s);
    sg_jsonw_kv_amount(w, "amount", f->amount, decimals);
    sg_jsonw_kv_amount(w, "share", f->share, decimals);
    sg_jsonw_kv_bool(w, "view_ends", f->stops);
    sg_jsonw_end_object(w);
}

static void json_funding(struct sg_jsonw *w, const struct sg_trace_backward *b,
                         const struct sg_trace_funding *f)
{
    const struct sg_chain *chain = b->parties[f->party].chain;
    sg_jsonw_begin_object(w);
    traceout_kv_address(w, "address", b->parties, f->party);
    sg_jsonw_kv_string(w, "chain", chain->name);
    sg_jsonw_kv_string(w, "asset", chain->symbol);
    sg_jsonw_kv_amount(w, "received_before", f->explained, chain->decimals);
    sg_jsonw_key(w, "funders");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < f->n_funders; i++)
        json_funder(w, b, &f->funders[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

void sg_traceout_backward_json(struct sg_buf *out, const struct sg_trace_backward *backward,
                               const struct sg_traceout *t)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", SCHEMA_VERSION);
    sg_jsonw_kv_string(&w, "case", t->trace->c->name);
    sg_jsonw_key(&w, "backward");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < backward->n_fundings; i++)
        json_funding(&w, backward, &backward->fundings[i]);
    sg_jsonw_end_array(&w);
    traceout_kv_manifest(&w, t->manifest, t->n_manifest);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

static void put_step(struct sg_buf *out, const struct sg_trace *trace,
                     const struct sg_trace_move *m, size_t number)
{
    sg_buf_printf(out, "%3zu  ", number);
    put_money(out, &trace->assets[m->asset], m->tainted);
    if (m->kind == SG_MOVE_TRANSFER && sg_amount_cmp(m->tainted, m->amount) != 0) {
        sg_buf_puts(out, " of ");
        put_money(out, &trace->assets[m->asset], m->amount);
    }
    sg_buf_printf(out, "  %s\n     ", traceout_kind(m));
    if (m->from != SG_TRACE_NONE) {
        put_party(out, trace->parties, m->from);
        sg_buf_puts(out, "\n  -> ");
    }
    put_party(out, trace->parties, m->to);
    sg_buf_puts(out, "\n     ");
    put_tx(out, trace->txs, m->tx);
    sg_buf_puts(out, "\n");
}

void sg_traceout_path_text(struct sg_buf *out, const struct sg_trace *trace,
                           const struct sg_trace_figures *figures, const struct sg_path *path,
                           const char *target)
{
    const struct sg_trace_move *last = &figures->moves[path->moves[path->n_moves - 1]];
    text_line(out, trace->c->title);
    sg_buf_puts(out, ": the widest path to ");
    text_line(out, target);
    sg_buf_printf(out, ", by %s\n  it carried ", sg_policy_name(figures->policy));
    put_money(out, &trace->assets[last->asset], path->width);
    sg_buf_puts(out, "; in all ");
    put_money(out, &trace->assets[last->asset], path->arrived);
    sg_buf_printf(out, " arrived in %zu steps\n\n", path->arrivals);
    for (size_t i = 0; i < path->n_moves; i++)
        put_step(out, trace, &figures->moves[path->moves[i]], i + 1);
}

static void json_step(struct sg_jsonw *w, const struct sg_trace *trace,
                      const struct sg_trace_move *m)
{
    const struct sg_trace_asset *asset = &trace->assets[m->asset];
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "kind", traceout_kind(m));
    traceout_kv_tx(w, "tx", trace->txs, m->tx);
    sg_jsonw_kv_time(w, "time_unix_s", m->time_unix_s);
    traceout_kv_address(w, "from", trace->parties, m->from);
    json_label(w, "from_entity", trace->parties, m->from);
    traceout_kv_address(w, "to", trace->parties, m->to);
    json_label(w, "to_entity", trace->parties, m->to);
    sg_jsonw_kv_string(w, "asset", asset->symbol);
    sg_jsonw_kv_amount(w, "amount", m->amount, asset->decimals);
    sg_jsonw_kv_amount(w, "tainted", m->tainted, asset->decimals);
    sg_jsonw_end_object(w);
}

void sg_traceout_path_json(struct sg_buf *out, const struct sg_trace *trace,
                           const struct sg_trace_figures *figures, const struct sg_path *path,
                           const char *target, const struct sg_manifest_entry *manifest,
                           size_t n_manifest)
{
    const struct sg_trace_move *last = &figures->moves[path->moves[path->n_moves - 1]];
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", SCHEMA_VERSION);
    sg_jsonw_kv_string(&w, "case", trace->c->name);
    sg_jsonw_kv_string(&w, "policy", sg_policy_name(figures->policy));
    sg_jsonw_kv_string(&w, "to", target);
    traceout_kv_asset(&w, &trace->assets[last->asset]);
    sg_jsonw_kv_amount(&w, "width", path->width, trace->assets[last->asset].decimals);
    sg_jsonw_kv_amount(&w, "arrived", path->arrived, trace->assets[last->asset].decimals);
    sg_jsonw_kv_uint(&w, "arrivals", path->arrivals);
    sg_jsonw_key(&w, "steps");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < path->n_moves; i++)
        json_step(&w, trace, &figures->moves[path->moves[i]]);
    sg_jsonw_end_array(&w);
    traceout_kv_manifest(&w, manifest, n_manifest);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}
