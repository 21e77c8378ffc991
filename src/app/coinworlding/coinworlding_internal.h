#ifndef SG_APP_COINWORLDING_INTERNAL_H
#define SG_APP_COINWORLDING_INTERNAL_H

#include "analysis/coinworld/coinworld.h"
#include "app/coinworlding/coinworlding.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "formats/address/address.h"
#include "store/outfile/outfile.h"

#include <stddef.h>

/* A file that is written in large pieces. */
struct written {
    struct sg_outfile file;
    struct sg_buf waits;
};

/* truth.json, and the tables beside it that grow with the chain. */
enum truth_file { TRUTH_SUMS, TRUTH_TXS, TRUTH_THEFTS, TRUTH_OWNERS, TRUTH_FILES };

struct truth {
    struct written files[TRUTH_FILES];
    struct sg_jsonw sums;
    const char *dir;
    enum sg_network network;
    size_t n_entities; /* the list of thefts ends where that of entities begins */
};

SG_MUST_CHECK enum sg_status sg_cwi_begin(struct written *w, const char *dir, const char *name,
                                          struct sg_err *err);
/* Write what waits if it is at least so much. */
SG_MUST_CHECK enum sg_status sg_cwi_flush(struct written *w, size_t at_least, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_cwi_commit(struct written *w, struct sg_err *err);
void sg_cwi_drop(struct written *w);

SG_MUST_CHECK enum sg_status
sg_cwi_truth_begin(struct truth *truth, const struct sg_coinworlding *request, struct sg_err *err);
enum sg_status sg_cwi_on_tx(struct truth *truth, const struct sg_coinworld_tx *tx,
                            struct sg_err *err);
enum sg_status sg_cwi_on_address(struct truth *truth, const struct sg_coinworld_address *address,
                                 struct sg_err *err);
enum sg_status sg_cwi_on_theft(struct truth *truth, const struct sg_coinworld_theft *theft,
                               struct sg_err *err);
enum sg_status sg_cwi_on_entity(struct truth *truth, const struct sg_coinworld_entity *entity,
                                struct sg_err *err);
/* case-N.yaml: what an investigator would start from. */
SG_MUST_CHECK enum sg_status
sg_cwi_case(const struct truth *truth, const struct sg_coinworld_theft *theft, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_cwi_truth_end(struct truth *truth,
                                              const struct sg_coinworld_summary *summary,
                                              struct sg_err *err);
void sg_cwi_truth_drop(struct truth *truth);

#endif
