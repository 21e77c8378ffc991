#include "base/hex.h"

/* Value of a digit, or 255. */
static const uint8_t digit_value[256] = {
#define ROW16(v) v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v
    ROW16(255), ROW16(255), ROW16(255), 0,          1,          2,          3,          4,
    5,          6,          7,          8,          9,          255,        255,        255,
    255,        255,        255,        255,        10,         11,         12,         13,
    14,         15,         255,        255,        255,        255,        255,        255,
    255,        255,        255,        ROW16(255), 255,        10,         11,         12,
    13,         14,         15,         255,        255,        255,        255,        255,
    255,        255,        255,        255,        ROW16(255), ROW16(255), ROW16(255), ROW16(255),
    ROW16(255), ROW16(255), ROW16(255), ROW16(255), ROW16(255)
#undef ROW16
};

bool sg_hex_decode(uint8_t *bytes, size_t n_bytes, const char *text, size_t size)
{
    uint8_t bad = 0;
    if (size / 2 != n_bytes || size % 2)
        return false;
    for (size_t i = 0; i < n_bytes; i++) {
        const uint8_t high = digit_value[(uint8_t)text[2 * i]];
        const uint8_t low = digit_value[(uint8_t)text[2 * i + 1]];
        bad |= high | low;
        bytes[i] = (uint8_t)(high << 4 | (low & 15));
    }
    return bad < 16;
}

char *sg_hex_encode(char *text, const uint8_t *bytes, size_t n_bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n_bytes; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n_bytes] = 0;
    return text;
}
