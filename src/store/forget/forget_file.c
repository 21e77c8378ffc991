#include "store/forget/forget_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 * 1024)

enum sg_status sg_forget_open(struct forget_file *file, const char *path, struct sg_err *err)
{
    struct stat st;
    *file = (struct forget_file){.path = path, .old = -1, .out = {.fd = -1}};
    if (lstat(path, &st) != 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
        return sg_err_set(err, SG_EUSAGE,
                          "%s: no regular file, or one with another name that would keep the rows",
                          path);
    file->size = (uint64_t)st.st_size;
    file->old = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    return file->old < 0 ? sg_err_os(err, errno, "cannot open %s", path) : SG_OK;
}

void sg_forget_close(struct forget_file *file)
{
    if (file->old >= 0)
        close(file->old);
    file->old = -1;
    sg_mem_free(file->ranges);
    file->ranges = NULL;
    sg_outfile_abandon(&file->out);
}

struct marking {
    struct forget_file *file;
    struct sg_people_events_reader *reader;
    forget_fn goes;
    void *ctx;
};

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct marking *m = ctx;
    struct forget_file *file = m->file;
    const struct sg_people_events_place place = sg_people_events_reader_place(m->reader);
    struct sg_err why = {.status = SG_OK};
    if (place.is_enclosed)
        return sg_err_set(err, SG_EUSAGE,
                          "a JSON array cannot lose rows; make it JSON lines or CSV first");
    if (file->is_open)
        file->ranges[file->n - 1].end = place.offset;
    file->is_open = false;
    const bool goes = m->goes(m->ctx, fields, &why);
    if (why.status != SG_OK) {
        sg_err_frame(&why, "row %llu", (unsigned long long)number);
        if (err)
            *err = why;
        return why.status;
    }
    if (!goes)
        return SG_OK;
    if (!SG_VEC_RESERVE(file->ranges, file->n, file->cap, 1))
        return sg_err_nomem(err);
    file->ranges[file->n++] =
        (struct forget_range){place.offset, place.size ? place.offset + place.size : file->size};
    file->is_open = place.size == 0;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    (void)ctx;
    return sg_err_set(err, SG_EPARSE,
                      "row %llu cannot be read (%s), and may be about anybody; nothing was changed",
                      (unsigned long long)number, reason);
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct marking *m = ctx;
    return sg_people_events_reader_feed(m->reader, (const char *)bytes, size, err);
}

enum sg_status sg_forget_mark(struct forget_file *file, enum sg_people_events_table table,
                              forget_fn goes, void *ctx, struct sg_err *err)
{
    struct marking m = {file, NULL, goes, ctx};
    const struct sg_people_events_sink sink = {on_row, on_bad, &m};
    file->n = 0;
    file->is_open = false;
    enum sg_status st = sg_people_events_reader_new(&m.reader, table, &sink, err);
    if (st == SG_OK)
        st = sg_file_stream(file->path, on_bytes, &m, err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(m.reader, err);
    if (st == SG_EPARSE || st == SG_EUSAGE || st == SG_ELIMIT)
        sg_err_frame(err, "%s", file->path);
    sg_people_events_reader_free(m.reader);
    return st;
}

/* A file while what stays of it is copied. */
struct copying {
    struct forget_file *file;
    uint64_t at;
    size_t next; /* range */
};

static enum sg_status copy_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct copying *c = ctx;
    struct forget_file *file = c->file;
    const uint64_t end = c->at + size;
    enum sg_status st = SG_OK;
    while (st == SG_OK && c->at < end) {
        while (c->next < file->n && file->ranges[c->next].end <= c->at)
            c->next++;
        const struct forget_range *range = c->next < file->n ? &file->ranges[c->next] : NULL;
        const bool goes = range && range->offset <= c->at;
        uint64_t until = !range ? end : goes ? range->end : range->offset;
        until = until < end ? until : end;
        if (!goes)
            st = sg_outfile_append(&file->out, bytes + (size - (end - c->at)),
                                   (size_t)(until - c->at), err);
        c->at = until;
    }
    return st;
}

enum sg_status sg_forget_write(struct forget_file *file, struct sg_err *err)
{
    struct copying copying = {.file = file};
    enum sg_status st = sg_outfile_begin(&file->out, file->path, err);
    if (st == SG_OK)
        st = sg_file_stream(file->path, copy_bytes, &copying, err);
    if (st == SG_OK && copying.at != file->size)
        st = sg_err_set(err, SG_EBUSY, "%s changed while it was read", file->path);
    return st;
}

static bool overwrite(int fd, uint64_t size)
{
    static const char zeros[PIECE];
    for (uint64_t at = 0; at < size;) {
        const size_t n = size - at < PIECE ? (size_t)(size - at) : PIECE;
        const ssize_t done = pwrite(fd, zeros, n, (off_t)at);
        if (done < 0 && errno != EINTR)
            return false;
        at += done > 0 ? (uint64_t)done : 0;
    }
    return fsync(fd) == 0;
}

enum sg_status sg_forget_replace(struct forget_file *file, struct sg_err *err)
{
    const enum sg_status st = sg_outfile_commit(&file->out, err);
    if (st == SG_OK && !overwrite(file->old, file->size))
        return sg_err_os(err, errno, "%s was rewritten, but its old bytes could not be overwritten",
                         file->path);
    return st;
}
