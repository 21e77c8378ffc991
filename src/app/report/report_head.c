/* The headline: one sentence that a reader can quote, and the figures that it is made of. */
#include "app/report/report_internal.h"

/* "96.12 % reached Tornado Cash by 19 May 2022" for the largest destination; what else reached
 * services is one figure more. */
static void say_destinations(struct sg_buf *out, const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    char text[SG_PAGE_TEXT_MAX];
    struct sg_amount rest = {0};
    if (r->n_destinations == 0) {
        sg_buf_puts(out, "nothing is seen to have reached a service");
        return;
    }
    const struct sg_report_destination *first = &r->destinations[0];
    sg_buf_printf(out, "<strong>%s reached ",
                  sg_page_percent(text, first->amount, report_whole(r)));
    sg_page_text(out, first->entity);
    sg_buf_puts(out, "</strong>");
    if (first->n_transfers > 0)
        sg_buf_printf(out, " by %s",
                      sg_page_day(text, first->transfers[first->n_transfers - 1].time_unix_s));
    if (sg_amount_sub(&rest, r->reached, first->amount) && !sg_amount_is_zero(rest)) {
        sg_buf_printf(out, " and %s reached ", sg_page_percent(text, rest, report_whole(r)));
        if (r->n_destinations == 2)
            sg_page_text(out, r->destinations[1].entity);
        else
            sg_buf_printf(out, "%zu other services", r->n_destinations - 1);
    }
}

static void say_rest(struct sg_buf *out, const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    if (!sg_amount_is_zero(r->held)) {
        sg_buf_puts(out, "; ");
        report_amount(out, asset, r->held, SHOWN_TEXT);
        sg_buf_printf(out, " are still held at %zu address%s", r->n_held_at,
                      r->n_held_at == 1 ? "" : "es");
    }
    if (!sg_amount_is_zero(r->unobserved)) {
        sg_buf_puts(out, "; ");
        report_amount(out, asset, r->unobserved, SHOWN_TEXT);
        sg_buf_puts(out, " cannot be seen");
    }
}

static void headline(struct sg_buf *out, const struct sg_report *report,
                     const struct sg_report_asset *asset)
{
    char day[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<p class=\"lead\">Of ");
    report_amount(out, asset, report_whole(main_result(asset)), SHOWN_TEXT);
    sg_buf_printf(out, " stolen on %s, ", sg_page_day(day, report->theft_unix_s));
    say_destinations(out, asset);
    say_rest(out, asset);
    sg_buf_puts(out, ".</p>\n");
}

static void fact(struct sg_buf *out, const struct sg_report_asset *asset, const char *name,
                 struct sg_amount amount)
{
    char share[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<div><dt>%s</dt><dd>", name);
    report_amount(out, asset, amount, SHOWN_TEXT);
    sg_buf_printf(out, " <small>%s</small></dd></div>\n",
                  sg_page_percent(share, amount, report_whole(main_result(asset))));
}

static void facts(struct sg_buf *out, const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    sg_buf_puts(out, "<dl class=\"facts\">\n");
    fact(out, asset, "Stolen", r->stolen);
    if (!sg_amount_is_zero(r->converted_in))
        fact(out, asset, "Converted in", r->converted_in);
    if (!sg_amount_is_zero(r->converted_out))
        fact(out, asset, "Converted out", r->converted_out);
    fact(out, asset, "Reached services", r->reached);
    if (!sg_amount_is_zero(r->coinjoins))
        fact(out, asset, "of that in CoinJoins", r->coinjoins);
    fact(out, asset, "Still held", r->held);
    fact(out, asset, "Cannot be seen", r->unobserved);
    fact(out, asset, "Fees", r->fees);
    sg_buf_puts(out, "</dl>\n");
}

static void say_quiet(struct sg_buf *out, const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    sg_buf_puts(out, "<p>");
    report_amount(out, asset, report_whole(r), SHOWN_TEXT);
    sg_buf_puts(out, " were stolen too");
    if (!sg_amount_is_zero(r->converted_out))
        sg_buf_puts(out, " and converted: from there on they count in the other asset");
    sg_buf_puts(out, ".</p>\n");
}

void report_head(struct sg_buf *out, const struct sg_report *report)
{
    char day[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<header>\n<h1>");
    sg_page_text(out, report->title);
    sg_buf_puts(out, "</h1>\n");
    for (size_t i = 0; i < report->n_assets; i++) {
        if (report_is_quiet(&report->assets[i]))
            continue;
        headline(out, report, &report->assets[i]);
        facts(out, &report->assets[i]);
    }
    for (size_t i = 0; i < report->n_assets; i++)
        if (report_is_quiet(&report->assets[i]))
            say_quiet(out, &report->assets[i]);
    sg_buf_puts(out, "<p class=\"small dim\">Traced with the policy <em>");
    sg_page_text(out, main_result(&report->assets[0])->policy);
    sg_buf_printf(out,
                  "</em> on data up to %s; all times UTC. Other policies give other figures: see "
                  "<a href=\"#range\">the range</a>.</p>\n",
                  sg_page_day(day, report->seen_to_unix_s));
    if (report->summary) {
        sg_buf_puts(out, "<p>");
        sg_page_text(out, report->summary);
        sg_buf_puts(out, "</p>\n");
    }
    sg_buf_puts(out, "<nav><a href=\"#freeze\">Freeze list</a><a href=\"#destinations\">"
                     "Destinations</a><a href=\"#held\">Still held</a><a href=\"#unseen\">Not seen"
                     "</a><a href=\"#range\">Range</a><a href=\"#basis\">What it rests on</a>"
                     "<a href=\"#transfers\">Transactions</a><a href=\"#manifest\">Manifest</a>"
                     "</nav>\n</header>\n");
}
