/* What the report rests on: conservation, order, inflows, coverage, caveats, sources, manifest. */
#include "app/report/report_internal.h"

#include "base/mem.h"

static void full(struct sg_buf *out, const struct sg_report_asset *asset, struct sg_amount amount)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, sg_page_amount(text, amount, asset->decimals, asset->decimals));
}

struct term {
    const char *name;
    struct sg_amount amount;
    bool always; /* else left out where it is zero */
};

/* Terms with all digits; false if their sum needs more than 128 bits. */
static bool put_terms(struct sg_buf *out, struct sg_amount *sum,
                      const struct sg_report_asset *asset, const struct term *terms, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ok = sg_amount_add(sum, *sum, terms[i].amount) && ok;
        if (!terms[i].always && sg_amount_is_zero(terms[i].amount))
            continue;
        sg_buf_printf(out, "%s%s ", i ? " + " : "", terms[i].name);
        full(out, asset, terms[i].amount);
    }
    return ok;
}

/* One line a policy, and whether it adds up. */
static void conservation(struct sg_buf *out, const struct sg_report_asset *asset,
                         const struct sg_report_result *r)
{
    const struct term left[] = {{"stolen", r->stolen, true},
                                {"converted in", r->converted_in, false},
                                {"excess", r->excess, false}};
    const struct term right[] = {{"services", r->reached, true},
                                 {"held", r->held, true},
                                 {"unobserved", r->unobserved, true},
                                 {"fees", r->fees, true},
                                 {"converted out", r->converted_out, false},
                                 {"dust cut off", r->dust, false}};
    struct sg_amount sum_left = {0}, sum_right = {0};
    sg_buf_puts(out, "<p class=\"line\"><strong>");
    sg_page_text(out, r->policy);
    sg_buf_puts(out, "</strong>: ");
    bool ok = put_terms(out, &sum_left, asset, left, SG_COUNT_OF(left));
    sg_buf_puts(out, " = ");
    ok = put_terms(out, &sum_right, asset, right, SG_COUNT_OF(right)) && ok;
    sg_buf_puts(out, ok && sg_amount_cmp(sum_left, sum_right) == 0
                         ? "; it adds up to the base unit.</p>\n"
                         : "; <strong>this does not add up</strong>.</p>\n");
}

static void inflows(struct sg_buf *out, const struct sg_report_asset *asset,
                    const struct sg_report_inflow *items, size_t n)
{
    sg_buf_puts(out,
                "<div class=\"wide\"><table>\n<thead><tr><th>Address</th><th class=\"n\">Amount"
                "</th><th>Time, UTC</th><th>What is known</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++) {
        sg_buf_puts(out, "<tr><td>");
        sg_page_short_id(out, items[i].address);
        sg_buf_puts(out, "</td>");
        report_amount_cell(out, asset, items[i].amount);
        report_minute_cell(out, items[i].time_unix_s);
        sg_buf_puts(out, "<td>");
        sg_page_text(out, items[i].note);
        sg_buf_puts(out, "</td></tr>\n");
    }
    sg_buf_puts(out, "</tbody>\n</table></div>\n");
}

static void sentences(struct sg_buf *out, const char *heading, const char *const *items, size_t n)
{
    if (n == 0)
        return;
    sg_buf_printf(out, "<h3>%s</h3>\n<ul>\n", heading);
    for (size_t i = 0; i < n; i++) {
        sg_buf_puts(out, "<li>");
        sg_page_text(out, items[i]);
        sg_buf_puts(out, "</li>\n");
    }
    sg_buf_puts(out, "</ul>\n");
}

static void sources(struct sg_buf *out, const struct sg_report *report)
{
    if (report->n_sources == 0)
        return;
    sg_buf_puts(out, "<h3>Sources of its claims</h3>\n<ul>\n");
    for (size_t i = 0; i < report->n_sources; i++) {
        sg_buf_puts(out, "<li>");
        sg_page_text(out, report->sources[i].title);
        sg_buf_puts(out, " <span class=\"small id\">");
        sg_page_text(out, report->sources[i].address);
        sg_buf_puts(out, "</span></li>\n");
    }
    sg_buf_puts(out, "</ul>\n");
}

static void asset_basis(struct sg_buf *out, const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    sg_buf_puts(out, "<h3>Conservation, in ");
    sg_page_text(out, asset->symbol);
    sg_buf_puts(out, "</h3>\n");
    for (size_t p = 0; p < asset->n_results; p++)
        conservation(out, asset, &asset->results[p]);
    if (r->n_conversions) {
        sg_buf_puts(out, "<h3>Conversions</h3>\n<p>Stolen money that came in another form and is "
                         "counted from here on.</p>\n");
        inflows(out, asset, r->conversions, r->n_conversions);
    }
    if (r->n_unexplained) {
        sg_buf_puts(out,
                    "<h3>Unexplained inflows</h3>\n<p>These addresses paid more than the ledger "
                    "shows them to have received. The difference counts as clean money.</p>\n");
        inflows(out, asset, r->unexplained, r->n_unexplained);
    }
}

void report_basis(struct sg_buf *out, const struct sg_report *report)
{
    sg_page_section(out, "basis", "What this rests on");
    for (size_t i = 0; i < report->n_assets; i++)
        asset_basis(out, &report->assets[i]);
    sentences(out, "Order inside a block", report->order, report->n_order);
    sentences(out, "Coverage", report->coverage, report->n_coverage);
    sentences(out,
              report->decoys_followed ? "Probable decoys, followed as asked"
                                      : "Probable decoys, left out",
              report->decoys, report->n_decoys);
    sentences(out, "Caveats", report->caveats, report->n_caveats);
    sources(out, report);
    sg_buf_puts(out, "</section>\n");
}
