/* Base58 that lost the case of its letters: telling that it did, and getting it back.
 *
 * A way to write the text is a number: bit i says whether free letter i is large. Ways are visited
 * in the order of a Gray code, so that each differs from the one before in a single letter, and the
 * number that the text stands for changes by one addition. */
#include "formats/recognise/recognise_internal.h"

#include "base/digest.h"
#include "formats/base58/base58.h"

#include <string.h>

static const char letters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Texts of this length have at most this many bytes. */
#define TEXT_MAX  63
#define BYTES_MAX 47

/* Shortest and longest text of 20 bytes with version and checksum. */
#define SHORT_MIN 26
#define SHORT_MAX 36

/* With fewer letters nothing tells a lost case from a number. */
#define LETTERS_MIN 4

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char large(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_free(char c)
{
    return small(c) != large(c) && sg_base58_is_letter(small(c)) && sg_base58_is_letter(large(c));
}

unsigned sg_lost_letters(const char *text, size_t size)
{
    unsigned n = 0;
    for (size_t i = 0; i < size; i++)
        n += is_free(text[i]);
    return n;
}

/* The networks whose addresses begin so; NULL if none does. */
static const char *chain_of(const char *text, size_t size)
{
    const char first = small(text[0]);
    const bool is_short = size >= SHORT_MIN && size <= SHORT_MAX;
    if ((size == 95 || size == 106) && (first == '4' || first == '8'))
        return "monero";
    if (is_short && (first == '1' || first == '3'))
        return "bitcoin";
    if (size == 34 && first == 't')
        return "tron";
    if (size == 35 && first == 't' && (text[1] == '1' || text[1] == '3'))
        return "zcash";
    if ((size == 33 || size == 34) && (first == 'l' || first == 'm'))
        return "litecoin";
    if (size == 34 && first == 'x')
        return "dash";
    if (size == 34 && first == 'd')
        return "dogecoin";
    if (size >= 33 && size <= 35 && first == 'r')
        return "xrp";
    return NULL;
}

bool sg_recognise_lost_case(struct sg_recognised *out, const char *text, size_t size)
{
    const struct sg_letters found = sg_letters_of(text, size);
    const char *chain = size ? chain_of(text, size) : NULL;
    if (!chain || found.n_other || (found.n_lower && found.n_upper) || found.is_hex ||
        found.n_digits < 1 || found.n_lower + found.n_upper < LETTERS_MIN ||
        memchr(text, '0', size))
        return false;
    return sg_recognised_set(out, SG_READING_LOST_CASE, "base58", chain, text,
                             "its letters have lost their case, without which it is no address");
}

/* A number of BYTES_MAX bytes, the least first. */
struct number {
    uint8_t bytes[BYTES_MAX + 1];
};

static unsigned digit_of(char c)
{
    const char *at = strchr(letters, c);
    return at ? (unsigned)(at - letters) : 0;
}

static void multiply_add(struct number *number, unsigned by, unsigned add)
{
    unsigned carry = add;
    for (size_t i = 0; i <= BYTES_MAX; i++) {
        carry += number->bytes[i] * by;
        number->bytes[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void add(struct number *number, const struct number *delta, size_t size)
{
    unsigned carry = 0;
    for (size_t i = 0; i < size; i++) {
        carry += (unsigned)number->bytes[i] + delta->bytes[i];
        number->bytes[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void negate(struct number *out, const struct number *number)
{
    unsigned carry = 1;
    for (size_t i = 0; i <= BYTES_MAX; i++) {
        carry += (uint8_t)~number->bytes[i];
        out->bytes[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

struct search {
    char text[TEXT_MAX + 1];
    size_t size, n_bytes; /* letters; bytes of the number that are looked at */
    size_t n_zeros;       /* letters '1' in front: zero bytes */
    size_t place[TEXT_MAX];
    unsigned n_free;
    struct number number;
    struct number up[TEXT_MAX], down[TEXT_MAX]; /* what writing letter i large or small adds */
    struct sg_sha256 *sha;
    struct sg_restored *out;
};

/* What changing the digit at a place by `by` (small minus large, always positive) is worth. */
static void worth(struct number *out, const struct search *s, size_t place, unsigned by)
{
    *out = (struct number){{0}};
    multiply_add(out, 1, by);
    for (size_t i = place + 1; i < s->size; i++)
        multiply_add(out, 58, 0);
}

static bool prepare(struct search *s, const char *text, size_t size)
{
    s->size = size;
    for (size_t i = 0; i < size; i++) {
        const char c = small(text[i]);
        if (!sg_base58_is_letter(c) && !sg_base58_is_letter(large(c)))
            return false;
        s->text[i] = sg_base58_is_letter(c) ? c : large(c);
        if (is_free(c))
            s->place[s->n_free++] = i;
        multiply_add(&s->number, 58, digit_of(s->text[i]));
    }
    while (s->n_zeros < size && text[s->n_zeros] == '1')
        s->n_zeros++;
    for (unsigned i = 0; i < s->n_free; i++) {
        const char c = s->text[s->place[i]];
        worth(&s->down[i], s, s->place[i], digit_of(c) - digit_of(large(c)));
        negate(&s->up[i], &s->down[i]);
    }
    return true;
}

/* Turn one letter: large if it is small. */
static void turn(struct search *s, unsigned i)
{
    char *c = &s->text[s->place[i]];
    const bool is_small = *c == small(*c);
    *c = is_small ? large(*c) : small(*c);
    add(&s->number, is_small ? &s->up[i] : &s->down[i], s->n_bytes);
}

/* The bytes as the text says them; 0 if a network has no address of their version. */
static size_t bytes_of(uint8_t bytes[BYTES_MAX + TEXT_MAX], const struct search *s)
{
    const char *form, *chain, *others;
    size_t n = s->n_bytes;
    while (n > 0 && s->number.bytes[n - 1] == 0)
        n--;
    if (n + s->n_zeros < 21 + SG_BASE58_CHECK)
        return 0;
    memset(bytes, 0, s->n_zeros);
    for (size_t i = 0; i < n; i++)
        bytes[s->n_zeros + i] = s->number.bytes[n - 1 - i];
    n += s->n_zeros;
    return sg_recognise_version(&form, &chain, &others, bytes, n - SG_BASE58_CHECK) ? n : 0;
}

static void look(struct search *s)
{
    uint8_t bytes[BYTES_MAX + TEXT_MAX];
    uint8_t digest32[SG_SHA256_SIZE];
    const size_t n = bytes_of(bytes, s);
    if (n == 0)
        return;
    sg_sha256_update(s->sha, bytes, n - SG_BASE58_CHECK);
    sg_sha256_final(digest32, s->sha);
    sg_sha256_update(s->sha, digest32, SG_SHA256_SIZE);
    sg_sha256_final(digest32, s->sha);
    if (memcmp(digest32, bytes + n - SG_BASE58_CHECK, SG_BASE58_CHECK) != 0)
        return;
    if (s->out->n < SG_RESTORED_MAX)
        memcpy(s->out->texts[s->out->n], s->text, s->size + 1);
    s->out->n++;
}

static void visit(struct search *s, uint64_t from, uint64_t to)
{
    const uint64_t gray = from ^ from >> 1;
    for (unsigned i = 0; i < s->n_free; i++)
        if (gray >> i & 1)
            turn(s, i);
    for (uint64_t way = from; way < to; way++) {
        look(s);
        const unsigned next = (unsigned)__builtin_ctzll(way + 1);
        if (next < s->n_free)
            turn(s, next);
    }
}

enum sg_status sg_lost_case_restore(struct sg_restored *out, const char *text, size_t size,
                                    uint64_t from, uint64_t to, struct sg_err *err)
{
    struct search s = {.n_bytes = BYTES_MAX + 1, .out = out};
    if (size == 0 || size > TEXT_MAX || !prepare(&s, text, size) || s.n_free >= 63)
        return sg_err_set(err, SG_EUSAGE, "not a text of base58 whose case could be restored");
    s.sha = sg_sha256_new();
    if (!s.sha)
        return sg_err_nomem(err);
    out->n = 0;
    /* Never more than the largest number of so many letters; the sums wrap around above. */
    s.n_bytes = size * 733 / 1000 + 1;
    const uint64_t n_ways = (uint64_t)1 << s.n_free;
    visit(&s, from, to < n_ways ? to : n_ways);
    sg_sha256_free(s.sha);
    return SG_OK;
}
