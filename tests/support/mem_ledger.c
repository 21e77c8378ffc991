#include "support/mem_ledger.h"
#include "base/vec.h"
#include "support/check.h"

#include <string.h>

const struct sg_chain mem_chain = {"testnet", "TST", 18, true, false};

#define PUSH(mem, what)                                                                            \
    do {                                                                                           \
        if (!SG_VEC_RESERVE((mem)->what, (mem)->n_##what, (mem)->what##_cap, 1))                   \
            fail_msg("no memory for %s", #what);                                                   \
    } while (0)

struct sg_addr_id mem_addr(struct mem_ledger *mem, const struct sg_address *address)
{
    for (size_t i = 0; i < mem->n_addrs; i++)
        if (mem->addrs[i].size == address->size &&
            memcmp(mem->addrs[i].bytes, address->bytes, address->size) == 0)
            return (struct sg_addr_id){(uint32_t)i};
    PUSH(mem, addrs);
    mem->addrs[mem->n_addrs] = *address;
    return (struct sg_addr_id){(uint32_t)mem->n_addrs++};
}

struct sg_addr_id mem_addr_n(struct mem_ledger *mem, uint8_t number)
{
    struct sg_address address = {.size = 20};
    address.bytes[19] = number;
    return mem_addr(mem, &address);
}

static void native(struct mem_ledger *mem)
{
    if (mem->n_assets > 0)
        return;
    PUSH(mem, assets);
    mem->assets[mem->n_assets++] =
        (struct sg_asset){.symbol = "TST", .decimals = 18, .has_decimals = true};
}

void mem_tokens(struct mem_ledger *mem, uint32_t n, uint8_t decimals)
{
    native(mem);
    for (uint32_t i = 0; i < n; i++) {
        struct sg_asset asset = {.symbol = "TOK", .decimals = decimals, .has_decimals = true};
        asset.contract.size = 20;
        asset.contract.bytes[19] = (uint8_t)(200 + i);
        PUSH(mem, assets);
        mem->assets[mem->n_assets++] = asset;
    }
}

struct sg_tx_id mem_tx(struct mem_ledger *mem, uint64_t block, int64_t time_unix_s,
                       struct sg_addr_id sender, struct sg_amount fee, uint8_t flags)
{
    struct sg_tx tx = {.id = {mem->n_txs},
                       .block = block,
                       .index = SG_INDEX_UNKNOWN,
                       .status = SG_TX_OK,
                       .flags = flags,
                       .time_unix_s = time_unix_s,
                       .sender = sender,
                       .fee = fee,
                       .first_row = mem->n_rows};
    for (unsigned i = 0; i < 8; i++)
        tx.hash32[31 - i] = (uint8_t)(mem->n_txs >> 8 * i);
    PUSH(mem, txs);
    mem->txs[mem->n_txs++] = tx;
    return tx.id;
}

uint64_t mem_row(struct mem_ledger *mem, struct sg_addr_id from, struct sg_addr_id to,
                 uint32_t asset, struct sg_amount amount, uint8_t flags)
{
    struct sg_tx *tx = &mem->txs[mem->n_txs - 1];
    PUSH(mem, rows);
    mem->rows[mem->n_rows] = (struct sg_row){.id = mem->n_rows,
                                             .tx = tx->id,
                                             .from = from,
                                             .to = to,
                                             .asset = {asset},
                                             .pos = tx->n_rows++,
                                             .kind = asset ? SG_ROW_TOKEN : SG_ROW_NATIVE,
                                             .flags = flags,
                                             .amount = amount};
    return mem->n_rows++;
}

void mem_cover(struct mem_ledger *mem, struct sg_addr_id addr, uint8_t kinds, uint64_t first_block,
               uint64_t last_block)
{
    PUSH(mem, covers);
    mem->covers[mem->n_covers++] = (struct sg_coverage){addr, kinds, first_block, last_block};
}

static bool among(const struct sg_addr_id *addrs, size_t n, struct sg_addr_id addr)
{
    for (size_t i = 0; i < n; i++)
        if (addrs[i].v == addr.v)
            return true;
    return false;
}

static enum sg_status rows_of(void *self, const struct sg_addr_id *addrs, size_t n, uint64_t after,
                              bool (*visit)(void *ctx, const struct sg_row *row), void *ctx,
                              struct sg_err *err)
{
    struct mem_ledger *mem = self;
    (void)err;
    mem->asked++;
    for (size_t i = after; i < mem->n_rows; i++)
        if (among(addrs, n, mem->rows[i].from) || among(addrs, n, mem->rows[i].to))
            if (!visit(ctx, &mem->rows[i]))
                break;
    return SG_OK;
}

static enum sg_status get_rows(void *self, struct sg_row *rows, const uint64_t *ids, size_t n,
                               struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++)
        rows[i] = mem->rows[ids[i]];
    return SG_OK;
}

static enum sg_status get_txs(void *self, struct sg_tx *txs, const struct sg_tx_id *ids, size_t n,
                              struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++)
        txs[i] = mem->txs[ids[i].v];
    return SG_OK;
}

static enum sg_status find_txs(void *self, struct sg_tx_id *ids, const uint8_t (*hash32)[32],
                               size_t n, struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        ids[i].v = SG_TX_ID_NONE;
        for (size_t j = 0; j < mem->n_txs; j++)
            if (memcmp(mem->txs[j].hash32, hash32[i], 32) == 0)
                ids[i] = mem->txs[j].id;
    }
    return SG_OK;
}

static enum sg_status find_addrs(void *self, struct sg_addr_id *ids, const struct sg_address *addrs,
                                 size_t n, struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        ids[i].v = SG_ID_NONE;
        for (size_t j = 0; j < mem->n_addrs; j++)
            if (mem->addrs[j].size == addrs[i].size &&
                memcmp(mem->addrs[j].bytes, addrs[i].bytes, addrs[i].size) == 0)
                ids[i].v = (uint32_t)j;
    }
    return SG_OK;
}

static enum sg_status get_addrs(void *self, struct sg_address *addrs, const struct sg_addr_id *ids,
                                size_t n, struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++)
        addrs[i] = ids[i].v == SG_ID_NONE ? (struct sg_address){0} : mem->addrs[ids[i].v];
    return SG_OK;
}

static enum sg_status get_assets(void *self, struct sg_asset *assets, const struct sg_asset_id *ids,
                                 size_t n, struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++)
        assets[i] = mem->assets[ids[i].v];
    return SG_OK;
}

static enum sg_status coverage(void *self, const struct sg_addr_id *addrs, size_t n,
                               bool (*visit)(void *ctx, const struct sg_coverage *cover), void *ctx,
                               struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < mem->n_covers; i++) {
        const struct sg_coverage *cover = &mem->covers[i];
        if (n > 0 && cover->addr.v != SG_ID_NONE && !among(addrs, n, cover->addr))
            continue;
        if (!visit(ctx, cover))
            break;
    }
    return SG_OK;
}

static enum sg_status scan(void *self, uint64_t first, uint64_t end, unsigned columns,
                           bool (*visit)(void *ctx, const struct sg_row_span *span), void *ctx,
                           struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (uint64_t i = first; i < end; i++) {
        const struct sg_row *row = &mem->rows[i];
        const struct sg_row_span span = {
            .first = i,
            .count = 1,
            .tx = columns & SG_COL_TX ? &row->tx.v : NULL,
            .from = columns & SG_COL_FROM ? &row->from.v : NULL,
            .to = columns & SG_COL_TO ? &row->to.v : NULL,
            .asset = columns & SG_COL_ASSET ? &row->asset.v : NULL,
            .amount = columns & SG_COL_AMOUNT ? &row->amount : NULL,
            .kind = columns & SG_COL_META ? &row->kind : NULL,
            .flags = columns & (SG_COL_META | SG_COL_FLAGS) ? &row->flags : NULL,
            .pos = columns & SG_COL_META ? &row->pos : NULL,
        };
        if (!visit(ctx, &span))
            break;
    }
    return SG_OK;
}

static enum sg_status moves(void *self, bool *out, const uint64_t *ids, size_t n,
                            struct sg_err *err)
{
    const struct mem_ledger *mem = self;
    (void)err;
    for (size_t i = 0; i < n; i++)
        out[i] = !(mem->rows[ids[i]].flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) &&
                 !sg_amount_is_zero(mem->rows[ids[i]].amount);
    return SG_OK;
}

static void expect_nothing(void *self, uint64_t first, uint64_t end, unsigned columns)
{
    (void)self;
    (void)first;
    (void)end;
    (void)columns;
}

static void close_nothing(void *self)
{
    (void)self;
}

static const struct sg_ledger_ops ops = {
    .rows_of = rows_of,
    .rows = get_rows,
    .txs = get_txs,
    .find_txs = find_txs,
    .find_addrs = find_addrs,
    .addrs = get_addrs,
    .assets = get_assets,
    .coverage = coverage,
    .scan = scan,
    .moves = moves,
    .expect = expect_nothing,
    .close = close_nothing,
};

struct sg_ledger mem_view(struct mem_ledger *mem, const struct sg_chain *chain)
{
    native(mem);
    struct sg_ledger ledger = {.ops = &ops, .self = mem, .chain = chain};
    ledger.stats.rows = mem->n_rows;
    ledger.stats.txs = mem->n_txs;
    ledger.stats.addresses = mem->n_addrs;
    ledger.stats.assets = mem->n_assets;
    if (mem->n_txs > 0) {
        ledger.stats.first_block = mem->txs[0].block;
        ledger.stats.last_block = mem->txs[mem->n_txs - 1].block;
    }
    return ledger;
}

void mem_clear(struct mem_ledger *mem)
{
    sg_mem_free(mem->rows);
    sg_mem_free(mem->txs);
    sg_mem_free(mem->addrs);
    sg_mem_free(mem->assets);
    sg_mem_free(mem->covers);
    *mem = (struct mem_ledger){0};
}
