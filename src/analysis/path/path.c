#include "analysis/path/path.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The best way that stolen money of a move could have come so far. */
struct arrival {
    struct sg_amount width; /* zero: by no path */
    uint32_t before;        /* move, or SG_TRACE_NONE: money enters here */
    uint32_t length;        /* moves, this one included */
};

/* (party, asset, theft) as a key, to find the best arrival there quickly. */
struct place {
    uint32_t party, asset;
    size_t theft;
    uint32_t best; /* move, or SG_TRACE_NONE */
};

struct search {
    const struct sg_trace *trace;
    const struct sg_trace_figures *figures;
    struct arrival *arrivals; /* one a move */
    struct place *places;     /* ascending by party, asset */
    size_t n_places;
    bool *wanted; /* one a party */
};

static int cmp_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->party != y->party)
        return x->party < y->party ? -1 : 1;
    if (x->asset != y->asset)
        return x->asset < y->asset ? -1 : 1;
    return (x->theft > y->theft) - (x->theft < y->theft);
}

static struct place *place_of(const struct search *s, uint32_t party, uint32_t asset, size_t theft)
{
    const struct place key = {party, asset, theft, SG_TRACE_NONE};
    if (s->n_places == 0)
        return NULL;
    return bsearch(&key, s->places, s->n_places, sizeof(key), cmp_place);
}

static void list_places(struct search *s)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < s->figures->n_moves; i++) {
        const struct sg_trace_move *move = &s->figures->moves[i];
        s->places[n++] = (struct place){move->to, move->asset, move->theft, SG_TRACE_NONE};
    }
    if (n > 1)
        qsort(s->places, n, sizeof(*s->places), cmp_place);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || cmp_place(&s->places[kept - 1], &s->places[i]) != 0)
            s->places[kept++] = s->places[i];
    s->n_places = kept;
}

/* Wider, else shorter; what came first stays. */
static bool is_better(const struct arrival *a, const struct arrival *b)
{
    const int c = sg_amount_cmp(a->width, b->width);
    return c > 0 || (c == 0 && a->length < b->length);
}

/* What of `width` a swap turned into: in proportion to what it gave and got. */
static struct sg_amount across(const struct search *s, const struct sg_trace_move *move,
                               struct sg_amount width)
{
    const struct sg_trace_conversion *c = &s->figures->conversions[move->conversion];
    return sg_amount_mul_div(NULL, sg_amount_min(width, c->out), c->in, c->out);
}

/* Where a move takes its money from. */
static struct place *source_of(const struct search *s, const struct sg_trace_move *move)
{
    uint32_t asset = move->asset;
    if (move->kind == SG_MOVE_SWAP)
        asset = s->figures->conversions[move->conversion].asset_out;
    return place_of(s, move->from, asset, move->theft);
}

static struct arrival arrive(const struct search *s, const struct sg_trace_move *move)
{
    struct arrival made = {.before = SG_TRACE_NONE, .length = 1};
    if (move->kind == SG_MOVE_SEED || move->kind == SG_MOVE_ENTRY || move->is_seed)
        made.width = move->tainted;
    if (move->kind == SG_MOVE_SEED || move->kind == SG_MOVE_ENTRY)
        return made;
    const struct place *from = source_of(s, move);
    if (!from || from->best == SG_TRACE_NONE)
        return made;
    const struct arrival *before = &s->arrivals[from->best];
    struct arrival carried = {.before = from->best, .length = before->length + 1};
    carried.width = move->kind == SG_MOVE_SWAP ? across(s, move, before->width) : before->width;
    carried.width = sg_amount_min(carried.width, move->tainted);
    return is_better(&carried, &made) && !sg_amount_is_zero(carried.width) ? carried : made;
}

/* Moves are in order of time, so one pass meets every predecessor first. */
static void sweep(struct search *s)
{
    for (size_t i = 0; i < s->figures->n_moves; i++) {
        const struct sg_trace_move *move = &s->figures->moves[i];
        s->arrivals[i] = arrive(s, move);
        struct place *to = place_of(s, move->to, move->asset, move->theft);
        if (sg_amount_is_zero(s->arrivals[i].width) || move->is_dust)
            continue;
        if (to->best == SG_TRACE_NONE || is_better(&s->arrivals[i], &s->arrivals[to->best]))
            to->best = (uint32_t)i;
    }
}

/* Parties that the target names, by address or by the entity of their label. */
static size_t find_wanted(struct search *s, const char *target)
{
    size_t n = 0;
    for (size_t i = 0; i < s->trace->n_parties; i++) {
        const struct sg_trace_party *p = &s->trace->parties[i];
        char text[SG_ADDRESS_TEXT_MAX];
        sg_address_format(text, p->chain, &p->address);
        const bool hit =
            p->chain->hex20 ? strcasecmp(text, target) == 0 : strcmp(text, target) == 0;
        s->wanted[i] =
            p->address.size > 0 && (hit || (p->label && strcasecmp(p->label->entity, target) == 0));
        n += s->wanted[i];
    }
    return n;
}

/* The best of all moves that ended at the target; NONE if there is none. Across assets, the one
 * that more stolen money arrived in by count of steps cannot be told: the first asset with one
 * wins. */
static uint32_t best_end(const struct search *s)
{
    uint32_t best = SG_TRACE_NONE;
    for (size_t i = 0; i < s->figures->n_moves; i++) {
        const struct sg_trace_move *move = &s->figures->moves[i];
        if (!s->wanted[move->to] || sg_amount_is_zero(s->arrivals[i].width))
            continue;
        if (best == SG_TRACE_NONE || move->asset < s->figures->moves[best].asset ||
            (move->asset == s->figures->moves[best].asset &&
             is_better(&s->arrivals[i], &s->arrivals[best])))
            best = (uint32_t)i;
    }
    return best;
}

static enum sg_status sum_arrived(struct sg_path *path, const struct search *s, uint32_t end,
                                  struct sg_err *err)
{
    for (size_t i = 0; i < s->figures->n_moves; i++) {
        const struct sg_trace_move *move = &s->figures->moves[i];
        if (!s->wanted[move->to] || move->asset != s->figures->moves[end].asset ||
            move->from == move->to)
            continue;
        path->arrivals++;
        if (!sg_amount_add(&path->arrived, path->arrived, move->tainted))
            return sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
    }
    return SG_OK;
}

static enum sg_status write_path(struct sg_path *path, struct sg_arena *arena,
                                 const struct search *s, uint32_t end, struct sg_err *err)
{
    struct sg_path made = {.width = s->arrivals[end].width, .n_moves = s->arrivals[end].length};
    uint32_t *moves = sg_arena_alloc(arena, made.n_moves, sizeof(*moves));
    if (!moves)
        return sg_err_nomem(err);
    uint32_t at = end;
    for (size_t i = made.n_moves; i > 0; i--) {
        moves[i - 1] = at;
        at = s->arrivals[at].before;
    }
    made.moves = moves;
    const enum sg_status st = sum_arrived(&made, s, end, err);
    if (st == SG_OK)
        *path = made;
    return st;
}

static enum sg_status find(struct sg_path *path, struct sg_arena *arena, struct search *s,
                           const char *target, struct sg_err *err)
{
    if (find_wanted(s, target) == 0)
        return sg_err_set(err, SG_ENOTFOUND, "the trace knows no address and no entity '%s'",
                          target);
    list_places(s);
    sweep(s);
    const uint32_t end = best_end(s);
    if (end == SG_TRACE_NONE)
        return sg_err_set(err, SG_ENOTFOUND, "under %s no stolen money reached '%s'",
                          sg_policy_name(s->figures->policy), target);
    return write_path(path, arena, s, end, err);
}

enum sg_status sg_path_find(struct sg_path *path, struct sg_arena *arena,
                            const struct sg_trace *trace, const struct sg_trace_figures *figures,
                            const char *target, struct sg_err *err)
{
    struct search s = {.trace = trace, .figures = figures};
    s.arrivals = sg_mem_alloc(figures->n_moves + 1, sizeof(*s.arrivals));
    s.places = sg_mem_alloc(figures->n_moves + 1, sizeof(*s.places));
    s.wanted = sg_mem_alloc(trace->n_parties + 1, sizeof(*s.wanted));
    const enum sg_status st =
        s.arrivals && s.places && s.wanted ? find(path, arena, &s, target, err) : sg_err_nomem(err);
    sg_mem_free(s.wanted);
    sg_mem_free(s.places);
    sg_mem_free(s.arrivals);
    return st;
}
