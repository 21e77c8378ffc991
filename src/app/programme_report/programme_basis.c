/* What the page rests on: priors, rules, notes, sources, manifest. */
#include "app/programme_report/programme_report_internal.h"

#include "analysis/methods/methods.h"
#include "base/hex.h"

#include <inttypes.h>
#include <stdio.h>

static void prior_range(char *text, size_t capacity, const struct sg_prior *prior)
{
    switch (prior->form) {
    case SG_FORM_FIXED:
        snprintf(text, capacity, "%g", prior->low);
        break;
    case SG_FORM_UNIFORM:
        snprintf(text, capacity, "%g to %g, even", prior->low, prior->high);
        break;
    case SG_FORM_LOGUNIFORM:
        snprintf(text, capacity, "%g to %g, even in the logarithm", prior->low, prior->high);
        break;
    case SG_FORM_TRIANGULAR:
        snprintf(text, capacity, "%.3g to %g, most likely %g", prior->low, prior->high,
                 prior->mode);
        break;
    case SG_FORM_LOGNORMAL:
        snprintf(text, capacity, "factor around 1, deviation of the logarithm %g", prior->sd);
        break;
    }
}

static void priors(struct sg_buf *out, const struct sg_assumptions *assumptions)
{
    char range[80];
    sg_buf_puts(out, "<h3>Assumptions</h3><div class=\"wide\"><table><thead><tr><th>assumption</th>"
                     "<th>range (million dollars, or parts)</th><th>source</th></tr></thead>"
                     "<tbody>\n");
    for (int i = 0; i < SG_PRIOR_COUNT; i++) {
        const struct sg_prior *prior = &assumptions->priors[i];
        prior_range(range, sizeof(range), prior);
        sg_buf_printf(out, "<tr><td>%s</td><td>%s</td><td>",
                      programme_prior_words((enum sg_prior_name)i), range);
        if (prior->is_judgement)
            sg_buf_puts(out, "<strong>");
        sg_page_text(out, prior->source);
        sg_buf_puts(out, prior->is_judgement ? "</strong></td></tr>\n" : "</td></tr>\n");
    }
    sg_buf_puts(out, "</tbody></table></div>\n");
}

static void rules(struct sg_buf *out)
{
    sg_buf_puts(
        out,
        "<h3>What the words mean</h3><p><strong>IDENTIFIED</strong>: all vintages and tiers agree "
        "within 10 % and no assumption of judgement is used. <strong>BOUNDED</strong>: the corners "
        "of "
        "the assumptions exclude a part of the range. <strong>COMPATIBLE BUT NOT "
        "TESTABLE</strong>: in "
        "95 % of draws or more every value is possible. <strong>NOT IDENTIFIED</strong>: "
        "otherwise, "
        "and wherever the denominator is not published. For launches: <strong>ASSOCIATION</strong> "
        "needs a corrected p below 0.05, a sign that no deletion turns, and 80 % power for a "
        "doubled "
        "rate under the whole rule; even then it is never a cause. <strong>REFUSED</strong>: a "
        "ratio "
        "taken of the wrong whole.</p>\n");
}

static void notes(struct sg_buf *out, const struct sg_programme_notes *list)
{
    if (list->count == 0)
        return;
    sg_buf_printf(out, "<h3>Notes on the tables (%zu)</h3><ul>\n", list->count);
    for (const struct sg_programme_note *note = list->first; note; note = note->next) {
        sg_buf_printf(out, "<li>%s, row %" PRIu64 "%s: ", note->table, note->row,
                      note->left_out ? ", left out" : "");
        sg_page_text(out, note->text);
        sg_buf_puts(out, "</li>\n");
    }
    sg_buf_puts(out, "</ul>\n");
}

static void sources(struct sg_buf *out, const struct sg_sources *list)
{
    sg_buf_puts(out, "<details><summary>Sources by short name</summary><div class=\"wide\"><table>"
                     "<tbody>\n");
    for (size_t i = 0; i < list->count; i++) {
        sg_buf_puts(out, "<tr><td class=\"t\">");
        sg_page_text(out, list->items[i].key);
        sg_buf_puts(out, "</td><td>");
        sg_page_text(out, list->items[i].title);
        sg_buf_puts(out, "</td><td class=\"id\">");
        sg_page_text(out, list->items[i].address);
        sg_buf_puts(out, "</td></tr>\n");
    }
    sg_buf_puts(out, "</tbody></table></div></details>\n");
}

static void incident_row(struct sg_buf *out, const struct sg_incident *incident)
{
    char text[SG_PROGRAMME_DATE_MAX], number[SG_NUMBER_TEXT_MAX];
    sg_buf_puts(out, "<tr><td class=\"t\">");
    sg_page_text(out, incident->id);
    sg_buf_puts(out, "</td><td class=\"t\">");
    for (size_t i = 0; i < incident->n_dates; i++)
        sg_buf_printf(out, "%s%s", i ? " or " : "",
                      sg_programme_date_format(text, incident->dates[i].date));
    sg_buf_puts(out, "</td><td>");
    sg_page_text(out, incident->victim);
    sg_buf_puts(out, "</td><td>");
    for (size_t i = 0; i < incident->n_amounts; i++) {
        const struct sg_published *amount = &incident->amounts[i];
        sg_buf_printf(out, "%s%s", i ? "; " : "",
                      sg_number_format(number, programme_musd(amount->low_usd), 3));
        if (amount->high_usd > amount->low_usd)
            sg_buf_printf(out, " to %s",
                          sg_number_format(number, programme_musd(amount->high_usd), 3));
        if (amount->source[0]) {
            sg_buf_puts(out, " (");
            sg_page_text(out, amount->source);
            sg_buf_puts(out, ")");
        }
    }
    sg_buf_printf(out, "</td><td>%s</td><td>", sg_tier_name(incident->tier));
    sg_page_text(out, incident->attribution);
    sg_buf_puts(out, "</td></tr>\n");
}

static void incidents(struct sg_buf *out, const struct sg_incidents *list)
{
    sg_buf_printf(
        out,
        "<details><summary>All %zu attacks, with every amount and date that a source "
        "gives</summary><div class=\"wide\"><table><thead><tr><th>id</th><th>date</th><th>"
        "victim</th><th>million dollars</th><th>tier</th><th>attributed by</th></tr>"
        "</thead><tbody>\n",
        list->count);
    for (size_t i = 0; i < list->count; i++)
        incident_row(out, &list->items[i]);
    sg_buf_puts(out, "</tbody></table></div></details>\n");
}

static void manifest(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_findings_options *o = view->options;
    char digest[2 * SG_SHA256_SIZE + 1];
    sg_buf_printf(out,
                  "<h3>Manifest</h3><p class=\"line\">Methods: programme version %u, "
                  "programme-association version %u. Seed %" PRIu64
                  ", %zu draws, %zu permutations, %zu simulated runs, contested thefts %s.</p>\n",
                  sg_method_version("programme"), sg_method_version("programme-association"),
                  o->money.seed, o->money.n_draws, o->n_permutations, o->n_power_runs,
                  o->with_contested ? "counted" : "not counted");
    for (size_t i = 0; i < view->n_files; i++) {
        sg_buf_printf(out, "<p class=\"line\">%s: ", view->files[i].table);
        sg_page_text(out, view->files[i].name);
        sg_buf_printf(out, ", SHA-256 %s</p>\n",
                      sg_hex_encode(digest, view->files[i].digest32, SG_SHA256_SIZE));
    }
}

void programme_basis(struct sg_buf *out, const struct sg_programme_view *view)
{
    sg_page_section(out, "basis", "What this rests on");
    rules(out);
    priors(out, view->input->assumptions);
    notes(out, view->notes);
    incidents(out, view->input->incidents);
    sources(out, view->sources);
    manifest(out, view);
    sg_buf_puts(out, "</section>\n");
}
