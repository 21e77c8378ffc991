/** The ledger that benches at chain scale share: a folder with one, or one that is made.
 *
 *  SG_BENCH_LEDGER   the folder; its first chain is read. It is made there, and stays, if there is
 *                    none. Not set: made in a folder that is removed at the end.
 *  SG_BENCH_ROWS, SG_BENCH_ADDRESSES   what is made: transfers (10 M) between so many addresses (a
 *                    seventh), drawn with a heavy tail; 1 in 50 moves nothing.
 *  SG_BENCH_SOURCES  how many addresses, from id 0 on, money is followed from (1).
 *  SG_BENCH_COLD=1   the file is dropped from the page cache first, if the system does that.
 */
#ifndef SG_BENCH_CHAIN_WORLD_H
#define SG_BENCH_CHAIN_WORLD_H

#include "store/ledger/ledger.h"

struct sg_bench_chain {
    struct sg_ledger ledger;
    uint64_t n_rows;
    uint32_t n_addrs;
    struct sg_addr_id *sources;
    size_t n_sources;
    bool is_cold;
    uint32_t *from, *to; /**< sg_bench_chain_load */
    char made[32];       /**< folder to remove, or "" */
};

/** Open it and say how long that took; ends the program with a sentence on an error. */
void sg_bench_chain_open(struct sg_bench_chain *chain);

/** Both columns as arrays; a row that moves nothing goes to its own sender, none is address 0. */
void sg_bench_chain_load(struct sg_bench_chain *chain);

void sg_bench_chain_close(struct sg_bench_chain *chain);

/** End the program. */
_Noreturn void sg_bench_stop(const char *what, const struct sg_err *err);

/** Memory that is there, zeroed, or the end of the program. */
void *sg_bench_get(size_t n, size_t size);

#endif
