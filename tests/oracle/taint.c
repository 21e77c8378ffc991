#include "oracle/taint.h"
#include "support/check.h"

#include <string.h>

#define CLEAN ORACLE_THEFTS

/* The units of an address, oldest first; each is the number of its theft, or CLEAN. */
struct purse {
    uint8_t units[ORACLE_UNITS];
    size_t count;
};

struct world {
    struct oracle_taint *out;
    const struct sg_taint_input *in;
    struct purse purses[ORACLE_ADDRS];
    uint8_t paid[ORACLE_UNITS];
    size_t n_paid;
    uint64_t entry_left[16], limit_left[16];
};

static uint64_t number(struct sg_amount amount)
{
    assert_true(sg_amount_cmp(amount, sg_amount_from(ORACLE_UNITS)) < 0);
    uint64_t n = 0;
    while (sg_amount_cmp(sg_amount_from(n), amount) < 0)
        n++;
    return n;
}

static bool is_service(const struct world *w, uint32_t addr)
{
    for (size_t i = 0; i < w->in->n_services; i++)
        if (w->in->services[i].v == addr)
            return true;
    return false;
}

static uint64_t count_of(const struct purse *p, uint8_t theft)
{
    uint64_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        n += p->units[i] == theft;
    return n;
}

static uint64_t stolen_in(const struct purse *p)
{
    return p->count - count_of(p, CLEAN);
}

/* Take the oldest, or the newest, unit of a theft out of a purse and into the payment. */
static void take_unit(struct world *w, struct purse *p, size_t at)
{
    w->paid[w->n_paid++] = p->units[at];
    memmove(p->units + at, p->units + at + 1, p->count - at - 1);
    p->count--;
}

static void take_of(struct world *w, struct purse *p, uint8_t theft, uint64_t n)
{
    for (size_t i = 0; n > 0; n--) {
        while (p->units[i] != theft)
            i++;
        take_unit(w, p, i);
    }
}

/* `amount` shared over weights in proportion: whole parts, then one each by largest remainder. */
static void share(uint64_t shares[ORACLE_THEFTS], const uint64_t weights[ORACLE_THEFTS],
                  uint64_t amount)
{
    uint64_t sum = 0, given = 0, rest[ORACLE_THEFTS];
    for (size_t t = 0; t < ORACLE_THEFTS; t++)
        sum += weights[t];
    for (size_t t = 0; t < ORACLE_THEFTS; t++) {
        shares[t] = sum ? amount * weights[t] / sum : 0;
        rest[t] = sum ? amount * weights[t] % sum : 0;
        given += shares[t];
    }
    for (; sum && given < amount; given++) {
        size_t best = 0;
        for (size_t t = 1; t < ORACLE_THEFTS; t++)
            if (rest[t] > rest[best])
                best = t;
        shares[best]++;
        rest[best] = 0;
    }
}

static uint64_t stolen_part(const struct world *w, const struct purse *p, uint64_t amount,
                            uint64_t reserve)
{
    const uint64_t stolen = stolen_in(p), clean = p->count - stolen;
    const uint64_t must = amount > clean ? amount - clean : 0;
    const uint64_t free_part = stolen > reserve ? stolen - reserve : 0;
    const uint64_t wanted = free_part > must ? free_part : must;
    switch (w->in->policy) {
    case SG_POLICY_HAIRCUT:
        return amount ? stolen * amount / p->count : 0;
    case SG_POLICY_TIHO:
        return wanted < amount ? wanted : amount;
    case SG_POLICY_LIBR:
        return must;
    case SG_POLICY_POISON:
        return stolen ? amount : 0;
    case SG_POLICY_FIFO:
    case SG_POLICY_LIFO:
        break;
    }
    return 0;
}

static void take_pool(struct world *w, struct purse *p, uint64_t amount, uint64_t reserve)
{
    uint64_t weights[ORACLE_THEFTS], shares[ORACLE_THEFTS];
    const uint64_t stolen = stolen_part(w, p, amount, reserve);
    for (uint8_t t = 0; t < ORACLE_THEFTS; t++)
        weights[t] = count_of(p, t);
    share(shares, weights, stolen);
    for (uint8_t t = 0; t < ORACLE_THEFTS; t++)
        take_of(w, p, t, shares[t]);
    take_of(w, p, CLEAN, amount - stolen);
}

static void put_unit(struct purse *p, uint8_t unit)
{
    assert_true(p->count < ORACLE_UNITS);
    p->units[p->count++] = unit;
}

/* Poison: if anything in the purse is stolen, all is; what was clean is shared by what was there.
 */
static void poison(struct world *w, struct purse *p)
{
    uint64_t weights[ORACLE_THEFTS], shares[ORACLE_THEFTS];
    if (w->in->policy != SG_POLICY_POISON || stolen_in(p) == 0)
        return;
    for (uint8_t t = 0; t < ORACLE_THEFTS; t++)
        weights[t] = count_of(p, t);
    share(shares, weights, count_of(p, CLEAN));
    for (size_t i = 0, t = 0; i < p->count; i++) {
        if (p->units[i] != CLEAN)
            continue;
        while (shares[t] == 0)
            t++;
        shares[t]--;
        w->out->excess[t]++;
        p->units[i] = (uint8_t)t;
    }
}

static void lack(struct world *w, uint32_t addr, uint64_t missing)
{
    struct purse *p = &w->purses[addr];
    for (size_t i = 0; i < w->in->n_entries; i++) {
        const struct sg_taint_entry *e = &w->in->entries[i];
        uint64_t *left = e->has_amount ? &w->entry_left[i] : &w->limit_left[e->conversion];
        if (e->addr.v != addr)
            continue;
        for (; *left > 0 && missing > 0; (*left)--, missing--) {
            put_unit(p, (uint8_t)e->theft);
            w->out->converted_in[e->theft]++;
        }
        poison(w, p);
    }
    for (; missing > 0; missing--)
        put_unit(p, CLEAN);
    poison(w, p);
}

static void pay(struct world *w, uint32_t addr, uint64_t amount, uint64_t reserve)
{
    struct purse *p = &w->purses[addr];
    w->n_paid = 0;
    if (amount > p->count)
        lack(w, addr, amount - p->count);
    if (w->in->policy != SG_POLICY_FIFO && w->in->policy != SG_POLICY_LIFO)
        take_pool(w, p, amount, reserve);
    else
        for (uint64_t i = 0; i < amount; i++)
            take_unit(w, p, w->in->policy == SG_POLICY_FIFO ? 0 : p->count - 1);
}

static void arrive(struct world *w, uint32_t addr)
{
    for (size_t i = 0; i < w->n_paid; i++) {
        if (is_service(w, addr)) {
            if (w->paid[i] != CLEAN)
                w->out->reached[addr][w->paid[i]]++;
        } else {
            put_unit(&w->purses[addr], w->paid[i]);
        }
    }
    poison(w, &w->purses[addr]);
}

static bool moves(const struct sg_row *row)
{
    return row->flags == 0 && row->from.v != row->to.v && number(row->amount) > 0;
}

/* Larger payments of the transaction that are still to come from the same payer. */
static uint64_t reserve_for(const struct mem_ledger *mem, const struct sg_tx *tx, uint64_t row)
{
    uint64_t sum = 0;
    for (uint64_t i = row + 1; i < tx->first_row + tx->n_rows; i++)
        if (moves(&mem->rows[i]) && mem->rows[i].from.v == mem->rows[row].from.v &&
            number(mem->rows[i].amount) > number(mem->rows[row].amount))
            sum += number(mem->rows[i].amount);
    return sum;
}

static void run_row(struct world *w, const struct mem_ledger *mem, const struct sg_tx *tx,
                    uint64_t at)
{
    const struct sg_row *row = &mem->rows[at];
    if (!moves(row))
        return;
    if (row->from.v == SG_ID_NONE || is_service(w, row->from.v)) {
        w->n_paid = number(row->amount);
        memset(w->paid, CLEAN, w->n_paid);
    } else {
        pay(w, row->from.v, number(row->amount), reserve_for(mem, tx, at));
    }
    arrive(w, row->to.v);
}

static void enter_seeds(struct world *w, uint64_t tx)
{
    for (size_t i = 0; i < w->in->n_seeds; i++) {
        const struct sg_taint_seed *s = &w->in->seeds[i];
        if (s->tx.v != tx)
            continue;
        w->n_paid = number(s->amount);
        memset(w->paid, (int)s->theft, w->n_paid);
        w->out->stolen[s->theft] += w->n_paid;
        arrive(w, s->addr.v);
    }
}

void oracle_taint(struct oracle_taint *out, const struct mem_ledger *mem,
                  const struct sg_taint_input *input)
{
    static struct world w;
    memset(&w, 0, sizeof(w));
    memset(out, 0, sizeof(*out));
    w.out = out;
    w.in = input;
    for (size_t i = 0; i < input->n_entries; i++)
        w.entry_left[i] = number(input->entries[i].amount);
    for (size_t i = 0; i < input->n_limits; i++)
        w.limit_left[i] = number(input->limits[i]);
    for (size_t t = 0; t < mem->n_txs; t++) {
        const struct sg_tx *tx = &mem->txs[t];
        if (tx->time_unix_s > input->until_unix_s)
            break;
        if ((tx->flags & SG_TX_FEE_KNOWN) && !is_service(&w, tx->sender.v)) {
            pay(&w, tx->sender.v, number(tx->fee), 0);
            for (size_t i = 0; i < w.n_paid; i++)
                if (w.paid[i] != CLEAN)
                    out->fees[w.paid[i]]++;
        }
        for (uint64_t r = tx->first_row; r < tx->first_row + tx->n_rows; r++)
            run_row(&w, mem, tx, r);
        enter_seeds(&w, tx->id.v);
    }
    for (size_t a = 0; a < ORACLE_ADDRS; a++)
        for (uint8_t t = 0; t < ORACLE_THEFTS; t++)
            out->held[a][t] = count_of(&w.purses[a], t);
}
