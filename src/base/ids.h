/** A hash map from 64-bit ids to 32-bit values, for ids that are ours: dense numbers, which nobody
 *  from outside chooses. */
#ifndef SG_BASE_IDS_H
#define SG_BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_IDS_NONE UINT32_MAX

/** Begin with zeroes; sg_ids_clear frees it. */
struct sg_ids {
    uint64_t *keys; /**< key + 1; 0 is an empty slot */
    uint32_t *values;
    size_t count, capacity; /**< capacity is 0 or a power of two, at least twice count */
};

/** Value of a key, or SG_IDS_NONE. */
uint32_t sg_ids_get(const struct sg_ids *ids, uint64_t key);
/** Set a key below UINT64_MAX. False without memory, the map then unchanged; a key that is there
 *  needs none. */
bool sg_ids_put(struct sg_ids *ids, uint64_t key, uint32_t value);
void sg_ids_clear(struct sg_ids *ids);

#endif
