#include "analysis/moneyflags/moneyflags.h"

#include "base/ids.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static const struct sg_moneyflag_info infos[] = {
    [SG_MONEYFLAG_EQUAL_PAYMENTS] =
        {"equal_payments", "money is cut into many payments of one size within a short time",
         "payroll, a game or a faucet pays the same to many"},
    [SG_MONEYFLAG_MANY_SERVICES] = {"many_services",
                                    "money goes to several services within a short time",
                                    "a trader moves between exchanges"},
    [SG_MONEYFLAG_MANY_PAYERS] = {"many_payers",
                                  "many unrelated wallets pay one address within a short time",
                                  "a shop, a donation drive, an exchange's deposit address"},
    [SG_MONEYFLAG_PASS_THROUGH] = {"pass_through", "what comes in leaves at once",
                                   "a forwarding contract, a payment processor, a deposit address"},
    [SG_MONEYFLAG_MIXER] = {"mixer", "money came from a mixer or went to one",
                            "privacy; being paid by somebody who used one"},
    [SG_MONEYFLAG_ILLICIT] = {"illicit",
                              "money came from an address of crime or sanction or went to one",
                              "a victim, an exchange's customer, dust sent unasked"},
    [SG_MONEYFLAG_GAMBLING] = {"gambling",
                               "money came from gambling or a marketplace or went to one",
                               "legal play or trade"},
};

_Static_assert(SG_COUNT_OF(infos) == SG_MONEYFLAG_RULES, "every rule has its entry");

const struct sg_moneyflag_info *sg_moneyflag_info(enum sg_moneyflag_rule rule)
{
    return &infos[rule];
}

/* A payment from or to the address, with its time. */
struct payment {
    uint64_t row;
    struct sg_tx_id tx;
    struct sg_addr_id peer;
    struct sg_amount amount;
    int64_t time;
    bool is_out;
};

struct look {
    const struct sg_moneyflags_input *input;
    struct payment *payments; /* in order of the rows */
    size_t n, capacity;
    bool no_memory;
    struct sg_moneyflag *flags;
    size_t n_flags;
};

static bool take(void *ctx, const struct sg_row *row)
{
    struct look *l = ctx;
    const bool is_out = row->from.v == l->input->addr.v;
    if (row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE) || row->from.v == row->to.v ||
        row->asset.v != l->input->asset.v || sg_amount_is_zero(row->amount))
        return true;
    l->no_memory = !SG_VEC_RESERVE(l->payments, l->n, l->capacity, 1);
    if (l->no_memory)
        return false;
    l->payments[l->n++] = (struct payment){.row = row->id,
                                           .tx = row->tx,
                                           .peer = is_out ? row->to : row->from,
                                           .amount = row->amount,
                                           .is_out = is_out};
    return true;
}

/* Rows ascend, and so do their transactions; those without a time and too late ones are dropped. */
static enum sg_status read_times(struct look *l, struct sg_err *err)
{
    const struct sg_ledger *ledger = l->input->ledger;
    struct sg_tx_id *ids = sg_mem_alloc(l->n + 1, sizeof(*ids));
    struct sg_tx *txs = sg_mem_alloc(l->n + 1, sizeof(*txs));
    size_t n = 0, kept = 0;
    enum sg_status st = ids && txs ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < l->n; i++)
        if (n == 0 || ids[n - 1].v != l->payments[i].tx.v)
            ids[n++] = l->payments[i].tx;
    if (st == SG_OK && n)
        st = ledger->ops->txs(ledger->self, txs, ids, n, err);
    for (size_t i = 0, t = 0; st == SG_OK && i < l->n; i++) {
        while (ids[t].v != l->payments[i].tx.v)
            t++;
        struct payment payment = l->payments[i];
        payment.time = txs[t].time_unix_s;
        if (payment.time != SG_TIME_UNKNOWN && payment.time <= l->input->until_unix_s)
            l->payments[kept++] = payment;
    }
    l->n = kept;
    sg_mem_free(txs);
    sg_mem_free(ids);
    return st;
}

static void add_up(struct sg_amount *sum, struct sg_amount more)
{
    if (!sg_amount_add(sum, *sum, more))
        *sum = sg_amount_from(~(sg_u128)0);
}

static int by_time(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Outgoing ones first, of one amount together, in order of time. */
static int by_amount(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    if (x->is_out != y->is_out)
        return x->is_out ? -1 : 1;
    const int order = sg_amount_cmp(x->amount, y->amount);
    return order ? order : by_time(a, b);
}

static void equal_payments(struct look *l, struct payment *sorted)
{
    struct sg_moneyflag best = {.rule = SG_MONEYFLAG_EQUAL_PAYMENTS};
    memcpy(sorted, l->payments, l->n * sizeof(*sorted));
    qsort(sorted, l->n, sizeof(*sorted), by_amount);
    for (size_t first = 0, i = 0; i < l->n && sorted[i].is_out; i++) {
        while (sg_amount_cmp(sorted[first].amount, sorted[i].amount) != 0 ||
               sorted[i].time - sorted[first].time > SG_MONEYFLAG_DAY_S)
            first++;
        if (i - first + 1 <= best.count)
            continue;
        best.count = i - first + 1;
        best.amount = sorted[i].amount;
        best.first = sorted[first].tx;
        best.last = sorted[i].tx;
    }
    if (best.count >= SG_MONEYFLAG_EQUAL_MIN)
        l->flags[l->n_flags++] = best;
}

/* A window of a day over payments of one direction, counting different peers. */
struct window {
    struct sg_ids at;   /* peer -> index into counts */
    uint32_t *counts;   /* payments of each peer in the window */
    size_t n, distinct; /* peers ever, peers now */
};

static bool enter(struct window *w, uint32_t peer)
{
    uint32_t at = sg_ids_get(&w->at, peer);
    if (at == SG_IDS_NONE) {
        at = (uint32_t)w->n;
        if (!sg_ids_put(&w->at, peer, at))
            return false;
        w->counts[w->n++] = 0;
    }
    w->distinct += w->counts[at]++ == 0;
    return true;
}

static void leave(struct window *w, uint32_t peer)
{
    w->distinct -= --w->counts[sg_ids_get(&w->at, peer)] == 0;
}

/* The day with the most different peers. peers[i]: whom payment i counts for, SG_ID_NONE: nobody.
 */
static enum sg_status most_peers(struct sg_moneyflag *best, const struct payment *payments,
                                 const uint32_t *peers, size_t n, struct sg_err *err)
{
    struct window w = {.n = 0};
    size_t begin = 0, end = 0;
    w.counts = sg_mem_alloc(n + 1, sizeof(*w.counts));
    enum sg_status st = w.counts ? SG_OK : sg_err_nomem(err);
    for (size_t first = 0, i = 0; st == SG_OK && i < n; i++) {
        if (peers[i] == SG_ID_NONE)
            continue;
        if (!enter(&w, peers[i]))
            st = sg_err_nomem(err);
        for (; st == SG_OK && payments[i].time - payments[first].time > SG_MONEYFLAG_DAY_S; first++)
            if (peers[first] != SG_ID_NONE)
                leave(&w, peers[first]);
        if (st != SG_OK || w.distinct <= best->count)
            continue;
        best->count = w.distinct;
        begin = first;
        end = i + 1;
    }
    while (begin < end && peers[begin] == SG_ID_NONE)
        begin++;
    for (size_t i = begin; i < end; i++) {
        if (peers[i] == SG_ID_NONE)
            continue;
        add_up(&best->amount, payments[i].amount);
        best->last = payments[i].tx;
    }
    if (begin < end)
        best->first = payments[begin].tx;
    sg_ids_clear(&w.at);
    sg_mem_free(w.counts);
    return st;
}

/* More services of one address than that are not told apart. */
#define SERVICES_MAX 256u

/* Entities get numbers, so that two addresses of one count once. */
static enum sg_status service_number(uint32_t *number, const struct sg_exposure_label **seen,
                                     size_t *n_seen, const struct look *l, struct sg_addr_id peer,
                                     struct sg_err *err)
{
    const struct sg_exposure_label *label = NULL;
    const struct sg_exposure_book *book = l->input->book;
    *number = SG_ID_NONE;
    const enum sg_status st =
        peer.v == SG_ID_NONE ? SG_OK : book->look(book->ctx, &label, peer, err);
    if (st != SG_OK || !label || !label->is_service)
        return st;
    size_t i = 0;
    while (i < *n_seen && strcmp(seen[i]->entity, label->entity) != 0)
        i++;
    if (i == SERVICES_MAX)
        i--;
    else if (i == *n_seen)
        seen[(*n_seen)++] = label;
    *number = (uint32_t)i;
    return SG_OK;
}

static enum sg_status number_peers(uint32_t *services, uint32_t *payers, const struct look *l,
                                   struct sg_err *err)
{
    const struct sg_exposure_label *seen[SERVICES_MAX];
    size_t n_seen = 0;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < l->n; i++) {
        const struct payment *p = &l->payments[i];
        services[i] = SG_ID_NONE;
        payers[i] = p->is_out ? SG_ID_NONE : p->peer.v;
        if (p->is_out)
            st = service_number(&services[i], seen, &n_seen, l, p->peer, err);
    }
    return st;
}

static enum sg_status many_peers(struct look *l, struct sg_err *err)
{
    struct sg_moneyflag services = {.rule = SG_MONEYFLAG_MANY_SERVICES};
    struct sg_moneyflag payers = {.rule = SG_MONEYFLAG_MANY_PAYERS};
    uint32_t *numbers = sg_mem_alloc(2 * l->n + 1, sizeof(*numbers));
    enum sg_status st = numbers ? number_peers(numbers, numbers + l->n, l, err) : sg_err_nomem(err);
    if (st == SG_OK)
        st = most_peers(&services, l->payments, numbers, l->n, err);
    if (st == SG_OK)
        st = most_peers(&payers, l->payments, numbers + l->n, l->n, err);
    if (st == SG_OK && services.count >= SG_MONEYFLAG_SERVICES_MIN)
        l->flags[l->n_flags++] = services;
    if (st == SG_OK && payers.count >= SG_MONEYFLAG_PAYERS_MIN)
        l->flags[l->n_flags++] = payers;
    sg_mem_free(numbers);
    return st;
}

/* Receipts leave first in, first out; what leaves within a day of its arrival passed through. */
static void pass_through(struct look *l)
{
    struct sg_moneyflag flag = {.rule = SG_MONEYFLAG_PASS_THROUGH, .last = {SG_TX_ID_NONE}};
    struct sg_amount in = SG_AMOUNT_ZERO, left_of_first = SG_AMOUNT_ZERO;
    size_t receipt = 0;
    bool is_open = false;
    for (size_t i = 0; i < l->n; i++) {
        const struct payment *p = &l->payments[i];
        struct sg_amount to_pay = p->amount;
        if (!p->is_out) {
            flag.first = flag.count++ == 0 ? p->tx : flag.first;
            add_up(&in, p->amount);
            continue;
        }
        while (!sg_amount_is_zero(to_pay)) {
            while (!is_open && receipt < i && l->payments[receipt].is_out)
                receipt++;
            if (!is_open && receipt >= i)
                break;
            if (!is_open)
                left_of_first = l->payments[receipt].amount;
            const struct sg_amount part = sg_amount_min(to_pay, left_of_first);
            if (!sg_amount_sub(&to_pay, to_pay, part) ||
                !sg_amount_sub(&left_of_first, left_of_first, part))
                return;
            if (p->time - l->payments[receipt].time <= SG_MONEYFLAG_DAY_S) {
                add_up(&flag.amount, part);
                flag.last = p->tx;
            }
            is_open = !sg_amount_is_zero(left_of_first);
            receipt += !is_open;
        }
    }
    if (flag.count >= SG_MONEYFLAG_PASS_MIN &&
        sg_amount_scale(100, flag.amount, in) >= SG_MONEYFLAG_PASS_PERCENT)
        l->flags[l->n_flags++] = flag;
}

static bool concerns(enum sg_moneyflag_rule rule, enum sg_category category)
{
    if (rule == SG_MONEYFLAG_MIXER)
        return category == SG_CATEGORY_MIXER;
    if (rule == SG_MONEYFLAG_GAMBLING)
        return category == SG_CATEGORY_GAMBLING || category == SG_CATEGORY_MARKETPLACE;
    return sg_category_info(category)->is_illicit;
}

/* By the nearest category of both directions; its amount is the largest of them. */
static void exposed(struct look *l, enum sg_moneyflag_rule rule)
{
    struct sg_moneyflag flag = {.rule = rule, .first = {SG_TX_ID_NONE}, .last = {SG_TX_ID_NONE}};
    const struct sg_exposure_side *sides[] = {&l->input->exposure->in, &l->input->exposure->out};
    for (size_t s = 0; s < SG_COUNT_OF(sides); s++)
        for (size_t i = 0; i < sides[s]->n_categories; i++) {
            const struct sg_exposure_category *c = &sides[s]->categories[i];
            const struct sg_amount amount =
                sg_amount_cmp(c->ended, c->passed) < 0 ? c->passed : c->ended;
            if (!concerns(rule, c->category))
                continue;
            if (flag.count++ == 0 || c->hops < flag.hops) {
                flag.hops = c->hops;
                flag.nearest = c->nearest;
            }
            if (sg_amount_cmp(amount, flag.amount) > 0)
                flag.amount = amount;
        }
    if (flag.count)
        l->flags[l->n_flags++] = flag;
}

static enum sg_status find_all(struct look *l, struct sg_err *err)
{
    struct payment *scratch = sg_mem_alloc(l->n + 1, sizeof(*scratch));
    if (!scratch)
        return sg_err_nomem(err);
    if (l->n > 0) {
        qsort(l->payments, l->n, sizeof(*l->payments), by_time);
        equal_payments(l, scratch);
    }
    sg_mem_free(scratch);
    const enum sg_status st = many_peers(l, err);
    if (st != SG_OK)
        return st;
    pass_through(l);
    exposed(l, SG_MONEYFLAG_MIXER);
    exposed(l, SG_MONEYFLAG_ILLICIT);
    exposed(l, SG_MONEYFLAG_GAMBLING);
    return SG_OK;
}

enum sg_status sg_moneyflags_find(const struct sg_moneyflag **flags, size_t *n,
                                  struct sg_arena *arena, const struct sg_moneyflags_input *input,
                                  struct sg_err *err)
{
    struct look l = {.input = input};
    l.flags = sg_arena_alloc(arena, SG_MONEYFLAG_RULES, sizeof(*l.flags));
    enum sg_status st = l.flags ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = input->ledger->ops->rows_of(input->ledger->self, &input->addr, 1, 0, take, &l, err);
    if (st == SG_OK && l.no_memory)
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = read_times(&l, err);
    if (st == SG_OK)
        st = find_all(&l, err);
    if (st == SG_OK) {
        *flags = l.flags;
        *n = l.n_flags;
    }
    sg_mem_free(l.payments);
    return st;
}
