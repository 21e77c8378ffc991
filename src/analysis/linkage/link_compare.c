/* How far two values of one field agree: a level for each kind, 0 being "differs". What the levels
 * mean in words is in link_kinds.c. */
#include "analysis/linkage/linkage_internal.h"

/* Letters that only one of two texts has: more, and they are not worth a closer look. */
static bool far(const struct lk_value *a, const struct lk_value *b, int limit)
{
    return __builtin_popcountll(a->letters ^ b->letters) > limit;
}

static bool begins(struct sg_text longer, struct sg_text shorter)
{
    return shorter.size >= 1 && shorter.size <= longer.size &&
           memcmp(longer.data, shorter.data, shorter.size) == 0;
}

static bool short_form(const struct lk_value *a, const struct lk_value *b)
{
    return begins(a->text, b->text) || begins(b->text, a->text) || (a->sig & b->sig) ||
           (a->code == b->code && a->code >= 64);
}

static unsigned name_level(const struct lk_value *a, const struct lk_value *b)
{
    const size_t shorter = a->text.size < b->text.size ? a->text.size : b->text.size;
    if (shorter >= 3 && !far(a, b, 4) &&
        sg_link_distance(a->text, b->text, shorter >= 8 ? 2 : 1) <= (shorter >= 8 ? 2 : 1))
        return 4;
    if (short_form(a, b))
        return 3;
    if (far(a, b, 8))
        return 0;
    const double alike = sg_link_jaro_winkler(a->text, b->text);
    return alike >= 0.92 ? 4 : alike >= 0.8 ? 1 : 0;
}

static unsigned words_level(const struct lk_column *c, const struct lk_value *a,
                            const struct lk_value *b)
{
    if (!far(a, b, 4) && sg_link_distance(a->text, b->text, 2) <= 2)
        return 4;
    const double shared = sg_lk_shared_words(c, a, b);
    return shared >= 0.95 ? 4 : shared >= 0.6 ? 3 : shared >= 0.3 ? 1 : 0;
}

static unsigned rest_level(const struct lk_column *c, const struct lk_value *a,
                           const struct lk_value *b)
{
    const double shared = sg_lk_shared_words(c, a, b);
    return shared >= 0.75 ? 3 : shared >= 0.4 ? 2 : shared > 0.1 ? 1 : 0;
}

static bool parts_swapped(uint32_t a, uint32_t b)
{
    return a / 10000 == b / 10000 && a / 100 % 100 == b % 100 && a % 100 == b / 100 % 100;
}

static unsigned day_level(uint32_t a, uint32_t b)
{
    const uint32_t ya = a / 10000, yb = b / 10000, apart = ya > yb ? ya - yb : yb - ya;
    const unsigned same =
        (unsigned)(ya == yb) + (a / 100 % 100 == b / 100 % 100) + (a % 100 == b % 100);
    return same == 2 ? 3 : apart <= 1 ? 2 : apart <= 10 ? 1 : 0;
}

static unsigned date_level(const struct lk_value *a, const struct lk_value *b)
{
    if (a->text.size == b->text.size && sg_link_distance(a->text, b->text, 1) == 1)
        return 4;
    if (!a->code || !b->code)
        return sg_link_distance(a->text, b->text, 2) <= 2 ? 3 : 0;
    return parts_swapped(a->code, b->code) ? 4 : day_level(a->code, b->code);
}

static struct sg_text local(const struct lk_value *v)
{
    return (struct sg_text){v->text.data, v->code};
}

static unsigned email_level(const struct lk_value *a, const struct lk_value *b)
{
    const struct sg_text x = local(a), y = local(b);
    if ((x.size >= 3 && x.size == y.size && memcmp(x.data, y.data, x.size) == 0) ||
        (!far(a, b, 4) && sg_link_distance(a->text, b->text, 2) <= 2))
        return 3;
    const double alike = sg_link_jaro_winkler(x, y);
    return alike >= 0.9 ? 2 : alike >= 0.8 ? 1 : 0;
}

static unsigned code_level(const struct lk_value *a, const struct lk_value *b)
{
    const size_t n = (a->text.size + 1) / 2;
    if (a->text.size >= 3 && b->text.size >= 3 && !far(a, b, 2) &&
        sg_link_distance(a->text, b->text, 1) <= 1)
        return 2;
    return a->text.size >= 3 && n <= b->text.size && memcmp(a->text.data, b->text.data, n) == 0;
}

static unsigned near_level(const struct lk_value *a, const struct lk_value *b, size_t least,
                           unsigned max)
{
    return a->text.size >= least && b->text.size >= least && !far(a, b, 2 * (int)max) &&
           sg_link_distance(a->text, b->text, max) <= max;
}

static unsigned bits_level(uint64_t a, uint64_t b, const int bounds[3])
{
    const int apart = __builtin_popcountll(a ^ b);
    unsigned level = 0;
    for (size_t i = 0; i < 3; i++)
        level += apart <= bounds[i];
    return level;
}

static unsigned level_of(const struct lk_column *c, const struct lk_value *a,
                         const struct lk_value *b)
{
    static const int text_bounds[3] = {18, 12, 5}, image_bounds[3] = {10, 4, -1};
    switch (c->kind) {
    case SG_LINK_NAME:
        return name_level(a, b);
    case SG_LINK_ADDRESS:
        return words_level(c, a, b);
    case SG_LINK_REST:
        return rest_level(c, a, b);
    case SG_LINK_DATE:
        return date_level(a, b);
    case SG_LINK_EMAIL:
        return email_level(a, b);
    case SG_LINK_CODE:
        return code_level(a, b);
    case SG_LINK_PHONE:
        return near_level(a, b, 6, 1);
    case SG_LINK_CATEGORY:
        return near_level(a, b, 3, 1);
    case SG_LINK_IDENTIFIER:
        return near_level(a, b, 6, 2);
    case SG_LINK_IP:
        return a->sig == b->sig;
    case SG_LINK_TEXT:
        return bits_level(a->sig, b->sig, text_bounds);
    case SG_LINK_IMAGE_HASH:
        return bits_level(a->sig, b->sig, image_bounds);
    }
    return 0;
}

static const struct lk_value *value_of(const struct lk_column *c, uint32_t row)
{
    return c->cells[row] ? &c->values[c->cells[row] - 1] : NULL;
}

static bool same_text(const struct lk_value *a, const struct lk_value *b)
{
    return a && b && a->hash == b->hash && a->text.size == b->text.size && a->text.size > 1 &&
           memcmp(a->text.data, b->text.data, a->text.size) == 0;
}

/* What stands here in one record stands in the other field of the other. */
static bool swapped(const struct lk *lk, size_t field, size_t other, uint32_t a, uint32_t b)
{
    const struct lk_column *c = &lk->columns[field], *d = &lk->columns[other];
    return same_text(value_of(c, a), value_of(d, b)) || same_text(value_of(d, a), value_of(c, b));
}

void sg_lk_compare(uint8_t *levels, const struct lk *lk, uint32_t a, uint32_t b)
{
    const uint32_t *of_a = lk->cells + a * lk->n_fields, *of_b = lk->cells + b * lk->n_fields;
    for (size_t f = 0; f < lk->n_fields; f++) {
        const struct lk_column *c = &lk->columns[f];
        const uint32_t x = of_a[f], y = of_b[f];
        const size_t swap = lk->model->fields[f].swap;
        if (!x || !y) {
            levels[f] = SG_LINK_MISSING;
            continue;
        }
        levels[f] = (uint8_t)(x == y ? sg_link_n_levels(c->kind) - 1
                                     : level_of(c, &c->values[x - 1], &c->values[y - 1]));
        if (levels[f] < 2 && swap != SIZE_MAX && swapped(lk, f, swap, a, b))
            levels[f] = 2;
    }
}
