/* The rows of each rule in the order of their keys, so that a block is a stretch. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"

#include <stdlib.h>

struct build {
    struct lk *lk;
    bool failed[SG_LINK_RULES_MAX];
};

/* Sort by the upper half, least digit first; rows stay in order within a key. */
static void sort_keys(uint64_t *items, uint64_t *other, size_t n)
{
    for (unsigned shift = 32; shift < 64; shift += 11) {
        size_t count[2049] = {0};
        for (size_t i = 0; i < n; i++)
            count[(items[i] >> shift & 2047) + 1]++;
        for (size_t i = 0; i < 2048; i++)
            count[i + 1] += count[i];
        for (size_t i = 0; i < n; i++)
            other[count[items[i] >> shift & 2047]++] = items[i];
        uint64_t *swap = items;
        items = other;
        other = swap;
    }
}

/* A hash of all that a record says: equal records come together in a block that is too large. */
static uint64_t whole(const struct lk *lk, uint32_t row)
{
    uint64_t hash = 0;
    for (size_t f = 0; f < lk->n_fields; f++)
        hash = sg_link_mix(hash * 31 + lk->columns[f].cells[row]);
    return hash >> 32 << 32;
}

static bool order_large(const struct lk *lk, uint32_t *rows, size_t n)
{
    uint64_t *items = sg_mem_alloc(2 * n, sizeof(*items));
    if (!items)
        return false;
    for (size_t i = 0; i < n; i++)
        items[i] = whole(lk, rows[i]) | rows[i];
    sort_keys(items, items + n, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (uint32_t)items[n + i];
    sg_mem_free(items);
    return true;
}

static bool close_block(struct lk *lk, struct lk_block *b, size_t begin, size_t end)
{
    const size_t n = end - begin;
    if (n > LK_BLOCK_MAX) {
        b->rule.large_blocks++;
        b->rule.large_rows += n;
        if (!order_large(lk, b->order + begin, n))
            return false;
    }
    for (size_t i = begin; i < end; i++) {
        const uint32_t row = b->order[i];
        b->place[row] = (uint32_t)i;
        b->begin[row] = (uint32_t)begin;
        b->end[row] = (uint32_t)end;
    }
    b->rule.pairs += n > LK_BLOCK_MAX ? n * LK_WINDOW : n * (n - 1) / 2;
    return true;
}

static bool fill(struct lk *lk, struct lk_block *b, const uint64_t *items)
{
    size_t begin = 0;
    memset(b->place, 0xff, lk->n_rows * sizeof(*b->place));
    for (size_t i = 0; i < b->n_order; i++)
        b->order[i] = (uint32_t)items[i];
    for (size_t i = 1; i <= b->n_order; i++) {
        if (i < b->n_order && items[i] >> 32 == items[begin] >> 32)
            continue;
        if (!close_block(lk, b, begin, i))
            return false;
        begin = i;
    }
    return true;
}

static bool build(struct lk *lk, struct lk_block *b)
{
    const size_t n = lk->n_rows;
    uint64_t *items = sg_mem_alloc(2 * n, sizeof(*items));
    b->order = sg_mem_alloc(n, sizeof(*b->order));
    b->place = sg_mem_alloc(n, sizeof(*b->place));
    b->begin = sg_mem_alloc(n, sizeof(*b->begin));
    b->end = sg_mem_alloc(n, sizeof(*b->end));
    bool fine = items && b->order && b->place && b->begin && b->end;
    for (size_t row = 0; fine && row < n; row++) {
        const uint32_t key = sg_lk_rule_key(lk, &b->rule, row);
        if (key)
            items[b->n_order++] = (uint64_t)key << 32 | row;
    }
    if (fine) {
        sort_keys(items, items + n, b->n_order);
        fine = fill(lk, b, items + n);
    }
    sg_mem_free(items);
    return fine;
}

static void build_one(void *ctx, size_t index)
{
    struct build *work = ctx;
    work->failed[index] = !build(work->lk, &work->lk->blocks[index]);
}

enum sg_status sg_lk_blocks(struct lk *lk, struct sg_err *err)
{
    struct build work = {.lk = lk};
    sg_parallel_for(lk->options->n_threads, lk->n_blocks, build_one, &work);
    for (size_t i = 0; i < lk->n_blocks; i++)
        if (work.failed[i])
            return sg_err_nomem(err);
    return SG_OK;
}

void sg_lk_blocks_free(struct lk *lk)
{
    for (size_t i = 0; i < lk->n_blocks; i++) {
        struct lk_block *b = &lk->blocks[i];
        sg_mem_free(b->order);
        sg_mem_free(b->place);
        sg_mem_free(b->begin);
        sg_mem_free(b->end);
    }
    lk->n_blocks = 0;
}

size_t sg_lk_partners(uint32_t *partners, const struct lk_block *b, uint32_t row)
{
    size_t n = 0;
    const size_t at = b->place[row];
    if (at == UINT32_MAX)
        return 0;
    size_t from = at + 1, to = b->end[row];
    if (b->end[row] - b->begin[row] > LK_BLOCK_MAX) {
        from = at > b->begin[row] + LK_WINDOW ? at - LK_WINDOW : b->begin[row];
        to = at + LK_WINDOW + 1 < to ? at + LK_WINDOW + 1 : to;
    }
    for (size_t i = from; i < to; i++)
        if (b->order[i] > row)
            partners[n++] = b->order[i];
    return n;
}
