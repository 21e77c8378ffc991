/* Bitcoin: blocks read and checked against hashing their bytes alone; a ledger scanned and
 * clustered.
 *
 * The blocks are those that developers have; without them only made-up ones are measured. The
 * yardstick is libcrypto's SHA-256d over the same bytes: as one message, and for the real blocks
 * also as a message a transaction.
 * SG_BENCH_BITCOIN: transactions of the ledger (default 1,000,000); SG_BENCH_BITCOIN_MB: size of
 * the blk file (default 64). */
#include "yardstick.h"

#include "analysis/cluster/cluster.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"
#include "bitcoin_world.h"
#include "formats/bitcoin/bitcoin.h"
#include "store/blockset/blockset.h"
#include "store/file/file.h"
#include "store/utxo/utxo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS  5
#define NAMES 4

struct bytes {
    uint8_t *at;
    size_t size;
    struct sg_btc_block block;
};

static void check(enum sg_status st, const struct sg_err *err)
{
    if (st == SG_OK)
        return;
    fprintf(stderr, "bench_bitcoin: %s\n", err->text);
    exit(1);
}

static void hash(void *ctx)
{
    const struct bytes *bytes = ctx;
    uint8_t digest[SG_SHA256_SIZE];
    const struct sg_sha256_part whole = {bytes->at, bytes->size};
    sg_sha256d(digest, &whole, 1);
}

/* Each transaction a message of its own: what a reader cannot do without. */
static void hash_each(void *ctx)
{
    const struct bytes *bytes = ctx;
    for (size_t t = 0; t < bytes->block.n_txs; t++) {
        const struct sg_btc_tx *tx = &bytes->block.txs[t];
        uint8_t digest[SG_SHA256_SIZE];
        const struct sg_sha256_part whole = {bytes->at + tx->offset, tx->size};
        sg_sha256d(digest, &whole, 1);
    }
}

static void read_block(void *ctx)
{
    struct bytes *bytes = ctx;
    struct sg_reader r;
    struct sg_err err;
    sg_reader_init(&r, bytes->at, bytes->size);
    check(sg_btc_block_read(&bytes->block, &r, &err), &err);
    check(sg_btc_block_check(&bytes->block, true, &err), &err);
}

static void bench_block(const char *name)
{
    struct bytes bytes = {.at = NULL, .block = SG_BTC_BLOCK_INIT};
    char path[256], title[32];
    struct sg_err err;
    snprintf(path, sizeof(path), "../shared/data/bitcoin/%s", name);
    if (sg_file_read(&bytes.at, &bytes.size, path, SG_BTC_BLOCK_BYTES_MAX, &err) != SG_OK)
        return;
    const struct sg_bench_figure yard = {"sha256d", "MB", bytes.size,
                                         sg_bench_best_ns(RUNS, hash, &bytes)};
    const uint64_t ns = sg_bench_best_ns(RUNS, read_block, &bytes);
    const struct sg_bench_figure each = {"each-tx", "MB", bytes.size,
                                         sg_bench_best_ns(RUNS, hash_each, &bytes)};
    snprintf(title, sizeof(title), "block/%zutxs", bytes.block.n_txs);
    sg_bench_print(&(struct sg_bench_figure){title, "MB", bytes.size, ns}, &yard);
    sg_bench_print(&(struct sg_bench_figure){title, "MB", bytes.size, ns}, &each);
    sg_btc_block_clear(&bytes.block);
    sg_mem_free(bytes.at);
}

/* A made-up chain into a ledger in memory. Returns the time that joining took. */
static uint64_t fill(struct sg_utxo *utxo, uint64_t n_txs)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct world world;
    struct sg_err err;
    uint64_t ns = 0;
    world_begin(&world, nothing, 0);
    while (sg_utxo_n_txs(utxo) < n_txs) {
        struct sg_reader r;
        world_next(&world);
        sg_reader_init(&r, world.block.data, world.block.size);
        check(sg_btc_block_read(&block, &r, &err), &err);
        const uint64_t begin = sg_bench_now_ns();
        check(sg_utxo_append(utxo, &block, world.height - 1, 0, &err), &err);
        ns += sg_bench_now_ns() - begin;
    }
    world_end(&world);
    sg_btc_block_clear(&block);
    return ns;
}

static volatile uint64_t kept;

/* A blk file and what is in it, in memory. */
struct file {
    char path[64];
    struct sg_buf bytes;
    size_t *at; /* of each block */
    size_t n, cap;
    size_t n_threads;
};

static void make_file(struct file *file, uint64_t size)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    const struct sg_btc_params *params = sg_btc_params_find("bitcoin", NULL);
    struct world world;
    struct sg_err err;
    *file = (struct file){.bytes = SG_BUF_INIT((size_t)8 << 30)};
    world_begin(&world, nothing, 0);
    while (file->bytes.size < size) {
        world_next(&world);
        const uint32_t n = (uint32_t)world.block.size;
        sg_buf_append(&file->bytes, params->magic, 4);
        for (int i = 0; i < 4; i++)
            sg_buf_putc(&file->bytes, (char)(n >> 8 * i));
        if (!SG_VEC_RESERVE(file->at, file->n, file->cap, 1))
            exit(1);
        file->at[file->n++] = file->bytes.size;
        sg_buf_append(&file->bytes, world.block.data, n);
    }
    world_end(&world);
    check(sg_buf_check(&file->bytes, &err), &err);
    snprintf(file->path, sizeof(file->path), "/tmp/sg_bench_%ld.dat", (long)getpid());
    check(sg_file_write(file->path, file->bytes.data, file->bytes.size, &err), &err);
}

static void hash_file(void *ctx)
{
    const struct file *file = ctx;
    uint8_t digest[SG_SHA256_SIZE];
    const struct sg_sha256_part whole = {file->bytes.data, file->bytes.size};
    sg_sha256d(digest, &whole, 1);
}

static void read_one(void *ctx, size_t index)
{
    const struct file *file = ctx;
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_reader r;
    struct sg_err err;
    sg_reader_init(&r, file->bytes.data + file->at[index], file->bytes.size - file->at[index]);
    check(sg_btc_block_read(&block, &r, &err), &err);
    check(sg_btc_block_check(&block, true, &err), &err);
    sg_btc_block_clear(&block);
}

static void read_file(void *ctx)
{
    const struct file *file = ctx;
    sg_parallel_for(file->n_threads, file->n, read_one, ctx);
}

/* Found, read, checked and joined to outputs and owners, as an import does. */
static void connect_file(void *ctx)
{
    const struct file *file = ctx;
    const struct sg_btc_params *params = sg_btc_params_find("bitcoin", NULL);
    struct sg_blockset *set;
    struct sg_utxo utxo;
    struct sg_err err;
    bool again;
    check(sg_utxo_new(&utxo, params, &err), &err);
    check(sg_blockset_new(&set, params, NULL, NULL, &err), &err);
    check(sg_blockset_add(set, SG_BLOCKSET_BLK, file->path, &err), &err);
    check(sg_blockset_connect(&again, set, &utxo, false, file->n_threads, NULL, &err), &err);
    if (sg_utxo_n(&utxo, SG_UTXO_BLOCKS) != file->n)
        exit(1);
    sg_blockset_free(set);
    sg_utxo_close(&utxo);
}

static void bench_file(uint64_t size)
{
    static const struct {
        const char *name;
        void (*run)(void *ctx);
        size_t n_threads;
    } cases[] = {{"blk/read-1thread", read_file, 1},
                 {"blk/read-2threads", read_file, 2},
                 {"blk/join-1thread", connect_file, 1},
                 {"blk/join-2threads", connect_file, 2}};
    struct file file;
    make_file(&file, size);
    const struct sg_bench_figure yard = {"sha256d", "MB", file.bytes.size,
                                         sg_bench_best_ns(RUNS, hash_file, &file)};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        file.n_threads = cases[i].n_threads;
        const uint64_t ns = sg_bench_best_ns(3, cases[i].run, &file);
        sg_bench_print(&(struct sg_bench_figure){cases[i].name, "MB", file.bytes.size, ns}, &yard);
    }
    unlink(file.path);
    sg_buf_clear(&file.bytes);
    sg_mem_free(file.at);
}

/* Every transaction with its inputs, outputs, and the values of both. */
static void scan(void *ctx)
{
    const struct sg_utxo *utxo = ctx;
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    const uint64_t *sat = sg_utxo_out_sat(utxo), *ins = sg_utxo_ins(utxo);
    uint64_t sum = 0, most = 0;
    for (size_t t = 0; t < sg_utxo_n_txs(utxo); t++) {
        uint64_t paid = 0;
        for (uint64_t i = txs[t].first_in; i < txs[t + 1].first_in; i++)
            sum += ins[i] != SG_UTXO_NONE ? sat[ins[i]] : 0;
        for (uint64_t o = txs[t].first_out; o < txs[t + 1].first_out; o++)
            paid += sat[o];
        most = paid > most ? paid : most;
    }
    kept = sum + most;
}

static void cluster(void *ctx)
{
    const struct sg_cluster_options options = {.reasons = false};
    struct sg_clusters clusters;
    struct sg_err err;
    check(sg_cluster_run(&clusters, ctx, &options, &err), &err);
    kept = clusters.n_joins;
    sg_cluster_clear(&clusters);
}

int main(void)
{
    static const char *const names[NAMES] = {
        "block413567.raw",
        "block-0000000000000000001602407ac49862a7bca9d00f7f402db20b7be2f5de59d2.blk",
        "block-00000000000000000021868c2cefc52a480d173c849412fe81c4e5ab806f94ab.blk",
        "mainnet_block_000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae.raw"};
    struct sg_utxo utxo;
    struct sg_err err;
    for (size_t i = 0; i < NAMES; i++)
        bench_block(names[i]);
    bench_file(sg_bench_env("SG_BENCH_BITCOIN_MB", 64) << 20);
    check(sg_utxo_new(&utxo, sg_btc_params_find("bitcoin", NULL), &err), &err);
    const uint64_t ns = fill(&utxo, sg_bench_env("SG_BENCH_BITCOIN", 1000000));
    const uint64_t n = sg_utxo_n_txs(&utxo), n_ins = sg_utxo_n(&utxo, SG_UTXO_INS);
    const struct sg_bench_figure append = {"utxo/append", "Mtx", n, ns};
    const struct sg_bench_figure scanned = {"utxo/scan", "Mtx", n,
                                            sg_bench_best_ns(RUNS, scan, &utxo)};
    sg_bench_print(&append, &scanned);
    sg_bench_print(&scanned, &scanned);
    const struct sg_bench_figure joined = {"cluster", "Min", n_ins,
                                           sg_bench_best_ns(RUNS, cluster, &utxo)};
    sg_bench_print(&joined, &(struct sg_bench_figure){"scan", "Min", n_ins, scanned.ns});
    sg_utxo_close(&utxo);
    return 0;
}
