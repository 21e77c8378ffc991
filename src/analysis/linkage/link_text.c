#include "analysis/linkage/link_text.h"

#define PREFIX_MAX 4
#define WIDTH      (SG_LINK_TEXT_MAX + 1)

static size_t cut(struct sg_text text)
{
    return text.size < SG_LINK_TEXT_MAX ? text.size : SG_LINK_TEXT_MAX;
}

/* Letters of `a` that `b` has near the same place, as bits of both. */
static unsigned match(uint64_t *of_a, uint64_t *of_b, const char *a, size_t na, const char *b,
                      size_t nb)
{
    const size_t longer = na > nb ? na : nb;
    const size_t reach = longer / 2 > 1 ? longer / 2 - 1 : 0;
    unsigned n = 0;
    for (size_t i = 0; i < na; i++) {
        const size_t to = i + reach + 1 < nb ? i + reach + 1 : nb;
        for (size_t k = i > reach ? i - reach : 0; k < to; k++) {
            if (a[i] != b[k] || (*of_b >> k & 1))
                continue;
            *of_a |= UINT64_C(1) << i;
            *of_b |= UINT64_C(1) << k;
            n++;
            break;
        }
    }
    return n;
}

/* Matched letters that stand in another order. */
static unsigned out_of_order(uint64_t of_a, uint64_t of_b, const char *a, const char *b)
{
    unsigned n = 0;
    while (of_a) {
        n += a[__builtin_ctzll(of_a)] != b[__builtin_ctzll(of_b)];
        of_a &= of_a - 1;
        of_b &= of_b - 1;
    }
    return n;
}

double sg_link_jaro_winkler(struct sg_text a, struct sg_text b)
{
    const size_t na = cut(a), nb = cut(b);
    uint64_t of_a = 0, of_b = 0;
    if (na == 0 || nb == 0)
        return 0;
    const unsigned n = match(&of_a, &of_b, a.data, na, b.data, nb);
    if (n == 0)
        return 0;
    const double moved = out_of_order(of_a, of_b, a.data, b.data) / 2.0;
    const double jaro = (n / (double)na + n / (double)nb + (n - moved) / n) / 3;
    size_t prefix = 0;
    while (prefix < PREFIX_MAX && prefix < na && prefix < nb && a.data[prefix] == b.data[prefix])
        prefix++;
    return jaro + (double)prefix * 0.1 * (1 - jaro);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the table of distances; only the band of width 2 * max + 1 is filled. */
static unsigned fill_row(unsigned char *row, const unsigned char *above,
                         const unsigned char *above2, size_t i, const char *a, const char *b,
                         size_t nb, unsigned max)
{
    const size_t from = i > max ? i - max : 1, to = i + max < nb ? i + max : nb;
    unsigned best = from == 1 ? (unsigned)i : max + 1;
    row[from - 1] = (unsigned char)(from == 1 ? i : max + 1);
    for (size_t k = from; k <= to; k++) {
        unsigned d = above[k - 1] + (a[i - 1] == b[k - 1] ? 0u : 1u);
        d = least(d, row[k - 1] + 1u);
        if (k < i + max)
            d = least(d, above[k] + 1u);
        if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
            d = least(d, above2[k - 2] + 1u);
        row[k] = (unsigned char)least(d, max + 1);
        best = least(best, row[k]);
    }
    return best;
}

unsigned sg_link_distance(struct sg_text a, struct sg_text b, unsigned max)
{
    unsigned char rows[3][WIDTH];
    const size_t na = cut(a), nb = cut(b);
    if ((na > nb ? na - nb : nb - na) > max)
        return max + 1;
    memset(rows, (int)max + 1, sizeof(rows));
    for (size_t k = 0; k <= nb && k <= max; k++)
        rows[0][k] = (unsigned char)k;
    for (size_t i = 1; i <= na; i++)
        if (fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], i, a.data, b.data, nb,
                     max) > max)
            return max + 1;
    return least(rows[na % 3][nb], max + 1);
}

uint32_t sg_link_phonetic(struct sg_text text)
{
    /*                           abcdefghijklmnopqrstuvwxyz */
    static const char code[] = "01230120022455012623010202";
    uint32_t key = 0;
    char last = '0';
    unsigned n = 0;
    for (size_t i = 0; i < text.size && n < 6; i++) {
        const char c = text.data[i];
        if (c < 'a' || c > 'z')
            continue;
        const char sound = code[c - 'a'];
        if (n == 0)
            key = sound == '0' ? (uint32_t)(c - 'a') + 8 : (uint32_t)(sound - '0');
        else if (sound != '0' && sound != last)
            key = key * 8 + (uint32_t)(sound - '0');
        if (n == 0 || (sound != '0' && sound != last))
            n++;
        if (c != 'h' && c != 'w')
            last = sound;
    }
    return n ? key * 8 + n : 0;
}

uint64_t sg_link_letters(struct sg_text text)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c >= 'a' && c <= 'z')
            bits |= UINT64_C(1) << (c - 'a');
        else if (c >= '0' && c <= '9')
            bits |= UINT64_C(1) << (26 + c - '0');
    }
    return bits;
}

uint64_t sg_link_hash(struct sg_text text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return sg_link_mix(hash);
}

static void vote(int votes[64], uint64_t hash)
{
    for (size_t bit = 0; bit < 64; bit++)
        votes[bit] += (int)(hash >> bit & 1) * 2 - 1;
}

uint64_t sg_link_simhash(struct sg_text text)
{
    int votes[64] = {0};
    uint64_t last = 0, bits = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= text.size; i++) {
        if (i < text.size && text.data[i] != ' ')
            continue;
        const uint64_t word = sg_link_hash((struct sg_text){text.data + begin, i - begin});
        vote(votes, sg_link_mix(last * 3 + word));
        last = word;
        begin = i + 1;
    }
    for (size_t bit = 0; bit < 64; bit++)
        bits |= (uint64_t)(votes[bit] > 0) << bit;
    return bits;
}
