/* Locking scripts that have an address. */
#include "formats/address/address.h"

#include <assert.h>
#include <string.h>

#define OP_0           0x00
#define OP_1           0x51
#define OP_16          0x60
#define OP_DUP         0x76
#define OP_EQUAL       0x87
#define OP_EQUALVERIFY 0x88
#define OP_HASH160     0xa9
#define OP_HASH256     0xaa
#define OP_CHECKSIG    0xac
#define HASH           20
#define LONG_HASH      32

const char *sg_payee_kind_name(enum sg_payee_kind kind)
{
    switch (kind) {
    case SG_PAYEE_KEY_HASH:
        return "p2pkh";
    case SG_PAYEE_SCRIPT_HASH:
        return "p2sh";
    case SG_PAYEE_WITNESS_KEY:
        return "p2wpkh";
    case SG_PAYEE_WITNESS_SCRIPT:
        return "p2wsh";
    case SG_PAYEE_TAPROOT:
        return "p2tr";
    case SG_PAYEE_ANCHOR:
        return "p2a";
    case SG_PAYEE_WITNESS:
        return "witness";
    }
    return "";
}

static bool is_key_hash(const uint8_t *script, size_t size)
{
    return size == HASH + 5 && script[0] == OP_DUP && script[1] == OP_HASH160 &&
           script[2] == HASH && script[HASH + 3] == OP_EQUALVERIFY &&
           script[HASH + 4] == OP_CHECKSIG;
}

static bool is_script_hash(const uint8_t *script, size_t size)
{
    return size == HASH + 3 && script[0] == OP_HASH160 && script[1] == HASH &&
           script[HASH + 2] == OP_EQUAL;
}

/* Bitcoin Cash since 2023. Elsewhere the same script is one without an address. */
static bool is_long_script_hash(const uint8_t *script, size_t size)
{
    return size == LONG_HASH + 3 && script[0] == OP_HASH256 && script[1] == LONG_HASH &&
           script[LONG_HASH + 2] == OP_EQUAL;
}

/* BIP-141: a version and one push of 2 to 40 bytes, nothing else. */
static bool is_witness(const uint8_t *script, size_t size)
{
    return size >= 4 && size <= 42 && script[1] == size - 2 &&
           (script[0] == OP_0 || (script[0] >= OP_1 && script[0] <= OP_16));
}

static void set(struct sg_payee *payee, enum sg_payee_kind kind, const uint8_t *bytes, size_t size)
{
    *payee = (struct sg_payee){.kind = kind, .size = (uint8_t)size};
    memcpy(payee->bytes, bytes, size);
}

static enum sg_payee_kind witness_kind(unsigned version, const uint8_t *program, size_t size)
{
    if (version == 0 && size == HASH)
        return SG_PAYEE_WITNESS_KEY;
    if (version == 0 && size == LONG_HASH)
        return SG_PAYEE_WITNESS_SCRIPT;
    if (version == 1 && size == LONG_HASH)
        return SG_PAYEE_TAPROOT;
    if (version == 1 && size == 2 && program[0] == 0x4e && program[1] == 0x73)
        return SG_PAYEE_ANCHOR;
    return SG_PAYEE_WITNESS;
}

bool sg_payee_from_script(struct sg_payee *payee, const uint8_t *script, size_t size)
{
    if (is_key_hash(script, size)) {
        set(payee, SG_PAYEE_KEY_HASH, script + 3, HASH);
        return true;
    }
    if (is_script_hash(script, size)) {
        set(payee, SG_PAYEE_SCRIPT_HASH, script + 2, HASH);
        return true;
    }
    if (is_long_script_hash(script, size)) {
        set(payee, SG_PAYEE_SCRIPT_HASH, script + 2, LONG_HASH);
        return true;
    }
    if (!is_witness(script, size))
        return false;
    const unsigned version = script[0] == OP_0 ? 0 : script[0] - OP_1 + 1u;
    const enum sg_payee_kind kind = witness_kind(version, script + 2, size - 2);
    /* Version 0 with another size can never be spent, and has no address. */
    if (version == 0 && kind == SG_PAYEE_WITNESS)
        return false;
    set(payee, kind, script + 2, size - 2);
    payee->version = (uint8_t)version;
    return true;
}

static size_t wrap(uint8_t *script, const struct sg_payee *payee, const uint8_t *before,
                   size_t n_before, const uint8_t *after, size_t n_after)
{
    memcpy(script, before, n_before);
    script[n_before] = payee->size;
    memcpy(script + n_before + 1, payee->bytes, payee->size);
    memcpy(script + n_before + 1 + payee->size, after, n_after);
    return n_before + 1 + payee->size + n_after;
}

size_t sg_payee_to_script(uint8_t script[SG_PAYEE_SCRIPT_MAX], const struct sg_payee *payee)
{
    static const uint8_t key_before[] = {OP_DUP, OP_HASH160};
    static const uint8_t key_after[] = {OP_EQUALVERIFY, OP_CHECKSIG};
    static const uint8_t script_after[] = {OP_EQUAL};
    const uint8_t hash = payee->size == LONG_HASH ? OP_HASH256 : OP_HASH160;
    const uint8_t version = payee->version ? (uint8_t)(OP_1 + payee->version - 1) : OP_0;
    assert(payee->size <= SG_PAYEE_BYTES_MAX);
    switch (payee->kind) {
    case SG_PAYEE_KEY_HASH:
        return wrap(script, payee, key_before, sizeof(key_before), key_after, sizeof(key_after));
    case SG_PAYEE_SCRIPT_HASH:
        return wrap(script, payee, &hash, 1, script_after, sizeof(script_after));
    case SG_PAYEE_WITNESS_KEY:
    case SG_PAYEE_WITNESS_SCRIPT:
    case SG_PAYEE_TAPROOT:
    case SG_PAYEE_ANCHOR:
    case SG_PAYEE_WITNESS:
        return wrap(script, payee, &version, 1, script_after, 0);
    }
    return 0;
}
