/** What `simulate --model utxo` does: a made-up chain of outputs into a folder of blocks as a node
 *  keeps them, and its truth beside it (docs/methods/simulate.md). */
#ifndef SG_APP_COINWORLDING_H
#define SG_APP_COINWORLDING_H

#include "base/status.h"
#include "formats/scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

struct sg_coinworlding {
    const char *dir;
    uint64_t seed, transactions;
    const struct sg_scenario *scenario;
    bool json;
};

/** Write it and print what was written.
 *  Errors: SG_EUSAGE (the folder holds blocks already), those of files and of the world. */
SG_MUST_CHECK enum sg_status sg_coinworlding_run(const struct sg_coinworlding *request,
                                                 struct sg_err *err);

#endif
