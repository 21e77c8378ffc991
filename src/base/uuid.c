#include "base/uuid.h"

#include "base/digest.h"
#include "base/hex.h"

#include <assert.h>
#include <string.h>

#define BYTES 16

static void read_space(uint8_t bytes[BYTES], const char *text)
{
    char digits[2 * BYTES];
    size_t n = 0;
    for (; *text && n < sizeof(digits); text++)
        if (*text != '-')
            digits[n++] = *text;
    const bool ok = n == sizeof(digits) && sg_hex_decode(bytes, BYTES, digits, n);
    assert(ok);
    (void)ok;
}

char *sg_uuid5(char text[SG_UUID_TEXT_MAX], const char *name_space, const char *name, size_t size)
{
    static const uint8_t group_ends[] = {4, 6, 8, 10};
    uint8_t space[BYTES], digest20[SG_SHA1_SIZE];
    char digits[2 * BYTES + 1];
    size_t n = 0, group = 0;
    read_space(space, name_space);
    sg_sha1_of_two(digest20, space, BYTES, name, size);
    digest20[6] = (uint8_t)((digest20[6] & 0x0f) | 0x50);
    digest20[8] = (uint8_t)((digest20[8] & 0x3f) | 0x80);
    sg_hex_encode(digits, digest20, BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        if (group < sizeof(group_ends) && i == group_ends[group]) {
            text[n++] = '-';
            group++;
        }
        text[n++] = digits[2 * i];
        text[n++] = digits[2 * i + 1];
    }
    text[n] = 0;
    return text;
}
