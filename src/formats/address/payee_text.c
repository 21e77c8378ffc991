/* Payees as text: base58check, bech32, bech32m, cashaddr. */
#include "formats/address/address.h"

#include "formats/base58/base58.h"
#include "formats/bech32/bech32.h"

#include <string.h>

/* BIP-173's limit. */
#define WITNESS_TEXT_MAX 90
#define HASH             20

static bool is_hash(const struct sg_payee *payee)
{
    return payee->kind == SG_PAYEE_KEY_HASH || payee->kind == SG_PAYEE_SCRIPT_HASH;
}

static enum sg_status write_witness(char text[SG_PAYEE_TEXT_MAX + 1],
                                    const struct sg_network_info *info,
                                    const struct sg_payee *payee)
{
    char whole[SG_BECH32_TEXT_MAX + 1];
    uint8_t words[1 + SG_PAYEE_BYTES_MAX * 8 / 5 + 1];
    if (!info->hrp)
        return SG_ENOTFOUND;
    words[0] = payee->version;
    const size_t n = 1 + sg_bech32_words(words + 1, payee->bytes, payee->size);
    const size_t size =
        sg_bech32_encode(whole, payee->version ? SG_BECH32_M : SG_BECH32_V0, info->hrp, words, n);
    memcpy(text, whole, size + 1);
    return SG_OK;
}

static enum sg_status write_cashaddr(char text[SG_PAYEE_TEXT_MAX + 1], const char *prefix,
                                     const struct sg_payee *payee)
{
    char whole[SG_BECH32_TEXT_MAX + 1];
    const size_t size = sg_cashaddr_encode(whole, prefix, payee->kind == SG_PAYEE_SCRIPT_HASH,
                                           payee->bytes, payee->size);
    if (size == 0)
        return SG_ENOTFOUND;
    memcpy(text, whole, size + 1);
    return SG_OK;
}

static enum sg_status write_base58(char text[SG_PAYEE_TEXT_MAX + 1],
                                   const struct sg_network_info *info, const struct sg_payee *payee)
{
    char whole[SG_BASE58_TEXT_MAX + 1];
    uint8_t bytes[2 + SG_PAYEE_BYTES_MAX];
    if (payee->size != HASH)
        return SG_ENOTFOUND;
    const uint16_t version =
        payee->kind == SG_PAYEE_KEY_HASH ? info->key_version : info->script_version;
    bytes[0] = (uint8_t)(version >> 8);
    bytes[1] = (uint8_t)version;
    memcpy(bytes + 2, payee->bytes, payee->size);
    const size_t skip = 2u - info->version_bytes;
    const size_t size = sg_base58check_encode(whole, SG_BASE58_BITCOIN, bytes + skip,
                                              info->version_bytes + (size_t)payee->size);
    memcpy(text, whole, size + 1);
    return SG_OK;
}

enum sg_status sg_payee_write(char text[SG_PAYEE_TEXT_MAX + 1], enum sg_network network,
                              const struct sg_payee *payee)
{
    const struct sg_network_info *info = sg_network_info(network);
    if (!is_hash(payee))
        return write_witness(text, info, payee);
    if (info->cashaddr)
        return write_cashaddr(text, info->cashaddr, payee);
    return write_base58(text, info, payee);
}

enum sg_status sg_address_from_script(char text[SG_PAYEE_TEXT_MAX + 1], enum sg_network network,
                                      const uint8_t *script, size_t size)
{
    struct sg_payee payee;
    return sg_payee_from_script(&payee, script, size) ? sg_payee_write(text, network, &payee)
                                                      : SG_ENOTFOUND;
}

static void set_hash(struct sg_payee *payee, bool is_script, const uint8_t *bytes, size_t size)
{
    *payee = (struct sg_payee){.kind = is_script ? SG_PAYEE_SCRIPT_HASH : SG_PAYEE_KEY_HASH,
                               .size = (uint8_t)size};
    memcpy(payee->bytes, bytes, size);
}

static enum sg_status read_base58(struct sg_payee *payee, const struct sg_network_info *info,
                                  const char *text, size_t size, struct sg_err *err)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    size_t n;
    const enum sg_base58check check =
        sg_base58check_decode(bytes, &n, SG_BASE58_BITCOIN, text, size);
    if (check == SG_BASE58CHECK_LETTER)
        return sg_err_set(err, SG_EPARSE, "not an address of %s", info->name);
    if (check == SG_BASE58CHECK_CHECKSUM)
        return sg_err_set(err, SG_EPARSE, "the checksum is wrong");
    if (n != info->version_bytes + (size_t)HASH)
        return sg_err_set(err, SG_EPARSE, "%zu bytes where an address has %d", n,
                          info->version_bytes + HASH);
    const unsigned version =
        info->version_bytes == 1 ? bytes[0] : (unsigned)bytes[0] << 8 | bytes[1];
    const bool is_script = version == info->script_version || version == info->old_script_version;
    if (!is_script && version != info->key_version)
        return sg_err_set(err, SG_EPARSE, "its version 0x%02x is not one of %s", version,
                          info->name);
    set_hash(payee, is_script, bytes + info->version_bytes, HASH);
    return SG_OK;
}

static enum sg_status read_program(struct sg_payee *payee, const struct sg_bech32 *parts,
                                   struct sg_err *err)
{
    uint8_t script[SG_PAYEE_SCRIPT_MAX];
    uint8_t bytes[SG_BECH32_TEXT_MAX];
    size_t n;
    if (parts->n_words == 0 || parts->words[0] > 16)
        return sg_err_set(err, SG_EPARSE, "no such version of a witness program");
    const uint8_t version = parts->words[0];
    if (!sg_bech32_bytes(bytes, &n, parts->words + 1, parts->n_words - 1))
        return sg_err_set(err, SG_EPARSE, "its last letter has bits that nothing says");
    if (n < 2 || n > SG_PAYEE_BYTES_MAX)
        return sg_err_set(err, SG_EPARSE, "a witness program of %zu bytes", n);
    if ((version == 0) != (parts->form == SG_BECH32_V0))
        return sg_err_set(err, SG_EPARSE, "version %d with the checksum of %s", version,
                          version ? "bech32 instead of bech32m" : "bech32m instead of bech32");
    script[0] = version ? (uint8_t)(0x50 + version) : 0;
    script[1] = (uint8_t)n;
    memcpy(script + 2, bytes, n);
    if (!sg_payee_from_script(payee, script, n + 2))
        return sg_err_set(err, SG_EPARSE, "a witness program of version 0 with %zu bytes", n);
    return SG_OK;
}

static enum sg_status read_witness(struct sg_payee *payee, const struct sg_network_info *info,
                                   const struct sg_bech32 *parts, size_t size, struct sg_err *err)
{
    if (!info->hrp || strcmp(info->hrp, parts->hrp) != 0)
        return sg_err_set(err, SG_EPARSE, "not an address of %s", info->name);
    if (size > WITNESS_TEXT_MAX)
        return sg_err_set(err, SG_EPARSE, "longer than %d letters", WITNESS_TEXT_MAX);
    if (parts->form == SG_BECH32_NONE)
        return sg_err_set(err, SG_EPARSE, "the checksum is wrong");
    return read_program(payee, parts, err);
}

static enum sg_status read_cashaddr(bool *is_form, struct sg_payee *payee, const char *prefix,
                                    const char *text, size_t size, struct sg_err *err)
{
    uint8_t bytes[SG_CASHADDR_BYTES_MAX];
    unsigned type;
    size_t n;
    const enum sg_cashaddr read = sg_cashaddr_decode(&type, bytes, &n, prefix, text, size);
    *is_form = read != SG_CASHADDR_FORM;
    if (read != SG_CASHADDR_OK)
        return sg_err_set(err, SG_EPARSE, "the checksum is wrong");
    if (type > 3 || (n != HASH && n != 32))
        return sg_err_set(err, SG_EPARSE, "a cashaddr of type %u with %zu bytes", type, n);
    set_hash(payee, type & 1, bytes, n);
    return SG_OK;
}

enum sg_status sg_payee_read(struct sg_payee *payee, enum sg_network network, const char *text,
                             size_t size, struct sg_err *err)
{
    const struct sg_network_info *info = sg_network_info(network);
    struct sg_bech32 parts;
    if (info->cashaddr) {
        bool is_form;
        const enum sg_status st = read_cashaddr(&is_form, payee, info->cashaddr, text, size, err);
        if (is_form)
            return st;
    }
    /* A text of base58 can have the form of bech32; whose word is in front decides. */
    if (info->hrp && sg_bech32_decode(&parts, text, size) && strcmp(parts.hrp, info->hrp) == 0)
        return read_witness(payee, info, &parts, size, err);
    return read_base58(payee, info, text, size, err);
}
