/** Random draws and plain statistics for the programme's models, by the GNU Scientific Library.
 *
 *  Work is cut into chunks of draws; chunk k uses stream k of the seed, so that results do not
 *  depend on how many threads share the chunks. Nothing here allocates. Values are statistics in
 *  double precision, never ledger money.
 *  Source: GSL 2.7 reference manual; generator taus2: P. L'Ecuyer, Maximally Equidistributed
 *  Combined Tausworthe Generators, 1996, doi:10.1090/S0025-5718-96-00696-5.
 */
#ifndef SG_ANALYSIS_DRAW_H
#define SG_ANALYSIS_DRAW_H

#include <stddef.h>
#include <stdint.h>

/** One stream of random numbers. */
struct sg_draw {
    uint64_t state[4];
};

/** Begin stream `stream` of `seed`. Distinct pairs give unrelated numbers; the library's generator
 *  is seeded with 32 bits of a mix of both. */
void sg_draw_init(struct sg_draw *draw, uint64_t seed, uint64_t stream);

/** Uniform in (0, 1). */
double sg_draw_uniform(struct sg_draw *draw);

/** Uniform whole number below `bound`, 1 <= bound < 2^31. */
size_t sg_draw_below(struct sg_draw *draw, size_t bound);

/** Count with the given mean and variance mean + mean^2 / size; mean >= 0, size > 0. */
unsigned sg_draw_negative_binomial(struct sg_draw *draw, double mean, double size);

/** Bring items into random order, each order equally likely. */
void sg_draw_shuffle(struct sg_draw *draw, size_t *items, size_t n);

/** Value below which a standard normal variable falls with probability u, 0 < u < 1. */
double sg_normal_quantile(double u);

/** Mean, and variance with divisor n - 1; n >= 1 and n >= 2. */
double sg_stat_mean(const double *values, size_t n);
double sg_stat_variance(const double *values, size_t n);

/** Pearson's r; 0 where either side does not vary. n >= 1. */
double sg_stat_correlation(const double *x, const double *y, size_t n);

/** Sort ascending, in place. */
void sg_stat_sort(double *values, size_t n);

/** Quantile of sorted values, interpolated between neighbours; 0 <= part <= 1, n >= 1. */
double sg_stat_quantile(const double *sorted, size_t n, double part);

/** 5, 50 and 95 % points. */
struct sg_quantiles {
    double p05, p50, p95;
};

/** Sorts `values` and takes the three points; n >= 1. */
struct sg_quantiles sg_stat_quantiles(double *values, size_t n);

#endif
