/** A cursor over borrowed bytes. A read past the end sets `failed`, yields zero and moves nothing,
 * so a parser reads a whole record in a straight line and asks once.
 */
#ifndef SG_BASE_READER_H
#define SG_BASE_READER_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sg_reader {
    const uint8_t *base;
    size_t size; /**< bytes in the window */
    size_t off;  /**< next byte to read; off <= size always */
    bool failed; /**< set by the first short read, never cleared */
};

static inline void sg_reader_init(struct sg_reader *r, const void *bytes, size_t size)
{
    *r = (struct sg_reader){bytes, size, 0, false};
}

static inline size_t sg_reader_left(const struct sg_reader *r)
{
    return r->size - r->off;
}

/** Borrow the next n bytes, or NULL. */
static inline const uint8_t *sg_reader_take(struct sg_reader *r, size_t n)
{
    if (r->failed || n > r->size - r->off) {
        r->failed = true;
        return NULL;
    }
    const uint8_t *at = r->base + r->off;
    r->off += n;
    return at;
}

/** Copy the next n bytes; zeroes on a short read. */
static inline void sg_reader_bytes(void *out, struct sg_reader *r, size_t n)
{
    const uint8_t *at = sg_reader_take(r, n);
    if (at)
        memcpy(out, at, n);
    else
        memset(out, 0, n);
}

/** Little-endian integers of up to 8 bytes, whatever the machine. */
static inline uint64_t sg_reader_le(struct sg_reader *r, size_t n_bytes)
{
    const uint8_t *at = sg_reader_take(r, n_bytes);
    uint64_t value = 0;
    if (at)
        memcpy(&value, at, n_bytes);
    return le64toh(value);
}

#endif
