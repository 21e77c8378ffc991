/* Cashaddr: bech32's letters with a longer checksum and a byte that says type and size. */
#include "formats/bech32/bech32_internal.h"

#include <string.h>

#define CHECK_WORDS 8
#define WORDS_MAX   (((SG_CASHADDR_BYTES_MAX + 1) * 8 + 4) / 5 + CHECK_WORDS)

static uint64_t step(uint64_t rest, uint8_t word)
{
    static const uint64_t generator[5] = {0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8,
                                          0x1e4f43e470};
    const uint64_t top = rest >> 35;
    rest = (rest & 0x07ffffffff) << 5 ^ word;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            rest ^= generator[i];
    return rest;
}

static uint64_t remainder_of(const char *prefix, const uint8_t *words, size_t n_words)
{
    uint64_t rest = 1;
    for (const char *c = prefix; *c; c++)
        rest = step(rest, (uint8_t)(*c & 31));
    rest = step(rest, 0);
    for (size_t i = 0; i < n_words; i++)
        rest = step(rest, words[i]);
    return rest ^ 1;
}

/* Bytes of the payload by the low three bits of the version byte. */
static const uint8_t sizes[8] = {20, 24, 28, 32, 40, 48, 56, 64};

static const char *skip_prefix(const char *prefix, const char *text, size_t *size)
{
    const size_t n = strlen(prefix);
    if (*size <= n || text[n] != ':')
        return text;
    for (size_t i = 0; i < n; i++)
        if (sg_bech32_lower(text[i]) != prefix[i])
            return text;
    *size -= n + 1;
    return text + n + 1;
}

enum sg_cashaddr sg_cashaddr_decode(unsigned *type, uint8_t bytes[SG_CASHADDR_BYTES_MAX],
                                    size_t *size, const char *prefix, const char *text,
                                    size_t text_size)
{
    uint8_t words[WORDS_MAX];
    uint8_t whole[WORDS_MAX];
    size_t n;
    if (!sg_bech32_is_one_case(text, text_size))
        return SG_CASHADDR_FORM;
    text = skip_prefix(prefix, text, &text_size);
    if (text_size <= CHECK_WORDS || text_size > WORDS_MAX ||
        !sg_bech32_read_words(words, text, text_size))
        return SG_CASHADDR_FORM;
    const bool is_sound = remainder_of(prefix, words, text_size) == 0;
    const bool is_whole = sg_bech32_bytes(whole, &n, words, text_size - CHECK_WORDS);
    if (n == 0 || n != (size_t)sizes[whole[0] & 7] + 1)
        return SG_CASHADDR_FORM;
    if (!is_sound || !is_whole || whole[0] & 0x80)
        return SG_CASHADDR_CHECKSUM;
    *type = whole[0] >> 3;
    *size = n - 1;
    memcpy(bytes, whole + 1, n - 1);
    return SG_CASHADDR_OK;
}

size_t sg_cashaddr_encode(char text[SG_BECH32_TEXT_MAX + 1], const char *prefix, unsigned type,
                          const uint8_t *bytes, size_t size)
{
    uint8_t whole[SG_CASHADDR_BYTES_MAX + 1];
    uint8_t words[WORDS_MAX] = {0};
    unsigned code = 0;
    while (code < 8 && sizes[code] != size)
        code++;
    if (code == 8)
        return 0;
    whole[0] = (uint8_t)(type << 3 | code);
    memcpy(whole + 1, bytes, size);
    size_t n = sg_bech32_words(words, whole, size + 1);
    memset(words + n, 0, CHECK_WORDS);
    const uint64_t rest = remainder_of(prefix, words, n + CHECK_WORDS);
    for (unsigned i = 0; i < CHECK_WORDS; i++)
        words[n++] = rest >> (5 * (CHECK_WORDS - 1 - i)) & 31;
    for (size_t i = 0; i < n; i++)
        text[i] = sg_bech32_letters[words[i]];
    text[n] = 0;
    return n;
}
