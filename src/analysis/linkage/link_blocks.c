/* The rows of each rule in the order of their keys, so that a block is a stretch. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"

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

static void close_block(struct lk_block *b, size_t begin, size_t end)
{
    const size_t n = end - begin;
    const bool large = n > LK_BLOCK_MAX;
    if (large) {
        b->rule.large_blocks++;
        b->rule.large_rows += n;
    }
    for (size_t i = begin; i < end; i++) {
        const uint32_t row = b->order[i];
        b->place[row] = large && !b->rule.whole ? UINT32_MAX : (uint32_t)i;
        b->end[row] = (uint32_t)(large && i + LK_WINDOW + 1 < end ? i + LK_WINDOW + 1 : end);
    }
    if (!large)
        b->rule.pairs += n * (n - 1) / 2;
    else if (b->rule.whole)
        b->rule.pairs += n * LK_WINDOW;
}

static void fill(const struct lk *lk, struct lk_block *b, const uint64_t *items)
{
    size_t begin = 0;
    memset(b->place, 0xff, lk->n_rows * sizeof(*b->place));
    for (size_t i = 0; i < b->n_order; i++)
        b->order[i] = (uint32_t)items[i];
    for (size_t i = 1; i <= b->n_order; i++) {
        if (i < b->n_order && items[i] >> 32 == items[begin] >> 32)
            continue;
        close_block(b, begin, i);
        begin = i;
    }
}

static bool build(const struct lk *lk, struct lk_block *b)
{
    const size_t n = lk->n_rows;
    uint64_t *items = sg_mem_alloc(2 * n, sizeof(*items));
    b->order = sg_mem_alloc(n, sizeof(*b->order));
    b->place = sg_mem_alloc(n, sizeof(*b->place));
    b->end = sg_mem_alloc(n, sizeof(*b->end));
    const bool fine = items && b->order && b->place && b->end;
    for (size_t row = 0; fine && row < n; row++) {
        const uint32_t key = sg_lk_rule_key(lk, &b->rule, row);
        if (key)
            items[b->n_order++] = (uint64_t)key << 32 | row;
    }
    if (fine) {
        sort_keys(items, items + n, b->n_order);
        fill(lk, b, items + n);
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
        sg_mem_free(b->end);
    }
    lk->n_blocks = 0;
}

size_t sg_lk_partners(uint32_t *partners, const struct lk_block *b, uint32_t row)
{
    if (b->place[row] == UINT32_MAX)
        return 0;
    const size_t begin = b->place[row] + 1u, n = b->end[row] - begin;
    memcpy(partners, b->order + begin, n * sizeof(*partners));
    return n;
}
