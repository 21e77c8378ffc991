#include "base/fold.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* Nearly all texts grow little; one that passes this is compared as it stands. */

#define WIDE_MAX ((int32_t)(SG_FOLD_MAX * 2))
#define RULES_N  (sizeof(rules) / sizeof(rules[0]) - 1)

static const UChar rules[] = u"Any-Latin; NFD; [:Nonspacing Mark:] Remove; NFC; Latin-ASCII; Lower";

struct sg_fold {
    UTransliterator *latin;
    const UNormalizer2 *nfkc;
    UChar *wide, *folded; /* WIDE_MAX each */
    char *bytes;          /* 3 * WIDE_MAX */
};

enum sg_status sg_fold_new(struct sg_fold **fold, struct sg_err *err)
{
    *fold = sg_mem_zalloc(1, sizeof(**fold));
    return *fold ? SG_OK : sg_err_nomem(err);
}

/* Made for the first text that needs it: the rules take milliseconds to compile. */
static enum sg_status open_rules(struct sg_fold *f, struct sg_err *err)
{
    UErrorCode code = U_ZERO_ERROR;
    if (f->latin)
        return SG_OK;
    if (!f->wide)
        f->wide = sg_mem_alloc((size_t)WIDE_MAX, sizeof(*f->wide));
    if (!f->folded)
        f->folded = sg_mem_alloc((size_t)WIDE_MAX, sizeof(*f->folded));
    if (!f->bytes)
        f->bytes = sg_mem_alloc((size_t)WIDE_MAX, 3);
    if (!f->wide || !f->folded || !f->bytes)
        return sg_err_nomem(err);
    f->nfkc = unorm2_getNFKCCasefoldInstance(&code);
    f->latin = utrans_openU(rules, (int32_t)RULES_N, UTRANS_FORWARD, NULL, 0, NULL, &code);
    return U_FAILURE(code) ? sg_err_nomem(err) : SG_OK;
}

static bool is_ascii(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
}

/* Lower case, and white space single. */
static void append_ascii(struct sg_buf *out, const char *text, size_t size)
{
    char piece[256];
    size_t n = 0;
    bool blank = false, any = false;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        if (is_blank(c)) {
            blank = any;
            continue;
        }
        if (n + 2 > sizeof(piece)) {
            sg_buf_append(out, piece, n);
            n = 0;
        }
        if (blank)
            piece[n++] = ' ';
        piece[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        blank = false;
        any = true;
    }
    sg_buf_append(out, piece, n);
}

/* Cut where a character begins. */
static size_t cut(const char *text, size_t size)
{
    if (size <= SG_FOLD_MAX)
        return size;
    size = SG_FOLD_MAX;
    while (size > SG_FOLD_MAX - 4 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static int32_t to_wide(struct sg_fold *f, const char *text, size_t size, UErrorCode *code)
{
    size_t bad;
    int32_t n = 0;
    if (sg_utf8_check(&bad, text, size)) {
        u_strFromUTF8(f->wide, WIDE_MAX, &n, text, (int32_t)size, code);
        return n;
    }
    for (size_t i = 0; i < size; i++)
        f->wide[n++] = (unsigned char)text[i];
    return n;
}

/* A piece that cannot grow past the buffers whatever it holds. */
static void fold_piece(struct sg_fold *f, struct sg_buf *out, const char *text, size_t size)
{
    UErrorCode code = U_ZERO_ERROR;
    const int32_t n = to_wide(f, text, size, &code);
    int32_t length = unorm2_normalize(f->nfkc, f->wide, n, f->folded, WIDE_MAX, &code);
    int32_t limit = length, n_bytes = 0;
    utrans_transUChars(f->latin, f->folded, &length, WIDE_MAX, 0, &limit, &code);
    u_strToUTF8WithSub(f->bytes, 3 * WIDE_MAX, &n_bytes, f->folded, length, 0xfffd, NULL, &code);
    if (U_FAILURE(code))
        append_ascii(out, text, size);
    else
        append_ascii(out, f->bytes, (size_t)n_bytes);
}

enum sg_status sg_fold_text(struct sg_fold *f, struct sg_buf *out, const char *text, size_t size,
                            struct sg_err *err)
{
    size = cut(text, size);
    if (is_ascii(text, size)) {
        append_ascii(out, text, size);
        return sg_buf_check(out, err);
    }
    const enum sg_status st = open_rules(f, err);
    if (st != SG_OK)
        return st;
    fold_piece(f, out, text, size);
    return sg_buf_check(out, err);
}

void sg_fold_free(struct sg_fold *f)
{
    if (!f)
        return;
    if (f->latin)
        utrans_close(f->latin);
    sg_mem_free(f->wide);
    sg_mem_free(f->folded);
    sg_mem_free(f->bytes);
    sg_mem_free(f);
}
