#include "base/ids.h"

#include "base/mem.h"

/* Fibonacci hashing: ids are dense, and a multiplication spreads them (D. Knuth, The Art of
 * Computer Programming 3, section 6.4). */
static size_t slot_of(const struct sg_ids *ids, uint64_t key)
{
    size_t i = (size_t)((key + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (ids->capacity - 1);
    while (ids->keys[i] != 0 && ids->keys[i] != key + 1)
        i = (i + 1) & (ids->capacity - 1);
    return i;
}

uint32_t sg_ids_get(const struct sg_ids *ids, uint64_t key)
{
    if (ids->capacity == 0)
        return SG_IDS_NONE;
    const size_t i = slot_of(ids, key);
    return ids->keys[i] == 0 ? SG_IDS_NONE : ids->values[i];
}

static bool grow(struct sg_ids *ids)
{
    struct sg_ids wide = {.capacity = ids->capacity ? 2 * ids->capacity : 64, .count = ids->count};
    wide.keys = sg_mem_zalloc(wide.capacity, sizeof(*wide.keys));
    wide.values = sg_mem_alloc(wide.capacity, sizeof(*wide.values));
    if (!wide.keys || !wide.values) {
        sg_ids_clear(&wide);
        return false;
    }
    for (size_t i = 0; i < ids->capacity; i++)
        if (ids->keys[i] != 0) {
            const size_t j = slot_of(&wide, ids->keys[i] - 1);
            wide.keys[j] = ids->keys[i];
            wide.values[j] = ids->values[i];
        }
    sg_ids_clear(ids);
    *ids = wide;
    return true;
}

bool sg_ids_put(struct sg_ids *ids, uint64_t key, uint32_t value)
{
    size_t i = ids->capacity ? slot_of(ids, key) : 0;
    if (ids->capacity == 0 || ids->keys[i] == 0) {
        if (2 * (ids->count + 1) > ids->capacity && !grow(ids))
            return false;
        i = slot_of(ids, key);
        ids->keys[i] = key + 1;
        ids->count++;
    }
    ids->values[i] = value;
    return true;
}

void sg_ids_clear(struct sg_ids *ids)
{
    sg_mem_free(ids->keys);
    sg_mem_free(ids->values);
    *ids = (struct sg_ids){0};
}
