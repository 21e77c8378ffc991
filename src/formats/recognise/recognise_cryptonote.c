/* Monero: a network byte, two public keys, perhaps a payment id, four bytes of Keccak-256. */
#include "formats/recognise/recognise_internal.h"

#include "base/keccak.h"
#include "formats/base58/base58.h"

#include <string.h>

#define KEYS       64
#define PAYMENT_ID 8
#define CHECK      4

static const struct {
    uint8_t network;
    const char *form, *chain;
} networks[] = {
    {18, "standard", "monero"},
    {19, "integrated", "monero"},
    {42, "subaddress", "monero"},
    {24, "standard", "monero-stagenet"},
    {25, "integrated", "monero-stagenet"},
    {36, "subaddress", "monero-stagenet"},
    {53, "standard", "monero-testnet"},
    {54, "integrated", "monero-testnet"},
    {63, "subaddress", "monero-testnet"},
};

bool sg_recognise_cryptonote(struct sg_recognised *out, const char *text, size_t size)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    uint8_t digest32[SG_KECCAK256_SIZE];
    size_t n, i = 0;
    if (size < 90 || size > 110 || !sg_base58_blocks_decode(bytes, &n, text, size))
        return false;
    while (i < sizeof(networks) / sizeof(networks[0]) && networks[i].network != bytes[0])
        i++;
    if (i == sizeof(networks) / sizeof(networks[0]))
        return false;
    const bool has_id = strcmp(networks[i].form, "integrated") == 0;
    if (n != 1 + KEYS + (has_id ? PAYMENT_ID : 0) + CHECK)
        return sg_recognised_set(out, SG_READING_WRONG, networks[i].form, networks[i].chain, text,
                                 "not as many letters as such an address has");
    sg_keccak256_of(digest32, bytes, n - CHECK);
    const bool is_sound = memcmp(digest32, bytes + n - CHECK, CHECK) == 0;
    return sg_recognised_set(out, is_sound ? SG_READING_VALID : SG_READING_WRONG, networks[i].form,
                             networks[i].chain, text, is_sound ? NULL : "the checksum is wrong");
}
