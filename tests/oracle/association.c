#include "oracle/association.h"

#include <math.h>

double oracle_lag_r(const struct sg_association_input *input, unsigned lag, const size_t *order,
                    size_t n_blocks)
{
    double x[SG_WINDOW_MONTHS_MAX] = {0}, y[SG_WINDOW_MONTHS_MAX];
    for (size_t m = 0; m < input->n_months; m++) {
        const size_t block = m / SG_BLOCK_MONTHS;
        const size_t from = order && block < n_blocks ? order[block] : block;
        y[m] = input->launches[from * SG_BLOCK_MONTHS + m % SG_BLOCK_MONTHS];
        for (size_t t = 0; t < input->n_thefts; t++)
            if (input->thefts[t].month + (int32_t)lag == input->first_month + (int32_t)m)
                x[m] += input->thefts[t].musd;
    }
    return sg_stat_correlation(x, y, input->n_months);
}

static double largest(const struct sg_association_input *input, const size_t *order,
                      size_t n_blocks)
{
    double found = 0;
    for (unsigned lag = 0; lag < SG_LAG_COUNT; lag++)
        found = fmax(found, fabs(oracle_lag_r(input, lag, order, n_blocks)));
    return found;
}

double oracle_block_p(const struct sg_association_input *input, struct sg_draw *draw,
                      size_t n_permutations)
{
    const size_t n_blocks = input->n_months / SG_BLOCK_MONTHS;
    const double observed = largest(input, NULL, 0);
    size_t order[SG_WINDOW_MONTHS_MAX / SG_BLOCK_MONTHS], reached = 1;
    for (size_t i = 0; i < n_blocks; i++)
        order[i] = i;
    for (size_t p = 0; p < n_permutations; p++) {
        sg_draw_shuffle(draw, order, n_blocks);
        reached += largest(input, order, n_blocks) >= observed - 1e-9;
    }
    return (double)reached / (double)(n_permutations + 1);
}
