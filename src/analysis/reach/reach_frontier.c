/* From the sources outward: the rows of whoever was reached in the last round, and of nobody else.
 * A later round may find an earlier way to an address; it then counts as reached anew, until
 * nothing changes. What remains is the earliest row for each, as the scan finds it. */
#include "analysis/reach/reach_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

#define TOLD_EVERY 4096 /* rows between two looks at whether to stop */

#define SOURCE 0 /* no row is needed: the time before the first row */

/* Arrival is 1 + the row that reached it, SOURCE for sources. */
struct arrival {
    uint64_t time;
    uint32_t addr; /* SG_ID_NONE: the slot is free */
    bool is_stop;
    bool waits; /* in the next round */
};

struct frontier {
    const struct sg_ledger *ledger;
    const struct sg_reach_options *options;
    struct arrival *slots; /* open addressing; n_slots is a power of two */
    size_t n_slots, n_used;
    struct sg_addr_id *round, *next;
    size_t n_next, cap_next;
    uint64_t n_read, read_max;
    enum sg_status status;
    struct sg_err *err;
};

static size_t slot_of(const struct arrival *slots, size_t n_slots, uint32_t addr)
{
    size_t at = (size_t)(addr * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n_slots - 1);
    while (slots[at].addr != SG_ID_NONE && slots[at].addr != addr)
        at = (at + 1) & (n_slots - 1);
    return at;
}

static bool grow(struct frontier *f)
{
    const size_t n = f->n_slots ? 2 * f->n_slots : 1024;
    struct arrival *slots = sg_mem_alloc(n, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < n; i++)
        slots[i] = (struct arrival){.addr = SG_ID_NONE};
    for (size_t i = 0; i < f->n_slots; i++)
        if (f->slots[i].addr != SG_ID_NONE)
            slots[slot_of(slots, n, f->slots[i].addr)] = f->slots[i];
    sg_mem_free(f->slots);
    f->slots = slots;
    f->n_slots = n;
    return true;
}

/* The place of an address, made free for it if it has none; NULL without memory. */
static struct arrival *place(struct frontier *f, uint32_t addr)
{
    if (2 * (f->n_used + 1) > f->n_slots && !grow(f))
        return NULL;
    struct arrival *a = &f->slots[slot_of(f->slots, f->n_slots, addr)];
    if (a->addr == SG_ID_NONE) {
        *a = (struct arrival){.addr = addr, .time = UINT64_MAX};
        f->n_used++;
    }
    return a;
}

/* Somebody is reached at `time`, earlier than was known. */
static void arrive(struct frontier *f, struct arrival *a, uint64_t time)
{
    a->time = time;
    if (a->waits || (a->is_stop && time != SOURCE))
        return;
    if (!SG_VEC_RESERVE(f->next, f->n_next, f->cap_next, 1)) {
        f->status = sg_err_nomem(f->err);
        return;
    }
    a->waits = true;
    f->next[f->n_next++].v = a->addr;
}

/* Whether to go on. */
static bool told(struct frontier *f)
{
    if (f->n_read % TOLD_EVERY != 1 || sg_progress_step(f->options->progress, f->n_read, 0))
        return true;
    f->status = sg_err_set(f->err, SG_ECANCELLED, "stopped: %llu rows were read",
                           (unsigned long long)f->n_read);
    return false;
}

static bool on_row(void *ctx, const struct sg_row *row)
{
    struct frontier *f = ctx;
    if (f->n_read++ >= f->read_max || !told(f))
        return false;
    if (!sg_reach_carries(row, f->options))
        return true;
    const struct arrival *from = &f->slots[slot_of(f->slots, f->n_slots, row->from.v)];
    if (from->addr == SG_ID_NONE || (from->is_stop && from->time != SOURCE) || from->time > row->id)
        return true;
    struct arrival *to = place(f, row->to.v);
    if (!to)
        f->status = sg_err_nomem(f->err);
    else if (row->id + 1 < to->time)
        arrive(f, to, row->id + 1);
    return f->status == SG_OK;
}

/* Ask for the rows of all that wait, from the earliest arrival on. */
static void run_round(struct frontier *f)
{
    struct sg_addr_id *ids = f->next;
    const size_t n = f->n_next;
    uint64_t after = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        struct arrival *a = &f->slots[slot_of(f->slots, f->n_slots, ids[i].v)];
        a->waits = false;
        after = a->time < after ? a->time : after;
    }
    f->next = NULL;
    f->n_next = f->cap_next = 0;
    const enum sg_status st =
        f->ledger->ops->rows_of(f->ledger->self, ids, n, after, on_row, f, f->err);
    f->status = f->status == SG_OK ? st : f->status;
    sg_mem_free(ids);
}

static void begin(struct frontier *f)
{
    for (size_t i = 0; f->status == SG_OK && i < f->options->n_stops; i++) {
        struct arrival *a = place(f, f->options->stops[i].v);
        if (a)
            a->is_stop = true;
        else
            f->status = sg_err_nomem(f->err);
    }
    for (size_t i = 0; f->status == SG_OK && i < f->options->n_sources; i++) {
        struct arrival *a = place(f, f->options->sources[i].v);
        if (a)
            arrive(f, a, SOURCE);
        else
            f->status = sg_err_nomem(f->err);
    }
}

static int by_row(const void *a, const void *b)
{
    const struct sg_reached *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

static enum sg_status collect(struct sg_reach *reach, const struct frontier *f)
{
    size_t capacity = 0;
    if (!SG_VEC_RESERVE(reach->items, 0, capacity, f->n_used + 1))
        return sg_err_nomem(f->err);
    for (size_t i = 0; i < f->n_slots; i++) {
        const struct arrival *a = &f->slots[i];
        if (a->addr != SG_ID_NONE && a->time != SOURCE && a->time != UINT64_MAX)
            reach->items[reach->n_items++] = sg_reached_by(a->time - 1, a->is_stop);
    }
    qsort(reach->items, reach->n_items, sizeof(*reach->items), by_row);
    return SG_OK;
}

enum sg_status sg_reach_frontier(struct sg_reach *reach, bool *done, const struct sg_ledger *ledger,
                                 const struct sg_reach_options *options, uint64_t rows_max,
                                 struct sg_err *err)
{
    struct frontier f = {.ledger = ledger, .options = options, .read_max = rows_max, .err = err};
    begin(&f);
    while (f.status == SG_OK && f.n_next && f.n_read <= rows_max)
        run_round(&f);
    *done = f.n_read <= rows_max;
    if (f.status == SG_OK && *done)
        f.status = collect(reach, &f);
    reach->route = SG_REACH_FRONTIER;
    reach->rows_read = f.n_read;
    sg_mem_free(f.slots);
    sg_mem_free(f.next);
    return f.status;
}
