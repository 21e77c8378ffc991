/** Reach: which addresses can hold money that came from given ones, and since which row.
 *
 *  A row counts if it moves an amount above zero, did not fail, and goes from one address to
 *  another. An address is reached by the first such row whose sender was a source, or was reached
 * by an earlier row and is no stop. Rows are taken in canonical order, which is a time order, so
 * money cannot flow backwards in time; parents make a forest whose roots are the sources. Reach
 * says what can be, for any mixing of money: an upper bound. Definition: docs/methods/reach.md.
 *
 *  Two routes give the same answer. The scan reads the columns of senders and receivers once, with
 * a bitmap of who is reached; the frontier asks for the rows of reached addresses and no others.
 * Left to choose, the frontier is tried until it has read 1/SG_REACH_TRY of the rows. Threads: one;
 * any number of runs at once.
 */
#ifndef SG_ANALYSIS_REACH_H
#define SG_ANALYSIS_REACH_H

#include "store/ledger/ledger.h"

#include <stdbool.h>

/** A row found by postings costs as much as so many that are scanned (bench/bench_reach.c). */
#define SG_REACH_TRY 32

enum sg_reach_route { SG_REACH_AUTO, SG_REACH_SCAN, SG_REACH_FRONTIER };

struct sg_reach_options {
    const struct sg_addr_id *sources; /**< ids of the ledger; the same may stand there twice */
    size_t n_sources;
    const struct sg_addr_id *stops; /**< reached like others, but nothing goes on from there;
                                         a source that is a stop is a source */
    size_t n_stops;
    bool one_asset; /**< only rows of `asset` count */
    struct sg_asset_id asset;
    enum sg_reach_route route;
    size_t n_threads;                   /**< of the scan; 0 is 1 */
    const struct sg_progress *progress; /**< may be NULL; in rows; called on one thread at a time */
};

/** An address that was reached: the receiver of that row. */
struct sg_reached {
    uint64_t row : 63; /**< the first that brought money; its sender is the parent */
    uint64_t is_stop : 1;
};

static inline struct sg_reached sg_reached_by(uint64_t row, bool is_stop)
{
    return (struct sg_reached){.row = row & (UINT64_MAX >> 1), .is_stop = is_stop};
}

struct sg_reach {
    struct sg_reached *items; /**< by row, ascending: by when they were reached; without sources */
    size_t n_items;
    enum sg_reach_route route; /**< that gave the answer: never SG_REACH_AUTO */
    uint64_t rows_read;        /**< by both routes */
};

/** Find all.
 *  Out:    reach   sg_reach_clear by the caller.
 *  Errors: SG_ENOMEM, SG_ECANCELLED, or what the ledger returned.
 *  Cost:   the scan reads 8 bytes a row or less and, of rows that may reach somebody, whether they
 *          move anything; it keeps 1 bit an address of the ledger (2 with stops), 8 bytes an
 * address that is reached, and 2.4 MB a thread. The frontier keeps 40 bytes an address that it
 *          reaches. */
SG_MUST_CHECK enum sg_status sg_reach_run(struct sg_reach *reach, const struct sg_ledger *ledger,
                                          const struct sg_reach_options *options,
                                          struct sg_err *err);

void sg_reach_clear(struct sg_reach *reach);

#endif
