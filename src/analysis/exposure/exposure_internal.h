/** Pieces of exposure while they are gathered. Read exposure.c first. */
#ifndef SG_ANALYSIS_EXPOSURE_INTERNAL_H
#define SG_ANALYSIS_EXPOSURE_INTERNAL_H

#include "analysis/exposure/exposure.h"

/** Some money at one address: the end of its way, or a stop on it. */
struct sg_exposure_piece {
    enum sg_exposure_what what; /**< ends alone */
    const struct sg_exposure_label *label;
    struct sg_addr_id addr; /**< SG_ID_NONE: fees, swaps */
    struct sg_amount amount;
    uint32_t hops;
    struct sg_tx_id tx;
};

struct sg_exposure_pieces {
    struct sg_exposure_piece *items;
    size_t count, capacity;
};

/** Append; zero is dropped. */
SG_MUST_CHECK enum sg_status sg_exposure_add(struct sg_exposure_pieces *pieces,
                                             struct sg_exposure_piece piece, struct sg_err *err);

/** Label of an address; NULL for SG_ID_NONE. */
SG_MUST_CHECK enum sg_status sg_exposure_look(const struct sg_exposure_label **label,
                                              const struct sg_exposure_input *input,
                                              struct sg_addr_id addr, struct sg_err *err);

/** Whether two addresses are one entity's. */
bool sg_exposure_same(const struct sg_exposure_label *a, const struct sg_exposure_label *b);

/** Bring pieces together into the side's parts, entities passed and categories, and check that the
 *  parts add up. Sorts the pieces. */
SG_MUST_CHECK enum sg_status sg_exposure_group(struct sg_exposure_side *side,
                                               struct sg_arena *arena,
                                               struct sg_exposure_pieces *ends,
                                               struct sg_exposure_pieces *stops,
                                               struct sg_err *err);

#endif
