#include "base/dict.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

#define SLOTS_MIN 64

/* Texts come from outside, so a file could be made whose texts all meet in one slot. The seed
 * differs from run to run; no result depends on the slot. Collisions cost time, not truth: texts
 * are compared. */
static uint32_t hash_of(const struct sg_dict *d, struct sg_text text)
{
    uint64_t mixed = d->seed ^ text.size, word = 0;
    size_t i = 0;
    for (; text.size - i >= sizeof(word); i += sizeof(word)) {
        memcpy(&word, text.data + i, sizeof(word));
        mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
        mixed ^= mixed >> 29;
    }
    word = 0;
    if (i < text.size)
        memcpy(&word, text.data + i, text.size - i);
    mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(mixed >> 32);
}

/* The slot of a text, or the empty one where it belongs. The table is not empty. */
static size_t slot_of(const struct sg_dict *d, struct sg_text text, uint32_t hash)
{
    size_t at = hash & (d->n_slots - 1);
    for (; d->slots[at].number; at = (at + 1) & (d->n_slots - 1)) {
        if (d->slots[at].hash != hash)
            continue;
        const struct sg_text *have = &d->texts[d->slots[at].number - 1];
        if (have->size == text.size && memcmp(have->data, text.data, text.size) == 0)
            break;
    }
    return at;
}

static enum sg_status grow(struct sg_dict *d, struct sg_err *err)
{
    const size_t n_slots = d->n_slots ? 2 * d->n_slots : SLOTS_MIN;
    struct sg_dict_slot *slots = sg_mem_zalloc(n_slots, sizeof(*slots));
    if (!slots)
        return sg_err_nomem(err);
    if (d->n_slots == 0)
        d->seed = (uint64_t)(uintptr_t)slots;
    for (size_t i = 0; i < d->n_slots; i++) {
        size_t at = d->slots[i].hash & (n_slots - 1);
        if (!d->slots[i].number)
            continue;
        while (slots[at].number)
            at = (at + 1) & (n_slots - 1);
        slots[at] = d->slots[i];
    }
    sg_mem_free(d->slots);
    d->slots = slots;
    d->n_slots = n_slots;
    return SG_OK;
}

static enum sg_status add(struct sg_dict *d, size_t slot, struct sg_text text, uint32_t hash,
                          struct sg_err *err)
{
    if (d->count >= SG_DICT_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %zu distinct texts", SG_DICT_MAX);
    if (!SG_VEC_RESERVE(d->texts, d->count, d->capacity, 1))
        return sg_err_nomem(err);
    const char *copy = sg_arena_strndup(&d->arena, text.data, text.size);
    if (!copy)
        return sg_err_nomem(err);
    d->texts[d->count++] = (struct sg_text){copy, text.size};
    d->slots[slot] = (struct sg_dict_slot){(uint32_t)d->count, hash};
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
    const uint32_t hash = hash_of(d, text);
    const size_t slot = slot_of(d, text, hash);
    if (!d->slots[slot].number)
        st = add(d, slot, text, hash, err);
    if (st == SG_OK)
        *number = d->slots[slot].number;
    return st;
}

uint32_t sg_dict_find(const struct sg_dict *d, struct sg_text text)
{
    return d->n_slots ? d->slots[slot_of(d, text, hash_of(d, text))].number : 0;
}

const char *sg_dict_text(const struct sg_dict *d, uint32_t number)
{
    return number ? d->texts[number - 1].data : "";
}

void sg_dict_clear(struct sg_dict *d)
{
    sg_mem_free(d->texts);
    sg_mem_free(d->slots);
    sg_arena_clear(&d->arena);
    *d = (struct sg_dict){0};
}
