/* Bitcoin: blocks read and checked against hashing their bytes alone; a ledger scanned and
 * clustered.
 *
 * The blocks are those that developers have; without them only the made-up ledger is measured.
 * SG_BENCH_BITCOIN: transactions of that ledger (default 1,000,000). */
#include "yardstick.h"

#include "analysis/cluster/cluster.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/bitcoin/bitcoin.h"
#include "store/file/file.h"
#include "store/utxo/utxo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    snprintf(title, sizeof(title), "block/%zutxs", bytes.block.n_txs);
    sg_bench_print(&(struct sg_bench_figure){title, "MB", bytes.size, ns}, &yard);
    sg_btc_block_clear(&bytes.block);
    sg_mem_free(bytes.at);
}

#define TXS_A_BLOCK 1000
#define OWNERS      200000

/* Blocks of transactions that spend two outputs of the block before and pay two. */
static void fill(struct sg_utxo *utxo, size_t n_txs)
{
    static struct sg_btc_tx txs[TXS_A_BLOCK + 1];
    static struct sg_btc_in ins[2 * TXS_A_BLOCK + 1];
    static struct sg_btc_out outs[3 * TXS_A_BLOCK];
    static uint8_t scripts[3 * TXS_A_BLOCK][22];
    struct sg_rng rng;
    struct sg_err err;
    sg_rng_init(&rng, 1);
    for (size_t h = 0; h * TXS_A_BLOCK < n_txs; h++) {
        struct sg_btc_block block = {.txs = txs, .ins = ins, .outs = outs};
        for (size_t t = 0; t <= TXS_A_BLOCK; t++) {
            const bool coinbase = t == 0;
            struct sg_btc_tx *tx = &txs[block.n_txs++];
            *tx = (struct sg_btc_tx){.first_in = block.n_ins,
                                     .n_in = coinbase || h == 0 ? 1 : 2,
                                     .first_out = block.n_outs,
                                     .n_out = coinbase ? 1 : 2};
            const uint64_t number = h * (TXS_A_BLOCK + 1) + t;
            memcpy(tx->txid, &number, sizeof(number));
            tx->txid[31] = 1;
            for (size_t i = 0; i < tx->n_in; i++) {
                struct sg_btc_in *in = &ins[block.n_ins++];
                const uint64_t from = number - TXS_A_BLOCK - 1;
                *in = (struct sg_btc_in){.index = coinbase ? UINT32_MAX : (uint32_t)i};
                if (!coinbase && h)
                    memcpy(in->txid, &from, sizeof(from));
                in->txid[31] = !coinbase;
                in->txid[30] = h == 0 && !coinbase; /* not in the ledger */
            }
            for (size_t o = 0; o < tx->n_out; o++) {
                const uint32_t who = (uint32_t)sg_rng_below(&rng, OWNERS);
                uint8_t *script = scripts[block.n_outs];
                memcpy(script, "\x00\x14", 2);
                memset(script + 2, 0, 20);
                memcpy(script + 2, &who, sizeof(who));
                outs[block.n_outs++] = (struct sg_btc_out){coinbase ? 0 : 1000, script, 22};
            }
        }
        check(sg_utxo_append(utxo, &block, h, 0, &err), &err);
    }
}

static volatile uint64_t kept;

/* Every transaction with its inputs, outputs and values. */
static void scan(void *ctx)
{
    const struct sg_utxo *utxo = ctx;
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    const uint64_t *sat = sg_utxo_out_sat(utxo), *ins = sg_utxo_ins(utxo);
    uint64_t sum = 0, most = 0;
    for (size_t t = 0; t < sg_utxo_n_txs(utxo); t++) {
        uint64_t paid = 0;
        for (uint64_t i = txs[t].first_in; i < txs[t + 1].first_in; i++)
            sum += ins[i] != SG_UTXO_NONE;
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
    const char *text = getenv("SG_BENCH_BITCOIN");
    struct sg_utxo utxo;
    struct sg_err err;
    for (size_t i = 0; i < NAMES; i++)
        bench_block(names[i]);
    check(sg_utxo_new(&utxo, sg_btc_params_find("bitcoin", "regtest"), &err), &err);
    const uint64_t begin = sg_bench_now_ns();
    fill(&utxo, text ? strtoull(text, NULL, 10) : 1000000);
    const uint64_t n = sg_utxo_n_txs(&utxo), n_ins = sg_utxo_n(&utxo, SG_UTXO_INS);
    const struct sg_bench_figure append = {"utxo/append", "Mtx", n, sg_bench_now_ns() - begin};
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
