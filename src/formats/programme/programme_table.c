/* A CSV file as a table of named columns; notes. */
#include "formats/programme/programme_internal.h"

#include "base/limits.h"
#include "formats/csv/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOTE_TEXT_MAX 400

static enum sg_status note_add(struct sg_programme_notes *notes, struct sg_arena *arena,
                               const struct sg_programme_note *at, struct sg_err *err,
                               const char *text)
{
    struct sg_programme_note *note = sg_arena_alloc(arena, 1, sizeof(*note));
    char *copy = sg_arena_strndup(arena, text, strlen(text));
    if (!note || !copy)
        return sg_err_nomem(err);
    *note = (struct sg_programme_note){NULL, at->table, at->row, at->left_out, copy};
    if (notes->last)
        notes->last->next = note;
    else
        notes->first = note;
    notes->last = note;
    notes->count++;
    return SG_OK;
}

enum sg_status sg_programme_note(struct sg_programme_notes *notes, struct sg_arena *arena,
                                 const struct sg_programme_note *at, struct sg_err *err,
                                 const char *fmt, ...)
{
    char text[NOTE_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return note_add(notes, arena, at, err, text);
}

static enum sg_status row_note(struct table *table, bool left_out, struct sg_err *err,
                               const char *text)
{
    const struct sg_programme_note at = {NULL, table->name, table->row, left_out, NULL};
    return note_add(table->notes, table->arena, &at, err, text);
}

enum sg_status sg_rows_leave_out(struct table *table, struct sg_err *err, const char *fmt, ...)
{
    char text[NOTE_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return row_note(table, true, err, text);
}

enum sg_status sg_rows_warn(struct table *table, struct sg_err *err, const char *fmt, ...)
{
    char text[NOTE_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return row_note(table, false, err, text);
}

const char *sg_rows_copy(struct table *table, struct sg_text cell)
{
    cell = sg_text_trim(cell);
    return sg_arena_strndup(table->arena, cell.size ? cell.data : "", cell.size);
}

void *sg_rows_item(struct table *table)
{
    return (char *)table->items + table->count * table->item_size;
}

static bool is_column(const struct table_column *column, struct sg_text name)
{
    return sg_text_is(name, column->name) || (column->alias && sg_text_is(name, column->alias));
}

static bool is_passed_over(const struct table *table, struct sg_text name)
{
    for (size_t i = 0; i < table->n_passed_over; i++)
        if (sg_text_is(name, table->passed_over[i]))
            return true;
    return false;
}

/* Give the field its column, or say that nobody knows it. */
static enum sg_status place_field(struct table *table, size_t field, struct sg_text name,
                                  struct sg_err *err)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (is_column(&table->columns[i], name)) {
            if (table->place[i] != table->n_fields)
                return sg_err_line(err, 1, 0, "%s: column '%s' occurs twice", table->name,
                                   table->columns[i].name);
            table->place[i] = field;
            return SG_OK;
        }
    if (is_passed_over(table, name))
        return SG_OK;
    return sg_rows_warn(table, err, "column '%.*s' is unknown and was not used", SHOWN(name));
}

static enum sg_status read_header(struct table *table, const struct sg_csv_record *record,
                                  struct sg_err *err)
{
    table->has_header = true;
    table->n_fields = record->n_fields;
    for (size_t i = 0; i < table->n_columns; i++)
        table->place[i] = table->n_fields;
    for (size_t f = 0; f < record->n_fields; f++) {
        const enum sg_status st = place_field(table, f, sg_text_trim(record->fields[f]), err);
        if (st != SG_OK)
            return st;
    }
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].is_needed && table->place[i] == table->n_fields)
            return sg_err_line(err, 1, 0, "%s: the header has no column '%s'", table->name,
                               table->columns[i].name);
    return SG_OK;
}

/* Texts end at a zero byte from here on, so none may hold one. */
static bool has_zero(const struct sg_csv_record *record)
{
    for (size_t i = 0; i < record->n_fields; i++)
        if (record->fields[i].size && memchr(record->fields[i].data, 0, record->fields[i].size))
            return true;
    return false;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct table *table = ctx;
    struct sg_text cells[TABLE_COLUMNS_MAX];
    table->row = record->number;
    if (!table->has_header)
        return read_header(table, record, err);
    if (record->n_fields != table->n_fields)
        return sg_rows_leave_out(table, err, "%zu fields where the header has %zu",
                                 record->n_fields, table->n_fields);
    if (has_zero(record))
        return sg_rows_leave_out(table, err, "a zero byte in a field");
    if (table->count == table->capacity)
        return sg_err_set(err, SG_ELIMIT, "%s: more than %d rows", table->name,
                          SG_PROGRAMME_ROWS_MAX);
    for (size_t i = 0; i < table->n_columns; i++)
        cells[i] = table->place[i] < table->n_fields ? record->fields[table->place[i]]
                                                     : (struct sg_text){NULL, 0};
    return table->row_fn(table, cells, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct table *table = ctx;
    table->row = bad->line;
    return sg_rows_leave_out(table, err, "%s", bad->reason);
}

/* Room for a row per line end, and one more. */
static enum sg_status make_room(struct table *table, const char *bytes, size_t size,
                                struct sg_err *err)
{
    size_t n_lines = 1;
    for (size_t i = 0; i < size; i++)
        n_lines += bytes[i] == '\n';
    table->capacity = n_lines < SG_PROGRAMME_ROWS_MAX ? n_lines : SG_PROGRAMME_ROWS_MAX;
    table->items = sg_arena_alloc(table->arena, table->capacity, table->item_size);
    return table->items ? SG_OK : sg_err_nomem(err);
}

static size_t byte_order_mark(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

enum sg_status sg_rows_read(struct table *table, const char *bytes, size_t size, struct sg_err *err)
{
    const struct sg_csv_sink sink = {on_record, on_bad, table};
    const size_t mark = byte_order_mark(bytes, size);
    struct sg_csv *csv = NULL;
    if (size > SG_SMALL_FILE_MAX)
        return sg_err_set(err, SG_ELIMIT, "%s: more than %zu bytes", table->name,
                          SG_SMALL_FILE_MAX);
    enum sg_status st = make_room(table, bytes, size, err);
    if (st == SG_OK)
        st = sg_csv_new(&csv, &sink, mark, err);
    if (st == SG_OK)
        st = sg_csv_feed(csv, bytes + mark, size - mark, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    if (st == SG_OK && table->count == 0)
        st = sg_err_line(err, 1, 0, "%s: no row that can be used", table->name);
    sg_csv_free(csv);
    return st;
}
