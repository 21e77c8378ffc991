/** Taint on outputs the slow and plain way: every satoshi of every output is an object that is
 * clean or of one theft, and all transactions of a small ledger are gone through from its
 * beginning. */
#ifndef SG_TESTS_ORACLE_UTXOTAINT_H
#define SG_TESTS_ORACLE_UTXOTAINT_H

#include "analysis/utxotaint/utxotaint.h"

#define ORACLE_COINS 256
#define ORACLE_SATS  160
#define ORACLE_ROBS  3

struct oracle_utxo {
    uint64_t held[ORACLE_COINS][ORACLE_ROBS];    /* not spent, or lost from view */
    uint64_t reached[ORACLE_COINS][ORACLE_ROBS]; /* arrived at a service in this output */
    uint64_t stopped[ORACLE_ROBS], fees[ORACLE_ROBS], stolen[ORACLE_ROBS], excess[ORACLE_ROBS];
    uint64_t dust[ORACLE_ROBS];
};

/** Replay a ledger. */
void oracle_utxo(struct oracle_utxo *out, const struct sg_utxo *utxo,
                 const struct sg_utxotaint_input *input);

#endif
