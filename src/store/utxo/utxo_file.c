/* Columns on disk: a table each, in pieces of about a megabyte; the record META names how many rows
 * count, so that whatever lies behind them does not. */
#include "store/utxo/utxo_internal.h"

#include "base/mem.h"
#include "store/file/file.h"
#include "store/kv/kv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_ROOM   4200
#define PIECE_BYTES ((size_t)1 << 20)
#define TABLE_META  'M'
#define TABLE_FIRST 'a'
#define VERSION     2
#define ORDER_MARK  0x01020304u

struct meta {
    char what[8];
    uint32_t version, byte_order;
    uint64_t generation; /* of saves; a second writer sees that it is late */
    uint64_t n[SG_UTXO_COLUMNS];
    char network[32];
};

static const char what[8] = "SG UTXO";
static const size_t widths[SG_UTXO_COLUMNS] = {
    [SG_UTXO_BLOCKS] = sizeof(struct sg_utxo_block),
    [SG_UTXO_TXS] = sizeof(struct sg_utxo_tx),
    [SG_UTXO_INS] = sizeof(uint64_t),
    [SG_UTXO_OUT_SAT] = sizeof(uint64_t),
    [SG_UTXO_OUT_OWNER] = sizeof(uint32_t),
    [SG_UTXO_OWNER_END] = sizeof(uint64_t),
    [SG_UTXO_OWNER_BYTES] = 1,
    [SG_UTXO_MISSING] = sizeof(struct sg_utxo_missing),
    [SG_UTXO_ASIDE] = sizeof(struct sg_utxo_aside),
    [SG_UTXO_DATA] = sizeof(struct sg_utxo_data),
};

static enum sg_status path_of(char path[PATH_ROOM], const char *dir,
                              const struct sg_btc_params *params, const char *file,
                              struct sg_err *err)
{
    const int n = snprintf(path, PATH_ROOM, "%s/%s%s", dir, params->name, file);
    return n > 0 && n < PATH_ROOM ? SG_OK
                                  : sg_err_set(err, SG_EUSAGE, "path is too long: %.64s...", dir);
}

bool sg_utxo_exists(const char *dir, const struct sg_btc_params *params)
{
    char path[PATH_ROOM];
    return path_of(path, dir, params, "/utxo.mdb", NULL) == SG_OK && access(path, F_OK) == 0;
}

enum sg_status sg_utxo_new(struct sg_utxo *utxo, const struct sg_btc_params *params,
                           struct sg_err *err)
{
    const struct sg_utxo_tx end = {.first_in = 0};
    *utxo = (struct sg_utxo){.params = params};
    for (size_t c = 0; c < SG_UTXO_COLUMNS; c++)
        utxo->columns[c].width = widths[c];
    utxo->txids = sg_mem_zalloc(1, sizeof(*utxo->txids));
    utxo->owners = sg_mem_zalloc(1, sizeof(*utxo->owners));
    if (utxo->txids && utxo->owners && sg_utxo_column_add(&utxo->columns[SG_UTXO_TXS], &end, 1))
        return SG_OK;
    sg_utxo_close(utxo);
    return sg_err_nomem(err);
}

static void free_dict(struct sg_utxo_dict *dict)
{
    if (dict)
        sg_mem_free(dict->slots);
    sg_mem_free(dict);
}

void sg_utxo_close(struct sg_utxo *utxo)
{
    for (size_t c = 0; c < SG_UTXO_COLUMNS; c++)
        sg_mem_free(utxo->columns[c].rows);
    sg_mem_free(utxo->spender);
    free_dict(utxo->txids);
    free_dict(utxo->owners);
    *utxo = (struct sg_utxo){.params = NULL};
}

static size_t rows_a_piece(size_t width)
{
    return PIECE_BYTES / width;
}

static enum sg_status corrupt(struct sg_err *err, const char *sentence)
{
    return sg_err_set(err, SG_ECORRUPT, "the ledger of outputs is damaged: %s", sentence);
}

static enum sg_status read_meta(struct meta *meta, struct sg_kv_txn *txn,
                                const struct sg_btc_params *params, struct sg_err *err)
{
    struct sg_bytes value;
    const enum sg_status st = sg_kv_get(&value, txn, TABLE_META, 0, err);
    if (st != SG_OK)
        return st;
    if (value.size < 16)
        return corrupt(err, "its first record is short");
    memcpy(meta, value.at, value.size < sizeof(*meta) ? value.size : sizeof(*meta));
    if (memcmp(meta->what, what, sizeof(what)) != 0)
        return corrupt(err, "it is no such ledger");
    if (meta->version != VERSION || meta->byte_order != ORDER_MARK)
        return sg_err_set(err, SG_EVERSION,
                          "the ledger of outputs was written by another version of the program; "
                          "read the blocks into a new one");
    if (value.size != sizeof(*meta) || strncmp(meta->network, params->name, 32) != 0)
        return corrupt(err, "its first record is not this network's");
    return SG_OK;
}

static enum sg_status read_column(struct sg_utxo_column *column, struct sg_kv_txn *txn, size_t c,
                                  uint64_t n, struct sg_err *err)
{
    const size_t rows = rows_a_piece(column->width);
    sg_utxo_column_cut(column, 0);
    for (uint64_t piece = 0; column->n < n; piece++) {
        struct sg_bytes value;
        const uint64_t left = n - column->n;
        const size_t want = left < rows ? (size_t)left : rows;
        const enum sg_status st = sg_kv_get(&value, txn, TABLE_FIRST + (unsigned)c, piece, err);
        if (st != SG_OK && st != SG_ENOTFOUND)
            return st;
        if (st == SG_ENOTFOUND || value.size != want * column->width)
            return corrupt(err, "a piece of a column is missing or has another size");
        if (!sg_utxo_column_add(column, value.at, want))
            return sg_err_nomem(err);
    }
    column->n_kept = column->n;
    return SG_OK;
}

static bool txs_stand(const struct sg_utxo *utxo)
{
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    const size_t n = sg_utxo_n_txs(utxo);
    for (size_t t = 0; t < n; t++)
        if (txs[t].first_in > txs[t + 1].first_in || txs[t].first_out > txs[t + 1].first_out ||
            txs[t].block >= sg_utxo_n(utxo, SG_UTXO_BLOCKS))
            return false;
    return txs[0].first_in == 0 && txs[0].first_out == 0 &&
           txs[n].first_in == sg_utxo_n(utxo, SG_UTXO_INS) &&
           txs[n].first_out == sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
}

static bool blocks_stand(const struct sg_utxo *utxo)
{
    const struct sg_utxo_block *blocks = sg_utxo_blocks(utxo);
    uint64_t n = 0;
    for (size_t b = 0; b < sg_utxo_n(utxo, SG_UTXO_BLOCKS); b++) {
        if (blocks[b].first_tx != n)
            return false;
        n += blocks[b].n_txs;
    }
    return n == sg_utxo_n_txs(utxo);
}

static bool references_stand(const struct sg_utxo *utxo)
{
    const uint64_t *ins = sg_utxo_ins(utxo), *ends = utxo->columns[SG_UTXO_OWNER_END].rows;
    const uint32_t *owners = sg_utxo_out_owner(utxo);
    const size_t n_outs = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    const size_t n_owners = sg_utxo_n(utxo, SG_UTXO_OWNER_END);
    uint64_t end = 0;
    for (size_t i = 0; i < sg_utxo_n(utxo, SG_UTXO_INS); i++)
        if (ins[i] != SG_UTXO_NONE && ins[i] >= n_outs)
            return false;
    for (size_t i = 0; i < n_outs; i++)
        if (owners[i] != SG_UTXO_NOBODY && owners[i] >= n_owners)
            return false;
    for (size_t i = 0; i < n_owners; end = ends[i++])
        if (ends[i] <= end)
            return false;
    return end == sg_utxo_n(utxo, SG_UTXO_OWNER_BYTES) &&
           sg_utxo_n(utxo, SG_UTXO_OUT_OWNER) == n_outs;
}

static bool data_stands(const struct sg_utxo *utxo)
{
    const struct sg_utxo_data *rows = utxo->columns[SG_UTXO_DATA].rows;
    for (size_t i = 0; i < sg_utxo_n(utxo, SG_UTXO_DATA); i++)
        if (rows[i].out >= sg_utxo_n(utxo, SG_UTXO_OUT_SAT) || rows[i].size == 0 ||
            (i && rows[i].out <= rows[i - 1].out) ||
            sg_utxo_out_owner(utxo)[rows[i].out] != SG_UTXO_NOBODY)
            return false;
    return true;
}

static enum sg_status read_all(struct sg_utxo *utxo, struct sg_kv_txn *txn, struct sg_err *err)
{
    struct meta meta = {.version = 0};
    enum sg_status st = read_meta(&meta, txn, utxo->params, err);
    if (st == SG_ENOTFOUND) /* made, and never saved to */
        return SG_OK;
    for (size_t c = 0; st == SG_OK && c < SG_UTXO_COLUMNS; c++)
        st = read_column(&utxo->columns[c], txn, c, meta.n[c], err);
    if (st != SG_OK)
        return st;
    utxo->generation = meta.generation;
    if (sg_utxo_n(utxo, SG_UTXO_TXS) == 0 || !txs_stand(utxo) || !blocks_stand(utxo) ||
        !references_stand(utxo) || !data_stands(utxo))
        return corrupt(err, "its columns do not fit each other");
    return sg_utxo_index(utxo, err);
}

static enum sg_status open_file(struct sg_kv **kv, const char *dir,
                                const struct sg_btc_params *params, bool create, struct sg_err *err)
{
    char path[PATH_ROOM];
    enum sg_status st = create ? sg_file_mkdir(dir, err) : SG_OK;
    if (st == SG_OK)
        st = path_of(path, dir, params, "", err);
    if (st == SG_OK && create)
        st = sg_file_mkdir(path, err);
    if (st == SG_OK)
        st = path_of(path, dir, params, "/utxo.mdb", err);
    return st == SG_OK ? sg_kv_open(kv, path, create, err) : st;
}

enum sg_status sg_utxo_open(struct sg_utxo *utxo, const char *dir,
                            const struct sg_btc_params *params, bool create, struct sg_err *err)
{
    struct sg_kv *kv = NULL;
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = sg_utxo_new(utxo, params, err);
    if (st != SG_OK)
        return st;
    if (!sg_utxo_exists(dir, params)) {
        if (create)
            return SG_OK;
        sg_utxo_close(utxo);
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger of %s in %s", params->name, dir);
    }
    st = open_file(&kv, dir, params, false, err);
    if (st == SG_OK)
        st = sg_kv_begin(&txn, kv, false, err);
    if (st == SG_OK)
        st = sg_kv_verify(txn, false, err);
    if (st == SG_OK)
        st = read_all(utxo, txn, err);
    sg_kv_abort(txn);
    if (kv)
        sg_kv_close(kv);
    if (st == SG_ECORRUPT || st == SG_EVERSION)
        sg_err_frame(err, "%s/%s/utxo.mdb", dir, params->name);
    if (st != SG_OK)
        sg_utxo_close(utxo);
    return st;
}

/* From the piece that holds the first row that is not on disk as it is here. */
static enum sg_status write_column(struct sg_kv_txn *txn, const struct sg_utxo_column *column,
                                   size_t c, struct sg_err *err)
{
    const size_t rows = rows_a_piece(column->width);
    const unsigned table = TABLE_FIRST + (unsigned)c;
    const uint64_t n_pieces = (column->n + rows - 1) / rows;
    enum sg_status st = SG_OK;
    for (uint64_t piece = column->n_kept / rows; st == SG_OK && piece < n_pieces; piece++) {
        const size_t from = (size_t)piece * rows;
        const size_t n = column->n - from < rows ? column->n - from : rows;
        st = sg_kv_put(txn, table, piece, (const uint8_t *)column->rows + from * column->width,
                       n * column->width, err);
    }
    return st == SG_OK ? sg_kv_remove(txn, table, n_pieces, UINT64_MAX, err) : st;
}

static enum sg_status check_generation(const struct sg_utxo *utxo, struct sg_kv_txn *txn,
                                       struct sg_err *err)
{
    struct meta meta = {.generation = 0};
    const enum sg_status st = read_meta(&meta, txn, utxo->params, err);
    if (st != SG_OK && st != SG_ENOTFOUND)
        return st;
    if (meta.generation != utxo->generation)
        return sg_err_set(err, SG_EBUSY, "another program wrote to this ledger meanwhile");
    return SG_OK;
}

static enum sg_status write_all(struct sg_utxo *utxo, struct sg_kv_txn *txn, struct sg_err *err)
{
    struct meta meta = {
        .version = VERSION, .byte_order = ORDER_MARK, .generation = utxo->generation + 1};
    memcpy(meta.what, what, sizeof(what));
    snprintf(meta.network, sizeof(meta.network), "%s", utxo->params->name);
    enum sg_status st = check_generation(utxo, txn, err);
    for (size_t c = 0; st == SG_OK && c < SG_UTXO_COLUMNS; c++) {
        meta.n[c] = utxo->columns[c].n;
        st = write_column(txn, &utxo->columns[c], c, err);
    }
    return st == SG_OK ? sg_kv_put(txn, TABLE_META, 0, &meta, sizeof(meta), err) : st;
}

enum sg_status sg_utxo_save(struct sg_utxo *utxo, const char *dir, struct sg_err *err)
{
    struct sg_kv *kv = NULL;
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = open_file(&kv, dir, utxo->params, true, err);
    if (st == SG_OK)
        st = sg_kv_begin(&txn, kv, true, err);
    if (st == SG_OK)
        st = write_all(utxo, txn, err);
    if (st == SG_OK) {
        st = sg_kv_commit(txn, err);
        txn = NULL;
    }
    sg_kv_abort(txn);
    if (kv)
        sg_kv_close(kv);
    if (st != SG_OK)
        return st;
    utxo->generation++;
    for (size_t c = 0; c < SG_UTXO_COLUMNS; c++)
        utxo->columns[c].n_kept = utxo->columns[c].n;
    return SG_OK;
}
