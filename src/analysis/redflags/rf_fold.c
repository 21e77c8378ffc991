/* Texts in one form. Letters lose their case and their marks in every script that has them, so that
 * a name that a form wrote without accents is still the same name, whatever its language. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

/* Characters first..last become `to`, or, where `moves`, to + (c - first). to 0: left out.
 * Source: the Unicode Character Database 15, simple case folding and base letters. */
struct fold {
    uint16_t first, last, to;
    bool moves;
};

static const struct fold folds[] = {
    {'A', 'Z', 'a', true},        {0xc0, 0xc6, 'a', false},     {0xc7, 0xc7, 'c', false},
    {0xc8, 0xcb, 'e', false},     {0xcc, 0xcf, 'i', false},     {0xd0, 0xd0, 'd', false},
    {0xd1, 0xd1, 'n', false},     {0xd2, 0xd6, 'o', false},     {0xd8, 0xd8, 'o', false},
    {0xd9, 0xdc, 'u', false},     {0xdd, 0xdd, 'y', false},     {0xde, 0xde, 't', false},
    {0xdf, 0xdf, 's', false},     {0xe0, 0xe6, 'a', false},     {0xe7, 0xe7, 'c', false},
    {0xe8, 0xeb, 'e', false},     {0xec, 0xef, 'i', false},     {0xf0, 0xf0, 'd', false},
    {0xf1, 0xf1, 'n', false},     {0xf2, 0xf6, 'o', false},     {0xf8, 0xf8, 'o', false},
    {0xf9, 0xfc, 'u', false},     {0xfd, 0xfd, 'y', false},     {0xfe, 0xfe, 't', false},
    {0xff, 0xff, 'y', false},     {0x100, 0x105, 'a', false},   {0x106, 0x10d, 'c', false},
    {0x10e, 0x111, 'd', false},   {0x112, 0x11b, 'e', false},   {0x11c, 0x123, 'g', false},
    {0x124, 0x127, 'h', false},   {0x128, 0x133, 'i', false},   {0x134, 0x135, 'j', false},
    {0x136, 0x138, 'k', false},   {0x139, 0x142, 'l', false},   {0x143, 0x14b, 'n', false},
    {0x14c, 0x153, 'o', false},   {0x154, 0x159, 'r', false},   {0x15a, 0x161, 's', false},
    {0x162, 0x167, 't', false},   {0x168, 0x173, 'u', false},   {0x174, 0x175, 'w', false},
    {0x176, 0x178, 'y', false},   {0x179, 0x17e, 'z', false},   {0x1a0, 0x1a1, 'o', false},
    {0x1af, 0x1b0, 'u', false},   {0x218, 0x219, 's', false},   {0x21a, 0x21b, 't', false},
    {0x300, 0x36f, 0, false},     {0x386, 0x386, 0x3b1, false}, {0x388, 0x388, 0x3b5, false},
    {0x389, 0x389, 0x3b7, false}, {0x38a, 0x38a, 0x3b9, false}, {0x38c, 0x38c, 0x3bf, false},
    {0x38e, 0x38e, 0x3c5, false}, {0x38f, 0x38f, 0x3c9, false}, {0x391, 0x3a9, 0x3b1, true},
    {0x3ac, 0x3ac, 0x3b1, false}, {0x3ad, 0x3ad, 0x3b5, false}, {0x3ae, 0x3ae, 0x3b7, false},
    {0x3af, 0x3af, 0x3b9, false}, {0x3c2, 0x3c2, 0x3c3, false}, {0x3cc, 0x3cc, 0x3bf, false},
    {0x3cd, 0x3cd, 0x3c5, false}, {0x3ce, 0x3ce, 0x3c9, false}, {0x400, 0x401, 0x435, false},
    {0x402, 0x40f, 0x452, true},  {0x410, 0x42f, 0x430, true},  {0x450, 0x451, 0x435, false},
    {0x531, 0x556, 0x561, true},  {0x591, 0x5bd, 0, false},     {0x5bf, 0x5bf, 0, false},
    {0x5c1, 0x5c2, 0, false},     {0x5c4, 0x5c5, 0, false},     {0x640, 0x640, 0, false},
    {0x64b, 0x65f, 0, false},     {0x1ab0, 0x1aff, 0, false},   {0x1e00, 0x1e01, 'a', false},
    {0x1e02, 0x1e07, 'b', false}, {0x1e08, 0x1e09, 'c', false}, {0x1e0a, 0x1e13, 'd', false},
    {0x1e14, 0x1e1d, 'e', false}, {0x1e1e, 0x1e1f, 'f', false}, {0x1e20, 0x1e21, 'g', false},
    {0x1e22, 0x1e2b, 'h', false}, {0x1e2c, 0x1e2f, 'i', false}, {0x1e30, 0x1e35, 'k', false},
    {0x1e36, 0x1e3d, 'l', false}, {0x1e3e, 0x1e43, 'm', false}, {0x1e44, 0x1e4b, 'n', false},
    {0x1e4c, 0x1e53, 'o', false}, {0x1e54, 0x1e57, 'p', false}, {0x1e58, 0x1e5f, 'r', false},
    {0x1e60, 0x1e69, 's', false}, {0x1e6a, 0x1e71, 't', false}, {0x1e72, 0x1e7b, 'u', false},
    {0x1e7c, 0x1e7f, 'v', false}, {0x1e80, 0x1e89, 'w', false}, {0x1e8a, 0x1e8d, 'x', false},
    {0x1e8e, 0x1e8f, 'y', false}, {0x1e90, 0x1e95, 'z', false}, {0x1ea0, 0x1eb7, 'a', false},
    {0x1eb8, 0x1ec7, 'e', false}, {0x1ec8, 0x1ecb, 'i', false}, {0x1ecc, 0x1ee3, 'o', false},
    {0x1ee4, 0x1ef1, 'u', false}, {0x1ef2, 0x1ef9, 'y', false}, {0xff10, 0xff19, '0', true},
    {0xff21, 0xff3a, 'a', true},  {0xff41, 0xff5a, 'a', true},
};

static uint32_t fold(uint32_t c)
{
    size_t low = 0, high = SG_COUNT_OF(folds);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (c > folds[mid].last)
            low = mid + 1;
        else if (c < folds[mid].first)
            high = mid;
        else
            return folds[mid].moves ? folds[mid].to + (c - folds[mid].first) : folds[mid].to;
    }
    return c;
}

bool sg_rf_is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return c >= 0xaa && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c < 0x2c00) &&
           !(c >= 0x3000 && c < 0x3005) && !(c >= 0x3008 && c < 0x3021) &&
           !(c >= 0xfe00 && c < 0xfe70) && !(c >= 0xff00 && c < 0xff10) && c != 0x60c &&
           c != 0x61b && c != 0x61f && c != 0x6d4 && c != 0x964 && c != 0x965 && c != 0xb7 &&
           c != 0xbb;
}

bool sg_rf_is_unspaced(uint32_t c)
{
    return (c >= 0x0e00 && c < 0x0f00) || (c >= 0x1000 && c < 0x10a0) ||
           (c >= 0x1780 && c < 0x1800) || (c >= 0x3040 && c < 0xa000) ||
           (c >= 0xf900 && c < 0xfb00) || c >= 0x20000;
}

static void put_character(struct sg_buf *out, uint32_t c)
{
    if (c < 0x80) {
        sg_buf_putc(out, (char)c);
        return;
    }
    if (c < 0x800) {
        sg_buf_putc(out, (char)(0xc0 | c >> 6));
    } else if (c < 0x10000) {
        sg_buf_putc(out, (char)(0xe0 | c >> 12));
        sg_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
    } else {
        sg_buf_putc(out, (char)(0xf0 | c >> 18));
        sg_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        sg_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    sg_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

static void put_folded(struct sg_buf *out, struct sg_text text)
{
    const size_t begin = out->size;
    bool blank = false;
    uint32_t c;
    for (size_t i = 0; i < text.size;) {
        const size_t n = sg_utf8_next(&c, text.data + i, text.size - i);
        i += n ? n : 1;
        const uint32_t to = n ? fold(c) : ' ';
        if (!to)
            continue;
        if (!sg_rf_is_letter(to)) {
            blank = true;
            continue;
        }
        if (blank && out->size > begin)
            sg_buf_putc(out, ' ');
        blank = false;
        put_character(out, to);
    }
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool keeps(enum rf_form form, char c)
{
    if (form == RF_DIGITS)
        return c >= '0' && c <= '9';
    return form != RF_ACCOUNT || c != ' ';
}

/* Forms in some countries ask for the day first: where both parts could be months they are told in
 * one order. */
static void put_date(struct sg_buf *out, struct sg_text text)
{
    const bool is_date = text.size == 10 && text.data[4] == '-' && text.data[7] == '-';
    const char *month = text.data + 5, *day = text.data + 8;
    if (!is_date || memcmp(month, day, 2) <= 0 || memcmp(month, "12", 2) > 0) {
        sg_buf_append(out, text.data, text.size);
        return;
    }
    sg_buf_append(out, text.data, 5);
    sg_buf_append(out, day, 2);
    sg_buf_putc(out, '-');
    sg_buf_append(out, month, 2);
}

void sg_rf_form(struct sg_buf *out, enum rf_form form, struct sg_text text)
{
    const bool is_hex = text.size > 1 && text.data[0] == '0' && lower(text.data[1]) == 'x';
    const bool is_lower = form == RF_LOWER || (form == RF_ACCOUNT && is_hex);
    if (form == RF_FOLDED || form == RF_DATE) {
        (form == RF_DATE ? put_date : put_folded)(out, text);
        return;
    }
    for (size_t i = 0; i < text.size; i++)
        if (keeps(form, text.data[i]))
            sg_buf_putc(out, is_lower ? lower(text.data[i]) : text.data[i]);
}

/* Scripts as bits; those of one writing share one. */
static uint32_t script_of(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? 1u : 0;
    if (c < 0x370 || (c >= 0x1e00 && c < 0x1f00))
        return 1u;
    if (c < 0x400)
        return 2u;
    if (c < 0x530)
        return 4u;
    if (c < 0x590)
        return 8u;
    if (c < 0x600)
        return 16u;
    if (c < 0x900)
        return 32u;
    if (c < 0xe00) /* each writing of India has a block of 128 */
        return 64u << ((c - 0x900) >> 7);
    if (c < 0x1100)
        return c < 0xe80 ? 1u << 16 : c < 0x1000 ? 1u << 17 : c < 0x10a0 ? 1u << 18 : 1u << 19;
    if ((c >= 0xac00 && c < 0xd800) || c < 0x1200)
        return 1u << 20;
    return c < 0x3040 ? 1u << 21 : c < 0x3100 ? 1u << 22 : 1u << 23;
}

static uint32_t scripts_of(const char *text)
{
    const size_t size = strlen(text);
    uint32_t scripts = 0, c;
    for (size_t i = 0; i < size;) {
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        scripts |= n ? script_of(c) : 0;
        i += n ? n : 1;
    }
    return scripts;
}

bool sg_rf_same_script(const char *a, const char *b)
{
    return (scripts_of(a) & scripts_of(b)) != 0;
}

static bool has_word(const char *text, const char *word, size_t size)
{
    for (const char *at = text; *at;) {
        const size_t n = strcspn(at, " ");
        if (n == size && memcmp(at, word, size) == 0)
            return true;
        at += n;
        at += strspn(at, " ");
    }
    return false;
}

bool sg_rf_share_word(const char *a, const char *b)
{
    for (const char *at = a; *at;) {
        const size_t n = strcspn(at, " ");
        if (n > 1 && has_word(b, at, n))
            return true;
        at += n;
        at += strspn(at, " ");
    }
    return false;
}
