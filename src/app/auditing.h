/** The option --audit of verbs that show or delete people: who looked is logged before anything is
 *  shown (store/audit). */
#ifndef SG_APP_AUDITING_H
#define SG_APP_AUDITING_H

#include "store/audit/audit.h"

struct sg_auditing {
    const char *log; /**< NULL: nothing is logged */
    const char *key; /**< file of the key */
    const char *who; /**< NULL: the user who runs the program */
};

/** Log what is done to records; does nothing without a log. Errors: SG_EUSAGE (a log without a key,
 *  or a key without a log), and those of the log. */
SG_MUST_CHECK enum sg_status sg_auditing_write(const struct sg_auditing *auditing,
                                               enum sg_audit_action action,
                                               const char *const *record_ids, size_t n,
                                               struct sg_err *err);

#endif
