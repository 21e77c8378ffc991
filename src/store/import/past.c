#include "store/import/past_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* Rough bytes a transaction with two rows takes in a window, the texts of its addresses included.
 */
#define TX_COST ((size_t)1024)

struct sg_past {
    struct sg_ledger *ledger;
    size_t window_txs;  /* aimed at */
    uint64_t next_tx;   /* first one behind the window */
    uint64_t first_row; /* of the window */

    struct sg_tx *read; /* as the ledger gives them */
    size_t cap_read;
    struct sg_batch_tx *txs;
    size_t n_txs, cap_txs, at_tx;
    struct sg_batch_row *rows;
    size_t n_rows, cap_rows, at_row;

    struct sg_addr_id *ids; /* senders, then from and to of each row */
    size_t n_ids, cap_ids;
    struct sg_address *addrs;
    size_t cap_addrs;
    struct sg_asset_id *asset_ids;
    size_t cap_asset_ids;
    struct sg_asset *assets;
    size_t cap_assets;
};

enum sg_status sg_past_new(struct sg_past **out, struct sg_ledger *ledger, size_t memory_max,
                           struct sg_err *err)
{
    struct sg_past *past = sg_mem_zalloc(1, sizeof(*past));
    if (!past)
        return sg_err_nomem(err);
    past->ledger = ledger;
    past->window_txs = memory_max / TX_COST > 64 ? memory_max / TX_COST : 64;
    *out = past;
    return SG_OK;
}

/* Blocks of the transactions [first, first + n), in past->read. */
static enum sg_status read_txs(struct sg_past *past, uint64_t first, size_t n, struct sg_err *err)
{
    struct sg_tx_id *ids = sg_mem_alloc(n, sizeof(*ids));
    if (!ids || !SG_VEC_RESERVE(past->read, (size_t)0, past->cap_read, n)) {
        sg_mem_free(ids);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        ids[i].v = first + i;
    const enum sg_status st = past->ledger->ops->txs(past->ledger->self, past->read, ids, n, err);
    sg_mem_free(ids);
    return st;
}

/* Move within the window; false if the block lies behind it. */
static bool skip_in_window(struct sg_past *past, uint64_t block)
{
    while (past->at_tx < past->n_txs && past->txs[past->at_tx].block < block)
        past->at_row += past->txs[past->at_tx++].n_rows;
    return past->at_tx < past->n_txs;
}

enum sg_status sg_past_skip_to(struct sg_past *past, uint64_t block, struct sg_err *err)
{
    if (skip_in_window(past, block))
        return SG_OK;
    uint64_t low = past->next_tx;
    uint64_t high = past->ledger->stats.txs;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const enum sg_status st = read_txs(past, middle, 1, err);
        if (st != SG_OK)
            return st;
        if (past->read[0].block < block)
            low = middle + 1;
        else
            high = middle;
    }
    past->next_tx = low;
    return SG_OK;
}

bool sg_past_needs_load(const struct sg_past *past)
{
    return past->at_tx == past->n_txs && past->next_tx < past->ledger->stats.txs;
}

/* How many of n transactions read are whole blocks; 0 if all are one block that may go on. */
static size_t whole_blocks(const struct sg_past *past, size_t n, bool is_last)
{
    if (is_last)
        return n;
    const uint64_t open_block = past->read[n - 1].block;
    while (n > 0 && past->read[n - 1].block == open_block)
        n--;
    return n;
}

/* Read transactions until there are whole blocks among them. */
static enum sg_status read_blocks(size_t *n_whole, struct sg_past *past, struct sg_err *err)
{
    const uint64_t left = past->ledger->stats.txs - past->next_tx;
    for (size_t n = past->window_txs;; n *= 2) {
        if (n > left)
            n = (size_t)left;
        const enum sg_status st = read_txs(past, past->next_tx, n, err);
        if (st != SG_OK)
            return st;
        *n_whole = whole_blocks(past, n, n == left);
        if (*n_whole)
            return SG_OK;
    }
}

struct row_sink {
    struct sg_past *past;
    size_t n; /* rows so far */
};

static bool take_span(void *ctx, const struct sg_row_span *span)
{
    struct row_sink *sink = ctx;
    struct sg_past *past = sink->past;
    for (size_t i = 0; i < span->count && sink->n < past->n_rows; i++, sink->n++) {
        past->rows[sink->n] = (struct sg_batch_row){.amount = span->amount[i],
                                                    .pos = span->pos[i],
                                                    .kind = span->kind[i],
                                                    .flags = span->flags[i]};
        past->ids[past->n_txs + 2 * sink->n].v = span->from[i];
        past->ids[past->n_txs + 2 * sink->n + 1].v = span->to[i];
        past->asset_ids[sink->n].v = span->asset[i];
    }
    return true;
}

static bool reserve(struct sg_past *past)
{
    past->n_ids = past->n_txs + 2 * past->n_rows;
    return SG_VEC_RESERVE(past->txs, (size_t)0, past->cap_txs, past->n_txs) &&
           SG_VEC_RESERVE(past->rows, (size_t)0, past->cap_rows, past->n_rows) &&
           SG_VEC_RESERVE(past->ids, (size_t)0, past->cap_ids, past->n_ids) &&
           SG_VEC_RESERVE(past->addrs, (size_t)0, past->cap_addrs, past->n_ids) &&
           SG_VEC_RESERVE(past->asset_ids, (size_t)0, past->cap_asset_ids, past->n_rows) &&
           SG_VEC_RESERVE(past->assets, (size_t)0, past->cap_assets, past->n_rows);
}

/* A struct sg_address is its size and then its bytes: just what a reference points to. */
static sg_addr_ref ref_of(const struct sg_address *address)
{
    return address->size ? (sg_addr_ref)address : NULL;
}

static void convert_txs(struct sg_past *past)
{
    for (size_t i = 0; i < past->n_txs; i++) {
        const struct sg_tx *tx = &past->read[i];
        past->txs[i] = (struct sg_batch_tx){.block = tx->block,
                                            .time_unix_s = tx->time_unix_s,
                                            .fee = tx->fee,
                                            .gas_price = tx->gas_price,
                                            .index = tx->index,
                                            .n_rows = tx->n_rows,
                                            .status = tx->status,
                                            .flags = tx->flags};
        memcpy(past->txs[i].hash32, tx->hash32, sizeof(tx->hash32));
        past->ids[i] = tx->sender;
    }
}

static void set_refs(struct sg_past *past)
{
    for (size_t i = 0; i < past->n_txs; i++)
        past->txs[i].sender = ref_of(&past->addrs[i]);
    for (size_t i = 0; i < past->n_rows; i++) {
        past->rows[i].from = ref_of(&past->addrs[past->n_txs + 2 * i]);
        past->rows[i].to = ref_of(&past->addrs[past->n_txs + 2 * i + 1]);
        past->rows[i].token = ref_of(&past->assets[i].contract);
    }
}

static enum sg_status read_rows(struct sg_past *past, struct sg_err *err)
{
    const struct sg_ledger_ops *ops = past->ledger->ops;
    void *self = past->ledger->self;
    struct row_sink sink = {past, 0};
    const unsigned columns = SG_COL_FROM | SG_COL_TO | SG_COL_ASSET | SG_COL_AMOUNT | SG_COL_META;
    enum sg_status st = ops->scan(self, past->first_row, past->first_row + past->n_rows, columns,
                                  take_span, &sink, err);
    if (st == SG_OK && sink.n != past->n_rows)
        st = sg_err_set(err, SG_ECORRUPT, "the ledger has fewer rows than its transactions say");
    if (st == SG_OK)
        st = ops->addrs(self, past->addrs, past->ids, past->n_ids, err);
    if (st == SG_OK && past->n_rows)
        st = ops->assets(self, past->assets, past->asset_ids, past->n_rows, err);
    return st;
}

enum sg_status sg_past_load(struct sg_past *past, struct sg_err *err)
{
    size_t n;
    enum sg_status st = read_blocks(&n, past, err);
    if (st != SG_OK)
        return st;
    past->first_row = past->read[0].first_row;
    past->n_txs = n;
    past->n_rows =
        (size_t)(past->read[n - 1].first_row + past->read[n - 1].n_rows - past->first_row);
    past->at_tx = past->at_row = 0;
    if (!reserve(past)) {
        past->n_txs = 0;
        return sg_err_nomem(err);
    }
    convert_txs(past);
    st = read_rows(past, err);
    if (st != SG_OK)
        return st;
    set_refs(past);
    past->next_tx += n;
    return SG_OK;
}

struct sg_batch sg_past_take(struct sg_past *past, uint64_t end)
{
    const size_t first_tx = past->at_tx;
    const size_t first_row = past->at_row;
    if (first_tx == past->n_txs)
        return (struct sg_batch){0};
    (void)skip_in_window(past, end);
    return (struct sg_batch){.txs = past->txs + first_tx,
                             .n_txs = past->at_tx - first_tx,
                             .rows = past->rows + first_row,
                             .n_rows = past->at_row - first_row};
}

void sg_past_free(struct sg_past *past)
{
    if (!past)
        return;
    sg_mem_free(past->assets);
    sg_mem_free(past->asset_ids);
    sg_mem_free(past->addrs);
    sg_mem_free(past->ids);
    sg_mem_free(past->rows);
    sg_mem_free(past->txs);
    sg_mem_free(past->read);
    sg_mem_free(past);
}
