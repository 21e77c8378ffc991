/* Rows of named texts. The first character that is no blank tells JSON from CSV. */
#include "formats/labelfile/labelfile_internal.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "formats/csv/csv.h"
#include "formats/json/json.h"
#include "formats/yaml/yaml.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX 32
#define ABSENT   SIZE_MAX

struct sg_labelfile_rows {
    const struct sg_labelfile_table *table;
    struct sg_label_sink sink;
    struct sg_csv *csv; /* one of the two, once the first byte was seen */
    struct sg_json *json;
    bool has_header;
    size_t column_of[SG_CSV_FIELDS_MAX]; /* column of each field of the CSV, or ABSENT */
    size_t n_fields;
    struct sg_buf text;              /* of the row at hand, terminated pieces */
    size_t at[SG_LABELFILE_COLUMNS]; /* of each column in text, or ABSENT */
};

/* "Name Tag" and "name_tag" are the same: lower case, letters and digits only. False: too long. */
static bool plain_name(char name[NAME_MAX + 1], struct sg_text text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        const bool is_upper = c >= 'A' && c <= 'Z';
        if (!is_upper && (c < 'a' || c > 'z') && (c < '0' || c > '9'))
            continue;
        if (n == NAME_MAX)
            return false;
        name[n++] = is_upper ? (char)(c - 'A' + 'a') : c;
    }
    name[n] = 0;
    return n > 0;
}

static size_t find_column(const struct sg_labelfile_table *table, struct sg_text text)
{
    char name[NAME_MAX + 1];
    char padded[NAME_MAX + 3];
    if (!plain_name(name, text))
        return ABSENT;
    snprintf(padded, sizeof(padded), " %s ", name);
    for (size_t i = 0; i < table->n_columns; i++)
        if (strstr(table->columns[i], padded))
            return i;
    return ABSENT;
}

static void begin_row(struct sg_labelfile_rows *rows)
{
    sg_buf_reset(&rows->text);
    for (size_t i = 0; i < SG_LABELFILE_COLUMNS; i++)
        rows->at[i] = ABSENT;
}

static void take_text(struct sg_labelfile_rows *rows, size_t column, struct sg_text text)
{
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.size--;
    }
    while (text.size && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    if (column == ABSENT || !text.size || rows->at[column] != ABSENT)
        return;
    rows->at[column] = rows->text.size;
    sg_buf_append(&rows->text, text.data, text.size);
    sg_buf_putc(&rows->text, 0);
}

static enum sg_status bad(struct sg_labelfile_rows *rows, uint64_t line, const char *reason,
                          struct sg_err *err)
{
    struct sg_err why;
    (void)sg_err_set(&why, SG_EPARSE, "%s", reason);
    why.line = line > UINT32_MAX ? 0 : (uint32_t)line;
    return rows->sink.bad(rows->sink.ctx, &why, err);
}

static enum sg_status give_row(struct sg_labelfile_rows *rows, uint64_t line, struct sg_err *err)
{
    const char *texts[SG_LABELFILE_COLUMNS];
    const enum sg_status st = sg_buf_check(&rows->text, err);
    if (st != SG_OK)
        return st;
    size_t n_texts = 0;
    for (size_t i = 0; i < SG_LABELFILE_COLUMNS; i++) {
        texts[i] = rows->at[i] == ABSENT ? NULL : rows->text.data + rows->at[i];
        n_texts += texts[i] ? strlen(texts[i]) + 1 : 0;
    }
    if (n_texts != rows->text.size)
        return bad(rows, line, "a zero character", err);
    return rows->table->row(&rows->sink, texts, line > UINT32_MAX ? 0 : (uint32_t)line, err);
}

/* First names of all columns, for "did you mean". */
static const char *nearest_column(const struct sg_labelfile_table *table, const char *name,
                                  char names[SG_LABELFILE_COLUMNS][NAME_MAX + 1])
{
    const char *list[SG_LABELFILE_COLUMNS];
    for (size_t i = 0; i < table->n_columns; i++) {
        const size_t size = strcspn(table->columns[i] + 1, " ");
        memcpy(names[i], table->columns[i] + 1, size);
        names[i][size] = 0;
        list[i] = names[i];
    }
    return sg_yaml_nearest(name, list, table->n_columns);
}

static enum sg_status unknown_column(const struct sg_labelfile_table *table, struct sg_text field,
                                     uint32_t line, struct sg_err *err)
{
    char names[SG_LABELFILE_COLUMNS][NAME_MAX + 1];
    char name[NAME_MAX + 1];
    snprintf(name, sizeof(name), "%.*s", field.size < NAME_MAX ? (int)field.size : NAME_MAX,
             field.data);
    const char *nearest = nearest_column(table, name, names);
    return sg_err_line(err, line, 1, "unknown column '%s'%s%s%s", name,
                       nearest ? "; did you mean '" : "", nearest ? nearest : "",
                       nearest ? "'?" : "");
}

static enum sg_status read_header(struct sg_labelfile_rows *rows,
                                  const struct sg_csv_record *record, struct sg_err *err)
{
    const struct sg_labelfile_table *table = rows->table;
    bool seen[SG_LABELFILE_COLUMNS] = {false};
    rows->has_header = true;
    rows->n_fields = record->n_fields;
    for (size_t i = 0; i < record->n_fields; i++) {
        const size_t column = find_column(table, record->fields[i]);
        if (column == ABSENT && table->strict)
            return unknown_column(table, record->fields[i], (uint32_t)record->number, err);
        if (column != ABSENT && seen[column] && table->strict)
            return sg_err_line(err, (uint32_t)record->number, 1, "the column '%.*s' is there twice",
                               (int)record->fields[i].size, record->fields[i].data);
        rows->column_of[i] = column != ABSENT && seen[column] ? ABSENT : column;
        if (column != ABSENT)
            seen[column] = true;
    }
    if (seen[table->required])
        return SG_OK;
    return sg_err_line(err, (uint32_t)record->number, 1, "the first line has no column '%.*s'",
                       (int)strcspn(table->columns[table->required] + 1, " "),
                       table->columns[table->required] + 1);
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct sg_labelfile_rows *rows = ctx;
    if (!rows->has_header)
        return read_header(rows, record, err);
    if (record->n_fields != rows->n_fields)
        return bad(rows, record->number, "a row with more or fewer fields than the first line",
                   err);
    begin_row(rows);
    for (size_t i = 0; i < record->n_fields; i++)
        take_text(rows, rows->column_of[i], record->fields[i]);
    return give_row(rows, record->number, err);
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_labelfile_rows *rows = ctx;
    if (object->has_rows)
        return SG_OK;
    begin_row(rows);
    if (object->name.data)
        take_text(rows, rows->table->required, object->name);
    for (size_t i = 0; i < object->n_fields; i++)
        if (object->fields[i].value.data)
            take_text(rows, find_column(rows->table, object->fields[i].name),
                      object->fields[i].value);
    return give_row(rows, 0, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *row, struct sg_err *err)
{
    return bad(ctx, row->line, row->reason, err);
}

enum sg_status sg_labelfile_rows_new(struct sg_labelfile_rows **rows,
                                     const struct sg_labelfile_table *table,
                                     const struct sg_label_sink *sink, struct sg_err *err)
{
    struct sg_labelfile_rows *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->table = table;
    made->sink = *sink;
    made->text.max = 2 * SG_RECORD_BYTES_MAX;
    *rows = made;
    return SG_OK;
}

/* Skips a byte order mark and blanks, and makes the parser for what follows. */
static enum sg_status begin(struct sg_labelfile_rows *rows, const char **bytes, size_t *size,
                            struct sg_err *err)
{
    const struct sg_csv_sink csv = {on_record, on_bad, rows};
    const struct sg_json_sink json = {on_object, on_bad, rows};
    while (*size && strchr(" \t\r\n\xef\xbb\xbf", **bytes)) {
        ++*bytes;
        --*size;
    }
    if (*size == 0)
        return SG_OK;
    if (**bytes != '{' && **bytes != '[')
        return sg_csv_new(&rows->csv, &csv, 0, err);
    const enum sg_status st = sg_json_new(&rows->json, &json, 0, err);
    if (st == SG_OK && !rows->table->strict)
        sg_json_members(rows->json);
    return st;
}

enum sg_status sg_labelfile_rows_feed(struct sg_labelfile_rows *rows, const char *bytes,
                                      size_t size, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!rows->csv && !rows->json)
        st = begin(rows, &bytes, &size, err);
    if (st != SG_OK || size == 0)
        return st;
    return rows->csv ? sg_csv_feed(rows->csv, bytes, size, err)
                     : sg_json_feed(rows->json, bytes, size, err);
}

enum sg_status sg_labelfile_rows_finish(struct sg_labelfile_rows *rows, struct sg_err *err)
{
    if (rows->json)
        return sg_json_finish(rows->json, err);
    const enum sg_status st = rows->csv ? sg_csv_finish(rows->csv, err) : SG_OK;
    if (st == SG_OK && !rows->has_header)
        return sg_err_line(err, 1, 1, "an empty file: the first line names the columns");
    return st;
}

void sg_labelfile_rows_free(struct sg_labelfile_rows *rows)
{
    if (!rows)
        return;
    sg_csv_free(rows->csv);
    sg_json_free(rows->json);
    sg_buf_clear(&rows->text);
    sg_mem_free(rows);
}
