/* The rounds as FIPS 180-4 has them, four at a time as Intel's description of the instructions
 * ("Intel SHA Extensions", 2013) orders the words. */
#include "base/sha256_ni.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <string.h>

#define WITH_SHA __attribute__((target("sha,sse4.1")))

static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static bool ask_processor(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

bool sg_sha256_ni_can(void)
{
    /* Asked once: a virtual machine answers in microseconds. Two threads find the same. */
    static _Atomic signed char known = -1;
    signed char can = atomic_load_explicit(&known, memory_order_relaxed);
    if (can < 0) {
        can = ask_processor();
        atomic_store_explicit(&known, can, memory_order_relaxed);
    }
    return can;
}

/* The instructions keep a, b, e, f in one register and c, d, g, h in the other, highest first. */
struct halves {
    __m128i abef, cdgh;
};

/* A message on its way through the rounds: its state and the last sixteen words of its schedule. */
struct lane {
    struct halves now;
    __m128i w[4];
};

WITH_SHA static inline struct halves load_state(const struct sg_sha256_ni *state)
{
    return (struct halves){_mm_load_si128((const __m128i *)(const void *)state->word),
                           _mm_load_si128((const __m128i *)(const void *)(state->word + 4))};
}

WITH_SHA static inline void add_state(struct sg_sha256_ni *state, const struct halves *now)
{
    __m128i *words = (__m128i *)(void *)state->word;
    _mm_store_si128(words, _mm_add_epi32(_mm_load_si128(words), now->abef));
    _mm_store_si128(words + 1, _mm_add_epi32(_mm_load_si128(words + 1), now->cdgh));
}

/* Four words are written with their highest byte first. */
WITH_SHA static inline __m128i swap_words(__m128i words)
{
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
}

WITH_SHA static inline __m128i load_words(const uint8_t *bytes)
{
    return swap_words(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

WITH_SHA static inline void store_words(uint8_t *bytes, __m128i words)
{
    _mm_storeu_si128((__m128i *)(void *)bytes, swap_words(words));
}

WITH_SHA static inline __m128i constants(const uint32_t *words, int group)
{
    return _mm_load_si128((const __m128i *)(const void *)words + group);
}

/* sum: words of the schedule with the constants of their rounds. */
WITH_SHA static inline void four_rounds(struct halves *now, __m128i sum)
{
    now->cdgh = _mm_sha256rnds2_epu32(now->cdgh, now->abef, sum);
    now->abef = _mm_sha256rnds2_epu32(now->abef, now->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The next four words of the schedule, in place of those sixteen back. */
WITH_SHA static inline __m128i more_words(const __m128i w[4], int at)
{
    const __m128i seven = _mm_alignr_epi8(w[(at + 3) & 3], w[(at + 2) & 3], 4);
    const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[at], w[(at + 1) & 3]), seven);
    return _mm_sha256msg2_epu32(sum, w[(at + 3) & 3]);
}

WITH_SHA static inline void rounds_of_message(struct lane *lane, const uint8_t *bytes, int group)
{
    lane->w[group] = load_words(bytes + 16 * group);
    four_rounds(&lane->now, _mm_add_epi32(lane->w[group], constants(round_constants, group)));
}

WITH_SHA static inline void rounds_of_schedule(struct lane *lane, int group)
{
    lane->w[group & 3] = more_words(lane->w, group & 3);
    four_rounds(&lane->now, _mm_add_epi32(lane->w[group & 3], constants(round_constants, group)));
}

void sg_sha256_ni_init(struct sg_sha256_ni *state)
{
    /* f e b a and h g d c of the first hash value. */
    static const uint32_t first[8] = {0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667,
                                      0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};
    memcpy(state->word, first, sizeof(first));
}

WITH_SHA void sg_sha256_ni_two(struct sg_sha256_ni *x, const uint8_t *x_bytes,
                               struct sg_sha256_ni *y, const uint8_t *y_bytes, size_t n)
{
    for (; n; n--, x_bytes += SG_SHA256_BLOCK, y_bytes += SG_SHA256_BLOCK) {
        struct lane a = {.now = load_state(x)}, b = {.now = load_state(y)};
#pragma GCC unroll 4
        for (int group = 0; group < 4; group++) {
            rounds_of_message(&a, x_bytes, group);
            rounds_of_message(&b, y_bytes, group);
        }
#pragma GCC unroll 12
        for (int group = 4; group < 16; group++) {
            rounds_of_schedule(&a, group);
            rounds_of_schedule(&b, group);
        }
        add_state(x, &a.now);
        add_state(y, &b.now);
    }
}

WITH_SHA void sg_sha256_ni_one(struct sg_sha256_ni *state, const uint8_t *bytes, size_t n)
{
    for (; n; n--, bytes += SG_SHA256_BLOCK) {
        struct lane lane = {.now = load_state(state)};
#pragma GCC unroll 4
        for (int group = 0; group < 4; group++)
            rounds_of_message(&lane, bytes, group);
#pragma GCC unroll 12
        for (int group = 4; group < 16; group++)
            rounds_of_schedule(&lane, group);
        add_state(state, &lane.now);
    }
}

WITH_SHA void sg_sha256_ni_out(uint8_t digest32[32], const struct sg_sha256_ni *state)
{
    const struct halves now = load_state(state);
    const __m128i abef = _mm_shuffle_epi32(now.abef, 0x1b),
                  cdgh = _mm_shuffle_epi32(now.cdgh, 0x1b);
    store_words(digest32, _mm_unpacklo_epi64(abef, cdgh));
    store_words(digest32 + 16, _mm_unpackhi_epi64(abef, cdgh));
}
#endif
