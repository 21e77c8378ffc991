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

double sg_demix_score(double parts[SG_DEMIX_N_FEATURES], const struct sg_demix_model *model,
                      const double x[SG_DEMIX_N_FEATURES])
{
    double sum = model->bias;
    if (parts)
        memset(parts, 0, SG_DEMIX_N_FEATURES * sizeof(*parts));
    for (size_t i = 0; i < model->n_trees; i++)
        sum += tree_value(parts, &model->trees[i], x);
    return 1 / (1 + exp(-sum));
}
