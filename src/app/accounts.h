/** The addresses that a person names: one by one, or by a file of them. */
#ifndef SG_APP_ACCOUNTS_H
#define SG_APP_ACCOUNTS_H

#include "formats/record/record.h"

#include <stddef.h>

struct sg_accounts {
    struct sg_address *items; /**< in the order given; the same may stand there twice */
    size_t count, capacity;
};

/** Add an address, or all of a file: one a line, or the first column of a CSV, whose header may be
 *  there. On a chain of
 *  text addresses, where any word may be one, a file of that name goes first.
 *  Errors: SG_EUSAGE (neither), SG_EPARSE (a line of the file that is no address, with its line),
 *          SG_EIO, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_accounts_add(struct sg_accounts *accounts,
                                             const struct sg_chain *chain, const char *text,
                                             struct sg_err *err);

void sg_accounts_clear(struct sg_accounts *accounts);

#endif
