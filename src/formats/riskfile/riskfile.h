/** A risk file: what a person wants exposure to count for. No weights are ours: without a file
 * there is no score. The schema and an example: docs/formats/riskfile.md.
 *
 *      sillage_risk: 1
 *      weights: {sanctioned: 100, theft: 80, mixer: 50}
 *      distance: [100, 50, 25]
 *      levels: {review: 10, block: 60}
 */
#ifndef SG_FORMATS_RISKFILE_H
#define SG_FORMATS_RISKFILE_H

#include "base/arena.h"
#include "formats/label/label.h"

#define SG_RISK_WEIGHT_MAX   1000u /**< points for a share of 100 % without anybody between */
#define SG_RISK_DISTANCE_MAX 64u   /**< entries of the list */
#define SG_RISK_LEVELS_MAX   16u
#define SG_RISK_FROM_MAX     1000000u

struct sg_risk_level {
    const char *name; /**< in the arena; text from outside */
    uint32_t from;    /**< points */
};

struct sg_riskfile {
    bool has_weight[SG_CATEGORY_COUNT];
    uint32_t weight[SG_CATEGORY_COUNT];
    uint32_t distance[SG_RISK_DISTANCE_MAX]; /**< percent that counts at 1, 2, ... payments; the
                                                last is for all further ones; 0 to 100 */
    size_t n_distance;                       /**< at least 1; 100 alone where the file has none */
    struct sg_risk_level levels[SG_RISK_LEVELS_MAX]; /**< ascending by points */
    size_t n_levels;
};

/** Parse it. Errors: SG_EPARSE with line and column, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_riskfile_parse(struct sg_riskfile *file, struct sg_arena *arena,
                                               const char *bytes, size_t size, struct sg_err *err);

#endif
