#include "formats/record/record.h"

#include "base/hex.h"
#include "formats/address/address.h"

#include <string.h>

static const struct sg_chain chains[] = {
    {"arbitrum", "ETH", 18, true, false},
    {"avalanche", "AVAX", 18, true, false},
    {"base", "ETH", 18, true, false},
    {"bitcoin", "BTC", 8, false, true},
    {"bitcoin-regtest", "BTC", 8, false, true},
    {"bitcoin-signet", "BTC", 8, false, true},
    {"bitcoin-testnet3", "BTC", 8, false, true},
    {"bitcoin-testnet4", "BTC", 8, false, true},
    {"bsc", "BNB", 18, true, false},
    {"ethereum", "ETH", 18, true, false},
    {"litecoin", "LTC", 8, false, true},
    {"litecoin-regtest", "LTC", 8, false, true},
    {"litecoin-testnet", "LTC", 8, false, true},
    {"optimism", "ETH", 18, true, false},
    {"polygon", "POL", 18, true, false},
    {"ronin", "RON", 18, true, false},
    {"solana", "SOL", 9, false, false},
    {"tron", "TRX", 6, false, false},
    {"xrp", "XRP", 6, false, false},
};

const struct sg_chain *sg_chain_find(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
        if (strlen(chains[i].name) == size && memcmp(chains[i].name, name, size) == 0)
            return &chains[i];
    return NULL;
}

static enum sg_status parse_hex20(struct sg_address *address, const char *text, size_t size,
                                  struct sg_err *err)
{
    if (size != 42 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X') ||
        !sg_hex_decode(address->bytes, 20, text + 2, size - 2))
        return sg_err_set(err, SG_EPARSE, "not an address: 0x and 40 hex digits are expected");
    address->size = 20;
    return SG_OK;
}

/* Checked, and written anew: one payee has one text, whatever its letters were. */
static enum sg_status parse_payee(struct sg_address *address, const struct sg_chain *chain,
                                  const char *text, size_t size, struct sg_err *err)
{
    char written[SG_PAYEE_TEXT_MAX + 1];
    const enum sg_network network = sg_network_of_chain(chain->name);
    struct sg_payee payee;
    if (sg_payee_read(&payee, network, text, size, NULL) != SG_OK ||
        sg_payee_write(written, network, &payee) != SG_OK)
        return sg_err_set(err, SG_EPARSE, "not an address of %s", chain->name);
    if (strlen(written) > SG_ADDRESS_MAX)
        return sg_err_set(err, SG_EPARSE, "not an address that is kept: more than %d characters",
                          SG_ADDRESS_MAX);
    address->size = (uint8_t)strlen(written);
    memcpy(address->bytes, written, address->size);
    return SG_OK;
}

enum sg_status sg_address_parse(struct sg_address *address, const struct sg_chain *chain,
                                const char *text, size_t size, struct sg_err *err)
{
    memset(address, 0, sizeof(*address));
    if (chain->hex20)
        return parse_hex20(address, text, size, err);
    if (chain->outputs)
        return parse_payee(address, chain, text, size, err);
    if (size == 0 || size > SG_ADDRESS_MAX)
        return sg_err_set(err, SG_EPARSE, "not an address: 1 to %d characters are expected",
                          SG_ADDRESS_MAX);
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return sg_err_set(err, SG_EPARSE, "not an address: a character that is not printable");
    address->size = (uint8_t)size;
    memcpy(address->bytes, text, size);
    return SG_OK;
}

char *sg_address_format(char text[SG_ADDRESS_TEXT_MAX], const struct sg_chain *chain,
                        const struct sg_address *address)
{
    text[0] = 0;
    if (!address->size)
        return text;
    if (chain->hex20) {
        memcpy(text, "0x", 2);
        sg_hex_encode(text + 2, address->bytes, address->size);
        return text;
    }
    memcpy(text, address->bytes, address->size);
    text[address->size] = 0;
    return text;
}

char *sg_tx_hash_text(char text[SG_TX_HASH_TEXT_MAX], const struct sg_chain *chain,
                      const uint8_t hash32[32])
{
    const size_t prefix = chain->outputs ? 0 : 2;
    memcpy(text, "0x", 2);
    sg_hex_encode(text + prefix, hash32, 32);
    return text;
}

void sg_record_init(struct sg_record *record, enum sg_record_kind kind)
{
    memset(record, 0, sizeof(*record));
    record->kind = kind;
    record->tx_index = SG_INDEX_UNKNOWN;
    record->log_index = SG_INDEX_UNKNOWN;
    record->time_unix_s = SG_TIME_UNKNOWN;
}
