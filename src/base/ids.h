/** A hash map from 64-bit ids to 32-bit values.
 *
 *  Ids are dense numbers of ours, never chosen by a stranger, so that the hash needs no secret.
 * Cost: about one cache miss a look-up; 24 bytes a slot, at most half of the slots in use.
 */
#ifndef SG_BASE_IDS_H
#define SG_BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_IDS_NONE UINT32_MAX

/** Empty when all zero; release with sg_ids_clear. */
struct sg_ids {
    uint64_t *keys; /**< key + 1; 0 is an empty slot */
    uint32_t *values;
    size_t count, capacity; /**< capacity is 0 or a power of two, at least twice count */
};

/** Value of a key, or SG_IDS_NONE. */
uint32_t sg_ids_get(const struct sg_ids *ids, uint64_t key);

/** Set a key below UINT64_MAX. False without memory, the map then unchanged. */
bool sg_ids_put(struct sg_ids *ids, uint64_t key, uint32_t value);

void sg_ids_clear(struct sg_ids *ids);

#endif
