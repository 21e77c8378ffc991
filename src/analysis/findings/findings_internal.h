/* The stages, called in order by findings.c. */
#ifndef SG_ANALYSIS_FINDINGS_INTERNAL_H
#define SG_ANALYSIS_FINDINGS_INTERNAL_H

#include "analysis/findings/findings.h"

struct work {
    struct sg_findings *out;
    struct sg_programme_notes *notes;
    struct sg_arena *arena;
    const struct sg_findings_input *input;
    const struct sg_findings_options *options;
    bool refused_memory; /* a sentence could not be kept */
};

enum sg_status sg_find_money(struct work *w, struct sg_err *err);
enum sg_status sg_find_launches(struct work *w, struct sg_err *err);
void sg_find_claims(struct work *w);
void sg_find_flags(struct work *w);

/* A text in the arena; "" and refused_memory on refusal. */
const char *sg_say(struct work *w, const char *fmt, ...) SG_PRINTF(2, 3);

/* Text that is grown piece by piece and ends in the arena. */
#define SAY_MAX 2000

static inline double musd(uint64_t usd)
{
    return (double)usd / 1e6;
}

/* Number texts for one sentence, so that several can stand in one call. */
struct numbers {
    char text[8][SG_NUMBER_TEXT_MAX];
    size_t n;
};
const char *sg_number(struct numbers *numbers, double value, unsigned decimals);

/* The longest list that covers the period, or NULL: its thefts are those that launches are set
 * against, and stand for how totals are made up. */
const struct sg_gross_series *sg_find_main_list(const struct sg_gross *gross);

/* Launches of a year, or NULL. */
const struct sg_launch_year *sg_find_launch_year(const struct sg_findings *findings, int16_t year);

/* "UN annex 95" for the list un95, else the source with its vintage. */
const char *sg_series_label(struct work *w, const char *source, const char *vintage, bool is_list);

#endif
