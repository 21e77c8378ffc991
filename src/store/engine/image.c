#include "store/engine/image_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

/* An asset in the file: size of the contract, 64 bytes, decimals, whether known, symbol. */
#define ASSET_BYTES (1u + SG_ADDRESS_MAX + 2u + SG_SYMBOL_MAX)

static const unsigned list_tables[SG_LISTS] = {SG_TABLE_ADDR_SEGMENTS, SG_TABLE_TX_SEGMENTS,
                                               SG_TABLE_ASSET_SEGMENTS, SG_TABLE_POSTINGS};

void sg_image_init(struct sg_image *image, const struct sg_chain *chain)
{
    memset(image, 0, sizeof(*image));
    image->chain = chain;
    sg_columns_init_rows(&image->rows);
    sg_columns_init_txs(&image->txs);
    sg_columns_init_addrs(&image->addrs);
    for (size_t i = 0; i < SG_LISTS; i++)
        image->lists[i].table = list_tables[i];
    image->meta.next_segment = 1;
    image->meta.stats.first_unix_s = SG_TIME_UNKNOWN;
    image->meta.stats.last_unix_s = SG_TIME_UNKNOWN;
}

void sg_image_clear(struct sg_image *image)
{
    sg_mem_free(image->covers);
    sg_mem_free(image->assets);
    for (size_t i = 0; i < SG_LISTS; i++)
        sg_segments_clear(&image->lists[i]);
    sg_columns_clear(&image->addrs);
    sg_columns_clear(&image->txs);
    sg_columns_clear(&image->rows);
    sg_kv_abort(image->txn);
    sg_kv_close(image->kv);
    memset(image, 0, sizeof(*image));
}

static enum sg_status parse_asset(struct sg_asset *asset, uint64_t id, struct sg_bytes bytes,
                                  struct sg_err *err)
{
    memset(asset, 0, sizeof(*asset));
    if (bytes.size != ASSET_BYTES || bytes.at[0] > SG_ADDRESS_MAX ||
        (bytes.at[0] == 0) != (id == 0))
        return sg_err_set(err, SG_ECORRUPT, "an asset of the ledger is malformed");
    const uint8_t *rest = bytes.at + 1 + SG_ADDRESS_MAX;
    asset->contract.size = bytes.at[0];
    memcpy(asset->contract.bytes, bytes.at + 1, asset->contract.size);
    asset->decimals = rest[0];
    asset->has_decimals = rest[1] == 1;
    memcpy(asset->symbol, rest + 2, SG_SYMBOL_MAX);
    return SG_OK;
}

enum sg_status sg_image_put_asset(const struct sg_image *image, size_t id, struct sg_kv_txn *txn,
                                  struct sg_err *err)
{
    uint8_t bytes[ASSET_BYTES] = {0};
    const struct sg_asset *asset = &image->assets[id];
    bytes[0] = asset->contract.size;
    memcpy(bytes + 1, asset->contract.bytes, asset->contract.size);
    bytes[1 + SG_ADDRESS_MAX] = asset->decimals;
    bytes[2 + SG_ADDRESS_MAX] = asset->has_decimals;
    memcpy(bytes + 3 + SG_ADDRESS_MAX, asset->symbol, SG_SYMBOL_MAX);
    return sg_kv_put(txn, SG_TABLE_ASSETS, id, bytes, sizeof(bytes), err);
}

static enum sg_status load_assets(struct sg_image *image, struct sg_err *err)
{
    const size_t n = (size_t)image->meta.stats.assets;
    for (size_t id = 0; id < n; id++) {
        struct sg_bytes bytes = {0};
        uint64_t number = id;
        enum sg_status st = sg_kv_seek(&bytes, &number, image->txn, SG_TABLE_ASSETS, err);
        if (st == SG_ENOTFOUND || (st == SG_OK && number != id))
            return sg_err_set(err, SG_ECORRUPT, "an asset of the ledger is missing");
        if (st == SG_OK && !SG_VEC_RESERVE(image->assets, id, image->cap_assets, 1))
            st = sg_err_nomem(err);
        if (st == SG_OK)
            st = parse_asset(&image->assets[id], id, bytes, err);
        if (st != SG_OK)
            return st;
        image->n_assets = id + 1;
    }
    return SG_OK;
}

static enum sg_status parse_covers(struct sg_image *image, uint64_t number, struct sg_bytes bytes,
                                   struct sg_err *err)
{
    const size_t n = bytes.size / 16;
    const uint64_t addr = number >> 8;
    if (bytes.size % 16 || n == 0 || (addr != SG_ID_NONE && addr >= image->meta.stats.addresses))
        return sg_err_set(err, SG_ECORRUPT, "the coverage of an address is malformed");
    if (!SG_VEC_RESERVE(image->covers, image->n_covers, image->cap_covers, n))
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        image->covers[image->n_covers++] = (struct sg_coverage){{(uint32_t)addr},
                                                                (uint8_t)number,
                                                                sg_load64(bytes.at + 16 * i),
                                                                sg_load64(bytes.at + 16 * i + 8)};
    return SG_OK;
}

static enum sg_status load_covers(struct sg_image *image, struct sg_err *err)
{
    for (uint64_t number = 0;; number++) {
        struct sg_bytes bytes = {0};
        enum sg_status st = sg_kv_seek(&bytes, &number, image->txn, SG_TABLE_COVER, err);
        if (st == SG_ENOTFOUND)
            break;
        if (st == SG_OK)
            st = parse_covers(image, number, bytes, err);
        if (st != SG_OK)
            return st;
    }
    sg_covers_sort(image->covers, image->n_covers);
    return SG_OK;
}

static enum sg_status put_cover(const struct sg_coverage *covers, size_t n, struct sg_kv_txn *txn,
                                struct sg_err *err)
{
    uint8_t *bytes = sg_mem_alloc(n, 16);
    if (!bytes)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        memcpy(bytes + 16 * i, &covers[i].first_block, 8);
        memcpy(bytes + 16 * i + 8, &covers[i].last_block, 8);
    }
    const uint64_t number = (uint64_t)covers->addr.v << 8 | covers->kinds;
    const enum sg_status st = sg_kv_put(txn, SG_TABLE_COVER, number, bytes, 16 * n, err);
    sg_mem_free(bytes);
    return st;
}

enum sg_status sg_image_put_covers(const struct sg_image *image, struct sg_kv_txn *txn,
                                   struct sg_err *err)
{
    const size_t n = image->n_covers;
    enum sg_status st = sg_kv_remove(txn, SG_TABLE_COVER, 0, UINT64_MAX, err);
    struct sg_coverage *by_key = sg_mem_alloc(n, sizeof(*by_key));
    if (st == SG_OK && !by_key)
        st = sg_err_nomem(err);
    if (st != SG_OK)
        goto out;
    if (n)
        memcpy(by_key, image->covers, n * sizeof(*by_key));
    sg_covers_sort_by_key(by_key, n);
    for (size_t i = 0, end; st == SG_OK && i < n; i = end) {
        for (end = i + 1; end < n && sg_covers_same_key(&by_key[i], &by_key[end]);)
            end++;
        st = put_cover(&by_key[i], end - i, txn, err);
    }
out:
    sg_mem_free(by_key);
    return st;
}

static enum sg_status load_lists(struct sg_image *image, struct sg_err *err)
{
    for (size_t i = 0; i < SG_LISTS; i++)
        for (size_t j = 0; j < image->lists[i].n; j++) {
            struct sg_segment *segment = &image->lists[i].items[j];
            const enum sg_status st =
                sg_segment_load(segment, image->txn, image->lists[i].table, err);
            if (st != SG_OK)
                return st;
        }
    return SG_OK;
}

static enum sg_status load_columns(struct sg_image *image, bool grow, struct sg_err *err)
{
    const struct sg_ledger_stats *stats = &image->meta.stats;
    enum sg_status st = sg_columns_load(&image->rows, image->txn, stats->rows, !grow, grow, err);
    if (st == SG_OK)
        st = sg_columns_load(&image->txs, image->txn, stats->txs, !grow, grow, err);
    if (st == SG_OK)
        st = sg_columns_load(&image->addrs, image->txn, stats->addresses, true, grow, err);
    return st;
}

/* A snapshot whose pages can be trusted. Its meta page is gone if two commits came between. */
static enum sg_status begin_checked(struct sg_image *image, bool with_free, struct sg_err *err)
{
    enum sg_status st;
    do {
        sg_kv_abort(image->txn);
        image->txn = NULL;
        st = sg_kv_begin(&image->txn, image->kv, false, err);
        if (st == SG_OK)
            st = sg_kv_verify(image->txn, with_free, err);
    } while (st == SG_ENOTFOUND);
    return st;
}

enum sg_status sg_image_load(struct sg_image *image, struct sg_kv *kv, bool grow,
                             struct sg_err *err)
{
    struct sg_bytes bytes;
    image->kv = kv;
    enum sg_status st = begin_checked(image, grow, err);
    if (st == SG_OK)
        st = sg_kv_get(&bytes, image->txn, SG_TABLE_META, 0, err);
    if (st == SG_OK)
        st = sg_meta_parse(&image->meta, image->lists, image->chain, bytes, err);
    if (st == SG_OK)
        st = load_lists(image, err);
    if (st == SG_OK)
        st = load_columns(image, grow, err);
    if (st == SG_OK)
        st = load_assets(image, err);
    if (st == SG_OK)
        st = load_covers(image, err);
    return st;
}

enum sg_status sg_image_refresh(struct sg_image *image, struct sg_err *err)
{
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = sg_kv_begin(&txn, image->kv, false, err);
    if (st != SG_OK)
        return st;
    sg_kv_abort(image->txn);
    image->txn = txn;
    st = load_lists(image, err);
    if (st == SG_OK)
        st = sg_columns_reload(&image->rows, txn, err);
    if (st == SG_OK)
        st = sg_columns_reload(&image->txs, txn, err);
    if (st == SG_OK)
        st = sg_columns_reload(&image->addrs, txn, err);
    return st;
}

enum sg_status sg_image_put_meta(const struct sg_image *image, struct sg_kv_txn *txn,
                                 struct sg_err *err)
{
    return sg_meta_put(txn, &image->meta, image->lists, image->chain, err);
}

uint32_t sg_image_find_addr(const struct sg_image *image, const uint8_t *bytes, uint8_t size)
{
    struct sg_dict_search search = {.list = &image->lists[SG_LIST_ADDRS],
                                    .key = sg_key_of(bytes, size)};
    uint64_t id;
    while (sg_dict_next(&id, &search))
        if (sg_image_is_addr(image, id, bytes, size))
            return (uint32_t)id;
    return SG_ID_NONE;
}

bool sg_image_is_addr(const struct sg_image *image, uint64_t id, const uint8_t *bytes, uint8_t size)
{
    uint8_t stored_size;
    if (id >= image->addrs.count)
        return false;
    const uint8_t *stored = sg_columns_addr(&stored_size, &image->addrs, id);
    return stored && stored_size == size && memcmp(stored, bytes, size) == 0;
}

static enum sg_status bad_id(struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "a row of the ledger names an id that does not exist");
}

/* Rows and transactions are read some at a time, to keep the columns on the stack. */
#define PART 256u

static enum sg_status rows_part(struct sg_row *rows, const struct sg_image *image, uint64_t first,
                                size_t n, struct sg_err *err)
{
    const struct sg_columns *c = &image->rows;
    uint64_t tx[PART];
    uint32_t from[PART], to[PART], asset[PART], pos[PART];
    struct sg_amount amount[PART];
    uint8_t kind[PART], flags[PART];
    sg_columns_read(tx, c, SG_ROW_COL_TX, first, n);
    sg_columns_read(from, c, SG_ROW_COL_FROM, first, n);
    sg_columns_read(to, c, SG_ROW_COL_TO, first, n);
    sg_columns_read(asset, c, SG_ROW_COL_ASSET, first, n);
    sg_columns_read(amount, c, SG_ROW_COL_AMOUNT, first, n);
    sg_columns_read(kind, c, SG_ROW_COL_KIND, first, n);
    sg_columns_read(flags, c, SG_ROW_COL_FLAGS, first, n);
    sg_columns_read(pos, c, SG_ROW_COL_POS, first, n);
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct sg_row){first + i, {tx[i]}, {from[i]}, {to[i]},  {asset[i]},
                                  pos[i],    kind[i], flags[i],  amount[i]};
        if (!sg_image_row_fits(image, tx[i], from[i], to[i], asset[i]))
            return bad_id(err);
    }
    return SG_OK;
}

enum sg_status sg_image_rows(struct sg_row *rows, const struct sg_image *image, uint64_t first,
                             size_t n, struct sg_err *err)
{
    for (size_t i = 0; i < n; i += PART) {
        const size_t some = n - i < PART ? n - i : PART;
        const enum sg_status st = rows_part(rows + i, image, first + i, some, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* first_row[n] is that of the transaction behind, or the count of rows. */
static void read_first_rows(uint64_t *first_rows, const struct sg_image *image, uint64_t first,
                            size_t n)
{
    const size_t more = first + n < image->txs.count;
    first_rows[n] = image->rows.count;
    sg_columns_read(first_rows, &image->txs, SG_TX_COL_FIRST_ROW, first, n + more);
}

/* Senders are kept as what they differ by from who pays in the first row. */
static bool add_payers(uint32_t *senders, const uint64_t *first_rows, const struct sg_image *image,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t payer = 0;
        if (first_rows[i] > first_rows[i + 1] || first_rows[i + 1] > image->rows.count)
            return false;
        if (first_rows[i] < first_rows[i + 1])
            sg_columns_read(&payer, &image->rows, SG_ROW_COL_FROM, first_rows[i], 1);
        senders[i] += payer;
        if (senders[i] != SG_ID_NONE && senders[i] >= image->addrs.count)
            return false;
    }
    return true;
}

static enum sg_status txs_part(struct sg_tx *txs, const struct sg_image *image, uint64_t first,
                               size_t n, struct sg_err *err)
{
    const struct sg_columns *c = &image->txs;
    uint64_t block[PART], first_row[PART + 1];
    int64_t time[PART];
    uint32_t index[PART], sender[PART];
    uint8_t status[PART], flags[PART], hash[PART][SG_ELEM_HASH];
    struct sg_amount fee[PART];
    uint64_t price[PART];
    sg_columns_read(block, c, SG_TX_COL_BLOCK, first, n);
    sg_columns_read(time, c, SG_TX_COL_TIME, first, n);
    sg_columns_read(index, c, SG_TX_COL_INDEX, first, n);
    sg_columns_read(status, c, SG_TX_COL_STATUS, first, n);
    sg_columns_read(flags, c, SG_TX_COL_FLAGS, first, n);
    sg_columns_read(sender, c, SG_TX_COL_SENDER, first, n);
    sg_columns_read(fee, c, SG_TX_COL_FEE, first, n);
    sg_columns_read(hash, c, SG_TX_COL_HASH, first, n);
    sg_columns_read(price, c, SG_TX_COL_PRICE, first, n);
    read_first_rows(first_row, image, first, n);
    if (!add_payers(sender, first_row, image, n))
        return bad_id(err);
    for (size_t i = 0; i < n; i++) {
        const uint64_t n_rows = first_row[i + 1] - first_row[i];
        if (n_rows > UINT32_MAX)
            return bad_id(err);
        txs[i] = (struct sg_tx){{first + i},  block[i],         index[i],    status[i],
                                flags[i],     time[i],          {sender[i]}, fee[i],
                                first_row[i], (uint32_t)n_rows, {0},         price[i]};
        memcpy(txs[i].hash32, hash[i], sizeof(hash[i]));
    }
    return SG_OK;
}

enum sg_status sg_image_txs(struct sg_tx *txs, const struct sg_image *image, uint64_t first,
                            size_t n, struct sg_err *err)
{
    for (size_t i = 0; i < n; i += PART) {
        const size_t some = n - i < PART ? n - i : PART;
        const enum sg_status st = txs_part(txs + i, image, first + i, some, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}
