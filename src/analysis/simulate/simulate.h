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

#define SG_SIMULATE_NOBODY UINT32_MAX
#define SG_SIMULATE_TOKENS 11u /**< two true ones, from 1 on, and fakes */

/** The same with numbers in place of bytes, for whoever wants no text: a tenth of the work. */
struct sg_simulate_move {
    uint64_t block;
    uint64_t serial; /**< of the transaction, 1 and up; rewards of a block are none */
    int64_t time_unix_s;
    struct sg_amount amount;
    struct sg_amount fee;         /**< of the transaction, in each of its rows */
    uint32_t from, to, payer;     /**< accounts; SG_SIMULATE_NOBODY: none */
    uint32_t token;               /**< 0: the coin */
    uint32_t tx_index, log_index; /**< or SG_INDEX_UNKNOWN */
    enum sg_record_kind kind;
    enum sg_tx_status status;
    bool is_reward;
    bool is_first; /**< row of its transaction */
};

struct sg_sim;

/** What numbers stand for; while the world runs, and for accounts that a row has had, on any
 *  thread. */
uint32_t sg_simulate_accounts(const struct sg_sim *sim);
void sg_simulate_address(struct sg_address *address, const struct sg_sim *sim, uint32_t account);
void sg_simulate_hash(uint8_t hash32[32], const struct sg_sim *sim, uint64_t serial);
/** token from 1 on; returns its symbol. Decimals are 6. */
const char *sg_simulate_token(struct sg_address *contract, const struct sg_sim *sim,
                              uint32_t token);

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
    /** Not NULL: gets every row in place of `row`; begin and end are called before the first and
     *  after the last. */
    enum sg_status (*move)(void *ctx, const struct sg_sim *sim, unsigned chain,
                           const struct sg_simulate_move *move, struct sg_err *err);
    enum sg_status (*begin)(void *ctx, const struct sg_sim *sim, struct sg_err *err);
    enum sg_status (*end)(void *ctx, struct sg_err *err);
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
