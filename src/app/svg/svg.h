/** A small writer of SVG into a text buffer: just what the reports draw.
 *
 *  Not a drawing library: no transforms, no state, no styles beyond class names. How a class looks
 * is said once, by sg_svg_css, for all pictures of a page. Every picture carries a title and a
 *  description, so that it can be read aloud, and a view box, so that it scales with the page. All
 *  coordinates are integers (tenths of a pixel): the same input gives the same bytes on
 *  every machine, and widths that stand for money can be shared out exactly.
 *
 *  Errors are sticky in the buffer: draw freely, ask sg_buf_check once. Text arguments may come
 * from outside; they are escaped here. Class names are static text of ours and are not. Source:
 * W3C, Scalable Vector Graphics 1.1 (Second Edition), sections 5.4, 8.3 and 9.
 */
#ifndef SG_APP_SVG_H
#define SG_APP_SVG_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/** A length or coordinate in tenths of a CSS pixel; pictures stay under 2^31 of them. */
typedef int32_t sg_px;

/** Whole pixels as sg_px. */
#define SG_PX(pixels) ((sg_px)((pixels)*10))

struct sg_svg_point {
    sg_px x, y;
};

struct sg_svg_box {
    sg_px x, y, width, height;
};

enum sg_svg_anchor { SG_SVG_START, SG_SVG_MIDDLE, SG_SVG_END };

/** Begin a picture.
 *
 *  In:  id             unique on the page, static; the title and description get ids from it.
 *       width, height  of the view box. The picture fills its column and keeps its proportions.
 *       title          what it is, a few words.
 *       description    what it shows, a sentence or two: the picture for who cannot see it.
 */
void sg_svg_begin(struct sg_buf *out, const char *id, sg_px width, sg_px height, const char *title,
                  const char *description);
void sg_svg_end(struct sg_buf *out);

/** A group; `title`, shown by browsers under the pointer, may be NULL. Close with sg_svg_group_end.
 */
void sg_svg_group(struct sg_buf *out, const char *class_names, const char *title);
void sg_svg_group_end(struct sg_buf *out);

/** A rectangle; title may be NULL. A width or height of 0 draws nothing. */
void sg_svg_rect(struct sg_buf *out, struct sg_svg_box box, const char *class_names,
                 const char *title);
void sg_svg_line(struct sg_buf *out, struct sg_svg_point from, struct sg_svg_point to,
                 const char *class_names);
void sg_svg_circle(struct sg_buf *out, struct sg_svg_point centre, sg_px radius,
                   const char *class_names, const char *title);

/** An open line through n points, or a closed and filled shape. */
void sg_svg_polyline(struct sg_buf *out, const struct sg_svg_point *points, size_t n,
                     const char *class_names);
void sg_svg_polygon(struct sg_buf *out, const struct sg_svg_point *points, size_t n,
                    const char *class_names, const char *title);

/** A band that leaves one vertical edge and arrives at another, thickness by thickness, in a cubic
 *  curve that is level at both ends: a flow.
 *  In: from, to   the edges: x, top y, and height; width is not read. */
void sg_svg_ribbon(struct sg_buf *out, struct sg_svg_box from, struct sg_svg_box to,
                   const char *class_names, const char *title);

/** Text on one line, its base line at `at`. Terminated, from outside or not. */
void sg_svg_text(struct sg_buf *out, struct sg_svg_point at, enum sg_svg_anchor anchor,
                 const char *class_names, const char *text);

/** About how wide text will be, for layout without a font: a little more than common sans-serif
 *  fonts need. In: size_px  font size in whole pixels. */
sg_px sg_svg_text_width(const char *text, unsigned size_px);

/** Copy text into `cut`, shortened with an ellipsis so that sg_svg_text_width of it is at most
 *  `width`; never splits a UTF-8 character. Returns `cut`. capacity: at least 4. */
char *sg_svg_text_fit(char *cut, size_t capacity, const char *text, unsigned size_px, sg_px width);

/** The patterns that fills refer to (hatching for what is held, dots for what is not seen), once a
 *  page before the first picture. */
void sg_svg_defs(struct sg_buf *out);

/** The style rules of all classes, once a page inside <style>. Classes:
 *
 *    s-text s-strong s-dim s-small   13 px; the same in bold; grey; 11 px and grey
 *    s-halo                          text readable on top of bands
 *    s-axis s-grid s-mark            axis, grid line, dashed line at a value
 *    s-theft s-path s-mixer s-exchange s-bridge s-service s-held s-unseen s-fee s-other
 *                                    fills by what becomes of money
 *    s-band s-band2 s-line s-dot     band between bounds, a second one, curve, dot (plots)
 *    s-low s-high                    the two sides of a bar around a value (tornado charts)
 *    s-flow                          with a fill class: see-through, for ribbons
 *
 *  The colours keep apart for colour-blind readers and by lightness or hatching in grey print.
 *  Source: M. Okabe, K. Ito, Color Universal Design, 2008, adapted. */
void sg_svg_css(struct sg_buf *out);

#endif
