/* The page: what was found, heaviest first, each with room for a person's decision. */
#include "app/checking/checking_internal.h"

#include "app/page/page.h"

#include <inttypes.h>
#include <string.h>

/* The page stays readable: of a long list the heaviest. */
#define SHOWN_MAX 500u

static const char style[] =
    "<style>.decide{border:1px dashed #8a929b;padding:6px 12px;margin:10px 0 2px}"
    ".decide label{margin-right:18px}.decide .line{display:inline-block;min-width:11em;"
    "border-bottom:1px solid #8a929b}.rows{font-size:13px;color:#555d66}"
    ".facts{display:grid;grid-template-columns:max-content max-content;gap:2px 24px}"
    ".facts dd{margin:0;text-align:right}</style>\n";

static void put_fact(struct sg_buf *out, const char *what, uint64_t number)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<dt>%s</dt><dd>%s</dd>\n", what, sg_page_count(text, number));
}

static void put_summary(struct sg_buf *out, const struct sg_checking *c)
{
    sg_page_section(out, "summary", "What was read and found");
    sg_buf_puts(out, "<dl class=\"facts\">\n");
    put_fact(out, "Records", c->tables[0].rows);
    put_fact(out, "Identities", sg_redflags_count(c->flags));
    put_fact(out, "Details of too many records to make them one",
             sg_redflags_placeholders(c->flags).values);
    put_fact(out, "Events", c->tables[1].rows);
    put_fact(out, "Rows that cannot be used", c->tables[0].bad + c->tables[1].bad);
    put_fact(out, "Columns on origin, belief or looks, not read",
             c->tables[0].ignored + c->tables[1].ignored);
    put_fact(out, "Alerts", c->n_alerts);
    put_fact(out, "Alerts decided about, with nothing new since", c->n_decided);
    put_fact(out, "With findings below an alert", c->n_below);
    put_fact(out, "Paid to a sanctioned address", c->n_sanctioned);
    sg_buf_printf(out,
                  "</dl>\n<p>An alert has findings of at least two independent classes whose "
                  "weights add up to %.3g or more. It is a question to a person: nobody is "
                  "rejected by this page, and no nationality, language or look plays any part in "
                  "it.</p>\n</section>\n",
                  c->rules.alert_weight);
}

static void put_rates(struct sg_buf *out, const struct sg_checking *c)
{
    struct sg_buf text = SG_BUF_INIT(4096);
    sg_page_section(out, "rates", "What an alert is worth");
    sg_checking_base_rate(&text, c);
    for (char *at = text.data; at && *at;) {
        const size_t n = strcspn(at, "\n");
        sg_buf_puts(out, "<p>");
        sg_buf_html(out, at, n);
        sg_buf_puts(out, ".</p>\n");
        at += n + (at[n] == '\n');
    }
    if (text.failed)
        out->failed = true;
    sg_buf_clear(&text);
    sg_buf_puts(out, "</section>\n");
}

static void put_refs(struct sg_buf *out, const struct sg_checking *c,
                     const struct sg_redflags_finding *f)
{
    sg_buf_puts(out, "<p class=\"rows\">Rows: ");
    for (uint32_t i = 0; i < checking_refs(f); i++) {
        sg_buf_printf(out, "%s%s %" PRIu32 " (", i ? ", " : "",
                      f->refs[i].is_event ? "event" : "person", f->refs[i].row);
        sg_page_text(out, sg_redflags_record_id(c->flags, f->refs[i].record));
        sg_buf_putc(out, ')');
    }
    if (f->n_refs > checking_refs(f))
        sg_buf_printf(out, " and %" PRIu32 " more", f->n_refs - checking_refs(f));
    sg_buf_puts(out, ".</p>\n");
}

static void put_finding(struct sg_buf *out, const struct sg_checking *c,
                        const struct sg_redflags_finding *f)
{
    const struct sg_redrule *rule = &c->rules.rules[f->rule];
    const struct sg_redrule_kind *kind = sg_redrule_kind(f->rule);
    sg_buf_puts(out, "<h4>");
    sg_page_text(out, rule->title);
    sg_buf_printf(out, " <code class=\"dim\">%s</code></h4>\n<dl><dt>Found</dt><dd>%" PRIu32 " %s",
                  kind->name, f->number, sg_checking_unit(f->rule));
    if (f->text) {
        sg_buf_puts(out, ", <code class=\"id\">");
        sg_page_text(out, f->text);
        sg_buf_puts(out, "</code>");
    }
    sg_buf_puts(out, "</dd><dt>Class, weight</dt><dd>");
    if (kind->is_weak)
        sg_buf_printf(out, "%s, adds nothing to the weight", sg_redclass_name(kind->redclass));
    else
        sg_buf_printf(out, "%s, %.3g", sg_redclass_name(kind->redclass), f->weight);
    if (sg_checking_application(c, f)) {
        sg_buf_puts(out, "</dd><dt>Application</dt><dd>");
        sg_page_text(out, sg_checking_application(c, f));
    }
    sg_buf_puts(out, "</dd><dt>Innocent reading</dt><dd>");
    sg_page_text(out, rule->innocent);
    sg_buf_puts(out, "</dd><dt>Source</dt><dd>");
    sg_page_text(out, rule->source);
    sg_buf_puts(out, "</dd></dl>\n");
    put_refs(out, c, f);
}

static void put_missing(struct sg_buf *out, const struct sg_checking *c,
                        const struct sg_redflags_identity *identity)
{
    sg_buf_puts(out, "<details><summary>What is missing: rules without their data here</summary>\n"
                     "<ul class=\"small\">\n");
    const uint32_t missing = sg_checking_missing(c, identity);
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (missing >> r & 1u) {
            sg_buf_printf(out, "<li><code>%s</code> needs ", sg_redrule_kind(r)->name);
            sg_page_text(out, c->rules.rules[r].needs);
            sg_buf_puts(out, "</li>\n");
        }
    sg_buf_puts(out, "</ul></details>\n");
}

static void put_blank(struct sg_buf *out)
{
    sg_buf_puts(out, "<p class=\"decide\"><b>Decision of a reviewer:</b> "
                     "<label><input type=\"checkbox\"> explained</label>"
                     "<label><input type=\"checkbox\"> confirmed</label>"
                     "<label><input type=\"checkbox\"> more is needed</label> "
                     "by <span class=\"line\">&nbsp;</span> on <span class=\"line\">&nbsp;</span>"
                     "</p>\n");
}

/* What was decided, or room for it. */
static void put_decision(struct sg_buf *out, const struct sg_checking *c,
                         const struct sg_redflags_identity *identity)
{
    uint32_t news;
    const struct sg_decision *d = sg_checking_decision(&news, c, identity);
    if (d && d->word != SG_DECISION_OPEN) {
        sg_buf_printf(out, "<p class=\"decide\"><b>Decided: %s</b>, by ",
                      sg_decision_name(d->word));
        sg_page_text(out, d->reviewer);
        sg_buf_puts(out, " on ");
        sg_page_text(out, d->date);
        sg_buf_puts(out, ". ");
        sg_page_text(out, d->note);
        for (unsigned r = 0; r < SG_RED_COUNT; r++)
            if (news >> r & 1u)
                sg_buf_printf(out, "%s <code>%s</code>",
                              news & ((1u << r) - 1) ? "," : " <b>New since:</b>",
                              sg_redrule_kind(r)->name);
        sg_buf_puts(out, "</p>\n");
    }
    if (!d || d->word == SG_DECISION_OPEN || news)
        put_blank(out);
}

static void put_records(struct sg_buf *out, const struct sg_checking *c,
                        const struct sg_redflags_identity *identity)
{
    for (uint32_t i = 0; i < identity->n_records; i++) {
        sg_buf_puts(out, i ? ", " : "");
        sg_page_text(out, sg_redflags_record_id(c->flags, identity->records[i]));
    }
}

static const char *what_it_is(const struct sg_redflags_identity *identity)
{
    return identity->is_alert        ? "Alert"
           : identity->is_sanctioned ? "Paid to a sanctioned address"
                                     : "Below an alert";
}

static void put_identity(struct sg_buf *out, const struct sg_checking *c, uint32_t number,
                         const struct sg_redflags_identity *identity)
{
    sg_buf_printf(out, "<div class=\"card\" id=\"i%" PRIu32 "\">\n<h3>", number);
    put_records(out, c, identity);
    sg_buf_printf(out, "</h3>\n<p>%s: weight %.3g from %u independent classes.</p>\n",
                  what_it_is(identity), identity->weight, identity->n_classes);
    for (uint32_t i = 0; i < identity->n_findings; i++)
        put_finding(out, c, &identity->findings[i]);
    put_missing(out, c, identity);
    put_decision(out, c, identity);
    sg_buf_puts(out, "</div>\n");
}

static void put_row(struct sg_buf *out, const struct sg_checking *c, uint32_t number,
                    const struct sg_redflags_identity *identity)
{
    uint32_t news;
    const struct sg_decision *d = sg_checking_decision(&news, c, identity);
    sg_buf_printf(out, "<tr><td><a href=\"#i%" PRIu32 "\">", number);
    put_records(out, c, identity);
    sg_buf_printf(out, "</a></td><td>%s</td><td>%.3g</td><td>", what_it_is(identity),
                  identity->weight);
    for (unsigned k = 0; k < SG_CLASS_COUNT; k++)
        if (identity->classes >> k & 1u)
            sg_buf_printf(out, "%s%s", identity->classes & ((1u << k) - 1) ? ", " : "",
                          sg_redclass_name(k));
    sg_buf_printf(out, "</td><td>%s%s</td></tr>\n",
                  sg_decision_name(d ? d->word : SG_DECISION_OPEN),
                  news && d && d->word != SG_DECISION_OPEN ? ", with news" : "");
}

/* Everybody who is shown, by one of the two writers above; returns how many there are. */
static uint32_t put_each(struct sg_buf *out, const struct sg_checking *c,
                         void (*put)(struct sg_buf *out, const struct sg_checking *c,
                                     uint32_t number, const struct sg_redflags_identity *identity))
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n_order; i++) {
        struct sg_redflags_identity identity;
        sg_redflags_identity(&identity, c->flags, c->order[i]);
        if (!sg_checking_shows(c, &identity))
            continue;
        if (n++ < SHOWN_MAX)
            put(out, c, n, &identity);
    }
    return n;
}

static void put_identities(struct sg_buf *out, const struct sg_checking *c)
{
    sg_page_section(out, "findings", "Who, and why");
    sg_buf_puts(out, "<table><thead><tr><th>Records</th><th>What it is</th><th>Weight</th>"
                     "<th>Classes of evidence</th><th>Decision</th></tr></thead><tbody>\n");
    const uint32_t n = put_each(out, c, put_row);
    sg_buf_puts(out, "</tbody></table>\n");
    put_each(out, c, put_identity);
    if (!n)
        sg_buf_puts(out, "<p>Nobody. Rules that lacked their data are listed below.</p>\n");
    if (n > SHOWN_MAX)
        sg_buf_printf(out, "<p>%" PRIu32 " more are in the JSON, not on this page.</p>\n",
                      n - SHOWN_MAX);
    sg_buf_puts(out, "</section>\n");
}

static void put_rule_row(struct sg_buf *out, const struct sg_checking *c, unsigned r)
{
    const struct sg_redrule *rule = &c->rules.rules[r];
    const struct sg_redrule_kind *kind = sg_redrule_kind(r);
    sg_buf_printf(out, "<tr><td><code>%s</code></td><td>%s</td><td>", kind->name,
                  sg_redclass_name(kind->redclass));
    sg_page_text(out, rule->title);
    if (kind->is_weak)
        sg_buf_puts(out, "</td><td>none</td>");
    else
        sg_buf_printf(out, "</td><td>%.3g</td>", rule->weight);
    if (!rule->enabled)
        sg_buf_puts(out, "<td colspan=\"2\">switched off</td>");
    else if (!c->n_testable[r])
        sg_buf_puts(out, "<td colspan=\"2\">not testable: no data</td>");
    else
        sg_buf_printf(out, "<td>%" PRIu32 "</td><td>%" PRIu32 "</td>", c->n_testable[r],
                      c->n_found[r]);
    sg_buf_printf(out, "<td>%" PRIu32 "</td></tr>\n", sg_redflags_common(c->flags, r).values);
}

static void put_rules(struct sg_buf *out, const struct sg_checking *c)
{
    sg_page_section(out, "rules", "The rules, and where they had data");
    sg_buf_puts(out, "<table><thead><tr><th>Rule</th><th>Class</th><th>Sign</th><th>Weight</th>"
                     "<th>Testable</th><th>Found</th><th>Public values</th></tr></thead><tbody>\n");
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        put_rule_row(out, c, r);
    sg_buf_puts(out, "</tbody></table>\n<p class=\"small\">Testable and found count identities. A "
                     "public value is shared by more than the rule's limit and counts for "
                     "nothing. Letters of sources are explained at the head of the rules "
                     "file.</p>\n</section>\n");
}

void sg_checking_html(struct sg_buf *out, const struct sg_checking *c)
{
    sg_page_begin(out, "Red flags");
    sg_buf_puts(out, style);
    sg_buf_puts(out, "<h1>Red flags</h1>\n");
    put_summary(out, c);
    put_rates(out, c);
    put_identities(out, c);
    put_rules(out, c);
    sg_page_end(out);
}
