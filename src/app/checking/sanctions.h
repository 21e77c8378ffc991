/** Which accounts are under sanctions, by a label store, a case, or both. */
#ifndef SG_APP_SANCTIONS_H
#define SG_APP_SANCTIONS_H

#include "app/labelstore/labelstore.h"
#include "base/text.h"
#include "store/casefile/casefile.h"

/** All zero is an empty one. */
struct sg_sanctions {
    bool has_store, has_case;
    struct sg_labelstore store;
    struct sg_casefile case_file;
    const char **keys; /**< of the case's sanctioned addresses, sorted */
    size_t n_keys;
    struct sg_arena arena;
};

/** Open what is named; NULL: it is not. Close after an error too. */
SG_MUST_CHECK enum sg_status sg_sanctions_open(struct sg_sanctions *s, const char *labels,
                                               const char *case_file, struct sg_err *err);
void sg_sanctions_close(struct sg_sanctions *s);

/** Whether a label in force, as far as is known, calls the account sanctioned. Has the form that
 *  struct sg_redflags_sanctions wants; ctx: a struct sg_sanctions. */
SG_MUST_CHECK enum sg_status sg_sanctions_find(void *ctx, bool *is_sanctioned,
                                               struct sg_text account, struct sg_err *err);

#endif
