/* Widths of text without a font: classes of characters in thousandths of the font size, taken wide
 * enough for Helvetica, Arial, Liberation Sans and, the widest, DejaVu Sans Bold. */
#include "app/svg/svg.h"

#include "base/utf8.h"

#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"

static unsigned advance(uint32_t c)
{
    if (c < 128 && c && strchr("ijl.,:;'|!", (int)c))
        return 350;
    if (c < 128 && c && strchr("ftrI()[]-/ ", (int)c))
        return 420;
    if (c < 128 && c && strchr("mwMW%@", (int)c))
        return 1040;
    if (c >= 'A' && c <= 'Z')
        return 790;
    /* Wide scripts are square. */
    return c >= 0x1100 ? 1040 : 680;
}

/* Length and advance of the first character; a byte that is not UTF-8 counts as one character. */
static size_t step(unsigned *wide, const char *text, size_t size)
{
    uint32_t c = 0xfffd;
    size_t n = sg_utf8_next(&c, text, size);
    if (n == 0)
        n = 1;
    *wide = advance(c);
    return n;
}

static sg_px to_px(uint64_t thousandths, unsigned size_px)
{
    return (sg_px)((thousandths * size_px + 99) / 100);
}

sg_px sg_svg_text_width(const char *text, unsigned size_px)
{
    uint64_t total = 0;
    unsigned wide;
    for (size_t left = strlen(text), n; left > 0; text += n, left -= n) {
        n = step(&wide, text, left);
        total += wide;
    }
    return to_px(total, size_px);
}

char *sg_svg_text_fit(char *cut, size_t capacity, const char *text, unsigned size_px, sg_px width)
{
    const size_t size = strlen(text);
    uint64_t total = advance(0x2026);
    size_t used = 0;
    if (size < capacity && sg_svg_text_width(text, size_px) <= width)
        return memcpy(cut, text, size + 1);
    while (used < size) {
        unsigned wide;
        const size_t n = step(&wide, text + used, size - used);
        if (used + n + sizeof(ELLIPSIS) > capacity || to_px(total + wide, size_px) > width)
            break;
        total += wide;
        used += n;
    }
    memcpy(cut, text, used);
    memcpy(cut + used, ELLIPSIS, sizeof(ELLIPSIS));
    return cut;
}
