#include "store/outfile/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum sg_status sg_outfile_begin(struct sg_outfile *file, const char *path, struct sg_err *err)
{
    struct stat before;
    file->fd = -1;
    const int n = snprintf(file->path, sizeof(file->path), "%s", path);
    if (n < 0 || (size_t)n >= sizeof(file->path))
        return sg_err_set(err, SG_EUSAGE, "path is too long: %.64s...", path);
    /* What others could not read before they cannot read after. */
    file->mode = stat(path, &before) == 0 ? before.st_mode & 0777 : 0644;
    snprintf(file->temporary, sizeof(file->temporary), "%s.XXXXXX", file->path);
    file->fd = mkostemp(file->temporary, O_CLOEXEC);
    return file->fd < 0 ? sg_err_os(err, errno, "cannot write %s", path) : SG_OK;
}

enum sg_status sg_outfile_append(struct sg_outfile *file, const void *bytes, size_t size,
                                 struct sg_err *err)
{
    const char *at = bytes;
    while (size) {
        const ssize_t n = write(file->fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sg_err_os(err, errno, "cannot write %s", file->path);
        at += n;
        size -= (size_t)n;
    }
    return SG_OK;
}

static void sync_folder(const char *path)
{
    char folder[SG_OUTFILE_PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", path);
    const int fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd); /* Some file systems refuse; the rename is done either way. */
    close(fd);
}

/* Closed before it gets its name: some file systems tell of a full disk only then. */
enum sg_status sg_outfile_commit(struct sg_outfile *file, struct sg_err *err)
{
    bool ok = fchmod(file->fd, file->mode) == 0 && fsync(file->fd) == 0;
    int reason = errno;
    if (close(file->fd) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    file->fd = -1;
    if (ok && rename(file->temporary, file->path) != 0) {
        ok = false;
        reason = errno;
    }
    if (!ok) {
        unlink(file->temporary);
        return sg_err_os(err, reason, "cannot write %s", file->path);
    }
    sync_folder(file->path);
    return SG_OK;
}

void sg_outfile_abandon(struct sg_outfile *file)
{
    if (file->fd < 0)
        return;
    close(file->fd);
    unlink(file->temporary);
    file->fd = -1;
}
