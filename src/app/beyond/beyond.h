/** Behind a mixer: who may have withdrawn the traced money that went into it, by probability.
 *
 *  Nothing here is part of a trace: a ledger proves what went in, never what came out. Amounts are
 *  what an address withdrew in the window, times the probability that it was the theft's; they are
 *  shown apart and added to no other figure. Method: docs/methods/demix.md.
 */
#ifndef SG_APP_BEYOND_H
#define SG_APP_BEYOND_H

#include "analysis/trace/trace.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/jsonw.h"

/** Probabilities are written in millionths, so that amounts stay exact. */
#define SG_BEYOND_ONE 1000000u

/** An address at or above the least probability. */
struct sg_beyond_row {
    const char *address;       /**< as the chain writes it */
    size_t n;                  /**< its withdrawals in the window */
    struct sg_amount amount;   /**< that it received by them: denominations less fees */
    uint32_t millionths;       /**< probability that all of them are the theft's */
    struct sg_amount expected; /**< floor(amount * millionths / 1,000,000) */
    int64_t first_unix_s, last_unix_s;
    bool is_known; /**< the trace met it, or the case names it */
};

struct sg_beyond_pool {
    const char *name, *symbol; /**< from outside */
    unsigned decimals;
    size_t n_deposits;                /**< of traced money */
    struct sg_amount deposited;       /**< n_deposits denominations */
    const struct sg_beyond_row *rows; /**< best first */
    size_t n_rows;
    size_t n_below;             /**< addresses in the window under the least probability */
    struct sg_amount listed;    /**< received by the rows */
    struct sg_amount expected;  /**< sum of theirs */
    struct sg_amount low, high; /**< nine in ten, whether the addresses hang together or
                                     not; no more than was deposited */
};

/** A file that was read, for manifests: kind "pools" or "events". */
struct sg_beyond_input {
    const char *name;
    uint8_t sha256[SG_SHA256_SIZE];
};

struct sg_beyond {
    uint32_t least_millionths;
    const struct sg_beyond_pool *pools; /**< that traced money went into, in the file's order */
    size_t n_pools;
    size_t n_unmatched; /**< transactions into mixers that are a deposit in none of them */
    const struct sg_beyond_input *inputs; /**< the file of pools first */
    size_t n_inputs;
};

/** Rank in the pools of a file who withdrew what `policy` traced into mixers.
 *
 *  Out:    beyond   in the arena; written on success only.
 *  Errors: those of reading the files (app/demixing); SG_ENOTFOUND if no traced money reached a
 *          mixer, or none of it is a deposit in these pools.
 */
SG_MUST_CHECK enum sg_status sg_beyond_find(struct sg_beyond *beyond, struct sg_arena *arena,
                                            const struct sg_trace *trace, enum sg_policy policy,
                                            const char *pools_path, uint32_t least_millionths,
                                            struct sg_err *err);

/** "0.5", "1" or ".75" as millionths; false unless within (0, 1]. */
bool sg_beyond_read(uint32_t *millionths, const char *text);

/** Write it: the member "beyond_mixers" of an open object, a part of the terminal's summary, a
 *  section of the report. Failures are sticky in the buffer. */
void sg_beyond_json(struct sg_jsonw *w, const struct sg_beyond *beyond);
void sg_beyond_text(struct sg_buf *out, const struct sg_beyond *beyond);
void sg_beyond_html(struct sg_buf *out, const struct sg_beyond *beyond);

#endif
