/* Fields that agree among strangers once another one does: a home's street, surname and network; a
 * country's given names, towns and area codes; a name and the mail made of it. Counted apart, each
 * would say anew what the first has said, and most loudly for those whose names come from a small
 * stock.
 *
 * Learnt from pairs that are equal in one field, drawn from all of its values, however common: of
 * common ones nearly all are strangers. m is held; the levels of those that are two people are
 * found by expectation maximisation. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"

#include <math.h>

#define DRAWS  6000
#define ROUNDS 25
#define SMOOTH 0.5

/* Pairs of two people from which on they say how other fields depend; how many times likelier than
 * elsewhere a level is to be for that to count, and the least share of them that must have it. */
#define OTHERS_MIN 100.0
#define DEPENDENT  10.0
#define SHARE_MIN  0.01

struct draw {
    uint8_t *levels; /* n_fields a pair */
    size_t n_pairs;
    double share; /* of its pairs that are one person */
};

struct work {
    struct lk *lk;
    bool failed[SG_LINK_FIELDS_MAX];
};

/* Rows in the order of their values: those of value v are rows[ends[v - 1] .. ends[v]). */
static bool by_value(uint32_t **rows, uint32_t **ends, const struct lk_column *c, size_t n_rows)
{
    *rows = sg_mem_alloc(n_rows + 1, sizeof(**rows));
    *ends = sg_mem_zalloc(c->n_values + 2, sizeof(**ends));
    if (!*rows || !*ends)
        return false;
    for (size_t r = 0; r < n_rows; r++)
        if (c->cells[r])
            ++(*ends)[c->cells[r] + 1];
    for (size_t v = 1; v <= c->n_values + 1; v++)
        (*ends)[v] += (*ends)[v - 1];
    for (size_t r = 0; r < n_rows; r++)
        if (c->cells[r])
            (*rows)[(*ends)[c->cells[r]]++] = (uint32_t)r;
    return true;
}

/* As many draws as there are such pairs, and no more than are needed: a small table drawn from
 * again and again would seem to say more than it does. */
static size_t n_draws(const struct lk_column *c)
{
    double pairs = 0;
    for (size_t i = 0; i < c->n_values; i++)
        pairs += (double)c->values[i].rows * ((double)c->values[i].rows - 1) / 2;
    return pairs < DRAWS ? (size_t)pairs : DRAWS;
}

/* Pairs equal in a field: a random row, and a random other one of its value. */
static bool draw(struct draw *d, const struct lk *lk, size_t field)
{
    const struct lk_column *c = &lk->columns[field];
    uint32_t *rows = NULL, *ends = NULL;
    struct sg_rng rng;
    d->levels = sg_mem_alloc(DRAWS * lk->n_fields, 1);
    const bool fine = d->levels && by_value(&rows, &ends, c, lk->n_rows);
    sg_rng_init(&rng, lk->n_rows * SG_LINK_FIELDS_MAX + field);
    for (size_t i = n_draws(c); fine && i > 0; i--) {
        const uint32_t a = (uint32_t)sg_rng_below(&rng, lk->n_rows), value = c->cells[a];
        if (!value)
            continue;
        const uint32_t begin = ends[value - 1], n = ends[value] - begin;
        const uint32_t b = rows[begin + sg_rng_below(&rng, n)];
        if (a != b)
            sg_lk_compare(d->levels + d->n_pairs++ * lk->n_fields, lk, a, b);
    }
    sg_mem_free(rows);
    sg_mem_free(ends);
    return fine;
}

/* One round: what the pairs of two people agree on. */
static void one_round(struct draw *d, const struct lk *lk, size_t given,
                      double u[][SG_LINK_LEVELS_MAX])
{
    double counts[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX] = {{0}};
    double evidence[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    const double prior = log(d->share / (1 - d->share));
    double found = 0;
    for (size_t f = 0; f < lk->n_fields; f++)
        for (size_t l = 0; l < sg_link_n_levels(lk->model->fields[f].kind); l++)
            evidence[f][l] = f == given ? 0 : log(lk->model->fields[f].m[l] / u[f][l]);
    for (size_t i = 0; i < d->n_pairs; i++) {
        const uint8_t *levels = d->levels + i * lk->n_fields;
        const double p = sg_lk_posterior(evidence, prior, levels, lk->n_fields);
        found += p;
        for (size_t f = 0; f < lk->n_fields; f++)
            if (levels[f] != SG_LINK_MISSING)
                counts[f][levels[f]] += 1 - p;
    }
    d->share = (found + SMOOTH) / ((double)d->n_pairs + 2 * SMOOTH);
    for (size_t f = 0; f < lk->n_fields; f++)
        sg_lk_shares(u[f], counts[f], sg_link_n_levels(lk->model->fields[f].kind), -1);
}

static bool is_dependent(const struct sg_link_field *field, const double *u)
{
    for (size_t l = 1; l < sg_link_n_levels(field->kind); l++)
        if (u[l] >= SHARE_MIN && u[l] >= DEPENDENT * field->u[l])
            return true;
    return false;
}

/* Whether the second class agrees on most of what tells people apart, counted in bits: then it is
 * people who moved or changed their phone, and no strangers. */
static bool is_same_people(const struct lk *lk, double u[][SG_LINK_LEVELS_MAX], size_t given)
{
    double agreed = 0, all = 0;
    for (size_t f = 0; f < lk->n_fields; f++) {
        const struct sg_link_field *field = &lk->model->fields[f];
        const size_t top = sg_link_n_levels(field->kind) - 1;
        const double bits = log2(field->m[top] / field->u[top]);
        if (f == given || bits <= 0)
            continue;
        all += bits;
        agreed += u[f][top] * 2 >= field->m[top] ? bits : 0;
    }
    return agreed * 2 >= all;
}

static void learn(struct lk *lk, struct draw *d, size_t given)
{
    double u[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    d->share = 0.2;
    for (size_t f = 0; f < lk->n_fields; f++)
        memcpy(u[f], lk->model->fields[f].u, sizeof(u[f]));
    for (int round = 0; d->n_pairs && round < ROUNDS; round++)
        one_round(d, lk, given, u);
    if ((1 - d->share) * (double)d->n_pairs < OTHERS_MIN || is_same_people(lk, u, given))
        return;
    for (size_t f = 0; f < lk->n_fields; f++) {
        if (f == given || !is_dependent(&lk->model->fields[f], u[f]))
            continue;
        memcpy(lk->u_given[f][given], u[f], sizeof(u[f]));
        lk->depends[f][given] = true;
    }
}

static void one_field(void *ctx, size_t field)
{
    struct work *work = ctx;
    struct draw d = {.levels = NULL};
    work->failed[field] = !draw(&d, work->lk, field);
    if (!work->failed[field])
        learn(work->lk, &d, field);
    sg_mem_free(d.levels);
}

enum sg_status sg_lk_dependence(struct lk *lk, struct sg_err *err)
{
    struct work work = {.lk = lk};
    sg_parallel_for(lk->options->n_threads, lk->n_fields, one_field, &work);
    for (size_t f = 0; f < lk->n_fields; f++)
        if (work.failed[f])
            return sg_err_nomem(err);
    return SG_OK;
}
