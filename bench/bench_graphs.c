/* Reach beside what others make of the same transfers (chain_world.h): a breadth-first search by
 * igraph and by SuiteSparse:GraphBLAS, and, up to 10 M rows, a recursive query of SQLite. None of
 * them knows when a transfer was: they find all to whom some path leads, in any order of its
 * transfers, which is more; both counts are printed. Loading is timed apart. Built where all three
 * libraries are found. */
#include "graphs.h"
#include "yardstick.h"

#include "analysis/reach/reach.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define RUNS         3
#define SQL_ROWS_MAX 12000000

struct work {
    struct sg_bench_chain chain;
    uint64_t n_reached;
};

static void run_reach(void *ctx)
{
    struct work *w = ctx;
    struct sg_reach reach;
    struct sg_err err;
    const struct sg_reach_options options = {.sources = w->chain.sources,
                                             .n_sources = 1,
                                             .route = SG_REACH_SCAN,
                                             .n_threads = sg_bench_env("SG_BENCH_THREADS", 2)};
    if (sg_reach_run(&reach, &w->chain.ledger, &options, &err) != SG_OK)
        sg_bench_stop("reach", &err);
    w->n_reached = reach.n_items;
    sg_reach_clear(&reach);
}

static void show(const char *name, const struct work *w, const struct sg_bench_peer *peer,
                 const struct sg_bench_figure *reach)
{
    char text[64];
    const struct sg_bench_figure found = {name, "Mrow", w->chain.n_rows, peer->search_ns};
    sg_bench_print(reach, &found);
    snprintf(text, sizeof(text), "%s/load", name);
    printf("%-28s %10.1f ms, finds %llu without the order of time, reach %llu with it\n", text,
           (double)peer->load_ns / 1e6, (unsigned long long)peer->n_found,
           (unsigned long long)w->n_reached);
    fflush(stdout);
}

int main(void)
{
    struct work w = {0};
    struct sg_bench_peer peer;
    sg_bench_chain_open(&w.chain);
    sg_bench_blas_version();
    sg_bench_igraph_version();
    sg_bench_sqlite_version();
    const struct sg_bench_figure reach = {"reach/scan", "Mrow", w.chain.n_rows,
                                          sg_bench_best_ns(RUNS, run_reach, &w)};
    sg_bench_chain_load(&w.chain);
    sg_bench_blas(&peer, &w.chain);
    show("graphblas", &w, &peer, &reach);
    sg_bench_igraph(&peer, &w.chain);
    show("igraph", &w, &peer, &reach);
    if (w.chain.n_rows <= SQL_ROWS_MAX) {
        sg_bench_sqlite(&peer, &w.chain);
        show("sqlite", &w, &peer, &reach);
    }
    sg_bench_chain_close(&w.chain);
    return 0;
}
