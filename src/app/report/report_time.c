/* The timeline: how much had left, day by day, and a strip a destination that shows when. */
#include "app/report/report_internal.h"

#include "app/plot/plot.h"
#include "base/arena.h"
#include "base/civil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH        SG_PX(1000)
#define LEFT         SG_PX(190)
#define RIGHT        SG_PX(985)
#define TOP          SG_PX(26)
#define SHARE_H      SG_PX(150)
#define STRIP_H      SG_PX(46)
#define STRIP_GAP    SG_PX(16)
#define AXIS_H       SG_PX(30)
#define STRIPS_MAX   8
#define DAY_S        86400
#define YEAR_10000_S INT64_C(253402300800)
#define SHARE_FULL   10000 /* hundredths of a percent */

/* More bins than this and they become weeks, then months of 30 days, then years. */
#define BINS_MAX 150

struct strip {
    const char *name;
    const char *class_names;
    struct sg_amount *bins; /* n_bins */
    struct sg_amount total;
};

struct timeline {
    const struct sg_report *report;
    const struct sg_report_asset *asset;
    const struct sg_report_result *result;
    struct sg_plot_scale time;
    int64_t first_day, bin_days;
    size_t n_bins;
    struct strip strips[STRIPS_MAX];
    size_t n_strips;
    struct sg_amount *left;      /* per bin: to all destinations */
    struct sg_svg_point *points; /* of the line of shares */
};

static int64_t day_of(int64_t unix_s)
{
    return unix_s / DAY_S - (unix_s % DAY_S < 0);
}

/* Unknown times, and those that no chain has (a hostile source may give any number), are not drawn.
 */
static bool is_drawn(int64_t unix_s)
{
    return unix_s >= 0 && unix_s < YEAR_10000_S;
}

static void widen(int64_t *first, int64_t *last, int64_t unix_s)
{
    if (!is_drawn(unix_s))
        return;
    *first = day_of(unix_s) < *first ? day_of(unix_s) : *first;
    *last = day_of(unix_s) > *last ? day_of(unix_s) : *last;
}

/* From the theft to the last transfer; false if no transfer has a time. */
static bool find_range(struct timeline *t, int64_t *last)
{
    t->first_day = INT64_MAX;
    *last = INT64_MIN;
    for (size_t i = 0; i < t->result->n_destinations; i++)
        for (size_t k = 0; k < t->result->destinations[i].n_transfers; k++)
            widen(&t->first_day, last, t->result->destinations[i].transfers[k].time_unix_s);
    if (*last == INT64_MIN)
        return false;
    widen(&t->first_day, last, t->report->theft_unix_s);
    return true;
}

static void choose_bins(struct timeline *t, int64_t last)
{
    static const int64_t sizes[] = {1, 7, 30, 365};
    size_t i = 0;
    const int64_t days = last - t->first_day + 1;
    while (i + 1 < sizeof(sizes) / sizeof(sizes[0]) && days / sizes[i] >= BINS_MAX)
        i++;
    t->bin_days = sizes[i];
    t->n_bins = (size_t)(days / t->bin_days) + 1;
    t->time = (struct sg_plot_scale){t->first_day * DAY_S,
                                     (t->first_day + (int64_t)t->n_bins * t->bin_days) * DAY_S,
                                     LEFT, RIGHT};
}

static void add_capped(struct sg_amount *sum, struct sg_amount more)
{
    if (!sg_amount_add(sum, *sum, more))
        *sum = sg_amount_from(~(sg_u128)0); /* drawn as the largest amount there is */
}

static void add_destination(struct timeline *t, struct strip *s,
                            const struct sg_report_destination *d)
{
    for (size_t k = 0; k < d->n_transfers; k++) {
        if (!is_drawn(d->transfers[k].time_unix_s))
            continue;
        const size_t bin =
            (size_t)((day_of(d->transfers[k].time_unix_s) - t->first_day) / t->bin_days);
        add_capped(&s->bins[bin], d->transfers[k].amount);
        add_capped(&t->left[bin], d->transfers[k].amount);
    }
    add_capped(&s->total, d->amount);
}

/* One strip a destination; what is beyond the last strip shares it. */
static bool fill_strips(struct timeline *t, struct sg_arena *arena)
{
    t->left = sg_arena_alloc(arena, t->n_bins, sizeof(*t->left));
    t->points = sg_arena_alloc(arena, 2 * t->n_bins + 4, sizeof(*t->points));
    if (!t->left || !t->points)
        return false;
    for (size_t i = 0; i < t->result->n_destinations; i++) {
        const struct sg_report_destination *d = &t->result->destinations[i];
        if (t->n_strips < STRIPS_MAX) {
            struct strip *s = &t->strips[t->n_strips++];
            *s = (struct strip){d->entity, report_class(d->kind), NULL, {0}};
            s->bins = sg_arena_alloc(arena, t->n_bins, sizeof(*s->bins));
            if (!s->bins)
                return false;
            if (t->n_strips == STRIPS_MAX && i + 1 < t->result->n_destinations) {
                s->name = "all others";
                s->class_names = report_class(SG_REPORT_OTHER);
            }
        }
        add_destination(t, &t->strips[t->n_strips - 1], d);
    }
    return true;
}

static sg_px bin_x(const struct timeline *t, size_t bin)
{
    return sg_plot_at(&t->time, (t->first_day + (int64_t)bin * t->bin_days) * DAY_S);
}

static void percent_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%" PRId64 " %%", value / 100);
}

/* "23 March" where days are told apart, else "April 2022". */
static void date_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    char day[SG_PAGE_TEXT_MAX];
    const bool *with_day = ctx;
    const char *at = sg_page_day(day, value);
    const char *year = strrchr(day, ' ');
    if (*with_day && year)
        snprintf(text, capacity, "%.*s", (int)(year - at), at);
    else
        snprintf(text, capacity, "%s", strchr(at, ' ') ? strchr(at, ' ') + 1 : at);
}

static int64_t share_of(struct sg_amount part, struct sg_amount whole)
{
    return sg_amount_scale(SHARE_FULL, part, whole);
}

/* A line that climbs to the share that had left: level within a day, as nothing is known of it. */
static void draw_share(struct sg_buf *out, const struct timeline *t)
{
    const struct sg_plot_scale y = {0, SHARE_FULL, TOP + SHARE_H, TOP};
    const int64_t ticks[] = {0, 2500, 5000, 7500, SHARE_FULL};
    struct sg_svg_point *points = t->points;
    struct sg_amount sum = {0};
    size_t n = 0;
    sg_plot_axis_y(out, &y, LEFT, RIGHT, ticks, 5, percent_label, NULL);
    points[n++] = (struct sg_svg_point){bin_x(t, 0), y.from};
    for (size_t b = 0; b < t->n_bins; b++) {
        const sg_px before = sg_plot_at(&y, share_of(sum, report_whole(t->result)));
        add_capped(&sum, t->left[b]);
        points[n++] = (struct sg_svg_point){bin_x(t, b), before};
        points[n++] = (struct sg_svg_point){bin_x(t, b + 1),
                                            sg_plot_at(&y, share_of(sum, report_whole(t->result)))};
    }
    points[n++] = (struct sg_svg_point){bin_x(t, t->n_bins), y.from};
    sg_svg_polygon(out, points, n, "s-band", NULL);
    sg_svg_polyline(out, points + 1, n - 2, "s-line");
    sg_svg_text(out, (struct sg_svg_point){0, TOP + SG_PX(5)}, SG_SVG_START, "s-strong",
                "Share gone");
    sg_svg_text(out, (struct sg_svg_point){0, TOP + SG_PX(20)}, SG_SVG_START, "s-small",
                "to services so far");
}

static const char *bin_name(const struct timeline *t)
{
    return t->bin_days == 1    ? "a day"
           : t->bin_days == 7  ? "a week"
           : t->bin_days == 30 ? "in 30 days"
                               : "a year";
}

static void draw_bars(struct sg_buf *out, const struct timeline *t, const struct strip *s,
                      sg_px base, struct sg_amount peak)
{
    for (size_t b = 0; b < t->n_bins; b++) {
        char day[SG_PAGE_TEXT_MAX], amount[SG_PAGE_TEXT_MAX], title[3 * SG_PAGE_TEXT_MAX];
        if (sg_amount_is_zero(s->bins[b]))
            continue;
        const sg_px full = (sg_px)(share_of(s->bins[b], peak) * STRIP_H / SHARE_FULL);
        const sg_px height = full < SG_PX(1) ? SG_PX(1) : full;
        const sg_px width = bin_x(t, b + 1) - bin_x(t, b);
        snprintf(title, sizeof(title), "%s: %s %s",
                 sg_page_day(day, (t->first_day + (int64_t)b * t->bin_days) * DAY_S),
                 sg_page_amount(amount, s->bins[b], t->asset->decimals, SHOWN_TEXT),
                 t->asset->symbol);
        sg_svg_rect(out,
                    (struct sg_svg_box){bin_x(t, b), base - height,
                                        width > SG_PX(3) ? width - SG_PX(1) : width, height},
                    s->class_names, title);
    }
}

static void draw_strip(struct sg_buf *out, const struct timeline *t, const struct strip *s,
                       sg_px base)
{
    struct sg_amount peak = {0};
    char amount[SG_PAGE_TEXT_MAX], line[2 * SG_PAGE_TEXT_MAX], cut[SG_PAGE_TEXT_MAX];
    for (size_t b = 0; b < t->n_bins; b++)
        if (sg_amount_cmp(peak, s->bins[b]) < 0)
            peak = s->bins[b];
    if (sg_amount_is_zero(peak))
        return;
    sg_svg_line(out, (struct sg_svg_point){LEFT, base}, (struct sg_svg_point){RIGHT, base},
                "s-grid");
    draw_bars(out, t, s, base, peak);
    sg_svg_text(out, (struct sg_svg_point){0, base - SG_PX(29)}, SG_SVG_START, "s-strong",
                sg_svg_text_fit(cut, sizeof(cut), s->name, 13, LEFT - SG_PX(12)));
    snprintf(line, sizeof(line), "%s %s",
             sg_page_amount(amount, s->total, t->asset->decimals, SHOWN_TEXT), t->asset->symbol);
    sg_svg_text(out, (struct sg_svg_point){0, base - SG_PX(14)}, SG_SVG_START, NULL, line);
    snprintf(line, sizeof(line), "at most %s %s",
             sg_page_amount(amount, peak, t->asset->decimals, 0), bin_name(t));
    sg_svg_text(out, (struct sg_svg_point){0, base}, SG_SVG_START, "s-small", line);
}

/* Names of months and years stand clear of each other up to this many: every second one goes until
 * then. */
#define MONTHS_CLEAR 8

static size_t thin(int64_t *ticks, size_t n)
{
    while (n > MONTHS_CLEAR) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i += 2)
            ticks[kept++] = ticks[i];
        n = kept;
    }
    return n;
}

static void draw_axis(struct sg_buf *out, const struct timeline *t, sg_px base)
{
    int64_t ticks[SG_PLOT_TICKS_MAX];
    size_t n = 0;
    bool with_day = (int64_t)t->n_bins * t->bin_days < 100;
    if (with_day) {
        const int64_t days = (int64_t)t->n_bins;
        const int64_t step = days <= 8 ? 1 : days <= 60 ? 7 : 14;
        for (int64_t d = t->first_day; d < t->first_day + days && n < SG_PLOT_TICKS_MAX; d += step)
            ticks[n++] = d * DAY_S;
    } else {
        n = thin(ticks, sg_plot_month_ticks(ticks, t->time.lo, t->time.hi));
    }
    sg_plot_axis_x(out, &t->time, base, TOP, ticks, n, date_label, &with_day);
}

static void draw_theft(struct sg_buf *out, const struct timeline *t, sg_px base)
{
    char day[SG_PAGE_TEXT_MAX], line[2 * SG_PAGE_TEXT_MAX];
    const sg_px x = sg_plot_at(&t->time, t->report->theft_unix_s);
    if (!is_drawn(t->report->theft_unix_s))
        return;
    snprintf(line, sizeof(line), "theft, %s", sg_page_day(day, t->report->theft_unix_s));
    sg_svg_line(out, (struct sg_svg_point){x, SG_PX(18)}, (struct sg_svg_point){x, base}, "s-mark");
    sg_svg_text(out, (struct sg_svg_point){x, SG_PX(13)}, SG_SVG_START, "s-small", line);
}

static void draw(struct sg_buf *out, const struct timeline *t, unsigned number)
{
    char id[32];
    const sg_px base = TOP + SHARE_H + STRIP_GAP + (sg_px)t->n_strips * (STRIP_H + STRIP_GAP);
    snprintf(id, sizeof(id), "when%u", number);
    sg_buf_puts(out, "<figure>\n<div class=\"wide\">\n");
    sg_svg_begin(
        out, id, WIDTH, base + AXIS_H, "When the money left",
        "Above, the share of the stolen money that had reached a service. Below, one strip "
        "for each destination with the amounts that reached it.");
    draw_axis(out, t, base);
    draw_share(out, t);
    for (size_t i = 0; i < t->n_strips; i++)
        draw_strip(out, t, &t->strips[i], TOP + SHARE_H + (sg_px)(i + 1) * (STRIP_H + STRIP_GAP));
    draw_theft(out, t, base);
    sg_svg_end(out);
    sg_buf_printf(out,
                  "</div>\n<figcaption>Amounts %s, UTC. Each strip has its own scale; its "
                  "largest bar is named at the left.</figcaption>\n</figure>\n",
                  bin_name(t));
}

enum sg_status report_timeline(struct sg_buf *out, const struct sg_report *report,
                               const struct sg_report_asset *asset, unsigned number,
                               struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct timeline t = {.report = report, .asset = asset, .result = main_result(asset)};
    enum sg_status st = SG_OK;
    int64_t last;
    if (!find_range(&t, &last)) {
        sg_buf_puts(out, "<p>Nothing is seen to have reached a service.</p>\n");
        goto out;
    }
    choose_bins(&t, last);
    if (!fill_strips(&t, &arena)) {
        st = sg_err_nomem(err);
        goto out;
    }
    draw(out, &t, number);
out:
    sg_arena_clear(&arena);
    return st;
}
