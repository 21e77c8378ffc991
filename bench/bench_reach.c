/* Reach over the ledger of chain_world.h, on SG_BENCH_THREADS threads (2) down to 1. Yardsticks of
 * the same run: the same loop over plain arrays in memory, and reading the two id columns of the
 * ledger for nothing. */
#include "chain_world.h"
#include "yardstick.h"

#include "analysis/reach/reach.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUNS        5
#define THREADS_MAX 8

/* Rows from which on a run is long enough to be taken three times alone. */
#define MANY_ROWS 50000000

struct work {
    struct sg_bench_chain chain;
    unsigned n_runs;
    size_t n_threads;
    uint64_t *bits;
    uint64_t sum, n_reached, n_plain;
};

static void run_plain(void *ctx)
{
    struct work *w = ctx;
    memset(w->bits, 0, ((size_t)w->chain.n_addrs / 64 + 1) * 8);
    for (size_t i = 0; i < w->chain.n_sources; i++)
        w->bits[w->chain.sources[i].v / 64] |= UINT64_C(1) << w->chain.sources[i].v % 64;
    w->n_plain = 0;
    for (uint64_t i = 0; i < w->chain.n_rows; i++) {
        const uint32_t from = w->chain.from[i], to = w->chain.to[i];
        if ((w->bits[from / 64] >> from % 64 & 1) && !(w->bits[to / 64] >> to % 64 & 1)) {
            w->bits[to / 64] |= UINT64_C(1) << to % 64;
            w->n_plain++;
        }
    }
}

static bool sum_span(void *ctx, const struct sg_row_span *span)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < span->count; i++)
        sum += span->from[i] ^ span->to[i];
    ((struct work *)ctx)->sum += sum;
    return true;
}

static void run_read(void *ctx)
{
    struct work *w = ctx;
    struct sg_err err;
    if (w->chain.ledger.ops->scan(w->chain.ledger.self, 0, w->chain.n_rows, SG_COL_FROM | SG_COL_TO,
                                  sum_span, w, &err) != SG_OK)
        sg_bench_stop("scan", &err);
}

static void run_array(void *ctx)
{
    struct work *w = ctx;
    for (uint64_t i = 0; i < w->chain.n_rows; i++)
        w->sum += w->chain.from[i] ^ w->chain.to[i];
}

static void run_reach(void *ctx)
{
    struct work *w = ctx;
    struct sg_reach reach;
    struct sg_err err;
    const struct sg_reach_options options = {.sources = w->chain.sources,
                                             .n_sources = w->chain.n_sources,
                                             .route = SG_REACH_SCAN,
                                             .n_threads = w->n_threads};
    if (sg_reach_run(&reach, &w->chain.ledger, &options, &err) != SG_OK)
        sg_bench_stop("reach", &err);
    if (w->n_reached && w->n_reached != reach.n_items) {
        fprintf(stderr, "bench_reach: %zu reached, and %llu on other threads\n", reach.n_items,
                (unsigned long long)w->n_reached);
        exit(1);
    }
    w->n_reached = reach.n_items;
    sg_reach_clear(&reach);
}

static struct sg_bench_figure figure(const char *name, struct work *w, void (*run)(void *ctx))
{
    return (struct sg_bench_figure){name, "Mrow", w->chain.n_rows,
                                    sg_bench_best_ns(w->n_runs, run, w)};
}

static void measure(struct work *w)
{
    struct sg_bench_figure reach[THREADS_MAX];
    const size_t threads = sg_bench_env("SG_BENCH_THREADS", 2);
    const size_t n = threads < THREADS_MAX ? threads : THREADS_MAX;
    w->n_runs = w->chain.is_cold ? 1 : w->chain.n_rows < MANY_ROWS ? RUNS : 3;
    sg_mem_peak_reset();
    for (size_t i = n; i-- > 0;) { /* the widest first: it is the one that a cold file meets */
        static char names[THREADS_MAX][32];
        w->n_threads = i + 1;
        snprintf(names[i], sizeof(names[i]), "reach/scan-%zu", i + 1);
        reach[i] = figure(names[i], w, run_reach);
    }
    sg_bench_print_bytes("reach/peak-anonymous", sg_mem_peak(), (uint64_t)2 << 30);
    const struct sg_bench_figure read = figure("column-read", w, run_read);
    sg_bench_chain_load(&w->chain);
    w->bits = sg_bench_get((size_t)w->chain.n_addrs / 64 + 1, 8);
    const struct sg_bench_figure plain = figure("array-loop", w, run_plain);
    const struct sg_bench_figure array = figure("array-read", w, run_array);
    sg_bench_print(&plain, &array);
    sg_bench_print(&read, &array);
    for (size_t i = 0; i < n; i++) {
        sg_bench_print(&reach[i], &read);
        sg_bench_print(&reach[i], &plain);
    }
    if (w->n_reached != w->n_plain) {
        fprintf(stderr, "bench_reach: %llu reached, the plain loop has %llu\n",
                (unsigned long long)w->n_reached, (unsigned long long)w->n_plain);
        exit(1);
    }
    printf("reached %llu of %u addresses, %.1f %%\n", (unsigned long long)w->n_reached,
           w->chain.n_addrs, 100.0 * (double)w->n_reached / w->chain.n_addrs);
}

int main(void)
{
    struct work w = {0};
    sg_bench_chain_open(&w.chain);
    measure(&w);
    sg_bench_chain_close(&w.chain);
    sg_mem_free(w.bits);
    return 0;
}
