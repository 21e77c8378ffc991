/** The step of a scan that any thread may take: which rows of a piece can still matter.
 *
 *  The bitmap of who is known is read here while the ordered step of earlier pieces sets bits of
 *  it. Bits are only ever set, and only for earlier rows, so what is found set is true of every row
 *  of this piece; what is found unset is looked at again, in order.
 */
#ifndef SG_ANALYSIS_REACH_FILTER_INTERNAL_H
#define SG_ANALYSIS_REACH_FILTER_INTERNAL_H

#include "analysis/reach/reach_internal.h"

#define SG_REACH_PIECE 65536u /**< rows; a chunk of the ledger */

/** In a candidate's `at`: the sender spreads, and the row moves something. */
#define SG_REACH_SURE (UINT32_C(1) << 31)

/** A row that reaches `to`, unless it is known by then: if sure, or else if `from` is known by then
 *  and the row moves something. */
struct sg_reach_candidate {
    uint32_t at; /**< in the piece */
    uint32_t from, to;
};

struct sg_reach_piece {
    struct sg_reach_candidate *items; /**< room for all rows */
    size_t n;
    enum sg_status status;
    struct sg_err err;
};

struct sg_reach_filter {
    const struct sg_ledger *ledger;
    const struct sg_reach_options *options;
    uint64_t *known; /**< bit a: address a is a source, or reached; one more bit, set, for none */
    uint64_t *stops; /**< bit a: nothing goes on from a; NULL where there are none */
    uint32_t n_addrs;
};

SG_MUST_CHECK enum sg_status sg_reach_filter_init(struct sg_reach_filter *filter,
                                                  const struct sg_ledger *ledger,
                                                  const struct sg_reach_options *options,
                                                  struct sg_err *err);
void sg_reach_filter_clear(struct sg_reach_filter *filter);

/** Read piece `number` and keep its candidates, in order. */
void sg_reach_filter_piece(struct sg_reach_piece *piece, const struct sg_reach_filter *filter,
                           uint64_t number);

/** Bits that one thread sets while others read: relaxed, for no order is needed. */
static inline bool sg_reach_has(const uint64_t *bits, uint32_t at)
{
    return __atomic_load_n(&bits[at / 64], __ATOMIC_RELAXED) >> (at % 64) & 1;
}

static inline void sg_reach_set(uint64_t *bits, uint32_t at)
{
    const uint64_t word = __atomic_load_n(&bits[at / 64], __ATOMIC_RELAXED);
    __atomic_store_n(&bits[at / 64], word | UINT64_C(1) << (at % 64), __ATOMIC_RELAXED);
}

#endif
