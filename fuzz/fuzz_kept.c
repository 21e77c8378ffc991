/* The file of kept results. First byte odd: the bytes behind it are the file; even: they are what
 * stands between its head and its digest, which are then made right. Items must lie inside the
 * file, in order, and be found. */
#include "store/kept/kept.h"

#include "base/digest.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define VERSION 7u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(int fd, const void *bytes, size_t size)
{
    assert(write(fd, bytes, size) == (ssize_t)size);
}

static void put_whole(int fd, const uint8_t *data, size_t size)
{
    static const uint8_t head[16] = {'S', 'G', 'K', 'E', 'P', 'T', '1', '\n', VERSION};
    uint8_t digest[SG_SHA256_SIZE];
    struct sg_sha256 *sha = sg_sha256_new();
    assert(sha);
    sg_sha256_update(sha, head, sizeof(head));
    sg_sha256_update(sha, data, size);
    sg_sha256_final(digest, sha);
    sg_sha256_free(sha);
    put(fd, head, sizeof(head));
    put(fd, data, size);
    put(fd, digest, sizeof(digest));
}

static void check(const struct sg_kept *kept, size_t size)
{
    const char *from = (const char *)kept->file, *to = from + size;
    for (size_t i = 0; i < kept->n; i++) {
        const struct sg_kept_item *item = &kept->items[i];
        assert(item->bytes.data >= from && item->bytes.data + item->bytes.size <= to);
        assert(i == 0 || sg_git_id_cmp(&kept->items[i - 1].id, &item->id) <= 0);
        assert(sg_kept_find(kept, &item->id).data);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct sg_kept kept;
    struct sg_err err;
    const int fd = memfd_create("kept", 0);
    if (size == 0 || fd < 0)
        return 0;
    if (data[0] % 2)
        put(fd, data + 1, size - 1);
    else
        put_whole(fd, data + 1, size - 1);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    assert(sg_kept_read(&kept, path, VERSION, &err) == SG_OK);
    check(&kept, (size_t)lseek(fd, 0, SEEK_END));
    sg_kept_clear(&kept);
    (void)close(fd);
    return 0;
}
