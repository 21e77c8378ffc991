/** What reviewers decided about alerts: a CSV that `sillage workers check` writes and people fill
 * in.
 *
 *  Columns record_id, rules, decision, reviewer, date, note; all of them, in any order. A row is
 *  about one record: `rules` are the names of the findings that were decided about, with blanks
 *  between; a finding of another rule is new. A decision is a person's; the program writes `open`
 *  alone. Nothing here rejects anybody. Format: docs/formats/decisions.md.
 */
#ifndef SG_FORMATS_DECISIONS_H
#define SG_FORMATS_DECISIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** Rows of one file. */
#define SG_DECISIONS_MAX ((size_t)1 << 20)

enum sg_decision_word {
    SG_DECISION_OPEN,      /**< nobody has looked yet, or more is needed */
    SG_DECISION_EXPLAINED, /**< there is an innocent reason */
    SG_DECISION_CONFIRMED  /**< a person holds the signs to be true */
};

/** "open" and so on. Static storage. */
const char *sg_decision_name(enum sg_decision_word word);

/** Texts are never NULL. */
struct sg_decision {
    const char *record_id;
    uint32_t rules; /**< bit r: enum sg_redrule_id r was decided about */
    enum sg_decision_word word;
    const char *reviewer, *date, *note; /**< as they wrote it */
};

/** Read a file.
 *  Out:    decisions, n   in the arena, by record id; untouched on an error.
 *  Errors: SG_EPARSE with the line (a missing or unknown column, which a rewrite would lose; an
 *          unknown rule or decision; a record twice; a damaged row; not UTF-8), SG_ELIMIT,
 *          SG_ENOMEM. No sentence repeats what a row says. */
SG_MUST_CHECK enum sg_status sg_decisions_parse(const struct sg_decision **decisions, size_t *n,
                                                struct sg_arena *arena, const char *bytes,
                                                size_t size, struct sg_err *err);

/** The decision about a record; NULL: none. Cost: O(log n). */
const struct sg_decision *sg_decisions_find(const struct sg_decision *decisions, size_t n,
                                            const char *record_id);

/** Append the header, and a row; what begins like a formula gets an apostrophe, which parsing takes
 *  off again. Failures are sticky in `out`. */
void sg_decisions_header(struct sg_buf *out);
void sg_decisions_row(struct sg_buf *out, const struct sg_decision *decision);

#endif
