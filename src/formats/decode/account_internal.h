/* Whose export a file is: the one address that every row has. */
#ifndef SG_FORMATS_ACCOUNT_INTERNAL_H
#define SG_FORMATS_ACCOUNT_INTERNAL_H

#include "formats/record/record.h"

/* At most two addresses can occur in every row: the two of the first one. */
struct account_guess {
    bool begun;
    size_t n;
    struct sg_address left[2]; /* of which n occur in all rows so far */
};

void sg_account_guess_take(struct account_guess *guess, const struct sg_record *record);

/* SG_ENOTFOUND unless exactly one is left. */
SG_MUST_CHECK enum sg_status sg_account_guess_get(struct sg_address *account,
                                                  const struct account_guess *guess);

#endif
