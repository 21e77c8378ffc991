/* Gradient boosting on binned features (J. Friedman, doi:10.1214/aos/1013203451). What a sample
 * starts from is the prior of its window, so that the trees learn what evidence adds to it. */
#include "demix_train.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_BINS   64
#define SAMPLE   50 /* percent of rows that a tree sees */
#define LEAF_MIN 60 /* weight: two samples of the real theft, or forty planted ones */
#define RIDGE    5

struct learner {
    const struct samples *all;
    const bool *used; /* by feature */
    uint32_t *rows;   /* samples in use */
    size_t n;
    uint8_t *bin;                            /* n x N_FEATURES */
    float edge[SG_DEMIX_N_FEATURES][N_BINS]; /* x <= edge[b]: bin b or below */
    size_t n_edges[SG_DEMIX_N_FEATURES];
    double *sum, *residual, *hessian, *weight;
    uint8_t *in_tree;
    double rate;
};

static int by_double(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void make_bins(struct learner *l)
{
    double *v = sg_train_must(sg_mem_alloc(l->n, sizeof(*v)));
    for (size_t f = 0; f < N_FEATURES; f++) {
        for (size_t i = 0; i < l->n; i++)
            v[i] = l->all->rows[l->rows[i]].x[f];
        qsort(v, l->n, sizeof(*v), by_double);
        l->n_edges[f] = 0;
        for (size_t b = 1; b < N_BINS; b++) {
            size_t at = b * l->n / N_BINS;
            /* Of a value that many share the edge lies behind the last. */
            while (at && at < l->n && v[at - 1] >= v[at])
                at++;
            if (!at || at == l->n)
                continue;
            const float edge = (float)((v[at - 1] + v[at]) / 2);
            if (!l->n_edges[f] || edge > l->edge[f][l->n_edges[f] - 1])
                l->edge[f][l->n_edges[f]++] = edge;
        }
        for (size_t i = 0; i < l->n; i++) {
            const double x = l->all->rows[l->rows[i]].x[f];
            size_t b = 0;
            while (b < l->n_edges[f] && x > (double)l->edge[f][b])
                b++;
            l->bin[i * N_FEATURES + f] = (uint8_t)b;
        }
    }
    sg_mem_free(v);
}

struct split {
    int feature;
    size_t bin;
};

struct cell {
    float sum, weight;
};

static struct cell cells[2][SG_DEMIX_N_FEATURES][N_BINS];
static struct cell totals[2];

/* Sums of the residuals of one side by feature and bin. */
static void fill_side(const struct learner *l, const uint8_t *side, uint8_t which)
{
    memset(cells[which], 0, sizeof(cells[which]));
    totals[which] = (struct cell){0, 0};
    for (size_t i = 0; i < l->n; i++) {
        if (!l->in_tree[i] || side[i] != which)
            continue;
        const uint8_t *bin = l->bin + i * N_FEATURES;
        const float r = (float)l->residual[i];
        const float w = (float)l->weight[i];
        for (size_t f = 0; f < N_FEATURES; f++) {
            cells[which][f][bin[f]].sum += r;
            cells[which][f][bin[f]].weight += w;
        }
        totals[which].sum += r;
        totals[which].weight += w;
    }
}

/* Both sides, when cells[0] still holds the two together: the smaller is summed, the other is what
 * is left. */
static void fill_sides(const struct learner *l, const uint8_t *side)
{
    static struct cell both[SG_DEMIX_N_FEATURES][N_BINS];
    const struct cell total = totals[0];
    size_t n[2] = {0, 0};
    memcpy(both, cells[0], sizeof(both));
    for (size_t i = 0; i < l->n; i++)
        n[side[i]] += l->in_tree[i];
    const uint8_t small = n[1] < n[0];
    const uint8_t large = !small;
    fill_side(l, side, small);
    for (size_t f = 0; f < N_FEATURES; f++)
        for (size_t b = 0; b < N_BINS; b++) {
            cells[large][f][b].sum = both[f][b].sum - cells[small][f][b].sum;
            cells[large][f][b].weight = both[f][b].weight - cells[small][f][b].weight;
        }
    totals[large] =
        (struct cell){total.sum - totals[small].sum, total.weight - totals[small].weight};
}

/* Best division of one side by squared error of the residuals. */
static struct split find_split(const struct learner *l, uint8_t side)
{
    const double total = (double)totals[side].sum;
    const double n = (double)totals[side].weight;
    double best = 1e-9;
    struct split found = {-1, 0};
    for (size_t f = 0; f < N_FEATURES; f++) {
        double left = 0;
        double n_left = 0;
        for (size_t b = 0; l->used[f] && b < l->n_edges[f]; b++) {
            left += (double)cells[side][f][b].sum;
            n_left += (double)cells[side][f][b].weight;
            const double n_right = n - n_left;
            if (n_left < LEAF_MIN || n_right < LEAF_MIN)
                continue;
            const double gain = left * left / n_left + (total - left) * (total - left) / n_right -
                                total * total / n;
            if (gain > best) {
                best = gain;
                found = (struct split){(int)f, b};
            }
        }
    }
    return found;
}

static bool goes_left(const struct learner *l, size_t i, struct split s)
{
    return s.feature < 0 || l->bin[i * N_FEATURES + (size_t)s.feature] <= s.bin;
}

static struct sg_demix_node node_of(const struct learner *l, struct split s)
{
    if (s.feature < 0)
        return (struct sg_demix_node){-1, 0};
    return (struct sg_demix_node){(int16_t)s.feature, l->edge[s.feature][s.bin]};
}

static void grow(struct sg_demix_tree *tree, struct learner *l, uint8_t *side)
{
    double gradient[4] = {0};
    double curvature[4] = {0};
    memset(side, 0, l->n);
    fill_side(l, side, 0);
    const struct split root = find_split(l, 0);
    for (size_t i = 0; i < l->n; i++)
        side[i] = !goes_left(l, i, root);
    fill_sides(l, side);
    const struct split left = find_split(l, 0);
    const struct split right = find_split(l, 1);
    for (size_t i = 0; i < l->n; i++) {
        side[i] = (uint8_t)(2 * side[i] + !goes_left(l, i, side[i] ? right : left));
        if (!l->in_tree[i])
            continue;
        gradient[side[i]] += l->residual[i];
        curvature[side[i]] += l->hessian[i];
    }
    *tree = (struct sg_demix_tree){
        .root = node_of(l, root), .left = node_of(l, left), .right = node_of(l, right)};
    for (size_t k = 0; k < 4; k++)
        tree->leaf[k] = (float)(l->rate * gradient[k] / (curvature[k] + RIDGE));
    if (left.feature < 0)
        tree->leaf[1] = tree->leaf[0];
    if (right.feature < 0)
        tree->leaf[3] = tree->leaf[2];
    for (size_t i = 0; i < l->n; i++)
        l->sum[i] += (double)tree->leaf[side[i]];
}

/* Samples to learn from: not of the group left out, not of the fold, not of worlds that are kept
 * unseen. */
static bool is_learnt(const struct samples *all, size_t i, const struct lesson *lesson)
{
    const struct world *world = &all->worlds[all->rows[i].world];
    return all->rows[i].group != lesson->left_out && !world->unseen &&
           (lesson->origins >> (unsigned)world->origin & 1) &&
           (lesson->kinds >> (unsigned)world->kind & 1);
}

/* The bias that makes the starting point right on the whole: Newton's steps on one number. */
static double find_bias(const struct learner *l)
{
    double bias = 0;
    for (int step = 0; step < 20; step++) {
        double gradient = 0;
        double curvature = 0;
        for (size_t i = 0; i < l->n; i++) {
            const double p = 1 / (1 + exp(-(bias + l->sum[i])));
            gradient += l->weight[i] * (l->all->rows[l->rows[i]].theft - p);
            curvature += l->weight[i] * p * (1 - p);
        }
        bias += gradient / curvature;
    }
    return bias;
}

static void grow_all(struct learner *l, struct sg_demix_tree *trees, size_t n_trees)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 7);
    uint8_t *side = sg_train_must(sg_mem_alloc(l->n, 1));
    for (size_t t = 0; t < n_trees; t++) {
        for (size_t i = 0; i < l->n; i++) {
            const double p = 1 / (1 + exp(-l->sum[i]));
            l->residual[i] = l->weight[i] * (l->all->rows[l->rows[i]].theft - p);
            l->hessian[i] = l->weight[i] * p * (1 - p);
            l->in_tree[i] = sg_rng_below(&rng, 100) < SAMPLE;
        }
        grow(&trees[t], l, side);
    }
    sg_mem_free(side);
}

static void learner_clear(struct learner *l)
{
    sg_mem_free(l->in_tree);
    sg_mem_free(l->weight);
    sg_mem_free(l->hessian);
    sg_mem_free(l->residual);
    sg_mem_free(l->sum);
    sg_mem_free(l->bin);
    sg_mem_free(l->rows);
}

/* Grow n_trees from `start`, by sample. Returns the bias, 0 if none is wanted. */
static double learn(struct sg_demix_tree *trees, size_t n_trees, double rate,
                    const struct samples *all, const struct lesson *lesson, const double *start,
                    uint32_t fold, bool with_bias)
{
    struct learner l = {.all = all, .used = lesson->used, .rate = rate};
    l.rows = sg_train_must(sg_mem_alloc(all->n, sizeof(*l.rows)));
    for (size_t i = 0; i < all->n; i++)
        if (is_learnt(all, i, lesson) && all->rows[i].group % N_FOLDS != fold)
            l.rows[l.n++] = (uint32_t)i;
    l.bin = sg_train_must(sg_mem_alloc(l.n, N_FEATURES));
    l.sum = sg_train_must(sg_mem_alloc(l.n, sizeof(*l.sum)));
    l.residual = sg_train_must(sg_mem_alloc(l.n, sizeof(*l.residual)));
    l.hessian = sg_train_must(sg_mem_alloc(l.n, sizeof(*l.hessian)));
    l.weight = sg_train_must(sg_mem_alloc(l.n, sizeof(*l.weight)));
    l.in_tree = sg_train_must(sg_mem_alloc(l.n, 1));
    make_bins(&l);
    for (size_t i = 0; i < l.n; i++) {
        l.weight[i] = all->rows[l.rows[i]].weight;
        l.sum[i] = start[l.rows[i]];
    }
    const double bias = with_bias ? find_bias(&l) : 0;
    for (size_t i = 0; i < l.n; i++)
        l.sum[i] += bias;
    grow_all(&l, trees, n_trees);
    learner_clear(&l);
    return bias;
}

static double prior_odds(const struct samples *all, size_t i)
{
    const double prior = all->worlds[all->rows[i].world].window.prior;
    return log(prior / (1 - prior));
}

static void look_again(struct samples *all, const double *score)
{
    struct sg_err err;
    double *first = sg_train_must(sg_mem_alloc(all->n, sizeof(*first)));
    for (size_t i = 0; i < all->n; i++)
        first[i] = 1 / (1 + exp(-score[i]));
    for (size_t w = 0; w < all->n_worlds; w++)
        sg_train_must_ok(sg_demix_company(&all->worlds[w].window, &all->worlds[w].pool,
                                          first + all->worlds[w].first_row, &err),
                         &err);
    sg_mem_free(first);
}

/* The first look of a sample, by what was learnt from others: on a new theft none is fitted, and
 * the second look must not learn to trust more than it will get. */
static void first_look(double *score, struct sg_demix_model *model, struct sg_demix_tree *trees,
                       const struct samples *all, const struct lesson *lesson, const double *start)
{
    model->trees = trees;
    model->n_first = N_FIRST;
    for (uint32_t fold = 0; fold <= N_FOLDS; fold++) {
        model->bias = learn(trees, N_FIRST, 0.1, all, lesson, start, fold, true);
        for (size_t i = 0; i < all->n; i++)
            if (fold == N_FOLDS ? !is_learnt(all, i, lesson) : all->rows[i].group % N_FOLDS == fold)
                score[i] = sg_demix_first_look(model, all->worlds[all->rows[i].world].window.prior,
                                               all->rows[i].x);
    }
}

void sg_train_learn(double *score, struct sg_demix_model *model, struct sg_demix_tree *trees,
                    struct samples *all, const struct lesson *lesson)
{
    double *start = sg_train_must(sg_mem_alloc(all->n, sizeof(*start)));
    bool used[SG_DEMIX_N_FEATURES];
    struct lesson first = *lesson;
    for (size_t f = 0; f < N_FEATURES; f++)
        used[f] = lesson->used[f] && f < SG_DEMIX_ALIKE;
    first.used = used;
    for (size_t i = 0; i < all->n; i++)
        start[i] = prior_odds(all, i);
    first_look(score, model, trees, all, &first, start);
    look_again(all, score);
    model->n_trees = N_TREES;
    (void)learn(trees + N_FIRST, N_SECOND, 0.06, all, lesson, score, N_FOLDS, false);
    struct sg_demix_model second = {.trees = trees + N_FIRST, .n_first = N_SECOND};
    for (size_t i = 0; i < all->n; i++)
        score[i] += sg_demix_first_look(&second, 0.5, all->rows[i].x);
    sg_mem_free(start);
}
