/* Tables: destinations, what is held, what cannot be seen, and every transfer behind a figure. */
#include "app/report/report_internal.h"

#include "base/hex.h"

/* Caption of a table that stands once for each asset. */
static void table(struct sg_buf *out, const struct sg_report_asset *asset, const char *caption,
                  const char *head)
{
    sg_buf_puts(out, "<div class=\"wide\">\n<table>\n<caption>");
    sg_page_text(out, asset->symbol);
    sg_buf_puts(out, " on ");
    sg_page_text(out, asset->chain);
    sg_buf_printf(out, ". %s</caption>\n<thead><tr>%s</tr></thead>\n<tbody>\n", caption, head);
}

static void table_end(struct sg_buf *out)
{
    sg_buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

static void text_cell(struct sg_buf *out, const char *text)
{
    sg_buf_puts(out, "<td>");
    sg_page_text(out, text);
    sg_buf_puts(out, "</td>");
}

static void count_cell(struct sg_buf *out, uint64_t count)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<td class=\"n\">%s</td>", sg_page_count(text, count));
}

static void share_cell(struct sg_buf *out, struct sg_amount part, struct sg_amount whole)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<td class=\"n\">");
    sg_page_text(out, sg_page_percent(text, part, whole));
    sg_buf_puts(out, "</td>");
}

static void destination_row(struct sg_buf *out, const struct sg_report *report, size_t asset_number,
                            size_t number)
{
    const struct sg_report_asset *asset = &report->assets[asset_number];
    const struct sg_report_result *r = main_result(asset);
    const struct sg_report_destination *d = &r->destinations[number];
    const bool any = d->n_transfers > 0;
    sg_buf_printf(out,
                  "<tr><td><svg class=\"key\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect "
                  "width=\"12\" height=\"12\" class=\"%s\"/></svg>",
                  report_class(d->kind));
    sg_buf_printf(out, "<a href=\"#t-%zu-%zu\">", asset_number, number);
    sg_page_text(out, d->entity);
    sg_buf_puts(out, "</a></td>");
    text_cell(out, d->category);
    report_amount_cell(out, asset, d->amount);
    share_cell(out, d->amount, report_whole(r));
    if (report->price_source)
        report_usd_cell(out, d->usd);
    count_cell(out, d->n_transfers);
    count_cell(out, d->n_senders);
    report_minute_cell(out, any ? d->transfers[0].time_unix_s : INT64_MIN);
    report_minute_cell(out, any ? d->transfers[d->n_transfers - 1].time_unix_s : INT64_MIN);
    sg_buf_puts(out, "</tr>\n");
}

static void destination_sum(struct sg_buf *out, const struct sg_report_asset *asset, bool priced)
{
    const struct sg_report_result *r = main_result(asset);
    sg_buf_puts(out, "<tr class=\"sum\"><td>All services</td><td></td>");
    report_amount_cell(out, asset, r->reached);
    share_cell(out, r->reached, report_whole(r));
    sg_buf_puts(out, priced ? "<td></td><td></td><td></td><td></td><td></td></tr>\n"
                            : "<td></td><td></td><td></td><td></td></tr>\n");
}

void report_destinations(struct sg_buf *out, const struct sg_report *report)
{
    const bool priced = report->price_source != NULL;
    sg_page_section(out, "destinations", "Destinations");
    sg_buf_puts(out,
                "<p>Tracing stops at a service, because behind it the money of many is pooled. "
                "Each name leads to the transactions behind its figure.</p>\n");
    for (size_t i = 0; i < report->n_assets; i++) {
        const struct sg_report_asset *a = &report->assets[i];
        if (report_is_quiet(a))
            continue;
        table(out, a, "Largest first; times are UTC.",
              priced
                  ? "<th>Service</th><th>Kind</th><th class=\"n\">Amount</th><th class=\"n\">Share"
                    "</th><th class=\"n\">USD then</th><th class=\"n\">Transfers</th>"
                    "<th class=\"n\">Senders</th><th>First</th><th>Last</th>"
                  : "<th>Service</th><th>Kind</th><th class=\"n\">Amount</th><th class=\"n\">Share"
                    "</th><th class=\"n\">Transfers</th><th class=\"n\">Senders</th><th>First</th>"
                    "<th>Last</th>");
        for (size_t k = 0; k < main_result(a)->n_destinations; k++)
            destination_row(out, report, i, k);
        destination_sum(out, a, priced);
        table_end(out);
    }
    if (priced) {
        sg_buf_puts(out, "<p class=\"small dim\">USD at the time of each transfer, from ");
        sg_page_text(out, report->price_source);
        sg_buf_puts(out, ".</p>\n");
    }
    sg_buf_puts(out, "</section>\n");
}

/* Below its address: each output, so that it can be watched by name. */
static void outputs_row(struct sg_buf *out, const struct sg_report_asset *asset,
                        const struct sg_report_place *place)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<tr><td colspan=\"5\" class=\"small\">");
    for (size_t i = 0; i < place->n_outputs && i < SG_REPORT_OUTPUTS_MAX; i++) {
        const struct sg_report_output *o = &place->outputs[i];
        sg_buf_puts(out, "<div>");
        report_hash(out, asset, o->hash32);
        sg_buf_printf(out, "<code>:%" PRIu32 "</code> <span class=\"dim\">", o->index);
        report_amount(out, asset, o->amount, asset->decimals);
        if (sg_amount_cmp(o->amount, o->value) != 0) {
            sg_buf_puts(out, " of ");
            report_amount(out, asset, o->value, asset->decimals);
        }
        sg_buf_puts(out, "</span></div>\n");
    }
    if (place->n_outputs > SG_REPORT_OUTPUTS_MAX)
        sg_buf_printf(out,
                      "<div>and %s outputs more; <code>--csv</code> writes all of them</div>\n",
                      sg_page_count(text, place->n_outputs - SG_REPORT_OUTPUTS_MAX));
    sg_buf_puts(out, "</td></tr>\n");
}

static void place_row(struct sg_buf *out, const struct sg_report_asset *asset,
                      const struct sg_report_place *place)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<tr><td>");
    sg_page_full_id(out, place->address);
    sg_buf_puts(out, "</td>");
    text_cell(out, place->label);
    report_amount_cell(out, asset, place->amount);
    report_minute_cell(out, place->last_unix_s);
    if (place->last_block)
        sg_buf_printf(out, "<td class=\"n\">%s</td></tr>\n",
                      sg_page_count(text, place->last_block));
    else
        sg_buf_puts(out, "<td class=\"n dim\">none</td></tr>\n");
    if (place->n_outputs)
        outputs_row(out, asset, place);
}

/* Rows beyond this are one line: their number and sum. */
#define PLACES_MAX 200

static void places(struct sg_buf *out, const struct sg_report_asset *asset,
                   const struct sg_report_place *items, size_t n)
{
    char text[SG_PAGE_TEXT_MAX];
    struct sg_amount rest = {0};
    for (size_t i = 0; i < n && i < PLACES_MAX; i++)
        place_row(out, asset, &items[i]);
    for (size_t i = PLACES_MAX; i < n; i++)
        if (!sg_amount_add(&rest, rest, items[i].amount))
            break;
    if (n > PLACES_MAX) {
        sg_buf_printf(out, "<tr class=\"sum\"><td>and %s addresses more</td><td></td>",
                      sg_page_count(text, n - PLACES_MAX));
        report_amount_cell(out, asset, rest);
        sg_buf_puts(out, "<td></td><td></td></tr>\n");
    }
    table_end(out);
}

void report_held(struct sg_buf *out, const struct sg_report *report)
{
    sg_page_section(out, "held", "Still held");
    sg_buf_puts(out,
                "<p>Stolen money that had not moved on by the last block that the ledger covers "
                "for its address. Watch these: the next move may be the last chance.</p>\n");
    for (size_t i = 0; i < report->n_assets; i++) {
        const struct sg_report_asset *a = &report->assets[i];
        const struct sg_report_result *r = main_result(a);
        if (report_is_quiet(a))
            continue;
        table(out, a, "Largest first.",
              "<th>Address</th><th>Label</th><th class=\"n\">Amount</th><th>Last in</th>"
              "<th class=\"n\">Covered to block</th>");
        places(out, a, r->held_at, r->n_held_at);
    }
    sg_buf_puts(out, "</section>\n");
}

void report_unobserved(struct sg_buf *out, const struct sg_report *report)
{
    sg_page_section(out, "unseen", "Not seen, and which exports would settle it");
    const bool outputs = report->n_assets > 0 && report->assets[0].outputs;
    sg_buf_puts(
        out, outputs
                 ? "<p>Outputs of these addresses that held stolen money are spent beside outputs "
                   "that the ledger does not hold, so nobody can tell which money went where. "
                   "That is not the same as unspent. The blocks of the missing outputs would "
                   "settle it.</p>\n"
                 : "<p>These addresses took stolen money, and what they did with it is not (all) "
                   "in the ledger. That is not the same as unspent. Fetch the exports from the "
                   "top: each line says how much it would settle.</p>\n");
    for (size_t i = 0; i < report->n_assets; i++) {
        const struct sg_report_asset *a = &report->assets[i];
        const struct sg_report_result *r = main_result(a);
        if (report_is_quiet(a))
            continue;
        table(out, a,
              outputs ? "By the amount behind each."
                      : "The next exports to fetch, by the amount behind each.",
              outputs ? "<th>Address</th><th>Label</th><th class=\"n\">Unobserved</th>"
                        "<th>Last in</th><th class=\"n\">Covered to block</th>"
                      : "<th>Export of address</th><th>Label</th><th class=\"n\">Unobserved</th>"
                        "<th>Last in</th><th class=\"n\">Covered to block</th>");
        places(out, a, r->unobserved_at, r->n_unobserved_at);
    }
    sg_buf_puts(out, "</section>\n");
}

static void transfer_row(struct sg_buf *out, const struct sg_report_asset *asset,
                         const struct sg_report_transfer *t)
{
    sg_buf_puts(out, "<tr>");
    report_minute_cell(out, t->time_unix_s);
    report_amount_cell(out, asset, t->amount);
    sg_buf_puts(out, "<td>");
    sg_page_short_id(out, t->from);
    sg_buf_puts(out, "</td><td>");
    sg_page_short_id(out, t->to);
    sg_buf_puts(out, "</td><td>");
    report_hash(out, asset, t->hash32);
    sg_buf_puts(out, "</td></tr>\n");
}

static void transfers_rest(struct sg_buf *out, const struct sg_report_asset *asset,
                           const struct sg_report_destination *d)
{
    char text[SG_PAGE_TEXT_MAX];
    struct sg_amount rest = {0};
    for (size_t i = SG_REPORT_TRANSFERS_MAX; i < d->n_transfers; i++)
        if (!sg_amount_add(&rest, rest, d->transfers[i].amount))
            break;
    sg_buf_printf(out, "<p>And %s transfers more, together ",
                  sg_page_count(text, d->n_transfers - SG_REPORT_TRANSFERS_MAX));
    report_amount(out, asset, rest, SHOWN_TABLE);
    sg_buf_puts(out, "; <code>--csv</code> writes all of them.</p>\n");
}

static void transfers_of(struct sg_buf *out, const struct sg_report *report, size_t asset_number,
                         size_t number)
{
    const struct sg_report_asset *asset = &report->assets[asset_number];
    const struct sg_report_destination *d = &main_result(asset)->destinations[number];
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<details id=\"t-%zu-%zu\">\n<summary>", asset_number, number);
    sg_page_text(out, d->entity);
    sg_buf_printf(out, ": %s transfer%s, ", sg_page_count(text, d->n_transfers),
                  d->n_transfers == 1 ? "" : "s");
    report_amount(out, asset, d->amount, SHOWN_TABLE);
    sg_buf_puts(out,
                "</summary>\n<div class=\"wide\">\n<table class=\"list\">\n<thead><tr><th>Time, "
                "UTC</th><th class=\"n\">");
    sg_page_text(out, asset->symbol);
    sg_buf_puts(out, "</th><th>From</th><th>To</th><th>Transaction</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < d->n_transfers && i < SG_REPORT_TRANSFERS_MAX; i++)
        transfer_row(out, asset, &d->transfers[i]);
    table_end(out);
    if (d->n_transfers > SG_REPORT_TRANSFERS_MAX)
        transfers_rest(out, asset, d);
    sg_buf_puts(out, "</details>\n");
}

void report_transfers(struct sg_buf *out, const struct sg_report *report)
{
    sg_page_section(out, "transfers", "The transactions behind the figures");
    for (size_t i = 0; i < report->n_assets; i++)
        for (size_t k = 0; k < main_result(&report->assets[i])->n_destinations; k++)
            transfers_of(out, report, i, k);
    sg_buf_puts(out, "</section>\n");
}
