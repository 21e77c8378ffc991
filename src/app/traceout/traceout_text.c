/* The summary of a trace on the terminal: what was taken, where it is, how sure that is. */
#include "app/traceout/traceout.h"
#include "app/traceout/traceout_internal.h"

#include "app/page/page.h"
#include "base/civil.h"

#include <string.h>

#define DIGITS_SHOWN 6u
#define NAME_WIDTH   30
#define LIST_SHOWN   8u

static void text_line(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static const char *money(char text[SG_PAGE_TEXT_MAX], const struct sg_trace *trace, uint32_t asset,
                         struct sg_amount amount)
{
    const unsigned decimals = trace->assets[asset].decimals;
    return sg_page_amount(text, amount, decimals,
                          decimals < DIGITS_SHOWN ? decimals : DIGITS_SHOWN);
}

/* One row of the table: name, amount, share, range over the policies. */
struct cell {
    const char *name;
    const char *category; /* or NULL */
    struct sg_amount amount;
    const struct sg_trace_span *span; /* or NULL */
};

static void put_name(struct sg_buf *out, const struct cell *cell)
{
    const size_t before = out->size;
    sg_buf_puts(out, "  ");
    text_line(out, cell->name);
    if (cell->category)
        sg_buf_printf(out, " (%s)", cell->category);
    for (size_t width = out->size - before; width < NAME_WIDTH; width++)
        sg_buf_putc(out, ' ');
}

static void put_row(struct sg_buf *out, const struct sg_trace *trace,
                    const struct sg_trace_line *line, const struct cell *cell)
{
    char amount[SG_PAGE_TEXT_MAX], low[SG_PAGE_TEXT_MAX], high[SG_PAGE_TEXT_MAX];
    char share[SG_AMOUNT_TEXT_MAX];
    put_name(out, cell);
    traceout_share(share, line, cell->amount);
    sg_buf_printf(out, "%20s", money(amount, trace, line->asset, cell->amount));
    sg_buf_printf(out, "  %6s%s", share, share[0] ? " %" : "  ");
    if (cell->span && sg_amount_cmp(cell->span->low, cell->span->high) != 0)
        sg_buf_printf(out, "   %s to %s", money(low, trace, line->asset, cell->span->low),
                      money(high, trace, line->asset, cell->span->high));
    sg_buf_putc(out, '\n');
}

static const struct sg_trace_range *range_of(const struct sg_trace *trace, uint32_t asset)
{
    for (size_t i = 0; i < trace->n_ranges && trace->n_figures > 1; i++)
        if (trace->ranges[i].asset == asset)
            return &trace->ranges[i];
    return NULL;
}

static const struct sg_trace_span *entity_span(const struct sg_trace *trace,
                                               const struct sg_trace_entity *e)
{
    for (size_t i = 0; i < trace->n_entity_ranges && trace->n_figures > 1; i++) {
        const struct sg_trace_entity_range *r = &trace->entity_ranges[i];
        if (r->asset == e->asset && r->category == e->category && strcmp(r->entity, e->entity) == 0)
            return &r->amount;
    }
    return NULL;
}

static void put_times(struct sg_buf *out, size_t transfers, size_t senders, int64_t first,
                      int64_t last)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "      %s transfers", sg_page_count(text, transfers));
    sg_buf_printf(out, " from %s addresses", sg_page_count(text, senders));
    sg_buf_printf(out, ", %s", sg_page_minute(text, first));
    sg_buf_printf(out, " to %s UTC\n", sg_page_minute(text, last));
}

static void put_destinations(struct sg_buf *out, const struct sg_trace *trace,
                             const struct sg_trace_figures *f, const struct sg_trace_line *line)
{
    for (size_t i = 0; i < f->n_entities; i++) {
        const struct sg_trace_entity *e = &f->entities[i];
        if (e->asset != line->asset)
            continue;
        put_row(out, trace, line,
                &(struct cell){e->entity, sg_category_info(e->category)->name, e->amount,
                               entity_span(trace, e)});
        put_times(out, e->transfers, e->senders, e->first_unix_s, e->last_unix_s);
    }
}

static void put_if(struct sg_buf *out, const struct sg_trace *trace,
                   const struct sg_trace_line *line, const char *name, struct sg_amount amount,
                   const struct sg_trace_span *span)
{
    const bool spans = span && !sg_amount_is_zero(span->high);
    if (!sg_amount_is_zero(amount) || spans)
        put_row(out, trace, line, &(struct cell){name, NULL, amount, span});
}

/* An amount without a share: it is not a part of what was taken. */
static void put_plain(struct sg_buf *out, const struct sg_trace *trace,
                      const struct sg_trace_line *line, const char *name, struct sg_amount amount)
{
    char text[SG_PAGE_TEXT_MAX];
    if (sg_amount_is_zero(amount))
        return;
    put_name(out, &(struct cell){.name = name});
    sg_buf_printf(out, "%20s\n", money(text, trace, line->asset, amount));
}

static void put_places(struct sg_buf *out, const struct sg_trace *trace,
                       const struct sg_trace_figures *f, uint32_t asset, enum sg_trace_status which)
{
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < f->n_holdings; i++) {
        const struct sg_trace_holding *h = &f->holdings[i];
        char address[SG_ADDRESS_TEXT_MAX], amount[SG_PAGE_TEXT_MAX], time[SG_PAGE_TEXT_MAX];
        if (h->asset != asset || h->status != which)
            continue;
        if (shown == LIST_SHOWN) {
            left++;
            continue;
        }
        shown++;
        traceout_address(address, &trace->parties[h->party]);
        sg_buf_printf(out, "      %-44s %18s", address[0] ? address : "(no address)",
                      money(amount, trace, asset, h->amount));
        sg_buf_printf(out, "  last came in %s\n", sg_page_minute(time, h->last_in_unix_s));
    }
    if (left > 0)
        sg_buf_printf(out, "      and %zu more; --json and --csv have them all\n", left);
}

static void put_asset(struct sg_buf *out, const struct sg_trace *trace,
                      const struct sg_trace_figures *f, const struct sg_trace_line *line)
{
    const struct sg_trace_asset *asset = &trace->assets[line->asset];
    const struct sg_trace_range *r = range_of(trace, line->asset);
    sg_buf_putc(out, '\n');
    text_line(out, asset->symbol[0] ? asset->symbol : "unnamed token");
    sg_buf_printf(out, " on %s, by %s%s\n", asset->chain->name, sg_policy_name(f->policy),
                  r ? "; behind it the range over the policies" : "");
    put_plain(out, trace, line, "stolen", line->stolen);
    put_plain(out, trace, line, "came from conversions", line->converted_in);
    put_plain(out, trace, line, "excess of poison", line->excess);
    put_if(out, trace, line, "became another asset", line->converted_out, NULL);
    put_destinations(out, trace, f, line);
    put_if(out, trace, line, "of that in CoinJoins", line->coinjoins, NULL);
    put_if(out, trace, line, "held", line->held, r ? &r->held : NULL);
    put_places(out, trace, f, line->asset, SG_TRACE_HELD);
    put_if(out, trace, line, "unobserved", line->unobserved, r ? &r->unobserved : NULL);
    put_places(out, trace, f, line->asset, SG_TRACE_UNOBSERVED);
    put_if(out, trace, line, "fees", line->fees, r ? &r->fees : NULL);
    put_if(out, trace, line, "below the cut-off", line->dust_discarded, NULL);
}

static bool is_fixed(const struct sg_trace_span *span)
{
    return sg_amount_cmp(span->low, span->high) == 0;
}

static void put_orders(struct sg_buf *out, const struct sg_trace *trace)
{
    bool moves = false;
    if (trace->n_orders == 0)
        return;
    for (size_t i = 0; i < trace->n_orders; i++) {
        const struct sg_trace_order *o = &trace->orders[i];
        moves = moves || !is_fixed(&o->destinations) || !is_fixed(&o->held) ||
                !is_fixed(&o->unobserved) || !is_fixed(&o->fees);
    }
    const struct sg_trace_order *o = &trace->orders[0];
    sg_buf_printf(
        out,
        "  In %llu blocks no source gives the order of two or more transactions (%llu of "
        "them have but\n  one order that everybody could pay); under %zu other orders %s.\n",
        (unsigned long long)o->blocks, (unsigned long long)o->blocks_kept, o->orders,
        moves ? "some figures change (--json: orders)" : "no figure changes");
}

static void put_basis(struct sg_buf *out, const struct sg_trace *trace)
{
    char a[SG_PAGE_TEXT_MAX], b[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "\nWhat this rests on\n");
    sg_buf_printf(out, "  %s addresses were followed, %s of them covered by the ledger.\n",
                  sg_page_count(a, trace->coverage.addresses),
                  sg_page_count(b, trace->coverage.covered));
    if (trace->coverage.fees_unknown > 0)
        sg_buf_printf(out, "  The fee of %s transactions is unknown, not zero.\n",
                      sg_page_count(a, trace->coverage.fees_unknown));
    if (trace->n_absent > 0)
        sg_buf_printf(out, "  %s addresses of the case never occur in the ledger.\n",
                      sg_page_count(a, trace->n_absent));
    if (trace->gaps > 0)
        sg_buf_printf(out, "  Blocks are missing in %s places between those of the ledger.\n",
                      sg_page_count(a, trace->gaps));
    put_orders(out, trace);
}

static const struct sg_trace_figures *main_figures(const struct sg_trace *trace)
{
    const struct sg_trace_figures *fifo = sg_trace_figures_of(trace, SG_POLICY_FIFO);
    return fifo ? fifo : &trace->figures[0];
}

void sg_traceout_text(struct sg_buf *out, const struct sg_traceout *t)
{
    const struct sg_trace_figures *f = main_figures(t->trace);
    text_line(out, t->trace->c->title);
    sg_buf_puts(out, " (");
    text_line(out, t->trace->c->name);
    sg_buf_puts(out, ")\n");
    for (size_t i = 0; i < f->n_lines; i++)
        put_asset(out, t->trace, f, &f->lines[i]);
    if (t->beyond)
        sg_beyond_text(out, t->beyond);
    traceout_decoys_text(out, t->trace);
    put_basis(out, t->trace);
}
