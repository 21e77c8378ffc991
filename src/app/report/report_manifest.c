/* The manifest: what went in and what came out, for people as a table and for `sillage verify` as
 * data. The data is an array of flat objects in a <script> of a type that no browser runs. */
#include "app/report/report_internal.h"

#include "base/jsonw.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 512

/* Names a figure by its place: "ethereum/ETH/fifo/held". */
struct naming {
    sg_report_figure_fn visit;
    void *ctx;
    const struct sg_report_asset *asset;
    const struct sg_report_result *result;
};

static void say(const struct naming *n, const char *what, const char *of, const char *value)
{
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof(name), "%.40s/%.40s/%.40s/%s%s%.256s", n->asset->chain, n->asset->symbol,
             n->result->policy, what, of ? "/" : "", of ? of : "");
    n->visit(n->ctx, name, value);
}

static void say_amount(const struct naming *n, const char *what, const char *of,
                       struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    say(n, what, of, sg_amount_format(text, amount, n->asset->decimals));
}

static void say_count(const struct naming *n, const char *what, const char *of, size_t count)
{
    char text[24];
    snprintf(text, sizeof(text), "%zu", count);
    say(n, what, of, text);
}

static void result_figures(const struct naming *n)
{
    const struct sg_report_result *r = n->result;
    say_amount(n, "stolen", NULL, r->stolen);
    say_amount(n, "converted in", NULL, r->converted_in);
    say_amount(n, "converted out", NULL, r->converted_out);
    say_amount(n, "reached", NULL, r->reached);
    say_amount(n, "held", NULL, r->held);
    say_amount(n, "unobserved", NULL, r->unobserved);
    say_amount(n, "fees", NULL, r->fees);
    say_amount(n, "excess", NULL, r->excess);
    say_amount(n, "dust", NULL, r->dust);
    for (size_t i = 0; i < r->n_destinations; i++) {
        say_amount(n, "reached", r->destinations[i].entity, r->destinations[i].amount);
        say_count(n, "transfers to", r->destinations[i].entity, r->destinations[i].n_transfers);
    }
    for (size_t i = 0; i < r->n_held_at; i++)
        say_amount(n, "held at", r->held_at[i].address, r->held_at[i].amount);
    for (size_t i = 0; i < r->n_unobserved_at; i++)
        say_amount(n, "unobserved at", r->unobserved_at[i].address, r->unobserved_at[i].amount);
}

void sg_report_figures(const struct sg_report *report, sg_report_figure_fn visit, void *ctx)
{
    for (size_t i = 0; i < report->n_assets; i++)
        for (size_t p = 0; p < report->assets[i].n_results; p++) {
            const struct naming n = {visit, ctx, &report->assets[i], &report->assets[i].results[p]};
            result_figures(&n);
        }
}

static void entry(struct sg_jsonw *w, const char *kind, const char *name, const char *value)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "kind", kind);
    sg_jsonw_kv_string(w, "name", name);
    sg_jsonw_kv_string(w, "value", value);
    sg_jsonw_end_object(w);
}

static void figure_entry(void *ctx, const char *name, const char *value)
{
    entry(ctx, "figure", name, value);
}

/* Inside <script> no entity is decoded: "<" must not occur, and JSON can say it otherwise. It
 * occurs in strings only. */
static void put_script_safe(struct sg_buf *out, const struct sg_buf *json)
{
    size_t from = 0;
    for (size_t i = 0; i < json->size; i++)
        if (json->data[i] == '<') {
            sg_buf_append(out, json->data + from, i - from);
            sg_buf_puts(out, "\\u003c");
            from = i + 1;
        }
    sg_buf_append(out, json->data + from, json->size - from);
}

static enum sg_status data_block(struct sg_buf *out, const struct sg_report *report,
                                 struct sg_err *err)
{
    struct sg_buf json = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &json);
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < report->n_facts; i++)
        entry(&w, report->facts[i].kind, report->facts[i].name, report->facts[i].value);
    sg_report_figures(report, figure_entry, &w);
    sg_jsonw_end_array(&w);
    const enum sg_status st = sg_buf_check(&json, err);
    if (st == SG_OK) {
        sg_buf_puts(out, SG_REPORT_MANIFEST_OPEN);
        put_script_safe(out, &json);
        sg_buf_puts(out, SG_REPORT_MANIFEST_CLOSE);
    }
    sg_buf_clear(&json);
    return st;
}

enum sg_status report_manifest(struct sg_buf *out, const struct sg_report *report,
                               struct sg_err *err)
{
    sg_page_section(out, "manifest", "Manifest");
    sg_buf_puts(out,
                "<p>The same inputs give the same bytes. <code>sillage verify REPORT.html "
                "</code> repeats the computation from the inputs named here and says which "
                "figure differs.</p>\n<div class=\"wide\"><table>\n<thead><tr><th></th><th>Name"
                "</th><th>Value</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->n_facts; i++) {
        sg_buf_puts(out, "<tr><td>");
        sg_page_text(out, report->facts[i].kind);
        sg_buf_puts(out, "</td><td>");
        sg_page_text(out, report->facts[i].name);
        sg_buf_puts(out, "</td><td>");
        sg_page_full_id(out, report->facts[i].value);
        sg_buf_puts(out, "</td></tr>\n");
    }
    sg_buf_puts(out, "</tbody>\n</table></div>\n");
    const enum sg_status st = data_block(out, report, err);
    sg_buf_puts(out, "</section>\n");
    return st;
}
