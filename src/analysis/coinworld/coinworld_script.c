/* Scripts of the five standard forms for an address that is a number, and what signs for them: the
 * forms are the protocol's, keys and signatures are random. */
#include "analysis/coinworld/coinworld_internal.h"

#include <string.h>

#define SIGNATURE 71u /* DER with two numbers of 32 bytes, and the hash type */
#define KEY       33u
#define MULTISIG  105u

/* Virtual bytes of an input and of an output, by form. */
static const uint8_t in_bytes[] = {147, 91, 68, 105, 58};
static const uint8_t out_bytes[] = {34, 32, 31, 43, 43};

uint64_t sg_cw_in_bytes(uint8_t form)
{
    return in_bytes[form];
}

uint64_t sg_cw_out_bytes(uint8_t form)
{
    return out_bytes[form];
}

/* Bytes that an address has for ever. */
static void bytes_of(uint8_t *bytes, size_t size, const struct cw_world *world, uint64_t key)
{
    const uint64_t own = sg_chance_mix(world->options->seed ^ UINT64_C(0x632be59bd9b4e019), key);
    for (size_t i = 0; i < size; i += 8) {
        const uint64_t word = sg_chance_mix(own, i);
        memcpy(bytes + i, &word, size - i < 8 ? size - i : 8);
    }
}

static size_t put(uint8_t *bytes, const void *from, size_t size)
{
    memcpy(bytes, from, size);
    return size;
}

size_t sg_cw_script(uint8_t script[CW_SCRIPT_MAX], const struct cw_world *world, uint64_t key,
                    uint8_t form)
{
    switch ((enum cw_form)form) {
    case CW_P2PKH:
        put(script, "\x76\xa9\x14", 3);
        bytes_of(script + 3, 20, world, key);
        put(script + 23, "\x88\xac", 2);
        return 25;
    case CW_P2SH:
        put(script, "\xa9\x14", 2);
        bytes_of(script + 2, 20, world, key);
        script[22] = 0x87;
        return 23;
    case CW_P2WPKH:
        put(script, "\x00\x14", 2);
        bytes_of(script + 2, 20, world, key);
        return 22;
    case CW_P2WSH:
        put(script, "\x00\x20", 2);
        break;
    case CW_P2TR:
        put(script, "\x51\x20", 2);
        break;
    }
    bytes_of(script + 2, 32, world, key);
    return 34;
}

static size_t put_noise(uint8_t *bytes, struct cw_world *world, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        const uint64_t word = sg_rng_next(&world->noise);
        memcpy(bytes + i, &word, size - i < 8 ? size - i : 8);
    }
    return size;
}

/* With its length before it. */
static size_t put_signature(uint8_t *bytes, struct cw_world *world)
{
    size_t n = put(bytes, "\x47\x30\x44\x02\x20", 5);
    n += put_noise(bytes + n, world, 32);
    bytes[n - 32] = (bytes[n - 32] & 0x7f) | 1; /* neither negative nor shorter */
    n += put(bytes + n, "\x02\x20", 2);
    n += put_noise(bytes + n, world, 32);
    bytes[n - 32] = (bytes[n - 32] & 0x7f) | 1;
    bytes[n++] = 1;
    return n;
}

/* One address shows one key. */
static size_t put_key(uint8_t *bytes, const struct cw_world *world, uint64_t key)
{
    bytes[0] = KEY;
    bytes_of(bytes + 2, 32, world, ~key);
    bytes[1] = 2 + (bytes[33] & 1);
    return 1 + KEY;
}

size_t sg_cw_sign_script(uint8_t *bytes, struct cw_world *world, const struct cw_coin *coin)
{
    size_t n = 1;
    if (coin->form == CW_P2PKH) {
        n += put_signature(bytes + n, world);
        n += put_key(bytes + n, world, coin->key);
    } else if (coin->form == CW_P2SH) {
        n += put(bytes + n, "\x16\x00\x14", 3);
        bytes_of(bytes + n, 20, world, ~coin->key);
        n += 20;
    }
    bytes[0] = (uint8_t)(n - 1);
    return n;
}

/* Two of three keys. */
static size_t put_multisig(uint8_t *bytes, const struct cw_world *world, uint64_t key)
{
    size_t n = put(bytes, "\x69\x52", 2);
    for (uint64_t i = 0; i < 3; i++)
        n += put_key(bytes + n, world, key ^ (i + 1) << 60);
    return n + put(bytes + n, "\x53\xae", 2);
}

size_t sg_cw_sign_witness(uint8_t *bytes, struct cw_world *world, const struct cw_coin *coin)
{
    size_t n = 1;
    switch ((enum cw_form)coin->form) {
    case CW_P2PKH:
        bytes[0] = 0;
        return 1;
    case CW_P2SH:
    case CW_P2WPKH:
        bytes[0] = 2;
        n += put_signature(bytes + n, world);
        return n + put_key(bytes + n, world, coin->key);
    case CW_P2WSH:
        bytes[0] = 4;
        bytes[n++] = 0;
        n += put_signature(bytes + n, world);
        n += put_signature(bytes + n, world);
        return n + put_multisig(bytes + n, world, coin->key);
    case CW_P2TR:
        bytes[0] = 1;
        bytes[n++] = 64;
        return n + put_noise(bytes + n, world, 64);
    }
    return 0;
}
