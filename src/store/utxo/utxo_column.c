#include "store/utxo/utxo_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

bool sg_utxo_column_add(struct sg_utxo_column *column, const void *rows, size_t n)
{
    if (n > column->capacity - column->n) {
        size_t capacity = column->capacity ? column->capacity : 64;
        while (capacity < column->n + n)
            capacity *= 2;
        void *grown = sg_mem_realloc(column->rows, capacity, column->width);
        if (!grown)
            return false;
        column->rows = grown;
        column->capacity = capacity;
    }
    if (n)
        memcpy((uint8_t *)column->rows + column->n * column->width, rows, n * column->width);
    column->n += n;
    return true;
}

void sg_utxo_column_cut(struct sg_utxo_column *column, size_t n)
{
    assert(n <= column->n);
    column->n = n;
    if (column->n_kept > n)
        column->n_kept = n;
}

/* A slot: the upper bits of the hash, so that few wrong rows are looked at, and the row + 1. */
#define ROW_BITS 40
#define ROW_MASK (((uint64_t)1 << ROW_BITS) - 1)

uint64_t sg_utxo_dict_next(size_t *at, const struct sg_utxo_dict *dict, uint64_t hash)
{
    if (!dict->slots)
        return SG_UTXO_NONE;
    for (uint64_t slot; (slot = dict->slots[(hash + *at) & dict->mask]) != 0;) {
        ++*at;
        if (slot >> ROW_BITS == hash >> ROW_BITS)
            return (slot & ROW_MASK) - 1;
    }
    return SG_UTXO_NONE;
}

void sg_utxo_dict_touch(const struct sg_utxo_dict *dict, uint64_t hash)
{
    if (dict->slots)
        __builtin_prefetch(&dict->slots[hash & dict->mask]);
}

static void place(struct sg_utxo_dict *dict, uint64_t hash, uint64_t row)
{
    size_t at = hash & dict->mask;
    assert(row < ROW_MASK); /* 2^40 transactions or owners would not fit in memory */
    while (dict->slots[at])
        at = (at + 1) & dict->mask;
    dict->slots[at] = hash >> ROW_BITS << ROW_BITS | (row + 1);
}

/* Row after row, so that what is hashed is read in the order in which it lies. */
static bool grow(struct sg_utxo_dict *dict, uint64_t (*hash_of)(const void *ctx, uint64_t row),
                 const void *ctx)
{
    struct sg_utxo_dict grown = {.mask = dict->slots ? 2 * dict->mask + 1 : 1023, .n = dict->n};
    grown.slots = sg_mem_zalloc(grown.mask + 1, sizeof(*grown.slots));
    if (!grown.slots)
        return false;
    for (uint64_t row = 0; row < dict->n; row++)
        place(&grown, hash_of(ctx, row), row);
    sg_mem_free(dict->slots);
    *dict = grown;
    return true;
}

bool sg_utxo_dict_put(struct sg_utxo_dict *dict, uint64_t hash,
                      uint64_t (*hash_of)(const void *ctx, uint64_t row), const void *ctx)
{
    if ((!dict->slots || 3 * dict->n > 2 * dict->mask) && !grow(dict, hash_of, ctx))
        return false;
    place(dict, hash, dict->n++);
    return true;
}
