/** Immutable sorted segments: the dictionaries (key -> id) and the postings (address -> rows).
 *
 *  A list holds segments in the order of what they cover: [first, end) of ids, or of rows, each
 *  beginning where the one before ends. New runs are appended; neighbours are merged so that each
 *  segment has more entries than all after it, so that there are at most about log2 of them. A
 *  segment is merged only into one of at least twice its size, so that an entry is copied at most
 *  about log2 times. A segment is a sequence of blocks, each
 *  one value in the file (or one allocation, until it is written), with the same bytes in both.
 *
 *  Dictionary block: count (4), zero (4), first id of the segment (8), count keys of 4 bytes
 *  ascending, count ids of 4 bytes relative to the first. A key is the upper half of a hash: among
 *  100 million a look-up meets 0.02 others of the same key on average, and every hit is compared.
 *  Posting block: count (4), payload bytes (4), first row of the segment (8), count address ids of
 *  4 bytes ascending, count ends of 4 bytes into the payload, payload: for each address its row ids
 *  ascending as base-128 differences, the first against the first row of the segment. An address
 *  with many rows goes on in the next block, where it begins anew.
 */
#ifndef SG_STORE_ENGINE_SEGMENT_INTERNAL_H
#define SG_STORE_ENGINE_SEGMENT_INTERNAL_H

#include "store/engine/key_internal.h"
#include "store/engine/kv_internal.h"

#define SG_BLOCK_HEADER       16u
#define SG_DICT_BLOCK         65536u
#define SG_POSTING_BLOCK      ((size_t)256 * 1024) /**< payload bytes after which a block ends */
#define SG_SEGMENTS_MAX       160u
#define SG_SEGMENT_BLOCK_BITS 24

struct sg_block {
    const uint8_t *bytes;
    size_t size;
    uint64_t first; /**< its first key, or address id */
};

struct sg_segment {
    uint64_t number; /**< in the file; 0: in memory, the blocks are owned */
    uint64_t first;  /**< ids or rows covered: [first, end) */
    uint64_t end;
    uint64_t n; /**< entries: ids, or (address, row) pairs */
    struct sg_block *blocks;
    size_t n_blocks, cap_blocks;
};

struct sg_segments {
    struct sg_segment items[SG_SEGMENTS_MAX];
    size_t n;
    unsigned table;
};

/** Where a builder puts finished blocks: into memory, or straight into the file. */
struct sg_block_sink {
    struct sg_segment *segment; /**< gets n, n_blocks; and the blocks, if write is NULL */
    struct sg_kv_write *write;
    unsigned table;
};

SG_MUST_CHECK enum sg_status sg_block_emit(struct sg_block_sink *sink, const uint8_t *bytes,
                                           size_t size, uint64_t first, struct sg_err *err);

void sg_segment_clear(struct sg_segment *segment);
void sg_segments_clear(struct sg_segments *list);

/** Read the blocks of a segment of the file; number, first, end, n, n_blocks are set.
 *  Errors: SG_ECORRUPT, SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_segment_load(struct sg_segment *segment, struct sg_kv_txn *txn,
                                             unsigned table, struct sg_err *err);

/** How many of the last segments must become one: the least so that, above them, each segment has
 *  more entries than all after it. 0 or at least 2. Segments below `from` are left out. */
size_t sg_segments_due(const struct sg_segments *list, size_t from);

/** Merge n neighbours into the sink, leaving out what lies at or above `limit` (an id, or a row).
 *  n = 1 copies. The table of the sink says whether they are dictionaries or postings.
 *  Errors: SG_ECORRUPT, SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_segments_merge(struct sg_block_sink *sink,
                                               const struct sg_segment *segments, size_t n,
                                               uint64_t limit, struct sg_err *err);

/** Append a run in memory and merge runs in memory that are due. Takes the run's blocks, also on an
 *  error. */
SG_MUST_CHECK enum sg_status sg_segments_add(struct sg_segments *list, struct sg_segment *run,
                                             struct sg_err *err);

/** Bytes of the segments that are in memory. */
size_t sg_segments_bytes(const struct sg_segments *list);

/** A run from pairs sorted by key; value = id. All ids in [first, end). */
SG_MUST_CHECK enum sg_status sg_dict_build(struct sg_block_sink *sink, const struct sg_pair *pairs,
                                           size_t n, uint64_t first, struct sg_err *err);

/** Where the last search ended in each segment: keys that are asked for in about ascending order
 * are found from there in a few steps. Begin with zeroes. */
struct sg_dict_places {
    struct {
        size_t block, entry;
    } at[SG_SEGMENTS_MAX];
};

/** Walk the ids that have a key, in no order between segments.
 *  Set key and list; each sg_dict_next gives one id until it returns false. */
struct sg_dict_search {
    const struct sg_segments *list;
    uint64_t key;
    struct sg_dict_places *places; /**< may be NULL */
    size_t segment, block, entry;
    bool inside;
};
bool sg_dict_next(uint64_t *id, struct sg_dict_search *search);

/** A run from pairs sorted by key = address id, stable in value = row. */
SG_MUST_CHECK enum sg_status sg_postings_build(struct sg_block_sink *sink,
                                               const struct sg_pair *pairs, size_t n,
                                               uint64_t first, struct sg_err *err);

SG_MUST_CHECK enum sg_status sg_postings_merge(struct sg_block_sink *sink,
                                               const struct sg_segment *segments, size_t n,
                                               uint64_t limit, struct sg_err *err);

/** The rows of one address in one segment, from the first at or after `after` on.
 *  Begin, then next until it gives false; a bad encoding ends with failed = true. */
struct sg_posting_walk {
    const struct sg_segment *segment;
    const uint8_t *at, *end;
    uint64_t id, row, after;
    size_t block, entry;
    bool failed;
};
void sg_posting_begin(struct sg_posting_walk *walk, const struct sg_segment *segment, uint64_t id,
                      uint64_t after);
bool sg_posting_next(uint64_t *row, struct sg_posting_walk *walk);

/** Borrowed view of a block with checked sizes. */
struct sg_posting_block {
    const uint8_t *ids, *ends, *payload;
    uint64_t base;
    uint32_t count, payload_size;
};
void sg_posting_block_open(struct sg_posting_block *view, const struct sg_block *block);
/** Address and payload slice of entry i; false if its end is bad. */
bool sg_posting_entry(uint64_t *id, const uint8_t **at, const uint8_t **end,
                      const struct sg_posting_block *view, size_t i);
/** One base-128 number; false if it is cut short or too long. */
bool sg_varint_next(uint64_t *value, const uint8_t **at, const uint8_t *end);

static inline uint32_t sg_load32(const uint8_t *at)
{
    uint32_t value;
    __builtin_memcpy(&value, at, 4);
    return value;
}
static inline uint64_t sg_load64(const uint8_t *at)
{
    uint64_t value;
    __builtin_memcpy(&value, at, 8);
    return value;
}

#endif
