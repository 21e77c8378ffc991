#include "oracle/risk_rank.h"

#include <math.h>

static unsigned worst(const struct sg_risk_item *item, unsigned rule)
{
    unsigned weight = 0;
    for (size_t i = 0; i < item->n_hits; i++)
        if (item->hits[i].rule == rule && item->hits[i].weight > weight)
            weight = item->hits[i].weight;
    return weight;
}

static double exposure(const struct sg_risk_item *item)
{
    return pow(1.0 + item->n_lines, 0.4);
}

static double worth(const struct sg_risk_item *items, size_t n, size_t at, unsigned rule)
{
    const unsigned weight = worst(&items[at], rule);
    double as_bad = 0.5, all = 0;
    if (weight == 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        as_bad += worst(&items[i], rule) >= weight;
        all += exposure(&items[i]);
    }
    const double chance = 1.0 - exp(-as_bad * exposure(&items[at]) / all);
    return log2(1.0 + weight / 10.0) + 0.4 * fmax(0, -log2(chance));
}

static double score(const struct sg_risk_item *items, size_t n, size_t at)
{
    double best = 0, next = 0;
    for (unsigned rule = 0; rule < SG_RISK_RULE_COUNT; rule++) {
        const double w = worth(items, n, at, rule);
        next = fmax(next, fmin(w, best));
        best = fmax(best, w);
    }
    return best > 0 ? best + 0.15 * next + items[at].context / 1000.0 : 0;
}

void oracle_risk_rank(struct sg_risk_score *scores, const struct sg_risk_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        scores[i].score = score(items, n, i);
    for (size_t i = 0; i < n; i++) {
        uint32_t above = 0, same = 0;
        for (size_t k = 0; k < n; k++) {
            above += scores[k].score > scores[i].score;
            same += !(scores[k].score > scores[i].score) && !(scores[k].score < scores[i].score);
        }
        scores[i].rank = above + 1;
        scores[i].n_tied = same;
        scores[i].percentile = 100.0 * (1.0 - (above + (same - 1) / 2.0) / (double)n);
    }
}
