/* From findings to a ranking. A finding is worth how bad it is, and how seldom one at least as bad,
 * of its rule, comes up in a commit of this size in this repository. See docs/methods/commits.md.
 */
#include "analysis/risk/risk.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* Share of the bits of rarity in a finding's worth; the rest is how bad it is. Both from the
 * development set, in steps of a tenth; the page has the table. */
#define RARITY_SHARE 0.4

/* Exponent by which the chance of meeting a finding grows with a commit's lines: 0 ignores size, 1
 * takes every line as one more chance. */
#define SIZE_EXPONENT 0.4

/* Worth of the second rule's finding, beside the first. */
#define SECOND_SHARE 0.15

/* Bits that the largest context signal can add. */
#define CONTEXT_BITS 1.0

struct tally {
    uint32_t weight;
    double exposure; /* of the commit that holds the hit */
};

/* For a rule: hits by falling weight, so that "at least as bad" is a prefix. */
struct rule_tally {
    struct tally *items;
    size_t count;
};

struct model {
    struct rule_tally rules[SG_RISK_RULE_COUNT];
    double exposure; /* sum over all commits */
    struct tally *pool;
};

static double exposure_of(const struct sg_risk_item *item)
{
    return pow(1.0 + item->n_lines, SIZE_EXPONENT);
}

static int by_weight(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* The heaviest hit of each rule in one commit; 0 where the rule did not fire. */
static void worst_of(uint32_t worst[SG_RISK_RULE_COUNT], const struct sg_risk_item *item)
{
    for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++)
        worst[r] = 0;
    for (size_t i = 0; i < item->n_hits; i++)
        if (item->hits[i].rule < SG_RISK_RULE_COUNT &&
            item->hits[i].weight > worst[item->hits[i].rule])
            worst[item->hits[i].rule] = item->hits[i].weight;
}

static void count_hits(size_t counts[SG_RISK_RULE_COUNT], const struct sg_risk_item *items,
                       size_t n)
{
    uint32_t worst[SG_RISK_RULE_COUNT];
    for (size_t i = 0; i < n; i++) {
        worst_of(worst, &items[i]);
        for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++)
            counts[r] += worst[r] > 0;
    }
}

static enum sg_status learn(struct model *model, const struct sg_risk_item *items, size_t n,
                            struct sg_err *err)
{
    size_t counts[SG_RISK_RULE_COUNT] = {0}, total = 0;
    uint32_t worst[SG_RISK_RULE_COUNT];
    count_hits(counts, items, n);
    for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++)
        total += counts[r];
    model->pool = sg_mem_alloc(total + 1, sizeof(*model->pool));
    if (!model->pool)
        return sg_err_nomem(err);
    struct tally *next = model->pool;
    for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++) {
        model->rules[r].items = next;
        next += counts[r];
    }
    for (size_t i = 0; i < n; i++) {
        model->exposure += exposure_of(&items[i]);
        worst_of(worst, &items[i]);
        for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++)
            if (worst[r] > 0)
                model->rules[r].items[model->rules[r].count++] =
                    (struct tally){worst[r], exposure_of(&items[i])};
    }
    for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++)
        qsort(model->rules[r].items, model->rules[r].count, sizeof(struct tally), by_weight);
    return SG_OK;
}

/* How many commits have a hit of the rule at least this heavy. */
static size_t at_least(const struct rule_tally *rule, uint32_t weight)
{
    size_t low = 0, high = rule->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rule->items[middle].weight >= weight)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Bits of surprise that a commit of this exposure meets such a hit: hits are taken to fall at a
 * rate in proportion to exposure. */
static double rarity(const struct model *model, size_t rule, uint32_t weight, double exposure)
{
    const double hits = (double)at_least(&model->rules[rule], weight) + 0.5;
    const double expected = hits * exposure / model->exposure;
    return -log2(1.0 - exp(-expected));
}

static double worth(const struct model *model, size_t rule, uint32_t weight, double exposure)
{
    const double bits = rarity(model, rule, weight, exposure);
    return log2(1.0 + weight / 10.0) + RARITY_SHARE * (bits < 0 ? 0 : bits);
}

static struct sg_risk_score score_of(const struct model *model, const struct sg_risk_item *item)
{
    struct sg_risk_score score = {.lead = (uint32_t)item->n_hits};
    uint32_t worst[SG_RISK_RULE_COUNT];
    double first = 0, second = 0;
    size_t lead = 0;
    worst_of(worst, item);
    for (size_t r = 0; r < SG_RISK_RULE_COUNT; r++) {
        const double w = worst[r] > 0 ? worth(model, r, worst[r], exposure_of(item)) : 0;
        if (w > first) {
            second = first;
            first = w;
            lead = r;
        } else if (w > second) {
            second = w;
        }
    }
    for (size_t i = 0; i < item->n_hits && first > 0; i++)
        if (item->hits[i].rule == lead && item->hits[i].weight == worst[lead] &&
            score.lead == item->n_hits)
            score.lead = (uint32_t)i;
    if (first > 0)
        score.score = first + SECOND_SHARE * second + CONTEXT_BITS * item->context / 1000.0;
    return score;
}

static int by_score(const void *a, const void *b)
{
    const struct sg_risk_score *x = *(struct sg_risk_score *const *)a;
    const struct sg_risk_score *y = *(struct sg_risk_score *const *)b;
    return x->score > y->score ? -1 : x->score < y->score;
}

/* Positions, shared by those with equal scores. */
static void place(struct sg_risk_score **order, size_t n)
{
    qsort(order, n, sizeof(struct sg_risk_score *), by_score);
    for (size_t from = 0; from < n;) {
        size_t to = from + 1;
        while (to < n && !(order[to]->score < order[from]->score))
            to++;
        for (size_t i = from; i < to; i++) {
            order[i]->rank = (uint32_t)(from + 1);
            order[i]->n_tied = (uint32_t)(to - from);
            order[i]->percentile =
                100.0 * (1.0 - ((double)from + (double)(to - from - 1) / 2.0) / (double)n);
        }
        from = to;
    }
}

enum sg_status sg_risk_rank(struct sg_risk_score *scores, const struct sg_risk_item *items,
                            size_t n, struct sg_err *err)
{
    struct model model = {0};
    struct sg_risk_score **order = sg_mem_alloc(n + 1, sizeof(struct sg_risk_score *));
    enum sg_status st = order ? learn(&model, items, n, err) : sg_err_nomem(err);
    if (st != SG_OK)
        goto out;
    for (size_t i = 0; i < n; i++) {
        scores[i] = score_of(&model, &items[i]);
        order[i] = &scores[i];
    }
    place(order, n);
out:
    sg_mem_free(model.pool);
    sg_mem_free((void *)order);
    return st;
}
