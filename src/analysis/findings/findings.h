/** The whole of `sillage programme`: all stages over one set of tables, and the claims that
 *  circulate, each with its verdict and the sentence that may honestly be written.
 *
 *  Knows no file and prints nothing; the writers of text, JSON and HTML show what is here. The
 *  method, stage by stage: docs/methods/programme.md.
 */
#ifndef SG_ANALYSIS_FINDINGS_H
#define SG_ANALYSIS_FINDINGS_H

#include "analysis/association/association.h"
#include "analysis/gross/gross.h"
#include "analysis/money/money.h"
#include "analysis/verdict/verdict.h"

/** A theft whose trace replaces the prior. */
struct sg_traced_theft {
    const char *incident; /**< its id */
    struct sg_traced traced;
};

struct sg_findings_input {
    const struct sg_incidents *incidents;
    const struct sg_totals *totals;
    const struct sg_launches *launches;
    const struct sg_facts *facts;
    const struct sg_assumptions *assumptions;
    const struct sg_traced_theft *traced;
    size_t n_traced;
};

struct sg_findings_options {
    struct sg_money_options money;
    enum sg_ratio ratio; /**< which of the four is meant */
    bool with_contested;
    size_t n_permutations;
    size_t n_power_runs;
};

/** Net cash by one vintage. Million USD. */
struct sg_net_finding {
    const char *source, *vintage;
    int16_t from, to; /**< a single published figure may cover other years than the period */
    bool has_detail;
    bool has_traced; /**< traces replaced the prior for their thefts */
    double gross_musd;
    struct sg_bounds corners; /**< price factor at 1 */
    struct sg_quantiles net;
    struct sg_quantiles net_with_errors; /**< the same with measured amount errors on */
};

/** Launches of one year. */
struct sg_launch_year {
    int16_t year;
    size_t n[3]; /**< by enum sg_launch_outcome */
    size_t all;
};

/** r between annual thefts of a vintage and launches. */
struct sg_annual_finding {
    const char *source, *vintage;
    struct sg_annual annual;
    size_t n_years;
};

/** A product of a count and a cost or a wage, as a range. */
struct sg_product {
    double low, high;
};

/** Effect sizes at which power is shown; the first is no effect. */
#define SG_POWER_COUNT 4
extern const double sg_power_ratios[SG_POWER_COUNT];

#define SG_CLAIMS_MAX 16

struct sg_claim {
    const char *id;    /**< "three-billion"; static */
    const char *claim; /**< as it circulates */
    enum sg_verdict verdict;
    const char *sentence;          /**< that may be written */
    const char *why;               /**< the rule and the numbers that decided */
    bool rests_on[SG_PRIOR_COUNT]; /**< priors of judgement that the answer rests on */
};

/** Two published figures that cannot both hold, or a text that miscounts its own table. */
struct sg_flag {
    const char *id;
    const char *text;
};
#define SG_FLAGS_MAX 16

struct sg_findings {
    struct sg_gross gross;
    struct sg_net_finding *net;
    size_t n_net;
    struct sg_amount_errors errors;
    struct sg_share share;
    struct sg_launch_year *launch_years;
    size_t n_launch_years;
    bool has_association;
    const char *association_list; /**< whose thefts; NULL without */
    struct sg_association association;
    const struct sg_theft *thefts; /**< what its deletions point at */
    struct sg_power power[SG_POWER_COUNT];
    struct sg_annual_finding *annual;
    size_t n_annual;
    struct sg_product launches_cost; /**< launches of the year at unit costs, million USD */
    struct sg_product stated_cost;   /**< the stated counts at the same unit costs */
    struct sg_product wages;         /**< heads x pay, million USD a year */
    struct sg_claim claims[SG_CLAIMS_MAX];
    size_t n_claims;
    struct sg_flag flags[SG_FLAGS_MAX];
    size_t n_flags;
};

/** Run every stage.
 *
 *  Out:    findings   in `arena` but for one array: sg_findings_clear before the arena goes.
 *  In/Out: notes      what the stages noticed is added.
 *  In:     input      borrowed as long as findings; a table that lacks the fact a claim speaks of
 *                     leaves that claim out.
 *  Errors: SG_EUSAGE (a traced theft that the table of incidents does not have), SG_ELIMIT,
 *          SG_ENOMEM. */
SG_MUST_CHECK enum sg_status
sg_findings_compute(struct sg_findings *findings, struct sg_programme_notes *notes,
                    struct sg_arena *arena, const struct sg_findings_input *input,
                    const struct sg_findings_options *options, struct sg_err *err);
void sg_findings_clear(struct sg_findings *findings);

/** A fact by its id, or NULL. */
const struct sg_fact *sg_fact_find(const struct sg_facts *facts, const char *id);

/** A claim by its id, or NULL. */
const struct sg_claim *sg_claim_find(const struct sg_findings *findings, const char *id);

#define SG_NUMBER_TEXT_MAX 48
/** "3,171.8": thousands in groups, that many decimals; returns `text`. */
char *sg_number_format(char text[SG_NUMBER_TEXT_MAX], double value, unsigned decimals);

#endif
