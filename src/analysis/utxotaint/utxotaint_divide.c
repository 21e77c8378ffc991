/* The six policies on one transaction: which of its outputs and its fee get the stolen part of what
 * its inputs bring. docs/methods/outputs.md has each rule in words and by hand. */
#include "analysis/utxotaint/utxotaint_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

bool sg_ut_push(struct ut_lots *lots, size_t first, struct ut_lot lot)
{
    struct ut_lot *last = lots->n > first ? &lots->items[lots->n - 1] : NULL;
    if (lot.sat == 0)
        return true;
    if (last && last->theft == lot.theft && last->from == lot.from) {
        last->sat += lot.sat;
        return true;
    }
    if (!SG_VEC_RESERVE(lots->items, lots->n, lots->capacity, 1))
        return false;
    lots->items[lots->n++] = lot;
    return true;
}

static int by_rest(const void *a, const void *b)
{
    const struct ut_rest *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest < y->rest ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

void sg_ut_proportion(uint64_t *parts, struct ut_rest *rests, const uint64_t *weights, size_t n,
                      uint64_t sum, uint64_t amount)
{
    uint64_t left = amount;
    for (size_t i = 0; i < n; i++) {
        const sg_u128 product = (sg_u128)amount * weights[i];
        parts[i] = sum ? (uint64_t)(product / sum) : 0;
        rests[i] = (struct ut_rest){sum ? (uint64_t)(product % sum) : 0, i};
        left -= parts[i];
    }
    if (!left)
        return;
    qsort(rests, n, sizeof(*rests), by_rest);
    for (size_t i = 0; i < left; i++)
        parts[rests[i].index]++;
}

static uint64_t pool_stolen(struct ut_work *work, const struct ut_lots *lots, size_t first,
                            uint32_t n_thefts)
{
    uint64_t stolen = 0;
    memset(work->pool, 0, n_thefts * sizeof(*work->pool));
    for (size_t i = first; i < lots->n; i++)
        if (lots->items[i].theft != SG_TAINT_NONE) {
            work->pool[lots->items[i].theft] += lots->items[i].sat;
            stolen += lots->items[i].sat;
        }
    return stolen;
}

static bool room(struct ut_work *work, size_t n)
{
    return SG_VEC_RESERVE(work->numbers, 0, work->cap_numbers, 2 * n + 2) &&
           SG_VEC_RESERVE(work->rests, 0, work->cap_rests, n + 1) &&
           SG_VEC_RESERVE(work->order, 0, work->cap_order, n + 1);
}

/* The clean lots one after the other are filled with the shares of the thefts in their order. */
bool sg_ut_poison(struct ut_work *work, struct ut_lots *lots, size_t first, uint32_t n_thefts)
{
    const uint64_t stolen = pool_stolen(work, lots, first, n_thefts);
    struct ut_lots mixed = {0};
    uint64_t clean = 0;
    uint32_t theft = 0;
    bool ok = room(work, n_thefts);
    for (size_t i = first; i < lots->n; i++)
        clean += lots->items[i].theft == SG_TAINT_NONE ? lots->items[i].sat : 0;
    if (!ok || !stolen || !clean)
        return ok;
    sg_ut_proportion(work->numbers, work->rests, work->pool, n_thefts, stolen, clean);
    for (uint32_t t = 0; t < n_thefts; t++)
        work->excess[t] += work->numbers[t];
    for (size_t i = first; i < lots->n && ok; i++) {
        struct ut_lot lot = lots->items[i];
        while (ok && lot.theft == SG_TAINT_NONE && lot.sat) {
            theft += work->numbers[theft] == 0;
            const uint64_t part = work->numbers[theft] < lot.sat ? work->numbers[theft] : lot.sat;
            ok = sg_ut_push(&mixed, 0, (struct ut_lot){part, theft, lot.from});
            work->numbers[theft] -= part;
            lot.sat -= part;
        }
        ok = ok && sg_ut_push(&mixed, 0, lot);
    }
    lots->n = first;
    for (size_t i = 0; i < mixed.n && ok; i++)
        ok = sg_ut_push(lots, first, mixed.items[i]);
    sg_mem_free(mixed.items);
    return ok;
}

static void reverse(struct ut_lots *lots)
{
    for (size_t i = 0, j = lots->n; i + 1 < j; i++) {
        const struct ut_lot lot = lots->items[i];
        lots->items[i] = lots->items[--j];
        lots->items[j] = lot;
    }
}

/* fifo and lifo: lots in order to shares in order. */
static bool pay_in_order(struct ut_work *work)
{
    size_t at = 0;
    uint64_t left = work->brought.n ? work->brought.items[0].sat : 0;
    for (size_t s = 0; s < work->n_shares; s++) {
        struct ut_share *share = &work->shares[s];
        uint64_t want = share->sat;
        share->first = work->paid.n;
        while (want) {
            struct ut_lot lot = work->brought.items[at];
            lot.sat = want < left ? want : left;
            if (!sg_ut_push(&work->paid, share->first, lot))
                return false;
            want -= lot.sat;
            left -= lot.sat;
            if (!left && ++at < work->brought.n)
                left = work->brought.items[at].sat;
        }
        share->end = work->paid.n;
    }
    return true;
}

/* Shares are filled with stolen money in this order. */
static void fill(struct ut_work *work, size_t n, uint64_t stolen)
{
    for (size_t i = 0; i < n; i++) {
        struct ut_share *share = &work->shares[work->order[i]];
        share->stolen = share->sat < stolen ? share->sat : stolen;
        stolen -= share->stolen;
    }
}

/* Sorting has no context: the order is kept in the rests, largest first, ties by lower index. */
static void highest_first(struct ut_work *work, size_t n)
{
    for (size_t i = 0; i < n; i++)
        work->rests[i] = (struct ut_rest){work->shares[i].sat, i};
    qsort(work->rests, n, sizeof(*work->rests), by_rest);
    for (size_t i = 0; i < n; i++)
        work->order[i] = work->rests[i].index;
}

static void tiho(struct ut_work *work, uint64_t stolen, uint64_t sum, enum sg_utxotaint_tiho how)
{
    const size_t fee = work->n_shares - 1;
    highest_first(work, fee);
    work->order[fee] = fee;
    if (how == SG_UTXOTAINT_TIHO_SHARE) {
        const uint64_t weights[2] = {sum - work->shares[fee].sat, work->shares[fee].sat};
        uint64_t parts[2];
        sg_ut_proportion(parts, work->rests, weights, 2, sum, stolen);
        work->shares[fee].stolen = parts[1];
        fill(work, fee, parts[0]);
        return;
    }
    fill(work, work->n_shares, stolen);
}

/* Clean money pays the fee, then who spent nothing here, then what comes back; so stolen money is
 * filled in from the other end. */
static void libr(struct ut_work *work, uint64_t stolen)
{
    size_t n = 0;
    const size_t fee = work->n_shares - 1;
    for (size_t i = fee; i-- > 0;)
        if (work->shares[i].comes_back)
            work->order[n++] = i;
    for (size_t i = fee; i-- > 0;)
        if (!work->shares[i].comes_back)
            work->order[n++] = i;
    work->order[n++] = fee;
    fill(work, n, stolen);
}

static void haircut(struct ut_work *work, uint64_t stolen, uint64_t sum)
{
    uint64_t *weights = work->numbers, *parts = work->numbers + work->n_shares;
    for (size_t i = 0; i < work->n_shares; i++)
        weights[i] = work->shares[i].sat;
    sg_ut_proportion(parts, work->rests, weights, work->n_shares, sum, stolen);
    for (size_t i = 0; i < work->n_shares; i++)
        work->shares[i].stolen = parts[i];
}

/* Stolen money of a theft is taken from the inputs in their order; so is clean money. */
static bool take(struct ut_work *work, size_t *at, struct ut_share *share, uint32_t theft,
                 uint64_t sat)
{
    while (sat) {
        while (work->brought.items[*at].theft != theft || !work->left[*at])
            ++*at;
        const uint64_t part = sat < work->left[*at] ? sat : work->left[*at];
        const struct ut_lot lot = {part, theft, work->brought.items[*at].from};
        if (!sg_ut_push(&work->paid, share->first, lot))
            return false;
        work->left[*at] -= part;
        sat -= part;
    }
    return true;
}

/* Of several thefts, each share gets its part of what is left of each, in proportion. */
static bool pay_mixed(struct ut_work *work, uint64_t stolen, uint32_t n_thefts)
{
    size_t clean = 0;
    if (!SG_VEC_RESERVE(work->left, 0, work->cap_left, work->brought.n + 1))
        return false;
    for (size_t i = 0; i < work->brought.n; i++)
        work->left[i] = work->brought.items[i].sat;
    memset(work->next, 0, n_thefts * sizeof(*work->next));
    for (size_t s = 0; s < work->n_shares; s++) {
        struct ut_share *share = &work->shares[s];
        bool ok = true;
        share->first = work->paid.n;
        sg_ut_proportion(work->numbers, work->rests, work->pool, n_thefts, stolen, share->stolen);
        for (uint32_t t = 0; t < n_thefts && ok; t++) {
            ok = take(work, &work->next[t], share, t, work->numbers[t]);
            work->pool[t] -= work->numbers[t];
        }
        stolen -= share->stolen;
        if (!ok || !take(work, &clean, share, SG_TAINT_NONE, share->sat - share->stolen))
            return false;
        share->end = work->paid.n;
    }
    return true;
}

/* How much stolen money each share gets. */
static void choose(struct ut_work *work, const struct sg_utxotaint_input *input, uint64_t stolen,
                   uint64_t sum)
{
    switch (input->policy) {
    case SG_POLICY_TIHO:
        tiho(work, stolen, sum, input->tiho);
        break;
    case SG_POLICY_LIBR:
        libr(work, stolen);
        break;
    case SG_POLICY_HAIRCUT:
    case SG_POLICY_POISON:
        haircut(work, stolen, sum);
        break;
    case SG_POLICY_FIFO:
    case SG_POLICY_LIFO:
        break;
    }
}

enum sg_status sg_ut_divide(struct ut_work *work, const struct sg_utxotaint_input *input,
                            struct sg_err *err)
{
    const size_t n = work->n_shares > input->n_thefts ? work->n_shares : input->n_thefts;
    uint64_t sum = 0;
    bool ok = room(work, n);
    work->paid.n = 0;
    if (input->policy == SG_POLICY_LIFO)
        reverse(&work->brought);
    if (ok && input->policy == SG_POLICY_POISON)
        ok = sg_ut_poison(work, &work->brought, 0, input->n_thefts);
    for (size_t i = 0; i < work->brought.n; i++)
        sum += work->brought.items[i].sat;
    if (ok && (input->policy == SG_POLICY_FIFO || input->policy == SG_POLICY_LIFO)) {
        ok = pay_in_order(work);
    } else if (ok) {
        const uint64_t stolen = pool_stolen(work, &work->brought, 0, input->n_thefts);
        choose(work, input, stolen, sum);
        ok = pay_mixed(work, stolen, input->n_thefts);
    }
    return ok ? SG_OK : sg_err_nomem(err);
}
