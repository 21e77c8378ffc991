/** Who stands behind the addresses of a ledger, by a label store as of a day: the book that
 *  analysis/exposure asks, one look-up an address, kept.
 *
 *  Of the claims in force on the day a service speaks for the address, since the money's way ends
 *  there; else the first hit of analysis/screen does: sanctions, then crime, then the rest. A
 *  sanction that is not the one shown is kept as a mark.
 */
#ifndef SG_APP_LABELBOOK_H
#define SG_APP_LABELBOOK_H

#include "analysis/exposure/exposure.h"
#include "app/labelstore/labelstore.h"
#include "base/ids.h"

struct sg_labelbook {
    const struct sg_labelstore *store; /**< NULL: nobody is known */
    const struct sg_ledger *ledger;
    int64_t as_of_unix_s;
    const struct sg_progress *progress; /**< told of each address that is new; may be NULL */
    struct sg_exposure_book book;       /**< what the analysis is given */
    struct sg_ids at;                   /**< address -> index into labels */
    const struct sg_exposure_label **labels;
    size_t n_labels, capacity;
    struct sg_arena arena;   /**< of the labels that are kept */
    struct sg_arena scratch; /**< of one look-up */
};

/** Ready `book->book`; the book must not move while it is in use. In: store, ledger   borrowed
 * until sg_labelbook_close. */
void sg_labelbook_open(struct sg_labelbook *book, const struct sg_labelstore *store,
                       const struct sg_ledger *ledger, int64_t as_of_unix_s);
void sg_labelbook_close(struct sg_labelbook *book);

/** The label that speaks for a text, not kept. Out: label  in the arena, or NULL. */
SG_MUST_CHECK enum sg_status sg_labelbook_of_text(const struct sg_exposure_label **label,
                                                  struct sg_arena *arena,
                                                  const struct sg_labelstore *store,
                                                  int64_t as_of_unix_s, const char *text,
                                                  size_t size, struct sg_err *err);

#endif
