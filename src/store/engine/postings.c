#include "store/engine/segment_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

#define VARINT_MAX 10 /* Bytes of a 64-bit number in base 128. */

static size_t varint_put(uint8_t *out, uint64_t value)
{
    size_t n = 0;
    while (value >= 0x80) {
        out[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    out[n++] = (uint8_t)value;
    return n;
}

bool sg_varint_next(uint64_t *value, const uint8_t **at, const uint8_t *end)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        const uint8_t byte = *(*at)++;
        sum |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = sum;
            return true;
        }
    }
    return false;
}

void sg_posting_block_open(struct sg_posting_block *view, const struct sg_block *block)
{
    view->count = sg_load32(block->bytes);
    view->payload_size = sg_load32(block->bytes + 4);
    view->base = sg_load64(block->bytes + 8);
    view->ids = block->bytes + SG_BLOCK_HEADER;
    view->ends = view->ids + (size_t)4 * view->count;
    view->payload = view->ends + (size_t)4 * view->count;
}

bool sg_posting_entry(uint64_t *id, const uint8_t **at, const uint8_t **end,
                      const struct sg_posting_block *view, size_t i)
{
    const uint32_t from = i ? sg_load32(view->ends + 4 * (i - 1)) : 0;
    const uint32_t to = sg_load32(view->ends + 4 * i);
    if (from >= to || to > view->payload_size)
        return false;
    *id = sg_load32(view->ids + 4 * i);
    *at = view->payload + from;
    *end = view->payload + to;
    return true;
}

/* Collects postings into blocks; addresses ascend, rows of one address ascend. */
struct builder {
    struct sg_block_sink *sink;
    uint64_t base;
    uint32_t *ids, *ends;
    uint8_t *payload;
    size_t count, cap_ids, cap_ends;
    size_t size, cap_payload;
    uint64_t last; /* Row before, of the address that is open. */
    uint8_t *scratch;
    size_t cap_scratch;
};

static void builder_clear(struct builder *b)
{
    sg_mem_free(b->scratch);
    sg_mem_free(b->payload);
    sg_mem_free(b->ends);
    sg_mem_free(b->ids);
}

static enum sg_status builder_flush(struct builder *b, struct sg_err *err)
{
    if (b->count == 0)
        return SG_OK;
    const uint32_t count = (uint32_t)b->count, payload = (uint32_t)b->size;
    const size_t size = SG_BLOCK_HEADER + 8 * b->count + b->size;
    if (!SG_VEC_RESERVE(b->scratch, 0, b->cap_scratch, size))
        return sg_err_nomem(err);
    memcpy(b->scratch, &count, 4);
    memcpy(b->scratch + 4, &payload, 4);
    memcpy(b->scratch + 8, &b->base, 8);
    memcpy(b->scratch + SG_BLOCK_HEADER, b->ids, 4 * b->count);
    memcpy(b->scratch + SG_BLOCK_HEADER + 4 * b->count, b->ends, 4 * b->count);
    memcpy(b->scratch + SG_BLOCK_HEADER + 8 * b->count, b->payload, b->size);
    const uint64_t first = b->ids[0];
    b->count = 0;
    b->size = 0;
    return sg_block_emit(b->sink, b->scratch, size, first, err);
}

static enum sg_status open_entry(struct builder *b, uint32_t id, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(b->ids, b->count, b->cap_ids, 1) ||
        !SG_VEC_RESERVE(b->ends, b->count, b->cap_ends, 1))
        return sg_err_nomem(err);
    b->ids[b->count] = id;
    b->ends[b->count++] = (uint32_t)b->size;
    b->last = b->base;
    return SG_OK;
}

static inline enum sg_status builder_put(struct builder *b, uint32_t id, uint64_t row,
                                         struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (b->size >= SG_POSTING_BLOCK)
        st = builder_flush(b, err);
    if (st == SG_OK && (b->count == 0 || b->ids[b->count - 1] != id))
        st = open_entry(b, id, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(b->payload, b->size, b->cap_payload, VARINT_MAX))
        return sg_err_nomem(err);
    b->size += varint_put(b->payload + b->size, row - b->last);
    b->ends[b->count - 1] = (uint32_t)b->size;
    b->last = row;
    b->sink->segment->n++;
    return SG_OK;
}

enum sg_status sg_postings_build(struct sg_block_sink *sink, const struct sg_pair *pairs, size_t n,
                                 uint64_t first, struct sg_err *err)
{
    struct builder b = {.sink = sink, .base = first};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = builder_put(&b, (uint32_t)pairs[i].key, pairs[i].value, err);
    if (st == SG_OK)
        st = builder_flush(&b, err);
    builder_clear(&b);
    return st;
}

struct cursor {
    const struct sg_segment *segment;
    struct sg_posting_block view;
    size_t block, entry;
    uint64_t id;
    const uint8_t *at, *end;
};

/* Load the entry at (block, entry). False at the end, or with *bad set. */
static bool cursor_load(struct cursor *c, bool *bad)
{
    if (c->block < c->segment->n_blocks && c->entry == 0)
        sg_posting_block_open(&c->view, &c->segment->blocks[c->block]);
    if (c->block >= c->segment->n_blocks)
        return false;
    if (sg_posting_entry(&c->id, &c->at, &c->end, &c->view, c->entry))
        return true;
    *bad = true;
    return false;
}

static bool cursor_next(struct cursor *c, bool *bad)
{
    if (++c->entry >= c->view.count) {
        c->block++;
        c->entry = 0;
    }
    return cursor_load(c, bad);
}

static enum sg_status corrupt(struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "a list of rows of an address is malformed");
}

static enum sg_status copy_entry(struct builder *b, struct cursor *c, uint64_t limit,
                                 struct sg_err *err)
{
    uint64_t row = c->view.base, delta;
    while (c->at < c->end) {
        if (!sg_varint_next(&delta, &c->at, c->end))
            return corrupt(err);
        row += delta;
        if (row >= limit)
            return SG_OK;
        /* Rows of the open address ascend, or a difference would wrap. */
        if (b->count > 0 && b->ids[b->count - 1] == c->id && row < b->last)
            return corrupt(err);
        const enum sg_status st = builder_put(b, (uint32_t)c->id, row, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static size_t least(const struct cursor *cursors, size_t n)
{
    size_t at = 0;
    for (size_t i = 1; i < n; i++)
        if (cursors[i].id < cursors[at].id)
            at = i;
    return at;
}

static enum sg_status merge_cursors(struct builder *b, struct cursor *cursors, size_t n,
                                    uint64_t limit, struct sg_err *err)
{
    bool bad = false;
    while (n > 0) {
        const size_t at = least(cursors, n);
        struct cursor *c = &cursors[at];
        const enum sg_status st = copy_entry(b, c, limit, err);
        if (st != SG_OK)
            return st;
        if (!cursor_next(c, &bad)) {
            n--;
            memmove(c, c + 1, (n - at) * sizeof(*c));
        }
    }
    return bad ? corrupt(err) : builder_flush(b, err);
}

enum sg_status sg_postings_merge(struct sg_block_sink *sink, const struct sg_segment *segments,
                                 size_t n, uint64_t limit, struct sg_err *err)
{
    struct builder b = {.sink = sink, .base = segments[0].first};
    bool bad = false;
    size_t n_cursors = 0;
    struct cursor *cursors = sg_mem_zalloc(n, sizeof(*cursors));
    if (!cursors)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        cursors[n_cursors].segment = &segments[i];
        n_cursors += cursor_load(&cursors[n_cursors], &bad);
    }
    enum sg_status st = bad ? corrupt(err) : merge_cursors(&b, cursors, n_cursors, limit, err);
    builder_clear(&b);
    sg_mem_free(cursors);
    return st;
}

/* First entry of a block whose id is at or above id, or count. */
static size_t entry_of(const struct sg_posting_block *view, uint64_t id)
{
    size_t low = 0, high = view->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sg_load32(view->ids + 4 * middle) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether block i begins with rows of id at or before `after`, so that all blocks before it can be
 * left out. */
static bool begins_before(const struct sg_segment *segment, size_t i, uint64_t id, uint64_t after)
{
    struct sg_posting_block view;
    const uint8_t *at, *end;
    uint64_t first_id, row;
    if (i >= segment->n_blocks || segment->blocks[i].first != id)
        return false;
    sg_posting_block_open(&view, &segment->blocks[i]);
    return sg_posting_entry(&first_id, &at, &end, &view, 0) && sg_varint_next(&row, &at, end) &&
           view.base + row <= after;
}

static bool walk_load(struct sg_posting_walk *w)
{
    struct sg_posting_block view;
    uint64_t id;
    if (w->block >= w->segment->n_blocks)
        return false;
    sg_posting_block_open(&view, &w->segment->blocks[w->block]);
    if (w->entry >= view.count || sg_load32(view.ids + 4 * w->entry) != w->id)
        return false;
    w->failed = !sg_posting_entry(&id, &w->at, &w->end, &view, w->entry);
    w->row = view.base;
    return !w->failed;
}

void sg_posting_begin(struct sg_posting_walk *w, const struct sg_segment *segment, uint64_t id,
                      uint64_t after)
{
    struct sg_posting_block view;
    *w = (struct sg_posting_walk){.segment = segment, .id = id, .after = after};
    if (segment->n_blocks == 0 || segment->end <= after)
        return;
    size_t low = 0, high = segment->n_blocks;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (segment->blocks[middle].first < id)
            low = middle;
        else
            high = middle;
    }
    w->block = low;
    sg_posting_block_open(&view, &segment->blocks[low]);
    w->entry = entry_of(&view, id);
    if (w->entry == view.count) {
        w->block++;
        w->entry = 0;
    }
    while (begins_before(segment, w->block + 1, id, after)) {
        w->block++;
        w->entry = 0;
    }
    (void)walk_load(w);
}

bool sg_posting_next(uint64_t *row, struct sg_posting_walk *w)
{
    uint64_t delta;
    for (;;) {
        if (w->at == w->end) {
            if (!w->at)
                return false;
            w->at = w->end = NULL;
            w->block++;
            w->entry = 0;
            if (!walk_load(w))
                return false;
        }
        if (!sg_varint_next(&delta, &w->at, w->end)) {
            w->failed = true;
            w->at = w->end = NULL;
            return false;
        }
        w->row += delta;
        if (w->row >= w->after) {
            *row = w->row;
            return true;
        }
    }
}
