#include "formats/csv/csv.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/csv/csv_internal.h"

#include <string.h>

struct sg_csv {
    struct sg_csv_sink sink;
    struct csv_split split;
    struct csv_scan scan; /* of the record in `carry` */
    char *carry;          /* begin of a record whose end has not come yet */
    size_t carry_size, carry_cap;
    char *scratch; /* room for fields without their quotes */
    size_t scratch_cap;
    uint64_t offset; /* of the record that comes next, or of carry[0] */
    uint64_t number; /* of records so far */
    bool skipping;   /* inside a line that was too long: up to its end nothing counts */
};

enum sg_status sg_csv_new(struct sg_csv **csv, const struct sg_csv_sink *sink, uint64_t offset,
                          struct sg_err *err)
{
    struct sg_csv *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->sink = *sink;
    made->offset = offset;
    *csv = made;
    return SG_OK;
}

void sg_csv_free(struct sg_csv *csv)
{
    if (!csv)
        return;
    sg_mem_free(csv->carry);
    sg_mem_free(csv->scratch);
    sg_mem_free(csv);
}

static void begin_record(struct sg_csv *csv)
{
    csv->scan = (struct csv_scan){CSV_FIELD_START, NULL};
}

static enum sg_status emit_bad(struct sg_csv *csv, const char *reason, const char *bytes,
                               size_t size, struct sg_err *err)
{
    struct sg_bad_row bad = {csv->offset, ++csv->number, reason, bytes, size};
    csv->offset += size;
    while (bad.text_size && (bytes[bad.text_size - 1] == '\n' || bytes[bad.text_size - 1] == '\r'))
        bad.text_size--;
    if (bad.text_size > SG_BAD_TEXT_MAX)
        bad.text_size = SG_BAD_TEXT_MAX;
    return csv->sink.bad(csv->sink.ctx, &bad, err);
}

/* Hand on the record that was split from these bytes. */
static enum sg_status emit(struct sg_csv *csv, const char *bytes, size_t size, struct sg_err *err)
{
    const struct csv_split *split = &csv->split;
    if (split->n_fields > SG_CSV_FIELDS_MAX)
        return emit_bad(csv, "more fields than any source has", bytes, size, err);
    const struct sg_csv_record record = {
        split->fields, split->n_fields, csv->offset, ++csv->number, {bytes, size}};
    csv->offset += size;
    if (split->n_fields == 1 && split->fields[0].size == 0)
        return SG_OK; /* A blank line. */
    return csv->sink.record(csv->sink.ctx, &record, err);
}

/* A whole record that csv_scan has seen. */
static enum sg_status emit_scanned(struct sg_csv *csv, const char *bytes, size_t size,
                                   struct sg_err *err)
{
    if (csv->scan.damage)
        return emit_bad(csv, csv->scan.damage, bytes, size, err);
    if (!SG_VEC_RESERVE(csv->scratch, 0, csv->scratch_cap, size))
        return sg_err_nomem(err);
    sg_csv_split_quoted(&csv->split, csv->scratch, bytes, size);
    return emit(csv, bytes, size, err);
}

static enum sg_status keep(struct sg_csv *csv, const char *bytes, size_t size, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(csv->carry, csv->carry_size, csv->carry_cap, size))
        return sg_err_nomem(err);
    memcpy(csv->carry + csv->carry_size, bytes, size);
    csv->carry_size += size;
    return SG_OK;
}

static enum sg_status feed_records(struct sg_csv *csv, const char *bytes, size_t size,
                                   struct sg_err *err);

/* What is carried has no end within the limit, or within the file: inside a quote its first line is
 * given up and the rest is read again, which is shorter, so this ends; without one it is a line of
 * which the rest will be skipped. */
static enum sg_status give_up(struct sg_csv *csv, struct sg_err *err)
{
    char *bytes = csv->carry;
    const size_t size = csv->carry_size;
    const char *end = memchr(bytes, '\n', size);
    const size_t first = end ? (size_t)(end - bytes) + 1 : size;
    csv->carry = NULL;
    csv->carry_size = csv->carry_cap = 0;
    enum sg_status st = emit_bad(
        csv, csv->scan.state == CSV_QUOTED ? "a quote is never closed" : "the line is too long",
        bytes, first, err);
    begin_record(csv);
    csv->skipping = !end;
    if (st == SG_OK && end)
        st = feed_records(csv, bytes + first, size - first, err);
    sg_mem_free(bytes);
    return st;
}

static void skip_line(struct sg_csv *csv, const char **at, size_t *left)
{
    const char *end = memchr(*at, '\n', *left);
    const size_t n = end ? (size_t)(end - *at) + 1 : *left;
    csv->skipping = !end;
    csv->offset += n;
    *at += n;
    *left -= n;
}

/* Go on with the record that is carried, or begin one whose end is not near. */
static enum sg_status feed_carried(struct sg_csv *csv, const char **at, size_t *left,
                                   struct sg_err *err)
{
    size_t used;
    const size_t room = SG_RECORD_BYTES_MAX - csv->carry_size;
    const bool ended = sg_csv_scan(&csv->scan, &used, *at, *left < room ? *left : room);
    enum sg_status st;
    if (ended && csv->carry_size == 0) {
        st = emit_scanned(csv, *at, used, err);
    } else {
        st = keep(csv, *at, used, err);
        if (st == SG_OK && ended)
            st = emit_scanned(csv, csv->carry, csv->carry_size, err);
    }
    if (ended) {
        csv->carry_size = 0;
        begin_record(csv);
    }
    *at += used;
    *left -= used;
    if (st == SG_OK && csv->carry_size == SG_RECORD_BYTES_MAX)
        st = give_up(csv, err);
    return st;
}

static enum sg_status feed_records(struct sg_csv *csv, const char *bytes, size_t size,
                                   struct sg_err *err)
{
    enum sg_status st = SG_OK;
    while (size && st == SG_OK) {
        size_t used;
        const size_t window = size < SG_RECORD_BYTES_MAX ? size : SG_RECORD_BYTES_MAX;
        if (csv->skipping) {
            skip_line(csv, &bytes, &size);
        } else if (csv->carry_size == 0 &&
                   sg_csv_split(&csv->split, &used, bytes, window) == CSV_ENDED) {
            st = emit(csv, bytes, used, err);
            bytes += used;
            size -= used;
        } else {
            st = feed_carried(csv, &bytes, &size, err);
        }
    }
    return st;
}

enum sg_status sg_csv_feed(struct sg_csv *csv, const char *bytes, size_t size, struct sg_err *err)
{
    return feed_records(csv, bytes, size, err);
}

enum sg_status sg_csv_finish(struct sg_csv *csv, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    while (st == SG_OK && csv->carry_size && csv->scan.state == CSV_QUOTED)
        st = give_up(csv, err);
    if (st == SG_OK && csv->carry_size)
        st = emit_scanned(csv, csv->carry, csv->carry_size, err);
    csv->carry_size = 0;
    return st;
}
