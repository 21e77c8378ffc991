#include "base/intern.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

/* Source: G. Fowler, L. Noll, K.-P. Vo, FNV-1a, 64 bits; the last step spreads it to the low bits.
 */
static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 29;
}

static bool is_text(const struct sg_intern *pool, uint32_t id, const char *text, size_t size)
{
    const char *has = pool->bytes + pool->at[id];
    return pool->at[id + 1] - pool->at[id] == size + 1 && memcmp(has, text, size) == 0;
}

/* Where the text is, or the free slot where it would be. */
static size_t slot_of(const struct sg_intern *pool, const char *text, size_t size)
{
    size_t slot = hash_of(text, size) & (pool->n_slots - 1);
    while (pool->slots[slot] && !is_text(pool, pool->slots[slot], text, size))
        slot = (slot + 1) & (pool->n_slots - 1);
    return slot;
}

/* At most half full. */
static enum sg_status grow(struct sg_intern *pool, struct sg_err *err)
{
    struct sg_intern next = *pool;
    next.n_slots = pool->n_slots ? 2 * pool->n_slots : 1024;
    next.slots = sg_mem_zalloc(next.n_slots, sizeof(*next.slots));
    if (!next.slots)
        return sg_err_nomem(err);
    for (uint32_t id = 1; id < pool->n; id++) {
        const char *text = pool->bytes + pool->at[id];
        next.slots[slot_of(&next, text, pool->at[id + 1] - pool->at[id] - 1)] = id;
    }
    sg_mem_free(pool->slots);
    *pool = next;
    return SG_OK;
}

static enum sg_status append(struct sg_intern *pool, const char *text, size_t size,
                             struct sg_err *err)
{
    if (pool->n >= UINT32_MAX - 1)
        return sg_err_set(err, SG_ELIMIT, "more than 4 billion different values");
    if (!SG_VEC_RESERVE(pool->bytes, pool->n_bytes, pool->bytes_cap, size + 1) ||
        !SG_VEC_RESERVE(pool->at, pool->n + 1, pool->at_cap, 2))
        return sg_err_nomem(err);
    if (size)
        memcpy(pool->bytes + pool->n_bytes, text, size);
    pool->bytes[pool->n_bytes + size] = 0;
    pool->at[pool->n] = pool->n_bytes;
    pool->n_bytes += size + 1;
    pool->at[++pool->n] = pool->n_bytes;
    return SG_OK;
}

enum sg_status sg_intern_add(uint32_t *id, struct sg_intern *pool, const char *text, size_t size,
                             struct sg_err *err)
{
    enum sg_status st = SG_OK;
    *id = 0;
    if (!pool->n) /* number 0 */
        st = append(pool, "", 0, err);
    if (st == SG_OK && 2 * (pool->n + 1) > pool->n_slots)
        st = grow(pool, err);
    if (st != SG_OK || !size)
        return st;
    const size_t slot = slot_of(pool, text, size);
    if (!pool->slots[slot]) {
        st = append(pool, text, size, err);
        if (st != SG_OK)
            return st;
        pool->slots[slot] = (uint32_t)(pool->n - 1);
    }
    *id = pool->slots[slot];
    return SG_OK;
}

uint32_t sg_intern_find(const struct sg_intern *pool, const char *text, size_t size)
{
    return size && pool->n_slots ? pool->slots[slot_of(pool, text, size)] : 0;
}

const char *sg_intern_text(const struct sg_intern *pool, uint32_t id)
{
    return pool->bytes + pool->at[id];
}

void sg_intern_clear(struct sg_intern *pool)
{
    sg_mem_free(pool->bytes);
    sg_mem_free(pool->at);
    sg_mem_free(pool->slots);
    *pool = (struct sg_intern){.n = 0};
}
