#include "formats/recognise/recognise_internal.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

const char *sg_reading_name(enum sg_reading verdict)
{
    switch (verdict) {
    case SG_READING_NONE:
        return "none";
    case SG_READING_LOST_CASE:
        return "lost-case";
    case SG_READING_WRONG:
        return "wrong";
    case SG_READING_UNCHECKED:
        return "unchecked";
    case SG_READING_VALID:
        return "valid";
    }
    return "";
}

bool sg_recognised_set(struct sg_recognised *out, enum sg_reading verdict, const char *form,
                       const char *chain, const char *text, const char *reason)
{
    out->verdict = verdict;
    out->form = form;
    out->chain = chain;
    out->others = NULL;
    out->note = NULL;
    out->inner[0] = 0;
    snprintf(out->reason, sizeof(out->reason), "%s", reason ? reason : "");
    snprintf(out->text, sizeof(out->text), "%s", text);
    return true;
}

struct sg_letters sg_letters_of(const char *text, size_t size)
{
    struct sg_letters letters = {.is_hex = true};
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        const bool is_lower = c >= 'a' && c <= 'z';
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_digit = c >= '0' && c <= '9';
        letters.n_lower += is_lower;
        letters.n_upper += is_upper;
        letters.n_digits += is_digit;
        letters.n_other += !is_lower && !is_upper && !is_digit;
        if (!is_digit && (c < 'a' || c > 'f') && (c < 'A' || c > 'F'))
            letters.is_hex = false;
    }
    return letters;
}

size_t sg_recognise_invisible(const char *text, size_t size)
{
    uint32_t c;
    const size_t n = (unsigned char)*text < 0x80 ? 0 : sg_utf8_next(&c, text, size);
    const bool is_hidden = n && (c == 0xad || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
                                 (c >= 0x2060 && c <= 0x2064) || c == 0xfeff);
    return is_hidden ? n : 0;
}

/* Copy without what shows nothing; false if it is longer than any address. */
static bool copy_visible(char copy[SG_RECOGNISE_MAX + 1], size_t *size, const char *text,
                         size_t text_size)
{
    size_t n = 0;
    for (size_t i = 0; i < text_size;) {
        const size_t hidden = sg_recognise_invisible(text + i, text_size - i);
        if (!hidden && n == SG_RECOGNISE_MAX)
            return false;
        if (!hidden)
            copy[n++] = text[i];
        i += hidden ? hidden : 1;
    }
    copy[n] = 0;
    *size = n;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "bitcoin:" and the like in front: a word and a colon; "pay-" of EIP-681; slashes of a link. */
static void skip_scheme(const char **text, size_t *size)
{
    size_t n = 0;
    while (n < *size && n < 16 && is_letter((*text)[n]))
        n++;
    if (n < 3 || n == *size || (*text)[n] != ':')
        return;
    for (n++; n < *size && (*text)[n] == '/'; n++)
        ;
    if (*size - n > 4 && memcmp(*text + n, "pay-", 4) == 0)
        n += 4;
    *text += n;
    *size -= n;
}

/* The address alone: no blanks around it, no scheme, no "?amount=", "@1" or "/transfer" behind. */
static void strip(const char **text, size_t *size)
{
    while (*size && is_blank(**text)) {
        ++*text;
        --*size;
    }
    while (*size && is_blank((*text)[*size - 1]))
        --*size;
    skip_scheme(text, size);
    for (size_t i = 0; i < *size; i++)
        if ((*text)[i] == '?' || (*text)[i] == '@' || (*text)[i] == '/')
            *size = i;
}

typedef bool (*reading_fn)(struct sg_recognised *out, const char *text, size_t size);

void sg_recognise(struct sg_recognised *out, const char *text, size_t size)
{
    static const reading_fn readings[] = {
        sg_recognise_hex,    sg_recognise_bech32, sg_recognise_cryptonote, sg_recognise_base58,
        sg_recognise_solana, sg_recognise_base32, sg_recognise_lost_case};
    char copy[SG_RECOGNISE_MAX + 1];
    char bare[SG_RECOGNISE_MAX + 1];
    struct sg_recognised one;
    const char *at = copy;
    sg_recognised_set(out, SG_READING_NONE, NULL, NULL, "", "not the form of an address we know");
    if (!copy_visible(copy, &size, text, size)) {
        sg_recognised_set(out, SG_READING_NONE, NULL, NULL, "", "too long for an address");
        return;
    }
    strip(&at, &size);
    memcpy(bare, at, size);
    bare[size] = 0;
    snprintf(out->text, sizeof(out->text), "%s", bare);
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        if (!readings[i](&one, bare, size) || one.verdict < out->verdict ||
            (out->form && one.verdict == out->verdict))
            continue;
        *out = one;
        if (out->verdict == SG_READING_VALID)
            return;
    }
}
