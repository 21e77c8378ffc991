/** Addresses of a batch -> ids, many at a time.
 *
 *  The addresses are hashed, split by the hash into 256 buckets, made unique within each bucket,
 *  looked up, and new ones get ids in the order of their first appearance. Buckets are independent
 *  and run on any number of threads; the ids do not depend on it.
 */
#ifndef SG_STORE_ENGINE_RESOLVE_INTERNAL_H
#define SG_STORE_ENGINE_RESOLVE_INTERNAL_H

#include "store/engine/engine.h"
#include "store/engine/segment_internal.h"

/** Memory that is used again and again, because the system takes long to give and take it. */
struct sg_scratch {
    void *bytes;
    size_t size;
};

/** Room for count * size bytes, aligned for any object; what was in it may be gone. NULL without
 *  memory. Release with sg_mem_free(scratch->bytes). */
void *sg_scratch_take(struct sg_scratch *scratch, size_t count, size_t size);

struct sg_resolver {
    const struct sg_segments *list;
    uint64_t n_ids;  /**< ids given so far: the next new one */
    uint64_t id_max; /**< ids must stay below this */
    /** Whether id has these bytes; called from any thread. */
    bool (*same)(const void *ctx, uint64_t id, const uint8_t *bytes, uint8_t size);
    /** Have the bytes of an id brought into the cache; `same` follows soon. */
    void (*prefetch)(const void *ctx, uint64_t id);
    const void *ctx;
    size_t n_threads;
    struct sg_scratch *scratch;
};

/** New addresses; in the scratch, so only until the next call. */
struct sg_resolved {
    uint32_t *fresh;       /**< n_fresh: positions in refs of new addresses, in the order of ids */
    struct sg_pair *pairs; /**< n_fresh: (key, id) of the new ones, sorted by key */
    size_t n_fresh;
};

/** Resolve n < 2^32 references.
 *
 *  Out:  ids       n entries; SG_ID_NONE where the reference is NULL.
 *        resolved  new addresses.
 *  Errors: SG_ELIMIT (no ids left), SG_ENOMEM.
 *  Cost: O(n) time, about 60 bytes of scratch a reference.
 */
SG_MUST_CHECK enum sg_status sg_resolve(uint32_t *ids, struct sg_resolved *resolved,
                                        const struct sg_resolver *resolver, const sg_addr_ref *refs,
                                        size_t n, struct sg_err *err);

#endif
