#include "oracle/utf8.h"

#include <stdbool.h>

struct range {
    uint8_t low;
    uint8_t high;
};

#define TAIL                                                                                       \
    {                                                                                              \
        0x80, 0xbf                                                                                 \
    }

static const struct {
    size_t length;
    struct range bytes[4];
} rows[] = {
    {1, {{0x00, 0x7f}}},
    {2, {{0xc2, 0xdf}, TAIL}},
    {3, {{0xe0, 0xe0}, {0xa0, 0xbf}, TAIL}},
    {3, {{0xe1, 0xec}, TAIL, TAIL}},
    {3, {{0xed, 0xed}, {0x80, 0x9f}, TAIL}},
    {3, {{0xee, 0xef}, TAIL, TAIL}},
    {4, {{0xf0, 0xf0}, {0x90, 0xbf}, TAIL, TAIL}},
    {4, {{0xf1, 0xf3}, TAIL, TAIL, TAIL}},
    {4, {{0xf4, 0xf4}, {0x80, 0x8f}, TAIL, TAIL}},
};

size_t oracle_utf8_length(const uint8_t *bytes, size_t size)
{
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        bool fits = size >= rows[r].length;
        for (size_t i = 0; fits && i < rows[r].length; i++)
            fits = bytes[i] >= rows[r].bytes[i].low && bytes[i] <= rows[r].bytes[i].high;
        if (fits)
            return rows[r].length;
    }
    return 0;
}
