/* What only looks like a payment, as JSON and for people. */
#include "app/page/page.h"
#include "app/traceout/traceout_internal.h"

#include <string.h>

#define LIST_SHOWN 8u

static void kv_address(struct sg_jsonw *w, const char *key, const struct sg_trace_decoy *d,
                       const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_address_format(text, d->chain, address);
    sg_jsonw_kv_string(w, key, text[0] ? text : NULL);
}

static void decoy_json(struct sg_jsonw *w, const struct sg_trace_decoy *d)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_bool(w, "lookalike", d->kinds & SG_DECOY_LOOKALIKE);
    sg_jsonw_kv_bool(w, "fake_token", d->kinds & SG_DECOY_FAKE_TOKEN);
    sg_jsonw_kv_bool(w, "was_paid", d->was_paid);
    sg_jsonw_kv_string(w, "chain", d->chain->name);
    sg_jsonw_key(w, "tx");
    if (d->has_hash)
        sg_jsonw_hex(w, d->hash32, sizeof(d->hash32));
    else
        sg_jsonw_null(w);
    sg_jsonw_kv_time(w, "time_unix_s", d->time_unix_s);
    kv_address(w, "from", d, &d->from);
    kv_address(w, "to", d, &d->to);
    sg_jsonw_kv_string(w, "asset", d->asset.symbol);
    kv_address(w, "contract", d, &d->asset.contract);
    sg_jsonw_kv_amount(w, "pretended", d->amount, d->asset.decimals);
    kv_address(w, "imitated", d, &d->imitated);
    sg_jsonw_kv_uint(w, "first_characters", d->first);
    sg_jsonw_kv_uint(w, "last_characters", d->last);
    sg_jsonw_kv_string(w, "imitated_asset",
                       d->kinds & SG_DECOY_FAKE_TOKEN ? d->imitated_asset.symbol : NULL);
    kv_address(w, "imitated_contract", d, &d->imitated_asset.contract);
    sg_jsonw_end_object(w);
}

void traceout_decoys_json(struct sg_jsonw *w, const struct sg_trace *trace)
{
    sg_jsonw_kv_bool(w, "decoys_followed", trace->with_decoys);
    sg_jsonw_key(w, "decoys");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < trace->n_decoys; i++)
        decoy_json(w, &trace->decoys[i]);
    sg_jsonw_end_array(w);
}

void sg_traceout_decoy(struct sg_buf *out, const struct sg_trace_decoy *d)
{
    char text[SG_ADDRESS_TEXT_MAX], amount[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "%s %s ", sg_page_minute(amount, d->time_unix_s),
                  sg_address_format(text, d->chain, &d->from));
    sg_buf_printf(out, "to %s: %s ", sg_address_format(text, d->chain, &d->to),
                  sg_page_amount(amount, d->amount, d->asset.decimals, 6));
    sg_buf_line(out, d->asset.symbol, strlen(d->asset.symbol));
    if (d->kinds & SG_DECOY_FAKE_TOKEN)
        sg_buf_printf(out, " of %s, no real one",
                      sg_address_format(text, d->chain, &d->asset.contract));
    if (d->kinds & SG_DECOY_LOOKALIKE)
        sg_buf_printf(out, "; the %s looks like %s (%u and %u characters)",
                      d->payer_is_lookalike ? "payer" : "payee",
                      sg_address_format(text, d->chain, &d->imitated), d->first, d->last);
}

static void list(struct sg_buf *out, const struct sg_trace *trace, bool was_paid)
{
    size_t n = 0;
    for (size_t i = 0; i < trace->n_decoys; i++) {
        if (trace->decoys[i].was_paid != was_paid || n++ >= LIST_SHOWN)
            continue;
        sg_buf_puts(out, "    ");
        sg_traceout_decoy(out, &trace->decoys[i]);
        sg_buf_putc(out, '\n');
    }
    if (n > LIST_SHOWN)
        sg_buf_printf(out, "    and %zu more; --json has them all\n", n - LIST_SHOWN);
}

void traceout_decoys_text(struct sg_buf *out, const struct sg_trace *trace)
{
    size_t n_paid = 0;
    for (size_t i = 0; i < trace->n_decoys; i++)
        n_paid += trace->decoys[i].was_paid;
    if (trace->n_decoys > n_paid) {
        sg_buf_printf(out, "\nProbable decoys: %zu rows, %s\n", trace->n_decoys - n_paid,
                      trace->with_decoys ? "followed as asked" : "left out");
        list(out, trace, false);
    }
    if (n_paid) {
        sg_buf_printf(
            out, "\nLook-alikes that were paid, in %zu rows: the poison may have worked\n", n_paid);
        list(out, trace, true);
    }
}
