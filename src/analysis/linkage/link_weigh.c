/* Evidence of a pair: log2(m/u) of each field's level, sharper where the value is rare and duller
 * where it is common. Integers of 1/1024 bits, so that sums are the same in any order. */
#include "analysis/linkage/linkage_internal.h"

#include <math.h>

/* A value of one group among a million is rarer than the file can tell. */
#define RARITY_MAX (10 * LK_MIB)
#define COMMON_MAX (8 * LK_MIB)

static int32_t mib(double ratio)
{
    return (int32_t)lrint(log2(ratio) * LK_MIB);
}

static int32_t clamp(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* How much rarer than the field's usual equal pair each value is. */
static void set_rarity(struct lk_column *c, double u_equal)
{
    for (size_t i = 0; i < c->n_values; i++) {
        struct lk_value *v = &c->values[i];
        v->rarity_mib =
            v->rows ? clamp(mib(u_equal * c->total / v->rows), -COMMON_MAX, RARITY_MAX) : 0;
    }
}

/* A rarer field comes before one that depends on it; of two alike the earlier column does. */
static bool comes_before(const struct lk *lk, size_t g, size_t f)
{
    const struct sg_link_field *x = &lk->model->fields[g], *y = &lk->model->fields[f];
    const double a = x->u[sg_link_n_levels(x->kind) - 1], b = y->u[sg_link_n_levels(y->kind) - 1];
    return a != b ? a < b : g < f;
}

static void set_given(struct lk *lk, size_t f)
{
    const struct sg_link_field *field = &lk->model->fields[f];
    lk->earlier[f] = lk->others[f] = 0;
    for (size_t g = 0; g < lk->n_fields; g++) {
        if (!lk->depends[f][g])
            continue;
        lk->others[f] |= UINT32_C(1) << g;
        lk->earlier[f] |= (uint32_t)comes_before(lk, g, f) << g;
        for (size_t l = 0; l < sg_link_n_levels(field->kind); l++)
            lk->given_weights[f][g][l] = mib(field->m[l] / lk->u_given[f][g][l]);
    }
}

void sg_lk_set_weights(struct lk *lk)
{
    for (size_t f = 0; f < lk->n_fields; f++) {
        const struct sg_link_field *field = &lk->model->fields[f];
        for (size_t l = 0; l < sg_link_n_levels(field->kind); l++)
            lk->weights[f][l] = mib(field->m[l] / field->u[l]);
        set_given(lk, f);
        set_rarity(&lk->columns[f], field->u[sg_link_n_levels(field->kind) - 1]);
    }
    lk->prior_mib = mib(lk->model->prior / (1 - lk->model->prior));
}

/* Of two values of a field the commoner one counts. */
static int32_t rarity(const struct lk *lk, size_t f, uint32_t a, uint32_t b)
{
    const struct lk_value *values = lk->columns[f].values;
    const int32_t x = values[lk->cells[a * lk->n_fields + f] - 1].rarity_mib,
                  y = values[lk->cells[b * lk->n_fields + f] - 1].rarity_mib;
    return x < y ? x : y;
}

/* Levels by which values are near: half of the rarity counts, and only against. */
static bool is_near(enum sg_link_kind kind, unsigned level)
{
    return (kind == SG_LINK_NAME && level == 4) || (kind == SG_LINK_ADDRESS && level == 4);
}

static bool is_equal(const struct lk *lk, size_t field, const uint8_t *levels)
{
    return levels[field] == sg_link_n_levels(lk->model->fields[field].kind) - 1;
}

/* What is left for a common value once another field has spoken: how common it is counts here too,
 * but does not turn agreement into evidence against. */
static int32_t of_common(int32_t given, int32_t common)
{
    const int32_t least = given < 0 ? given : 0;
    return given + common > least ? given + common : least;
}

/* The least evidence that is left once others have spoken: of fields that are equal the rarer ones,
 * and of a field that is not equal all that are. */
static int32_t after_others(const struct lk *lk, size_t f, const uint8_t *levels, int32_t weight,
                            int32_t common)
{
    uint32_t left = is_equal(lk, f, levels) ? lk->earlier[f] : lk->others[f];
    for (; left; left &= left - 1) {
        const size_t g = (size_t)__builtin_ctz(left);
        if (!is_equal(lk, g, levels))
            continue;
        const int32_t given = of_common(lk->given_weights[f][g][levels[f]], common);
        weight = given < weight ? given : weight;
    }
    return weight;
}

int32_t sg_lk_field_weight(const struct lk *lk, size_t f, const uint8_t *levels, uint32_t a,
                           uint32_t b)
{
    const unsigned level = levels[f];
    const enum sg_link_kind kind = lk->model->fields[f].kind;
    const size_t implied = lk->model->fields[f].implied;
    if (level == SG_LINK_MISSING || (implied != SIZE_MAX && is_equal(lk, implied, levels)))
        return 0;
    int32_t rare = 0;
    if (is_equal(lk, f, levels))
        rare = rarity(lk, f, a, b);
    else if (is_near(kind, level))
        rare = rarity(lk, f, a, b) / 2;
    const int32_t weight = lk->weights[f][level] + rare;
    return weight > 0 ? after_others(lk, f, levels, weight, rare < 0 ? rare : 0) : weight;
}

int32_t sg_lk_weight(const struct lk *lk, const uint8_t *levels, uint32_t a, uint32_t b)
{
    int32_t weight = lk->prior_mib;
    for (size_t f = 0; f < lk->n_fields; f++)
        weight += sg_lk_field_weight(lk, f, levels, a, b);
    return weight;
}
