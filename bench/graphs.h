/** What others do with the transfers of a chain: from address 0, without the order of time. */
#ifndef SG_BENCH_GRAPHS_H
#define SG_BENCH_GRAPHS_H

#include "chain_world.h"

struct sg_bench_peer {
    uint64_t load_ns;   /**< from arrays to what it searches */
    uint64_t search_ns; /**< one search, the first */
    uint64_t n_found;   /**< without the source */
};

/** Each ends the program with a sentence if the library fails. */
void sg_bench_igraph(struct sg_bench_peer *peer, const struct sg_bench_chain *chain);
void sg_bench_blas(struct sg_bench_peer *peer, const struct sg_bench_chain *chain);
void sg_bench_sqlite(struct sg_bench_peer *peer, const struct sg_bench_chain *chain);

/** Print one line: of which versions they are. */
void sg_bench_igraph_version(void);
void sg_bench_blas_version(void);
void sg_bench_sqlite_version(void);

#endif
