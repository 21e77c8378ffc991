/** Columns of at most 65,536 values, as bytes: a header, and a payload of packed numbers.
 *
 *  Header of 32 bytes: width in bits (1 byte), element size (1), way (1), scale (1), count (4),
 *  exceptions (4), zero (4), base (16); all little-endian. Header and payload are kept apart, so
 *  that a directory of headers can be read without touching what it is of.
 *
 *  Numbers of 1, 4, 8 and 16 bytes: `count` values of `width` bits (bits_internal.h), with the way
 *    PLAIN   value = base + packed;
 *    SCALED  (16 bytes) the lowest bit of packed says whether the rest counts ten to the power of
 *            `scale`, or one: amounts that people choose are round;
 *    STEPS   (8 bytes) packed is the step to the next value; every 64th value stands behind the
 *            packed ones in 4 bytes, against base: numbers that only rise.
 *  A few large values would widen all: these are exceptions, as places (2 bytes each, ascending)
 *  and values (element size, against base) behind the packed numbers, whose own bits there are 0.
 *  In four-byte columns, which hold ids, UINT32_MAX ("none") counts as just below 0.
 *  A payload that is not empty ends with 16 bytes of zero. Hashes (32 bytes) are stored as they
 *  are, and not at all where all are zero. Addresses (one byte of size, then up to 64) are stored
 *  without their size where all have the same one (width = that size), else with width 255 as
 *  count ends of 4 bytes, then the bytes.
 */
#ifndef SG_STORE_ENGINE_COLUMN_INTERNAL_H
#define SG_STORE_ENGINE_COLUMN_INTERNAL_H

#include "base/amount.h"
#include "base/limits.h"
#include "store/engine/kv_internal.h"

#define SG_CHUNK         65536u
#define SG_COLUMN_HEADER 32u
#define SG_ELEM_HASH     32u
#define SG_ELEM_ADDR     (SG_ADDRESS_MAX + 1u)
#define SG_COLUMN_MIXED  255u

enum sg_column_way { SG_COLUMN_PLAIN, SG_COLUMN_SCALED, SG_COLUMN_STEPS, SG_COLUMN_WAYS };

/** An opened column; `payload` is borrowed. */
struct sg_column {
    const uint8_t *payload;
    sg_u128 base;
    uint32_t payload_size;
    uint32_t count;
    uint32_t exceptions;
    uint8_t width;
    uint8_t elem;
    uint8_t way;
    uint8_t scale;
};

/** Bytes that sg_column_encode may need for n values. */
size_t sg_column_bound(size_t n, unsigned elem);

/** Encode n values (1 to 65,536) of `elem` bytes each, header first; returns the bytes written.
 *  Numbers are in machine order; addresses SG_ELEM_ADDR bytes apart. */
size_t sg_column_encode(uint8_t *out, const void *values, size_t n, unsigned elem);

/** Check a header against the payload there is and the element size that is expected.
 *  Errors: SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_column_open(struct sg_column *column, struct sg_bytes header,
                                            struct sg_bytes payload, unsigned elem,
                                            struct sg_err *err);

/** Whether the header (SG_COLUMN_HEADER bytes) is of a column without payload. */
bool sg_column_is_bare(const uint8_t *header);

/** Write values [first, first + n) to out, elem bytes each; first + n <= count. A bad end in a
 *  column of addresses gives size 0. */
void sg_column_decode(void *out, const struct sg_column *column, size_t first, size_t n);

/** Borrow the bytes of address i; NULL if its end is bad. */
const uint8_t *sg_column_addr(uint8_t *size, const struct sg_column *column, size_t i);

#endif
