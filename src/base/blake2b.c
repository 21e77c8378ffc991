#include "base/blake2b.h"

#include <assert.h>
#include <string.h>

#define BLOCK  128
#define ROUNDS 12

static const uint64_t start[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                  0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* The order in which a round takes the words of a block. */
static const uint8_t orders[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                       {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                       {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                       {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                       {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                       {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                       {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                       {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                       {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                       {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

static uint64_t word_at(const uint8_t *bytes)
{
    uint64_t word = 0;
    for (size_t i = 0; i < 8; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

static uint64_t turn(uint64_t word, unsigned by)
{
    return word >> by | word << (64 - by);
}

static void mix(uint64_t v[16], const uint8_t at[4], uint64_t x, uint64_t y)
{
    uint64_t *a = &v[at[0]], *b = &v[at[1]], *c = &v[at[2]], *d = &v[at[3]];
    *a += *b + x;
    *d = turn(*d ^ *a, 32);
    *c += *d;
    *b = turn(*b ^ *c, 24);
    *a += *b + y;
    *d = turn(*d ^ *a, 16);
    *c += *d;
    *b = turn(*b ^ *c, 63);
}

/* n_bytes: hashed so far, this block included. Blocks of more than 2^64 bytes do not occur. */
static void compress(uint64_t state[8], const uint8_t block[BLOCK], uint64_t n_bytes, int is_last)
{
    static const uint8_t places[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14},
                                         {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12},
                                         {2, 7, 8, 13},  {3, 4, 9, 14}};
    uint64_t v[16], words[16];
    for (size_t i = 0; i < 16; i++)
        words[i] = word_at(block + 8 * i);
    memcpy(v, state, 8 * sizeof(*v));
    memcpy(v + 8, start, 8 * sizeof(*v));
    v[12] ^= n_bytes;
    if (is_last)
        v[14] = ~v[14];
    for (size_t round = 0; round < ROUNDS; round++) {
        const uint8_t *order = orders[round % 10];
        for (size_t i = 0; i < 8; i++)
            mix(v, places[i], words[order[2 * i]], words[order[2 * i + 1]]);
    }
    for (size_t i = 0; i < 8; i++)
        state[i] ^= v[i] ^ v[i + 8];
}

void sg_blake2b_of(uint8_t *digest, size_t n_digest, const uint8_t personal16[SG_BLAKE2B_PERSONAL],
                   const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t state[8], n_bytes = 0;
    uint8_t last[BLOCK] = {0};
    assert(n_digest >= 1 && n_digest <= SG_BLAKE2B_MAX);
    memcpy(state, start, sizeof(state));
    state[0] ^= 0x01010000 ^ n_digest;
    if (personal16) {
        state[6] ^= word_at(personal16);
        state[7] ^= word_at(personal16 + 8);
    }
    for (; size > BLOCK; size -= BLOCK, at += BLOCK) {
        n_bytes += BLOCK;
        compress(state, at, n_bytes, 0);
    }
    if (size)
        memcpy(last, at, size);
    compress(state, last, n_bytes + size, 1);
    for (size_t i = 0; i < n_digest; i++)
        digest[i] = (uint8_t)(state[i / 8] >> (8 * (i % 8)));
}
