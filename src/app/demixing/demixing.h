/** A theft and a mixer pool at work: events and deposits read, ranked, and written as JSON or text.
 *
 *  What the figures mean: docs/methods/demix.md. The JSON: docs/api/demix.json.
 *  Floating point here: probabilities and sums of them.
 */
#ifndef SG_APP_DEMIXING_H
#define SG_APP_DEMIXING_H

#include "analysis/demix/demix.h"
#include "analysis/demix/demix_price.h"
#include "analysis/trace/trace.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "formats/csv/csv.h"
#include "formats/poolfile/poolfile.h"

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

/** Evidence of a candidate that is shown and not weighed. */
struct sg_demixing_note {
    uint32_t candidate;
    uint32_t order;   /**< in which they were added */
    const char *rule; /**< static text */
    const char *detail;
};

/** All zero is an empty one. */
struct sg_demixing {
    const char *pool_name;                 /**< as it was asked for, borrowed */
    const struct sg_poolfile_pool *config; /**< of a file of pools, or NULL */
    bool is_ranked;                        /**< of a file of pools: the theft deposited here */
    int64_t after_s;                       /**< by which the window outlasts the last deposit; 0:
                                                SG_DEMIX_AFTER_S */
    struct sg_amount denomination;
    unsigned decimals;
    struct sg_pool_builder builder;
    size_t n_odd_rows; /**< of a pool that was read from a ledger: neither deposit nor withdrawal */
    size_t n_bad;      /**< objects in the event files that are no event of a pool */
    char bad_text[SG_ERR_TEXT_MAX]; /**< where the first one is, and what is wrong with it */
    struct sg_demixing_mark *marks; /**< by hash, each once, after sg_demixing_run */
    size_t n_marks, cap_marks;
    size_t n_unmatched; /**< of them without a deposit in the pool */
    struct sg_demixing_batch *batches;
    size_t n_batches, cap_batches;
    struct sg_arena arena;          /**< names, notes */
    const struct sg_chain *chain;   /**< of a file of pools; NULL: Ethereum */
    bool has_ledger;                /**< one was asked */
    size_t n_in_ledger;             /**< candidates that it has met */
    struct sg_demixing_note *notes; /**< by candidate, once sorted */
    size_t n_notes, cap_notes;
    struct sg_demix_priced priced; /**< what there was to compare, after sg_demixing_prices */
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

/** Read a table of block times: CSV with the columns block (or number, block_number) and time (or
 *  timestamp), or these two without a heading. Errors: of reading; SG_EPARSE with the line. */
SG_MUST_CHECK enum sg_status sg_demixing_blocks(struct sg_demixing *d, const char *path,
                                                struct sg_err *err);

/** Read a CSV file row by row. Errors: of reading; SG_EPARSE with the line; what on_row returned.
 */
SG_MUST_CHECK enum sg_status sg_demixing_rows(
    const char *path,
    enum sg_status (*on_row)(void *ctx, const struct sg_csv_record *record, struct sg_err *err),
    void *ctx, struct sg_err *err);

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

/** The same of a trace that is there; the policy was run. Errors: SG_ENOTFOUND if there are none.
 */
SG_MUST_CHECK enum sg_status sg_demixing_traced(struct sg_demixing *d, const struct sg_trace *trace,
                                                enum sg_policy policy, struct sg_err *err);

/** Path of a file that a file of pools names, in the arena; NULL without memory. */
const char *sg_demixing_beside(struct sg_arena *arena, const char *path, const char *name);

/** Add a deposit of the theft. In: group   what puts it into a batch; name   shown for a new one.
 *  Errors: SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demixing_mark(struct sg_demixing *d, const uint8_t tx32[32],
                                              const char *name, size_t name_size,
                                              struct sg_err *err);

/** By hash, each once: of two of one transaction the lower batch stays. sg_demixing_run does it. */
void sg_demixing_sort_marks(struct sg_demixing *d);

/** The mark of a transaction among sorted ones, or NULL. */
const struct sg_demixing_mark *sg_demixing_find(const struct sg_demixing *d,
                                                const uint8_t tx32[32]);

/** Build the pool, match the deposits, rank, and rank the null.
 *  Errors: of sg_pool_build, sg_demix_rank. */
SG_MUST_CHECK enum sg_status sg_demixing_run(struct sg_demixing *d, struct sg_err *err);

/** Ask a ledger for links between the depositors and each candidate, after sg_demixing_run; they
 * are added as notes. Rules: docs/methods/demix.md. In: labels   folder of a label store, which
 * says who is a service, or NULL. Errors: of opening and reading them. */
SG_MUST_CHECK enum sg_status sg_demixing_ledger(struct sg_demixing *d, const char *dir,
                                                const char *labels, struct sg_err *err);

/** Take from a ledger the gas prices that the events lack; sg_demixing_ledger does it. */
SG_MUST_CHECK enum sg_status sg_demixing_ledger_prices(struct sg_demixing *d,
                                                       const struct sg_ledger *ledger,
                                                       struct sg_err *err);

/** Note gas prices that the theft and one withdrawer alone have. After the ledger, if there is one.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demixing_prices(struct sg_demixing *d, struct sg_err *err);

/** Add a note. In: rule   static; detail   copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_demixing_note(struct sg_demixing *d, uint32_t candidate,
                                              const char *rule, const char *detail,
                                              struct sg_err *err);

/** Sort the notes when all are there, and find those of a candidate. */
void sg_demixing_sort_notes(struct sg_demixing *d);
const struct sg_demixing_note *sg_demixing_notes_of(size_t *n, const struct sg_demixing *d,
                                                    uint32_t candidate);

/** Several pools at work, of one file. All zero is an empty one. */
struct sg_demixing_pools {
    struct sg_poolfile file;
    struct sg_demixing *pools; /**< one for each of the file */
    size_t n_pools;
    size_t n_other_logs; /**< of contracts that are no pool of the file: left out */
    struct sg_arena arena;
};

/** Read a file of pools and all events that it names, beside it. Errors: of reading and parsing;
 *  SG_EPARSE (a log of another contract among a pool's own events). */
SG_MUST_CHECK enum sg_status sg_demixing_pools_read(struct sg_demixing_pools *pools,
                                                    const char *path, struct sg_err *err);

/** Read the pools that name contracts and have no event yet from the rows of a ledger. Errors: of
 *  opening and reading it. */
SG_MUST_CHECK enum sg_status sg_demixing_pools_ledger(struct sg_demixing_pools *pools,
                                                      const char *dir, struct sg_err *err);

/** Read one file of events of a pool of the file; d NULL: of logs that go to their contract's. */
SG_MUST_CHECK enum sg_status sg_demixing_pool_events(struct sg_demixing_pools *pools,
                                                     struct sg_demixing *d, const char *path,
                                                     struct sg_err *err);

/** Rank in each pool that the theft deposited into. In/Out: theft   its marks and block times;
 * which marks are in a pool. Errors: as sg_demixing_run; SG_ENOTFOUND if it deposited into none. */
SG_MUST_CHECK enum sg_status sg_demixing_pools_run(struct sg_demixing_pools *pools,
                                                   struct sg_demixing *theft, struct sg_err *err);
void sg_demixing_pools_json(struct sg_buf *out, const struct sg_demixing_pools *pools,
                            const struct sg_demixing *theft);
void sg_demixing_pools_text(struct sg_buf *out, const struct sg_demixing_pools *pools,
                            const struct sg_demixing *theft);
void sg_demixing_pools_clear(struct sg_demixing_pools *pools);

/** Write what was found. Failures are sticky in the buffer. */
void sg_demixing_object(struct sg_jsonw *w, const struct sg_demixing *d);
void sg_demixing_json(struct sg_buf *out, const struct sg_demixing *d);
void sg_demixing_text(struct sg_buf *out, const struct sg_demixing *d);

/** One sentence of what a rule measured for a candidate, in plain units. */
void sg_demixing_detail(struct sg_buf *out, enum sg_demix_rule rule,
                        const struct sg_demix_candidate *candidate);

void sg_demixing_clear(struct sg_demixing *d);

#endif
