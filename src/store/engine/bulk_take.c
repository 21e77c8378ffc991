/* What happens to each row of a bulk load: ids, digest, columns. */
#include "store/engine/bulk_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

#define AHEAD 24u /* Rows between asking for an id and using it. */

/* The size and bytes of an address, as the digest and the columns take it. */
struct name {
    uint8_t ref[1 + SG_ADDRESS_MAX];
    uint32_t number; /* whose it is; SG_ID_NONE: none */
};

static void name_number(struct name *name, const struct sg_bulk *b, uint32_t number)
{
    name->number = number;
    name->ref[0] =
        number == SG_ID_NONE ? 0 : b->options.name(b->options.ctx, name->ref + 1, number);
}

static struct sg_name digested(const struct name *name)
{
    return (struct sg_name){name->ref + 1, name->ref[0]};
}

static uint8_t flags_of(const struct sg_bulk_tx *tx)
{
    return (uint8_t)((tx->flags & ~SG_TX_HAS_HASH) | (tx->hash32 ? SG_TX_HAS_HASH : 0));
}

static bool is_held(const struct sg_bulk *b)
{
    return b->n_txs < b->held_txs;
}

/* A new address; one that the load holds was stored then. */
static enum sg_status add_addr(struct sg_bulk *b, uint32_t number, struct sg_err *err)
{
    struct sg_columns *addrs = &b->writer->image.addrs;
    struct name name;
    if (b->n_ids >= b->writer->addr_max)
        return sg_err_set(err, SG_ELIMIT, "the ledger has no ids left for new addresses");
    b->ids[number] = (uint32_t)++b->n_ids;
    if (is_held(b))
        return SG_OK;
    uint8_t *entry = (uint8_t *)addrs->tail[0] + sg_columns_at(addrs) * SG_ELEM_ADDR;
    name_number(&name, b, number);
    memset(entry, 0, SG_ELEM_ADDR);
    memcpy(entry, name.ref, (size_t)name.ref[0] + 1);
    return sg_columns_advance(addrs, err);
}

static enum sg_status id_of(uint32_t *id, struct sg_bulk *b, uint32_t number, struct sg_err *err)
{
    *id = SG_ID_NONE;
    if (number == SG_ID_NONE)
        return SG_OK;
    assert(number < b->options.n_numbers);
    if (!b->ids[number]) {
        const enum sg_status st = add_addr(b, number, err);
        if (st != SG_OK)
            return st;
    }
    *id = b->ids[number] - 1;
    return SG_OK;
}

static enum sg_status asset_of(uint32_t *asset, struct sg_bulk *b, uint32_t token,
                               struct sg_err *err)
{
    *asset = 0;
    if (token == SG_ID_NONE)
        return SG_OK;
    assert(token < b->options.n_tokens);
    if (!b->assets[token]) {
        /* Size and bytes of an address stand as a reference wants them. */
        const sg_addr_ref ref = &b->options.tokens[token].contract.size;
        uint32_t id;
        enum sg_status st = sg_writer_renew(b->writer, err);
        if (st == SG_OK)
            st = sg_writer_resolve_assets(b->writer, &id, &ref, 1, err);
        if (st != SG_OK)
            return st;
        b->assets[token] = id + 1;
    }
    *asset = b->assets[token] - 1;
    return SG_OK;
}

static enum sg_status push_row(struct sg_columns *c, const struct sg_bulk_row *row, uint64_t tx,
                               uint32_t from, uint32_t to, uint32_t asset, struct sg_err *err)
{
    const size_t at = sg_columns_at(c);
    ((uint64_t *)c->tail[SG_ROW_COL_TX])[at] = tx;
    ((uint32_t *)c->tail[SG_ROW_COL_FROM])[at] = from;
    ((uint32_t *)c->tail[SG_ROW_COL_TO])[at] = to;
    ((uint32_t *)c->tail[SG_ROW_COL_ASSET])[at] = asset;
    ((struct sg_amount *)c->tail[SG_ROW_COL_AMOUNT])[at] = row->amount;
    ((uint8_t *)c->tail[SG_ROW_COL_KIND])[at] = row->kind;
    ((uint8_t *)c->tail[SG_ROW_COL_FLAGS])[at] = row->flags;
    ((uint32_t *)c->tail[SG_ROW_COL_POS])[at] = row->pos;
    return sg_columns_advance(c, err);
}

/* sender: as the column has it, less who pays in the first row. */
static enum sg_status push_tx(struct sg_bulk *b, const struct sg_bulk_item *item, uint32_t sender,
                              struct sg_err *err)
{
    struct sg_columns *c = &b->writer->image.txs;
    const struct sg_bulk_tx *tx = &item->tx;
    const size_t at = sg_columns_at(c);
    ((uint64_t *)c->tail[SG_TX_COL_BLOCK])[at] = tx->block;
    ((int64_t *)c->tail[SG_TX_COL_TIME])[at] = tx->time_unix_s;
    ((uint32_t *)c->tail[SG_TX_COL_INDEX])[at] = tx->index;
    ((uint8_t *)c->tail[SG_TX_COL_STATUS])[at] = tx->status;
    ((uint8_t *)c->tail[SG_TX_COL_FLAGS])[at] = flags_of(tx);
    ((uint32_t *)c->tail[SG_TX_COL_SENDER])[at] = sender;
    ((struct sg_amount *)c->tail[SG_TX_COL_FEE])[at] = tx->fee;
    ((uint64_t *)c->tail[SG_TX_COL_FIRST_ROW])[at] = b->n_rows;
    memcpy((uint8_t *)c->tail[SG_TX_COL_HASH] + at * SG_ELEM_HASH, item->hash32, SG_ELEM_HASH);
    ((uint64_t *)c->tail[SG_TX_COL_PRICE])[at] = tx->gas_price;
    return sg_columns_advance(c, err);
}

static enum sg_status take_row(uint32_t *payer, struct sg_bulk *b, const struct sg_bulk_row *row,
                               uint64_t row_number, struct sg_err *err)
{
    uint32_t to, asset;
    enum sg_status st = id_of(payer, b, row->from, err);
    if (st == SG_OK)
        st = id_of(&to, b, row->to, err);
    if (st == SG_OK)
        st = asset_of(&asset, b, row->token, err);
    if (st != SG_OK || row_number < b->held_rows)
        return st;
    return push_row(&b->writer->image.rows, row, b->n_txs, *payer, to, asset, err);
}

static enum sg_status take_tx(struct sg_bulk *b, const struct sg_bulk_item *item,
                              const struct sg_bulk_row *rows, struct sg_err *err)
{
    const struct sg_bulk_tx *tx = &item->tx;
    uint32_t id, first_payer = 0, payer;
    enum sg_status st = id_of(&id, b, tx->sender, err);
    for (uint32_t i = 0; st == SG_OK && i < tx->n_rows; i++) {
        st = take_row(&payer, b, &rows[i], b->n_rows + i, err);
        first_payer = i ? first_payer : payer;
    }
    if (st != SG_OK)
        return st;
    b->writer->image.meta.stats.txs = b->n_txs;
    sg_tally_tx(&b->tally, tx->block, flags_of(tx), tx->time_unix_s);
    if (!is_held(b))
        st = push_tx(b, item, id - first_payer, err);
    b->n_txs++;
    b->n_rows += tx->n_rows;
    return st;
}

static enum sg_status other_rows(const struct sg_bulk *b, struct sg_err *err)
{
    return sg_err_set(err, SG_EUSAGE,
                      "the unfinished load in %s holds other rows; remove it to begin anew",
                      b->writer->folder.path);
}

static void ask_ahead(const struct sg_bulk *b, size_t *ahead, size_t row)
{
    const struct sg_bulk_batch *batch = &b->taking;
    for (; *ahead < batch->n_rows && *ahead < row + AHEAD; ++*ahead) {
        const struct sg_bulk_row *next = &batch->rows[*ahead];
        if (next->from != SG_ID_NONE)
            __builtin_prefetch(&b->ids[next->from]);
        if (next->to != SG_ID_NONE)
            __builtin_prefetch(&b->ids[next->to]);
    }
}

static enum sg_status take_columns(struct sg_bulk *b, struct sg_err *err)
{
    const struct sg_bulk_batch *batch = &b->taking;
    enum sg_status st = SG_OK;
    size_t row = 0, ahead = 0;
    for (size_t i = 0; st == SG_OK && i < batch->n_txs; i++) {
        ask_ahead(b, &ahead, row);
        st = take_tx(b, &batch->txs[i], batch->rows + row, err);
        row += batch->txs[i].tx.n_rows;
        if (st == SG_OK && b->n_txs == b->held_txs &&
            (b->n_rows != b->held_rows || b->n_ids != b->held_addrs))
            return other_rows(b, err);
    }
    return st;
}

static void digest_row(struct sg_bulk *b, const struct sg_bulk_row *row, const struct name *sender)
{
    struct name made, to;
    const struct name *from = sender;
    const struct sg_row told = {.tx = {b->writer->txs.count},
                                .amount = row->amount,
                                .pos = row->pos,
                                .kind = row->kind,
                                .flags = row->flags};
    struct sg_name token = {NULL, 0};
    if (row->from != sender->number) {
        name_number(&made, b, row->from);
        from = &made;
    }
    name_number(&to, b, row->to);
    if (row->token != SG_ID_NONE)
        token = (struct sg_name){b->options.tokens[row->token].contract.bytes,
                                 b->options.tokens[row->token].contract.size};
    sg_stream_row(&b->writer->rows, &told, digested(from), digested(&to), token);
}

static void digest_tx(struct sg_bulk *b, const struct sg_bulk_item *item,
                      const struct sg_bulk_row *rows)
{
    struct name sender;
    struct sg_tx tx = {.block = item->tx.block,
                       .time_unix_s = item->tx.time_unix_s,
                       .index = item->tx.index,
                       .status = item->tx.status,
                       .flags = flags_of(&item->tx),
                       .fee = item->tx.fee,
                       .gas_price = item->tx.gas_price,
                       .n_rows = item->tx.n_rows};
    name_number(&sender, b, item->tx.sender);
    for (uint32_t i = 0; i < item->tx.n_rows; i++)
        digest_row(b, &rows[i], &sender);
    memcpy(tx.hash32, item->hash32, SG_ELEM_HASH);
    sg_stream_tx(&b->writer->txs, &tx, digested(&sender));
}

/* The load holds what has come so far, or was of something else. */
static enum sg_status compare_held(struct sg_bulk *b, struct sg_err *err)
{
    uint8_t state32[SG_SHA256_SIZE];
    struct sg_stream *rows = &b->writer->rows, *txs = &b->writer->txs;
    const enum sg_status st = sg_state_of(state32, &b->writer->image, rows, txs, err);
    if (st != SG_OK)
        return st;
    rows->n_marks = txs->n_marks = 0; /* The file has them. */
    return memcmp(state32, b->held_state32, sizeof(state32)) == 0 ? SG_OK : other_rows(b, err);
}

static enum sg_status take_digest(struct sg_bulk *b, struct sg_err *err)
{
    const struct sg_bulk_batch *batch = &b->taking;
    enum sg_status st = SG_OK;
    size_t row = 0;
    for (size_t i = 0; st == SG_OK && i < batch->n_txs; i++) {
        digest_tx(b, &batch->txs[i], batch->rows + row);
        row += batch->txs[i].tx.n_rows;
        if (b->writer->txs.count == b->held_txs)
            st = compare_held(b, err);
    }
    return st;
}

/* Two things that have nothing to do with each other, and take about as long. */
struct halves {
    struct sg_bulk *bulk;
    enum sg_status status[2];
    struct sg_err err[2];
};

static void take_half(void *ctx, size_t i)
{
    struct halves *h = ctx;
    h->status[i] = i ? take_columns(h->bulk, &h->err[i]) : take_digest(h->bulk, &h->err[i]);
}

static enum sg_status save(struct sg_bulk *b, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (is_held(b))
        return SG_OK;
    if (b->n_rows - b->saved_rows >= b->save_every) {
        b->saved_rows = b->n_rows;
        b->writer->dirty = true;
        st = sg_writer_renew(b->writer, err);
        return st == SG_OK ? sg_writer_commit(b->writer, err) : st;
    }
    return sg_writer_spill(b->writer, err);
}

enum sg_status sg_bulk_take(struct sg_bulk *b, struct sg_err *err)
{
    struct halves halves = {.bulk = b};
    enum sg_status st = sg_writer_renew(b->writer, err);
    if (st == SG_OK)
        st = sg_stream_reserve(&b->writer->rows, b->taking.n_rows, err);
    if (st == SG_OK)
        st = sg_stream_reserve(&b->writer->txs, b->taking.n_txs, err);
    if (st != SG_OK)
        return st;
    sg_parallel_for(b->options.n_threads, 2, take_half, &halves);
    for (size_t i = 0; st == SG_OK && i < 2; i++) {
        st = halves.status[i];
        if (st != SG_OK && err)
            *err = halves.err[i];
    }
    return st == SG_OK ? save(b, err) : st;
}
