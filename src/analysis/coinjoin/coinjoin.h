/** Transactions in which strangers spend together, found by the rules of the protocols that make
 * them.
 *
 *  Who spends together is taken for one owner nearly everywhere else; here that is wrong, so these
 *  transactions must be known first. Each rule is a property of the protocol (amounts, counts,
 * kinds of scripts), not of an operator's list, and says what it saw. Rules, sources, look-alikes
 * and measured error: docs/methods/coinjoin.md.
 */
#ifndef SG_ANALYSIS_COINJOIN_H
#define SG_ANALYSIS_COINJOIN_H

#include "base/status.h"
#include "formats/bitcoin/bitcoin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sg_coinjoin_kind {
    SG_COINJOIN_NONE,
    SG_COINJOIN_WHIRLPOOL,
    SG_COINJOIN_WHIRLPOOL_TX0, /**< prepares a Whirlpool; one owner, so no CoinJoin itself */
    SG_COINJOIN_WASABI1,
    SG_COINJOIN_WASABI2,
    SG_COINJOIN_JOINMARKET,
    SG_COINJOIN_EQUAL_OUTPUT, /**< of no protocol that we know */
    SG_COINJOIN_PAYJOIN       /**< a candidate, no more: payer and payee may have spent together */
};

/** "whirlpool", "whirlpool-tx0", ...; NULL for SG_COINJOIN_NONE. Static storage. */
const char *sg_coinjoin_kind_name(enum sg_coinjoin_kind kind);

/** What is judged: what the inputs spend, and the outputs, in the order of the transaction. */
struct sg_coinjoin_tx {
    const struct sg_btc_out *spent;
    size_t n_spent;
    const struct sg_btc_out *outs;
    size_t n_outs;
};

#define SG_COINJOIN_EVIDENCE_MAX 6
#define SG_COINJOIN_TEXT_MAX     128

struct sg_coinjoin {
    enum sg_coinjoin_kind kind;
    bool coinjoin;             /**< strangers spent together: the inputs say nothing of one owner */
    uint32_t participants;     /**< 0: the transaction does not tell */
    uint64_t denomination_sat; /**< of the equal outputs, or 0 */
    uint64_t mappings; /**< ways in which groups of inputs can have paid for groups of outputs; 0:
                          not counted, because there are too many of either */
    char evidence[SG_COINJOIN_EVIDENCE_MAX][SG_COINJOIN_TEXT_MAX];
    size_t n_evidence;
};

/** Judge one transaction that is no coinbase.
 *  Errors: SG_EPARSE (it pays out more than it spends, or sums beyond 2^63), SG_ENOMEM.
 *  Cost: O(n log n); the search for shares and the count of mappings are bounded. */
SG_MUST_CHECK enum sg_status sg_coinjoin_judge(struct sg_coinjoin *result,
                                               const struct sg_coinjoin_tx *tx, struct sg_err *err);

/** The same without counting mappings, for who asks of many. */
SG_MUST_CHECK enum sg_status sg_coinjoin_kind_of(struct sg_coinjoin *result,
                                                 const struct sg_coinjoin_tx *tx,
                                                 struct sg_err *err);

/** More inputs and outputs together than this are not counted. */
#define SG_COINJOIN_MAPPINGS_MAX 18

/** Count the mappings: partitions of inputs and outputs into as many groups, matched one to one so
 *  that no group pays out more than it spends plus `allowance`. n equal inputs and outputs: 1, 3,
 * 16, 131, 1496, 22482, 426833, 9934563, 277006192 for n from 1 (Boltzmann's published values).
 *
 *  Out: count.
 *  In:  n_in, n_out   at least 1; together at most SG_COINJOIN_MAPPINGS_MAX.
 *  Errors: SG_ENOMEM, SG_ELIMIT (more than 2^64 - 1).
 *  Cost: 2^(n_in + n_out) numbers, at most 3^(n_in + n_out) steps.
 *  Source: L. Maurent, Introducing Boltzmann, 2015; OEIS A023998. */
SG_MUST_CHECK enum sg_status sg_coinjoin_mappings(uint64_t *count, const uint64_t *in_sat,
                                                  size_t n_in, const uint64_t *out_sat,
                                                  size_t n_out, uint64_t allowance,
                                                  struct sg_err *err);

#endif
