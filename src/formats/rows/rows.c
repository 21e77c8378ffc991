#include "formats/rows/rows.h"

void sg_rows_init(struct sg_rows *rows, const struct sg_csv_sink *csv,
                  const struct sg_json_sink *json)
{
    *rows = (struct sg_rows){.csv_sink = *csv, .json_sink = *json};
}

/* A byte order mark is three bytes; they come before anything that tells the form. */
static bool take_mark(struct sg_rows *rows, const char **bytes, size_t *size)
{
    static const char mark[] = "\xef\xbb\xbf";
    while (*size && rows->mark < 3 && **bytes == mark[rows->mark]) {
        rows->mark++;
        (*bytes)++;
        (*size)--;
    }
    return *size > 0;
}

static enum sg_status begin(struct sg_rows *rows, char first, struct sg_err *err)
{
    rows->is_array = first == '[';
    if (first == '{' || first == '[')
        return sg_json_new(&rows->json, &rows->json_sink, rows->mark, err);
    return sg_csv_new(&rows->csv, &rows->csv_sink, rows->mark, err);
}

enum sg_status sg_rows_feed(struct sg_rows *rows, const char *bytes, size_t size,
                            struct sg_err *err)
{
    if (!rows->csv && !rows->json) {
        if (!take_mark(rows, &bytes, &size))
            return SG_OK;
        const enum sg_status st = begin(rows, *bytes, err);
        if (st != SG_OK)
            return st;
    }
    return rows->csv ? sg_csv_feed(rows->csv, bytes, size, err)
                     : sg_json_feed(rows->json, bytes, size, err);
}

enum sg_status sg_rows_finish(struct sg_rows *rows, bool has_header, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (rows->json)
        return sg_json_finish(rows->json, err);
    if (rows->csv)
        st = sg_csv_finish(rows->csv, err);
    if (st == SG_OK && !has_header)
        return sg_err_line(err, 1, 1, "the file is empty");
    return st;
}

void sg_rows_clear(struct sg_rows *rows)
{
    sg_csv_free(rows->csv);
    sg_json_free(rows->json);
    rows->csv = NULL;
    rows->json = NULL;
}
