#include "analysis/demix/demix_next_internal.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

/* An address that is looked at: a withdrawer, a depositor, a mixer, or two of them. */
struct person {
    uint32_t id;         /* of the ledger */
    uint32_t withdrawer; /* index, or NOBODY */
    bool deposits, mixes;
    uint32_t funder; /* first who paid it, or SG_ID_NONE */
};

struct finding {
    const struct sg_demix_links_input *in;
    struct sg_arena arena;
    struct person *people; /* by id, each once */
    size_t n_people;
    struct sg_demix_payment *payments;
    size_t n_payments, cap_payments;
    struct sg_demix_link *links;
    bool failed;
};

static int by_id(const void *a, const void *b)
{
    const struct person *x = a;
    const struct person *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static struct person *find(const struct finding *f, struct sg_addr_id id)
{
    const struct person key = {.id = id.v};
    return f->n_people ? bsearch(&key, f->people, f->n_people, sizeof(key), by_id) : NULL;
}

static void add(struct finding *f, struct person person)
{
    if (person.id == SG_ID_NONE)
        return;
    person.funder = SG_ID_NONE;
    f->people[f->n_people++] = person;
}

/* One entry an address, with all that it is. */
static void merge(struct finding *f)
{
    size_t kept = 0;
    if (f->n_people)
        qsort(f->people, f->n_people, sizeof(*f->people), by_id);
    for (size_t i = 0; i < f->n_people; i++) {
        struct person *last = kept ? &f->people[kept - 1] : NULL;
        if (!last || last->id != f->people[i].id) {
            f->people[kept++] = f->people[i];
            continue;
        }
        last->deposits |= f->people[i].deposits;
        last->mixes |= f->people[i].mixes;
        if (f->people[i].withdrawer != NOBODY)
            last->withdrawer = f->people[i].withdrawer;
    }
    f->n_people = kept;
}

static int by_tx(const void *a, const void *b)
{
    const uint64_t x = ((const struct sg_tx_id *)a)->v;
    const uint64_t y = ((const struct sg_tx_id *)b)->v;
    return (x > y) - (x < y);
}

/* The deposits' transactions that the ledger holds, ascending, each once. */
static enum sg_status find_deposits(struct sg_tx_id **ids, size_t *n, struct finding *f,
                                    struct sg_err *err)
{
    const struct sg_ledger *ledger = f->in->ledger;
    size_t kept = 0;
    *ids = sg_arena_alloc(&f->arena, f->in->n_deposits + 1, sizeof(**ids));
    if (!*ids)
        return sg_err_nomem(err);
    const enum sg_status st =
        ledger->ops->find_txs(ledger->self, *ids, f->in->deposits, f->in->n_deposits, err);
    if (st != SG_OK)
        return st;
    if (f->in->n_deposits)
        qsort(*ids, f->in->n_deposits, sizeof(**ids), by_tx);
    for (size_t i = 0; i < f->in->n_deposits; i++)
        if ((*ids)[i].v != SG_TX_ID_NONE && (!kept || (*ids)[kept - 1].v != (*ids)[i].v))
            (*ids)[kept++] = (*ids)[i];
    *n = kept;
    return SG_OK;
}

/* Whom a deposit's transaction paid first is the mixer, or its router. */
static enum sg_status add_mixers(struct finding *f, const struct sg_tx *txs, size_t n,
                                 struct sg_err *err)
{
    const struct sg_ledger *ledger = f->in->ledger;
    uint64_t *ids = sg_arena_alloc(&f->arena, n + 1, sizeof(*ids));
    struct sg_row *rows = sg_arena_alloc(&f->arena, n + 1, sizeof(*rows));
    size_t n_rows = 0;
    if (!ids || !rows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (txs[i].n_rows)
            ids[n_rows++] = txs[i].first_row;
    const enum sg_status st = ledger->ops->rows(ledger->self, rows, ids, n_rows, err);
    for (size_t i = 0; st == SG_OK && i < n_rows; i++)
        if (rows[i].from.v != rows[i].to.v)
            add(f, (struct person){.id = rows[i].to.v, .withdrawer = NOBODY, .mixes = true});
    return st;
}

static enum sg_status add_depositors(struct finding *f, const struct sg_tx *txs, size_t n,
                                     struct sg_err *err)
{
    for (size_t i = 0; i < n; i++)
        add(f, (struct person){.id = txs[i].sender.v, .withdrawer = NOBODY, .deposits = true});
    return add_mixers(f, txs, n, err);
}

static enum sg_status add_withdrawers(struct finding *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->in->ledger;
    const size_t n = f->in->n_withdrawers;
    struct sg_addr_id *ids = sg_arena_alloc(&f->arena, n + 1, sizeof(*ids));
    if (!ids)
        return sg_err_nomem(err);
    const enum sg_status st =
        ledger->ops->find_addrs(ledger->self, ids, f->in->withdrawers, n, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        f->links[i].in_ledger = ids[i].v != SG_ID_NONE;
        add(f, (struct person){.id = ids[i].v, .withdrawer = (uint32_t)i});
    }
    return st;
}

static enum sg_status gather_people(struct finding *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->in->ledger;
    struct sg_tx_id *ids = NULL;
    size_t n = 0;
    enum sg_status st = find_deposits(&ids, &n, f, err);
    if (st != SG_OK)
        return st;
    struct sg_tx *txs = sg_arena_alloc(&f->arena, n + 1, sizeof(*txs));
    f->people = sg_arena_alloc(&f->arena, 2 * n + f->in->n_withdrawers + 1, sizeof(*f->people));
    if (!txs || !f->people)
        return sg_err_nomem(err);
    st = ledger->ops->txs(ledger->self, txs, ids, n, err);
    if (st == SG_OK)
        st = add_depositors(f, txs, n, err);
    if (st == SG_OK)
        st = add_withdrawers(f, err);
    merge(f);
    return st;
}

static void note_direct(const struct finding *f, const struct person *withdrawer,
                        const struct person *depositor)
{
    struct sg_demix_link *link = &f->links[withdrawer->withdrawer];
    if (link->n_direct++ == 0)
        link->direct.v = depositor->id;
}

static void note_payment(struct finding *f, uint32_t who, struct sg_addr_id to)
{
    if (!SG_VEC_RESERVE(f->payments, f->n_payments, f->cap_payments, 1)) {
        f->failed = true;
        return;
    }
    f->payments[f->n_payments++] = (struct sg_demix_payment){to.v, who};
}

static bool is_withdrawer(const struct person *person)
{
    return person && person->withdrawer != NOBODY;
}

/* Rows come in the order of the chain, so the first payer is met first. */
static bool on_row(void *ctx, const struct sg_row *row)
{
    struct finding *f = ctx;
    struct person *from = find(f, row->from);
    struct person *to = find(f, row->to);
    if ((row->flags & SG_ROW_FAILED) || sg_amount_is_zero(row->amount) || from == to)
        return true;
    if ((from && from->mixes) || (to && to->mixes))
        return true;
    if (to && to->funder == SG_ID_NONE)
        to->funder = row->from.v;
    if (is_withdrawer(from) && to && to->deposits)
        note_direct(f, from, to);
    if (is_withdrawer(to) && from && from->deposits)
        note_direct(f, to, from);
    if (is_withdrawer(from))
        note_payment(f, from->withdrawer, row->to);
    if (from && from->deposits)
        note_payment(f, SG_DEMIX_DEPOSITOR, row->to);
    return !f->failed;
}

static bool funds_a_depositor(const struct finding *f, uint32_t funder)
{
    const struct person *person = find(f, (struct sg_addr_id){funder});
    bool found = person && person->deposits;
    for (size_t i = 0; !found && i < f->n_people; i++)
        found = f->people[i].deposits && f->people[i].funder == funder;
    return found;
}

static enum sg_status finish(struct finding *f, struct sg_err *err)
{
    for (size_t i = 0; i < f->n_people; i++) {
        const struct person *person = &f->people[i];
        if (!is_withdrawer(person))
            continue;
        struct sg_demix_link *link = &f->links[person->withdrawer];
        link->deposited = person->deposits;
        link->funder.v = person->funder;
        link->funder_shared = person->funder != SG_ID_NONE && funds_a_depositor(f, person->funder);
    }
    return sg_demix_next_find(f->links, f->payments, f->n_payments, f->in->book, err);
}

static enum sg_status read_rows(struct finding *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->in->ledger;
    struct sg_addr_id *ids = sg_arena_alloc(&f->arena, f->n_people + 1, sizeof(*ids));
    if (!ids)
        return sg_err_nomem(err);
    if (!f->n_people)
        return SG_OK;
    for (size_t i = 0; i < f->n_people; i++)
        ids[i].v = f->people[i].id;
    const enum sg_status st =
        ledger->ops->rows_of(ledger->self, ids, f->n_people, 0, on_row, f, err);
    return st == SG_OK && f->failed ? sg_err_nomem(err) : st;
}

enum sg_status sg_demix_links_find(struct sg_demix_link *links,
                                   const struct sg_demix_links_input *input, struct sg_err *err)
{
    struct finding f = {.in = input, .links = links, .arena = SG_ARENA_INIT};
    for (size_t i = 0; i < input->n_withdrawers; i++)
        links[i] = (struct sg_demix_link){.direct = {SG_ID_NONE},
                                          .funder = {SG_ID_NONE},
                                          .next = {SG_ID_NONE},
                                          .same = {SG_ID_NONE}};
    enum sg_status st = gather_people(&f, err);
    if (st == SG_OK)
        st = read_rows(&f, err);
    if (st == SG_OK)
        st = finish(&f, err);
    sg_mem_free(f.payments);
    sg_arena_clear(&f.arena);
    return st;
}
