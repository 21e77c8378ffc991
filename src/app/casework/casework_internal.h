#ifndef SG_APP_CASEWORK_INTERNAL_H
#define SG_APP_CASEWORK_INTERNAL_H

#include "app/casework/casework.h"

/** A source of labels of the store, in a list. */
struct casework_source {
    struct sg_case_source source;
    struct casework_source *next;
};

/** Add the store's labels of addresses that occur in the ledgers and that the case does not label,
 *  and the sources of these. Nothing without options.labels. */
SG_MUST_CHECK enum sg_status casework_add_labels(struct sg_casework *w, struct sg_err *err);

#endif
