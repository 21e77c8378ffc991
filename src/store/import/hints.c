#include "store/import/hints_internal.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* Twice the number of hints: the table is never more than half full. */
#define N_SLOTS (2 * SG_HINTS_MAX)

struct sg_hints {
    struct sg_arena arena;
    struct sg_token_hint *all;
    size_t n, cap;
    uint32_t slots[N_SLOTS]; /* 1 + index in all; 0: empty */
};

enum sg_status sg_hints_new(struct sg_hints **out, struct sg_err *err)
{
    struct sg_hints *hints = sg_mem_zalloc(1, sizeof(*hints));
    if (!hints)
        return sg_err_nomem(err);
    *out = hints;
    return SG_OK;
}

/* As in desk.c: the table's own address keeps a file from aiming at one slot. */
static size_t slot_of(const struct sg_hints *hints, const uint8_t *token, size_t size)
{
    uint64_t mixed = (uint64_t)(uintptr_t)hints;
    for (size_t i = 0; i < size; i++)
        mixed = (mixed ^ token[i]) * 0x100000001b3u;
    return (size_t)(mixed ^ mixed >> 32) % N_SLOTS;
}

static uint32_t *find_slot(struct sg_hints *hints, const uint8_t *token, size_t size)
{
    size_t at = slot_of(hints, token, size);
    for (;; at = (at + 1) % N_SLOTS)
        if (!hints->slots[at] || memcmp(hints->all[hints->slots[at] - 1].token, token, size) == 0)
            return &hints->slots[at];
}

/* Two files may each say half. */
static enum sg_status complete(struct sg_hints *hints, struct sg_token_hint *hint,
                               const struct sg_record *record, struct sg_err *err)
{
    if (!hint->has_decimals && record->has_decimals) {
        hint->has_decimals = true;
        hint->decimals = record->decimals;
    }
    if (hint->symbol[0] || !record->symbol[0])
        return SG_OK;
    const char *symbol = sg_arena_strndup(&hints->arena, record->symbol, strlen(record->symbol));
    if (!symbol)
        return sg_err_nomem(err);
    hint->symbol = symbol;
    return SG_OK;
}

enum sg_status sg_hints_add(struct sg_hints *hints, const struct sg_record *record,
                            struct sg_err *err)
{
    if (!record->token.size || (!record->symbol[0] && !record->has_decimals))
        return SG_OK;
    const size_t size = 1u + record->token.size;
    uint32_t *slot = find_slot(hints, (const uint8_t *)&record->token, size);
    if (!*slot) {
        if (hints->n == SG_HINTS_MAX)
            return SG_OK;
        char *token = sg_arena_strndup(&hints->arena, (const char *)&record->token, size);
        if (!token || !SG_VEC_RESERVE(hints->all, hints->n, hints->cap, 1))
            return sg_err_nomem(err);
        hints->all[hints->n++] =
            (struct sg_token_hint){.token = (const uint8_t *)token, .symbol = ""};
        *slot = (uint32_t)hints->n;
    }
    return complete(hints, &hints->all[*slot - 1], record, err);
}

const struct sg_token_hint *sg_hints_all(size_t *n, const struct sg_hints *hints)
{
    *n = hints->n;
    return hints->all;
}

void sg_hints_free(struct sg_hints *hints)
{
    if (!hints)
        return;
    sg_mem_free(hints->all);
    sg_arena_clear(&hints->arena);
    sg_mem_free(hints);
}
