/* Finding blocks: in a node's folder, in a blk file, raw, as JSON. */
#include "store/blockset/blockset_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/corejson/corejson.h"
#include "formats/inflate/inflate.h"
#include "store/file/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM  4200
#define WHOLE_MAX  ((size_t)1024 * 1024 * 1024)
#define FRAME      8 /* magic and size in front of a block */
#define WINDOW     ((size_t)64 * 1024)
#define HEAD_BYTES (FRAME + SG_BTC_HEADER)

static enum sg_status unpacked(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    sg_buf_append(ctx, bytes, size);
    return sg_buf_check(ctx, err);
}

static enum sg_status feed(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return sg_inflate_feed(ctx, bytes, size, err);
}

/* A whole file, unpacked. */
static enum sg_status read_whole(struct sg_buf *out, const char *path, struct sg_err *err)
{
    struct sg_inflate *inflate;
    *out = (struct sg_buf)SG_BUF_INIT(WHOLE_MAX);
    enum sg_status st = sg_inflate_new(&inflate, unpacked, out, err);
    if (st != SG_OK)
        return st;
    st = sg_file_stream(path, feed, inflate, err);
    if (st == SG_OK)
        st = sg_inflate_finish(inflate, err);
    sg_inflate_free(inflate);
    if (st != SG_OK) {
        if (st != SG_EIO)
            sg_err_frame(err, "%s", path);
        sg_buf_clear(out);
    }
    return st;
}

static enum sg_status add_memory(struct sg_blockset *set, const char *path, struct sg_err *err)
{
    struct sg_buf whole;
    const enum sg_status st = read_whole(&whole, path, err);
    if (st != SG_OK)
        return st;
    return sg_blockset_source(set, path, -1, (uint8_t *)whole.data, whole.size) ? SG_OK
                                                                                : sg_err_nomem(err);
}

static enum sg_status add_open_file(struct sg_blockset *set, const char *path, struct sg_err *err)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        const int reason = errno;
        if (fd >= 0)
            close(fd);
        return sg_err_os(err, reason, "cannot open %s", path);
    }
    return sg_blockset_source(set, path, fd, NULL, (uint64_t)st.st_size) ? SG_OK
                                                                         : sg_err_nomem(err);
}

/* Where the magic stands next, from `from` on; the end of the source if nowhere. *zeros: all before
 * it is zero, as a node leaves the room that it has not used. */
static uint64_t next_magic(bool *zeros, const struct sg_blockset *set, const struct source *source,
                           uint64_t from)
{
    uint8_t window[WINDOW];
    *zeros = true;
    while (from < source->size) {
        const uint64_t left = source->size - from;
        const size_t n = left < WINDOW ? (size_t)left : WINDOW;
        if (!sg_blockset_read_at(window, source, from, n))
            break;
        for (size_t i = 0; i + 4 <= n; i++) {
            if (memcmp(window + i, set->params->magic, 4) == 0)
                return from + i;
            *zeros = *zeros && window[i] == 0;
        }
        if (n < WINDOW)
            break;
        from += n - 3;
    }
    return source->size;
}

/* Skip what is no block, and say so where it is more than unused room. */
static uint64_t skip(struct sg_blockset *set, const struct source *source, uint64_t at,
                     uint64_t from)
{
    bool zeros;
    const uint64_t next = next_magic(&zeros, set, source, from);
    if (!zeros || from > at)
        sg_blockset_say(set, source, at,
                        "no block of %s begins here; %" PRIu64 " bytes are skipped",
                        set->params->name, next - at);
    return next;
}

static enum sg_status scan_one(uint64_t *next, struct sg_blockset *set, size_t index, uint64_t at,
                               struct sg_err *err)
{
    const struct source *source = &set->sources[index];
    uint8_t head[HEAD_BYTES];
    struct sg_btc_header header;
    struct sg_reader r;
    if (!sg_blockset_read_at(head, source, at, FRAME) || memcmp(head, set->params->magic, 4) != 0) {
        *next = skip(set, source, at, at);
        return SG_OK;
    }
    sg_reader_init(&r, head + 4, 4);
    const uint32_t size = (uint32_t)sg_reader_le(&r, 4);
    if (size < SG_BTC_HEADER || size > SG_BTC_BLOCK_BYTES_MAX) {
        *next = skip(set, source, at, at + 4);
        return SG_OK;
    }
    if (size > source->size - at - FRAME || !sg_blockset_read_at(head, source, at, HEAD_BYTES)) {
        sg_blockset_say(set, source, at, "a block of %" PRIu32 " bytes is cut at the end", size);
        bool zeros;
        *next =
            next_magic(&zeros, set, source, at + 4); /* the room of a block that was overwritten */
        return SG_OK;
    }
    sg_reader_init(&r, head + FRAME, SG_BTC_HEADER);
    const enum sg_status st = sg_btc_header_read(&header, &r, err);
    *next = at + FRAME + size;
    if (st == SG_OK && set->params->sha256d_work && !sg_btc_hash_meets(header.hash, header.bits)) {
        sg_blockset_say(set, source, at, "a block's hash is above its target");
        return SG_OK;
    }
    return st == SG_OK ? sg_blockset_node(set, &header, index, at + FRAME, size, err) : st;
}

enum sg_status sg_blockset_scan(struct sg_blockset *set, size_t index, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint64_t at = 0; st == SG_OK && at < set->sources[index].size;)
        st = scan_one(&at, set, index, at, err);
    return st;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* blk00000.dat: "blk", digits, ".dat". */
static bool is_blk_name(const char *name)
{
    size_t n = 3;
    if (strncmp(name, "blk", 3) != 0)
        return false;
    while (isdigit((unsigned char)name[n]))
        n++;
    return n > 3 && strcmp(name + n, ".dat") == 0;
}

static enum sg_status list_folder(char ***names, size_t *n, const char *path, struct sg_err *err)
{
    DIR *folder = opendir(path);
    size_t capacity = 0;
    enum sg_status st = folder ? SG_OK : sg_err_os(err, errno, "cannot open %s", path);
    for (const struct dirent *entry; st == SG_OK && (entry = readdir(folder));) {
        if (!is_blk_name(entry->d_name))
            continue;
        char *name = sg_mem_strndup(entry->d_name, strlen(entry->d_name));
        if (!name || !SG_VEC_RESERVE(*names, *n, capacity, 1)) {
            sg_mem_free(name);
            st = sg_err_nomem(err);
        } else {
            (*names)[(*n)++] = name;
        }
    }
    if (folder)
        closedir(folder);
    if (*n)
        qsort(*names, *n, sizeof(**names), by_name);
    return st;
}

/* A file that is not there is no key. */
static enum sg_status read_key(uint8_t key[8], const char *folder, struct sg_err *err)
{
    char path[PATH_ROOM];
    uint8_t *bytes = NULL;
    size_t size = 0;
    memset(key, 0, 8);
    snprintf(path, sizeof(path), "%s/xor.dat", folder);
    if (access(path, F_OK) != 0)
        return SG_OK;
    enum sg_status st = sg_file_read(&bytes, &size, path, 8, err);
    if (st == SG_OK && size != 8)
        st = sg_err_set(err, SG_EPARSE, "%s has %zu bytes instead of 8", path, size);
    if (st == SG_OK)
        memcpy(key, bytes, 8);
    sg_mem_free(bytes);
    return st;
}

static enum sg_status add_folder_file(struct sg_blockset *set, const char *folder, const char *name,
                                      const uint8_t key[8], struct sg_err *err)
{
    char path[PATH_ROOM];
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= PATH_ROOM)
        return sg_err_set(err, SG_EUSAGE, "path is too long: %.64s...", folder);
    enum sg_status st = add_open_file(set, path, err);
    if (st != SG_OK)
        return st;
    memcpy(set->sources[set->n_sources - 1].key, key, 8);
    return sg_blockset_scan(set, set->n_sources - 1, err);
}

static enum sg_status add_folder(struct sg_blockset *set, const char *path, struct sg_err *err)
{
    uint8_t key[8];
    char **names = NULL;
    size_t n = 0;
    enum sg_status st = read_key(key, path, err);
    if (st == SG_OK)
        st = list_folder(&names, &n, path, err);
    if (st == SG_OK && n == 0)
        st = sg_err_set(err, SG_EUSAGE, "no blk*.dat in %s", path);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = add_folder_file(set, path, names[i], key, err);
    for (size_t i = 0; i < n; i++)
        sg_mem_free(names[i]);
    sg_mem_free(names);
    return st;
}

static enum sg_status add_blk(struct sg_blockset *set, const char *path, struct sg_err *err)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return add_folder(set, path, err);
    const enum sg_status st = sg_file_size(path) > WHOLE_MAX / 4 ? add_open_file(set, path, err)
                                                                 : add_memory(set, path, err);
    return st == SG_OK ? sg_blockset_scan(set, set->n_sources - 1, err) : st;
}

/* The newest source is one raw block. */
static enum sg_status add_raw(struct sg_blockset *set, struct sg_err *err)
{
    const size_t index = set->n_sources - 1;
    const struct source *source = &set->sources[index];
    struct sg_btc_header header;
    struct sg_reader r;
    if (source->size > SG_BTC_BLOCK_BYTES_MAX)
        return sg_err_set(err, SG_ELIMIT, "%s: a block of %" PRIu64 " bytes", source->path,
                          source->size);
    sg_reader_init(&r, source->bytes, (size_t)source->size);
    const enum sg_status st = sg_btc_header_read(&header, &r, err);
    if (st != SG_OK) {
        sg_err_frame(err, "%s", source->path);
        return st;
    }
    return sg_blockset_node(set, &header, index, 0, (uint32_t)source->size, err);
}

static enum sg_status add_json_document(struct sg_blockset *set, const char *path, const char *text,
                                        size_t size, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf raw = SG_BUF_INIT(SG_BTC_BLOCK_BYTES_MAX);
    enum sg_status st = sg_core_block_bytes(&raw, &arena, text, size, err);
    sg_arena_clear(&arena);
    if (st != SG_OK) {
        sg_err_frame(err, "%s", path);
        sg_buf_clear(&raw);
        return st;
    }
    if (!sg_blockset_source(set, path, -1, (uint8_t *)raw.data, raw.size))
        return sg_err_nomem(err);
    return add_raw(set, err);
}

/* One document over many lines, or one a line: the first line tells. */
static bool is_lines(const struct sg_buf *whole)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_json_node *root;
    const char *end = whole->size ? memchr(whole->data, '\n', whole->size) : NULL;
    const bool lines =
        end && sg_json_tree(&root, &arena, whole->data, (size_t)(end - whole->data), NULL) == SG_OK;
    sg_arena_clear(&arena);
    return lines;
}

static enum sg_status add_json(struct sg_blockset *set, const char *path, struct sg_err *err)
{
    struct sg_buf whole;
    enum sg_status st = read_whole(&whole, path, err);
    if (st != SG_OK)
        return st;
    if (!is_lines(&whole)) {
        st = add_json_document(set, path, whole.data ? whole.data : "", whole.size, err);
    } else {
        const char *at = whole.data, *end = at + whole.size;
        while (st == SG_OK && at < end) {
            const char *stop = memchr(at, '\n', (size_t)(end - at));
            stop = stop ? stop : end;
            if (stop > at)
                st = add_json_document(set, path, at, (size_t)(stop - at), err);
            at = stop < end ? stop + 1 : end;
        }
    }
    sg_buf_clear(&whole);
    return st;
}

enum sg_status sg_blockset_add(struct sg_blockset *set, enum sg_blockset_format format,
                               const char *path, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    switch (format) {
    case SG_BLOCKSET_BLK:
        return add_blk(set, path, err);
    case SG_BLOCKSET_RAW:
        st = add_memory(set, path, err);
        return st == SG_OK ? add_raw(set, err) : st;
    case SG_BLOCKSET_JSON:
        return add_json(set, path, err);
    }
    return st;
}
