/** Stage 5: the words that a result may carry, by fixed rules, so that nobody chooses them.
 *
 *  For an amount or a share, the first rule that holds decides:
 *    IDENTIFIED                      all vintages and tiers agree within 10 %, and no prior rests
 * on judgement COMPATIBLE BUT NOT TESTABLE     the set of possible values is the whole range in 95
 * % of draws BOUNDED                         the corners exclude a part of the range NOT IDENTIFIED
 * otherwise, and wherever the denominator is not published For the association of launches with
 * thefts: ASSOCIATION                     corrected p < 0.05, and no deletion turns the sign, and
 * the power at rate ratio 2 under this very rule is 80 % or more NOT IDENTIFIED otherwise. Never a
 * cause. A ratio taken of the wrong whole is REFUSED with the reason. Read
 * docs/methods/programme.md, section 5.
 */
#ifndef SG_ANALYSIS_VERDICT_H
#define SG_ANALYSIS_VERDICT_H

#include <stdbool.h>

enum sg_verdict {
    SG_VERDICT_IDENTIFIED,
    SG_VERDICT_BOUNDED,
    SG_VERDICT_COMPATIBLE,
    SG_VERDICT_NOT_IDENTIFIED,
    SG_VERDICT_ASSOCIATION,
    SG_VERDICT_REFUSED
};

/** "COMPATIBLE BUT NOT TESTABLE". Static storage. */
const char *sg_verdict_name(enum sg_verdict verdict);

/** Figures that ought to be the same agree within this part of the largest. */
#define SG_VERDICT_AGREE 0.10

/** Part of draws from which on a set counts as all of its range. */
#define SG_VERDICT_WHOLE 0.95

#define SG_VERDICT_LEVEL 0.05
#define SG_VERDICT_POWER 0.80

/** What an amount or a share rests on. */
struct sg_amount_evidence {
    double low, high;     /**< smallest and largest figure over vintages and tiers; low >= 0 */
    bool uses_judgement;  /**< some prior says JUDGEMENT */
    bool corners_exclude; /**< some value of the range cannot be reached at any corner */
    double whole_set;     /**< part of draws in which every value is possible */
    bool has_denominator; /**< what it is a share of is published, or it is no share */
};

enum sg_verdict sg_verdict_amount(const struct sg_amount_evidence *evidence);

/** What an association rests on. */
struct sg_association_evidence {
    double corrected_p;
    bool is_stable;
    double power; /**< of the full rule, at rate ratio 2 */
};

enum sg_verdict sg_verdict_association(const struct sg_association_evidence *evidence);

/** The four ratios that circulate. None can be turned into another without knowing how money is
 *  allotted. */
enum sg_ratio {
    SG_RATIO_R1, /**< of the foreign currency spent on foreign missile components */
    SG_RATIO_R2, /**< of the missile programme's funds */
    SG_RATIO_R3, /**< of all foreign currency income */
    SG_RATIO_R4  /**< of the funds of all weapons of mass destruction programmes */
};
#define SG_RATIO_COUNT 4

/** "R1". Static storage. */
const char *sg_ratio_name(enum sg_ratio ratio);

/** What the ratio is a share of, for a sentence. Static storage. */
const char *sg_ratio_whole(enum sg_ratio ratio);

/** What is missing to compute it, or NULL for R1 and R3. Static storage. */
const char *sg_ratio_missing(enum sg_ratio ratio);

/** The ratio by its name; false if there is none. */
bool sg_ratio_find(enum sg_ratio *ratio, const char *name);

/** Wholes that people have put under these ratios. */
enum sg_denominator {
    SG_WHOLE_COMPONENTS,
    SG_WHOLE_MISSILE_PROGRAMME,
    SG_WHOLE_FOREIGN_CURRENCY,
    SG_WHOLE_WMD,
    SG_WHOLE_DEFENCE_BUDGET,
    SG_WHOLE_STOLEN,
    SG_WHOLE_GDP
};
#define SG_DENOMINATOR_COUNT 7

/** By the name used on the command line: "components", "missile-programme", "foreign-currency",
 *  "wmd", "defence-budget", "stolen", "gdp". */
bool sg_denominator_find(enum sg_denominator *denominator, const char *name);
const char *sg_denominator_name(enum sg_denominator denominator);

/** Why the ratio must not be taken of that whole: a sentence, or NULL where it may. Static storage.
 */
const char *sg_ratio_refusal(enum sg_ratio ratio, enum sg_denominator denominator);

#endif
