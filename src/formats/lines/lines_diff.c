/* The shortest edit script of two texts, by Myers' greedy algorithm with its trace kept. */
#include "formats/lines/lines.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

/* The part of two texts between their common begin and end. */
struct middle {
    const struct sg_line *a, *b;
    size_t n_a, n_b;
    size_t begin; /* common lines before it */
};

static struct middle middle_of(const struct sg_lines *a, const struct sg_lines *b)
{
    size_t begin = 0, end = 0;
    const size_t least = a->n < b->n ? a->n : b->n;
    while (begin < least && a->lines[begin].hash == b->lines[begin].hash)
        begin++;
    while (end < least - begin && a->lines[a->n - 1 - end].hash == b->lines[b->n - 1 - end].hash)
        end++;
    return (struct middle){a->lines ? a->lines + begin : NULL, b->lines ? b->lines + begin : NULL,
                           a->n - begin - end, b->n - begin - end, begin};
}

/* reach[d * (d + 1) / 2 + ...]: row d holds, for k = -d, -d+2 .. d, how far into `a` a path with d
 * edits gets on diagonal k (x - y = k). One row behind the other: row d begins at d (d + 1) / 2. */
static size_t cell(size_t d, size_t index)
{
    return d * (d + 1) / 2 + index;
}

/* What stands in a cell when no path with d edits is on the diagonal inside both texts. */
#define NO_PATH (-1)

/* Furthest x on diagonal number `index` of row d, before equal lines are followed. */
static int64_t step_to(const int64_t *reach, const struct middle *m, size_t d, size_t index)
{
    const int64_t k = 2 * (int64_t)index - (int64_t)d;
    int64_t down = NO_PATH, right = NO_PATH;
    if (d == 0)
        return 0;
    if (index < d)
        down = reach[cell(d - 1, index)];
    if (down - k > (int64_t)m->n_b)
        down = NO_PATH;
    if (index > 0 && reach[cell(d - 1, index - 1)] != NO_PATH)
        right = reach[cell(d - 1, index - 1)] + 1;
    if (right > (int64_t)m->n_a)
        right = NO_PATH;
    return down > right ? down : right;
}

/* Fill row d; true when a path came to the end of both. */
static bool fill_row(int64_t *reach, const struct middle *m, size_t d)
{
    bool found = false;
    for (size_t index = 0; index <= d; index++) {
        const int64_t k = 2 * (int64_t)index - (int64_t)d;
        int64_t x = step_to(reach, m, d, index);
        while (x != NO_PATH && x < (int64_t)m->n_a && x - k < (int64_t)m->n_b &&
               m->a[x].hash == m->b[x - k].hash)
            x++;
        reach[cell(d, index)] = x;
        found |= x == (int64_t)m->n_a && x - k == (int64_t)m->n_b;
    }
    return found;
}

struct script {
    struct sg_hunk *hunks; /* from the last to the first */
    size_t n;
};

/* Put an edit before the hunks so far; it joins the last one if no equal line lies between. */
static void put_edit(struct script *s, struct sg_hunk edit)
{
    struct sg_hunk *last = s->n ? &s->hunks[s->n - 1] : NULL;
    if (last && edit.before + edit.n_before == last->before &&
        edit.after + edit.n_after == last->after) {
        last->before = edit.before;
        last->after = edit.after;
        last->n_before += edit.n_before;
        last->n_after += edit.n_after;
        return;
    }
    s->hunks[s->n++] = edit;
}

/* Walk back from the end along the rows. */
static void trace_back(struct script *s, const int64_t *reach, const struct middle *m, size_t cost)
{
    int64_t k = (int64_t)m->n_a - (int64_t)m->n_b;
    for (size_t d = cost; d > 0; d--) {
        const size_t index = (size_t)(k + (int64_t)d) / 2;
        const int64_t x = step_to(reach, m, d, index), y = x - k;
        const bool is_insert = index < d && reach[cell(d - 1, index)] == x;
        k += is_insert ? 1 : -1;
        put_edit(s, (struct sg_hunk){(size_t)(is_insert ? x : x - 1) + m->begin, !is_insert,
                                     (size_t)(is_insert ? y - 1 : y) + m->begin, is_insert});
    }
    assert(k == 0);
}

static void reverse(struct script *s)
{
    for (size_t i = 0; i < s->n / 2; i++) {
        const struct sg_hunk swap = s->hunks[i];
        s->hunks[i] = s->hunks[s->n - 1 - i];
        s->hunks[s->n - 1 - i] = swap;
    }
}

/* Rows are added until a path is found or the cost is used up; 0 rows are kept then. */
static enum sg_status search(int64_t **reach, size_t *cost, bool *found, const struct middle *m,
                             size_t cost_max, struct sg_err *err)
{
    size_t capacity = 0;
    *found = false;
    for (size_t d = 0; d <= cost_max && !*found; d++) {
        if (cell(d + 1, 0) > capacity) {
            capacity = 2 * cell(d + 1, 0);
            int64_t *more = sg_mem_realloc(*reach, capacity, sizeof(**reach));
            if (!more)
                return sg_err_nomem(err);
            *reach = more;
        }
        *found = fill_row(*reach, m, d);
        *cost = d;
    }
    return SG_OK;
}

enum sg_status sg_lines_diff(struct sg_hunk **hunks, size_t *n_hunks, struct sg_arena *arena,
                             const struct sg_lines *a, const struct sg_lines *b, size_t cost_max,
                             struct sg_err *err)
{
    const struct middle m = middle_of(a, b);
    int64_t *reach = NULL;
    size_t cost = 0;
    bool found;
    enum sg_status st = search(&reach, &cost, &found, &m, cost_max, err);
    struct script script = {NULL, 0};
    if (st == SG_OK) {
        script.hunks = sg_arena_alloc(arena, found ? cost + 1 : 1, sizeof(*script.hunks));
        if (!script.hunks)
            st = sg_err_nomem(err);
    }
    if (st == SG_OK) {
        if (found)
            trace_back(&script, reach, &m, cost);
        else
            put_edit(&script, (struct sg_hunk){m.begin, m.n_a, m.begin, m.n_b});
        reverse(&script);
        *hunks = script.hunks;
        *n_hunks = script.n;
    }
    sg_mem_free(reach);
    return st;
}
