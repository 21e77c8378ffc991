/** A score as a sum of shown parts, with a person's own weights.
 *
 *  Each (direction, category) of an exposure gives
 *
 *      points = weight x share x distance
 *
 *  with the weight of the category, the share of the direction's total that ended with it or passed
 *  through it (the larger), and the percentage of the distance to its nearest address. A label of
 *  the address itself counts in full. All in whole numbers, rounded down at the hundredth of a
 *  point. docs/methods/screen.md.
 */
#ifndef SG_ANALYSIS_SCORE_H
#define SG_ANALYSIS_SCORE_H

#include "analysis/exposure/exposure.h"
#include "formats/riskfile/riskfile.h"

enum sg_score_direction { SG_SCORE_SELF, SG_SCORE_IN, SG_SCORE_OUT };

/** "self", "in", "out". Static storage. */
const char *sg_score_direction_name(enum sg_score_direction direction);

struct sg_score_part {
    enum sg_score_direction direction;
    enum sg_category category;
    uint32_t hops;         /**< 0: the address itself */
    uint32_t share_parts;  /**< of 10,000 */
    uint32_t weight;       /**< of the file */
    uint32_t distance;     /**< percent of the file */
    uint64_t points_parts; /**< hundredths of a point */
};

struct sg_score {
    uint64_t points_parts;             /**< sum of the parts, in hundredths */
    const struct sg_score_part *parts; /**< most points first; those of zero weight are left out */
    size_t n_parts;
    const struct sg_risk_level *level; /**< the highest that is reached, or NULL */
};

/** Add it up.
 *  In: exposure   of the asset; NULL: none, the labels of the address alone.
 *      self       bit c is set: some label in force of the address is of enum sg_category c.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_score_make(struct sg_score *score, struct sg_arena *arena,
                                           const struct sg_riskfile *file,
                                           const struct sg_exposure *exposure, uint32_t self,
                                           struct sg_err *err);

#endif
