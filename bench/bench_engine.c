/* Append decoded rows to a ledger that already holds many addresses, against a plain sorted LMDB
 * load of as many bytes in the same run.
 *
 *   bench_engine [ADDRESSES [ROWS [THREADS]]]     default 10,000,000  3,000,000  2
 *
 * The world: one transaction a row with a hash, a fee and a sender; 70 % of ends are known
 * addresses with a skew (a quarter of them among 1,000), 30 % of receivers are new. */
#include "base/mem.h"
#include "base/rng.h"
#include "store/engine/engine.h"

#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BATCH 500000u

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of all threads. */
static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what, const struct sg_err *err)
{
    fprintf(stderr, "%s: %s\n", what, err->text);
    exit(1);
}

/* The 21 bytes of address number i. */
static void name(uint8_t ref[24], uint64_t i)
{
    struct sg_rng rng;
    sg_rng_init(&rng, i);
    const uint64_t a = sg_rng_next(&rng), b = sg_rng_next(&rng);
    memset(ref, 0, 24);
    ref[0] = 20;
    memcpy(ref + 1, &i, 4);
    memcpy(ref + 5, &a, 8);
    memcpy(ref + 13, &b, 8);
}

struct world {
    struct sg_rng rng;
    uint64_t n_addrs, block, n_txs;
    struct sg_batch_tx *txs;
    struct sg_batch_row *rows;
    uint8_t (*refs)[24];
    double cpu_s; /* Of the last append. */
};

static uint64_t pick(struct world *w, bool may_be_new)
{
    if (may_be_new && sg_rng_below(&w->rng, 10) < 3)
        return w->n_addrs++;
    return sg_rng_below(&w->rng, sg_rng_below(&w->rng, 4) ? w->n_addrs : 1000);
}

static void fill(struct world *w, size_t n, bool all_new)
{
    for (size_t i = 0; i < n; i++) {
        struct sg_batch_tx *tx = &w->txs[i];
        struct sg_batch_row *row = &w->rows[i];
        uint8_t(*refs)[24] = w->refs + 2 * i;
        name(refs[0], all_new ? w->n_addrs++ : pick(w, false));
        name(refs[1], all_new ? w->n_addrs++ : pick(w, true));
        memset(tx, 0, sizeof(*tx));
        memset(row, 0, sizeof(*row));
        *tx = (struct sg_batch_tx){.block = w->block + i / 150,
                                   .time_unix_s = (int64_t)(1500000000 + 12 * (w->block + i / 150)),
                                   .fee = sg_amount_from(sg_rng_next(&w->rng) >> 14),
                                   .sender = refs[0],
                                   .index = (uint32_t)(i % 150),
                                   .n_rows = 1,
                                   .status = SG_TX_OK,
                                   .flags = SG_TX_FEE_KNOWN | SG_TX_HAS_HASH};
        for (size_t j = 0; j < 32; j += 8) {
            const uint64_t word = sg_rng_next(&w->rng);
            memcpy(tx->hash32 + j, &word, 8);
        }
        row->from = refs[0];
        row->to = refs[1];
        row->amount = sg_amount_from((sg_u128)sg_rng_next(&w->rng) * 1000);
        row->flags = SG_ROW_POS_KNOWN;
    }
    w->block += n / 150 + 1;
    w->n_txs += n;
}

static void world_init(struct world *w)
{
    memset(w, 0, sizeof(*w));
    sg_rng_init(&w->rng, 7);
    w->block = 1;
    w->txs = sg_mem_alloc(BATCH, sizeof(*w->txs));
    w->rows = sg_mem_alloc(BATCH, sizeof(*w->rows));
    w->refs = sg_mem_alloc(2 * BATCH, sizeof(*w->refs));
    if (!w->txs || !w->rows || !w->refs)
        exit(1);
}

/* Append n rows; returns seconds in the engine, the making of the rows not counted. */
static double append(struct world *w, const char *dir, size_t n, bool all_new, size_t threads)
{
    struct sg_err err;
    struct sg_writer *writer = NULL;
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    double spent = -now_s();
    w->cpu_s = -cpu_s();
    if (sg_writer_open(&writer, dir, chain, false, threads, &err) != SG_OK)
        die("open", &err);
    spent += now_s();
    w->cpu_s += cpu_s();
    for (size_t done = 0; done < n;) {
        const size_t some = n - done < BATCH ? n - done : BATCH;
        fill(w, some, all_new);
        const struct sg_batch batch = {w->txs, some, w->rows, some};
        spent -= now_s();
        w->cpu_s -= cpu_s();
        if (sg_writer_append(writer, &batch, &err) != SG_OK)
            die("append", &err);
        spent += now_s();
        w->cpu_s += cpu_s();
        done += some;
    }
    spent -= now_s();
    w->cpu_s -= cpu_s();
    if (sg_writer_commit(writer, &err) != SG_OK)
        die("commit", &err);
    sg_writer_free(writer);
    w->cpu_s += cpu_s();
    return spent + now_s();
}

/* Bytes of the chain's folder. */
static uint64_t size_of(const char *dir)
{
    char path[512];
    struct stat st;
    snprintf(path, sizeof(path), "%s/ethereum/000001.mdb", dir);
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* The yardstick: records of 60 bytes in order of key into a plain LMDB file, one transaction. */
static double plain_load(const char *dir, uint64_t bytes)
{
    char path[512];
    uint8_t value[52] = {0};
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    snprintf(path, sizeof(path), "%s/plain.mdb", dir);
    const double start = now_s();
    int rc = mdb_env_create(&env);
    rc = rc ? rc : mdb_env_set_mapsize(env, (size_t)1 << 40);
    rc = rc ? rc : mdb_env_open(env, path, MDB_NOSUBDIR, 0644);
    rc = rc ? rc : mdb_txn_begin(env, NULL, 0, &txn);
    rc = rc ? rc : mdb_dbi_open(txn, NULL, 0, &dbi);
    for (uint64_t i = 0; !rc && i < bytes / 60; i++) {
        uint8_t bytes8[8];
        for (int j = 0; j < 8; j++)
            bytes8[j] = (uint8_t)(i >> (56 - 8 * j));
        memcpy(value, &i, 8);
        MDB_val key = {8, bytes8}, data = {sizeof(value), value};
        rc = mdb_put(txn, dbi, &key, &data, MDB_APPEND);
    }
    rc = rc ? rc : mdb_txn_commit(txn);
    if (rc)
        exit(1);
    mdb_env_close(env);
    return now_s() - start;
}

static bool sum_span(void *ctx, const struct sg_row_span *span)
{
    uint64_t *sum = ctx;
    for (size_t i = 0; i < span->count; i++)
        *sum += span->from[i] ^ span->to[i];
    return true;
}

static bool count_row(void *ctx, const struct sg_row *row)
{
    (void)row;
    ++*(uint64_t *)ctx;
    return true;
}

static void read_back(const char *dir, uint64_t n_addrs)
{
    struct sg_err err;
    struct sg_ledger ledger;
    uint64_t sum = 0, n = 0;
    double start = now_s();
    if (sg_ledger_open(&ledger, dir, sg_chain_find("ethereum", 8), &err) != SG_OK)
        die("open", &err);
    printf("open                 %10.1f ms\n", 1e3 * (now_s() - start));
    start = now_s();
    if (ledger.ops->scan(ledger.self, 0, ledger.stats.rows, SG_COL_FROM | SG_COL_TO, sum_span, &sum,
                         &err) != SG_OK)
        die("scan", &err);
    printf("scan of two columns  %10.0f M rows/s\n",
           1e-6 * (double)ledger.stats.rows / (now_s() - start));
    start = now_s();
    enum { LOOKUPS = 200000 };
    for (uint64_t i = 0; i < LOOKUPS; i++) {
        uint8_t ref[24];
        struct sg_address addr = {.size = 20};
        struct sg_addr_id id;
        name(ref, i * 7919 % n_addrs);
        memcpy(addr.bytes, ref + 1, 20);
        if (ledger.ops->find_addrs(ledger.self, &id, &addr, 1, &err) != SG_OK ||
            id.v == SG_ID_NONE ||
            ledger.ops->rows_of(ledger.self, &id, 1, 0, count_row, &n, &err) != SG_OK)
            die("look-up", &err);
    }
    printf("address and its rows %10.2f us a look-up (%.1f rows)\n",
           1e6 * (now_s() - start) / LOOKUPS, (double)n / LOOKUPS);
    sg_ledger_close(&ledger);
}

static void show_fault(void *ctx, const char *text)
{
    (void)ctx;
    printf("FAULT %s\n", text);
}

int main(int argc, char **argv)
{
    const size_t n_addrs = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    const size_t n_rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 3000000;
    const size_t threads = argc > 3 ? strtoull(argv[3], NULL, 10) : 2;
    char dir[] = "/tmp/sillage-bench-XXXXXX";
    struct world w;
    struct sg_err err;
    uint64_t n_faults = 1;
    sg_mem_keep();
    if (!mkdtemp(dir))
        return 1;
    world_init(&w);
    const double first = append(&w, dir, n_addrs / 2, true, threads);
    printf("first load           %10.2f M rows/s (%zu addresses)\n",
           1e-6 * (double)(n_addrs / 2) / first, n_addrs);
    const uint64_t before = size_of(dir);
    sg_mem_peak_reset();
    const double seconds = append(&w, dir, n_rows, false, threads);
    const uint64_t bytes = size_of(dir) - before;
    const double plain = plain_load(dir, bytes);
    printf("append               %10.2f M rows/s (%zu rows, commit included, %zu threads)\n",
           1e-6 * (double)n_rows / seconds, n_rows, threads);
    printf("append, CPU          %10.2f us a row in all threads\n", 1e6 * w.cpu_s / (double)n_rows);
    printf("memory, peak         %10.1f MiB\n", (double)sg_mem_peak() / 1048576);
    printf("file, growth         %10.1f bytes a row\n", (double)bytes / (double)n_rows);
    printf("plain sorted load    %10.2f s for as many bytes; append takes %.2f times that\n", plain,
           seconds / plain);
    read_back(dir, w.n_addrs);
    const double start = now_s();
    if (sg_engine_check(&n_faults, dir, sg_chain_find("ethereum", 8), NULL, show_fault, NULL,
                        &err) != SG_OK)
        die("check", &err);
    printf("check                %10.1f s, %" PRIu64 " faults\n", now_s() - start, n_faults);
    char command[600];
    snprintf(command, sizeof(command), "rm -r %s", dir);
    return system(command) != 0 || n_faults != 0;
}
