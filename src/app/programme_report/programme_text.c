/* What the terminal shows: the asked ratio first, then claim by claim, then the figures. */
#include "app/programme_report/programme_report_internal.h"

#include "base/civil.h"

#include <stdio.h>
#include <string.h>

char *programme_label(char text[PROGRAMME_LABEL_MAX], const char *source, const char *vintage)
{
    if (strcmp(source, "un95") == 0 && !vintage[0])
        snprintf(text, PROGRAMME_LABEL_MAX, "UN annex 95");
    else if (!vintage[0])
        snprintf(text, PROGRAMME_LABEL_MAX, "list %.60s", source);
    else
        snprintf(text, PROGRAMME_LABEL_MAX, "%.60s, %.24s", source, vintage);
    return text;
}

const struct sg_claim *programme_asked(const struct sg_programme_view *view)
{
    return sg_claim_find(view->findings, sg_ratio_name(view->options->ratio));
}

const char *programme_prior_words(enum sg_prior_name name)
{
    static const char *const words[SG_PRIOR_COUNT] = {
        [SG_PRIOR_GROSS] = "stolen in the year",
        [SG_PRIOR_RECOVERED] = "part recovered",
        [SG_PRIOR_NOT_LAUNDERED] = "part never laundered",
        [SG_PRIOR_RETENTION] = "kept after fees and discount",
        [SG_PRIOR_PRICE] = "price change until sale",
        [SG_PRIOR_TRADE] = "recorded exports",
        [SG_PRIOR_IT_GROSS] = "IT workers' revenue",
        [SG_PRIOR_IT_REMITTED] = "part of it remitted",
        [SG_PRIOR_LABOUR] = "labour abroad",
        [SG_PRIOR_LABOUR_PART] = "part of it in foreign currency",
        [SG_PRIOR_COAL] = "coal sold despite the ban",
        [SG_PRIOR_ARMS] = "arms sales",
        [SG_PRIOR_PROGRAMME_COST] = "cost of the year's launches",
        [SG_PRIOR_MATERIALS] = "part for material",
        [SG_PRIOR_PERSONNEL] = "part for personnel",
        [SG_PRIOR_OTHER_COSTS] = "part for other costs",
        [SG_PRIOR_IMPORTED] = "part of material imported",
        [SG_PRIOR_PERIOD_KNOWN_BASE] = "theft with a known recovery",
        [SG_PRIOR_PERIOD_KNOWN_RECOVERED] = "recovered of that one",
        [SG_PRIOR_PERIOD_RECOVERED] = "part recovered of the rest",
        [SG_PRIOR_PERIOD_RECOVERED_ALL] = "part recovered of totals without detail",
        [SG_PRIOR_PERIOD_NOT_LAUNDERED] = "part never laundered in the period",
        [SG_PRIOR_PERIOD_PRICE] = "price change until sale in the period",
    };
    return words[name];
}

int64_t programme_month_unix_s(int64_t month)
{
    return sg_days_from_civil(month / 12, (unsigned)(month % 12) + 1, 1) * 86400;
}

static void line(struct sg_buf *out, const char *before, const char *text)
{
    sg_buf_puts(out, before);
    sg_buf_line(out, text, strlen(text));
    sg_buf_putc(out, '\n');
}

static void write_claim(struct sg_buf *out, const struct sg_claim *claim)
{
    sg_buf_printf(out, "\n[%s]\n", sg_verdict_name(claim->verdict));
    line(out, "  claim: ", claim->claim);
    line(out, "  write: ", claim->sentence);
    line(out, "  why:   ", claim->why);
}

static void write_net(struct sg_buf *out, const struct sg_findings *found)
{
    sg_buf_printf(out,
                  "\nStolen, and net cash, %d to %d, million dollars (5, 50, 95 %%; with amount "
                  "errors)\n",
                  found->gross.from, found->gross.to);
    for (size_t i = 0; i < found->n_net; i++) {
        const struct sg_net_finding *net = &found->net[i];
        char label[PROGRAMME_LABEL_MAX], gross[SG_NUMBER_TEXT_MAX];
        sg_buf_puts(out, "  ");
        programme_label(label, net->source, net->vintage);
        sg_buf_line(out, label, strlen(label));
        if (net->from != found->gross.from || net->to != found->gross.to)
            sg_buf_printf(out, " (%d to %d)", net->from, net->to);
        sg_buf_printf(out, ": %s -> %.0f, %.0f, %.0f (%.0f, %.0f, %.0f)\n",
                      sg_number_format(gross, net->gross_musd, 1), net->net.p05, net->net.p50,
                      net->net.p95, net->net_with_errors.p05, net->net_with_errors.p50,
                      net->net_with_errors.p95);
    }
}

static void write_sobol(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_share *share = &view->findings->share;
    sg_buf_printf(out, "\nWhat moves the share of foreign currency in %d (total Sobol index)\n",
                  view->input->assumptions->year);
    for (size_t i = 0; i < share->n_sobol; i++)
        sg_buf_printf(out, "  %.2f  %s%s\n", share->sobol[i].total,
                      programme_prior_words(share->sobol[i].prior),
                      view->input->assumptions->priors[share->sobol[i].prior].is_judgement
                          ? " (judgement)"
                          : "");
}

static void write_notes(struct sg_buf *out, const struct sg_programme_notes *notes)
{
    if (notes->count == 0)
        return;
    sg_buf_printf(out, "\nNotes on the tables (%zu)\n", notes->count);
    for (const struct sg_programme_note *note = notes->first; note; note = note->next) {
        sg_buf_printf(out, "  %s, row %llu%s: ", note->table, (unsigned long long)note->row,
                      note->left_out ? ", left out" : "");
        line(out, "", note->text);
    }
}

void sg_programme_text(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_findings *found = view->findings;
    const struct sg_claim *asked = programme_asked(view);
    sg_buf_printf(out, "%s, the share of theft in %s: %s\n", sg_ratio_name(view->options->ratio),
                  sg_ratio_whole(view->options->ratio),
                  asked ? sg_verdict_name(asked->verdict) : "no source claims it");
    if (asked)
        line(out, "", asked->sentence);
    sg_buf_puts(out, "\nClaims, each with its verdict and the sentence that may be written\n");
    for (size_t i = 0; i < found->n_claims; i++)
        write_claim(out, &found->claims[i]);
    write_net(out, found);
    write_sobol(out, view);
    sg_buf_puts(out, "\nContradictions in the sources\n");
    for (size_t i = 0; i < found->n_flags; i++)
        line(out, "  ", found->flags[i].text);
    write_notes(out, view->notes);
}
