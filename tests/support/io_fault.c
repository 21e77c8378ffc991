#include "support/io_fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls_left = -1;
static long times_left;
static enum sg_io_fault_kind fault_kind;
static bool has_fired;

void sg_io_fault(long after, long times, enum sg_io_fault_kind kind)
{
    calls_left = after;
    times_left = times;
    fault_kind = kind;
    has_fired = false;
}

bool sg_io_fault_fired(void)
{
    return has_fired;
}

/* Whether this call fails; *half asks for half a write instead. */
static bool fails(bool *half)
{
    *half = false;
    if (calls_left < 0 || times_left <= 0)
        return false;
    if (calls_left > 0) {
        calls_left--;
        return false;
    }
    *half = fault_kind == SG_IO_FAULT_SHORT && !has_fired;
    has_fired = true;
    if (!*half)
        times_left--;
    errno = fault_kind == SG_IO_FAULT_EIO ? EIO : ENOSPC;
    return true;
}

/* The function that this file hides. POSIX promises that the pointer converts. */
#define REAL(type, name)                                                                           \
    static type real;                                                                              \
    if (!real)                                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef ssize_t (*pwritev_fn)(int, const struct iovec *, int, off_t);
typedef ssize_t (*writev_fn)(int, const struct iovec *, int);
typedef int (*sync_fn)(int);
typedef int (*msync_fn)(void *, size_t, int);
typedef int (*truncate_fn)(int, off_t);
typedef int (*rename_fn)(const char *, const char *);

ssize_t write(int fd, const void *bytes, size_t size)
{
    bool half;
    REAL(write_fn, "write");
    if (fd > STDERR_FILENO && fails(&half))
        return half && size > 1 ? real(fd, bytes, size / 2) : -1;
    return real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    bool half;
    REAL(pwrite_fn, "pwrite");
    if (fails(&half))
        return half && size > 1 ? real(fd, bytes, size / 2, at) : -1;
    return real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at);
ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
    return pwrite(fd, bytes, size, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
    bool half;
    REAL(pwritev_fn, "pwritev");
    if (fails(&half))
        return half && n > 1 ? real(fd, parts, n / 2, at) : -1;
    return real(fd, parts, n, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    bool half;
    REAL(writev_fn, "writev");
    if (fails(&half))
        return half && n > 1 ? real(fd, parts, n / 2) : -1;
    return real(fd, parts, n);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t at);
ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t at)
{
    return pwritev(fd, parts, n, at);
}

int fdatasync(int fd)
{
    bool half;
    REAL(sync_fn, "fdatasync");
    return fails(&half) ? -1 : real(fd);
}

int fsync(int fd)
{
    bool half;
    REAL(sync_fn, "fsync");
    return fails(&half) ? -1 : real(fd);
}

int msync(void *at, size_t size, int flags);
int msync(void *at, size_t size, int flags)
{
    bool half;
    REAL(msync_fn, "msync");
    return fails(&half) ? -1 : real(at, size, flags);
}

int ftruncate(int fd, off_t size)
{
    bool half;
    REAL(truncate_fn, "ftruncate");
    return fails(&half) ? -1 : real(fd, size);
}

int ftruncate64(int fd, off_t size);
int ftruncate64(int fd, off_t size)
{
    return ftruncate(fd, size);
}

int rename(const char *from, const char *to)
{
    bool half;
    REAL(rename_fn, "rename");
    return fails(&half) ? -1 : real(from, to);
}
