#include "store/kept/kept.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <stdlib.h>
#include <string.h>

static const char magic[8] = {'S', 'G', 'K', 'E', 'P', 'T', '1', '\n'};
/* An item without bytes. */
#define ITEM_BYTES_MIN (SG_GIT_ID_SIZE + 4)

static int compare_items(const void *left, const void *right)
{
    const struct sg_kept_item *a = left, *b = right;
    return sg_git_id_cmp(&a->id, &b->id);
}

static bool parse_items(struct sg_kept *kept, struct sg_reader *r)
{
    for (size_t i = 0; i < kept->n; i++) {
        struct sg_kept_item *item = &kept->items[i];
        sg_reader_bytes(item->id.bytes, r, sizeof(item->id.bytes));
        const size_t size = (size_t)sg_reader_le(r, 4);
        item->bytes = (struct sg_text){(const char *)sg_reader_take(r, size), size};
    }
    return !r->failed && sg_reader_left(r) == 0;
}

/* The digest is right, and so are magic and version. */
static bool is_ours(struct sg_reader *r, uint64_t version, const uint8_t *file, size_t size)
{
    uint8_t digest[SG_SHA256_SIZE];
    if (size < SG_SHA256_SIZE)
        return false;
    sg_sha256_of(digest, file, size - SG_SHA256_SIZE);
    sg_reader_init(r, file, size - SG_SHA256_SIZE);
    const uint8_t *head = sg_reader_take(r, sizeof(magic));
    return memcmp(digest, file + size - SG_SHA256_SIZE, SG_SHA256_SIZE) == 0 && head &&
           memcmp(head, magic, sizeof(magic)) == 0 && sg_reader_le(r, 8) == version;
}

static enum sg_status parse(struct sg_kept *kept, uint64_t version, size_t size, struct sg_err *err)
{
    struct sg_reader r;
    if (!is_ours(&r, version, kept->file, size))
        return SG_OK;
    const uint64_t n = sg_reader_le(&r, 8);
    if (r.failed || n > sg_reader_left(&r) / ITEM_BYTES_MIN)
        return SG_OK;
    kept->items = sg_mem_alloc((size_t)n + 1, sizeof(*kept->items));
    if (!kept->items)
        return sg_err_nomem(err);
    kept->n = (size_t)n;
    if (!parse_items(kept, &r))
        kept->n = 0;
    qsort(kept->items, kept->n, sizeof(*kept->items), compare_items);
    return SG_OK;
}

enum sg_status sg_kept_read(struct sg_kept *kept, const char *path, uint64_t version,
                            struct sg_err *err)
{
    size_t size;
    *kept = (struct sg_kept){.file = NULL};
    enum sg_status st = sg_file_read(&kept->file, &size, path, SG_KEPT_BYTES_MAX, err);
    if (st == SG_OK)
        st = parse(kept, version, size, err);
    else if (st != SG_ENOMEM)
        st = SG_OK;
    if (st != SG_OK)
        sg_kept_clear(kept);
    return st;
}

void sg_kept_clear(struct sg_kept *kept)
{
    sg_mem_free(kept->items);
    sg_mem_free(kept->file);
    *kept = (struct sg_kept){.file = NULL};
}

struct sg_text sg_kept_find(const struct sg_kept *kept, const struct sg_git_id *id)
{
    const struct sg_kept_item key = {.id = *id};
    const struct sg_kept_item *item =
        kept->n ? bsearch(&key, kept->items, kept->n, sizeof(key), compare_items) : NULL;
    return item ? item->bytes : (struct sg_text){NULL, 0};
}

static void put_le(struct sg_buf *out, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        sg_buf_putc(out, (char)(value >> (8 * i)));
}

enum sg_status sg_kept_write(const char *path, uint64_t version, const struct sg_kept_item *items,
                             size_t n, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SG_KEPT_BYTES_MAX);
    uint8_t digest[SG_SHA256_SIZE];
    sg_buf_append(&out, magic, sizeof(magic));
    put_le(&out, version, 8);
    put_le(&out, n, 8);
    for (size_t i = 0; i < n; i++) {
        sg_buf_append(&out, items[i].id.bytes, SG_GIT_ID_SIZE);
        put_le(&out, items[i].bytes.size, 4);
        sg_buf_append(&out, items[i].bytes.data, items[i].bytes.size);
    }
    enum sg_status st = sg_buf_check(&out, err);
    if (st == SG_OK) {
        sg_sha256_of(digest, out.data, out.size);
        sg_buf_append(&out, digest, sizeof(digest));
        st = sg_buf_check(&out, err);
    }
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}
