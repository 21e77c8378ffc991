/* Parts of the engine that its files share. Read utxotaint.c first. */
#ifndef SG_ANALYSIS_UTXOTAINT_INTERNAL_H
#define SG_ANALYSIS_UTXOTAINT_INTERNAL_H

#include "analysis/utxotaint/utxotaint.h"
#include "base/ids.h"

/* A run of satoshis, clean (SG_TAINT_NONE) or of one theft, and whose input brought them. */
struct ut_lot {
    uint64_t sat;
    uint32_t theft;
    uint32_t from;
};

struct ut_lots {
    struct ut_lot *items;
    size_t n, capacity;
};

/* Add behind; joined to the last lot where it is alike and not before `first`. */
SG_MUST_CHECK bool sg_ut_push(struct ut_lots *lots, size_t first, struct ut_lot lot);

/* Who gets money of a transaction: its outputs, and behind them the fee. */
struct ut_share {
    uint64_t sat;      /* what it gets */
    uint64_t stolen;   /* of that; fifo and lifo leave it to the lots */
    bool comes_back;   /* an output whose owner is one of the spenders */
    size_t first, end; /* in work.paid */
};

/* A part of a division, by the remainder that is left of it. */
struct ut_rest {
    uint64_t rest;
    size_t index;
};

/* What one transaction does. All arrays are kept from one to the next. */
struct ut_work {
    struct ut_lots brought; /* by the inputs, in their order */
    struct ut_lots paid;    /* to the shares, one after the other */
    struct ut_share *shares;
    size_t n_shares, cap_shares;
    uint64_t *numbers; /* room for divisions */
    size_t cap_numbers;
    struct ut_rest *rests;
    size_t cap_rests;
    size_t *order; /* of shares */
    size_t cap_order;
    uint64_t *pool; /* stolen money, one a theft */
    size_t *next;   /* one a theft: the lot of `brought` that is used next */
    uint64_t *left; /* one a lot of `brought`: what is unused of it */
    size_t cap_left;
    uint64_t *excess; /* one a theft: clean money that poison tainted */
    uint32_t *spenders;
    size_t n_spenders, cap_spenders;
};

/* Divide work.brought over work.shares; sums are equal. work.pool and work.next have n_thefts
 * entries. Fills work.paid, work.excess and the places of the shares. */
SG_MUST_CHECK enum sg_status
sg_ut_divide(struct ut_work *work, const struct sg_utxotaint_input *input, struct sg_err *err);

/* Divide an amount in proportion; remainders by largest fraction, ties to the lower index.
 * weights sum to `sum`. */
void sg_ut_proportion(uint64_t *parts, struct ut_rest *rests, const uint64_t *weights, size_t n,
                      uint64_t sum, uint64_t amount);

/* Any clean lot of lots from `first` on becomes stolen, shared by what each theft has there; the
 * clean money of each theft is added to excess. Needs work.pool. Nothing stolen: nothing happens.
 */
SG_MUST_CHECK bool sg_ut_poison(struct ut_work *work, struct ut_lots *lots, size_t first,
                                uint32_t n_thefts);

/* An output that is followed. */
struct ut_coin {
    uint64_t out;
    size_t first, end; /* in run.lots */
    bool is_spent;     /* it was gone through */
    uint64_t spent_in; /* where it is held up */
};

/* The fee of a transaction of the block at work. */
struct ut_fee {
    uint64_t tx;
    size_t first, end; /* in run.fee_lots */
};

struct ut_run {
    const struct sg_utxo *utxo;
    const struct sg_utxotaint_input *input;
    uint64_t end_tx, end_out; /* what is in view ends before these */
    struct ut_work work;
    uint64_t *heap; /* steps to come; a binary heap. See ut_step_of */
    size_t n_heap, cap_heap;
    struct sg_ids coin_of; /* place in coins of an output */
    struct ut_coin *coins;
    size_t n_coins, cap_coins;
    struct ut_lots lots;
    struct ut_lots fee_lots;
    struct ut_fee *fees;
    size_t n_fees, cap_fees;
    struct sg_utxotaint_move *moves;
    size_t n_moves, cap_moves;
    struct sg_utxotaint_total *totals;
    uint64_t n_txs;
};

/* utxotaint_settle.c */

/* Something to do at a transaction: a coinbase comes behind all others of its block. */
SG_MUST_CHECK bool sg_ut_plan(struct ut_run *run, uint64_t tx);
bool sg_ut_next(uint64_t *tx, struct ut_run *run);

/* The outputs of a transaction were paid: apply seeds, stop or follow each. */
SG_MUST_CHECK enum sg_status sg_ut_settle(struct ut_run *run, uint64_t tx, struct sg_err *err);

SG_MUST_CHECK bool sg_ut_move(struct ut_run *run, const struct sg_utxotaint_move *move);

/* Gather what is left, check that nothing got lost, and write the result. */
SG_MUST_CHECK enum sg_status sg_ut_result(struct sg_utxotaint_result *result,
                                          struct sg_arena *arena, struct ut_run *run,
                                          struct sg_err *err);

/* Add an amount to the line of a theft: totals[theft].*field. */
#define UT_BOOK(run, lot, field)                                                                   \
    ((lot).theft == SG_TAINT_NONE ? (void)0 : (void)((run)->totals[(lot).theft].field += (lot).sat))

#endif
