/* For LD_PRELOAD: counts the calls by which a program changes the disk, and makes one of them fail,
 * or ends the program there. tests/e2e/ingest_faults.sh builds and uses it.
 *
 * SG_IO_AT=N     the call that is hit, from 1; 0 or unset: none
 * SG_IO_HOW      eio, enospc: that call fails; eio+, enospc+: it and all after it;
 *                short: a write writes half; kill: SIGKILL in place of the call
 * SG_IO_COUNT    file that gets the number of calls when the program ends by itself
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long n_calls;
static long hit_at;
static const char *how = "";

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("SG_IO_AT");
    const char *told = getenv("SG_IO_HOW");
    hit_at = at ? strtol(at, NULL, 10) : 0;
    how = told ? told : "";
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("SG_IO_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", atomic_load(&n_calls));
    fclose(file);
}

enum verdict { GO_ON, FAIL, HALF };

static enum verdict judge(void)
{
    const long n = atomic_fetch_add(&n_calls, 1) + 1;
    const int lasting = strchr(how, '+') != NULL;
    if (hit_at == 0 || n < hit_at || (n > hit_at && !lasting))
        return GO_ON;
    if (strcmp(how, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(how, "short") == 0)
        return HALF;
    errno = strncmp(how, "enospc", 6) == 0 ? ENOSPC : EIO;
    return FAIL;
}

/* What a person reads is not what the ledger is made of. */
static int is_disk(int fd)
{
    struct stat st;
    return fd > 2 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    ssize_t (*real)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))next("write");
    const enum verdict v = is_disk(fd) ? judge() : GO_ON;
    return v == FAIL ? -1 : real(fd, bytes, v == HALF ? size / 2 : size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t(*)(int, const void *, size_t, off_t))next("pwrite");
    const enum verdict v = judge();
    return v == FAIL ? -1 : real(fd, bytes, v == HALF ? size / 2 : size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return pwrite(fd, bytes, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    ssize_t (*real)(int, const struct iovec *, int) =
        (ssize_t(*)(int, const struct iovec *, int))next("writev");
    const enum verdict v = is_disk(fd) ? judge() : GO_ON;
    return v == FAIL ? -1 : real(fd, parts, v == HALF && n > 1 ? n / 2 : n);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
    ssize_t (*real)(int, const struct iovec *, int, off_t) =
        (ssize_t(*)(int, const struct iovec *, int, off_t))next("pwritev");
    const enum verdict v = judge();
    return v == FAIL ? -1 : real(fd, parts, v == HALF && n > 1 ? n / 2 : n, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t at)
{
    return pwritev(fd, parts, n, at);
}

int fdatasync(int fd)
{
    int (*real)(int) = (int (*)(int))next("fdatasync");
    return judge() == FAIL ? -1 : real(fd);
}

int fsync(int fd)
{
    int (*real)(int) = (int (*)(int))next("fsync");
    return judge() == FAIL ? -1 : real(fd);
}

int ftruncate(int fd, off_t size)
{
    int (*real)(int, off_t) = (int (*)(int, off_t))next("ftruncate");
    return judge() == FAIL ? -1 : real(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))next("rename");
    return judge() == FAIL ? -1 : real(from, to);
}
