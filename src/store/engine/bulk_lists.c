/* Dictionaries and postings from columns that are all there: a segment is written once, in the
 * order of its keys. The keys are cut into ranges whose pairs fit in memory; each range is one pass
 * over the columns that takes the pairs in it, sorts them, and writes them behind those of the
 * range before. A key that alone has more pairs than fit (the rows of an exchange's wallet) is
 * handed on as it is found: values ascend already. */
#include "store/engine/bulk_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

#define SPAN        4096u /* Items that are read at a time. */
#define BUCKET_BITS 16u
#define BUCKETS     ((size_t)1 << BUCKET_BITS)
#define THREADS_MAX 8u
#define PAIR_COST   (2 * sizeof(struct sg_pair)) /* With the scratch of the sort. */

/* Keys [low, last] and how many pairs have one of them. */
struct range {
    uint64_t low, last, n;
};

/* Where pairs come from: items [0, n_items), each of which has at most two. */
struct source {
    const struct sg_image *image;
    uint64_t n_items;
    unsigned shift_first, shift_last; /* Buckets at first, and at most, are keys >> shift. */
    size_t (*pairs)(struct sg_pair *pairs, const struct sg_image *image, uint64_t first, size_t n);
    enum sg_status (*build)(struct sg_block_sink *sink, const struct sg_pair *pairs, size_t n,
                            uint64_t first, struct sg_err *err);
};

struct lists {
    const struct sg_lister *lister;
    struct source source;
    struct sg_block_sink sink;
    size_t n_threads, room; /* Pairs of a range. */
    struct range *ranges;
    size_t n_ranges, cap_ranges;
    struct sg_pair *pairs; /* n_threads times room, and as many to sort with. */
    size_t round;          /* First range of the round. */
    uint64_t *counts;      /* n_threads times BUCKETS. */
    uint64_t low;          /* Of the first bucket that is counted. */
    size_t n_buckets;
    unsigned shift;
    uint64_t done, total;
};

/* Only what a dictionary keeps of a key, so that sorting looks at no more. */
static uint64_t dict_key(const uint8_t *bytes, size_t size)
{
    return sg_key_of(bytes, size) >> 32 << 32;
}

static size_t addr_pairs(struct sg_pair *pairs, const struct sg_image *image, uint64_t first,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t size = 0;
        const uint8_t *bytes = sg_columns_addr(&size, &image->addrs, first + i);
        pairs[i] = (struct sg_pair){dict_key(bytes, bytes ? size : 0), first + i};
    }
    return n;
}

static size_t tx_pairs(struct sg_pair *pairs, const struct sg_image *image, uint64_t first,
                       size_t n)
{
    uint8_t flags[SPAN], hashes[64][SG_ELEM_HASH];
    size_t n_pairs = 0;
    sg_columns_read(flags, &image->txs, SG_TX_COL_FLAGS, first, n);
    for (size_t i = 0; i < n; i += SG_COUNT_OF(hashes)) {
        const size_t some = n - i < SG_COUNT_OF(hashes) ? n - i : SG_COUNT_OF(hashes);
        sg_columns_read(hashes, &image->txs, SG_TX_COL_HASH, first + i, some);
        for (size_t k = 0; k < some; k++)
            if (flags[i + k] & SG_TX_HAS_HASH)
                pairs[n_pairs++] =
                    (struct sg_pair){dict_key(hashes[k], SG_ELEM_HASH), first + i + k};
    }
    return n_pairs;
}

static size_t row_pairs(struct sg_pair *pairs, const struct sg_image *image, uint64_t first,
                        size_t n)
{
    uint32_t from[SPAN], to[SPAN];
    size_t n_pairs = 0;
    sg_columns_read(from, &image->rows, SG_ROW_COL_FROM, first, n);
    sg_columns_read(to, &image->rows, SG_ROW_COL_TO, first, n);
    for (size_t i = 0; i < n; i++) {
        pairs[n_pairs] = (struct sg_pair){from[i], first + i};
        n_pairs += from[i] != SG_ID_NONE;
        pairs[n_pairs] = (struct sg_pair){to[i], first + i};
        n_pairs += to[i] != SG_ID_NONE && to[i] != from[i];
    }
    return n_pairs;
}

static size_t span_at(uint64_t first, uint64_t end)
{
    const uint64_t room = SPAN - first % SPAN, left = end - first;
    return (size_t)(left < room ? left : room);
}

/* Count the pairs of a piece of the items, by bucket. */
static void count_piece(void *ctx, size_t piece)
{
    struct lists *l = ctx;
    const struct source *s = &l->source;
    struct sg_pair pairs[2 * SPAN + 2];
    uint64_t *counts = l->counts + piece * BUCKETS;
    uint64_t first = s->n_items / l->n_threads * piece;
    const uint64_t end =
        piece + 1 == l->n_threads ? s->n_items : s->n_items / l->n_threads * (piece + 1);
    memset(counts, 0, BUCKETS * sizeof(*counts));
    while (first < end) {
        const size_t some = span_at(first, end);
        const size_t n = s->pairs(pairs, s->image, first, some);
        for (size_t i = 0; i < n; i++) {
            const uint64_t bucket = (pairs[i].key - l->low) >> l->shift;
            if (pairs[i].key >= l->low && bucket < l->n_buckets)
                counts[bucket]++;
        }
        first += some;
    }
}

static enum sg_status add_range(struct lists *l, uint64_t low, uint64_t last, uint64_t n,
                                struct sg_err *err)
{
    if (n == 0)
        return SG_OK;
    if (!SG_VEC_RESERVE(l->ranges, l->n_ranges, l->cap_ranges, 1))
        return sg_err_nomem(err);
    l->ranges[l->n_ranges++] = (struct range){low, last, n};
    l->total += n;
    return SG_OK;
}

/* Count buckets from `low` on. The caller gets the sums, because a bucket that is too large is
 * counted again, finer. */
static enum sg_status count(uint64_t **sums, struct lists *l, uint64_t low, size_t n_buckets,
                            unsigned shift, struct sg_err *err)
{
    *sums = sg_mem_alloc(BUCKETS, sizeof(**sums));
    if (!*sums)
        return sg_err_nomem(err);
    l->low = low;
    l->n_buckets = n_buckets;
    l->shift = shift;
    sg_parallel_for(l->n_threads, l->n_threads, count_piece, l);
    memcpy(*sums, l->counts, BUCKETS * sizeof(**sums));
    for (size_t piece = 1; piece < l->n_threads; piece++)
        for (size_t i = 0; i < BUCKETS; i++)
            (*sums)[i] += l->counts[piece * BUCKETS + i];
    return SG_OK;
}

static enum sg_status plan(struct lists *l, uint64_t low, size_t n_buckets, unsigned shift,
                           struct sg_err *err);

/* One bucket with more pairs than fit: finer ones, or, if it is a single key, a range of its own.
 */
static enum sg_status plan_large(struct lists *l, uint64_t low, unsigned shift, uint64_t n,
                                 struct sg_err *err)
{
    const unsigned finest = l->source.shift_last;
    const unsigned finer = shift > finest + BUCKET_BITS ? shift - BUCKET_BITS : finest;
    if (shift == finest)
        return add_range(l, low, low + (((uint64_t)1 << shift) - 1), n, err);
    return plan(l, low, (size_t)1 << (shift - finer), finer, err);
}

/* Ranges of the keys from low on: neighbouring buckets, as long as their pairs fit. */
static enum sg_status plan(struct lists *l, uint64_t low, size_t n_buckets, unsigned shift,
                           struct sg_err *err)
{
    const uint64_t size = (uint64_t)1 << shift;
    uint64_t *sums = NULL, begin = low, n = 0;
    enum sg_status st = count(&sums, l, low, n_buckets, shift, err);
    for (size_t i = 0; st == SG_OK && i < n_buckets; i++) {
        const uint64_t at = low + i * size;
        if (n + sums[i] <= l->room) {
            n += sums[i];
            continue;
        }
        st = add_range(l, begin, at - 1, n, err);
        begin = at;
        n = sums[i];
        if (st != SG_OK || n <= l->room)
            continue;
        st = plan_large(l, at, shift, n, err);
        begin = at + size;
        n = 0;
    }
    if (st == SG_OK)
        st = add_range(l, begin, low + (size * n_buckets - 1), n, err);
    sg_mem_free(sums);
    return st;
}

/* The pairs of one range that fit, sorted. */
static void collect(void *ctx, size_t slot)
{
    struct lists *l = ctx;
    const struct source *s = &l->source;
    const struct range *range = &l->ranges[l->round + slot];
    struct sg_pair pairs[2 * SPAN + 2], *out = l->pairs + slot * 2 * l->room;
    size_t n_out = 0;
    if (range->n > l->room)
        return;
    for (uint64_t first = 0; first < s->n_items;) {
        const size_t some = span_at(first, s->n_items);
        const size_t n = s->pairs(pairs, s->image, first, some);
        for (size_t i = 0; i < n; i++)
            if (pairs[i].key - range->low <= range->last - range->low)
                out[n_out++] = pairs[i];
        first += some;
    }
    assert(n_out == range->n);
    sg_pairs_sort(out, out + l->room, n_out);
}

/* A key with more pairs than fit: as they are found. */
static enum sg_status stream(struct lists *l, const struct range *range, struct sg_err *err)
{
    const struct source *s = &l->source;
    struct sg_pair pairs[2 * SPAN + 2], *out = l->pairs;
    enum sg_status st = SG_OK;
    size_t n_out = 0;
    for (uint64_t first = 0; st == SG_OK && first < s->n_items;) {
        const size_t some = span_at(first, s->n_items);
        const size_t n = s->pairs(pairs, s->image, first, some);
        if (n_out + n > l->room) {
            st = s->build(&l->sink, out, n_out, 0, err);
            n_out = 0;
        }
        for (size_t i = 0; i < n; i++)
            if (pairs[i].key - range->low <= range->last - range->low)
                out[n_out++] = pairs[i];
        first += some;
    }
    return st == SG_OK ? s->build(&l->sink, out, n_out, 0, err) : st;
}

static enum sg_status write_round(struct lists *l, size_t n, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct range *range = &l->ranges[l->round + i];
        if (range->n > l->room)
            continue;
        st = l->source.build(&l->sink, l->pairs + i * 2 * l->room, (size_t)range->n, 0, err);
        l->done += range->n;
    }
    return st;
}

/* As many ranges at once as there are threads; one that is streamed stands alone. */
static size_t round_size(const struct lists *l)
{
    size_t n = 0;
    while (n < l->n_threads && l->round + n < l->n_ranges && l->ranges[l->round + n].n <= l->room)
        n++;
    return n;
}

static enum sg_status run(struct lists *l, struct sg_err *err)
{
    enum sg_status st = plan(l, 0, BUCKETS, l->source.shift_first, err);
    while (st == SG_OK && l->round < l->n_ranges) {
        const size_t n = round_size(l);
        if (!sg_progress_step(l->lister->progress, l->done, l->total))
            return sg_err_set(err, SG_ECANCELLED, "stopped; the same load goes on from here");
        if (n == 0) {
            st = stream(l, &l->ranges[l->round], err);
            l->done += l->ranges[l->round++].n;
            continue;
        }
        sg_parallel_for(l->n_threads, n, collect, l);
        st = write_round(l, n, err);
        l->round += n;
    }
    return st;
}

static enum sg_status make_list(struct sg_segment *segment, const struct sg_lister *lister,
                                const struct source *source, unsigned table, struct sg_err *err)
{
    const size_t threads = lister->n_threads < THREADS_MAX ? lister->n_threads : THREADS_MAX;
    struct lists *l = sg_mem_zalloc(1, sizeof(*l));
    if (!l)
        return sg_err_nomem(err);
    l->lister = lister;
    l->source = *source;
    l->sink = (struct sg_block_sink){segment, lister->write, table};
    l->n_threads = threads ? threads : 1;
    l->room = lister->memory_max / l->n_threads / PAIR_COST;
    l->room = l->room < 2 * SPAN ? 2 * SPAN : l->room;
    if (source->n_items && l->room > 2 * source->n_items)
        l->room = (size_t)(2 * source->n_items) + 2 * SPAN;
    l->counts = sg_mem_alloc(l->n_threads * BUCKETS, sizeof(*l->counts));
    l->pairs = sg_mem_alloc(2 * l->room * l->n_threads, sizeof(*l->pairs));
    segment->end = source->n_items;
    enum sg_status st = l->counts && l->pairs ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = run(l, err);
    sg_mem_free(l->pairs);
    sg_mem_free(l->counts);
    sg_mem_free(l->ranges);
    sg_mem_free(l);
    return st;
}

enum sg_status sg_list_addrs(struct sg_segment *segment, const struct sg_lister *l,
                             struct sg_err *err)
{
    const struct source source = {l->image,   l->image->addrs.count, 48, 32,
                                  addr_pairs, sg_dict_build};
    return make_list(segment, l, &source, SG_TABLE_ADDR_SEGMENTS, err);
}

enum sg_status sg_list_txs(struct sg_segment *segment, const struct sg_lister *l,
                           struct sg_err *err)
{
    const struct source source = {l->image, l->image->txs.count, 48, 32, tx_pairs, sg_dict_build};
    return make_list(segment, l, &source, SG_TABLE_TX_SEGMENTS, err);
}

enum sg_status sg_list_rows(struct sg_segment *segment, const struct sg_lister *l,
                            struct sg_err *err)
{
    unsigned shift = 0;
    while (l->image->addrs.count >> shift > BUCKETS)
        shift++;
    const struct source source = {l->image,  l->image->rows.count, shift, 0,
                                  row_pairs, sg_postings_build};
    return make_list(segment, l, &source, SG_TABLE_POSTINGS, err);
}
