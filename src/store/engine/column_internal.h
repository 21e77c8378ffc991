/** Columns of at most 65,536 values, as bytes: frame of reference and a fixed byte width.
 *
 *  Layout: width (1 byte), element size (1), zero (2), count (4), base (16), then count * width
 *  bytes; all little-endian. A value is base + its bytes. Numbers of 1 to 8 bytes take a width of
 *  0, 1, 2, 4 or 8, so that a scan widens whole registers; in four-byte columns, which hold ids,
 *  UINT32_MAX ("none") counts as just below 0. 16-byte numbers take any width. Hashes
 *  (32 bytes) are stored as they are. Addresses (one byte of size, then up to 64) are stored
 *  without their size where all have the same one (width = that size), else with width 255 as
 *  count ends of 4 bytes, then the bytes.
 */
#ifndef SG_STORE_ENGINE_COLUMN_INTERNAL_H
#define SG_STORE_ENGINE_COLUMN_INTERNAL_H

#include "base/amount.h"
#include "base/limits.h"
#include "store/engine/kv_internal.h"

#define SG_CHUNK         65536u
#define SG_COLUMN_HEADER 24u
#define SG_ELEM_HASH     32u
#define SG_ELEM_ADDR     (SG_ADDRESS_MAX + 1u)
#define SG_COLUMN_MIXED  255u

/** An opened column; `payload` is borrowed. */
struct sg_column {
    const uint8_t *payload;
    sg_u128 base;
    uint32_t payload_size;
    uint32_t count;
    uint8_t width;
    uint8_t elem;
};

/** Bytes that sg_column_encode may need for n values. */
size_t sg_column_bound(size_t n, unsigned elem);

/** Encode n values (1 to 65,536) of `elem` bytes each; returns the bytes written. Numbers are in
 *  machine order; addresses SG_ELEM_ADDR bytes apart. */
size_t sg_column_encode(uint8_t *out, const void *values, size_t n, unsigned elem);

/** Check a header against the bytes there are and the element size that is expected.
 *  Errors: SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_column_open(struct sg_column *column, struct sg_bytes bytes,
                                            unsigned elem, struct sg_err *err);

/** Write values [first, first + n) to out, elem bytes each; first + n <= count. A bad end in a
 *  column of addresses gives size 0. */
void sg_column_decode(void *out, const struct sg_column *column, size_t first, size_t n);

/** Borrow the bytes of address i; NULL if its end is bad. */
const uint8_t *sg_column_addr(uint8_t *size, const struct sg_column *column, size_t i);

#endif
