/** The manifest of a case at work. */
#ifndef SG_APP_CASEWORK_INTERNAL_H
#define SG_APP_CASEWORK_INTERNAL_H

#include "app/casework/casework.h"
#include "app/report/report.h"

/** What went in: inputs with digests, the ledgers' state and the files imported into them, options,
 *  versions. In the arena of the work. */
SG_MUST_CHECK enum sg_status casework_facts(const struct sg_manifest_entry **facts, size_t *n,
                                            struct sg_casework *work, struct sg_err *err);

#endif
