/** Axes of plots: scales, ticks at round values, and their drawing. With app/svg all that the
 * charts of the reports share.
 *
 *  Values are 64-bit integers in whatever unit the caller likes (US cents, thousandths of a share,
 *  Unix seconds); the text of a tick is the caller's business. Nothing here is exact money: a plot
 *  shows, a table tells.
 */
#ifndef SG_APP_PLOT_H
#define SG_APP_PLOT_H

#include "app/svg/svg.h"

#include <stddef.h>
#include <stdint.h>

/** Values lo..hi lie at from..to. to < from turns the axis round (y grows downwards on screens).
 *  lo < hi. */
struct sg_plot_scale {
    int64_t lo, hi;
    sg_px from, to;
};

/** Position of a value, rounded down; values outside lo..hi are drawn at the nearer end. */
sg_px sg_plot_at(const struct sg_plot_scale *scale, int64_t value);

#define SG_PLOT_TICKS_MAX 16

/** Round values (1, 2 or 5 times a power of ten) within lo..hi, ascending.
 *  Out:  ticks   at most SG_PLOT_TICKS_MAX; returns how many.
 *  In:   wanted  about how many are wished, 2 to 10. */
size_t sg_plot_ticks(int64_t ticks[SG_PLOT_TICKS_MAX], int64_t lo, int64_t hi, unsigned wanted);

/** The smallest round value (1, 2 or 5 times a power of ten) that is not below `value`; for the end
 *  of an axis. At least 1. */
int64_t sg_plot_round_up(int64_t value);

/** Months, and if they are too many quarters or years, within lo..hi (Unix seconds, UTC).
 *  Out:  ticks   first seconds of the periods; returns how many. */
size_t sg_plot_month_ticks(int64_t ticks[SG_PLOT_TICKS_MAX], int64_t lo, int64_t hi);

/** Write the text of a tick, terminated. */
typedef void (*sg_plot_label_fn)(char *text, size_t capacity, int64_t value, void *ctx);

/** A horizontal axis at y, with ticks below it and grid lines up to grid_top. */
void sg_plot_axis_x(struct sg_buf *out, const struct sg_plot_scale *scale, sg_px y, sg_px grid_top,
                    const int64_t *ticks, size_t n_ticks, sg_plot_label_fn label, void *ctx);

/** A vertical axis at x, with ticks left of it and grid lines to grid_right. */
void sg_plot_axis_y(struct sg_buf *out, const struct sg_plot_scale *scale, sg_px x,
                    sg_px grid_right, const int64_t *ticks, size_t n_ticks, sg_plot_label_fn label,
                    void *ctx);

#endif
