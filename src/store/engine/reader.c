#include "store/engine/image_internal.h"

#include "base/mem.h"
#include "store/engine/folder_internal.h"

#include <assert.h>
#include <string.h>

enum sg_status sg_image_open(struct sg_image *image, const char *dir, const struct sg_chain *chain,
                             struct sg_err *err)
{
    struct sg_folder folder;
    struct sg_kv *kv = NULL;
    uint64_t generation;
    sg_image_init(image, chain);
    enum sg_status st = sg_folder_init(&folder, dir, chain, err);
    if (st == SG_OK)
        st = sg_folder_open(&kv, &generation, &folder, err);
    if (st != SG_OK)
        return st;
    st = sg_image_load(image, kv, false, err);
    if (st == SG_ENOTFOUND)
        st = sg_err_set(err, SG_ECORRUPT, "the current ledger file holds nothing");
    if (st != SG_OK)
        sg_image_clear(image);
    return st;
}

/* Rows by ascending ids; neighbours are read together. */
static enum sg_status gather(struct sg_row *rows, const struct sg_image *image, const uint64_t *ids,
                             size_t n, struct sg_err *err)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && ids[end] == ids[i] + (end - i);)
            end++;
        if (ids[i] >= image->rows.count || end - i > image->rows.count - ids[i])
            return sg_err_set(err, SG_ECORRUPT, "a list names rows that do not exist");
        const enum sg_status st = sg_image_rows(rows + i, image, ids[i], end - i, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status op_rows(void *self, struct sg_row *rows, const uint64_t *ids, size_t n,
                              struct sg_err *err)
{
    return gather(rows, self, ids, n, err);
}

static enum sg_status op_txs(void *self, struct sg_tx *txs, const struct sg_tx_id *ids, size_t n,
                             struct sg_err *err)
{
    const struct sg_image *image = self;
    enum sg_status st = SG_OK;
    for (size_t i = 0, end; st == SG_OK && i < n; i = end) {
        for (end = i + 1; end < n && ids[end].v == ids[i].v + (end - i);)
            end++;
        assert(ids[end - 1].v < image->txs.count);
        st = sg_image_txs(txs + i, image, ids[i].v, end - i, err);
    }
    return st;
}

uint64_t sg_engine_tx_key(const uint8_t hash32[32])
{
    return sg_key_of(hash32, SG_ELEM_HASH);
}

void sg_engine_find_keys(struct sg_tx_id *ids, bool *several, const struct sg_ledger *ledger,
                         const uint64_t *keys, size_t n)
{
    const struct sg_image *image = ledger->self;
    struct sg_dict_places places = {0};
    for (size_t i = 0; i < n; i++) {
        struct sg_dict_search search = {
            .list = &image->lists[SG_LIST_TXS], .key = keys[i], .places = &places};
        uint64_t id;
        ids[i].v = SG_TX_ID_NONE;
        several[i] = false;
        while (sg_dict_next(&id, &search)) {
            if (id >= image->txs.count)
                continue;
            several[i] |= ids[i].v != SG_TX_ID_NONE;
            ids[i].v = id;
        }
    }
}

/* The first transaction with a hash, should there be more. */
static uint64_t find_tx(const struct sg_image *image, const uint8_t hash32[32],
                        struct sg_dict_places *places)
{
    struct sg_dict_search search = {
        .list = &image->lists[SG_LIST_TXS], .key = sg_engine_tx_key(hash32), .places = places};
    uint64_t id, found = SG_TX_ID_NONE;
    while (sg_dict_next(&id, &search)) {
        uint8_t stored[SG_ELEM_HASH], flags;
        if (id >= image->txs.count || id >= found)
            continue;
        sg_columns_read(stored, &image->txs, SG_TX_COL_HASH, id, 1);
        sg_columns_read(&flags, &image->txs, SG_TX_COL_FLAGS, id, 1);
        if ((flags & SG_TX_HAS_HASH) && memcmp(stored, hash32, SG_ELEM_HASH) == 0)
            found = id;
    }
    return found;
}

static enum sg_status op_find_txs(void *self, struct sg_tx_id *ids, const uint8_t (*hash32)[32],
                                  size_t n, struct sg_err *err)
{
    struct sg_dict_places places = {0};
    (void)err;
    for (size_t i = 0; i < n; i++)
        ids[i].v = find_tx(self, hash32[i], &places);
    return SG_OK;
}

static enum sg_status op_find_addrs(void *self, struct sg_addr_id *ids,
                                    const struct sg_address *addrs, size_t n, struct sg_err *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++)
        ids[i].v =
            addrs[i].size ? sg_image_find_addr(self, addrs[i].bytes, addrs[i].size) : SG_ID_NONE;
    return SG_OK;
}

static enum sg_status op_addrs(void *self, struct sg_address *addrs, const struct sg_addr_id *ids,
                               size_t n, struct sg_err *err)
{
    const struct sg_image *image = self;
    for (size_t i = 0; i < n; i++) {
        memset(&addrs[i], 0, sizeof(addrs[i]));
        if (ids[i].v == SG_ID_NONE)
            continue;
        assert(ids[i].v < image->addrs.count);
        const uint8_t *bytes = sg_columns_addr(&addrs[i].size, &image->addrs, ids[i].v);
        if (!bytes)
            return sg_err_set(err, SG_ECORRUPT, "an address of the ledger is malformed");
        memcpy(addrs[i].bytes, bytes, addrs[i].size);
    }
    return SG_OK;
}

static enum sg_status op_assets(void *self, struct sg_asset *assets, const struct sg_asset_id *ids,
                                size_t n, struct sg_err *err)
{
    const struct sg_image *image = self;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        assert(ids[i].v < image->n_assets);
        assets[i] = image->assets[ids[i].v];
    }
    return SG_OK;
}

/* First coverage of an address or of a later one. */
static size_t first_cover(const struct sg_image *image, uint32_t addr)
{
    size_t low = 0, high = image->n_covers;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (image->covers[middle].addr.v < addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool visit_covers(const struct sg_image *image, uint32_t addr,
                         bool (*visit)(void *ctx, const struct sg_coverage *cover), void *ctx)
{
    for (size_t i = first_cover(image, addr); i < image->n_covers; i++) {
        if (image->covers[i].addr.v != addr)
            break;
        if (!visit(ctx, &image->covers[i]))
            return false;
    }
    return true;
}

static enum sg_status sorted_ids(struct sg_pair **sorted, const struct sg_addr_id *addrs, size_t n,
                                 struct sg_err *err)
{
    struct sg_pair *pairs = sg_mem_alloc(n, sizeof(*pairs));
    struct sg_pair *scratch = sg_mem_alloc(n, sizeof(*scratch));
    if (!pairs || !scratch) {
        sg_mem_free(scratch);
        sg_mem_free(pairs);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct sg_pair){addrs[i].v, i};
    sg_pairs_sort(pairs, scratch, n);
    sg_mem_free(scratch);
    *sorted = pairs;
    return SG_OK;
}

static enum sg_status op_coverage(void *self, const struct sg_addr_id *addrs, size_t n,
                                  bool (*visit)(void *ctx, const struct sg_coverage *cover),
                                  void *ctx, struct sg_err *err)
{
    const struct sg_image *image = self;
    struct sg_pair *sorted = NULL;
    bool more = true;
    if (n == 0) {
        for (size_t i = 0; more && i < image->n_covers; i++)
            more = visit(ctx, &image->covers[i]);
        return SG_OK;
    }
    const enum sg_status st = sorted_ids(&sorted, addrs, n, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; more && i < n; i++)
        if (sorted[i].key != SG_ID_NONE && (i == 0 || sorted[i].key != sorted[i - 1].key))
            more = visit_covers(image, (uint32_t)sorted[i].key, visit, ctx);
    if (more)
        (void)visit_covers(image, SG_ID_NONE, visit, ctx);
    sg_mem_free(sorted);
    return SG_OK;
}

static void op_close(void *self)
{
    sg_image_clear(self);
    sg_mem_free(self);
}

enum sg_status sg_engine_open(struct sg_ledger *ledger, const char *dir,
                              const struct sg_chain *chain, struct sg_err *err)
{
    static const struct sg_ledger_ops ops = {.rows_of = sg_image_rows_of,
                                             .rows = op_rows,
                                             .txs = op_txs,
                                             .find_txs = op_find_txs,
                                             .find_addrs = op_find_addrs,
                                             .addrs = op_addrs,
                                             .assets = op_assets,
                                             .coverage = op_coverage,
                                             .scan = sg_image_scan,
                                             .moves = sg_image_moves,
                                             .expect = sg_image_expect,
                                             .close = op_close};
    struct sg_image *image = sg_mem_alloc(1, sizeof(*image));
    if (!image)
        return sg_err_nomem(err);
    const enum sg_status st = sg_image_open(image, dir, chain, err);
    if (st != SG_OK) {
        sg_mem_free(image);
        return st;
    }
    *ledger = (struct sg_ledger){&ops, image, chain, image->meta.stats};
    return SG_OK;
}
