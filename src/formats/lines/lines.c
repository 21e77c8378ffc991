#include "formats/lines/lines.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, finished by a mixer so that all bits serve. Source: Fowler, Noll, Vo; the mixer is
 * splitmix64's. */
static uint64_t hash_of(const uint8_t *bytes, size_t size, bool blanks)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++) {
        const uint8_t c = bytes[i];
        if (!blanks && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
            continue;
        h = (h ^ c) * 0x100000001b3u;
    }
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

/* Bytes of the line at the offset, its end included. */
static size_t line_size(const uint8_t *bytes, size_t size, size_t offset)
{
    const uint8_t *end = memchr(bytes + offset, '\n', size - offset);
    return end ? (size_t)(end - bytes) - offset + 1 : size - offset;
}

static size_t count_lines(const uint8_t *bytes, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at < size; at += line_size(bytes, size, at))
        n++;
    return n;
}

enum sg_status sg_lines_split(struct sg_lines *lines, struct sg_arena *arena, const uint8_t *bytes,
                              size_t size, bool blanks, struct sg_err *err)
{
    const size_t n = count_lines(bytes, size);
    struct sg_line *list = n ? sg_arena_alloc(arena, n, sizeof(*list)) : NULL;
    if (n && !list)
        return sg_err_nomem(err);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t length = line_size(bytes, size, at);
        list[i] = (struct sg_line){hash_of(bytes + at, length, blanks), at, length};
        at += length;
    }
    *lines = (struct sg_lines){list, n};
    return SG_OK;
}

/* A line of a bag: by hash, then by place. */
struct bag_item {
    uint64_t hash;
    size_t index;
};

static int compare_items(const void *left, const void *right)
{
    const struct bag_item *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static struct bag_item *bag_of(const struct sg_lines *lines)
{
    struct bag_item *items = sg_mem_alloc(lines->n + 1, sizeof(*items));
    if (!items)
        return NULL;
    for (size_t i = 0; i < lines->n; i++)
        items[i] = (struct bag_item){lines->lines[i].hash, i};
    qsort(items, lines->n, sizeof(*items), compare_items);
    return items;
}

enum sg_status sg_lines_only(bool *only_a, const struct sg_lines *a, const struct sg_lines *b,
                             struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct bag_item *x = bag_of(a), *y = bag_of(b);
    size_t k = 0;
    if (!x || !y) {
        st = sg_err_nomem(err);
        goto out;
    }
    for (size_t i = 0; i < a->n; i++) {
        while (k < b->n && y[k].hash < x[i].hash)
            k++;
        const bool common = k < b->n && y[k].hash == x[i].hash;
        only_a[x[i].index] = !common;
        k += common;
    }
out:
    sg_mem_free(y);
    sg_mem_free(x);
    return st;
}

enum sg_status sg_lines_common(struct sg_lines_common *common, const struct sg_lines *a,
                               const struct sg_lines *b, struct sg_err *err)
{
    bool *only = sg_mem_alloc(a->n + 1, sizeof(*only));
    if (!only)
        return sg_err_nomem(err);
    const enum sg_status st = sg_lines_only(only, a, b, err);
    struct sg_lines_common sum = {0, 0};
    for (size_t i = 0; st == SG_OK && i < a->n; i++)
        if (!only[i]) {
            sum.lines++;
            sum.bytes += a->lines[i].size;
        }
    if (st == SG_OK)
        *common = sum;
    sg_mem_free(only);
    return st;
}
