#ifndef SG_APP_SCREENING_INTERNAL_H
#define SG_APP_SCREENING_INTERNAL_H

#include "app/screening/screening.h"

/** One address with all that is known of it. */
struct screened {
    struct sg_text text;
    struct sg_screening_form form;
    const struct sg_screen_hit *hits;
    size_t n_hits;
    size_t n_left_out; /**< labels beyond the limit */
    bool has_near;
    bool near_is_case;    /**< it differs in the case of letters alone */
    struct sg_label near; /**< a label of an address that is nearly this one */
};

/** Find a label whose address is one edit away, or differs only in case.
 *  In:  range   what has the same letters but for their case. */
SG_MUST_CHECK enum sg_status screening_near(struct screened *one, const struct sg_labelstore *store,
                                            struct sg_labels_range range, struct sg_err *err);

void screening_json(struct sg_buf *out, const struct screened *one);
void screening_text(struct sg_buf *out, const struct screened *one);

#endif
