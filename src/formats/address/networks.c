/* Bytes and words in front of addresses, by network. */
#include "formats/address/address.h"

#include <string.h>

static const struct sg_network_info networks[SG_NETWORK_COUNT] = {
    [SG_NETWORK_BITCOIN] = {"bitcoin", "bc", NULL, 0x00, 0x05, 0x05, 1},
    [SG_NETWORK_TESTNET3] = {"bitcoin-testnet3", "tb", NULL, 0x6f, 0xc4, 0xc4, 1},
    [SG_NETWORK_TESTNET4] = {"bitcoin-testnet4", "tb", NULL, 0x6f, 0xc4, 0xc4, 1},
    [SG_NETWORK_SIGNET] = {"bitcoin-signet", "tb", NULL, 0x6f, 0xc4, 0xc4, 1},
    [SG_NETWORK_REGTEST] = {"bitcoin-regtest", "bcrt", NULL, 0x6f, 0xc4, 0xc4, 1},
    [SG_NETWORK_LITECOIN] = {"litecoin", "ltc", NULL, 0x30, 0x32, 0x05, 1},
    [SG_NETWORK_LITECOIN_TESTNET] = {"litecoin-testnet", "tltc", NULL, 0x6f, 0x3a, 0xc4, 1},
    [SG_NETWORK_BITCOIN_CASH] = {"bitcoin-cash", NULL, "bitcoincash", 0x00, 0x05, 0x05, 1},
    [SG_NETWORK_ECASH] = {"ecash", NULL, "ecash", 0x00, 0x05, 0x05, 1},
    [SG_NETWORK_BITCOIN_SV] = {"bitcoin-sv", NULL, NULL, 0x00, 0x05, 0x05, 1},
    [SG_NETWORK_BITCOIN_GOLD] = {"bitcoin-gold", "btg", NULL, 0x26, 0x17, 0x17, 1},
    [SG_NETWORK_DASH] = {"dash", NULL, NULL, 0x4c, 0x10, 0x10, 1},
    [SG_NETWORK_DOGECOIN] = {"dogecoin", NULL, NULL, 0x1e, 0x16, 0x16, 1},
    [SG_NETWORK_ZCASH] = {"zcash", NULL, NULL, 0x1cb8, 0x1cbd, 0x1cbd, 2},
    [SG_NETWORK_ZCASH_TESTNET] = {"zcash-testnet", NULL, NULL, 0x1d25, 0x1cba, 0x1cba, 2},
    [SG_NETWORK_VERGE] = {"verge", "vg", NULL, 0x1e, 0x21, 0x21, 1},
    [SG_NETWORK_DIGIBYTE] = {"digibyte", "dgb", NULL, 0x1e, 0x3f, 0x05, 1},
    [SG_NETWORK_VERTCOIN] = {"vertcoin", "vtc", NULL, 0x47, 0x05, 0x05, 1},
};

const struct sg_network_info *sg_network_info(enum sg_network network)
{
    return &networks[network];
}

enum sg_status sg_network_find(enum sg_network *network, const char *name)
{
    for (size_t i = 0; i < SG_NETWORK_COUNT; i++)
        if (strcmp(networks[i].name, name) == 0) {
            *network = (enum sg_network)i;
            return SG_OK;
        }
    return SG_ENOTFOUND;
}
enum sg_network sg_network_of_chain(const char *name)
{
    enum sg_network network;
    return sg_network_find(&network, name) == SG_OK ? network : SG_NETWORK_LITECOIN_TESTNET;
}
