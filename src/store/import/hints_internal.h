/** What files say about tokens: symbol and decimals, once a token. */
#ifndef SG_STORE_IMPORT_HINTS_INTERNAL_H
#define SG_STORE_IMPORT_HINTS_INTERNAL_H

#include "store/engine/engine.h"

/** Tokens that an import can tell of; what says more is ignored, as a symbol is only a hint. There
 *  are more contracts than that, but a file that names symbols is an export of accounts. */
#define SG_HINTS_MAX ((size_t)64 * 1024)

struct sg_hints;

/** Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_hints_new(struct sg_hints **hints, struct sg_err *err);

/** Keep what the record says of its token, if it says anything new. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_hints_add(struct sg_hints *hints, const struct sg_record *record,
                                          struct sg_err *err);

/** In order of first telling. Valid until the next sg_hints_add. */
const struct sg_token_hint *sg_hints_all(size_t *n, const struct sg_hints *hints);

void sg_hints_free(struct sg_hints *hints);

#endif
