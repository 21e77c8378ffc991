#include "formats/table/table.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "formats/csv/csv.h"

#include <string.h>

struct table {
    struct sg_arena *arena;
    const struct sg_table_key *keys;
    size_t n_keys;
    sg_table_row row;
    void *ctx;
    const char *bytes;  /* of the whole file, to count lines */
    size_t line_offset; /* where counting got to */
    uint32_t line;
    bool has_header;
    size_t n_columns;
    size_t key_of[SG_TABLE_KEYS_MAX]; /* column -> index in keys */
};

/* 1-based line of an offset; records come in order, so each byte is looked at once. */
static uint32_t line_of(struct table *t, size_t offset)
{
    for (; t->line_offset < offset; t->line_offset++)
        t->line += t->bytes[t->line_offset] == '\n';
    return t->line;
}

static enum sg_status bad_cell(const struct sg_yaml_node *cell, const char *what, const char *name,
                               struct sg_err *err)
{
    return sg_err_line(err, cell->line, cell->column, "%s '%.64s'", what, name);
}

/* Fields as nodes, each at the column of its first character. */
static enum sg_status cells_of(struct sg_yaml_node **cells, struct table *t,
                               const struct sg_csv_record *record, struct sg_err *err)
{
    const uint32_t line = line_of(t, (size_t)record->offset);
    const struct sg_text raw = record->raw;
    struct sg_yaml_node *made = sg_arena_alloc(t->arena, record->n_fields, sizeof(*made));
    bool quoted = false;
    size_t at = 0, column = 1;
    if (!made)
        return sg_err_nomem(err);
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct sg_text field = record->fields[i];
        made[i] = (struct sg_yaml_node){.kind = SG_YAML_SCALAR,
                                        .line = line,
                                        .column = (uint32_t)column,
                                        .count = field.size,
                                        .text = sg_arena_strndup(t->arena, field.data, field.size),
                                        .weight = 1};
        if (!made[i].text)
            return sg_err_nomem(err);
        for (; at < raw.size && (quoted || raw.data[at] != ','); at++) {
            quoted ^= raw.data[at] == '"';
            column += ((unsigned char)raw.data[at] & 0xc0) != 0x80;
        }
        at++;
        column++;
    }
    *cells = made;
    return SG_OK;
}

static enum sg_status read_name(struct table *t, const struct sg_yaml_node *cells, size_t i,
                                struct sg_err *err)
{
    const char *names[SG_TABLE_KEYS_MAX] = {NULL};
    size_t k = 0;
    for (size_t j = 0; j < t->n_keys; j++)
        names[j] = t->keys[j].name;
    while (k < t->n_keys && !sg_yaml_is_text(&cells[i], names[k]))
        k++;
    if (k == t->n_keys) {
        const char *nearest = sg_yaml_nearest(cells[i].text, names, t->n_keys);
        if (nearest)
            return sg_err_line(err, cells[i].line, cells[i].column,
                               "unknown column '%.64s'; did you mean '%s'?", cells[i].text,
                               nearest);
        return bad_cell(&cells[i], "unknown column", cells[i].text, err);
    }
    for (size_t j = 0; j < i; j++)
        if (t->key_of[j] == k)
            return bad_cell(&cells[i], "a second column", names[k], err);
    t->key_of[i] = k; /* No name twice, so i stays below n_keys. */
    return SG_OK;
}

static enum sg_status read_header(struct table *t, const struct sg_yaml_node *cells, size_t n,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = read_name(t, cells, i, err);
    for (size_t k = 0; st == SG_OK && k < t->n_keys; k++) {
        size_t i = 0;
        while (i < n && t->key_of[i] != k)
            i++;
        if (i == n && t->keys[k].required)
            st = bad_cell(&cells[0], "there is no column", t->keys[k].name, err);
    }
    t->has_header = true;
    t->n_columns = n;
    return st;
}

static enum sg_status read_row(struct table *t, const struct sg_yaml_node *cells, size_t n,
                               struct sg_err *err)
{
    const struct sg_yaml_node *row[SG_TABLE_KEYS_MAX] = {NULL};
    if (n != t->n_columns)
        return sg_err_line(err, cells[0].line, cells[0].column, "%zu cells, but the header has %zu",
                           n, t->n_columns);
    for (size_t i = 0; i < n; i++) {
        const struct sg_table_key *key = &t->keys[t->key_of[i]];
        if (cells[i].count)
            row[t->key_of[i]] = &cells[i];
        else if (key->required)
            return bad_cell(&cells[i], "nothing under", key->name, err);
    }
    return t->row(t->ctx, row, cells[0].line, err);
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct table *t = ctx;
    struct sg_yaml_node *cells = NULL;
    const enum sg_status st = cells_of(&cells, t, record, err);
    if (st != SG_OK)
        return st;
    return t->has_header ? read_row(t, cells, record->n_fields, err)
                         : read_header(t, cells, record->n_fields, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    return sg_err_line(err, line_of(ctx, (size_t)bad->offset), 1, "not CSV: %s", bad->reason);
}

static enum sg_status check_text(struct table *t, size_t size, struct sg_err *err)
{
    size_t bad;
    const char *zero = memchr(t->bytes, 0, size);
    if (!sg_utf8_check(&bad, t->bytes, size))
        return sg_err_line(err, line_of(t, bad), 1, "bytes that are not UTF-8");
    if (zero)
        return sg_err_line(err, line_of(t, (size_t)(zero - t->bytes)), 1, "a zero character");
    return SG_OK;
}

static enum sg_status feed(struct table *t, size_t size, struct sg_err *err)
{
    const struct sg_csv_sink sink = {on_record, on_bad, t};
    struct sg_csv *csv = NULL;
    const size_t mark = size >= 3 && memcmp(t->bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    enum sg_status st = sg_csv_new(&csv, &sink, mark, err);
    if (st == SG_OK)
        st = sg_csv_feed(csv, t->bytes + mark, size - mark, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    sg_csv_free(csv);
    if (st == SG_OK && !t->has_header)
        return sg_err_line(err, 1, 1, "no header: columns must be named");
    return st;
}

enum sg_status sg_table_read(struct sg_arena *arena, const struct sg_table_key *keys, size_t n_keys,
                             const char *bytes, size_t size, sg_table_row row, void *ctx,
                             struct sg_err *err)
{
    struct table t = {.arena = arena,
                      .keys = keys,
                      .n_keys = n_keys,
                      .row = row,
                      .ctx = ctx,
                      .bytes = bytes,
                      .line = 1};
    SG_VERIFY(n_keys <= SG_TABLE_KEYS_MAX);
    const enum sg_status st = check_text(&t, size, err);
    return st == SG_OK ? feed(&t, size, err) : st;
}
