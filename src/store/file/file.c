#include "store/file/file.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"
#include "store/outfile/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)1024 * 1024)

static enum sg_status open_read(int *fd, const char *path, struct sg_err *err)
{
    struct stat st;
    *fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(*fd);
        return sg_err_os(err, EISDIR, "cannot read %s", path);
    }
    return SG_OK;
}

static ssize_t read_again(int fd, void *bytes, size_t size)
{
    ssize_t n;
    do
        n = read(fd, bytes, size);
    while (n < 0 && errno == EINTR);
    return n;
}

/* Reads a file in chunks, the next one on another thread while the caller works on the one before;
 * not before a chunk came full, so neither small files nor slow pipes take a thread. */
struct stream {
    int fd;
    uint8_t *chunks[2];
    ssize_t n; /* bytes of the chunk that was read last, 0 at the end, negative: failed */
    int failure;
    unsigned filling; /* which chunk */
    struct sg_task ahead;
};

static void *read_chunk(void *ctx)
{
    struct stream *s = ctx;
    s->n = read_again(s->fd, s->chunks[s->filling], CHUNK_SIZE);
    s->failure = s->n < 0 ? errno : 0;
    return NULL;
}

static enum sg_status stream(struct stream *s, const char *path, sg_file_chunk chunk, void *ctx,
                             struct sg_err *err)
{
    read_chunk(s);
    for (;;) {
        sg_task_wait(&s->ahead);
        if (s->n < 0)
            return sg_err_os(err, s->failure, "cannot read %s", path);
        if (s->n == 0)
            return SG_OK;
        const size_t n = (size_t)s->n;
        const uint8_t *bytes = s->chunks[s->filling];
        s->filling ^= 1;
        if (n == CHUNK_SIZE)
            sg_task_start(&s->ahead, true, read_chunk, s);
        const enum sg_status st = chunk(ctx, bytes, n, err);
        if (st != SG_OK)
            return st;
        if (n < CHUNK_SIZE)
            read_chunk(s);
    }
}

enum sg_status sg_file_stream(const char *path, sg_file_chunk chunk, void *ctx, struct sg_err *err)
{
    struct stream s = {.fd = -1};
    uint8_t *bytes = sg_mem_alloc(2, CHUNK_SIZE);
    if (!bytes)
        return sg_err_nomem(err);
    s.chunks[0] = bytes;
    s.chunks[1] = bytes + CHUNK_SIZE;
    enum sg_status st = open_read(&s.fd, path, err);
    if (st == SG_OK) {
        st = stream(&s, path, chunk, ctx, err);
        sg_task_wait(&s.ahead);
        close(s.fd);
    }
    sg_mem_free(bytes);
    return st;
}

struct whole {
    uint8_t *bytes;
    size_t size, capacity, max;
};

static enum sg_status append(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct whole *whole = ctx;
    if (size > whole->max - whole->size)
        return sg_err_set(err, SG_ELIMIT, "file is larger than its limit of %zu bytes", whole->max);
    if (!SG_VEC_RESERVE(whole->bytes, whole->size, whole->capacity, size + 1))
        return sg_err_nomem(err);
    memcpy(whole->bytes + whole->size, bytes, size);
    whole->size += size;
    return SG_OK;
}

enum sg_status sg_file_read(uint8_t **bytes, size_t *size, const char *path, size_t max,
                            struct sg_err *err)
{
    struct whole whole = {NULL, 0, 0, max};
    enum sg_status st = sg_file_stream(path, append, &whole, err);
    if (st == SG_OK && !SG_VEC_RESERVE(whole.bytes, whole.size, whole.capacity, 1))
        st = sg_err_nomem(err);
    if (st != SG_OK) {
        sg_mem_free(whole.bytes);
        return st;
    }
    whole.bytes[whole.size] = 0;
    *bytes = whole.bytes;
    *size = whole.size;
    return SG_OK;
}

enum sg_status sg_file_write(const char *path, const void *bytes, size_t size, struct sg_err *err)
{
    struct sg_outfile file;
    enum sg_status st = sg_outfile_begin(&file, path, err);
    if (st == SG_OK)
        st = sg_outfile_append(&file, bytes, size, err);
    if (st == SG_OK)
        st = sg_outfile_commit(&file, err);
    sg_outfile_abandon(&file);
    return st;
}

uint64_t sg_file_size(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    return (uint64_t)st.st_size;
}

enum sg_status sg_file_mkdir(const char *path, struct sg_err *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return SG_OK;
    const int reason = errno;
    if (reason == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return SG_OK;
    return sg_err_os(err, reason, "cannot make folder %s", path);
}
