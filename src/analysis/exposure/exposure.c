#include "analysis/exposure/exposure.h"

#include "analysis/exposure/exposure_internal.h"
#include "base/ids.h"
#include "base/mem.h"
#include "base/vec.h"

/* The course of it: the engines follow the money and ask the book where to stop; what they found is
 * cut into pieces, each at one address; pieces of one entity become a part. */

const char *sg_exposure_what_name(enum sg_exposure_what what)
{
    switch (what) {
    case SG_EXPOSURE_SERVICE:
        return "service";
    case SG_EXPOSURE_HELD:
        return "held";
    case SG_EXPOSURE_ISSUED:
        return "issued";
    case SG_EXPOSURE_OWN:
        return "own";
    case SG_EXPOSURE_SWAPPED:
        return "swapped";
    case SG_EXPOSURE_FEES:
        return "fees";
    case SG_EXPOSURE_SMALL:
        return "small";
    case SG_EXPOSURE_BEYOND:
        return "beyond";
    case SG_EXPOSURE_UNOBSERVED:
        return "unobserved";
    }
    return "unknown";
}

enum sg_status sg_exposure_add(struct sg_exposure_pieces *pieces, struct sg_exposure_piece piece,
                               struct sg_err *err)
{
    if (sg_amount_is_zero(piece.amount))
        return SG_OK;
    if (!SG_VEC_RESERVE(pieces->items, pieces->count, pieces->capacity, 1))
        return sg_err_nomem(err);
    pieces->items[pieces->count++] = piece;
    return SG_OK;
}

enum sg_status sg_exposure_look(const struct sg_exposure_label **label,
                                const struct sg_exposure_input *input, struct sg_addr_id addr,
                                struct sg_err *err)
{
    *label = NULL;
    return addr.v == SG_ID_NONE ? SG_OK : input->book->look(input->book->ctx, label, addr, err);
}

/* What the engines ask. */
static enum sg_status stops(void *ctx, bool *stop, struct sg_addr_id addr, struct sg_err *err)
{
    const struct sg_exposure_label *label = NULL;
    const enum sg_status st = sg_exposure_look(&label, ctx, addr, err);
    *stop = st == SG_OK && label && label->is_service;
    return st;
}

static struct sg_taint_known known_of(const struct sg_exposure_input *input)
{
    /* The engine hands the pointer back as it is. */
    return (struct sg_taint_known){stops, (void *)(uintptr_t)input};
}

static enum sg_exposure_what what_of_funder(enum sg_funder_end end)
{
    switch (end) {
    case SG_FUNDER_SERVICE:
        return SG_EXPOSURE_SERVICE;
    case SG_FUNDER_OWN:
        return SG_EXPOSURE_OWN;
    case SG_FUNDER_ISSUED:
        return SG_EXPOSURE_ISSUED;
    case SG_FUNDER_FAR:
        return SG_EXPOSURE_BEYOND;
    case SG_FUNDER_SMALL:
        return SG_EXPOSURE_SMALL;
    case SG_FUNDER_GOES_ON:
    case SG_FUNDER_UNSEEN:
        break;
    }
    return SG_EXPOSURE_UNOBSERVED;
}

/* An address that the money met on its way counts unless the money came from the same entity. */
static enum sg_status add_stop(struct sg_exposure_pieces *stops_met,
                               const struct sg_exposure_input *input,
                               struct sg_exposure_piece piece, struct sg_addr_id neighbour,
                               struct sg_err *err)
{
    const struct sg_exposure_label *other = NULL;
    if (!piece.label)
        return SG_OK;
    const enum sg_status st = sg_exposure_look(&other, input, neighbour, err);
    if (st != SG_OK || sg_exposure_same(piece.label, other))
        return st;
    return sg_exposure_add(stops_met, piece, err);
}

static enum sg_status take_funder(struct sg_exposure_pieces *ends, struct sg_exposure_pieces *met,
                                  const struct sg_exposure_input *input, const struct sg_funder *f,
                                  struct sg_err *err)
{
    /* Money that came in unseen is known by where it came in. */
    const bool is_at_taker = f->end == SG_FUNDER_UNSEEN && f->from.v == SG_ID_NONE;
    struct sg_exposure_piece piece = {.what = what_of_funder(f->end),
                                      .addr = is_at_taker ? f->to : f->from,
                                      .amount = f->share,
                                      .hops = f->hop,
                                      .tx = f->tx};
    const enum sg_status st = sg_exposure_look(&piece.label, input, piece.addr, err);
    if (st != SG_OK)
        return st;
    return f->end == SG_FUNDER_GOES_ON ? add_stop(met, input, piece, f->to, err)
                                       : sg_exposure_add(ends, piece, err);
}

static enum sg_status look_back(struct sg_exposure_side *side, struct sg_arena *arena,
                                struct sg_taint_cache *cache, const struct sg_exposure_input *input,
                                struct sg_err *err)
{
    const struct sg_taint_known known = known_of(input);
    const struct sg_funders_input ask = {.addr = input->addr,
                                         .asset = input->asset,
                                         .before_row = UINT64_MAX,
                                         .until_unix_s = input->until_unix_s,
                                         .known = &known,
                                         .hops_max = input->hops_max,
                                         .min = input->has_min ? input->min : SG_AMOUNT_ZERO};
    struct sg_exposure_pieces ends = {0}, met = {0};
    const struct sg_funder *funders = NULL;
    size_t n = 0;
    enum sg_status st = sg_taint_funders(&funders, &n, &side->total, arena, cache, &ask, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = take_funder(&ends, &met, input, &funders[i], err);
    if (st == SG_OK)
        st = sg_exposure_group(side, arena, &ends, &met, err);
    sg_mem_free(ends.items);
    sg_mem_free(met.items);
    return st;
}

/* A run forward, while it is cut into pieces. */
struct forward {
    const struct sg_exposure_input *input;
    const struct sg_taint_result *result;
    const struct sg_taint_cache *cache;
    struct sg_exposure_pieces ends, met;
    struct sg_ids last_in; /* address -> index of the last move that brought what it holds */
};

static enum sg_exposure_what what_of_move(const struct forward *f, const struct sg_taint_move *m)
{
    if (m->beyond)
        return SG_EXPOSURE_BEYOND;
    if (m->is_dust)
        return SG_EXPOSURE_SMALL;
    return m->to.v == f->input->addr.v ? SG_EXPOSURE_OWN : SG_EXPOSURE_SERVICE;
}

static enum sg_status take_move(struct forward *f, size_t at, struct sg_err *err)
{
    const struct sg_taint_move *m = &f->result->moves[at];
    struct sg_exposure_piece piece = {
        .addr = m->to, .amount = m->tainted, .hops = m->hop, .tx = m->tx};
    if (m->asset.v != f->input->asset.v)
        return SG_OK;
    enum sg_status st = sg_exposure_look(&piece.label, f->input, m->to, err);
    if (st != SG_OK)
        return st;
    if (m->to_service || m->beyond || m->is_dust) {
        piece.what = what_of_move(f, m);
        return sg_exposure_add(&f->ends, piece, err);
    }
    if (m->to.v != SG_ID_NONE && !sg_ids_put(&f->last_in, m->to.v, (uint32_t)at))
        return sg_err_nomem(err);
    return m->kind == SG_MOVE_TRANSFER ? add_stop(&f->met, f->input, piece, m->from, err) : SG_OK;
}

static enum sg_status take_holding(struct forward *f, const struct sg_taint_holding *h,
                                   struct sg_err *err)
{
    const uint32_t at = h->addr.v == SG_ID_NONE ? SG_IDS_NONE : sg_ids_get(&f->last_in, h->addr.v);
    struct sg_exposure_piece piece = {
        .addr = h->addr, .amount = h->tainted, .hops = h->hop, .tx = {SG_TX_ID_NONE}};
    bool is_covered = false;
    uint64_t covered_to = 0;
    if (h->asset.v != f->input->asset.v)
        return SG_OK;
    if (at != SG_IDS_NONE)
        piece.tx = f->result->moves[at].tx;
    enum sg_status st = sg_exposure_look(&piece.label, f->input, h->addr, err);
    if (st == SG_OK)
        st = sg_taint_covered(&is_covered, &covered_to, f->cache, h->addr, h->asset, piece.tx, err);
    piece.what = is_covered ? SG_EXPOSURE_HELD : SG_EXPOSURE_UNOBSERVED;
    return st == SG_OK ? sg_exposure_add(&f->ends, piece, err) : st;
}

/* What left by fees and swaps, wherever on the way. */
static enum sg_status take_total(struct sg_exposure_side *side, struct forward *f,
                                 const struct sg_taint_total *t, struct sg_err *err)
{
    struct sg_exposure_piece piece = {
        .what = SG_EXPOSURE_FEES, .addr = {SG_ID_NONE}, .amount = t->fees, .tx = {SG_TX_ID_NONE}};
    if (t->asset.v != f->input->asset.v)
        return SG_OK;
    side->total = t->stolen;
    side->by_swap = t->converted_in;
    const enum sg_status st = sg_exposure_add(&f->ends, piece, err);
    piece.what = SG_EXPOSURE_SWAPPED;
    piece.amount = t->converted_out;
    return st == SG_OK ? sg_exposure_add(&f->ends, piece, err) : st;
}

static enum sg_status cut(struct sg_exposure_side *side, struct forward *f, struct sg_err *err)
{
    const struct sg_taint_result *r = f->result;
    enum sg_status st = SG_OK;
    if (r->n_moves >= SG_IDS_NONE)
        return sg_err_set(err, SG_ELIMIT, "the money moved more than 2^32 times");
    for (size_t i = 0; st == SG_OK && i < r->n_moves; i++)
        st = take_move(f, i, err);
    for (size_t i = 0; st == SG_OK && i < r->n_holdings; i++)
        st = take_holding(f, &r->holdings[i], err);
    for (size_t i = 0; st == SG_OK && i < r->n_totals; i++)
        st = take_total(side, f, &r->totals[i], err);
    return st;
}

static enum sg_status look_ahead(struct sg_exposure_side *side, struct sg_arena *arena,
                                 struct sg_taint_cache *cache,
                                 const struct sg_exposure_input *input, struct sg_err *err)
{
    const struct sg_taint_known known = known_of(input);
    const struct sg_taint_input ask = {.policy = input->policy,
                                       .n_thefts = 1,
                                       .known = &known,
                                       .origin = &input->addr,
                                       .hops_max = input->hops_max,
                                       .until_unix_s = input->until_unix_s,
                                       .has_dust = input->has_min,
                                       .dust = input->dust};
    struct sg_taint_result result;
    struct forward f = {.input = input, .result = &result, .cache = cache};
    enum sg_status st = sg_taint_run(&result, arena, cache, &ask, err);
    if (st == SG_OK)
        st = cut(side, &f, err);
    if (st == SG_OK)
        st = sg_exposure_group(side, arena, &f.ends, &f.met, err);
    sg_ids_clear(&f.last_in);
    sg_mem_free(f.ends.items);
    sg_mem_free(f.met.items);
    return st;
}

enum sg_status sg_exposure_run(struct sg_exposure *exposure, struct sg_arena *arena,
                               struct sg_taint_cache *cache, const struct sg_exposure_input *input,
                               struct sg_err *err)
{
    struct sg_exposure made = {.in.is_asked = input->in, .out.is_asked = input->out};
    enum sg_status st = SG_OK;
    if (input->policy == SG_POLICY_POISON)
        return sg_err_set(err, SG_EUSAGE,
                          "poison makes clean money stolen too, so that its shares add up to more "
                          "than was paid: choose fifo, lifo, haircut, tiho or libr");
    if (input->in)
        st = look_back(&made.in, arena, cache, input, err);
    if (st == SG_OK && input->out)
        st = look_ahead(&made.out, arena, cache, input, err);
    if (st == SG_OK)
        *exposure = made;
    return st;
}
