/** A file written in pieces, of any length and in constant memory: it stands under its name whole
 *  or not at all. sg_file_write (store/file) is for what fits in memory.
 */
#ifndef SG_STORE_OUTFILE_H
#define SG_STORE_OUTFILE_H

#include "base/status.h"

#include <stddef.h>

#define SG_OUTFILE_PATH_MAX 4096

struct sg_outfile {
    int fd;        /**< -1: not open */
    unsigned mode; /**< rights: those of the file that is replaced, else 0644 */
    char path[SG_OUTFILE_PATH_MAX];
    char temporary[SG_OUTFILE_PATH_MAX + 8]; /**< beside it, until the file is whole */
};

/** Begin. Out: file, which sg_outfile_abandon may be given in any state after this.
 *  Errors: SG_EIO, SG_EUSAGE (the path is too long). */
SG_MUST_CHECK enum sg_status sg_outfile_begin(struct sg_outfile *file, const char *path,
                                              struct sg_err *err);

/** Append. Bytes are written as they come: hand over large pieces. Errors: SG_EIO. */
SG_MUST_CHECK enum sg_status sg_outfile_append(struct sg_outfile *file, const void *bytes,
                                               size_t size, struct sg_err *err);

/** Sync, and rename over what had the name before. Errors: SG_EIO; the old file is then untouched
 * and the new one gone. */
SG_MUST_CHECK enum sg_status sg_outfile_commit(struct sg_outfile *file, struct sg_err *err);

/** Drop what was written, unless it was committed. */
void sg_outfile_abandon(struct sg_outfile *file);

#endif
