/* The manifest: what went in and what came out, for people as a table and for a check as data. */
#include "app/report/report_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <string.h>

#define NAME_SIZE 512

/* Entries so far; a figure is named by its place: "ethereum/ETH/fifo/held". */
struct listing {
    struct sg_manifest_entry *items;
    size_t n, capacity;
    struct sg_arena *arena;
    const struct sg_report_asset *asset;
    const struct sg_report_result *result;
    bool failed;
};

static void say(struct listing *l, const char *what, const char *of, const char *value)
{
    char name[NAME_SIZE];
    const int size =
        snprintf(name, sizeof(name), "%s/%s/%s/%s%s%s", l->asset->chain, l->asset->symbol,
                 l->result->policy, what, of ? "/" : "", of ? of : "");
    const size_t used = size < NAME_SIZE ? (size_t)size : NAME_SIZE - 1;
    if (l->failed || !SG_VEC_RESERVE(l->items, l->n, l->capacity, 1)) {
        l->failed = true;
        return;
    }
    const struct sg_manifest_entry e = {"figure", sg_arena_strndup(l->arena, name, used),
                                        sg_arena_strndup(l->arena, value, strlen(value))};
    l->failed = !e.name || !e.value;
    l->items[l->n++] = e;
}

static void say_amount(struct listing *l, const char *what, const char *of, struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    say(l, what, of, sg_amount_format(text, amount, l->asset->decimals));
}

static void say_count(struct listing *l, const char *what, const char *of, size_t count)
{
    char text[24];
    snprintf(text, sizeof(text), "%zu", count);
    say(l, what, of, text);
}

static void result_figures(struct listing *l)
{
    const struct sg_report_result *r = l->result;
    say_amount(l, "stolen", NULL, r->stolen);
    say_amount(l, "converted in", NULL, r->converted_in);
    say_amount(l, "converted out", NULL, r->converted_out);
    say_amount(l, "reached", NULL, r->reached);
    if (!sg_amount_is_zero(r->coinjoins))
        say_amount(l, "in CoinJoins", NULL, r->coinjoins);
    say_amount(l, "held", NULL, r->held);
    say_amount(l, "unobserved", NULL, r->unobserved);
    say_amount(l, "fees", NULL, r->fees);
    say_amount(l, "excess", NULL, r->excess);
    say_amount(l, "dust", NULL, r->dust);
    for (size_t i = 0; i < r->n_destinations; i++) {
        say_amount(l, "reached", r->destinations[i].entity, r->destinations[i].amount);
        if (r->destinations[i].n_transfers)
            say_count(l, "transfers to", r->destinations[i].entity, r->destinations[i].n_transfers);
    }
    for (size_t i = 0; i < r->n_held_at; i++)
        say_amount(l, "held at", r->held_at[i].address, r->held_at[i].amount);
    for (size_t i = 0; i < r->n_unobserved_at; i++)
        say_amount(l, "unobserved at", r->unobserved_at[i].address, r->unobserved_at[i].amount);
}

enum sg_status sg_report_figures(const struct sg_manifest_entry **figures, size_t *n,
                                 struct sg_arena *arena, const struct sg_report *report,
                                 struct sg_err *err)
{
    struct listing l = {.arena = arena};
    struct sg_manifest_entry *kept = NULL;
    for (size_t i = 0; i < report->n_assets; i++)
        for (size_t p = 0; p < report->assets[i].n_results; p++) {
            l.asset = &report->assets[i];
            l.result = &report->assets[i].results[p];
            result_figures(&l);
        }
    if (!l.failed)
        kept = sg_arena_alloc(arena, l.n + 1, sizeof(*kept));
    if (kept) {
        memcpy(kept, l.items, l.n * sizeof(*kept));
        *figures = kept;
        *n = l.n;
    }
    sg_mem_free(l.items);
    return kept ? SG_OK : sg_err_nomem(err);
}

/* Facts first, then figures: one list. */
static enum sg_status put_data(struct sg_buf *out, const struct sg_report *report,
                               struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *figures;
    size_t n;
    enum sg_status st = sg_report_figures(&figures, &n, &arena, report, err);
    if (st != SG_OK)
        goto out;
    struct sg_manifest_entry *all = sg_arena_alloc(&arena, n + report->n_facts, sizeof(*all));
    if (!all) {
        st = sg_err_nomem(err);
        goto out;
    }
    if (report->n_facts)
        memcpy(all, report->facts, report->n_facts * sizeof(*all));
    memcpy(all + report->n_facts, figures, n * sizeof(*all));
    st = sg_manifest_write(out, all, n + report->n_facts, err);
out:
    sg_arena_clear(&arena);
    return st;
}

enum sg_status report_manifest(struct sg_buf *out, const struct sg_report *report,
                               struct sg_err *err)
{
    sg_page_section(out, "manifest", "Manifest");
    sg_buf_puts(out,
                "<p>The same inputs give the same bytes. <code>sillage verify REPORT.html"
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
    const enum sg_status st = put_data(out, report, err);
    sg_buf_puts(out, "</section>\n");
    return st;
}
