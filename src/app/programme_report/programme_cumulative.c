/* Figure 1: cumulative thefts by vintage as bands, launches below, on one time axis. */
#include "app/programme_report/programme_report_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define WIDTH      SG_PX(1000)
#define HEIGHT     SG_PX(560)
#define LEFT       SG_PX(64)
#define RIGHT      SG_PX(850)
#define TOP        SG_PX(24)
#define MIDDLE     SG_PX(340) /* zero of the upper plot */
#define LOWER_TOP  SG_PX(390)
#define LOWER      SG_PX(520) /* zero of the lower plot */
#define YEARS_MAX  64
#define SERIES_MAX 8 /* lines that can be told apart; the table has all */

/* The lines of the upper plot; cumulative million dollars at the end of each year. */
struct lines {
    int16_t from; /* first year that counts */
    size_t n_years;
    const struct sg_gross_series *series[SERIES_MAX];
    size_t n_known[SERIES_MAX]; /* years from `from` on without a gap */
    double sums[SERIES_MAX][YEARS_MAX];
    size_t n;
    struct sg_plot_scale x, y;
};

static void year_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%" PRId64, 1970 + (value + 43200) / 31556952);
}

static void number_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    char number[SG_NUMBER_TEXT_MAX];
    (void)ctx;
    snprintf(text, capacity, "%s", sg_number_format(number, (double)value, 0));
}

static void add_series(struct lines *lines, const struct sg_gross_series *series)
{
    double sum = 0;
    const size_t at = lines->n;
    for (size_t i = 0; i < YEARS_MAX; i++) {
        const int year = lines->from + (int)i;
        if (year > SG_PROGRAMME_YEAR_MAX || !series->has[year - SG_PROGRAMME_YEAR_MIN])
            break;
        sum += programme_musd(series->usd[year - SG_PROGRAMME_YEAR_MIN]);
        lines->sums[at][lines->n_known[at]++] = sum;
    }
    if (lines->n_known[at] > lines->n_years)
        lines->n_years = lines->n_known[at];
    lines->series[lines->n++] = series;
}

static void collect(struct lines *lines, const struct sg_programme_view *view)
{
    const struct sg_gross *gross = &view->findings->gross;
    double most = 1;
    *lines = (struct lines){.from = gross->from};
    for (size_t i = 0; i < gross->n_series && lines->n < SERIES_MAX; i++)
        if (gross->series[i].covers_period)
            add_series(lines, &gross->series[i]);
    for (size_t s = 0; s < lines->n; s++)
        if (lines->sums[s][lines->n_known[s] - 1] > most)
            most = lines->sums[s][lines->n_known[s] - 1];
    lines->x = (struct sg_plot_scale){
        programme_month_unix_s(12 * (int64_t)lines->from),
        programme_month_unix_s(12 * ((int64_t)lines->from + (int64_t)lines->n_years)), LEFT, RIGHT};
    lines->y = (struct sg_plot_scale){0, (int64_t)(most * 1.08) + 1, MIDDLE, TOP};
}

static struct sg_svg_point point(const struct lines *lines, size_t n_years, double musd)
{
    return (struct sg_svg_point){
        sg_plot_at(&lines->x,
                   programme_month_unix_s(12 * ((int64_t)lines->from + (int64_t)n_years))),
        sg_plot_at(&lines->y, (int64_t)musd)};
}

/* Whether a series takes part in a band: NULL takes all. */
static bool is_of(const struct sg_gross_series *series, const char *source)
{
    return !source || strcmp(series->source, source) == 0;
}

/* Least and largest sum after so many years; false where fewer than two series reach them. */
static bool spread(struct sg_bounds *bounds, const struct lines *lines, const char *source,
                   size_t n_years)
{
    size_t n = 0;
    for (size_t s = 0; s < lines->n; s++) {
        if (!is_of(lines->series[s], source) || lines->n_known[s] < n_years)
            continue;
        const double sum = lines->sums[s][n_years - 1];
        bounds->low = n == 0 || sum < bounds->low ? sum : bounds->low;
        bounds->high = n == 0 || sum > bounds->high ? sum : bounds->high;
        n++;
    }
    return n >= 2;
}

static void draw_band(struct sg_buf *out, const struct lines *lines, const char *source,
                      const char *class_name, const char *title)
{
    struct sg_svg_point shape[2 * (YEARS_MAX + 1)];
    struct sg_bounds bounds;
    size_t n_years = 0, n = 0;
    while (n_years < lines->n_years && spread(&bounds, lines, source, n_years + 1))
        n_years++;
    if (n_years == 0)
        return;
    shape[n++] = point(lines, 0, 0);
    for (size_t i = 1; i <= n_years; i++) {
        (void)spread(&bounds, lines, source, i);
        shape[n++] = point(lines, i, bounds.high);
    }
    for (size_t i = n_years; i >= 1; i--) {
        (void)spread(&bounds, lines, source, i);
        shape[n++] = point(lines, i, bounds.low);
    }
    sg_svg_polygon(out, shape, n, class_name, title);
}

/* Places of the labels so far. */
struct labels {
    struct sg_svg_point at[SERIES_MAX];
    size_t n;
};

/* Moved down until no label of the same column is near. */
static struct sg_svg_point label_place(struct labels *labels, struct sg_svg_point wanted)
{
    for (size_t i = 0; i < labels->n; i++)
        if (labels->at[i].x == wanted.x && wanted.y < labels->at[i].y + SG_PX(15))
            wanted.y = labels->at[i].y + SG_PX(15);
    labels->at[labels->n++] = wanted;
    return wanted;
}

/* Nothing goes on to the right of the highest line's end if all others lie below: its label stands
 * left above, off the other lines. */
static bool is_early_top(const struct lines *lines, size_t s)
{
    struct sg_bounds bounds;
    const size_t n_years = lines->n_known[s];
    return n_years < lines->n_years && spread(&bounds, lines, NULL, n_years) &&
           lines->sums[s][n_years - 1] >= bounds.high;
}

static void draw_line(struct sg_buf *out, const struct lines *lines, size_t s,
                      struct labels *labels)
{
    struct sg_svg_point points[YEARS_MAX + 1];
    char label[PROGRAMME_LABEL_MAX];
    points[0] = point(lines, 0, 0);
    for (size_t i = 1; i <= lines->n_known[s]; i++)
        points[i] = point(lines, i, lines->sums[s][i - 1]);
    const struct sg_svg_point end = points[lines->n_known[s]];
    programme_label(label, lines->series[s]->source, lines->series[s]->vintage);
    sg_svg_polyline(out, points, lines->n_known[s] + 1, "s-line");
    sg_svg_circle(out, end, SG_PX(3), "s-dot", label);
    if (is_early_top(lines, s))
        sg_svg_text(out, (struct sg_svg_point){end.x - SG_PX(6), end.y - SG_PX(8)}, SG_SVG_END,
                    "s-halo", label);
    else
        sg_svg_text(out,
                    label_place(labels, (struct sg_svg_point){end.x + SG_PX(8), end.y + SG_PX(4)}),
                    SG_SVG_START, "s-halo", label);
}

/* From the highest end to the lowest, so that labels that make room keep the order of the lines. */
static void draw_lines(struct sg_buf *out, const struct lines *lines)
{
    struct labels labels = {.n = 0};
    bool done[SERIES_MAX] = {false};
    for (size_t drawn = 0; drawn < lines->n; drawn++) {
        size_t next = SERIES_MAX;
        for (size_t s = 0; s < lines->n; s++)
            if (!done[s] && (next == SERIES_MAX || lines->sums[s][lines->n_known[s] - 1] >
                                                       lines->sums[next][lines->n_known[next] - 1]))
                next = s;
        assert(next < SERIES_MAX);
        draw_line(out, lines, next, &labels);
        done[next] = true;
    }
}

static void draw_threshold(struct sg_buf *out, const struct lines *lines,
                           const struct sg_programme_view *view)
{
    const struct sg_fact *claim = sg_fact_find(view->input->facts, "claim-3bn");
    char number[SG_NUMBER_TEXT_MAX], text[80];
    if (!claim || claim->low > (double)lines->y.hi)
        return;
    const sg_px y = sg_plot_at(&lines->y, (int64_t)claim->low);
    snprintf(text, sizeof(text), "the claim: %s in five years",
             sg_number_format(number, claim->low, 0));
    sg_svg_line(out, (struct sg_svg_point){LEFT, y}, (struct sg_svg_point){RIGHT, y}, "s-mark");
    sg_svg_text(out, (struct sg_svg_point){LEFT + SG_PX(8), y - SG_PX(5)}, SG_SVG_START, "s-halo",
                text);
}

/* Launches of one month, by outcome. */
struct month_counts {
    size_t n[3], all;
};

static void count_months(struct month_counts *months, size_t n_months, const struct lines *lines,
                         const struct sg_launches *launches)
{
    for (size_t i = 0; i < launches->count; i++) {
        const int64_t at = sg_programme_month(launches->items[i].date) - 12 * (int64_t)lines->from;
        if (at < 0 || at >= (int64_t)n_months)
            continue;
        months[at].n[launches->items[i].outcome]++;
        months[at].all++;
    }
}

static void draw_month(struct sg_buf *out, const struct lines *lines, const struct sg_plot_scale *y,
                       size_t month, const struct month_counts *counts)
{
    static const char *const classes[] = {"s-low", "s-high", "s-path"};
    const enum sg_launch_outcome order[] = {SG_LAUNCH_SUCCESS, SG_LAUNCH_UNKNOWN,
                                            SG_LAUNCH_FAILURE};
    const int64_t at = 12 * (int64_t)lines->from + (int64_t)month;
    const sg_px left = sg_plot_at(&lines->x, programme_month_unix_s(at));
    const sg_px right = sg_plot_at(&lines->x, programme_month_unix_s(at + 1));
    char title[80];
    size_t below = 0;
    snprintf(title, sizeof(title), "%04d-%02zu: %zu launches", lines->from + (int)(month / 12),
             month % 12 + 1, counts->all);
    for (size_t i = 0; i < 3; i++) {
        const size_t n = counts->n[order[i]];
        const sg_px top = sg_plot_at(y, (int64_t)(below + n)), foot = sg_plot_at(y, (int64_t)below);
        sg_svg_rect(out, (struct sg_svg_box){left, top, right - left - SG_PX(1), foot - top},
                    classes[order[i]], title);
        below += n;
    }
}

static void draw_launches(struct sg_buf *out, const struct lines *lines,
                          const struct sg_programme_view *view)
{
    struct month_counts months[12 * YEARS_MAX] = {0};
    const size_t n_months = 12 * lines->n_years;
    int64_t ticks[SG_PLOT_TICKS_MAX];
    size_t most = 1;
    count_months(months, n_months, lines, view->input->launches);
    for (size_t i = 0; i < n_months; i++)
        most = months[i].all > most ? months[i].all : most;
    const struct sg_plot_scale y = {0, (int64_t)most, LOWER, LOWER_TOP};
    const size_t n = sg_plot_ticks(ticks, 0, (int64_t)most, 4);
    sg_plot_axis_y(out, &y, LEFT, RIGHT, ticks, n, number_label, NULL);
    for (size_t i = 0; i < n_months; i++)
        draw_month(out, lines, &y, i, &months[i]);
    sg_svg_text(out, (struct sg_svg_point){LEFT, LOWER_TOP - SG_PX(12)}, SG_SVG_START, "s-strong",
                "Missiles launched, a month");
}

static void draw(struct sg_buf *out, const struct lines *lines,
                 const struct sg_programme_view *view)
{
    int64_t ticks[SG_PLOT_TICKS_MAX], years[SG_PLOT_TICKS_MAX];
    const size_t n = sg_plot_ticks(ticks, 0, lines->y.hi, 5);
    size_t n_years = 0;
    for (size_t i = 0; i <= lines->n_years && n_years < SG_PLOT_TICKS_MAX; i++)
        years[n_years++] = programme_month_unix_s(12 * ((int64_t)lines->from + (int64_t)i));
    sg_svg_begin(
        out, "cumulative", WIDTH, HEIGHT, "Cumulative thefts and launches",
        "Above: cumulative thefts in million dollars by source and vintage, which differ by "
        "a half and more. Below: missiles launched a month on the same time axis.");
    sg_plot_axis_y(out, &lines->y, LEFT, RIGHT, ticks, n, number_label, NULL);
    sg_plot_axis_x(out, &lines->x, LOWER, TOP, years, n_years, year_label, NULL);
    draw_band(out, lines, NULL, "s-band", "all sources and vintages");
    for (size_t s = 0; s < lines->n; s++)
        for (size_t t = 0; t < s; t++)
            if (strcmp(lines->series[s]->source, lines->series[t]->source) == 0) {
                draw_band(out, lines, lines->series[s]->source, "s-band2",
                          "one source, between its vintages");
                t = s - 1;
            }
    draw_threshold(out, lines, view);
    draw_lines(out, lines);
    sg_svg_line(out, (struct sg_svg_point){LEFT, MIDDLE}, (struct sg_svg_point){RIGHT, MIDDLE},
                "s-axis");
    sg_svg_text(out, (struct sg_svg_point){LEFT, TOP - SG_PX(8)}, SG_SVG_START, "s-strong",
                "Stolen, cumulative, million dollars");
    draw_launches(out, lines, view);
    sg_svg_end(out);
}

void programme_cumulative(struct sg_buf *out, const struct sg_programme_view *view)
{
    struct lines lines;
    collect(&lines, view);
    if (lines.n == 0)
        return;
    sg_page_section(out, "course", "Thefts and launches on one time axis");
    sg_buf_puts(out, "<figure><div class=\"wide\">\n");
    draw(out, &lines, view);
    sg_buf_puts(
        out,
        "</div><figcaption>Lines: one source at one time of publishing, joined at the ends of "
        "years. "
        "Light band: from the lowest to the highest of them. Dark band: one source, between what "
        "it "
        "published first and later. Below: <span class=\"key\" style=\"background:#1f78b4\"></span>"
        "success <span class=\"key\" style=\"background:#b34700\"></span>failure "
        "<span class=\"key\" style=\"background:#93a1b0\"></span>outcome unknown. That "
        "both "
        "grow says nothing yet: see the association below.</figcaption></figure></section>\n");
}
