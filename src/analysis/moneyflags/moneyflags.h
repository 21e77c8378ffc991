/** Red-flag indicators of the FATF, as far as the rows of one address can show them.
 *
 *  Each rule names the indicator that it is after and gives its evidence: how many rows, which
 * amount, the first and the last transaction. A flag is a reason to look, and every one of them has
 * innocent readings, which stand beside it. Rules, thresholds, sources:
 * docs/methods/money-flags.md. Source: FATF, Virtual Assets: Red Flag Indicators of Money
 * Laundering and Terrorist Financing, September 2020.
 */
#ifndef SG_ANALYSIS_MONEYFLAGS_H
#define SG_ANALYSIS_MONEYFLAGS_H

#include "analysis/exposure/exposure.h"

enum sg_moneyflag_rule {
    SG_MONEYFLAG_EQUAL_PAYMENTS, /**< many payments of one amount within a day */
    SG_MONEYFLAG_MANY_SERVICES,  /**< paid to several services within a day */
    SG_MONEYFLAG_MANY_PAYERS,    /**< received from many within a day */
    SG_MONEYFLAG_PASS_THROUGH,   /**< nearly all that came in left within a day */
    SG_MONEYFLAG_MIXER,          /**< money from or to a mixer */
    SG_MONEYFLAG_ILLICIT,        /**< money from or to an address of crime or sanction */
    SG_MONEYFLAG_GAMBLING        /**< money from or to gambling or a marketplace */
};

#define SG_MONEYFLAG_RULES ((size_t)SG_MONEYFLAG_GAMBLING + 1)

/** The window of the rules that speak of a day. */
#define SG_MONEYFLAG_DAY_S INT64_C(86400)

#define SG_MONEYFLAG_EQUAL_MIN    10u /**< payments */
#define SG_MONEYFLAG_SERVICES_MIN 3u  /**< entities */
#define SG_MONEYFLAG_PAYERS_MIN   10u /**< addresses */
#define SG_MONEYFLAG_PASS_PERCENT 90u /**< of what came in */
#define SG_MONEYFLAG_PASS_MIN     3u  /**< receipts */

struct sg_moneyflag_info {
    const char *name;      /**< "equal_payments" */
    const char *indicator; /**< what the FATF says, in our words */
    const char *innocent;  /**< the innocent reading */
};

/** Static storage. */
const struct sg_moneyflag_info *sg_moneyflag_info(enum sg_moneyflag_rule rule);

struct sg_moneyflag {
    enum sg_moneyflag_rule rule;
    uint64_t count;          /**< rows, entities or addresses, by the rule; exposure: categories */
    struct sg_amount amount; /**< of the asset: in all; EQUAL_PAYMENTS: of each */
    uint32_t hops;           /**< of the exposure rules: to the nearest; else 0 */
    const char *nearest;     /**< likewise: entity; else NULL */
    struct sg_tx_id first, last; /**< evidence; SG_TX_ID_NONE for the exposure rules */
};

struct sg_moneyflags_input {
    const struct sg_ledger *ledger;
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    int64_t until_unix_s;
    const struct sg_exposure_book *book;
    const struct sg_exposure *exposure; /**< of that asset */
};

/** Find them: at most one flag a rule, the strongest case, in order of the rules.
 *  Out: flags   in the arena.
 *  Errors: what the ledger and the book return, SG_ENOMEM. Rows without a time are passed over by
 * the rules that speak of a day. Cost: O(r log r) in rows of the address. */
SG_MUST_CHECK enum sg_status sg_moneyflags_find(const struct sg_moneyflag **flags, size_t *n,
                                                struct sg_arena *arena,
                                                const struct sg_moneyflags_input *input,
                                                struct sg_err *err);

#endif
