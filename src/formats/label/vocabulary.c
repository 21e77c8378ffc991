/* The words of other vocabularies, each with ours. docs/formats/labels.md repeats both tables, and
 * a test compares them. */
#include "formats/label/label.h"

#include "base/mem.h"

#include <string.h>

struct concept {
    const char *name;
    enum sg_category category;
};

static const struct concept concepts[] = {
    {"airdrop", SG_CATEGORY_CONTRACT},
    {"atm", SG_CATEGORY_OTC},
    {"black_list", SG_CATEGORY_FROZEN},
    {"bridge", SG_CATEGORY_BRIDGE},
    {"child_sexual_abuse", SG_CATEGORY_ABUSE},
    {"coinjoin", SG_CATEGORY_MIXER},
    {"cold_wallet", SG_CATEGORY_WALLET},
    {"dark_web", SG_CATEGORY_MARKETPLACE},
    {"defi_bridge", SG_CATEGORY_BRIDGE},
    {"defi_dex", SG_CATEGORY_DEX},
    {"defi_lending", SG_CATEGORY_LENDING},
    {"donation", SG_CATEGORY_ORGANISATION},
    {"escrow_wallet", SG_CATEGORY_WALLET},
    {"exchange", SG_CATEGORY_EXCHANGE},
    {"extortion", SG_CATEGORY_ABUSE},
    {"extremism", SG_CATEGORY_TERRORISM},
    {"financial_crime", SG_CATEGORY_SCAM},
    {"gambling", SG_CATEGORY_GAMBLING},
    {"hack", SG_CATEGORY_THEFT},
    {"hosted_wallet", SG_CATEGORY_WALLET},
    {"hot_wallet", SG_CATEGORY_WALLET},
    {"ico_wallet", SG_CATEGORY_ORGANISATION},
    {"investment_fraud", SG_CATEGORY_SCAM},
    {"malware", SG_CATEGORY_ABUSE},
    {"market", SG_CATEGORY_MARKETPLACE},
    {"miner", SG_CATEGORY_MINER},
    {"mining_service", SG_CATEGORY_MINER},
    {"mixing", SG_CATEGORY_MIXER},
    {"mixing_service", SG_CATEGORY_MIXER},
    {"money_laundering", SG_CATEGORY_ABUSE},
    {"organization", SG_CATEGORY_ORGANISATION},
    {"payment_card_fraud", SG_CATEGORY_SCAM},
    {"payment_processor", SG_CATEGORY_PAYMENT},
    {"perpetrator", SG_CATEGORY_ABUSE},
    {"phishing", SG_CATEGORY_SCAM},
    {"ponzi_scheme", SG_CATEGORY_SCAM},
    {"pyramid_scheme", SG_CATEGORY_SCAM},
    {"ransomware", SG_CATEGORY_RANSOM},
    {"sanction", SG_CATEGORY_SANCTIONED},
    {"service_hack", SG_CATEGORY_THEFT},
    {"sextortion", SG_CATEGORY_ABUSE},
    {"sexual_abuse", SG_CATEGORY_ABUSE},
    {"shop", SG_CATEGORY_MARKETPLACE},
    {"smart_contract", SG_CATEGORY_CONTRACT},
    {"swap", SG_CATEGORY_DEX},
    {"terrorism", SG_CATEGORY_TERRORISM},
    {"token", SG_CATEGORY_CONTRACT},
    {"torture", SG_CATEGORY_ABUSE},
    {"user", SG_CATEGORY_PERSON},
    {"victim", SG_CATEGORY_VICTIM},
    {"violence", SG_CATEGORY_ABUSE},
    {"wallet_service", SG_CATEGORY_WALLET},
    {"warm_wallet", SG_CATEGORY_WALLET},
};

bool sg_category_of_concept(enum sg_category *category, const char *concept)
{
    const char *nearest;
    for (size_t i = 0; i < SG_COUNT_OF(concepts); i++) {
        if (strcmp(concepts[i].name, concept) == 0) {
            *category = concepts[i].category;
            return true;
        }
    }
    return sg_category_find(category, &nearest, concept) == SG_OK;
}

static bool read_word(enum sg_category *category, const char *word)
{
    return word && sg_category_of_concept(category, word);
}

enum sg_category sg_category_choose(const char *category, const char *abuse,
                                    const char *const *words, size_t n_words)
{
    enum sg_category crime = SG_CATEGORY_OTHER;
    enum sg_category chosen = SG_CATEGORY_OTHER;
    const bool has_crime = read_word(&crime, abuse);
    bool found = read_word(&chosen, category);
    for (size_t i = 0; !found && i < n_words; i++)
        found = read_word(&chosen, words[i]);
    if (!has_crime || (crime == SG_CATEGORY_SANCTIONED && sg_category_info(chosen)->is_service))
        return chosen;
    return crime;
}

static const struct {
    const char *name;
    enum sg_confidence confidence;
} confidences[] = {
    {"authority_data", SG_CONFIDENCE_HIGH},
    {"forensic", SG_CONFIDENCE_MEDIUM},
    {"heuristic", SG_CONFIDENCE_LOW},
    {"high", SG_CONFIDENCE_HIGH},
    {"ledger_immanent", SG_CONFIDENCE_HIGH},
    {"low", SG_CONFIDENCE_LOW},
    {"manual_transaction", SG_CONFIDENCE_HIGH},
    {"medium", SG_CONFIDENCE_MEDIUM},
    {"override", SG_CONFIDENCE_HIGH},
    {"ownership", SG_CONFIDENCE_HIGH},
    {"service_api", SG_CONFIDENCE_HIGH},
    {"service_data", SG_CONFIDENCE_HIGH},
    {"trusted_provider", SG_CONFIDENCE_MEDIUM},
    {"unknown", SG_CONFIDENCE_LOW},
    {"untrusted_transaction", SG_CONFIDENCE_MEDIUM},
    {"web_crawl", SG_CONFIDENCE_LOW},
};

enum sg_confidence sg_confidence_of_tagpack(const char *name)
{
    for (size_t i = 0; name && i < SG_COUNT_OF(confidences); i++)
        if (strcmp(confidences[i].name, name) == 0)
            return confidences[i].confidence;
    return SG_CONFIDENCE_LOW;
}
