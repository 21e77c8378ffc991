/* The flow picture: groups of addresses as boxes, money as bands. */
#include "app/report/report_internal.h"

#include "analysis/flow/flow.h"
#include "app/svg/svg.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define WIDTH       SG_PX(1000)
#define LABEL_ROOM  SG_PX(170) /* right of the last column */
#define HEIGHT      SG_PX(330) /* of all that was stolen */
#define TOP         SG_PX(6)
#define BOX_WIDTH   SG_PX(12)
#define LABEL_GAP   SG_PX(7)
#define LABEL_LINE  SG_PX(15)
#define BAND_MIN    6 /* thinner bands would vanish */
#define LABEL_BYTES 120

/* The lines beside a box, each cut to the room there is. */
struct label {
    char lines[4][LABEL_BYTES];
    size_t n_name; /* lines of the name */
    size_t n_lines;
    bool above; /* of the box, not beside it */
};

struct picture {
    const struct sg_report_asset *asset;
    const struct sg_report_result *result;
    struct sg_flow_node *nodes;
    struct sg_flow_edge *edges;
    uint32_t *layers;
    bool *is_sink;
    struct sg_amount *shown; /* per node: given, or what came in once circles are out */
    struct label *labels;    /* per node */
    struct sg_flow_layout layout;
};

static bool is_sink_kind(enum sg_report_kind kind)
{
    return kind != SG_REPORT_THEFT && kind != SG_REPORT_PATH;
}

static bool picture_alloc(struct picture *p, struct sg_arena *arena)
{
    const size_t n = p->result->n_nodes;
    p->nodes = sg_arena_alloc(arena, n + 1, sizeof(*p->nodes));
    p->edges = sg_arena_alloc(arena, p->result->n_edges + 1, sizeof(*p->edges));
    p->layers = sg_arena_alloc(arena, n + 1, sizeof(*p->layers));
    p->is_sink = sg_arena_alloc(arena, n + 1, sizeof(*p->is_sink));
    p->shown = sg_arena_alloc(arena, n + 1, sizeof(*p->shown));
    p->labels = sg_arena_alloc(arena, n + 1, sizeof(*p->labels));
    return p->labels && p->shown && p->nodes && p->edges && p->layers && p->is_sink;
}

/* Saturates, as drawing does. */
static void set_shown(struct picture *p)
{
    const struct sg_amount most = sg_amount_from(~(sg_u128)0);
    for (size_t v = 0; v < p->result->n_nodes; v++)
        p->shown[v] = p->result->nodes[v].amount;
    for (size_t i = 0; i < p->result->n_edges; i++) {
        struct sg_amount *sum = &p->shown[p->edges[i].to];
        if (p->result->nodes[p->edges[i].to].kind == SG_REPORT_PATH &&
            !sg_amount_add(sum, *sum, p->edges[i].amount))
            *sum = most;
    }
}

static uint32_t last_layer(const struct picture *p)
{
    uint32_t last = 0;
    for (size_t v = 0; v < p->result->n_nodes; v++)
        last = p->layers[v] > last ? p->layers[v] : last;
    return last;
}

/* Room for a label: up to the next column, or to the edge of the picture. */
static sg_px label_room(const struct picture *p, size_t node)
{
    const uint32_t last = last_layer(p);
    if (p->layers[node] == last)
        return LABEL_ROOM - LABEL_GAP;
    return (WIDTH - LABEL_ROOM - BOX_WIDTH) / (sg_px)last - BOX_WIDTH - 2 * LABEL_GAP;
}

/* Bytes of the longest run of whole words that fits; 0 if not even one does. */
static size_t words_that_fit(const char *text, sg_px room)
{
    char part[LABEL_BYTES];
    size_t best = 0;
    for (size_t n = 1; text[n] && n < sizeof(part); n++) {
        if (text[n] != ' ')
            continue;
        memcpy(part, text, n);
        part[n] = 0;
        if (sg_svg_text_width(part, 13) <= room)
            best = n;
    }
    return best;
}

static void add_line(struct label *label, const char *text, sg_px room)
{
    sg_svg_text_fit(label->lines[label->n_lines++], LABEL_BYTES, text, 13, room);
}

/* The name, on two lines if it needs them and has a place to break, the amount, the number. */
static void make_label(struct label *label, const struct picture *p, size_t v)
{
    const struct sg_report_node *node = &p->result->nodes[v];
    const sg_px room = label_room(p, v);
    char amount[SG_PAGE_TEXT_MAX], line[2 * SG_PAGE_TEXT_MAX];
    size_t cut = 0;
    if (sg_svg_text_width(node->label, 13) > room)
        cut = words_that_fit(node->label, room);
    if (cut) {
        snprintf(line, sizeof(line), "%.*s", (int)cut, node->label);
        add_line(label, line, room);
    }
    add_line(label, node->label + cut + (cut > 0), room);
    label->n_name = label->n_lines;
    snprintf(line, sizeof(line), "%s %s",
             sg_page_amount(amount, p->shown[v], p->asset->decimals, SHOWN_TEXT), p->asset->symbol);
    add_line(label, line, room);
    if (node->n_addresses < 2)
        return;
    snprintf(line, sizeof(line), "%zu addresses", node->n_addresses);
    add_line(label, line, room);
}

/* Every group pays fees: a hair from each box to one point would say nothing. */
static struct sg_flow_edge drawn_edge(const struct sg_report_result *r, size_t i)
{
    const struct sg_report_edge *e = &r->edges[i];
    const bool is_fee = r->nodes[e->to].kind == SG_REPORT_FEE;
    return (struct sg_flow_edge){e->from, e->to, is_fee ? SG_AMOUNT_ZERO : e->amount};
}

/* A label stands beside its box in the last column and where the box is high enough to hold it
 * between its bands, else above it, clear of what leaves. */
static void set_node(struct picture *p, size_t v)
{
    const sg_px lines = (sg_px)p->labels[v].n_lines * LABEL_LINE;
    const sg_px height = (sg_px)sg_amount_scale(HEIGHT, p->shown[v], report_whole(p->result));
    p->labels[v].above = p->layers[v] != last_layer(p) && height < lines;
    p->nodes[v] =
        (struct sg_flow_node){p->layers[v], {0}, lines, p->labels[v].above ? lines + LABEL_GAP : 0};
}

static enum sg_status lay_out(struct picture *p, struct sg_arena *arena, struct sg_err *err)
{
    const struct sg_report_result *r = p->result;
    struct sg_flow_page page = {WIDTH - LABEL_ROOM, BOX_WIDTH, SG_PX(10),
                                SG_PX(3),           r->stolen, HEIGHT};
    if (!picture_alloc(p, arena))
        return sg_err_nomem(err);
    page.whole = report_whole(r);
    for (size_t i = 0; i < r->n_edges; i++)
        p->edges[i] = drawn_edge(r, i);
    for (size_t v = 0; v < r->n_nodes; v++)
        p->is_sink[v] = is_sink_kind(r->nodes[v].kind);
    const enum sg_status st = sg_flow_cancel_cycles(p->edges, r->n_edges, r->n_nodes, err);
    if (st != SG_OK)
        return st;
    set_shown(p);
    sg_flow_layers(p->layers, p->edges, r->n_edges, p->is_sink, r->n_nodes);
    for (size_t v = 0; v < r->n_nodes; v++) {
        make_label(&p->labels[v], p, v);
        set_node(p, v);
    }
    return sg_flow_layout(&p->layout, arena, p->nodes, r->n_nodes, p->edges, r->n_edges, &page,
                          err);
}

static void band_title(char title[4 * LABEL_BYTES], const struct picture *p, uint32_t edge)
{
    char amount[SG_PAGE_TEXT_MAX];
    const struct sg_flow_edge *e = &p->edges[edge];
    snprintf(title, (size_t)4 * LABEL_BYTES, "%.*s to %.*s: %s %s", LABEL_BYTES,
             p->result->nodes[e->from].label, LABEL_BYTES, p->result->nodes[e->to].label,
             sg_page_amount(amount, e->amount, p->asset->decimals, SHOWN_TABLE), p->asset->symbol);
}

static sg_px at_least(sg_px height)
{
    return height < BAND_MIN ? BAND_MIN : height;
}

/* A band has the look of where it leads: a reader follows a destination back. */
static void draw_band(struct sg_buf *out, const struct picture *p, const struct sg_flow_band *band)
{
    char title[4 * LABEL_BYTES], classes[32];
    const struct sg_flow_edge *e = &p->edges[band->edge];
    snprintf(classes, sizeof(classes), "s-flow %s", report_class(p->result->nodes[e->to].kind));
    band_title(title, p, band->edge);
    sg_svg_ribbon(out, (struct sg_svg_box){band->x0, band->y0 + TOP, 0, at_least(band->height0)},
                  (struct sg_svg_box){band->x1, band->y1 + TOP, 0, at_least(band->height1)},
                  classes, title);
}

static void draw_label(struct sg_buf *out, const struct picture *p, size_t v)
{
    const struct label *label = &p->labels[v];
    const struct sg_flow_box *box = &p->layout.boxes[v];
    const sg_px lines = (sg_px)label->n_lines * LABEL_LINE;
    const sg_px middle = box->y + box->height / 2 + TOP;
    struct sg_svg_point at = {box->x + BOX_WIDTH + LABEL_GAP, middle - lines / 2 + SG_PX(12)};
    if (label->above)
        at = (struct sg_svg_point){box->x, box->y + TOP - lines - LABEL_GAP + SG_PX(14)};
    for (size_t i = 0; i < label->n_lines; i++) {
        const char *classes = i < label->n_name    ? "s-strong s-halo"
                              : i == label->n_name ? "s-halo"
                                                   : "s-small s-halo";
        sg_svg_text(out, at, SG_SVG_START, classes, label->lines[i]);
        at.y += LABEL_LINE;
    }
}

static void draw_box(struct sg_buf *out, const struct picture *p, size_t v)
{
    const struct sg_report_node *node = &p->result->nodes[v];
    const struct sg_flow_box *box = &p->layout.boxes[v];
    char amount[SG_PAGE_TEXT_MAX], title[3 * LABEL_BYTES];
    snprintf(title, sizeof(title), "%.*s: %s %s", LABEL_BYTES, node->label,
             sg_page_amount(amount, p->shown[v], p->asset->decimals, SHOWN_TABLE),
             p->asset->symbol);
    sg_svg_rect(out, (struct sg_svg_box){box->x, box->y + TOP, BOX_WIDTH, box->height},
                report_class(node->kind), title);
}

/* The largest destinations in words, for who cannot see the picture. */
static void describe(char *text, size_t capacity, const struct picture *p)
{
    char amount[SG_PAGE_TEXT_MAX];
    size_t n = (size_t)snprintf(
        text, capacity,
        "Money flows from left to right, from the theft through groups of addresses");
    for (size_t i = 0; i < p->result->n_destinations && i < 4 && n < capacity; i++) {
        const struct sg_report_destination *d = &p->result->destinations[i];
        n += (size_t)snprintf(text + n, capacity - n, "%s %s %s to %.*s", i ? "," : ":",
                              sg_page_amount(amount, d->amount, p->asset->decimals, SHOWN_TEXT),
                              p->asset->symbol, LABEL_BYTES, d->entity);
    }
}

static void draw(struct sg_buf *out, const struct picture *p, unsigned number)
{
    char id[32], text[1024];
    snprintf(id, sizeof(id), "flow%u", number);
    describe(text, sizeof(text), p);
    sg_buf_puts(out, "<figure>\n<div class=\"wide\">\n");
    sg_svg_begin(out, id, WIDTH, p->layout.height + 2 * TOP, "Flow of the stolen money", text);
    for (size_t i = 0; i < p->layout.n_bands; i++)
        draw_band(out, p, &p->layout.bands[i]);
    for (size_t v = 0; v < p->result->n_nodes; v++)
        draw_box(out, p, v);
    for (size_t v = 0; v < p->result->n_nodes; v++)
        draw_label(out, p, v);
    sg_svg_end(out);
    sg_buf_puts(out, "</div>\n<figcaption>");
    sg_page_text(out, p->asset->symbol);
    sg_buf_puts(out, ", policy ");
    sg_page_text(out, p->result->policy);
    sg_buf_puts(out, ". Heights are amounts. Addresses are grouped by role and by their distance "
                     "from the theft; a destination is one box, whatever the number of its "
                     "addresses. Money that went to and fro between groups is drawn as what was "
                     "left of it. Fees were paid at every step and are not "
                     "connected.</figcaption>\n</figure>\n");
}

enum sg_status report_flow(struct sg_buf *out, const struct sg_report_asset *asset, unsigned number,
                           struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct picture p = {.asset = asset, .result = main_result(asset)};
    enum sg_status st = SG_OK;
    if (p.result->n_nodes == 0 || sg_amount_is_zero(report_whole(p.result))) {
        sg_buf_puts(out, "<p>Nothing moved.</p>\n");
        goto out;
    }
    st = lay_out(&p, &arena, err);
    if (st == SG_OK)
        draw(out, &p, number);
out:
    sg_arena_clear(&arena);
    return st;
}
