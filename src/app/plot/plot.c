#include "app/plot/plot.h"

#include "base/civil.h"

__extension__ typedef __int128 wide;

#define DAY_S 86400

sg_px sg_plot_at(const struct sg_plot_scale *scale, int64_t value)
{
    if (value <= scale->lo)
        return scale->from;
    if (value >= scale->hi)
        return scale->to;
    const wide part = (wide)value - scale->lo;
    return scale->from + (sg_px)(part * (scale->to - scale->from) / ((wide)scale->hi - scale->lo));
}

/* The round step that is not below `least`: 1, 2 or 5 times a power of ten. */
static wide round_step(wide least)
{
    wide power = 1;
    while (power * 10 <= least)
        power *= 10;
    static const int factors[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 3; i++)
        if (power * factors[i] >= least)
            return power * factors[i];
    return power * 10;
}

int64_t sg_plot_round_up(int64_t value)
{
    const wide step = round_step(value < 1 ? 1 : value);
    return step > INT64_MAX ? INT64_MAX : (int64_t)step;
}

size_t sg_plot_ticks(int64_t ticks[SG_PLOT_TICKS_MAX], int64_t lo, int64_t hi, unsigned wanted)
{
    const wide span = (wide)hi - lo;
    const wide step = round_step(span / wanted > 0 ? span / wanted : 1);
    wide at = lo / step * step;
    size_t n = 0;
    if (at < lo)
        at += step;
    for (; at <= hi && n < SG_PLOT_TICKS_MAX; at += step)
        ticks[n++] = (int64_t)at;
    return n;
}

static int64_t floor_days(int64_t unix_s)
{
    return unix_s / DAY_S - (unix_s % DAY_S < 0);
}

static int64_t month_start(int64_t month)
{
    const int64_t year = month / 12 - (month % 12 < 0);
    return sg_days_from_civil(year, (unsigned)(month - year * 12) + 1, 1) * DAY_S;
}

/* Months since year 0. */
static int64_t month_of(int64_t unix_s)
{
    int64_t year;
    unsigned month, day;
    sg_civil_from_days(&year, &month, &day, floor_days(unix_s));
    return year * 12 + month - 1;
}

size_t sg_plot_month_ticks(int64_t ticks[SG_PLOT_TICKS_MAX], int64_t lo, int64_t hi)
{
    static const int64_t steps[] = {1, 3, 12, 60};
    const int64_t first = month_of(lo), last = month_of(hi);
    size_t i = 0, n = 0;
    while (i + 1 < sizeof(steps) / sizeof(steps[0]) &&
           (last - first) / steps[i] + 1 > SG_PLOT_TICKS_MAX - 2)
        i++;
    for (int64_t m = first - first % steps[i]; m <= last && n < SG_PLOT_TICKS_MAX; m += steps[i])
        if (month_start(m) >= lo)
            ticks[n++] = month_start(m);
    return n;
}

void sg_plot_axis_x(struct sg_buf *out, const struct sg_plot_scale *scale, sg_px y, sg_px grid_top,
                    const int64_t *ticks, size_t n_ticks, sg_plot_label_fn label, void *ctx)
{
    char text[64];
    for (size_t i = 0; i < n_ticks; i++) {
        const sg_px x = sg_plot_at(scale, ticks[i]);
        label(text, sizeof(text), ticks[i], ctx);
        sg_svg_line(out, (struct sg_svg_point){x, grid_top}, (struct sg_svg_point){x, y}, "s-grid");
        sg_svg_text(out, (struct sg_svg_point){x, y + SG_PX(16)}, SG_SVG_MIDDLE, "s-dim", text);
    }
    sg_svg_line(out, (struct sg_svg_point){scale->from, y}, (struct sg_svg_point){scale->to, y},
                "s-axis");
}

void sg_plot_axis_y(struct sg_buf *out, const struct sg_plot_scale *scale, sg_px x,
                    sg_px grid_right, const int64_t *ticks, size_t n_ticks, sg_plot_label_fn label,
                    void *ctx)
{
    char text[64];
    for (size_t i = 0; i < n_ticks; i++) {
        const sg_px y = sg_plot_at(scale, ticks[i]);
        label(text, sizeof(text), ticks[i], ctx);
        sg_svg_line(out, (struct sg_svg_point){x, y}, (struct sg_svg_point){grid_right, y},
                    "s-grid");
        sg_svg_text(out, (struct sg_svg_point){x - SG_PX(8), y + SG_PX(4)}, SG_SVG_END, "s-dim",
                    text);
    }
    sg_svg_line(out, (struct sg_svg_point){x, scale->from}, (struct sg_svg_point){x, scale->to},
                "s-axis");
}
