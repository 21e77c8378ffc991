/** What the window search hands to the measurements. Inside analysis/demix only. */
#ifndef SG_ANALYSIS_DEMIX_INTERNAL_H
#define SG_ANALYSIS_DEMIX_INTERNAL_H

#include "analysis/demix/demix.h"

/** Give every event of a pool a time. In/Out: times   n, sorted here. Errors: SG_EPARSE (a table
 * that contradicts itself or the deposits; a deposit without a time), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demix_fill_times(struct sg_pool *pool, struct sg_pool_time *times,
                                                 size_t n, struct sg_err *err);

/** A batch of the theft and its first deposit. */
struct sg_demix_start {
    int64_t time_unix_s;
    uint32_t batch;
};

/** Everything that the measurements of one window share. Arrays named by candidate have n entries,
 *  by place in the window n_places. */
struct sg_demix_scene {
    const struct sg_pool *pool;
    size_t first_withdrawal; /**< pool index of place 0 */
    size_t n;                /**< candidates */
    size_t n_places;         /**< withdrawals in the window */
    int64_t *theft;          /**< times of the theft's deposits, ascending */
    size_t n_theft;
    int64_t *all; /**< times of all deposits, ascending */
    size_t n_all;
    double hour[24]; /**< log ratio of the theft's deposits in that hour to an even day */
    struct sg_demix_start *starts; /**< of batches, ascending */
    size_t n_starts;
    uint32_t *total;     /**< by address: withdrawals in the whole pool */
    uint32_t *count;     /**< by candidate: withdrawals in the window */
    uint8_t *only_here;  /**< by candidate: has none outside the window */
    int64_t *medians;    /**< median times, ascending */
    uint32_t *by_median; /**< candidate of medians[i] */
    uint32_t *rank;      /**< by candidate: its i in medians */
    uint32_t *place;     /**< by place: candidate */
    uint32_t *seen;      /**< by candidate: last epoch that met it */
    uint32_t epoch;
    /* Scratch of one candidate, n_places entries, scratch twice as many. */
    int64_t *times;
    uint32_t *at;
    double *fees;
    double *scratch;
};

/** What went through the pool in a window, and before it. */
struct sg_demix_flow {
    size_t n_theft;       /**< the theft's deposits */
    size_t n_others;      /**< everybody else's, in the window */
    size_t n_withdrawals; /**< in the window */
    size_t n_before;      /**< withdrawals in the days before it */
    double days;          /**< length of the window */
    double days_before;   /**< length of what n_before counts; under 1: too little to say */
};

/** Withdrawals that others would make by what they deposited and by the days before. */
double sg_demix_crowd(const struct sg_demix_flow *flow);

/** Withdrawals of the theft in the window that the pool's balance lets expect, 0 to n_theft. */
double sg_demix_balance(const struct sg_demix_flow *flow);

/** First index of times[0..n), ascending, with times[i] >= t. */
size_t sg_demix_lower_bound(const int64_t *times, size_t n, int64_t t);

/** Fill c->x. In: order  pool indices of the candidate's c->n withdrawals, ascending. */
void sg_demix_measure(struct sg_demix_candidate *c, struct sg_demix_scene *scene, size_t self,
                      const uint32_t *order);

#endif
