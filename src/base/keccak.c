#include "base/keccak.h"

#include <string.h>

#define LANES  25
#define ROUNDS 24
#define RATE   136 /* bytes: 1600 bits less twice the digest */

/* by: 1 to 63. */
static uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

/* Theta: each bit is added to the parity of two neighbouring columns. */
static void mix_columns(uint64_t lanes[LANES])
{
    uint64_t parity[5], add[5];
    for (size_t x = 0; x < 5; x++)
        parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    add[0] = parity[4] ^ rotate(parity[1], 1);
    add[1] = parity[0] ^ rotate(parity[2], 1);
    add[2] = parity[1] ^ rotate(parity[3], 1);
    add[3] = parity[2] ^ rotate(parity[4], 1);
    add[4] = parity[3] ^ rotate(parity[0], 1);
    for (size_t y = 0; y < LANES; y += 5)
        for (size_t x = 0; x < 5; x++)
            lanes[y + x] ^= add[x];
}

/* Rho and pi: lanes are turned by the triangular numbers, and change places along the orbit of
 * (1, 0) under (x, y) -> (y, 2x + 3y). */
static void move_lanes(uint64_t lanes[LANES])
{
    static const uint8_t places[LANES - 1] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                              15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    static const uint8_t turns[LANES - 1] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                             27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
    uint64_t carried = lanes[1];
    for (size_t t = 0; t < LANES - 1; t++) {
        const uint64_t here = lanes[places[t]];
        lanes[places[t]] = rotate(carried, turns[t]);
        carried = here;
    }
}

/* Chi: the only step that is not linear. */
static void bend_rows(uint64_t lanes[LANES])
{
    for (size_t y = 0; y < LANES; y += 5) {
        const uint64_t first = lanes[y], second = lanes[y + 1];
        lanes[y] ^= ~second & lanes[y + 2];
        lanes[y + 1] ^= ~lanes[y + 2] & lanes[y + 3];
        lanes[y + 2] ^= ~lanes[y + 3] & lanes[y + 4];
        lanes[y + 3] ^= ~lanes[y + 4] & first;
        lanes[y + 4] ^= ~first & second;
    }
}

static void permute(uint64_t lanes[LANES])
{
    /* Iota: bits of a shift register at the places 2^j - 1, so that no two rounds are alike. */
    static const uint64_t constants[ROUNDS] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
        0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    };
    for (size_t round = 0; round < ROUNDS; round++) {
        mix_columns(lanes);
        move_lanes(lanes);
        bend_rows(lanes);
        lanes[0] ^= constants[round];
    }
}

static void absorb(uint64_t lanes[LANES], const uint8_t block[RATE])
{
    for (size_t i = 0; i < RATE / 8; i++) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8; k++)
            word |= (uint64_t)block[8 * i + k] << (8 * k);
        lanes[i] ^= word;
    }
    permute(lanes);
}

void sg_keccak256_of(uint8_t digest32[SG_KECCAK256_SIZE], const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t lanes[LANES] = {0};
    uint8_t last[RATE] = {0};
    for (; size >= RATE; size -= RATE, at += RATE)
        absorb(lanes, at);
    if (size)
        memcpy(last, at, size);
    last[size] = 0x01;
    last[RATE - 1] |= 0x80;
    absorb(lanes, last);
    for (size_t i = 0; i < SG_KECCAK256_SIZE; i++)
        digest32[i] = (uint8_t)(lanes[i / 8] >> (8 * (i % 8)));
}
