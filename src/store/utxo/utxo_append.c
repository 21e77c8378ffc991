/* Blocks into columns: each input joined to the output it spends, each rule of money checked. */
#include "store/utxo/utxo_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* No network here has ever had more coins than Litecoin may get. */
#define MONEY_MAX (84000000ULL * 100000000ULL)

struct appending {
    struct sg_utxo *utxo;
    const struct sg_btc_block *block;
    uint64_t fees;
    bool all_known; /* no input of the block is missing, so its fees are known */
};

static enum sg_status refuse(struct sg_err *err, const struct sg_btc_tx *tx, const char *what)
{
    char text[SG_BTC_HASH_TEXT_MAX];
    return sg_err_set(err, SG_EPARSE, "transaction %s %s", sg_btc_hash_text(text, tx->txid), what);
}

static bool add(struct sg_utxo *utxo, enum sg_utxo_column_id column, const void *row)
{
    return sg_utxo_column_add(&utxo->columns[column], row, 1);
}

/* The row behind the last transaction says where the next one's inputs and outputs begin. */
static bool add_end(struct sg_utxo *utxo)
{
    const struct sg_utxo_tx end = {.first_in = sg_utxo_n(utxo, SG_UTXO_INS),
                                   .first_out = sg_utxo_n(utxo, SG_UTXO_OUT_SAT)};
    return add(utxo, SG_UTXO_TXS, &end);
}

static enum sg_status add_missing(struct appending *a, const struct sg_btc_in *in,
                                  struct sg_err *err)
{
    struct sg_utxo_missing missing = {.in = sg_utxo_n(a->utxo, SG_UTXO_INS), .index = in->index};
    memcpy(missing.txid, in->txid, SG_BTC_HASH);
    a->all_known = false;
    return add(a->utxo, SG_UTXO_MISSING, &missing) ? SG_OK : sg_err_nomem(err);
}

/* Find the output, check that it is there and unspent, and mark it. */
static enum sg_status join(uint64_t *out, bool *known, struct appending *a,
                           const struct sg_btc_tx *tx, const struct sg_btc_in *in,
                           struct sg_err *err)
{
    struct sg_utxo *utxo = a->utxo;
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    const uint64_t from = sg_utxo_find_tx(utxo, in->txid);
    *out = SG_UTXO_NONE;
    *known = from != SG_UTXO_NONE;
    if (!*known)
        return add_missing(a, in, err);
    if (in->index >= txs[from + 1].first_out - txs[from].first_out)
        return refuse(err, tx, "spends an output that its transaction does not have");
    *out = txs[from].first_out + in->index;
    if (utxo->spender[*out] != SG_UTXO_NONE)
        return refuse(err, tx, "spends an output that is spent already");
    utxo->spender[*out] = sg_utxo_n(utxo, SG_UTXO_INS);
    return SG_OK;
}

/* spent: sum of the known outputs; *known false if one is missing. */
static enum sg_status add_ins(uint64_t *spent, bool *known, struct appending *a,
                              const struct sg_btc_tx *tx, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    *spent = 0;
    *known = true;
    for (size_t i = 0; st == SG_OK && i < tx->n_in; i++) {
        uint64_t out;
        bool here;
        st = join(&out, &here, a, tx, &a->block->ins[tx->first_in + i], err);
        if (st == SG_OK && !add(a->utxo, SG_UTXO_INS, &out))
            st = sg_err_nomem(err);
        if (st == SG_OK && here)
            *spent += sg_utxo_out_sat(a->utxo)[out];
        *known = *known && here;
    }
    return st;
}

static bool reserve_spenders(struct sg_utxo *utxo, size_t more)
{
    const size_t n = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    if (n + more > utxo->cap_spender) {
        const size_t capacity = 2 * (n + more);
        uint64_t *grown = sg_mem_realloc(utxo->spender, capacity, sizeof(*grown));
        if (!grown)
            return false;
        utxo->spender = grown;
        utxo->cap_spender = capacity;
    }
    memset(utxo->spender + n, 0xff, more * sizeof(*utxo->spender));
    return true;
}

static enum sg_status add_out(struct sg_utxo *utxo, const struct sg_btc_out *out,
                              struct sg_err *err)
{
    const struct sg_utxo_data data = {.out = sg_utxo_n(utxo, SG_UTXO_OUT_SAT),
                                      .size = (uint32_t)out->script_size};
    uint32_t owner;
    const enum sg_status st =
        sg_utxo_intern_owner(&owner, utxo, out->script, out->script_size, err);
    if (st != SG_OK)
        return st;
    const bool is_data = owner == SG_UTXO_NOBODY && out->script_size;
    return (!is_data || add(utxo, SG_UTXO_DATA, &data)) && add(utxo, SG_UTXO_OUT_SAT, &out->sat) &&
                   add(utxo, SG_UTXO_OUT_OWNER, &owner)
               ? SG_OK
               : sg_err_nomem(err);
}

static enum sg_status add_outs(uint64_t *paid, struct appending *a, const struct sg_btc_tx *tx,
                               struct sg_err *err)
{
    enum sg_status st = reserve_spenders(a->utxo, tx->n_out) ? SG_OK : sg_err_nomem(err);
    *paid = 0;
    for (size_t i = 0; st == SG_OK && i < tx->n_out; i++) {
        const struct sg_btc_out *out = &a->block->outs[tx->first_out + i];
        if (out->sat > MONEY_MAX || (*paid += out->sat) > MONEY_MAX)
            return refuse(err, tx, "pays more than there can be");
        st = add_out(a->utxo, out, err);
    }
    return st;
}

static enum sg_status add_tx(uint64_t *claimed, struct appending *a, size_t t, struct sg_err *err)
{
    struct sg_utxo *utxo = a->utxo;
    const struct sg_btc_tx *tx = &a->block->txs[t];
    const bool coinbase = sg_btc_in_is_coinbase(&a->block->ins[tx->first_in]);
    struct sg_utxo_tx row = {.first_in = sg_utxo_n(utxo, SG_UTXO_INS),
                             .first_out = sg_utxo_n(utxo, SG_UTXO_OUT_SAT),
                             .block = (uint32_t)(sg_utxo_n(utxo, SG_UTXO_BLOCKS) - 1),
                             .locktime = tx->locktime};
    uint64_t spent = 0, paid = 0;
    bool known = true, again = false;
    memcpy(row.txid, tx->txid, SG_BTC_HASH);
    enum sg_status st = SG_OK;
    if (!coinbase)
        st = add_ins(&spent, &known, a, tx, err);
    if (st == SG_OK)
        st = add_outs(&paid, a, tx, err);
    if (st != SG_OK)
        return st;
    if (coinbase)
        *claimed = paid;
    else if (known && paid > spent)
        return refuse(err, tx, "pays more than it spends");
    a->fees += known && !coinbase ? spent - paid : 0;
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_TXS], sg_utxo_n_txs(utxo));
    if (!add(utxo, SG_UTXO_TXS, &row) || !add_end(utxo) ||
        !sg_utxo_name_tx(&again, utxo, sg_utxo_n_txs(utxo) - 1))
        return sg_err_nomem(err);
    utxo->n_reused_txids += again;
    return SG_OK;
}

/* Look-ups of this many transactions are under way while one is added: each would wait for memory.
 */
#define TOUCH_AHEAD 8

static void touch(const struct appending *a, size_t t)
{
    if (t >= a->block->n_txs)
        return;
    const struct sg_btc_tx *tx = &a->block->txs[t];
    sg_utxo_touch_tx(a->utxo, tx->txid);
    for (size_t i = 0; i < tx->n_in; i++)
        sg_utxo_touch_tx(a->utxo, a->block->ins[tx->first_in + i].txid);
}

static enum sg_status add_block(struct appending *a, uint64_t height, uint32_t size,
                                struct sg_err *err)
{
    const struct sg_btc_header *header = &a->block->header;
    struct sg_utxo_block row = {.height = height,
                                .first_tx = sg_utxo_n_txs(a->utxo),
                                .time = header->time,
                                .bits = header->bits,
                                .n_txs = (uint32_t)a->block->n_txs,
                                .size = size};
    uint64_t claimed = 0;
    memcpy(row.hash, header->hash, SG_BTC_HASH);
    memcpy(row.previous, header->previous, SG_BTC_HASH);
    enum sg_status st = add(a->utxo, SG_UTXO_BLOCKS, &row) ? SG_OK : sg_err_nomem(err);
    for (size_t t = 0; st == SG_OK && t < a->block->n_txs; t++) {
        touch(a, t + TOUCH_AHEAD);
        st = add_tx(&claimed, a, t, err);
    }
    if (st == SG_OK && a->all_known && claimed > a->fees + sg_btc_subsidy(a->utxo->params, height))
        st = refuse(err, &a->block->txs[0], "claims more than the subsidy and the fees");
    return st;
}

enum sg_status sg_utxo_append(struct sg_utxo *utxo, const struct sg_btc_block *block,
                              uint64_t height, uint32_t size, struct sg_err *err)
{
    struct appending a = {.utxo = utxo, .block = block, .all_known = true};
    const size_t n_blocks = sg_utxo_n(utxo, SG_UTXO_BLOCKS);
    if (n_blocks >= UINT32_MAX)
        return sg_err_set(err, SG_ELIMIT, "more blocks than a ledger numbers");
    const enum sg_status st = add_block(&a, height, size, err);
    if (st == SG_OK || sg_utxo_n(utxo, SG_UTXO_BLOCKS) == n_blocks)
        return st;
    const enum sg_status undone = sg_utxo_rollback(utxo, n_blocks, err);
    return undone == SG_OK ? st : undone;
}

/* Owners are numbered as they come, so those that are left own an output that is left. */
static void cut_owners(struct sg_utxo *utxo)
{
    const uint32_t *owners = sg_utxo_out_owner(utxo);
    struct sg_utxo_column *ends = &utxo->columns[SG_UTXO_OWNER_END];
    size_t n = 0;
    for (size_t i = 0; i < sg_utxo_n(utxo, SG_UTXO_OUT_OWNER); i++)
        if (owners[i] != SG_UTXO_NOBODY && owners[i] >= n)
            n = (size_t)owners[i] + 1;
    sg_utxo_column_cut(ends, n);
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_OWNER_BYTES],
                       n ? (size_t)((const uint64_t *)ends->rows)[n - 1] : 0);
}

static void cut_data(struct sg_utxo *utxo, uint64_t n_outs)
{
    struct sg_utxo_column *column = &utxo->columns[SG_UTXO_DATA];
    const struct sg_utxo_data *rows = column->rows;
    size_t n = column->n;
    while (n && rows[n - 1].out >= n_outs)
        n--;
    sg_utxo_column_cut(column, n);
}

static void cut_missing(struct sg_utxo *utxo, uint64_t n_ins)
{
    struct sg_utxo_column *column = &utxo->columns[SG_UTXO_MISSING];
    const struct sg_utxo_missing *rows = column->rows;
    size_t n = column->n;
    while (n && rows[n - 1].in >= n_ins)
        n--;
    sg_utxo_column_cut(column, n);
}

enum sg_status sg_utxo_rollback(struct sg_utxo *utxo, size_t n_blocks, struct sg_err *err)
{
    if (n_blocks >= sg_utxo_n(utxo, SG_UTXO_BLOCKS))
        return SG_OK;
    const size_t n_txs = (size_t)sg_utxo_blocks(utxo)[n_blocks].first_tx;
    const struct sg_utxo_tx end = sg_utxo_txs(utxo)[n_txs];
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_BLOCKS], n_blocks);
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_TXS], n_txs);
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_INS], (size_t)end.first_in);
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_OUT_SAT], (size_t)end.first_out);
    sg_utxo_column_cut(&utxo->columns[SG_UTXO_OUT_OWNER], (size_t)end.first_out);
    cut_owners(utxo);
    cut_missing(utxo, end.first_in);
    cut_data(utxo, end.first_out);
    const bool ended = add_end(utxo);
    assert(ended); /* the room was there before the cut */
    (void)ended;
    return sg_utxo_index(utxo, err);
}

enum sg_status sg_utxo_set_aside(struct sg_utxo *utxo, const struct sg_btc_header *header,
                                 enum sg_utxo_aside_why why, struct sg_err *err)
{
    struct sg_utxo_aside row = {.why = why, .bits = header->bits};
    memcpy(row.hash, header->hash, SG_BTC_HASH);
    memcpy(row.previous, header->previous, SG_BTC_HASH);
    return add(utxo, SG_UTXO_ASIDE, &row) ? SG_OK : sg_err_nomem(err);
}

void sg_utxo_filter_aside(struct sg_utxo *utxo,
                          bool (*keep)(void *ctx, const struct sg_utxo_aside *row), void *ctx)
{
    struct sg_utxo_column *column = &utxo->columns[SG_UTXO_ASIDE];
    struct sg_utxo_aside *rows = column->rows;
    size_t n = 0;
    for (size_t i = 0; i < column->n; i++) {
        if (!keep(ctx, &rows[i]))
            continue;
        if (n != i && column->n_kept > n)
            column->n_kept = n;
        rows[n++] = rows[i];
    }
    sg_utxo_column_cut(column, n);
}
