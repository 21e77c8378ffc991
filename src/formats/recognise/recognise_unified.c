/* Unified Zcash addresses (ZIP-316): receivers of several pools, with the word in front as padding,
 * shuffled so that no part can be changed without changing all (F4Jumble). */
#include "formats/recognise/recognise_internal.h"

#include "base/blake2b.h"
#include "formats/address/address.h"

#include <stdio.h>
#include <string.h>

#define SIZE_MIN 48
#define PADDING  16
#define HALF_MAX SG_BLAKE2B_MAX
#define HASH     20

/* Receivers by their type. */
enum { KEY_HASH, SCRIPT_HASH, SAPLING, ORCHARD };

static void put_digest(uint8_t digest[SG_BLAKE2B_MAX], size_t n, char step, unsigned round,
                       size_t index, const uint8_t *bytes, size_t size)
{
    uint8_t personal[SG_BLAKE2B_PERSONAL] = "UA_F4Jumble_?";
    personal[12] = (uint8_t)step;
    personal[13] = (uint8_t)round;
    personal[14] = (uint8_t)index;
    personal[15] = (uint8_t)(index >> 8);
    sg_blake2b_of(digest, n, personal, bytes, size);
}

/* Left half: one digest of the right one. */
static void mix_left(uint8_t *left, size_t n_left, const uint8_t *right, size_t n_right,
                     unsigned round)
{
    uint8_t digest[SG_BLAKE2B_MAX];
    put_digest(digest, n_left, 'H', round, 0, right, n_right);
    for (size_t i = 0; i < n_left; i++)
        left[i] ^= digest[i];
}

/* Right half: as many digests of the left one as it needs. */
static void mix_right(uint8_t *right, size_t n_right, const uint8_t *left, size_t n_left,
                      unsigned round)
{
    uint8_t digest[SG_BLAKE2B_MAX];
    for (size_t i = 0; i < n_right; i++) {
        if (i % SG_BLAKE2B_MAX == 0)
            put_digest(digest, SG_BLAKE2B_MAX, 'G', round, i / SG_BLAKE2B_MAX, left, n_left);
        right[i] ^= digest[i % SG_BLAKE2B_MAX];
    }
}

static void unshuffle(uint8_t *bytes, size_t size)
{
    const size_t n_left = size / 2 < HALF_MAX ? size / 2 : HALF_MAX;
    uint8_t *right = bytes + n_left;
    const size_t n_right = size - n_left;
    mix_left(bytes, n_left, right, n_right, 1);
    mix_right(right, n_right, bytes, n_left, 1);
    mix_left(bytes, n_left, right, n_right, 0);
    mix_right(right, n_right, bytes, n_left, 0);
}

static bool has_padding(const uint8_t *bytes, size_t size, const char *hrp)
{
    uint8_t want[PADDING] = {0};
    const size_t n = strlen(hrp);
    memcpy(want, hrp, n < PADDING ? n : PADDING);
    return memcmp(bytes + size - PADDING, want, PADDING) == 0;
}

static void set_inner(struct sg_recognised *out, unsigned type, const uint8_t *hash)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    struct sg_payee payee = {.kind = type == KEY_HASH ? SG_PAYEE_KEY_HASH : SG_PAYEE_SCRIPT_HASH,
                             .size = HASH};
    const bool is_test = strcmp(out->chain, "zcash") != 0;
    memcpy(payee.bytes, hash, HASH);
    if (sg_payee_write(text, is_test ? SG_NETWORK_ZCASH_TESTNET : SG_NETWORK_ZCASH, &payee) ==
        SG_OK)
        snprintf(out->inner, sizeof(out->inner), "%.*s", (int)sizeof(out->inner) - 1, text);
    out->note = "holds a transparent address too";
}

/* A type, a size, and so many bytes, again and again; types and sizes of one byte are all there
 * are today. */
static bool read_receivers(struct sg_recognised *out, const uint8_t *bytes, size_t size)
{
    static const uint8_t sizes[] = {
        [KEY_HASH] = 20, [SCRIPT_HASH] = 20, [SAPLING] = 43, [ORCHARD] = 43};
    for (size_t at = 0; at < size;) {
        if (size - at < 2 || bytes[at] > 252 || bytes[at + 1] > 252 ||
            bytes[at + 1] > size - at - 2)
            return false;
        const unsigned type = bytes[at];
        if (type < sizeof(sizes) && bytes[at + 1] != sizes[type])
            return false;
        if (type == KEY_HASH || type == SCRIPT_HASH)
            set_inner(out, type, bytes + at + 2);
        at += 2 + (size_t)bytes[at + 1];
    }
    return true;
}

void sg_recognise_unified(struct sg_recognised *out, const char *hrp, const uint8_t *bytes,
                          size_t size)
{
    uint8_t plain[SG_RECOGNISE_MAX];
    bool is_sound = size >= SIZE_MIN && size <= sizeof(plain);
    if (is_sound) {
        memcpy(plain, bytes, size);
        unshuffle(plain, size);
        is_sound = has_padding(plain, size, hrp) && read_receivers(out, plain, size - PADDING);
    }
    if (is_sound)
        return;
    out->verdict = SG_READING_WRONG;
    out->note = NULL;
    out->inner[0] = 0;
    snprintf(out->reason, sizeof(out->reason), "%s",
             "the checksum holds, but what is inside is no unified address");
}
