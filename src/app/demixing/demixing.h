/** A theft and a mixer pool at work: events and deposits read, ranked, and written as JSON or text.
 *
 *  What the figures mean: docs/methods/demix.md. The JSON: docs/api/demix.json.
 *  Floating point here: probabilities and sums of them.
 */
#ifndef SG_APP_DEMIXING_H
#define SG_APP_DEMIXING_H

#include "analysis/demix/demix.h"
#include "base/arena.h"
#include "base/buf.h"

/** Depositors that a list may name. */
#define SG_DEMIXING_BATCHES_MAX 4096
#define SG_DEMIXING_OUTPUT_MAX  ((size_t)256 << 20)

/** A transaction said to be a deposit of the theft. */
struct sg_demixing_mark {
    uint8_t tx32[32];
    uint32_t batch; /**< 1-based */
    bool in_pool;
};

/** The deposits of one depositor. */
struct sg_demixing_batch {
    const char *name; /**< as the list or the case has it, from outside; "" if it names none */
    size_t deposits;  /**< of them in the pool */
    double expected;  /**< withdrawals that the ranking ascribes to it */
};

/** All zero is an empty one. */
struct sg_demixing {
    const char *pool_name; /**< as it was asked for, borrowed */
    struct sg_amount denomination;
    unsigned decimals;
    struct sg_pool_builder builder;
    size_t n_bad;                   /**< objects in the event files that are no event of a pool */
    char bad_text[SG_ERR_TEXT_MAX]; /**< where the first one is, and what is wrong with it */
    struct sg_demixing_mark *marks; /**< by hash, each once, after sg_demixing_run */
    size_t n_marks, cap_marks;
    size_t n_unmatched; /**< of them without a deposit in the pool */
    struct sg_demixing_batch *batches;
    size_t n_batches, cap_batches;
    struct sg_arena arena; /**< names */
    struct sg_pool pool;
    struct sg_demix_ranking ranking;
    struct sg_demix_null null;
};

/** Set the denomination from a pool's name: "eth-100", "dai-10000", "wbtc-0.1".
 *  Errors: SG_EUSAGE. */
SG_MUST_CHECK enum sg_status sg_demixing_pool(struct sg_demixing *d, const char *name,
                                              struct sg_err *err);

/** Read one file of events, of either kind. Errors: of reading and of sg_tornado_feed. */
SG_MUST_CHECK enum sg_status sg_demixing_events(struct sg_demixing *d, const char *path,
                                                struct sg_err *err);

/** Read the theft's deposits: CSV with a column tx_hash and maybe batch and depositor, or hashes
 * one a line. Rows of one batch (else of one depositor, else all) form a batch. Errors: of reading;
 * SG_EPARSE with the line; SG_ELIMIT; SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demixing_depositors(struct sg_demixing *d, const char *path,
                                                    struct sg_err *err);

/** Take them from a case instead: the transactions in which traced money (FIFO) reached a mixer; a
 *  batch is what one address sent. Errors: those of sg_casework_open; SG_ENOTFOUND if there are
 *  none. */
SG_MUST_CHECK enum sg_status sg_demixing_case(struct sg_demixing *d, const char *case_file,
                                              const char *ledger, struct sg_err *err);

/** Add a deposit of the theft. In: group   what puts it into a batch; name   shown for a new one.
 *  Errors: SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demixing_mark(struct sg_demixing *d, const uint8_t tx32[32],
                                              const char *name, size_t name_size,
                                              struct sg_err *err);

/** Build the pool, match the deposits, rank, and rank the null.
 *  Errors: of sg_pool_build, sg_demix_rank. */
SG_MUST_CHECK enum sg_status sg_demixing_run(struct sg_demixing *d, struct sg_err *err);

/** Write what was found. Failures are sticky in the buffer. */
void sg_demixing_json(struct sg_buf *out, const struct sg_demixing *d);
void sg_demixing_text(struct sg_buf *out, const struct sg_demixing *d);

/** One sentence of what a rule measured for a candidate, in plain units. */
void sg_demixing_detail(struct sg_buf *out, enum sg_demix_rule rule,
                        const struct sg_demix_candidate *candidate);

void sg_demixing_clear(struct sg_demixing *d);

#endif
