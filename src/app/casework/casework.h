/** One case at work: case file, ledgers and prices opened, traced, and turned into a report.
 *
 *  What `sillage trace --report` writes and `sillage verify` repeats goes through here, so that
 * both do the same. The manifest of a report names the inputs as a person gave them; a check may
 * open them elsewhere and still give the same bytes.
 */
#ifndef SG_APP_CASEWORK_H
#define SG_APP_CASEWORK_H

#include "analysis/trace/trace.h"
#include "app/beyond/beyond.h"
#include "app/labelstore/labelstore.h"
#include "base/buf.h"
#include "formats/manifest/manifest.h"
#include "formats/prices/prices.h"
#include "store/casefile/casefile.h"
#include "store/utxo/utxo.h"

/** Chains of one case. */
#define SG_CASEWORK_LEDGERS_MAX 8

/** An input: where it is opened, and the name that the manifest gives it (NULL: the same). */
struct sg_casework_path {
    const char *path; /**< NULL: there is none */
    const char *shown;
};

struct sg_casework_options {
    struct sg_casework_path case_file, ledger, prices; /**< prices may be absent */
    struct sg_casework_path labels; /**< a label store for addresses that the case does not label;
                                         may be absent */
    int64_t labels_as_of_unix_s;    /**< with it: what was known by then; INT64_MAX: all */
    enum sg_policy main;            /**< that the report is about */
    uint32_t policies;              /**< bit p is set: run enum sg_policy p; main's bit is */
    int64_t until_unix_s;           /**< INT64_MAX: all there is */
    bool has_dust;
    struct sg_amount dust;         /**< in 1e-18 of a whole unit */
    enum sg_utxotaint_fees fees;   /**< of a chain of outputs */
    enum sg_utxotaint_tiho tiho;   /**< likewise */
    bool by_cluster;               /**< likewise: stop at who spends together with a service */
    bool with_decoys;              /**< follow probable decoys too */
    size_t shuffles;               /**< orders at random beside the reversed one */
    struct sg_casework_path pools; /**< of mixers to look behind, or absent */
    uint32_t least_millionths;     /**< the probability that is listed behind mixers; 0: do not
                                        look. Without pools those of the case's pools_file */
};

struct sg_casework {
    struct sg_casework_options options;
    struct sg_casefile file;
    struct sg_ledger ledgers[SG_CASEWORK_LEDGERS_MAX];
    const struct sg_ledger *ledger_list[SG_CASEWORK_LEDGERS_MAX];
    size_t n_ledgers;
    struct sg_utxo
        utxo; /**< instead of ledgers, while has_utxo: the case is on a chain of outputs */
    bool has_utxo;
    struct sg_labelstore store; /**< open while has_store: labels point into it */
    bool has_store;
    uint8_t labels_sha256[SG_SHA256_SIZE];
    struct casework_source *label_sources;
    size_t n_label_sources;
    struct sg_prices prices;
    uint8_t prices_sha256[SG_SHA256_SIZE];
    struct sg_trace trace;
    bool has_beyond; /**< pools were given */
    struct sg_beyond beyond;
    struct sg_arena arena; /**< of the trace, the prices and the report */
};

/** Open the inputs and trace, with a bar on a terminal.
 *
 *  Out:    work   close with sg_casework_close, after an error too. Must not move while open.
 *  In:     options   texts are borrowed until close.
 *  Errors: those of opening a case, a ledger, a price table, and of sg_trace_run and
 * sg_beyond_find.
 */
SG_MUST_CHECK enum sg_status sg_casework_open(struct sg_casework *work,
                                              const struct sg_casework_options *options,
                                              struct sg_err *err);

/** Write the report of an open case.
 *  Errors: those of sg_brief_build and sg_report_write. */
SG_MUST_CHECK enum sg_status sg_casework_report(struct sg_buf *out, struct sg_casework *work,
                                                struct sg_err *err);

/** What went in: inputs with digests, the ledgers' state and the files imported into them, options,
 *  versions. In the arena of the work. */
SG_MUST_CHECK enum sg_status sg_casework_facts(const struct sg_manifest_entry **facts, size_t *n,
                                               struct sg_casework *work, struct sg_err *err);

/** Release; all zero is allowed. */
void sg_casework_close(struct sg_casework *work);

#endif
