/** Stages 2 and 3: how much of what was stolen can have become cash, and what share of foreign
 *  currency that can be. Corners first, then Monte Carlo under stated priors, then Sobol indices.
 *
 *  The model, per draw, in million USD (docs/methods/programme.md, section 2):
 *
 *    net cash C    = gross (1 - recovered)(1 - not laundered) retention price
 *    other O       = trade + IT gross x remitted + labour x its part + coal + arms
 *    share (R3)    = C / (C + O)
 *    components F  = programme cost x materials x imported
 *    component share (R1) lies in [max(0, (F - O) / F), min(1, C / F)]
 *    a claim that the part q of F is paid by C needs the part q F / C of C
 *
 *  Values are model quantities in double precision, never ledger money. Same seed, same bytes, for
 *  any number of threads: draws are made in chunks, each with a stream of its own.
 */
#ifndef SG_ANALYSIS_MONEY_H
#define SG_ANALYSIS_MONEY_H

#include "analysis/draw/draw.h"
#include "base/arena.h"
#include "formats/programme/programme.h"

/** Draws beyond this add nothing but time. */
#define SG_MONEY_DRAWS_MAX 10000000

struct sg_money_options {
    size_t n_draws; /**< 1 to SG_MONEY_DRAWS_MAX */
    size_t n_threads;
    uint64_t seed;
};

/** Relative errors of published amounts, as measured: |ln(a / b)| of incidents for which two
 *  independent sources give amounts. The distribution is a spike with a heavy tail, so draws
 *  resample the measured values, with either sign, and fit no curve. */
struct sg_amount_errors {
    const double *abs_log; /**< ascending */
    size_t n;
    size_t n_within_10pct; /**< of n: a / b within [1/1.1, 1.1] */
};

/** Collect them from incidents of the list `list` (text before the dash of the id) that carry an
 *  amount by `source` beside their own. `errors` lives in `arena`; n may be 0.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_amount_errors_collect(struct sg_amount_errors *errors,
                                                      struct sg_arena *arena,
                                                      const struct sg_incidents *incidents,
                                                      const char *list, const char *source,
                                                      struct sg_err *err);

/** What net cash is computed for. */
struct sg_net_request {
    const struct sg_assumptions *assumptions;
    double gross_musd; /**< a total of the period, at least period_known_base if has_detail */
    bool has_detail;   /**< the total is made of incidents, so that the known recovery applies */
    /** Amount errors: one of errors->n ratios per weight; NULL leaves the total as published. */
    const struct sg_amount_errors *errors;
    const double *weights; /**< parts of the total by incident; they sum to 1 */
    size_t n_weights;
    /** Traced thefts of the period: their own parts replace the prior on what was not laundered. */
    const struct sg_traced *traced;
    const double *traced_musd; /**< of each; their sum is at most gross_musd */
    size_t n_traced;
};

/** Net cash of the period, million USD. Errors: SG_ENOMEM. Cost: O(draws (1 + weights)). */
SG_MUST_CHECK enum sg_status sg_net_cash(struct sg_quantiles *net,
                                         const struct sg_net_request *request,
                                         const struct sg_money_options *options,
                                         struct sg_err *err);

/** Smallest and largest value that an output can take. */
struct sg_bounds {
    double low, high;
};

/** First-order and total Sobol index of one prior on the share R3, and R3 with that prior alone at
 *  its 5 and 95 % points and all others at their medians. */
struct sg_sobol {
    enum sg_prior_name prior;
    double first, total;
    double total_error; /**< standard error of `total`, from the spread between chunks */
    double at_p05, at_p95;
};

#define SG_SOBOL_MAX SG_PRIOR_COUNT

/** One year's shares. */
struct sg_share {
    struct sg_bounds corners; /**< of R3 over all corners of the priors, price factor at 1 */
    struct sg_quantiles net;  /**< C */
    struct sg_quantiles other;
    struct sg_quantiles share;      /**< R3 */
    double above_half;              /**< part of draws in which R3 exceeds a half */
    struct sg_quantiles components; /**< F */
    double whole_set;               /**< part of draws in which R1 can be anything in [0, 1] */
    struct sg_quantiles needed;     /**< part of C that the claim on F needs */
    struct sg_sobol
        sobol[SG_SOBOL_MAX]; /**< by total index, largest first; fixed priors left out */
    size_t n_sobol;
    double share_variance;
    double at_medians; /**< R3 with every prior at its median */
};

/** Compute all of it.
 *
 *  In:     claimed_part   q of the claim on components, in [0, 1].
 *  Errors: SG_ENOMEM.
 *  Cost:   O(draws x (priors + 2)) evaluations; corners O(2^priors of R3), at most 4,096.
 *  Source: first-order indices by A. Saltelli et al., 2010, doi:10.1016/j.cpc.2009.09.018, table 2
 *          (b); total indices by M. Jansen, 1999, doi:10.1016/S0010-4655(98)00154-4, table 2 (f).
 */
SG_MUST_CHECK enum sg_status
sg_share_compute(struct sg_share *share, const struct sg_assumptions *assumptions,
                 double claimed_part, const struct sg_money_options *options, struct sg_err *err);

/** Value of a prior at probability u, 0 < u < 1. */
double sg_prior_quantile(const struct sg_prior *prior, double u);

#endif
