/** What the parts of building a report share. */
#ifndef SG_APP_BRIEF_INTERNAL_H
#define SG_APP_BRIEF_INTERNAL_H

#include "app/brief/brief.h"

/** One build. */
struct brief {
    const struct sg_brief_input *input;
    const struct sg_trace *trace;
    const struct sg_trace_figures *main;
    struct sg_arena *arena;
    const char **addresses; /**< text of each party, made once, so that pointers compare */
};

/** Text of at most 512 bytes in the arena, or NULL without memory. */
char *brief_printf(struct sg_arena *arena, const char *fmt, ...) SG_PRINTF(2, 3);

/** a + b, or the largest amount: for sums that are drawn, or known to fit by conservation. */
struct sg_amount brief_add(struct sg_amount a, struct sg_amount b);

/** Destinations, places and inflows of one asset under the main policy. */
SG_MUST_CHECK enum sg_status brief_lists(struct sg_report_result *result, struct brief *b,
                                         uint32_t asset, struct sg_err *err);

/** Groups and edges of the picture of one asset under the main policy. */
SG_MUST_CHECK enum sg_status brief_groups(struct sg_report_result *result, struct brief *b,
                                          uint32_t asset, struct sg_err *err);

/** Set state and moved_unix_s of the deposit addresses of one destination's asset and chain.
 *  In: parties, last_rows   of each deposit: the party, and the last ledger row that brought money.
 */
SG_MUST_CHECK enum sg_status brief_states(struct sg_report_deposit *deposits, size_t n,
                                          const struct brief *b, const uint32_t *parties,
                                          const uint64_t *last_rows, uint32_t asset,
                                          struct sg_err *err);

/** Sentences on coverage, order and caveats. */
SG_MUST_CHECK enum sg_status brief_sentences(struct sg_report *report, struct brief *b,
                                             struct sg_err *err);

/** Sentences on decoys. */
SG_MUST_CHECK enum sg_status brief_decoys(struct sg_report *report, const struct brief *b,
                                          struct sg_err *err);

#endif
