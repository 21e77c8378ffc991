#include "app/svg/svg.h"

#include <string.h>

/* A length with its tenth, if it has one: "12" or "12.3". */
static void put_px(struct sg_buf *out, sg_px v)
{
    const unsigned abs_v = v < 0 ? 0u - (unsigned)v : (unsigned)v;
    if (v < 0)
        sg_buf_putc(out, '-');
    if (abs_v % 10)
        sg_buf_printf(out, "%u.%u", abs_v / 10, abs_v % 10);
    else
        sg_buf_printf(out, "%u", abs_v / 10);
}

static void put_attr(struct sg_buf *out, const char *name, sg_px v)
{
    sg_buf_printf(out, " %s=\"", name);
    put_px(out, v);
    sg_buf_putc(out, '"');
}

static void put_point(struct sg_buf *out, struct sg_svg_point p)
{
    put_px(out, p.x);
    sg_buf_putc(out, ',');
    put_px(out, p.y);
}

static void put_class(struct sg_buf *out, const char *class_names)
{
    if (class_names)
        sg_buf_printf(out, " class=\"%s\"", class_names);
}

static void put_title(struct sg_buf *out, const char *title)
{
    sg_buf_puts(out, "<title>");
    sg_buf_html(out, title, strlen(title));
    sg_buf_puts(out, "</title>");
}

/* The end of a shape: its title, if any, becomes its only child. */
static void close_shape(struct sg_buf *out, const char *element, const char *class_names,
                        const char *title)
{
    put_class(out, class_names);
    if (!title) {
        sg_buf_puts(out, "/>\n");
        return;
    }
    sg_buf_putc(out, '>');
    put_title(out, title);
    sg_buf_printf(out, "</%s>\n", element);
}

void sg_svg_begin(struct sg_buf *out, const char *id, sg_px width, sg_px height, const char *title,
                  const char *description)
{
    sg_buf_printf(out, "<svg id=\"%s\" role=\"img\" aria-labelledby=\"%s-t %s-d\" viewBox=\"0 0 ",
                  id, id, id);
    put_px(out, width);
    sg_buf_putc(out, ' ');
    put_px(out, height);
    sg_buf_printf(out, "\" xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"%s-t\">", id);
    sg_buf_html(out, title, strlen(title));
    sg_buf_printf(out, "</title>\n<desc id=\"%s-d\">", id);
    sg_buf_html(out, description, strlen(description));
    sg_buf_puts(out, "</desc>\n");
}

void sg_svg_end(struct sg_buf *out)
{
    sg_buf_puts(out, "</svg>\n");
}

void sg_svg_group(struct sg_buf *out, const char *class_names, const char *title)
{
    sg_buf_puts(out, "<g");
    put_class(out, class_names);
    sg_buf_putc(out, '>');
    if (title)
        put_title(out, title);
    sg_buf_putc(out, '\n');
}

void sg_svg_group_end(struct sg_buf *out)
{
    sg_buf_puts(out, "</g>\n");
}

void sg_svg_rect(struct sg_buf *out, struct sg_svg_box box, const char *class_names,
                 const char *title)
{
    if (box.width <= 0 || box.height <= 0)
        return;
    sg_buf_puts(out, "<rect");
    put_attr(out, "x", box.x);
    put_attr(out, "y", box.y);
    put_attr(out, "width", box.width);
    put_attr(out, "height", box.height);
    close_shape(out, "rect", class_names, title);
}

void sg_svg_line(struct sg_buf *out, struct sg_svg_point from, struct sg_svg_point to,
                 const char *class_names)
{
    sg_buf_puts(out, "<line");
    put_attr(out, "x1", from.x);
    put_attr(out, "y1", from.y);
    put_attr(out, "x2", to.x);
    put_attr(out, "y2", to.y);
    close_shape(out, "line", class_names, NULL);
}

void sg_svg_circle(struct sg_buf *out, struct sg_svg_point centre, sg_px radius,
                   const char *class_names, const char *title)
{
    sg_buf_puts(out, "<circle");
    put_attr(out, "cx", centre.x);
    put_attr(out, "cy", centre.y);
    put_attr(out, "r", radius);
    close_shape(out, "circle", class_names, title);
}

static void put_points(struct sg_buf *out, const char *element, const struct sg_svg_point *points,
                       size_t n)
{
    sg_buf_printf(out, "<%s points=\"", element);
    for (size_t i = 0; i < n; i++) {
        if (i)
            sg_buf_putc(out, ' ');
        put_point(out, points[i]);
    }
    sg_buf_putc(out, '"');
}

void sg_svg_polyline(struct sg_buf *out, const struct sg_svg_point *points, size_t n,
                     const char *class_names)
{
    put_points(out, "polyline", points, n);
    close_shape(out, "polyline", class_names, NULL);
}

void sg_svg_polygon(struct sg_buf *out, const struct sg_svg_point *points, size_t n,
                    const char *class_names, const char *title)
{
    put_points(out, "polygon", points, n);
    close_shape(out, "polygon", class_names, title);
}

/* One edge of a ribbon: a cubic whose two control points stand level with its ends. */
static void put_curve(struct sg_buf *out, struct sg_svg_point from, struct sg_svg_point to)
{
    const sg_px middle = from.x + (to.x - from.x) / 2;
    sg_buf_putc(out, 'C');
    put_point(out, (struct sg_svg_point){middle, from.y});
    sg_buf_putc(out, ' ');
    put_point(out, (struct sg_svg_point){middle, to.y});
    sg_buf_putc(out, ' ');
    put_point(out, to);
}

void sg_svg_ribbon(struct sg_buf *out, struct sg_svg_box from, struct sg_svg_box to,
                   const char *class_names, const char *title)
{
    const struct sg_svg_point a = {from.x, from.y}, b = {to.x, to.y};
    const struct sg_svg_point c = {to.x, to.y + to.height}, d = {from.x, from.y + from.height};
    sg_buf_puts(out, "<path d=\"M");
    put_point(out, a);
    put_curve(out, a, b);
    sg_buf_putc(out, 'L');
    put_point(out, c);
    put_curve(out, c, d);
    sg_buf_puts(out, "Z\"");
    close_shape(out, "path", class_names, title);
}

void sg_svg_text(struct sg_buf *out, struct sg_svg_point at, enum sg_svg_anchor anchor,
                 const char *class_names, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    sg_buf_puts(out, "<text");
    put_attr(out, "x", at.x);
    put_attr(out, "y", at.y);
    if (anchor != SG_SVG_START)
        sg_buf_printf(out, " text-anchor=\"%s\"", anchors[anchor]);
    put_class(out, class_names);
    sg_buf_putc(out, '>');
    sg_buf_html(out, text, strlen(text));
    sg_buf_puts(out, "</text>\n");
}
