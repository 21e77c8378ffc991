#include "store/kv/kv.h"

#include "base/mem.h"
#include "store/kv/pages_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_SIZE    9
#define READERS_MAX 512
#define STEP_BYTES  ((size_t)64 * 1024 * 1024)

/* The map costs address space alone: LMDB does not size the file by it. Where a process may not
 * have that much, half of it is tried, and so on. */
#define MAP_SIZE     ((size_t)1 << 40)
#define MAP_SIZE_MIN ((size_t)1 << 24)

struct sg_kv {
    struct sg_kv *next;
    MDB_env *env;
    dev_t dev;
    ino_t ino;
    unsigned n_users;
    bool read_only;
};

struct sg_kv_txn {
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_dbi dbi;
};

/* All environments of this process, because LMDB's locks break if a file is opened twice. */
static struct sg_kv *open_list;
static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;

static enum sg_status kv_err(struct sg_err *err, int rc, const char *what)
{
    if (rc == ENOMEM)
        return sg_err_nomem(err);
    if (rc > 0)
        return sg_err_os(err, rc, "cannot %s the store's file", what);
    if (rc == MDB_VERSION_MISMATCH)
        return sg_err_set(err, SG_EVERSION, "the store's file is of another LMDB format");
    if (rc == MDB_MAP_FULL)
        return sg_err_set(err, SG_EIO,
                          "the store's file outgrows the address space of this process");
    if (rc == MDB_READERS_FULL)
        return sg_err_set(err, SG_EBUSY, "too many readers of the store at once");
    if (rc == MDB_PANIC)
        return sg_err_set(err, SG_EIO, "the store's file failed before; open it anew");
    return sg_err_set(err, SG_ECORRUPT, "cannot %s the store's file: %s", what, mdb_strerror(rc));
}

static int env_open_at(MDB_env **env, const char *path, unsigned flags, size_t map_size)
{
    int rc = mdb_env_create(env);
    if (rc)
        return rc;
    rc = mdb_env_set_mapsize(*env, map_size);
    if (!rc)
        rc = mdb_env_set_maxreaders(*env, READERS_MAX);
    if (!rc)
        rc = mdb_env_open(*env, path, MDB_NOSUBDIR | MDB_NOTLS | MDB_NOMEMINIT | flags, 0666);
    if (rc) {
        mdb_env_close(*env);
        *env = NULL;
    }
    return rc;
}

static int env_open(MDB_env **env, const char *path, unsigned flags)
{
    int rc = ENOMEM;
    for (size_t size = MAP_SIZE; rc == ENOMEM && size >= MAP_SIZE_MIN; size /= 2)
        rc = env_open_at(env, path, flags, size);
    return rc;
}

/* A page that the map promises and the file lacks would be a bus error when touched. */
static enum sg_status check_size(MDB_env *env, off_t size, struct sg_err *err)
{
    MDB_envinfo info;
    MDB_stat stat;
    int rc = mdb_env_info(env, &info);
    if (!rc)
        rc = mdb_env_stat(env, &stat);
    if (rc)
        return kv_err(err, rc, "open");
    if (size < 0 || info.me_last_pgno >= (uint64_t)size / stat.ms_psize)
        return sg_err_set(err, SG_ECORRUPT, "the store's file is cut short");
    return SG_OK;
}

static struct sg_kv *find_open(const struct stat *st)
{
    struct sg_kv *kv = open_list;
    while (kv && (kv->dev != st->st_dev || kv->ino != st->st_ino))
        kv = kv->next;
    return kv;
}

/* LMDB makes a new store of an empty file, and divides by what a damaged one says. */
static enum sg_status look_before(struct stat *st, const char *path, bool create,
                                  struct sg_err *err)
{
    memset(st, 0, sizeof(*st));
    if (create)
        return SG_OK;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    enum sg_status status = SG_OK;
    if (fstat(fd, st) != 0)
        status = sg_err_os(err, errno, "cannot open %s", path);
    else if (!find_open(st))
        status = sg_pages_check_head(fd, (uint64_t)st->st_size, err);
    close(fd);
    return status;
}

static enum sg_status open_new(struct sg_kv *kv, const char *path, struct sg_err *err)
{
    struct stat st;
    int fd;
    int rc = env_open(&kv->env, path, 0);
    kv->read_only = rc == EACCES || rc == EROFS;
    if (kv->read_only)
        rc = env_open(&kv->env, path, MDB_RDONLY);
    if (!rc)
        rc = mdb_env_get_fd(kv->env, &fd);
    if (!rc && fstat(fd, &st) != 0)
        rc = errno;
    if (rc)
        return kv_err(err, rc, "open");
    kv->dev = st.st_dev;
    kv->ino = st.st_ino;
    return check_size(kv->env, st.st_size, err);
}

static enum sg_status open_locked(struct sg_kv **kv, const char *path, bool create,
                                  struct sg_err *err)
{
    struct stat before;
    enum sg_status st = look_before(&before, path, create, err);
    if (st != SG_OK)
        return st;
    struct sg_kv *opened = find_open(&before);
    if (!opened) {
        opened = sg_mem_zalloc(1, sizeof(*opened));
        if (!opened)
            return sg_err_nomem(err);
        st = open_new(opened, path, err);
        if (st != SG_OK) {
            mdb_env_close(opened->env);
            sg_mem_free(opened);
            return st;
        }
        opened->next = open_list;
        open_list = opened;
    }
    opened->n_users++;
    *kv = opened;
    return SG_OK;
}

enum sg_status sg_kv_open(struct sg_kv **kv, const char *path, bool create, struct sg_err *err)
{
    pthread_mutex_lock(&open_mutex);
    const enum sg_status st = open_locked(kv, path, create, err);
    pthread_mutex_unlock(&open_mutex);
    return st;
}

struct sg_kv *sg_kv_share(struct sg_kv *kv)
{
    pthread_mutex_lock(&open_mutex);
    kv->n_users++;
    pthread_mutex_unlock(&open_mutex);
    return kv;
}

void sg_kv_close(struct sg_kv *kv)
{
    if (!kv)
        return;
    pthread_mutex_lock(&open_mutex);
    if (--kv->n_users == 0) {
        struct sg_kv **link = &open_list;
        while (*link != kv)
            link = &(*link)->next;
        *link = kv->next;
        mdb_env_close(kv->env);
        sg_mem_free(kv);
    }
    pthread_mutex_unlock(&open_mutex);
}

uint64_t sg_kv_size(const struct sg_kv *kv)
{
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(kv->env, &info) || mdb_env_stat(kv->env, &stat))
        return 0;
    return (info.me_last_pgno + 1) * stat.ms_psize;
}

enum sg_status sg_kv_begin(struct sg_kv_txn **txn, struct sg_kv *kv, bool write, struct sg_err *err)
{
    int dead;
    struct sg_kv_txn *begun = NULL;
    if (write && kv->read_only)
        return sg_err_set(err, SG_EIO, "the store's file may not be written");
    begun = sg_mem_zalloc(1, sizeof(*begun));
    if (!begun)
        return sg_err_nomem(err);
    /* Readers that were killed would pin their pages for good. */
    int rc = write ? mdb_reader_check(kv->env, &dead) : 0;
    if (!rc)
        rc = mdb_txn_begin(kv->env, NULL, write ? 0 : MDB_RDONLY, &begun->txn);
    if (!rc)
        rc = mdb_dbi_open(begun->txn, NULL, 0, &begun->dbi);
    if (!rc)
        rc = mdb_cursor_open(begun->txn, begun->dbi, &begun->cursor);
    if (rc) {
        sg_kv_abort(begun);
        return kv_err(err, rc, write ? "write" : "read");
    }
    *txn = begun;
    return SG_OK;
}

enum sg_status sg_kv_verify(struct sg_kv_txn *txn, bool with_free, struct sg_err *err)
{
    int fd;
    const int rc = mdb_env_get_fd(mdb_txn_env(txn->txn), &fd);
    return rc ? kv_err(err, rc, "read")
              : sg_pages_check_trees(fd, mdb_txn_id(txn->txn), with_free, err);
}

enum sg_status sg_kv_commit(struct sg_kv_txn *txn, struct sg_err *err)
{
    mdb_cursor_close(txn->cursor);
    const int rc = mdb_txn_commit(txn->txn);
    sg_mem_free(txn);
    return rc ? kv_err(err, rc, "write") : SG_OK;
}

void sg_kv_abort(struct sg_kv_txn *txn)
{
    if (!txn)
        return;
    if (txn->cursor)
        mdb_cursor_close(txn->cursor);
    if (txn->txn)
        mdb_txn_abort(txn->txn);
    sg_mem_free(txn);
}

static MDB_val key_of(uint8_t key[KEY_SIZE], unsigned table, uint64_t number)
{
    key[0] = (uint8_t)table;
    for (int i = 0; i < 8; i++)
        key[1 + i] = (uint8_t)(number >> (56 - 8 * i));
    return (MDB_val){KEY_SIZE, key};
}

static uint64_t number_of(const uint8_t *key)
{
    uint64_t number = 0;
    for (int i = 1; i < KEY_SIZE; i++)
        number = number << 8 | key[i];
    return number;
}

enum sg_status sg_kv_get(struct sg_bytes *value, struct sg_kv_txn *txn, unsigned table,
                         uint64_t number, struct sg_err *err)
{
    uint8_t bytes[KEY_SIZE];
    MDB_val key = key_of(bytes, table, number);
    MDB_val data;
    const int rc = mdb_get(txn->txn, txn->dbi, &key, &data);
    if (rc == MDB_NOTFOUND)
        return SG_ENOTFOUND;
    if (rc)
        return kv_err(err, rc, "read");
    *value = (struct sg_bytes){data.mv_data, data.mv_size};
    return SG_OK;
}

enum sg_status sg_kv_seek(struct sg_bytes *value, uint64_t *number, struct sg_kv_txn *txn,
                          unsigned table, struct sg_err *err)
{
    uint8_t bytes[KEY_SIZE];
    MDB_val key = key_of(bytes, table, *number);
    MDB_val data;
    const int rc = mdb_cursor_get(txn->cursor, &key, &data, MDB_SET_RANGE);
    if (rc == MDB_NOTFOUND)
        return SG_ENOTFOUND;
    if (rc)
        return kv_err(err, rc, "read");
    if (key.mv_size != KEY_SIZE)
        return sg_err_set(err, SG_ECORRUPT, "a key of the store's file has a wrong size");
    if (((const uint8_t *)key.mv_data)[0] != table)
        return SG_ENOTFOUND;
    *number = number_of(key.mv_data);
    *value = (struct sg_bytes){data.mv_data, data.mv_size};
    return SG_OK;
}

enum sg_status sg_kv_put(struct sg_kv_txn *txn, unsigned table, uint64_t number, const void *bytes,
                         size_t size, struct sg_err *err)
{
    uint8_t key_bytes[KEY_SIZE];
    MDB_val key = key_of(key_bytes, table, number);
    MDB_val data = {size, NULL};
    const int rc = mdb_put(txn->txn, txn->dbi, &key, &data, MDB_RESERVE);
    if (rc)
        return kv_err(err, rc, "write");
    memcpy(data.mv_data, bytes, size);
    return SG_OK;
}

enum sg_status sg_kv_write_put(struct sg_kv_write *write, unsigned table, uint64_t number,
                               const void *bytes, size_t size, struct sg_err *err)
{
    enum sg_status st = sg_kv_put(write->txn, table, number, bytes, size, err);
    write->bytes += size;
    if (st != SG_OK || write->bytes < STEP_BYTES)
        return st;
    struct sg_kv_txn *full = write->txn;
    write->txn = NULL;
    write->bytes = 0;
    st = sg_kv_commit(full, err);
    return st == SG_OK ? sg_kv_begin(&write->txn, write->kv, true, err) : st;
}

enum sg_status sg_kv_remove(struct sg_kv_txn *txn, unsigned table, uint64_t first, uint64_t end,
                            struct sg_err *err)
{
    struct sg_bytes value;
    uint64_t number = first;
    for (;;) {
        const enum sg_status st = sg_kv_seek(&value, &number, txn, table, err);
        if (st == SG_ENOTFOUND || (st == SG_OK && number >= end))
            return SG_OK;
        if (st != SG_OK)
            return st;
        const int rc = mdb_cursor_del(txn->cursor, 0);
        if (rc)
            return kv_err(err, rc, "write");
    }
}
