#include "base/dict.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

#define SLOTS_MIN 64

/* FNV-1a, mixed at the end because the table takes the low bits. Collisions cost time, not truth:
 * texts are compared. Source: http://www.isthe.com/chongo/tech/comp/fnv/. */
static size_t hash_of(struct sg_text text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ (hash >> 29) ^ (hash >> 47));
}

/* The slot of a text, or the empty one where it belongs. The table is not empty. */
static size_t slot_of(const struct sg_dict *d, struct sg_text text)
{
    size_t at = hash_of(text) & (d->n_slots - 1);
    while (d->slots[at]) {
        const struct sg_text *have = &d->texts[d->slots[at] - 1];
        if (have->size == text.size && memcmp(have->data, text.data, text.size) == 0)
            break;
        at = (at + 1) & (d->n_slots - 1);
    }
    return at;
}

static enum sg_status grow(struct sg_dict *d, struct sg_err *err)
{
    const size_t n_slots = d->n_slots ? 2 * d->n_slots : SLOTS_MIN;
    uint32_t *slots = sg_mem_zalloc(n_slots, sizeof(*slots));
    if (!slots)
        return sg_err_nomem(err);
    sg_mem_free(d->slots);
    d->slots = slots;
    d->n_slots = n_slots;
    for (size_t i = 0; i < d->count; i++)
        d->slots[slot_of(d, d->texts[i])] = (uint32_t)(i + 1);
    return SG_OK;
}

static enum sg_status add(struct sg_dict *d, size_t slot, struct sg_text text, struct sg_err *err)
{
    if (d->count >= SG_DICT_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %zu distinct texts", SG_DICT_MAX);
    if (!SG_VEC_RESERVE(d->texts, d->count, d->capacity, 1))
        return sg_err_nomem(err);
    const char *copy = sg_arena_strndup(&d->arena, text.data, text.size);
    if (!copy)
        return sg_err_nomem(err);
    d->texts[d->count++] = (struct sg_text){copy, text.size};
    d->slots[slot] = (uint32_t)d->count;
    return SG_OK;
}

enum sg_status sg_dict_number(uint32_t *number, struct sg_dict *d, struct sg_text text,
                              struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (2 * (d->count + 1) > d->n_slots)
        st = grow(d, err);
    if (st != SG_OK)
        return st;
    const size_t slot = slot_of(d, text);
    if (!d->slots[slot])
        st = add(d, slot, text, err);
    if (st == SG_OK)
        *number = d->slots[slot];
    return st;
}

uint32_t sg_dict_find(const struct sg_dict *d, struct sg_text text)
{
    return d->n_slots ? d->slots[slot_of(d, text)] : 0;
}

void sg_dict_clear(struct sg_dict *d)
{
    sg_mem_free(d->texts);
    sg_mem_free(d->slots);
    sg_arena_clear(&d->arena);
    *d = (struct sg_dict){0};
}
