#include "analysis/verdict/verdict.h"

#include <stddef.h>
#include <string.h>

const char *sg_verdict_name(enum sg_verdict verdict)
{
    switch (verdict) {
    case SG_VERDICT_IDENTIFIED:
        return "IDENTIFIED";
    case SG_VERDICT_BOUNDED:
        return "BOUNDED";
    case SG_VERDICT_COMPATIBLE:
        return "COMPATIBLE BUT NOT TESTABLE";
    case SG_VERDICT_NOT_IDENTIFIED:
        return "NOT IDENTIFIED";
    case SG_VERDICT_ASSOCIATION:
        return "ASSOCIATION";
    case SG_VERDICT_REFUSED:
        return "REFUSED";
    }
    return "";
}

enum sg_verdict sg_verdict_amount(const struct sg_amount_evidence *e)
{
    if (!e->has_denominator)
        return SG_VERDICT_NOT_IDENTIFIED;
    if (!e->uses_judgement && e->high - e->low <= SG_VERDICT_AGREE * e->high)
        return SG_VERDICT_IDENTIFIED;
    if (e->whole_set >= SG_VERDICT_WHOLE)
        return SG_VERDICT_COMPATIBLE;
    return e->corners_exclude ? SG_VERDICT_BOUNDED : SG_VERDICT_NOT_IDENTIFIED;
}

enum sg_verdict sg_verdict_association(const struct sg_association_evidence *e)
{
    return e->corrected_p < SG_VERDICT_LEVEL && e->is_stable && e->power >= SG_VERDICT_POWER
               ? SG_VERDICT_ASSOCIATION
               : SG_VERDICT_NOT_IDENTIFIED;
}

static const struct {
    const char *name;
    const char *whole;
    const char *missing;
    enum sg_denominator denominator;
} ratios[SG_RATIO_COUNT] = {
    [SG_RATIO_R1] = {"R1", "foreign currency spent on foreign components of ballistic missiles",
                     NULL, SG_WHOLE_COMPONENTS},
    [SG_RATIO_R2] = {"R2", "all funds of the missile programme",
                     "nobody has published what the missile programme costs in a year; estimates "
                     "cover launches only",
                     SG_WHOLE_MISSILE_PROGRAMME},
    [SG_RATIO_R3] = {"R3", "all foreign currency income", NULL, SG_WHOLE_FOREIGN_CURRENCY},
    [SG_RATIO_R4] = {"R4", "all funds of the programmes for weapons of mass destruction",
                     "nobody has published what those programmes cost in a year; estimates of "
                     "nuclear spending are a share of a share of an estimated income",
                     SG_WHOLE_WMD},
};

const char *sg_ratio_name(enum sg_ratio ratio)
{
    return ratios[ratio].name;
}

const char *sg_ratio_whole(enum sg_ratio ratio)
{
    return ratios[ratio].whole;
}

const char *sg_ratio_missing(enum sg_ratio ratio)
{
    return ratios[ratio].missing;
}

bool sg_ratio_find(enum sg_ratio *ratio, const char *name)
{
    for (int r = 0; r < SG_RATIO_COUNT; r++)
        if (strcmp(ratios[r].name, name) == 0) {
            *ratio = (enum sg_ratio)r;
            return true;
        }
    return false;
}

/* The second text: why a ratio of something else must not be taken of this. */
static const struct {
    const char *name;
    const char *refusal;
} wholes[SG_DENOMINATOR_COUNT] = {
    [SG_WHOLE_COMPONENTS] = {"components",
                             "imported components are a small part of what the ratio speaks of, so "
                             "the product would be far too small"},
    [SG_WHOLE_MISSILE_PROGRAMME] = {"missile-programme",
                                    "the programme also pays wages, domestic material and fuel in "
                                    "its own currency, which this ratio leaves out"},
    [SG_WHOLE_FOREIGN_CURRENCY] = {"foreign-currency",
                                   "foreign currency also pays for food, fuel and everything else "
                                   "that is imported; how it is allotted is not known"},
    [SG_WHOLE_WMD] = {"wmd",
                      "the programmes for weapons of mass destruction are wider than what this "
                      "ratio speaks of"},
    [SG_WHOLE_DEFENCE_BUDGET] = {"defence-budget",
                                 "the defence budget pays soldiers, food and arms of every kind, "
                                 "mostly in domestic currency; no source says that a half of it "
                                 "comes from theft"},
    [SG_WHOLE_STOLEN] = {"stolen",
                         "the ratio says what part of a cost is paid by theft, not what part of "
                         "the loot goes into that cost: turned round it is another number"},
    [SG_WHOLE_GDP] = {"gdp", "domestic product is not income in foreign currency"},
};

bool sg_denominator_find(enum sg_denominator *denominator, const char *name)
{
    for (int d = 0; d < SG_DENOMINATOR_COUNT; d++)
        if (strcmp(wholes[d].name, name) == 0) {
            *denominator = (enum sg_denominator)d;
            return true;
        }
    return false;
}

const char *sg_denominator_name(enum sg_denominator denominator)
{
    return wholes[denominator].name;
}

const char *sg_ratio_refusal(enum sg_ratio ratio, enum sg_denominator denominator)
{
    return ratios[ratio].denominator == denominator ? NULL : wholes[denominator].refusal;
}
