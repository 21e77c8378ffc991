/* Which blocking rules? Every field as it stands; and every field alone and every two fields
 * together by the coarsest reduced forms whose blocks are affordable: coarse forms survive
 * misprints. What a rule costs is
 * counted on a sample of rows. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SAMPLE_MAX 20000
#define SLOTS      (1u << 17)

/* Pairs a row that one rule may cost, and all of them together; in a large file fewer. */
#define RULE_COST 4.0
#define ALL_COST  48.0
#define LARGE     100000

/* A field alone is a rule where this share of rows can be paired by it. Such rules are often the
 * only ones whose pairs are mostly one person, so the estimates lean on them; in a large file they
 * may cost more than others. */
#define EXACT_MIN  0.05
#define EXACT_COST 3.0

/* Rules that one field may take part in. */
#define USES_MAX 9

struct candidate {
    struct sg_link_rule rule;
    double cost;     /* pairs a row */
    double coverage; /* share of rows that have the key, in a block that is not too large */
};

struct choice {
    struct lk *lk;
    struct candidate *candidates; /* one for each field and each two fields */
    size_t n_candidates;
    struct candidate exact[SG_LINK_FIELDS_MAX]; /* each field alone as it stands */
    double rule_cost;
    atomic_bool failed;
};

uint32_t sg_lk_rule_key(const struct lk *lk, const struct sg_link_rule *rule, size_t row)
{
    uint64_t key = 0;
    for (size_t f = 0; rule->whole && f < lk->n_fields; f++)
        key = sg_link_mix(key * 31 + lk->cells[row * lk->n_fields + f]);
    for (size_t i = 0; !rule->whole && i < 2 && rule->fields[i] != SIZE_MAX; i++) {
        const struct lk_column *c = &lk->columns[rule->fields[i]];
        const uint32_t cell = c->cells[row];
        const uint32_t part = cell ? c->values[cell - 1].keys[rule->keys[i]] : 0;
        if (!part)
            return 0;
        key = sg_link_mix(key * 31 + part);
    }
    return (uint32_t)key ? (uint32_t)key : 1;
}

/* Count on every step-th row how often keys meet. */
static void price(struct candidate *c, const struct lk *lk, uint32_t *slots)
{
    const size_t step = lk->n_rows / SAMPLE_MAX + 1, n = (lk->n_rows + step - 1) / step;
    const double most = 1 + (double)LK_BLOCK_MAX / (double)step;
    double pairs = 0, paired = 0;
    size_t present = 0;
    memset(slots, 0, SLOTS * sizeof(*slots));
    for (size_t row = 0; row < lk->n_rows; row += step) {
        const uint32_t key = sg_lk_rule_key(lk, &c->rule, row);
        slots[key & (SLOTS - 1)] += key != 0;
        present += key != 0;
    }
    for (size_t i = 0; i < SLOTS; i++)
        if ((double)slots[i] <= most) {
            pairs += (double)slots[i] * (slots[i] - 1.0) / 2;
            paired += slots[i];
        }
    /* Of a sample of one row in `step` a pair survives by step^-2; and keys share slots. */
    pairs -= (double)present * (double)present / 2 / SLOTS;
    c->cost = pairs > 0 ? pairs * (double)step / (double)n : 0;
    c->coverage = paired / (double)n;
}

static bool better(const struct candidate *a, const struct candidate *b, double limit)
{
    if (a->cost > limit || a->coverage <= 0)
        return false;
    return b->coverage <= 0 || a->cost > b->cost;
}

/* The best reduced forms of the fields of one candidate. */
static void choose_keys(void *ctx, size_t index)
{
    struct choice *choice = ctx;
    struct candidate *best = &choice->candidates[index];
    uint32_t *slots = sg_mem_alloc(SLOTS, sizeof(*slots));
    const bool two = best->rule.fields[1] != SIZE_MAX;
    if (!slots)
        atomic_store(&choice->failed, true);
    if (slots && !two) {
        choice->exact[best->rule.fields[0]].rule = best->rule;
        price(&choice->exact[best->rule.fields[0]], choice->lk, slots);
    }
    for (unsigned i = two ? 0 : 1; slots && i < LK_KEYS_MAX; i++)
        for (unsigned k = 0; k < (two ? LK_KEYS_MAX : 1); k++) {
            struct candidate c = *best;
            c.rule.keys[0] = i;
            c.rule.keys[1] = k;
            price(&c, choice->lk, slots);
            if (better(&c, best, choice->rule_cost))
                *best = c;
        }
    sg_mem_free(slots);
}

/* Coarse rules first, those that few records have the fields for last; then by fields. */
static int by_worth(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    const double wx = x->coverage * (1 + x->cost), wy = y->coverage * (1 + y->cost);
    if (wx != wy)
        return wx > wy ? -1 : 1;
    return memcmp(x->rule.fields, y->rule.fields, sizeof(x->rule.fields));
}

/* As many of the best as may be afforded; and records that are equal in all meet anyhow. */
static void take(struct choice *choice)
{
    struct lk *lk = choice->lk;
    size_t uses[SG_LINK_FIELDS_MAX] = {0};
    double cost = 0;
    const double most = ALL_COST * choice->rule_cost / RULE_COST;
    for (size_t f = 0; f < lk->n_fields; f++)
        if (choice->exact[f].coverage > EXACT_MIN && choice->exact[f].cost < EXACT_COST)
            lk->blocks[lk->n_blocks++].rule = choice->exact[f].rule;
    for (size_t i = 0; i < choice->n_candidates && lk->n_blocks + 1 < SG_LINK_RULES_MAX; i++) {
        const struct candidate *c = &choice->candidates[i];
        const size_t f = c->rule.fields[0], g = c->rule.fields[1];
        if (c->coverage <= 0 || cost + c->cost > most || uses[f] >= USES_MAX ||
            (g != SIZE_MAX && uses[g] >= USES_MAX))
            continue;
        uses[f]++;
        if (g != SIZE_MAX)
            uses[g]++;
        cost += c->cost;
        lk->blocks[lk->n_blocks++].rule = c->rule;
    }
}

enum sg_status sg_lk_rules(struct lk *lk, struct sg_err *err)
{
    const size_t n = lk->n_fields, n_candidates = n * (n + 1) / 2;
    struct choice choice = {.lk = lk, .rule_cost = RULE_COST};
    if (lk->n_rows > LARGE)
        choice.rule_cost = RULE_COST * LARGE / (double)lk->n_rows;
    choice.candidates = sg_mem_zalloc(n_candidates + 1, sizeof(*choice.candidates));
    if (!choice.candidates)
        return sg_err_nomem(err);
    for (size_t f = 0; f < n; f++)
        for (size_t g = f; g < n; g++) {
            struct candidate *c = &choice.candidates[choice.n_candidates++];
            c->rule.fields[0] = f;
            c->rule.fields[1] = g == f ? SIZE_MAX : g;
        }
    sg_parallel_for(lk->options->n_threads, n_candidates, choose_keys, &choice);
    if (atomic_load(&choice.failed)) {
        sg_mem_free(choice.candidates);
        return sg_err_nomem(err);
    }
    qsort(choice.candidates, n_candidates, sizeof(*choice.candidates), by_worth);
    take(&choice);
    lk->blocks[lk->n_blocks++].rule =
        (struct sg_link_rule){.whole = true, .fields = {SIZE_MAX, SIZE_MAX}};
    sg_mem_free(choice.candidates);
    return SG_OK;
}
