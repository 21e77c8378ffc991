/* One file that loses rows. */
#ifndef SG_STORE_FORGET_INTERNAL_H
#define SG_STORE_FORGET_INTERNAL_H

#include "formats/people_events/people_events.h"
#include "store/forget/forget.h"
#include "store/outfile/outfile.h"

#include <stdbool.h>

/* Bytes that go. */
struct forget_range {
    uint64_t offset, end;
};

struct forget_file {
    const char *path;
    int old; /* the bytes that are replaced; -1: not open */
    uint64_t size;
    struct forget_range *ranges; /* in order */
    size_t n, cap;
    bool is_open; /* the last range ends with the next row */
    struct sg_outfile out;
};

/* Open a file that may be replaced. Errors: SG_EUSAGE (no regular file, or one of several names),
 * SG_EIO. sg_forget_close may follow in any state of a file that was set to {.old = -1}. */
enum sg_status sg_forget_open(struct forget_file *file, const char *path, struct sg_err *err);

/* Read a table, and mark the rows for which `goes` says so. */
typedef bool (*forget_fn)(void *ctx, const struct sg_text *fields, struct sg_err *err);
enum sg_status sg_forget_mark(struct forget_file *file, enum sg_people_events_table table,
                              forget_fn goes, void *ctx, struct sg_err *err);

/* Write what stays beside the file. */
enum sg_status sg_forget_write(struct forget_file *file, struct sg_err *err);

/* Put it in the file's place, and overwrite what was there. */
enum sg_status sg_forget_replace(struct forget_file *file, struct sg_err *err);

void sg_forget_close(struct forget_file *file);

#endif
