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

/* Mean over all shares that the theft may have withdrawn, each by how likely the crowd is to have
 * made the rest. */
double sg_demix_balance(const struct sg_demix_flow *flow)
{
    const double crowd = log1p(sg_demix_crowd(flow));
    const double deviation = crowd_deviation(flow->days);
    double weights = 0;
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double f = (double)i / STEPS;
        const double own = f * (double)flow->n_theft;
        const double rest = (double)flow->n_withdrawals - own;
        if (rest < 0)
            break;
        const double z = (log1p(rest) - crowd) / deviation;
        const double w = share_density(f) * exp(-0.5 * z * z) / (1 + rest);
        weights += w;
        sum += w * own;
    }
    return sum / weights;
}
