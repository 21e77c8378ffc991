#include "formats/record/record.h"

#include "base/hex.h"

#include <string.h>

static const struct sg_chain chains[] = {
    {"arbitrum", "ETH", 18, true}, {"avalanche", "AVAX", 18, true}, {"base", "ETH", 18, true},
    {"bsc", "BNB", 18, true},      {"ethereum", "ETH", 18, true},   {"optimism", "ETH", 18, true},
    {"polygon", "POL", 18, true},  {"ronin", "RON", 18, true},      {"solana", "SOL", 9, false},
    {"tron", "TRX", 6, false},     {"xrp", "XRP", 6, false},
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

enum sg_status sg_address_parse(struct sg_address *address, const struct sg_chain *chain,
                                const char *text, size_t size, struct sg_err *err)
{
    memset(address, 0, sizeof(*address));
    if (chain->hex20)
        return parse_hex20(address, text, size, err);
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

void sg_record_init(struct sg_record *record, enum sg_record_kind kind)
{
    memset(record, 0, sizeof(*record));
    record->kind = kind;
    record->tx_index = SG_INDEX_UNKNOWN;
    record->log_index = SG_INDEX_UNKNOWN;
    record->time_unix_s = SG_TIME_UNKNOWN;
}
