/** Stage 1: what was stolen, by who says so and when they said it. One series per source and
 *  vintage; never a mean over sources.
 *
 *  Sums of published figures in whole US dollars. Read docs/methods/programme.md first.
 */
#ifndef SG_ANALYSIS_GROSS_H
#define SG_ANALYSIS_GROSS_H

#include "formats/programme/programme.h"

#define SG_GROSS_YEARS (SG_PROGRAMME_YEAR_MAX - SG_PROGRAMME_YEAR_MIN + 1)

/** A vintage of one source, year by year. */
struct sg_gross_series {
    const char *source;
    const char *vintage; /**< "" for the sum of a list of incidents */
    const char *how;
    bool is_list;  /**< summed here from incidents, row by row */
    size_t n_rows; /**< figures or incidents that went in */
    uint64_t usd[SG_GROSS_YEARS];
    bool has[SG_GROSS_YEARS]; /**< by year - SG_PROGRAMME_YEAR_MIN */
    bool covers_period;       /**< every year of the period has a figure */
    uint64_t period_usd;      /**< sum of the period's years that have one */
};

/** One published figure for several years together; it cannot be set beside the period unless its
 *  years are the same. */
struct sg_gross_span {
    const struct sg_total *total;
};

/** What the incidents of a tier add up to. */
struct sg_gross_tier {
    size_t n_incidents;
    uint64_t usd;      /**< first amount of each */
    uint64_t low_usd;  /**< smallest amount of each */
    uint64_t high_usd; /**< largest amount of each */
};

struct sg_gross {
    int16_t from, to; /**< the period */
    const struct sg_gross_series *series;
    size_t n_series;
    const struct sg_gross_span *spans;
    size_t n_spans;
    struct sg_gross_tier tiers[SG_TIER_COUNT]; /**< of the period */
    uint64_t low_usd, high_usd;                /**< over series that cover the period */
    uint64_t year_low_usd, year_high_usd;      /**< smallest and largest figure for `year`; of
                                                lists only those that cover the period */
    size_t n_year;                             /**< how many figures there are for it */
};

struct sg_gross_request {
    const struct sg_incidents *incidents;
    const struct sg_totals *totals;
    int16_t from, to, year;
    bool with_contested; /**< count tier D too */
};

/** Add up all of it.
 *
 *  Lists of incidents (ids with the same part before the dash) with at least SG_GROSS_LIST_MIN
 *  thefts that lie in the period become series of their own; ransoms and disruptions are no theft
 *  and count nowhere.
 *  Out:    gross    in `arena`.
 *  In/Out: notes    a theft that two lists seem to share (same victim, dates of both within 45
 *                   days) gets a note: it is counted in both lists and twice in the tiers.
 *  Errors: SG_ELIMIT (a sum above 2^64 dollars), SG_ENOMEM.
 *  Cost:   O(rows^2) for the duplicates. */
SG_MUST_CHECK enum sg_status
sg_gross_compute(struct sg_gross *gross, struct sg_programme_notes *notes, struct sg_arena *arena,
                 const struct sg_gross_request *request, struct sg_err *err);

/** A list of fewer is a remark, not a series. */
#define SG_GROSS_LIST_MIN 5

/** The series of a source and vintage, or NULL. */
const struct sg_gross_series *sg_gross_find(const struct sg_gross *gross, const char *source,
                                            const char *vintage);

/** Dollars of amount i of the incident that were not recovered: what there is to launder, before
 * any discount. 0 where more was recovered; the amount's lower end where it is a range. */
uint64_t sg_after_recovery(const struct sg_incident *incident, size_t i);

/** Whether an incident counts: a theft, and not contested unless those are wanted. */
bool sg_gross_counts(const struct sg_incident *incident, bool with_contested);

#endif
