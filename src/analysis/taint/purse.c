#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* Sums and differences inside one balance fit by construction: the balance itself was checked when
 * it grew. A failure here is a fault of this file. */
static void plus(struct sg_amount *sum, struct sg_amount more)
{
    const bool fits = sg_amount_add(sum, *sum, more);
    SG_VERIFY(fits);
    (void)fits;
}

static void minus(struct sg_amount *rest, struct sg_amount less)
{
    const bool fits = sg_amount_sub(rest, *rest, less);
    SG_VERIFY(fits);
    (void)fits;
}

static struct sg_amount difference(struct sg_amount a, struct sg_amount b)
{
    struct sg_amount rest = SG_AMOUNT_ZERO;
    return sg_amount_sub(&rest, a, b) ? rest : SG_AMOUNT_ZERO;
}

bool sg_lots_push(struct sg_lots *lots, struct sg_lot lot)
{
    if (sg_amount_is_zero(lot.amount))
        return true;
    if (lots->count > lots->head && lots->items[lots->count - 1].theft == lot.theft) {
        plus(&lots->items[lots->count - 1].amount, lot.amount);
        return true;
    }
    if (lots->head > 32 && 2 * lots->head > lots->count) {
        lots->count -= lots->head;
        memmove(lots->items, lots->items + lots->head, lots->count * sizeof(*lots->items));
        lots->head = 0;
    }
    if (!SG_VEC_RESERVE(lots->items, lots->count, lots->capacity, 1))
        return false;
    lots->items[lots->count++] = lot;
    return true;
}

void sg_lots_reset(struct sg_lots *lots)
{
    lots->head = lots->count = 0;
}

void sg_lots_clear(struct sg_lots *lots)
{
    sg_mem_free(lots->items);
    *lots = (struct sg_lots){0};
}

struct sg_amount sg_lots_tainted(const struct sg_lots *lots)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    for (size_t i = lots->head; i < lots->count; i++)
        if (lots->items[i].theft != SG_TAINT_NONE)
            plus(&sum, lots->items[i].amount);
    return sum;
}

struct sg_amount sg_lots_of(const struct sg_lots *lots, uint32_t theft)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    for (size_t i = lots->head; i < lots->count; i++)
        if (lots->items[i].theft == theft)
            plus(&sum, lots->items[i].amount);
    return sum;
}

bool sg_lots_taint(struct sg_amount *done, struct sg_lots *lots, uint32_t theft,
                   struct sg_amount amount)
{
    struct sg_lots mixed = {0};
    struct sg_amount left = amount;
    bool ok = true;
    for (size_t i = lots->head; i < lots->count && ok; i++) {
        struct sg_lot lot = lots->items[i];
        if (lot.theft == SG_TAINT_NONE) {
            const struct sg_amount part = sg_amount_min(lot.amount, left);
            ok = sg_lots_push(&mixed, (struct sg_lot){part, theft});
            minus(&left, part);
            minus(&lot.amount, part);
        }
        ok = ok && sg_lots_push(&mixed, lot);
    }
    if (!ok) {
        sg_lots_clear(&mixed);
        return false;
    }
    sg_lots_clear(lots);
    *lots = mixed;
    *done = difference(amount, left);
    return true;
}

void sg_split(struct sg_amount *shares, struct sg_amount *rests, const struct sg_amount *weights,
              size_t n, struct sg_amount sum, struct sg_amount amount)
{
    struct sg_amount left = amount;
    if (n == 1) { /* the common case: no division */
        shares[0] = amount;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        shares[i] = sg_amount_mul_div(&rests[i], amount, weights[i], sum);
        minus(&left, shares[i]);
    }
    /* What the floors left is fewer than n units; each goes to the largest remainder. */
    while (!sg_amount_is_zero(left)) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (sg_amount_cmp(rests[i], rests[best]) > 0)
                best = i;
        SG_VERIFY(!sg_amount_is_zero(rests[best]));
        plus(&shares[best], sg_amount_from(1));
        rests[best] = SG_AMOUNT_ZERO;
        minus(&left, sg_amount_from(1));
    }
}

/* fifo and lifo. */
static bool take_lots(struct sg_lots *paid, struct sg_purse *purse, bool last_first,
                      struct sg_amount amount)
{
    struct sg_lots *lots = &purse->lots;
    while (!sg_amount_is_zero(amount)) {
        SG_VERIFY(lots->count > lots->head);
        struct sg_lot *lot = &lots->items[last_first ? lots->count - 1 : lots->head];
        const struct sg_lot part = {sg_amount_min(lot->amount, amount), lot->theft};
        if (!sg_lots_push(paid, part))
            return false;
        minus(&lot->amount, part.amount);
        minus(&amount, part.amount);
        minus(&purse->total, part.amount);
        if (part.theft != SG_TAINT_NONE)
            minus(&purse->tainted, part.amount);
        if (sg_amount_is_zero(lot->amount)) {
            if (last_first)
                lots->count--;
            else
                lots->head++;
        }
    }
    return true;
}

/* How much of a payment is stolen money, for the policies that keep one pool. */
static struct sg_amount stolen_part(const struct sg_purse *purse, enum sg_policy policy,
                                    struct sg_amount amount, struct sg_amount reserve)
{
    const struct sg_amount clean = difference(purse->total, purse->tainted);
    const struct sg_amount least = difference(amount, clean);
    const struct sg_amount free = difference(purse->tainted, reserve);
    switch (policy) {
    case SG_POLICY_HAIRCUT:
        return sg_amount_mul_div(NULL, purse->tainted, amount, purse->total);
    case SG_POLICY_TIHO:
        return sg_amount_min(amount, sg_amount_cmp(free, least) > 0 ? free : least);
    case SG_POLICY_LIBR:
    case SG_POLICY_POISON: /* all of a touched balance is stolen: clean is zero */
        return least;
    case SG_POLICY_FIFO:
    case SG_POLICY_LIFO:
        break;
    }
    return SG_AMOUNT_ZERO;
}

/* Take `amount` of the lot at position i of a pool. */
static bool take_of_pool(struct sg_lots *paid, struct sg_purse *purse, size_t i,
                         struct sg_amount amount)
{
    struct sg_lot *lot = &purse->lots.items[i];
    minus(&lot->amount, amount);
    minus(&purse->total, amount);
    if (lot->theft != SG_TAINT_NONE)
        minus(&purse->tainted, amount);
    return sg_lots_push(paid, (struct sg_lot){amount, lot->theft});
}

static size_t stolen_lots(const struct sg_lots *lots)
{
    const bool clean_last = lots->count > 0 && lots->items[lots->count - 1].theft == SG_TAINT_NONE;
    return lots->count - clean_last;
}

static void drop_empty(struct sg_lots *lots)
{
    size_t kept = 0;
    for (size_t i = 0; i < lots->count; i++)
        if (!sg_amount_is_zero(lots->items[i].amount))
            lots->items[kept++] = lots->items[i];
    lots->count = kept;
}

static void weigh(const struct sg_purser *purser, const struct sg_lots *lots, size_t n)
{
    for (size_t i = 0; i < n; i++)
        purser->weights[i] = lots->items[i].amount;
}

static bool take_pool(struct sg_lots *paid, struct sg_purse *purse, struct sg_purser *purser,
                      struct sg_amount amount, struct sg_amount reserve)
{
    const struct sg_amount stolen = stolen_part(purse, purser->policy, amount, reserve);
    const struct sg_amount clean = difference(amount, stolen);
    const size_t n = stolen_lots(&purse->lots);
    if (!sg_amount_is_zero(stolen)) {
        weigh(purser, &purse->lots, n);
        sg_split(purser->shares, purser->rests, purser->weights, n, purse->tainted, stolen);
        for (size_t i = 0; i < n; i++)
            if (!take_of_pool(paid, purse, i, purser->shares[i]))
                return false;
    }
    if (!sg_amount_is_zero(clean) && !take_of_pool(paid, purse, n, clean))
        return false;
    drop_empty(&purse->lots);
    return true;
}

bool sg_purse_take(struct sg_lots *paid, struct sg_purse *purse, struct sg_purser *purser,
                   struct sg_amount amount, struct sg_amount reserve)
{
    SG_VERIFY(sg_amount_cmp(amount, purse->total) <= 0);
    if (sg_amount_is_zero(amount))
        return true;
    if (purser->policy == SG_POLICY_FIFO || purser->policy == SG_POLICY_LIFO)
        return take_lots(paid, purse, purser->policy == SG_POLICY_LIFO, amount);
    return take_pool(paid, purse, purser, amount, reserve);
}

/* Add to the one lot of its theft in a pool; clean, with the largest number, stands last. */
static bool put_in_pool(struct sg_lots *lots, struct sg_lot lot)
{
    size_t i = 0;
    while (i < lots->count && lots->items[i].theft < lot.theft)
        i++;
    if (i < lots->count && lots->items[i].theft == lot.theft) {
        plus(&lots->items[i].amount, lot.amount);
        return true;
    }
    if (!SG_VEC_RESERVE(lots->items, lots->count, lots->capacity, 1))
        return false;
    memmove(lots->items + i + 1, lots->items + i, (lots->count - i) * sizeof(*lots->items));
    lots->items[i] = lot;
    lots->count++;
    return true;
}

/* Poison: the clean lot of a touched balance becomes stolen, shared by what each theft has there.
 */
static void poison(struct sg_amount *excess, struct sg_purse *purse, struct sg_purser *purser)
{
    struct sg_lots *lots = &purse->lots;
    const size_t n = stolen_lots(lots);
    if (n == 0 || n == lots->count)
        return;
    weigh(purser, lots, n);
    sg_split(purser->shares, purser->rests, purser->weights, n, purse->tainted,
             lots->items[n].amount);
    for (size_t i = 0; i < n; i++) {
        plus(&lots->items[i].amount, purser->shares[i]);
        excess[lots->items[i].theft] = purser->shares[i];
    }
    lots->count = n;
    purse->tainted = purse->total;
}

enum sg_status sg_purse_give(struct sg_amount *excess, struct sg_purse *purse,
                             struct sg_purser *purser, const struct sg_lots *lots,
                             struct sg_err *err)
{
    const bool pool = purser->policy != SG_POLICY_FIFO && purser->policy != SG_POLICY_LIFO;
    memset(excess, 0, purser->n_thefts * sizeof(*excess));
    for (size_t i = lots->head; i < lots->count; i++) {
        const struct sg_lot lot = lots->items[i];
        const enum sg_status st = sg_sum(&purse->total, lot.amount, err);
        if (st != SG_OK)
            return st;
        if (!(pool ? put_in_pool(&purse->lots, lot) : sg_lots_push(&purse->lots, lot)))
            return sg_err_nomem(err);
        if (lot.theft != SG_TAINT_NONE)
            plus(&purse->tainted, lot.amount);
    }
    if (purser->policy == SG_POLICY_POISON)
        poison(excess, purse, purser);
    return SG_OK;
}
