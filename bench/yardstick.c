#include "yardstick.h"

#include <assert.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

uint64_t sg_bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t ns_of(struct timeval t)
{
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

uint64_t sg_bench_cpu_ns(void)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return ns_of(self.ru_utime) + ns_of(self.ru_stime) + ns_of(children.ru_utime) +
           ns_of(children.ru_stime);
}

uint64_t sg_bench_best_ns(unsigned n_runs, void (*run)(void *ctx), void *ctx)
{
    uint64_t best = UINT64_MAX;
    for (unsigned i = 0; i < n_runs; i++) {
        const uint64_t start = sg_bench_now_ns();
        run(ctx);
        const uint64_t took = sg_bench_now_ns() - start;
        if (took < best)
            best = took;
    }
    return best ? best : 1;
}

/* Units a second: millionths per nanosecond, times a thousand. */
static double speed(const struct sg_bench_figure *figure)
{
    return 1000.0 * (double)figure->work / (double)figure->ns;
}

static double ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

void sg_bench_print(const struct sg_bench_figure *figure, const struct sg_bench_figure *yardstick)
{
    assert(strcmp(figure->unit, yardstick->unit) == 0);
    printf("%-28s %10.3f %s/s %10.2f ms  yardstick %s %.3f %s/s  ratio %.3f\n", figure->name,
           speed(figure), figure->unit, ms(figure->ns), yardstick->name, speed(yardstick),
           yardstick->unit, speed(figure) / speed(yardstick));
    fflush(stdout);
}

void sg_bench_print_target(const char *name, uint64_t ns, uint64_t target_ns)
{
    printf("%-28s %10.3f ms  target %.3f ms  share %.3f\n", name, ms(ns), ms(target_ns),
           (double)ns / (double)target_ns);
    fflush(stdout);
}

void sg_bench_print_bytes(const char *name, uint64_t bytes, uint64_t bound_bytes)
{
    const double mib = 1024.0 * 1024.0;
    printf("%-28s %10.1f MiB  bound %.1f MiB  share %.3f\n", name, (double)bytes / mib,
           (double)bound_bytes / mib, (double)bytes / (double)bound_bytes);
    fflush(stdout);
}

void sg_bench_print_cpu(const char *name, uint64_t cpu_ns, uint64_t n_rows)
{
    printf("%-28s %10.3f us of processor a row\n", name, (double)cpu_ns / 1e3 / (double)n_rows);
    fflush(stdout);
}

struct split {
    const unsigned char *bytes;
    size_t size;
    uint64_t sum; /* of field lengths, weighted by column, so that no compiler drops the loop */
};

static void split_run(void *ctx)
{
    struct split *split = ctx;
    size_t start = 0;
    uint64_t column = 1;
    split->sum = 0;
    for (size_t i = 0; i < split->size; i++) {
        const unsigned char c = split->bytes[i];
        if (c != ',' && c != '\n')
            continue;
        split->sum += column * (i - start);
        column = c == ',' ? column + 1 : 1;
        start = i + 1;
    }
}

struct sg_bench_figure sg_bench_split(unsigned n_runs, const void *bytes, size_t size)
{
    struct split split = {bytes, size, 0};
    const uint64_t ns = sg_bench_best_ns(n_runs, split_run, &split);
    fprintf(stderr, "split: checksum %" PRIu64 "\n", split.sum);
    return (struct sg_bench_figure){"split", "MB", size, ns};
}

static void lmdb_must(int code, const char *what)
{
    if (code == MDB_SUCCESS)
        return;
    fprintf(stderr, "yardstick: %s: %s\n", what, mdb_strerror(code));
    exit(1);
}

static void big_endian(unsigned char *out8, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out8[i] = (unsigned char)(value >> (56 - 8 * i));
}

static void lmdb_append_rows(MDB_txn *txn, uint64_t n_rows)
{
    MDB_dbi dbi;
    unsigned char key[28] = {0};
    unsigned char value[32] = {0};
    lmdb_must(mdb_dbi_open(txn, NULL, 0, &dbi), "open");
    for (uint64_t i = 0; i < n_rows; i++) {
        big_endian(key + 12, i / 10);
        big_endian(key + 20, i);
        /* Values that do not repeat, as amounts do not. */
        big_endian(value, i * 0x9e3779b97f4a7c15u);
        MDB_val k = {sizeof(key), key};
        MDB_val v = {sizeof(value), value};
        lmdb_must(mdb_put(txn, dbi, &k, &v, MDB_APPEND), "append");
    }
}

struct sg_bench_figure sg_bench_lmdb_load(const char *dir, uint64_t n_rows)
{
    MDB_env *env;
    MDB_txn *txn;
    const uint64_t start = sg_bench_now_ns();
    lmdb_must(mdb_env_create(&env), "create");
    lmdb_must(mdb_env_set_mapsize(env, (size_t)n_rows * 160 + (16u << 20)), "map size");
    lmdb_must(mdb_env_open(env, dir, 0, 0644), "open environment");
    lmdb_must(mdb_txn_begin(env, NULL, 0, &txn), "begin");
    lmdb_append_rows(txn, n_rows);
    lmdb_must(mdb_txn_commit(txn), "commit");
    mdb_env_close(env);
    return (struct sg_bench_figure){"lmdb-sorted-load", "Mrow", n_rows, sg_bench_now_ns() - start};
}

uint64_t sg_bench_env(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}
