/* A CSV file that must be whole: its first damaged line is the end of it. */
#include "app/demixing/demixing.h"

#include "store/file/file.h"

static enum sg_status on_bad_row(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    return sg_err_line(err, (uint32_t)bad->line, 1, "%s", bad->reason);
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_csv *csv = ctx;
    return sg_csv_feed(csv, (const char *)bytes, size, err);
}

enum sg_status sg_demixing_rows(const char *path,
                                enum sg_status (*on_row)(void *ctx,
                                                         const struct sg_csv_record *record,
                                                         struct sg_err *err),
                                void *ctx, struct sg_err *err)
{
    struct sg_csv *csv = NULL;
    const struct sg_csv_sink sink = {on_row, on_bad_row, ctx};
    enum sg_status st = sg_csv_new(&csv, &sink, 0, err);
    if (st == SG_OK)
        st = sg_file_stream(path, on_bytes, csv, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    if (st == SG_EPARSE)
        sg_err_frame(err, "%s", path);
    sg_csv_free(csv);
    return st;
}
