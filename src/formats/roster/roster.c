#include "formats/roster/roster.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/vec.h"
#include "formats/rows/rows.h"

#include <string.h>

struct sg_roster_reader {
    struct sg_roster *roster;
    struct sg_rows rows;
    size_t fields[SG_CSV_FIELDS_MAX]; /* column of each field of this file */
    size_t n_fields;
    bool has_header;
};

static struct sg_text trim(struct sg_text text)
{
    while (text.size && (unsigned char)text.data[0] <= ' ') {
        text.data++;
        text.size--;
    }
    while (text.size && (unsigned char)text.data[text.size - 1] <= ' ')
        text.size--;
    return text;
}

static size_t find_column(const struct sg_roster *roster, struct sg_text name)
{
    for (size_t i = 0; i < roster->n_columns; i++) {
        const struct sg_text *have = &roster->columns[i].name;
        if (have->size == name.size && memcmp(have->data, name.data, name.size) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t sg_roster_column(const struct sg_roster *roster, const char *name)
{
    return find_column(roster, (struct sg_text){name, strlen(name)});
}

/* Room for the cells of one more row; new cells say nothing. */
static bool reserve_cell(const struct sg_roster *roster, struct sg_roster_column *column)
{
    const size_t before = column->cells_capacity;
    if (!SG_VEC_RESERVE(column->cells, roster->n_rows, column->cells_capacity, 1))
        return false;
    if (column->cells_capacity > before)
        memset(column->cells + before, 0,
               (column->cells_capacity - before) * sizeof(*column->cells));
    return true;
}

static enum sg_status take_column(size_t *number, struct sg_roster *roster, struct sg_text name,
                                  struct sg_err *err)
{
    *number = find_column(roster, name);
    if (*number != SIZE_MAX)
        return SG_OK;
    if (roster->n_columns == SG_CSV_FIELDS_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %d columns in all", SG_CSV_FIELDS_MAX);
    const char *copy = sg_arena_strndup(&roster->arena, name.data ? name.data : "", name.size);
    if (!copy || !SG_VEC_RESERVE(roster->columns, roster->n_columns, roster->columns_capacity, 1))
        return sg_err_nomem(err);
    struct sg_roster_column *column = &roster->columns[roster->n_columns];
    *column = (struct sg_roster_column){.name = {copy, name.size}};
    if (!reserve_cell(roster, column)) {
        sg_mem_free(column->cells);
        return sg_err_nomem(err);
    }
    *number = roster->n_columns++;
    return SG_OK;
}

static enum sg_status bad_row(struct sg_roster *roster, uint64_t record, const char *reason)
{
    if (roster->n_bad < SG_ROSTER_BAD_MAX)
        roster->bad[roster->n_bad] = (struct sg_roster_bad){roster->n_files - 1, record, reason};
    roster->n_bad++;
    return SG_OK;
}

static enum sg_status begin_row(struct sg_roster *roster, struct sg_err *err)
{
    if (roster->n_rows >= SG_ROSTER_ROWS_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %zu rows", SG_ROSTER_ROWS_MAX);
    for (size_t i = 0; i < roster->n_columns; i++)
        if (!reserve_cell(roster, &roster->columns[i]))
            return sg_err_nomem(err);
    return SG_OK;
}

static enum sg_status put_cell(struct sg_roster *roster, size_t column, struct sg_text text,
                               struct sg_err *err)
{
    struct sg_roster_column *c = &roster->columns[column];
    text = trim(text);
    if (text.size == 0)
        return SG_OK;
    return sg_dict_number(&c->cells[roster->n_rows], &c->values, text, err);
}

static enum sg_status take_header(struct sg_roster_reader *r, const struct sg_csv_record *record,
                                  struct sg_err *err)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        const enum sg_status st =
            take_column(&r->fields[i], r->roster, trim(record->fields[i]), err);
        if (st != SG_OK)
            return st;
        for (size_t k = 0; k < i; k++)
            if (r->fields[k] == r->fields[i])
                return sg_err_line(err, 1, (uint32_t)(i + 1),
                                   "columns %zu and %zu have the same name", k + 1, i + 1);
    }
    r->n_fields = record->n_fields;
    r->has_header = true;
    return SG_OK;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct sg_roster_reader *r = ctx;
    if (!r->has_header)
        return take_header(r, record, err);
    if (record->n_fields != r->n_fields)
        return bad_row(r->roster, record->number, "another number of fields than the header");
    enum sg_status st = begin_row(r->roster, err);
    for (size_t i = 0; st == SG_OK && i < record->n_fields; i++)
        st = put_cell(r->roster, r->fields[i], record->fields[i], err);
    r->roster->n_rows += st == SG_OK;
    return st;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_roster_reader *r = ctx;
    (void)err;
    return bad_row(r->roster, bad->line, bad->reason);
}

static bool has_name_twice(const struct sg_roster_reader *r, size_t n_fields)
{
    for (size_t i = 0; i < n_fields; i++)
        for (size_t k = 0; k < i; k++)
            if (r->fields[k] == r->fields[i])
                return true;
    return false;
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_roster_reader *r = ctx;
    enum sg_status st = begin_row(r->roster, err);
    for (size_t i = 0; st == SG_OK && i < object->n_fields; i++)
        st = take_column(&r->fields[i], r->roster, object->fields[i].name, err);
    if (st != SG_OK)
        return st;
    r->has_header = true;
    if (has_name_twice(r, object->n_fields))
        return bad_row(r->roster, object->number, "a name twice in one object");
    for (size_t i = 0; st == SG_OK && i < object->n_fields; i++)
        if (object->fields[i].value.data)
            st = put_cell(r->roster, r->fields[i], object->fields[i].value, err);
    r->roster->n_rows += st == SG_OK;
    return st;
}

enum sg_status sg_roster_begin(struct sg_roster_reader **reader, struct sg_roster *roster,
                               struct sg_err *err)
{
    struct sg_roster_reader *r = sg_mem_zalloc(1, sizeof(*r));
    if (!r)
        return sg_err_nomem(err);
    const struct sg_csv_sink csv = {on_record, on_bad, r};
    const struct sg_json_sink json = {on_object, on_bad, r};
    sg_rows_init(&r->rows, &csv, &json);
    r->roster = roster;
    roster->n_files++;
    *reader = r;
    return SG_OK;
}

enum sg_status sg_roster_feed(struct sg_roster_reader *r, const char *bytes, size_t size,
                              struct sg_err *err)
{
    return sg_rows_feed(&r->rows, bytes, size, err);
}

enum sg_status sg_roster_finish(struct sg_roster_reader *r, struct sg_err *err)
{
    return sg_rows_finish(&r->rows, r->has_header, err);
}

void sg_roster_reader_free(struct sg_roster_reader *r)
{
    if (!r)
        return;
    sg_rows_clear(&r->rows);
    sg_mem_free(r);
}

struct sg_text sg_roster_cell(const struct sg_roster *roster, size_t column, size_t row)
{
    const struct sg_roster_column *c = &roster->columns[column];
    const uint32_t number = c->cells[row];
    return number ? c->values.texts[number - 1] : (struct sg_text){NULL, 0};
}

void sg_roster_clear(struct sg_roster *roster)
{
    for (size_t i = 0; i < roster->n_columns; i++) {
        struct sg_roster_column *c = &roster->columns[i];
        sg_mem_free(c->cells);
        sg_dict_clear(&c->values);
    }
    sg_mem_free(roster->columns);
    sg_arena_clear(&roster->arena);
    *roster = (struct sg_roster){0};
}
