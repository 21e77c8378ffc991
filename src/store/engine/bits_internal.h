/** Numbers of a fixed count of bits, one behind the other, lowest bit first.
 *
 *  Eight values take `width` whole bytes, so that a group of eight begins at a byte. Whoever reads
 *  may touch SG_BITS_PAD bytes behind the last value: they must be there.
 */
#ifndef SG_STORE_ENGINE_BITS_INTERNAL_H
#define SG_STORE_ENGINE_BITS_INTERNAL_H

#include "base/amount.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SG_BITS_PAD 16u

/** Bytes that n values take, without the padding. */
static inline size_t sg_bits_size(size_t n, unsigned width)
{
    return (n + 7) / 8 * width;
}

static inline unsigned sg_bits_of(sg_u128 value)
{
    const uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    if (high)
        return 128 - (unsigned)__builtin_clzll(high);
    return low ? 64 - (unsigned)__builtin_clzll(low) : 0;
}

/** Values that are put one behind the other; they go out by whole words, because a word that was
 *  just written would have to be waited for. Begin with out, width and zeroes. */
struct sg_bits_writer {
    uint8_t *out;
    uint64_t word;
    unsigned width, filled;
};

/** The next value, of at most 57 bits. */
static inline void sg_bits_put(struct sg_bits_writer *w, uint64_t value)
{
    w->word |= value << w->filled;
    w->filled += w->width;
    if (w->filled < 64)
        return;
    memcpy(w->out, &w->word, 8);
    w->out += 8;
    w->filled -= 64;
    w->word = w->filled ? value >> (w->width - w->filled) : 0;
}

/** What does not fill a word. */
static inline void sg_bits_end(const struct sg_bits_writer *w)
{
    memcpy(w->out, &w->word, (w->filled + 7) / 8);
}

/** Put value i, of up to 120 bits, or 128, into bytes that were zero. */
static inline void sg_bits_put_wide(uint8_t *out, size_t i, unsigned width, sg_u128 value)
{
    sg_u128 word;
    uint8_t *at = out + i * width / 8;
    memcpy(&word, at, 16);
    word |= value << (i * width % 8);
    memcpy(at, &word, 16);
}

/** Value i, of at most 57 bits. */
static inline uint64_t sg_bits_get(const uint8_t *in, size_t i, unsigned width)
{
    uint64_t word;
    memcpy(&word, in + i * width / 8, 8);
    return word >> (i * width % 8) & (((uint64_t)1 << width) - 1);
}

/** Value i, of at most 120 bits, or 128. */
static inline sg_u128 sg_bits_get_wide(const uint8_t *in, size_t i, unsigned width)
{
    sg_u128 word;
    memcpy(&word, in + i * width / 8, 16);
    return word >> (i * width % 8) & (~(sg_u128)0 >> (128 - width));
}

/** out[i] = add + value first + i, for widths of at most 32, modulo 2^32. What scans spend their
 *  time in: each width has a loop of its own (bench/bench_column.c). */
void sg_bits_unpack(uint32_t *out, const uint8_t *in, size_t first, size_t n, unsigned width,
                    uint32_t add);

#endif
