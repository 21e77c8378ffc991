/** A world of money movement whose truth is known: for tests and for measuring detection.
 *
 *  Seeded and streaming: the same options give the same bytes, rows come in canonical order, and
 *  memory grows with the people of the scenario and not with the transfers. All arithmetic is in
 *  integers, without a mathematical library, so that two machines agree.
 *
 *  Two chains share one clock: the first holds everything, the second what came over the bridge.
 *  Every balance starts from a reward or the issue of a token and never goes below zero. What is
 *  modelled, and what is not: docs/methods/simulate.md. No address in it belongs to anybody on
 *  purpose.
 */
#ifndef SG_ANALYSIS_SIMULATE_H
#define SG_ANALYSIS_SIMULATE_H

#include "base/progress.h"
#include "formats/record/record.h"
#include "formats/scenario/scenario.h"

#define SG_SIMULATE_CHAINS 2

/** One row of the transfers table (docs/formats/transfers.md). */
struct sg_simulate_row {
    struct sg_record record; /**< TX, INTERNAL, TOKEN, or a reward; without the fee */
    bool has_fee;            /**< this row carries the fee of its transaction */
    struct sg_amount fee;
    struct sg_address fee_payer; /**< size 0: the sender of the native row */
};

/** Where rows and the truth go; a status other than SG_OK ends the run with it. */
struct sg_simulate_sink {
    enum sg_status (*row)(void *ctx, unsigned chain, const struct sg_simulate_row *row,
                          struct sg_err *err);
    /** The next piece of truth.json. */
    enum sg_status (*truth)(void *ctx, const char *bytes, size_t size, struct sg_err *err);
    /** A case file for a theft: its seeds, and who is a service. At the end, once for each theft
     * that happened, by number. */
    enum sg_status (*case_file)(void *ctx, uint32_t theft, const char *bytes, size_t size,
                                struct sg_err *err);
    void *ctx;
};

struct sg_simulate {
    uint64_t seed;
    uint64_t transfers; /**< rows of both chains together; a few more finish a transaction */
    const struct sg_scenario *scenario;
    const struct sg_chain *chains[SG_SIMULATE_CHAINS]; /**< both with hexadecimal addresses */
    const struct sg_progress *progress;                /**< may be NULL; in rows */
};

struct sg_simulate_summary {
    uint64_t rows[SG_SIMULATE_CHAINS];
    uint64_t addresses; /**< that the scenario has room for */
    uint64_t thefts;    /**< that happened before the end */
    uint64_t salaries;
};

/** Make the world.
 *  Errors: SG_ELIMIT (a scenario of more addresses than ids), SG_ENOMEM, SG_ECANCELLED, or what
 *          the sink returned.
 *  Cost:   about a microsecond a row without what the sink does; 25 bytes an address. */
SG_MUST_CHECK enum sg_status sg_simulate_run(struct sg_simulate_summary *summary,
                                             const struct sg_simulate *options,
                                             const struct sg_simulate_sink *sink,
                                             struct sg_err *err);

#endif
