/* Name tags of explorers, as public dumps have them. None of these dumps is a published format; the
 * columns are those of the two that are spread most, and of an explorer's own CSV export. */
#include "formats/labelfile/labelfile_internal.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN_ADDRESS, COLUMN_NAME, COLUMN_LABELS, COLUMN_CHAIN, N_COLUMNS };

static const char *const columns[N_COLUMNS] = {
    [COLUMN_ADDRESS] = " address contractaddress contract account ",
    [COLUMN_NAME] = " nametag name tag addressnametag ",
    [COLUMN_LABELS] = " labels label category ",
    [COLUMN_CHAIN] = " chain chainid network ",
};

/* Words of explorers' labels; a label that contains one has the category. The first that fits. */
static const struct {
    const char *word;
    enum sg_category category;
} words[] = {
    {"ofac", SG_CATEGORY_SANCTIONED},     {"sanction", SG_CATEGORY_SANCTIONED},
    {"heist", SG_CATEGORY_THEFT},         {"exploit", SG_CATEGORY_THEFT},
    {"hack", SG_CATEGORY_SCAM}, /* "phish-hack" is one label */
    {"phish", SG_CATEGORY_SCAM},          {"scam", SG_CATEGORY_SCAM},
    {"ponzi", SG_CATEGORY_SCAM},          {"blocked", SG_CATEGORY_FROZEN},
    {"mixer", SG_CATEGORY_MIXER},         {"mixing", SG_CATEGORY_MIXER},
    {"tornado", SG_CATEGORY_MIXER},       {"dex", SG_CATEGORY_DEX},
    {"uniswap", SG_CATEGORY_DEX},         {"bridge", SG_CATEGORY_BRIDGE},
    {"gambling", SG_CATEGORY_GAMBLING},   {"lending", SG_CATEGORY_LENDING},
    {"exchange", SG_CATEGORY_EXCHANGE},   {"otc", SG_CATEGORY_OTC},
    {"mining", SG_CATEGORY_MINER},        {"miner", SG_CATEGORY_MINER},
    {"payment", SG_CATEGORY_PAYMENT},     {"marketplace", SG_CATEGORY_MARKETPLACE},
    {"donate", SG_CATEGORY_ORGANISATION}, {"charity", SG_CATEGORY_ORGANISATION},
    {"wallet", SG_CATEGORY_WALLET},       {"token", SG_CATEGORY_CONTRACT},
    {"contract", SG_CATEGORY_CONTRACT},
};

static const struct {
    const char *id;
    const char *chain;
} chain_ids[] = {{"1", "ethereum"},     {"10", "optimism"},     {"56", "bsc"},
                 {"137", "polygon"},    {"2020", "ronin"},      {"8453", "base"},
                 {"42161", "arbitrum"}, {"43114", "avalanche"}, {"250", "fantom"},
                 {"100", "gnosis"}};

static enum sg_category category_of(const char *labels)
{
    char text[512];
    size_t n = 0;
    for (; labels && labels[n] && n < sizeof(text) - 1; n++)
        text[n] = labels[n] >= 'A' && labels[n] <= 'Z' ? (char)(labels[n] - 'A' + 'a') : labels[n];
    text[n] = 0;
    for (size_t i = 0; i < SG_COUNT_OF(words); i++)
        if (strstr(text, words[i].word))
            return words[i].category;
    return SG_CATEGORY_OTHER;
}

static const char *chain_of(const char *text, const char *address)
{
    for (size_t i = 0; text && i < SG_COUNT_OF(chain_ids); i++)
        if (strcmp(chain_ids[i].id, text) == 0)
            return chain_ids[i].chain;
    return sg_label_chain(text, address);
}

static enum sg_status take_row(const struct sg_label_sink *sink, const char *const *texts,
                               uint32_t line, struct sg_err *err)
{
    struct sg_label label;
    sg_label_init(&label);
    label.subject = texts[COLUMN_ADDRESS];
    label.chain = label.subject ? chain_of(texts[COLUMN_CHAIN], label.subject) : NULL;
    label.entity = texts[COLUMN_NAME]     ? texts[COLUMN_NAME]
                   : texts[COLUMN_LABELS] ? texts[COLUMN_LABELS]
                                          : "";
    label.category = category_of(texts[COLUMN_LABELS]);
    label.confidence = SG_CONFIDENCE_LOW;
    label.source = "explorer name tags";
    label.note = texts[COLUMN_LABELS];
    return sg_label_give(sink, &label, line, err);
}

const struct sg_labelfile_table sg_labelfile_etherscan_table = {columns, N_COLUMNS, COLUMN_ADDRESS,
                                                                false, take_row};
