/* Addresses in running text, in cells of a CSV, and in pieces where a page breaks them. */
#include "formats/recognise/recognise_internal.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <string.h>

/* What stands between a piece and the next. */
enum gap { GAP_OTHER, GAP_BLANK, GAP_LINE };

/* A run of letters and digits; characters that show nothing may be inside. */
struct piece {
    size_t from, to;
    uint32_t line;
    enum gap gap; /* behind it */
};

/* Shorter words are no address of any network. */
#define WORD_MIN 25

struct pieces {
    struct piece *items;
    size_t n, capacity;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Bytes of a blank that is not ASCII, else 0. */
static size_t wide_blank(const char *text, size_t size)
{
    uint32_t c;
    const size_t n = (unsigned char)*text < 0x80 ? 0 : sg_utf8_next(&c, text, size);
    return n && (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f) ? n : 0;
}

static size_t end_of_piece(const char *text, size_t size, size_t at)
{
    size_t end = at;
    while (at < size) {
        const size_t hidden = sg_recognise_invisible(text + at, size - at);
        if (!hidden && !is_word(text[at]))
            break;
        at += hidden ? hidden : 1;
        end = hidden ? end : at;
    }
    return end;
}

/* Go over what is between two pieces and say what it is. A hyphen at the end of a line counts as
 * the break itself. */
static size_t skip_gap(enum gap *gap, uint32_t *line, const char *text, size_t size, size_t at)
{
    bool has_hyphen = false, is_other = false, has_line = false;
    while (at < size && !is_word(text[at])) {
        const char c = text[at];
        const size_t wide =
            sg_recognise_invisible(text + at, size - at) + wide_blank(text + at, size - at);
        has_line = has_line || c == '\n';
        *line += c == '\n';
        if (c == '-' && !has_hyphen && !has_line)
            has_hyphen = true;
        else if (!wide && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            is_other = true;
        at += wide ? wide : 1;
    }
    *gap = is_other || (has_hyphen && !has_line) ? GAP_OTHER : has_line ? GAP_LINE : GAP_BLANK;
    return at;
}

static enum sg_status cut(struct pieces *pieces, const char *text, size_t size, struct sg_err *err)
{
    uint32_t line = 1;
    enum gap gap;
    for (size_t at = skip_gap(&gap, &line, text, size, 0); at < size;) {
        struct piece piece = {.from = at, .to = end_of_piece(text, size, at), .line = line};
        at = skip_gap(&piece.gap, &line, text, size, piece.to);
        if (!SG_VEC_RESERVE(pieces->items, pieces->n, pieces->capacity, 1))
            return sg_err_nomem(err);
        pieces->items[pieces->n++] = piece;
    }
    return SG_OK;
}

struct joined {
    char text[SG_RECOGNISE_MAX + 1];
    size_t size;
};

/* Append what shows of a piece; false where it no longer fits. */
static bool append(struct joined *joined, const char *text, const struct piece *piece)
{
    for (size_t at = piece->from; at < piece->to;) {
        const size_t hidden = sg_recognise_invisible(text + at, piece->to - at);
        if (!hidden) {
            if (joined->size == SG_RECOGNISE_MAX)
                return false;
            joined->text[joined->size++] = text[at];
        }
        at += hidden ? hidden : 1;
    }
    joined->text[joined->size] = 0;
    return true;
}

/* Whether a word is more than a word: it has a digit, and letters beside. */
static bool is_telling(const char *text, size_t size)
{
    const struct sg_letters letters = sg_letters_of(text, size);
    return letters.n_digits && letters.n_lower + letters.n_upper;
}

/* One word by itself. 40 digits without 0x are more often a digest than an address. */
static bool read_word(struct sg_recognised *out, const struct joined *word)
{
    if (word->size < WORD_MIN || !is_telling(word->text, word->size))
        return false;
    sg_recognise(out, word->text, word->size);
    const bool is_bare_hex = out->verdict == SG_READING_UNCHECKED && word->text[1] != 'x' &&
                             word->text[1] != 'X' && sg_letters_of(word->text, word->size).is_hex;
    return out->verdict != SG_READING_NONE && !is_bare_hex;
}

/* Whether a joined text stands by itself: its checksum holds, or it is 0x and 40 digits. */
static bool stands(const struct sg_recognised *what, const struct joined *joined, bool over_lines)
{
    if (what->verdict == SG_READING_VALID)
        return true;
    return over_lines && what->verdict == SG_READING_UNCHECKED && joined->size == 42 &&
           joined->text[0] == '0' && joined->text[1] == 'x';
}

/* Begins and lengths of the addresses that are put together. It spares the reading of nearly every
 * run of words, which would cost a decoding a word. */
static bool may_be_whole(const struct joined *joined)
{
    static const struct {
        const char *begin;
        size_t min, max;
    } forms[] = {{"1", 26, 35},      {"3", 33, 35},    {"bc1", 42, 62},     {"tb1", 42, 62},
                 {"bcrt1", 44, 64},  {"ltc1", 43, 63}, {"BC1", 42, 62},     {"0x", 42, 42},
                 {"T", 34, 34},      {"r", 25, 35},    {"X", 34, 47},       {"L", 33, 34},
                 {"M", 33, 34},      {"D", 34, 34},    {"A", 34, 34},       {"G", 34, 56},
                 {"t1", 35, 35},     {"t3", 35, 35},   {"4", 95, 106},      {"8", 95, 95},
                 {"q", 42, 42},      {"p", 42, 42},    {"zs1", 78, 78},     {"u1", 100, 256},
                 {"addr1", 58, 120}, {"bnb1", 42, 42}, {"cosmos1", 45, 65}, {"tz", 36, 36}};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (joined->size >= forms[i].min && joined->size <= forms[i].max &&
            strncmp(joined->text, forms[i].begin, strlen(forms[i].begin)) == 0)
            return true;
    return false;
}

/* Join pieces from `first` on; the number of pieces of the first sound text, or 0. */
static size_t join(struct sg_recognised *out, const char *text, const struct pieces *pieces,
                   size_t first)
{
    struct joined joined = {.size = 0};
    bool over_lines = false;
    for (size_t n = 0; n < SG_RECOGNISE_PIECES && first + n < pieces->n; n++) {
        const struct piece *piece = &pieces->items[first + n];
        if (!append(&joined, text, piece))
            return 0;
        if (n > 0 && may_be_whole(&joined) && is_telling(joined.text, joined.size)) {
            sg_recognise(out, joined.text, joined.size);
            if (stands(out, &joined, over_lines))
                return n + 1;
        }
        /* Nobody breaks an address into single letters, and hostile text would cost most there. */
        if (piece->gap == GAP_OTHER || joined.size < 3 * n)
            return 0;
        over_lines = over_lines || piece->gap == GAP_LINE;
    }
    return 0;
}

/* Find what begins at a piece; the number of pieces it takes, or 0. */
static size_t find_at(struct sg_recognised *out, const char *text, const struct pieces *pieces,
                      size_t first)
{
    struct sg_recognised one;
    struct joined word = {.size = 0};
    const bool fits = append(&word, text, &pieces->items[first]);
    const bool is_word_found = fits && read_word(out, &word);
    if (!fits || (is_word_found && out->verdict == SG_READING_VALID))
        return is_word_found;
    const size_t n = join(&one, text, pieces, first);
    if (n) {
        *out = one;
        return n;
    }
    return is_word_found;
}

enum sg_status sg_recognise_text(const char *text, size_t size,
                                 enum sg_status (*found)(void *ctx, const struct sg_found *found,
                                                         struct sg_err *err),
                                 void *ctx, struct sg_err *err)
{
    struct pieces pieces = {.n = 0};
    enum sg_status st = cut(&pieces, text, size, err);
    for (size_t i = 0; st == SG_OK && i < pieces.n;) {
        struct sg_found one = {.offset = pieces.items[i].from, .line = pieces.items[i].line};
        const size_t n = find_at(&one.what, text, &pieces, i);
        if (n) {
            one.size = pieces.items[i + n - 1].to - pieces.items[i].from;
            one.is_joined = n > 1;
            st = found(ctx, &one, err);
        }
        i += n ? n : 1;
    }
    sg_mem_free(pieces.items);
    return st;
}
