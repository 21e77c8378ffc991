#include "formats/base58/base58.h"

#include "base/digest.h"

#include <assert.h>
#include <string.h>

static const char alphabets[][59] = {
    [SG_BASE58_BITCOIN] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    [SG_BASE58_XRP] = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz",
};

bool sg_base58_is_letter(char c)
{
    return c && strchr(alphabets[SG_BASE58_BITCOIN], c) != NULL;
}

/* The digit of a letter, or -1. */
static int digit_of(const char *letters, char c)
{
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? (int)(at - letters) : -1;
}

size_t sg_base58_encode(char text[SG_BASE58_TEXT_MAX + 1], enum sg_base58_alphabet alphabet,
                        const uint8_t *bytes, size_t size)
{
    uint8_t digits[SG_BASE58_TEXT_MAX]; /* the least first */
    size_t n_digits = 0, n_zeros = 0, n = 0;
    assert(size <= SG_BASE58_BYTES_MAX);
    while (n_zeros < size && bytes[n_zeros] == 0)
        n_zeros++;
    for (size_t i = n_zeros; i < size; i++) {
        unsigned carry = bytes[i];
        for (size_t j = 0; j < n_digits; j++) {
            carry += (unsigned)digits[j] << 8;
            digits[j] = (uint8_t)(carry % 58);
            carry /= 58;
        }
        for (; carry; carry /= 58)
            digits[n_digits++] = (uint8_t)(carry % 58);
    }
    while (n < n_zeros)
        text[n++] = alphabets[alphabet][0];
    while (n_digits)
        text[n++] = alphabets[alphabet][digits[--n_digits]];
    text[n] = 0;
    return n;
}

bool sg_base58_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size,
                      enum sg_base58_alphabet alphabet, const char *text, size_t text_size)
{
    const char *letters = alphabets[alphabet];
    uint8_t number[SG_BASE58_BYTES_MAX + 1]; /* the least first */
    size_t n_number = 0, n_zeros = 0;
    if (text_size > SG_BASE58_TEXT_MAX)
        return false;
    while (n_zeros < text_size && text[n_zeros] == letters[0])
        n_zeros++;
    for (size_t i = n_zeros; i < text_size; i++) {
        const int digit = digit_of(letters, text[i]);
        if (digit < 0)
            return false;
        unsigned carry = (unsigned)digit;
        for (size_t j = 0; j < n_number; j++) {
            carry += number[j] * 58u;
            number[j] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry)
            number[n_number++] = (uint8_t)carry;
        if (n_zeros + n_number > SG_BASE58_BYTES_MAX)
            return false;
    }
    if (n_zeros > SG_BASE58_BYTES_MAX)
        return false;
    memset(bytes, 0, n_zeros);
    for (size_t i = 0; i < n_number; i++)
        bytes[n_zeros + i] = number[n_number - 1 - i];
    *size = n_zeros + n_number;
    return true;
}

static void checksum(uint8_t digest32[SG_SHA256_SIZE], const uint8_t *bytes, size_t size)
{
    sg_sha256_of(digest32, bytes, size);
    sg_sha256_of(digest32, digest32, SG_SHA256_SIZE);
}

size_t sg_base58check_encode(char text[SG_BASE58_TEXT_MAX + 1], enum sg_base58_alphabet alphabet,
                             const uint8_t *bytes, size_t size)
{
    uint8_t whole[SG_BASE58_BYTES_MAX];
    uint8_t digest32[SG_SHA256_SIZE];
    assert(size <= SG_BASE58_BYTES_MAX - SG_BASE58_CHECK);
    checksum(digest32, bytes, size);
    memcpy(whole, bytes, size);
    memcpy(whole + size, digest32, SG_BASE58_CHECK);
    return sg_base58_encode(text, alphabet, whole, size + SG_BASE58_CHECK);
}

bool sg_base58check_is_sound(const uint8_t *bytes, size_t size)
{
    uint8_t digest32[SG_SHA256_SIZE];
    if (size < SG_BASE58_CHECK)
        return false;
    checksum(digest32, bytes, size - SG_BASE58_CHECK);
    return memcmp(digest32, bytes + size - SG_BASE58_CHECK, SG_BASE58_CHECK) == 0;
}

enum sg_base58check sg_base58check_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size,
                                          enum sg_base58_alphabet alphabet, const char *text,
                                          size_t text_size)
{
    if (!sg_base58_decode(bytes, size, alphabet, text, text_size) || *size < SG_BASE58_CHECK)
        return SG_BASE58CHECK_LETTER;
    const bool is_sound = sg_base58check_is_sound(bytes, *size);
    *size -= SG_BASE58_CHECK;
    return is_sound ? SG_BASE58CHECK_OK : SG_BASE58CHECK_CHECKSUM;
}
