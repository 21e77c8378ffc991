#include "store/engine/image_internal.h"

#include <stdlib.h>

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

bool sg_covers_same_key(const struct sg_coverage *a, const struct sg_coverage *b)
{
    return a->addr.v == b->addr.v && a->kinds == b->kinds;
}

static int by_key(const void *a, const void *b)
{
    const struct sg_coverage *x = a, *y = b;
    int diff = order(x->addr.v, y->addr.v);
    if (!diff)
        diff = order(x->kinds, y->kinds);
    if (!diff)
        diff = order(x->first_block, y->first_block);
    return diff ? diff : order(x->last_block, y->last_block);
}

static int by_block(const void *a, const void *b)
{
    const struct sg_coverage *x = a, *y = b;
    int diff = order(x->addr.v, y->addr.v);
    if (!diff)
        diff = order(x->first_block, y->first_block);
    return diff ? diff : order(x->kinds, y->kinds);
}

void sg_covers_sort(struct sg_coverage *covers, size_t n)
{
    if (n)
        qsort(covers, n, sizeof(*covers), by_block);
}

void sg_covers_sort_by_key(struct sg_coverage *covers, size_t n)
{
    if (n)
        qsort(covers, n, sizeof(*covers), by_key);
}

size_t sg_covers_join(struct sg_coverage *covers, size_t n)
{
    size_t kept = 0;
    sg_covers_sort_by_key(covers, n);
    for (size_t i = 0; i < n; i++) {
        struct sg_coverage *last = kept ? &covers[kept - 1] : NULL;
        const struct sg_coverage *next = &covers[i];
        /* last_block + 1 may be 0 only where nothing can follow. */
        if (last && sg_covers_same_key(last, next) &&
            (next->first_block <= last->last_block || next->first_block == last->last_block + 1)) {
            if (next->last_block > last->last_block)
                last->last_block = next->last_block;
        } else {
            covers[kept++] = *next;
        }
    }
    sg_covers_sort(covers, kept);
    return kept;
}
