/** The page of `sillage workers payroll --report`: collectors with their members, what speaks
 * against each, the payers, and what the answer rests on. */
#ifndef SG_APP_PAYROLLPAGE_H
#define SG_APP_PAYROLLPAGE_H

#include "analysis/payroll/payroll.h"
#include "base/buf.h"

/** Collectors that the page shows; the rest is counted, and stands in the JSON. */
#define SG_PAYROLLPAGE_COLLECTORS_MAX 200

/** Write the page. Errors: the ledger's, SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_payrollpage_write(struct sg_buf *out,
                                                  const struct sg_ledger *ledger,
                                                  const struct sg_payroll *payroll,
                                                  const struct sg_payroll_options *options,
                                                  struct sg_err *err);

#endif
