/* Reach over a ledger: SG_BENCH_LEDGER, a folder with one (its first chain), which is made and kept
 * if it is not there, or else one that is removed again. Made of SG_BENCH_ROWS transfers (10 M)
 * between SG_BENCH_ADDRESSES (a seventh as many), heavy-tailed. From the first SG_BENCH_SOURCES
 * addresses (1), on 1 to SG_BENCH_THREADS threads (2). SG_BENCH_COLD=1 runs once, with the file
 * dropped from the page cache first if the system does that. Yardsticks of the same run: the same
 * loop over plain arrays in memory, and reading the two id columns of the ledger for nothing. */
#include "yardstick.h"

#include "analysis/reach/reach.h"
#include "base/mem.h"
#include "base/rng.h"
#include "store/engine/bulk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH       ((size_t)500000)
#define RUNS        5
#define THREADS_MAX 8

/* Rows from which on a run is long enough to be taken three times alone. */
#define MANY_ROWS 50000000

struct work {
    uint64_t n_rows;
    uint32_t n_addrs;
    unsigned n_runs;
    size_t n_threads;
    uint32_t *from, *to; /* ids in order of first appearance, as the ledger gives them */
    uint64_t *bits;
    struct sg_ledger ledger;
    struct sg_addr_id *sources;
    size_t n_sources;
    uint64_t sum, n_reached, n_plain;
};

static void stop(const char *what, const struct sg_err *err)
{
    fprintf(stderr, "bench_reach: %s: %s\n", what, err->text);
    exit(1);
}

static void *get(size_t n, size_t size)
{
    void *block = sg_mem_zalloc(n, size);
    if (!block)
        exit(1);
    return block;
}

/* One by the rank, scattered, so that neighbours in rank are not neighbours in memory. */
static uint64_t draw(struct sg_rng *rng, uint64_t n)
{
    for (;;) {
        const uint64_t first = UINT64_C(1) << sg_rng_below(rng, 64 - (unsigned)__builtin_clzll(n));
        const uint64_t rank = first + sg_rng_below(rng, first) - 1;
        /* Half of the ends are anybody, else the tail would hardly appear. */
        if (rank < n)
            return sg_rng_below(rng, 2) ? rank * UINT64_C(2654435761) % n : sg_rng_below(rng, n);
    }
}

/* Twenty bytes that look like an address. */
static uint8_t name(void *ctx, uint8_t bytes[SG_ADDRESS_MAX], uint32_t number)
{
    const uint64_t mixed = (number + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
    (void)ctx;
    memset(bytes, 0, 20);
    memcpy(bytes, &mixed, 8);
    memcpy(bytes + 8, &number, 4);
    return 20;
}

static enum sg_status add_row(struct sg_bulk *bulk, struct sg_rng *rng, uint64_t row,
                              uint64_t n_addrs, struct sg_err *err)
{
    const struct sg_bulk_row r = {.from = (uint32_t)draw(rng, n_addrs),
                                  .to = (uint32_t)draw(rng, n_addrs),
                                  .token = SG_ID_NONE,
                                  .amount = sg_amount_from(row % 50), /* some are nothing */
                                  .kind = SG_ROW_NATIVE};
    const struct sg_bulk_tx tx = {.block = row / 200,
                                  .time_unix_s = SG_TIME_UNKNOWN,
                                  .sender = r.from,
                                  .index = (uint32_t)(row % 200),
                                  .n_rows = 1};
    return sg_bulk_add(bulk, &tx, &r, err);
}

static void build(const char *dir, uint64_t n_rows, uint64_t n_addrs)
{
    struct sg_bulk *bulk = NULL;
    struct sg_err err;
    struct sg_rng rng;
    const struct sg_bulk_options options = {.dir = dir,
                                            .chain = sg_chain_find("ethereum", 8),
                                            .n_numbers = (uint32_t)n_addrs,
                                            .name = name,
                                            .memory_max = (size_t)1 << 30,
                                            .n_threads = 2};
    const struct sg_file_entry file = {.name = "bench_reach"};
    sg_rng_init(&rng, 1);
    enum sg_status st = sg_bulk_new(&bulk, &options, &err);
    for (uint64_t row = 0; row < n_rows && st == SG_OK; row++)
        st = add_row(bulk, &rng, row, n_addrs, &err);
    if (st == SG_OK)
        st = sg_bulk_finish(bulk, SG_COVER_NATIVE, &file, &err);
    if (st != SG_OK)
        stop("load", &err);
    sg_bulk_free(bulk);
}

/* Rows that move nothing go nowhere in the plain loop either: they go to their sender. */
static bool keep_span(void *ctx, const struct sg_row_span *span)
{
    struct work *w = ctx;
    for (size_t i = 0; i < span->count; i++) {
        const bool moves = !sg_amount_is_zero(span->amount[i]) &&
                           !(span->flags[i] & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) &&
                           span->from[i] != SG_ID_NONE && span->to[i] != SG_ID_NONE;
        w->from[span->first + i] = span->from[i] == SG_ID_NONE ? 0 : span->from[i];
        w->to[span->first + i] = moves ? span->to[i] : w->from[span->first + i];
    }
    return true;
}

static void run_plain(void *ctx)
{
    struct work *w = ctx;
    memset(w->bits, 0, ((size_t)w->n_addrs / 64 + 1) * 8);
    for (size_t i = 0; i < w->n_sources; i++)
        w->bits[w->sources[i].v / 64] |= UINT64_C(1) << w->sources[i].v % 64;
    w->n_plain = 0;
    for (uint64_t i = 0; i < w->n_rows; i++) {
        const uint32_t from = w->from[i], to = w->to[i];
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
    if (w->ledger.ops->scan(w->ledger.self, 0, w->n_rows, SG_COL_FROM | SG_COL_TO, sum_span, w,
                            &err) != SG_OK)
        stop("scan", &err);
}

static void run_array(void *ctx)
{
    struct work *w = ctx;
    for (uint64_t i = 0; i < w->n_rows; i++)
        w->sum += w->from[i] ^ w->to[i];
}

static void run_reach(void *ctx)
{
    struct work *w = ctx;
    struct sg_reach reach;
    struct sg_err err;
    const struct sg_reach_options options = {.sources = w->sources,
                                             .n_sources = w->n_sources,
                                             .route = SG_REACH_SCAN,
                                             .n_threads = w->n_threads};
    if (sg_reach_run(&reach, &w->ledger, &options, &err) != SG_OK)
        stop("reach", &err);
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
    return (struct sg_bench_figure){name, "Mrow", w->n_rows, sg_bench_best_ns(w->n_runs, run, w)};
}

static void first_chain(void *ctx, const struct sg_chain *chain)
{
    const struct sg_chain **found = ctx;
    *found = *found ? *found : chain;
}

/* The page cache forgets a file that nobody has mapped and that is on the disk. */
static void drop_file(const char *dir, const struct sg_chain *chain)
{
    char command[PATH_MAX + 128];
    snprintf(
        command, sizeof(command),
        "for f in '%s'/%s/*; do dd of=\"$f\" oflag=nocache conv=notrunc,fdatasync count=0; done "
        "2>/dev/null",
        dir, chain->name);
    if (system(command) != 0)
        fprintf(stderr, "bench_reach: the page cache was not dropped\n");
}

static void open_ledger(struct work *w, const char *dir)
{
    const struct sg_chain *chain = NULL;
    struct sg_err err;
    if (sg_ledger_chains(dir, first_chain, &chain, &err) != SG_OK)
        stop("chains", &err);
    if (sg_bench_env("SG_BENCH_COLD", 0))
        drop_file(dir, chain);
    const uint64_t begin = sg_bench_now_ns();
    if (sg_ledger_open(&w->ledger, dir, chain, &err) != SG_OK)
        stop("ledger", &err);
    printf("opened %llu rows, %llu addresses in %.1f ms\n",
           (unsigned long long)w->ledger.stats.rows, (unsigned long long)w->ledger.stats.addresses,
           (double)(sg_bench_now_ns() - begin) / 1e6);
    w->n_rows = w->ledger.stats.rows;
    w->n_addrs = (uint32_t)w->ledger.stats.addresses;
    w->n_sources = sg_bench_env("SG_BENCH_SOURCES", 1);
    w->sources = get(w->n_sources, sizeof(*w->sources));
    for (size_t i = 0; i < w->n_sources; i++)
        w->sources[i].v = (uint32_t)i;
    w->n_runs = sg_bench_env("SG_BENCH_COLD", 0) ? 1 : w->n_rows < MANY_ROWS ? RUNS : 3;
}

static void load_arrays(struct work *w)
{
    struct sg_err err;
    w->from = get(w->n_rows, sizeof(*w->from));
    w->to = get(w->n_rows, sizeof(*w->to));
    w->bits = get((size_t)w->n_addrs / 64 + 1, 8);
    if (w->ledger.ops->scan(w->ledger.self, 0, w->n_rows,
                            SG_COL_FROM | SG_COL_TO | SG_COL_AMOUNT | SG_COL_FLAGS, keep_span, w,
                            &err) != SG_OK)
        stop("scan", &err);
}

static void measure(struct work *w)
{
    struct sg_bench_figure reach[THREADS_MAX];
    const size_t threads = sg_bench_env("SG_BENCH_THREADS", 2);
    const size_t n = threads < THREADS_MAX ? threads : THREADS_MAX;
    sg_mem_peak_reset();
    for (size_t i = n; i-- > 0;) { /* the widest first: it is the one that a cold file meets */
        static char names[THREADS_MAX][32];
        w->n_threads = i + 1;
        snprintf(names[i], sizeof(names[i]), "reach/scan-%zu", i + 1);
        reach[i] = figure(names[i], w, run_reach);
    }
    sg_bench_print_bytes("reach/peak-anonymous", sg_mem_peak(), (uint64_t)2 << 30);
    const struct sg_bench_figure read = figure("column-read", w, run_read);
    load_arrays(w);
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
    printf("reached %llu of %u addresses, %.1f %%\n", (unsigned long long)w->n_reached, w->n_addrs,
           100.0 * (double)w->n_reached / w->n_addrs);
}

int main(void)
{
    char dir[] = "/tmp/sillage-bench-XXXXXX", command[64];
    const char *given = getenv("SG_BENCH_LEDGER");
    const uint64_t n_rows = sg_bench_env("SG_BENCH_ROWS", 10000000);
    struct work w = {0};
    if (!given && !mkdtemp(dir))
        return 1;
    if (!given || access(given, F_OK) != 0)
        build(given ? given : dir, n_rows, sg_bench_env("SG_BENCH_ADDRESSES", n_rows / 7));
    open_ledger(&w, given ? given : dir);
    measure(&w);
    sg_ledger_close(&w.ledger);
    sg_mem_free(w.sources);
    sg_mem_free(w.from);
    sg_mem_free(w.to);
    sg_mem_free(w.bits);
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return given ? 0 : system(command);
}
