/** The scenario of a made-up world: how many of what, and in which shares. YAML, strict.
 *
 *  A file says only what differs from the defaults; an unknown key, a value out of range or a text
 *  where a number belongs is an error with its line. Keys, ranges and defaults are one table in
 *  scenario.c; docs/methods/simulate.md says what each does to the world.
 */
#ifndef SG_FORMATS_SCENARIO_H
#define SG_FORMATS_SCENARIO_H

#include "base/arena.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** What a person does when it is their turn; the weights need not add up to anything. */
enum sg_scenario_act {
    SG_ACT_PAYMENT, /**< to another person */
    SG_ACT_SERVICE, /**< to a merchant, a game, a fund */
    SG_ACT_DEPOSIT, /**< to their address at an exchange */
    SG_ACT_WITHDRAWAL,
    SG_ACT_SWAP,
    SG_ACT_MIX,
    SG_ACT_BRIDGE,
    SG_ACT_OWN, /**< between two wallets of one person */
    SG_ACT_DUST,
    SG_ACT_LOOKALIKE, /**< an address that looks like one just used sends next to nothing */
    SG_ACT_FAKE,      /**< a token that only looks like one is handed out */
    SG_ACT_FAILED,
    SG_ACT_NEWCOMER, /**< somebody who was never seen gets money from an exchange */
    SG_ACT_COUNT
};

/** What happens on a chain of outputs besides; weights beside those of the acts above. */
enum sg_scenario_coin_act {
    SG_COINS_WHIRLPOOL, /**< somebody prepares, or a round is made */
    SG_COINS_WASABI1,
    SG_COINS_WASABI2,
    SG_COINS_JOINMARKET,
    SG_COINS_PAYJOIN,
    SG_COINS_CONSOLIDATION, /**< somebody gathers all that they have */
    SG_COINS_EQUAL_PAYOUT,  /**< one payer, many payees, one amount: no CoinJoin */
    SG_COINS_EQUAL_MOVE,    /**< one owner's money in equal pieces: no CoinJoin */
    SG_COINS_COUNT
};

/** What a thief does with a parcel of stolen money. */
enum sg_scenario_move {
    SG_LAUNDER_SPLIT,
    SG_LAUNDER_LAYER,
    SG_LAUNDER_PEEL,
    SG_LAUNDER_PARK,
    SG_LAUNDER_MIX,
    SG_LAUNDER_BRIDGE,
    SG_LAUNDER_SWAP,
    SG_LAUNDER_EXCHANGE,
    SG_LAUNDER_OTC,
    SG_LAUNDER_COUNT
};

/** All are counts but where said. */
struct sg_scenario {
    uint32_t days;
    uint32_t hashes;      /**< 0: transactions are known by block and index alone */
    uint32_t people_told; /**< 0: the truth is silent about ordinary people */
    uint32_t people, exchanges, services, brokers;
    uint32_t act[SG_ACT_COUNT]; /**< weights */
    uint32_t thefts;
    uint32_t theft_min, theft_max;   /**< whole coins; a stablecoin theft is worth as much */
    uint32_t move[SG_LAUNDER_COUNT]; /**< weights */
    uint32_t payers;
    uint32_t payees;             /**< of one payer, on average */
    uint32_t crooked;            /**< payees in a thousand that gather */
    uint32_t ring_min, ring_max; /**< payees of one collector */
    uint32_t hops_max;
    uint32_t kept_min, kept_max; /**< percent of a salary kept apart */
    uint32_t families;           /**< percent of honest payees who send to a family wallet */
    uint32_t agents;             /**< percent of payers that pay through an agent */
    uint32_t offramps;           /**< percent of honest payees who cash out at a broker */
    /* Of chains of outputs only. */
    uint32_t coin_act[SG_COINS_COUNT]; /**< weights */
    uint32_t reuse;                    /**< percent of people who show one address to all */
    uint32_t stolen_min, stolen_max;   /**< whole coins */
    uint32_t peel_min, peel_max;       /**< steps of a peel chain */
    uint32_t ransoms, ransom_victims;  /**< gangs, and who pays to each */
};

void sg_scenario_defaults(struct sg_scenario *scenario);

/** Read a scenario over the defaults.
 *  In:     bytes, size   the file; the arena holds scraps afterwards.
 *  Errors: SG_EPARSE with line and column, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_scenario_parse(struct sg_scenario *scenario, struct sg_arena *arena,
                                               const char *bytes, size_t size, struct sg_err *err);

#endif
