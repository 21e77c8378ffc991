/** Screening addresses against a label store: from texts to the lines that are printed.
 *
 *  Reads the labels of many addresses at once (store/labels), works out what they mean on the day
 *  (analysis/screen) and writes a JSON line or a few lines of text for each. Rules and exit status:
 *  docs/methods/screen.md; the JSON: docs/api/screen.json.
 */
#ifndef SG_APP_SCREENING_H
#define SG_APP_SCREENING_H

#include "app/labelstore/labelstore.h"
#include "app/screening/screening_cluster.h"
#include "base/buf.h"
#include "base/text.h"
#include "formats/recognise/recognise.h"
#include "formats/riskfile/riskfile.h"
#include "store/ledger/ledger.h"

/** Addresses that are screened in one go, so that memory does not grow with the list. */
#define SG_SCREENING_BATCH ((size_t)65536)

/** Hits of one address that are shown; the rest is counted. */
#define SG_SCREENING_HITS_MAX 256

/** What an address text is, as far as screening cares. */
struct sg_screening_form {
    bool valid;                /**< an address, or a text that some source has a label for */
    struct sg_recognised what; /**< reason says why it is not valid */
};

/** Tell what a text is, by its form and its checksum. */
void sg_screening_recognise(struct sg_screening_form *form, struct sg_text text);

struct sg_screening {
    const struct sg_labelstore *store;
    int64_t as_of_unix_s; /**< INT64_MAX: as far as is known */
    size_t n_threads;
    bool json;
    const struct sg_ledger *ledgers; /**< each chain once; NULL: none was asked */
    size_t n_ledgers;
    struct sg_screening_clusters *clusters; /**< of its chains of outputs, or NULL */
    uint32_t hops_max;                      /**< of the exposure */
    const struct sg_riskfile *risk;         /**< weights for a score; NULL: there is none */
    /* Counted: */
    uint64_t n_addresses, n_hit, n_labelled, n_invalid;
};

/** Screen texts and append a line (JSON) or a paragraph each, in their order.
 *  In:  n   at most SG_SCREENING_BATCH. */
SG_MUST_CHECK enum sg_status sg_screening_run(struct sg_screening *screening, struct sg_buf *out,
                                              const struct sg_text *texts, size_t n,
                                              struct sg_err *err);

#endif
