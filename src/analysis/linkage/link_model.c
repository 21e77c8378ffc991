/* Model files: what sg_link_infer found out, for people to correct. docs/formats/linkmodel.md. */
#include "analysis/linkage/link_model.h"

#include "base/arena.h"
#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <math.h>
#include <stdlib.h>

/* Floating point here: m, u and bits; there is no money. */

#define VERSION "1"

static void put_shares(struct sg_buf *out, const char *name, const double *shares, size_t n)
{
    sg_buf_printf(out, "    %s: [", name);
    for (size_t i = 0; i < n; i++)
        sg_buf_printf(out, "%s%.9g", i ? ", " : "", shares[i]);
    sg_buf_puts(out, "]\n");
}

static void put_column(struct sg_buf *out, const struct sg_link_model *model,
                       const struct sg_roster *roster, size_t field)
{
    const struct sg_text name = roster->columns[model->fields[field].column].name;
    sg_buf_json(out, name.data, name.size);
}

static void put_field(struct sg_buf *out, const struct sg_link_model *model,
                      const struct sg_roster *roster, size_t f)
{
    const struct sg_link_field *field = &model->fields[f];
    const size_t n = sg_link_n_levels(field->kind);
    sg_buf_puts(out, "  - column: ");
    put_column(out, model, roster, f);
    sg_buf_printf(out, "\n    kind: %s\n    # levels:", sg_link_kind_name(field->kind));
    for (size_t i = 0; i < n; i++)
        sg_buf_printf(out, "%s %s", i ? ";" : "", sg_link_level_name(field->kind, i));
    sg_buf_puts(out, "\n");
    put_shares(out, "m", field->m, n);
    put_shares(out, "u", field->u, n);
    if (field->swap != SIZE_MAX) {
        sg_buf_puts(out, "    swap: ");
        put_column(out, model, roster, field->swap);
        sg_buf_putc(out, '\n');
    }
    for (size_t i = 0; i < field->n_parts; i++) {
        sg_buf_puts(out, i ? ", " : "    parts: [");
        put_column(out, model, roster, field->parts[i]);
    }
    if (field->n_parts)
        sg_buf_puts(out, "]\n");
}

void sg_link_model_write(struct sg_buf *out, const struct sg_link_model *model,
                         const struct sg_roster *roster)
{
    sg_buf_printf(out,
                  "# A model of sillage workers link: docs/formats/linkmodel.md. Fields without m "
                  "and u are estimated.\nversion: " VERSION "\nthreshold: %.9g # bits\nfields:\n",
                  model->threshold);
    for (size_t f = 0; f < model->n_fields; f++)
        put_field(out, model, roster, f);
}

/* ---- reading ---- */

struct reading {
    struct sg_link_model *model;
    const struct sg_roster *roster;
};

static enum sg_status bad(const struct sg_yaml_node *node, const char *what, struct sg_err *err)
{
    return sg_err_line(err, node->line, node->column, "%s", what);
}

static enum sg_status take_number(double *number, const struct sg_yaml_node *node, double low,
                                  double high, struct sg_err *err)
{
    char *end = NULL;
    const bool scalar = node->kind == SG_YAML_SCALAR && node->count > 0;
    *number = scalar ? strtod(node->text, &end) : 0;
    if (!scalar || *end || !(*number >= low && *number <= high))
        return sg_err_line(err, node->line, node->column, "expected a number from %g to %g", low,
                           high);
    return SG_OK;
}

static enum sg_status take_column(size_t *column, const struct reading *r,
                                  const struct sg_yaml_node *node, struct sg_err *err)
{
    if (node->kind != SG_YAML_SCALAR)
        return bad(node, "expected the name of a column", err);
    *column = sg_roster_column(r->roster, node->text);
    return *column == SIZE_MAX ? bad(node, "the table has no such column", err) : SG_OK;
}

/* The field of a column that a field above has named. */
static enum sg_status take_other(size_t *field, const struct reading *r,
                                 const struct sg_yaml_node *node, struct sg_err *err)
{
    size_t column;
    const enum sg_status st = take_column(&column, r, node, err);
    for (*field = 0; st == SG_OK && *field < r->model->n_fields; ++*field)
        if (r->model->fields[*field].column == column)
            return SG_OK;
    return st == SG_OK ? bad(node, "no field of this model has that column", err) : st;
}

/* Shares of all levels, which must sum to one. */
static enum sg_status take_shares(double *shares, const struct sg_yaml_node *node, size_t n,
                                  struct sg_err *err)
{
    double sum = 0;
    if (node->kind != SG_YAML_SEQUENCE || node->count != n)
        return sg_err_line(err, node->line, node->column, "expected a list of %zu shares", n);
    for (size_t i = 0; i < n; i++) {
        const enum sg_status st = take_number(&shares[i], node->items[i], 1e-12, 1, err);
        if (st != SG_OK)
            return st;
        sum += shares[i];
    }
    return fabs(sum - 1) < 1e-3 ? SG_OK : bad(node, "the shares do not sum to 1", err);
}

static enum sg_status take_estimates(struct sg_link_field *field, const struct sg_yaml_node *node,
                                     struct sg_err *err)
{
    const struct sg_yaml_node *m = sg_yaml_find(node, "m"), *u = sg_yaml_find(node, "u");
    const size_t n = sg_link_n_levels(field->kind);
    if (!m && !u)
        return SG_OK;
    if (!m || !u)
        return bad(node, "m and u come together", err);
    field->fixed = true;
    const enum sg_status st = take_shares(field->m, m, n, err);
    return st == SG_OK ? take_shares(field->u, u, n, err) : st;
}

static enum sg_status take_field(struct reading *r, const struct sg_yaml_node *node,
                                 struct sg_err *err)
{
    static const char *const keys[] = {"column", "kind", "m", "u", "swap", "parts"};
    enum sg_status st = sg_yaml_check_keys(node, keys, SG_COUNT_OF(keys), err);
    if (st != SG_OK)
        return st;
    struct sg_link_field field = {.swap = SIZE_MAX, .implied = SIZE_MAX};
    const struct sg_yaml_node *column = sg_yaml_find(node, "column"),
                              *kind = sg_yaml_find(node, "kind");
    if (!column || !kind)
        return bad(node, "a field needs column and kind", err);
    if (r->model->n_fields == SG_LINK_FIELDS_MAX)
        return bad(node, "too many fields", err);
    st = take_column(&field.column, r, column, err);
    if (st != SG_OK)
        return st;
    if (sg_link_is_origin(r->roster->columns[field.column].name))
        return bad(column, "columns about origin, belief or looks are no evidence", err);
    if (kind->kind != SG_YAML_SCALAR ||
        !sg_link_kind_of(&field.kind, (struct sg_text){kind->text, kind->count}))
        return bad(kind, "no such kind; docs/formats/linkmodel.md lists them", err);
    for (size_t i = 0; i < r->model->n_fields; i++)
        if (r->model->fields[i].column == field.column)
            return bad(column, "the column has a field already", err);
    st = take_estimates(&field, node, err);
    r->model->fields[r->model->n_fields++] = field;
    return st;
}

/* What a field says of others, once all are known. */
static enum sg_status take_relations(struct reading *r, size_t f, const struct sg_yaml_node *node,
                                     struct sg_err *err)
{
    struct sg_link_field *field = &r->model->fields[f];
    const struct sg_yaml_node *swap = sg_yaml_find(node, "swap"),
                              *parts = sg_yaml_find(node, "parts");
    enum sg_status st = swap ? take_other(&field->swap, r, swap, err) : SG_OK;
    if (st == SG_OK && parts &&
        (parts->kind != SG_YAML_SEQUENCE || parts->count > SG_LINK_PARTS_MAX))
        return bad(parts, "expected a list of up to four columns", err);
    for (size_t i = 0; st == SG_OK && parts && i < parts->count; i++) {
        st = take_other(&field->parts[i], r, parts->items[i], err);
        if (st == SG_OK && r->model->fields[field->parts[i]].kind == SG_LINK_REST)
            st = bad(parts->items[i], "a part may not be of kind rest", err);
        field->n_parts += st == SG_OK;
    }
    return st;
}

static enum sg_status take_model(struct reading *r, const struct sg_yaml_node *root,
                                 struct sg_err *err)
{
    static const char *const keys[] = {"version", "threshold", "fields"};
    enum sg_status st = sg_yaml_check_keys(root, keys, SG_COUNT_OF(keys), err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *version = sg_yaml_find(root, "version"),
                              *threshold = sg_yaml_find(root, "threshold"),
                              *fields = sg_yaml_find(root, "fields");
    if (!version || !sg_yaml_is_text(version, VERSION))
        return bad(version ? version : root, "expected version: " VERSION, err);
    if (!fields || fields->kind != SG_YAML_SEQUENCE || fields->count == 0)
        return bad(fields ? fields : root, "expected a list of fields", err);
    r->model->threshold = SG_LINK_THRESHOLD;
    if (threshold)
        st = take_number(&r->model->threshold, threshold, -30, 30, err);
    for (size_t i = 0; st == SG_OK && i < fields->count; i++)
        st = take_field(r, fields->items[i], err);
    for (size_t i = 0; st == SG_OK && i < fields->count; i++)
        st = take_relations(r, i, fields->items[i], err);
    return st;
}

enum sg_status sg_link_model_parse(struct sg_link_model *model, const struct sg_roster *roster,
                                   const char *text, size_t size, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_yaml_node *root;
    struct reading r = {model, roster};
    *model = (struct sg_link_model){0};
    enum sg_status st = sg_yaml_parse(&root, &arena, text, size, err);
    if (st == SG_OK)
        st = take_model(&r, root, err);
    sg_arena_clear(&arena);
    return st;
}
