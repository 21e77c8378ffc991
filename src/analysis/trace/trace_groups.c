#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A move into a service, keyed for sorting. */
struct arrival {
    uint32_t asset, party, move;
};

static int cmp_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int cmp_arrival(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    int c = cmp_u32(x->asset, y->asset);
    if (c == 0)
        c = cmp_u32(x->party, y->party);
    return c != 0 ? c : cmp_u32(x->move, y->move);
}

/* Who was seen in this round, by party. */
struct senders {
    uint32_t *round_of;
    uint32_t round;
};

/* Different senders of some moves. */
static size_t count_senders(struct senders *seen, const struct sg_trace_figures *figures,
                            const uint32_t *moves, size_t n)
{
    size_t different = 0;
    seen->round++;
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = figures->moves[moves[i]].from;
        if (from == SG_TRACE_NONE || seen->round_of[from] == seen->round)
            continue;
        seen->round_of[from] = seen->round;
        different++;
    }
    return different;
}

static void add_time(int64_t *first, int64_t *last, int64_t time)
{
    if (time == SG_TIME_UNKNOWN)
        return;
    if (*first == SG_TIME_UNKNOWN || time < *first)
        *first = time;
    if (*last == SG_TIME_UNKNOWN || time > *last)
        *last = time;
}

/* Sum the moves of a destination; a row that brought several thefts is one transfer. */
static enum sg_status sum_moves(struct sg_trace_destination *d, const struct sg_trace_figures *f,
                                struct sg_err *err)
{
    d->first_unix_s = d->last_unix_s = SG_TIME_UNKNOWN;
    for (size_t i = 0; i < d->n_moves; i++) {
        const struct sg_trace_move *m = &f->moves[d->moves[i]];
        if (!sg_amount_add(&d->amount, d->amount, m->tainted))
            return sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
        d->transfers += i == 0 || m->row == UINT64_MAX || f->moves[d->moves[i - 1]].row != m->row;
        add_time(&d->first_unix_s, &d->last_unix_s, m->time_unix_s);
    }
    return SG_OK;
}

/* Label of a service's address: the trace stops where a label says so, hence there is one. */
static void name_destination(struct sg_trace_destination *d, const struct sg_trace *made)
{
    const struct sg_case_label *label = made->parties[d->party].label;
    SG_VERIFY(label);
    d->entity = label ? label->entity : "";
    d->category = label ? label->category : SG_CATEGORY_OTHER;
}

static int cmp_destination(const void *a, const void *b)
{
    const struct sg_trace_destination *x = a, *y = b;
    if (x->asset != y->asset)
        return cmp_u32(x->asset, y->asset);
    const int c = sg_amount_cmp(y->amount, x->amount);
    return c != 0 ? c : cmp_u32(x->party, y->party);
}

static size_t list_arrivals(struct arrival *arrivals, const struct sg_trace_figures *figures)
{
    size_t n = 0;
    for (size_t i = 0; i < figures->n_moves; i++)
        if (figures->moves[i].to_service)
            arrivals[n++] =
                (struct arrival){figures->moves[i].asset, figures->moves[i].to, (uint32_t)i};
    if (n > 1)
        qsort(arrivals, n, sizeof(*arrivals), cmp_arrival);
    return n;
}

static enum sg_status make_destinations(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                        struct arrival *arrivals, struct senders *seen,
                                        struct sg_err *err)
{
    const size_t n = list_arrivals(arrivals, figures);
    struct sg_trace_destination *made = sg_arena_alloc(tracer->arena, n + 1, sizeof(*made));
    uint32_t *moves = sg_arena_alloc(tracer->arena, n + 1, sizeof(*moves));
    size_t k = 0;
    if (!made || !moves)
        return sg_err_nomem(err);
    for (size_t first = 0, end; first < n; first = end) {
        struct sg_trace_destination *d = &made[k++];
        for (end = first; end < n && arrivals[end].asset == arrivals[first].asset &&
                          arrivals[end].party == arrivals[first].party;
             end++)
            moves[end] = arrivals[end].move;
        *d = (struct sg_trace_destination){.asset = arrivals[first].asset,
                                           .party = arrivals[first].party,
                                           .moves = moves + first,
                                           .n_moves = end - first};
        const enum sg_status st = sum_moves(d, figures, err);
        if (st != SG_OK)
            return st;
        d->senders = count_senders(seen, figures, d->moves, d->n_moves);
        name_destination(d, &tracer->made);
    }
    if (k > 1)
        qsort(made, k, sizeof(*made), cmp_destination);
    figures->destinations = made;
    figures->n_destinations = k;
    return SG_OK;
}

/* Destinations by asset, entity and category: what one line of a summary holds. */
struct grouping {
    const struct sg_trace_destination *all;
    uint32_t index;
};

static int cmp_entity_key(const struct sg_trace_destination *x,
                          const struct sg_trace_destination *y)
{
    int c = cmp_u32(x->asset, y->asset);
    if (c == 0)
        c = strcmp(x->entity, y->entity);
    return c != 0 ? c : (int)x->category - (int)y->category;
}

static int cmp_grouping(const void *a, const void *b)
{
    const struct grouping *x = a, *y = b;
    const int c = cmp_entity_key(&x->all[x->index], &y->all[y->index]);
    return c != 0 ? c : cmp_u32(x->index, y->index);
}

static int cmp_entity(const void *a, const void *b)
{
    const struct sg_trace_entity *x = a, *y = b;
    if (x->asset != y->asset)
        return cmp_u32(x->asset, y->asset);
    int c = sg_amount_cmp(y->amount, x->amount);
    if (c == 0)
        c = strcmp(x->entity, y->entity);
    return c != 0 ? c : (int)x->category - (int)y->category;
}

static enum sg_status sum_entity(struct sg_trace_entity *e, const struct sg_trace_figures *figures,
                                 struct senders *seen, uint32_t *moves, struct sg_err *err)
{
    size_t n = 0;
    e->first_unix_s = e->last_unix_s = SG_TIME_UNKNOWN;
    for (size_t i = 0; i < e->n_destinations; i++) {
        const struct sg_trace_destination *d = &figures->destinations[e->destinations[i]];
        if (!sg_amount_add(&e->amount, e->amount, d->amount))
            return sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
        e->transfers += d->transfers;
        add_time(&e->first_unix_s, &e->last_unix_s, d->first_unix_s);
        add_time(&e->first_unix_s, &e->last_unix_s, d->last_unix_s);
        for (size_t j = 0; j < d->n_moves; j++)
            moves[n++] = d->moves[j];
    }
    e->addresses = e->n_destinations;
    e->senders = count_senders(seen, figures, moves, n);
    return SG_OK;
}

static void sort_groups(struct grouping *groups, const struct sg_trace_figures *figures)
{
    for (size_t i = 0; i < figures->n_destinations; i++)
        groups[i] = (struct grouping){figures->destinations, (uint32_t)i};
    if (figures->n_destinations > 1)
        qsort(groups, figures->n_destinations, sizeof(*groups), cmp_grouping);
}

static enum sg_status make_entities(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                    struct grouping *groups, struct senders *seen, uint32_t *moves,
                                    struct sg_err *err)
{
    const size_t n = figures->n_destinations;
    struct sg_trace_entity *made = sg_arena_alloc(tracer->arena, n + 1, sizeof(*made));
    uint32_t *index = sg_arena_alloc(tracer->arena, n + 1, sizeof(*index));
    size_t k = 0;
    if (!made || !index)
        return sg_err_nomem(err);
    sort_groups(groups, figures);
    for (size_t first = 0, end; first < n; first = end) {
        const struct sg_trace_destination *d = &figures->destinations[groups[first].index];
        for (end = first;
             end < n && cmp_entity_key(d, &figures->destinations[groups[end].index]) == 0; end++)
            index[end] = groups[end].index;
        made[k] = (struct sg_trace_entity){.asset = d->asset,
                                           .entity = d->entity,
                                           .category = d->category,
                                           .destinations = index + first,
                                           .n_destinations = end - first};
        const enum sg_status st = sum_entity(&made[k++], figures, seen, moves, err);
        if (st != SG_OK)
            return st;
    }
    if (k > 1)
        qsort(made, k, sizeof(*made), cmp_entity);
    figures->entities = made;
    figures->n_entities = k;
    return SG_OK;
}

enum sg_status sg_groups_make(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                              struct sg_err *err)
{
    const size_t n = figures->n_moves + 1;
    struct arrival *arrivals = sg_mem_alloc(n, sizeof(*arrivals));
    struct grouping *groups = sg_mem_alloc(n, sizeof(*groups));
    struct senders seen = {sg_mem_zalloc(tracer->made.n_parties + 1, sizeof(uint32_t)), 0};
    uint32_t *moves = sg_mem_alloc(n, sizeof(*moves));
    enum sg_status st = arrivals && groups && seen.round_of && moves ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = make_destinations(figures, tracer, arrivals, &seen, err);
    if (st == SG_OK)
        st = make_entities(figures, tracer, groups, &seen, moves, err);
    sg_mem_free(moves);
    sg_mem_free(seen.round_of);
    sg_mem_free(groups);
    sg_mem_free(arrivals);
    return st;
}
