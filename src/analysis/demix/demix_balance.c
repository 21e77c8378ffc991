/* Did the theft withdraw here at all? A pool that is in balance has about as many withdrawals as
 * others deposited, and as many as in the days before; what is above that speaks for the theft.
 * Floating point here: counts are expectations. */
#include "analysis/demix/demix_internal.h"

#include <math.h>

#define STEPS 200 /* of the share that was withdrawn */

/* How far the crowd's withdrawals lie from what its deposits and its past say: deviation of the
 * log, by length of the window. Measured on 3,600 random windows of 1.2 to 50 days of the 100 ETH
 * pool, 2020-09 to 2022-12, without the theft's own events; docs/methods/demix.md. */
static double crowd_deviation(double days)
{
    return 0.6 * pow(fmax(days, 1), -0.2);
}

/* Before anything is seen of the pool: most thefts that somebody read were withdrawn nearly whole,
 * others later, in part, or never. Density of the share f of the deposits. */
static double share_density(double f)
{
    return 0.35 + (f >= 0.75 ? 2.6 : 0);
}

double sg_demix_crowd(const struct sg_demix_flow *flow)
{
    const double deposited = log1p((double)flow->n_others);
    if (flow->days_before < 1)
        return expm1(deposited);
    const double usual = log1p((double)flow->n_before * flow->days / flow->days_before);
    return expm1(0.6 * deposited + 0.4 * usual);
}

/* How far the rest would lie from what the crowd makes, in deviations. */
static double distance(const struct sg_demix_flow *flow, double rest)
{
    return (log1p(rest) - log1p(sg_demix_crowd(flow))) / crowd_deviation(flow->days);
}

/* Mean over all shares that the theft may have withdrawn, each by how likely the crowd is to have
 * made the rest. Likelihoods are relative to the nearest, so that some always weigh. */
double sg_demix_balance(const struct sg_demix_flow *flow)
{
    double z[STEPS + 1];
    double nearest = INFINITY;
    double weights = 0;
    double sum = 0;
    int n = 0;
    for (; n <= STEPS; n++) {
        const double rest = (double)flow->n_withdrawals - (double)n / STEPS * (double)flow->n_theft;
        if (rest < 0)
            break;
        z[n] = distance(flow, rest);
        nearest = fmin(nearest, z[n] * z[n]);
    }
    for (int i = 0; i < n; i++) {
        const double f = (double)i / STEPS;
        const double own = f * (double)flow->n_theft;
        const double w = share_density(f) * exp(-0.5 * (z[i] * z[i] - nearest)) /
                         (1 + (double)flow->n_withdrawals - own);
        weights += w;
        sum += w * own;
    }
    return sum / weights;
}
