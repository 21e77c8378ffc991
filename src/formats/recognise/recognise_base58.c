/* Base58, with a checksum of SHA-256 (Bitcoin and its kin, Tron, XRP, Tezos), of BLAKE2b
 * (Polkadot), or without (Solana). */
#include "formats/recognise/recognise_internal.h"

#include "base/blake2b.h"
#include "base/ed25519.h"
#include "formats/address/address.h"
#include "formats/base58/base58.h"

#include <stdio.h>
#include <string.h>

#define HASH       20
#define LETTER_MIN 25 /* of an address of 21 bytes with their checksum: many zeros */
#define LETTER_MAX 36

/* Versions before a hash. The first network is the one whose address it most likely is. */
static const struct {
    uint8_t n, prefix[3], size; /* size: with the prefix */
    const char *form, *chain, *others;
} versions[] = {
    {1, {0x00}, 21, "p2pkh", "bitcoin", "bitcoin-cash, bitcoin-sv"},
    {1, {0x05}, 21, "p2sh", "bitcoin", "bitcoin-cash, litecoin's old form"},
    {1, {0x6f}, 21, "p2pkh", "bitcoin-testnet3", "every other test network, litecoin's"},
    {1, {0xc4}, 21, "p2sh", "bitcoin-testnet3", "every other test network, litecoin's"},
    {1, {0x30}, 21, "p2pkh", "litecoin", NULL},
    {1, {0x32}, 21, "p2sh", "litecoin", NULL},
    {1, {0x3a}, 21, "p2sh", "litecoin-testnet", "qtum"},
    {1, {0x4c}, 21, "p2pkh", "dash", NULL},
    {1, {0x10}, 21, "p2sh", "dash", NULL},
    {1, {0x1e}, 21, "p2pkh", "dogecoin", "verge, digibyte"},
    {1, {0x16}, 21, "p2sh", "dogecoin", NULL},
    {1, {0x21}, 21, "p2sh", "verge", NULL},
    {1, {0x26}, 21, "p2pkh", "bitcoin-gold", NULL},
    {1, {0x17}, 21, "p2sh", "bitcoin-gold", "neo"},
    {1, {0x35}, 21, "neo", "neo", NULL},
    {1, {0x3f}, 21, "p2sh", "digibyte", NULL},
    {1, {0x47}, 21, "p2pkh", "vertcoin", NULL},
    {1, {0x41}, 21, "tron", "tron", NULL},
    {2, {0x1c, 0xb8}, 22, "p2pkh", "zcash", NULL},
    {2, {0x1c, 0xbd}, 22, "p2sh", "zcash", NULL},
    {2, {0x1d, 0x25}, 22, "p2pkh", "zcash-testnet", NULL},
    {2, {0x1c, 0xba}, 22, "p2sh", "zcash-testnet", NULL},
    {2, {0x16, 0x9a}, 66, "sprout", "zcash", NULL},
    {3, {0x06, 0xa1, 0x9f}, 23, "tezos", "tezos", NULL},
    {3, {0x06, 0xa1, 0xa1}, 23, "tezos", "tezos", NULL},
    {3, {0x06, 0xa1, 0xa4}, 23, "tezos", "tezos", NULL},
    {3, {0x02, 0x5a, 0x79}, 23, "tezos-contract", "tezos", NULL},
};

bool sg_recognise_version(const char **form, const char **chain, const char **others,
                          const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        if (size == versions[i].size && memcmp(bytes, versions[i].prefix, versions[i].n) == 0) {
            *form = versions[i].form;
            *chain = versions[i].chain;
            *others = versions[i].others;
            return true;
        }
    return false;
}

static bool read_xrp(struct sg_recognised *out, const char *text, size_t size)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    size_t n;
    const enum sg_base58check check = sg_base58check_decode(bytes, &n, SG_BASE58_XRP, text, size);
    const bool is_long = n == 31 && bytes[0] == 0x05 && bytes[1] == 0x44;
    if (check == SG_BASE58CHECK_LETTER || (!is_long && (n != 21 || bytes[0] != 0)))
        return false;
    const bool is_sound = check == SG_BASE58CHECK_OK;
    sg_recognised_set(out, is_sound ? SG_READING_VALID : SG_READING_WRONG,
                      is_long ? "xrp-x" : "xrp", "xrp", text,
                      is_sound ? NULL : "the checksum is wrong");
    if (is_long) {
        uint8_t account[21] = {0};
        char inner[SG_BASE58_TEXT_MAX + 1];
        memcpy(account + 1, bytes + 2, 20);
        sg_base58check_encode(inner, SG_BASE58_XRP, account, sizeof(account));
        memcpy(out->inner, inner, strlen(inner) + 1);
        out->note = "an account with the tag of a customer";
    }
    return true;
}

/* Two bytes of BLAKE2b-512 over a word and the bytes. */
static bool read_polkadot(struct sg_recognised *out, const char *text, const uint8_t *bytes,
                          size_t size)
{
    uint8_t salted[7 + 64] = "SS58PRE";
    uint8_t digest64[64];
    const size_t prefix = bytes[0] < 64 ? 1 : 2;
    if (size != prefix + 32 + 2)
        return false;
    memcpy(salted + 7, bytes, size - 2);
    sg_blake2b_of(digest64, sizeof(digest64), NULL, salted, 7 + size - 2);
    if (memcmp(digest64, bytes + size - 2, 2) != 0)
        return false;
    const char *chain = bytes[0] == 0 ? "polkadot" : bytes[0] == 2 ? "kusama" : NULL;
    sg_recognised_set(out, SG_READING_VALID, "ss58", chain, text, NULL);
    out->note = "a checksum of two bytes only";
    return true;
}

static bool is_shaped(const char *text, size_t size)
{
    return size >= LETTER_MIN && size <= LETTER_MAX && strchr("13TLMDXGAtmn2", text[0]) &&
           sg_letters_of(text, size).n_other == 0;
}

/* The form, but for letters that base58 has not: somebody typed it from paper. */
static bool read_wrong_letter(struct sg_recognised *out, const char *text, size_t size)
{
    static const char missing[] = "0OIl";
    char reason[64];
    size_t n_wrong = 0;
    char wrong = 0;
    for (size_t i = 0; i < size; i++)
        if (strchr(missing, text[i])) {
            wrong = text[i];
            n_wrong++;
        }
    const struct sg_letters letters = sg_letters_of(text, size);
    if (!is_shaped(text, size) || n_wrong == 0 || n_wrong > 2 || !letters.n_lower ||
        !letters.n_upper || !letters.n_digits)
        return false;
    snprintf(reason, sizeof(reason), "has the letter '%c', which base58 has not", wrong);
    return sg_recognised_set(out, SG_READING_WRONG, "base58", NULL, text, reason);
}

static bool read_wrong(struct sg_recognised *out, const char *text, size_t size,
                       const uint8_t *bytes, size_t n)
{
    const char *form, *chain, *others;
    const struct sg_letters letters = sg_letters_of(text, size);
    if (!letters.n_digits || !letters.n_lower || !letters.n_upper)
        return false;
    if (sg_recognise_version(&form, &chain, &others, bytes, n))
        return sg_recognised_set(out, SG_READING_WRONG, form, chain, text, "the checksum is wrong");
    if (!is_shaped(text, size) || n < 19 || n > 23)
        return false;
    return sg_recognised_set(out, SG_READING_WRONG, "base58", NULL, text,
                             "the checksum is wrong, a letter is missing or too many");
}

bool sg_recognise_base58(struct sg_recognised *out, const char *text, size_t size)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    const char *form, *chain, *others;
    size_t n;
    if (size < LETTER_MIN || size > 100)
        return false;
    if ((text[0] == 'r' && size <= LETTER_MAX) || (text[0] == 'X' && size == 47))
        return read_xrp(out, text, size);
    if (!sg_base58_decode(bytes, &n, SG_BASE58_BITCOIN, text, size))
        return read_wrong_letter(out, text, size);
    if (n == 35 || n == 36)
        return read_polkadot(out, text, bytes, n);
    if (n < SG_BASE58_CHECK + 15 || n == 32)
        return false;
    if (!sg_base58check_is_sound(bytes, n))
        return read_wrong(out, text, size, bytes, n - SG_BASE58_CHECK);
    if (!sg_recognise_version(&form, &chain, &others, bytes, n - SG_BASE58_CHECK)) {
        sg_recognised_set(out, SG_READING_VALID, "base58check", NULL, text, NULL);
        out->note = "its version is of a network that is not known here";
        return true;
    }
    sg_recognised_set(out, SG_READING_VALID, form, chain, text, NULL);
    out->others = others;
    return true;
}

static bool read_solana(uint8_t bytes32[32], const char *text, size_t size)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    size_t n;
    if (size < 32 || size > 44 || !sg_base58_decode(bytes, &n, SG_BASE58_BITCOIN, text, size) ||
        n != 32)
        return false;
    memcpy(bytes32, bytes, 32);
    return true;
}

bool sg_recognise_solana(struct sg_recognised *out, const char *text, size_t size)
{
    uint8_t bytes32[32];
    if (!read_solana(bytes32, text, size))
        return false;
    sg_recognised_set(out, SG_READING_UNCHECKED, "solana", "solana", text, NULL);
    out->note = "32 bytes without a checksum: a wrong letter is not seen";
    return true;
}

const char *sg_solana_note(const char *text, size_t size)
{
    uint8_t bytes32[32];
    if (!read_solana(bytes32, text, size))
        return NULL;
    return sg_ed25519_is_point(bytes32)
               ? "without a checksum; a point of the curve, so a wallet can hold its key"
               : "without a checksum; no point of the curve: a program derived it, or a letter is "
                 "wrong";
}
