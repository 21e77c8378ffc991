/** What the verbs that ask one chain of a ledger share: opening it, and turning addresses and
 * labels into its ids. */
#ifndef SG_APP_LEDGERPICK_H
#define SG_APP_LEDGERPICK_H

#include "app/accounts.h"
#include "store/ledger/ledger.h"

/** Open a chain of a ledger.
 *  In:     chain   its name; NULL: the only one that is there.
 *  Errors: SG_EUSAGE (no such chain is known; several are there and none was named), and those of
 *          sg_ledger_open. */
SG_MUST_CHECK enum sg_status sg_ledgerpick_open(struct sg_ledger *ledger, const char *dir,
                                                const char *chain, struct sg_err *err);

struct sg_ledgerpick_ids {
    struct sg_addr_id *items;
    size_t count, capacity;
    size_t n_unknown; /**< addresses that the ledger does not have: they are left out */
};

/** Add the ids of addresses. Errors: SG_ENOMEM, or the ledger's. */
SG_MUST_CHECK enum sg_status sg_ledgerpick_add(struct sg_ledgerpick_ids *ids,
                                               const struct sg_ledger *ledger,
                                               const struct sg_address *addrs, size_t n,
                                               struct sg_err *err);

/** Add the ids of all addresses that a label store calls a service, by whatever source.
 *  In:     labels   its folder, or NULL: where sg_labelstore_dir looks.
 *  Errors: those of opening and reading labels and ledger. */
SG_MUST_CHECK enum sg_status sg_ledgerpick_services(struct sg_ledgerpick_ids *ids,
                                                    const struct sg_ledger *ledger,
                                                    const char *labels, struct sg_err *err);

void sg_ledgerpick_clear(struct sg_ledgerpick_ids *ids);

#endif
