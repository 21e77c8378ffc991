/** A made-up chain replayed output by output: the plain version of what the world keeps in its
 *  wallets and books. It knows blocks and what the truth says of each transaction, nothing else. */
#ifndef SG_TESTS_ORACLE_COINWORLD_H
#define SG_TESTS_ORACLE_COINWORLD_H

#include "analysis/coinworld/coinworld.h"
#include "base/digest.h"

#define ORACLE_THEFTS 32
#define ORACLE_NAMED  256 /* owners below this number may be exchanges or brokers */

struct oracle_coin {
    uint8_t txid[SG_BTC_HASH];
    uint32_t n;
    uint32_t owner;
    uint64_t sat;
    bool used, spent;
};

struct oracle_script {
    uint8_t script[34];
    uint8_t size; /* 0: free */
    uint32_t owner;
};

/* A transaction's truth until its block comes. */
struct oracle_told {
    struct sg_coinworld_tx tx;
    uint32_t spenders[512];
    struct sg_coinworld_out outs[1024];
};

struct oracle_theft {
    uint32_t thief;
    uint64_t stolen, stray_in, fees, mix_fees, unspent;
    uint64_t paid[ORACLE_NAMED]; /* by payee, outside of rounds */
};

struct oracle_chain {
    struct sg_btc_block block;
    struct oracle_coin *coins;
    struct oracle_script *scripts;
    size_t mask; /* slots of both tables less one */
    struct oracle_told *told;
    size_t n_told, cap_told;
    uint8_t previous[SG_BTC_HASH];
    uint64_t height, n_txs, n_shared;
    struct oracle_theft thefts[ORACLE_THEFTS];
    uint32_t first_thief, n_thieves;
    struct sg_sha256 *sha256; /* of all blocks */
};

/** slots: a power of two above the outputs of the chain. thieves: their first owner and number. */
void oracle_chain_open(struct oracle_chain *chain, size_t slots, uint32_t first_thief,
                       uint32_t n_thieves);
void oracle_chain_address(struct oracle_chain *chain, const struct sg_coinworld_address *address);
void oracle_chain_tx(struct oracle_chain *chain, const struct sg_coinworld_tx *tx);
/** Check the block and all that was told of it. */
void oracle_chain_block(struct oracle_chain *chain, const uint8_t *bytes, size_t size);
/** Add up what thieves still have. */
void oracle_chain_end(struct oracle_chain *chain);
void oracle_chain_close(struct oracle_chain *chain);

#endif
