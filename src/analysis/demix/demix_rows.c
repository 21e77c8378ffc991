#include "analysis/demix/demix_rows.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

struct reading {
    const struct sg_pool_rows_input *in;
    struct sg_pool_builder *builder;
    struct sg_arena arena;
    struct sg_addr_id *contracts;
    size_t n_contracts;
    struct sg_row *rows; /* of the pool, in the order of the chain */
    size_t n_rows, cap_rows;
    struct sg_tx *txs; /* by row */
    struct sg_address *to;
    size_t n_odd;
    bool failed;
};

static bool is_pool(const struct reading *r, struct sg_addr_id id)
{
    for (size_t i = 0; i < r->n_contracts; i++)
        if (r->contracts[i].v == id.v)
            return true;
    return false;
}

static bool on_row(void *ctx, const struct sg_row *row)
{
    struct reading *r = ctx;
    const bool moves =
        !(row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) && !sg_amount_is_zero(row->amount);
    if (!moves || is_pool(r, row->from) == is_pool(r, row->to))
        return true;
    if (!SG_VEC_RESERVE(r->rows, r->n_rows, r->cap_rows, 1)) {
        r->failed = true;
        return false;
    }
    r->rows[r->n_rows++] = *row;
    return true;
}

static enum sg_status find_contracts(struct reading *r, struct sg_err *err)
{
    const struct sg_ledger *ledger = r->in->ledger;
    const size_t n = r->in->n_contracts;
    r->contracts = sg_arena_alloc(&r->arena, n + 1, sizeof(*r->contracts));
    if (!r->contracts)
        return sg_err_nomem(err);
    const enum sg_status st =
        ledger->ops->find_addrs(ledger->self, r->contracts, r->in->contracts, n, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        if (r->contracts[i].v != SG_ID_NONE)
            r->contracts[r->n_contracts++] = r->contracts[i];
    return st;
}

/* Rows in another asset than the pool's are none of it. */
static enum sg_status keep_asset(struct reading *r, struct sg_err *err)
{
    const struct sg_ledger *ledger = r->in->ledger;
    size_t kept = 0;
    struct sg_asset_id *ids = sg_arena_alloc(&r->arena, r->n_rows + 1, sizeof(*ids));
    struct sg_asset *assets = sg_arena_alloc(&r->arena, r->n_rows + 1, sizeof(*assets));
    if (!ids || !assets)
        return sg_err_nomem(err);
    for (size_t i = 0; i < r->n_rows; i++)
        ids[i] = r->rows[i].asset;
    const enum sg_status st = ledger->ops->assets(ledger->self, assets, ids, r->n_rows, err);
    for (size_t i = 0; st == SG_OK && i < r->n_rows; i++) {
        const char *symbol = ids[i].v ? assets[i].symbol : ledger->chain->symbol;
        if (strcmp(symbol, r->in->symbol) == 0)
            r->rows[kept++] = r->rows[i];
    }
    r->n_rows = kept;
    return st;
}

static enum sg_status look_up(struct reading *r, struct sg_err *err)
{
    const struct sg_ledger *ledger = r->in->ledger;
    const size_t n = r->n_rows;
    struct sg_tx_id *txs = sg_arena_alloc(&r->arena, n + 1, sizeof(*txs));
    struct sg_addr_id *to = sg_arena_alloc(&r->arena, n + 1, sizeof(*to));
    r->txs = sg_arena_alloc(&r->arena, n + 1, sizeof(*r->txs));
    r->to = sg_arena_alloc(&r->arena, n + 1, sizeof(*r->to));
    if (!txs || !to || !r->txs || !r->to)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        txs[i] = r->rows[i].tx;
        to[i] = r->rows[i].to;
    }
    const enum sg_status st = ledger->ops->txs(ledger->self, r->txs, txs, n, err);
    return st == SG_OK ? ledger->ops->addrs(ledger->self, r->to, to, n, err) : st;
}

/* The transaction's hash, told apart by the row's place in it. */
static struct sg_pool_event event_of(const struct reading *r, size_t i)
{
    struct sg_pool_event e = {
        .block = r->txs[i].block, .time_unix_s = r->txs[i].time_unix_s, .offset = r->rows[i].id};
    const uint64_t place = r->rows[i].id - r->txs[i].first_row;
    if (r->txs[i].flags & SG_TX_PRICE_KNOWN)
        e.gas_price = r->txs[i].gas_price;
    memcpy(e.tx32, r->txs[i].hash32, sizeof(e.tx32));
    memcpy(e.id32, r->txs[i].hash32, sizeof(e.id32));
    for (unsigned b = 0; b < 8; b++)
        e.id32[31 - b] ^= (uint8_t)(place >> 8 * b);
    return e;
}

static enum sg_status add_deposit(struct reading *r, size_t i, struct sg_err *err)
{
    struct sg_pool_event e = event_of(r, i);
    e.kind = SG_POOL_DEPOSIT;
    e.leaf = (uint32_t)i;
    return sg_pool_add(r->builder, &e, err);
}

/* Rows i and, if pair, i + 1. */
static enum sg_status add_withdrawal(struct reading *r, size_t i, bool pair, struct sg_err *err)
{
    const bool first = !pair || sg_amount_cmp(r->rows[i].amount, r->rows[i + 1].amount) >= 0;
    struct sg_pool_event e = event_of(r, i);
    e.kind = SG_POOL_WITHDRAWAL;
    e.to = r->to[first ? i : i + 1];
    if (pair)
        e.fee = r->rows[first ? i + 1 : i].amount;
    return sg_pool_add(r->builder, &e, err);
}

static bool makes_pair(const struct reading *r, size_t i)
{
    struct sg_amount sum;
    return i + 1 < r->n_rows && r->rows[i + 1].tx.v == r->rows[i].tx.v &&
           is_pool(r, r->rows[i + 1].from) &&
           sg_amount_add(&sum, r->rows[i].amount, r->rows[i + 1].amount) &&
           sg_amount_cmp(sum, r->in->denomination) == 0;
}

static enum sg_status add_events(struct reading *r, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < r->n_rows; i++) {
        const bool whole = sg_amount_cmp(r->rows[i].amount, r->in->denomination) == 0;
        const bool out = is_pool(r, r->rows[i].from);
        const bool pair = out && !whole && makes_pair(r, i);
        if (!(r->txs[i].flags & SG_TX_HAS_HASH) || (!whole && !pair)) {
            r->n_odd++;
            continue;
        }
        st = out ? add_withdrawal(r, i, pair, err) : add_deposit(r, i, err);
        i += pair;
    }
    return st;
}

enum sg_status sg_pool_add_rows(struct sg_pool_builder *builder, size_t *n_odd,
                                const struct sg_pool_rows_input *input, struct sg_err *err)
{
    const struct sg_ledger *ledger = input->ledger;
    struct reading r = {.in = input, .builder = builder, .arena = SG_ARENA_INIT};
    enum sg_status st = find_contracts(&r, err);
    if (st == SG_OK && r.n_contracts)
        st = ledger->ops->rows_of(ledger->self, r.contracts, r.n_contracts, 0, on_row, &r, err);
    if (st == SG_OK && r.failed)
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = keep_asset(&r, err);
    if (st == SG_OK)
        st = look_up(&r, err);
    if (st == SG_OK)
        st = add_events(&r, err);
    *n_odd = r.n_odd;
    sg_mem_free(r.rows);
    sg_arena_clear(&r.arena);
    return st;
}
