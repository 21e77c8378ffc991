#include "store/engine/bits_internal.h"

/* A group of eight: with a constant width all places and shifts are constants too. */
static inline __attribute__((always_inline)) void unpack8(uint32_t *out, const uint8_t *in,
                                                          unsigned width, uint32_t add)
{
    const uint64_t mask = ((uint64_t)1 << width) - 1;
    for (unsigned k = 0; k < 8; k++) {
        uint64_t word = 0;
        memcpy(&word, in + k * width / 8, 8);
        out[k] = (uint32_t)(word >> (k * width % 8) & mask) + add;
    }
}

static inline __attribute__((always_inline)) void
unpack_groups(uint32_t *out, const uint8_t *in, size_t n_groups, unsigned width, uint32_t add)
{
    for (size_t i = 0; i < n_groups; i++)
        unpack8(out + 8 * i, in + width * i, width, add);
}

#define CASE(w)                                                                                    \
    case w:                                                                                        \
        unpack_groups(out, in, n_groups, w, add);                                                  \
        break
#define CASES8(w)                                                                                  \
    CASE(w);                                                                                       \
    CASE((w) + 1);                                                                                 \
    CASE((w) + 2);                                                                                 \
    CASE((w) + 3);                                                                                 \
    CASE((w) + 4);                                                                                 \
    CASE((w) + 5);                                                                                 \
    CASE((w) + 6);                                                                                 \
    CASE((w) + 7)

static void unpack_whole(uint32_t *out, const uint8_t *in, size_t n_groups, unsigned width,
                         uint32_t add)
{
    switch (width) {
        CASES8(1);
        CASES8(9);
        CASES8(17);
        CASES8(25);
    }
}

void sg_bits_unpack(uint32_t *out, const uint8_t *in, size_t first, size_t n, unsigned width,
                    uint32_t add)
{
    size_t i = 0;
    if (width == 0) {
        for (; i < n; i++)
            out[i] = add;
        return;
    }
    for (; i < n && (first + i) % 8; i++)
        out[i] = (uint32_t)sg_bits_get(in, first + i, width) + add;
    const size_t n_groups = (n - i) / 8;
    unpack_whole(out + i, in + (first + i) / 8 * width, n_groups, width, add);
    for (i += 8 * n_groups; i < n; i++)
        out[i] = (uint32_t)sg_bits_get(in, first + i, width) + add;
}
