/* The ranking, counted plainly for each pair of commits. */
#ifndef SG_TESTS_ORACLE_RISK_RANK_H
#define SG_TESTS_ORACLE_RISK_RANK_H

#include "analysis/risk/risk.h"

/* scores: n entries; their `lead` is not filled in. */
void oracle_risk_rank(struct sg_risk_score *scores, const struct sg_risk_item *items, size_t n);

#endif
