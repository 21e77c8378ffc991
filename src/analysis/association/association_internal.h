/* The lagged thefts of a window, and the correlations that need them prepared. */
#ifndef SG_ANALYSIS_ASSOCIATION_INTERNAL_H
#define SG_ANALYSIS_ASSOCIATION_INTERNAL_H

#include "analysis/association/association.h"

#define BLOCKS_MAX (SG_WINDOW_MONTHS_MAX / SG_BLOCK_MONTHS)

/* Thefts `lag` months before each month of the window, raw and scaled to mean 0 and length 1. */
struct lagged {
    size_t n_months;
    double raw[SG_LAG_COUNT][SG_WINDOW_MONTHS_MAX];
    double scaled[SG_LAG_COUNT][SG_WINDOW_MONTHS_MAX];
};

/* Room that one thread needs to test one series of launches. */
struct tester {
    double scaled[SG_WINDOW_MONTHS_MAX];                /* the launches */
    double block[SG_LAG_COUNT][BLOCKS_MAX][BLOCKS_MAX]; /* launches block i laid on place j */
    double left_x[SG_WINDOW_MONTHS_MAX], left_y[SG_WINDOW_MONTHS_MAX]; /* what a deletion leaves */
};

/* The largest |r| over the lags, and where it is. */
struct peak {
    double r; /* with its sign */
    unsigned lag;
};

void sg_lagged_fill(struct lagged *lagged, const struct sg_association_input *input);

/* Scale to mean 0 and length 1; all zeros where nothing varies. */
void sg_scale(double *scaled, const double *values, size_t n);

/* Prepare `tester` for the launches; r of each lag. */
void sg_tester_load(struct tester *tester, const struct lagged *lagged, const double *launches);
void sg_tester_lags(double r[SG_LAG_COUNT], const struct tester *tester,
                    const struct lagged *lagged);
struct peak sg_peak(const double r[SG_LAG_COUNT]);

/* Part of permutations (the identity among them) whose peak is at least `observed`. Stops when the
 * part must exceed `enough`, and then returns something above it. */
double sg_block_p(struct tester *tester, struct sg_draw *draw, size_t n_months, double observed,
                  size_t n_permutations, double enough);

/* Part of the circular shifts whose |r| at one lag is at least that of the identity. */
double sg_shift_p_at(const struct tester *tester, const struct lagged *lagged, unsigned lag);

/* Every deletion at a lag; stops at the first that turns the sign if `stop` is set. Returns how
 * many were made; `deletions` may be NULL. */
size_t sg_delete_each(struct sg_deletion *deletions, bool *is_stable, struct tester *tester,
                      const struct lagged *lagged, const struct sg_association_input *input,
                      const double *launches, struct peak peak, bool stop);

#endif
