/* The model's sum, and how it is divided among the features. */
#include "analysis/demix/demix.h"

#include <math.h>
#include <string.h>

static bool goes_left(const struct sg_demix_node *node, const double *x)
{
    return node->feature < 0 || x[node->feature] <= (double)node->threshold;
}

/* Value of the tree at x. The mean of a side stands for "not yet asked". */
static double tree_value(double *parts, const struct sg_demix_tree *tree, const double *x)
{
    const double left = ((double)tree->leaf[0] + (double)tree->leaf[1]) / 2;
    const double right = ((double)tree->leaf[2] + (double)tree->leaf[3]) / 2;
    const double top = (left + right) / 2;
    const bool at_left = goes_left(&tree->root, x);
    const struct sg_demix_node *child = at_left ? &tree->left : &tree->right;
    const size_t leaf = (at_left ? 0u : 2u) + (goes_left(child, x) ? 0u : 1u);
    const double side = at_left ? left : right;
    const double value = (double)tree->leaf[leaf];
    if (parts) {
        if (tree->root.feature >= 0)
            parts[tree->root.feature] += side - top;
        if (child->feature >= 0)
            parts[child->feature] += value - side;
    }
    return value;
}

static double sum_trees(double *parts, const struct sg_demix_model *model, size_t n, double prior,
                        const double *x)
{
    double sum = model->bias + log(prior / (1 - prior));
    for (size_t i = 0; i < n; i++)
        sum += tree_value(parts, &model->trees[i], x);
    return sum;
}

double sg_demix_first_look(const struct sg_demix_model *model, double prior,
                           const double x[SG_DEMIX_N_FEATURES])
{
    return sum_trees(NULL, model, model->n_first, prior, x);
}

double sg_demix_score(double parts[SG_DEMIX_N_FEATURES], const struct sg_demix_model *model,
                      double prior, const double x[SG_DEMIX_N_FEATURES])
{
    if (parts)
        memset(parts, 0, SG_DEMIX_N_FEATURES * sizeof(*parts));
    return 1 / (1 + exp(-sum_trees(parts, model, model->n_trees, prior, x)));
}
