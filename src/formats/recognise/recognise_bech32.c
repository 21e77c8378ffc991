/* Bech32 and bech32m of every network that has them, and cashaddr. */
#include "formats/recognise/recognise_internal.h"

#include "formats/address/address.h"
#include "formats/bech32/bech32.h"

#include <stdio.h>
#include <string.h>

/* What networks other than Bitcoin's kin put behind their word. Bytes 0: any number. */
static const struct {
    const char *hrp, *form, *chain;
    enum sg_bech32_form check;
    uint8_t bytes;
} words[] = {
    {"zs", "sapling", "zcash", SG_BECH32_V0, 43},
    {"ztestsapling", "sapling", "zcash-testnet", SG_BECH32_V0, 43},
    {"u", "unified", "zcash", SG_BECH32_M, 0},
    {"utest", "unified", "zcash-testnet", SG_BECH32_M, 0},
    {"tex", "tex", "zcash", SG_BECH32_M, 20},
    {"addr", "shelley", "cardano", SG_BECH32_V0, 0},
    {"stake", "stake", "cardano", SG_BECH32_V0, 29},
    {"bnb", "bech32", "bnb-beacon", SG_BECH32_V0, 20},
    {"cosmos", "bech32", "cosmos", SG_BECH32_V0, 0},
    {"osmo", "bech32", "osmosis", SG_BECH32_V0, 0},
    {"terra", "bech32", "terra", SG_BECH32_V0, 0},
    {"thor", "bech32", "thorchain", SG_BECH32_V0, 20},
    {"inj", "bech32", "injective", SG_BECH32_V0, 20},
    {"axelar", "bech32", "axelar", SG_BECH32_V0, 0},
    {"kava", "bech32", "kava", SG_BECH32_V0, 0},
    {"certik", "bech32", "shentu", SG_BECH32_V0, 0},
    {"zil", "bech32", "zilliqa", SG_BECH32_V0, 20},
    {"erd", "bech32", "multiversx", SG_BECH32_V0, 32},
    {"oasis", "bech32", "oasis", SG_BECH32_V0, 21},
    {"iota", "bech32", "iota", SG_BECH32_V0, 33},
    {"smr", "bech32", "shimmer", SG_BECH32_V0, 33},
    {"avax", "bech32", "avalanche", SG_BECH32_V0, 20},
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* A checksum of six letters lets one text in 2^30 pass; a short text of an unknown word is one. */
#define UNKNOWN_BYTES_MIN 20

static size_t word_of(const char *hrp)
{
    size_t i = 0;
    while (i < N_WORDS && strcmp(words[i].hrp, hrp) != 0)
        i++;
    return i;
}

static bool network_of(enum sg_network *network, const char *hrp)
{
    for (size_t i = 0; i < SG_NETWORK_COUNT; i++) {
        const char *own = sg_network_info((enum sg_network)i)->hrp;
        if (own && strcmp(own, hrp) == 0) {
            *network = (enum sg_network)i;
            return true;
        }
    }
    return false;
}

static bool read_program(struct sg_recognised *out, enum sg_network network, const char *text,
                         size_t size)
{
    const char *chain = sg_network_info(network)->name;
    char own[SG_PAYEE_TEXT_MAX + 1];
    struct sg_payee payee;
    struct sg_err err;
    if (sg_payee_read(&payee, network, text, size, &err) != SG_OK)
        return sg_recognised_set(out, SG_READING_WRONG, "witness", chain, text, err.text);
    /* Every payee that was read from bech32 is written as bech32. */
    if (sg_payee_write(own, network, &payee) != SG_OK)
        return false;
    sg_recognised_set(out, SG_READING_VALID, sg_payee_kind_name(payee.kind), chain, own, NULL);
    if (network == SG_NETWORK_TESTNET3)
        out->others = "bitcoin-testnet4, bitcoin-signet";
    return true;
}

static void lower(char small[SG_RECOGNISE_MAX + 1], const char *text, size_t size)
{
    for (size_t i = 0; i <= size; i++)
        small[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
}

static bool read_word(struct sg_recognised *out, const struct sg_bech32 *parts, const char *text,
                      size_t size)
{
    const size_t i = word_of(parts->hrp);
    uint8_t bytes[SG_BECH32_TEXT_MAX];
    char small[SG_RECOGNISE_MAX + 1];
    size_t n;
    const bool is_whole = sg_bech32_bytes(bytes, &n, parts->words, parts->n_words);
    lower(small, text, size);
    if (i == N_WORDS) {
        if (parts->form == SG_BECH32_NONE || n < UNKNOWN_BYTES_MIN)
            return false;
        sg_recognised_set(out, SG_READING_VALID, "bech32", NULL, small, NULL);
        out->note = "its word in front is of a network that is not known here";
        return true;
    }
    const char *reason = NULL;
    if (parts->form != words[i].check)
        reason = "the checksum is wrong";
    else if (!is_whole || (words[i].bytes && n != words[i].bytes))
        reason = "not as many bytes as such an address has";
    sg_recognised_set(out, reason ? SG_READING_WRONG : SG_READING_VALID, words[i].form,
                      words[i].chain, small, reason);
    if (!reason && strcmp(words[i].form, "unified") == 0)
        sg_recognise_unified(out, parts->hrp, bytes, n);
    return true;
}

/* The word of a text that is not bech32, if it is one that we know: then it was meant to be. */
static const char *chain_in_front(const char *text, size_t size)
{
    char hrp[16];
    enum sg_network network;
    size_t n = 0;
    while (n < size && n + 1 < sizeof(hrp) && text[n] != '1') {
        hrp[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] - 'A' + 'a') : text[n];
        n++;
    }
    if (n == 0 || n == size || text[n] != '1' || size < n + 21)
        return NULL;
    hrp[n] = 0;
    if (network_of(&network, hrp))
        return sg_network_info(network)->name;
    const size_t i = word_of(hrp);
    return i < N_WORDS ? words[i].chain : NULL;
}

static bool read_damaged(struct sg_recognised *out, const char *text, size_t size)
{
    const struct sg_letters letters = sg_letters_of(text, size);
    const char *chain = chain_in_front(text, size);
    /* "u1" is the begin of too many texts. */
    if (!chain || letters.n_other || text[0] == 'u' || text[0] == 'U')
        return false;
    return sg_recognised_set(out, SG_READING_WRONG, "bech32", chain, text,
                             letters.n_lower && letters.n_upper
                                 ? "mixes large and small letters, which bech32 does not"
                                 : "has a letter that bech32 has not");
}

static bool read_cashaddr(struct sg_recognised *out, const char *text, size_t size)
{
    /* The word is part of the checksum, and people leave it out. */
    static const struct {
        const char *word, *chain;
    } prefixes[] = {{"bitcoincash", "bitcoin-cash"},
                    {"ecash", "ecash"},
                    {"simpleledger", "bitcoin-cash"},
                    {"bchtest", "bitcoin-cash-testnet"}};
    char small[SG_RECOGNISE_MAX + 1];
    bool has_form = false;
    lower(small, text, size);
    if (size < 42 || size > 62 || (small[0] != 'q' && small[0] != 'p'))
        return false;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        uint8_t bytes[SG_CASHADDR_BYTES_MAX];
        unsigned type;
        size_t n;
        const enum sg_cashaddr read =
            sg_cashaddr_decode(&type, bytes, &n, prefixes[i].word, text, size);
        if (read == SG_CASHADDR_OK)
            return sg_recognised_set(out, SG_READING_VALID, type & 1 ? "p2sh" : "p2pkh",
                                     prefixes[i].chain, small, NULL);
        has_form = has_form || read == SG_CASHADDR_CHECKSUM;
    }
    return has_form && size == 42 &&
           sg_recognised_set(out, SG_READING_WRONG, "cashaddr", "bitcoin-cash", text,
                             "the checksum is wrong");
}

bool sg_recognise_bech32(struct sg_recognised *out, const char *text, size_t size)
{
    enum sg_network network;
    struct sg_bech32 parts;
    /* Avalanche puts its chain before the word: X-avax1... */
    if (size > 2 && text[1] == '-' && strchr("XPCxpc", text[0])) {
        text += 2;
        size -= 2;
    }
    if (size < 14)
        return false;
    if (!sg_bech32_decode(&parts, text, size))
        return read_cashaddr(out, text, size) || read_damaged(out, text, size);
    if (network_of(&network, parts.hrp))
        return read_program(out, network, text, size);
    return read_word(out, &parts, text, size) || read_cashaddr(out, text, size);
}
