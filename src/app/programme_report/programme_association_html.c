/* Figure 3 and its tables: do launches go with thefts? */
#include "app/programme_report/programme_report_internal.h"

#include <inttypes.h>
#include <stdio.h>

#define WIDTH  SG_PX(1000)
#define HEIGHT SG_PX(270)
#define LEFT   SG_PX(64)
#define RIGHT  SG_PX(970)
#define TOP    SG_PX(20)
#define BOTTOM SG_PX(220)

static void r_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%+.1f", (double)value / 1000);
}

static void lag_label(char *text, size_t capacity, int64_t value, void *ctx)
{
    (void)ctx;
    snprintf(text, capacity, "%d", (int)value);
}

static void draw_r(struct sg_buf *out, const struct sg_plot_scale *x, const struct sg_plot_scale *y,
                   const struct sg_association *a, unsigned lag)
{
    const sg_px at = sg_plot_at(x, lag), zero = sg_plot_at(y, 0);
    const sg_px end = sg_plot_at(y, (int64_t)(1000 * a->r[lag]));
    char title[64];
    snprintf(title, sizeof(title), "lag %u months: r %+.3f", lag, a->r[lag]);
    sg_svg_rect(out,
                (struct sg_svg_box){at - SG_PX(9), end < zero ? end : zero, SG_PX(18),
                                    end < zero ? zero - end : end - zero},
                lag == a->best_lag ? "s-low" : "s-band", title);
}

static void draw_weakest(struct sg_buf *out, const struct sg_plot_scale *x,
                         const struct sg_plot_scale *y, const struct sg_findings *found)
{
    const struct sg_association *a = &found->association;
    const struct sg_deletion *weakest = &a->deletions[a->weakest];
    const struct sg_svg_point at = {sg_plot_at(x, a->best_lag),
                                    sg_plot_at(y, (int64_t)(1000 * weakest->r))};
    char text[120];
    snprintf(text, sizeof(text), "%+.3f without %s", weakest->r,
             weakest->kind == SG_DELETED_THEFT   ? found->thefts[weakest->index].id
             : weakest->kind == SG_DELETED_MONTH ? "one month"
                                                 : "one year");
    sg_svg_circle(out, at, SG_PX(5), "s-high", text);
    sg_svg_text(out, (struct sg_svg_point){at.x + SG_PX(14), at.y + SG_PX(14)}, SG_SVG_START,
                "s-halo", text);
}

static void draw(struct sg_buf *out, const struct sg_findings *found)
{
    const struct sg_association *a = &found->association;
    const struct sg_plot_scale x = {-1, SG_LAG_COUNT, LEFT, RIGHT}, y = {-600, 600, BOTTOM, TOP};
    int64_t lags[SG_LAG_COUNT];
    static const int64_t ticks[] = {-600, -300, 0, 300, 600};
    for (int64_t lag = 0; lag < SG_LAG_COUNT; lag++)
        lags[lag] = lag;
    sg_svg_begin(out, "lags", WIDTH, HEIGHT, "Correlation by lag",
                 "The correlation of monthly launches with thefts so many months before. The "
                 "highest bar falls below zero when one thing is taken away.");
    sg_plot_axis_y(out, &y, LEFT, RIGHT, ticks, 5, r_label, NULL);
    sg_plot_axis_x(out, &x, BOTTOM, BOTTOM, lags, SG_LAG_COUNT, lag_label, NULL);
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
        draw_r(out, &x, &y, a, lag);
    draw_weakest(out, &x, &y, found);
    sg_svg_text(out, (struct sg_svg_point){(LEFT + RIGHT) / 2, BOTTOM + SG_PX(40)}, SG_SVG_MIDDLE,
                "s-dim", "months between theft and launch");
    sg_svg_end(out);
}

static void power_table(struct sg_buf *out, const struct sg_findings *found)
{
    sg_buf_puts(
        out, "<table><caption>How often these tests would find an effect that is there, in "
             "simulated launches as few and as clustered as the real ones. The first row is how "
             "often they find one that is not.</caption><thead><tr><th>launch rate multiplied "
             "by, per standard deviation of thefts</th><th class=\"n\">one lag, known "
             "before</th><th class=\"n\">any lag</th><th class=\"n\">whole rule</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < SG_POWER_COUNT; i++)
        sg_buf_printf(out,
                      "<tr><td>%.2f%s</td><td class=\"n\">%.0f %%</td><td class=\"n\">%.0f "
                      "%%</td><td class=\"n\">%.0f %%</td></tr>\n",
                      sg_power_ratios[i], i == 0 ? " (no effect)" : "",
                      100 * found->power[i].known_lag, 100 * found->power[i].any_lag,
                      100 * found->power[i].full_rule);
    sg_buf_puts(out, "</tbody></table>\n");
}

static void annual_table(struct sg_buf *out, const struct sg_findings *found)
{
    if (found->n_annual == 0)
        return;
    sg_buf_printf(out,
                  "<h3>Year by year, %d to %d</h3><table><thead><tr><th>thefts by</th><th "
                  "class=\"n\">r</th><th class=\"n\">p, all orders</th><th class=\"n\">r without "
                  "%d</th></tr></thead><tbody>\n",
                  found->gross.from, found->gross.to, found->gross.to);
    for (size_t i = 0; i < found->n_annual; i++) {
        const struct sg_annual_finding *a = &found->annual[i];
        char label[PROGRAMME_LABEL_MAX];
        sg_buf_puts(out, "<tr><td>");
        sg_page_text(out, programme_label(label, a->source, a->vintage));
        sg_buf_printf(out,
                      "</td><td class=\"n\">%+.2f</td><td class=\"n\">%.2f</td><td "
                      "class=\"n\">%+.2f</td></tr>\n",
                      a->annual.r, a->annual.p, a->annual.without[a->n_years - 1]);
    }
    sg_buf_puts(out, "</tbody></table>\n");
}

void programme_association(struct sg_buf *out, const struct sg_programme_view *view)
{
    const struct sg_findings *found = view->findings;
    const struct sg_association *a = &found->association;
    const struct sg_claim *claim = sg_claim_find(found, "association");
    sg_page_section(out, "association", "Do launches go with thefts?");
    sg_buf_puts(out, "<p>");
    sg_page_text(out, claim->sentence);
    sg_buf_puts(out, "</p>\n");
    if (found->has_association) {
        sg_buf_puts(out, "<figure><div class=\"wide\">\n");
        draw(out, found);
        sg_buf_printf(out,
                      "</div><figcaption>p for the largest of %d lags: %.2f by %zu permutations of "
                      "%d-month blocks, %.2f by all %zu circular shifts. %zu of %zu months have no "
                      "launch; the variance of a month is %.1f times its mean of %.2f."
                      "</figcaption></figure>\n",
                      SG_LAG_COUNT, a->p_block, a->n_permutations, SG_BLOCK_MONTHS, a->p_shift,
                      a->n_shifts, a->n_zero_months, a->n_shifts, a->dispersion, a->launches_mean);
        power_table(out, found);
    }
    annual_table(out, found);
    sg_buf_puts(out, "</section>\n");
}
