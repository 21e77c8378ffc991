/** A made-up chain of outputs whose truth is known: blocks that any reader of Bitcoin's format
 * takes, and beside them who owns what, which outputs are change, which transactions are CoinJoins,
 * and where every satoshi of each theft went.
 *
 *  Seeded and streaming: the same options give the same bytes, blocks come in order, and memory
 *  grows with the people of the scenario and their unspent outputs, not with the transactions. All
 *  arithmetic is in integers. Scripts are well formed and of the standard forms; keys and
 * signatures are random bytes of the right length, since no reader here checks them. What is
 * modelled and what is not: docs/methods/simulate.md.
 */
#ifndef SG_ANALYSIS_COINWORLD_H
#define SG_ANALYSIS_COINWORLD_H

#include "base/progress.h"
#include "formats/bitcoin/bitcoin.h"
#include "formats/bitcoin/btc_params.h"
#include "formats/scenario/scenario.h"

/** Nobody: OP_RETURN, or no theft. */
#define SG_COINWORLD_NOBODY UINT32_MAX

/** What a transaction was made for. */
enum sg_coinworld_kind {
    SG_COINWORLD_COINBASE,
    SG_COINWORLD_PAYMENT,
    SG_COINWORLD_OWN, /**< to the payer's own wallet, with change */
    SG_COINWORLD_DEPOSIT,
    SG_COINWORLD_SWEEP,  /**< an exchange gathers deposits */
    SG_COINWORLD_PAYOUT, /**< of an exchange or a mining pool, several payees at once */
    SG_COINWORLD_STORE,  /**< between the hot and cold wallet of an exchange */
    SG_COINWORLD_CONSOLIDATION,
    SG_COINWORLD_EQUAL_PAYOUT,
    SG_COINWORLD_EQUAL_MOVE,
    SG_COINWORLD_DUST,
    SG_COINWORLD_TX0,
    SG_COINWORLD_WHIRLPOOL,
    SG_COINWORLD_WASABI1,
    SG_COINWORLD_WASABI2,
    SG_COINWORLD_JOINMARKET,
    SG_COINWORLD_PAYJOIN,
    SG_COINWORLD_THEFT,
    SG_COINWORLD_RANSOM, /**< a victim pays */
    SG_COINWORLD_GATHER, /**< a gang gathers ransoms */
    SG_COINWORLD_SPLIT,
    SG_COINWORLD_LAYER,
    SG_COINWORLD_PEEL,
    SG_COINWORLD_CASH /**< to an exchange or a broker */
};
#define SG_COINWORLD_KINDS ((size_t)SG_COINWORLD_CASH + 1)

/** "coinbase", "payment", ... Static storage. */
const char *sg_coinworld_kind_name(enum sg_coinworld_kind kind);

/** Whether several owners sign in transactions of this kind. A PayJoin is one too. */
bool sg_coinworld_is_shared(enum sg_coinworld_kind kind);

struct sg_coinworld_out {
    uint32_t owner; /**< SG_COINWORLD_NOBODY: OP_RETURN */
    bool change;    /**< comes back to who pays, who did not mean to pay it */
};

/** What is true of a transaction. Borrowed for the call. */
struct sg_coinworld_tx {
    uint8_t txid[SG_BTC_HASH];
    enum sg_coinworld_kind kind;
    const uint32_t *spenders; /**< owner of each input */
    size_t n_spenders;
    const struct sg_coinworld_out *outs;
    size_t n_outs;
    uint64_t fee_sat;
    uint32_t theft; /**< whose money moves, or SG_COINWORLD_NOBODY */
    uint32_t chain; /**< of peels: its number, else SG_COINWORLD_NOBODY */
    uint32_t step;  /**< in that chain, from 0 */
};

/** An address that was paid for the first time. Borrowed for the call. */
struct sg_coinworld_address {
    const uint8_t *script;
    size_t script_size;
    uint32_t owner;
};

/** Money that a thief got and gave, in satoshis:
 *  stolen + stray_in + unmixed = exchange + otc + mixed + fees + held, and
 *  mixed = unmixed + mix_fees + in_mixer. */
struct sg_coinworld_books {
    uint64_t stolen;
    uint64_t stray_in; /**< dust that others sent */
    uint64_t exchange, otc;
    uint64_t mixed, unmixed; /**< into and out of CoinJoins */
    uint64_t mix_fees;       /**< of coordinators, makers and miners in these */
    uint64_t in_mixer;       /**< waits for its next round at the end */
    uint64_t fees, held;
};

/** An output that was stolen or paid as ransom. */
struct sg_coinworld_seed {
    uint8_t txid[SG_BTC_HASH];
    uint32_t n;
    uint64_t sat;
    int64_t time_unix_s;
};

/** Where a thief cashes: a mule's address at an exchange, or a broker's. */
struct sg_coinworld_cash {
    bool broker;
    uint32_t owner; /**< the exchange or the broker */
    struct sg_coinworld_address address;
};

struct sg_coinworld_theft {
    uint32_t number, thief, victim; /**< owners; victim: SG_COINWORLD_NOBODY for a gang's ransoms */
    bool begun;
    const struct sg_coinworld_seed *seeds;
    size_t n_seeds;
    const struct sg_coinworld_cash *cash; /**< those that were used */
    size_t n_cash;
    struct sg_coinworld_books books;
};

/** Somebody with a name. */
struct sg_coinworld_entity {
    const char *kind; /**< "exchange", "service", "broker", "pool", "coordinator", "duster" */
    uint32_t number, owner;
};

/** Where it all goes; what nobody asks for is NULL. A status other than SG_OK ends the run with it.
 */
struct sg_coinworld_sink {
    /** A whole block; its transactions were told before. */
    enum sg_status (*block)(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err);
    enum sg_status (*tx)(void *ctx, const struct sg_coinworld_tx *tx, struct sg_err *err);
    enum sg_status (*address)(void *ctx, const struct sg_coinworld_address *address,
                              struct sg_err *err);
    /** Once each, at the end. */
    enum sg_status (*theft)(void *ctx, const struct sg_coinworld_theft *theft, struct sg_err *err);
    enum sg_status (*entity)(void *ctx, const struct sg_coinworld_entity *entity,
                             struct sg_err *err);
    void *ctx;
};

struct sg_coinworld {
    uint64_t seed;
    uint64_t transactions; /**< without coinbases */
    const struct sg_scenario *scenario;
    const struct sg_btc_params *params; /**< of regtest: its halving and its easy target */
    const struct sg_progress *progress; /**< may be NULL; in transactions */
};

struct sg_coinworld_summary {
    uint64_t blocks, transactions, thefts, shared;
    uint64_t addresses, unspent; /**< unspent: outputs that live at the end */
    uint64_t per_kind[SG_COINWORLD_KINDS];
};

/** Make the world.
 *  Errors: SG_ELIMIT (more people than numbers; nobody has money left), SG_ENOMEM, SG_ECANCELLED,
 * or what the sink returned. Cost:   a few microseconds a transaction; 40 bytes a person, 64 an
 * unspent output. */
SG_MUST_CHECK enum sg_status sg_coinworld_run(struct sg_coinworld_summary *summary,
                                              const struct sg_coinworld *options,
                                              const struct sg_coinworld_sink *sink,
                                              struct sg_err *err);

#endif
