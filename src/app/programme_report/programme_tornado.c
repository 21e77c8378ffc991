/* Figure 2: what moves the share. */
#include "app/programme_report/programme_report_internal.h"

#include <math.h>
#include <stdio.h>

#define WIDTH   SG_PX(1000)
#define LEFT    SG_PX(250)
#define RIGHT   SG_PX(880)
#define TOP     SG_PX(34)
#define ROW     SG_PX(30)
#define BAR     SG_PX(18)
#define SHARE_1 1000 /* the scale counts thousandths */

static void percent_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%d %%", (int)(value / 10));
}

/* Scale from below the smallest to above the largest end of a bar, on whole tens of percent. */
static struct sg_plot_scale scale_of(const struct sg_share *share)
{
    double low = share->at_medians, high = share->at_medians;
    for (size_t i = 0; i < share->n_sobol; i++) {
        low = fmin(low, fmin(share->sobol[i].at_p05, share->sobol[i].at_p95));
        high = fmax(high, fmax(share->sobol[i].at_p05, share->sobol[i].at_p95));
    }
    return (struct sg_plot_scale){(int64_t)floor(low * 10) * 100, (int64_t)ceil(high * 10) * 100,
                                  LEFT, RIGHT};
}

static void draw_bar(struct sg_buf *out, const struct sg_plot_scale *x, sg_px top, double from,
                     double to, const char *class_name, const char *title)
{
    const sg_px a = sg_plot_at(x, (int64_t)(from * SHARE_1)),
                b = sg_plot_at(x, (int64_t)(to * SHARE_1));
    sg_svg_rect(out, (struct sg_svg_box){a < b ? a : b, top, a < b ? b - a : a - b, BAR},
                class_name, title);
}

static void draw_row(struct sg_buf *out, const struct sg_plot_scale *x, size_t row,
                     const struct sg_sobol *s, const struct sg_programme_view *view)
{
    const sg_px top = TOP + (sg_px)row * ROW, text_y = top + SG_PX(14);
    const double middle = view->findings->share.at_medians;
    const bool judged = view->input->assumptions->priors[s->prior].is_judgement;
    char text[64], title[120];
    snprintf(title, sizeof(title),
             "%s: share %.1f %% at its 5 %% point, %.1f %% at its 95 %% point",
             programme_prior_words(s->prior), 100 * s->at_p05, 100 * s->at_p95);
    draw_bar(out, x, top, middle, s->at_p05, "s-low", title);
    draw_bar(out, x, top, middle, s->at_p95, "s-high", title);
    snprintf(text, sizeof(text), "%s%s", programme_prior_words(s->prior), judged ? " *" : "");
    sg_svg_text(out, (struct sg_svg_point){LEFT - SG_PX(12), text_y}, SG_SVG_END, "s-text", text);
    snprintf(text, sizeof(text), "%.2f", s->total);
    sg_svg_text(out, (struct sg_svg_point){RIGHT + SG_PX(60), text_y}, SG_SVG_END, "s-text", text);
}

static void draw(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_share *share = &view->findings->share;
    const struct sg_plot_scale x = scale_of(share);
    const sg_px bottom = TOP + (sg_px)share->n_sobol * ROW;
    const sg_px middle = sg_plot_at(&x, (int64_t)(share->at_medians * SHARE_1));
    int64_t ticks[SG_PLOT_TICKS_MAX];
    const size_t n = sg_plot_ticks(ticks, x.lo, x.hi, 6);
    char text[64];
    sg_svg_begin(out, "tornado", WIDTH, bottom + SG_PX(30), "What moves the share",
                 "One bar for each assumption: the share with that assumption at its 5 and 95 "
                 "percent points and all others at their medians, the most important first.");
    sg_plot_axis_x(out, &x, bottom, TOP - SG_PX(6), ticks, n, percent_label, NULL);
    for (size_t i = 0; i < share->n_sobol; i++)
        draw_row(out, &x, i, &share->sobol[i], view);
    sg_svg_line(out, (struct sg_svg_point){middle, TOP - SG_PX(10)},
                (struct sg_svg_point){middle, bottom}, "s-mark");
    snprintf(text, sizeof(text), "all at their medians: %.0f %%", 100 * share->at_medians);
    sg_svg_text(out, (struct sg_svg_point){middle, TOP - SG_PX(14)}, SG_SVG_MIDDLE, "s-dim", text);
    sg_svg_text(out, (struct sg_svg_point){RIGHT + SG_PX(60), TOP - SG_PX(14)}, SG_SVG_END,
                "s-strong", "total index");
    sg_svg_end(out);
}

void programme_tornado(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_share *share = &view->findings->share;
    if (share->n_sobol == 0)
        return;
    sg_page_section(out, "tornado", "What moves the share of foreign currency");
    sg_buf_printf(out,
                  "<p>In %d theft can have been %.1f %% to %.1f %% of all foreign currency income: "
                  "no choice of the assumptions leads outside. Within, the middle ninety of a "
                  "hundred draws lie between %.0f %% and %.0f %%.</p>\n<figure><div "
                  "class=\"wide\">\n",
                  view->input->assumptions->year, 100 * share->corners.low,
                  100 * share->corners.high, 100 * share->share.p05, 100 * share->share.p95);
    draw(out, view);
    sg_buf_puts(
        out, "</div><figcaption><span class=\"key\" style=\"background:#1f78b4\"></span>"
             "assumption at its 5 % point <span class=\"key\" style=\"background:#b34700\"></span>"
             "at its 95 % point. * rests on judgement: no published figure supports it. Total "
             "index: the part of the answer's variance that would be left if only this "
             "assumption were unknown, its interplay with others included (Sobol, Jansen)."
             "</figcaption></figure></section>\n");
}
