/* CryptoNote's base58: each 8 bytes are a number of 11 digits, so that no long division is needed.
 */
#include "formats/base58/base58.h"

#include <assert.h>
#include <string.h>

#define BLOCK_BYTES   8
#define BLOCK_LETTERS 11

static const char letters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Letters that this many bytes are written as. */
static const uint8_t letters_of[BLOCK_BYTES + 1] = {0, 2, 3, 5, 6, 7, 9, 10, 11};

static size_t bytes_of(size_t n_letters)
{
    for (size_t n = 1; n <= BLOCK_BYTES; n++)
        if (letters_of[n] == n_letters)
            return n;
    return 0;
}

static bool decode_block(uint8_t *bytes, size_t n_bytes, const char *text, size_t n_letters)
{
    uint64_t number = 0;
    for (size_t i = 0; i < n_letters; i++) {
        const char *at = text[i] ? strchr(letters, text[i]) : NULL;
        if (!at || __builtin_mul_overflow(number, 58, &number) ||
            __builtin_add_overflow(number, (uint64_t)(at - letters), &number))
            return false;
    }
    if (n_bytes < BLOCK_BYTES && number >> (8 * n_bytes))
        return false;
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (uint8_t)(number >> (8 * (n_bytes - 1 - i)));
    return true;
}

bool sg_base58_blocks_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size, const char *text,
                             size_t text_size)
{
    size_t n = 0;
    if (text_size > SG_BASE58_TEXT_MAX)
        return false;
    for (size_t at = 0; at < text_size;) {
        const size_t n_letters =
            text_size - at < BLOCK_LETTERS ? text_size - at : (size_t)BLOCK_LETTERS;
        const size_t n_bytes = bytes_of(n_letters);
        if (n_bytes == 0 || n + n_bytes > SG_BASE58_BYTES_MAX ||
            !decode_block(bytes + n, n_bytes, text + at, n_letters))
            return false;
        n += n_bytes;
        at += n_letters;
    }
    *size = n;
    return true;
}

static void encode_block(char *text, const uint8_t *bytes, size_t n_bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < n_bytes; i++)
        number = number << 8 | bytes[i];
    for (size_t i = letters_of[n_bytes]; i-- > 0; number /= 58)
        text[i] = letters[number % 58];
}

size_t sg_base58_blocks_encode(char text[SG_BASE58_TEXT_MAX + 1], const uint8_t *bytes, size_t size)
{
    size_t n = 0;
    assert(size <= SG_BASE58_BYTES_MAX);
    for (size_t at = 0; at < size; at += BLOCK_BYTES) {
        const size_t n_bytes = size - at < BLOCK_BYTES ? size - at : (size_t)BLOCK_BYTES;
        encode_block(text + n, bytes + at, n_bytes);
        n += letters_of[n_bytes];
    }
    text[n] = 0;
    return n;
}
