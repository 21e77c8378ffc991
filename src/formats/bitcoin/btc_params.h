/** What the networks with Bitcoin's block format differ in, as their nodes' own parameters have it.
 */
#ifndef SG_FORMATS_BTC_PARAMS_H
#define SG_FORMATS_BTC_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sg_btc_params {
    const char *name;      /**< as formats/address names it: "bitcoin-regtest" */
    uint8_t magic[4];      /**< in front of each block of a blk file */
    uint32_t halving;      /**< blocks after which the subsidy is half */
    uint64_t subsidy_sat;  /**< of the first block */
    bool sha256d_work;     /**< a block's hash is its work; Litecoin's work is another hash */
    bool extension_blocks; /**< Litecoin's MWEB, since 2022 */
};

/** By chain and network: "bitcoin" and "regtest", or "bitcoin-regtest" and NULL. NULL and "mainnet"
 * are the chain itself. NULL: none. */
const struct sg_btc_params *sg_btc_params_find(const char *chain, const char *network);

/** All of them, one after the other; NULL behind the last. */
const struct sg_btc_params *sg_btc_params_at(size_t index);

/** What the miner of a block may create, without fees. */
uint64_t sg_btc_subsidy(const struct sg_btc_params *params, uint64_t height);

#endif
