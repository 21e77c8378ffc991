#include "formats/decode/decode.h"

#include "base/buf.h"
#include "base/mem.h"
#include "formats/csv/csv.h"
#include "formats/decode/account_internal.h"
#include "formats/decode/decode_internal.h"
#include "formats/inflate/inflate.h"
#include "formats/json/json.h"

#include <stdio.h>
#include <string.h>

struct sg_decoder {
    enum sg_source_format format;
    const struct table_list *list;
    const struct sg_chain *chain;
    struct sg_record_sink sink;
    struct sg_inflate *inflate;
    struct sg_csv *csv; /* one of the two, once the first character was seen */
    struct sg_json *json;
    uint64_t text_offset; /* of the next byte, until then */
    struct layout layout;
    struct reading reading;
    const struct table *refused; /* in a stream of several tables: one that was passed over */
    unsigned kinds;
    uint64_t n_rows;
    struct account_guess guess;
    char table[48];
};

static const struct {
    const char *name;
    enum sg_source_format format;
    const struct table_list *list;
} formats[] = {
    {"etherscan", SG_SOURCE_ETHERSCAN, &sg_etherscan_tables},
    {"ethereum-etl", SG_SOURCE_ETHEREUM_ETL, &sg_ethereum_etl_tables},
    {"transfers", SG_SOURCE_TRANSFERS, &sg_transfers_tables},
};

enum sg_status sg_source_format_find(enum sg_source_format *format, const char *name)
{
    for (size_t i = 0; i < SG_COUNT_OF(formats); i++) {
        if (strcmp(formats[i].name, name) != 0)
            continue;
        *format = formats[i].format;
        return SG_OK;
    }
    return SG_ENOTFOUND;
}

static const char *format_name(enum sg_source_format format)
{
    return formats[format].name;
}

/* A table was recognised: remember its kind and put its name together. */
static void note_table(struct sg_decoder *d, const struct table *table)
{
    const char *form = d->csv ? "csv" : "json";
    const bool first = d->kinds == 0;
    const unsigned bit = 1u << table->kind;
    if (d->kinds & bit)
        return;
    d->kinds |= bit;
    if (first)
        snprintf(d->table, sizeof(d->table), "%s %s", table->name, form);
    else
        snprintf(d->table, sizeof(d->table), "%s several %s", format_name(d->format), form);
}

static enum sg_status report_bad(struct sg_decoder *d, const struct sg_bad_row *bad,
                                 struct sg_err *err)
{
    d->n_rows++;
    return d->sink.bad(d->sink.ctx, bad, err);
}

static enum sg_status send_records(struct sg_decoder *d, uint64_t offset, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < d->reading.n_records && st == SG_OK; i++) {
        struct sg_record *record = &d->reading.records[i];
        record->offset = offset;
        if (i == 0)
            sg_account_guess_take(&d->guess, record);
        st = d->sink.record(d->sink.ctx, record, err);
    }
    return st;
}

/* A row whose fields stand in d->reading. False in `*good`: the reason stands there. */
static enum sg_status read_row(struct sg_decoder *d, bool *good, uint64_t offset,
                               struct sg_err *err)
{
    d->reading.n_records = 0;
    *good = d->layout.table->read(&d->reading);
    if (!*good)
        return SG_OK;
    d->n_rows++;
    return send_records(d, offset, err);
}

static enum sg_status refuse(const struct table *table, struct sg_err *err)
{
    return sg_err_set(err, SG_EPARSE, "%s: %s", table->name, table->refusal);
}

static enum sg_status on_csv_header(struct sg_decoder *d, const struct sg_csv_record *record,
                                    struct sg_err *err)
{
    const enum sg_status st =
        sg_layout_build(&d->layout, d->list, d->chain, record->fields, record->n_fields, err);
    if (st != SG_OK)
        return st;
    if (!d->layout.table->read)
        return refuse(d->layout.table, err);
    note_table(d, d->layout.table);
    return SG_OK;
}

static enum sg_status bad_csv(struct sg_decoder *d, const struct sg_csv_record *record,
                              const char *reason, struct sg_err *err)
{
    struct sg_bad_row bad = {record->offset, record->number, reason, record->raw.data,
                             record->raw.size};
    while (bad.text_size &&
           (bad.text[bad.text_size - 1] == '\n' || bad.text[bad.text_size - 1] == '\r'))
        bad.text_size--;
    if (bad.text_size > SG_BAD_TEXT_MAX)
        bad.text_size = SG_BAD_TEXT_MAX;
    return report_bad(d, &bad, err);
}

static enum sg_status on_csv(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct sg_decoder *d = ctx;
    bool good;
    if (!d->layout.table)
        return on_csv_header(d, record, err);
    if (record->n_fields != d->layout.n_columns) {
        char reason[80];
        snprintf(reason, sizeof(reason), "%zu fields, the header has %zu", record->n_fields,
                 d->layout.n_columns);
        return bad_csv(d, record, reason, err);
    }
    for (size_t i = 0; i < record->n_fields; i++)
        d->reading.fields[d->layout.slots[i]] = record->fields[i];
    const enum sg_status st = read_row(d, &good, record->offset, err);
    return st == SG_OK && !good ? bad_csv(d, record, d->reading.reason, err) : st;
}

static enum sg_status on_csv_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_decoder *d = ctx;
    if (!d->layout.table)
        return sg_err_at(err, SG_EPARSE, bad->offset, "the header cannot be read: %s", bad->reason);
    return report_bad(d, bad, err);
}

/* The object as text again, as much as is shown of a bad line. */
static enum sg_status bad_json(struct sg_decoder *d, const struct sg_json_object *object,
                               const char *reason, struct sg_err *err)
{
    struct sg_buf text = SG_BUF_INIT(32 * SG_BAD_TEXT_MAX);
    for (size_t i = 0; i < object->n_fields && text.size < SG_BAD_TEXT_MAX; i++) {
        const struct sg_json_field *field = &object->fields[i];
        const size_t name = field->name.size < SG_BAD_TEXT_MAX ? field->name.size : SG_BAD_TEXT_MAX;
        const size_t value =
            field->value.size < SG_BAD_TEXT_MAX ? field->value.size : SG_BAD_TEXT_MAX;
        sg_buf_putc(&text, i ? ',' : '{');
        sg_buf_json(&text, field->name.data, name);
        sg_buf_putc(&text, ':');
        if (field->value.data)
            sg_buf_json(&text, field->value.data, value);
        else
            sg_buf_puts(&text, "null");
    }
    sg_buf_putc(&text, '}');
    enum sg_status st = sg_buf_check(&text, err);
    if (st == SG_OK) {
        const struct sg_bad_row bad = {object->offset, object->number, reason, text.data,
                                       text.size < SG_BAD_TEXT_MAX ? text.size : SG_BAD_TEXT_MAX};
        st = report_bad(d, &bad, err);
    }
    sg_buf_clear(&text);
    return st;
}

static const struct sg_json_field *find_field(const struct sg_json_object *object, const char *name)
{
    for (size_t i = 0; i < object->n_fields; i++)
        if (sg_text_is(object->fields[i].name, name))
            return &object->fields[i];
    return NULL;
}

/* {"status":"0","message":"NOTOK","result":"Max rate limit reached"}: the answer holds a sentence
 * and no rows. Cut, and without what a terminal would obey. */
static enum sg_status on_error_answer(const struct sg_json_field *result, uint64_t offset,
                                      struct sg_err *err)
{
    char shown[200];
    size_t n = 0;
    for (; n < result->value.size && n + 1 < sizeof(shown); n++)
        shown[n] = result->value.data[n] >= ' ' && result->value.data[n] <= '~'
                       ? result->value.data[n]
                       : '?';
    shown[n] = 0;
    return sg_err_at(err, SG_EPARSE, offset, "the file is an error answer of the API: %s", shown);
}

static bool same_names(const struct layout *layout, const struct sg_json_object *object)
{
    if (!layout->table || layout->n_columns != object->n_fields)
        return false;
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sg_text a = layout->names[i];
        const struct sg_text b = object->fields[i].name;
        if (a.size != b.size || memcmp(a.data, b.data, a.size) != 0)
            return false;
    }
    return true;
}

/* Recognise an object whose names are not those of the one before. Before any row was understood a
 * failure is that of the file, later of the object alone: then `*good` is false. */
static enum sg_status on_new_names(struct sg_decoder *d, bool *good,
                                   const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_err why = {0};
    struct sg_text names[SG_CSV_FIELDS_MAX];
    for (size_t i = 0; i < object->n_fields; i++)
        names[i] = object->fields[i].name;
    const enum sg_status st =
        sg_layout_build(&d->layout, d->list, d->chain, names, object->n_fields, &why);
    *good = st == SG_OK;
    if (st == SG_OK) {
        if (d->layout.table->read)
            note_table(d, d->layout.table);
        return SG_OK;
    }
    d->layout.table = NULL;
    if (st == SG_EPARSE && d->kinds) {
        snprintf(d->reading.reason, sizeof(d->reading.reason), "%.150s", why.text);
        return SG_OK;
    }
    return sg_err_at(err, st, object->offset, "%s", why.text);
}

static enum sg_status on_json_row(struct sg_decoder *d, const struct sg_json_object *object,
                                  struct sg_err *err)
{
    bool good = true;
    enum sg_status st = SG_OK;
    if (!same_names(&d->layout, object))
        st = on_new_names(d, &good, object, err);
    if (st != SG_OK)
        return st;
    if (good && !d->layout.table->read) {
        d->refused = d->layout.table;
        return SG_OK;
    }
    if (good) {
        memset(d->reading.fields, 0, sizeof(d->reading.fields));
        for (size_t i = 0; i < object->n_fields; i++)
            d->reading.fields[d->layout.slots[i]] = object->fields[i].value;
        st = read_row(d, &good, object->offset, err);
    }
    return st == SG_OK && !good ? bad_json(d, object, d->reading.reason, err) : st;
}

static enum sg_status on_json(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_decoder *d = ctx;
    if (object->has_rows)
        return SG_OK;
    const struct sg_json_field *result = find_field(object, "result");
    if (!object->in_an_answer && result && find_field(object, "message"))
        return on_error_answer(result, object->offset, err);
    return on_json_row(d, object, err);
}

static enum sg_status on_json_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    return report_bad(ctx, bad, err);
}

static enum sg_status begin_text(struct sg_decoder *d, char first, struct sg_err *err)
{
    if (first == '{' || first == '[') {
        const struct sg_json_sink sink = {on_json, on_json_bad, d};
        return sg_json_new(&d->json, &sink, d->text_offset, err);
    }
    const struct sg_csv_sink sink = {on_csv, on_csv_bad, d};
    return sg_csv_new(&d->csv, &sink, d->text_offset, err);
}

/* Bytes in front of the text: a byte order mark, blanks, empty lines. */
static size_t skip_front(struct sg_decoder *d, const uint8_t *bytes, size_t size)
{
    static const uint8_t mark[3] = {0xef, 0xbb, 0xbf};
    size_t n = 0;
    for (; n < size; n++, d->text_offset++) {
        const bool is_mark = d->text_offset < 3 && bytes[n] == mark[d->text_offset];
        const bool is_blank =
            bytes[n] == ' ' || bytes[n] == '\t' || bytes[n] == '\r' || bytes[n] == '\n';
        if (!is_mark && !is_blank)
            break;
    }
    return n;
}

static enum sg_status on_text(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_decoder *d = ctx;
    if (!d->csv && !d->json) {
        const size_t n = skip_front(d, bytes, size);
        bytes += n;
        size -= n;
        const enum sg_status st = size ? begin_text(d, (char)bytes[0], err) : SG_OK;
        if (st != SG_OK || !size)
            return st;
    }
    return d->csv ? sg_csv_feed(d->csv, (const char *)bytes, size, err)
                  : sg_json_feed(d->json, (const char *)bytes, size, err);
}

enum sg_status sg_decoder_new(struct sg_decoder **decoder, enum sg_source_format format,
                              const struct sg_chain *chain, const struct sg_record_sink *sink,
                              struct sg_err *err)
{
    struct sg_decoder *d = sg_mem_zalloc(1, sizeof(*d));
    if (!d)
        return sg_err_nomem(err);
    d->format = format;
    d->list = formats[format].list;
    d->chain = chain;
    d->sink = *sink;
    d->reading.chain = chain;
    d->reading.layout = &d->layout;
    snprintf(d->table, sizeof(d->table), "unknown");
    const enum sg_status st = sg_inflate_new(&d->inflate, on_text, d, err);
    if (st != SG_OK) {
        sg_decoder_free(d);
        return st;
    }
    *decoder = d;
    return SG_OK;
}

enum sg_status sg_decoder_feed(struct sg_decoder *decoder, const uint8_t *bytes, size_t size,
                               struct sg_err *err)
{
    return sg_inflate_feed(decoder->inflate, bytes, size, err);
}

enum sg_status sg_decoder_finish(struct sg_decoder *decoder, struct sg_err *err)
{
    struct sg_decoder *d = decoder;
    enum sg_status st = sg_inflate_finish(d->inflate, err);
    if (st == SG_OK && d->csv)
        st = sg_csv_finish(d->csv, err);
    if (st == SG_OK && d->json)
        st = sg_json_finish(d->json, err);
    if (st == SG_OK && d->refused && !d->kinds)
        return refuse(d->refused, err);
    return st;
}

void sg_decoder_free(struct sg_decoder *decoder)
{
    if (!decoder)
        return;
    sg_csv_free(decoder->csv);
    sg_json_free(decoder->json);
    sg_inflate_free(decoder->inflate);
    sg_layout_clear(&decoder->layout);
    sg_mem_free(decoder);
}

const char *sg_decoder_table(const struct sg_decoder *decoder)
{
    return decoder->table;
}

unsigned sg_decoder_kinds(const struct sg_decoder *decoder)
{
    return decoder->kinds;
}

uint64_t sg_decoder_rows(const struct sg_decoder *decoder)
{
    return decoder->n_rows;
}

enum sg_status sg_decoder_account(struct sg_address *account, const struct sg_decoder *decoder)
{
    return sg_account_guess_get(account, &decoder->guess);
}
