#include "formats/bitcoin/btc_params.h"

#include <stdio.h>
#include <string.h>

#define COIN 100000000u

static const struct sg_btc_params all[] = {
    {"bitcoin", {0xf9, 0xbe, 0xb4, 0xd9}, 210000, 50ULL * COIN, true, false},
    {"bitcoin-testnet3", {0x0b, 0x11, 0x09, 0x07}, 210000, 50ULL * COIN, true, false},
    {"bitcoin-testnet4", {0x1c, 0x16, 0x3f, 0x28}, 210000, 50ULL * COIN, true, false},
    {"bitcoin-signet", {0x0a, 0x03, 0xcf, 0x40}, 210000, 50ULL * COIN, true, false},
    {"bitcoin-regtest", {0xfa, 0xbf, 0xb5, 0xda}, 150, 50ULL * COIN, true, false},
    {"litecoin", {0xfb, 0xc0, 0xb6, 0xdb}, 840000, 50ULL * COIN, false, true},
    {"litecoin-testnet", {0xfd, 0xd2, 0xc8, 0xf1}, 840000, 50ULL * COIN, false, true},
    {"litecoin-regtest", {0xfa, 0xbf, 0xb5, 0xda}, 150, 50ULL * COIN, false, true},
};

const struct sg_btc_params *sg_btc_params_find(const char *chain, const char *network)
{
    char whole[48];
    if (!network || strcmp(network, "mainnet") == 0)
        snprintf(whole, sizeof(whole), "%s", chain);
    else
        snprintf(whole, sizeof(whole), "%s-%s", chain, network);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (strcmp(all[i].name, whole) == 0)
            return &all[i];
    return NULL;
}

const struct sg_btc_params *sg_btc_params_at(size_t index)
{
    return index < sizeof(all) / sizeof(all[0]) ? &all[index] : NULL;
}

uint64_t sg_btc_subsidy(const struct sg_btc_params *params, uint64_t height)
{
    const uint64_t halvings = height / params->halving;
    return halvings < 64 ? params->subsidy_sat >> halvings : 0;
}
