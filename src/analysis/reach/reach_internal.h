/** The two routes. */
#ifndef SG_ANALYSIS_REACH_INTERNAL_H
#define SG_ANALYSIS_REACH_INTERNAL_H

#include "analysis/reach/reach.h"

/** Whether a row can carry money of the asset asked for. */
static inline bool sg_reach_carries(const struct sg_row *row, const struct sg_reach_options *o)
{
    return !(row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) &&
           !sg_amount_is_zero(row->amount) && row->from.v != row->to.v &&
           row->from.v != SG_ID_NONE && row->to.v != SG_ID_NONE &&
           (!o->one_asset || row->asset.v == o->asset.v);
}

SG_MUST_CHECK enum sg_status sg_reach_scan(struct sg_reach *reach, const struct sg_ledger *ledger,
                                           const struct sg_reach_options *options,
                                           struct sg_err *err);

/** Out: done   false: more than rows_max rows were read, and reach holds nothing. */
SG_MUST_CHECK enum sg_status sg_reach_frontier(struct sg_reach *reach, bool *done,
                                               const struct sg_ledger *ledger,
                                               const struct sg_reach_options *options,
                                               uint64_t rows_max, struct sg_err *err);

#endif
