/* The vocabulary of categories and confidences. docs/formats/case.md repeats the first table, and a
 * test compares them. */
#include "formats/case/case.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <string.h>

static const struct sg_category_info categories[] = {
    [SG_CATEGORY_EXCHANGE] = {"exchange", "holds customers' money: hot wallets, deposit addresses",
                              true},
    [SG_CATEGORY_MIXER] = {"mixer", "pools money so that what leaves cannot be told from the rest",
                           true},
    [SG_CATEGORY_BRIDGE] = {"bridge", "takes money on one chain and pays out on another", true},
    [SG_CATEGORY_DEX] = {"dex", "swaps assets by contract, holding nobody's account", true},
    [SG_CATEGORY_OTC] = {"otc", "trades for cash or between people, over the counter", true},
    [SG_CATEGORY_GAMBLING] = {"gambling", "a casino, lottery or betting site", true},
    [SG_CATEGORY_LENDING] = {"lending", "pools deposits and lends them", true},
    [SG_CATEGORY_PAYMENT] = {"payment", "processes payments for merchants", true},
    [SG_CATEGORY_MARKETPLACE] = {"marketplace", "sells goods or services for crypto", true},
    [SG_CATEGORY_VICTIM] = {"victim", "the party that was robbed", false},
    [SG_CATEGORY_THEFT] = {"theft", "received stolen money from the victim directly", false},
    [SG_CATEGORY_FUNDER] = {"funder", "paid the thief's first fees", false},
    [SG_CATEGORY_SWAPPER] = {"swapper", "exchanges stolen assets for others on the thief's behalf",
                             false},
    [SG_CATEGORY_INTERMEDIARY] = {"intermediary", "passes stolen money on", false},
    [SG_CATEGORY_DEPOSITOR] = {"depositor", "pays stolen money into a mixer or bridge", false},
    [SG_CATEGORY_WITHDRAWER] = {"withdrawer",
                                "took money out of a mixer, the thief's by somebody's matching",
                                false},
    [SG_CATEGORY_DORMANT] = {"dormant", "holds stolen money that has not moved since a date",
                             false},
    [SG_CATEGORY_SANCTIONED] = {"sanctioned", "on a sanctions list, and nothing nearer is known",
                                false},
    [SG_CATEGORY_RANSOM] = {"ransom", "received ransom payments", false},
    [SG_CATEGORY_PAYROLL] = {"payroll", "received wages", false},
    [SG_CATEGORY_CONTRACT] = {"contract", "a contract that is none of the services above", false},
    [SG_CATEGORY_OTHER] = {"other", "none of these", false},
};

_Static_assert(SG_COUNT_OF(categories) == SG_CATEGORY_COUNT, "every category has its entry");
_Static_assert(SG_CATEGORY_COUNT <= 32, "sg_case.services has a bit for each category");

const struct sg_category_info *sg_category_info(enum sg_category category)
{
    return &categories[category];
}

enum sg_status sg_category_find(enum sg_category *category, const char **nearest, const char *name)
{
    const char *names[SG_CATEGORY_COUNT];
    for (size_t i = 0; i < SG_CATEGORY_COUNT; i++) {
        names[i] = categories[i].name;
        if (strcmp(names[i], name) == 0) {
            *category = (enum sg_category)i;
            return SG_OK;
        }
    }
    *nearest = sg_yaml_nearest(name, names, SG_CATEGORY_COUNT);
    return SG_ENOTFOUND;
}

const char *sg_confidence_name(enum sg_confidence confidence)
{
    switch (confidence) {
    case SG_CONFIDENCE_LOW:
        return "low";
    case SG_CONFIDENCE_MEDIUM:
        return "medium";
    case SG_CONFIDENCE_HIGH:
        return "high";
    }
    return "unknown";
}
