#include "store/engine/image_internal.h"

#include "base/mem.h"

#include <string.h>

/* Named as they are shown; several columns can be one part. */
static const char *const row_parts[SG_ROW_COLS] = {
    "row: transaction",    "row: from",           "row: to",      "row: asset", "row: amount",
    "row: kind and flags", "row: kind and flags", "row: position"};
static const char *const tx_parts[SG_TX_COLS] = {"transaction: block and time",
                                                 "transaction: block and time",
                                                 "transaction: index",
                                                 "transaction: status, flags",
                                                 "transaction: status, flags",
                                                 "transaction: sender",
                                                 "transaction: fee",
                                                 "transaction: rows",
                                                 "transaction: hash",
                                                 "transaction: price of gas"};
_Static_assert(SG_COUNT_OF(row_parts) == SG_ROW_COLS && SG_TX_COL_PRICE + 1 == SG_TX_COLS,
               "a name for each column");
static const char *const addr_parts[] = {"address: bytes"};
static const char *const list_parts[SG_LISTS] = {"dictionary of addresses", "dictionary of hashes",
                                                 "dictionary of assets", "rows of each address"};

static void add(struct sg_ledger_sizes *sizes, const char *name, uint64_t bytes)
{
    for (size_t i = 0; i < sizes->n; i++)
        if (strcmp(sizes->parts[i].name, name) == 0) {
            sizes->parts[i].bytes += bytes;
            return;
        }
    if (sizes->n < SG_LEDGER_PARTS_MAX)
        sizes->parts[sizes->n++] = (struct sg_ledger_part){name, bytes};
}

/* Chunks; the newest rows, which are few, count as the rest of the file. */
static void add_columns(struct sg_ledger_sizes *sizes, const struct sg_columns *c,
                        const char *const *names)
{
    for (unsigned column = 0; column < c->n_columns; column++) {
        uint64_t bytes = 0;
        for (size_t chunk = 0; chunk < c->n_chunks; chunk++)
            bytes += SG_COLUMN_HEADER + c->chunks[chunk * c->n_columns + column].payload_size;
        add(sizes, names[column], bytes);
    }
}

static void add_list(struct sg_ledger_sizes *sizes, const struct sg_segments *list,
                     const char *name)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < list->n; i++)
        for (size_t j = 0; j < list->items[i].n_blocks; j++)
            bytes += list->items[i].blocks[j].size;
    add(sizes, name, bytes);
}

enum sg_status sg_engine_sizes(struct sg_ledger_sizes *sizes, const char *dir,
                               const struct sg_chain *chain, struct sg_err *err)
{
    struct sg_image image;
    memset(sizes, 0, sizeof(*sizes));
    const enum sg_status st = sg_image_open(&image, dir, chain, err);
    if (st != SG_OK)
        return st;
    add_columns(sizes, &image.rows, row_parts);
    add_columns(sizes, &image.txs, tx_parts);
    add_columns(sizes, &image.addrs, addr_parts);
    for (size_t i = 0; i < SG_LISTS; i++)
        add_list(sizes, &image.lists[i], list_parts[i]);
    uint64_t sum = 0;
    for (size_t i = 0; i < sizes->n; i++)
        sum += sizes->parts[i].bytes;
    sizes->file_bytes = sg_kv_size(image.kv);
    add(sizes, "rest of the file", sizes->file_bytes > sum ? sizes->file_bytes - sum : 0);
    sg_image_clear(&image);
    return SG_OK;
}
