#include "formats/bech32/bech32_internal.h"

#include <string.h>

#define CHECK_WORDS 6
#define M_CONSTANT  0x2bc830a3u

const char sg_bech32_letters[33] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

char sg_bech32_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sg_bech32_is_one_case(const char *text, size_t size)
{
    bool has_upper = false, has_lower = false;
    for (size_t i = 0; i < size; i++) {
        has_upper = has_upper || (text[i] >= 'A' && text[i] <= 'Z');
        has_lower = has_lower || (text[i] >= 'a' && text[i] <= 'z');
    }
    return !has_upper || !has_lower;
}

bool sg_bech32_read_words(uint8_t *words, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char c = sg_bech32_lower(text[i]);
        const char *at = c ? strchr(sg_bech32_letters, c) : NULL;
        if (!at)
            return false;
        words[i] = (uint8_t)(at - sg_bech32_letters);
    }
    return true;
}

/* One step of the BCH code over GF(32) that both checksums are remainders of. */
static uint32_t step(uint32_t rest, uint8_t word)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    const uint32_t top = rest >> 25;
    rest = (rest & 0x1ffffff) << 5 ^ word;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            rest ^= generator[i];
    return rest;
}

static uint32_t remainder_of(const char *hrp, const uint8_t *words, size_t n_words)
{
    uint32_t rest = 1;
    for (const char *c = hrp; *c; c++)
        rest = step(rest, (uint8_t)((unsigned char)*c >> 5));
    rest = step(rest, 0);
    for (const char *c = hrp; *c; c++)
        rest = step(rest, (uint8_t)(*c & 31));
    for (size_t i = 0; i < n_words; i++)
        rest = step(rest, words[i]);
    return rest;
}

static bool read_hrp(char hrp[SG_BECH32_HRP_MAX + 1], const char *text, size_t size)
{
    if (size == 0 || size > SG_BECH32_HRP_MAX)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < 33 || text[i] > 126)
            return false;
        hrp[i] = sg_bech32_lower(text[i]);
    }
    hrp[size] = 0;
    return true;
}

bool sg_bech32_decode(struct sg_bech32 *out, const char *text, size_t size)
{
    size_t hrp = size;
    if (size > SG_BECH32_TEXT_MAX || !sg_bech32_is_one_case(text, size))
        return false;
    while (hrp > 0 && text[hrp - 1] != '1')
        hrp--;
    if (hrp == 0 || size - hrp < CHECK_WORDS || !read_hrp(out->hrp, text, hrp - 1) ||
        !sg_bech32_read_words(out->words, text + hrp, size - hrp))
        return false;
    const uint32_t rest = remainder_of(out->hrp, out->words, size - hrp);
    out->n_words = size - hrp - CHECK_WORDS;
    out->form = rest == 1 ? SG_BECH32_V0 : rest == M_CONSTANT ? SG_BECH32_M : SG_BECH32_NONE;
    return true;
}

size_t sg_bech32_encode(char text[SG_BECH32_TEXT_MAX + 1], enum sg_bech32_form form,
                        const char *hrp, const uint8_t *words, size_t n_words)
{
    static const uint8_t zeros[CHECK_WORDS];
    const size_t hrp_size = strlen(hrp);
    const size_t size = hrp_size + 1 + n_words + CHECK_WORDS;
    if (size > SG_BECH32_TEXT_MAX || hrp_size > SG_BECH32_HRP_MAX)
        return 0;
    uint32_t rest = remainder_of(hrp, words, n_words);
    for (size_t i = 0; i < CHECK_WORDS; i++)
        rest = step(rest, zeros[i]);
    rest ^= form == SG_BECH32_M ? M_CONSTANT : 1;
    char *at = text;
    memcpy(at, hrp, hrp_size);
    at += hrp_size;
    *at++ = '1';
    for (size_t i = 0; i < n_words; i++)
        *at++ = sg_bech32_letters[words[i] & 31];
    for (unsigned i = 0; i < CHECK_WORDS; i++)
        *at++ = sg_bech32_letters[rest >> (5 * (CHECK_WORDS - 1 - i)) & 31];
    *at = 0;
    return size;
}

bool sg_bech32_bytes(uint8_t *bytes, size_t *size, const uint8_t *words, size_t n_words)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < n_words; i++) {
        bits = (bits << 5 | words[i]) & 0xfff;
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            bytes[n++] = (uint8_t)(bits >> n_bits);
        }
    }
    *size = n;
    return n_bits < 5 && (bits & ((1u << n_bits) - 1)) == 0;
}

size_t sg_bech32_words(uint8_t *words, const uint8_t *bytes, size_t size)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8 | bytes[i]) & 0xfff;
        for (n_bits += 8; n_bits >= 5;) {
            n_bits -= 5;
            words[n++] = bits >> n_bits & 31;
        }
    }
    if (n_bits)
        words[n++] = (uint8_t)(bits << (5 - n_bits) & 31);
    return n;
}
