#include "formats/people_events/people_events.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "formats/rows/rows.h"

#include <string.h>

static const char *const person_columns[SG_PERSON_FIELDS] = {
    "record_id",    "role",   "given_name", "surname", "name",     "birth_date",
    "email",        "phone",  "street",     "city",    "timezone", "document",
    "bank_account", "wallet", "handle",     "device",  "ip",       "cv"};
static const char *const event_columns[SG_EVENT_FIELDS] = {
    "time", "kind",    "person",   "other",     "name",  "value", "address", "device", "token",
    "ip",   "country", "latitude", "longitude", "until", "tool",  "text",    "result", "made"};

/* Nobody's origin, belief or looks is evidence of anything. */
static const char *const ignored[] = {"nationality", "citizenship", "ethnicity", "race",
                                      "religion",    "birth_place", "language",  "accent",
                                      "photo",       "picture",     "gender",    "sex"};

struct sg_people_events_reader {
    enum sg_people_events_table table;
    struct sg_people_events_sink sink;
    struct sg_rows rows;
    bool has_header;
    size_t n_columns;
    int fields[SG_CSV_FIELDS_MAX]; /* of each column; -1: not ours */
    size_t n_ignored;
    struct sg_people_events_place place;
};

/* The first columns of a table are those that each row needs. */
static const struct {
    const char *const *columns;
    size_t count, needed;
} schemas[] = {
    [SG_PEOPLE_EVENTS_PEOPLE] = {person_columns, SG_COUNT_OF(person_columns), 1},
    [SG_PEOPLE_EVENTS_EVENTS] = {event_columns, SG_COUNT_OF(event_columns), 3},
};

const char *sg_people_events_column(enum sg_people_events_table table, size_t field)
{
    return schemas[table].columns[field];
}

static int field_of(const struct sg_people_events_reader *r, struct sg_text name)
{
    for (size_t i = 0; i < schemas[r->table].count; i++)
        if (sg_text_is(name, sg_people_events_column(r->table, i)))
            return (int)i;
    return -1;
}

static bool is_ignored(struct sg_text name)
{
    for (size_t i = 0; i < SG_COUNT_OF(ignored); i++)
        if (sg_text_is(name, ignored[i]))
            return true;
    return false;
}

/* Hand a row on, or say what is wrong with it. */
static enum sg_status deliver(struct sg_people_events_reader *r, struct sg_text *fields,
                              uint64_t number, struct sg_err *err)
{
    const char *reason = NULL;
    size_t at;
    for (size_t i = 0; i < schemas[r->table].count; i++) {
        if (fields[i].size == 0)
            fields[i] = (struct sg_text){NULL, 0};
        if (i < schemas[r->table].needed && !fields[i].data)
            reason = "a field that each row needs is empty";
        else if (fields[i].data && !sg_utf8_check(&at, fields[i].data, fields[i].size))
            reason = "bytes that are not UTF-8";
    }
    return reason ? r->sink.bad(r->sink.ctx, number, reason, err)
                  : r->sink.row(r->sink.ctx, fields, number, err);
}

static enum sg_status take_header(struct sg_people_events_reader *r,
                                  const struct sg_csv_record *record, struct sg_err *err)
{
    bool seen[SG_PEOPLE_EVENTS_FIELDS_MAX] = {false};
    for (size_t i = 0; i < record->n_fields; i++) {
        const int field = field_of(r, record->fields[i]);
        r->fields[i] = field;
        r->n_ignored += is_ignored(record->fields[i]);
        if (field < 0)
            continue;
        if (seen[field])
            return sg_err_line(err, 1, 1, "column %s stands there twice",
                               sg_people_events_column(r->table, (size_t)field));
        seen[field] = true;
    }
    for (size_t i = 0; i < schemas[r->table].needed; i++)
        if (!seen[i])
            return sg_err_line(err, 1, 1, "no column %s", sg_people_events_column(r->table, i));
    r->n_columns = record->n_fields;
    r->has_header = true;
    return SG_OK;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct sg_people_events_reader *r = ctx;
    struct sg_text fields[SG_PEOPLE_EVENTS_FIELDS_MAX] = {{NULL, 0}};
    if (!r->has_header)
        return take_header(r, record, err);
    if (record->n_fields != r->n_columns)
        return r->sink.bad(r->sink.ctx, record->number, "another number of fields than the header",
                           err);
    for (size_t i = 0; i < record->n_fields; i++)
        if (r->fields[i] >= 0)
            fields[r->fields[i]] = record->fields[i];
    r->place = (struct sg_people_events_place){record->offset, record->raw.size, false};
    return deliver(r, fields, record->number, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_people_events_reader *r = ctx;
    return r->sink.bad(r->sink.ctx, bad->line, bad->reason, err);
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_people_events_reader *r = ctx;
    struct sg_text fields[SG_PEOPLE_EVENTS_FIELDS_MAX] = {{NULL, 0}};
    for (size_t i = 0; i < object->n_fields; i++) {
        const int field = field_of(r, object->fields[i].name);
        if (object->number == 1)
            r->n_ignored += is_ignored(object->fields[i].name);
        if (field >= 0 && fields[field].data)
            return r->sink.bad(r->sink.ctx, object->number, "a name twice in one object", err);
        if (field >= 0)
            fields[field] = object->fields[i].value;
    }
    r->place = (struct sg_people_events_place){object->offset, 0,
                                               r->rows.is_array || object->in_an_answer};
    return deliver(r, fields, object->number, err);
}

enum sg_status sg_people_events_reader_new(struct sg_people_events_reader **reader,
                                           enum sg_people_events_table table,
                                           const struct sg_people_events_sink *sink,
                                           struct sg_err *err)
{
    struct sg_people_events_reader *r = sg_mem_zalloc(1, sizeof(*r));
    if (!r)
        return sg_err_nomem(err);
    const struct sg_csv_sink csv = {on_record, on_bad, r};
    const struct sg_json_sink json = {on_object, on_bad, r};
    sg_rows_init(&r->rows, &csv, &json);
    r->table = table;
    r->sink = *sink;
    *reader = r;
    return SG_OK;
}

enum sg_status sg_people_events_reader_feed(struct sg_people_events_reader *r, const char *bytes,
                                            size_t size, struct sg_err *err)
{
    return sg_rows_feed(&r->rows, bytes, size, err);
}

enum sg_status sg_people_events_reader_finish(struct sg_people_events_reader *r, struct sg_err *err)
{
    return sg_rows_finish(&r->rows, r->has_header, err);
}

size_t sg_people_events_reader_ignored(const struct sg_people_events_reader *r)
{
    return r->n_ignored;
}

struct sg_people_events_place sg_people_events_reader_place(const struct sg_people_events_reader *r)
{
    return r->place;
}

void sg_people_events_reader_free(struct sg_people_events_reader *r)
{
    if (!r)
        return;
    sg_rows_clear(&r->rows);
    sg_mem_free(r);
}
