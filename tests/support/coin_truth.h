/** A made-up chain (analysis/coinworld) in a ledger of outputs in memory, with its truth by the
 *  ledger's own rows: for tests and benches that measure how well something is found. */
#ifndef SG_TESTS_SUPPORT_COIN_TRUTH_H
#define SG_TESTS_SUPPORT_COIN_TRUTH_H

#include "analysis/coinworld/coinworld.h"
#include "store/utxo/utxo.h"

struct coin_truth_tx {
    uint8_t kind; /* enum sg_coinworld_kind */
    uint32_t chain, step;
};

/** One transaction as the block has it, when its block was appended. */
struct coin_truth_seen {
    uint64_t tx;
    const struct sg_btc_block *block;
    const struct sg_btc_tx *in_block;
};

struct coin_truth {
    struct sg_utxo utxo;
    struct coin_truth_tx *txs; /* of each transaction */
    uint32_t *owners;          /* who each output belongs to, or SG_COINWORLD_NOBODY */
    bool *change;              /* of each output */
    size_t cap_txs, cap_owners, cap_change;
    struct sg_coinworld_summary summary;
    uint64_t blocks_bytes;
    /* Called for every transaction; may be NULL. */
    void (*see)(void *ctx, const struct coin_truth *truth, const struct coin_truth_seen *seen);
    void *ctx;
};

/** Make a world and read its blocks, each checked. `see` and `ctx` stay; the rest is begun anew.
 * Ends the program if something fails. */
void coin_truth_open(struct coin_truth *truth, const struct sg_scenario *scenario, uint64_t seed,
                     uint64_t transactions);
void coin_truth_close(struct coin_truth *truth);

/** Who pays: the owner of what the first input spends; SG_COINWORLD_NOBODY for a coinbase. */
uint32_t coin_truth_payer(const struct coin_truth *truth, uint64_t tx);

/** The only output of a transaction that is change, or SG_UTXO_NONE. */
uint64_t coin_truth_change(const struct coin_truth *truth, uint64_t tx);

/** How well one rule names change. */
struct coin_score {
    uint64_t asked;    /* transactions with exactly one change */
    uint64_t answered; /* of these */
    uint64_t right;    /* the change */
};

/** Follow one step of each peel chain that was made, and take the larger output beside it. */
void coin_truth_score_peels(struct coin_score *votes, struct coin_score *largest,
                            const struct coin_truth *truth, enum sg_coinworld_kind kind);

#endif
