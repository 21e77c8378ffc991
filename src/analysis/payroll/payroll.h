/** Payrolls on a chain, and payees whose salaries gather in one place.
 *
 *  1. A *series* is one sender paying one receiver one asset, regularly (a month, a fortnight or a
 *     week apart) and in similar amounts. A sender of several series is a *payer*.
 *  2. The money of each salary is followed from the payee over a few hops, in time, as far as the
 *     smallest amount on the way; services and addresses with very many senders end the way.
 *  3. An address where several payees' salaries arrive again and again, and that receives little
 *     else, is a *collector*. How many other payees of the same payers gather as much is told with
 *     it: what chance, families and colleagues do by themselves.
 *
 *  It names addresses and says what speaks for and against; it decides about nobody. Thresholds and
 *  what they cost: docs/methods/payroll.md. Integers only. Threads: one; any number of runs at
 * once.
 */
#ifndef SG_ANALYSIS_PAYROLL_H
#define SG_ANALYSIS_PAYROLL_H

#include "store/ledger/ledger.h"

#include <stdbool.h>

/** The way of one salary: more hops are not asked for. */
#define SG_PAYROLL_HOPS_MAX 8

/** Values are millionths of a whole unit of the asset; an asset of fewer decimals is scaled up. */
typedef uint64_t sg_payroll_value;

struct sg_payroll_options {
    const struct sg_asset_id *assets; /**< stablecoins, as a rule */
    size_t n_assets;
    const struct sg_addr_id *payers; /**< n_payers 0: found by their series */
    size_t n_payers;
    const struct sg_addr_id *payees; /**< only these; n_payees 0: all */
    size_t n_payees;
    const struct sg_addr_id *services; /**< known ones: no payer, no collector, nothing beyond */
    size_t n_services;
    unsigned hops_max;    /**< 1 to SG_PAYROLL_HOPS_MAX */
    uint32_t min_payees;  /**< of one collector, at least 2 */
    uint32_t senders_max; /**< an address with more different senders is taken for a service */
    int64_t window_s;     /**< a salary is followed for so long */
    const struct sg_progress *progress; /**< may be NULL; in payees */
};

/** What is usual; the caller sets what it knows. */
void sg_payroll_defaults(struct sg_payroll_options *options);

struct sg_payroll_series {
    struct sg_addr_id payer, payee;
    struct sg_asset_id asset;
    uint32_t n_pays;
    uint32_t days; /**< of the rhythm: 30, 14 or 7 */
    sg_payroll_value median;
    int64_t first_unix_s, last_unix_s;
    size_t first_pay; /**< in sg_payroll.pays */
};

struct sg_payroll_pay {
    uint64_t row;
    int64_t time_unix_s;
    sg_payroll_value value;
};

/** A payee of a collector. */
struct sg_payroll_member {
    struct sg_addr_id payee;
    struct sg_addr_id payer; /**< of the series with the most pays */
    uint32_t n_pays, n_arrived;
    uint32_t hops; /**< of the shortest way seen */
    sg_payroll_value paid, arrived;
};

struct sg_payroll_collector {
    struct sg_addr_id addr;
    size_t first_member;
    uint32_t n_members;
    uint32_t n_senders, n_salary_senders; /**< of all; of those, who sent salaries on */
    sg_payroll_value arrived;             /**< of salaries */
    sg_payroll_value inflow;              /**< of all, in the assets asked for */
    uint32_t n_others;                    /**< payees of the same payers who are no members */
    uint32_t n_others_gather; /**< of those, how many gather elsewhere with as many payees */
};

struct sg_payroll {
    struct sg_payroll_series *series; /**< by payer, payee, asset */
    size_t n_series;
    struct sg_payroll_pay *pays;
    size_t n_pays;
    struct sg_payroll_collector *collectors; /**< most members first */
    size_t n_collectors;
    struct sg_payroll_member *members;
    size_t n_members;
    uint32_t n_payers, n_payees;
    uint32_t n_covered; /**< payees whose token transfers the ledger is known to hold */
    uint32_t n_cut;     /**< salaries that were not followed to the end: too many ways */
};

/** Find all.
 *  Out:    payroll   sg_payroll_clear by the caller.
 *  Errors: SG_ENOMEM, SG_ECANCELLED, or what the ledger returned.
 *  Cost:   one scan; 40 bytes a row of the assets while it runs; then the rows of payees and of
 *          whom they pay. */
SG_MUST_CHECK enum sg_status sg_payroll_run(struct sg_payroll *payroll,
                                            const struct sg_ledger *ledger,
                                            const struct sg_payroll_options *options,
                                            struct sg_err *err);

void sg_payroll_clear(struct sg_payroll *payroll);

/** Whether the ledger is known to hold all token transfers of too few payees (under 80 percent) for
 *  the lack of a collector to mean anything. */
bool sg_payroll_is_thin(const struct sg_payroll *payroll);

#endif
