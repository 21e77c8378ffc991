/* The page: what may be written first, then the pictures, then everything it rests on. */
#include "app/programme_report/programme_report_internal.h"

static void head(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_claim *asked = programme_asked(view);
    const enum sg_ratio ratio = view->options->ratio;
    sg_buf_puts(out, "<h1>From thefts to the missile programme: what the numbers can carry</h1>\n");
    sg_buf_puts(out, "<p class=\"lead\">");
    if (asked)
        sg_page_text(out, asked->sentence);
    sg_buf_printf(out,
                  "</p>\n<p>Asked: %s, the share of theft in %s. Verdict: <strong>%s</strong>. ",
                  sg_ratio_name(ratio), sg_ratio_whole(ratio),
                  asked ? sg_verdict_name(asked->verdict) : "no source claims it");
    if (sg_ratio_missing(ratio))
        sg_buf_printf(out, "Missing: %s.", sg_ratio_missing(ratio));
    sg_buf_puts(out,
                "</p>\n<p class=\"dim\">Every figure is a range or names its source; the verdicts "
                "follow fixed rules, told at the end. Nothing here says what any one stolen "
                "coin was spent on.</p>\n");
}

void sg_programme_html(struct sg_buf *out, const struct sg_programme_view *view)
{
    sg_page_begin(out, "From thefts to the missile programme");
    head(out, view);
    programme_claims(out, view);
    programme_cumulative(out, view);
    programme_tornado(out, view);
    programme_money(out, view);
    programme_association(out, view);
    programme_attacks(out, view);
    programme_context(out, view);
    programme_basis(out, view);
    sg_page_end(out);
}
