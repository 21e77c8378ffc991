/* The equations of money.h, and their corners. */
#include "analysis/money/money_internal.h"

#include <math.h>

static double between(const struct sg_prior *p, double u)
{
    return p->low + u * (p->high - p->low);
}

/* Inverse of the triangular distribution function: two square roots that meet at the mode. */
static double triangular(const struct sg_prior *p, double u)
{
    const double width = p->high - p->low;
    if (width <= 0)
        return p->low;
    const double at_mode = (p->mode - p->low) / width;
    if (u < at_mode)
        return p->low + sqrt(u * width * (p->mode - p->low));
    return p->high - sqrt((1 - u) * width * (p->high - p->mode));
}

double sg_prior_quantile(const struct sg_prior *prior, double u)
{
    switch (prior->form) {
    case SG_FORM_FIXED:
        return prior->low;
    case SG_FORM_UNIFORM:
        return between(prior, u);
    case SG_FORM_LOGUNIFORM:
        return prior->low * exp(u * log(prior->high / prior->low));
    case SG_FORM_TRIANGULAR:
        return triangular(prior, u);
    case SG_FORM_LOGNORMAL:
        return exp(prior->sd * sg_normal_quantile(u));
    }
    return 0;
}

double sg_money_net(const double *v)
{
    return v[SG_PRIOR_GROSS] * (1 - v[SG_PRIOR_RECOVERED]) * (1 - v[SG_PRIOR_NOT_LAUNDERED]) *
           v[SG_PRIOR_RETENTION] * v[SG_PRIOR_PRICE];
}

double sg_money_other(const double *v)
{
    return v[SG_PRIOR_TRADE] + v[SG_PRIOR_IT_GROSS] * v[SG_PRIOR_IT_REMITTED] +
           v[SG_PRIOR_LABOUR] * v[SG_PRIOR_LABOUR_PART] + v[SG_PRIOR_COAL] + v[SG_PRIOR_ARMS];
}

double sg_money_share(const double *v)
{
    const double net = sg_money_net(v), all = net + sg_money_other(v);
    return all > 0 ? net / all : 0;
}

double sg_money_components(const double *v)
{
    return v[SG_PRIOR_PROGRAMME_COST] * v[SG_PRIOR_MATERIALS] * v[SG_PRIOR_IMPORTED];
}

/* The share is monotone in each of its priors, so its extremes lie on corners; all are tried, which
 * needs no argument about directions. A price factor has no corner: low and high are 1. */
struct sg_bounds sg_money_corners(const struct sg_prior *priors)
{
    struct sg_bounds bounds = {1, 0};
    double v[N_SHARE];
    for (unsigned corner = 0; corner < 1u << N_SHARE; corner++) {
        for (unsigned i = 0; i < N_SHARE; i++)
            v[i] = corner >> i & 1 ? priors[i].high : priors[i].low;
        const double share = sg_money_share(v);
        bounds.low = fmin(bounds.low, share);
        bounds.high = fmax(bounds.high, share);
    }
    return bounds;
}

size_t sg_money_chunks(size_t n_draws)
{
    return (n_draws + CHUNK - 1) / CHUNK;
}

size_t sg_money_chunk_size(size_t n_draws, size_t chunk)
{
    const size_t left = n_draws - chunk * CHUNK;
    return left < CHUNK ? left : CHUNK;
}
