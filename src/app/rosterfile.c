#include "app/rosterfile.h"

#include "store/file/file.h"

static enum sg_status feed(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return sg_roster_feed(ctx, (const char *)bytes, size, err);
}

enum sg_status sg_rosterfile_read(struct sg_roster *roster, const char *path, struct sg_err *err)
{
    struct sg_roster_reader *reader = NULL;
    enum sg_status st = sg_roster_begin(&reader, roster, err);
    if (st == SG_OK)
        st = sg_file_stream(path, feed, reader, err);
    if (st == SG_OK)
        st = sg_roster_finish(reader, err);
    if (st != SG_OK && st != SG_EIO)
        sg_err_frame(err, "%s", path);
    sg_roster_reader_free(reader);
    return st;
}
