/* The range over policies: one line a policy in figures, one dot a policy in the picture. */
#include "app/report/report_internal.h"

#include "app/plot/plot.h"

#include <stdio.h>
#include <string.h>

#define WIDTH SG_PX(1000)
#define LEFT  SG_PX(190)
#define RIGHT SG_PX(800)
#define ROW_H SG_PX(34)
#define TOP   SG_PX(8)

#define ROWS_MAX 12

/* Amount of an entity under a policy; zero where it got nothing. */
static struct sg_amount amount_of(const struct sg_report_result *r,
                                  const struct sg_report_destination *d)
{
    for (size_t i = 0; i < r->n_destinations; i++)
        if (strcmp(r->destinations[i].entity, d->entity) == 0 &&
            strcmp(r->destinations[i].category, d->category) == 0)
            return r->destinations[i].amount;
    return SG_AMOUNT_ZERO;
}

enum figure { REACHED, HELD, UNOBSERVED, FEES, N_FIGURES };

static const char *const figure_names[] = {"All services", "Still held", "Cannot be seen", "Fees"};

static struct sg_amount figure_of(const struct sg_report_result *r, size_t figure)
{
    const struct sg_amount all[N_FIGURES] = {r->reached, r->held, r->unobserved, r->fees};
    return all[figure];
}

/* A row of the range: a destination of the main policy, or one of the four figures. */
static struct sg_amount row_amount(const struct sg_report_asset *a, size_t row, size_t policy)
{
    const struct sg_report_result *r = main_result(a);
    return row < r->n_destinations ? amount_of(&a->results[policy], &r->destinations[row])
                                   : figure_of(&a->results[policy], row - r->n_destinations);
}

static const char *row_name(const struct sg_report_asset *a, size_t row)
{
    const struct sg_report_result *r = main_result(a);
    return row < r->n_destinations ? r->destinations[row].entity
                                   : figure_names[row - r->n_destinations];
}

/* Poison counts clean money as stolen: an upper bound, outside the range. */
static bool is_bound(const struct sg_report_result *r)
{
    return strcmp(r->policy, "poison") == 0;
}

static bool span_of(struct sg_amount *low, struct sg_amount *high, const struct sg_report_asset *a,
                    size_t row)
{
    bool any = false;
    for (size_t p = 0; p < a->n_results; p++) {
        const struct sg_amount v = row_amount(a, row, p);
        if (is_bound(&a->results[p]))
            continue;
        *low = any && sg_amount_cmp(*low, v) < 0 ? *low : v;
        *high = any && sg_amount_cmp(*high, v) > 0 ? *high : v;
        any = true;
    }
    return any && sg_amount_cmp(*low, *high) != 0;
}

static sg_px dot_x(struct sg_amount v, struct sg_amount low, struct sg_amount high)
{
    struct sg_amount above = {0}, width = {0};
    if (!sg_amount_sub(&above, v, low) || !sg_amount_sub(&width, high, low))
        return LEFT;
    return LEFT + (sg_px)sg_amount_scale((uint32_t)(RIGHT - LEFT), above, width);
}

static void dot(struct sg_buf *out, const struct sg_report_asset *a, size_t row, size_t policy,
                struct sg_svg_point at)
{
    char text[SG_PAGE_TEXT_MAX], title[3 * SG_PAGE_TEXT_MAX];
    const bool is_main = policy == a->main;
    snprintf(title, sizeof(title), "%.40s: %s %s", a->results[policy].policy,
             sg_page_amount(text, row_amount(a, row, policy), a->decimals, SHOWN_TABLE), a->symbol);
    sg_svg_circle(out, at, is_main ? SG_PX(6) : SG_PX(4), is_main ? "s-high" : "s-dot", title);
}

static void dot_row(struct sg_buf *out, const struct sg_report_asset *a, size_t row, sg_px y)
{
    struct sg_amount low = {0}, high = {0};
    char cut[SG_PAGE_TEXT_MAX], text[SG_PAGE_TEXT_MAX];
    if (!span_of(&low, &high, a, row))
        return;
    sg_svg_text(out, (struct sg_svg_point){0, y + SG_PX(4)}, SG_SVG_START, "s-strong",
                sg_svg_text_fit(cut, sizeof(cut), row_name(a, row), 13, SG_PX(120)));
    sg_svg_line(out, (struct sg_svg_point){LEFT, y}, (struct sg_svg_point){RIGHT, y}, "s-axis");
    for (size_t p = 0; p < a->n_results; p++)
        if (p != a->main && !is_bound(&a->results[p]))
            dot(out, a, row, p, (struct sg_svg_point){dot_x(row_amount(a, row, p), low, high), y});
    dot(out, a, row, a->main,
        (struct sg_svg_point){dot_x(row_amount(a, row, a->main), low, high), y});
    sg_svg_text(out, (struct sg_svg_point){LEFT - SG_PX(10), y + SG_PX(4)}, SG_SVG_END, "s-dim",
                sg_page_amount(text, low, a->decimals, SHOWN_TABLE));
    sg_svg_text(out, (struct sg_svg_point){RIGHT + SG_PX(12), y + SG_PX(4)}, SG_SVG_START, "s-dim",
                sg_page_amount(text, high, a->decimals, SHOWN_TABLE));
}

static size_t rows_that_differ(size_t rows[ROWS_MAX], const struct sg_report_asset *a)
{
    size_t n = 0;
    struct sg_amount low = {0}, high = {0};
    for (size_t row = 0; row < main_result(a)->n_destinations + N_FIGURES && n < ROWS_MAX; row++)
        if (span_of(&low, &high, a, row))
            rows[n++] = row;
    return n;
}

static void dots(struct sg_buf *out, const struct sg_report_asset *a, unsigned number)
{
    size_t rows[ROWS_MAX];
    char id[32];
    const size_t n = rows_that_differ(rows, a);
    if (n == 0) {
        sg_buf_puts(out, "<p>All policies agree to the last digit.</p>\n");
        return;
    }
    snprintf(id, sizeof(id), "range%u", number);
    sg_buf_puts(out, "<figure>\n<div class=\"wide\">\n");
    sg_svg_begin(
        out, id, WIDTH, TOP * 2 + (sg_px)n * ROW_H, "Where the policies differ",
        "One line for each figure that differs, from its smallest to its largest value; one "
        "dot for each policy.");
    for (size_t i = 0; i < n; i++)
        dot_row(out, a, rows[i], TOP + (sg_px)i * ROW_H + ROW_H / 2);
    sg_svg_end(out);
    sg_buf_puts(out,
                "</div>\n<figcaption>Figures on which the policies differ, each on its own scale "
                "from its smallest to its largest value in ");
    sg_page_text(out, a->symbol);
    sg_buf_puts(out,
                ". The large dot is the policy of this report; poison, an upper bound, is left "
                "out.</figcaption>\n</figure>\n");
}

static void policy_row(struct sg_buf *out, const struct sg_report_asset *a, size_t policy)
{
    const struct sg_report_result *r = &a->results[policy];
    sg_buf_puts(out, policy == a->main ? "<tr class=\"sum\"><td>" : "<tr><td>");
    sg_page_text(out, r->policy);
    sg_buf_puts(out, is_bound(r) ? " (upper bound)</td>" : "</td>");
    for (size_t k = 0; k < main_result(a)->n_destinations && k < ROWS_MAX; k++)
        report_amount_cell(out, a, row_amount(a, k, policy));
    report_amount_cell(out, a, r->held);
    report_amount_cell(out, a, r->unobserved);
    report_amount_cell(out, a, r->fees);
    sg_buf_puts(out, "</tr>\n");
}

static void policies(struct sg_buf *out, const struct sg_report_asset *a)
{
    const struct sg_report_result *r = main_result(a);
    sg_buf_puts(out, "<div class=\"wide\">\n<table>\n<caption>");
    sg_page_text(out, a->symbol);
    sg_buf_puts(out, " under each policy.</caption>\n<thead><tr><th>Policy</th>");
    for (size_t k = 0; k < r->n_destinations && k < ROWS_MAX; k++) {
        sg_buf_puts(out, "<th class=\"n\">");
        sg_page_text(out, r->destinations[k].entity);
        sg_buf_puts(out, "</th>");
    }
    sg_buf_puts(out,
                "<th class=\"n\">Held</th><th class=\"n\">Not seen</th><th class=\"n\">Fees</th>"
                "</tr></thead>\n<tbody>\n");
    for (size_t p = 0; p < a->n_results; p++)
        policy_row(out, a, p);
    sg_buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

void report_range(struct sg_buf *out, const struct sg_report *report)
{
    sg_page_section(out, "range", "Range over policies");
    sg_buf_puts(out, "<p>Where stolen and clean money share an address, law and practice know more "
                     "than one rule for which of it leaves first. A result is a range.</p>\n");
    for (unsigned i = 0; i < report->n_assets; i++) {
        if (report_is_quiet(&report->assets[i]))
            continue;
        if (report->assets[i].n_results < 2) {
            sg_buf_puts(out,
                        "<p>One policy was run; <code>--policy all</code> gives the range.</p>\n");
            continue;
        }
        policies(out, &report->assets[i]);
        dots(out, &report->assets[i], i);
    }
    sg_buf_puts(out, "</section>\n");
}
