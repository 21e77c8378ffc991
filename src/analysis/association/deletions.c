/* What is left of a correlation when one theft, one month or one year goes. */
#include "analysis/association/association_internal.h"

#include <string.h>

/* Where one pass over the deletions stands. */
struct pass {
    struct sg_deletion *deletions; /* may be NULL */
    size_t n;
    bool is_stable, stop;
    double sign;
};

/* Note one deletion; false: enough. */
static bool note(struct pass *pass, enum sg_deletion_kind kind, size_t index, double r)
{
    if (pass->deletions)
        pass->deletions[pass->n] = (struct sg_deletion){kind, index, r};
    pass->n++;
    if (r * pass->sign <= 0)
        pass->is_stable = false;
    return pass->is_stable || !pass->stop;
}

static bool delete_thefts(struct pass *pass, struct tester *tester, const double *x,
                          const double *launches, const struct sg_association_input *input,
                          unsigned lag)
{
    const size_t n = input->n_months;
    bool go_on = true;
    memcpy(tester->left_x, x, n * sizeof(*x));
    for (size_t i = 0; go_on && i < input->n_thefts; i++) {
        const int64_t at = (int64_t)input->thefts[i].month + lag - (int64_t)input->first_month;
        if (at < 0 || at >= (int64_t)n)
            continue;
        tester->left_x[at] = x[at] - input->thefts[i].musd;
        go_on = note(pass, SG_DELETED_THEFT, i, sg_stat_correlation(tester->left_x, launches, n));
        tester->left_x[at] = x[at];
    }
    return go_on;
}

/* r without `size` months from `from` on. */
static double r_without(struct tester *tester, const double *x, const double *y, size_t n,
                        size_t from, size_t size)
{
    const size_t behind = n - from - size;
    memcpy(tester->left_x, x, from * sizeof(*x));
    memcpy(tester->left_y, y, from * sizeof(*y));
    memcpy(tester->left_x + from, x + from + size, behind * sizeof(*x));
    memcpy(tester->left_y + from, y + from + size, behind * sizeof(*y));
    return sg_stat_correlation(tester->left_x, tester->left_y, n - size);
}

size_t sg_delete_each(struct sg_deletion *deletions, bool *is_stable, struct tester *tester,
                      const struct lagged *lagged, const struct sg_association_input *input,
                      const double *launches, struct peak peak, bool stop)
{
    const double *x = lagged->raw[peak.lag];
    const size_t n = input->n_months;
    struct pass pass = {deletions, 0, true, stop, peak.r < 0 ? -1 : 1};
    bool go_on = delete_thefts(&pass, tester, x, launches, input, peak.lag);
    for (size_t i = 0; go_on && i < n; i++)
        go_on = note(&pass, SG_DELETED_MONTH, i, r_without(tester, x, launches, n, i, 1));
    for (size_t i = 0; go_on && i < n / 12; i++)
        go_on = note(&pass, SG_DELETED_YEAR, i, r_without(tester, x, launches, n, 12 * i, 12));
    *is_stable = pass.is_stable;
    return pass.n;
}
