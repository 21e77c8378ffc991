#include "analysis/trace/trace_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

bool sg_refs_add(struct sg_refs *refs, uint64_t id)
{
    if (refs->count > 0 && refs->ids[refs->count - 1] == id)
        return true;
    if (sg_ids_get(&refs->place, id) != SG_IDS_NONE)
        return true;
    if (!SG_VEC_RESERVE(refs->ids, refs->count, refs->capacity, 1) ||
        !sg_ids_put(&refs->place, id, (uint32_t)refs->count))
        return false;
    refs->ids[refs->count++] = id;
    return true;
}

static int cmp_id(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Transactions come in the order of the ledger, addresses do not. */
static bool is_ascending(const struct sg_refs *refs)
{
    for (size_t i = 1; i < refs->count; i++)
        if (refs->ids[i - 1] > refs->ids[i])
            return false;
    return true;
}

/* The places change under keys that are there, for which there is room. */
void sg_refs_settle(struct sg_refs *refs)
{
    if (is_ascending(refs))
        return;
    qsort(refs->ids, refs->count, sizeof(*refs->ids), cmp_id);
    for (size_t i = 0; i < refs->count; i++) {
        const bool put = sg_ids_put(&refs->place, refs->ids[i], (uint32_t)i);
        SG_VERIFY(put);
        (void)put;
    }
}

uint32_t sg_refs_index(const struct sg_refs *refs, uint64_t id)
{
    const uint32_t place = sg_ids_get(&refs->place, id);
    return place == SG_IDS_NONE ? SG_TRACE_NONE : refs->index[place];
}

void sg_refs_clear(struct sg_refs *refs)
{
    sg_ids_clear(&refs->place);
    sg_mem_free(refs->ids);
    sg_mem_free(refs->index);
    *refs = (struct sg_refs){0};
}
