#include "base/keccak.h"

#include <string.h>

#define LANES  25
#define ROUNDS 24
#define RATE   136 /* bytes: 1600 bits less twice the digest */

static uint64_t rotate(uint64_t word, unsigned by)
{
    return by ? word << by | word >> (64 - by) : word;
}

/* Theta: each bit is added to the parity of two neighbouring columns. */
static void mix_columns(uint64_t lanes[LANES])
{
    uint64_t parity[5];
    for (size_t x = 0; x < 5; x++)
        parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    for (size_t x = 0; x < 5; x++) {
        const uint64_t add = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1);
        for (size_t y = 0; y < 5; y++)
            lanes[x + 5 * y] ^= add;
    }
}

/* Rho and pi: lanes are turned, and change places along the orbit of (1, 0). */
static void move_lanes(uint64_t lanes[LANES])
{
    size_t x = 1, y = 0;
    uint64_t carried = lanes[1];
    for (unsigned t = 0; t < LANES - 1; t++) {
        const size_t next_y = (2 * x + 3 * y) % 5;
        x = y;
        y = next_y;
        const uint64_t here = lanes[x + 5 * y];
        lanes[x + 5 * y] = rotate(carried, (t + 1) * (t + 2) / 2 % 64);
        carried = here;
    }
}

/* Chi: the only step that is not linear. */
static void bend_rows(uint64_t lanes[LANES])
{
    for (size_t y = 0; y < LANES; y += 5) {
        uint64_t row[5];
        memcpy(row, &lanes[y], sizeof(row));
        for (size_t x = 0; x < 5; x++)
            lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

/* Iota's constants come from a shift register, x^8 + x^6 + x^5 + x^4 + 1; bits 2^j - 1 are set. */
static uint64_t round_constant(uint8_t *state)
{
    uint64_t constant = 0;
    for (unsigned j = 0; j < 7; j++) {
        if (*state & 1)
            constant |= (uint64_t)1 << ((1u << j) - 1);
        *state = (uint8_t)((*state << 1) ^ (*state >> 7 ? 0x71 : 0));
    }
    return constant;
}

static void permute(uint64_t lanes[LANES])
{
    uint8_t state = 1;
    for (size_t round = 0; round < ROUNDS; round++) {
        mix_columns(lanes);
        move_lanes(lanes);
        bend_rows(lanes);
        lanes[0] ^= round_constant(&state);
    }
}

static void absorb(uint64_t lanes[LANES], const uint8_t block[RATE])
{
    for (size_t i = 0; i < RATE; i++)
        lanes[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
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
