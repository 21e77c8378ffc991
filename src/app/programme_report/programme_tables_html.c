/* The tables of the page: claims, money, context. */
#include "app/programme_report/programme_report_internal.h"

#include <inttypes.h>
#include <stdio.h>

static void number_cell(struct sg_buf *out, double value, unsigned decimals)
{
    char text[SG_NUMBER_TEXT_MAX];
    sg_buf_printf(out, "<td class=\"n\">%s</td>", sg_number_format(text, value, decimals));
}

static void text_cell(struct sg_buf *out, const char *text)
{
    sg_buf_puts(out, "<td>");
    sg_page_text(out, text);
    sg_buf_puts(out, "</td>");
}

static void label_cell(struct sg_buf *out, const char *source, const char *vintage)
{
    char label[PROGRAMME_LABEL_MAX];
    text_cell(out, programme_label(label, source, vintage));
}

static void list_judgement(struct sg_buf *out, const struct sg_claim *claim)
{
    size_t n = 0;
    for (int i = 0; i < SG_PRIOR_COUNT; i++)
        if (claim->rests_on[i])
            sg_buf_printf(out, "%s%s", n++ ? ", " : " Rests on judgement: ",
                          programme_prior_words((enum sg_prior_name)i));
    if (n)
        sg_buf_puts(out, ".");
}

static void claim_row(struct sg_buf *out, const struct sg_claim *claim)
{
    sg_buf_puts(out, "<tr><td>");
    sg_page_text(out, claim->claim);
    sg_buf_printf(out, "<br><strong>%s</strong></td><td>", sg_verdict_name(claim->verdict));
    sg_page_text(out, claim->sentence);
    sg_buf_puts(out, "<br><span class=\"small dim\">");
    sg_page_text(out, claim->why);
    list_judgement(out, claim);
    sg_buf_puts(out, "</span></td></tr>\n");
}

void programme_claims(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_findings *found = view->findings;
    sg_page_section(out, "claims", "The claims, and what may be written");
    sg_buf_puts(out, "<table><thead><tr><th>claim, verdict</th><th>what may be written, and "
                     "why</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < found->n_claims; i++)
        claim_row(out, &found->claims[i]);
    sg_buf_puts(out, "</tbody></table>\n");
    sg_buf_puts(out, "<h3>Contradictions in the sources</h3><ul>\n");
    for (size_t i = 0; i < found->n_flags; i++) {
        sg_buf_puts(out, "<li>");
        sg_page_text(out, found->flags[i].text);
        sg_buf_puts(out, "</li>\n");
    }
    sg_buf_puts(out, "</ul></section>\n");
}

static void net_table(struct sg_buf *out, const struct sg_findings *found)
{
    sg_buf_puts(
        out, "<div class=\"wide\"><table><caption>Million dollars. Net cash: what is left after "
             "recovery, money never laundered, fees and discount, and price changes; 5, 50 and 95 "
             "% of draws. In the last three columns each incident's amount is also off by an "
             "error as measured between two lists.</caption><thead><tr><th>source, "
             "vintage</th><th>years</th><th class=\"n\">stolen</th><th class=\"n\">5 %</th>"
             "<th class=\"n\">50 %</th><th class=\"n\">95 %</th><th class=\"n\">5 %, errors</th>"
             "<th class=\"n\">50 %, errors</th><th class=\"n\">95 %, errors</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < found->n_net; i++) {
        const struct sg_net_finding *net = &found->net[i];
        sg_buf_puts(out, "<tr>");
        label_cell(out, net->source, net->vintage);
        sg_buf_printf(out, "<td class=\"t\">%d to %d%s</td>", net->from, net->to,
                      net->has_traced ? ", traced" : "");
        number_cell(out, net->gross_musd, 1);
        number_cell(out, net->net.p05, 0);
        number_cell(out, net->net.p50, 0);
        number_cell(out, net->net.p95, 0);
        number_cell(out, net->net_with_errors.p05, 0);
        number_cell(out, net->net_with_errors.p50, 0);
        number_cell(out, net->net_with_errors.p95, 0);
        sg_buf_puts(out, "</tr>\n");
    }
    sg_buf_puts(out, "</tbody></table></div>\n");
}

static void tier_table(struct sg_buf *out, const struct sg_findings *found, bool with_contested)
{
    sg_buf_printf(out,
                  "<h3>By how well the theft is tied to the state, %d to %d</h3><table><thead><tr>"
                  "<th>tier</th><th class=\"n\">thefts</th><th class=\"n\">stolen</th><th "
                  "class=\"n\">lowest</th><th class=\"n\">highest</th></tr></thead><tbody>\n",
                  found->gross.from, found->gross.to);
    for (int t = 0; t < SG_TIER_COUNT; t++) {
        const struct sg_gross_tier *tier = &found->gross.tiers[t];
        if (tier->n_incidents == 0)
            continue;
        sg_buf_printf(out, "<tr><td>%s</td><td class=\"n\">%zu</td>", sg_tier_name((enum sg_tier)t),
                      tier->n_incidents);
        number_cell(out, programme_musd(tier->usd), 1);
        number_cell(out, programme_musd(tier->low_usd), 1);
        number_cell(out, programme_musd(tier->high_usd), 1);
        sg_buf_puts(out, "</tr>\n");
    }
    sg_buf_printf(
        out,
        "</tbody></table><p class=\"small dim\">A: named by a government. B: listed by the "
        "UN Panel or the MSMT. B-disputed: so listed, and doubted or dropped by the "
        "independent list. C: a researcher or a suspicion only. D: contested; %s here. "
        "Lowest and highest take each theft's smallest and largest published amount."
        "</p>\n",
        with_contested ? "counted" : "not counted");
}

static void recovery_table(struct sg_buf *out, const struct sg_incidents *incidents)
{
    sg_buf_puts(out, "<h3>Where the recovery is known: what is left before any discount</h3><table>"
                     "<thead><tr><th>theft</th><th class=\"n\">stolen</th><th>says</th><th "
                     "class=\"n\">recovered</th><th class=\"n\">left</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < incidents->count; i++) {
        const struct sg_incident *incident = &incidents->items[i];
        for (size_t a = 0; incident->has_recovered && a < incident->n_amounts; a++) {
            sg_buf_puts(out, "<tr>");
            text_cell(out, incident->victim);
            number_cell(out, programme_musd(incident->amounts[a].low_usd), 2);
            text_cell(out, incident->amounts[a].source);
            number_cell(out, programme_musd(incident->recovered.low_usd), 2);
            number_cell(out, programme_musd(sg_after_recovery(incident, a)), 2);
            sg_buf_puts(out, "</tr>\n");
        }
    }
    sg_buf_puts(out, "</tbody></table>\n");
}

void programme_money(struct sg_buf *out, const struct sg_programme_view *view)
{
    sg_page_section(out, "money", "From stolen to cash");
    net_table(out, view->findings);
    tier_table(out, view->findings, view->options->with_contested);
    recovery_table(out, view->input->incidents);
    sg_buf_puts(out, "</section>\n");
}

static bool is_topic(const struct sg_fact *fact, const char *topic)
{
    return strncmp(fact->topic, topic, strlen(topic)) == 0;
}

static void fact_row(struct sg_buf *out, const struct sg_fact *fact)
{
    char low[SG_NUMBER_TEXT_MAX], high[SG_NUMBER_TEXT_MAX];
    const unsigned decimals = fact->low < 100 && fact->low > (double)(int)fact->low ? 1 : 0;
    sg_buf_puts(out, "<tr>");
    text_cell(out, fact->what);
    sg_buf_printf(out, "<td class=\"t\">%d</td><td class=\"n\">%s", fact->year,
                  sg_number_format(low, fact->low, decimals));
    if (fact->high > fact->low)
        sg_buf_printf(out, " to %s", sg_number_format(high, fact->high, decimals));
    sg_buf_puts(out, "</td>");
    text_cell(out, fact->unit);
    sg_buf_puts(out, "<td>");
    sg_page_text(out, fact->source);
    sg_buf_puts(out, fact->verified ? "</td></tr>\n" : " <strong>(not seen)</strong></td></tr>\n");
}

static void fact_table(struct sg_buf *out, const struct sg_facts *facts, const char *topic,
                       const char *heading)
{
    sg_buf_printf(out,
                  "<h3>%s</h3><div class=\"wide\"><table><thead><tr><th>what</th><th>year</th><th "
                  "class=\"n\">figure</th><th>unit</th><th>source</th></tr></thead><tbody>\n",
                  heading);
    for (size_t i = 0; i < facts->count; i++)
        if (is_topic(&facts->items[i], topic))
            fact_row(out, &facts->items[i]);
    sg_buf_puts(out, "</tbody></table></div>\n");
}

void programme_context(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_facts *facts = view->input->facts;
    const struct sg_findings *found = view->findings;
    char low[SG_NUMBER_TEXT_MAX], high[SG_NUMBER_TEXT_MAX];
    sg_page_section(out, "context", "Beside the thefts");
    sg_buf_printf(out,
                  "<p>The workforce: heads times pay spans %s to %s million dollars a year; each "
                  "bound has its source below.</p>\n",
                  sg_number_format(low, found->wages.low, 0),
                  sg_number_format(high, found->wages.high, 0));
    fact_table(out, facts, "workforce", "IT workers under false names");
    fact_table(out, facts, "stated-total", "What launches are said to have cost");
    sg_buf_printf(out,
                  "<p class=\"small\">Launches of %d by type at the unit costs below: %.0f to %.0f "
                  "million dollars.</p>\n",
                  view->input->assumptions->year, found->launches_cost.low,
                  found->launches_cost.high);
    fact_table(out, facts, "unit-cost", "Unit costs");
    fact_table(out, facts, "ratio", "The four ratios that circulate");
    fact_table(out, facts, "defence", "Defence spending");
    fact_table(out, facts, "trade", "Trade and other foreign currency");
    sg_buf_puts(out, "</section>\n");
}
