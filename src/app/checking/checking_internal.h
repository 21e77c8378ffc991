#ifndef SG_APP_CHECKING_INTERNAL_H
#define SG_APP_CHECKING_INTERNAL_H

#include "app/checking/checking.h"

/* References that are there to be shown. */
static inline uint32_t checking_refs(const struct sg_redflags_finding *f)
{
    return f->n_refs < SG_REDFLAGS_REFS_MAX ? f->n_refs : SG_REDFLAGS_REFS_MAX;
}

/* Rules that are on and lacked their data for an identity, as bits. */
uint32_t sg_checking_missing(const struct sg_checking *c,
                             const struct sg_redflags_identity *identity);

/* The worked example of base rates. */
#define CHECKING_EXAMPLE_RECALL 0.9
#define CHECKING_EXAMPLE_FALSE  0.01

/* Sentences on how many alerts are true, one a line. */
void sg_checking_base_rate(struct sg_buf *out, const struct sg_checking *c);

#endif
