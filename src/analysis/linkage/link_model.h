/** Model files of a linkage, docs/formats/linkmodel.md: what sg_link_infer found out, for people to
 *  correct. Bytes in and out; files are the caller's. */
#ifndef SG_ANALYSIS_LINK_MODEL_H
#define SG_ANALYSIS_LINK_MODEL_H

#include "analysis/linkage/linkage.h"
#include "base/buf.h"

/** Read a model for the columns of a roster.
 *  Errors: SG_EPARSE with line and column, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_link_model_parse(struct sg_link_model *model,
                                                 const struct sg_roster *roster, const char *text,
                                                 size_t size, struct sg_err *err);

/** Append a model as a file of its own; its m and u must have been given or estimated. */
void sg_link_model_write(struct sg_buf *out, const struct sg_link_model *model,
                         const struct sg_roster *roster);

#endif
