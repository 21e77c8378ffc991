/* Gas prices of deposits and withdrawals: as the events have them, else as a ledger has them. */
#include "app/demixing/demixing.h"

#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

/* Prices of n transactions, 0 where the ledger does not know. */
static enum sg_status look_up(uint64_t *prices, const struct sg_ledger *ledger,
                              const uint8_t (*hash32)[32], size_t n, struct sg_err *err)
{
    struct sg_tx_id *ids = sg_mem_alloc(n + 1, sizeof(*ids));
    enum sg_status st =
        ids ? ledger->ops->find_txs(ledger->self, ids, hash32, n, err) : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        struct sg_tx tx;
        prices[i] = 0;
        if (ids[i].v == SG_TX_ID_NONE)
            continue;
        st = ledger->ops->txs(ledger->self, &tx, &ids[i], 1, err);
        if (st == SG_OK && (tx.flags & SG_TX_PRICE_KNOWN))
            prices[i] = tx.gas_price;
    }
    sg_mem_free(ids);
    return st;
}

static size_t collect(uint8_t (*hash32)[32], const struct sg_pool *pool)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n_deposits; i++)
        memcpy(hash32[n++], pool->deposits[i].tx32, 32);
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        memcpy(hash32[n++], pool->withdrawals[i].tx32, 32);
    return n;
}

static void fill(struct sg_pool *pool, const uint64_t *prices)
{
    for (size_t i = 0; i < pool->n_deposits; i++, prices++)
        if (!pool->deposits[i].gas_price)
            pool->deposits[i].gas_price = *prices;
    for (size_t i = 0; i < pool->n_withdrawals; i++, prices++)
        if (!pool->withdrawals[i].gas_price)
            pool->withdrawals[i].gas_price = *prices;
}

enum sg_status sg_demixing_ledger_prices(struct sg_demixing *d, const struct sg_ledger *ledger,
                                         struct sg_err *err)
{
    const size_t n = d->pool.n_deposits + d->pool.n_withdrawals;
    uint8_t(*hash32)[32] = sg_mem_alloc(n + 1, sizeof(*hash32));
    uint64_t *prices = sg_mem_alloc(n + 1, sizeof(*prices));
    enum sg_status st = hash32 && prices ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = look_up(prices, ledger, (const uint8_t(*)[32])hash32, collect(hash32, &d->pool), err);
    if (st == SG_OK)
        fill(&d->pool, prices);
    sg_mem_free(prices);
    sg_mem_free(hash32);
    return st;
}

static enum sg_status note(struct sg_demixing *d, uint32_t candidate,
                           const struct sg_demix_price *found, struct sg_err *err)
{
    struct sg_buf detail = SG_BUF_INIT(1024);
    sg_buf_printf(&detail,
                  "%u of its withdrawals and %u of the theft's deposits paid %" PRIu64
                  " a gas, and nothing else in the pool that is known",
                  found->n_withdrawals, found->n_deposits, found->gas_price);
    enum sg_status st = sg_buf_check(&detail, err);
    if (st == SG_OK)
        st = sg_demixing_note(d, candidate, "unique_gas_price", detail.data, err);
    sg_buf_clear(&detail);
    return st;
}

enum sg_status sg_demixing_prices(struct sg_demixing *d, struct sg_err *err)
{
    const size_t n = d->ranking.window.n_candidates;
    struct sg_demix_price *found = sg_mem_alloc(n + 1, sizeof(*found));
    enum sg_status st = found
                            ? sg_demix_prices(found, &d->priced, &d->pool, &d->ranking.window, err)
                            : sg_err_nomem(err);
    for (size_t c = 0; st == SG_OK && c < n; c++)
        if (found[c].gas_price)
            st = note(d, (uint32_t)c, &found[c], err);
    sg_mem_free(found);
    return st;
}
