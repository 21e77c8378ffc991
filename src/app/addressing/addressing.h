/** What `sillage address` says of one candidate: its form, whether it is valid, and where it is
 * not, what was perhaps meant. docs/methods/addresses.md; the JSON: docs/api/address.json.
 */
#ifndef SG_APP_ADDRESSING_H
#define SG_APP_ADDRESSING_H

#include "app/labelstore/labelstore.h"
#include "base/buf.h"
#include "formats/recognise/recognise.h"

/** Ways to write a lost case that are tried at most: 2^28, a minute or two. */
#define SG_ADDRESSING_LETTERS_MAX 28

struct sg_addressing {
    const struct sg_labelstore *store; /**< or NULL: no questions */
    bool restore;                      /**< search for the case of letters */
    bool json;
    size_t n_threads;
    struct sg_buf *out;
    /* Counted, by verdict: */
    uint64_t n[SG_READING_VALID + 1];
};

/** Append what is known of a candidate.
 *  In:  as_given   what a person wrote, or the piece of the file.
 *  Errors: SG_ENOMEM, SG_ELIMIT, SG_ECANCELLED, those of the store. */
SG_MUST_CHECK enum sg_status sg_addressing_say(struct sg_addressing *addressing,
                                               const struct sg_found *found,
                                               struct sg_text as_given, struct sg_err *err);

/** How many there were, by verdict. */
void sg_addressing_summary(struct sg_addressing *addressing);

#endif
