/** Made-up transactions: CoinJoins as their protocols make them, and what merely looks like one.
 *  Written from the protocols' rules, not from the detector's. */
#ifndef SG_TESTS_SUPPORT_COINJOIN_GEN_H
#define SG_TESTS_SUPPORT_COINJOIN_GEN_H

#include "base/rng.h"
#include "formats/bitcoin/bitcoin.h"

#define GEN_COINS_MAX 1024

struct gen_tx {
    struct sg_btc_out spent[GEN_COINS_MAX], outs[GEN_COINS_MAX];
    size_t n_spent, n_outs;
    uint8_t scripts[2 * GEN_COINS_MAX][66];
    size_t n_scripts;
    struct sg_rng rng;
};

/** Begin an empty transaction; scripts differ from those of other seeds. */
void gen_begin(struct gen_tx *tx, uint64_t seed);

void gen_whirlpool(struct gen_tx *tx);
void gen_tx0(struct gen_tx *tx);
void gen_wasabi1(struct gen_tx *tx);
void gen_wasabi2(struct gen_tx *tx);
void gen_joinmarket(struct gen_tx *tx);
/** One maker brings a dozen coins, the others up to seven each, half of them dust. */
void gen_joinmarket_coins(struct gen_tx *tx);
/** Two makers get the same change. */
void gen_joinmarket_pair(struct gen_tx *tx);
/** Eleven of about 0.1, as Wasabi 1's peers have, and nothing for a coordinator. */
void gen_joinmarket_tenth(struct gen_tx *tx);
/** Equal outputs, each participant with change, fee shared, no maker's gain. */
void gen_shared(struct gen_tx *tx);
/** The payee adds an input. */
void gen_payjoin(struct gen_tx *tx);

/** One payer, many payees, some of the same amount. */
void gen_payouts(struct gen_tx *tx);
/** The same with JoinMarket's counts: n equal, n or n - 1 others, n to 2 n spenders, nothing round.
 */
void gen_alike(struct gen_tx *tx);
/** The same, and two of the others are equal. */
void gen_alike_pair(struct gen_tx *tx);
/** The same from many inputs, at an exchange: ten or more of exactly 0.1. */
void gen_exchange_payouts(struct gen_tx *tx);
/** One owner's many coins into a few equal ones. */
void gen_consolidation(struct gen_tx *tx);
/** One owner's coins of a pool's amount moved on, the fee out of one. */
void gen_move(struct gen_tx *tx);
/** A payment with change. */
void gen_payment(struct gen_tx *tx);

#endif
