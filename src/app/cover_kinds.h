/** What an imported file may be said to cover: whose rows are complete, of which kinds, and why we
 *  think so. The rules and their reasons: docs/formats/sources.md, section Coverage. */
#ifndef SG_APP_COVER_KINDS_H
#define SG_APP_COVER_KINDS_H

#include "app/accounts.h"
#include "formats/decode/decode.h"

#include <stdbool.h>

/** What the person said. */
struct sg_cover_wish {
    const struct sg_accounts *accounts; /**< empty: none were named */
    uint8_t kinds;                      /**< SG_COVER_..., 0: by the tables */
    bool has_range;
    uint64_t first_block, last_block;
};

/** What follows for one file. */
struct sg_cover_claim {
    const struct sg_address *accounts;
    size_t n_accounts;
    uint8_t kinds; /**< 0: nothing is claimed */
    bool whole_chain;
    bool inferred; /**< accounts is `guessed`: it occurs in every row */
    struct sg_address guessed;
    const char *doubt; /**< why nothing is claimed where one could expect it; static, or NULL */
};

/** Parse "native,internal,token". Errors: SG_EUSAGE. */
SG_MUST_CHECK enum sg_status sg_cover_kinds_parse(uint8_t *kinds, const char *text,
                                                  struct sg_err *err);

/** Parse "FIRST-LAST". Errors: SG_EUSAGE. */
SG_MUST_CHECK enum sg_status sg_cover_range_parse(struct sg_cover_wish *wish, const char *text,
                                                  struct sg_err *err);

/** Decide for a file that was decoded to its end. claim->accounts may point into claim: it must
 *  not be copied. */
void sg_cover_decide(struct sg_cover_claim *claim, const struct sg_cover_wish *wish,
                     enum sg_source_format format, const struct sg_decoder *decoder);

/** Names of the kinds, in order; NULL behind the last. */
extern const char *const sg_cover_kind_names[4];

#endif
