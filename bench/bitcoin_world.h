/** Made-up blocks as a node stores them, for benches: linked, mined at the easiest target, each
 *  transaction spending two outputs and paying two, in the sizes of today's payments. */
#ifndef SG_BENCH_BITCOIN_WORLD_H
#define SG_BENCH_BITCOIN_WORLD_H

#include "base/buf.h"
#include "base/rng.h"
#include "formats/bitcoin/bitcoin.h"

struct world_coin {
    uint8_t txid[SG_BTC_HASH];
    uint32_t index;
    uint64_t sat;
};

struct world {
    struct sg_rng rng;
    struct world_coin *coins; /**< unspent; WORLD_COINS of them */
    size_t n_coins;
    uint8_t previous[SG_BTC_HASH];
    uint32_t height;
    uint64_t n_owners; /**< so far; a third of all outputs go to one that was there */
    struct sg_buf body, block;
};

/** Begin behind a block of that hash (zeros: with block 0). Ends the program without memory. */
void world_begin(struct world *world, const uint8_t previous[SG_BTC_HASH], uint32_t height);

/** The next block, in world->block. */
void world_next(struct world *world);

void world_end(struct world *world);

#endif
