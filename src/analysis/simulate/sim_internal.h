/** The inside of a made-up world: accounts by number, a clock, tasks that wait for their time.
 *
 *  Amounts are in small units of 64 bits: 1e-9 of a coin (gwei), 1e-6 of a stablecoin. Functions
 *  that move money say whether they did; what the sink refuses is kept in `status`, and from then
 *  on nothing more is done.
 */
#ifndef SG_ANALYSIS_SIM_INTERNAL_H
#define SG_ANALYSIS_SIM_INTERNAL_H

#include "analysis/simulate/simulate.h"
#include "base/agenda.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "base/rng.h"

#define SIM_NOBODY UINT32_MAX
#define SIM_COIN   UINT64_C(1000000000) /* small units of one coin */
#define SIM_DOLLAR UINT64_C(1000000)    /* of one stablecoin */
#define SIM_HOUR   INT64_C(3600)
#define SIM_DAY    (24 * SIM_HOUR)
#define SIM_START  INT64_C(1704067200) /* 2024-01-01 */
#define SIM_TEXT   SG_ADDRESS_TEXT_MAX

enum sim_asset { SIM_NATIVE, SIM_USDC, SIM_USDT, SIM_ASSETS };

#define SIM_POOLS    3 /* of the mixer: 1, 10 and 100 coins */
#define SIM_RELAYS   4
#define SIM_BOTS     4
#define SIM_HOTS     2   /* hot wallets of an exchange */
#define SIM_MULES    4   /* deposit addresses of one thief */
#define SIM_FRESH    400 /* further addresses of one thief on the first chain */
#define SIM_FRESH_B  48  /* and on the second */
#define SIM_HOP_SETS 4   /* sets of addresses between a payee and the collector, taken in turn */
#define SIM_RECENT   256

/** First number of each kind of account; a kind ends where the next begins. */
struct sim_layout {
    uint32_t colds, hots, services, dex, pools, relays, lock, brokers, bots, issuers;
    uint32_t lookalikes, wallets, seconds, deposits; /* of people */
    uint32_t payers, agents, payees, payee_deposits, families, hops, collectors;
    uint32_t victims, thieves; /* SIM_THIEF accounts each */
    uint32_t b_system;         /* second chain from here: vault, hot wallet */
    uint32_t b_wallets, b_thieves;
    uint32_t end;
    uint32_t n_people, n_lookalikes, n_payees, n_rings, n_crooked, n_families;
};

/* Accounts of one thief: the first address, one that pays for gas, mules' deposit addresses, and
 * fresh ones; on the second chain a deposit address and fresh ones. */
#define SIM_THIEF   (2 + SIM_MULES + SIM_FRESH)
#define SIM_THIEF_B (1 + SIM_FRESH_B)

enum sim_flag { SIM_SEEN = 1, SIM_SWEEPING = 2 };

enum sim_task_kind {
    SIM_TASK_SWEEP,      /* who: a deposit address */
    SIM_TASK_MIX_OUT,    /* who: receives; other: pool; amount: serial of the deposit */
    SIM_TASK_BRIDGE_OUT, /* who: receives on the second chain; other: asset */
    SIM_TASK_PAYDAY,     /* who: number of a payer */
    SIM_TASK_SPEND,      /* who: number of a payee; amount: salary */
    SIM_TASK_HOP,        /* who: number of a payee; other: how many hops were made */
    SIM_TASK_GATHERED,   /* who: number of a ring */
    SIM_TASK_FAMILY,     /* who: number of a family */
    SIM_TASK_THEFT,      /* who: number of a theft */
    SIM_TASK_PARCEL      /* who: account; other: depth << 8 | asset; amount */
};

struct sim_task {
    struct sg_due due;
    enum sim_task_kind kind;
    uint32_t who, other;
    uint64_t amount;
    uint64_t tx; /* serial of the transaction that it answers */
};

/** Money of one theft that came to and left the thief's addresses, of one asset on one chain. */
struct sim_sums {
    uint64_t stolen, clean_in, stray_in, swapped_in, bridged_in, unmixed;
    uint64_t exchange, otc, mixed, swapped_out, bridged_out, fees;
    uint64_t mixer_fees, bridge_fees, in_mixer, in_bridge; /* of mixed and bridged_out */
};

#define SIM_THEFT_ROWS 3

struct sim_theft {
    bool begun;
    uint8_t asset, n_rows;
    struct {
        uint64_t serial, amount;
        int64_t time_unix_s;
    } rows[SIM_THEFT_ROWS];      /* that emptied the vault */
    uint64_t coins;              /* what the vault is worth */
    uint32_t n_fresh, n_fresh_b; /* addresses used */
    struct sim_sums sums[SG_SIMULATE_CHAINS][SIM_ASSETS];
};

enum sim_payee_kind {
    SIM_PAYEE_EXCHANGE,
    SIM_PAYEE_SPENDER,
    SIM_PAYEE_FAMILY,
    SIM_PAYEE_BROKER,
    SIM_PAYEE_CROOKED
};

struct sim_payee {
    uint8_t kind, hops, kept; /* kept: percent */
    uint8_t turn;             /* of SIM_HOP_SETS */
    uint32_t group;           /* family, broker or ring */
    uint32_t slot;            /* of crooked payees: whose addresses the hops use */
    uint32_t first_pay, last_pay;
    uint64_t salary;
};

struct sim_payer {
    uint8_t asset, fortnight, through_agent;
    uint32_t first, end; /* payees */
    uint32_t n_paid;
};

struct sim_chain_state {
    uint64_t block, rows;
    uint32_t n_in_block, n_logs; /* transactions and events of the block so far */
};

struct sg_sim {
    const struct sg_simulate *options;
    const struct sg_scenario *scenario;
    const struct sg_simulate_sink *sink;
    struct sg_err *err;
    enum sg_status status;
    struct sg_rng rng;
    struct sim_layout at;
    uint64_t (*balances)[SIM_ASSETS];
    uint8_t *flags;        /* enum sim_flag, by account */
    uint32_t *targets;     /* of look-alikes: what they look like */
    uint32_t n_lookalikes; /* used */
    uint32_t n_newcomers;
    struct sim_theft *thefts;
    struct sim_payee *payees;
    struct sim_payer *payers;
    struct sg_agenda tasks; /* of struct sim_task */
    int64_t now_unix_s;
    struct sim_chain_state chains[SG_SIMULATE_CHAINS];
    uint64_t serial;             /* of the last transaction */
    uint32_t recent[SIM_RECENT]; /* who was paid last */
    size_t n_recent;
    bool by_thief; /* what comes to a thief's address now is the thief's own doing */
    struct sg_buf truth;
    struct sg_jsonw json;
    struct sg_simulate_summary summary;
};

/* sim_layout.c */
SG_MUST_CHECK enum sg_status sg_sim_layout(struct sim_layout *at, const struct sg_scenario *s,
                                           struct sg_err *err);
void sg_sim_address(struct sg_address *address, const struct sg_sim *sim, uint32_t account);
char *sg_sim_text(char text[SIM_TEXT], const struct sg_sim *sim, uint32_t account);
void sg_sim_hash(uint8_t hash32[32], const struct sg_sim *sim, uint64_t serial);
void sg_sim_token(struct sg_address *address, const struct sg_sim *sim, uint64_t number);
unsigned sg_sim_chain_of(const struct sg_sim *sim, uint32_t account);
/** Whose address it is: 0 and up, or SIM_NOBODY. Deposit addresses are the exchange's. */
uint32_t sg_sim_thief_of(const struct sg_sim *sim, uint32_t account);
uint32_t sg_sim_hot_of(const struct sg_sim *sim, uint32_t deposit);
uint32_t sg_sim_exchange_of(const struct sg_sim *sim, uint32_t deposit);

/* sim_draw.c */
uint64_t sg_sim_below(struct sg_sim *sim, uint64_t bound);
uint64_t sg_sim_between(struct sg_sim *sim, uint64_t low, uint64_t high);
bool sg_sim_chance(struct sg_sim *sim, uint32_t percent);
/** Of n things the first are drawn most: the chance falls as one by the rank. */
uint64_t sg_sim_rank(struct sg_sim *sim, uint64_t n);
/** From 2^low to below 2^high; each doubling is 7/10 as likely as the one before. */
uint64_t sg_sim_heavy(struct sg_sim *sim, unsigned low, unsigned high);
size_t sg_sim_pick(struct sg_sim *sim, const uint32_t *weights, size_t n);
uint64_t sg_sim_percent(uint64_t amount, uint64_t percent);
uint64_t sg_sim_mix(uint64_t a, uint64_t b);
/** When row number `row` of `n_rows` happens: every day has as many, most in its busy hours. */
int64_t sg_sim_clock(uint64_t row, uint64_t n_rows, uint32_t days);

/* sim_emit.c: false, and nothing happens, where the money or the fee is not there. */
bool sg_sim_move(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to, uint64_t amount);
void sg_sim_issue(struct sg_sim *sim, unsigned asset, uint32_t to, uint64_t amount);
/** Give `amount` of one asset to the exchange of tokens, get what it is worth of another. */
bool sg_sim_swap(struct sg_sim *sim, uint32_t who, unsigned give, uint64_t amount, unsigned get,
                 uint64_t *got);
bool sg_sim_unmix(struct sg_sim *sim, uint32_t pool, uint32_t to, uint64_t fee);
void sg_sim_fake(struct sg_sim *sim, uint32_t to);
void sg_sim_poison(struct sg_sim *sim, uint32_t from, uint32_t to);
void sg_sim_fail(struct sg_sim *sim, uint32_t from, uint32_t to, uint64_t amount);
/** What a transfer of the asset costs at most. */
uint64_t sg_sim_gas(unsigned asset);
uint64_t sg_sim_pool_size(const struct sg_sim *sim, uint32_t pool);

/* sim_task.c */
void sg_sim_later(struct sg_sim *sim, int64_t seconds, struct sim_task task);
bool sg_sim_next(struct sim_task *task, struct sg_sim *sim);

/* sim_people.c */
void sg_sim_act(struct sg_sim *sim);
void sg_sim_mix_out(struct sg_sim *sim, const struct sim_task *task);
void sg_sim_bridge_out(struct sg_sim *sim, const struct sim_task *task);
/** Pay into the mixer or the bridge; what comes out is a task for `to`. */
bool sg_sim_mix_in(struct sg_sim *sim, uint32_t from, uint32_t pool, uint32_t to);
bool sg_sim_bridge_in(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to,
                      uint64_t amount);

/* sim_exchange.c */
bool sg_sim_deposit(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t deposit,
                    uint64_t amount);
void sg_sim_sweep(struct sg_sim *sim, uint32_t deposit);
bool sg_sim_withdraw(struct sg_sim *sim, unsigned asset, uint32_t exchange, uint32_t to,
                     uint64_t amount);
/** See that an account can pay for a transfer; an exchange sends coins if it cannot. */
bool sg_sim_fuel(struct sg_sim *sim, unsigned asset, uint32_t account);
/** Send all but what the fee takes. Returns the amount, 0 for none. */
uint64_t sg_sim_move_all(struct sg_sim *sim, unsigned asset, uint32_t from, uint32_t to);
uint64_t sg_sim_spendable(const struct sg_sim *sim, unsigned asset, uint32_t account);

/* sim_theft.c */
void sg_sim_theft(struct sg_sim *sim, uint32_t theft);
void sg_sim_parcel(struct sg_sim *sim, const struct sim_task *task);
/** The thief's books: money comes in, or a fee is paid. */
void sg_sim_book_in(struct sg_sim *sim, unsigned asset, uint32_t account, uint64_t amount);
void sg_sim_book_fee(struct sg_sim *sim, uint32_t account, uint64_t fee);
struct sim_sums *sg_sim_sums(struct sg_sim *sim, uint32_t account, unsigned asset);

/* sim_payroll.c */
void sg_sim_hire(struct sg_sim *sim);
void sg_sim_payday(struct sg_sim *sim, const struct sim_task *task);
void sg_sim_spend(struct sg_sim *sim, const struct sim_task *task);
void sg_sim_hop(struct sg_sim *sim, const struct sim_task *task);
void sg_sim_gathered(struct sg_sim *sim, const struct sim_task *task);
void sg_sim_family(struct sg_sim *sim, const struct sim_task *task);

/** A service and its addresses: n from the first, and one more, or SIM_NOBODY. */
struct sim_entity {
    const char *category;
    char name[32];
    uint32_t first, n, more;
};

/* sim_case.c */
void sg_sim_cases(struct sg_sim *sim);

/* sim_truth.c */
void sg_sim_each_entity(const struct sg_sim *sim,
                        void (*visit)(void *ctx, const struct sim_entity *entity), void *ctx);
void sg_sim_truth_begin(struct sg_sim *sim);
void sg_sim_truth_end(struct sg_sim *sim);
void sg_sim_tell_step(struct sg_sim *sim, uint32_t theft, const char *step, unsigned asset,
                      uint32_t from, uint32_t to, uint64_t amount);
void sg_sim_tell_pair(struct sg_sim *sim, const char *kind, uint64_t tx_in, uint32_t from,
                      uint32_t to, unsigned asset, uint64_t in, uint64_t out);
const char *sg_sim_asset_name(unsigned asset);

#endif
