#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <string.h>

void sg_span_add(struct sg_trace_span *span, struct sg_amount amount, bool first)
{
    if (first || sg_amount_cmp(amount, span->low) < 0)
        span->low = amount;
    if (first || sg_amount_cmp(amount, span->high) > 0)
        span->high = amount;
}

/* Poison is a bound, not an account of where money is: it widens a range only where it is alone. */
static bool counts(const struct sg_trace *made, const struct sg_trace_figures *figures)
{
    return figures->policy != SG_POLICY_POISON || made->n_figures == 1;
}

static void widen(struct sg_trace_range *range, const struct sg_trace_line *line, bool first)
{
    sg_span_add(&range->destinations, line->destinations, first);
    sg_span_add(&range->held, line->held, first);
    sg_span_add(&range->unobserved, line->unobserved, first);
    sg_span_add(&range->fees, line->fees, first);
}

/* The line of an asset; all zero where a policy never reached it. */
static struct sg_trace_line line_of(const struct sg_trace_figures *figures, uint32_t asset)
{
    for (size_t i = 0; i < figures->n_lines; i++)
        if (figures->lines[i].asset == asset)
            return figures->lines[i];
    return (struct sg_trace_line){.asset = asset};
}

static bool occurs(const struct sg_trace *made, uint32_t asset)
{
    for (size_t i = 0; i < made->n_figures; i++)
        for (size_t j = 0; j < made->figures[i].n_lines; j++)
            if (made->figures[i].lines[j].asset == asset)
                return true;
    return false;
}

static enum sg_status make_ranges(struct sg_tracer *tracer, struct sg_err *err)
{
    struct sg_trace *made = &tracer->made;
    struct sg_trace_range *ranges =
        sg_arena_alloc(tracer->arena, made->n_assets + 1, sizeof(*ranges));
    if (!ranges)
        return sg_err_nomem(err);
    for (uint32_t a = 0; a < made->n_assets; a++) {
        bool first = true;
        if (!occurs(made, a))
            continue;
        struct sg_trace_range *range = &ranges[made->n_ranges++];
        range->asset = a;
        for (size_t i = 0; i < made->n_figures; i++) {
            if (!counts(made, &made->figures[i]))
                continue;
            const struct sg_trace_line line = line_of(&made->figures[i], a);
            widen(range, &line, first);
            first = false;
        }
    }
    made->ranges = ranges;
    return SG_OK;
}

static const struct sg_trace_entity *entity_of(const struct sg_trace_figures *figures,
                                               const struct sg_trace_entity *like)
{
    for (size_t i = 0; i < figures->n_entities; i++) {
        const struct sg_trace_entity *e = &figures->entities[i];
        if (e->asset == like->asset && e->category == like->category &&
            strcmp(e->entity, like->entity) == 0)
            return e;
    }
    return NULL;
}

static struct sg_trace_entity_range entity_range(const struct sg_trace *made,
                                                 const struct sg_trace_entity *e)
{
    struct sg_trace_entity_range range = {e->asset, e->entity, e->category, {{0}, {0}}};
    bool first = true;
    for (size_t i = 0; i < made->n_figures; i++) {
        if (!counts(made, &made->figures[i]))
            continue;
        const struct sg_trace_entity *there = entity_of(&made->figures[i], e);
        sg_span_add(&range.amount, there ? there->amount : SG_AMOUNT_ZERO, first);
        first = false;
    }
    return range;
}

static bool seen_before(const struct sg_trace *made, size_t figures,
                        const struct sg_trace_entity *e)
{
    for (size_t i = 0; i < figures; i++)
        if (counts(made, &made->figures[i]) && entity_of(&made->figures[i], e))
            return true;
    return false;
}

static enum sg_status make_entity_ranges(struct sg_tracer *tracer, struct sg_err *err)
{
    struct sg_trace *made = &tracer->made;
    size_t n = 0;
    for (size_t i = 0; i < made->n_figures; i++)
        n += made->figures[i].n_entities;
    struct sg_trace_entity_range *ranges = sg_arena_alloc(tracer->arena, n + 1, sizeof(*ranges));
    if (!ranges)
        return sg_err_nomem(err);
    for (size_t i = 0; i < made->n_figures; i++)
        for (size_t j = 0; j < made->figures[i].n_entities; j++) {
            const struct sg_trace_entity *e = &made->figures[i].entities[j];
            if (counts(made, &made->figures[i]) && !seen_before(made, i, e))
                ranges[made->n_entity_ranges++] = entity_range(made, e);
        }
    made->entity_ranges = ranges;
    return SG_OK;
}

enum sg_status sg_ranges_make(struct sg_tracer *tracer, struct sg_err *err)
{
    const enum sg_status st = make_ranges(tracer, err);
    return st == SG_OK ? make_entity_ranges(tracer, err) : st;
}
