#include "base/utf8.h"

/* Length that a lead byte announces, and the smallest value that length may carry. */
static size_t lead(uint8_t byte, uint32_t *bits, uint32_t *least)
{
    if (byte < 0x80) {
        *bits = byte;
        *least = 0;
        return 1;
    }
    if ((byte & 0xe0) == 0xc0) {
        *bits = byte & 0x1fu;
        *least = 0x80;
        return 2;
    }
    if ((byte & 0xf0) == 0xe0) {
        *bits = byte & 0x0fu;
        *least = 0x800;
        return 3;
    }
    if ((byte & 0xf8) == 0xf0) {
        *bits = byte & 0x07u;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t sg_utf8_next(uint32_t *character, const char *text, size_t size)
{
    uint32_t value;
    uint32_t least;
    *character = 0;
    if (!size)
        return 0;
    const size_t n = lead((uint8_t)text[0], &value, &least);
    if (!n || n > size)
        return 0;
    for (size_t i = 1; i < n; i++) {
        const uint8_t byte = (uint8_t)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3fu);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *character = value;
    return n;
}

bool sg_utf8_is_unsafe(uint32_t c)
{
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
    const bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
                           c == 0x200e || c == 0x200f || c == 0x061c;
    return control || direction;
}

bool sg_utf8_check(size_t *bad, const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        if (!n) {
            *bad = i;
            return false;
        }
        i += n;
    }
    return true;
}
