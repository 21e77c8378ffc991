/** The inside of a made-up chain of outputs: wallets by number, coins by slot, one transaction that
 * is being put together, a clock, tasks that wait for their time.
 *
 *  Functions that make a transaction say whether they did; what the sink refuses is kept in
 * `status`, and from then on nothing more is done.
 */
#ifndef SG_ANALYSIS_COINWORLD_INTERNAL_H
#define SG_ANALYSIS_COINWORLD_INTERNAL_H

#include "analysis/coinworld/coinworld.h"
#include "base/agenda.h"
#include "base/chance.h"
#include "base/mem.h"

#define CW_NONE    UINT32_MAX
#define CW_COIN    UINT64_C(100000000)
#define CW_DUST    UINT64_C(600)       /* less is not paid back as change */
#define CW_START   INT64_C(1704067200) /* 2024-01-01 */
#define CW_SETUP   600u /* blocks before the first transaction: four halvings of regtest */
#define CW_MATURE  100u /* blocks until a coinbase can be spent */
#define CW_INS     512u
#define CW_OUTS    1024u
#define CW_POOLS   6u   /* that mine */
#define CW_WAITING 64u  /* parcels that wait for a round of Wasabi */
#define CW_QUEUE   256u /* coins that wait in one Whirlpool pool, of either sort */
#define CW_RECENT  256u
#define CW_BATCH   60u /* payees of one payout */
#define CW_MANY    20u /* coins: a wallet with more gathers them */
#define CW_MULES   4u
#define CW_GANG    64u /* ransoms that wait to be gathered */

enum cw_form { CW_P2PKH, CW_P2SH, CW_P2WPKH, CW_P2WSH, CW_P2TR };

/** An address is a number: its class above, which of it below. */
#define CW_POSTED(wallet)    (UINT64_C(1) << 56 | (wallet))
#define CW_DEPOSIT(customer) (UINT64_C(2) << 56 | (customer))

struct cw_coin {
    uint8_t txid[SG_BTC_HASH];
    uint64_t sat, key;
    uint32_t n;      /* output of its transaction */
    uint32_t next;   /* slot in its wallet's list, or in the list of free slots */
    uint32_t wallet; /* CW_NONE: a free slot */
    uint8_t form;
};

/* To a new address, to one of the payee's form, to the one that pays, to one that everybody knows.
 */
enum cw_change { CW_CHANGE_FRESH, CW_CHANGE_PAYEE, CW_CHANGE_REUSE, CW_CHANGE_POSTED };
enum cw_pick { CW_PICK_OLDEST, CW_PICK_LARGEST, CW_PICK_TIDY };
enum cw_place { CW_PLACE_RANDOM, CW_PLACE_LAST, CW_PLACE_FIRST };
enum cw_flag {
    CW_SHOWS_ONE = 1,
    CW_TOLD_POSTED = 2,
    CW_TOLD_DEPOSIT = 4,
    CW_LOCKS = 8,
    CW_RBF = 16,
    CW_NEW_VERSION = 32
};

struct cw_wallet {
    uint64_t sat; /* of the listed coins */
    uint32_t head, tail, n_coins;
    uint32_t owner;
    uint32_t round; /* the last CoinJoin it was asked for */
    uint8_t form, change, pick, place;
    uint8_t fee; /* class: 0 pays half, 3 pays double */
    uint8_t flags;
};

/** First number of each kind of wallet. */
struct cw_layout {
    uint32_t hots, colds, deposits; /* of exchanges */
    uint32_t pools, services, brokers, whirlpool, wasabi, duster;
    uint32_t victims, thieves, mules, people, end;
    uint32_t n_people, n_thefts, n_thieves; /* thieves: thefts, then gangs */
};

struct cw_out {
    uint64_t sat, key;
    uint32_t wallet; /* CW_NONE: a note, `sat` 0 */
    uint32_t slot;   /* the coin, once it was sent */
    uint8_t form;
    bool change;
    bool known; /* the address was paid before */
    bool loose; /* not in the wallet's list: whoever made it keeps the slot */
};

/** The transaction that is being put together. */
struct cw_draft {
    enum sg_coinworld_kind kind;
    uint32_t theft, chain, step;
    uint32_t payer; /* whose habits it has */
    uint64_t rate;  /* satoshis a byte */
    uint64_t in_sat, out_sat;
    size_t n_ins, n_outs;
    struct cw_coin ins[CW_INS];
    struct cw_out outs[CW_OUTS];
    uint8_t note; /* bytes of OP_RETURN, or 0 */
};

struct cw_block {
    uint8_t *bytes; /* transactions but the coinbase */
    size_t size, capacity;
    uint8_t *ids; /* txid and wtxid of each */
    size_t n, cap_ids;
    uint8_t *tree; /* for merkle roots */
    size_t cap_tree;
    uint8_t *whole;
    size_t cap_whole;
    uint64_t fees, height, rate;
    int64_t opened_unix_s;
    uint8_t previous[SG_BTC_HASH];
    uint32_t immature[CW_MATURE]; /* slots of coinbases */
};

struct cw_exchange {
    struct cw_out batch[CW_BATCH];
    size_t n_batch, batch_max, sweep_min;
};

/** One amount of Whirlpool. */
struct cw_mix {
    uint32_t fresh[CW_QUEUE], again[CW_QUEUE]; /* slots: from a Tx0, from a round */
    size_t n_fresh, n_again;
};
#define CW_MIXES 4u

struct cw_recent {
    uint64_t key;
    uint32_t wallet;
    uint8_t form;
};

struct cw_theft {
    bool begun;
    uint64_t coins;
    uint32_t gang[CW_GANG];
    size_t n_gang;
    struct sg_coinworld_seed *seeds;
    size_t n_seeds, cap_seeds;
    struct sg_coinworld_books books;
};

enum cw_task_kind { CW_TASK_THEFT, CW_TASK_PARCEL, CW_TASK_RANSOM, CW_TASK_GATHER };

struct cw_task {
    struct sg_due due;
    enum cw_task_kind kind;
    uint32_t who;               /* theft */
    uint32_t slot;              /* of a parcel; a victim's wallet */
    uint32_t depth;             /* moves so far */
    uint32_t chain, step, left; /* of a peel chain; left 0: none */
    uint64_t sat;
};

struct cw_world {
    const struct sg_coinworld *options;
    const struct sg_scenario *scenario;
    const struct sg_coinworld_sink *sink;
    struct sg_err *err;
    enum sg_status status;
    struct sg_rng rng, noise; /* noise: keys and signatures, so that they change no decision */
    struct cw_layout at;
    struct cw_wallet *wallets;
    struct cw_coin *coins;
    size_t n_coins, cap_coins;
    uint32_t free_slot;
    uint64_t serial; /* of addresses used once */
    struct sg_agenda tasks;
    int64_t now_unix_s;
    struct cw_block block;
    struct cw_draft draft;
    uint32_t spenders[CW_INS];
    struct sg_coinworld_out told[CW_OUTS];
    struct cw_exchange *exchanges;
    struct cw_theft *thefts;
    struct cw_mix mixes[CW_MIXES];
    uint32_t waiting[CW_WAITING];
    size_t n_waiting;
    struct cw_recent recent[CW_RECENT];
    size_t n_recent;
    uint32_t round, chain; /* the last numbers given */
    uint32_t turn;         /* of looking after wallets that only receive */
    struct sg_coinworld_summary summary;
};

/* coinworld_layout.c */
SG_MUST_CHECK enum sg_status sg_cw_layout(struct cw_world *world);
uint32_t sg_cw_exchange_of(const struct cw_world *world, uint32_t customer);
/** The theft whose thief's wallet this is, or CW_NONE. */
uint32_t sg_cw_theft_of(const struct cw_world *world, uint32_t wallet);
/** Somebody of the people, some far more often than others. */
uint32_t sg_cw_person(struct cw_world *world);

/* coinworld_script.c */
#define CW_SCRIPT_MAX 34u
size_t sg_cw_script(uint8_t script[CW_SCRIPT_MAX], const struct cw_world *world, uint64_t key,
                    uint8_t form);
/** Write what an input of this form signs with: into its script, and as its witness. Returns bytes.
 */
size_t sg_cw_sign_script(uint8_t *bytes, struct cw_world *world, const struct cw_coin *coin);
size_t sg_cw_sign_witness(uint8_t *bytes, struct cw_world *world, const struct cw_coin *coin);
#define CW_SIGNED_MAX 300u             /* bytes of an input at most, with its witness */
uint64_t sg_cw_in_bytes(uint8_t form); /* as fees count them */
uint64_t sg_cw_out_bytes(uint8_t form);

/* coinworld_coin.c */
uint32_t sg_cw_coin_new(struct cw_world *world, const struct cw_coin *coin);
void sg_cw_coin_list(struct cw_world *world, uint32_t slot);
uint64_t sg_cw_fresh(struct cw_world *world);
/** Begin a transaction with a wallet's habits. */
void sg_cw_begin(struct cw_world *world, enum sg_coinworld_kind kind, uint32_t payer);
/** Move a coin that is in no list into the transaction. */
void sg_cw_spend(struct cw_world *world, uint32_t slot);
/** Choose coins of a wallet's list worth so much after the fee for themselves. */
bool sg_cw_take(struct cw_world *world, uint32_t wallet, uint64_t sat);
/** All coins of a list, at most so many. */
void sg_cw_take_all(struct cw_world *world, uint32_t wallet, size_t most);
/** Give back what was taken last, but the first `keep` inputs. */
void sg_cw_put_back(struct cw_world *world, size_t keep);
/** Give back all. Returns false, for `return`. */
bool sg_cw_abort(struct cw_world *world);
/** Add an output. Returns it, to be changed until the next call. */
struct cw_out *sg_cw_out(struct cw_world *world, uint32_t wallet, uint64_t key, uint8_t form,
                         uint64_t sat);
/** An output to an address of the wallet as it shows them. */
struct cw_out *sg_cw_out_to(struct cw_world *world, uint32_t wallet, uint64_t sat);
struct cw_out *sg_cw_out_fresh(struct cw_world *world, uint32_t wallet, uint64_t sat);
struct cw_out *sg_cw_out_deposit(struct cw_world *world, uint32_t customer, uint64_t sat);
/** The fee as it stands, with so many more outputs. */
uint64_t sg_cw_fee(const struct cw_world *world, size_t more_outs);
/** Add the payer's change by habit and send; false (and aborted) where it does not pay for itself.
 */
bool sg_cw_finish(struct cw_world *world);
void sg_cw_shuffle(struct cw_world *world);

/* coinworld_block.c */
/** The transaction into the block, its outputs to their wallets, its truth to the sink. Returns
 * true. */
bool sg_cw_send(struct cw_world *world);
/** End the block if its time is over or it is full. */
void sg_cw_perhaps_close(struct cw_world *world);
/** End the block with a coinbase to a wallet. */
void sg_cw_close_block(struct cw_world *world, uint32_t miner);
void sg_cw_tell(struct cw_world *world, const uint8_t txid[SG_BTC_HASH]);

/* coinworld_people.c */
void sg_cw_act(struct cw_world *world);
bool sg_cw_pay(struct cw_world *world, enum sg_coinworld_kind kind, uint32_t from, uint32_t to,
               uint64_t sat);
bool sg_cw_consolidate(struct cw_world *world, uint32_t who);
uint64_t sg_cw_amount(struct cw_world *world, uint64_t most);
uint64_t sg_cw_rounded(struct cw_world *world, uint64_t sat);

/* coinworld_exchange.c */
bool sg_cw_withdraw(struct cw_world *world, uint32_t customer, uint64_t sat);
bool sg_cw_pay_at_once(struct cw_world *world, uint32_t customer, uint64_t sat);
void sg_cw_tidy(struct cw_world *world);
bool sg_cw_deposit_all(struct cw_world *world, uint32_t customer);
void sg_cw_sweep(struct cw_world *world, uint32_t exchange);
void sg_cw_balance(struct cw_world *world, uint32_t exchange);
bool sg_cw_pool_payout(struct cw_world *world);
bool sg_cw_equal_payout(struct cw_world *world);
bool sg_cw_equal_move(struct cw_world *world);

/* coinworld_whirlpool.c, coinworld_join.c: slot CW_NONE: not for a thief */
bool sg_cw_whirlpool(struct cw_world *world);
bool sg_cw_tx0(struct cw_world *world, uint32_t wallet, uint32_t slot);
bool sg_cw_wasabi1(struct cw_world *world);
bool sg_cw_wasabi2(struct cw_world *world);
bool sg_cw_joinmarket(struct cw_world *world, uint32_t slot);
bool sg_cw_payjoin(struct cw_world *world);
/** Somebody who can bring so much to a round and is not in it; CW_NONE. */
uint32_t sg_cw_peer(struct cw_world *world, uint64_t sat, uint32_t forms);

/* coinworld_theft.c */
void sg_cw_theft(struct cw_world *world, uint32_t theft);
void sg_cw_parcel(struct cw_world *world, const struct cw_task *task);
void sg_cw_ransom(struct cw_world *world, const struct cw_task *task);
void sg_cw_gather(struct cw_world *world, const struct cw_task *task);
void sg_cw_later(struct cw_world *world, int64_t seconds, struct cw_task task);
uint32_t sg_cw_broker_of(const struct cw_world *world, uint32_t theft);
/** A coin of a thief is free to go on. */
void sg_cw_go_on(struct cw_world *world, uint32_t slot, uint32_t depth);

#endif
