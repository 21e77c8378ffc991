/** From a case, and a trace if there is one, to what sg_sharing_write takes: every address that the
 *  case names or the trace met, with all claims and with what of the stolen money is or went there.
 */
#ifndef SG_APP_EXPORTING_H
#define SG_APP_EXPORTING_H

#include "analysis/trace/trace.h"
#include "formats/sharing/sharing.h"

/** Build it.
 *  Out: sharing   points into the arena, the case and the trace.
 *  In:  trace     or NULL; main   a policy that it ran.
 *  Errors: SG_ENOMEM. Cost: O(n log n) in labels and moves. */
SG_MUST_CHECK enum sg_status sg_exporting_build(struct sg_sharing *sharing, struct sg_arena *arena,
                                                const struct sg_case *c,
                                                const struct sg_trace *trace, enum sg_policy main,
                                                struct sg_err *err);

#endif
