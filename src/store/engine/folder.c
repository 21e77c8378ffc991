#include "store/engine/folder_internal.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define CURRENT_MAX 32

/* The paths in this file are built from a folder that sg_folder_init has found short enough. */
#define PATH_ROOM (SG_PATH_MAX + 64)

enum sg_status sg_folder_init(struct sg_folder *folder, const char *dir,
                              const struct sg_chain *chain, struct sg_err *err)
{
    folder->lock = -1;
    const int n = snprintf(folder->path, sizeof(folder->path), "%s/%s", dir, chain->name);
    if (n < 0 || (size_t)n >= sizeof(folder->path))
        return sg_err_set(err, SG_EUSAGE, "path is too long: %.64s...", dir);
    return SG_OK;
}

static void file_path(char path[PATH_ROOM], const struct sg_folder *folder, uint64_t generation,
                      const char *suffix)
{
    snprintf(path, PATH_ROOM, "%s/%06" PRIu64 ".mdb%s", folder->path, generation, suffix);
}

/* Lock the folder itself, waiting; returns the descriptor, or -1 with errno set. */
static int lock_folder(const struct sg_folder *folder, int how)
{
    const int fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int rc;
    do
        rc = flock(fd, how);
    while (rc != 0 && errno == EINTR);
    if (rc == 0)
        return fd;
    const int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

enum sg_status sg_folder_current(uint64_t *generation, const struct sg_folder *folder,
                                 struct sg_err *err)
{
    char path[PATH_ROOM];
    uint8_t *text = NULL;
    size_t size;
    snprintf(path, sizeof(path), "%s/CURRENT", folder->path);
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger in %s", folder->path);
    const enum sg_status st = sg_file_read(&text, &size, path, CURRENT_MAX, err);
    if (st != SG_OK)
        return st;
    char *end;
    const unsigned long long number = strtoull((const char *)text, &end, 10);
    const bool good =
        isdigit(text[0]) && end == (char *)text + size - 1 && *end == '\n' && number < UINT32_MAX;
    sg_mem_free(text);
    if (!good)
        return sg_err_set(err, SG_ECORRUPT, "%s does not name a generation", path);
    *generation = number;
    return SG_OK;
}

static enum sg_status open_current(struct sg_kv **kv, uint64_t *generation,
                                   const struct sg_folder *folder, struct sg_err *err)
{
    char path[PATH_ROOM];
    const enum sg_status st = sg_folder_current(generation, folder, err);
    if (st != SG_OK)
        return st;
    file_path(path, folder, *generation, "");
    return sg_kv_open(kv, path, false, err);
}

enum sg_status sg_folder_open(struct sg_kv **kv, uint64_t *generation,
                              const struct sg_folder *folder, struct sg_err *err)
{
    const int fd = lock_folder(folder, LOCK_SH);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger in %s", folder->path);
    if (fd < 0)
        return sg_err_os(err, errno, "cannot open %s", folder->path);
    const enum sg_status st = open_current(kv, generation, folder, err);
    close(fd);
    return st;
}

enum sg_status sg_folder_create(struct sg_kv **kv, const struct sg_folder *folder,
                                uint64_t generation, struct sg_err *err)
{
    char path[PATH_ROOM];
    sg_folder_remove(folder, generation);
    file_path(path, folder, generation, "");
    return sg_kv_open(kv, path, true, err);
}

void sg_folder_remove(const struct sg_folder *folder, uint64_t generation)
{
    char path[PATH_ROOM];
    file_path(path, folder, generation, "");
    (void)unlink(path); /* One that stays behind is removed by the next writer. */
    file_path(path, folder, generation, "-lock");
    (void)unlink(path);
}

static void load_path(char path[PATH_ROOM], const struct sg_folder *folder, const char *suffix)
{
    snprintf(path, PATH_ROOM, "%s/load.mdb%s", folder->path, suffix);
}

enum sg_status sg_folder_open_load(struct sg_kv **kv, const struct sg_folder *folder,
                                   struct sg_err *err)
{
    char path[PATH_ROOM];
    load_path(path, folder, "");
    return sg_kv_open(kv, path, true, err);
}

void sg_folder_remove_load(const struct sg_folder *folder)
{
    char path[PATH_ROOM];
    load_path(path, folder, "");
    (void)unlink(path);
    load_path(path, folder, "-lock");
    (void)unlink(path);
}

enum sg_status sg_folder_take_load(const struct sg_folder *folder, uint64_t generation,
                                   struct sg_err *err)
{
    char from[PATH_ROOM], to[PATH_ROOM];
    sg_folder_remove(folder, generation);
    load_path(from, folder, "");
    file_path(to, folder, generation, "");
    if (rename(from, to) != 0)
        return sg_err_os(err, errno, "cannot rename %s", from);
    sg_folder_remove_load(folder); /* Its lock file. */
    return SG_OK;
}

/* Generation that a file name belongs to; false for other files. */
static bool parse_name(uint64_t *generation, const char *name)
{
    char *end;
    if (!isdigit((unsigned char)name[0]))
        return false;
    *generation = strtoull(name, &end, 10);
    return strcmp(end, ".mdb") == 0 || strcmp(end, ".mdb-lock") == 0;
}

static void remove_others(const struct sg_folder *folder, uint64_t current)
{
    DIR *dir = opendir(folder->path);
    if (!dir)
        return;
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        uint64_t generation;
        if (parse_name(&generation, entry->d_name) && generation != current)
            sg_folder_remove(folder, generation);
    }
    closedir(dir);
}

static enum sg_status remove_strays(const struct sg_folder *folder, struct sg_err *err)
{
    uint64_t current;
    enum sg_status st = sg_folder_current(&current, folder, err);
    if (st == SG_ENOTFOUND)
        current = UINT64_MAX;
    else if (st != SG_OK)
        return st;
    remove_others(folder, current);
    return SG_OK;
}

enum sg_status sg_folder_lock(struct sg_folder *folder, const char *dir, bool keep_load,
                              struct sg_err *err)
{
    char path[PATH_ROOM];
    enum sg_status st = sg_file_mkdir(dir, err);
    if (st == SG_OK)
        st = sg_file_mkdir(folder->path, err);
    if (st != SG_OK)
        return st;
    snprintf(path, sizeof(path), "%s/writer", folder->path);
    folder->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (folder->lock < 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    if (flock(folder->lock, LOCK_EX | LOCK_NB) == 0) {
        if (!keep_load)
            sg_folder_remove_load(folder);
        return remove_strays(folder, err);
    }
    if (errno == EWOULDBLOCK)
        return sg_err_set(err, SG_EBUSY, "another import is writing to %s", folder->path);
    return sg_err_os(err, errno, "cannot lock %s", path);
}

void sg_folder_unlock(struct sg_folder *folder)
{
    if (folder->lock >= 0)
        close(folder->lock);
    folder->lock = -1;
}

enum sg_status sg_folder_publish(const struct sg_folder *folder, uint64_t generation,
                                 struct sg_err *err)
{
    char path[PATH_ROOM], text[CURRENT_MAX];
    const int fd = lock_folder(folder, LOCK_EX);
    if (fd < 0)
        return sg_err_os(err, errno, "cannot lock %s", folder->path);
    snprintf(path, sizeof(path), "%s/CURRENT", folder->path);
    const int n = snprintf(text, sizeof(text), "%06" PRIu64 "\n", generation);
    const enum sg_status st = sg_file_write(path, text, (size_t)n, err);
    if (st == SG_OK)
        remove_others(folder, generation);
    close(fd);
    return st;
}
