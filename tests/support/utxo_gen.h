/** A ledger of outputs made up transaction by transaction, without bytes behind it. */
#ifndef SG_TESTS_SUPPORT_UTXO_GEN_H
#define SG_TESTS_SUPPORT_UTXO_GEN_H

#include "store/utxo/utxo.h"

/** Bytes of the OP_RETURN that 0 names. */
#define GEN_NOTE 66

struct gen_pay {
    uint32_t who; /**< an owner: P2WPKH of this number, from 1; GEN_OLD and more: P2PKH */
    uint64_t sat;
};
#define GEN_OLD 1000000u

/** Open an empty ledger of regtest. */
void gen_ledger_open(struct sg_utxo *utxo);

/** Append a block of one coinbase that pays all of `pays`, each an output. Returns the first. */
uint64_t gen_coinbase(struct sg_utxo *utxo, const struct gen_pay *pays, size_t n);

/** Append a block with one transaction that spends these outputs. Returns its first output. */
uint64_t gen_spend(struct sg_utxo *utxo, const uint64_t *outs, size_t n_outs,
                   const struct gen_pay *pays, size_t n);

/** A transaction of a block that is made up. */
struct gen_part {
    const uint64_t *outs; /**< that it spends; also of transactions before it in the same block,
                               and SG_UTXO_NONE for one that no ledger has */
    size_t n_outs;
    const struct gen_pay *pays;
    size_t n_pays;
};

/** Begin an empty ledger with a network of one's own, borrowed. */
void gen_ledger_open_as(struct sg_utxo *utxo, const struct sg_btc_params *params);

/** Append a block: a coinbase that pays `pays`, and these transactions. Returns the coinbase's
 *  first output; the others follow. */
uint64_t gen_block(struct sg_utxo *utxo, const struct gen_pay *pays, size_t n,
                   const struct gen_part *txs, size_t n_txs);

/** Number of an owner in the ledger. */
uint32_t gen_owner(const struct sg_utxo *utxo, uint32_t who);

#endif
