/** From a finished trace to what the report says: names, lists in order, groups for the picture,
 * and sentences on coverage and order. Nothing is computed anew; figures are those of the trace.
 *
 *  The one thing that is asked of the ledger is whether money moved on from the deposit addresses
 * of services, where tracing stops. The picture's grouping is in docs/methods/flow-picture.md.
 */
#ifndef SG_APP_BRIEF_H
#define SG_APP_BRIEF_H

#include "analysis/trace/trace.h"
#include "app/report/report.h"
#include "formats/prices/prices.h"

struct sg_brief_input {
    const struct sg_trace *trace;
    enum sg_policy main; /**< that the report is about; one of those that were run */
    const struct sg_ledger *const *ledgers; /**< those that were traced */
    size_t n_ledgers;
    const struct sg_prices *prices;        /**< or NULL: no values in USD */
    const struct sg_manifest_entry *facts; /**< of the manifest: inputs, options, methods */
    size_t n_facts;
};

/** Build a report.
 *
 *  Out:    report   written on success only; points into the arena, the trace, the case, the
 * prices. Errors: SG_EUSAGE (the policy was not run), SG_ENOMEM, or what a ledger returned. Cost:
 * linear in moves, but for sorting; rows of deposit addresses behind their last deposit up to the
 * first that pays out.
 */
SG_MUST_CHECK enum sg_status sg_brief_build(struct sg_report *report, struct sg_arena *arena,
                                            const struct sg_brief_input *input, struct sg_err *err);

/** How money of a category is drawn, and whether anybody can be asked to freeze it. */
enum sg_report_kind sg_brief_kind(enum sg_category category);

#endif
