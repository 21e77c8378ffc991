/* One pass over the senders and receivers of all rows, piece by piece. Who is known never becomes
 * unknown. So a row whose receiver was known at any earlier moment cannot matter: threads read
 * pieces ahead and drop such rows by the bitmap as they find it. What is left of a piece goes on,
 * piece after piece in order, to the one who decides and sets the bitmap. */
#include "analysis/reach/reach_filter_internal.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"

/* So many pieces a thread may be read before the order comes to them. */
#define SLOTS_PER_THREAD 2

/* Candidates ahead whose words of the bitmap are fetched. */
#define AHEAD 16

struct scan {
    struct sg_reach *reach;
    struct sg_reach_filter filter;
    struct sg_reach_piece *slots;
    size_t n_slots, capacity;
    enum sg_status status; /* of the ordered step, like err */
    struct sg_err *err;
};

static void work(void *ctx, size_t index)
{
    struct scan *s = ctx;
    sg_reach_filter_piece(&s->slots[index % s->n_slots], &s->filter, index);
}

/* Whether a row carries whose sender was not known yet when the piece was read. */
static bool carries(struct scan *s, uint64_t row)
{
    const struct sg_ledger *l = s->filter.ledger;
    bool moves = false;
    s->status = l->ops->moves(l->self, &moves, &row, 1, s->err);
    return s->status == SG_OK && moves;
}

/* Whom the candidates reach. Few that are not sure have become so by now; whether one that is sure
 * comes too late is a toss, and so without a branch. */
static void decide(struct scan *s, const struct sg_reach_piece *piece, uint64_t first)
{
    uint64_t *known = s->filter.known;
    const uint64_t *stops = s->filter.stops;
    struct sg_reached *out = s->reach->items + s->reach->n_items;
    for (size_t i = 0; i < piece->n; i++) {
        const struct sg_reach_candidate *c = &piece->items[i];
        __builtin_prefetch(&known[piece->items[i + AHEAD < piece->n ? i + AHEAD : i].to / 64]);
        const uint64_t row = first + (c->at & ~SG_REACH_SURE);
        if (!(c->at & SG_REACH_SURE) &&
            (!sg_reach_has(known, c->from) || sg_reach_has(known, c->to) || !carries(s, row)))
            continue;
        *out = sg_reached_by(row, stops && sg_reach_has(stops, c->to));
        out += !sg_reach_has(known, c->to);
        sg_reach_set(known, c->to);
    }
    s->reach->n_items = (size_t)(out - s->reach->items);
}

static bool finish(void *ctx, size_t index)
{
    struct scan *s = ctx;
    const struct sg_reach_piece *piece = &s->slots[index % s->n_slots];
    const uint64_t first = index * SG_REACH_PIECE, n_rows = s->filter.ledger->stats.rows;
    s->status = piece->status;
    if (s->status != SG_OK && s->err)
        *s->err = piece->err;
    else if (!sg_progress_step(s->filter.options->progress, first, n_rows))
        s->status = sg_err_set(s->err, SG_ECANCELLED, "stopped at row %llu of %llu",
                               (unsigned long long)first, (unsigned long long)n_rows);
    /* One is written behind the last. */
    if (s->status == SG_OK &&
        !SG_VEC_RESERVE(s->reach->items, s->reach->n_items, s->capacity, piece->n + 1))
        s->status = sg_err_nomem(s->err);
    if (s->status == SG_OK)
        decide(s, piece, first);
    return s->status == SG_OK;
}

static bool make_slots(struct scan *s, size_t n_threads)
{
    const uint64_t n_rows = s->filter.ledger->stats.rows;
    const size_t room = n_rows < SG_REACH_PIECE ? (size_t)n_rows : SG_REACH_PIECE;
    s->slots = sg_mem_zalloc(n_threads * SLOTS_PER_THREAD, sizeof(*s->slots));
    if (!s->slots)
        return false;
    s->n_slots = n_threads * SLOTS_PER_THREAD;
    for (size_t i = 0; i < s->n_slots; i++) {
        s->slots[i].items = sg_mem_alloc(room, sizeof(*s->slots[i].items));
        if (!s->slots[i].items)
            return false;
    }
    return true;
}

static void drop_slots(struct scan *s)
{
    for (size_t i = 0; i < s->n_slots; i++)
        sg_mem_free(s->slots[i].items);
    sg_mem_free(s->slots);
}

enum sg_status sg_reach_scan(struct sg_reach *reach, const struct sg_ledger *ledger,
                             const struct sg_reach_options *options, struct sg_err *err)
{
    const uint64_t n_rows = ledger->stats.rows;
    const size_t n_threads = options->n_threads ? options->n_threads : 1;
    struct scan s = {.reach = reach, .err = err};
    s.status = sg_reach_filter_init(&s.filter, ledger, options, err);
    if (s.status == SG_OK && !make_slots(&s, n_threads))
        s.status = sg_err_nomem(err);
    if (s.status == SG_OK)
        sg_parallel_in_order(n_threads, s.n_slots,
                             (size_t)((n_rows + SG_REACH_PIECE - 1) / SG_REACH_PIECE), work, finish,
                             &s);
    reach->route = SG_REACH_SCAN;
    reach->rows_read += n_rows;
    drop_slots(&s);
    sg_reach_filter_clear(&s.filter);
    return s.status;
}
