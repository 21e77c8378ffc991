#include "store/parquet/parquet.h"

#include "base/buf.h"
#include "store/file/file.h"
#include "store/parquet/duck_internal.h"

#include <string.h>

#define PIECE_SIZE ((size_t)1024 * 1024)
#define SQL_MAX    ((size_t)256 * 1024)

struct reading {
    struct duck duck;
    struct sg_buf path;     /* as an SQL string */
    struct sg_buf columns;  /* of the select */
    struct sg_buf floating; /* names of columns that were left out */
    struct sg_buf csv;      /* text that was not handed on yet */
    enum sg_status (*chunk)(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err);
    void *ctx;
};

struct head {
    uint8_t bytes[4];
    size_t size;
};

static enum sg_status take_head(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct head *head = ctx;
    while (size-- && head->size < sizeof(head->bytes))
        head->bytes[head->size++] = *bytes++;
    return head->size < sizeof(head->bytes) ? SG_OK : sg_err_set(err, SG_ECANCELLED, "enough");
}

bool sg_parquet_is(const char *path)
{
    struct head head = {{0}, 0};
    if (strcmp(path, "-") == 0 || sg_file_size(path) == 0)
        return false;
    /* Stopped by take_head as soon as it has enough. */
    const bool whole = sg_file_stream(path, take_head, &head, NULL) == SG_OK;
    return !whole && memcmp(head.bytes, "PAR1", 4) == 0;
}

/* Text between quotes of a kind, each quote inside doubled. */
static void put_quoted(struct sg_buf *sql, char quote, const char *text, size_t size)
{
    sg_buf_putc(sql, quote);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == quote)
            sg_buf_putc(sql, quote);
        sg_buf_putc(sql, text[i]);
    }
    sg_buf_putc(sql, quote);
}

static bool begins(struct sg_text text, const char *with)
{
    const size_t size = strlen(with);
    return text.size >= size && memcmp(text.data, with, size) == 0;
}

static bool ends(struct sg_text text, const char *with)
{
    const size_t size = strlen(with);
    return text.size >= size && memcmp(text.data + text.size - size, with, size) == 0;
}

/* What stands before and behind a column's name to make text of its type, without loss. */
struct cast {
    const char *before, *behind;
};

static struct cast cast_of(struct sg_text type)
{
    if (ends(type, "[]"))
        return (struct cast){"array_to_string(", ", ',')"};
    if (begins(type, "TIMESTAMP"))
        return (struct cast){"CAST(epoch_ms(", ") // 1000 AS VARCHAR)"};
    if (sg_text_is(type, "BLOB"))
        return (struct cast){"'0x' || lower(hex(", "))"};
    if (sg_text_is(type, "BOOLEAN"))
        return (struct cast){"CAST(CAST(", " AS INTEGER) AS VARCHAR)"};
    return (struct cast){"CAST(", " AS VARCHAR)"};
}

/* One row of DESCRIBE: name and type of a column first. */
static enum sg_status on_column(void *ctx, const struct sg_text *fields, size_t n_fields,
                                struct sg_err *err)
{
    struct reading *r = ctx;
    if (n_fields < 2 || !fields[0].data || !fields[1].data)
        return sg_err_set(err, SG_EPARSE, "a column without name or type");
    const struct sg_text name = fields[0];
    const struct sg_text type = fields[1];
    if (begins(type, "DOUBLE") || begins(type, "FLOAT")) {
        sg_buf_puts(&r->floating, r->floating.size ? ", " : "");
        sg_buf_append(&r->floating, name.data, name.size);
        return SG_OK;
    }
    if (begins(type, "STRUCT") || begins(type, "MAP"))
        return SG_OK;
    const struct cast cast = cast_of(type);
    if (r->columns.size) {
        sg_buf_putc(&r->columns, ',');
        sg_buf_putc(&r->csv, ',');
    }
    sg_buf_puts(&r->columns, cast.before);
    put_quoted(&r->columns, '"', name.data, name.size);
    sg_buf_puts(&r->columns, cast.behind);
    sg_buf_csv(&r->csv, name.data, name.size);
    return SG_OK;
}

static enum sg_status hand_on(struct reading *r, struct sg_err *err)
{
    enum sg_status st = sg_buf_check(&r->csv, err);
    if (st != SG_OK || !r->csv.size)
        return st;
    st = r->chunk(r->ctx, (const uint8_t *)r->csv.data, r->csv.size, err);
    sg_buf_reset(&r->csv);
    return st;
}

static enum sg_status on_row(void *ctx, const struct sg_text *fields, size_t n_fields,
                             struct sg_err *err)
{
    struct reading *r = ctx;
    for (size_t i = 0; i < n_fields; i++) {
        if (i)
            sg_buf_putc(&r->csv, ',');
        if (fields[i].data)
            sg_buf_csv(&r->csv, fields[i].data, fields[i].size);
    }
    sg_buf_putc(&r->csv, '\n');
    return r->csv.size < PIECE_SIZE ? sg_buf_check(&r->csv, err) : hand_on(r, err);
}

static enum sg_status describe(struct reading *r, struct sg_err *err)
{
    struct sg_buf sql = SG_BUF_INIT(SQL_MAX);
    sg_buf_printf(&sql, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "
                        "read_parquet(");
    sg_buf_append(&sql, r->path.data, r->path.size);
    sg_buf_puts(&sql, "))");
    enum sg_status st = sg_buf_check(&sql, err);
    if (st == SG_OK)
        st = sg_duck_query(&r->duck, sql.data, on_column, r, err);
    sg_buf_putc(&r->csv, '\n');
    sg_buf_clear(&sql);
    return st;
}

static enum sg_status select_rows(struct reading *r, struct sg_err *err)
{
    struct sg_buf sql = SG_BUF_INIT(SQL_MAX);
    sg_buf_puts(&sql, "SELECT ");
    sg_buf_append(&sql, r->columns.data, r->columns.size);
    sg_buf_puts(&sql, " FROM read_parquet(");
    sg_buf_append(&sql, r->path.data, r->path.size);
    sg_buf_puts(&sql, ")");
    enum sg_status st = sg_buf_check(&sql, err);
    if (st == SG_OK)
        st = sg_duck_query(&r->duck, sql.data, on_row, r, err);
    sg_buf_clear(&sql);
    return st == SG_OK ? hand_on(r, err) : st;
}

/* The header goes alone: if the decoder then misses a column, a floating one may be the reason. */
static enum sg_status hand_on_header(struct reading *r, struct sg_err *err)
{
    const enum sg_status st = hand_on(r, err);
    if (st == SG_EPARSE && r->floating.size)
        sg_err_frame(
            err,
            "columns of a floating type cannot hold wei exactly and are not read (%.100s); "
            "write them as VARCHAR or DECIMAL(38,0)",
            r->floating.data);
    return st;
}

static enum sg_status read_open(struct reading *r, struct sg_err *err)
{
    enum sg_status st = describe(r, err);
    if (st == SG_OK && !r->columns.size)
        st = sg_err_set(err, SG_EPARSE, "the file has no column that can be read exactly");
    if (st == SG_OK)
        st = sg_buf_check(&r->columns, err);
    if (st == SG_OK)
        st = sg_buf_check(&r->floating, err);
    if (st == SG_OK)
        st = hand_on_header(r, err);
    return st == SG_OK ? select_rows(r, err) : st;
}

enum sg_status sg_parquet_stream(const char *path, const char *library,
                                 enum sg_status (*chunk)(void *ctx, const uint8_t *bytes,
                                                         size_t size, struct sg_err *err),
                                 void *ctx, struct sg_err *err)
{
    struct reading r = {.path = SG_BUF_INIT(SQL_MAX),
                        .columns = SG_BUF_INIT(SQL_MAX),
                        .floating = SG_BUF_INIT(SQL_MAX),
                        .csv = SG_BUF_INIT(64 * PIECE_SIZE),
                        .chunk = chunk,
                        .ctx = ctx};
    if (strpbrk(path, "*?["))
        return sg_err_set(err, SG_EUSAGE, "%s: a name with * ? or [ may stand for several files",
                          path);
    put_quoted(&r.path, '\'', path, strlen(path));
    enum sg_status st = sg_buf_check(&r.path, err);
    if (st == SG_OK)
        st = sg_duck_open(&r.duck, library, err);
    if (st == SG_OK)
        st = read_open(&r, err);
    sg_duck_close(&r.duck);
    sg_buf_clear(&r.csv);
    sg_buf_clear(&r.floating);
    sg_buf_clear(&r.columns);
    sg_buf_clear(&r.path);
    return st;
}
