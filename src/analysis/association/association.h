/** Stage 4: do launches go with thefts? Correlations at every lag, what happens to them when one
 *  theft, month or year is taken away, and how often this very procedure would find a true effect.
 *
 *  An association, never a cause. Read docs/methods/programme-association.md first: most of what is
 *  here exists because the plain p-value of the best lag says "significant" and means nothing.
 *
 *  Months are numbered since year 0 (sg_programme_month). Amounts are million USD as statistics.
 */
#ifndef SG_ANALYSIS_ASSOCIATION_H
#define SG_ANALYSIS_ASSOCIATION_H

#include "analysis/draw/draw.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Lags 0 to 12: thefts of the same month to thefts a year before. */
#define SG_LAG_COUNT 13

/** Months that one block of the block permutation keeps together. */
#define SG_BLOCK_MONTHS 6

/** Whole years of a window, at most; months are 12 times that. */
#define SG_WINDOW_YEARS_MAX  30
#define SG_WINDOW_MONTHS_MAX (12 * SG_WINDOW_YEARS_MAX)

struct sg_theft {
    int32_t month;
    double musd;
    const char *id;
};

/** Launches of whole years, and the thefts of those years and of the year before. */
struct sg_association_input {
    int32_t first_month;    /**< a January */
    size_t n_months;        /**< multiple of 12, 24 to SG_WINDOW_MONTHS_MAX */
    const double *launches; /**< of each month */
    const struct sg_theft *thefts;
    size_t n_thefts;
};

enum sg_deletion_kind { SG_DELETED_THEFT, SG_DELETED_MONTH, SG_DELETED_YEAR };

/** The correlation at the best lag without one thing. */
struct sg_deletion {
    enum sg_deletion_kind kind;
    size_t index; /**< of the theft; of the month in the window; of the year in the window */
    double r;
};

struct sg_association {
    double r[SG_LAG_COUNT];
    unsigned best_lag; /**< of the largest |r| */
    size_t n_zero_months;
    double launches_mean, dispersion; /**< variance / mean of the launches */
    double p_shift;                   /**< of the largest |r| over all circular shifts */
    double p_block;                   /**< the same over permutations of blocks */
    size_t n_shifts, n_permutations;
    struct sg_deletion *deletions; /**< those of thefts in reach, then months, then years */
    size_t n_deletions;
    bool is_stable; /**< no deletion turns the sign of r at the best lag */
    size_t weakest; /**< the deletion with the smallest r in the direction of the sign */
};

struct sg_association_options {
    uint64_t seed;
    size_t n_permutations; /**< block permutations; p is at least 1 / (1 + this) */
};

/** Correlate.
 *
 *  p_shift counts all n_months circular shifts of the launches against the thefts, the identity
 *  among them; p_block adds the identity to the random permutations. Both compare the largest |r|
 *  over all lags, which corrects for having looked at thirteen.
 *  Out:    association   its deletions are owned by the caller: sg_association_clear.
 *  Errors: SG_ENOMEM.
 *  Cost:   O(lags x n_months^2) for the shifts, O(lags x blocks) a permutation. */
SG_MUST_CHECK enum sg_status sg_association_compute(struct sg_association *association,
                                                    const struct sg_association_input *input,
                                                    const struct sg_association_options *options,
                                                    struct sg_err *err);
void sg_association_clear(struct sg_association *association);

/** What a known effect would give: launches drawn as negative binomial with the mean and dispersion
 *  of the real ones, their mean multiplied by `rate_ratio` per standard deviation of the thefts
 *  `lag` months before (1: no effect). */
struct sg_power_request {
    const struct sg_association_input *input; /**< thefts; launches only for mean and dispersion */
    unsigned lag;
    double rate_ratio; /**< > 0 */
    size_t n_runs;     /**< at least 1 */
    uint64_t seed;
    size_t n_threads;
};

/** Parts of the runs in which p <= 0.05. */
struct sg_power {
    double known_lag; /**< testing that one lag, by circular shifts */
    double any_lag;   /**< the largest of all lags, by blocks */
    double full_rule; /**< the same, and the sign stable under every deletion */
};

/** Permutations of blocks per simulated run: the fewest for which p <= 0.05 is exact. */
#define SG_POWER_PERMUTATIONS 199

/** Simulate. Errors: SG_ENOMEM. Cost: about 0.2 ms a run for 60 months. */
SG_MUST_CHECK enum sg_status sg_association_power(struct sg_power *power,
                                                  const struct sg_power_request *request,
                                                  struct sg_err *err);

/** Annual totals of both. */
struct sg_annual {
    double r;
    double p; /**< two-sided, over all orders of the years; 2 to 8 years */
    double without[SG_WINDOW_YEARS_MAX]; /**< r without year i */
};

#define SG_ANNUAL_YEARS_MAX 8

/** n: 3 to SG_ANNUAL_YEARS_MAX. Cost: O(n! n). */
struct sg_annual sg_association_annual(const double *thefts, const double *launches, size_t n);

#endif
