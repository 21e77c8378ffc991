/** How labels lie in the file. docs/formats/labels.md is the same in prose. */
#ifndef SG_STORE_LABELS_INTERNAL_H
#define SG_STORE_LABELS_INTERNAL_H

#include "base/buf.h"
#include "store/kv/kv.h"
#include "store/labels/labels.h"

#define SG_LABELS_VERSION 1
#define SG_LABELS_FILE    "labels.mdb"

/** Tables of a label store. The numbers are on disk: never reuse one. */
enum sg_labels_table {
    SG_LABELS_META = 1,   /**< number 0 */
    SG_LABELS_PACKS = 16, /**< number = pack */
    SG_LABELS_DATA = 17,  /**< number = chunk; records one behind the other */
    SG_LABELS_INDEX = 18  /**< number = top 8 bits of the hash */
};

#define SG_LABELS_BUCKETS 256

/** A chunk is at most so long; a place is chunk << SG_LABELS_CHUNK_BITS | offset. */
#define SG_LABELS_CHUNK_BITS 22
#define SG_LABELS_CHUNK      ((size_t)1 << SG_LABELS_CHUNK_BITS)

/** An entry of the index: hash, place; little-endian. */
#define SG_LABELS_ENTRY 16

struct sg_labels_meta {
    uint64_t n_labels;
    uint32_t n_packs, n_chunks;
};

/** Where a pack's labels begin, beside what is told of it. */
struct sg_labels_pack_place {
    uint32_t first_chunk, n_chunks;
};

/** Eight bytes, little-endian, at any place. Written so that compilers make one load of it. */
static inline uint64_t sg_labels_load(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

/** Hash of a subject whose letters were brought to lower case. Uniform in all bits. */
uint64_t sg_labels_hash(const char *text, size_t size);

void sg_labels_meta_write(struct sg_buf *out, const struct sg_labels_meta *meta);
/** Errors: SG_ECORRUPT, SG_EVERSION. */
SG_MUST_CHECK enum sg_status sg_labels_meta_read(struct sg_labels_meta *meta, struct sg_bytes bytes,
                                                 struct sg_err *err);

/** Append a record, with its own size in front. */
void sg_labels_record_write(struct sg_buf *out, const struct sg_label *label, uint32_t pack);

/** Read a record.
 *  Out: size   of the whole record; may be NULL.
 *  In:  at, left   its first byte and the bytes from there to the end of the chunk.
 *       arena      for the array of aliases; NULL: aliases are left out. */
SG_MUST_CHECK enum sg_status sg_labels_record_read(struct sg_label *label, uint32_t *pack,
                                                   size_t *size, const uint8_t *at, size_t left,
                                                   struct sg_arena *arena, struct sg_err *err);

/** The subject of a record, or NULL if it is damaged. */
const char *sg_labels_record_subject(const uint8_t *at, size_t left);

void sg_labels_pack_write(struct sg_buf *out, const struct sg_labels_pack *pack,
                          struct sg_labels_pack_place place);
SG_MUST_CHECK enum sg_status sg_labels_pack_read(struct sg_labels_pack *pack,
                                                 struct sg_labels_pack_place *place,
                                                 struct sg_bytes bytes, struct sg_err *err);

/** Read the meta record of a file; SG_ENOTFOUND (err untouched) where it has none yet. */
SG_MUST_CHECK enum sg_status sg_labels_meta_get(struct sg_labels_meta *meta, struct sg_kv_txn *txn,
                                                struct sg_err *err);

#endif
