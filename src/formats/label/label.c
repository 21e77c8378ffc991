/* One label: its blank form, its limits, and the form under which its subject is looked up. */
#include "formats/label/label.h"

#include <string.h>

void sg_label_init(struct sg_label *label)
{
    memset(label, 0, sizeof(*label));
    label->category = SG_CATEGORY_OTHER;
    label->entity = "";
    label->source_date_unix_s = SG_TIME_UNKNOWN;
    label->first_seen_unix_s = SG_TIME_UNKNOWN;
    label->last_seen_unix_s = SG_TIME_UNKNOWN;
    label->listed_unix_s = SG_TIME_UNKNOWN;
    label->delisted_unix_s = SG_TIME_UNKNOWN;
}

static enum sg_status check_subject(const char *subject, struct sg_err *err)
{
    if (!subject || subject[strspn(subject, " \t\r\n")] == 0)
        return sg_err_set(err, SG_EPARSE, "a label names no address and no transaction");
    if (strnlen(subject, SG_LABEL_SUBJECT_MAX + 1) > SG_LABEL_SUBJECT_MAX)
        return sg_err_set(err, SG_ELIMIT, "an address of more than %d bytes", SG_LABEL_SUBJECT_MAX);
    return SG_OK;
}

enum sg_status sg_label_check(const struct sg_label *label, struct sg_err *err)
{
    const char *const texts[] = {label->chain, label->currency,  label->entity, label->actor,
                                 label->abuse, label->programme, label->source, label->note};
    const enum sg_status st = check_subject(label->subject, err);
    if (st != SG_OK)
        return st;
    if (label->n_aliases > SG_LABEL_ALIASES_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %d aliases of '%.64s'", SG_LABEL_ALIASES_MAX,
                          label->entity);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) + label->n_aliases; i++) {
        const size_t n_texts = sizeof(texts) / sizeof(texts[0]);
        const char *text = i < n_texts ? texts[i] : label->aliases[i - n_texts];
        if (text && strnlen(text, SG_LABEL_TEXT_MAX + 1) > SG_LABEL_TEXT_MAX)
            return sg_err_set(err, SG_ELIMIT, "a text of the label of %.64s has more than %d bytes",
                              label->subject, SG_LABEL_TEXT_MAX);
    }
    return SG_OK;
}

enum sg_status sg_label_give(const struct sg_label_sink *sink, const struct sg_label *label,
                             uint32_t line, struct sg_err *err)
{
    struct sg_err why;
    if (sg_label_check(label, &why) == SG_OK)
        return sink->label(sink->ctx, label, err);
    why.line = line;
    return sink->bad(sink->ctx, &why, err);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins(const char *text, size_t size, const char *prefix)
{
    size_t i = 0;
    while (prefix[i] && i < size && lower(text[i]) == prefix[i])
        i++;
    return !prefix[i];
}

static bool is_hex(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char c = lower(text[i]);
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return false;
    }
    return size > 0;
}

/* Letters and digits only, and all letters of one case: what bech32 and cashaddr demand. */
static bool is_one_case(const char *text, size_t size)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < size; i++) {
        has_upper = has_upper || (text[i] >= 'A' && text[i] <= 'Z');
        has_lower = has_lower || (text[i] >= 'a' && text[i] <= 'z');
    }
    return !has_upper || !has_lower;
}

/* Human-readable parts of the bech32 addresses that public labels have. */
static const char *const bech32_parts[] = {"bc1",   "tb1",  "bcrt1",   "ltc1",   "addr1",  "bnb1",
                                           "zs1",   "u1",   "cosmos1", "terra1", "thor1",  "vtc1",
                                           "tltc1", "grs1", "osmo1",   "inj1",   "axelar1"};

static bool folds(const char *text, size_t size)
{
    if (size > 2 && begins(text, size, "0x"))
        return is_hex(text + 2, size - 2);
    if (!is_one_case(text, size))
        return false;
    for (size_t i = 0; i < sizeof(bech32_parts) / sizeof(bech32_parts[0]); i++)
        if (size > 20 && begins(text, size, bech32_parts[i]))
            return true;
    /* A hash without 0x: nothing else is 64 hexadecimal digits. */
    return size == 64 && is_hex(text, size);
}

static bool is_cashaddr(const char *text, size_t size)
{
    return size == 42 && is_one_case(text, size) &&
           (lower(text[0]) == 'q' || lower(text[0]) == 'p');
}

char *sg_label_key(char key[SG_LABEL_SUBJECT_MAX + 1], const char *text, size_t size)
{
    static const char *const prefixes[] = {"bitcoincash:", "bitcoin:", "litecoin:", "ethereum:"};
    while (size > 0 && (unsigned char)text[0] <= ' ') {
        text++;
        size--;
    }
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] <= ' ')
            size = i;
    const bool has_colon = memchr(text, ':', size < 16 ? size : 16) != NULL;
    for (size_t i = 0; has_colon && i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        const size_t prefix = strlen(prefixes[i]);
        if (size > prefix && begins(text, size, prefixes[i])) {
            text += prefix;
            size -= prefix;
            break;
        }
    }
    const bool fold = folds(text, size) || is_cashaddr(text, size);
    for (size_t i = 0; i < size; i++)
        key[i] = fold ? lower(text[i]) : text[i];
    key[size] = 0;
    return key;
}

static const struct {
    const char *currency; /* lower case */
    const char *chain;
} currencies[] = {
    {"ada", "cardano"},       {"algo", "algorand"},     {"arb", "arbitrum"},
    {"atom", "cosmos"},       {"avax", "avalanche"},    {"bch", "bitcoin-cash"},
    {"bep2", "bnb-beacon"},   {"bep20", "bsc"},         {"bnb", "bsc"},
    {"bsc", "bsc"},           {"bsv", "bitcoin-sv"},    {"btc", "bitcoin"},
    {"btg", "bitcoin-gold"},  {"dash", "dash"},         {"doge", "dogecoin"},
    {"dot", "polkadot"},      {"eos", "eos"},           {"etc", "ethereum-classic"},
    {"eth", "ethereum"},      {"fil", "filecoin"},      {"ksm", "kusama"},
    {"ltc", "litecoin"},      {"matic", "polygon"},     {"near", "near"},
    {"neo", "neo"},           {"omni", "bitcoin"},      {"op", "optimism"},
    {"pol", "polygon"},       {"ripple", "xrp"},        {"ron", "ronin"},
    {"sol", "solana"},        {"ton", "ton"},           {"trx", "tron"},
    {"usdc", NULL},           {"usdt", NULL},           {"vet", "vechain"},
    {"xbt", "bitcoin"},       {"xlm", "stellar"},       {"xmr", "monero"},
    {"xrp", "xrp"},           {"xtz", "tezos"},         {"xvg", "verge"},
    {"zec", "zcash"},         {"arbitrum", "arbitrum"}, {"avalanche", "avalanche"},
    {"base", "base"},         {"bitcoin", "bitcoin"},   {"cardano", "cardano"},
    {"dogecoin", "dogecoin"}, {"ethereum", "ethereum"}, {"litecoin", "litecoin"},
    {"monero", "monero"},     {"optimism", "optimism"}, {"polygon", "polygon"},
    {"ronin", "ronin"},       {"solana", "solana"},     {"tron", "tron"},
    {"zcash", "zcash"},
};

static const char *chain_of_form(const char *subject)
{
    const size_t size = strlen(subject);
    if (size == 42 && begins(subject, size, "0x") && is_hex(subject + 2, 40))
        return "ethereum";
    if (size == 34 && subject[0] == 'T')
        return "tron";
    if (begins(subject, size, "bc1") ||
        (size >= 26 && size <= 35 && (subject[0] == '1' || subject[0] == '3')))
        return "bitcoin";
    if (begins(subject, size, "ltc1"))
        return "litecoin";
    if (size >= 43 && size <= 44)
        return "solana";
    return NULL;
}

const char *sg_label_chain(const char *currency, const char *subject)
{
    char word[24];
    if (!currency)
        return chain_of_form(subject);
    const size_t size = strlen(currency);
    for (size_t i = 0; i <= size && size < sizeof(word); i++)
        word[i] = lower(currency[i]);
    for (size_t i = 0; size < sizeof(word) && i < sizeof(currencies) / sizeof(currencies[0]); i++)
        if (strcmp(currencies[i].currency, word) == 0 && currencies[i].chain)
            return currencies[i].chain;
    return chain_of_form(subject);
}
