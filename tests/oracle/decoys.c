#include "oracle/decoys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct side {
    const struct mem_ledger *mem;
    const bool *subjects;
    uint32_t real_asset;
};

static bool is_subject(const struct side *s, struct sg_addr_id a)
{
    return a.v != SG_ID_NONE && s->subjects[a.v];
}

static bool happened(const struct sg_row *row)
{
    return !(row->flags & SG_ROW_FAILED) && row->from.v != row->to.v;
}

static bool concerns(const struct side *s, const struct sg_row *row)
{
    return is_subject(s, row->from) || is_subject(s, row->to);
}

static bool deals_with(const struct side *s, const struct sg_row *row, uint32_t who)
{
    return happened(row) && ((row->from.v == who && is_subject(s, row->to)) ||
                             (row->to.v == who && is_subject(s, row->from)));
}

static void text_of(char text[48], const struct side *s, uint32_t who)
{
    for (size_t i = 0; i < 20; i++)
        snprintf(text + 2 * i, 3, "%02x", s->mem->addrs[who].bytes[i]);
}

static bool looks_like(const struct side *s, uint32_t a, uint32_t b)
{
    char x[48], y[48];
    text_of(x, s, a);
    text_of(y, s, b);
    return memcmp(x, y, 4) == 0 && memcmp(x + 36, y + 36, 4) == 0;
}

static bool dealt(const struct side *s, uint32_t who)
{
    for (uint64_t i = 0; i < s->mem->n_rows; i++)
        if (deals_with(s, &s->mem->rows[i], who))
            return true;
    return false;
}

/* Who of one look dealt first; the others that did are copies. */
static uint32_t original(const struct side *s, uint32_t who)
{
    if (!dealt(s, who))
        return who;
    for (uint64_t i = 0; i < s->mem->n_rows; i++)
        for (uint32_t a = 0; a < s->mem->n_addrs; a++)
            if (deals_with(s, &s->mem->rows[i], a) && looks_like(s, a, who))
                return a;
    return who;
}

static bool is_signed(const struct side *s, const struct sg_row *row)
{
    const struct sg_addr_id sender = s->mem->txs[row->tx.v].sender;
    return is_subject(s, sender) && original(s, sender.v) == sender.v;
}

static bool is_real(const struct side *s, uint32_t asset)
{
    if (asset == 0 || asset == s->real_asset)
        return true;
    for (size_t i = 0; i < s->mem->n_rows; i++) {
        const struct sg_row *row = &s->mem->rows[i];
        if (row->asset.v == asset && concerns(s, row) && happened(row) && is_signed(s, row))
            return true;
    }
    return false;
}

static bool occurs(const struct side *s, uint32_t asset)
{
    for (size_t i = 0; i < s->mem->n_rows; i++)
        if (s->mem->rows[i].asset.v == asset && concerns(s, &s->mem->rows[i]))
            return true;
    return asset == 0;
}

static bool same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
            return false;
    return *a == *b;
}

static bool is_fake(const struct side *s, uint32_t asset)
{
    for (uint32_t a = 0; a < s->mem->n_assets; a++)
        if (a != asset && occurs(s, a) && is_real(s, a) &&
            same_word(s->mem->assets[a].symbol, s->mem->assets[asset].symbol))
            return !is_real(s, asset);
    return false;
}

static bool is_dust(const struct side *s, const struct sg_row *row)
{
    sg_u128 unit = 1;
    for (unsigned i = 0; i < s->mem->assets[row->asset.v].decimals; i++)
        unit *= 10;
    return row->amount.units * 1000 < unit || row->amount.units == 0;
}

static bool is_use(const struct side *s, const struct sg_row *row)
{
    return !is_fake(s, row->asset.v) && row->amount.units != 0 &&
           !(row->flags & SG_ROW_OUT_OF_RANGE) && (is_signed(s, row) || !is_dust(s, row));
}

static uint64_t used(const struct side *s, uint32_t who)
{
    for (uint64_t i = 0; i < s->mem->n_rows; i++)
        if (deals_with(s, &s->mem->rows[i], who) && is_use(s, &s->mem->rows[i]))
            return i;
    return UINT64_MAX;
}

/* Whom an address looks like, if he was really used. */
static uint32_t imitated(const struct side *s, uint32_t who)
{
    const uint32_t first = original(s, who);
    return first == who || used(s, first) == UINT64_MAX ? SG_ID_NONE : first;
}

static bool is_small(const struct side *s, const struct sg_row *row, uint32_t real)
{
    sg_u128 largest = 0;
    if (is_fake(s, row->asset.v) || row->amount.units == 0)
        return true;
    for (size_t i = 0; i < s->mem->n_rows; i++) {
        const struct sg_row *r = &s->mem->rows[i];
        if (r->asset.v == row->asset.v && deals_with(s, r, real) && is_use(s, r) &&
            r->amount.units > largest)
            largest = r->amount.units;
    }
    return largest == 0 ? is_dust(s, row) : row->amount.units * 1000 <= largest;
}

static bool showed_up(const struct side *s, uint32_t who, uint32_t real)
{
    for (size_t i = 0; i < s->mem->n_rows; i++) {
        const struct sg_row *r = &s->mem->rows[i];
        if (deals_with(s, r, who))
            return !is_signed(s, r) && is_small(s, r, real);
    }
    return false;
}

unsigned oracle_decoy(bool *paid, const struct mem_ledger *mem, uint64_t at, const bool *subjects,
                      uint32_t real_asset)
{
    const struct side s = {mem, subjects, real_asset};
    const struct sg_row *row = &mem->rows[at];
    const struct sg_addr_id ends[] = {row->from, row->to};
    unsigned kinds = 0;
    *paid = false;
    if (!happened(row) || !concerns(&s, row))
        return 0;
    if (is_fake(&s, row->asset.v))
        kinds |= 2;
    for (size_t e = 0; e < 2; e++) {
        const uint32_t who = ends[e].v;
        const uint32_t real =
            who != SG_ID_NONE && deals_with(&s, row, who) ? imitated(&s, who) : SG_ID_NONE;
        if (real == SG_ID_NONE)
            continue;
        if (is_small(&s, row, real) && !is_signed(&s, row))
            kinds |= 1;
        if (!is_small(&s, row, real) && is_signed(&s, row) && row->to.v == who &&
            showed_up(&s, who, real))
            *paid = true;
    }
    return kinds;
}
