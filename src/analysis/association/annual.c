/* Annual totals: a handful of points, so every order of them can be tried. */
#include "analysis/association/association_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Orders of n things by swapping, all n! of them (B. Heap, 1963, doi:10.1093/comjnl/6.3.293). */
static void count_orders(size_t *n_all, size_t *n_reached, double *y, const double *x, size_t n,
                         size_t k, double observed)
{
    if (k <= 1) {
        ++*n_all;
        *n_reached += fabs(sg_stat_correlation(x, y, n)) >= observed - 1e-9;
        return;
    }
    for (size_t i = 0; i < k; i++) {
        count_orders(n_all, n_reached, y, x, n, k - 1, observed);
        const size_t other = k % 2 ? 0 : i;
        const double kept = y[other];
        y[other] = y[k - 1];
        y[k - 1] = kept;
    }
}

struct sg_annual sg_association_annual(const double *thefts, const double *launches, size_t n)
{
    struct sg_annual annual = {0};
    double x[SG_ANNUAL_YEARS_MAX], y[SG_ANNUAL_YEARS_MAX];
    size_t n_all = 0, n_reached = 0;
    assert(n >= 3 && n <= SG_ANNUAL_YEARS_MAX);
    annual.r = sg_stat_correlation(thefts, launches, n);
    memcpy(y, launches, n * sizeof(*y));
    count_orders(&n_all, &n_reached, y, thefts, n, n, fabs(annual.r));
    annual.p = (double)n_reached / (double)n_all;
    for (size_t gone = 0; gone < n; gone++) {
        for (size_t i = 0, at = 0; i < n; i++)
            if (i != gone) {
                x[at] = thefts[i];
                y[at++] = launches[i];
            }
        annual.without[gone] = sg_stat_correlation(x, y, n - 1);
    }
    return annual;
}
