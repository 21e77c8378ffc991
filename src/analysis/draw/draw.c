/* The only file that knows GSL. */
#include "analysis/draw/draw.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <assert.h>

/* The library's view of a stream, without its heap: state lives with the caller. */
static gsl_rng view(struct sg_draw *draw)
{
    assert(gsl_rng_taus2->size <= sizeof(draw->state));
    return (gsl_rng){gsl_rng_taus2, draw->state};
}

/* splitmix64's finaliser: nearby seeds and streams must not give nearby states. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

void sg_draw_init(struct sg_draw *draw, uint64_t seed, uint64_t stream)
{
    *draw = (struct sg_draw){{0}};
    const gsl_rng rng = view(draw);
    const uint64_t mixed = mix(mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + stream);
    gsl_rng_set(&rng, (unsigned long)(mixed >> 32));
}

double sg_draw_uniform(struct sg_draw *draw)
{
    const gsl_rng rng = view(draw);
    return gsl_rng_uniform_pos(&rng);
}

size_t sg_draw_below(struct sg_draw *draw, size_t bound)
{
    const gsl_rng rng = view(draw);
    return gsl_rng_uniform_int(&rng, bound);
}

unsigned sg_draw_negative_binomial(struct sg_draw *draw, double mean, double size)
{
    const gsl_rng rng = view(draw);
    return mean > 0 ? gsl_ran_negative_binomial(&rng, size / (size + mean), size) : 0;
}

void sg_draw_shuffle(struct sg_draw *draw, size_t *items, size_t n)
{
    const gsl_rng rng = view(draw);
    gsl_ran_shuffle(&rng, items, n, sizeof(*items));
}

double sg_normal_quantile(double u)
{
    return gsl_cdf_ugaussian_Pinv(u);
}

double sg_stat_mean(const double *values, size_t n)
{
    return gsl_stats_mean(values, 1, n);
}

double sg_stat_variance(const double *values, size_t n)
{
    return gsl_stats_variance(values, 1, n);
}

static int varies(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i] < values[0] || values[i] > values[0])
            return 1;
    return 0;
}

double sg_stat_correlation(const double *x, const double *y, size_t n)
{
    return varies(x, n) && varies(y, n) ? gsl_stats_correlation(x, 1, y, 1, n) : 0;
}

void sg_stat_sort(double *values, size_t n)
{
    gsl_sort(values, 1, n);
}

double sg_stat_quantile(const double *sorted, size_t n, double part)
{
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, part);
}

struct sg_quantiles sg_stat_quantiles(double *values, size_t n)
{
    sg_stat_sort(values, n);
    return (struct sg_quantiles){sg_stat_quantile(values, n, 0.05),
                                 sg_stat_quantile(values, n, 0.50),
                                 sg_stat_quantile(values, n, 0.95)};
}
