#include "analysis/trace/trace_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

bool sg_refs_add(struct sg_refs *refs, uint64_t id)
{
    if (refs->count > 0 && refs->ids[refs->count - 1] == id)
        return true;
    if (!SG_VEC_RESERVE(refs->ids, refs->count, refs->capacity, 1))
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

void sg_refs_settle(struct sg_refs *refs)
{
    size_t kept = 0;
    if (!is_ascending(refs))
        qsort(refs->ids, refs->count, sizeof(*refs->ids), cmp_id);
    for (size_t i = 0; i < refs->count; i++)
        if (kept == 0 || refs->ids[kept - 1] != refs->ids[i])
            refs->ids[kept++] = refs->ids[i];
    refs->count = kept;
}

uint32_t sg_refs_index(const struct sg_refs *refs, uint64_t id)
{
    size_t low = 0, high = refs->count;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (refs->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < refs->count && refs->ids[low] == id ? refs->index[low] : SG_TRACE_NONE;
}

void sg_refs_clear(struct sg_refs *refs)
{
    sg_mem_free(refs->ids);
    sg_mem_free(refs->index);
    *refs = (struct sg_refs){0};
}
