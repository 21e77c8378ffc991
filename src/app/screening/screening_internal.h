#ifndef SG_APP_SCREENING_INTERNAL_H
#define SG_APP_SCREENING_INTERNAL_H

#include "app/screening/screening.h"

/** One address with all that is known of it. */
struct screened {
    struct sg_text text;
    struct sg_screening_form form;
    const struct sg_screen_hit *hits;
    size_t n_hits;
    size_t n_left_out;              /**< labels beyond the limit */
    struct sg_labelstore_near near; /**< a label of an address that is nearly this one */
};

void screening_json(struct sg_buf *out, const struct screened *one);
void screening_text(struct sg_buf *out, const struct screened *one);

#endif
