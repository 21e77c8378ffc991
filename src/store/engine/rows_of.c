#include "store/engine/image_internal.h"

#include "base/mem.h"

#include <string.h>

/* Rows found before they are read and handed on: few at first, as many a caller wants only the
 * next, then more. */
#define FOUND_FIRST 16u
#define FOUND_MAX   1024u

struct hit {
    uint64_t row;
    size_t walk;
};

/* One call. Segments cover ascending ranges of rows, so they are taken one after the other, and
 * within one the walks of the addresses meet in a heap with the lowest row on top. */
struct search {
    const struct sg_image *image;
    const struct sg_addr_id *addrs;
    size_t n_addrs;
    struct sg_posting_walk *walks; /* One an address. */
    struct hit *heap;
    size_t n_heap;
    uint64_t found[FOUND_MAX];
    size_t n_found, room;
    struct sg_row rows[FOUND_MAX];
    bool (*visit)(void *ctx, const struct sg_row *row);
    void *ctx;
    bool stopped;
};

static void sift_down(struct search *s, size_t at)
{
    for (;;) {
        size_t low = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < s->n_heap; child++)
            if (s->heap[child].row < s->heap[low].row)
                low = child;
        if (low == at)
            return;
        const struct hit hit = s->heap[at];
        s->heap[at] = s->heap[low];
        s->heap[low] = hit;
        at = low;
    }
}

static enum sg_status corrupt(struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "a list of rows of an address is malformed");
}

static enum sg_status hand_on(struct search *s, struct sg_err *err)
{
    for (size_t i = 0, end; i < s->n_found; i = end) {
        for (end = i + 1; end < s->n_found && s->found[end] == s->found[i] + (end - i);)
            end++;
        const enum sg_status st = sg_image_rows(&s->rows[i], s->image, s->found[i], end - i, err);
        if (st != SG_OK)
            return st;
    }
    for (size_t i = 0; !s->stopped && i < s->n_found; i++)
        s->stopped = !s->visit(s->ctx, &s->rows[i]);
    s->n_found = 0;
    s->room = s->room < FOUND_MAX ? 2 * s->room : FOUND_MAX;
    return SG_OK;
}

static enum sg_status found(struct search *s, uint64_t row, struct sg_err *err)
{
    if (s->n_found > 0 && s->found[s->n_found - 1] == row)
        return SG_OK; /* From and to are both asked for. */
    if (row >= s->image->rows.count || (s->n_found > 0 && s->found[s->n_found - 1] > row))
        return corrupt(err);
    if (s->n_found == s->room) {
        const enum sg_status st = hand_on(s, err);
        if (st != SG_OK || s->stopped)
            return st;
    }
    s->found[s->n_found++] = row;
    return SG_OK;
}

static enum sg_status begin_segment(struct search *s, const struct sg_segment *segment,
                                    uint64_t after, struct sg_err *err)
{
    s->n_heap = 0;
    for (size_t i = 0; i < s->n_addrs; i++) {
        uint64_t row;
        sg_posting_begin(&s->walks[i], segment, s->addrs[i].v, after);
        if (sg_posting_next(&row, &s->walks[i]))
            s->heap[s->n_heap++] = (struct hit){row, i};
        if (s->walks[i].failed)
            return corrupt(err);
    }
    for (size_t i = s->n_heap / 2; i-- > 0;)
        sift_down(s, i);
    return SG_OK;
}

static enum sg_status walk_segment(struct search *s, struct sg_err *err)
{
    while (s->n_heap > 0 && !s->stopped) {
        struct hit *top = &s->heap[0];
        const enum sg_status st = found(s, top->row, err);
        if (st != SG_OK)
            return st;
        struct sg_posting_walk *walk = &s->walks[top->walk];
        if (!sg_posting_next(&top->row, walk))
            *top = s->heap[--s->n_heap];
        if (walk->failed)
            return corrupt(err);
        sift_down(s, 0);
    }
    return SG_OK;
}

enum sg_status sg_image_rows_of(void *self, const struct sg_addr_id *addrs, size_t n,
                                uint64_t after, bool (*visit)(void *ctx, const struct sg_row *row),
                                void *ctx, struct sg_err *err)
{
    const struct sg_image *image = self;
    const struct sg_segments *list = &image->lists[SG_LIST_POSTINGS];
    enum sg_status st = SG_OK;
    struct search *s = sg_mem_alloc(1, sizeof(*s));
    if (!s)
        return sg_err_nomem(err);
    *s = (struct search){.image = image, .addrs = addrs, .n_addrs = n, .room = FOUND_FIRST};
    s->visit = visit;
    s->ctx = ctx;
    s->walks = sg_mem_alloc(n, sizeof(*s->walks));
    s->heap = sg_mem_alloc(n, sizeof(*s->heap));
    if (!s->walks || !s->heap)
        st = sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && !s->stopped && i < list->n; i++) {
        st = begin_segment(s, &list->items[i], after, err);
        if (st == SG_OK)
            st = walk_segment(s, err);
    }
    if (st == SG_OK && !s->stopped)
        st = hand_on(s, err);
    sg_mem_free(s->heap);
    sg_mem_free(s->walks);
    sg_mem_free(s);
    return st;
}
