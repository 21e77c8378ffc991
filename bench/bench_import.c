/* Decoded records into a ledger: first all addresses new, then a second import into a ledger that
 * holds them all. Yardsticks: a sorted load of as many rows into plain LMDB, and the memory
 * allowed. Making the records is timed apart and taken off. Ends with `ledger check`.
 *
 * SG_BENCH_ADDRESSES (10 million), SG_BENCH_ROWS (3 million), SG_BENCH_MEMORY_MIB (1024).
 */
#include "yardstick.h"

#include "base/mem.h"
#include "base/rng.h"
#include "store/engine/engine.h"
#include "store/import/import.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TXS_PER_BLOCK 200u

/* Transactions of a chain in order of blocks; addresses are new ones in order, or drawn. */
struct world {
    uint64_t first, n;
    uint64_t n_addresses;
    bool are_new;
};

static void must(enum sg_status st, const struct sg_err *err)
{
    if (st == SG_OK)
        return;
    fprintf(stderr, "bench_import: %s\n", err->text);
    exit(1);
}

/* splitmix64: numbers become addresses and hashes without a table of them. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static void fill_bytes(uint8_t *bytes, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; i += 8) {
        const uint64_t word = mix(4 * number + i / 8);
        memcpy(bytes + i, &word, size - i < 8 ? size - i : 8);
    }
}

static void set_record(struct sg_record *r, uint64_t number, uint64_t from, uint64_t to)
{
    r->block = 1000 + number / TXS_PER_BLOCK;
    r->tx_index = (uint32_t)(number % TXS_PER_BLOCK);
    r->time_unix_s = 1600000000 + (int64_t)r->block * 12;
    r->amount = sg_amount_from((sg_u128)mix(number) << 16);
    r->fee = sg_amount_from((sg_u128)number * 21000);
    fill_bytes(r->hash32, sizeof(r->hash32), number);
    r->from.size = r->to.size = 20;
    fill_bytes(r->from.bytes, 20, from);
    fill_bytes(r->to.bytes, 20, to);
}

static void make_records(const struct world *world, struct sg_import *import)
{
    struct sg_err err;
    struct sg_record r;
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    sg_record_init(&r, SG_RECORD_TX);
    r.has_hash = r.has_fee = true;
    r.status = SG_TX_OK;
    for (uint64_t i = 0; i < world->n; i++) {
        const uint64_t from = world->are_new ? 2 * i : sg_rng_below(&rng, world->n_addresses);
        const uint64_t to = world->are_new ? 2 * i + 1 : sg_rng_below(&rng, world->n_addresses);
        set_record(&r, world->first + i, from, to);
        if (import)
            must(sg_import_record(import, &r, &err), &err);
    }
}

static void print(const char *name, uint64_t rows, uint64_t ns,
                  const struct sg_bench_figure *yardstick)
{
    const struct sg_bench_figure figure = {name, "Mrow", rows, ns};
    sg_bench_print(&figure, yardstick);
}

static void run(const char *dir, const char *names[4], const struct world *world, size_t memory,
                const struct sg_bench_figure *yardstick)
{
    struct sg_err err;
    struct sg_import *import = NULL;
    struct sg_import_summary summary;
    const struct sg_import_options options = {
        .dir = dir, .chain = sg_chain_find("ethereum", 8), .memory_max = memory, .n_threads = 2};
    const struct sg_import_file_end end = {.table = "bench"};
    const uint64_t start = sg_bench_now_ns();
    uint64_t cpu = sg_bench_cpu_ns();
    make_records(world, NULL);
    const uint64_t made = sg_bench_now_ns();
    const uint64_t making_cpu = sg_bench_cpu_ns() - cpu;
    cpu += 2 * making_cpu;
    sg_mem_peak_reset();
    must(sg_import_new(&import, &options, &err), &err);
    must(sg_import_file_begin(import, names[2], &err), &err);
    make_records(world, import);
    must(sg_import_file_done(import, &end, &err), &err);
    const uint64_t collected = sg_bench_now_ns();
    must(sg_import_commit(&summary, import, &err), &err);
    sg_import_free(import);
    const uint64_t done = sg_bench_now_ns();
    cpu = sg_bench_cpu_ns() - cpu;
    const uint64_t making = made - start;
    print(names[0], world->n, collected - made - making, yardstick);
    print(names[1], world->n, done - collected, yardstick);
    print(names[2], world->n, done - made - making, yardstick);
    sg_bench_print_cpu(names[3], cpu, world->n);
    sg_bench_print_bytes("import/peak-heap", sg_mem_peak(), memory);
}

static void show_fault(void *ctx, const char *fault)
{
    (void)ctx;
    printf("FAULT %s\n", fault);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(void)
{
    const uint64_t n_addresses = sg_bench_env("SG_BENCH_ADDRESSES", 10000000);
    const uint64_t n_rows = sg_bench_env("SG_BENCH_ROWS", 3000000);
    const size_t memory = (size_t)sg_bench_env("SG_BENCH_MEMORY_MIB", 1024) << 20;
    const struct world first = {0, n_addresses / 2, n_addresses, true};
    const struct world second = {n_addresses / 2, n_rows, n_addresses, false};
    const char *first_names[4] = {"import/new-collect", "import/new-write", "import/new",
                                  "import/new-processor"};
    const char *second_names[4] = {"import/known-collect", "import/known-write", "import/known",
                                   "import/known-processor"};
    char dir[] = "bench-import-XXXXXX";
    sg_mem_keep();
    if (!mkdtemp(dir))
        return 1;
    const struct sg_bench_figure yardstick = sg_bench_lmdb_load(dir, n_rows);
    run(dir, first_names, &first, memory, &yardstick);
    run(dir, second_names, &second, memory, &yardstick);
    uint64_t n_faults = 1;
    struct sg_err err;
    must(
        sg_engine_check(&n_faults, dir, sg_chain_find("ethereum", 8), NULL, show_fault, NULL, &err),
        &err);
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return n_faults != 0;
}
