#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* Receipts are gone through from the latest to the earliest. An address carries a demand: how much
 * of what it paid later is still to be explained. A receipt takes the part
 * demand * amount / (all that came in up to it) and hands it on to its payer; what the floor leaves
 * goes to earlier receipts, the first takes all. docs/methods/backward.md shows that this divides
 * every demand in proportion. Where an address paid more than it had, the lack came in unseen just
 * before: that is a receipt too, without a payer. */

struct receipt {
    uint64_t row; /* unseen: the payment that shows it */
    struct sg_tx_id tx;
    struct sg_addr_id from;
    struct sg_amount amount;
    bool is_unseen;
};

struct seeker {
    struct sg_addr_id addr;
    struct sg_amount demand;
    struct sg_amount inflow; /* of receipts [first, cursor) */
    size_t first, cursor;    /* of search.receipts; those at and above the cursor are done */
    size_t n_seen;           /* of receipts [first, cursor): that somebody is known to have paid */
    uint32_t hop;
    bool is_waiting; /* in the heap */
};

/* A seeker by its next receipt; later ones come first. The receipt may be done by now: then the
 * seeker waits again, by the one that is next. */
struct waiting {
    uint64_t row;
    bool is_unseen; /* it came in before the row: who got the row's money comes first */
    uint32_t seeker;
};

struct search {
    const struct sg_funders_input *input;
    struct sg_taint_cache *cache;
    struct seeker *seekers;
    size_t n_seekers, seekers_cap;
    struct sg_ids seeker_of;
    struct receipt *receipts;
    size_t n_receipts, receipts_cap;
    struct waiting *heap;
    size_t n_heap, heap_cap;
    struct sg_funder *funders;
    size_t n_funders, funders_cap;
};

static bool is_before(const struct waiting *a, const struct waiting *b)
{
    if (a->row != b->row)
        return a->row > b->row;
    return a->is_unseen != b->is_unseen ? b->is_unseen : a->seeker < b->seeker;
}

/* Let a seeker wait for its turn, if it has a demand and receipts. */
static bool await(struct search *s, uint32_t seeker)
{
    struct seeker *k = &s->seekers[seeker];
    if (k->is_waiting || sg_amount_is_zero(k->demand) || k->cursor == k->first)
        return true;
    if (!SG_VEC_RESERVE(s->heap, s->n_heap, s->heap_cap, 1))
        return false;
    const struct receipt *next = &s->receipts[k->cursor - 1];
    const struct waiting item = {next->row, next->is_unseen, seeker};
    size_t i = s->n_heap++;
    for (; i > 0 && is_before(&item, &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = item;
    k->is_waiting = true;
    return true;
}

static struct waiting pop(struct search *s)
{
    const struct waiting top = s->heap[0];
    const struct waiting item = s->heap[--s->n_heap];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < s->n_heap; i = child) {
        if (child + 1 < s->n_heap && is_before(&s->heap[child + 1], &s->heap[child]))
            child++;
        if (!is_before(&s->heap[child], &item))
            break;
        s->heap[i] = s->heap[child];
    }
    s->heap[i] = item;
    s->seekers[top.seeker].is_waiting = false;
    return top;
}

/* Balance of an address while its rows are gone through, to see what came in unseen. */
struct purse_walk {
    struct seeker *seeker;
    struct sg_amount balance;
    uint32_t last_tx;
};

static enum sg_status take_in(struct search *s, struct purse_walk *walk, struct receipt receipt,
                              struct sg_err *err)
{
    enum sg_status st = sg_sum(&walk->seeker->inflow, receipt.amount, err);
    if (st == SG_OK)
        st = sg_sum(&walk->balance, receipt.amount, err);
    /* A fee and a payment that both lack money are one. */
    struct receipt *last =
        s->n_receipts > walk->seeker->first ? &s->receipts[s->n_receipts - 1] : NULL;
    if (st == SG_OK && receipt.is_unseen && last && last->is_unseen && last->row == receipt.row)
        return sg_sum(&last->amount, receipt.amount, err);
    if (st == SG_OK && !SG_VEC_RESERVE(s->receipts, s->n_receipts, s->receipts_cap, 1))
        st = sg_err_nomem(err);
    if (st == SG_OK) {
        s->receipts[s->n_receipts++] = receipt;
        walk->seeker->n_seen += !receipt.is_unseen;
    }
    return st;
}

static enum sg_status pay_out(struct search *s, struct purse_walk *walk, const struct sg_row *row,
                              struct sg_amount amount, struct sg_err *err)
{
    struct sg_amount lack = SG_AMOUNT_ZERO;
    enum sg_status st = SG_OK;
    if (sg_amount_sub(&lack, amount, walk->balance) && !sg_amount_is_zero(lack)) {
        st = take_in(s, walk, (struct receipt){row->id, row->tx, {SG_ID_NONE}, lack, true}, err);
    }
    if (st == SG_OK && !sg_amount_sub(&walk->balance, walk->balance, amount))
        return sg_err_set(err, SG_ECORRUPT, "a payment was not covered by what came in");
    return st;
}

static enum sg_status walk_row(struct search *s, struct purse_walk *walk,
                               const struct sg_cached_row *cached, struct sg_err *err)
{
    const struct sg_row *row = &cached->row;
    const struct sg_tx *tx = &s->cache->txs[cached->tx];
    const struct sg_addr_id addr = walk->seeker->addr;
    enum sg_status st = SG_OK;
    if (cached->tx != walk->last_tx && s->input->asset.v == 0 && tx->sender.v == addr.v &&
        (tx->flags & SG_TX_FEE_KNOWN))
        st = pay_out(s, walk, row, tx->fee, err);
    walk->last_tx = cached->tx;
    if (st != SG_OK || !sg_row_moves(row) || row->asset.v != s->input->asset.v)
        return st;
    if (row->from.v == addr.v)
        return pay_out(s, walk, row, row->amount, err);
    return take_in(s, walk, (struct receipt){row->id, row->tx, row->from, row->amount, false}, err);
}

static bool is_too_late(const struct search *s, const struct sg_cached_row *cached)
{
    const int64_t time = s->cache->txs[cached->tx].time_unix_s;
    return time != SG_TIME_UNKNOWN && time > s->input->until_unix_s;
}

/* Look behind an address: its rows up to `last` are to be gone through. */
static enum sg_status seek(uint32_t *seeker, struct search *s, struct sg_addr_id addr,
                           uint64_t last, uint32_t hop, struct sg_err *err)
{
    enum sg_status st = sg_cache_read(s->cache, &addr, 1, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(s->seekers, s->n_seekers, s->seekers_cap, 1) ||
        !sg_ids_put(&s->seeker_of, addr.v, (uint32_t)s->n_seekers))
        return sg_err_nomem(err);
    const struct sg_cached_addr *list = sg_cache_rows(s->cache, addr);
    struct seeker made = {.addr = addr, .first = s->n_receipts, .hop = hop};
    struct purse_walk walk = {.seeker = &made, .last_tx = SG_IDS_NONE};
    for (size_t i = list->first; i < list->first + list->count && st == SG_OK; i++) {
        const struct sg_cached_row *cached = &s->cache->rows[i];
        if (cached->row.id > last || is_too_late(s, cached))
            break;
        st = walk_row(s, &walk, cached, err);
    }
    made.cursor = s->n_receipts;
    *seeker = (uint32_t)s->n_seekers;
    s->seekers[s->n_seekers++] = made;
    return st;
}

/* The next receipt is done; it stays in place. */
static enum sg_status drop(const struct receipt **receipt, const struct search *s, struct seeker *k,
                           struct sg_err *err)
{
    *receipt = &s->receipts[--k->cursor];
    k->n_seen -= !(*receipt)->is_unseen;
    if (!sg_amount_sub(&k->inflow, k->inflow, (*receipt)->amount))
        return sg_err_set(err, SG_ECORRUPT, "a funder gave more than came in");
    return SG_OK;
}

/* Receipts behind a payment explain nothing of it. */
static enum sg_status step_over(const struct search *s, struct seeker *k, uint64_t payment,
                                struct sg_err *err)
{
    const struct receipt *receipt = NULL;
    enum sg_status st = SG_OK;
    while (st == SG_OK && k->cursor > k->first && s->receipts[k->cursor - 1].row > payment)
        st = drop(&receipt, s, k, err);
    return st;
}

static bool is_listed(const struct sg_funders_input *input, struct sg_addr_id addr)
{
    size_t low = 0, high = input->n_services;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (input->services[mid].v < addr.v)
            low = mid + 1;
        else
            high = mid;
    }
    return low < input->n_services && input->services[low].v == addr.v;
}

/* Whether the view ends at a receipt, by who paid it and how much. */
static enum sg_status find_end(enum sg_funder_end *end, const struct search *s,
                               const struct receipt *receipt, struct sg_amount share, uint32_t hop,
                               struct sg_err *err)
{
    const struct sg_funders_input *in = s->input;
    bool stops = is_listed(in, receipt->from);
    enum sg_status st = SG_OK;
    *end = SG_FUNDER_GOES_ON;
    if (receipt->is_unseen)
        *end = SG_FUNDER_UNSEEN;
    else if (receipt->from.v == SG_ID_NONE)
        *end = SG_FUNDER_ISSUED;
    else if (receipt->from.v == in->addr.v)
        *end = SG_FUNDER_OWN;
    if (*end != SG_FUNDER_GOES_ON)
        return SG_OK;
    if (!stops && in->known)
        st = in->known->stops(in->known->ctx, &stops, receipt->from, err);
    if (stops)
        *end = SG_FUNDER_SERVICE;
    else if (hop >= in->hops_max)
        *end = SG_FUNDER_FAR;
    else if (sg_amount_cmp(share, in->min) < 0)
        *end = SG_FUNDER_SMALL;
    return st;
}

/* Hand a share on to the payer of a receipt, whose funders it came from. */
static enum sg_status hand_on(enum sg_funder_end *end, struct search *s,
                              const struct receipt *receipt, struct sg_amount share, uint32_t hop,
                              struct sg_err *err)
{
    uint32_t i = sg_ids_get(&s->seeker_of, receipt->from.v);
    enum sg_status st = SG_OK;
    if (i == SG_IDS_NONE)
        st = seek(&i, s, receipt->from, receipt->row, hop, err);
    if (st != SG_OK)
        return st;
    struct seeker *k = &s->seekers[i];
    if (hop < k->hop)
        k->hop = hop;
    st = step_over(s, k, receipt->row, err);
    if (st != SG_OK)
        return st;
    if (k->n_seen == 0) {
        *end = SG_FUNDER_UNSEEN;
        return SG_OK;
    }
    st = sg_sum(&k->demand, share, err);
    return st == SG_OK && !await(s, i) ? sg_err_nomem(err) : st;
}

static enum sg_status step(struct search *s, uint32_t seeker, struct sg_err *err)
{
    struct seeker *k = &s->seekers[seeker];
    const struct sg_amount inflow = k->inflow;
    const struct receipt *next = NULL;
    enum sg_status st = drop(&next, s, k, err);
    if (st != SG_OK)
        return st;
    const struct receipt receipt = *next;
    const struct sg_addr_id to = k->addr;
    const uint32_t hop = receipt.is_unseen ? k->hop : k->hop + 1;
    const struct sg_amount share = sg_amount_mul_div(NULL, k->demand, receipt.amount, inflow);
    enum sg_funder_end end = SG_FUNDER_GOES_ON;
    if (!sg_amount_sub(&k->demand, k->demand, share))
        return sg_err_set(err, SG_ECORRUPT, "a funder gave more than was asked for");
    if (sg_amount_is_zero(share))
        return SG_OK;
    st = find_end(&end, s, &receipt, share, hop, err);
    if (st == SG_OK && end == SG_FUNDER_GOES_ON)
        st = hand_on(&end, s, &receipt, share, hop, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(s->funders, s->n_funders, s->funders_cap, 1))
        return sg_err_nomem(err);
    s->funders[s->n_funders++] = (struct sg_funder){receipt.row,    receipt.tx, receipt.from, to,
                                                    receipt.amount, share,      hop,          end};
    return SG_OK;
}

/* Whether a seeker's next receipt is still the one by which it waited. */
static bool is_next(const struct search *s, const struct waiting *waiting)
{
    const struct seeker *k = &s->seekers[waiting->seeker];
    if (k->cursor == k->first)
        return false;
    const struct receipt *next = &s->receipts[k->cursor - 1];
    return next->row == waiting->row && next->is_unseen == waiting->is_unseen;
}

static enum sg_status search(struct search *s, struct sg_amount *explained, struct sg_err *err)
{
    const uint64_t before = s->input->before_row;
    uint32_t first = 0;
    if (before == 0)
        return SG_OK;
    enum sg_status st = seek(&first, s, s->input->addr, before - 1, 0, err);
    if (st != SG_OK)
        return st;
    *explained = s->seekers[first].demand = s->seekers[first].inflow;
    if (!await(s, first))
        return sg_err_nomem(err);
    while (st == SG_OK && s->n_heap > 0) {
        const struct waiting next = pop(s);
        if (is_next(s, &next))
            st = step(s, next.seeker, err);
        if (st == SG_OK && !await(s, next.seeker))
            st = sg_err_nomem(err);
    }
    return st;
}

enum sg_status sg_taint_funders(const struct sg_funder **funders, size_t *n_funders,
                                struct sg_amount *explained, struct sg_arena *arena,
                                struct sg_taint_cache *cache, const struct sg_funders_input *input,
                                struct sg_err *err)
{
    struct search s = {.input = input, .cache = cache};
    struct sg_amount sum = SG_AMOUNT_ZERO;
    enum sg_status st = search(&s, &sum, err);
    struct sg_funder *made = NULL;
    if (st == SG_OK) {
        made = sg_arena_alloc(arena, s.n_funders + 1, sizeof(*made));
        st = made ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK) {
        if (s.n_funders)
            memcpy(made, s.funders, s.n_funders * sizeof(*made));
        *funders = made;
        *n_funders = s.n_funders;
        *explained = sum;
    }
    sg_mem_free(s.funders);
    sg_mem_free(s.heap);
    sg_mem_free(s.receipts);
    sg_mem_free(s.seekers);
    sg_ids_clear(&s.seeker_of);
    return st;
}
