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

uint64_t sg_utxo_dict_next(size_t *at, const struct sg_utxo_dict *dict, uint64_t hash)
{
    if (!dict->slots)
        return SG_UTXO_NONE;
    const uint64_t slot = dict->slots[(hash + *at) & dict->mask];
    ++*at;
    return slot ? slot - 1 : SG_UTXO_NONE;
}

static void place(struct sg_utxo_dict *dict, uint64_t hash, uint64_t slot)
{
    size_t at = hash & dict->mask;
    while (dict->slots[at])
        at = (at + 1) & dict->mask;
    dict->slots[at] = slot;
}

static bool grow(struct sg_utxo_dict *dict, uint64_t (*hash_of)(const void *ctx, uint64_t row),
                 const void *ctx)
{
    struct sg_utxo_dict grown = {.mask = dict->slots ? 2 * dict->mask + 1 : 1023, .n = dict->n};
    grown.slots = sg_mem_zalloc(grown.mask + 1, sizeof(*grown.slots));
    if (!grown.slots)
        return false;
    for (size_t i = 0; dict->slots && i <= dict->mask; i++)
        if (dict->slots[i])
            place(&grown, hash_of(ctx, dict->slots[i] - 1), dict->slots[i]);
    sg_mem_free(dict->slots);
    *dict = grown;
    return true;
}

bool sg_utxo_dict_put(struct sg_utxo_dict *dict, uint64_t hash, uint64_t row, uint64_t instead,
                      uint64_t (*hash_of)(const void *ctx, uint64_t row), const void *ctx)
{
    if (instead != SG_UTXO_NONE) {
        size_t at = hash & dict->mask;
        while (dict->slots[at] != instead + 1)
            at = (at + 1) & dict->mask;
        dict->slots[at] = row + 1;
        return true;
    }
    if ((!dict->slots || 2 * dict->n > dict->mask) && !grow(dict, hash_of, ctx))
        return false;
    place(dict, hash, row + 1);
    dict->n++;
    return true;
}
