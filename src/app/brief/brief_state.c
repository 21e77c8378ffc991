/* Whether money moved on from the deposit addresses of a service, as far as the ledger covers them.
 */
#include "app/brief/brief_internal.h"

#include <string.h>

struct watch {
    struct sg_report_deposit *deposits;
    const uint64_t *last_rows;
    const struct sg_addr_id *ids;
    struct sg_tx_id *found; /* transactions of first outflows, ascending as rows are */
    size_t *found_at;       /* deposit of each */
    size_t n, n_found, n_open;
};

/* The first row that pays out after the last deposit settles an address. */
static bool on_row(void *ctx, const struct sg_row *row)
{
    struct watch *w = ctx;
    if (row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE) || sg_amount_is_zero(row->amount))
        return true;
    for (size_t i = 0; i < w->n; i++) {
        struct sg_report_deposit *d = &w->deposits[i];
        if (d->state != SG_REPORT_STATE_HELD || w->ids[i].v != row->from.v ||
            row->id <= w->last_rows[i])
            continue;
        d->state = SG_REPORT_STATE_MOVED;
        w->found[w->n_found] = row->tx;
        w->found_at[w->n_found++] = i;
        w->n_open--;
    }
    return w->n_open > 0;
}

static const struct sg_ledger *ledger_of(const struct brief *b, const struct sg_chain *chain)
{
    for (size_t i = 0; i < b->input->n_ledgers; i++)
        if (b->input->ledgers[i]->chain == chain)
            return b->input->ledgers[i];
    return NULL;
}

static enum sg_status find_ids(struct sg_addr_id *ids, const struct sg_ledger *ledger,
                               const struct brief *b, const uint32_t *parties, size_t n,
                               struct sg_err *err)
{
    struct sg_address *addresses = sg_arena_alloc(b->arena, n + 1, sizeof(*addresses));
    if (!addresses)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        addresses[i] = b->trace->parties[parties[i]].address;
    return ledger->ops->find_addrs(ledger->self, ids, addresses, n, err);
}

/* Held until a row says otherwise, where outflows of the asset's kind are covered. */
static uint64_t open_states(struct watch *w, const struct brief *b, const uint32_t *parties,
                            uint32_t asset)
{
    const uint8_t kind = b->trace->assets[asset].contract.size ? SG_COVER_TOKEN : SG_COVER_NATIVE;
    uint64_t after = UINT64_MAX;
    for (size_t i = 0; i < w->n; i++) {
        if (!(b->trace->parties[parties[i]].covered & kind) || w->last_rows[i] == UINT64_MAX)
            continue;
        w->deposits[i].state = SG_REPORT_STATE_HELD;
        w->n_open++;
        after = w->last_rows[i] < after ? w->last_rows[i] : after;
    }
    return after;
}

static enum sg_status set_times(struct watch *w, const struct sg_ledger *ledger,
                                struct sg_arena *arena, struct sg_err *err)
{
    struct sg_tx *txs = sg_arena_alloc(arena, w->n_found + 1, sizeof(*txs));
    if (!txs)
        return sg_err_nomem(err);
    const enum sg_status st = ledger->ops->txs(ledger->self, txs, w->found, w->n_found, err);
    for (size_t i = 0; i < w->n_found && st == SG_OK; i++)
        w->deposits[w->found_at[i]].moved_unix_s = txs[i].time_unix_s;
    return st;
}

enum sg_status brief_states(struct sg_report_deposit *deposits, size_t n, const struct brief *b,
                            const uint32_t *parties, const uint64_t *last_rows, uint32_t asset,
                            struct sg_err *err)
{
    const struct sg_ledger *ledger = ledger_of(b, b->trace->assets[asset].chain);
    struct sg_addr_id *ids = sg_arena_alloc(b->arena, n + 1, sizeof(*ids));
    struct watch w = {deposits, last_rows, ids, NULL, NULL, n, 0, 0};
    w.found = sg_arena_alloc(b->arena, n + 1, sizeof(*w.found));
    w.found_at = sg_arena_alloc(b->arena, n + 1, sizeof(*w.found_at));
    if (!ids || !w.found || !w.found_at)
        return sg_err_nomem(err);
    if (!ledger)
        return SG_OK;
    const uint64_t after = open_states(&w, b, parties, asset);
    if (w.n_open == 0)
        return SG_OK;
    enum sg_status st = find_ids(ids, ledger, b, parties, n, err);
    if (st == SG_OK)
        st = ledger->ops->rows_of(ledger->self, ids, n, after, on_row, &w, err);
    return st == SG_OK ? set_times(&w, ledger, b->arena, err) : st;
}
