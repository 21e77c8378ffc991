#include "analysis/score/score.h"

#include <stdlib.h>

const char *sg_score_direction_name(enum sg_score_direction direction)
{
    switch (direction) {
    case SG_SCORE_SELF:
        return "self";
    case SG_SCORE_IN:
        return "in";
    case SG_SCORE_OUT:
        return "out";
    }
    return "unknown";
}

struct sum {
    const struct sg_riskfile *file;
    struct sg_score_part *parts;
    size_t n;
    uint64_t points_parts;
};

/* Weights, shares and percentages are bounded: a part is below 10^5 hundredths. */
static void add(struct sum *sum, struct sg_score_part part)
{
    const struct sg_riskfile *file = sum->file;
    if (!file->has_weight[part.category])
        return;
    const size_t last = file->n_distance - 1;
    part.weight = file->weight[part.category];
    part.distance =
        part.hops == 0 ? 100 : file->distance[part.hops - 1 < last ? part.hops - 1 : last];
    part.points_parts = (uint64_t)part.weight * part.share_parts * part.distance / 10000;
    sum->parts[sum->n++] = part;
    sum->points_parts += part.points_parts;
}

static void add_side(struct sum *sum, enum sg_score_direction direction,
                     const struct sg_exposure_side *side)
{
    struct sg_amount whole = side->total;
    if (!sg_amount_add(&whole, whole, side->by_swap) || sg_amount_is_zero(whole))
        return;
    for (size_t i = 0; i < side->n_categories; i++) {
        const struct sg_exposure_category *c = &side->categories[i];
        const struct sg_amount part = sg_amount_cmp(c->ended, c->passed) < 0 ? c->passed : c->ended;
        add(sum, (struct sg_score_part){.direction = direction,
                                        .category = c->category,
                                        .hops = c->hops,
                                        .share_parts = sg_amount_scale(10000, part, whole)});
    }
}

static int by_points(const void *a, const void *b)
{
    const struct sg_score_part *x = a, *y = b;
    if (x->points_parts != y->points_parts)
        return x->points_parts > y->points_parts ? -1 : 1;
    if (x->direction != y->direction)
        return (int)x->direction - (int)y->direction;
    return (int)x->category - (int)y->category;
}

enum sg_status sg_score_make(struct sg_score *score, struct sg_arena *arena,
                             const struct sg_riskfile *file, const struct sg_exposure *exposure,
                             uint32_t self, struct sg_err *err)
{
    struct sum sum = {.file = file};
    sum.parts = sg_arena_alloc(arena, 3 * SG_CATEGORY_COUNT, sizeof(*sum.parts));
    if (!sum.parts)
        return sg_err_nomem(err);
    for (size_t c = 0; c < SG_CATEGORY_COUNT; c++)
        if (self >> c & 1u)
            add(&sum, (struct sg_score_part){.direction = SG_SCORE_SELF,
                                             .category = (enum sg_category)c,
                                             .share_parts = 10000});
    if (exposure) {
        add_side(&sum, SG_SCORE_IN, &exposure->in);
        add_side(&sum, SG_SCORE_OUT, &exposure->out);
    }
    if (sum.n > 1)
        qsort(sum.parts, sum.n, sizeof(*sum.parts), by_points);
    *score =
        (struct sg_score){.points_parts = sum.points_parts, .parts = sum.parts, .n_parts = sum.n};
    for (size_t i = 0; i < file->n_levels; i++)
        if (sum.points_parts >= (uint64_t)file->levels[i].from * 100)
            score->level = &file->levels[i];
    return SG_OK;
}
