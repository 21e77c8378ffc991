#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <stdlib.h>

/* What one address of a seed was paid, with ids of its chain. */
struct funding {
    size_t chain;
    struct sg_addr_id addr;
    const struct sg_funder *funders;
    size_t n_funders;
    struct sg_amount explained;
};

struct backtrack {
    struct sg_trace_chain *chains;
    size_t n_chains;
    struct funding *fundings;
    size_t n_fundings;
};

/* The first row of an address behind its first seed; UINT64_MAX if all came before. */
struct moment {
    const struct sg_taint_seed *seed;
    const struct sg_trace_chain *chain;
    uint64_t row;
    enum sg_status st;
    struct sg_err *err;
};

static bool find_moment(void *ctx, const struct sg_row *row)
{
    struct moment *m = ctx;
    const struct sg_ledger *ledger = m->chain->ledger;
    struct sg_tx tx;
    if (m->seed->tx.v != SG_TX_ID_NONE) {
        if (row->tx.v < m->seed->tx.v)
            return true;
        m->row = row->id;
        return false;
    }
    m->st = ledger->ops->txs(ledger->self, &tx, &row->tx, 1, m->err);
    if (m->st == SG_OK &&
        (tx.time_unix_s == SG_TIME_UNKNOWN || tx.time_unix_s < m->seed->time_unix_s))
        return true;
    m->row = row->id;
    return false;
}

static enum sg_status look_back(struct funding *f, struct sg_arena *arena,
                                struct sg_trace_chain *chain, const struct sg_taint_seed *seed,
                                struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct moment moment = {seed, chain, UINT64_MAX, SG_OK, err};
    enum sg_status st = SG_OK;
    if (seed->addr.v < ledger->stats.addresses)
        st = ledger->ops->rows_of(ledger->self, &seed->addr, 1, 0, find_moment, &moment, err);
    if (st == SG_OK)
        st = moment.st;
    f->addr = seed->addr;
    const struct sg_funders_input input = {.addr = seed->addr,
                                           .before_row = moment.row,
                                           .until_unix_s = INT64_MAX,
                                           .services = chain->services,
                                           .n_services = chain->n_services,
                                           .hops_max = SG_TRACE_HOPS_MAX};
    return st == SG_OK ? sg_taint_funders(&f->funders, &f->n_funders, &f->explained, arena,
                                          chain->cache, &input, err)
                       : st;
}

static bool is_done(const struct backtrack *b, size_t chain, struct sg_addr_id addr)
{
    for (size_t i = 0; i < b->n_fundings; i++)
        if (b->fundings[i].chain == chain && b->fundings[i].addr.v == addr.v)
            return true;
    return false;
}

/* The earliest seed of an address decides what came before it. */
static bool is_later(const struct sg_trace_chain *chain, size_t seed)
{
    for (size_t i = 0; i < chain->n_seeds; i++)
        if (chain->seeds[i].addr.v == chain->seeds[seed].addr.v &&
            chain->seeds[i].time_unix_s < chain->seeds[seed].time_unix_s)
            return true;
    return false;
}

static enum sg_status look_back_chain(struct backtrack *b, struct sg_arena *arena, size_t at,
                                      struct sg_err *err)
{
    struct sg_trace_chain *chain = &b->chains[at];
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < chain->n_seeds && st == SG_OK; i++) {
        if (is_later(chain, i) || is_done(b, at, chain->seeds[i].addr))
            continue;
        struct funding *f = &b->fundings[b->n_fundings++];
        f->chain = at;
        st = look_back(f, arena, chain, &chain->seeds[i], err);
        bool ok = sg_refs_add(&chain->addrs, f->addr.v);
        for (size_t j = 0; st == SG_OK && ok && j < f->n_funders; j++)
            ok = sg_refs_add(&chain->addrs, f->funders[j].from.v) &&
                 sg_refs_add(&chain->addrs, f->funders[j].to.v) &&
                 sg_refs_add(&chain->txs, f->funders[j].tx.v);
        if (st == SG_OK && !ok)
            st = sg_err_nomem(err);
    }
    return st;
}

static int cmp_funder(const void *a, const void *b)
{
    const struct sg_trace_funder *x = a, *y = b;
    if (x->hop != y->hop)
        return x->hop < y->hop ? -1 : 1;
    const int c = sg_amount_cmp(y->share, x->share);
    return c != 0 ? c : (x->tx > y->tx) - (x->tx < y->tx);
}

static enum sg_status show(struct sg_trace_funding *shown, struct sg_arena *arena,
                           const struct sg_trace_chain *chain, const struct funding *f,
                           struct sg_err *err)
{
    struct sg_trace_funder *funders = sg_arena_alloc(arena, f->n_funders + 1, sizeof(*funders));
    if (!funders)
        return sg_err_nomem(err);
    for (size_t i = 0; i < f->n_funders; i++)
        funders[i] =
            (struct sg_trace_funder){.asset = sg_refs_index(&chain->assets, 0),
                                     .from = sg_refs_index(&chain->addrs, f->funders[i].from.v),
                                     .to = sg_refs_index(&chain->addrs, f->funders[i].to.v),
                                     .tx = sg_refs_index(&chain->txs, f->funders[i].tx.v),
                                     .hop = f->funders[i].hop,
                                     .amount = f->funders[i].amount,
                                     .share = f->funders[i].share,
                                     .stops = f->funders[i].end != SG_FUNDER_GOES_ON};
    if (f->n_funders > 1)
        qsort(funders, f->n_funders, sizeof(*funders), cmp_funder);
    *shown = (struct sg_trace_funding){sg_refs_index(&chain->addrs, f->addr.v), f->explained,
                                       funders, f->n_funders};
    return SG_OK;
}

/* Tables, then the funders in terms of them. */
static enum sg_status show_all(struct sg_trace_backward *backward, struct sg_arena *arena,
                               struct backtrack *b, const struct sg_case *c, struct sg_err *err)
{
    struct sg_trace tables = {.c = c};
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < b->n_chains && st == SG_OK; i++)
        st = sg_chain_collect(&b->chains[i], c, 0, err);
    if (st == SG_OK)
        st = sg_tables_make(&tables, arena, b->chains, b->n_chains, c, err);
    if (st != SG_OK)
        return st;
    struct sg_trace_funding *shown = sg_arena_alloc(arena, b->n_fundings + 1, sizeof(*shown));
    if (!shown)
        return sg_err_nomem(err);
    for (size_t i = 0; i < b->n_fundings && st == SG_OK; i++)
        st = show(&shown[i], arena, &b->chains[b->fundings[i].chain], &b->fundings[i], err);
    if (st == SG_OK)
        *backward =
            (struct sg_trace_backward){shown,      b->n_fundings, tables.parties, tables.n_parties,
                                       tables.txs, tables.n_txs,  tables.assets,  tables.n_assets};
    return st;
}

enum sg_status sg_trace_run_backward(struct sg_trace_backward *backward, struct sg_arena *arena,
                                     const struct sg_trace_input *input, struct sg_err *err)
{
    struct backtrack b = {.n_chains = input->n_ledgers};
    size_t n_seeds = 0;
    b.chains = sg_mem_zalloc(input->n_ledgers + 1, sizeof(*b.chains));
    enum sg_status st = b.chains ? sg_trace_check(input, err) : sg_err_nomem(err);
    for (size_t i = 0; i < input->n_ledgers && st == SG_OK; i++) {
        b.chains[i].ledger = input->ledgers[i];
        st = sg_chain_open(&b.chains[i], input, err);
        if (st == SG_OK)
            st = sg_chain_skip_told(&b.chains[i], arena, input->decoys_of, err);
        n_seeds += b.chains[i].n_seeds;
    }
    if (st == SG_OK) {
        b.fundings = sg_mem_zalloc(n_seeds + 1, sizeof(*b.fundings));
        st = b.fundings ? SG_OK : sg_err_nomem(err);
    }
    for (size_t i = 0; i < b.n_chains && st == SG_OK; i++)
        st = look_back_chain(&b, arena, i, err);
    if (st == SG_OK)
        st = show_all(backward, arena, &b, input->c, err);
    for (size_t i = 0; b.chains && i < b.n_chains; i++)
        sg_chain_close(&b.chains[i]);
    sg_mem_free(b.fundings);
    sg_mem_free(b.chains);
    return st;
}
