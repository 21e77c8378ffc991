/* The vocabulary of categories and confidences. docs/formats/case.md repeats the first table, and a
 * test compares them. */
#include "formats/label/label.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <string.h>

static const struct sg_category_info categories[] = {
    [SG_CATEGORY_EXCHANGE] = {"exchange", "holds customers' money: hot wallets, deposit addresses",
                              true, false},
    [SG_CATEGORY_MIXER] = {"mixer", "pools money so that what leaves cannot be told from the rest",
                           true, false},
    [SG_CATEGORY_BRIDGE] = {"bridge", "takes money on one chain and pays out on another", true,
                            false},
    [SG_CATEGORY_DEX] = {"dex", "swaps assets by contract, holding nobody's account", true, false},
    [SG_CATEGORY_OTC] = {"otc", "trades for cash or between people, over the counter", true, false},
    [SG_CATEGORY_GAMBLING] = {"gambling", "a casino, lottery or betting site", true, false},
    [SG_CATEGORY_LENDING] = {"lending", "pools deposits and lends them", true, false},
    [SG_CATEGORY_PAYMENT] = {"payment", "processes payments for merchants", true, false},
    [SG_CATEGORY_MARKETPLACE] = {"marketplace", "sells goods or services for crypto", true, false},
    [SG_CATEGORY_VICTIM] = {"victim", "the party that was robbed", false, false},
    [SG_CATEGORY_THEFT] = {"theft", "received stolen money from the victim directly", false, true},
    [SG_CATEGORY_FUNDER] = {"funder", "paid the thief's first fees", false, true},
    [SG_CATEGORY_SWAPPER] = {"swapper", "exchanges stolen assets for others on the thief's behalf",
                             false, true},
    [SG_CATEGORY_INTERMEDIARY] = {"intermediary", "passes stolen money on", false, true},
    [SG_CATEGORY_DEPOSITOR] = {"depositor", "pays stolen money into a mixer or bridge", false,
                               true},
    [SG_CATEGORY_WITHDRAWER] = {"withdrawer",
                                "took money out of a mixer, the thief's by somebody's matching",
                                false, true},
    [SG_CATEGORY_DORMANT] = {"dormant", "holds stolen money that has not moved since a date", false,
                             true},
    [SG_CATEGORY_SANCTIONED] = {"sanctioned", "on a sanctions list, and nothing nearer is known",
                                false, true},
    [SG_CATEGORY_RANSOM] = {"ransom", "received ransom payments", false, true},
    [SG_CATEGORY_PAYROLL] = {"payroll", "received wages", false, false},
    [SG_CATEGORY_CONTRACT] = {"contract", "a contract that is none of the services above", false,
                              false},
    [SG_CATEGORY_OTHER] = {"other", "none of these", false, false},
    [SG_CATEGORY_WALLET] = {"wallet",
                            "keeps customers' keys or money: custodians, hosted wallets, escrow",
                            true, false},
    [SG_CATEGORY_MINER] = {"miner", "a miner or a mining pool", false, false},
    [SG_CATEGORY_SCAM] = {"scam", "received money by fraud: investment schemes, phishing", false,
                          true},
    [SG_CATEGORY_TERRORISM] = {"terrorism", "raises money for violent extremism", false, true},
    [SG_CATEGORY_ABUSE] = {"abuse",
                           "another crime that the label names: child abuse, extortion, malware",
                           false, true},
    [SG_CATEGORY_FROZEN] = {"frozen", "blocked by a token's issuer", false, true},
    [SG_CATEGORY_PERSON] = {"person", "a private user", false, false},
    [SG_CATEGORY_ORGANISATION] = {"organisation",
                                  "a company, charity or authority that is no service", false,
                                  false},
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
