/** What `sillage show` prints of an address or a transaction, gathered from a ledger and a case
 * first and then written as text or JSON. Private to the verb.
 */
#ifndef SG_APP_SHOW_H
#define SG_APP_SHOW_H

#include "analysis/profile/profile.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "formats/case/case.h"
#include "store/ledger/ledger.h"

/** Counterparties for each asset, and last rows, that are shown. */
#define SG_SHOW_PEERS  10
#define SG_SHOW_RECENT 10

/** Rows of one transaction that are shown; the rest is counted. */
#define SG_SHOW_TX_ROWS_MAX 10000

/** Addresses and assets behind the ids of one answer, looked up in one go each. */
struct sg_show_names {
    const struct sg_chain *chain;
    const struct sg_case *c;     /**< or NULL */
    struct sg_addr_id *addr_ids; /**< ascending, each once */
    struct sg_address *addrs;
    size_t n_addrs;
    struct sg_asset_id *asset_ids; /**< ascending, each once */
    struct sg_asset *assets;
    size_t n_assets;
};

/** A row with the transaction it belongs to. */
struct sg_show_row {
    struct sg_row row;
    const struct sg_tx *tx;
};

/** One subject on one chain: an address (profile) or a transaction (tx), never both. */
struct sg_show_found {
    struct sg_show_names names;
    const struct sg_address *address; /**< NULL: a transaction */
    struct sg_profile profile;
    struct sg_coverage *coverage; /**< of the address and of the whole chain */
    size_t n_coverage;
    struct sg_tx tx;
    struct sg_show_row *rows; /**< the address's last ones, or the transaction's */
    size_t n_rows;
};

/** Gather what a ledger knows of an address.
 *  Out:    found    in `arena`.
 *  Errors: SG_ENOTFOUND where the address has no id in this ledger; else as the ledger. */
SG_MUST_CHECK enum sg_status sg_show_address(struct sg_show_found *found, struct sg_arena *arena,
                                             const struct sg_ledger *ledger,
                                             const struct sg_case *c,
                                             const struct sg_address *address, struct sg_err *err);

/** The same for a transaction. */
SG_MUST_CHECK enum sg_status sg_show_tx(struct sg_show_found *found, struct sg_arena *arena,
                                        const struct sg_ledger *ledger, const struct sg_case *c,
                                        const uint8_t hash32[32], struct sg_err *err);

/** Address of an id of this answer; size 0 for SG_ID_NONE. */
const struct sg_address *sg_show_addr(const struct sg_show_names *names, struct sg_addr_id id);
/** Asset of an id of this answer; the native one has its chain's symbol and decimals. */
const struct sg_asset *sg_show_asset(const struct sg_show_names *names, struct sg_asset_id id);

/** Decimals that its amounts are shown with: 0, base units, where no source gives them. */
unsigned sg_show_decimals(const struct sg_asset *asset);

/** Label that an address of this answer is shown under, or NULL. */
const struct sg_case_label *sg_show_label(const struct sg_show_names *names,
                                          const struct sg_address *address);

/** "native", "internal", "token", "reward"; "ok", "failed", "unknown". Static storage. */
const char *sg_show_kind(uint8_t kind);
const char *sg_show_status(uint8_t status);

void sg_show_text(struct sg_buf *out, const struct sg_show_found *found);
/** One element of "chains" in docs/api/show.json. */
void sg_show_json(struct sg_jsonw *w, const struct sg_show_found *found);

#endif
