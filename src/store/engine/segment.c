#include "store/engine/segment_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* So many runs in memory are left as they are: the file's merge takes them all at once, and
 * searching a few more costs less than copying each entry once more. */
#define RUNS_MAX 8u

enum sg_status sg_block_emit(struct sg_block_sink *sink, const uint8_t *bytes, size_t size,
                             uint64_t first, struct sg_err *err)
{
    struct sg_segment *segment = sink->segment;
    if (segment->n_blocks >> SG_SEGMENT_BLOCK_BITS)
        return sg_err_set(err, SG_ELIMIT, "a segment of the ledger has too many blocks");
    if (sink->write) {
        const uint64_t number = segment->number << SG_SEGMENT_BLOCK_BITS | segment->n_blocks++;
        return sg_kv_write_put(sink->write, sink->table, number, bytes, size, err);
    }
    if (!SG_VEC_RESERVE(segment->blocks, segment->n_blocks, segment->cap_blocks, 1))
        return sg_err_nomem(err);
    uint8_t *copy = sg_mem_alloc(size, 1);
    if (!copy)
        return sg_err_nomem(err);
    memcpy(copy, bytes, size);
    segment->blocks[segment->n_blocks++] = (struct sg_block){copy, size, first};
    return SG_OK;
}

void sg_segment_clear(struct sg_segment *segment)
{
    if (segment->number == 0)
        for (size_t i = 0; i < segment->n_blocks; i++)
            sg_mem_free((void *)(uintptr_t)segment->blocks[i].bytes);
    sg_mem_free(segment->blocks);
    *segment = (struct sg_segment){0};
}

void sg_segments_clear(struct sg_segments *list)
{
    for (size_t i = 0; i < list->n; i++)
        sg_segment_clear(&list->items[i]);
    list->n = 0;
}

static bool block_fits(const struct sg_bytes *bytes, const struct sg_segment *segment,
                       unsigned table)
{
    if (bytes->size < SG_BLOCK_HEADER)
        return false;
    const uint64_t count = sg_load32(bytes->at), extra = sg_load32(bytes->at + 4);
    return count > 0 && sg_load64(bytes->at + 8) == segment->first &&
           bytes->size == SG_BLOCK_HEADER + 8 * count + extra &&
           (table == SG_TABLE_POSTINGS || extra == 0);
}

/* Where each block lies. Their first pages are asked for, so that a cold disk reads many at once.
 */
static enum sg_status find_blocks(struct sg_segment *segment, size_t n_blocks,
                                  struct sg_kv_txn *txn, unsigned table, struct sg_err *err)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < n_blocks; i++) {
        const uint64_t want = segment->number << SG_SEGMENT_BLOCK_BITS | i;
        uint64_t number = want;
        struct sg_bytes bytes = {0};
        const enum sg_status st = sg_kv_seek(&bytes, &number, txn, table, err);
        if (st != SG_OK && st != SG_ENOTFOUND)
            return st;
        if (st == SG_ENOTFOUND || number != want || bytes.size < SG_BLOCK_HEADER)
            return sg_err_set(err, SG_ECORRUPT, "a block of a segment is missing or malformed");
        if (!SG_VEC_RESERVE(segment->blocks, segment->n_blocks, segment->cap_blocks, 1))
            return sg_err_nomem(err);
        segment->blocks[segment->n_blocks++] = (struct sg_block){bytes.at, bytes.size, 0};
        const uintptr_t from = (uintptr_t)bytes.at / page * page;
        (void)madvise((void *)from, (uintptr_t)bytes.at + SG_BLOCK_HEADER - from, MADV_WILLNEED);
    }
    return SG_OK;
}

enum sg_status sg_segment_load(struct sg_segment *segment, struct sg_kv_txn *txn, unsigned table,
                               struct sg_err *err)
{
    const size_t n_blocks = segment->n_blocks;
    segment->n_blocks = 0;
    const enum sg_status st = find_blocks(segment, n_blocks, txn, table, err);
    for (size_t i = 0; st == SG_OK && i < segment->n_blocks; i++) {
        struct sg_block *block = &segment->blocks[i];
        const struct sg_bytes bytes = {block->bytes, block->size};
        if (!block_fits(&bytes, segment, table))
            return sg_err_set(err, SG_ECORRUPT, "a block of a segment is missing or malformed");
        block->first = sg_load32(block->bytes + SG_BLOCK_HEADER);
    }
    return st;
}

size_t sg_segments_due(const struct sg_segments *list, size_t from)
{
    if (list->n < from + 2)
        return 0;
    size_t due = 0;
    uint64_t total = list->items[list->n - 1].n;
    /* To the end: slowly shrinking runs each have more than the next, and not more than all after.
     */
    for (size_t first = list->n - 1; first > from; first--) {
        if (list->items[first - 1].n <= total)
            due = list->n - first + 1;
        total += list->items[first - 1].n;
    }
    return due;
}

struct cursor {
    const struct sg_segment *segment;
    const uint8_t *keys, *ids; /* Of the block. */
    uint64_t base;
    size_t block;
    uint32_t key, entry, count;
};

static bool cursor_load(struct cursor *c)
{
    if (c->block >= c->segment->n_blocks)
        return false;
    const uint8_t *bytes = c->segment->blocks[c->block].bytes;
    c->count = sg_load32(bytes);
    c->base = sg_load64(bytes + 8);
    c->keys = bytes + SG_BLOCK_HEADER;
    c->ids = c->keys + (size_t)4 * c->count;
    c->entry = 0;
    c->key = sg_load32(c->keys);
    return true;
}

static bool cursor_next(struct cursor *c)
{
    if (++c->entry < c->count) {
        c->key = sg_load32(c->keys + (size_t)4 * c->entry);
        return true;
    }
    c->block++;
    return cursor_load(c);
}

/* Collects entries of a dictionary into blocks. */
struct dict_builder {
    struct sg_block_sink *sink;
    uint64_t first;
    uint8_t *bytes; /* A block: header, keys, ids. */
    uint32_t count;
};

static enum sg_status builder_flush(struct dict_builder *b, struct sg_err *err)
{
    if (b->count == 0)
        return SG_OK;
    uint8_t *keys = b->bytes + SG_BLOCK_HEADER;
    memset(b->bytes, 0, SG_BLOCK_HEADER);
    memcpy(b->bytes, &b->count, 4);
    memcpy(b->bytes + 8, &b->first, 8);
    /* The ids were put behind the room of a full block. */
    memmove(keys + (size_t)4 * b->count, keys + (size_t)4 * SG_DICT_BLOCK, (size_t)4 * b->count);
    const size_t size = SG_BLOCK_HEADER + (size_t)8 * b->count;
    b->count = 0;
    return sg_block_emit(b->sink, b->bytes, size, sg_load32(keys), err);
}

static inline enum sg_status builder_put(struct dict_builder *b, uint32_t key, uint64_t id,
                                         struct sg_err *err)
{
    if (id - b->first > UINT32_MAX)
        return sg_err_set(err, SG_ELIMIT, "a segment of the ledger spans too many ids");
    const uint32_t relative = (uint32_t)(id - b->first);
    uint8_t *keys = b->bytes + SG_BLOCK_HEADER;
    memcpy(keys + (size_t)4 * b->count, &key, 4);
    memcpy(keys + (size_t)4 * SG_DICT_BLOCK + (size_t)4 * b->count, &relative, 4);
    b->sink->segment->n++;
    return ++b->count == SG_DICT_BLOCK ? builder_flush(b, err) : SG_OK;
}

static enum sg_status builder_init(struct dict_builder *b, struct sg_block_sink *sink,
                                   uint64_t first, struct sg_err *err)
{
    *b = (struct dict_builder){.sink = sink, .first = first};
    b->bytes = sg_mem_alloc(SG_BLOCK_HEADER + (size_t)8 * SG_DICT_BLOCK, 1);
    return b->bytes ? SG_OK : sg_err_nomem(err);
}

enum sg_status sg_dict_build(struct sg_block_sink *sink, const struct sg_pair *pairs, size_t n,
                             uint64_t first, struct sg_err *err)
{
    struct dict_builder b;
    enum sg_status st = builder_init(&b, sink, first, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = builder_put(&b, (uint32_t)(pairs[i].key >> 32), pairs[i].value, err);
    if (st == SG_OK)
        st = builder_flush(&b, err);
    sg_mem_free(b.bytes);
    return st;
}

/* The least key; of equal ones the earliest segment, whose ids are lower. */
static size_t least(const struct cursor *cursors, size_t n)
{
    size_t at = 0;
    for (size_t i = 1; i < n; i++)
        if (cursors[i].key < cursors[at].key)
            at = i;
    return at;
}

static enum sg_status merge_dicts(struct dict_builder *b, struct cursor *cursors, size_t n,
                                  uint64_t limit, struct sg_err *err)
{
    while (n > 0) {
        const size_t at = least(cursors, n);
        struct cursor *c = &cursors[at];
        const uint64_t id = c->base + sg_load32(c->ids + (size_t)4 * c->entry);
        if (id < limit) {
            const enum sg_status st = builder_put(b, c->key, id, err);
            if (st != SG_OK)
                return st;
        }
        if (!cursor_next(c)) {
            n--;
            memmove(c, c + 1, (n - at) * sizeof(*c)); /* Keeps the order of the segments. */
        }
    }
    return builder_flush(b, err);
}

static enum sg_status dict_merge(struct sg_block_sink *sink, const struct sg_segment *segments,
                                 size_t n, uint64_t limit, struct sg_err *err)
{
    struct cursor cursors[SG_SEGMENTS_MAX];
    struct dict_builder b;
    size_t n_cursors = 0;
    enum sg_status st = builder_init(&b, sink, segments[0].first, err);
    for (size_t i = 0; i < n; i++) {
        cursors[n_cursors] = (struct cursor){.segment = &segments[i]};
        n_cursors += cursor_load(&cursors[n_cursors]);
    }
    if (st == SG_OK)
        st = merge_dicts(&b, cursors, n_cursors, limit, err);
    sg_mem_free(b.bytes);
    return st;
}

enum sg_status sg_segments_merge(struct sg_block_sink *sink, const struct sg_segment *segments,
                                 size_t n, uint64_t limit, struct sg_err *err)
{
    assert(n > 0 && n <= SG_SEGMENTS_MAX);
    struct sg_segment *out = sink->segment;
    out->first = segments[0].first;
    out->end = segments[n - 1].end < limit ? segments[n - 1].end : limit;
    if (sink->table == SG_TABLE_POSTINGS)
        return sg_postings_merge(sink, segments, n, limit, err);
    return dict_merge(sink, segments, n, limit, err);
}

static size_t first_in_memory(const struct sg_segments *list)
{
    size_t first = list->n;
    while (first > 0 && list->items[first - 1].number == 0)
        first--;
    return first;
}

static enum sg_status merge_last(struct sg_segments *list, size_t n, struct sg_err *err)
{
    struct sg_segment merged = {0};
    struct sg_block_sink sink = {&merged, NULL, list->table};
    struct sg_segment *from = &list->items[list->n - n];
    const enum sg_status st = sg_segments_merge(&sink, from, n, UINT64_MAX, err);
    if (st != SG_OK) {
        sg_segment_clear(&merged);
        return st;
    }
    for (size_t i = 0; i < n; i++)
        sg_segment_clear(&from[i]);
    from[0] = merged;
    list->n -= n - 1;
    return SG_OK;
}

enum sg_status sg_segments_add(struct sg_segments *list, struct sg_segment *run, struct sg_err *err)
{
    if (run->n == 0) {
        sg_segment_clear(run);
        return SG_OK;
    }
    assert(list->n < SG_SEGMENTS_MAX);
    list->items[list->n++] = *run;
    *run = (struct sg_segment){0};
    const size_t first = first_in_memory(list);
    const size_t due = list->n - first > RUNS_MAX ? sg_segments_due(list, first) : 0;
    return due ? merge_last(list, due, err) : SG_OK;
}

size_t sg_segments_bytes(const struct sg_segments *list)
{
    size_t bytes = 0;
    for (size_t i = first_in_memory(list); i < list->n; i++)
        for (size_t j = 0; j < list->items[i].n_blocks; j++)
            bytes += list->items[i].blocks[j].size;
    return bytes;
}

static inline uint64_t key_at(const uint8_t *keys, size_t i)
{
    return sg_load32(keys + 4 * i);
}

/* The keys are well mixed, so this is off by about the square root of count. */
static size_t guess_entry(const uint8_t *keys, size_t count, uint64_t key)
{
    const uint64_t first = key_at(keys, 0), last = key_at(keys, count - 1);
    if (key <= first)
        return 0;
    if (key > last)
        return count - 1;
    return (size_t)((key - first) * (count - 1) / (last - first));
}

/* First entry at or above key, or count: from the guess in doubling steps, then by halving. */
static size_t lower_bound(const uint8_t *keys, size_t count, uint64_t key, size_t guess)
{
    size_t low = guess, high = guess; /* Entries below low are below key; high is not, or count. */
    size_t step = 4;
    if (key_at(keys, guess) < key) {
        low = high = guess + 1;
        while (high < count && key_at(keys, high) < key) {
            low = high + 1;
            high = count - high > step ? high + step : count;
            step *= 2;
        }
    } else {
        while (low > 0 && key_at(keys, low - 1) >= key) {
            high = low - 1;
            low = low > step ? low - step : 0;
            step *= 2;
        }
    }
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (key_at(keys, middle) < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The block where the first entry at or above key can be: the last one that begins below key. */
static size_t block_of(const struct sg_segment *segment, uint64_t key)
{
    size_t low = 0, high = segment->n_blocks; /* first(low) < key <= first(high), or low = 0. */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (segment->blocks[middle].first < key)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool search_here(uint64_t *id, struct sg_dict_search *s, const struct sg_segment *segment)
{
    while (s->block < segment->n_blocks) {
        const uint8_t *bytes = segment->blocks[s->block].bytes;
        const uint8_t *keys = bytes + SG_BLOCK_HEADER;
        const size_t count = sg_load32(bytes);
        if (s->entry < count) {
            if (key_at(keys, s->entry) != s->key >> 32)
                return false;
            *id = sg_load64(bytes + 8) + sg_load32(keys + 4 * count + 4 * s->entry);
            s->entry++;
            return true;
        }
        s->block++;
        s->entry = 0;
    }
    return false;
}

/* Whether the first entry at or above key is in this block, or right behind it. */
static bool is_in_block(const struct sg_segment *segment, size_t block, uint64_t key)
{
    return block < segment->n_blocks && segment->blocks[block].first < key &&
           (block + 1 == segment->n_blocks || key <= segment->blocks[block + 1].first);
}

static void enter_segment(struct sg_dict_search *s, const struct sg_segment *segment)
{
    const uint64_t key = s->key >> 32;
    const bool near = s->places && is_in_block(segment, s->places->at[s->segment].block, key);
    s->block = near ? s->places->at[s->segment].block : block_of(segment, key);
    const uint8_t *bytes = segment->blocks[s->block].bytes, *keys = bytes + SG_BLOCK_HEADER;
    const size_t count = sg_load32(bytes);
    size_t guess = near ? s->places->at[s->segment].entry : guess_entry(keys, count, key);
    if (guess >= count)
        guess = count - 1;
    s->entry = lower_bound(keys, count, key, guess);
    s->inside = true;
    if (s->places) {
        s->places->at[s->segment].block = s->block;
        s->places->at[s->segment].entry = s->entry;
    }
}

bool sg_dict_next(uint64_t *id, struct sg_dict_search *s)
{
    for (; s->segment < s->list->n; s->segment++) {
        const struct sg_segment *segment = &s->list->items[s->segment];
        if (!s->inside && segment->n_blocks > 0)
            enter_segment(s, segment);
        if (s->inside && search_here(id, s, segment))
            return true;
        s->inside = false;
    }
    return false;
}
