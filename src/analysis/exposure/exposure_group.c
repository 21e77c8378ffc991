#include "analysis/exposure/exposure_internal.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* Nobody known stands first. */
static int compare_label(const struct sg_exposure_label *a, const struct sg_exposure_label *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    const int order = strcmp(a->entity, b->entity);
    return order ? order : (int)a->category - (int)b->category;
}

bool sg_exposure_same(const struct sg_exposure_label *a, const struct sg_exposure_label *b)
{
    return a && b && compare_label(a, b) == 0;
}

static int by_group(const void *a, const void *b)
{
    const struct sg_exposure_piece *x = a, *y = b;
    const int order = (int)x->what - (int)y->what;
    return order ? order : compare_label(x->label, y->label);
}

static int by_group_and_address(const void *a, const void *b)
{
    const struct sg_exposure_piece *x = a, *y = b;
    int order = by_group(a, b);
    if (!order)
        order = compare_u32(x->addr.v, y->addr.v);
    if (!order)
        order = sg_amount_cmp(y->amount, x->amount);
    if (!order)
        order = (x->tx.v > y->tx.v) - (x->tx.v < y->tx.v);
    return order ? order : compare_u32(x->hops, y->hops);
}

static enum sg_status sum(struct sg_amount *to, struct sg_amount more, struct sg_err *err)
{
    return sg_amount_add(to, *to, more)
               ? SG_OK
               : sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
}

/* Fees and swaps are wherever the money was; nobody says how far. */
static bool is_direct(const struct sg_exposure_piece *piece)
{
    return piece->hops <= 1 && piece->what != SG_EXPOSURE_FEES &&
           piece->what != SG_EXPOSURE_SWAPPED;
}

/* Pieces [first, end) of one group are a part; those of an address stand together, the largest of
 * them first. */
static enum sg_status make_part(struct sg_exposure_part *part,
                                const struct sg_exposure_piece *pieces, size_t n,
                                struct sg_err *err)
{
    struct sg_amount at_address = SG_AMOUNT_ZERO;
    struct sg_tx_id tx = {SG_TX_ID_NONE};
    enum sg_status st = SG_OK;
    *part = (struct sg_exposure_part){.what = pieces[0].what,
                                      .label = pieces[0].label,
                                      .hops = pieces[0].hops,
                                      .largest = {SG_ID_NONE},
                                      .tx = {SG_TX_ID_NONE}};
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct sg_exposure_piece *piece = &pieces[i];
        if (i == 0 || piece->addr.v != pieces[i - 1].addr.v) {
            at_address = SG_AMOUNT_ZERO;
            tx = piece->tx;
            part->n_addresses += piece->addr.v != SG_ID_NONE;
        }
        st = sum(&at_address, piece->amount, err);
        if (st == SG_OK)
            st = sum(&part->amount, piece->amount, err);
        if (st == SG_OK && is_direct(piece))
            st = sum(&part->direct, piece->amount, err);
        if (piece->hops < part->hops)
            part->hops = piece->hops;
        part->is_sanctioned |= piece->label && piece->label->is_sanctioned;
        if (sg_amount_cmp(at_address, part->largest_amount) > 0) {
            part->largest = piece->addr;
            part->largest_amount = at_address;
            part->tx = tx;
        }
    }
    return st;
}

static int by_what_and_amount(const void *a, const void *b)
{
    const struct sg_exposure_part *x = a, *y = b;
    int order = (int)x->what - (int)y->what;
    if (!order)
        order = sg_amount_cmp(y->amount, x->amount);
    return order ? order : compare_label(x->label, y->label);
}

static enum sg_status make_parts(struct sg_exposure_part **parts, size_t *n_parts,
                                 struct sg_arena *arena, struct sg_exposure_pieces *pieces,
                                 struct sg_err *err)
{
    struct sg_exposure_part *made = sg_arena_alloc(arena, pieces->count + 1, sizeof(*made));
    size_t n = 0;
    enum sg_status st = made ? SG_OK : sg_err_nomem(err);
    if (pieces->count > 1)
        qsort(pieces->items, pieces->count, sizeof(*pieces->items), by_group_and_address);
    for (size_t i = 0, end; st == SG_OK && i < pieces->count; i = end) {
        for (end = i + 1;
             end < pieces->count && by_group(&pieces->items[i], &pieces->items[end]) == 0; end++)
            ;
        st = make_part(&made[n++], &pieces->items[i], end - i, err);
    }
    if (st == SG_OK && n > 1)
        qsort(made, n, sizeof(*made), by_what_and_amount);
    *parts = made;
    *n_parts = n;
    return st;
}

static enum sg_status check_sum(const struct sg_exposure_side *side, struct sg_err *err)
{
    struct sg_amount parts = SG_AMOUNT_ZERO, whole = side->total;
    bool ok = sg_amount_add(&whole, whole, side->by_swap);
    for (size_t i = 0; ok && i < side->n_parts; i++)
        ok = sg_amount_add(&parts, parts, side->parts[i].amount);
    if (ok && sg_amount_cmp(parts, whole) == 0)
        return SG_OK;
    return sg_err_set(err, SG_ECORRUPT,
                      "the parts of an exposure do not add up: a fault of this program, the "
                      "figures are withheld");
}

/* Categories while they are summed up, one slot each. */
struct slots {
    struct sg_exposure_category items[SG_CATEGORY_COUNT];
    bool used[SG_CATEGORY_COUNT];
};

static enum sg_status count_in(struct slots *slots, enum sg_category category, uint32_t hops,
                               const char *entity, struct sg_amount ended, struct sg_amount passed,
                               struct sg_err *err)
{
    struct sg_exposure_category *slot = &slots->items[category];
    if (!slots->used[category] || hops < slot->hops) {
        slot->hops = hops;
        slot->nearest = entity;
    }
    slot->category = category;
    slots->used[category] = true;
    const enum sg_status st = sum(&slot->ended, ended, err);
    return st == SG_OK ? sum(&slot->passed, passed, err) : st;
}

/* Under its category, and under sanctions if that is another. */
static enum sg_status count_label(struct slots *slots, const struct sg_exposure_label *label,
                                  bool is_sanctioned, uint32_t hops, struct sg_amount ended,
                                  struct sg_amount passed, struct sg_err *err)
{
    enum sg_status st = count_in(slots, label->category, hops, label->entity, ended, passed, err);
    if (st == SG_OK && is_sanctioned && label->category != SG_CATEGORY_SANCTIONED)
        st = count_in(slots, SG_CATEGORY_SANCTIONED, hops, label->entity, ended, passed, err);
    return st;
}

static int by_nearness(const void *a, const void *b)
{
    const struct sg_exposure_category *x = a, *y = b;
    int order = compare_u32(x->hops, y->hops);
    if (!order)
        order = sg_amount_cmp(y->ended, x->ended);
    return order ? order : (int)x->category - (int)y->category;
}

static enum sg_status make_categories(struct sg_exposure_side *side, struct sg_arena *arena,
                                      struct sg_err *err)
{
    struct sg_exposure_category *made = sg_arena_alloc(arena, SG_CATEGORY_COUNT, sizeof(*made));
    struct slots slots = {0};
    size_t n = 0;
    enum sg_status st = made ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < side->n_parts; i++) {
        const struct sg_exposure_part *p = &side->parts[i];
        /* What is at the address itself is no exposure to others. */
        if (p->label && p->hops > 0 && p->what != SG_EXPOSURE_OWN)
            st = count_label(&slots, p->label, p->is_sanctioned, p->hops, p->amount, SG_AMOUNT_ZERO,
                             err);
    }
    for (size_t i = 0; st == SG_OK && i < side->n_passed; i++) {
        const struct sg_exposure_passed *p = &side->passed[i];
        st = count_label(&slots, p->label, p->is_sanctioned, p->hops, SG_AMOUNT_ZERO, p->amount,
                         err);
    }
    if (st != SG_OK)
        return st;
    for (size_t c = 0; c < SG_CATEGORY_COUNT; c++)
        if (slots.used[c])
            made[n++] = slots.items[c];
    if (n > 1)
        qsort(made, n, sizeof(*made), by_nearness);
    side->categories = made;
    side->n_categories = n;
    return SG_OK;
}

static enum sg_status make_passed(struct sg_exposure_side *side, struct sg_arena *arena,
                                  struct sg_exposure_pieces *stops, struct sg_err *err)
{
    struct sg_exposure_part *parts = NULL;
    size_t n = 0;
    enum sg_status st = make_parts(&parts, &n, arena, stops, err);
    struct sg_exposure_passed *passed =
        st == SG_OK ? sg_arena_alloc(arena, n + 1, sizeof(*passed)) : NULL;
    if (st == SG_OK && !passed)
        st = sg_err_nomem(err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        passed[i] =
            (struct sg_exposure_passed){parts[i].label, parts[i].is_sanctioned, parts[i].amount,
                                        parts[i].hops, parts[i].n_addresses};
    side->passed = passed;
    side->n_passed = n;
    return SG_OK;
}

enum sg_status sg_exposure_group(struct sg_exposure_side *side, struct sg_arena *arena,
                                 struct sg_exposure_pieces *ends, struct sg_exposure_pieces *stops,
                                 struct sg_err *err)
{
    struct sg_exposure_part *parts = NULL;
    enum sg_status st = make_parts(&parts, &side->n_parts, arena, ends, err);
    side->parts = parts;
    if (st == SG_OK)
        st = check_sum(side, err);
    if (st == SG_OK)
        st = make_passed(side, arena, stops, err);
    return st == SG_OK ? make_categories(side, arena, err) : st;
}
