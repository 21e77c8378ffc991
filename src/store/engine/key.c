#include "store/engine/key_internal.h"

#include <string.h>

uint64_t sg_key_mask_for_tests = UINT64_MAX;

static inline uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

struct sip {
    uint64_t a, b, c, d;
};

static inline void sip_round(struct sip *s)
{
    s->a += s->b;
    s->b = rotate(s->b, 13) ^ s->a;
    s->a = rotate(s->a, 32);
    s->c += s->d;
    s->d = rotate(s->d, 16) ^ s->c;
    s->a += s->d;
    s->d = rotate(s->d, 21) ^ s->a;
    s->c += s->b;
    s->b = rotate(s->b, 17) ^ s->c;
    s->c = rotate(s->c, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->d ^= word;
    sip_round(s);
    s->a ^= word;
}

uint64_t sg_key_of(const uint8_t *bytes, size_t size)
{
    /* The published constants, XORed with the key "sillage ledger 1" in little-endian halves. */
    const uint64_t k0 = 0x206567616c6c6973u, k1 = 0x312072656764656cu;
    struct sip s = {0x736f6d6570736575u ^ k0, 0x646f72616e646f6du ^ k1, 0x6c7967656e657261u ^ k0,
                    0x7465646279746573u ^ k1};
    uint64_t word;
    size_t i = 0;
    for (; size - i >= 8; i += 8) {
        memcpy(&word, bytes + i, 8);
        sip_word(&s, word);
    }
    word = 0;
    memcpy(&word, bytes + i, size - i);
    sip_word(&s, word | (uint64_t)size << 56);
    s.c ^= 0xff;
    for (int round = 0; round < 3; round++)
        sip_round(&s);
    return (s.a ^ s.b ^ s.c ^ s.d) & sg_key_mask_for_tests;
}

static void count_digits(size_t (*counts)[256], const struct sg_pair *pairs, size_t n)
{
    memset(counts, 0, 8 * sizeof(*counts));
    for (size_t i = 0; i < n; i++)
        for (int digit = 0; digit < 8; digit++)
            counts[digit][pairs[i].key >> (8 * digit) & 255]++;
}

static void scatter(struct sg_pair *to, const struct sg_pair *from, size_t n, const size_t *counts,
                    int digit)
{
    size_t at[256], sum = 0;
    for (size_t i = 0; i < 256; i++) {
        at[i] = sum;
        sum += counts[i];
    }
    for (size_t i = 0; i < n; i++)
        to[at[from[i].key >> (8 * digit) & 255]++] = from[i];
}

void sg_pairs_sort(struct sg_pair *pairs, struct sg_pair *scratch, size_t n)
{
    size_t counts[8][256];
    struct sg_pair *from = pairs, *to = scratch;
    if (n < 2)
        return;
    count_digits(counts, pairs, n);
    for (int digit = 0; digit < 8; digit++) {
        if (counts[digit][from[0].key >> (8 * digit) & 255] == n)
            continue; /* All alike in this digit. */
        scatter(to, from, n, counts[digit], digit);
        struct sg_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs)
        memcpy(pairs, from, n * sizeof(*pairs));
}
