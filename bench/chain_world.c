#include "chain_world.h"

#include "yardstick.h"

#include "base/mem.h"
#include "base/rng.h"
#include "store/engine/bulk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void sg_bench_stop(const char *what, const struct sg_err *err)
{
    fprintf(stderr, "bench: %s: %s\n", what, err->text);
    exit(1);
}

void *sg_bench_get(size_t n, size_t size)
{
    void *block = sg_mem_zalloc(n, size);
    if (!block) {
        fprintf(stderr, "bench: there is not enough memory\n");
        exit(1);
    }
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
        sg_bench_stop("load", &err);
    sg_bulk_free(bulk);
}

static bool keep_span(void *ctx, const struct sg_row_span *span)
{
    struct sg_bench_chain *c = ctx;
    for (size_t i = 0; i < span->count; i++) {
        const bool moves = !sg_amount_is_zero(span->amount[i]) &&
                           !(span->flags[i] & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) &&
                           span->from[i] != SG_ID_NONE && span->to[i] != SG_ID_NONE;
        c->from[span->first + i] = span->from[i] == SG_ID_NONE ? 0 : span->from[i];
        c->to[span->first + i] = moves ? span->to[i] : c->from[span->first + i];
    }
    return true;
}

void sg_bench_chain_load(struct sg_bench_chain *c)
{
    struct sg_err err;
    c->from = sg_bench_get(c->n_rows, sizeof(*c->from));
    c->to = sg_bench_get(c->n_rows, sizeof(*c->to));
    if (c->ledger.ops->scan(c->ledger.self, 0, c->n_rows,
                            SG_COL_FROM | SG_COL_TO | SG_COL_AMOUNT | SG_COL_FLAGS, keep_span, c,
                            &err) != SG_OK)
        sg_bench_stop("scan", &err);
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
        fprintf(stderr, "bench: the page cache was not dropped\n");
}

static void open_ledger(struct sg_bench_chain *c, const char *dir)
{
    const struct sg_chain *chain = NULL;
    struct sg_err err;
    if (sg_ledger_chains(dir, first_chain, &chain, &err) != SG_OK)
        sg_bench_stop("chains", &err);
    c->is_cold = sg_bench_env("SG_BENCH_COLD", 0);
    if (c->is_cold)
        drop_file(dir, chain);
    const uint64_t begin = sg_bench_now_ns();
    if (sg_ledger_open(&c->ledger, dir, chain, &err) != SG_OK)
        sg_bench_stop("ledger", &err);
    printf("opened %llu rows, %llu addresses in %.1f ms\n",
           (unsigned long long)c->ledger.stats.rows, (unsigned long long)c->ledger.stats.addresses,
           (double)(sg_bench_now_ns() - begin) / 1e6);
}

void sg_bench_chain_open(struct sg_bench_chain *c)
{
    char fresh[] = "/tmp/sillage-bench-XXXXXX";
    const char *dir = getenv("SG_BENCH_LEDGER");
    const uint64_t n_rows = sg_bench_env("SG_BENCH_ROWS", 10000000);
    *c = (struct sg_bench_chain){0};
    if (!dir) {
        dir = mkdtemp(fresh);
        snprintf(c->made, sizeof(c->made), "%s", fresh);
    }
    if (!dir)
        exit(1);
    if (c->made[0] || access(dir, F_OK) != 0)
        build(dir, n_rows, sg_bench_env("SG_BENCH_ADDRESSES", n_rows / 7));
    open_ledger(c, dir);
    c->n_rows = c->ledger.stats.rows;
    c->n_addrs = (uint32_t)c->ledger.stats.addresses;
    c->n_sources = sg_bench_env("SG_BENCH_SOURCES", 1);
    c->sources = sg_bench_get(c->n_sources, sizeof(*c->sources));
    for (size_t i = 0; i < c->n_sources; i++)
        c->sources[i].v = (uint32_t)i;
}

void sg_bench_chain_close(struct sg_bench_chain *c)
{
    char command[64];
    sg_ledger_close(&c->ledger);
    sg_mem_free(c->sources);
    sg_mem_free(c->from);
    sg_mem_free(c->to);
    snprintf(command, sizeof(command), "rm -rf %s", c->made);
    if (c->made[0] && system(command) != 0)
        fprintf(stderr, "bench: %s was not removed\n", c->made);
}
