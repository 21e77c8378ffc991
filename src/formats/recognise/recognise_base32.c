/* Stellar's accounts: base32 of a byte, a key and a CRC. */
#include "formats/recognise/recognise_internal.h"

#include <string.h>

#define LETTERS 56
#define BYTES   35

static bool decode(uint8_t bytes[BYTES], const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < LETTERS; i++) {
        const char *at = text[i] ? strchr(letters, text[i]) : NULL;
        if (!at)
            return false;
        bits = (bits << 5 | (uint32_t)(at - letters)) & 0xfff;
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            bytes[n++] = (uint8_t)(bits >> n_bits);
        }
    }
    return true;
}

/* CRC-16/XMODEM. */
static uint16_t crc16(const uint8_t *bytes, size_t size)
{
    unsigned crc = 0;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    return (uint16_t)crc;
}

bool sg_recognise_base32(struct sg_recognised *out, const char *text, size_t size)
{
    uint8_t bytes[BYTES];
    if (size != LETTERS || text[0] != 'G' || !decode(bytes, text) || bytes[0] != 6 << 3)
        return false;
    const bool is_sound =
        crc16(bytes, BYTES - 2) == (uint16_t)(bytes[BYTES - 2] | bytes[BYTES - 1] << 8);
    return sg_recognised_set(out, is_sound ? SG_READING_VALID : SG_READING_WRONG, "account",
                             "stellar", text, is_sound ? NULL : "the checksum is wrong");
}
