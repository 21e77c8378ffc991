/* The linkage as a page: what was compared and left out, and the clusters that hold least, each
 * with the pair it hangs on as a waterfall of bits. */
#include "app/linking/linking_internal.h"
#include "app/page/page.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* Floating point here: bits and pixels; there is no money. */

#define PAGE_MAX     (64 * LINKING_PIECE)
#define CLUSTERS_MAX 40
#define MEMBERS_MAX  30
#define CELL_MAX     160

static const char style[] = "<style>.cell{min-width:9em;overflow-wrap:anywhere}</style>\n";

/* Of a waterfall: so wide is either side of even odds. */
#define SIDE_PX 280.0
#define LEFT_PX 170.0
#define ROW_PX  20.0

static void put_id(struct sg_buf *out, const struct sg_linking *l, size_t row)
{
    char space[LINKING_ID_MAX];
    const struct sg_text id = sg_linking_id(l, row, space);
    sg_buf_html(out, id.data, id.size);
}

/* One while it is drawn: its scale, and the row that is next. */
struct waterfall {
    struct sg_buf *out;
    double px_a_bit;
    size_t row;
};

static double place(const struct waterfall *w, double bits)
{
    return LEFT_PX + SIDE_PX + bits * w->px_a_bit;
}

/* A bar from one running sum to the next. */
static void put_bar(struct waterfall *w, const char *name, const char *says, double from, double to)
{
    const double a = place(w, from < to ? from : to), b = place(w, from < to ? to : from);
    const double y = (double)w->row++ * ROW_PX;
    sg_buf_printf(w->out, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", LEFT_PX - 8, y + 14);
    sg_page_text(w->out, name);
    sg_buf_printf(w->out,
                  "</text><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                  "fill=\"%s\"><title>",
                  a, y + 3, b - a < 1 ? 1 : b - a, ROW_PX - 6, to < from ? "#b5533c" : "#3c7a5a");
    sg_page_text(w->out, says);
    sg_buf_printf(w->out,
                  "</title></rect><text x=\"%.1f\" y=\"%.1f\" class=\"small\">%+.1f %s</text>\n",
                  LEFT_PX + 2 * SIDE_PX + 8, y + 14, to - from, says);
}

/* The largest running sum on the way, and how many fields say something. */
static double extent(size_t *n_said, const struct sg_linking *l, size_t pair)
{
    const size_t n = l->model.n_fields;
    double sum = (double)l->result.prior_mib / 1024, most = fabs(sum);
    *n_said = 0;
    for (size_t f = 0; f < n; f++) {
        sum += (double)l->result.evidence[pair * n + f] / 1024;
        most = fabs(sum) > most ? fabs(sum) : most;
        *n_said += l->result.levels[pair * n + f] != SG_LINK_MISSING;
    }
    return most > 1 ? most : 1;
}

static void put_waterfall(struct sg_buf *out, const struct sg_linking *l, size_t pair)
{
    const size_t n = l->model.n_fields;
    double sum = (double)l->result.prior_mib / 1024;
    size_t n_said;
    struct waterfall w = {out, SIDE_PX / extent(&n_said, l, pair), 0};
    const double height = (double)(n_said + 2) * ROW_PX;
    sg_buf_printf(out,
                  "<svg viewBox=\"0 0 1060 %.0f\" width=\"100%%\" role=\"img\" "
                  "font-size=\"12\" aria-label=\"evidence by field, in bits\">\n"
                  "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%.0f\" stroke=\"#999\"/>\n",
                  height, place(&w, 0), place(&w, 0), height);
    put_bar(&w, "prior", "how rare a pair of one person is", 0, sum);
    for (size_t f = 0; f < n; f++) {
        const uint8_t level = l->result.levels[pair * n + f];
        const double to = sum + (double)l->result.evidence[pair * n + f] / 1024;
        if (level == SG_LINK_MISSING)
            continue;
        put_bar(&w, sg_linking_field_name(l, f), sg_link_level_name(l->model.fields[f].kind, level),
                sum, to);
        sum = to;
    }
    put_bar(&w, "sum", "all evidence", 0, sum);
    sg_buf_puts(out, "</svg>\n");
}

/* A cell of a record; of long texts the beginning. */
static void put_cell(struct sg_buf *out, const struct sg_linking *l, size_t field, size_t row)
{
    const struct sg_text cell = sg_roster_cell(&l->roster, l->model.fields[field].column, row);
    size_t n = cell.size < CELL_MAX ? cell.size : CELL_MAX;
    while (n && n < cell.size && (cell.data[n] & 0xc0) == 0x80)
        n--; /* not within a character */
    sg_buf_puts(out, "<td class=\"cell\">");
    if (cell.data)
        sg_buf_html(out, cell.data, n);
    sg_buf_puts(out, n < cell.size ? " ...</td>" : "</td>");
}

/* A column a record, so that what agrees stands side by side. */
static void put_members(struct sg_buf *out, const struct sg_linking *l,
                        const struct sg_link_group *g)
{
    const size_t n = g->count < MEMBERS_MAX ? g->count : MEMBERS_MAX;
    const uint32_t *rows = l->result.members + g->begin;
    sg_buf_puts(out, "<div class=\"wide\"><table class=\"list\"><tr><th>record</th>");
    for (size_t i = 0; i < n; i++) {
        sg_buf_puts(out, "<th>");
        put_id(out, l, rows[i]);
        sg_buf_puts(out, "</th>");
    }
    sg_buf_puts(out, "</tr>\n");
    for (size_t f = 0; f < l->model.n_fields; f++) {
        sg_buf_puts(out, "<tr><td><b>");
        sg_page_text(out, sg_linking_field_name(l, f));
        sg_buf_puts(out, "</b></td>");
        for (size_t i = 0; i < n; i++)
            put_cell(out, l, f, rows[i]);
        sg_buf_puts(out, "</tr>\n");
    }
    sg_buf_puts(out, "</table></div>\n");
    if (g->count > MEMBERS_MAX)
        sg_buf_printf(out, "<p>and %zu more</p>\n", g->count - MEMBERS_MAX);
}

static void put_cluster(struct sg_buf *out, const struct sg_linking *l,
                        const struct sg_link_group *g)
{
    const size_t pair = sg_link_find_pair(&l->result, g->weak_a, g->weak_b);
    sg_buf_printf(out, "<h3>Cluster %" PRIu32 ": %zu records, held by %.1f bits</h3>\n",
                  l->result.group_of[l->result.members[g->begin]] + 1, g->count,
                  (double)g->cohesion_mib / 1024);
    put_members(out, l, g);
    sg_buf_puts(out, "<p>It hangs on the pair <b>");
    put_id(out, l, g->weak_a);
    sg_buf_puts(out, "</b> and <b>");
    put_id(out, l, g->weak_b);
    sg_buf_printf(out,
                  "</b>, the strongest across its weakest place; without it %" PRIu32
                  " of the records would part from the rest.</p>\n",
                  g->n_split);
    if (pair != SIZE_MAX)
        put_waterfall(out, l, pair);
}

static void put_fields(struct sg_buf *out, const struct sg_linking *l)
{
    sg_page_section(out, "fields", "What was compared");
    sg_buf_puts(out, "<table class=\"list\"><tr><th>column</th><th>kind</th><th>equal if one person"
                     "</th><th>equal if two</th><th>bits for</th><th>bits against</th></tr>\n");
    for (size_t f = 0; f < l->model.n_fields; f++) {
        const struct sg_link_field *field = &l->model.fields[f];
        const size_t top = sg_link_n_levels(field->kind) - 1;
        sg_buf_puts(out, "<tr><td>");
        sg_page_text(out, sg_linking_field_name(l, f));
        sg_buf_printf(out,
                      "</td><td>%s</td><td>%.1f %%</td><td>%.4f %%</td><td>%.1f</td>"
                      "<td>%.1f%s</td></tr>\n",
                      sg_link_kind_name(field->kind), 100 * field->m[top], 100 * field->u[top],
                      log2(field->m[top] / field->u[top]), log2(field->m[0] / field->u[0]),
                      l->result.doubtful[f] ? " (hardly tells)" : "");
    }
    sg_buf_puts(out,
                "</table>\n<p class=\"small\">Bits for and against: what a field says of a pair "
                "where its usual values are equal, and where they differ. Rare values say "
                "more, and what follows from another field says less.</p>\n<ul>\n");
    for (size_t i = 0; i < l->roster.n_columns; i++) {
        const char *reason = sg_linking_ignored(l->model.ignored[i]);
        if (!reason)
            continue;
        sg_buf_puts(out, "<li>");
        sg_page_text(out, l->roster.columns[i].name.data);
        sg_buf_printf(out, " was ignored: it %s</li>\n", reason);
    }
    sg_buf_puts(out, "</ul>\n</section>\n");
}

static int by_cohesion(const void *a, const void *b)
{
    const struct sg_link_group *x = *(const struct sg_link_group *const *)a,
                               *y = *(const struct sg_link_group *const *)b;
    if (x->cohesion_mib != y->cohesion_mib)
        return x->cohesion_mib < y->cohesion_mib ? -1 : 1;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static enum sg_status put_clusters(struct sg_buf *out, const struct sg_linking *l,
                                   struct sg_err *err)
{
    const struct sg_link_group **order = sg_mem_alloc(l->result.n_groups + 1, sizeof(*order));
    if (!order)
        return sg_err_nomem(err);
    for (size_t i = 0; i < l->result.n_groups; i++)
        order[i] = &l->result.groups[i];
    qsort(order, l->result.n_groups, sizeof(*order), by_cohesion);
    sg_page_section(out, "clusters", "The clusters that hold least");
    for (size_t i = 0; i < l->result.n_groups && i < CLUSTERS_MAX; i++)
        put_cluster(out, l, order[i]);
    sg_buf_puts(out, "</section>\n");
    sg_mem_free(order);
    return SG_OK;
}

enum sg_status sg_linking_write_report(const struct sg_linking *l, const char *path,
                                       struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(PAGE_MAX);
    sg_page_begin(&out, "Records of one person");
    sg_buf_puts(&out, style);
    sg_buf_puts(&out, "<h1>Records of one person</h1>\n");
    sg_buf_printf(&out,
                  "<p>%zu records; %zu pairs were compared; %zu records are in %zu clusters of two "
                  "or more. Evidence is in bits: one bit doubles the odds that two records are one "
                  "person. A cluster is a question for a reviewer, not a finding about anybody: "
                  "families, shared homes and model texts look alike too. Nobody is to be refused "
                  "by it.</p>\n",
                  l->roster.n_rows, (size_t)l->result.n_compared, l->result.n_members,
                  l->result.n_groups);
    put_fields(&out, l);
    enum sg_status st = put_clusters(&out, l, err);
    sg_page_end(&out);
    if (st == SG_OK)
        st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}
