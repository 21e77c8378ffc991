/* Figure 4: attacks on one time line, by aim. */
#include "app/programme_report/programme_report_internal.h"

#include <math.h>
#include <stdio.h>

#define WIDTH  SG_PX(1000)
#define HEIGHT SG_PX(300)
#define LEFT   SG_PX(100)
#define RIGHT  SG_PX(970)
#define BOTTOM SG_PX(262)

/* Thefts that are named in the picture: from so many million dollars on, and so far apart. */
#define NAMED_MUSD  60
#define NAMED_APART 12

static void year_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%d", (int)(value / 12));
}

static sg_px lane(enum sg_aim aim)
{
    switch (aim) {
    case SG_AIM_DISRUPTION:
        return SG_PX(40);
    case SG_AIM_RANSOM:
        return SG_PX(90);
    case SG_AIM_THEFT:
        return SG_PX(190);
    }
    return 0;
}

static const char *fill(enum sg_aim aim)
{
    switch (aim) {
    case SG_AIM_DISRUPTION:
        return "s-high";
    case SG_AIM_RANSOM:
        return "s-mixer";
    case SG_AIM_THEFT:
        return "s-band2";
    }
    return "";
}

/* Area grows with the amount; 1,500 million is a circle of 40 pixels' radius. */
static sg_px radius(const struct sg_incident *incident)
{
    const double musd = programme_musd(incident->amounts[0].low_usd);
    const double px = 40 * sqrt(musd / 1500);
    return px < 3 ? SG_PX(3) : px > 60 ? SG_PX(60) : (sg_px)(px * 10);
}

/* Whether the theft's name has room: at least NAMED_MUSD, and none larger within NAMED_APART
 * months. */
static bool is_named(const struct sg_incidents *incidents, const struct sg_incident *incident)
{
    const int32_t month = sg_programme_month(incident->dates[0].date);
    if (programme_musd(incident->amounts[0].low_usd) < NAMED_MUSD)
        return false;
    for (size_t i = 0; i < incidents->count; i++) {
        const struct sg_incident *other = &incidents->items[i];
        const int32_t apart = sg_programme_month(other->dates[0].date) - month;
        if (other->aim == SG_AIM_THEFT && apart < NAMED_APART && apart > -NAMED_APART &&
            other->amounts[0].low_usd > incident->amounts[0].low_usd)
            return false;
    }
    return true;
}

static void draw_incident(struct sg_buf *out, const struct sg_plot_scale *x,
                          const struct sg_incidents *incidents, const struct sg_incident *incident)
{
    char date[SG_PROGRAMME_DATE_MAX], title[200], name[64], number[SG_NUMBER_TEXT_MAX];
    const struct sg_svg_point at = {sg_plot_at(x, sg_programme_month(incident->dates[0].date)),
                                    lane(incident->aim)};
    const sg_px r = radius(incident);
    snprintf(title, sizeof(title), "%.60s, %s, %s million dollars, tier %s", incident->victim,
             sg_programme_date_format(date, incident->dates[0].date),
             sg_number_format(number, programme_musd(incident->amounts[0].low_usd), 1),
             sg_tier_name(incident->tier));
    sg_svg_circle(out, at, r, fill(incident->aim), title);
    snprintf(name, sizeof(name), "%.40s %d%s", incident->victim, incident->dates[0].date.year,
             incident->tier == SG_TIER_D ? " (contested)" : "");
    if (incident->aim != SG_AIM_THEFT)
        sg_svg_text(out, (struct sg_svg_point){at.x + r + SG_PX(5), at.y + SG_PX(4)}, SG_SVG_START,
                    "s-text", name);
    else if (is_named(incidents, incident))
        sg_svg_text(out, (struct sg_svg_point){at.x, at.y - r - SG_PX(6)}, SG_SVG_MIDDLE,
                    "s-halo s-small", name);
}

static struct sg_plot_scale scale_of(const struct sg_incidents *incidents)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < incidents->count; i++) {
        const int32_t month = sg_programme_month(incidents->items[i].dates[0].date);
        first = month < first ? month : first;
        last = month > last ? month : last;
    }
    return (struct sg_plot_scale){first / 12 * 12, (last / 12 + 1) * 12, LEFT, RIGHT};
}

static void draw(struct sg_buf *out, const struct sg_incidents *incidents)
{
    const struct sg_plot_scale x = scale_of(incidents);
    int64_t ticks[SG_PLOT_TICKS_MAX];
    size_t n = 0;
    const int64_t step = 12 * ((x.hi - x.lo) / 12 / (SG_PLOT_TICKS_MAX - 1) + 1);
    for (int64_t at = x.lo; at <= x.hi && n < SG_PLOT_TICKS_MAX; at += step)
        ticks[n++] = at;
    sg_svg_begin(out, "attacks", WIDTH, HEIGHT, "Attacks by aim",
                 "Attacks on one time line in three rows: disruption, ransom, theft. From some "
                 "point on nearly all are thefts; the area of a circle is the amount.");
    sg_plot_axis_x(out, &x, BOTTOM, SG_PX(16), ticks, n, year_label, NULL);
    for (int aim = 0; aim <= (int)SG_AIM_DISRUPTION; aim++)
        sg_svg_text(out, (struct sg_svg_point){LEFT - SG_PX(14), lane((enum sg_aim)aim) + SG_PX(4)},
                    SG_SVG_END, "s-strong", sg_aim_name((enum sg_aim)aim));
    for (size_t i = 0; i < incidents->count; i++)
        draw_incident(out, &x, incidents, &incidents->items[i]);
    sg_svg_end(out);
}

void programme_attacks(struct sg_buf *out, const struct sg_programme_view *view)
{
    sg_page_section(out, "attacks", "From disruption to theft");
    sg_buf_puts(out, "<figure><div class=\"wide\">\n");
    draw(out, view->input->incidents);
    sg_buf_puts(out,
                "</div><figcaption>Each circle is one attack of the table of incidents; its area "
                "is the amount stolen at the prices of the day. What is not in the table is not "
                "in the picture.</figcaption></figure></section>\n");
}
