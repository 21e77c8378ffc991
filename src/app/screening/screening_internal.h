#ifndef SG_APP_SCREENING_INTERNAL_H
#define SG_APP_SCREENING_INTERNAL_H

#include "analysis/moneyflags/moneyflags.h"
#include "analysis/score/score.h"
#include "app/labelbook/labelbook.h"
#include "app/screening/screening.h"
#include "base/jsonw.h"

/** A transaction that a red flag rests on. */
struct screened_evidence {
    bool has_hash;
    uint8_t hash32[32];
};

/** What one ledger knows of an address, in one asset. */
struct screened_exposure {
    const struct sg_ledger *ledger; /**< NULL: the labels of the address alone */
    struct sg_asset asset;
    struct sg_exposure exposure;
    const struct sg_moneyflag *flags;
    size_t n_flags;
    struct screened_evidence *evidence; /**< first and last of each flag */
    bool has_score;
    struct sg_score score;
};

/** What labels say of another address of the same cluster. */
struct screened_kin {
    const char *address;
    const struct sg_screen_hit *hits;
    size_t n_hits;
};

/** One address with all that is known of it. */
struct screened {
    struct sg_text text;
    struct sg_screening_form form;
    const struct sg_screen_hit *hits;
    size_t n_hits;
    size_t n_left_out;              /**< labels beyond the limit */
    struct sg_labelstore_near near; /**< a label of an address that is nearly this one */
    struct screened_kin *kin;       /**< labelled, in the order of the chain */
    size_t n_kin, n_kin_left_out;
    uint64_t cluster_size; /**< owners, itself among them; 0: of no chain of outputs */
    struct screened_exposure *exposures; /**< by ledger, most used asset first */
    size_t n_exposures;
    struct screened_exposure alone; /**< of an address that no ledger knows */
};

/** Look at the labels of all that are in one cluster with it. */
SG_MUST_CHECK enum sg_status screening_kin(struct screened *one, struct sg_arena *arena,
                                           const struct sg_screening *s, struct sg_err *err);

/** Whether one of them is a hit in force. */
bool screening_kin_in_force(const struct screened *one);

/** Ask the ledgers. books: one each; they keep the labels that the answer points at. */
SG_MUST_CHECK enum sg_status screening_exposures(struct screened *one, struct sg_arena *arena,
                                                 const struct sg_screening *s,
                                                 struct sg_labelbook *books, struct sg_err *err);

/** "score" and "exposure" of an open object; and the lines for people. */
void screening_exposure_json(struct sg_jsonw *w, const struct screened *one);
void screening_exposure_text(struct sg_buf *out, const struct screened *one);

void screening_json(struct sg_buf *out, const struct screened *one);
void screening_text(struct sg_buf *out, const struct screened *one);

#endif
