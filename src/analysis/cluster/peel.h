/** Peel chains: one large output from which payments are cut, transaction after transaction, while
 * the rest goes on as change. Followed by votes of rules, each step with its reasons; it stops and
 * says why when the rules cannot tell. Rules and measured error: docs/methods/peel.md.
 */
#ifndef SG_ANALYSIS_PEEL_H
#define SG_ANALYSIS_PEEL_H

#include "store/utxo/utxo.h"

/** Why an output of a transaction is the one that goes on. */
enum sg_peel_rule {
    SG_PEEL_WHOLE, /**< there is no other output */
    SG_PEEL_REUSE, /**< the only one paid to an owner of the inputs; decides alone */
    SG_PEEL_FRESH, /**< as in analysis/cluster, and so are the next three */
    SG_PEEL_FORM,
    SG_PEEL_LEAST,
    SG_PEEL_ROUND,
    SG_PEEL_LIKE /**< the only one that is spent in a transaction like this: one owner, two outputs,
                    the same use of lock time */
};
#define SG_PEEL_RULES ((size_t)SG_PEEL_LIKE + 1)

/** "whole", "reuse", "fresh", "form", "least", "round", "like". Static storage. */
const char *sg_peel_rule_name(enum sg_peel_rule rule);

enum sg_peel_stop {
    SG_PEEL_UNSPENT,  /**< the last output is not spent in the blocks that the ledger covers */
    SG_PEEL_COINJOIN, /**< the last output goes into a CoinJoin */
    SG_PEEL_MISSING,  /**< it is spent beside outputs that the ledger does not have */
    SG_PEEL_UNSURE,   /**< no output has most votes, or only one and another has one too */
    SG_PEEL_NOBODY,   /**< all of it went to fees or OP_RETURN */
    SG_PEEL_BOUND     /**< as many steps as were asked for */
};

/** One sentence. Static storage. */
const char *sg_peel_stop_sentence(enum sg_peel_stop stop);

struct sg_peel_step {
    uint64_t out;   /**< the output that is spent */
    uint64_t tx;    /**< that spends it */
    uint64_t next;  /**< the output that goes on; SG_UTXO_NONE in a last step that is unsure */
    uint32_t rules; /**< bits: those that voted for it */
    uint32_t cast;  /**< votes for any output */
};

struct sg_peel {
    struct sg_peel_step *steps; /**< sg_mem_free by the caller */
    size_t n, capacity;
    enum sg_peel_stop stop;
};

/** Follow from an output, at most max steps. first_seen: from sg_peel_first_seen.
 *  Errors: SG_ENOMEM; peel->steps stands in any case. */
SG_MUST_CHECK enum sg_status sg_peel_follow(struct sg_peel *peel, const struct sg_utxo *utxo,
                                            const uint64_t *first_seen, uint64_t out, size_t max,
                                            struct sg_err *err);

/** The output that paid each owner first; sg_mem_free by the caller, NULL without memory. */
uint64_t *sg_peel_first_seen(const struct sg_utxo *utxo);

#endif
