/* The model of one year, as a function of its priors' values. */
#ifndef SG_ANALYSIS_MONEY_INTERNAL_H
#define SG_ANALYSIS_MONEY_INTERNAL_H

#include "analysis/money/money.h"

/* Priors of the year's model: the first N_YEAR of the enum; those of the share R3 come first. */
#define N_SHARE (SG_PRIOR_ARMS + 1)
#define N_YEAR  (SG_PRIOR_IMPORTED + 1)

/* Draws of one chunk; also what one stream of random numbers serves. */
#define CHUNK 4096

double sg_money_net(const double *v);
double sg_money_other(const double *v);
double sg_money_share(const double *v);
double sg_money_components(const double *v);

/* Bounds of R3 over every corner of its priors. */
struct sg_bounds sg_money_corners(const struct sg_prior *priors);

/* Number of chunks, and how many draws chunk c has. */
size_t sg_money_chunks(size_t n_draws);
size_t sg_money_chunk_size(size_t n_draws, size_t chunk);

#endif
